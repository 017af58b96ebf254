//! The hostile component, a runtime to load it with, and a store in memory for it to read.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use stoa::base::config::CallLimits;
use stoa::base::id::{EntryId, PersonId, SiteId, new_id};
use stoa::base::keys::HostKey;
use stoa::runtime::{
    ActError, Action, Call, CallError, CallPage, CallPerson, Compiler, Decided, Linked, Pair, Plugin,
    Reading, Reads, Runtime, RuntimeConfig, Viewed,
};
use stoa::store::{Entry, Found, Holders, Page, Person, Revision, Similar};
use stoa_rules::{
    AccountId, Balance, Class, Fields, Filter, Flow, FlowSum, Grouping, Query, Scope, State, Target,
};
use stoa_tests::{hostile, root};
use tokio::sync::watch;

/// 2026-01-01T00:00:00Z.
pub(crate) const NOW: i64 = 1_767_225_600_000_000;

/// Every capability.
pub(crate) const ALL: [&str; 11] = [
    "entries",
    "entries-write",
    "marks",
    "marks-write",
    "people",
    "pages",
    "pages-write",
    "kv",
    "kv-write",
    "ledger",
    "ledger-write",
];

pub(crate) fn component() -> &'static [u8] {
    hostile()
}

/// The component without its manifest and texts: a custom section (id 0, size, contents) each, at the end.
pub(crate) fn bare() -> Vec<u8> {
    let bytes = component();
    let first = wasmparser::Parser::new(0).parse_all(bytes).find_map(|payload| match payload.unwrap() {
        wasmparser::Payload::CustomSection(section) if section.name().starts_with("stoa:") => {
            Some(section.range().start)
        }
        _ => None,
    });
    // The range starts behind the section's id and size.
    let contents = usize::try_from(first.unwrap()).unwrap();
    let start = (1..=5).map(|size| contents - size - 1).find(|at| bytes[*at] == 0).unwrap();
    bytes[..start].to_vec()
}

/// The hostile plugin's own manifest with some text replaced.
pub(crate) fn with_manifest(from: &str, to: &str) -> Vec<u8> {
    let manifest = std::fs::read_to_string(root().join("tests/plugins/hostile/plugin.toml")).unwrap();
    assert!(manifest.contains(from), "{from} is not in the manifest");
    stoa_build::embed(bare(), manifest.replace(from, to).as_bytes(), &[])
}

/// Ten minutes: a limit of time that no call of a test meets.
const NEVER_MS: u64 = 600_000;

/// The usual limits, but of those that count alone: how a call ends does not depend on how fast or busy the machine is.
/// A test of the clocks sets its own.
pub(crate) fn limits() -> CallLimits {
    CallLimits { cpu_ms: NEVER_MS, wall_ms: NEVER_MS, ..CallLimits::default() }
}

/// A runtime. All of them share one folder and key, so that the component is compiled once for all tests.
pub(crate) struct Bench {
    pub(crate) runtime: Runtime,
}

impl Bench {
    pub(crate) fn new(limits: CallLimits) -> Self {
        static KEY: OnceLock<HostKey> = OnceLock::new();
        let runtime = Runtime::start(RuntimeConfig {
            limits,
            data_dir: Path::new(env!("CARGO_TARGET_TMPDIR")).join("plugins"),
            key: KEY.get_or_init(HostKey::ephemeral).clone(),
            compiler: Compiler::InProcess,
            development: false,
        });
        Self { runtime: runtime.unwrap() }
    }

    pub(crate) async fn plugin(&self) -> Arc<Plugin> {
        self.runtime.load_bytes(component()).await.unwrap()
    }

    pub(crate) async fn linked(&self) -> Arc<Linked> {
        self.plugin().await.link(&names(&ALL)).unwrap()
    }
}

pub(crate) fn names(list: &[&str]) -> Vec<String> {
    list.iter().map(|name| (*name).to_owned()).collect()
}

