//! The values that go in and out of the store.

use std::sync::Arc;

use crate::base::clock::Micros;
use crate::base::id::{EntryId, PageId, PersonId, PluginName, SiteId};

/// How far an entry is from being seen by everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Everybody who may read the page sees it.
    Visible,
    /// It waits for a moderator; its author and moderators see it.
    Held,
    /// A moderator refused it; its author and moderators see it.
    Rejected,
    /// Its author deleted it.
    Deleted,
    /// A moderator removed it.
    Removed,
}

impl State {
    /// The word that the database, JSON and WIT use.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Visible => "visible",
            Self::Held => "held",
            Self::Rejected => "rejected",
            Self::Deleted => "deleted",
            Self::Removed => "removed",
        }
    }

    /// The state that a word names.
    pub(super) fn from_word(word: &str) -> Option<Self> {
        [Self::Visible, Self::Held, Self::Rejected, Self::Deleted, Self::Removed]
            .into_iter()
            .find(|state| state.word() == word)
    }
}

/// Somebody known by `(issuer, subject)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The id.
    pub id: PersonId,
    /// The display name, cleaned.
    pub name: String,
    /// What they do; empty when unknown.
    pub title: String,
    /// Where they belong; empty when unknown.
    pub team: String,
    /// Roles beyond member: expert, leader, steward, moderator, admin, guest.
    pub roles: Vec<String>,
    /// Whether they are still here.
    pub active: bool,
}

/// What a token or an import says about a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonClaims {
    /// Who vouches.
    pub issuer: String,
    /// The issuer's name for the person.
    pub subject: String,
    /// The display name; a missing claim does not erase what is known.
    pub name: Option<String>,
    /// The e-mail address, for notifications; never shown.
    pub email: Option<String>,
    /// What they do.
    pub title: Option<String>,
    /// Where they belong.
    pub team: Option<String>,
    /// Roles; none leaves what is known.
    pub roles: Option<Vec<String>>,
    /// Groups; none leaves what is known.
    pub groups: Option<Vec<String>>,
    /// When the claims were made: older claims do not replace newer ones.
    pub issued_at: Micros,
}

/// Something people read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The id.
    pub id: PageId,
    /// The stable key.
    pub key: String,
    /// The address.
    pub url: String,
    /// The title.
    pub title: String,
    /// Who looks after it.
    pub owner: Option<PersonId>,
    /// Whether a moderator closed it for new entries.
    pub closed: bool,
}

/// A page as a widget names it; known to the store from its first write on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRef {
    /// The stable key, 1 to 200 bytes.
    pub key: String,
    /// The address; empty when not told.
    pub url: String,
    /// The title; empty when not told.
    pub title: String,
}

/// For whom something is read: decides what is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// The person; none for somebody not signed in.
    pub person: Option<PersonId>,
    /// Whether held entries and reports of others are shown.
    pub moderates: bool,
}

/// One entry with everything a view needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The id.
    pub id: EntryId,
    /// What it is to the plugin.
    pub kind: String,
    /// What it answers.
    pub parent: Option<EntryId>,
    /// The start of its thread.
    pub root: EntryId,
    /// 0 for the start of a thread.
    pub depth: u32,
    /// Who wrote it; none for a tombstone and for people who were erased.
    pub author: Option<PersonId>,
    /// Who wrote what it answers.
    pub parent_author: Option<PersonId>,
    /// Markdown; empty for a tombstone.
    pub body: String,
    /// The plugin's own data, as JSON; empty for none.
    pub data: String,
    /// How far it is from being seen by everybody.
    pub state: State,
    /// Why it is held or refused; empty unless the viewer is its author or moderates.
    pub reason: String,
    /// Grows by one with each change of the entry itself.
    pub version: u32,
    /// When it was written.
    pub created_at: Micros,
    /// When its body was changed.
    pub edited_at: Option<Micros>,
    /// Whether it is pinned.
    pub pinned: bool,
    /// Living answers at any depth.
    pub replies: u32,
    /// Whether somebody else than its author has answered it visibly.
    pub answered: bool,
    /// Distinct people who report it; 0 unless the viewer moderates.
    pub reports: u32,
    /// Marks by kind and value, the 64 most used; `report` is left out.
    pub counts: Vec<(String, String, u32)>,
    /// The viewer's own marks by kind.
    pub mine: Vec<(String, String)>,
}

/// In which order threads come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The newest start first.
    Newest,
    /// The oldest start first.
    Oldest,
    /// By the lower bound of the Wilson interval of their votes.
    Top,
    /// The most disputed first.
    Controversial,
}

