//! Named people on a page, and short words for what they do.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::sync::Arc;

use stoa::base::clock::{MINUTE, Micros};
use stoa::base::id::{EntryId, PersonId, PluginName, SiteId, new_id};
use stoa::store::{
    Commit, CommitError, Committed, Entry, Event, Judged, Order, PageRef, Permit, PersonClaims,
    RequestRecord, Retention, Store, ThreadQuery, Threads, Verdict, Viewer,
};
use stoa_rules::{Change, Declared, Fields, Kind, Mark, NewEntry, State, Target, Terms, Value};

/// When the play begins.
pub(crate) const START: Micros = 1_780_000_000_000_000;
pub(crate) const PAGE: &str = "policies/travel";
pub(crate) const ISSUER: &str = "https://intranet.example";

/// A store of its own with Anna, Ben and Carla, and Mona who moderates.
pub(crate) struct Stage {
    pub(crate) store: Store,
    pub(crate) site: SiteId,
    pub(crate) plugin: PluginName,
    pub(crate) anna: PersonId,
    pub(crate) ben: PersonId,
    pub(crate) carla: PersonId,
    pub(crate) mona: PersonId,
    pub(crate) now: std::cell::Cell<Micros>,
    pub(crate) report_hold: u32,
    pub(crate) declared: Arc<Declared>,
    pub(crate) terms: Arc<Terms>,
    pub(crate) folder: tempfile::TempDir,
}

pub(crate) fn claims(subject: &str, name: &str, issued_at: Micros) -> PersonClaims {
    PersonClaims {
        issuer: ISSUER.to_owned(),
        subject: subject.to_owned(),
        name: Some(name.to_owned()),
        email: None,
        title: Some("Engineer".to_owned()),
        team: None,
        roles: None,
        groups: None,
        issued_at,
    }
}

pub(crate) fn url(folder: &std::path::Path) -> String {
    format!("sqlite://{}", folder.join("stoa.db").display())
}

pub(crate) fn query(order: Order, limit: u32, replies: u32) -> ThreadQuery {
    ThreadQuery { order, after: None, limit, replies, expanded: Vec::new(), since: None }
}

/// An entry to be created, with moderation's word about it.
pub(crate) struct Draft {
    pub(crate) id: EntryId,
    pub(crate) kind: String,
    pub(crate) parent: Option<EntryId>,
    pub(crate) fields: Fields,
    pub(crate) verdict: Verdict,
}

pub(crate) fn verdict(state: State) -> Verdict {
    let reason = if state == State::Held { "new author" } else { "" };
    Verdict { state, reason: reason.to_owned(), suspect: false }
}

pub(crate) fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

pub(crate) fn new_entry(at: Micros, parent: Option<&EntryId>, body: &str) -> Draft {
    Draft {
        id: EntryId::from(new_id(at)),
        kind: "comment".to_owned(),
        parent: parent.cloned(),
        fields: [("body".to_owned(), text(body))].into(),
        verdict: verdict(State::Visible),
    }
}

pub(crate) fn plain(change: Change) -> Judged {
    Judged { change, verdict: None }
}

pub(crate) fn create(draft: Draft) -> Judged {
    let Draft { id, kind, parent, fields, verdict } = draft;
    let new = NewEntry { id: id.into(), kind, parent: parent.map(String::from), fields };
    Judged { change: Change::Create(new), verdict: Some(verdict) }
}

pub(crate) fn set(id: &EntryId, seen: Option<u32>, fields: &[(&str, Value)]) -> Judged {
    let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    let change = Change::SetFields { id: id.as_str().to_owned(), seen, fields };
    Judged { change, verdict: Some(verdict(State::Visible)) }
}

pub(crate) fn edit(id: &EntryId, seen: u32, body: &str, state: State) -> Judged {
    Judged { verdict: Some(verdict(state)), ..set(id, Some(seen), &[("body", text(body))]) }
}

pub(crate) fn set_state(id: &EntryId, seen: u32, state: State) -> Judged {
    let reason = "because".to_owned();
    plain(Change::SetState { id: id.as_str().to_owned(), seen, state, reason })
}

pub(crate) fn pin(id: &EntryId, pinned: bool) -> Judged {
    plain(Change::SetPinned { id: id.as_str().to_owned(), pinned })
}

pub(crate) fn close(closed: bool) -> Judged {
    plain(Change::ClosePage(closed))
}

pub(crate) fn put_value(key: &str, value: Option<Vec<u8>>) -> Judged {
    plain(Change::PutValue { key: key.to_owned(), value, wakes: false })
}

pub(crate) fn on_entry(id: &EntryId) -> Target {
    Target::Entry(id.as_str().to_owned())
}

pub(crate) fn put_mark(target: Target, kind: &str, value: &str) -> Judged {
    plain(Change::PutMark { target, kind: kind.to_owned(), value: value.to_owned() })
}

