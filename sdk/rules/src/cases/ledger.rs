//! Cases of points.

use super::Case;
use super::Code::{Conflict, Denied, Invalid, NotFound, Short, Unmet};
use super::Who::{Anna, Ben, Carla, Mona};
use super::words::{
    YES, answer, applies, does, fails, has, post, question, reverse, set, site_has, state, today,
};
use crate::State::{Deleted, Held, Rejected, Removed, Visible};
use crate::{Change, Condition};

pub(super) fn cases() -> Vec<Case> {
    giving()
        .into_iter()
        .chain(declared())
        .chain(earning())
        .chain(hiding())
        .chain(waiting())
        .chain(limits())
        .collect()
}

fn gave(number: u8, payee: &str, amount: u32) -> Change {
    post(number, "points", "gave", payee, amount)
}

fn upvoted(number: u8, payee: &str) -> Change {
    post(number, "score", "upvoted", payee, 10)
}

fn accepted(number: u8, payee: &str) -> Change {
    post(number, "score", "accepted", payee, 15)
}

fn giving() -> Vec<Case> {
    vec![
        Case {
            name: "a person gives from a budget, and no more than there is",
            steps: vec![
                does(Anna, question(1)),
                has(Anna, "points", "giving", 100),
                does(Anna, gave(1, "@ben", 60)),
                has(Anna, "points", "giving", 40),
                has(Ben, "points", "received", 60),
                site_has("points", "pool", -100),
                fails(Anna, gave(1, "@carla", 41), Short),
                has(Anna, "points", "giving", 40),
                does(Anna, gave(1, "@carla", 40)),
                has(Anna, "points", "giving", 0),
                // What was received is not there to be given.
                has(Ben, "points", "giving", 100),
            ],
        },
        Case {
            name: "all transfers of a commit are made or none",
            steps: vec![
                does(Anna, question(1)),
                applies(
                    Anna,
                    &[],
                    &[gave(1, "@ben", 40), gave(1, "@carla", 40), gave(1, "@mona", 40)],
                    Err(Short),
                ),
                has(Anna, "points", "giving", 100),
                has(Ben, "points", "received", 0),
                applies(Anna, &[], &[gave(1, "@ben", 40), gave(1, "@carla", 40)], Ok(())),
                has(Anna, "points", "giving", 20),
            ],
        },
    ]
}

fn declared() -> Vec<Case> {
    vec![
        Case {
            name: "what is given goes to somebody else, for something that is there and declared",
            steps: vec![
                does(Anna, question(1)),
                fails(Anna, gave(1, "@anna", 1), Denied),
                fails(Anna, gave(9, "@ben", 1), NotFound),
                fails(Anna, gave(1, "@ben", 91), Invalid),
                fails(Anna, gave(1, "0199e1a0-0000-7000-8000-0000000000ff", 1), Invalid),
                fails(Anna, post(1, "points", "stole", "@ben", 1), Invalid),
                fails(Anna, post(1, "money", "gave", "@ben", 1), Invalid),
                fails(Anna, post(1, "extra", "extra", "@ben", 1), Invalid),
                has(Anna, "points", "giving", 100),
                has(Ben, "points", "received", 0),
            ],
        },
        Case {
            name: "the same again gives nothing more, until it was taken back",
            steps: vec![
                does(Anna, question(1)),
                does(Anna, gave(1, "@ben", 30)),
                does(Anna, gave(1, "@ben", 30)),
                has(Ben, "points", "received", 30),
                does(Anna, reverse(1, "points", "gave", None)),
                does(Anna, reverse(1, "points", "gave", None)),
                has(Anna, "points", "giving", 100),
                has(Ben, "points", "received", 0),
                does(Anna, gave(1, "@ben", 20)),
                has(Anna, "points", "giving", 80),
                has(Ben, "points", "received", 20),
            ],
        },
    ]
}

fn earning() -> Vec<Case> {
    vec![
        Case {
            name: "a cap gives what fits, and what it kept back never comes back",
            steps: vec![
                does(Anna, question(1)),
                does(Ben, upvoted(1, "@anna")),
                does(Carla, upvoted(1, "@anna")),
                does(Mona, upvoted(1, "@anna")),
                has(Anna, "score", "score", 25),
                does(Mona, reverse(1, "score", "upvoted", Some("@mona"))),
                has(Anna, "score", "score", 20),
                does(Ben, reverse(1, "score", "upvoted", Some("@ben"))),
                does(Carla, reverse(1, "score", "upvoted", Some("@carla"))),
                has(Anna, "score", "score", 0),
                site_has("score", "mint", 0),
            ],
        },
        Case {
            name: "reasons that are excepted are not held back, and take no room",
            steps: vec![
                does(Anna, question(1)),
                does(Ben, answer(2, 1)),
                does(Anna, accepted(2, "@ben")),
                does(Anna, upvoted(2, "@ben")),
                does(Carla, upvoted(2, "@ben")),
                does(Mona, upvoted(2, "@ben")),
                has(Ben, "score", "score", 40),
                does(Mona, accepted(2, "@ben")),
                has(Ben, "score", "score", 55),
            ],
        },
        Case {
            name: "one person's part is taken back, and the others' stand",
            steps: vec![
                does(Anna, question(1)),
                does(Ben, upvoted(1, "@anna")),
                does(Carla, upvoted(1, "@anna")),
                does(Carla, reverse(1, "score", "upvoted", Some("@carla"))),
                does(Carla, reverse(1, "score", "upvoted", Some("@carla"))),
                has(Anna, "score", "score", 10),
                does(Mona, reverse(1, "score", "upvoted", None)),
                has(Anna, "score", "score", 0),
            ],
        },
    ]
}

