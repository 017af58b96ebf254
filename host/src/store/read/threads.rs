//! Threads and entries as a viewer may see them.

use std::collections::HashMap;

use serde::Deserialize;

use super::cursor::{Cursor, List};
use super::given::Given;
use super::people::People;
use super::statements::{KEPT_BACK, Statements, THREAD};
use crate::base::clock::Micros;
use crate::base::id::{EntryId, PersonId, PluginName, SiteId};
use crate::base::map::{RandomState, Set};
use crate::store::db::{Database, Reader, RowRef, Value, values};
use crate::store::model::{Entry, Order, State, StoreError, ThreadQuery, Threads, Viewer};

/// Starts of threads in one list at the most.
const STARTS_MAX: u32 = 100;
/// Answers of each start in a list at the most.
const REPLIES_MAX: u32 = 50;
/// Threads of a list that can be opened further.
const EXPANDED_MAX: usize = 20;
/// Answers of one thread, and entries by id, at a time.
const ANSWERS_MAX: u32 = 200;
const IDS_MAX: usize = 100;

/// What every read of entries is about.
pub(in crate::store) struct Scope<'a> {
    pub(in crate::store) site: &'a SiteId,
    pub(in crate::store) plugin: &'a PluginName,
    pub(in crate::store) page_key: &'a str,
    pub(in crate::store) viewer: &'a Viewer,
}

impl Scope<'_> {
    /// $1 to $6 of the statements; `second` is the page's key or the thread's number.
    fn values(&self, second: Value, since: Option<Micros>) -> Vec<Value> {
        let viewer = self.viewer.person.as_ref().map_or("", PersonId::as_str);
        values![
            self.site.as_str(),
            second,
            self.plugin.as_str(),
            viewer,
            self.viewer.moderates,
            since.unwrap_or(Micros::MAX)
        ]
    }
}

/// Where threads are read from.
pub(in crate::store) struct Source<'a> {
    pub(in crate::store) database: &'a Database,
    pub(in crate::store) statements: &'a Statements,
    pub(in crate::store) people: &'a People,
}

/// The thread of a plugin on a page.
struct Thread {
    number: i64,
    total: u32,
    newer: u32,
}

impl Thread {
    /// None where nothing was ever written.
    async fn find(
        reader: &mut Reader<'_>,
        scope: &Scope<'_>,
        since: Option<Micros>,
    ) -> Result<Option<Self>, StoreError> {
        let values = scope.values(scope.page_key.into(), since);
        let thread =
            |row: &RowRef<'_>| Ok(Self { number: row.int(0)?, total: row.count(1)?, newer: row.count(2)? });
        reader.row(THREAD, &values, thread).await
    }

    async fn with_people(
        self,
        source: &Source<'_>,
        scope: &Scope<'_>,
        given: Vec<Given>,
        next: Option<String>,
    ) -> Result<Threads, StoreError> {
        let entries: Vec<Entry> = given.into_iter().map(|given| shown(scope.viewer, given)).collect();
        let people = source.people.get(source, scope.site, &named(&entries)).await?;
        Ok(Threads { entries, people, total: self.total, next, newer: self.newer })
    }
}

/// The threads of a page.
///
/// # Errors
/// `Invalid` for numbers out of range and for a cursor of another list; `Database`.
pub(in crate::store) async fn list_threads(
    source: &Source<'_>,
    scope: &Scope<'_>,
    query: &ThreadQuery,
) -> Result<Threads, StoreError> {
    within("limit", query.limit, 1, STARTS_MAX)?;
    within("replies", query.replies, 0, REPLIES_MAX)?;
    if query.expanded.len() > EXPANDED_MAX {
        return Err(StoreError::Invalid(format!("at most {EXPANDED_MAX} threads can be expanded")));
    }
    let after = starts_after(query)?;
    let mut reader = source.database.snapshot()?;
    let Some(thread) = Thread::find(&mut reader, scope, query.since).await? else {
        return Ok(Threads::default());
    };
    let shared = scope.values(thread.number.into(), query.since);
    let mut values = shared.clone();
    values.extend(after);
    values.extend(values![query.limit + 1]);
    let mut starts = reader.rows(source.statements.starts(query.order), &values, Given::read).await?;
    let next = cut(&mut starts, query.limit, List::Threads(query.order));
    if thread.newer > 0 {
        let kept_back = |row: &RowRef<'_>| Ok((EntryId::from(row.str(0)?), row.count(1)?));
        let kept_back: HashMap<EntryId, u32> =
            reader.rows(KEPT_BACK, &shared, kept_back).await?.into_iter().collect();
        for start in &mut starts {
            start.replies = start.replies.saturating_sub(kept_back.get(&start.id).copied().unwrap_or(0));
        }
    }
    let own: Vec<Vec<Value>> = starts.iter().map(|start| answers_of(query, &start.id)).collect();
    let answers = reader.rows_of_each(&source.statements.answers, &shared, &own, Given::read).await?;
    drop(reader);
    let mut entries = Vec::with_capacity(starts.len() * 4);
    for (start, mut answers) in starts.into_iter().zip(answers) {
        entries.push(start);
        entries.append(&mut answers);
    }
    thread.with_people(source, scope, entries, next).await
}

/// $7 to $10 of the statement for answers.
fn answers_of(query: &ThreadQuery, start: &EntryId) -> Vec<Value> {
    let limit = if query.expanded.contains(start) { ANSWERS_MAX } else { query.replies };
    values![start.as_str(), Micros::MIN, "", limit]
}

