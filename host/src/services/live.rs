//! Tells live streams which pages have changed. Coalescing by nature: a stream that is slow misses
//! intermediate states, never the last one, and costs one number for each page it shows.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use crate::base::id::{PersonId, PluginName, SiteId};
use crate::store::{Event, Store};

/// What a stream looks at: a plugin on a page of a site.
pub type Topic = (SiteId, PluginName, String);

/// How many events are read at once.
const BATCH: u32 = 500;

/// The most streams of this host: each costs memory and a connection.
const STREAMS_MAX: usize = 20_000;
/// The most streams of one person: as many pages stand open in one browser.
const OWN_STREAMS_MAX: usize = 30;
/// The most streams of a site for all who are not signed in.
const ANONYMOUS_STREAMS_MAX: usize = 5_000;

/// Whose streams are counted together.
type Owner = (SiteId, Option<PersonId>);

/// The pages that are looked at just now.
#[derive(Clone, Debug, Default)]
pub struct Live {
    topics: Arc<Mutex<HashMap<Topic, watch::Sender<u64>>>>,
    seats: Arc<Mutex<Taken>>,
}

#[derive(Debug, Default)]
struct Taken {
    all: usize,
    own: HashMap<Owner, usize>,
}

/// A place for one stream, free again when dropped.
#[derive(Debug)]
pub struct Seat {
    seats: Arc<Mutex<Taken>>,
    owner: Owner,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.lock().unwrap_or_else(PoisonError::into_inner);
        taken.all -= 1;
        if let Some(own) = taken.own.get_mut(&self.owner) {
            *own -= 1;
            if *own == 0 {
                taken.own.remove(&self.owner);
            }
        }
    }
}

impl Live {
    /// A place for a stream of this person, or of somebody not signed in; none when all are taken.
    #[must_use]
    pub fn enter(&self, site: &SiteId, person: Option<&PersonId>) -> Option<Seat> {
        let owner = (site.clone(), person.cloned());
        let own_max = if person.is_some() { OWN_STREAMS_MAX } else { ANONYMOUS_STREAMS_MAX };
        let mut taken = self.seats.lock().unwrap_or_else(PoisonError::into_inner);
        let own = taken.own.get(&owner).copied().unwrap_or_default();
        if taken.all >= STREAMS_MAX || own >= own_max {
            return None;
        }
        taken.all += 1;
        taken.own.insert(owner.clone(), own + 1);
        Some(Seat { seats: Arc::clone(&self.seats), owner })
    }

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

#[cfg(test)]
mod tests {
    use super::{Live, OWN_STREAMS_MAX};
    use crate::base::id::{PersonId, SiteId};

    #[test]
    fn a_person_has_so_many_streams_and_gets_a_place_back_when_one_ends() {
        let live = Live::default();
        let (site, anna, ben) = (SiteId::from("s"), PersonId::from("anna"), PersonId::from("ben"));
        let mut seats: Vec<_> = (0..OWN_STREAMS_MAX).map(|_| live.enter(&site, Some(&anna))).collect();
        assert!(seats.iter().all(Option::is_some));
        assert!(live.enter(&site, Some(&anna)).is_none());
        assert!(live.enter(&site, Some(&ben)).is_some());
        assert!(live.enter(&site, None).is_some());
        assert!(live.enter(&SiteId::from("other"), Some(&anna)).is_some());
        seats.pop();
        assert!(live.enter(&site, Some(&anna)).is_some());
        drop(seats);
        assert!(live.seats.lock().unwrap().own.is_empty());
    }
}
