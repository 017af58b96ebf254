//! What the admin's console keeps.

use crate::base::clock::Micros;
use crate::base::id::{PersonId, SiteId};

/// Somebody who is signed in to the console. A bearer is kept as its hash alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsoleSession {
    /// The hash of the bearer.
    pub hash: String,
    /// Who it is, as the audit names them.
    pub name: String,
    /// The site's person who was signed in by a token; none for who may change everything.
    pub person: Option<(SiteId, PersonId)>,
    /// When it ends.
    pub expires_at: Micros,
}

/// A site as the console has saved it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedSite {
    /// Which.
    pub site: SiteId,
    /// The configuration, as JSON.
    pub body: String,
    /// Grows with each change, from 1 on.
    pub version: u32,
}

/// One line of the audit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditLine {
    /// When.
    pub at: Micros,
    /// Who.
    pub who: String,
    /// Of which site; none for the host.
    pub site: Option<SiteId>,
    /// What, as a word.
    pub what: String,
    /// What was different before, as a JSON object.
    pub before: String,
    /// What is different now, as a JSON object.
    pub after: String,
}

/// What widgets of a site met on pages of an origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldReport {
    /// What it was, as a word.
    pub code: String,
    /// The origin of the pages.
    pub origin: String,
    /// The path of the page where it was met last.
    pub page: String,
    /// How often it was reported.
    pub count: u32,
    /// When first.
    pub first_at: Micros,
    /// When last.
    pub last_at: Micros,
}

/// A change of what the console keeps.
#[derive(Clone, Debug)]
pub enum ConsoleChange {
    /// Make a link that opens the console once.
    PutLink {
        /// The hash of its token.
        hash: String,
        /// Until when it is good.
        expires_at: Micros,
    },
    /// Use such a link for a session; refused when it was used or is too old.
    UseLink {
        /// The hash of its token.
        hash: String,
        /// The session.
        session: ConsoleSession,
    },
    /// Open a session.
    PutSession(ConsoleSession),
    /// End a session.
    EndSession {
        /// The hash of its bearer.
        hash: String,
    },
    /// Save a site; refused when another version is kept than the one that was changed.
    PutSite {
        /// Which.
        site: SiteId,
        /// The configuration, as JSON.
        body: String,
        /// The version that was changed; 0 for a new one.
        version: u32,
    },
    /// Forget a site of the console, as long as it is of this version.
    DeleteSite {
        /// Which.
        site: SiteId,
        /// The version that was looked at.
        version: u32,
    },
    /// Note what a widget met; only so many kinds are kept of a site.
    Report {
        /// Of which site.
        site: SiteId,
        /// What it was.
        code: String,
        /// The origin of the page.
        origin: String,
        /// The path of the page.
        page: String,
    },
    /// Forget what was reported of a site.
    ClearReports {
        /// Which.
        site: SiteId,
    },
}

/// A change with its line of the audit; both are written or neither.
#[derive(Clone, Debug)]
pub struct ConsoleJob {
    /// What.
    pub change: ConsoleChange,
    /// Who, and what is told of it; none for what only programs do.
    pub audit: Option<AuditLine>,
    /// When.
    pub now: Micros,
}
