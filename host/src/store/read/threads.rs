//! Threads and entries as a viewer may see them.

use std::collections::HashMap;

use serde::Deserialize;

use super::cursor::{Cursor, List};
use super::statements::Statements;
use crate::base::clock::Micros;
use crate::base::id::{EntryId, PersonId, PluginName, SiteId};
use crate::store::db::{Database, Row, Statement, Value, values};
use crate::store::model::{Entry, Order, Person, State, StoreError, ThreadQuery, Threads, Viewer};

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

/// One entry as the statements give it.
#[derive(Deserialize)]
struct Given {
    sort: i64,
    id: EntryId,
    kind: String,
    parent: Option<EntryId>,
    root: EntryId,
    depth: u32,
    author: Option<PersonId>,
    parent_author: Option<PersonId>,
    body: String,
    data: String,
    state: State,
    reason: String,
    version: u32,
    created_at: Micros,
    edited_at: Option<Micros>,
    pinned: u8,
    replies: u32,
    answers: u32,
    reports: u32,
    counts: String,
    mine: Option<Vec<(String, String)>>,
}

#[derive(Deserialize)]
struct GivenPerson(PersonId, String, String, String, String, u8);

/// A row of the statements, parsed.
struct Answer {
    total: u32,
    newer: u32,
    entries: Vec<Given>,
    people: Vec<Person>,
}

/// The threads of a page.
///
/// # Errors
/// `Invalid` for numbers out of range and for a cursor of another list; `Database`.
pub(in crate::store) async fn list_threads(
    database: &Database,
    statements: &Statements,
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
    let Some(mut answer) = ask(database, statements.threads(query.order), values).await? else {
        return Ok(Threads::default());
    };
    let (mut starts, answers): (Vec<Given>, Vec<Given>) =
        std::mem::take(&mut answer.entries).into_iter().partition(|given| given.parent.is_none());
    starts.sort_by(|a, b| compare(a, b, query.order));
    let limit = usize::try_from(query.limit).unwrap_or(usize::MAX);
    let next = (starts.len() > limit).then(|| {
        starts.truncate(limit);
        starts.last().map(|last| cursor_after(last).write(list))
    });
    Ok(threads(scope.viewer, answer, starts, answers, next.flatten()))
}

/// One thread from its start, whichever of its entries is named; none when the viewer may not see its start.
///
/// # Errors
/// `Invalid` for a limit out of range and for a cursor of another list; `Database`.
pub(in crate::store) async fn get_thread(
    database: &Database,
    statements: &Statements,
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
    let Some(mut answer) = ask(database, &statements.thread, values).await? else {
        return Ok(None);
    };
    let (starts, mut answers): (Vec<Given>, Vec<Given>) =
        std::mem::take(&mut answer.entries).into_iter().partition(|given| given.parent.is_none());
    if starts.is_empty() {
        return Ok(None);
    }
    answers.sort_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let next = (answers.len() > limit).then(|| {
        answers.truncate(limit);
        answers.last().map(|last| cursor_after(last).write(List::Answers))
    });
    Ok(Some(threads(scope.viewer, answer, starts, answers, next.flatten())))
}

/// Entries by id, in the order asked for; those that are not there for this viewer are left out.
///
/// # Errors
/// `Invalid` for more than 100 ids; `Database`.
pub(in crate::store) async fn get_entries(
    database: &Database,
    statements: &Statements,
    scope: &Scope<'_>,
    ids: &[EntryId],
) -> Result<Threads, StoreError> {
    if ids.len() > IDS_MAX {
        return Err(StoreError::Invalid(format!("at most {IDS_MAX} entries can be read at a time")));
    }
    let mut values = scope.values(None);
    values.extend(values![json_of(ids)]);
    let Some(mut answer) = ask(database, &statements.entries, values).await? else {
        return Ok(Threads::default());
    };
    let mut found: HashMap<EntryId, Given> =
        std::mem::take(&mut answer.entries).into_iter().map(|given| (given.id.clone(), given)).collect();
    let entries =
        ids.iter().filter_map(|id| found.remove(id)).map(|given| shown(scope.viewer, given)).collect();
    Ok(with_people(answer, entries, None))
}

async fn ask(
    database: &Database,
    statement: impl Into<Statement>,
    values: Vec<Value>,
) -> Result<Option<Answer>, StoreError> {
    let Some(row) = database.row(statement, values).await? else {
        return Ok(None);
    };
    // No thread row yet: nothing has been written on this page.
    if row.maybe_int(0)?.is_none() { Ok(None) } else { parse(&row).map(Some) }
}

fn parse(row: &Row) -> Result<Answer, StoreError> {
    let people: Vec<GivenPerson> = json(row.str(3)?)?;
    Ok(Answer {
        total: row.count(0)?,
        newer: row.count(1)?,
        entries: json(row.str(2)?)?,
        people: people
            .into_iter()
            .map(|GivenPerson(id, name, title, team, roles, active)| {
                Ok(Person { id, name, title, team, roles: json(&roles)?, active: active != 0 })
            })
            .collect::<Result<_, StoreError>>()?,
    })
}

/// Each start followed by its answers, the oldest first.
fn threads(
    viewer: &Viewer,
    answer: Answer,
    starts: Vec<Given>,
    answers: Vec<Given>,
    next: Option<String>,
) -> Threads {
    let mut below: HashMap<EntryId, Vec<Given>> = HashMap::with_capacity(starts.len());
    for given in answers {
        below.entry(given.root.clone()).or_default().push(given);
    }
    let mut entries = Vec::with_capacity(starts.len() * 4);
    for start in starts {
        let mut own = below.remove(&start.id).unwrap_or_default();
        own.sort_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
        entries.push(shown(viewer, start));
        entries.extend(own.into_iter().map(|given| shown(viewer, given)));
    }
    with_people(answer, entries, next)
}

fn with_people(answer: Answer, entries: Vec<Entry>, next: Option<String>) -> Threads {
    let Answer { total, newer, mut people, .. } = answer;
    let named: std::collections::HashSet<&PersonId> =
        entries.iter().flat_map(|entry| [&entry.author, &entry.parent_author]).flatten().collect();
    people.retain(|person| named.contains(&person.id));
    Threads { entries, people, total, next, newer }
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
        pinned: given.pinned != 0,
        replies: given.replies,
        answered: given.answers > 0,
        reports: if viewer.moderates { given.reports } else { 0 },
        counts: if open && !given.counts.is_empty() {
            serde_json::from_str(&given.counts).unwrap_or_default()
        } else {
            Vec::new()
        },
        mine: if open { given.mine.unwrap_or_default() } else { Vec::new() },
    }
}

/// Compares starts as their statement sorts them.
fn compare(a: &Given, b: &Given, order: Order) -> std::cmp::Ordering {
    let pinned = b.pinned.cmp(&a.pinned);
    let rising = (a.sort, &a.id).cmp(&(b.sort, &b.id));
    pinned.then(if order == Order::Oldest { rising } else { rising.reverse() })
}

fn cursor_after(given: &Given) -> Cursor {
    Cursor { pinned: given.pinned != 0, key: given.sort, id: given.id.as_str().to_owned() }
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
