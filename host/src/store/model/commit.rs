//! What is written: changes, the permit to make them, and why a commit is refused.

use std::sync::Arc;

use stoa_rules::{Change, Declared, FieldProblem, Otherwise, Requirement, State, Target, Terms};

use super::{PageRef, StoreError};
use crate::base::clock::Micros;
use crate::base::id::{EntryId, PersonId, PluginName, SiteId};

/// Proof that somebody may write here now; made by `identity::permit` alone (`tests/structure/absences.rs` looks).
#[derive(Clone, Debug)]
pub struct Permit {
    person: PersonId,
    moderates: bool,
    pins: bool,
    expert: bool,
}

impl Permit {
    /// For tests of the store, which are outside this crate; the host that is shipped does not have it.
    #[cfg(feature = "testing")]
    #[must_use]
    pub fn for_tests(person: PersonId, moderates: bool, pins: bool) -> Self {
        Self::granted(person, moderates, pins)
    }

    /// Made by `identity::permit` after its checks.
    pub(crate) fn granted(person: PersonId, moderates: bool, pins: bool) -> Self {
        Self { person, moderates, pins, expert: false }
    }

    /// The same for somebody with the role `expert`, or without it.
    #[must_use]
    pub fn with_expert(self, expert: bool) -> Self {
        Self { expert, ..self }
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

    /// Whether they have the role `expert`.
    #[must_use]
    pub fn is_expert(&self) -> bool {
        self.expert
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

/// What moderation says about a text that is to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// `Visible` or `Held`.
    pub state: State,
    /// Why it is held; empty otherwise.
    pub reason: String,
    /// Whether a rule reports it for a moderator's look.
    pub suspect: bool,
}

/// A change with what moderation says about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The change.
    pub change: Change,
    /// For `Create`, and for `SetFields` with a text. Without it such a change waits for a moderator.
    pub verdict: Option<Verdict>,
}

/// What a verdict has seen of the author, so that it is not used on something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorSeen {
    /// The newest entry, as in [`AuthorHistory::last_entry`](super::AuthorHistory::last_entry).
    pub last_entry: Option<EntryId>,
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
    /// What the plugin declares.
    pub declared: Arc<Declared>,
    /// What the site makes of the units of the plugin.
    pub terms: Arc<Terms>,
    /// What the verdicts have seen of the author; none where nothing was judged.
    pub author_seen: Option<AuthorSeen>,
    /// What must hold before the changes.
    pub requirements: Vec<Requirement>,
    /// The changes, in order.
    pub changes: Vec<Judged>,
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
    /// The plugin has no such entry on this site, or not on this page where it must be there.
    #[error("there is no entry {0}")]
    NotFound(EntryId),
    /// What is replied to has been deleted, removed, refused or is held.
    #[error("entry {0} takes no replies any more")]
    ParentGone(EntryId),
    /// The page is closed for new entries.
    #[error("the page is closed for new entries")]
    PageClosed,
    /// The person may not do this to this entry, page or person.
    #[error("not permitted on {0}")]
    Denied(Target),
    /// The idempotency key was used with another body.
    #[error("the idempotency key was used for something else")]
    KeyReused,
    /// The plugin's private space is full (10 MiB a site).
    #[error("the plugin's private space is full")]
    SpaceFull,
    /// A requirement does not hold.
    #[error("requirement {requirement} does not hold")]
    Unmet {
        /// Its place in [`Commit::requirements`].
        requirement: usize,
    },
    /// The person's account has too little for a transfer.
    #[error("the account has too little")]
    Short {
        /// What the plugin wants then.
        otherwise: Otherwise,
    },
    /// There is one already, and the manifest allows no second.
    #[error("there can be only one: `{text}`")]
    NotUnique {
        /// The id of the manifest's message for the person.
        text: String,
    },
    /// The mark was put before, and the manifest says that it never changes.
    #[error("the mark `{kind}` never changes")]
    AlreadyMarked {
        /// The kind of mark.
        kind: String,
    },
    /// A change does not fit what the manifest declares, or names what is not there.
    #[error("`{field}` {detail}")]
    Invalid {
        /// The field, or `kind`, `parent`, `target`, `value`.
        field: String,
        /// What is wrong, for authors of plugins.
        detail: String,
    },
    /// The author has written something since the verdicts: they are to be made again.
    #[error("the author has written something since the verdict")]
    Rerun,
    /// The store cannot write now.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl CommitError {
    /// A change that does not fit its declaration.
    pub(in crate::store) fn invalid(field: &str, detail: impl Into<String>) -> Self {
        Self::Invalid { field: field.to_owned(), detail: detail.into() }
    }
}

impl From<FieldProblem> for CommitError {
    fn from(problem: FieldProblem) -> Self {
        Self::Invalid { field: problem.field, detail: problem.why.to_string() }
    }
}
