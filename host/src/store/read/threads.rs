//! Threads and entries as a viewer may see them.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Deserialize;
use stoa_rules::limits::{EXPANDED_MAX, IDS_MAX, LIMIT_MAX, REPLIES_EXPANDED_MAX, REPLIES_MAX};
use stoa_rules::{Fields, State};

use super::cursor::{Cursor, List};
use super::people::People;
use super::row::EntryRow;
use super::statements::{KEPT_BACK, Statements, thread_of};
use crate::base::clock::Micros;
use crate::base::id::{EntryId, PersonId, PluginName, SiteId};
use crate::base::map::{RandomState, Set};
use crate::store::db::{Database, Reader, RowRef, Value, values};
use crate::store::model::{Entry, Found, Order, StoreError, ThreadQuery, Threads, Viewer, fields_of};

/// What every read of entries is about.
#[derive(Clone, Copy)]
pub(in crate::store) struct Context<'a> {
    pub(in crate::store) site: &'a SiteId,
    pub(in crate::store) plugin: &'a PluginName,
    pub(in crate::store) page_key: &'a str,
    pub(in crate::store) viewer: &'a Viewer,
}

impl Context<'_> {
    /// $1 to $6 of the statements; `second` is the page's key or the thread's number.
    pub(super) fn values(&self, second: Value, since: Option<Micros>) -> Vec<Value> {
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

    /// As [`Self::values`] for statements about several pages: there the second is the page that the session's token names,
    /// which may be read whatever is known of its readers.
    pub(super) fn values_anywhere(&self, since: Option<Micros>) -> Vec<Value> {
        self.values(self.viewer.vouched.as_deref().unwrap_or_default().into(), since)
    }

    /// Whether the session's token names the page.
    pub(super) fn is_vouched(&self) -> bool {
        self.viewer.vouched.as_deref() == Some(self.page_key)
    }
}

/// Where threads are read from.
pub(in crate::store) struct Source<'a> {
    pub(in crate::store) database: &'a Database,
    pub(in crate::store) statements: &'a Statements,
    pub(in crate::store) people: &'a People,
}

/// The thread of a plugin on a page.
pub(super) struct Thread {
    pub(super) number: i64,
    pub(super) total: u32,
    pub(super) newer: u32,
}

impl Thread {
    /// None where nothing was ever written, or nothing may be read.
    async fn find(
        reader: &mut Reader<'_>,
        context: &Context<'_>,
        since: Option<Micros>,
    ) -> Result<Option<Self>, StoreError> {
        let values = context.values(context.page_key.into(), since);
        reader.row(thread_of(context.is_vouched()), values, Self::read).await
    }

    pub(super) fn read(row: &RowRef<'_>) -> Result<Self, StoreError> {
        Ok(Self { number: row.int(0)?, total: row.count(1)?, newer: row.count(2)? })
    }

    async fn with_people(
        self,
        source: &Source<'_>,
        context: &Context<'_>,
        given: Vec<EntryRow>,
        next: Option<String>,
    ) -> Result<Threads, StoreError> {
        let entries = shown_all(context, given)?;
        let people = source.people.get(source, context.site, &named(&entries)).await?;
        Ok(Threads { entries, people, total: self.total, next, newer: self.newer })
    }
}