/// Which threads of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThreadQuery {
    /// In which order; pinned ones first in each.
    pub order: Order,
    /// Where the last list ended: the opaque cursor it gave.
    pub after: Option<String>,
    /// How many starts, 1 to 100.
    pub limit: u32,
    /// How many answers of each, the oldest first, 0 to 50.
    pub replies: u32,
    /// Threads of which 200 answers are wanted, 20 at the most.
    pub expanded: Vec<EntryId>,
    /// Entries of others made after this are counted, not listed.
    pub since: Option<Micros>,
}

/// A part of the threads of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Threads {
    /// Each start followed by its answers, oldest first.
    pub entries: Vec<Entry>,
    /// Everybody named in them (authors and parents' authors).
    pub people: Vec<Arc<Person>>,
    /// How many entries everybody sees.
    pub total: u32,
    /// Where the list goes on.
    pub next: Option<String>,
    /// How many entries `since` keeps back.
    pub newer: u32,
}

/// An earlier text of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// Which version it was.
    pub version: u32,
    /// Who wrote it.
    pub author: Option<PersonId>,
    /// When it was replaced.
    pub replaced_at: Micros,
    /// The Markdown.
    pub body: String,
}

/// What a mark is put on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// An entry.
    Entry(EntryId),
    /// The page of the commit.
    Page,
}

impl std::fmt::Display for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Entry(id) => write!(f, "entry {id}"),
            Self::Page => f.write_str("the page"),
        }
    }
}

/// A mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// On what.
    pub target: Target,
    /// The kind: `vote`, `report`, `follow`...
    pub kind: String,
    /// The value; one of a kind for each person and target.
    pub value: String,
}

/// An entry to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEntry {
    /// Its id.
    pub id: EntryId,
    /// What it is to the plugin.
    pub kind: String,
    /// What it answers.
    pub parent: Option<EntryId>,
    /// Markdown.
    pub body: String,
    /// The plugin's own data, as JSON; empty for none.
    pub data: String,
    /// `Visible` or `Held`, as moderation decided.
    pub state: State,
    /// Why it is held; empty otherwise.
    pub reason: String,
    /// Whether a rule reports it for a moderator's look.
    pub suspect: bool,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Write {
    /// Make an entry.
    CreateEntry(NewEntry),
    /// Change the text of an entry; the old one becomes a revision.
    EditEntry {
        /// Which.
        id: EntryId,
        /// The version that was read.
        version: u32,
        /// The new Markdown.
        body: String,
        /// `Visible` or `Held`, as moderation decided; a held entry stays held.
        state: State,
        /// Why it is held; empty otherwise.
        reason: String,
        /// Whether a rule reports it.
        suspect: bool,
    },
    /// Change the state of an entry.
    SetState {
        /// Which.
        id: EntryId,
        /// The version that was read.
        version: u32,
        /// The new state.
        state: State,
        /// Why.
        reason: String,
    },
    /// Put a mark; the same again changes nothing.
    PutMark(Mark),
    /// Take a mark away; what is not there changes nothing.
    DeleteMark {
        /// From what.
        target: Target,
        /// The kind.
        kind: String,
    },
    /// Pin or unpin a thread.
    PinEntry {
        /// Which.
        id: EntryId,
        /// Whether it is pinned.
        pinned: bool,
    },
    /// Close the page for new entries or open it again.
    ClosePage(bool),
    /// Write the plugin's private space; none takes the key away.
    PutValue {
        /// The key.
        key: String,
        /// The value.
        value: Option<Vec<u8>>,
    },
}

/// Proof that somebody may write here now; made by `identity::permit` alone (a house test looks).
#[derive(Clone, Debug)]
pub struct Permit {
    person: PersonId,
    moderates: bool,
    pins: bool,
}

impl Permit {
    /// For tests of the store, which stand outside of the house.
    #[doc(hidden)]
    #[must_use]
    pub fn for_tests(person: PersonId, moderates: bool, pins: bool) -> Self {
        Self::granted(person, moderates, pins)
    }

    /// Made by `identity::permit` after its checks.
    pub(crate) fn granted(person: PersonId, moderates: bool, pins: bool) -> Self {
        Self { person, moderates, pins }
    }

    /// Who writes.
    #[must_use]
    pub fn person(&self) -> &PersonId {
        &self.person
    }

    /// Whether they decide on entries of others.
    #[must_use]
    pub fn moderates(&self) -> bool {
        self.moderates
    }

