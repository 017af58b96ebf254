//! `stoa:plugin/entries`: the entries of the plugin. Their texts stay with the host.

use stoa_rules::{Filter, Grouping, OrderBy, Query, Scope, Test, check_filters, check_similar, limits};

use super::super::super::super::call::{CallState, HostError};
use super::super::super::super::package::Capability;
use super::super::super::super::record::invalid;
use super::super::bindings::stoa::plugin::{entries, types};
use super::super::recording::told;
use super::super::{lists, values};
use super::{check_id, check_ids, check_range};
use crate::base::id::{EntryId, is_id};
use crate::store::{Entry, Similar};

impl entries::Host for CallState {
    async fn list_entries(&mut self, query: entries::Query) -> Result<entries::Found, HostError> {
        self.need(Capability::Entries)?;
        let query = self.query(query)?;
        let reads = self.call.reads.clone();
        let found = self.wait(reads.query(query)).await?;
        lists::found(self, found)
    }

    async fn get_thread(
        &mut self,
        id: String,
        after: Option<String>,
        limit: u32,
    ) -> Result<entries::Found, HostError> {
        self.need(Capability::Entries)?;
        check_range("limit", limit, 1, 200)?;
        check_cursor(after.as_deref())?;
        check_id(&id)?;
        let reads = self.call.reads.clone();
        let anywhere = self.reads_site();
        let thread = self.wait(reads.get_thread(id.into(), after, limit, anywhere)).await?;
        lists::found(self, thread.ok_or(types::Error::NotFound)?)
    }

    async fn find_similar(
        &mut self,
        text: String,
        kind: String,
        scope: entries::Scope,
        limit: u32,
    ) -> Result<entries::EntryList, HostError> {
        self.need(Capability::Entries)?;
        let scope = self.scope(scope)?;
        let title = check_similar(&text, &kind, limit, &self.declared).map_err(told)?.to_owned();
        let reads = self.call.reads.clone();
        let found = self.wait(reads.find_similar(Similar { scope, kind, title, text, limit })).await?;
        lists::list(self, found.entries, found.people)
    }

    async fn get_many(&mut self, ids: Vec<String>) -> Result<entries::EntryList, HostError> {
        self.need(Capability::Entries)?;
        check_ids("ids", ids.len())?;
        // What has not the form of an id cannot exist.
        let ids = ids.into_iter().filter(|id| is_id(id)).map(EntryId::from).collect();
        let reads = self.call.reads.clone();
        let anywhere = self.reads_site();
        let found = self.wait(reads.get_entries(ids, anywhere)).await?;
        lists::list(self, found.entries, found.people)
    }

    async fn get_body(&mut self, id: String) -> Result<String, HostError> {
        self.need(Capability::Entries)?;
        check_id(&id)?;
        let id = EntryId::from(id);
        if !self.fetched.entries.contains_key(&id) {
            let entry = load(self, id.clone()).await?;
            self.fetched.keep(entry);
        }
        let body = self.fetched.entries.get(&id).map(|body| body.markdown.clone()).unwrap_or_default();
        self.hand_out(1, body.len())?;
        Ok(body)
    }

    async fn list_revisions(&mut self, id: String) -> Result<Vec<entries::Revision>, HostError> {
        self.need(Capability::Entries)?;
        check_id(&id)?;
        let entry = load(self, id.clone().into()).await?;
        if !is_own(self, &entry) && !self.call.moderates {
            return Err(types::Error::Denied.into());
        }
        let reads = self.call.reads.clone();
        let mut revisions = self.wait(reads.list_revisions(id.into())).await?;
        revisions.truncate(usize::try_from(limits::REVISIONS_MAX).unwrap_or(usize::MAX));
        self.hand_out(revisions.len(), revisions.iter().map(|one| one.body.len()).sum())?;
        let revision = |one: crate::store::Revision| entries::Revision {
            version: one.version,
            author: one.author.map(|id| id.as_str().to_owned()),
            by_moderator: one.by_moderator,
            replaced_at: values::instant(one.replaced_at),
            body: one.body,
        };
        Ok(revisions.into_iter().map(revision).collect())
    }

    async fn count(
        &mut self,
        scope: entries::Scope,
        filters: Vec<entries::Filter>,
    ) -> Result<u32, HostError> {
        self.need(Capability::Entries)?;
        let (scope, filters) = (self.scope(scope)?, self.filters(filters)?);
        let reads = self.call.reads.clone();
        let count = self.wait(reads.count(scope, filters)).await?;
        self.hand_out(1, 4)?;
        Ok(count)
    }

