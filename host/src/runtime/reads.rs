//! What a plugin may read, as one call sees it: the site, the plugin, the page and the viewer are already fixed by
//! whoever makes a [`Reads`], so that nothing a plugin says can reach beyond them.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use crate::base::id::{EntryId, PersonId};
use crate::base::map::Map;
use crate::store::{Entry, Page, Person, Revision, StoreError, Target, ThreadQuery, Threads};

/// What a read gives, later.
pub type Reading<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// A key-value pair of the plugin's private space.
pub type Pair = (String, Vec<u8>);

/// The reads of one call. Dropping a reading must be harmless: one that takes longer than the call is dropped.
pub trait Reads: Send + Sync {
    /// A part of the threads of the page.
    fn list_threads(&self, query: ThreadQuery) -> Reading<'_, Threads>;
    /// One thread from its start; none where there is no such entry, or it is not for the viewer.
    fn get_thread(&self, id: EntryId, after: Option<String>, limit: u32) -> Reading<'_, Option<Threads>>;
    /// Entries by id; those that do not exist or are not for the viewer are left out.
    fn get_entries(&self, ids: Vec<EntryId>) -> Reading<'_, Threads>;
    /// Earlier texts of an entry, newest first. The caller has checked that the viewer may read them.
    fn list_revisions(&self, id: EntryId) -> Reading<'_, Vec<Revision>>;
    /// The value of the viewer's own mark; none for somebody not signed in.
    fn get_own_mark(&self, target: Target, kind: String) -> Reading<'_, Option<String>>;
    /// Who has put a mark, newest first. The caller has checked that the viewer may know.
    fn list_mark_people(&self, target: Target, kind: String) -> Reading<'_, Vec<PersonId>>;
    /// People by id; those of other sites are left out.
    fn get_people(&self, ids: Vec<PersonId>) -> Reading<'_, Vec<Person>>;
    /// A page of the site.
    fn get_page(&self, key: String) -> Reading<'_, Option<Page>>;
    /// A value of the plugin's private space.
    fn get_value(&self, key: String) -> Reading<'_, Option<Vec<u8>>>;
    /// Values whose keys start with `prefix`, in the order of their keys, and where the list goes on.
    fn list_values(
        &self,
        prefix: String,
        after: Option<String>,
        limit: u32,
    ) -> Reading<'_, (Vec<Pair>, Option<String>)>;
}

/// Reads that find nothing: for the call in which a plugin describes itself.
#[derive(Clone, Copy, Debug)]
pub struct NoReads;

fn ready<'a, T: Send + 'a>(value: T) -> Reading<'a, T> {
    Box::pin(std::future::ready(Ok(value)))
}

impl Reads for NoReads {
    fn list_threads(&self, _query: ThreadQuery) -> Reading<'_, Threads> {
        ready(Threads::default())
    }

    fn get_thread(&self, _id: EntryId, _after: Option<String>, _limit: u32) -> Reading<'_, Option<Threads>> {
        ready(None)
    }

    fn get_entries(&self, _ids: Vec<EntryId>) -> Reading<'_, Threads> {
        ready(Threads::default())
    }

    fn list_revisions(&self, _id: EntryId) -> Reading<'_, Vec<Revision>> {
        ready(Vec::new())
    }

    fn get_own_mark(&self, _target: Target, _kind: String) -> Reading<'_, Option<String>> {
        ready(None)
    }

    fn list_mark_people(&self, _target: Target, _kind: String) -> Reading<'_, Vec<PersonId>> {
        ready(Vec::new())
    }

    fn get_people(&self, _ids: Vec<PersonId>) -> Reading<'_, Vec<Person>> {
        ready(Vec::new())
    }

    fn get_page(&self, _key: String) -> Reading<'_, Option<Page>> {
        ready(None)
    }

    fn get_value(&self, _key: String) -> Reading<'_, Option<Vec<u8>>> {
        ready(None)
    }

    fn list_values(
        &self,
        _prefix: String,
        _after: Option<String>,
        _limit: u32,
    ) -> Reading<'_, (Vec<Pair>, Option<String>)> {
        ready((Vec::new(), None))
    }
}

/// What the plugin read in a call and the renderer needs: the plugin names it by id only.
#[derive(Clone, Debug, Default)]
pub struct Fetched {
    /// Entries' texts by their ids.
    pub bodies: Map<EntryId, Body>,
    /// People by their ids.
    pub people: Map<PersonId, Arc<Person>>,
}

/// The text of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// The version of the entry: a text parsed for it can be kept.
    pub version: u32,
    /// The Markdown.
    pub markdown: String,
    /// The text as it is drawn, once somebody has parsed it.
    pub rich: Option<Arc<stoa_view::rich::Rich>>,
}

impl Fetched {
    /// Keep the text of an entry and hand back the rest.
    pub(crate) fn keep(&mut self, mut entry: Entry) -> Entry {
        let markdown = std::mem::take(&mut entry.body);
        self.bodies.insert(entry.id.clone(), Body { version: entry.version, markdown, rich: None });
        entry
    }

    /// Keep people.
    pub(crate) fn know(&mut self, people: Vec<Arc<Person>>) {
        self.people.extend(people.into_iter().map(|person| (person.id.clone(), person)));
    }
}
