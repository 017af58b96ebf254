//! Named people on a page, and short words for what they do.

use stoa::base::clock::{MINUTE, Micros};
use stoa::base::id::{EntryId, PersonId, PluginName, SiteId, new_id};
use stoa::store::{
    Commit, CommitError, Committed, Entry, Event, Mark, NewEntry, Order, PageRef, Permit, PersonClaims,
    RequestRecord, Retention, State, Store, Target, ThreadQuery, Threads, Viewer, Write,
};

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

pub(crate) fn new_entry(at: Micros, parent: Option<&EntryId>, body: &str) -> NewEntry {
    NewEntry {
        id: EntryId::from(new_id(at)),
        kind: "comment".to_owned(),
        parent: parent.cloned(),
        body: body.to_owned(),
        data: String::new(),
        state: State::Visible,
        reason: String::new(),
        suspect: false,
    }
}

pub(crate) fn mark(id: &EntryId, kind: &str, value: &str) -> Write {
    Write::PutMark(Mark { target: Target::Entry(id.clone()), kind: kind.to_owned(), value: value.to_owned() })
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
        Self { store, site, plugin, anna, ben, carla, mona, now: START.into(), report_hold: 0, folder }
    }

    /// A minute later.
    pub(crate) fn later(&self) -> Micros {
        self.now.set(self.now.get() + MINUTE);
        self.now.get()
    }

    pub(crate) fn sees(&self, person: &PersonId) -> Viewer {
        Viewer { person: Some(person.clone()), moderates: *person == self.mona }
    }

    pub(crate) fn nobody() -> Viewer {
        Viewer { person: None, moderates: false }
    }

    pub(crate) fn commit_of(&self, person: &PersonId, writes: Vec<Write>) -> Commit {
        let moderates = *person == self.mona;
        Commit {
            site: self.site.clone(),
            plugin: self.plugin.clone(),
            page: PageRef { key: PAGE.to_owned(), url: String::new(), title: "Travel".to_owned() },
            permit: Permit::for_tests(person.clone(), moderates, moderates),
            now: self.later(),
            request: None,
            report_hold: self.report_hold,
            writes,
        }
    }

    pub(crate) async fn does(&self, person: &PersonId, write: Write) -> Result<u64, CommitError> {
        match self.store.commit(self.commit_of(person, vec![write])).await? {
            Committed::Done { seq } => Ok(seq),
            Committed::Replayed { .. } => panic!("there was no key to replay"),
        }
    }

    pub(crate) async fn writes(&self, person: &PersonId, parent: Option<&EntryId>, body: &str) -> EntryId {
        let new = new_entry(self.now.get() + MINUTE, parent, body);
        let id = new.id.clone();
        self.does(person, Write::CreateEntry(new)).await.unwrap();
        id
    }

    pub(crate) async fn writes_held(
        &self,
        person: &PersonId,
        parent: Option<&EntryId>,
        body: &str,
    ) -> EntryId {
        let mut new = new_entry(self.now.get() + MINUTE, parent, body);
        new.state = State::Held;
        new.reason = "new author".to_owned();
        let id = new.id.clone();
        self.does(person, Write::CreateEntry(new)).await.unwrap();
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
            let write = Write::SetState { id: id.clone(), version, state, reason: "because".to_owned() };
            last = self.does(person, write).await;
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
        let found = self.store.get_entries(&self.site, &self.plugin, PAGE, viewer, &ids).await.unwrap();
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
