//! Changes of entries: made, edited, moved from state to state, pinned. Counters are kept in the same transaction.

use super::apply::Applying;
use crate::base::id::{EntryId, PersonId};
use crate::store::db::{Row, values};
use crate::store::model::{CommitError, NewEntry, State, StoreError, Target};
use crate::store::rules;

/// Longest Markdown and data that are kept, in bytes: moderation sets the real limit in characters.
const TEXT_MAX: usize = 262_144;

const LOAD: &str =
    "select e.thread, e.parent, e.root, e.depth, e.author, e.body, e.state, e.version, e.reply_count,
    e.waiting_count, e.pinned, e.approved_at, e.edited_by, e.cleared_at from entries e where e.site = $1 and e.id = $2";
const INSERT: &str = "insert into entries
    (site, id, thread, kind, parent, root, depth, author, parent_author, body, data, state, reason, state_at,
    version, created_at, listed, suspect, report_count)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 1, $14, $15, $16, $16)
    on conflict (site, id) do nothing";
const EDIT: &str = "update entries set body = $3, version = version + 1, edited_at = $4, edited_by = $5,
    approved_at = case when $6 = 1 then approved_at else null end
    where site = $1 and id = $2";
const SUSPECT: &str = "update entries set suspect = 1, report_count = report_count + 1
    where site = $1 and id = $2 and suspect = 0";
const KEEP_OLD: &str = "insert into entry_revisions (site, entry, version, author, replaced_at, body)
    values ($1, $2, $3, $4, $5, $6)";
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
            when waiting_count + $4 > 0 then 3
            else 0 end
    where site = $1 and id in (select id from up)";
const ANSWERED: &str = "update entries set answer_count = answer_count + $3
    where site = $1 and id = $2 and author is distinct from $4";
/// Whom an answer speaks to is shown only while that entry is visible.
const CHILDREN: &str = "update entries set parent_author = $3 where site = $1 and parent = $2";
const PIN: &str = "update entries set pinned = $3, version = version + 1 where site = $1 and id = $2";

pub(in crate::store) const STATEMENTS: &[&str] =
    &[LOAD, INSERT, EDIT, SUSPECT, KEEP_OLD, STATE, ANCESTORS, ANSWERED, CHILDREN, PIN];

/// What rules ask of an entry.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) id: EntryId,
    pub(super) thread: i64,
    pub(super) parent: Option<String>,
    pub(super) root: String,
    pub(super) depth: u32,
    pub(super) author: Option<String>,
    pub(super) body: String,
    pub(super) state: State,
    pub(super) version: u32,
    pub(super) replies: i64,
    pub(super) waiting: i64,
    pub(super) pinned: bool,
    pub(super) approved: bool,
    pub(super) edited_by: Option<String>,
    /// Whether it was deleted so long ago that its text is gone.
    pub(super) cleared: bool,
}

impl Known {
    fn read(id: &EntryId, row: &Row) -> Result<Self, StoreError> {
        let state = row.text(6)?;
        Ok(Self {
            id: id.clone(),
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
            cleared: row.maybe_int(13)?.is_some(),
        })
    }

    pub(super) fn is_by(&self, person: &PersonId) -> bool {
        self.author.as_deref() == Some(person.as_str())
    }
}

fn refused(refusal: rules::Refusal, id: &EntryId) -> CommitError {
    match refusal {
        rules::Refusal::Conflict => CommitError::Conflict(id.clone()),
        rules::Refusal::Denied => CommitError::Denied(Target::Entry(id.clone())),
    }
}

