//! Effects, checked and applied as the host does: all of them or none.

use super::imports::Call;
use super::world::{MarkRow, Row, World};
use crate::bindings::stoa::plugin::effects::{
    Edit, Effect, NewEntry, NewMark, OldMark, Pin, Put, StateChange,
};
use crate::{Person, Revision, Roles, State, Target};

/// The most effects of one call.
const EFFECTS_MAX: usize = 50;

/// Why the host refused effects: what the author of the plugin has to know.
type Refused = String;

/// Applies the effects of a call.
pub(crate) fn commit(call: &Call, effects: &[Effect]) -> Result<(), Refused> {
    if effects.len() > EFFECTS_MAX {
        return Err(format!("quota: {EFFECTS_MAX} effects"));
    }
    let Some(person) = &call.person else {
        return if effects.is_empty() { Ok(()) } else { Err("denied: not signed in".to_owned()) };
    };
    let mut world = call.world.borrow().clone();
    for effect in effects {
        match effect {
            Effect::CreateEntry(entry) => create(&mut world, call, person, entry)?,
            Effect::EditEntry(edit) => change_text(&mut world, call, person, edit)?,
            Effect::SetState(change) => set_state(&mut world, call, person, change)?,
            Effect::PutMark(mark) => put_mark(&mut world, call, person, mark)?,
            Effect::DeleteMark(mark) => delete_mark(&mut world, call, person, mark),
            Effect::PinEntry(pin) => pin_entry(&mut world, call, person, pin)?,
            Effect::ClosePage(closed) => close_page(&mut world, call, person, *closed)?,
            Effect::PutValue(put) => put_value(&mut world, put)?,
        }
    }
    *call.world.borrow_mut() = world;
    Ok(())
}

fn refuse(when: bool, why: &str) -> Result<(), Refused> {
    if when { Err(why.to_owned()) } else { Ok(()) }
}

fn row_mut<'w>(world: &'w mut World, call: &Call, id: &str) -> Result<&'w mut Row, Refused> {
    let row = world.rows.iter_mut().find(|row| row.id == id && row.page == call.page);
    row.ok_or_else(|| "not-found: no such entry on this page".to_owned())
}

fn check_kind(kind: &str) -> Result<(), Refused> {
    let fits = (1..=32).contains(&kind.len()) && kind.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    refuse(!fits, "invalid: a kind is 1 to 32 characters of a-z and -")
}

fn create(world: &mut World, call: &Call, person: &Person, new: &NewEntry) -> Result<(), Refused> {
    check_kind(&new.kind)?;
    refuse(!call.reserved.contains(&new.id), "invalid: the id was not reserved in this call")?;
    refuse(world.rows.iter().any(|row| row.id == new.id), "invalid: the id is taken")?;
    refuse(world.pages.get(&call.page).is_none_or(|page| page.closed), "conflict: the page is closed")?;
    refuse(new.body.chars().count() > 65_535, "invalid: the body is too long")?;
    refuse(new.data.len() > 16 * 1024, "invalid: the data is too long")?;
    let (root, depth) = match &new.parent {
        None => (new.id.clone(), 0),
        Some(parent) => {
            let parent = row_mut(world, call, parent)?;
            refuse(parent.state != State::Visible, "conflict: what is answered is not visible")?;
            (parent.root.clone(), parent.depth + 1)
        }
    };
    let held = world.hold.clone().filter(|_| !person.moderates());
    world.rows.push(Row {
        id: new.id.clone(),
        page: call.page.clone(),
        kind: new.kind.clone(),
        parent: new.parent.clone(),
        root,
        depth,
        author: person.id.clone(),
        state: if held.is_some() { State::Held } else { State::Visible },
        reason: held,
        approved_at: None,
        version: 1,
        created_at: world.now,
        edited_at: None,
        pinned: false,
        body: new.body.clone(),
        data: new.data.clone(),
        revisions: Vec::new(),
    });
    Ok(())
}

