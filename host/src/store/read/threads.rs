//! Threads and entries as a viewer may see them.

use std::collections::HashMap;

use serde::Deserialize;

use super::cursor::{Cursor, List};
use super::lines::{self, Given};
use super::people::People;
use super::statements::Statements;
use crate::base::clock::Micros;
use crate::base::id::{EntryId, PersonId, PluginName, SiteId};
use crate::base::map::{RandomState, Set};
use crate::store::db::{Database, Statement, Value, values};
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
    /// $1 to $6 of the statements.
    fn values(&self, since: Option<Micros>) -> Vec<Value> {
        let viewer = self.viewer.person.as_ref().map_or("", PersonId::as_str);
        values![
            self.site.as_str(),
            self.page_key,
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

/// A row of the statements, parsed.
struct Answer {
    total: u32,
    newer: u32,
    entries: Vec<Given>,
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
    let list = List::Threads(query.order);
    let mut values = scope.values(query.since);
    let (flag, key, id) = match &query.after {
        Some(text) => {
            let cursor = Cursor::read(text, list)?;
            let flag = i64::from(cursor.pinned != (query.order == Order::Oldest));
            (flag, cursor.key, cursor.id)
        }
        None if query.order == Order::Oldest => (-1, Micros::MIN, String::new()),
        None => (2, Micros::MAX, String::new()),
    };
    values.extend(values![flag, key, id, query.limit + 1, query.replies, json_of(&query.expanded)]);
    let Some(mut answer) = ask(source.database, source.statements.threads(query.order), values).await? else {
        return Ok(Threads::default());
    };
    let mut threads = split(std::mem::take(&mut answer.entries));
    threads.sort_by(|a, b| compare(&a.start, &b.start, query.order));
    let limit = usize::try_from(query.limit).unwrap_or(usize::MAX);
    let next = (threads.len() > limit).then(|| {
        threads.truncate(limit);
        threads.last().map(|last| cursor_after(&last.start).write(list))
    });
    let entries = joined(scope.viewer, threads);
    with_people(source, scope.site, answer, entries, next.flatten()).await
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
    let mut values = scope.values(None);
    values.extend(values![id.as_str(), key, last, limit + 1]);
    let Some(mut answer) = ask(source.database, &source.statements.thread, values).await? else {
        return Ok(None);
    };
    let mut threads = split(std::mem::take(&mut answer.entries));
    let Some(thread) = threads.first_mut() else {
        return Ok(None);
    };
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let next = (thread.answers.len() > limit).then(|| {
        thread.answers.truncate(limit);
        thread.answers.last().map(|last| cursor_after(last).write(List::Answers))
    });
    let entries = joined(scope.viewer, threads);
    with_people(source, scope.site, answer, entries, next.flatten()).await.map(Some)
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
    let mut values = scope.values(None);
    values.extend(values![json_of(ids)]);
    let Some(mut answer) = ask(source.database, &source.statements.entries, values).await? else {
        return Ok(Threads::default());
    };
    let mut found: HashMap<EntryId, Given> =
        std::mem::take(&mut answer.entries).into_iter().map(|given| (given.id.clone(), given)).collect();
    let entries =
        ids.iter().filter_map(|id| found.remove(id)).map(|given| shown(scope.viewer, given)).collect();
    with_people(source, scope.site, answer, entries, None).await
}

async fn ask(
    database: &Database,
    statement: impl Into<Statement>,
    values: Vec<Value>,
) -> Result<Option<Answer>, StoreError> {
    // No thread row yet: nothing has been written on this page.
    let Some(row) = database.row(statement, values).await? else {
        return Ok(None);
    };
    Ok(Some(Answer { total: row.count(0)?, newer: row.count(1)?, entries: lines::read(row.str(2)?)? }))
}

/// A start with some of its answers, the oldest first.
struct Thread {
    start: Given,
    answers: Vec<Given>,
}

/// Answers follow their start; the order is otherwise not promised.
fn split(entries: Vec<Given>) -> Vec<Thread> {
    let mut threads: Vec<Thread> = Vec::with_capacity(entries.len());
    for given in entries {
        if given.depth == 0 {
            threads.push(Thread { start: given, answers: Vec::new() });
        } else if let Some(thread) = threads.last_mut() {
            thread.answers.push(given);
        }
    }
    for thread in &mut threads {
        thread.answers.sort_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
    }
    threads
}

fn joined(viewer: &Viewer, threads: Vec<Thread>) -> Vec<Entry> {
    let count = threads.iter().map(|thread| 1 + thread.answers.len()).sum();
    let mut entries = Vec::with_capacity(count);
    for thread in threads {
        entries.push(shown(viewer, thread.start));
        entries.extend(thread.answers.into_iter().map(|given| shown(viewer, given)));
    }
    entries
}

async fn with_people(
    source: &Source<'_>,
    site: &SiteId,
    answer: Answer,
    entries: Vec<Entry>,
    next: Option<String>,
) -> Result<Threads, StoreError> {
    let people = source.people.get(source, site, &named(&entries)).await?;
    Ok(Threads { entries, people, total: answer.total, next, newer: answer.newer })
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
    let parent = if given.depth == 0 { None } else { given.parent.or_else(|| Some(given.root.clone())) };
    Entry {
        id: given.id,
        kind: given.kind,
        parent,
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

/// Compares starts as their statement sorts them.
fn compare(a: &Given, b: &Given, order: Order) -> std::cmp::Ordering {
    let pinned = b.pinned.cmp(&a.pinned);
    let rising = (a.sort, &a.id).cmp(&(b.sort, &b.id));
    pinned.then(if order == Order::Oldest { rising } else { rising.reverse() })
}

fn cursor_after(given: &Given) -> Cursor {
    Cursor { pinned: given.pinned, key: given.sort, id: given.id.as_str().to_owned() }
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
