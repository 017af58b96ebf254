//! Changes of entries: created, changed, moved from state to state, pinned. Counters, lists and indexed values are kept
//! in the same transaction.

use stoa_rules::{
    Field, Fields, Kind, NewEntry, Reach, Relation, State, Target, TransitionError, Value, fields_to_json,
    listed, may_set, may_set_new, transition,
};

use super::derived::derive;
use super::{Applying, HERE};
use crate::base::clock::Micros;
use crate::base::id::{EntryId, PersonId};
use crate::store::db::{Row, values};
use crate::store::model::{Commit, CommitError, StoreError, Verdict, fields_of};

/// The field that is kept as text beside the others.
pub(super) const BODY: &str = "body";

const LOAD: &str =
    "select e.thread, e.parent, e.root, e.depth, e.author, e.body, e.state, e.version, e.reply_count,
    e.waiting_count, e.pinned, e.approved_at, e.edited_by, e.kind, e.data, e.parent_author, e.created_at,
    e.cleared_at from entries e where e.site = $1 and e.id = $2 and e.plugin = $3";
const INSERT: &str = "insert into entries
    (site, id, thread, kind, parent, root, depth, author, parent_author, body, data, state, reason, state_at,
    version, created_at, listed, suspect, report_count, plugin, active_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 1, $14, $15, $16, $16, $17, $14)
    on conflict (site, id) do nothing";
/// $7 says whether a text is another one, $8 whether by a moderator.
const SET: &str = "update entries set body = $3, data = $4, version = version + 1,
    edited_at = case when $7 = 1 then $5 else edited_at end,
    edited_by = case when $7 = 1 then $6 else edited_by end,
    active_at = case when $7 = 1 and parent is null and active_at < $5 then $5 else active_at end,
    approved_at = case when $7 = 1 and $8 = 0 then null else approved_at end
    where site = $1 and id = $2";
const SUSPECT: &str = "update entries set suspect = 1, report_count = report_count + 1
    where site = $1 and id = $2 and suspect = 0";
const KEEP_OLD: &str = "insert into entry_revisions (site, entry, version, author, replaced_at, body, data)
    values ($1, $2, $3, $4, $5, $6, $7)";
/// A moderator's yes answers the reports so far.
const STATE: &str =
    "update entries set state = $3, reason = $4, state_at = $5, listed = $6, version = version + $8,
    pinned = case when $3 in ('visible', 'held') then pinned else 0 end,
    approved_at = case when $7 = 1 then $5 else approved_at end,
    suspect = case when $7 = 1 then 0 else suspect end,
    report_count = case when $7 = 1 then 0 else report_count end
    where site = $1 and id = $2";
const ANCESTORS: &str = "with recursive up (id, parent) as (
        select e.id, e.parent from entries e where e.site = $1 and e.id = $2
        union all
        select e.id, e.parent from up cross join entries e where e.site = $1 and e.id = up.parent
    )
    update entries set
        reply_count = reply_count + $3,
        waiting_count = waiting_count + $4,
        listed = case
            when state = 'visible' or reply_count + $3 > 0 then 1
            when state in ('held', 'rejected') then 2
            when state = 'removed' or waiting_count + $4 > 0 then 3
            else 0 end
    where site = $1 and id in (select id from up)";
const ANSWERED: &str = "update entries set answer_count = answer_count + $3
    where site = $1 and id = $2 and author is distinct from $4";
/// What is newest below a root that everybody sees.
const NEWEST_REPLY: &str = "select e.created_at from entries e
    where e.site = $1 and e.root = $2 and e.parent is not null and e.state = 'visible'
    order by e.created_at desc, e.id desc limit 1";
const ACTIVE: &str = "update entries set active_at = case
        when coalesce(edited_at, created_at) > $3 then coalesce(edited_at, created_at) else $3 end
    where site = $1 and id = $2";
/// Whom an answer speaks to is shown only while that entry is visible.
const CHILDREN: &str = "update entries set parent_author = $3 where site = $1 and parent = $2";
const PIN: &str = "update entries set pinned = $3, version = version + 1 where site = $1 and id = $2";

pub(in crate::store) const STATEMENTS: &[&str] =
    &[LOAD, INSERT, SET, SUSPECT, KEEP_OLD, STATE, ANCESTORS, ANSWERED, NEWEST_REPLY, ACTIVE, CHILDREN, PIN];