/// The threads of a page.
///
/// # Errors
/// `Invalid` for numbers out of range and for a cursor of another list; `Database`.
pub(in crate::store) async fn list_threads(
    source: &Source<'_>,
    context: &Context<'_>,
    query: &ThreadQuery,
) -> Result<Threads, StoreError> {
    within("limit", query.limit, 1, LIMIT_MAX)?;
    within("replies", query.replies, 0, REPLIES_MAX)?;
    if query.expanded.len() > EXPANDED_MAX {
        return Err(StoreError::Invalid(format!("at most {EXPANDED_MAX} threads can be expanded")));
    }
    let after = starts_after(query)?;
    let mut reader = source.database.snapshot()?;
    let Some(thread) = Thread::find(&mut reader, context, query.since).await? else {
        return Ok(Threads::default());
    };
    let shared = context.values(thread.number.into(), query.since);
    let mut values = shared.clone();
    values.extend(after);
    values.extend(values![query.limit + 1]);
    let mut starts = reader.rows(source.statements.starts(query.order), &values, EntryRow::read).await?;
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
    let answers = reader.rows_of_each(&source.statements.answers, &shared, &own, EntryRow::read).await?;
    drop(reader);
    let mut entries = Vec::with_capacity(starts.len() * 4);
    for (start, mut answers) in starts.into_iter().zip(answers) {
        entries.push(start);
        entries.append(&mut answers);
    }
    thread.with_people(source, context, entries, next).await
}

/// $7 to $10 of the statement for answers.
fn answers_of(query: &ThreadQuery, start: &EntryId) -> Vec<Value> {
    let limit = if query.expanded.contains(start) { REPLIES_EXPANDED_MAX } else { query.replies };
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

/// One thread from its start, whichever of its entries is named; none when the viewer may not see its start. `anywhere`:
/// on any page of the site.
///
/// # Errors
/// `Invalid` for a limit out of range and for a cursor of another list; `Database`.
pub(in crate::store) async fn get_thread(
    source: &Source<'_>,
    context: &Context<'_>,
    anywhere: bool,
    id: &EntryId,
    (after, limit): (Option<&str>, u32),
) -> Result<Option<Found>, StoreError> {
    within("limit", limit, 1, REPLIES_EXPANDED_MAX)?;
    let cursor = after.map(|text| Cursor::read(text, List::Answers)).transpose()?;
    let (key, last) = cursor.map_or((Micros::MIN, String::new()), |cursor| (cursor.key, cursor.id));
    let mut reader = source.database.snapshot()?;
    let Some(pages) = Reach::find(&mut reader, context, anywhere).await? else {
        return Ok(None);
    };
    let statements = source.statements;
    let (start, answers) = match anywhere {
        true => (&statements.start_anywhere, &statements.answers_anywhere),
        false => (&statements.start, &statements.answers),
    };
    let mut values = pages.shared.clone();
    values.extend(values![id.as_str()]);
    let mut entries = reader.rows(start, &values, EntryRow::read).await?;
    let Some(start) = entries.first() else {
        return Ok(None);
    };
    let mut values = pages.shared;
    values.extend(values![start.id.as_str(), key, last, limit + 1]);
    let mut replies = reader.rows(answers, &values, EntryRow::read).await?;
    drop(reader);
    let next = cut(&mut replies, limit, List::Answers);
    entries.append(&mut replies);
    let entries = shown_all(context, entries)?;
    let people = source.people.get(source, context.site, &named(&entries)).await?;
    Ok(Some(Found { entries, people, total: pages.total, next, newer: 0 }))
}

/// Entries by id, in the order asked for; those that are not there for this viewer are left out. `anywhere`: on any
/// page of the site.
///
/// # Errors
/// `Invalid` for more than 100 ids; `Database`.
pub(in crate::store) async fn get_entries(
    source: &Source<'_>,
    context: &Context<'_>,
    anywhere: bool,
    ids: &[EntryId],
) -> Result<Found, StoreError> {
    if ids.len() > IDS_MAX {
        return Err(StoreError::Invalid(format!("at most {IDS_MAX} entries can be read at a time")));
    }
    let mut reader = source.database.snapshot()?;
    let Some(pages) = Reach::find(&mut reader, context, anywhere).await? else {
        return Ok(Found::default());
    };
    let statement = if anywhere { &source.statements.by_id_anywhere } else { &source.statements.by_id };
    let mut values = pages.shared;
    values.extend(values![json_of(ids)]);
    let found = reader.rows(statement, &values, EntryRow::read).await?;
    drop(reader);
    let mut found: HashMap<EntryId, EntryRow> =
        found.into_iter().map(|given| (given.id.clone(), given)).collect();
    let entries = ids.iter().filter_map(|id| found.remove(id)).collect();
    let entries = shown_all(context, entries)?;
    let people = source.people.get(source, context.site, &named(&entries)).await?;
    Ok(Found { entries, people, total: pages.total, next: None, newer: 0 })
}

/// Where entries are looked for by id.
struct Reach {
    /// $1 to $6 of the statements.
    shared: Vec<Value>,
    total: Option<u32>,
}

impl Reach {
    /// None where nothing was ever written.
    async fn find(
        reader: &mut Reader<'_>,
        context: &Context<'_>,
        anywhere: bool,
    ) -> Result<Option<Self>, StoreError> {
        if anywhere {
            return Ok(Some(Self { shared: context.values_anywhere(None), total: None }));
        }
        let thread = Thread::find(reader, context, None).await?;
        Ok(thread.map(|thread| Self {
            shared: context.values(thread.number.into(), None),
            total: Some(thread.total),
        }))
    }
}

/// A list read with one item too many: as many as were asked for, and where it goes on.
fn cut(list: &mut Vec<EntryRow>, limit: u32, kind: List) -> Option<String> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if list.len() <= limit {
        return None;
    }
    list.truncate(limit);
    list.last().map(|last| {
        Cursor { pinned: last.pinned, key: last.sort, id: last.id.as_str().to_owned() }.write(kind)
    })
}