    async fn count_by(
        &mut self,
        scope: entries::Scope,
        filters: Vec<entries::Filter>,
        by: entries::Grouping,
        limit: u32,
    ) -> Result<Vec<entries::GroupCount>, HostError> {
        self.need(Capability::Entries)?;
        check_range("limit", limit, 1, 100)?;
        let (scope, filters) = (self.scope(scope)?, self.filters(filters)?);
        let by = match by {
            entries::Grouping::Author => Grouping::Author,
            entries::Grouping::Kind => Grouping::Kind,
            entries::Grouping::Page => Grouping::Page,
            entries::Grouping::Field(name) => Grouping::Field(name),
            entries::Grouping::Other(code) => return Err(unknown("by", &code)),
        };
        let reads = self.call.reads.clone();
        let counts = self.wait(reads.count_by(scope, filters, by, limit)).await?;
        self.hand_out(counts.len(), counts.iter().map(|(key, _)| key.len() + 12).sum())?;
        Ok(counts.into_iter().map(|(key, number)| entries::GroupCount { key, number }).collect())
    }
}

impl CallState {
    /// Whether the manifest asks for entries of the whole site.
    fn reads_site(&self) -> bool {
        self.reads_site
    }

    fn scope(&self, scope: entries::Scope) -> Result<Scope, HostError> {
        let scope = match scope {
            entries::Scope::Here => return Ok(Scope::Here),
            entries::Scope::Page(key) => Scope::Page(key),
            entries::Scope::Prefix(prefix) => Scope::Prefix(prefix),
            entries::Scope::Site => Scope::Site,
        };
        if self.reads_site() {
            Ok(scope)
        } else {
            Err(types::Error::NotGranted("entries, scope = \"site\"".to_owned()).into())
        }
    }

    fn filters(&self, filters: Vec<entries::Filter>) -> Result<Vec<Filter>, HostError> {
        let filters: Vec<Filter> = filters.into_iter().map(filter).collect::<Result<_, _>>()?;
        check_filters(&filters, &self.declared).map_err(told)?;
        Ok(filters)
    }

    fn query(&self, query: entries::Query) -> Result<Query, HostError> {
        let query = Query {
            scope: self.scope(query.scope)?,
            filters: query.filters.into_iter().map(filter).collect::<Result<_, _>>()?,
            order: order(query.order)?,
            after: query.after,
            limit: query.limit,
            replies: query.replies,
            expanded: query.expanded.into_iter().filter(|id| is_id(id)).collect(),
            since: query.since,
        };
        query.check(&self.declared).map_err(told)?;
        Ok(query)
    }
}

fn order(order: entries::Order) -> Result<OrderBy, HostError> {
    Ok(match order {
        entries::Order::Newest => OrderBy::Newest,
        entries::Order::Oldest => OrderBy::Oldest,
        entries::Order::Active => OrderBy::Active,
        entries::Order::Top => OrderBy::Top,
        entries::Order::Controversial => OrderBy::Controversial,
        entries::Order::Ascending(name) => OrderBy::Ascending(name),
        entries::Order::Descending(name) => OrderBy::Descending(name),
        entries::Order::Other(code) => return Err(unknown("order", &code)),
    })
}

fn filter(filter: entries::Filter) -> Result<Filter, HostError> {
    Ok(match filter {
        entries::Filter::Kind(kind) => Filter::Kind(kind),
        entries::Filter::Roots => Filter::Roots,
        entries::Filter::Parent(id) => Filter::Parent(id),
        entries::Filter::Author(id) => Filter::Author(id),
        entries::Filter::State(state) => Filter::State(values::state_back(state)),
        entries::Filter::Field(field) => Filter::Field { name: field.name, test: test(field.test)? },
        entries::Filter::Mark(mark) => {
            Filter::Mark { kind: mark.kind, value: mark.value, present: mark.present }
        }
        entries::Filter::CreatedSince(at) => Filter::CreatedSince(at),
        entries::Filter::Other(other) => return Err(unknown("filters", &other.code)),
    })
}

fn test(test: entries::Test) -> Result<Test, HostError> {
    Ok(match test {
        entries::Test::Equal(value) => Test::Equal(values::value(value)),
        entries::Test::AnyOf(texts) => Test::AnyOf(texts),
        entries::Test::Range((least, most)) => Test::Range(least, most),
        entries::Test::Present => Test::Present,
        entries::Test::Absent => Test::Absent,
        entries::Test::Other(other) => return Err(unknown("filters", &other.code)),
    })
}

fn unknown(at: &str, code: &str) -> HostError {
    invalid(at, &format!("this host does not know `{}`", code.escape_debug()))
}

/// An entry that the viewer may see, with its people kept.
pub(super) async fn load(state: &mut CallState, id: EntryId) -> Result<Entry, HostError> {
    let reads = state.call.reads.clone();
    let anywhere = state.reads_site();
    let found = state.wait(reads.get_entries(vec![id], anywhere)).await?;
    state.fetched.know(found.people);
    Ok(found.entries.into_iter().next().ok_or(types::Error::NotFound)?)
}

/// Whether the person of the call wrote it.
pub(super) fn is_own(state: &CallState, entry: &Entry) -> bool {
    state.call.person.as_ref().is_some_and(|person| entry.author.as_ref() == Some(&person.id))
}

fn check_cursor(cursor: Option<&str>) -> Result<(), HostError> {
    if cursor.is_none_or(|cursor| cursor.len() <= limits::CURSOR_BYTES_MAX) {
        return Ok(());
    }
    Err(invalid("after", "the cursor is not one of the host's"))
}