/// What rules ask of an entry.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) id: EntryId,
    /// Where its page is among the places of the commit.
    pub(super) place: usize,
    thread: i64,
    pub(super) kind: String,
    pub(super) parent: Option<String>,
    root: String,
    depth: u32,
    pub(super) author: Option<String>,
    parent_author: Option<String>,
    pub(super) body: String,
    pub(super) data: String,
    pub(super) state: State,
    pub(super) version: u32,
    replies: i64,
    waiting: i64,
    pinned: bool,
    pub(super) approved: bool,
    edited_by: Option<String>,
    pub(super) created_at: Micros,
    /// Whether it was deleted so long ago that its text is gone.
    cleared: bool,
}

impl Known {
    fn read(id: &EntryId, row: &Row) -> Result<Self, StoreError> {
        let state = row.text(6)?;
        Ok(Self {
            id: id.clone(),
            place: HERE,
            thread: row.int(0)?,
            parent: row.maybe_text(1)?,
            root: row.text(2)?,
            depth: row.count(3)?,
            author: row.maybe_text(4)?,
            body: row.text(5)?,
            state: State::from_word(&state)
                .ok_or_else(|| StoreError::Database(format!("{state} is no state of an entry")))?,
            version: row.count(7)?,
            replies: row.int(8)?,
            waiting: row.int(9)?,
            pinned: row.flag(10)?,
            approved: row.maybe_int(11)?.is_some(),
            edited_by: row.maybe_text(12)?,
            kind: row.text(13)?,
            data: row.text(14)?,
            parent_author: row.maybe_text(15)?,
            created_at: row.int(16)?,
            cleared: row.maybe_int(17)?.is_some(),
        })
    }

    pub(super) fn is_by(&self, person: &PersonId) -> bool {
        self.author.as_deref() == Some(person.as_str())
    }

    /// Its values, the body among them.
    pub(super) fn fields(&self) -> Result<Fields, StoreError> {
        let mut fields = fields_of(&self.data)?;
        if !self.body.is_empty() {
            fields.insert(BODY.to_owned(), Value::Text(self.body.clone()));
        }
        Ok(fields)
    }

    fn target(&self) -> Target {
        Target::Entry(self.id.as_str().to_owned())
    }
}

/// Whether texts can be changed and values are indexed.
pub(super) fn is_open(state: State) -> bool {
    matches!(state, State::Visible | State::Held)
}

/// The body and, as JSON, everything else that has a value; an empty text for nothing.
pub(super) fn split(mut fields: Fields) -> (String, String) {
    let body = match fields.remove(BODY) {
        Some(Value::Text(body)) => body,
        _ => String::new(),
    };
    fields.retain(|_, value| !value.is_blank());
    let data = if fields.is_empty() { String::new() } else { fields_to_json(&fields) };
    (body, data)
}

/// What the manifest says of a kind.
pub(super) fn declared<'a>(commit: &'a Commit, kind: &str) -> Result<&'a Kind, CommitError> {
    let declared = commit.declared.kinds.get(kind);
    declared.ok_or_else(|| CommitError::invalid("kind", format!("`{kind}` is not declared in the manifest")))
}

/// How a text comes to be: what moderation says, held without a word of it.
struct Judgement<'a> {
    state: State,
    reason: &'a str,
    suspect: bool,
}

fn judgement(verdict: Option<&Verdict>) -> Judgement<'_> {
    match verdict {
        Some(verdict) if verdict.state == State::Visible => {
            Judgement { state: State::Visible, reason: "", suspect: verdict.suspect }
        }
        Some(verdict) => Judgement { state: State::Held, reason: &verdict.reason, suspect: verdict.suspect },
        None => Judgement { state: State::Held, reason: "pre", suspect: false },
    }
}

/// The limits that settings give were held against when the change was recorded.
fn no_settings(_name: &str) -> Option<i64> {
    None
}

