//! Entries of a page, of several pages or of the site, by filters and in an order, each walked by an index.

mod cursor;
mod plan;
mod similar;
mod sql;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;
use std::collections::HashSet;
use std::sync::Arc;

use stoa_rules::limits::{EXPANDED_MAX, LIMIT_MAX, REPLIES_EXPANDED_MAX, REPLIES_MAX};
use stoa_rules::{Filter, Grouping, OrderBy, Query, Scope};

use super::row::EntryRow;
use super::statements::{GUARDED, PAGE_KEY, thread_of};
use super::threads::{Context, Source, Thread, list_threads, named, shown_all, within};
use crate::base::clock::Micros;
use crate::base::id::{EntryId, PluginName, SiteId};
use crate::store::db::{Dialect, Reader, RowRef, Value, values};
use crate::store::model::{Found, Order, StoreError, ThreadQuery, Viewer};
use cursor::{Key, Place, digest};
use plan::{Driver, Plan, Sort};
pub(in crate::store) use similar::find_similar;
use sql::{After, Builder, KeyType, Lane, Pages};

/// How many entries are looked at for the total of a list, and how many are counted at the most.
const TOTAL_MAX: u32 = 10_000;
/// How many entries are looked at to count those that match.
const LOOK_MAX: u32 = 100_000;
/// How many of the entries that `since` keeps back are counted.
const NEWER_MAX: u32 = 1_000;

/// The text of a field that a list is sorted by.
const KEY_TEXT: &str = "select f.text from entry_fields f
    where f.site = $1 and f.entry = $2 and f.name = $3 and f.item = 0 and f.text is not null";

/// Replies of others to $7 that are kept back: `newer` counts them, so the roots must not.
const KEPT_BACK: &str = "select count(*) from entries e
    where e.site = $1 and e.root = $7 and e.parent is not null and e.state = 'visible' and e.created_at > $6
        and e.author is distinct from $4 and e.plugin || '' = $3";

/// For the check that every statement can be prepared.
pub(super) const STATEMENTS: [&str; 4] = [KEY_TEXT, KEPT_BACK, similar::SIMILAR, GUARDED];

/// Entries that match.
///
/// # Errors
/// `Invalid` for numbers out of range and for a cursor of another query; `Database`.
pub(in crate::store) async fn query(
    source: &Source<'_>,
    context: &Context<'_>,
    query: &Query,
) -> Result<Found, StoreError> {
    within("limit", query.limit, 1, LIMIT_MAX)?;
    within("replies", query.replies, 0, REPLIES_MAX)?;
    if query.expanded.len() > EXPANDED_MAX {
        return Err(StoreError::Invalid(format!("at most {EXPANDED_MAX} threads can be expanded")));
    }
    if let Some(threads) = as_threads(query) {
        let threads = list_threads(source, context, &threads).await?;
        return Ok(Found {
            entries: threads.entries,
            people: threads.people,
            total: Some(threads.total),
            next: threads.next,
            newer: threads.newer,
        });
    }
    let asked = QueryContext::new(source, context);
    let replies = Arc::clone(&source.statements.answers_anywhere);
    let query = query.clone();
    let work = move |reader: &Reader<'_>| Listing { asked: &asked, query: &query, reader }.run(&replies);
    let listed = source.database.apart(work).await?;
    let entries = shown_all(context, listed.entries)?;
    let people = source.people.get(source, context.site, &named(&entries)).await?;
    Ok(Found { entries, people, total: listed.total, next: listed.next, newer: listed.newer })
}

/// The list of a page's threads, which has statements of its own.
fn as_threads(query: &Query) -> Option<ThreadQuery> {
    let order = match query.order {
        OrderBy::Newest => Order::Newest,
        OrderBy::Oldest => Order::Oldest,
        OrderBy::Top => Order::Top,
        OrderBy::Controversial => Order::Controversial,
        OrderBy::Active | OrderBy::Ascending(_) | OrderBy::Descending(_) => return None,
    };
    let whole = query.scope == Scope::Here && query.filters.iter().all(|filter| *filter == Filter::Roots);
    whole.then(|| ThreadQuery {
        order,
        after: query.after.clone(),
        limit: query.limit,
        replies: query.replies,
        expanded: query.expanded.iter().map(|id| EntryId::from(id.as_str())).collect(),
        since: query.since.map(|at| Micros::try_from(at).unwrap_or(Micros::MAX)),
    })
}

