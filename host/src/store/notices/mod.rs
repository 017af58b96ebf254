//! Notices: what the outbox leads to for people, kept with how far it was read in one transaction. Deliberately
//! absent: the rules about who is told what.

mod read;
mod write;

pub(super) use read::STATEMENTS as READ_STATEMENTS;
pub(super) use write::{STATEMENTS as WRITE_STATEMENTS, apply, mark_read, mute};

use super::Store;
use super::model::{
    Event, Happened, Mute, MutedThing, Notice, NoticeBatch, NoticePlace, Notices, Read, StoreError,
};
use super::write::Job;
use crate::base::clock::Micros;
use crate::base::id::{EntryId, PersonId, SiteId};

/// The name under which the reader of the outbox keeps how far it has come.
const CONSUMER: &str = "notices";

impl Store {
    /// How far the outbox was read for notices.
    ///
    /// # Errors
    /// `Database`; `Unavailable`.
    pub async fn notices_place(&self) -> Result<NoticePlace, StoreError> {
        read::place(&self.0.database).await
    }

    /// An entry with everybody whom an event on it may concern, 500 followers at most, those with an id after
    /// `after`; none where there is no such entry.
    ///
    /// # Errors
    /// `Database`; `Unavailable`.
    pub async fn happened(
        &self,
        event: &Event,
        entry: &EntryId,
        after: Option<&PersonId>,
    ) -> Result<Option<Happened>, StoreError> {
        read::happened(&self.0.database, event, entry, after).await
    }

    /// Keep what a part of the outbox leads to, and that it was read: both or neither. Whose notices have changed.
    ///
    /// # Errors
    /// `Invalid` when that part was read before; `Database`; `Unavailable`.
    pub async fn put_notices(&self, batch: NoticeBatch) -> Result<Vec<(SiteId, PersonId)>, StoreError> {
        let batch = Box::new(batch);
        self.0.queue.ask(|answer| Job::Notices(batch, answer)).await
    }

    /// Somebody's notices by line, that with the newest first, `limit` 1 to 100.
    ///
    /// # Errors
    /// `Invalid` for a limit out of range and a cursor of another list; `Database`; `Unavailable`.
    pub async fn list_notices(
        &self,
        site: &SiteId,
        person: &PersonId,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Notices, StoreError> {
        read::list(&self.0.database, (site, person), after, limit).await
    }

    /// One of somebody's notices, by its id.
    ///
    /// # Errors
    /// `Database`; `Unavailable`.
    pub async fn get_notice(
        &self,
        site: &SiteId,
        person: &PersonId,
        id: &str,
    ) -> Result<Option<Notice>, StoreError> {
        read::get(&self.0.database, (site, person), id).await
    }

    /// How many lines of somebody's notices are unread, counted up to 100.
    ///
    /// # Errors
    /// `Database`; `Unavailable`.
    pub async fn count_unread(&self, site: &SiteId, person: &PersonId) -> Result<u32, StoreError> {
        read::count_unread(&self.0.database, site, person).await
    }

    /// Whether somebody has unread notices of the thread of an entry that they were told of.
    ///
    /// # Errors
    /// `Database`; `Unavailable`.
    pub async fn has_unread_of(
        &self,
        site: &SiteId,
        person: &PersonId,
        entry: &EntryId,
    ) -> Result<bool, StoreError> {
        read::has_unread_of(&self.0.database, site, person, entry).await
    }

    /// A number that grows with every change of what somebody is told or wants to be told; 0 before the first.
    ///
    /// # Errors
    /// `Database`; `Unavailable`.
    pub async fn revision_of_notices(&self, site: &SiteId, person: &PersonId) -> Result<u64, StoreError> {
        read::boxed(&self.0.database, site, person).await
    }

    /// What somebody does not want to be told, the latest first.
    ///
    /// # Errors
    /// `Database`; `Unavailable`.
    pub async fn list_mutes(&self, site: &SiteId, person: &PersonId) -> Result<Vec<MutedThing>, StoreError> {
        read::mutes(&self.0.database, site, person).await
    }

    /// Note what somebody has read; how many notices that were. Those of others are left alone.
    ///
    /// # Errors
    /// `Database`; `Unavailable`.
    pub async fn read_notices(
        &self,
        site: &SiteId,
        person: &PersonId,
        read: Read,
        now: Micros,
    ) -> Result<u64, StoreError> {
        let job = Box::new((site.clone(), person.clone(), read, now));
        self.0.queue.ask(|answer| Job::Read(job, answer)).await
    }

    /// Keep that somebody wants to be told something no more, or again. Twice is as good as once.
    ///
    /// # Errors
    /// `Invalid` for the 501st of a person; `Database`; `Unavailable`.
    pub async fn mute(
        &self,
        site: &SiteId,
        person: &PersonId,
        mute: Mute,
        muted: bool,
        now: Micros,
    ) -> Result<(), StoreError> {
        let job = Box::new((site.clone(), person.clone(), mute, muted, now));
        self.0.queue.ask(|answer| Job::Mute(job, answer)).await
    }
}