pub(crate) fn mark(id: &EntryId, kind: &str, value: &str) -> Judged {
    put_mark(on_entry(id), kind, value)
}

pub(crate) fn unmark(id: &EntryId, kind: &str) -> Judged {
    plain(Change::DeleteMark { target: on_entry(id), kind: kind.to_owned() })
}

/// What a plugin of comments declares.
pub(crate) fn comments() -> Declared {
    manifest(
        r#"
        [kinds.comment]
        parents = ["page", "comment"]
        fields.body = { type = "long-text", max = 65535 }
        [marks]
        vote = { on = ["comment"], values = ["1", "-1"], own = false, ranks = true }
        like = { on = ["comment"], values = "any" }
        "like \"x\"" = { on = ["comment"], values = "any" }
        "#,
    )
}

/// What a plugin of questions declares.
pub(crate) fn questions() -> Declared {
    manifest(
        r#"
        [kinds.question]
        title = "title"
        [kinds.question.fields]
        title = { type = "text", required = true, min = 6, max = 150, indexed = true }
        body = { type = "long-text" }
        tags = { type = "tags", max_count = 5, indexed = true }
        closed = { type = "choice", choices = ["duplicate", "outdated"], indexed = true }
        duplicate_of = { type = "reference" }
        points = { type = "number", min = 0, max = 100, indexed = true }
        due = { type = "time", indexed = true, set_by = ["expert", "page-owner"] }
        answers = { type = "number", indexed = true, count_of = "answer" }
        accepted = { type = "reference", indexed = true, holder_of = "answer.accepted" }
        options = { type = "list" }
        [kinds.answer]
        parents = ["question"]
        unique = { by = ["parent", "author"], text = "already-answered" }
        [kinds.answer.fields]
        body = { type = "long-text", required = true }
        accepted = { type = "boolean", one_for_each_parent = true, told = true, indexed = true, set_by = ["parent-author", "moderator", "page-owner"] }
        helpers = { type = "people", indexed = true }
        [marks]
        vote = { on = ["question", "answer"], values = ["1", "-1"], own = false, ranks = true }
        choice = { on = ["question"], values = "positions:options", change = "never" }
        follow = { on = ["question", "page", "person"], values = "any" }
        "#,
    )
}

/// The kinds and marks of a manifest.
pub(crate) fn manifest(text: &str) -> Declared {
    #[derive(serde::Deserialize)]
    struct Tables {
        #[serde(default)]
        kinds: BTreeMap<String, Kind>,
        #[serde(default)]
        marks: BTreeMap<String, Mark>,
    }
    let Tables { kinds, marks } = toml::from_str(text).unwrap();
    Declared { kinds, marks, ..Declared::default() }
}