/// How many visible entries match.
///
/// # Errors
/// `Database`.
pub(in crate::store) async fn count(
    source: &Source<'_>,
    context: &Context<'_>,
    scope: &Scope,
    filters: &[Filter],
) -> Result<u32, StoreError> {
    let (asked, scope, filters) = (QueryContext::new(source, context), scope.clone(), filters.to_vec());
    let work = move |reader: &Reader<'_>| {
        let Some(place) = asked.find(reader, &scope, None)? else { return Ok(0) };
        let (_, found) = asked.counted(reader, &place, &filters, LOOK_MAX)?;
        Ok(found.min(TOTAL_MAX))
    };
    source.database.apart(work).await
}

/// How many visible entries match, by group.
///
/// # Errors
/// `Invalid` for a limit out of range; `Database`.
pub(in crate::store) async fn count_by(
    source: &Source<'_>,
    context: &Context<'_>,
    (scope, filters): (&Scope, &[Filter]),
    by: &Grouping,
    limit: u32,
) -> Result<Vec<(String, u32)>, StoreError> {
    within("limit", limit, 1, LIMIT_MAX)?;
    let (asked, scope, filters) = (QueryContext::new(source, context), scope.clone(), filters.to_vec());
    let by = by.clone();
    let work = move |reader: &Reader<'_>| {
        let Some(place) = asked.find(reader, &scope, None)? else { return Ok(Vec::new()) };
        let plan = Plan::count(&filters);
        let builder = asked.builder(&place, &plan);
        let (key, field) = match &by {
            Grouping::Author => ("e.author", None),
            Grouping::Kind => ("e.kind", None),
            Grouping::Page => (PAGE_KEY, None),
            Grouping::Field(name) => ("coalesce(x.text, cast(x.number as text))", Some(name.as_str())),
        };
        let statement = builder.count_by(key, field, TOTAL_MAX, limit);
        reader.rows_now(&statement.text, &statement.values, |row| Ok((row.text(0)?, row.count(1)?)))
    };
    source.database.apart(work).await
}

/// Who asks, for another thread.
struct QueryContext {
    dialect: Dialect,
    site: SiteId,
    plugin: PluginName,
    here: String,
    viewer: Viewer,
}

/// The pages that are asked for.
struct Searched {
    pages: Pages,
    /// $1 to $6 of all statements.
    shared: Vec<Value>,
    /// What is known of a single page.
    thread: Option<Thread>,
    /// Whether some of the pages may not be for the viewer.
    guarded: bool,
}

impl QueryContext {
    fn new(source: &Source<'_>, context: &Context<'_>) -> Self {
        Self {
            dialect: source.statements.dialect,
            site: context.site.clone(),
            plugin: context.plugin.clone(),
            here: context.page_key.to_owned(),
            viewer: context.viewer.clone(),
        }
    }

    /// None where nothing was ever written.
    fn find(
        &self,
        reader: &Reader<'_>,
        scope: &Scope,
        since: Option<Micros>,
    ) -> Result<Option<Searched>, StoreError> {
        let key = match scope {
            Scope::Here => self.here.as_str(),
            Scope::Page(key) => key.as_str(),
            Scope::Prefix(_) | Scope::Site => "",
        };
        let context = Context { site: &self.site, plugin: &self.plugin, page_key: key, viewer: &self.viewer };
        let pages = match scope {
            Scope::Here | Scope::Page(_) => {
                let values = context.values(key.into(), since);
                let thread = thread_of(context.is_vouched());
                let thread = reader.rows_now(thread, &values, Thread::read)?.into_iter().next();
                return Ok(thread.map(|thread| Searched {
                    pages: Pages::Page,
                    shared: context.values(thread.number.into(), since),
                    thread: Some(thread),
                    guarded: false,
                }));
            }
            Scope::Prefix(prefix) => Pages::Prefix(prefix.clone()),
            Scope::Site => Pages::Site,
        };
        let guarded = !reader.rows_now(GUARDED, &[self.site.as_str().into()], |_| Ok(()))?.is_empty();
        Ok(Some(Searched { pages, shared: context.values_anywhere(since), thread: None, guarded }))
    }

    fn builder<'a>(&self, place: &'a Searched, plan: &'a Plan<'a>) -> Builder<'a> {
        Builder::new(self.dialect, (&place.pages, place.guarded), plan, &place.shared)
    }

    /// How many entries were looked at, and how many of them match.
    fn counted(
        &self,
        reader: &Reader<'_>,
        place: &Searched,
        filters: &[Filter],
        look: u32,
    ) -> Result<(u32, u32), StoreError> {
        let plan = Plan::count(filters);
        let statement = self.builder(place, &plan).count(look + 1, false);
        let counts = |row: &RowRef<'_>| Ok((row.count(0)?, row.count(1)?));
        let counted = reader.rows_now(&statement.text, &statement.values, counts)?;
        Ok(counted.into_iter().next().unwrap_or_default())
    }
}