/// Entries as the viewer sees them.
pub(super) fn shown_all(context: &Context<'_>, given: Vec<EntryRow>) -> Result<Vec<Entry>, StoreError> {
    let here: Arc<str> = context.page_key.into();
    given.into_iter().map(|given| shown(context.viewer, &here, given)).collect()
}

/// Everybody named, each once.
pub(super) fn named(entries: &[Entry]) -> Vec<&PersonId> {
    let mut seen = Set::with_capacity_and_hasher(entries.len(), RandomState::default());
    let named = entries.iter().flat_map(|entry| [&entry.author, &entry.parent_author]).flatten();
    named.filter(|id| seen.insert(*id)).collect()
}

/// An entry as this viewer sees it. Of what is deleted or removed only the place is left; held and rejected
/// entries of others look removed to those who do not moderate (they come only when answers hang on them).
fn shown(viewer: &Viewer, here: &Arc<str>, given: EntryRow) -> Result<Entry, StoreError> {
    let own = given.author.is_some() && given.author == viewer.person;
    let trusted = own || viewer.moderates;
    let open = match given.state {
        State::Visible => true,
        State::Held | State::Rejected => trusted,
        State::Deleted | State::Removed => false,
    };
    let waiting = matches!(given.state, State::Held | State::Rejected);
    let edited_by_moderator = open && given.edited_by.is_some() && given.edited_by != given.author;
    Ok(Entry {
        id: given.id,
        kind: given.kind,
        parent: given.parent,
        root: given.root,
        depth: given.depth,
        author: given.author.filter(|_| open),
        parent_author: given.parent_author,
        body: if open { given.body } else { String::new() },
        fields: if open { fields_of(&given.data)? } else { Fields::new() },
        state: if waiting && !open { State::Removed } else { given.state },
        reason: if trusted { given.reason } else { String::new() },
        version: given.version,
        created_at: given.created_at,
        edited_at: given.edited_at.filter(|_| open),
        edited_by_moderator,
        active_at: given.active_at,
        page: given.page.map_or_else(|| Arc::clone(here), Arc::from),
        pinned: given.pinned,
        replies: given.replies,
        replied: given.answers > 0,
        reports: if viewer.moderates { given.reports } else { 0 },
        counts: if open { given.counts } else { Vec::new() },
        mine: if open { given.mine } else { Vec::new() },
    })
}

pub(super) fn within(name: &str, number: u32, least: u32, most: u32) -> Result<(), StoreError> {
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
