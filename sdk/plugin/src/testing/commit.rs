//! What a call has recorded, checked and applied as the host does: all of it or nothing.

use stoa_rules as rules;
use stoa_rules::{
    Change, Condition, Fields, MarkChange, MarkProblem, Relation, TransitionError, UniqueBy, limits,
};

use super::convert::{self, WrittenOut};
use super::imports::Call;
use super::world::{BODY, MarkRow, Row, Unposted, World};
use crate::{Person, Revision, Roles, State};

/// Why nothing was committed.
#[derive(Debug)]
pub(crate) enum CommitError {
    /// This condition does not hold.
    Unmet(rules::Otherwise),
    /// The manifest's `unique` says no, with this text.
    NotUnique(String),
    /// The person's account has too little.
    Short(rules::Otherwise),
    /// A right, a state or a version; a sentence for the plugin's author.
    Refused(String),
}

type Committed = Result<(), CommitError>;

/// Commits what a call has recorded.
pub(crate) fn commit(call: &Call) -> Committed {
    let person = match &call.person {
        Some(person) if person.active => person,
        _ if call.changes.is_empty() => return Ok(()),
        _ => return refuse(true, "denied: nobody is signed in, or the person has left"),
    };
    let mut world = call.world.borrow().clone();
    for requirement in &call.requirements {
        if !holds(&world, call, person, &requirement.condition) {
            return Err(CommitError::Unmet(requirement.otherwise.clone()));
        }
    }
    let mut writer = Writer { world: &mut world, page: &call.page, person };
    for change in &call.changes {
        writer.apply(change)?;
        writer.world.derive();
    }
    for requirement in &call.requirements {
        if !is_within(&world, &requirement.condition) {
            return Err(CommitError::Unmet(requirement.otherwise.clone()));
        }
    }
    *call.world.borrow_mut() = world;
    Ok(())
}

fn refuse(when: bool, why: impl Into<String>) -> Committed {
    if when { Err(CommitError::Refused(why.into())) } else { Ok(()) }
}

/// Whether its texts can be changed and it takes a place that is unique.
fn is_open(state: State) -> bool {
    matches!(state, State::Visible | State::Held)
}

/// The fields by which an entry is the one reply of its parent.
fn held_names<'f>(kind: &'f rules::Kind, fields: &'f Fields) -> impl Iterator<Item = &'f str> {
    let held = |(name, value): &(&String, &rules::Value)| {
        **value == rules::Value::Boolean(true)
            && kind.fields.get(*name).is_some_and(|field| field.one_for_each_parent)
    };
    fields.iter().filter(held).map(|(name, _)| name.as_str())
}

/// Whoever is hidden holds nothing any more.
fn release(kind: &rules::Kind, row: &mut Row) {
    let names: Vec<String> = held_names(kind, &row.fields).map(str::to_owned).collect();
    row.fields.retain(|name, _| !names.contains(name));
}

/// How fields were written.
struct Written {
    has_text: bool,
    by_moderator: bool,
}

fn holds(world: &World, call: &Call, person: &Person, condition: &Condition) -> bool {
    let row = |id: &String| world.row(id);
    match condition {
        Condition::Version { id, version } => row(id).is_some_and(|row| row.version == *version),
        Condition::State { id, state } => row(id).is_some_and(|row| convert::state(row.state) == *state),
        Condition::Field { id, name, value } => {
            row(id).is_some_and(|row| rules::value_is(row.fields.get(name), value))
        }
        Condition::Mark { target, kind, person: whose, value } => {
            let whose = whose.as_ref().unwrap_or(&person.id);
            let mark = world.marks_on(target, kind).find(|mark| mark.person == *whose);
            mark.map(|mark| &mark.value) == value.as_ref()
        }
        Condition::PageOpen => world.pages.get(&call.page).is_some_and(|page| !page.closed),
        Condition::AtMost { .. } => true,
    }
}

/// What the changes have transferred counts.
fn is_within(world: &World, condition: &Condition) -> bool {
    let Condition::AtMost { flow, amount, transfers } = condition else { return true };
    let sum = world.sum(flow);
    let spent = u64::try_from(sum.amount).unwrap_or(0);
    amount.is_none_or(|most| spent <= most) && transfers.is_none_or(|most| sum.transfers <= most)
}

/// One person's changes on one page.
struct Writer<'c> {
    world: &'c mut World,
    page: &'c str,
    person: &'c Person,
}