/// A call with `case` as its parameter.
pub(crate) fn call(plugin: &Plugin, case: &str, now: i64) -> Call {
    Call {
        site: SiteId::from("demo"),
        page: CallPage { key: "home".to_owned(), title: "Home".to_owned(), owner: None, closed: false },
        person: Some(alice()),
        moderates: false,
        parameters: vec![("case".to_owned(), case.to_owned())],
        since: None,
        may_write: true,
        now,
        seed: 7,
        settings: Arc::new(plugin.settings(&toml::Table::new()).unwrap()),
        reads: Arc::new(FakeReads::with(0)),
    }
}

fn alice() -> CallPerson {
    CallPerson {
        id: PersonId::from("0190a0b0-0000-7000-8000-00000000a11c"),
        name: "Alice".to_owned(),
        roles: vec!["leader".to_owned()],
        active: true,
    }
}

/// One view.
pub(crate) async fn view(linked: &Arc<Linked>, case: &str) -> Result<Viewed, CallError> {
    linked.view(call(linked.plugin(), case, NOW)).await
}

/// One action of the class that may record everything.
pub(crate) async fn act(linked: &Arc<Linked>, verb: &str) -> Result<Decided, ActError> {
    act_as(linked, verb, Class::Moderate).await
}

/// One action of a class.
pub(crate) async fn act_as(linked: &Arc<Linked>, verb: &str, class: Class) -> Result<Decided, ActError> {
    let action = Action { verb: verb.to_owned(), class, subject: None, seen: None, fields: Vec::new() };
    linked.act(call(linked.plugin(), "", NOW), action).await
}

/// A store in memory: some entries, behind a gate where a test wants to decide when a read is answered.
pub(crate) struct FakeReads {
    entries: Vec<Entry>,
    people: Vec<Person>,
    gate: Option<Gate>,
}

/// Holds reads until it is opened, and tells how many have come and gone.
#[derive(Clone, Default)]
pub(crate) struct Gate(watch::Sender<Passage>);

#[derive(Default)]
struct Passage {
    is_open: bool,
    asked: usize,
    answered: usize,
}

impl Gate {
    /// Answer the reads that wait, and those that come.
    pub(crate) fn open(&self) {
        self.0.send_modify(|passage| passage.is_open = true);
    }

    /// Wait until so many reads have come: their calls are under way.
    pub(crate) async fn asked(&self, count: usize) {
        self.0.subscribe().wait_for(|passage| passage.asked >= count).await.unwrap();
    }

    /// Wait until so many reads were answered: their calls go on.
    pub(crate) async fn all_answered(&self, count: usize) {
        self.0.subscribe().wait_for(|passage| passage.answered >= count).await.unwrap();
    }

    /// How many reads were answered by now.
    pub(crate) fn answered(&self) -> usize {
        self.0.borrow().answered
    }

    async fn pass(&self) {
        self.0.send_modify(|passage| passage.asked += 1);
        self.0.subscribe().wait_for(|passage| passage.is_open).await.unwrap();
        self.0.send_modify(|passage| passage.answered += 1);
    }
}

impl FakeReads {
    /// A page with that many entries of 200 bytes, by ten people.
    pub(crate) fn with(count: usize) -> Self {
        let people: Vec<Person> = (0..10).map(person).collect();
        let entries = (0..count).map(|number| entry(number, &people[number % 10].id)).collect();
        Self { entries, people, gate: None }
    }

    /// A page with one entry, whose reads wait for the gate.
    pub(crate) fn behind(gate: &Gate) -> Self {
        Self { gate: Some(gate.clone()), ..Self::with(1) }
    }

    fn after<T: Send + 'static>(&self, value: T) -> Reading<'_, T> {
        Box::pin(async move {
            if let Some(gate) = &self.gate {
                gate.pass().await;
            }
            Ok(value)
        })
    }

    fn found(&self, entries: Vec<Entry>) -> Found {
        let total = u32::try_from(self.entries.len()).unwrap();
        Found {
            entries,
            people: self.people.iter().cloned().map(Arc::new).collect(),
            total: Some(total),
            next: None,
            newer: 0,
        }
    }
}