/// $7 to $9 of the statements for starts.
fn starts_after(query: &ThreadQuery) -> Result<Vec<Value>, StoreError> {
    let oldest = query.order == Order::Oldest;
    Ok(match &query.after {
        Some(text) => {
            let cursor = Cursor::read(text, List::Threads(query.order))?;
            values![cursor.pinned != oldest, cursor.key, cursor.id]
        }
        None if oldest => values![-1_i64, Micros::MIN, ""],
        None => values![2_i64, Micros::MAX, ""],
    })
}

/// One thread from its start, whichever of its entries is named; none when the viewer may not see its start.
///
/// # Errors
/// `Invalid` for a limit out of range and for a cursor of another list; `Database`.
pub(in crate::store) async fn get_thread(
    source: &Source<'_>,
    scope: &Scope<'_>,
    id: &EntryId,
    after: Option<&str>,
    limit: u32,
) -> Result<Option<Threads>, StoreError> {
    within("limit", limit, 1, ANSWERS_MAX)?;
    let cursor = after.map(|text| Cursor::read(text, List::Answers)).transpose()?;
    let (key, last) = cursor.map_or((Micros::MIN, String::new()), |cursor| (cursor.key, cursor.id));
    let mut reader = source.database.snapshot()?;
    let Some(thread) = Thread::find(&mut reader, scope, None).await? else {
        return Ok(None);
    };
    let shared = scope.values(thread.number.into(), None);
    let mut values = shared.clone();
    values.extend(values![id.as_str()]);
    let mut entries = reader.rows(&source.statements.start, &values, Given::read).await?;
    let Some(start) = entries.first() else {
        return Ok(None);
    };
    let mut values = shared;
    values.extend(values![start.id.as_str(), key, last, limit + 1]);
    let mut answers = reader.rows(&source.statements.answers, &values, Given::read).await?;
    drop(reader);
    let next = cut(&mut answers, limit, List::Answers);
    entries.append(&mut answers);
    thread.with_people(source, scope, entries, next).await.map(Some)
}

/// Entries by id, in the order asked for; those that are not there for this viewer are left out.
///
/// # Errors
/// `Invalid` for more than 100 ids; `Database`.
pub(in crate::store) async fn get_entries(
    source: &Source<'_>,
    scope: &Scope<'_>,
    ids: &[EntryId],
) -> Result<Threads, StoreError> {
    if ids.len() > IDS_MAX {
        return Err(StoreError::Invalid(format!("at most {IDS_MAX} entries can be read at a time")));
    }
    let mut reader = source.database.snapshot()?;
    let Some(thread) = Thread::find(&mut reader, scope, None).await? else {
        return Ok(Threads::default());
    };
    let mut values = scope.values(thread.number.into(), None);
    values.extend(values![json_of(ids)]);
    let found = reader.rows(&source.statements.by_id, &values, Given::read).await?;
    drop(reader);
    let mut found: HashMap<EntryId, Given> =
        found.into_iter().map(|given| (given.id.clone(), given)).collect();
    let entries = ids.iter().filter_map(|id| found.remove(id)).collect();
    thread.with_people(source, scope, entries, None).await
}

/// A list read with one item too many: as many as were asked for, and where it goes on.
fn cut(list: &mut Vec<Given>, limit: u32, kind: List) -> Option<String> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if list.len() <= limit {
        return None;
    }
    list.truncate(limit);
    list.last().map(|last| {
        Cursor { pinned: last.pinned, key: last.sort, id: last.id.as_str().to_owned() }.write(kind)
    })
}

/// Everybody named, each once.
fn named(entries: &[Entry]) -> Vec<&PersonId> {
    let mut seen = Set::with_capacity_and_hasher(entries.len(), RandomState::default());
    let named = entries.iter().flat_map(|entry| [&entry.author, &entry.parent_author]).flatten();
    named.filter(|id| seen.insert(*id)).collect()
}

/// An entry as this viewer sees it. Of what is deleted or removed only the place is left; held and rejected
/// entries of others look removed to those who do not moderate (they come only when answers hang on them).
fn shown(viewer: &Viewer, given: Given) -> Entry {
    let own = given.author.is_some() && given.author == viewer.person;
    let trusted = own || viewer.moderates;
    let open = match given.state {
        State::Visible => true,
        State::Held | State::Rejected => trusted,
        State::Deleted | State::Removed => false,
    };
    let waiting = matches!(given.state, State::Held | State::Rejected);
    Entry {
        id: given.id,
        kind: given.kind,
        parent: given.parent,
        root: given.root,
        depth: given.depth,
        author: given.author.filter(|_| open),
        parent_author: given.parent_author,
        body: if open { given.body } else { String::new() },
        data: if open { given.data } else { String::new() },
        state: if waiting && !open { State::Removed } else { given.state },
        reason: if trusted { given.reason } else { String::new() },
        version: given.version,
        created_at: given.created_at,
        edited_at: given.edited_at.filter(|_| open),
        pinned: given.pinned,
        replies: given.replies,
        answered: given.answers > 0,
        reports: if viewer.moderates { given.reports } else { 0 },
        counts: if open { given.counts } else { Vec::new() },
        mine: if open { given.mine } else { Vec::new() },
    }
}

fn within(name: &str, number: u32, least: u32, most: u32) -> Result<(), StoreError> {
    if (least..=most).contains(&number) {
        return Ok(());
    }
    Err(StoreError::Invalid(format!("{name} is {least} to {most}, not {number}")))
}

pub(in crate::store) fn json<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Database(format!("JSON in the database: {error}")))
}

fn json_of(ids: &[EntryId]) -> String {
    serde_json::to_string(ids).expect("a list of texts is always JSON")
}