impl Stage {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&url(folder.path())).await.unwrap();
        let site = SiteId::from("demo");
        let mut ids = Vec::new();
        for (subject, name) in
            [("anna", "Anna Bergmann"), ("ben", "Ben Ode"), ("carla", "Carla Núñez"), ("mona", "Mona")]
        {
            ids.push(store.put_person(&site, &claims(subject, name, START), START).await.unwrap().id);
        }
        let [anna, ben, carla, mona] = ids.try_into().unwrap();
        let plugin = PluginName::from("comments");
        Self {
            store,
            site,
            plugin,
            anna,
            ben,
            carla,
            mona,
            now: START.into(),
            report_hold: 0,
            declared: Arc::new(comments()),
            terms: Arc::default(),
            folder,
        }
    }

    /// The same people with a plugin of questions.
    pub(crate) async fn of_questions() -> Self {
        let stage = Self::new().await;
        Self { plugin: PluginName::from("questions"), declared: Arc::new(questions()), ..stage }
    }

    /// A question with fields beside its title.
    pub(crate) async fn asks(&self, person: &PersonId, title: &str, fields: &[(&str, Value)]) -> EntryId {
        let mut new = new_entry(self.now.get() + MINUTE, None, "");
        new.kind = "question".to_owned();
        new.fields = fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        new.fields.insert("title".to_owned(), text(title));
        let id = new.id.clone();
        self.does(person, create(new)).await.unwrap();
        id
    }

    pub(crate) async fn answers(&self, person: &PersonId, question: &EntryId, body: &str) -> EntryId {
        let new = self.answer(question, body);
        let id = new.id.clone();
        self.does(person, create(new)).await.unwrap();
        id
    }

    pub(crate) fn answer(&self, question: &EntryId, body: &str) -> Draft {
        let mut new = new_entry(self.now.get() + MINUTE, Some(question), body);
        new.kind = "answer".to_owned();
        new
    }

    /// A minute later.
    pub(crate) fn later(&self) -> Micros {
        self.now.set(self.now.get() + MINUTE);
        self.now.get()
    }

    pub(crate) fn sees(&self, person: &PersonId) -> Viewer {
        Viewer { person: Some(person.clone()), moderates: *person == self.mona, vouched: None }
    }

    pub(crate) fn nobody() -> Viewer {
        Viewer { person: None, moderates: false, vouched: None }
    }

    pub(crate) fn commit_of(&self, person: &PersonId, changes: Vec<Judged>) -> Commit {
        let moderates = *person == self.mona;
        Commit {
            site: self.site.clone(),
            plugin: self.plugin.clone(),
            page: PageRef { key: PAGE.to_owned(), url: String::new(), title: "Travel".to_owned() },
            permit: Permit::for_tests(person.clone(), moderates, moderates),
            now: self.later(),
            request: None,
            report_hold: self.report_hold,
            declared: Arc::clone(&self.declared),
            terms: Arc::clone(&self.terms),
            author_seen: None,
            requirements: Vec::new(),
            changes,
        }
    }

    pub(crate) async fn does(&self, person: &PersonId, change: Judged) -> Result<u64, CommitError> {
        match self.store.commit(self.commit_of(person, vec![change])).await? {
            Committed::Done { seq } => Ok(seq),
            Committed::Replayed { .. } => panic!("there was no key to replay"),
        }
    }

    pub(crate) async fn writes(&self, person: &PersonId, parent: Option<&EntryId>, body: &str) -> EntryId {
        let new = new_entry(self.now.get() + MINUTE, parent, body);
        let id = new.id.clone();
        self.does(person, create(new)).await.unwrap();
        id
    }

    pub(crate) async fn writes_held(
        &self,
        person: &PersonId,
        parent: Option<&EntryId>,
        body: &str,
    ) -> EntryId {
        let mut new = new_entry(self.now.get() + MINUTE, parent, body);
        new.verdict = verdict(State::Held);
        let id = new.id.clone();
        self.does(person, create(new)).await.unwrap();
        id
    }

    /// Move an entry on from whatever version it has.
    pub(crate) async fn sets(
        &self,
        person: &PersonId,
        id: &EntryId,
        state: State,
    ) -> Result<u64, CommitError> {
        let mut last = Err(CommitError::NotFound(id.clone()));
        // Entries that nobody sees have no version to read: the right one is found by trying.
        for version in 1..12 {
            last = self.does(person, set_state(id, version, state)).await;
            if !matches!(last, Err(CommitError::Conflict(_))) {
                break;
            }
        }
        last
    }

    pub(crate) async fn list(&self, viewer: &Viewer, query: &ThreadQuery) -> Threads {
        self.store.list_threads(&self.site, &self.plugin, PAGE, viewer, query).await.unwrap()
    }

    pub(crate) async fn all(&self, viewer: &Viewer) -> Threads {
        self.list(viewer, &query(Order::Oldest, 100, 50)).await
    }

    /// What somebody sees, one line for each entry: `body` or the state in brackets.
    pub(crate) async fn lines(&self, viewer: &Viewer) -> Vec<String> {
        self.all(viewer).await.entries.iter().map(line).collect()
    }

    pub(crate) async fn entry(&self, viewer: &Viewer, id: &EntryId) -> Entry {
        let ids = [id.clone()];
        let found = self.store.get_entries(&self.site, &self.plugin, Some(PAGE), viewer, &ids).await.unwrap();
        found.entries.into_iter().next().unwrap()
    }

    pub(crate) async fn events(&self) -> Vec<Event> {
        self.store.list_events(0, 1_000).await.unwrap()
    }

    /// The store is what it says, counted again.
    pub(crate) async fn is_sound(&self) {
        assert_eq!(self.store.check().await.unwrap(), Vec::<String>::new());
    }
}

pub(crate) fn line(entry: &Entry) -> String {
    let indent = "> ".repeat(entry.depth.try_into().unwrap());
    if entry.body.is_empty() {
        format!("{indent}({:?})", entry.state)
    } else {
        format!("{indent}{}", entry.body)
    }
}

/// Requests as always; everything else is kept for ever.
pub(crate) fn retention(stage: &Stage, now: Micros) -> Retention {
    Retention { now, events_before: Micros::MIN, deleted_before: vec![(stage.site.clone(), Micros::MIN)] }
}

pub(crate) fn request(key: &str, body: u8) -> RequestRecord {
    RequestRecord { key: key.to_owned(), fingerprint: [body; 32], answer: format!("answer {body}") }
}

/// Run a test of this program in a child that is killed when it has said `acked` for the `count`th time, whatever it does
/// besides at that moment; everything that it acknowledged.
pub(crate) fn killed_after(test: &str, environment: [(&str, &OsStr); 2], count: usize) -> Vec<String> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .envs(environment)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    let mut acked = Vec::new();
    for line in output.lines().map_while(Result::ok) {
        acked.extend(line.split_once("acked ").map(|(_, name)| name.to_owned()));
        if acked.len() == count {
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    acked
}