fn change_text(world: &mut World, call: &Call, person: &Person, edit: &Edit) -> Result<(), Refused> {
    let now = world.now;
    let row = row_mut(world, call, &edit.id)?;
    refuse(row.author != person.id && !person.moderates(), "denied: somebody else's entry")?;
    refuse(!matches!(row.state, State::Visible | State::Held), "conflict: it cannot be edited any more")?;
    refuse(row.version != edit.version, "conflict: another version")?;
    let body = std::mem::replace(&mut row.body, edit.body.clone());
    row.revisions.push(Revision {
        version: row.version,
        author: Some(row.author.clone()),
        replaced_at: now,
        body,
    });
    row.version += 1;
    row.edited_at = Some(now);
    Ok(())
}

fn set_state(world: &mut World, call: &Call, person: &Person, change: &StateChange) -> Result<(), Refused> {
    let now = world.now;
    let row = row_mut(world, call, &change.id)?;
    let (author, moderator) = match (row.state, change.state) {
        (State::Visible | State::Held, State::Deleted) => (true, false),
        (State::Visible, State::Visible | State::Removed | State::Held)
        | (State::Held, State::Visible | State::Rejected | State::Removed)
        | (State::Removed | State::Rejected | State::Deleted, State::Visible) => (false, true),
        _ => return Err("conflict: not from this state".to_owned()),
    };
    refuse(author && row.author != person.id, "denied: only the author deletes")?;
    refuse(moderator && !person.moderates(), "denied: needs a moderator")?;
    refuse(row.version != change.version, "conflict: another version")?;
    row.state = change.state;
    row.approved_at = Some(now).filter(|_| change.state == State::Visible);
    row.reason.clone_from(&change.reason);
    row.version += 1;
    Ok(())
}

fn split(target: &Target) -> Option<&str> {
    match target {
        Target::Entry(id) => Some(id),
        Target::Page => None,
    }
}

fn put_mark(world: &mut World, call: &Call, person: &Person, new: &NewMark) -> Result<(), Refused> {
    check_kind(&new.kind)?;
    refuse(new.value.len() > 64, "invalid: the value of a mark is too long")?;
    let entry = split(&new.target);
    if let Some(id) = entry {
        let row = row_mut(world, call, id)?;
        refuse(row.state != State::Visible, "conflict: it is not visible")?;
        let own = row.author == person.id && matches!(new.kind.as_str(), "vote" | "report");
        refuse(own, "denied: one's own entry")?;
    }
    delete_mark(world, call, person, &OldMark { target: new.target.clone(), kind: new.kind.clone() });
    world.marks.push(MarkRow {
        page: call.page.clone(),
        entry: entry.map(str::to_owned),
        person: person.id.clone(),
        kind: new.kind.clone(),
        value: new.value.clone(),
        put_at: world.now,
    });
    Ok(())
}

fn delete_mark(world: &mut World, call: &Call, person: &Person, old: &OldMark) {
    let entry = split(&old.target);
    world.marks.retain(|mark| {
        mark.page != call.page
            || mark.entry.as_deref() != entry
            || mark.person != person.id
            || mark.kind != old.kind
    });
}

fn pin_entry(world: &mut World, call: &Call, person: &Person, pin: &Pin) -> Result<(), Refused> {
    let may = person.moderates() || person.roles.intersects(Roles::LEADER | Roles::STEWARD);
    refuse(!may, "denied: needs a moderator, leader or steward")?;
    let row = row_mut(world, call, &pin.id)?;
    refuse(row.parent.is_some(), "invalid: only the start of a thread can be pinned")?;
    row.pinned = pin.pinned;
    Ok(())
}

fn close_page(world: &mut World, call: &Call, person: &Person, closed: bool) -> Result<(), Refused> {
    refuse(!person.moderates(), "denied: needs a moderator")?;
    if let Some(page) = world.pages.get_mut(&call.page) {
        page.closed = closed;
    }
    Ok(())
}

fn put_value(world: &mut World, put: &Put) -> Result<(), Refused> {
    refuse(put.key.len() > 200, "invalid: the key is too long")?;
    match &put.value {
        None => drop(world.values.remove(&put.key)),
        Some(value) => {
            refuse(value.len() > 64 * 1024, "invalid: the value is too long")?;
            world.values.insert(put.key.clone(), value.clone());
        }
    }
    Ok(())
}
