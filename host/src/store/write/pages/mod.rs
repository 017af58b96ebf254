//! Pages as such: who may read them, their keys, and which of them seem to be one. Deliberately absent: who is allowed to say so.

mod audience;
mod moves;
mod proposals;

use super::queue::Job;
use crate::base::clock::Micros;
use crate::base::id::{PersonId, SiteId};
use crate::store::Store;
use crate::store::db::Connection;
use crate::store::model::{
    PageChange, PageJob, PageLine, PageListed, PageLook, PageWord, Person, Proposal, Standing, StoreError,
    Viewer,
};
use crate::store::read;
use std::sync::{Arc, Mutex, PoisonError};
use stoa_rules::Target;

pub(in crate::store) const STATEMENTS: [&[&str]; 3] =
    [audience::STATEMENTS, moves::STATEMENTS, proposals::STATEMENTS];
pub(super) use audience::audience;

impl Store {
    /// The key under which a page is kept, and whether a person, or somebody not signed in, may read it. From memory until
    /// anything is committed.
    ///
    /// # Errors
    /// `Database`; `Unavailable`.
    pub async fn standing(
        &self,
        site: &SiteId,
        page_key: &str,
        person: Option<&PersonId>,
    ) -> Result<Standing, StoreError> {
        self.0.standings.get(&self.0.database, site, page_key, person).await
    }

    /// The audiences that a person belongs to, as a text to compare: which entries of other pages a view shows depends on it.
    ///
    /// # Errors
    /// `Database`; `Unavailable`.
    pub async fn reach(&self, site: &SiteId, person: &PersonId) -> Result<Arc<str>, StoreError> {
        self.0.standings.reach(&self.0.database, site, person).await
    }

    /// Whether a page, or the page that an entry is on, may not be read by a viewer.
    ///
    /// # Errors
    /// `Database`; `Unavailable`.
    pub async fn is_hidden(
        &self,
        site: &SiteId,
        viewer: &Viewer,
        target: &Target,
    ) -> Result<bool, StoreError> {
        read::is_hidden(&self.0.database, site, viewer, target).await
    }

    /// As [`Self::find_people`], among those who may read the page.
    ///
    /// # Errors
    /// `Database`; `Unavailable`.
    pub async fn find_readers(
        &self,
        site: &SiteId,
        query: &str,
        page_key: &str,
        limit: u32,
    ) -> Result<Vec<Person>, StoreError> {
        let (database, statements) = (&self.0.database, &self.0.statements);
        read::find_readers(database, statements, site, (query, page_key), limit).await
    }

    /// Pages whose readers nobody has told are for nobody from now on, or for everybody who may read the site; those that
    /// exist follow.
    ///
    /// # Errors
    /// `Database`; `Unavailable`.
    pub async fn guard_pages(&self, site: &SiteId, guarded: bool, now: Micros) -> Result<(), StoreError> {
        self.page_job(site, PageJob::Guard(guarded), now).await
    }

    /// Keep what a token says of its page. Costs no write when all of it is known.
    ///
    /// # Errors
    /// `Database`; `Unavailable`.
    pub async fn hear_page(&self, site: &SiteId, word: PageWord, now: Micros) -> Result<(), StoreError> {
        if audience::is_known(&self.0.database, site, &word).await? {
            return Ok(());
        }
        self.page_job(site, PageJob::Hear(word), now).await
    }

    /// Give pages other keys, as the lines say, one after the other; with `batch` none nothing is changed and what would be is
    /// told. What cannot be done is left out and says why. A batch can be taken back for 30 days ([`UNDO_DAYS`]).
    ///
    /// [`UNDO_DAYS`]: crate::store::UNDO_DAYS
    ///
    /// # Errors
    /// `Database`; `Unavailable`.
    pub async fn change_pages(
        &self,
        site: &SiteId,
        lines: Vec<PageLine>,
        batch: Option<String>,
        now: Micros,
    ) -> Result<Vec<PageChange>, StoreError> {
        let told = Arc::<Mutex<Vec<PageChange>>>::default();
        self.page_job(site, PageJob::Change { lines, batch, told: Arc::clone(&told) }, now).await?;
        Ok(take(&told))
    }

