//! The store decides as the table of cases says, and so as the in-memory test host does.

use std::sync::Arc;

use stoa::base::id::{EntryId, PersonId, PluginName};
use stoa::store::{CommitError, Entry, Judged};
use stoa_rules::cases::{self, Bench, Code, Seen, Who};
use stoa_rules::{AccountId, Change, Condition, Otherwise, Requirement, State, Value};

use crate::cast::{PAGE, Stage, verdict};

struct StoreBench {
    stage: Stage,
    runtime: tokio::runtime::Runtime,
}

impl StoreBench {
    fn new() -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let stage = runtime.block_on(Stage::new());
        let plugin = PluginName::from("cases");
        let (declared, terms) = (Arc::new(cases::declared()), Arc::new(cases::terms()));
        Self { stage: Stage { plugin, declared, terms, ..stage }, runtime }
    }

    fn id(&self, who: Who) -> &PersonId {
        match who {
            Who::Anna => &self.stage.anna,
            Who::Ben => &self.stage.ben,
            Who::Carla => &self.stage.carla,
            Who::Mona => &self.stage.mona,
        }
    }
}

impl Bench for StoreBench {
    fn person(&self, who: Who) -> String {
        self.id(who).as_str().to_owned()
    }

    fn page(&self) -> String {
        PAGE.to_owned()
    }

    fn apply(&mut self, who: Who, conditions: &[Condition], changes: &[Change]) -> Result<(), Code> {
        let judged =
            |change: &Change| Judged { change: change.clone(), verdict: Some(verdict(State::Visible)) };
        let mut commit = self.stage.commit_of(self.id(who), changes.iter().map(judged).collect());
        commit.permit = commit.permit.with_expert(who == Who::Carla);
        let require = |one: &Condition| Requirement { condition: one.clone(), otherwise: Otherwise::Rerun };
        commit.requirements = conditions.iter().map(require).collect();
        let done = self.runtime.block_on(self.stage.store.commit(commit));
        self.runtime.block_on(self.stage.is_sound());
        done.map(drop).map_err(|error| code(&error))
    }

    fn balance(&mut self, account: &AccountId) -> i64 {
        let Stage { store, site, plugin, terms, now, .. } = &self.stage;
        let accounts = [account.clone()];
        let found = store.get_balances(site, plugin, terms, now.get(), &accounts);
        self.runtime.block_on(found).unwrap()[0].amount
    }

    fn look(&mut self, who: Who, id: &str) -> Option<Seen> {
        let (viewer, ids) = (self.stage.sees(self.id(who)), [EntryId::from(id)]);
        let found =
            self.stage.store.get_entries(&self.stage.site, &self.stage.plugin, Some(PAGE), &viewer, &ids);
        self.runtime.block_on(found).unwrap().entries.into_iter().next().map(seen)
    }
}

fn code(error: &CommitError) -> Code {
    match error {
        CommitError::Denied(_) => Code::Denied,
        CommitError::NotFound(_) => Code::NotFound,
        CommitError::Conflict(_)
        | CommitError::ParentGone(_)
        | CommitError::PageClosed
        | CommitError::AlreadyMarked { .. }
        | CommitError::KeyReused
        | CommitError::SpaceFull
        | CommitError::Rerun => Code::Conflict,
        CommitError::Invalid { .. } | CommitError::Store(_) => Code::Invalid,
        CommitError::NotUnique { .. } => Code::NotUnique,
        CommitError::Unmet { requirement } => Code::Unmet(*requirement),
        CommitError::Short { .. } => Code::Short,
    }
}

fn seen(entry: Entry) -> Seen {
    let mut fields = entry.fields;
    if !entry.body.is_empty() {
        fields.insert("body".to_owned(), Value::Text(entry.body));
    }
    let Entry { state, version, pinned, counts, mine, .. } = entry;
    Seen { state, version, pinned, fields, counts, mine }
}

#[test]
fn every_case_of_the_table_comes_out_as_it_says() {
    let cases = cases::all();
    assert!(cases.len() >= 25);
    for case in cases {
        cases::run(&case, &mut StoreBench::new());
    }
}
