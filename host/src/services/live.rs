//! Tells live streams which pages have changed. Coalescing by nature: a stream that is slow misses
//! intermediate states, never the last one, and costs one number for each page it shows.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use crate::base::id::{PersonId, PluginName, SiteId};
use crate::store::{Event, Store};

/// What a stream looks at: a plugin on a page of a site, or on all pages for a view that lists entries of all. Of the
/// bell ([`BELL`]): what one person is told, by the person's id.
pub type Topic = (SiteId, PluginName, Option<String>);

/// The name of the view that shows what people are told; no plugin is called so.
pub const BELL: &str = "bell";

/// How many events are read at once.
const BATCH: u32 = 500;

/// The most streams of this host: each costs memory and a connection.
const STREAMS_MAX: usize = 20_000;
/// The most streams of one person: as many pages stand open in one browser.
const OWN_STREAMS_MAX: usize = 30;
/// The most streams of a site for all who are not signed in, and of one address among them: an office may be behind
/// one address.
const VISITOR_STREAMS_MAX: usize = 5_000;
const ADDRESS_STREAMS_MAX: usize = 200;

/// Whose streams are counted together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Owner {
    Person(SiteId, PersonId),
    Visitors(SiteId),
    Address(SiteId, Option<IpAddr>),
}

impl Owner {
    fn max(&self) -> usize {
        match self {
            Self::Person(..) => OWN_STREAMS_MAX,
            Self::Visitors(_) => VISITOR_STREAMS_MAX,
            Self::Address(..) => ADDRESS_STREAMS_MAX,
        }
    }
}

/// Who opens a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listener<'a> {
    /// Somebody signed in.
    Person(&'a PersonId),
    /// Somebody not signed in, by their address where it is known.
    Visitor(Option<IpAddr>),
}

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
pub struct StreamPermit {
    seats: Arc<Mutex<Taken>>,
    owners: Vec<Owner>,
}

impl Drop for StreamPermit {
    fn drop(&mut self) {
        let mut taken = self.seats.lock().unwrap_or_else(PoisonError::into_inner);
        taken.all -= 1;
        for owner in &self.owners {
            if let Some(own) = taken.own.get_mut(owner) {
                *own -= 1;
                if *own == 0 {
                    taken.own.remove(owner);
                }
            }
        }
    }
}

impl Live {
    /// A place for a stream; none when all are taken, or all of this person or address.
    #[must_use]
    pub fn enter(&self, site: &SiteId, listener: Listener<'_>) -> Option<StreamPermit> {
        let owners = match listener {
            Listener::Person(person) => vec![Owner::Person(site.clone(), person.clone())],
            Listener::Visitor(address) => {
                vec![Owner::Visitors(site.clone()), Owner::Address(site.clone(), address)]
            }
        };
        let mut taken = self.seats.lock().unwrap_or_else(PoisonError::into_inner);
        let full = |owner: &Owner| taken.own.get(owner).is_some_and(|own| *own >= owner.max());
        if taken.all >= STREAMS_MAX || owners.iter().any(full) {
            return None;
        }
        taken.all += 1;
        for owner in &owners {
            *taken.own.entry(owner.clone()).or_default() += 1;
        }
        Some(StreamPermit { seats: Arc::clone(&self.seats), owners })
    }

    /// Watch a page; the value is the number of the last event on it.
    #[must_use]
    pub fn subscribe(&self, topic: Topic) -> watch::Receiver<u64> {
        let mut topics = self.topics.lock().unwrap_or_else(PoisonError::into_inner);
        topics.entry(topic).or_insert_with(|| watch::channel(0).0).subscribe()
    }

    /// Tell the streams that show what a person is told.
    pub fn wake_person(&self, site: &SiteId, person: &PersonId) {
        let topics = self.topics.lock().unwrap_or_else(PoisonError::into_inner);
        let topic = (site.clone(), PluginName::from(BELL), Some(person.as_str().to_owned()));
        if let Some(sender) = topics.get(&topic) {
            sender.send_modify(|count| *count += 1);
        }
    }

    /// Have every stream look again: something was written elsewhere, and nobody knows where it shows.
    pub fn wake_all(&self) {
        let mut topics = self.topics.lock().unwrap_or_else(PoisonError::into_inner);
        topics.retain(|_, sender| sender.receiver_count() > 0);
        topics.values().for_each(|sender| sender.send_modify(|_| {}));
    }

    /// How many pages are looked at.
    #[must_use]
    pub fn topic_count(&self) -> usize {
        self.topics.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    fn publish(&self, events: &[Event]) {
        let mut topics = self.topics.lock().unwrap_or_else(PoisonError::into_inner);
        for event in events {
            let wake = |topic: &Topic| {
                if let Some(sender) = topics.get(topic) {
                    sender.send_replace(event.seq);
                }
            };
            wake(&(event.site.clone(), event.plugin.clone(), Some(event.page.clone())));
            wake(&(event.site.clone(), event.plugin.clone(), None));
            if event.kind.starts_with("page.") {
                // A closed page is closed for all plugins.
                let here = |topic: &&Topic| topic.0 == event.site && topic.2.as_ref() == Some(&event.page);
                topics.keys().filter(here).for_each(wake);
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
    use std::net::IpAddr;

    use super::Listener::{Person, Visitor};
    use super::{ADDRESS_STREAMS_MAX, Live, OWN_STREAMS_MAX};
    use crate::base::id::{PersonId, SiteId};

    #[test]
    fn a_person_has_so_many_streams_and_gets_a_place_back_when_one_ends() {
        let live = Live::default();
        let (site, anna, ben) = (SiteId::from("s"), PersonId::from("anna"), PersonId::from("ben"));
        let mut seats: Vec<_> = (0..OWN_STREAMS_MAX).map(|_| live.enter(&site, Person(&anna))).collect();
        assert!(seats.iter().all(Option::is_some));
        assert!(live.enter(&site, Person(&anna)).is_none());
        assert!(live.enter(&site, Person(&ben)).is_some());
        assert!(live.enter(&site, Visitor(None)).is_some());
        assert!(live.enter(&SiteId::from("other"), Person(&anna)).is_some());
        seats.pop();
        assert!(live.enter(&site, Person(&anna)).is_some());
        drop(seats);
        assert!(live.seats.lock().unwrap().own.is_empty());
    }

    #[test]
    fn one_address_leaves_places_for_the_visitors_of_others() {
        let live = Live::default();
        let site = SiteId::from("s");
        let (one, other): (IpAddr, IpAddr) = ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        let seats: Vec<_> =
            (0..=ADDRESS_STREAMS_MAX).map(|_| live.enter(&site, Visitor(Some(one)))).collect();
        assert_eq!(seats.iter().flatten().count(), ADDRESS_STREAMS_MAX);
        assert!(live.enter(&site, Visitor(Some(other))).is_some());
        assert!(live.enter(&site, Visitor(None)).is_some());
        drop(seats);
        assert!(live.seats.lock().unwrap().own.is_empty());
    }
}