fn hiding() -> Vec<Case> {
    let begin = || {
        vec![
            does(Anna, question(1)),
            does(Ben, answer(2, 1)),
            applies(Anna, &[], &[set(2, None, &[("accepted", YES)]), accepted(2, "@ben")], Ok(())),
            does(Carla, upvoted(2, "@ben")),
            has(Ben, "score", "score", 25),
        ]
    };
    let case = |name, rest: Vec<_>| Case { name, steps: begin().into_iter().chain(rest).collect() };
    vec![
        case(
            "what does not outlast its entry is taken back when a moderator removes it, for good",
            vec![
                does(Mona, state(2, 2, Removed)),
                has(Ben, "score", "score", 10),
                does(Mona, state(2, 3, Visible)),
                has(Ben, "score", "score", 10),
                fails(Ben, set(2, None, &[("accepted", YES)]), Denied),
                applies(Anna, &[], &[set(2, None, &[("accepted", YES)]), accepted(2, "@ben")], Ok(())),
                has(Ben, "score", "score", 25),
            ],
        ),
        case(
            "what does not outlast its entry is taken back when its author deletes it",
            vec![
                does(Ben, state(2, 2, Deleted)),
                has(Ben, "score", "score", 10),
                does(Anna, reverse(2, "score", "accepted", None)),
                has(Ben, "score", "score", 10),
                fails(Anna, state(2, 3, Held), Conflict),
            ],
        ),
    ]
}

fn waiting() -> Vec<Case> {
    let begin = || {
        vec![
            does(Anna, question(1)),
            does(Mona, state(1, 1, Held)),
            does(Anna, post(1, "points", "thanked", "@ben", 60)),
            has(Anna, "points", "giving", 40),
            has(Ben, "points", "received", 0),
            // What waits cannot be given a second time.
            fails(Anna, post(1, "points", "thanked", "@carla", 41), Short),
        ]
    };
    let case = |name, rest: Vec<_>| Case { name, steps: begin().into_iter().chain(rest).collect() };
    vec![
        case(
            "points with an entry that is held arrive when it is published, and go back when it is removed",
            vec![
                does(Mona, state(1, 2, Visible)),
                has(Anna, "points", "giving", 40),
                has(Ben, "points", "received", 60),
                does(Mona, state(1, 3, Removed)),
                has(Anna, "points", "giving", 100),
                has(Ben, "points", "received", 0),
                does(Mona, state(1, 4, Visible)),
                has(Ben, "points", "received", 0),
            ],
        ),
        case(
            "points with an entry that is held go back when it is rejected, once",
            vec![
                does(Mona, state(1, 2, Rejected)),
                has(Anna, "points", "giving", 100),
                has(Ben, "points", "received", 0),
                does(Mona, state(1, 3, Visible)),
                has(Anna, "points", "giving", 100),
                has(Ben, "points", "received", 0),
            ],
        ),
        case(
            "points with an entry that is held are taken back by its reason, waiting or arrived",
            vec![
                does(Anna, reverse(1, "points", "thanked", None)),
                has(Anna, "points", "giving", 100),
                does(Anna, post(1, "points", "thanked", "@ben", 50)),
                does(Mona, state(1, 2, Visible)),
                has(Ben, "points", "received", 50),
                does(Anna, reverse(1, "points", "thanked", None)),
                has(Anna, "points", "giving", 100),
                has(Ben, "points", "received", 0),
            ],
        ),
    ]
}

fn limits() -> Vec<Case> {
    let most =
        |payer, payee, amount, transfers| Condition::AtMost { flow: today(payer, payee), amount, transfers };
    let pair = |amount, transfers| most(Some("@anna"), Some("@ben"), amount, transfers);
    vec![Case {
        name: "a limit counts what the commit itself transfers, and not what was taken back",
        steps: vec![
            does(Anna, question(1)),
            does(Anna, question(2)),
            does(Anna, question(3)),
            applies(Anna, &[pair(Some(9), None)], &[gave(1, "@ben", 10)], Err(Unmet(0))),
            has(Ben, "points", "received", 0),
            applies(Anna, &[pair(Some(10), Some(1))], &[gave(1, "@ben", 10)], Ok(())),
            applies(Anna, &[pair(None, Some(1))], &[gave(2, "@ben", 10)], Err(Unmet(0))),
            applies(
                Anna,
                &[pair(None, Some(2)), most(None, Some("@ben"), Some(19), None)],
                &[gave(2, "@ben", 10)],
                Err(Unmet(1)),
            ),
            applies(Carla, &[most(None, Some("@ben"), Some(15), None)], &[gave(2, "@ben", 5)], Ok(())),
            does(Anna, reverse(1, "points", "gave", None)),
            applies(Anna, &[pair(Some(20), Some(1))], &[gave(3, "@ben", 20)], Ok(())),
            applies(Anna, &[most(Some("@anna"), None, Some(20), Some(1))], &[], Ok(())),
            has(Ben, "points", "received", 25),
            has(Anna, "points", "giving", 80),
        ],
    }]
}