impl Writer<'_> {
    fn apply(&mut self, change: &Change) -> Committed {
        match change {
            Change::Create(entry) => self.create(entry),
            Change::SetFields { id, seen, fields } => self.set_fields(id, *seen, fields),
            Change::SetState { id, seen, state, .. } => self.set_state(id, *seen, *state),
            Change::SetPinned { id, pinned } => self.set_pinned(id, *pinned),
            Change::PutMark { target, kind, value } => self.put_mark(target, kind, value),
            Change::DeleteMark { target, kind } => self.delete_mark(target, kind),
            Change::ClosePage(closed) => self.close_page(*closed),
            Change::PutValue { key, value, .. } => self.put_value(key, value.as_deref()),
            Change::Post { posting, short } => self.post(posting, short),
            Change::Reverse { unit, reason, entry, actor } => {
                self.row(entry)?;
                self.world.reverse(entry, unit, reason, actor.as_deref());
                Ok(())
            }
        }
    }

    fn post(&mut self, posting: &rules::Posting, short: &rules::Otherwise) -> Committed {
        self.row(&posting.entry)?;
        let payee = posting.payee.as_ref().map(|id| self.world.people.get(id));
        refuse(payee.is_some_and(|found| found.is_none()), "invalid: the payee names nobody")?;
        if payee.flatten().is_some_and(|person| !person.active) {
            return Ok(());
        }
        self.world.post(&self.person.id, posting).map_err(|why| match why {
            Unposted::Refused(why) => CommitError::Refused(why.to_owned()),
            Unposted::Short => CommitError::Short(short.clone()),
        })
    }

    fn row(&self, id: &str) -> Result<&Row, CommitError> {
        let anywhere = self.world.declared.writes == rules::Reach::Site;
        let row = self.world.row(id).filter(|row| anywhere || row.page == self.page);
        row.ok_or_else(|| CommitError::Refused("not-found: no such entry on this page".to_owned()))
    }

    /// Changes the row, which the caller has found by [`Writer::row`].
    fn with_row(&mut self, id: &str, change: impl FnOnce(&mut Row)) {
        if let Some(row) = self.world.rows.iter_mut().find(|row| row.id == id) {
            change(row);
        }
    }

    fn relation(&self, row: &Row) -> Relation {
        let parent = row.parent.as_deref().and_then(|id| self.world.row(id));
        self.relation_to(&row.page, Some(&row.author), parent.map(|row| row.author.as_str()))
    }

    fn relation_to(&self, page: &str, author: Option<&str>, parent_author: Option<&str>) -> Relation {
        let is = |id: Option<&str>| id == Some(self.person.id.as_str());
        let owner = self.world.pages.get(page).and_then(|page| page.owner.as_deref());
        Relation {
            author: is(author),
            parent_author: is(parent_author),
            moderator: self.person.moderates(),
            page_owner: is(owner),
            expert: self.person.roles.contains(Roles::EXPERT),
        }
    }

    fn create(&mut self, new: &rules::NewEntry) -> Committed {
        let Some(kind) = self.world.declared.kinds.get(&new.kind).cloned() else {
            return refuse(true, format!("invalid: the manifest declares no kind `{}`", new.kind));
        };
        let parent = new.parent.as_deref().map(|id| self.row(id).cloned()).transpose()?;
        let page = parent.as_ref().map_or(self.page, |row| row.page.as_str());
        refuse(self.world.pages.get(page).is_none_or(|page| page.closed), "conflict: the page is closed")?;
        let waits = |row: &Row| row.state != State::Visible;
        refuse(parent.as_ref().is_some_and(waits), "conflict: what is replied to is not visible")?;
        let parent_kind = parent.as_ref().map(|row| row.kind.as_str());
        refuse(
            !kind.may_reply_to(parent_kind),
            format!("invalid: `{}` may not reply to {}", new.kind, parent_kind.unwrap_or("the page")),
        )?;
        let parent_author = parent.as_ref().map(|row| row.author.as_str());
        let who = self.relation_to(page, Some(&self.person.id), parent_author);
        for (name, _) in new.fields.iter().filter(|(_, value)| !value.is_blank()) {
            let may = kind.fields.get(name).is_some_and(|field| rules::may_set_new(field, who));
            refuse(!may, format!("denied: the person may not set `{name}`"))?;
        }
        let row = self.new_row(new, parent.as_ref());
        self.check_unique(&kind, &row)?;
        self.hold(&kind, &row, &new.fields)?;
        self.world.rows.push(row);
        Ok(())
    }

    /// Of a unique combination there is one visible or held entry.
    fn check_unique(&self, kind: &rules::Kind, new: &Row) -> Committed {
        let Some(unique) = &kind.unique else { return Ok(()) };
        let same = |row: &&Row| {
            row.kind == new.kind
                && row.id != new.id
                && is_open(row.state)
                && unique.by.iter().all(|by| match by {
                    UniqueBy::Parent => row.parent == new.parent,
                    UniqueBy::Author => row.author == new.author,
                    UniqueBy::Page => row.page == new.page,
                })
        };
        match self.world.rows.iter().find(same) {
            Some(_) => Err(CommitError::NotUnique(unique.text.clone())),
            None => Ok(()),
        }
    }

    /// At most one visible reply of each parent has a field with `one_for_each_parent`: the former one loses it.
    fn hold(&mut self, kind: &rules::Kind, new: &Row, fields: &Fields) -> Committed {
        for name in held_names(kind, fields) {
            refuse(new.state != State::Visible, "conflict: it is not visible")?;
            let rivals =
                |row: &&mut Row| row.parent == new.parent && row.kind == new.kind && row.id != new.id;
            for row in self.world.rows.iter_mut().filter(rivals) {
                if row.fields.remove(name).is_some() {
                    row.version += 1;
                }
            }
        }
        Ok(())
    }

    /// Whether a text of this person waits for a moderator.
    fn is_held(&self) -> bool {
        self.world.holds && !self.person.moderates()
    }

    fn new_row(&self, new: &rules::NewEntry, parent: Option<&Row>) -> Row {
        Row {
            id: new.id.clone(),
            page: parent.map_or(self.page, |row| row.page.as_str()).to_owned(),
            kind: new.kind.clone(),
            parent: new.parent.clone(),
            root: parent.map_or_else(|| new.id.clone(), |row| row.root.clone()),
            depth: parent.map_or(0, |row| row.depth + 1),
            author: self.person.id.clone(),
            state: if self.is_held() { State::Held } else { State::Visible },
            version: 1,
            created_at: self.world.now,
            edited_at: None,
            edited_by_moderator: false,
            pinned: false,
            fields: new.fields.clone(),
            revisions: Vec::new(),
        }
    }

    fn set_fields(&mut self, id: &str, seen: Option<u32>, fields: &Fields) -> Committed {
        let row = self.row(id)?.clone();
        refuse(!is_open(row.state), "conflict: it cannot be changed any more")?;
        refuse(seen.is_some_and(|seen| seen != row.version), "conflict: another version")?;
        let kind = self.world.declared.kinds.get(&row.kind).cloned().unwrap_or_default();
        let written = Change::SetFields { id: id.to_owned(), seen, fields: fields.clone() };
        if let Change::SetFields { fields, .. } = WrittenOut(self.world).change(&written) {
            let checked = kind.check_change(&fields, &|_| None);
            checked.map_err(|problem| CommitError::Refused(format!("invalid: {problem}")))?;
        }
        let who = self.relation(&row);
        for name in fields.keys() {
            let may = kind.fields.get(name).is_some_and(|field| rules::may_set(field, who));
            refuse(!may, format!("denied: the person may not set `{name}`"))?;
        }
        let mut all = row.fields.clone();
        let changed = rules::set_values(&mut all, fields);
        if changed.is_empty() {
            return Ok(());
        }
        let is_text = |name: &&str| kind.fields.get(*name).is_some_and(|field| field.kind.is_text());
        let has_text = changed.iter().any(is_text);
        self.hold(&kind, &row, fields)?;
        self.write(&kind, &row, all, Written { has_text, by_moderator: !who.author });
        Ok(())
    }

    fn write(&mut self, kind: &rules::Kind, old: &Row, fields: Fields, written: Written) {
        let (now, is_held) = (self.world.now, self.is_held());
        self.with_row(&old.id, |row| {
            let body = fields.get(BODY) != row.fields.get(BODY);
            row.fields = fields;
            row.version += 1;
            if !written.has_text {
                return;
            }
            if body {
                row.revisions.push(Revision {
                    version: old.version,
                    author: Some(old.author.clone()),
                    by_moderator: old.edited_by_moderator,
                    replaced_at: now,
                    body: old.body().to_owned(),
                });
            }
            row.edited_at = Some(now);
            row.edited_by_moderator = written.by_moderator;
            if is_held {
                row.state = State::Held;
                release(kind, row);
            }
        });
        if self.world.row(&old.id).is_some_and(|row| row.state != State::Visible) {
            self.world.hide_points(&old.id);
        }
    }

    fn set_state(&mut self, id: &str, seen: u32, state: rules::State) -> Committed {
        let row = self.row(id)?;
        let (version, who) = (row.version, self.relation(row));
        match rules::transition(convert::state(row.state), state, who) {
            Ok(()) => {}
            Err(TransitionError::Conflict) => return refuse(true, "conflict: not from this state"),
            Err(TransitionError::Denied) if state == rules::State::Deleted => {
                return refuse(true, "denied: only the author deletes");
            }
            Err(TransitionError::Denied) => return refuse(true, "denied: needs a moderator"),
        }
        refuse(version != seen, "conflict: another version")?;
        let row = row.clone();
        let kind = self.world.declared.kinds.get(&row.kind).cloned().unwrap_or_default();
        let state = convert::state_back(state);
        if is_open(state) && !is_open(row.state) {
            self.check_unique(&kind, &row)?;
        }
        self.with_row(id, |row| {
            row.state = state;
            row.version += 1;
            row.pinned &= is_open(state);
            if state != State::Visible {
                release(&kind, row);
            }
        });
        if state == State::Visible {
            self.world.release_points(id);
        } else {
            self.world.hide_points(id);
        }
        Ok(())
    }

    fn set_pinned(&mut self, id: &str, pinned: bool) -> Committed {
        let may = self.person.moderates() || self.person.roles.intersects(Roles::LEADER | Roles::STEWARD);
        refuse(!may, "denied: needs a moderator, leader or steward")?;
        let row = self.row(id)?;
        refuse(row.parent.is_some(), "invalid: only a root can be pinned")?;
        refuse(row.state != State::Visible, "conflict: it is not visible")?;
        if row.pinned != pinned {
            self.with_row(id, |row| {
                row.pinned = pinned;
                row.version += 1;
            });
        }
        Ok(())
    }

    fn put_mark(&mut self, target: &rules::Target, kind: &str, value: &str) -> Committed {
        let (on, own, fields) = match target {
            rules::Target::Entry(id) => {
                let row = self.row(id)?;
                refuse(row.state != State::Visible, "conflict: it is not visible")?;
                (row.kind.clone(), row.author == self.person.id, row.fields.clone())
            }
            rules::Target::Page(key) => {
                refuse(!self.world.pages.contains_key(key), "not-found: no such page")?;
                ("page".to_owned(), false, Fields::new())
            }
            rules::Target::Person(id) => {
                refuse(!self.world.people.contains_key(id), "not-found: no such person")?;
                ("person".to_owned(), *id == self.person.id, Fields::new())
            }
        };
        if let Some(mark) = self.world.declared.marks.get(kind) {
            let fits = mark.check_target(&on, own).and_then(|()| mark.check_value(value, &fields));
            fits.map_err(|problem| {
                let word = if problem == MarkProblem::Own { "denied" } else { "invalid" };
                CommitError::Refused(format!("{word}: {problem}"))
            })?;
        }
        let own = self.world.marks_on(target, kind).find(|mark| mark.person == self.person.id);
        match own.map(|mark| mark.value == value) {
            Some(true) => return Ok(()),
            Some(false) => self.delete_mark(target, kind)?,
            None => {}
        }
        self.world.marks.push(MarkRow {
            target: target.clone(),
            person: self.person.id.clone(),
            kind: kind.to_owned(),
            value: value.to_owned(),
            put_at: self.world.now,
        });
        Ok(())
    }

    fn delete_mark(&mut self, target: &rules::Target, kind: &str) -> Committed {
        let is_own =
            |mark: &MarkRow| mark.target == *target && mark.kind == kind && mark.person == self.person.id;
        let declared = self.world.declared.marks.get(kind);
        let fixed = declared.is_some_and(|mark| mark.change == MarkChange::Never);
        refuse(
            fixed && self.world.marks.iter().any(is_own),
            format!("conflict: a mark `{kind}` cannot be changed"),
        )?;
        self.world.marks.retain(|mark| !is_own(mark));
        Ok(())
    }

    fn close_page(&mut self, closed: bool) -> Committed {
        refuse(!self.person.moderates(), "denied: needs a moderator")?;
        if let Some(page) = self.world.pages.get_mut(self.page) {
            page.closed = closed;
        }
        Ok(())
    }

    fn put_value(&mut self, key: &str, value: Option<&[u8]>) -> Committed {
        match value {
            None => drop(self.world.values.remove(key)),
            Some(value) => drop(self.world.values.insert(key.to_owned(), value.to_vec())),
        }
        let bytes: usize = self.world.values.iter().map(|(key, value)| key.len() + value.len()).sum();
        refuse(bytes as u64 > limits::SPACE_BYTES_MAX, "conflict: the private space is full")
    }
}

