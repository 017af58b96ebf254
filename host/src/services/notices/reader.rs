//! Reads the outbox from where it stopped, whatever has ended it, and keeps what comes of it with how far it came.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use stoa_rules::Declared;

use super::rules::{decide, decide_rest, tells_followers};
use crate::base::clock::Clock;
use crate::base::id::{PersonId, PluginName};
use crate::services::live::Live;
use crate::store::{Event, NoticeBatch, NoticeChange, NoticePlace, NoticesOfEvent, Store, StoreError};

/// Events in one transaction: each may tell many people.
const BATCH: u32 = 50;
/// No more events go into a transaction that has so many changes.
const PORTION: usize = 500;

/// Reads the outbox for notices.
#[derive(Clone, Debug)]
pub struct Reader {
    /// The store.
    pub store: Store,
    /// Whom to wake.
    pub live: Live,
    /// When things are read and told.
    pub clock: Clock,
    /// What the plugins declare.
    pub declared: HashMap<PluginName, Arc<Declared>>,
}

impl Reader {
    /// Read for as long as the store lives.
    pub async fn run(self) {
        let mut newest = self.store.watch();
        loop {
            newest.borrow_and_update();
            if let Err(error) = self.catch_up().await {
                tracing::error!(%error, "notices cannot be kept; they are tried again with the next event");
            }
            if newest.changed().await.is_err() {
                return;
            }
        }
    }

    /// Read what there is.
    ///
    /// # Errors
    /// As the store says; what was kept before stays.
    pub async fn catch_up(&self) -> Result<(), StoreError> {
        while self.portion().await? {}
        Ok(())
    }

    /// Read one portion, kept in one transaction with how far it goes; whether there was anything to read.
    ///
    /// # Errors
    /// As the store says; what was kept before stays.
    pub async fn portion(&self) -> Result<bool, StoreError> {
        let after = self.store.notices_place().await?;
        let events = self.store.list_events(after.seq, BATCH).await?;
        if events.is_empty() {
            return Ok(false);
        }
        match self.keep(&after, &events).await {
            // Somebody else may read the same outbox: go on from there.
            Ok(_) | Err(StoreError::Invalid(_)) => Ok(true),
            Err(StoreError::Database(_)) => self.one_by_one(after, &events).await.map(|()| true),
            Err(error) => Err(error),
        }
    }

    /// Keep what comes of some events, or of the first of them as far as one portion goes, and how far that is.
    async fn keep(&self, after: &NoticePlace, events: &[Event]) -> Result<NoticePlace, StoreError> {
        let batch = self.batch(after, events).await?;
        let upto = batch.upto.clone();
        for (site, person) in self.store.put_notices(batch).await? {
            self.live.wake_person(&site, &person);
        }
        Ok(upto)
    }

    /// One event that cannot be kept must not keep all later ones from being told: it is passed over, and the log says so.
    async fn one_by_one(&self, mut after: NoticePlace, events: &[Event]) -> Result<(), StoreError> {
        for event in events {
            while after.seq < event.seq {
                after = match self.keep(&after, std::slice::from_ref(event)).await {
                    Ok(upto) => upto,
                    Err(StoreError::Invalid(_)) => return Ok(()),
                    Err(StoreError::Database(error)) => {
                        // Where the database itself fails, this fails too, and nothing is passed over.
                        let upto = NoticePlace::after(event.seq);
                        let now = self.clock.now();
                        let nothing = NoticeBatch { after, upto: upto.clone(), now, events: Vec::new() };
                        self.store.put_notices(nothing).await?;
                        tracing::error!(
                            error,
                            seq = event.seq,
                            "nobody is told of an event that cannot be read"
                        );
                        upto
                    }
                    Err(error) => return Err(error),
                };
            }
        }
        Ok(())
    }

    /// What comes of events, up to about [`PORTION`] changes.
    async fn batch(&self, after: &NoticePlace, events: &[Event]) -> Result<NoticeBatch, StoreError> {
        let (after, now) = (after.clone(), self.clock.now());
        let mut batch = NoticeBatch { upto: after.clone(), after, now, events: Vec::new() };
        for event in events {
            if let Some(last) = self.of_event(&mut batch, event).await? {
                batch.upto.part = Some((event.seq, last));
                break;
            }
            batch.upto = NoticePlace::after(event.seq);
            if batch.events.iter().map(|of_event| of_event.changes.len()).sum::<usize>() >= PORTION {
                break;
            }
        }
        Ok(batch)
    }

    /// Add what comes of one event; the last of its followers who are told where others are still to be.
    async fn of_event(&self, batch: &mut NoticeBatch, event: &Event) -> Result<Option<PersonId>, StoreError> {
        let Some(id) = &event.entry else { return Ok(None) };
        if !matches!(event.kind.as_str(), "entry.created" | "entry.changed" | "entry.state" | "mark.put") {
            return Ok(None);
        }
        let told = batch.after.told(event.seq);
        let Some(entry) = self.store.happened(event, id, told).await? else { return Ok(None) };
        let declared = self.declared.get(&event.plugin).map(Arc::as_ref);
        let decide = if told.is_some() { decide_rest } else { decide };
        let mut changes = decide(event, &entry, declared);
        let more = entry.more && tells_followers(event, &entry);
        let last = entry.followers.last().filter(|_| more).map(|(person, _)| person.clone());
        self.leave_out_gone(event, &mut changes).await?;
        if !changes.is_empty() {
            batch.events.push(NoticesOfEvent {
                site: event.site.clone(),
                plugin: event.plugin.clone(),
                page: event.page.clone(),
                entry: entry.id,
                root: entry.root,
                at: event.at,
                changes,
            });
        }
        Ok(last)
    }

    /// Texts and fields may name people who are not known here, have left, or may not read the page.
    async fn leave_out_gone(&self, event: &Event, changes: &mut Vec<NoticeChange>) -> Result<(), StoreError> {
        let told = |change: &NoticeChange| match change {
            NoticeChange::Tell(new) => Some(new.person.clone()),
            _ => None,
        };
        let ids: Vec<PersonId> = changes.iter().filter_map(told).collect();
        if ids.is_empty() {
            return Ok(());
        }
        let people = self.store.get_people(&event.site, &ids).await?;
        let mut here: HashSet<PersonId> = HashSet::new();
        for person in people.into_iter().filter(|person| person.active) {
            if self.store.standing(&event.site, &event.page, Some(&person.id)).await?.may_read {
                here.insert(person.id);
            }
        }
        changes.retain(|change| told(change).is_none_or(|person| here.contains(&person)));
        Ok(())
    }
}
