//! One entry as the statements give it: the columns and how they are read.

use stoa_rules::State;

use super::threads::json;
use crate::base::clock::Micros;
use crate::base::id::{EntryId, PersonId};
use crate::store::db::RowRef;
use crate::store::model::StoreError;

/// What is read of an entry `e`, in the order of its row, which spares `SQLite` to go back. `{key}` is what the list
/// is sorted by, `{page}` the key of its page or null for that of the call. The viewer's own marks on it are JSON, nothing
/// where nobody has put one. The arguments are those that all statements share.
pub(super) const COLUMNS: &str = "e.id, e.kind, e.parent, e.root, e.depth, e.author, e.parent_author, e.body, e.data, e.state, e.reason,
    e.version, e.created_at, e.edited_at, e.pinned, e.reply_count, e.answer_count, e.report_count, {key}, e.counts,
    case when $4 = '' or (e.counts = '' and e.report_count = 0) then '' else (
        select {gather}({array}(m.kind, m.value)) from marks m
        where m.site = $1 and m.plugin = $3 and m.target = e.id and m.person = $4
    ) end, e.edited_by, e.active_at, {page}";

/// An entry as it is kept, not yet as the viewer sees it.
#[derive(Debug)]
pub(super) struct EntryRow {
    pub(super) id: EntryId,
    pub(super) kind: String,
    /// None for a start.
    pub(super) parent: Option<EntryId>,
    pub(super) root: EntryId,
    pub(super) depth: u32,
    pub(super) author: Option<PersonId>,
    pub(super) parent_author: Option<PersonId>,
    pub(super) body: String,
    pub(super) data: String,
    pub(super) state: State,
    pub(super) reason: String,
    pub(super) version: u32,
    pub(super) created_at: Micros,
    pub(super) edited_at: Option<Micros>,
    pub(super) pinned: bool,
    pub(super) replies: u32,
    pub(super) answers: u32,
    pub(super) reports: u32,
    /// Its place in the list.
    pub(super) sort: i64,
    pub(super) counts: Vec<(String, String, u32)>,
    pub(super) mine: Vec<(String, String)>,
    pub(super) edited_by: Option<PersonId>,
    pub(super) active_at: Micros,
    /// None for the page of the call.
    pub(super) page: Option<String>,
}

impl EntryRow {
    /// # Errors
    /// `Database` for a row of other columns.
    pub(super) fn read(row: &RowRef<'_>) -> Result<Self, StoreError> {
        let word = row.str(9)?;
        let state = State::from_word(word)
            .ok_or_else(|| StoreError::Database(format!("{word} is no state of an entry")))?;
        Ok(Self {
            id: EntryId::from(row.str(0)?),
            kind: row.text(1)?,
            parent: row.maybe_str(2)?.map(EntryId::from),
            root: EntryId::from(row.str(3)?),
            depth: row.count(4)?,
            author: row.maybe_str(5)?.map(PersonId::from),
            parent_author: row.maybe_str(6)?.map(PersonId::from),
            body: row.text(7)?,
            data: row.text(8)?,
            state,
            reason: row.text(10)?,
            version: row.count(11)?,
            created_at: row.int(12)?,
            edited_at: row.maybe_int(13)?,
            pinned: row.flag(14)?,
            replies: row.count(15)?,
            answers: row.count(16)?,
            reports: row.count(17)?,
            sort: row.int(18)?,
            counts: list(row.str(19)?)?,
            mine: list(row.str(20)?)?,
            edited_by: row.maybe_str(21)?.map(PersonId::from),
            active_at: row.int(22)?,
            page: row.maybe_text(23)?,
        })
    }
}

/// A JSON array; nothing for no items.
fn list<'a, T: serde::Deserialize<'a>>(text: &'a str) -> Result<Vec<T>, StoreError> {
    if text.is_empty() { Ok(Vec::new()) } else { json(text) }
}