/// What a query has found, before it is shown.
#[derive(Default)]
struct Listed {
    entries: Vec<EntryRow>,
    total: Option<u32>,
    next: Option<String>,
    newer: u32,
}

/// An entry of a list with what it is sorted by.
struct Row {
    given: EntryRow,
    key: Key,
}

/// A query at work.
struct Listing<'a> {
    asked: &'a QueryContext,
    query: &'a Query,
    reader: &'a Reader<'a>,
}

impl Listing<'_> {
    fn run(&self, replies: &str) -> Result<Listed, StoreError> {
        let since = self.query.since.map(|at| Micros::try_from(at).unwrap_or(Micros::MAX));
        let digest = digest(self.query, &self.asked.here);
        let after = self.query.after.as_deref().map(|text| Place::read(text, &digest)).transpose()?;
        let Some(place) = self.asked.find(self.reader, &self.query.scope, since)? else {
            return Ok(Listed { total: Some(0), ..Listed::default() });
        };
        let plan = Plan::list(&self.query.filters, &self.query.order);
        let mut rows = self.rows(&place, &plan, after)?;
        let limit = usize::try_from(self.query.limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|last| {
            let (given, key) = (&last.given, last.key.clone());
            let id = given.id.as_str().to_owned();
            Place { pinned: given.pinned, key, created_at: given.created_at, id }.write(&digest)
        });
        let (total, newer) = self.counts(&place, since)?;
        if newer > 0 {
            self.keep_back(&place, &mut rows)?;
        }
        let entries = self.with_replies(&place, rows, replies)?;
        Ok(Listed { entries, total, next, newer })
    }

    /// The entries of all walks, one more than asked for where there are more.
    fn rows(&self, place: &Searched, plan: &Plan<'_>, after: Option<Place>) -> Result<Vec<Row>, StoreError> {
        let after = after.map(|after| self.whole(plan, after)).transpose()?;
        let mut rows = Vec::new();
        for lane in lanes(plan) {
            let Some(from) = start(&lane, plan, after.as_ref()) else { continue };
            let statement = self.asked.builder(place, plan).list(&lane, from.as_ref(), self.query.limit + 1);
            let row = |row: &RowRef<'_>| {
                let key = match row.maybe_int(COLUMN_COUNT)? {
                    Some(number) => Key::Number(number),
                    None => Key::Text(row.text(COLUMN_COUNT + 1)?),
                };
                Ok(Row { given: EntryRow::read(row)?, key })
            };
            rows.extend(self.reader.rows_now(&statement.text, &statement.values, row)?);
        }
        rows.sort_by(|a, b| compare(plan, a, b));
        // An entry with two of the values that are asked for is found by two walks.
        let mut seen = HashSet::new();
        rows.retain(|row| seen.insert(row.given.id.clone()));
        Ok(rows)
    }

    /// A cursor with the whole text of its key.
    fn whole(&self, plan: &Plan<'_>, mut after: Place) -> Result<Place, StoreError> {
        let (Sort::Field(name), true) = (plan.sort, after.is_cut()) else { return Ok(after) };
        let values = values![self.asked.site.as_str(), after.id.as_str(), name];
        let texts = self.reader.rows_now(KEY_TEXT, &values, |row| row.text(0))?;
        if let (Key::Text(known), Some(text)) = (&after.key, texts.into_iter().next())
            && text.starts_with(known.as_str())
        {
            after.key = Key::Text(text);
        }
        Ok(after)
    }

    fn keep_back(&self, place: &Searched, rows: &mut [Row]) -> Result<(), StoreError> {
        let own: Vec<Vec<Value>> = rows.iter().map(|row| values![row.given.id.as_str()]).collect();
        let counts = self.reader.rows_of_each_now(KEPT_BACK, &place.shared, &own, |row| row.count(0))?;
        for (row, count) in rows.iter_mut().zip(counts.into_iter().flatten()) {
            row.given.replies = row.given.replies.saturating_sub(count);
        }
        Ok(())
    }

    fn with_replies(
        &self,
        place: &Searched,
        rows: Vec<Row>,
        statement: &str,
    ) -> Result<Vec<EntryRow>, StoreError> {
        let limit = |id: &EntryId| {
            let expanded = self.query.expanded.iter().any(|one| one == id.as_str());
            if expanded { REPLIES_EXPANDED_MAX } else { self.query.replies }
        };
        let own: Vec<Vec<Value>> = rows
            .iter()
            .map(|row| values![row.given.id.as_str(), Micros::MIN, "", limit(&row.given.id)])
            .collect();
        let replies = self.reader.rows_of_each_now(statement, &place.shared, &own, EntryRow::read)?;
        let mut entries = Vec::with_capacity(rows.len());
        for (row, mut replies) in rows.into_iter().zip(replies) {
            entries.push(row.given);
            entries.append(&mut replies);
        }
        Ok(entries)
    }

    /// How many match in all, and how many are kept back.
    fn counts(&self, place: &Searched, since: Option<Micros>) -> Result<(Option<u32>, u32), StoreError> {
        let filters = &self.query.filters;
        if let Some(thread) = &place.thread
            && filters.iter().all(|filter| *filter == Filter::Roots)
        {
            return Ok((Some(thread.total), thread.newer));
        }
        let roots = [Filter::Roots];
        let filters = if filters.is_empty() { &roots } else { &filters[..] };
        let total = match self.asked.counted(self.reader, place, filters, TOTAL_MAX)? {
            (looked, found) if looked <= TOTAL_MAX => Some(found),
            (_, found) if found >= TOTAL_MAX => Some(TOTAL_MAX),
            _ => None,
        };
        let newer = match since {
            None => 0,
            Some(_) => {
                let plan = Plan::count(filters);
                let statement = self.asked.builder(place, &plan).count(TOTAL_MAX, true);
                let found = self.reader.rows_now(&statement.text, &statement.values, |row| row.count(1))?;
                found.into_iter().next().unwrap_or_default().min(NEWER_MAX)
            }
        };
        Ok((total, newer))
    }
}

