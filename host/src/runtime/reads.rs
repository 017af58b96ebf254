//! What a plugin may read, as one call sees it: the site, the plugin, the page and the viewer are already fixed by
//! whoever makes a [`Reads`], so that nothing a plugin says can reach beyond them.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use stoa_rules::{AccountId, Balance, Filter, Flow, FlowSum, Grouping, Query, Scope, State, Target};

use crate::base::id::{EntryId, PersonId};
use crate::base::map::Map;
use crate::store::{Entry, Found, Holders, Page, Person, Revision, Similar, StoreError};

/// What a read gives, later.
pub type Reading<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// A key-value pair of the plugin's private space.
pub type Pair = (String, Vec<u8>);

/// The reads of one call. Dropping a reading must be harmless: one that takes longer than the call is dropped.
///
/// `anywhere` says whether entries of other pages of the site may be read; otherwise they are not there.
pub trait Reads: Send + Sync {
    /// A part of a list of entries.
    fn query(&self, query: Query) -> Reading<'_, Found>;
    /// One thread from its root; none where there is no such entry, or it is not for the viewer.
    fn get_thread(
        &self,
        id: EntryId,
        after: Option<String>,
        limit: u32,
        anywhere: bool,
    ) -> Reading<'_, Option<Found>>;
    /// Entries of a kind with a title like a text.
    fn find_similar(&self, wanted: Similar) -> Reading<'_, Found>;
    /// Entries by id; those that do not exist or are not for the viewer are left out.
    fn get_entries(&self, ids: Vec<EntryId>, anywhere: bool) -> Reading<'_, Found>;
    /// Earlier texts of an entry, newest first. The caller has checked that the viewer may read them.
    fn list_revisions(&self, id: EntryId) -> Reading<'_, Vec<Revision>>;
    /// How many visible entries match.
    fn count(&self, scope: Scope, filters: Vec<Filter>) -> Reading<'_, u32>;
    /// Visible entries that match, by group, the largest first.
    fn count_by(
        &self,
        scope: Scope,
        filters: Vec<Filter>,
        by: Grouping,
        limit: u32,
    ) -> Reading<'_, Vec<(String, u32)>>;
    /// The value of the viewer's own mark; none for somebody not signed in.
    fn get_own_mark(&self, target: Target, kind: String) -> Reading<'_, Option<String>>;
    /// Who has put a mark, newest first. The caller has checked that the viewer may know.
    fn list_holders(
        &self,
        target: Target,
        kind: String,
        value: Option<String>,
        after: Option<String>,
        limit: u32,
    ) -> Reading<'_, Holders>;
    /// People by id; those of other sites are left out.
    fn get_people(&self, ids: Vec<PersonId>) -> Reading<'_, Vec<Person>>;
    /// Pages of the site by key; unknown ones are left out.
    fn get_pages(&self, keys: Vec<String>) -> Reading<'_, Vec<Page>>;
    /// A value of the plugin's private space.
    fn get_value(&self, key: String) -> Reading<'_, Option<Vec<u8>>>;
    /// Values whose keys start with `prefix`, in the order of their keys, and where the list continues.
    fn list_values(
        &self,
        prefix: String,
        after: Option<String>,
        limit: u32,
    ) -> Reading<'_, (Vec<Pair>, Option<String>)>;
    /// What is in accounts, in the order asked for. The caller has checked that the viewer may know.
    fn get_balances(&self, accounts: Vec<AccountId>) -> Reading<'_, Vec<Balance>>;
    /// What flows come to, in the order asked for. The caller has checked that the viewer may know.
    fn sum_flows(&self, flows: Vec<Flow>) -> Reading<'_, Vec<FlowSum>>;
}

/// Reads that find nothing: for the call in which a plugin describes itself.
#[derive(Clone, Copy, Debug)]
pub struct NoReads;

fn ready<'a, T: Send + 'a>(value: T) -> Reading<'a, T> {
    Box::pin(std::future::ready(Ok(value)))
}