#[cfg(test)]
mod tests {
    use stoa_rules as rules;
    use stoa_rules::cases::{self, Bench, Code, Seen, Who};
    use stoa_rules::{Change, Condition, Otherwise, Requirement};

    use super::super::convert::{self, WrittenOut};
    use super::super::imports::Call;
    use super::super::world::{REPORT, Viewer};
    use super::super::{PAGE, TestHost};
    use super::{CommitError, commit};
    use crate::view::{View, ViewBuilder};
    use crate::{Action, Context, Failure, Outcome, Refusal, Roles, State, Verb, Widget};

    struct Nothing;

    impl Widget for Nothing {
        const VERBS: &'static [Verb] = &[];

        fn view(_context: &Context) -> Result<View, Failure> {
            Ok(ViewBuilder::new().finish())
        }

        fn act(_: &Context, _: &Action, _: &mut Outcome) -> Result<(), Refusal> {
            Ok(())
        }
    }

    /// The test host without a plugin: changes are recorded and committed as those of a plugin are.
    struct Host(TestHost);

    impl Host {
        fn new() -> Self {
            let host = TestHost::of::<Nothing>().with_manifest(cases::MANIFEST);
            host.add_person("carla", "Carla", Roles::EXPERT);
            host.add_person("mona", "Mona", Roles::MODERATOR);
            Self(host)
        }
    }