    /// Take a batch of changes back, the last one first. Answers that were written since go along with what they answer.
    ///
    /// # Errors
    /// `Invalid` where there is none, it is too old or taken back already, or a page was changed again since; `Database`;
    /// `Unavailable`.
    pub async fn undo_pages(
        &self,
        site: &SiteId,
        batch: &str,
        now: Micros,
    ) -> Result<Vec<PageChange>, StoreError> {
        let told = Arc::<Mutex<Vec<PageChange>>>::default();
        let job = PageJob::Undo { batch: batch.to_owned(), told: Arc::clone(&told) };
        self.page_job(site, job, now).await?;
        Ok(take(&told))
    }

    /// Keep what was found at a page's address; what seems to be the same page is proposed.
    ///
    /// # Errors
    /// `Database`; `Unavailable`.
    pub async fn look_page(&self, site: &SiteId, look: PageLook, now: Micros) -> Result<(), StoreError> {
        self.page_job(site, PageJob::Look(look), now).await
    }

    /// Note what a person has decided on a proposal; merging is another call.
    ///
    /// # Errors
    /// `Invalid` where nothing of the kind is proposed; `Database`; `Unavailable`.
    pub async fn decide_proposal(
        &self,
        site: &SiteId,
        (source, target): (&str, &str),
        accepted: bool,
        now: Micros,
    ) -> Result<(), StoreError> {
        let (source, target) = (source.to_owned(), target.to_owned());
        self.page_job(site, PageJob::Decide { source, target, accepted }, now).await
    }

    /// What waits for a decision, the newest first, 1,000 at the most.
    ///
    /// # Errors
    /// `Database`; `Unavailable`.
    pub async fn list_proposals(&self, site: &SiteId) -> Result<Vec<Proposal>, StoreError> {
        proposals::proposals(&self.0.database, site).await
    }

    /// Pages with keys after `after`, in the order of their keys, 1 to 10,000.
    ///
    /// # Errors
    /// `Database`; `Unavailable`.
    pub async fn list_pages(
        &self,
        site: &SiteId,
        after: &str,
        limit: u32,
    ) -> Result<Vec<PageListed>, StoreError> {
        proposals::list(&self.0.database, site, (after, limit)).await
    }

    async fn page_job(&self, site: &SiteId, job: PageJob, now: Micros) -> Result<(), StoreError> {
        let job = Box::new((site.clone(), job, now));
        self.0.queue.ask(|answer| Job::Pages(job, answer)).await
    }
}

/// Do one thing with pages.
///
/// # Errors
/// As the store's methods say.
pub(super) async fn apply(
    connection: &mut Connection,
    site: &SiteId,
    job: PageJob,
    now: Micros,
) -> Result<(), StoreError> {
    match job {
        PageJob::Guard(guarded) => audience::guard(connection, site, guarded, now).await,
        PageJob::Hear(word) => audience::hear(connection, site, &word, now).await,
        PageJob::Change { lines, batch: Some(batch), told } => {
            let changes = moves::change(connection, site, lines, &batch, now).await?;
            put(&told, changes);
            Ok(())
        }
        PageJob::Change { lines, batch: None, told } => {
            connection.script("savepoint preview").await?;
            let changes = moves::change(connection, site, lines, "preview", now).await;
            connection.script("rollback to preview; release preview").await?;
            put(&told, changes?);
            Ok(())
        }
        PageJob::Undo { batch, told } => {
            put(&told, moves::undo(connection, site, &batch, now).await?);
            Ok(())
        }
        PageJob::Look(look) => proposals::look(connection, site, &look, now).await,
        PageJob::Decide { source, target, accepted } => {
            proposals::decide(connection, site, (&source, &target), accepted, now).await
        }
    }
}

fn put(told: &Mutex<Vec<PageChange>>, changes: Vec<PageChange>) {
    *told.lock().unwrap_or_else(PoisonError::into_inner) = changes;
}

fn take(told: &Mutex<Vec<PageChange>>) -> Vec<PageChange> {
    std::mem::take(&mut told.lock().unwrap_or_else(PoisonError::into_inner))
}
