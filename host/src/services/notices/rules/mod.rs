//! Who is told what of an event. Pure: an event and the entry as it is now go in.
//!
//! An event is judged by the state that its entry has by now, so that it does not matter how late it is read: what is held
//! or gone tells nobody, and the event that publishes it tells everybody.

use std::collections::HashSet;

use serde::Deserialize;
use stoa_rules::{Declared, Fields, State, Value};

use crate::base::id::PersonId;
use crate::services::markdown;
use crate::store::{Event, Happened, Mute, NewNotice, NoticeChange, NoticeKind, Why};

/// The kind of marks that says that somebody follows a page or an entry.
pub const FOLLOW: &str = "follow";

/// The kind of marks by which somebody reports an entry.
const REPORT: &str = "report";

/// What events say beside their columns.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Data {
    from: String,
    to: String,
    reason: String,
    kind: String,
    fields: Vec<String>,
}

/// What an event changes about what people are told.
#[must_use]
pub fn decide(event: &Event, entry: &Happened, declared: Option<&Declared>) -> Vec<NoticeChange> {
    let data: Data = serde_json::from_str(&event.data).unwrap_or_default();
    let visible = entry.state == State::Visible;
    let mut changes = match event.kind.as_str() {
        "entry.created" if visible => tell(&candidates(entry, declared), event, entry),
        "entry.changed" if visible => {
            let mut changes = tell(&added(entry, declared), event, entry);
            changes.extend(chosen(&data, event, entry, declared));
            changes
        }
        "entry.changed" => vec![NoticeChange::Withdraw],
        "entry.state" => moved(&data, event, entry, declared),
        "mark.put" if data.kind == FOLLOW => event.actor.iter().cloned().map(NoticeChange::Listen).collect(),
        _ => Vec::new(),
    };
    changes.extend(waiting(&data, event, entry));
    changes
}

/// The rest of what an event leads to, for the followers after those of an earlier portion.
#[must_use]
pub(super) fn decide_rest(event: &Event, entry: &Happened, declared: Option<&Declared>) -> Vec<NoticeChange> {
    let mut changes = decide(event, entry, declared);
    changes.retain(|change| matches!(change, NoticeChange::Tell(new) if new.kind == NoticeKind::Follow));
    changes
}

/// Whether an event tells those who follow.
#[must_use]
pub(super) fn tells_followers(event: &Event, entry: &Happened) -> bool {
    let data: Data = serde_json::from_str(&event.data).unwrap_or_default();
    entry.state == State::Visible
        && match event.kind.as_str() {
            "entry.created" => true,
            "entry.state" => data.from != State::Visible.word(),
            _ => false,
        }
}

/// What waits for those who moderate, or waits no more.
fn waiting(data: &Data, event: &Event, entry: &Happened) -> Vec<NoticeChange> {
    let kind = match (event.kind.as_str(), entry.state) {
        ("entry.created" | "entry.changed" | "entry.state", State::Held) => NoticeKind::Held,
        ("entry.state", _) => return vec![NoticeChange::Answered],
        ("mark.put", State::Visible) if data.kind == REPORT => NoticeKind::Reported,
        _ => return Vec::new(),
    };
    let concerns = |person: &&PersonId| {
        let off = |(whose, mute): &(PersonId, Mute)| whose == *person && is_off(mute, kind);
        // Whoever has written or reported it knows.
        Some(*person) != entry.author.as_ref()
            && Some(*person) != event.actor.as_ref()
            && !entry.mutes.iter().any(off)
    };
    let tell = |person: &PersonId| {
        let (person, note) = (person.clone(), String::new());
        NoticeChange::Tell(NewNotice { person, kind, why: Why::Moderates, actor: None, note })
    };
    entry.moderators.iter().filter(concerns).map(tell).collect()
}

/// An entry has gone from one state to another.
fn moved(data: &Data, event: &Event, entry: &Happened, declared: Option<&Declared>) -> Vec<NoticeChange> {
    let mut changes = if entry.state == State::Visible {
        let mut changes = vec![NoticeChange::Restore];
        // It may have gone before anybody was told of it. Who was told before is not told again.
        if data.from != State::Visible.word() {
            changes.extend(tell(&candidates(entry, declared), event, entry));
        }
        changes
    } else {
        vec![NoticeChange::Withdraw]
    };
    changes.extend(decision(data, event, entry));
    changes
}

/// What moderation has decided on somebody's entry, for its author.
fn decision(data: &Data, event: &Event, entry: &Happened) -> Option<NoticeChange> {
    let kind = match (data.from.as_str(), data.to.as_str()) {
        ("held", "visible") => NoticeKind::Approved,
        ("rejected" | "removed" | "deleted", "visible") => NoticeKind::Restored,
        (_, "rejected") => NoticeKind::Rejected,
        (_, "removed") => NoticeKind::Removed,
        _ => return None,
    };
    let (author, actor) = (entry.author.as_ref()?, event.actor.as_ref()?);
    let off = entry.mutes.iter().any(|(person, mute)| person == author && is_off(mute, kind));
    let note = if matches!(kind, NoticeKind::Rejected | NoticeKind::Removed) {
        data.reason.clone()
    } else {
        String::new()
    };
    (author != actor && !off).then(|| {
        NoticeChange::Tell(NewNotice {
            person: author.clone(),
            kind,
            why: Why::Author,
            actor: Some(actor.clone()),
            note,
        })
    })
}

