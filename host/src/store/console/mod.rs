//! What the admin's console keeps: links and sessions, sites made at run time, the audit, reports of the field.

mod read;
mod write;

pub(super) use read::STATEMENTS as READ_STATEMENTS;
pub(super) use write::{STATEMENTS as WRITE_STATEMENTS, apply};

use super::Store;
use super::db::{self, Database};
use super::model::{AuditLine, ConsoleJob, ConsoleSession, FieldReport, SavedSite, StoreError};
use super::write::Job;
use crate::base::clock::Micros;
use crate::base::id::{PersonId, SiteId};

/// Lines of the audit that are told at a time.
const AUDIT_MAX: u32 = 100;

impl Store {
    /// Write a change of the console with its line of the audit. False when what it depends on does not hold: a link
    /// that was used, a site that somebody else has changed meanwhile. Nothing is written then.
    ///
    /// # Errors
    /// `Database`; `Unavailable`.
    pub async fn change_console(&self, job: ConsoleJob) -> Result<bool, StoreError> {
        let job = Box::new(job);
        self.0.queue.ask(|answer| Job::Console(job, answer)).await
    }

    /// Whether a link to the console was ever made.
    ///
    /// # Errors
    /// `Database`; `Unavailable`.
    pub async fn has_console_links(&self) -> Result<bool, StoreError> {
        read::has_links(&self.0.database).await
    }

    /// The session whose bearer has this hash, as long as it lasts.
    ///
    /// # Errors
    /// `Database`; `Unavailable`.
    pub async fn find_console_session(
        &self,
        hash: &str,
        now: Micros,
    ) -> Result<Option<ConsoleSession>, StoreError> {
        read::session(&self.0.database, hash, now).await
    }

    /// All sites that the console has saved, by id.
    ///
    /// # Errors
    /// `Database`; `Unavailable`.
    pub async fn list_saved_sites(&self) -> Result<Vec<SavedSite>, StoreError> {
        read::sites(&self.0.database).await
    }

    /// As [`Self::list_saved_sites`], without bringing the database up to date or making it.
    ///
    /// # Errors
    /// `Database`.
    pub async fn saved_sites(url: &str) -> Result<Vec<SavedSite>, StoreError> {
        let Some(database) = Database::existing(url)? else { return Ok(Vec::new()) };
        let mut connection = database.writer().await?;
        let missing = db::missing(&mut connection).await;
        connection.close().await?;
        if missing? > 0 { Ok(Vec::new()) } else { read::sites(&database).await }
    }

    /// The newest changes, of one site or of all, 100 at the most, before a number; the number of each with it.
    ///
    /// # Errors
    /// `Database`; `Unavailable`.
    pub async fn list_audit(
        &self,
        site: Option<&SiteId>,
        before: u64,
    ) -> Result<Vec<(u64, AuditLine)>, StoreError> {
        read::audit(&self.0.database, site, before, AUDIT_MAX).await
    }

    /// What widgets of a site reported, the latest first.
    ///
    /// # Errors
    /// `Database`; `Unavailable`.
    pub async fn list_reports(&self, site: &SiteId) -> Result<Vec<FieldReport>, StoreError> {
        read::reports(&self.0.database, site).await
    }

    /// How many entries of a site wait for a moderator, counted up to 1,000: by plugin.
    ///
    /// # Errors
    /// `Database`; `Unavailable`.
    pub async fn count_held(&self, site: &SiteId) -> Result<Vec<(String, u32)>, StoreError> {
        read::held(&self.0.database, site).await
    }

    /// How many people a site knows, counted up to 100,000.
    ///
    /// # Errors
    /// `Database`; `Unavailable`.
    pub async fn count_people(&self, site: &SiteId) -> Result<u32, StoreError> {
        read::count_people(&self.0.database, site).await
    }

    /// The person of a site by id, when there is one.
    ///
    /// # Errors
    /// `Database`; `Unavailable`.
    pub async fn get_person(
        &self,
        site: &SiteId,
        id: &PersonId,
    ) -> Result<Option<super::Person>, StoreError> {
        Ok(self.get_people(site, std::slice::from_ref(id)).await?.pop())
    }
}
