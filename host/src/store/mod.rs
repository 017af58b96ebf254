//! The social store: the only module with SQL. Deliberately absent: HTTP, plugins, decisions about who may what
//! (a [`Permit`] is brought along) and anything that announces.

mod check;
mod console;
mod db;
mod ledger;
mod model;
mod notices;
mod read;
mod write;

use std::sync::Arc;

use stoa_rules::{Filter, Grouping, Query, Scope, Target};
use tokio::sync::watch;

pub use model::{
    AuditLine, AuthorHistory, AuthorSeen, Commit, CommitError, Committed, ConsoleChange, ConsoleJob,
    ConsoleSession, Contributions, DUTY_SWITCH, DeclaredOn, DirectoryError, DirectoryGroup, DirectoryRules,
    DirectoryUser, DirectoryWrite, Entry, Event, FieldReport, Found, GroupRecord, Happened, Holder, Holders,
    Inspection, Judged, KnownPerson, Measures, Mute, MutedThing, NOTICE_SWITCHES, NewNotice, Notice,
    NoticeBatch, NoticeChange, NoticeKind, NoticeLine, NoticePlace, Notices, NoticesOfEvent, Order, Page,
    PageChange, PageChangeKind, PageLine, PageListed, PageLook, PageRef, PageWord, Permit, Person,
    PersonChange, PersonClaims, Proposal, ProposalWhy, Pruned, Read, ReadUsage, RequestRecord, Retention,
    Revision, SavedSite, Similar, Standing, StoreError, ThreadQuery, Threads, UNDO_DAYS, UserRecord, Verdict,
    Viewer, Why,
};
pub use read::DirectoryKey;
pub use write::{
    ImportBatch, ImportEntry, ImportPage, ImportPerson, ImportPoints, ImportProblem, ImportReport,
};

use crate::base::clock::{Clock, Micros};
use crate::base::id::{EntryId, PersonId, PluginName, SiteId};
use db::{Database, Dialect};
use model::rules;
use read::{Context, HoldersQuery, People, Revisions, Source, Standings, Statements};
use write::{Job, Queue};

/// The store of one host. Cheap to clone; all clones are the same store.
#[derive(Clone, Debug)]
pub struct Store(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    database: Database,
    statements: Statements,
    revisions: Revisions,
    people: People,
    standings: Standings,
    newest: watch::Sender<u64>,
    queue: Queue,
}