    /// What the test host says in words.
    fn code(error: &CommitError) -> Code {
        match error {
            CommitError::Unmet(Otherwise::Refuse(message)) => Code::Unmet(message.arguments.len()),
            CommitError::NotUnique(_) => Code::NotUnique,
            CommitError::Short(_) => Code::Short,
            CommitError::Unmet(Otherwise::Rerun) => panic!("the bench never asks for that"),
            CommitError::Refused(why) => match why.split(':').next() {
                Some("denied") => Code::Denied,
                Some("not-found") => Code::NotFound,
                Some("conflict") => Code::Conflict,
                Some("invalid") => Code::Invalid,
                _ => panic!("{why}"),
            },
        }
    }

    /// The number of arguments tells which condition it was.
    fn numbered(number: usize, condition: &Condition) -> Requirement {
        let argument = ("n".to_owned(), rules::Argument::Number(0));
        let message = rules::Message { id: "unmet".to_owned(), arguments: vec![argument; number] };
        Requirement { condition: condition.clone(), otherwise: Otherwise::Refuse(message) }
    }

    impl Bench for Host {
        fn person(&self, who: Who) -> String {
            who.name().to_owned()
        }

        fn page(&self) -> String {
            PAGE.to_owned()
        }

        fn apply(&mut self, who: Who, conditions: &[Condition], changes: &[Change]) -> Result<(), Code> {
            let world = &self.0.world;
            let person = world.borrow().people.get(who.name()).cloned();
            let mut call = Call::new(world.clone(), PAGE.to_owned(), person, None);
            for change in changes {
                let world = world.borrow();
                let written = WrittenOut(&world).change(change);
                let held = matches!(change, Change::SetState { state: rules::State::Held, .. });
                if !held && written.check(&world.declared, &|_| None).is_err() {
                    return Err(Code::Invalid);
                }
                call.changes.push(change.clone());
            }
            call.requirements = conditions.iter().enumerate().map(|(at, one)| numbered(at, one)).collect();
            commit(&call).map_err(|error| code(&error))
        }