    /// Whether they may pin threads.
    #[must_use]
    pub fn pins(&self) -> bool {
        self.pins
    }
}

/// The record that makes repeating a write safe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestRecord {
    /// The `Idempotency-Key`, 1 to 128 bytes.
    pub key: String,
    /// SHA-256 over what was asked.
    pub fingerprint: [u8; 32],
    /// What is answered when it is asked again.
    pub answer: String,
}

/// Everything that one action changes: all of it or nothing.
#[derive(Clone, Debug)]
pub struct Commit {
    /// The site.
    pub site: SiteId,
    /// The plugin.
    pub plugin: PluginName,
    /// The page; made or brought up to date.
    pub page: PageRef,
    /// Who, with proof.
    pub permit: Permit,
    /// When, by the host's clock.
    pub now: Micros,
    /// Makes a repetition safe.
    pub request: Option<RequestRecord>,
    /// How many distinct reports hold an entry; 0 never.
    pub report_hold: u32,
    /// The changes, in order.
    pub writes: Vec<Write>,
}

/// What came of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Committed {
    /// It is on disk; the number of the last event it made (0 when nothing changed).
    Done {
        /// The last event's sequence number.
        seq: u64,
    },
    /// The same request was committed before; nothing was changed now.
    Replayed {
        /// What was answered then.
        answer: String,
    },
}

/// Why a commit was refused; nothing of it was written.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// The entry has changed since it was read, or does not go from its state to that one.
    #[error("entry {0} has changed meanwhile")]
    Conflict(EntryId),
    /// There is no such entry on this page.
    #[error("there is no entry {0} on this page")]
    NotFound(EntryId),
    /// What is answered has been deleted, removed, refused or is held.
    #[error("entry {0} takes no answers any more")]
    ParentGone(EntryId),
    /// The page is closed for new entries.
    #[error("the page is closed for new entries")]
    PageClosed,
    /// The person may not do this to this entry or to the page.
    #[error("not permitted on {0}")]
    Denied(Target),
    /// The idempotency key was used with another body.
    #[error("the idempotency key was used for something else")]
    KeyReused,
    /// The plugin's private space is full (10 MiB a site).
    #[error("the plugin's private space is full")]
    SpaceFull,
    /// The store cannot write now.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What is known of somebody's entries on a site, for moderation rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuthorHistory {
    /// Visible entries, counted up to 100.
    pub approved: u32,
    /// Of the newest 100 entries of the last seven days, those refused or removed.
    pub rejected_7d: u32,
    /// Entries of the last seven days that are visible.
    pub published_7d: u32,
    /// The newest entry's Markdown, wherever it is.
    pub last_body: Option<String>,
}

/// Something that has happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its place in the outbox; grows, with gaps.
    pub seq: u64,
    /// The site.
    pub site: SiteId,
    /// The plugin.
    pub plugin: PluginName,
    /// The page's key.
    pub page: String,
    /// What: `entry.created`, `entry.edited`, `entry.state`, `entry.pinned`, `mark.put`, `mark.deleted`, `page.closed`, `page.opened`.
    pub kind: String,
    /// On which entry.
    pub entry: Option<EntryId>,
    /// By whom.
    pub actor: Option<PersonId>,
    /// When.
    pub at: Micros,
    /// More, as JSON.
    pub data: String,
}

/// What is kept until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Now, by the host's clock.
    pub now: Micros,
    /// Events made before are deleted.
    pub events_before: Micros,
    /// For each site: entries that their authors deleted before are cleared.
    pub deleted_before: Vec<(SiteId, Micros)>,
}

/// How much was deleted because its time was over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Idempotency records.
    pub requests: u64,
    /// Events.
    pub events: u64,
    /// Deleted entries that were cleared.
    pub entries: u64,
}

/// What reading has cost, in counts that are the same on every machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadUsage {
    /// Statements that were run.
    pub statements: u64,
    /// Steps of the database's virtual machine (`SQLITE_STMTSTATUS_VM_STEP`,
    /// <https://www.sqlite.org/c3ref/c_stmtstatus_counter.html>).
    pub steps: u64,
}

/// Why the store cannot do something; the text is for the log, not for people.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused or failed.
    #[error("the database failed: {0}")]
    Database(String),
    /// A cursor or argument is not of the right form.
    #[error("{0}")]
    Invalid(String),
    /// The store is shutting down or overloaded.
    #[error("the store takes no writes now")]
    Unavailable,
}
