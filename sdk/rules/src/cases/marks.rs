//! Cases of marks.

use super::Case;
use super::Code::{Conflict, Denied, Invalid, NotFound, Unmet};
use super::Who::{Anna, Ben, Carla, Mona};
use super::words::{
    Fact, answer, applies, comment, create, does, entry, fails, put, question, sees, state, texts, unput,
};
use crate::State::{Deleted, Visible};
use crate::{Change, Condition, Target};

pub(super) fn cases() -> Vec<Case> {
    free().into_iter().chain(declared()).chain(bound()).collect()
}

fn vote(value: &str) -> Change {
    put(entry(1), "vote", value)
}

fn free() -> Vec<Case> {
    vec![Case {
        name: "a person has one mark of a kind, and it is put and deleted as often as they like",
        steps: vec![
            does(Anna, question(1)),
            does(Ben, vote("1")),
            does(Ben, vote("1")),
            does(Carla, vote("-1")),
            sees(Ben, 1, Fact::Count("vote", "1", 1)),
            sees(Ben, 1, Fact::Mine("vote", Some("1"))),
            sees(Anna, 1, Fact::Mine("vote", None)),
            does(Ben, vote("-1")),
            sees(Anna, 1, Fact::Count("vote", "1", 0)),
            sees(Anna, 1, Fact::Count("vote", "-1", 2)),
            does(Ben, unput(entry(1), "vote")),
            does(Ben, unput(entry(1), "vote")),
            sees(Ben, 1, Fact::Count("vote", "-1", 1)),
            sees(Ben, 1, Fact::Mine("vote", None)),
            sees(Ben, 1, Fact::Version(1)),
        ],
    }]
}

fn declared() -> Vec<Case> {
    let person = |name: &str| Target::Person(name.to_owned());
    let page = || Target::Page("@page".to_owned());
    vec![
        Case {
            name: "a mark is put where and with what the manifest says",
            steps: vec![
                does(Anna, question(1)),
                does(Ben, comment(2, None)),
                fails(Anna, vote("1"), Denied),
                fails(Ben, vote("2"), Invalid),
                fails(Ben, vote(""), Invalid),
                fails(Ben, put(entry(1), "like", "1"), Invalid),
                fails(Anna, put(entry(2), "vote", "1"), Invalid),
                fails(Ben, put(page(), "vote", "1"), Invalid),
                fails(Ben, put(entry(9), "vote", "1"), NotFound),
                sees(Ben, 1, Fact::Count("vote", "1", 0)),
                does(Ben, put(page(), "follow", "on")),
                does(Ben, put(person("@anna"), "follow", "on")),
                fails(Ben, put(person("@ben"), "follow", "on"), Denied),
            ],
        },
        Case {
            name: "what is not visible is not marked",
            steps: vec![
                does(Anna, question(1)),
                does(Ben, answer(2, 1)),
                does(Carla, put(entry(2), "vote", "1")),
                does(Ben, state(2, 1, Deleted)),
                fails(Carla, put(entry(2), "vote", "-1"), Conflict),
                does(Mona, state(2, 2, Visible)),
                sees(Carla, 2, Fact::Mine("vote", Some("1"))),
            ],
        },
    ]
}

fn bound() -> Vec<Case> {
    let poll = create(1, "poll", None, &[("options", texts(&["tea", "coffee"]))]);
    let choose = |value: &str| put(entry(1), "choice", value);
    let voted = |person: Option<&str>, value: Option<&str>| Condition::Mark {
        target: entry(1),
        kind: "vote".to_owned(),
        person: person.map(str::to_owned),
        value: value.map(str::to_owned),
    };
    vec![
        Case {
            name: "a mark that never changes is put once, on an item that is there",
            steps: vec![
                does(Anna, poll),
                fails(Ben, choose("2"), Invalid),
                fails(Ben, choose("01"), Invalid),
                does(Ben, choose("1")),
                does(Ben, choose("1")),
                fails(Ben, choose("0"), Conflict),
                fails(Ben, unput(entry(1), "choice"), Conflict),
                does(Anna, choose("0")),
                sees(Anna, 1, Fact::Count("choice", "1", 1)),
                sees(Anna, 1, Fact::Count("choice", "0", 1)),
                sees(Ben, 1, Fact::Mine("choice", Some("1"))),
            ],
        },
        Case {
            name: "a condition asks for somebody's mark or for none",
            steps: vec![
                does(Anna, question(1)),
                applies(Ben, &[voted(None, None)], &[vote("1")], Ok(())),
                applies(Ben, &[voted(None, None)], &[vote("-1")], Err(Unmet(0))),
                applies(Carla, &[voted(None, None), voted(Some("@ben"), Some("1"))], &[vote("1")], Ok(())),
                applies(Carla, &[voted(Some("@ben"), Some("-1"))], &[vote("-1")], Err(Unmet(0))),
                applies(Carla, &[voted(Some("@anna"), None)], &[vote("-1")], Ok(())),
                sees(Anna, 1, Fact::Count("vote", "1", 1)),
                sees(Anna, 1, Fact::Count("vote", "-1", 1)),
            ],
        },
    ]
}