/// The entry was chosen among the replies to its parent, or no longer is, for its author.
fn chosen(data: &Data, event: &Event, entry: &Happened, declared: Option<&Declared>) -> Option<NoticeChange> {
    let kind = declared?.kinds.get(&entry.kind)?;
    let chooses =
        |name: &&String| kind.fields.get(*name).is_some_and(|field| field.told && field.one_for_each_parent);
    let name = data.fields.iter().find(chooses)?;
    if entry.fields.get(name) != Some(&Value::Boolean(true)) {
        return Some(NoticeChange::Unaccept);
    }
    let (author, actor) = (entry.author.as_ref()?, event.actor.as_ref()?);
    let silent = |(whose, mute): &(PersonId, Mute)| {
        whose == author
            && match mute {
                Mute::Thread(root) => *root == entry.root,
                Mute::Person(person) => person == actor,
                Mute::Kind(_) => is_off(mute, NoticeKind::Accepted),
            }
    };
    (author != actor && !entry.mutes.iter().any(silent)).then(|| {
        NoticeChange::Tell(NewNotice {
            person: author.clone(),
            kind: NoticeKind::Accepted,
            why: Why::Author,
            actor: Some(actor.clone()),
            note: String::new(),
        })
    })
}

type Candidate = (PersonId, NoticeKind, Why);

/// Everybody whom an entry that is published now concerns, the weightiest reason first.
fn candidates(entry: &Happened, declared: Option<&Declared>) -> Vec<Candidate> {
    let mut all = named(mentioned(&entry.body), NoticeKind::Mention);
    let parent_author = entry.parent_author.iter().cloned();
    all.extend(parent_author.map(|person| (person, NoticeKind::Reply, Why::Wrote)));
    all.extend(named(told(&entry.kind, &entry.fields, declared), NoticeKind::Told));
    all.extend(entry.followers.iter().map(|(person, why)| (person.clone(), NoticeKind::Follow, *why)));
    all
}

/// Those whom a change has named anew.
fn added(entry: &Happened, declared: Option<&Declared>) -> Vec<Candidate> {
    let before: HashSet<PersonId> = entry.earlier.iter().flat_map(|(body, _)| mentioned(body)).collect();
    let told_before: HashSet<PersonId> =
        entry.earlier.iter().flat_map(|(_, fields)| told(&entry.kind, fields, declared)).collect();
    let mut all = named(mentioned(&entry.body), NoticeKind::Mention);
    all.retain(|(person, ..)| !before.contains(person));
    let mut told = named(told(&entry.kind, &entry.fields, declared), NoticeKind::Told);
    told.retain(|(person, ..)| !told_before.contains(person));
    all.extend(told);
    all
}

fn named(people: Vec<PersonId>, kind: NoticeKind) -> Vec<Candidate> {
    people.into_iter().map(|person| (person, kind, Why::Named)).collect()
}

/// The people a text mentions, outside of code.
fn mentioned(body: &str) -> Vec<PersonId> {
    if !body.contains("@[") {
        return Vec::new();
    }
    markdown::parse(body).mentions().map(PersonId::from).collect()
}

/// The people in fields that say so in the manifest.
fn told(kind: &str, fields: &Fields, declared: Option<&Declared>) -> Vec<PersonId> {
    let Some(kind) = declared.and_then(|declared| declared.kinds.get(kind)) else { return Vec::new() };
    let names = kind.fields.iter().filter(|(_, field)| field.told).map(|(name, _)| name);
    let ids = names.filter_map(|name| fields.get(name)).flat_map(|value| match value {
        Value::Text(id) => vec![PersonId::from(id.as_str())],
        Value::Texts(ids) => ids.iter().map(|id| PersonId::from(id.as_str())).collect(),
        Value::Unset | Value::Number(_) | Value::Boolean(_) | Value::Time(_) => Vec::new(),
    });
    ids.collect()
}

/// Tell each of them once, for the first reason; never who wrote it, nor who changed it.
fn tell(candidates: &[Candidate], event: &Event, entry: &Happened) -> Vec<NoticeChange> {
    let mut seen: HashSet<&PersonId> = entry.author.iter().collect();
    if event.kind == "entry.changed" {
        seen.extend(event.actor.iter());
    }
    let mut changes = Vec::new();
    for (person, kind, why) in candidates {
        let muted = |(whose, mute): &(PersonId, Mute)| whose == person && silences(mute, *kind, entry);
        // A kind that is switched off gives way to a lesser reason: who wants no mentions may still follow.
        if seen.contains(person) || entry.mutes.iter().any(muted) {
            continue;
        }
        seen.insert(person);
        changes.push(NoticeChange::Tell(NewNotice {
            person: person.clone(),
            kind: *kind,
            why: *why,
            actor: entry.author.clone(),
            note: String::new(),
        }));
    }
    changes
}

fn silences(mute: &Mute, kind: NoticeKind, entry: &Happened) -> bool {
    match mute {
        Mute::Thread(root) => *root == entry.root,
        Mute::Person(person) => entry.author.as_ref() == Some(person),
        Mute::Kind(_) => is_off(mute, kind),
    }
}

fn is_off(mute: &Mute, kind: NoticeKind) -> bool {
    matches!(mute, Mute::Kind(off) if off == kind.switch())
}

#[cfg(test)]
mod tests;
