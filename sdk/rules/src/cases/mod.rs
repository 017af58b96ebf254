//! A table of cases on which every implementation of the rules agrees: the store and the in-memory test host.
//!
//! Each implements [`Bench`]; [`run`] plays a case of [`all`] on a new one.
//!
//! ```text
//! for case in stoa_rules::cases::all() {
//!     stoa_rules::cases::run(&case, &mut StoreBench::new());
//! }
//! ```

mod entries;
mod ledger;
mod marks;
mod words;

use crate::{
    AccountId, Change, Condition, Declared, Fields, Manifest, Settings, State, Target, Terms, Value,
};
use words::Step;

/// The manifest of the plugin of all cases.
pub const MANIFEST: &str = include_str!("plugin.toml");

/// Somebody in a case. None of them owns the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Asks.
    Anna,
    /// Answers.
    Ben,
    /// Has the role `expert`.
    Carla,
    /// Moderates, and may pin.
    Mona,
}

impl Who {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Anna, Self::Ben, Self::Carla, Self::Mona];

    /// The name, in small letters.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Anna => "anna",
            Self::Ben => "ben",
            Self::Carla => "carla",
            Self::Mona => "mona",
        }
    }
}

/// Why nothing of what was applied is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// The person may not do this.
    Denied,
    /// There is no such entry.
    NotFound,
    /// Not now: another version or state, a closed page, a mark that never changes.
    Conflict,
    /// It does not fit the manifest.
    Invalid,
    /// There can be only one of these.
    NotUnique,
    /// The condition at this place does not hold.
    Unmet(usize),
    /// The person's account has too little.
    Short,
}

/// An entry as somebody sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The state.
    pub state: State,
    /// The version.
    pub version: u32,
    /// Whether it is pinned.
    pub pinned: bool,
    /// The values of its fields, the body among them.
    pub fields: Fields,
    /// The marks on it: kind, value and how many.
    pub counts: Vec<(String, String, u32)>,
    /// The person's own marks on it: kind and value.
    pub mine: Vec<(String, String)>,
}

/// Something that keeps entries and marks of one plugin with [`MANIFEST`] on one open page, and knows the people of
/// [`Who`]. Moderation lets every text pass. Ids of entries are those of the changes.
pub trait Bench {
    /// The id of a person.
    fn person(&self, who: Who) -> String;

    /// The key of the page.
    fn page(&self) -> String;

    /// Apply all changes in order if all conditions hold before; all or none.
    ///
    /// # Errors
    /// The [`Code`] of the first refusal.
    fn apply(&mut self, who: Who, conditions: &[Condition], changes: &[Change]) -> Result<(), Code>;

    /// An entry through somebody's eyes; none where it is not shown to them.
    fn look(&mut self, who: Who, id: &str) -> Option<Seen>;

    /// What is in an account by now.
    fn balance(&mut self, account: &AccountId) -> i64;
}

/// A few steps, and what must come of each.
#[derive(Clone, Debug)]
pub struct Case {
    /// The promise, as a sentence.
    pub name: &'static str,
    steps: Vec<Step>,
}

/// The declarations of [`MANIFEST`].
///
/// # Panics
/// Never: a test reads the manifest.
#[must_use]
pub fn declared() -> Declared {
    manifest().declared()
}

/// What a site in UTC makes of the units of [`MANIFEST`], with the defaults of its settings.
///
/// # Panics
/// Never: a test reads the manifest.
#[must_use]
pub fn terms() -> Terms {
    let manifest = manifest();
    let settings = Settings::resolve(&manifest.settings, &toml::Table::new()).expect("defaults fit");
    Terms::new(&manifest.ledger, &settings, "UTC").expect("everybody knows UTC")
}

fn manifest() -> Manifest {
    Manifest::parse(MANIFEST).expect("the manifest of the cases is a right one")
}

/// All cases.
#[must_use]
pub fn all() -> Vec<Case> {
    entries::cases().into_iter().chain(marks::cases()).chain(ledger::cases()).collect()
}

/// Play a case on a new bench.
///
/// # Panics
/// With case and step where the bench does something else than expected.
pub fn run(case: &Case, bench: &mut impl Bench) {
    for (number, step) in (1..).zip(&case.steps) {
        match step {
            Step::Apply { who, conditions, changes, expected } => {
                let conditions: Vec<Condition> =
                    conditions.iter().map(|one| condition(one.clone(), bench)).collect();
                let changes: Vec<Change> = changes.iter().map(|one| change(one.clone(), bench)).collect();
                let found = bench.apply(*who, &conditions, &changes);
                assert_eq!(found, *expected, "{}: step {number}: {who:?} {changes:?}", case.name);
            }
            Step::Look { who, id, expected } => {
                let found = bench.look(*who, id);
                let fits = expected.fits(found.as_ref());
                assert!(fits, "{}: step {number}: {who:?} sees {found:?} instead of {expected:?}", case.name);
            }
            Step::Holds { who, unit, account, amount } => {
                let person = who.map(|who| bench.person(who));
                let id = AccountId { unit: (*unit).to_owned(), name: (*account).to_owned(), person };
                let found = bench.balance(&id);
                assert_eq!(found, *amount, "{}: step {number}: {account} of {who:?}", case.name);
            }
        }
    }
}

