//! Entries and lists of them, as they are read.

use std::sync::Arc;

use stoa_rules::{Fields, State, fields_from_json};

use super::{Person, StoreError};
use crate::base::clock::Micros;
use crate::base::id::{EntryId, PersonId};

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
    /// The fields but the body.
    pub fields: Fields,
    /// The moderation state.
    pub state: State,
    /// Why it is held or refused; empty unless the viewer is its author or moderates.
    pub reason: String,
    /// Grows by one with each change of the entry itself.
    pub version: u32,
    /// When it was written.
    pub created_at: Micros,
    /// When a text of it was changed.
    pub edited_at: Option<Micros>,
    /// Whether somebody else than its author has changed a text last.
    pub edited_by_moderator: bool,
    /// When it was created or edited, or got its newest visible reply at any depth.
    pub active_at: Micros,
    /// The key of its page.
    pub page: Arc<str>,
    /// Whether it is pinned.
    pub pinned: bool,
    /// Visible replies at any depth.
    pub replies: u32,
    /// Whether somebody else than its author has replied to it visibly.
    pub replied: bool,
    /// Distinct people who report it; 0 unless the viewer moderates.
    pub reports: u32,
    /// Marks by kind and value, the 64 most used; `report` is left out.
    pub counts: Vec<(String, String, u32)>,
    /// The viewer's own marks by kind.
    pub mine: Vec<(String, String)>,
}

/// What entries with a similar title are looked for by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Similar {
    /// On which pages.
    pub scope: stoa_rules::Scope,
    /// Of this kind.
    pub kind: String,
    /// The field with the title.
    pub title: String,
    /// The text.
    pub text: String,
    /// How many at the most.
    pub limit: u32,
}

/// Fields as they are kept; empty for none.
pub(in crate::store) fn fields_of(data: &str) -> Result<Fields, StoreError> {
    if data.is_empty() {
        return Ok(Fields::new());
    }
    fields_from_json(data).map_err(|error| StoreError::Database(format!("fields in the database: {error}")))
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

/// Entries of a query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Each entry followed by its replies, oldest first.
    pub entries: Vec<Entry>,
    /// Everybody named in them (authors and parents' authors).
    pub people: Vec<Arc<Person>>,
    /// How many visible entries match, 10,000 at most; none where more than 10,000 entries would have to be looked at.
    pub total: Option<u32>,
    /// Where the list continues.
    pub next: Option<String>,
    /// How many entries `since` keeps back, 1,000 at most.
    pub newer: u32,
}

/// Somebody who has put a mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Who.
    pub person: PersonId,
    /// With which value.
    pub value: String,
    /// When.
    pub put_at: Micros,
}

/// A part of those who have put a mark.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holders {
    /// The newest first.
    pub items: Vec<Holder>,
    /// Where the list continues.
    pub next: Option<String>,
}

/// The earlier texts of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// Which version it was.
    pub version: u32,
    /// Who wrote it.
    pub author: Option<PersonId>,
    /// Whether that was somebody else than the author of the entry.
    pub by_moderator: bool,
    /// When it was replaced.
    pub replaced_at: Micros,
    /// The Markdown.
    pub body: String,
    /// The other texts.
    pub fields: Fields,
}
