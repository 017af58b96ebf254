//! Tells live streams which pages have changed. Coalescing by nature: a stream that is slow misses
//! intermediate states, never the last one, and costs one number for each page it shows.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use crate::base::id::{PluginName, SiteId};
use crate::store::{Event, Store};

/// What a stream looks at: a plugin on a page of a site.
pub type Topic = (SiteId, PluginName, String);

/// How many events are read at once.
const BATCH: u32 = 500;

/// The pages that are looked at just now.
#[derive(Clone, Debug, Default)]
pub struct Live {
    topics: Arc<Mutex<HashMap<Topic, watch::Sender<u64>>>>,
}

impl Live {
    /// Watch a page; the value is the number of the last event on it.
    #[must_use]
    pub fn subscribe(&self, topic: Topic) -> watch::Receiver<u64> {
        let mut topics = self.topics.lock().unwrap_or_else(PoisonError::into_inner);
        topics.entry(topic).or_insert_with(|| watch::channel(0).0).subscribe()
    }

    /// How many pages are looked at.
    #[must_use]
    pub fn topic_count(&self) -> usize {
        self.topics.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    fn publish(&self, events: &[Event]) {
        let mut topics = self.topics.lock().unwrap_or_else(PoisonError::into_inner);
        for event in events {
            let topic = (event.site.clone(), event.plugin.clone(), event.page.clone());
            if let Some(sender) = topics.get(&topic) {
                sender.send_replace(event.seq);
            }
        }
        topics.retain(|_, sender| sender.receiver_count() > 0);
    }

    /// Read the outbox for as long as the store lives, and tell the streams.
    pub async fn run(self, store: Store) {
        let mut newest = store.watch();
        let mut seen = *newest.borrow_and_update();
        while newest.changed().await.is_ok() {
            loop {
                let events = match store.list_events(seen, BATCH).await {
                    Ok(events) => events,
                    Err(error) => {
                        tracing::error!(%error, "live updates cannot read the outbox; they go on with the next event");
                        break;
                    }
                };
                let Some(last) = events.last() else { break };
                seen = last.seq;
                self.publish(&events);
            }
        }
    }
}