impl Reads for NoReads {
    fn query(&self, _query: Query) -> Reading<'_, Found> {
        ready(Found::default())
    }

    fn get_thread(
        &self,
        _id: EntryId,
        _after: Option<String>,
        _limit: u32,
        _anywhere: bool,
    ) -> Reading<'_, Option<Found>> {
        ready(None)
    }

    fn find_similar(&self, _wanted: Similar) -> Reading<'_, Found> {
        ready(Found::default())
    }

    fn get_entries(&self, _ids: Vec<EntryId>, _anywhere: bool) -> Reading<'_, Found> {
        ready(Found::default())
    }

    fn list_revisions(&self, _id: EntryId) -> Reading<'_, Vec<Revision>> {
        ready(Vec::new())
    }

    fn count(&self, _scope: Scope, _filters: Vec<Filter>) -> Reading<'_, u32> {
        ready(0)
    }

    fn count_by(
        &self,
        _scope: Scope,
        _filters: Vec<Filter>,
        _by: Grouping,
        _limit: u32,
    ) -> Reading<'_, Vec<(String, u32)>> {
        ready(Vec::new())
    }

    fn get_own_mark(&self, _target: Target, _kind: String) -> Reading<'_, Option<String>> {
        ready(None)
    }

    fn list_holders(
        &self,
        _target: Target,
        _kind: String,
        _value: Option<String>,
        _after: Option<String>,
        _limit: u32,
    ) -> Reading<'_, Holders> {
        ready(Holders::default())
    }

    fn get_people(&self, _ids: Vec<PersonId>) -> Reading<'_, Vec<Person>> {
        ready(Vec::new())
    }

    fn get_pages(&self, _keys: Vec<String>) -> Reading<'_, Vec<Page>> {
        ready(Vec::new())
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

    fn get_balances(&self, accounts: Vec<AccountId>) -> Reading<'_, Vec<Balance>> {
        ready(vec![Balance::default(); accounts.len()])
    }

    fn sum_flows(&self, flows: Vec<Flow>) -> Reading<'_, Vec<FlowSum>> {
        ready(vec![FlowSum::default(); flows.len()])
    }
}

/// What the plugin read in a call and the host draws: the plugin names it by id only.
#[derive(Clone, Debug, Default)]
pub struct Fetched {
    /// Entries by their ids.
    pub entries: Map<EntryId, FetchedEntry>,
    /// People by their ids.
    pub people: Map<PersonId, Arc<Person>>,
}

/// What the host draws of an entry itself: its text and its moderation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchedEntry {
    /// The version: a text parsed for it can be kept, and a verb can be refused when there is a later one.
    pub version: u32,
    /// The Markdown of the body.
    pub markdown: String,
    /// The body as it is drawn, once somebody has parsed it.
    pub rich: Option<Arc<stoa_view::rich::Rich>>,
    /// The moderation state, as the viewer may know it.
    pub state: State,
    /// Why it is held, rejected or removed; empty where the viewer may not know.
    pub reason: String,
    /// How many report it; 0 for those who do not moderate.
    pub report_count: u32,
    /// Who wrote it.
    pub author: Option<PersonId>,
    /// Whether a moderator made the last change of its text.
    pub edited_by_moderator: bool,
    /// Whether the viewer has reported it.
    pub reported: bool,
}

impl Fetched {
    /// Keep what the host draws of an entry and hand back the rest.
    pub(crate) fn keep(&mut self, mut entry: Entry) -> Entry {
        let kept = FetchedEntry {
            version: entry.version,
            markdown: std::mem::take(&mut entry.body),
            rich: None,
            state: entry.state,
            reason: std::mem::take(&mut entry.reason),
            report_count: entry.reports,
            author: entry.author.clone(),
            edited_by_moderator: entry.edited_by_moderator,
            reported: entry.mine.iter().any(|(kind, _)| kind == "report"),
        };
        self.entries.insert(entry.id.clone(), kept);
        entry
    }

    /// Keep people.
    pub(crate) fn know(&mut self, people: Vec<Arc<Person>>) {
        self.people.extend(people.into_iter().map(|person| (person.id.clone(), person)));
    }
}
