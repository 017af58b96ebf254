//! `stoa:plugin/entries`: the entries of the page. Their texts stay with the host.

use super::super::super::call::{CallState, Halt};
use super::super::bindings::stoa::plugin::{entries, types};
use super::super::{lists, values};
use super::{check_ids, ended, invalid};
use crate::base::id::{EntryId, is_id};
use crate::store::{Entry, Order, ThreadQuery};

/// The most threads of which many answers are wanted.
const EXPANDED_MAX: usize = 20;

/// The longest cursor in bytes.
const CURSOR_BYTES_MAX: usize = 200;

/// The most revisions handed out.
const REVISIONS_MAX: usize = 50;

impl entries::Host for CallState {
    async fn list_threads(&mut self, query: entries::Query) -> Result<entries::Threads, Halt> {
        let query = checked(query)?;
        let reads = self.call.reads.clone();
        let threads = self.wait(reads.list_threads(query)).await?;
        lists::threads(self, threads)
    }

    async fn get_thread(
        &mut self,
        id: String,
        after: Option<String>,
        limit: u32,
    ) -> Result<entries::Threads, Halt> {
        check_range("limit", limit, 1, 200)?;
        check_cursor(after.as_deref())?;
        check_id(&id)?;
        let reads = self.call.reads.clone();
        let thread = self.wait(reads.get_thread(id.into(), after, limit)).await?;
        lists::threads(self, thread.ok_or(types::Error::NotFound)?)
    }

    async fn get_many(&mut self, ids: Vec<String>) -> Result<entries::EntryList, Halt> {
        check_ids(ids.len())?;
        // What has not the form of an id cannot exist.
        let ids = ids.into_iter().filter(|id| is_id(id)).map(EntryId::from).collect();
        let reads = self.call.reads.clone();
        let threads = self.wait(reads.get_entries(ids)).await?;
        lists::list(self, threads.entries, threads.people)
    }

    async fn get_body(&mut self, id: String) -> Result<String, Halt> {
        check_id(&id)?;
        let id = EntryId::from(id);
        if !self.fetched.bodies.contains_key(&id) {
            let entry = load(self, id.clone()).await?;
            self.fetched.keep(entry);
        }
        let body = self.fetched.bodies.get(&id).map(|body| body.markdown.clone()).unwrap_or_default();
        self.hand_out(1, body.len())?;
        Ok(body)
    }

    async fn list_revisions(&mut self, id: String) -> Result<Vec<entries::Revision>, Halt> {
        check_id(&id)?;
        let entry = load(self, id.clone().into()).await?;
        if !is_own(self, &entry) && !self.call.moderates {
            return Err(types::Error::Denied.into());
        }
        let reads = self.call.reads.clone();
        let mut revisions = self.wait(reads.list_revisions(id.into())).await?;
        revisions.truncate(REVISIONS_MAX);
        self.hand_out(revisions.len(), revisions.iter().map(|one| one.body.len()).sum())?;
        let revision = |one: crate::store::Revision| entries::Revision {
            version: one.version,
            author: one.author.map(|id| id.as_str().to_owned()),
            replaced_at: values::instant(one.replaced_at),
            body: one.body,
        };
        Ok(revisions.into_iter().map(revision).collect())
    }

    fn reserve_id(&mut self) -> wasmtime::Result<String> {
        self.reserve_id().map_err(|_| ended())
    }
}

/// An entry that the viewer may see, with its people kept.
pub(super) async fn load(state: &mut CallState, id: EntryId) -> Result<Entry, Halt> {
    let reads = state.call.reads.clone();
    let threads = state.wait(reads.get_entries(vec![id])).await?;
    state.fetched.know(threads.people);
    Ok(threads.entries.into_iter().next().ok_or(types::Error::NotFound)?)
}

/// Whether the person of the call wrote it.
pub(super) fn is_own(state: &CallState, entry: &Entry) -> bool {
    state.call.person.as_ref().is_some_and(|person| entry.author.as_ref() == Some(&person.id))
}

fn checked(query: entries::Query) -> Result<ThreadQuery, Halt> {
    check_range("limit", query.limit, 1, 100)?;
    check_range("replies", query.replies, 0, 50)?;
    check_cursor(query.after.as_deref())?;
    if query.expanded.len() > EXPANDED_MAX {
        return Err(invalid(&format!(
            "expanded has {} ids; {EXPANDED_MAX} are the most",
            query.expanded.len()
        )));
    }
    Ok(ThreadQuery {
        order: match query.order {
            entries::Order::Newest => Order::Newest,
            entries::Order::Oldest => Order::Oldest,
            entries::Order::Top => Order::Top,
            entries::Order::Controversial => Order::Controversial,
        },
        after: query.after,
        limit: query.limit,
        replies: query.replies,
        expanded: query.expanded.into_iter().filter(|id| is_id(id)).map(EntryId::from).collect(),
        since: query.since.map(values::micros),
    })
}

fn check_range(name: &str, value: u32, min: u32, max: u32) -> Result<(), Halt> {
    if (min..=max).contains(&value) { Ok(()) } else { Err(invalid(&format!("{name} is {min} to {max}"))) }
}

fn check_cursor(cursor: Option<&str>) -> Result<(), Halt> {
    if cursor.is_none_or(|cursor| cursor.len() <= CURSOR_BYTES_MAX) {
        return Ok(());
    }
    Err(invalid("the cursor is not one of the host's"))
}

/// What has not the form of an id cannot exist.
pub(super) fn check_id(id: &str) -> Result<(), Halt> {
    if is_id(id) { Ok(()) } else { Err(types::Error::NotFound.into()) }
}