fn person(number: usize) -> Person {
    Person {
        id: PersonId::from(new_id(NOW)),
        name: format!("Person {number}"),
        title: String::new(),
        team: String::new(),
        roles: Vec::new(),
        active: true,
    }
}

fn entry(number: usize, author: &PersonId) -> Entry {
    let id = EntryId::from(new_id(NOW));
    Entry {
        root: id.clone(),
        id,
        kind: "note".to_owned(),
        page: "home".into(),
        parent: None,
        depth: 0,
        author: Some(author.clone()),
        parent_author: None,
        body: format!("{number} {}", "word ".repeat(40)),
        fields: Fields::new(),
        state: State::Visible,
        reason: String::new(),
        version: 1,
        created_at: NOW,
        edited_at: None,
        edited_by_moderator: false,
        active_at: NOW,
        pinned: false,
        replies: 0,
        replied: false,
        reports: 0,
        counts: vec![("vote".to_owned(), "1".to_owned(), 3)],
        mine: Vec::new(),
    }
}

impl Reads for FakeReads {
    fn query(&self, query: Query) -> Reading<'_, Found> {
        let count = usize::try_from(query.limit).unwrap();
        self.after(self.found(self.entries.iter().take(count).cloned().collect()))
    }

    fn get_thread(
        &self,
        _id: EntryId,
        _after: Option<String>,
        _limit: u32,
        _anywhere: bool,
    ) -> Reading<'_, Option<Found>> {
        self.after(None)
    }

    fn get_entries(&self, ids: Vec<EntryId>, _anywhere: bool) -> Reading<'_, Found> {
        let found = self.entries.iter().filter(|entry| ids.contains(&entry.id)).cloned().collect();
        self.after(self.found(found))
    }

    fn find_similar(&self, _wanted: Similar) -> Reading<'_, Found> {
        self.after(Found::default())
    }

    fn list_revisions(&self, _id: EntryId) -> Reading<'_, Vec<Revision>> {
        self.after(Vec::new())
    }

    fn count(&self, _scope: Scope, _filters: Vec<Filter>) -> Reading<'_, u32> {
        self.after(0)
    }

    fn count_by(
        &self,
        _scope: Scope,
        _filters: Vec<Filter>,
        _by: Grouping,
        _limit: u32,
    ) -> Reading<'_, Vec<(String, u32)>> {
        self.after(Vec::new())
    }

    fn get_own_mark(&self, _target: Target, _kind: String) -> Reading<'_, Option<String>> {
        self.after(None)
    }

    fn list_holders(
        &self,
        _target: Target,
        _kind: String,
        _value: Option<String>,
        _after: Option<String>,
        _limit: u32,
    ) -> Reading<'_, Holders> {
        self.after(Holders::default())
    }

    fn get_people(&self, ids: Vec<PersonId>) -> Reading<'_, Vec<Person>> {
        self.after(self.people.iter().filter(|person| ids.contains(&person.id)).cloned().collect())
    }

    fn get_pages(&self, _keys: Vec<String>) -> Reading<'_, Vec<Page>> {
        self.after(Vec::new())
    }

    fn get_value(&self, _key: String) -> Reading<'_, Option<Vec<u8>>> {
        self.after(None)
    }

    fn list_values(
        &self,
        _prefix: String,
        _after: Option<String>,
        _limit: u32,
    ) -> Reading<'_, (Vec<Pair>, Option<String>)> {
        self.after((Vec::new(), None))
    }

    fn get_balances(&self, accounts: Vec<AccountId>) -> Reading<'_, Vec<Balance>> {
        self.after(vec![Balance { amount: 7, granted: 0, renews_at: None }; accounts.len()])
    }

    fn sum_flows(&self, flows: Vec<Flow>) -> Reading<'_, Vec<FlowSum>> {
        self.after(vec![FlowSum { amount: 5, transfers: 1 }; flows.len()])
    }
}
