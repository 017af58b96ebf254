//! Reads the outbox from where it stopped, whatever has ended it, and keeps what comes of it with how far it came.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use stoa_rules::Declared;

use super::rules::decide;
use crate::base::clock::Clock;
use crate::base::id::{PersonId, PluginName};
use crate::services::live::Live;
use crate::store::{Event, NoticeBatch, NoticeChange, NoticesOfEvent, Store, StoreError};

/// Events in one transaction: each may tell many people.
const BATCH: u32 = 50;

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
        loop {
            let after = self.store.notices_cursor().await?;
            let events = self.store.list_events(after, BATCH).await?;
            let Some(last) = events.last() else { return Ok(()) };
            let upto = last.seq;
            match self.keep(after, upto, &events).await {
                Ok(()) => {}
                // Somebody else reads the same outbox: go on from there.
                Err(StoreError::Invalid(_)) => {}
                Err(StoreError::Database(_)) => self.one_by_one(after, &events).await?,
                Err(error) => return Err(error),
            }
        }
    }

    /// Keep what comes of some events, and that they were read.
    async fn keep(&self, after: u64, upto: u64, events: &[Event]) -> Result<(), StoreError> {
        let batch = self.batch(after, upto, events).await?;
        for (site, person) in self.store.put_notices(batch).await? {
            self.live.wake_person(&site, &person);
        }
        Ok(())
    }

    /// One event that cannot be kept must not keep all later ones from being told: it is passed over, and the log says so.
    async fn one_by_one(&self, mut after: u64, events: &[Event]) -> Result<(), StoreError> {
        for event in events {
            match self.keep(after, event.seq, std::slice::from_ref(event)).await {
                Ok(()) => {}
                Err(StoreError::Invalid(_)) => return Ok(()),
                Err(StoreError::Database(error)) => {
                    // Where the database itself fails, this fails too, and nothing is passed over.
                    self.keep(after, event.seq, &[]).await?;
                    tracing::error!(error, seq = event.seq, "nobody is told of an event that cannot be read");
                }
                Err(error) => return Err(error),
            }
            after = event.seq;
        }
        Ok(())
    }

    async fn batch(&self, after: u64, upto: u64, events: &[Event]) -> Result<NoticeBatch, StoreError> {
        let mut batch = NoticeBatch { after, upto, now: self.clock.now(), events: Vec::new() };
        for event in events {
            let Some(id) = &event.entry else { continue };
            if !matches!(event.kind.as_str(), "entry.created" | "entry.changed" | "entry.state" | "mark.put")
            {
                continue;
            }
            let entry = self.store.happened(&event.site, &event.plugin, id, event.actor.as_ref()).await?;
            let Some(entry) = entry else { continue };
            let declared = self.declared.get(&event.plugin).map(Arc::as_ref);
            let mut changes = decide(event, &entry, declared);
            self.leave_out_gone(event, &mut changes).await?;
            if changes.is_empty() {
                continue;
            }
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
        Ok(batch)
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
