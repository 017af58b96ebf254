//! Several people do anything in any order.

use std::collections::{BTreeMap, BTreeSet};

use stoa_plugin::testing::{Refused, TestHost};

use crate::support::{BODY, VALUE, boost, boosts, host, shown};

const PEOPLE: [&str; 5] = ["anna", "ben", "chris", "lea", "mia"];

/// Numbers that look random and are the same each time (xorshift, Marsaglia 2003).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).expect("it is below a usize")
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}

/// What there has to be.
#[derive(Default)]
struct Expected {
    /// Of each that was given: giver and recipients.
    given: BTreeMap<String, (&'static str, BTreeSet<&'static str>)>,
    boosts: BTreeMap<String, BTreeSet<&'static str>>,
    retracted: BTreeSet<String>,
}

impl Expected {
    fn give(&mut self, host: &TestHost, numbers: &mut Numbers) {
        let giver = numbers.one(&PEOPLE);
        let recipients: Vec<&'static str> = (0..=numbers.below(3)).map(|_| numbers.one(&PEOPLE)).collect();
        let different: BTreeSet<&'static str> = recipients.iter().copied().collect();
        let list = recipients.join(",");
        let fields = [("recipients", list.as_str()), ("values", VALUE), ("body", BODY)];
        let done = host.as_person(giver).with("compose=-").act("give", &fields);
        let fits = !different.contains(giver) && different.len() == recipients.len();
        assert_eq!(done.is_ok(), fits, "{giver} thanks {list}");
        if let Ok(done) = done {
            self.given.insert(done.id().to_owned(), (giver, different));
        }
    }

    fn join(&mut self, host: &TestHost, numbers: &mut Numbers, id: &str) {
        let (person, value) = (numbers.one(&PEOPLE), numbers.one(&["on", "off"]));
        let (giver, recipients) = &self.given[id];
        let may = *giver != person && !recipients.contains(person) && !self.retracted.contains(id);
        let done: Result<(), Refused> = boost(host, person, id, value);
        assert_eq!(done.is_ok(), may, "{person} {value} at {id}: {done:?}");
        let joined = self.boosts.entry(id.to_owned()).or_default();
        if may && value == "on" {
            joined.insert(person);
        } else if may {
            joined.remove(person);
        }
    }

    fn retract(&mut self, host: &TestHost, numbers: &mut Numbers, id: &str) {
        let person = numbers.one(&PEOPLE);
        let entry = host.entry(id);
        let young = entry.is_some_and(|entry| host.now() + 1_000_000 < entry.created_at + 5 * 60_000_000);
        let may = self.given[id].0 == person && young && !self.retracted.contains(id);
        let done = host.as_person(person).late().act_on(id, "retract", &[]);
        assert_eq!(done.is_ok(), may, "{person} retracts {id}: {done:?}");
        if may {
            self.retracted.insert(id.to_owned());
        }
    }

    fn check(&self, host: &TestHost) {
        let living = |id: &&String| !self.retracted.contains(*id);
        let feed: BTreeSet<String> =
            shown(&host.as_person("gast").view().expect("it is shown")).into_iter().collect();
        assert_eq!(feed, self.given.keys().filter(living).cloned().collect());
        for id in self.given.keys().filter(living) {
            let expected = self.boosts.get(id).map_or(0, BTreeSet::len);
            assert_eq!(boosts(host, id), i64::try_from(expected).expect("they are few"), "{id}");
        }
        for person in PEOPLE {
            let list = |view: &str| -> BTreeSet<String> {
                shown(&host.as_person(person).with(view).view().expect("it is shown")).into_iter().collect()
            };
            let given = self.given.iter().filter(|(id, (giver, _))| living(id) && *giver == person);
            assert_eq!(list("view=given"), given.map(|(id, _)| id.clone()).collect(), "{person}");
            let received = self.given.iter().filter(|(id, (_, to))| living(id) && to.contains(person));
            assert_eq!(list("view=received"), received.map(|(id, _)| id.clone()).collect(), "{person}");
        }
    }
}

#[test]
fn semantics_3_no_double_boosts_none_by_recipients_and_nothing_left_after_retract() {
    let (mut joined, mut retracted) = (0, 0);
    for seed in 1..=40 {
        let host = host();
        let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15_u64.wrapping_mul(seed));
        let mut expected = Expected::default();
        (0..8).for_each(|_| expected.give(&host, &mut numbers));
        for _ in 0..60 {
            let ids: Vec<String> = expected.given.keys().cloned().collect();
            match numbers.below(8) {
                // A feed shows twenty.
                0 | 1 if ids.len() < 20 => expected.give(&host, &mut numbers),
                2 => host.advance_minutes(2),
                3 if !ids.is_empty() => {
                    let id = ids[numbers.below(ids.len())].clone();
                    expected.retract(&host, &mut numbers, &id);
                }
                _ if !ids.is_empty() => {
                    let id = ids[numbers.below(ids.len())].clone();
                    expected.join(&host, &mut numbers, &id);
                }
                _ => {}
            }
        }
        expected.check(&host);
        joined += expected.boosts.values().map(BTreeSet::len).sum::<usize>();
        retracted += expected.retracted.len();
    }
    assert!(joined > 40 && retracted > 20, "{joined} joined, {retracted} were taken back");
}
