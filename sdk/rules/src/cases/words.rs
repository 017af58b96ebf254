//! Short words in which the cases are written.

use super::{Code, Seen, Who};
use crate::{
    Change, Condition, Fields, Flow, NewEntry, Otherwise, Period, Posting, Since, State, Target, Value,
    value_is,
};

/// One step of a case.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// Somebody applies changes under conditions.
    Apply { who: Who, conditions: Vec<Condition>, changes: Vec<Change>, expected: Result<(), Code> },
    /// Somebody looks at an entry.
    Look { who: Who, id: String, expected: Fact },
    /// An account of somebody, or of the site, has so much in it.
    Holds { who: Option<Who>, unit: &'static str, account: &'static str, amount: i64 },
}

/// Something that is seen of an entry.
#[derive(Clone, Debug)]
pub(super) enum Fact {
    Hidden,
    State(State),
    Version(u32),
    Pinned(bool),
    Field(&'static str, Value),
    Count(&'static str, &'static str, u32),
    Mine(&'static str, Option<&'static str>),
}

impl Fact {
    pub(super) fn fits(&self, seen: Option<&Seen>) -> bool {
        let Some(seen) = seen else { return matches!(self, Self::Hidden) };
        match self {
            Self::Hidden => false,
            Self::State(state) => seen.state == *state,
            Self::Version(version) => seen.version == *version,
            Self::Pinned(pinned) => seen.pinned == *pinned,
            Self::Field(name, value) => value_is(seen.fields.get(*name), value),
            Self::Count(kind, value, number) => {
                let found = seen.counts.iter().find(|(of, with, _)| of == kind && with == value);
                found.map_or(0, |(_, _, found)| *found) == *number
            }
            Self::Mine(kind, value) => {
                let found = seen.mine.iter().find(|(of, _)| of == kind);
                found.map(|(_, value)| value.as_str()) == *value
            }
        }
    }
}

/// The id of the entry with this number, 1 to 9.
pub(super) fn id(number: u8) -> String {
    format!("0199e1a0-0000-7000-8000-00000000000{number}")
}

pub(super) fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

pub(super) fn texts(texts: &[&str]) -> Value {
    Value::Texts(texts.iter().map(|text| (*text).to_owned()).collect())
}

pub(super) const YES: Value = Value::Boolean(true);

fn fields(values: &[(&str, Value)]) -> Fields {
    values.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

pub(super) fn create(number: u8, kind: &str, parent: Option<u8>, values: &[(&str, Value)]) -> Change {
    let new =
        NewEntry { id: id(number), kind: kind.to_owned(), parent: parent.map(id), fields: fields(values) };
    Change::Create(new)
}

pub(super) fn question(number: u8) -> Change {
    create(number, "question", None, &[("title", text("Why?"))])
}

pub(super) fn answer(number: u8, question: u8) -> Change {
    create(number, "answer", Some(question), &[("body", text("Because."))])
}

pub(super) fn comment(number: u8, parent: Option<u8>) -> Change {
    create(number, "comment", parent, &[("body", text("Indeed."))])
}

pub(super) fn set(number: u8, seen: impl Into<Option<u32>>, values: &[(&str, Value)]) -> Change {
    Change::SetFields { id: id(number), seen: seen.into(), fields: fields(values) }
}

pub(super) fn state(number: u8, seen: u32, state: State) -> Change {
    Change::SetState { id: id(number), seen, state, reason: String::new() }
}

pub(super) fn pin(number: u8, pinned: bool) -> Change {
    Change::SetPinned { id: id(number), pinned }
}

pub(super) fn entry(number: u8) -> Target {
    Target::Entry(id(number))
}

pub(super) fn put(target: Target, kind: &str, value: &str) -> Change {
    Change::PutMark { target, kind: kind.to_owned(), value: value.to_owned() }
}

pub(super) fn unput(target: Target, kind: &str) -> Change {
    Change::DeleteMark { target, kind: kind.to_owned() }
}

/// Somebody applies one change, which works.
pub(super) fn does(who: Who, change: Change) -> Step {
    Step::Apply { who, conditions: Vec::new(), changes: vec![change], expected: Ok(()) }
}

/// Somebody applies one change, which is refused.
pub(super) fn fails(who: Who, change: Change, code: Code) -> Step {
    Step::Apply { who, conditions: Vec::new(), changes: vec![change], expected: Err(code) }
}

/// Somebody applies changes under conditions.
pub(super) fn applies(
    who: Who,
    conditions: &[Condition],
    changes: &[Change],
    expected: Result<(), Code>,
) -> Step {
    Step::Apply { who, conditions: conditions.to_vec(), changes: changes.to_vec(), expected }
}

/// Somebody looks at an entry.
pub(super) fn sees(who: Who, number: u8, expected: Fact) -> Step {
    Step::Look { who, id: id(number), expected }
}

/// Points for somebody, about the entry with this number.
pub(super) fn post(number: u8, unit: &str, reason: &str, payee: &str, amount: u32) -> Change {
    let (unit, reason) = (unit.to_owned(), reason.to_owned());
    let posting = Posting { unit, reason, payee: Some(payee.to_owned()), amount, entry: id(number) };
    Change::Post { posting, short: Otherwise::Rerun }
}

/// Points about the entry with this number, taken back: those by one person's actions, or all.
pub(super) fn reverse(number: u8, unit: &str, reason: &str, actor: Option<&str>) -> Change {
    let (unit, reason, actor) = (unit.to_owned(), reason.to_owned(), actor.map(str::to_owned));
    Change::Reverse { unit, reason, entry: id(number), actor }
}

/// What was given for a reason of `points` today.
pub(super) fn today(payer: Option<&str>, payee: Option<&str>) -> Flow {
    Flow {
        unit: "points".to_owned(),
        reason: "gave".to_owned(),
        payer: payer.map(str::to_owned),
        payee: payee.map(str::to_owned),
        since: Since::StartOf(Period::Day),
    }
}

/// An account of somebody has so much in it.
pub(super) fn has(who: Who, unit: &'static str, account: &'static str, amount: i64) -> Step {
    Step::Holds { who: Some(who), unit, account, amount }
}

/// An account of the site has so much in it.
pub(super) fn site_has(unit: &'static str, account: &'static str, amount: i64) -> Step {
    Step::Holds { who: None, unit, account, amount }
}