impl Applying<'_> {
    /// An entry of this plugin on this page.
    pub(super) async fn entry(&mut self, id: &EntryId) -> Result<Known, CommitError> {
        let row = self.connection.row(LOAD, values![self.site(), id.as_str()]).await?;
        let known = row.map(|row| Known::read(id, &row)).transpose()?;
        known.filter(|known| known.thread == self.thread).ok_or_else(|| CommitError::NotFound(id.clone()))
    }

    pub(super) async fn create_entry(&mut self, new: &NewEntry) -> Result<(), CommitError> {
        if self.closed {
            return Err(CommitError::PageClosed);
        }
        check_new(new)?;
        let parent = match &new.parent {
            None => None,
            Some(id) => Some(self.entry(id).await?),
        };
        if let Some(parent) = parent.as_ref().filter(|parent| parent.state != State::Visible) {
            return Err(CommitError::ParentGone(parent.id.clone()));
        }
        let person = self.commit.permit.person().clone();
        let values = values![
            self.site(),
            new.id.as_str(),
            self.thread,
            new.kind.as_str(),
            new.parent.as_ref().map(EntryId::as_str),
            parent.as_ref().map_or(new.id.as_str(), |parent| parent.root.as_str()),
            parent.as_ref().map_or(0, |parent| parent.depth + 1),
            person.as_str(),
            parent.as_ref().and_then(|parent| parent.author.clone()),
            new.body.as_str(),
            new.data.as_str(),
            new.state.word(),
            new.reason.as_str(),
            self.commit.now,
            rules::listed(new.state, 0, 0),
            new.suspect
        ];
        if self.connection.run(INSERT, values).await? == 0 {
            return Err(CommitError::Conflict(new.id.clone()));
        }
        let visible = i64::from(new.state == State::Visible);
        self.count(parent.as_ref().map(|parent| &parent.id), Some(person.as_str()), visible, 1 - visible)
            .await?;
        let data = serde_json::json!({
            "kind": new.kind, "state": new.state.word(), "parent": new.parent, "reason": new.reason,
        });
        self.event("entry.created", Some(&new.id), Some(&person), &data).await?;
        if new.suspect {
            let data = serde_json::json!({ "kind": "report", "value": "rule" });
            self.event("mark.put", Some(&new.id), None, &data).await?;
        }
        Ok(())
    }

    pub(super) async fn edit_entry(
        &mut self,
        (id, version): (&EntryId, u32),
        body: &str,
        (state, reason): (State, &str),
    ) -> Result<(), CommitError> {
        check_text(body)?;
        let known = self.entry(id).await?;
        let person = self.commit.permit.person().clone();
        let moderates = self.commit.permit.moderates();
        if !known.is_by(&person) && !moderates {
            return Err(CommitError::Denied(Target::Entry(id.clone())));
        }
        if known.version != version || !matches!(known.state, State::Visible | State::Held) {
            return Err(CommitError::Conflict(id.clone()));
        }
        let holds = known.state == State::Visible && state == State::Held;
        if known.body == body && !holds {
            return Ok(());
        }
        if known.body != body {
            let writer = known.edited_by.clone().or_else(|| known.author.clone());
            let values = values![
                self.site(),
                id.as_str(),
                known.version,
                writer,
                self.commit.now,
                known.body.as_str()
            ];
            self.connection.run(KEEP_OLD, values).await?;
            let values = values![self.site(), id.as_str(), body, self.commit.now, person.as_str(), moderates];
            self.connection.run(EDIT, values).await?;
        }
        if holds {
            self.change_state(&known, State::Held, reason, (false, known.body == body)).await?;
        }
        let state = if holds { State::Held } else { known.state };
        let data =
            serde_json::json!({ "version": known.version + 1, "state": state.word(), "reason": reason });
        self.event("entry.edited", Some(id), Some(&person), &data).await
    }

    /// A rule reports an entry that is there; it reports once until a moderator has answered.
    pub(super) async fn suspect(&mut self, id: &EntryId) -> Result<(), CommitError> {
        if self.connection.run(SUSPECT, values![self.site(), id.as_str()]).await? == 0 {
            return Ok(());
        }
        let data = serde_json::json!({ "kind": "report", "value": "rule" });
        self.event("mark.put", Some(id), None, &data).await
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
        let person = self.commit.permit.person().clone();
        let moderates = self.commit.permit.moderates();
        rules::transition(known.state, state, known.is_by(&person), moderates)
            .map_err(|refusal| refused(refusal, id))?;
        if known.version != version {
            return Err(CommitError::Conflict(id.clone()));
        }
        let approves = moderates && state == State::Visible;
        self.change_state(&known, state, reason, (approves, true)).await?;
        let data = serde_json::json!({ "from": known.state.word(), "to": state.word(), "reason": reason });
        self.event("entry.state", Some(id), Some(&person), &data).await
    }

    /// Change a state with everything that counts it. `version` says whether this is a version of its own.
    pub(super) async fn change_state(
        &mut self,
        known: &Known,
        state: State,
        reason: &str,
        (approves, version): (bool, bool),
    ) -> Result<(), CommitError> {
        let listed = rules::listed(state, known.replies, known.waiting);
        let values = values![
            self.site(),
            known.id.as_str(),
            state.word(),
            reason,
            self.commit.now,
            listed,
            approves,
            version
        ];
        self.connection.run(STATE, values).await?;
        let visible = i64::from(state == State::Visible) - i64::from(known.state == State::Visible);
        let waits = |state| i64::from(matches!(state, State::Held | State::Rejected));
        let waiting = waits(state) - waits(known.state);
        let parent = known.parent.clone().map(EntryId::from);
        self.count(parent.as_ref(), known.author.as_deref(), visible, waiting).await?;
        if visible != 0 && known.replies + known.waiting > 0 {
            let author = known.author.clone().filter(|_| state == State::Visible);
            self.connection.run(CHILDREN, values![self.site(), known.id.as_str(), author]).await?;
        }
        Ok(())
    }

    /// Count an entry in or out: in its thread and at everything above it.
    async fn count(
        &mut self,
        parent: Option<&EntryId>,
        author: Option<&str>,
        visible: i64,
        waiting: i64,
    ) -> Result<(), CommitError> {
        self.changed = true;
        self.entry_delta += visible;
        let Some(parent) = parent else {
            self.root_delta += visible;
            return Ok(());
        };
        if visible != 0 || waiting != 0 {
            self.connection.run(ANCESTORS, values![self.site(), parent.as_str(), visible, waiting]).await?;
        }
        if visible != 0 {
            self.connection.run(ANSWERED, values![self.site(), parent.as_str(), visible, author]).await?;
        }
        Ok(())
    }

    pub(super) async fn pin_entry(&mut self, id: &EntryId, pinned: bool) -> Result<(), CommitError> {
        let known = self.entry(id).await?;
        let person = self.commit.permit.person().clone();
        if !self.commit.permit.pins() {
            return Err(CommitError::Denied(Target::Entry(id.clone())));
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
        self.event("entry.pinned", Some(id), Some(&person), &serde_json::json!({ "pinned": pinned })).await
    }
}

fn check_new(new: &NewEntry) -> Result<(), CommitError> {
    check_text(&new.body)?;
    check_text(&new.data)?;
    if !crate::base::id::is_id(new.id.as_str()) {
        return Err(StoreError::Invalid("the id of an entry is one made by the host".to_owned()).into());
    }
    if new.kind.is_empty() || new.kind.len() > 32 {
        return Err(StoreError::Invalid("the kind of an entry has 1 to 32 bytes".to_owned()).into());
    }
    if !matches!(new.state, State::Visible | State::Held) {
        return Err(StoreError::Invalid("a new entry is visible or held".to_owned()).into());
    }
    Ok(())
}

fn check_text(text: &str) -> Result<(), CommitError> {
    if text.len() > TEXT_MAX {
        return Err(StoreError::Invalid(format!("a text has at most {TEXT_MAX} bytes")).into());
    }
    Ok(())
}