/// Columns of a [`Given`]; the keys come after them.
const COLUMN_COUNT: usize = 24;

/// The walks that make a list together: pinned entries and others, each value, keys that are numbers and texts.
fn lanes(plan: &Plan<'_>) -> Vec<Lane> {
    let keys: &[KeyType] = match plan.sort {
        Sort::Field(_) => &[KeyType::Number, KeyType::Text],
        Sort::Created | Sort::Active | Sort::Top | Sort::Controversial => &[KeyType::Number],
    };
    let mut lanes = Vec::new();
    for key in keys.iter().copied() {
        // Only roots are pinned.
        if !matches!(plan.driver, Driver::Parent(_)) {
            lanes.push(Lane { pinned: true, value: None, key });
        }
        match &plan.driver {
            Driver::Value(_, values) => {
                let lane = |value| Lane { pinned: false, value: Some(value), key };
                lanes.extend(values.iter().cloned().map(lane));
            }
            _ => lanes.push(Lane { pinned: false, value: None, key }),
        }
    }
    lanes
}

/// Where a walk starts: none where all of it comes before the cursor, `Some(None)` at its begin.
#[expect(clippy::option_option, reason = "no walk, one from its begin, one from somewhere")]
fn start(lane: &Lane, plan: &Plan<'_>, after: Option<&Place>) -> Option<Option<After>> {
    let Some(place) = after else { return Some(None) };
    if lane.pinned != place.pinned {
        return if place.pinned { Some(None) } else { None };
    }
    let (key, of) = match &place.key {
        Key::Number(number) => (Value::Int(*number), KeyType::Number),
        Key::Text(text) => (Value::Text(text.clone()), KeyType::Text),
    };
    if lane.key != of {
        // Numbers come before texts, and after them where the list is turned round.
        let later = (lane.key == KeyType::Text) != plan.descending;
        return later.then_some(None);
    }
    Some(Some(After { key, created_at: place.created_at, id: place.id.clone() }))
}

/// Pinned ones first, then by key; of equal ones by their creation where that is no key itself.
fn compare(plan: &Plan<'_>, a: &Row, b: &Row) -> Ordering {
    let by_key = a.key.cmp(&b.key);
    let by_creation = match plan.sort {
        Sort::Field(_) => a.given.created_at.cmp(&b.given.created_at),
        Sort::Created | Sort::Active | Sort::Top | Sort::Controversial => Ordering::Equal,
    };
    let way = by_key.then(by_creation).then_with(|| a.given.id.cmp(&b.given.id));
    b.given.pinned.cmp(&a.given.pinned).then(if plan.descending { way.reverse() } else { way })
}
