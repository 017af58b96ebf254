//! The values that go in and out of the store.

mod commit;
mod console;
mod directory;
mod entry;
mod notice;
mod page;
mod profile;
pub(super) mod rules;

pub use commit::{AuthorSeen, Commit, CommitError, Committed, Judged, Permit, RequestRecord, Verdict};
pub use console::{AuditLine, ConsoleChange, ConsoleJob, ConsoleSession, FieldReport, SavedSite};
pub use directory::{
    DirectoryError, DirectoryGroup, DirectoryRules, DirectoryUser, DirectoryWrite, GroupRecord, KnownPerson,
    PersonChange, UserRecord,
};
pub(super) use entry::fields_of;
pub use entry::{Entry, Found, Holder, Holders, Order, Revision, Similar, ThreadQuery, Threads};
pub use notice::{
    DUTY_SWITCH, Happened, Mute, MutedThing, NOTICE_SWITCHES, NewNotice, Notice, NoticeBatch, NoticeChange,
    NoticeKind, NoticeLine, NoticePlace, Notices, NoticesOfEvent, Read, Why,
};
pub use profile::{Contributions, Measures};

use std::sync::Arc;

use stoa_rules::Declared;

pub(super) use page::PageJob;
pub use page::{
    PageChange, PageChangeKind, PageLine, PageListed, PageLook, PageWord, Proposal, ProposalWhy, UNDO_DAYS,
};

use crate::base::clock::Micros;
use crate::base::id::{EntryId, PageId, PersonId, PluginName, SiteId};

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
    /// The stable key, 1 to 200 bytes; empty for a widget of the whole site, which is on no page.
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
    /// The key of the page that the session's token names: it may be read whatever is known of its readers.
    pub vouched: Option<String>,
}

/// How somebody stands to a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The key under which the page is kept: another one than asked for where that is an alias.
    pub key: String,
    /// Whether they are among its readers.
    pub may_read: bool,
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
    /// The newest entry, wherever it is.
    pub last_entry: Option<EntryId>,
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
    /// What: `entry.created`, `entry.changed`, `entry.state`, `entry.pinned`, `mark.put`, `mark.deleted`, `value.put`,
    /// `page.closed`, `page.opened`.
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

/// What a look at a store finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inspection {
    /// There is no file yet.
    Absent,
    /// An older Stoa made it; the next start brings it up to date.
    Behind {
        /// How many steps of the schema are missing.
        steps: usize,
    },
    /// It is up to date.
    Current {
        /// What is wrong with it, one line for each finding.
        damage: Vec<String>,
        /// Entries that are there several times where a manifest has come to allow one, one line for each place.
        twice: Vec<String>,
    },
}

/// What a plugin declares on a site.
#[derive(Clone, Debug)]
pub struct DeclaredOn {
    /// The site.
    pub site: SiteId,
    /// The plugin.
    pub plugin: PluginName,
    /// Its kinds of entries.
    pub declared: Arc<Declared>,
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
    /// Notices.
    pub notices: u64,
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