/// `@ben` stands for the id of Ben, `@page` for the key of the page.
fn name(text: String, bench: &impl Bench) -> String {
    let who = Who::ALL.into_iter().find(|who| text.strip_prefix('@') == Some(who.name()));
    match who {
        Some(who) => bench.person(who),
        None if text == "@page" => bench.page(),
        None => text,
    }
}

fn target(target: Target, bench: &impl Bench) -> Target {
    match target {
        Target::Entry(id) => Target::Entry(id),
        Target::Page(key) => Target::Page(name(key, bench)),
        Target::Person(id) => Target::Person(name(id, bench)),
    }
}

fn fields(fields: Fields, bench: &impl Bench) -> Fields {
    let value = |value| match value {
        Value::Text(text) => Value::Text(name(text, bench)),
        Value::Texts(texts) => Value::Texts(texts.into_iter().map(|text| name(text, bench)).collect()),
        other @ (Value::Unset | Value::Number(_) | Value::Boolean(_) | Value::Time(_)) => other,
    };
    fields.into_iter().map(|(field, one)| (field, value(one))).collect()
}

fn change(change: Change, bench: &impl Bench) -> Change {
    match change {
        Change::Create(mut new) => {
            new.fields = fields(new.fields, bench);
            Change::Create(new)
        }
        Change::SetFields { id, seen, fields: set } => {
            Change::SetFields { id, seen, fields: fields(set, bench) }
        }
        Change::PutMark { target: on, kind, value } => {
            Change::PutMark { target: target(on, bench), kind, value }
        }
        Change::DeleteMark { target: on, kind } => Change::DeleteMark { target: target(on, bench), kind },
        Change::Post { mut posting, short } => {
            posting.payee = posting.payee.map(|payee| name(payee, bench));
            Change::Post { posting, short }
        }
        Change::Reverse { unit, reason, entry, actor } => {
            Change::Reverse { unit, reason, entry, actor: actor.map(|actor| name(actor, bench)) }
        }
        other @ (Change::SetState { .. }
        | Change::SetPinned { .. }
        | Change::ClosePage(_)
        | Change::PutValue { .. }) => other,
    }
}

fn condition(condition: Condition, bench: &impl Bench) -> Condition {
    match condition {
        Condition::Mark { target: on, kind, person, value } => {
            let person = person.map(|person| name(person, bench));
            Condition::Mark { target: target(on, bench), kind, person, value }
        }
        Condition::AtMost { mut flow, amount, transfers } => {
            flow.payer = flow.payer.map(|payer| name(payer, bench));
            flow.payee = flow.payee.map(|payee| name(payee, bench));
            Condition::AtMost { flow, amount, transfers }
        }
        other @ (Condition::Version { .. }
        | Condition::State { .. }
        | Condition::Field { .. }
        | Condition::PageOpen) => other,
    }
}

#[cfg(test)]
mod tests {
    use super::{all, declared};
    use crate::cases::words::Step;
    use crate::{Change, State};

    #[test]
    fn names_are_different_and_each_case_applies_and_looks() {
        let cases = all();
        let names: std::collections::BTreeSet<&str> = cases.iter().map(|case| case.name).collect();
        assert_eq!(names.len(), cases.len());
        for case in &cases {
            assert!(case.steps.iter().any(|step| matches!(step, Step::Apply { .. })), "{}", case.name);
            let looks = |step: &Step| matches!(step, Step::Look { .. } | Step::Holds { .. });
            assert!(case.steps.iter().any(looks), "{}", case.name);
        }
    }

    #[test]
    fn what_is_expected_to_work_passes_the_checks_at_recording() {
        let declared = declared();
        for case in all() {
            for step in &case.steps {
                let Step::Apply { conditions, changes, expected: Ok(()), .. } = step else { continue };
                // To hold an entry is the host's own change: reports and rules do it.
                let recorded = |change: &&Change| {
                    !matches!(change, Change::SetState { state: State::Held, .. })
                        && !format!("{change:?}").contains('@')
                };
                for change in changes.iter().filter(recorded) {
                    assert_eq!(change.check(&declared, &|_| None), Ok(()), "{}", case.name);
                }
                for condition in conditions.iter().filter(|one| !format!("{one:?}").contains('@')) {
                    assert_eq!(condition.check(&declared), Ok(()), "{}", case.name);
                }
            }
        }
    }
}