impl Applying<'_> {
    /// An entry of this plugin on this site.
    pub(super) async fn find_entry(&mut self, id: &str) -> Result<Option<Known>, CommitError> {
        let values = values![self.site(), id, self.commit.plugin.as_str()];
        let Some(row) = self.connection.row(LOAD, values).await? else { return Ok(None) };
        let mut known = Known::read(&EntryId::from(id), &row)?;
        // An entry of a page that the person may not read is not there for them.
        let Some(place) = self.place_of(known.thread).await? else { return Ok(None) };
        known.place = place;
        Ok(Some(known))
    }

    /// An entry of this plugin that may be changed: on the page of the commit, or anywhere where the manifest says so.
    pub(super) async fn entry(&mut self, id: &EntryId) -> Result<Known, CommitError> {
        let anywhere = self.commit.declared.writes == Reach::Site;
        let known = self.find_entry(id.as_str()).await?.filter(|known| anywhere || known.place == HERE);
        known.ok_or_else(|| CommitError::NotFound(id.clone()))
    }

    /// What the person is to an entry.
    fn relation(&self, known: &Known) -> Relation {
        let permit = &self.commit.permit;
        let is = |id: &Option<String>| id.as_deref() == Some(permit.person().as_str());
        Relation {
            author: is(&known.author),
            parent_author: is(&known.parent_author),
            moderator: permit.moderates(),
            page_owner: is(&self.places[known.place].owner),
            expert: permit.is_expert(),
        }
    }

    /// What a new entry replies to: visible, on the page of the commit or of another one that can be changed.
    async fn parent(&mut self, id: &str) -> Result<Known, CommitError> {
        let id = EntryId::from(id);
        let parent = self.entry(&id).await?;
        if parent.state != State::Visible {
            return Err(CommitError::ParentGone(id));
        }
        Ok(parent)
    }

    pub(super) async fn create(
        &mut self,
        new: &NewEntry,
        verdict: Option<&Verdict>,
    ) -> Result<(), CommitError> {
        if !crate::base::id::is_id(&new.id) {
            return Err(StoreError::Invalid("the id of an entry is one made by the host".to_owned()).into());
        }
        let kind = declared(self.commit, &new.kind)?;
        let parent = match &new.parent {
            None => None,
            Some(id) => Some(self.parent(id).await?),
        };
        // A reply stands where what it replies to does.
        let place = parent.as_ref().map_or(HERE, |parent| parent.place);
        if self.places[place].closed {
            return Err(CommitError::PageClosed);
        }
        kind.check_new(parent.as_ref().map(|parent| parent.kind.as_str()), &new.fields, &no_settings)?;
        let judged = judgement(verdict);
        let known = self.insert(new, parent.as_ref(), &judged).await?;
        self.check_setters(&known, kind, &new.fields, may_set_new)?;
        self.check_names(&known.id, kind, &new.fields).await?;
        self.put_keys(&known, kind).await?;
        self.index(&known, kind, &new.fields).await?;
        self.hold(&known, kind, &new.fields).await?;
        self.count(&known, i64::from(known.state == State::Visible), waits(known.state)).await?;
        self.derive_from(&known).await?;
        let person = self.commit.permit.person().clone();
        let data = serde_json::json!({
            "kind": new.kind, "state": known.state.word(), "parent": new.parent, "reason": judged.reason,
        });
        self.event(place, "entry.created", Some(&known.id), Some(&person), &data).await?;
        if judged.suspect {
            let data = serde_json::json!({ "kind": "report", "value": "rule" });
            self.event(place, "mark.put", Some(&known.id), None, &data).await?;
        }
        Ok(())
    }

    async fn insert(
        &mut self,
        new: &NewEntry,
        parent: Option<&Known>,
        judged: &Judgement<'_>,
    ) -> Result<Known, CommitError> {
        let (body, data) = split(new.fields.clone());
        let place = parent.map_or(HERE, |parent| parent.place);
        let known = Known {
            id: EntryId::from(new.id.as_str()),
            place,
            thread: self.places[place].thread,
            kind: new.kind.clone(),
            parent: new.parent.clone(),
            root: parent.map_or_else(|| new.id.clone(), |parent| parent.root.clone()),
            depth: parent.map_or(0, |parent| parent.depth + 1),
            author: Some(self.commit.permit.person().as_str().to_owned()),
            parent_author: parent.and_then(|parent| parent.author.clone()),
            body,
            data,
            state: judged.state,
            version: 1,
            replies: 0,
            waiting: 0,
            pinned: false,
            approved: false,
            edited_by: None,
            created_at: self.commit.now,
            cleared: false,
        };
        let values = values![
            self.site(),
            new.id.as_str(),
            known.thread,
            known.kind.as_str(),
            known.parent.as_deref(),
            known.root.as_str(),
            known.depth,
            known.author.as_deref(),
            known.parent_author.as_deref(),
            known.body.as_str(),
            known.data.as_str(),
            known.state.word(),
            judged.reason,
            known.created_at,
            listed(known.state, 0, 0).number(),
            judged.suspect,
            self.commit.plugin.as_str()
        ];
        match self.connection.run(INSERT, values).await? {
            0 => Err(CommitError::Conflict(known.id)),
            _ => Ok(known),
        }
    }

    /// Whether the person may set all of the fields.
    fn check_setters(
        &self,
        known: &Known,
        kind: &Kind,
        fields: &Fields,
        may: fn(&Field, Relation) -> bool,
    ) -> Result<(), CommitError> {
        let who = self.relation(known);
        match fields.keys().all(|name| kind.fields.get(name).is_some_and(|field| may(field, who))) {
            true => Ok(()),
            false => Err(CommitError::Denied(known.target())),
        }
    }

    pub(super) async fn set_fields(
        &mut self,
        id: &EntryId,
        seen: Option<u32>,
        fields: &Fields,
        verdict: Option<&Verdict>,
    ) -> Result<(), CommitError> {
        let known = self.entry(id).await?;
        let kind = declared(self.commit, &known.kind)?;
        kind.check_versioned_change(seen, fields, &no_settings)?;
        self.check_setters(&known, kind, fields, may_set)?;
        if seen.is_some_and(|seen| seen != known.version) || !is_open(known.state) {
            return Err(CommitError::Conflict(id.clone()));
        }
        let is_text = |name: &str| kind.fields.get(name).is_some_and(|field| field.kind.is_text());
        self.check_names(id, kind, fields).await?;
        let mut all = known.fields()?;
        let changed = set(&mut all, fields);
        let judged = fields.keys().any(|name| is_text(name)).then(|| judgement(verdict));
        let suspect = judged.as_ref().is_some_and(|one| one.suspect);
        let holds = judged.filter(|one| one.state == State::Held && known.state == State::Visible);
        if changed.is_empty() && holds.is_none() {
            return Ok(());
        }
        if !changed.is_empty() {
            let text = changed.iter().any(|name| is_text(name));
            self.put_fields(&known, all, text).await?;
            self.reindex(&known, kind, fields, &changed).await?;
            self.derive_from(&known).await?;
        }
        let reason = holds.as_ref().map_or("", |judged| judged.reason);
        let mut state = known.state;
        if holds.is_some() {
            // Loaded again: what it held is cleared from its fields as they are now.
            let known = self.entry(id).await?;
            self.change_state(&known, State::Held, reason, (false, changed.is_empty())).await?;
            state = State::Held;
        }
        let person = self.commit.permit.person().clone();
        let data = serde_json::json!({
            "version": known.version + 1, "state": state.word(), "reason": reason, "fields": changed,
        });
        self.event(known.place, "entry.changed", Some(id), Some(&person), &data).await?;
        if suspect { self.suspect(id, known.place).await } else { Ok(()) }
    }

    /// A rule reports an entry that is there; it reports once until a moderator has answered.
    async fn suspect(&mut self, id: &EntryId, place: usize) -> Result<(), CommitError> {
        if self.connection.run(SUSPECT, values![self.site(), id.as_str()]).await? == 0 {
            return Ok(());
        }
        let data = serde_json::json!({ "kind": "report", "value": "rule" });
        self.event(place, "mark.put", Some(id), None, &data).await
    }

    /// Write all fields of an entry; where a text changes the old texts become a revision.
    async fn put_fields(&mut self, known: &Known, fields: Fields, text: bool) -> Result<(), CommitError> {
        let (person, moderates) = (self.commit.permit.person().clone(), self.commit.permit.moderates());
        if text {
            let writer = known.edited_by.clone().or_else(|| known.author.clone());
            let values = values![
                self.site(),
                known.id.as_str(),
                known.version,
                writer,
                self.commit.now,
                known.body.as_str(),
                known.data.as_str()
            ];
            self.connection.run(KEEP_OLD, values).await?;
        }
        let (body, data) = split(fields);
        let values = values![
            self.site(),
            known.id.as_str(),
            body,
            data,
            self.commit.now,
            person.as_str(),
            text,
            moderates
        ];
        self.connection.run(SET, values).await?;
        Ok(())
    }

    /// Take a field from an entry, as a change of that entry.
    pub(super) async fn clear_field(&mut self, id: &str, name: &str) -> Result<(), CommitError> {
        let Some(known) = self.find_entry(id).await? else { return Ok(()) };
        let mut fields = known.fields()?;
        if fields.remove(name).is_none() {
            return Ok(());
        }
        self.put_fields(&known, fields, false).await?;
        self.unindex(&known.id, Some(name)).await?;
        let person = self.commit.permit.person().clone();
        let data = serde_json::json!({
            "version": known.version + 1, "state": known.state.word(), "reason": "", "fields": [name],
        });
        self.event(known.place, "entry.changed", Some(&known.id), Some(&person), &data).await
    }

    pub(super) async fn set_state(
        &mut self,
        (id, version): (&EntryId, u32),
        state: State,
        reason: &str,
    ) -> Result<(), CommitError> {
        let known = self.entry(id).await?;
        if known.cleared {
            return Err(CommitError::NotFound(id.clone()));
        }
        let who = self.relation(&known);
        transition(known.state, state, who).map_err(|error| match error {
            TransitionError::Conflict => CommitError::Conflict(id.clone()),
            TransitionError::Denied => CommitError::Denied(known.target()),
        })?;
        if known.version != version {
            return Err(CommitError::Conflict(id.clone()));
        }
        let approves = who.moderator && state == State::Visible;
        self.change_state(&known, state, reason, (approves, true)).await?;
        let person = self.commit.permit.person().clone();
        let data = serde_json::json!({ "from": known.state.word(), "to": state.word(), "reason": reason });
        self.event(known.place, "entry.state", Some(id), Some(&person), &data).await
    }

    /// Change a state with everything that counts it. `version` says whether this is a version of its own.
    pub(super) async fn change_state(
        &mut self,
        known: &Known,
        state: State,
        reason: &str,
        (approves, version): (bool, bool),
    ) -> Result<(), CommitError> {
        let values = values![
            self.site(),
            known.id.as_str(),
            state.word(),
            reason,
            self.commit.now,
            listed(state, known.replies, known.waiting).number(),
            approves,
            version
        ];
        self.connection.run(STATE, values).await?;
        self.keep_fields(known, state).await?;
        if state == State::Visible {
            self.release_points(known).await?;
        } else {
            self.hide_points(known).await?;
        }
        let visible = i64::from(state == State::Visible) - i64::from(known.state == State::Visible);
        self.count(known, visible, waits(state) - waits(known.state)).await?;
        self.derive_from(known).await?;
        if visible != 0 && known.replies + known.waiting > 0 {
            let author = known.author.clone().filter(|_| state == State::Visible);
            self.connection.run(CHILDREN, values![self.site(), known.id.as_str(), author]).await?;
        }
        Ok(())
    }

    /// Bring what the parent shows of this entry up to date.
    async fn derive_from(&mut self, known: &Known) -> Result<(), CommitError> {
        let (Some(parent), commit) = (known.parent.as_deref(), self.commit) else { return Ok(()) };
        if commit.declared.derives_of(&known.kind) {
            derive(self.connection, commit.site.as_str(), &commit.declared, parent).await?;
        }
        Ok(())
    }

    /// Count an entry in or out: in its thread and at everything above it.
    async fn count(&mut self, known: &Known, visible: i64, waiting: i64) -> Result<(), CommitError> {
        let place = &mut self.places[known.place];
        place.changed = true;
        place.entry_delta += visible;
        let Some(parent) = known.parent.as_deref() else {
            place.root_delta += visible;
            return Ok(());
        };
        if visible != 0 || waiting != 0 {
            self.connection.run(ANCESTORS, values![self.site(), parent, visible, waiting]).await?;
        }
        if visible != 0 {
            let author = known.author.as_deref();
            self.connection.run(ANSWERED, values![self.site(), parent, visible, author]).await?;
            let root = known.root.as_str();
            let newest = self.connection.row(NEWEST_REPLY, values![self.site(), root]).await?;
            let newest = newest.map_or(Ok(0), |row| row.int(0))?;
            self.connection.run(ACTIVE, values![self.site(), root, newest]).await?;
        }
        Ok(())
    }

    pub(super) async fn set_pinned(&mut self, id: &EntryId, pinned: bool) -> Result<(), CommitError> {
        let known = self.entry(id).await?;
        if !self.commit.permit.pins() {
            return Err(CommitError::Denied(known.target()));
        }
        if known.parent.is_some() {
            return Err(StoreError::Invalid("only the start of a thread can be pinned".to_owned()).into());
        }
        if known.state != State::Visible {
            return Err(CommitError::Conflict(id.clone()));
        }
        if known.pinned == pinned {
            return Ok(());
        }
        self.connection.run(PIN, values![self.site(), id.as_str(), pinned]).await?;
        let person = self.commit.permit.person().clone();
        let data = serde_json::json!({ "pinned": pinned });
        self.event(known.place, "entry.pinned", Some(id), Some(&person), &data).await
    }
}

fn waits(state: State) -> i64 {
    i64::from(matches!(state, State::Held | State::Rejected))
}

/// Set values among all; the names of those that are other values now. A blank value is none.
fn set<'f>(all: &mut Fields, fields: &'f Fields) -> Vec<&'f str> {
    let mut changed = Vec::new();
    for (name, value) in fields {
        let before = all.get(name).unwrap_or(&Value::Unset);
        if before != value && !(before.is_blank() && value.is_blank()) {
            changed.push(name.as_str());
            all.insert(name.clone(), value.clone());
        }
    }
    changed
}
