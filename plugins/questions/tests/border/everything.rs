//! Whatever several people do in whatever order: one answer at most is accepted, nothing is orphaned, and what the host
//! keeps of the answers is what there is.

use stoa_plugin::State;
use stoa_plugin::testing::TestHost;

use crate::support::{does, host};

const PEOPLE: [&str; 7] = ["anna", "ben", "chris", "lea", "mia", "erik", "oda"];
const VERBS: [&str; 13] = [
    "answer", "comment", "accept", "accept", "unaccept", "vote", "delete", "me-too", "close", "reopen",
    "verify", "remove", "restore",
];

/// Numbers that look random and are the same in every run (splitmix64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % most as u64).expect("it is below `most`")
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

/// The ids of all entries there are.
fn entries(host: &TestHost, made: u32) -> Vec<String> {
    (1..=made).map(|number| format!("e{number}")).filter(|id| host.entry(id).is_some()).collect()
}

fn step(host: &TestHost, numbers: &mut Numbers, made: u32) -> String {
    let (person, verb) = (numbers.one(&PEOPLE), numbers.one(&VERBS));
    let there = entries(host, made);
    let entry = there[numbers.below(there.len())].clone();
    let value = numbers.one(&["on", "off", "on", "-1"]);
    let reason = numbers.one(&["duplicate", "outdated", "needs-detail"]);
    let fields = [("body", "text"), ("value", value), ("reason", reason), ("original", "e1")];
    let done = match verb {
        "remove" => host.as_person(person).remove(&entry, "because").is_ok(),
        "restore" => host.as_person(person).restore(&entry).is_ok(),
        _ => does(host, person, &entry, verb, &fields).is_ok(),
    };
    format!("{person} {verb} {entry} {value}: {done}")
}

fn check(host: &TestHost, made: u32, after: &str) {
    for id in entries(host, made) {
        let entry = host.entry(&id).expect("it was found");
        if let Some(parent) = &entry.parent {
            let parent = host.entry(parent);
            assert!(
                parent.is_some_and(|parent| parent.root == entry.root),
                "{id} is an orphan after: {after}"
            );
        }
        if entry.kind != "question" {
            continue;
        }
        let below: Vec<_> = entries(host, made)
            .into_iter()
            .filter_map(|id| host.entry(&id))
            .filter(|one| one.kind == "answer" && one.parent.as_deref() == Some(id.as_str()))
            .collect();
        let visible = below.iter().filter(|one| one.state == State::Visible);
        let accepted: Vec<_> = below.iter().filter(|one| one.flag("accepted")).map(|one| &one.id).collect();
        assert!(accepted.len() <= 1, "{accepted:?} are accepted after: {after}");
        if entry.state == State::Visible {
            let count = i64::try_from(visible.count()).expect("there are few");
            assert_eq!(entry.number("answers").unwrap_or(0), count, "answers of {id} after: {after}");
            assert_eq!(entry.text("accepted"), accepted.first().map(|id| id.as_str()), "after: {after}");
        }
        let mut authors: Vec<_> = below
            .iter()
            .filter(|one| matches!(one.state, State::Visible | State::Held))
            .filter_map(|one| one.author.clone())
            .collect();
        let all = authors.len();
        authors.sort();
        authors.dedup();
        assert_eq!(authors.len(), all, "somebody answers {id} twice after: {after}");
    }
}

#[test]
fn random_deeds_of_several_people_leave_everything_in_order() {
    let mut done = 0;
    for seed in 0..12 {
        let host = host();
        let mut numbers = Numbers(seed);
        for person in ["anna", "ben", "chris"] {
            crate::support::ask(&host, person, "Which one is it?");
        }
        let mut history = String::new();
        for _ in 0..120 {
            // Each refused call may have used a number for an id, so there are more numbers than entries.
            let line = step(&host, &mut numbers, 130);
            done += usize::from(line.ends_with("true"));
            history.push_str(&line);
            history.push('\n');
            check(&host, 130, &history);
        }
        for person in PEOPLE {
            host.as_person(person).view().expect("the list is shown");
            host.as_person(person).with("q=e1").view().expect("the question is shown");
        }
    }
    assert!(done > 200, "only {done} deeds were taken: the test does nothing");
}