impl Store {
    /// Open the store at `sqlite:///path/stoa.db`; the file is made when there is none and brought up to date
    /// when it is older.
    ///
    /// # Errors
    /// `Invalid` for another kind of address; `Database` when the file cannot be used, was written by a newer Stoa,
    /// or `SQLite` is older than 3.51.3.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let database = Database::open(url).await?;
        let mut connection = database.writer().await?;
        db::migrate(&mut connection, Clock::system().now()).await?;
        connection.close().await?;
        let newest = watch::Sender::new(read::newest_event(&database).await?);
        let queue = Queue::start(database.clone(), newest.clone()).await?;
        tracing::debug!(path = %database.path().display(), "the store is open");
        let statements = Statements::new(Dialect::Sqlite);
        let (revisions, people, standings) = (Revisions::default(), People::default(), Standings::default());
        Ok(Self(Arc::new(Inner { database, statements, revisions, people, standings, newest, queue })))
    }

    /// Look at the store at an address without bringing it up to date or making it; a host may be running on it.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub async fn inspect(url: &str, declared: &[DeclaredOn]) -> Result<Inspection, StoreError> {
        let Some(database) = Database::existing(url)? else { return Ok(Inspection::Absent) };
        let mut connection = database.writer().await?;
        let missing = db::missing(&mut connection).await;
        let mut twice = Vec::new();
        if let Ok(0) = missing {
            for one in declared {
                twice.extend(write::duplicates(&mut connection, one).await?);
            }
        }
        connection.close().await?;
        match missing? {
            0 => {
                let damage = check::check(&database, &Statements::new(Dialect::Sqlite)).await?;
                Ok(Inspection::Current { damage, twice })
            }
            steps => Ok(Inspection::Behind { steps }),
        }
    }

    /// Index entries that were there before a manifest made their fields `indexed` or their kind `unique`; how many were.
    /// Costs a look at the plugin's entries, and a write where something is missing.
    ///
    /// # Errors
    /// `Database`; `Unavailable`.
    pub async fn index_anew(&self, declared: &DeclaredOn) -> Result<u64, StoreError> {
        let job = Box::new(declared.clone());
        self.0.queue.ask(|answer| Job::Reindex(job, answer)).await
    }

    /// Make a person or bring one up to date; claims that are missing or older than the known ones change nothing.
    /// Claims of the same second as the known ones only take roles away. Costs no write when nothing is to be changed.
    ///
    /// # Errors
    /// `Invalid` without issuer or subject; `Database`; `Unavailable`.
    pub async fn put_person(
        &self,
        site: &SiteId,
        claims: &PersonClaims,
        now: Micros,
    ) -> Result<Person, StoreError> {
        if let Some((person, issued_at)) = read::known_person(&self.0.database, site, claims).await?
            && (claims.issued_at < issued_at
                || claims.issued_at == issued_at && rules::agrees(&person.roles, claims))
        {
            return Ok(person);
        }
        let job = Box::new((site.clone(), claims.clone(), now));
        self.0.queue.ask(|answer| Job::Person(job, answer)).await
    }

    /// People by id; unknown ones are left out.
    ///
    /// # Errors
    /// `Database`; `Unavailable`.
    pub async fn get_people(&self, site: &SiteId, ids: &[PersonId]) -> Result<Vec<Person>, StoreError> {
        read::get_people(&self.0.database, &self.0.statements, site, ids).await
    }

    /// What somebody has contributed to plugins.
    ///
    /// # Errors
    /// `Database`; `Unavailable`.
    pub async fn contributions(
        &self,
        site: &SiteId,
        person: &PersonId,
        measures: &[Measures],
    ) -> Result<Contributions, StoreError> {
        read::contributions(&self.0.database, site, person, measures).await
    }

    /// Keep whether colleagues see what somebody has contributed.
    ///
    /// # Errors
    /// `Database`; `Unavailable`.
    pub async fn put_shares(&self, site: &SiteId, person: &PersonId, shares: bool) -> Result<(), StoreError> {
        let job = Box::new((site.clone(), person.clone(), shares));
        self.0.queue.ask(|answer| Job::Shares(job, answer)).await
    }

    /// A number that changes with each commit, by this process or another: as long as it stays, so does all that was
    /// read.
    ///
    /// # Errors
    /// `Database`.
    pub fn version(&self) -> Result<i64, StoreError> {
        self.0.database.version()
    }

    /// Active people by the starts of words of their names, in any case and without accents; 100 at the most.
    ///
    /// # Errors
    /// `Database`; `Unavailable`.
    pub async fn find_people(
        &self,
        site: &SiteId,
        query: &str,
        limit: u32,
    ) -> Result<Vec<Person>, StoreError> {
        read::find_people(&self.0.database, &self.0.statements, site, query, limit).await
    }

    /// A page by its key; none before its first write.
    ///
    /// # Errors
    /// `Database`; `Unavailable`.
    pub async fn get_page(&self, site: &SiteId, key: &str) -> Result<Option<Page>, StoreError> {
        read::get_page(&self.0.database, site, key).await
    }

    /// Pages by key, in the order asked for; unknown ones are left out.
    ///
    /// # Errors
    /// `Invalid` for more than 100 keys; `Database`; `Unavailable`.
    pub async fn get_pages(&self, site: &SiteId, keys: &[String]) -> Result<Vec<Page>, StoreError> {
        read::get_pages(&self.0.database, &self.0.statements, site, keys).await
    }

    /// Threads of a page, each start followed by its first answers, all of one moment; a long thread costs no
    /// more than a short one. `newer` counts up to 1,000.
    ///
    /// # Errors
    /// `Invalid` for numbers out of range and for a cursor of another order; `Database`; `Unavailable`.
    pub async fn list_threads(
        &self,
        site: &SiteId,
        plugin: &PluginName,
        page_key: &str,
        viewer: &Viewer,
        query: &ThreadQuery,
    ) -> Result<Threads, StoreError> {
        let context = Context { site, plugin, page_key, viewer };
        read::list_threads(&self.source(), &context, query).await
    }

    fn source(&self) -> Source<'_> {
        Source { database: &self.0.database, statements: &self.0.statements, people: &self.0.people }
    }

    /// Entries that match, in the order asked for, roots followed by their first replies. A query without filters is of
    /// roots. `here` is the key of the page of the call.
    ///
    /// # Errors
    /// `Invalid` for numbers out of range and for a cursor of another query; `Database`; `Unavailable`.
    pub async fn query(
        &self,
        site: &SiteId,
        plugin: &PluginName,
        here: &str,
        viewer: &Viewer,
        query: &Query,
    ) -> Result<Found, StoreError> {
        let context = Context { site, plugin, page_key: here, viewer };
        read::query(&self.source(), &context, query).await
    }

    /// How many visible entries match, counted up to 10,000 among the newest 100,000 that one filter finds.
    ///
    /// # Errors
    /// `Database`; `Unavailable`.
    pub async fn count(
        &self,
        site: &SiteId,
        plugin: &PluginName,
        here: &str,
        viewer: &Viewer,
        scope: &Scope,
        filters: &[Filter],
    ) -> Result<u32, StoreError> {
        let context = Context { site, plugin, page_key: here, viewer };
        read::count(&self.source(), &context, scope, filters).await
    }

    /// Visible entries that match by group, the largest first, `limit` 1 to 100: id, kind, page key or value, and how
    /// many. Looks at the newest 10,000 that one filter finds.
    ///
    /// # Errors
    /// `Invalid` for a limit out of range; `Database`; `Unavailable`.
    #[expect(
        clippy::too_many_arguments,
        reason = "the border of the store: each argument is one word of the question"
    )]
    pub async fn count_by(
        &self,
        site: &SiteId,
        plugin: &PluginName,
        here: &str,
        viewer: &Viewer,
        scope: &Scope,
        filters: &[Filter],
        by: &Grouping,
        limit: u32,
    ) -> Result<Vec<(String, u32)>, StoreError> {
        let context = Context { site, plugin, page_key: here, viewer };
        read::count_by(&self.source(), &context, (scope, filters), by, limit).await
    }

    /// One thread from its start, with `limit` (1 to 200) replies after the cursor; `id` is any entry of it. None
    /// when it is not on this page (no page: on any) or the viewer may not see its start.
    ///
    /// # Errors
    /// `Invalid` for a limit out of range and for a cursor of another list; `Database`; `Unavailable`.
    #[expect(
        clippy::too_many_arguments,
        reason = "the border of the store: each argument is one word of the question"
    )]
    pub async fn get_thread(
        &self,
        site: &SiteId,
        plugin: &PluginName,
        page_key: Option<&str>,
        viewer: &Viewer,
        id: &EntryId,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Option<Found>, StoreError> {
        let context = Context { site, plugin, page_key: page_key.unwrap_or_default(), viewer };
        read::get_thread(&self.source(), &context, page_key.is_none(), id, (after, limit)).await
    }

    /// Visible entries of a kind with a title like a text, those of the page `here` first.
    ///
    /// # Errors
    /// `Database`; `Unavailable`.
    pub async fn find_similar(
        &self,
        site: &SiteId,
        plugin: &PluginName,
        here: &str,
        viewer: &Viewer,
        wanted: &Similar,
    ) -> Result<Found, StoreError> {
        let context = Context { site, plugin, page_key: here, viewer };
        read::find_similar(&self.source(), &context, wanted).await
    }

    /// Entries by id (100 at the most) in the order asked for, of one page or of any; those that the viewer may not see
    /// are left out.
    ///
    /// # Errors
    /// `Invalid` for more than 100 ids; `Database`; `Unavailable`.
    pub async fn get_entries(
        &self,
        site: &SiteId,
        plugin: &PluginName,
        page_key: Option<&str>,
        viewer: &Viewer,
        ids: &[EntryId],
    ) -> Result<Found, StoreError> {
        let context = Context { site, plugin, page_key: page_key.unwrap_or_default(), viewer };
        read::get_entries(&self.source(), &context, page_key.is_none(), ids).await
    }

    /// Earlier texts of an entry, the newest first, 50 at the most. Who may read them is the caller's question.
    ///
    /// # Errors
    /// `Database`; `Unavailable`.
    pub async fn get_revisions(
        &self,
        site: &SiteId,
        plugin: &PluginName,
        id: &EntryId,
    ) -> Result<Vec<Revision>, StoreError> {
        read::get_revisions(&self.0.database, site, plugin, id).await
    }

    /// The value of a person's mark of a kind. Whether the target is there is not asked.
    ///
    /// # Errors
    /// `Database`; `Unavailable`.
    pub async fn get_own_mark(
        &self,
        site: &SiteId,
        plugin: &PluginName,
        person: &PersonId,
        target: &Target,
        kind: &str,
    ) -> Result<Option<String>, StoreError> {
        read::get_own_mark(&self.0.database, (site, plugin), person, target, kind).await
    }

    /// Who has put a mark of a kind, and of a value where one is given: the newest first, `limit` 1 to 100. Who may
    /// know is the caller's question.
    ///
    /// # Errors
    /// `Invalid` for a limit out of range and a cursor of another list; `Database`; `Unavailable`.
    #[expect(
        clippy::too_many_arguments,
        reason = "the border of the store: each argument is one word of the question"
    )]
    pub async fn list_holders(
        &self,
        site: &SiteId,
        plugin: &PluginName,
        target: &Target,
        kind: &str,
        value: Option<&str>,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Holders, StoreError> {
        let query = HoldersQuery { target, kind, value, after, limit };
        read::list_holders(&self.0.database, (site, plugin), &query).await
    }

    /// A value of the plugin's private space.
    ///
    /// # Errors
    /// `Database`; `Unavailable`.
    pub async fn get_value(
        &self,
        site: &SiteId,
        plugin: &PluginName,
        key: &str,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        read::get_value(&self.0.database, site, plugin, key).await
    }

    /// Keys that start with `prefix` and come after `after`, with their values, in the order of their bytes; 1 to 100.
    ///
    /// # Errors
    /// `Database`; `Unavailable`.
    pub async fn list_values(
        &self,
        site: &SiteId,
        plugin: &PluginName,
        prefix: &str,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        read::list_values(&self.0.database, site, plugin, (prefix, after), limit).await
    }

    /// What is known of somebody's entries, for moderation rules.
    ///
    /// # Errors
    /// `Database`; `Unavailable`.
    pub async fn author_history(
        &self,
        site: &SiteId,
        person: &PersonId,
        now: Micros,
    ) -> Result<AuthorHistory, StoreError> {
        read::author_history(&self.0.database, site, person, now).await
    }

    /// What was answered to an idempotency key.
    ///
    /// # Errors
    /// `Database`; `Unavailable`.
    pub async fn find_request(
        &self,
        site: &SiteId,
        person: &PersonId,
        key: &str,
    ) -> Result<Option<RequestRecord>, StoreError> {
        read::find_request(&self.0.database, site, person, key).await
    }

    /// A number that grows with every commit that changes what the plugin shows on the page; 0 before the first.
    /// From memory until anything is committed. After a commit is answered, by this process or another, it is never the
    /// older number.
    ///
    /// # Errors
    /// `Database`; `Unavailable`.
    pub async fn revision(
        &self,
        site: &SiteId,
        page_key: &str,
        plugin: &PluginName,
    ) -> Result<u64, StoreError> {
        self.0.revisions.get(&self.0.database, site, page_key, plugin).await
    }

    /// A number that grows with every commit that changes what the plugin shows anywhere on the site; 0 before the
    /// first. From memory, as a rule.
    ///
    /// # Errors
    /// `Database`; `Unavailable`.
    pub async fn revision_of_site(&self, site: &SiteId, plugin: &PluginName) -> Result<u64, StoreError> {
        self.0.revisions.get_of_site(&self.0.database, site, plugin).await
    }

    /// Write all of a commit or nothing; answered when it is on disk. A caller who goes away meanwhile changes
    /// nothing of that: once queued it is written.
    ///
    /// # Errors
    /// As [`CommitError`] says.
    pub async fn commit(&self, commit: Commit) -> Result<Committed, CommitError> {
        let commit = Box::new(commit);
        self.0.queue.ask(|answer| Job::Commit(commit, answer)).await
    }

    /// Events after a number, in order, 1 to 1,000.
    ///
    /// # Errors
    /// `Database`; `Unavailable`.
    pub async fn list_events(&self, after_seq: u64, limit: u32) -> Result<Vec<Event>, StoreError> {
        read::list_events(&self.0.database, after_seq, limit).await
    }

    /// The number of the newest event on disk, and a wake-up for each newer one.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.0.newest.subscribe()
    }

    /// Take over what a file brings, in one transaction; the same file again changes nothing.
    ///
    /// # Errors
    /// `Invalid` when the file is for another site; `Database`; `Unavailable`. Rows with problems are no error: the
    /// report names them.
    pub async fn import(
        &self,
        site: &SiteId,
        batch: ImportBatch,
        now: Micros,
    ) -> Result<ImportReport, StoreError> {
        let job = Box::new((site.clone(), batch, now));
        self.0.queue.ask(|answer| Job::Import(job, answer)).await
    }

    /// Delete what is kept for a time only: idempotency records older than 24 hours, events, and text, data, earlier
    /// versions and marks of entries that their authors deleted. Of such an entry its place among its answers is left;
    /// it cannot be brought back. Writes of people go in between.
    ///
    /// # Errors
    /// `Database`; `Unavailable`.
    pub async fn prune(&self, retention: &Retention) -> Result<Pruned, StoreError> {
        let mut pruned = Pruned::default();
        loop {
            let job = Box::new(retention.clone());
            let some = self.0.queue.ask(|answer| Job::Prune(job, answer)).await?;
            pruned.requests += some.requests;
            pruned.events += some.events;
            pruned.entries += some.entries;
            pruned.notices += some.notices;
            if !some.is_full() {
                return Ok(pruned);
            }
        }
    }

    /// A number that changes when another process has written: an import beside a running host. Costs a transaction.
    ///
    /// # Errors
    /// `Database`; `Unavailable`.
    pub async fn written_elsewhere(&self) -> Result<i64, StoreError> {
        self.0.queue.ask(Job::Elsewhere).await
    }

    /// Write something that changes nothing: fails on a full disk, without the right to write and while another process
    /// holds the file. Costs a transaction.
    ///
    /// # Errors
    /// `Database`; `Unavailable`.
    pub async fn check_writable(&self) -> Result<(), StoreError> {
        self.0.queue.ask(Job::Probe).await
    }

    /// What is wrong with the store, one line for each finding: damage of the file, statements that do not fit the
    /// schema, counters that a recount contradicts. Reads everything.
    ///
    /// # Errors
    /// `Database`; `Unavailable`.
    pub async fn check(&self) -> Result<Vec<String>, StoreError> {
        check::check(&self.0.database, &self.0.statements).await
    }

    /// What all reads so far have cost: for whoever measures.
    #[must_use]
    pub fn read_usage(&self) -> ReadUsage {
        self.0.database.read_usage()
    }

    /// Write what is queued, refuse what comes later and close the file.
    ///
    /// # Errors
    /// `Unavailable` when it was closed before; `Database` when the last write fails.
    pub async fn close(&self) -> Result<(), StoreError> {
        let closed = self.0.queue.ask(Job::Close).await;
        self.0.database.close();
        closed
    }
}