        fn balance(&mut self, account: &rules::AccountId) -> i64 {
            self.0.world.borrow().balance(account).amount
        }

        fn look(&mut self, who: Who, id: &str) -> Option<Seen> {
            let world = self.0.world.borrow();
            let viewer = Viewer { page: PAGE, person: world.people.get(who.name()) };
            let row = world.seen(viewer, id)?;
            let open = row.state == State::Visible || viewer.is(&row.author) || viewer.moderates();
            let target = rules::Target::Entry(id.to_owned());
            let marks: Vec<_> =
                world.marks.iter().filter(|mark| mark.target == target && mark.kind != REPORT).collect();
            let number = |kind: &str, value: &str| world.count(&target, kind, value);
            let own = |mark: &&&super::MarkRow| viewer.is(&mark.person);
            Some(Seen {
                state: convert::state(row.state),
                version: row.version,
                pinned: row.pinned,
                fields: if open && !row.is_tombstone() { row.fields.clone() } else { rules::Fields::new() },
                counts: marks
                    .iter()
                    .map(|mark| (mark.kind.clone(), mark.value.clone(), number(&mark.kind, &mark.value)))
                    .collect(),
                mine: marks.iter().filter(own).map(|mark| (mark.kind.clone(), mark.value.clone())).collect(),
            })
        }
    }

    #[test]
    fn the_test_host_agrees_with_the_store_on_every_case() {
        for case in cases::all() {
            cases::run(&case, &mut Host::new());
        }
    }
}
