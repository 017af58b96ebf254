//! Cases of entries: creation, fields, states, pins, pages, conditions.

use super::Case;
use super::Code::{Conflict, Denied, Invalid, NotFound, NotUnique, Unmet};
use super::Who::{Anna, Ben, Carla, Mona};
use super::words::{
    Fact, YES, answer, applies, comment, create, does, entry, fails, id, pin, put, question, sees, set,
    state, text, texts,
};
use crate::State::{Deleted, Held, Rejected, Removed, Visible};
use crate::{Change, Condition, Value};

pub(super) fn cases() -> Vec<Case> {
    let families = [
        created(),
        replies(),
        changed(),
        who_sets(),
        one_of(),
        derived(),
        kept(),
        states(),
        shown(),
        pages(),
        conditions(),
    ];
    families.into_iter().flatten().collect()
}

fn created() -> Vec<Case> {
    let titled = |title: &str| create(2, "question", None, &[("title", text(title))]);
    let tags = |tags: &[&str]| create(2, "question", None, &[("title", text("Why?")), ("tags", texts(tags))]);
    vec![
        Case {
            name: "an entry is created visible, at version 1, with its values",
            steps: vec![
                does(
                    Anna,
                    create(1, "question", None, &[("title", text("Why?")), ("tags", texts(&["a", "b"]))]),
                ),
                sees(Ben, 1, Fact::State(Visible)),
                sees(Ben, 1, Fact::Version(1)),
                sees(Ben, 1, Fact::Field("title", text("Why?"))),
                sees(Ben, 1, Fact::Field("tags", texts(&["a", "b"]))),
                sees(Ben, 1, Fact::Field("body", Value::Unset)),
            ],
        },
        Case {
            name: "what the kind does not declare or take is not created",
            steps: vec![
                fails(Anna, create(2, "thread", None, &[]), Invalid),
                fails(Anna, create(2, "question", None, &[]), Invalid),
                fails(Anna, titled(" "), Invalid),
                fails(Anna, titled("one and twenty letters"), Invalid),
                fails(Anna, titled("two\nlines"), Invalid),
                fails(Anna, tags(&["a", "b", "c"]), Invalid),
                fails(Anna, tags(&["a", "a"]), Invalid),
                fails(Anna, create(2, "question", None, &[("title", Value::Number(1))]), Invalid),
                fails(
                    Anna,
                    create(2, "comment", None, &[("body", text("x")), ("title", text("x"))]),
                    Invalid,
                ),
                sees(Anna, 2, Fact::Hidden),
            ],
        },
    ]
}

fn replies() -> Vec<Case> {
    vec![
        Case {
            name: "an entry replies to a visible entry of a kind that its own kind names",
            steps: vec![
                does(Anna, question(1)),
                does(Ben, answer(2, 1)),
                does(Anna, comment(3, Some(2))),
                fails(Anna, comment(4, Some(1)), Invalid),
                fails(Anna, create(4, "answer", None, &[("body", text("Because."))]), Invalid),
                fails(Anna, create(4, "question", Some(1), &[("title", text("Why?"))]), Invalid),
                fails(Anna, comment(4, Some(9)), NotFound),
                does(Ben, state(2, 1, Deleted)),
                fails(Anna, comment(4, Some(2)), Conflict),
                sees(Anna, 3, Fact::State(Visible)),
                sees(Anna, 4, Fact::Hidden),
            ],
        },
        Case {
            name: "all changes are kept or none",
            steps: vec![
                applies(Anna, &[], &[question(1), question(2), comment(3, Some(1))], Err(Invalid)),
                sees(Anna, 1, Fact::Hidden),
                applies(Anna, &[], &[question(1), comment(2, None), comment(3, Some(2))], Ok(())),
                sees(Ben, 3, Fact::State(Visible)),
            ],
        },
    ]
}

fn changed() -> Vec<Case> {
    let title = |seen: u32, title: &str| set(1, seen, &[("title", text(title))]);
    vec![
        Case {
            name: "a text is changed at the version that was seen",
            steps: vec![
                does(Anna, question(1)),
                fails(Anna, set(1, None, &[("title", text("How?"))]), Invalid),
                fails(Anna, title(2, "How?"), Conflict),
                does(Anna, title(1, "How?")),
                sees(Ben, 1, Fact::Field("title", text("How?"))),
                sees(Ben, 1, Fact::Version(2)),
                fails(Anna, title(1, "When?"), Conflict),
                fails(Anna, set(9, 1, &[("title", text("How?"))]), NotFound),
            ],
        },
        Case {
            name: "a change that changes nothing makes no version",
            steps: vec![
                does(Anna, question(1)),
                does(Anna, title(1, "Why?")),
                does(Anna, set(1, 1, &[("body", text(" ")), ("closed", Value::Unset)])),
                sees(Anna, 1, Fact::Version(1)),
            ],
        },
        Case {
            name: "values are cleared, required ones are not",
            steps: vec![
                does(Anna, question(1)),
                does(Anna, set(1, None, &[("closed", text("unclear"))])),
                sees(Ben, 1, Fact::Field("closed", text("unclear"))),
                does(Anna, set(1, None, &[("closed", Value::Unset)])),
                sees(Ben, 1, Fact::Field("closed", Value::Unset)),
                sees(Ben, 1, Fact::Version(3)),
                fails(Anna, set(1, 3, &[("title", Value::Unset)]), Invalid),
                fails(Anna, set(1, None, &[("closed", text("boring"))]), Invalid),
                fails(Anna, set(1, None, &[("accepted", YES)]), Invalid),
            ],
        },
        Case {
            name: "what is deleted or removed is not changed",
            steps: vec![
                does(Anna, question(1)),
                does(Ben, answer(2, 1)),
                does(Anna, state(1, 1, Deleted)),
                fails(Anna, title(2, "How?"), Conflict),
                sees(Anna, 2, Fact::State(Visible)),
            ],
        },
    ]
}

fn who_sets() -> Vec<Case> {
    let reviewed = set(1, None, &[("reviewed", YES)]);
    let options = texts(&["tea", "coffee"]);
    vec![
        Case {
            name: "texts are changed by the author and moderators",
            steps: vec![
                does(Anna, question(1)),
                fails(Ben, set(1, 1, &[("title", text("How?"))]), Denied),
                does(Mona, set(1, 1, &[("title", text("How?"))])),
                does(Anna, set(1, 2, &[("title", text("When?"))])),
                sees(Ben, 1, Fact::Field("title", text("When?"))),
            ],
        },
        Case {
            name: "a field is set by those whom the manifest names, whatever else is set with it",
            steps: vec![
                does(Anna, question(1)),
                fails(Anna, reviewed.clone(), Denied),
                fails(Mona, reviewed.clone(), Denied),
                fails(Anna, set(1, 1, &[("title", text("How?")), ("reviewed", YES)]), Denied),
                sees(Anna, 1, Fact::Version(1)),
                does(Carla, reviewed),
                sees(Anna, 1, Fact::Field("reviewed", YES)),
                does(Ben, set(1, None, &[("helper", text("@carla"))])),
                fails(Ben, set(1, None, &[("helper", text("nobody"))]), Invalid),
                sees(Anna, 1, Fact::Version(3)),
            ],
        },
        Case {
            name: "at creation the author sets what nobody sets later, and not what others set",
            steps: vec![
                fails(
                    Anna,
                    create(1, "question", None, &[("title", text("Why?")), ("reviewed", YES)]),
                    Denied,
                ),
                does(Carla, create(1, "question", None, &[("title", text("Why?")), ("reviewed", YES)])),
                fails(Ben, create(2, "answer", Some(1), &[("body", text("So.")), ("accepted", YES)]), Denied),
                does(Anna, create(3, "poll", None, &[("options", options)])),
                fails(Anna, set(3, 1, &[("options", texts(&["tea", "milk"]))]), Denied),
                fails(Mona, set(3, 1, &[("options", texts(&["tea", "milk"]))]), Denied),
                sees(Ben, 3, Fact::Version(1)),
            ],
        },
    ]
}

fn one_of() -> Vec<Case> {
    let accept = |number: u8| set(number, None, &[("accepted", YES)]);
    vec![
        Case {
            name: "at most one reply of a parent holds a field, and hidden ones hold nothing",
            steps: vec![
                does(Anna, question(1)),
                does(Ben, answer(2, 1)),
                does(Carla, answer(3, 1)),
                fails(Ben, accept(2), Denied),
                does(Anna, accept(2)),
                does(Anna, accept(2)),
                sees(Ben, 2, Fact::Version(2)),
                does(Mona, accept(3)),
                sees(Ben, 3, Fact::Field("accepted", YES)),
                sees(Ben, 2, Fact::Field("accepted", Value::Unset)),
                sees(Ben, 2, Fact::Version(3)),
                does(Mona, state(3, 2, Removed)),
                does(Mona, state(3, 3, Visible)),
                sees(Ben, 3, Fact::Field("accepted", Value::Unset)),
                does(Anna, accept(2)),
                sees(Ben, 2, Fact::Field("accepted", YES)),
            ],
        },
        Case {
            name: "of a unique combination there is one visible or held entry",
            steps: vec![
                does(Anna, question(1)),
                does(Ben, answer(2, 1)),
                fails(Ben, answer(3, 1), NotUnique),
                does(Carla, answer(4, 1)),
                does(Mona, state(4, 1, Held)),
                fails(Carla, answer(5, 1), NotUnique),
                does(Mona, state(4, 2, Rejected)),
                does(Carla, answer(5, 1)),
                does(Ben, state(2, 1, Deleted)),
                does(Ben, answer(3, 1)),
                fails(Mona, state(2, 2, Visible), NotUnique),
                sees(Anna, 3, Fact::State(Visible)),
            ],
        },
    ]
}

fn derived() -> Vec<Case> {
    let answers = |number: i64| Fact::Field("answers", Value::Number(number));
    let accept = |number: u8, yes: bool| set(number, None, &[("accepted", Value::Boolean(yes))]);
    let holder = |number: u8| Fact::Field("holder", text(&id(number)));
    vec![
        Case {
            name: "the host counts the visible replies of a kind",
            steps: vec![
                does(Anna, question(1)),
                sees(Ben, 1, Fact::Field("answers", Value::Unset)),
                does(Ben, answer(2, 1)),
                does(Carla, answer(3, 1)),
                does(Anna, comment(4, Some(2))),
                sees(Ben, 1, answers(2)),
                sees(Ben, 1, Fact::Version(1)),
                does(Mona, state(2, 1, Removed)),
                sees(Ben, 1, answers(1)),
                does(Mona, state(2, 2, Visible)),
                does(Carla, state(3, 1, Deleted)),
                sees(Ben, 1, answers(1)),
                does(Ben, state(2, 3, Deleted)),
                sees(Ben, 1, Fact::Field("answers", Value::Unset)),
            ],
        },
        Case {
            name: "the host knows which reply holds a field",
            steps: vec![
                does(Anna, question(1)),
                does(Ben, answer(2, 1)),
                does(Carla, answer(3, 1)),
                does(Anna, accept(2, true)),
                sees(Ben, 1, holder(2)),
                does(Anna, accept(3, true)),
                sees(Ben, 1, holder(3)),
                does(Anna, accept(3, false)),
                sees(Ben, 1, Fact::Field("holder", Value::Unset)),
                does(Anna, accept(3, true)),
                does(Mona, state(3, 4, Removed)),
                sees(Ben, 1, Fact::Field("holder", Value::Unset)),
            ],
        },
    ]
}

fn kept() -> Vec<Case> {
    let accept = |number: u8, yes: bool| set(number, None, &[("accepted", Value::Boolean(yes))]);
    vec![Case {
        name: "what the host keeps is set by nobody, and conditions look at it",
        steps: vec![
            fails(
                Anna,
                create(2, "question", None, &[("title", text("Why?")), ("answers", Value::Number(7))]),
                Invalid,
            ),
            does(Anna, question(1)),
            fails(Mona, set(1, None, &[("answers", Value::Number(7))]), Invalid),
            fails(Mona, set(1, None, &[("holder", text(&id(1)))]), Invalid),
            does(Ben, answer(2, 1)),
            applies(
                Anna,
                &[Condition::Field { id: id(1), name: "answers".to_owned(), value: Value::Number(2) }],
                &[accept(2, true)],
                Err(Unmet(0)),
            ),
            applies(
                Anna,
                &[Condition::Field { id: id(1), name: "answers".to_owned(), value: Value::Number(1) }],
                &[accept(2, true)],
                Ok(()),
            ),
            sees(Ben, 1, Fact::Field("holder", text(&id(2)))),
        ],
    }]
}

fn states() -> Vec<Case> {
    vec![Case {
        name: "an author deletes, a moderator decides, nobody else does",
        steps: vec![
            does(Anna, question(1)),
            fails(Ben, state(1, 1, Deleted), Denied),
            fails(Mona, state(1, 1, Deleted), Denied),
            fails(Anna, state(1, 1, Removed), Denied),
            fails(Mona, state(1, 1, Rejected), Conflict),
            fails(Anna, state(1, 2, Deleted), Conflict),
            fails(Anna, state(9, 1, Deleted), NotFound),
            does(Anna, state(1, 1, Deleted)),
            sees(Ben, 1, Fact::Hidden),
            fails(Anna, state(1, 2, Visible), Denied),
            fails(Anna, state(1, 2, Deleted), Conflict),
            does(Mona, state(1, 2, Visible)),
            sees(Ben, 1, Fact::State(Visible)),
            sees(Ben, 1, Fact::Version(3)),
            does(Mona, state(1, 3, Removed)),
            sees(Ben, 1, Fact::Hidden),
            sees(Mona, 1, Fact::State(Removed)),
        ],
    }]
}

fn shown() -> Vec<Case> {
    vec![
        Case {
            name: "what waits for a moderator is seen by its author and moderators",
            steps: vec![
                does(Anna, question(1)),
                does(Mona, state(1, 1, Held)),
                sees(Anna, 1, Fact::State(Held)),
                sees(Mona, 1, Fact::State(Held)),
                sees(Ben, 1, Fact::Hidden),
                fails(Ben, answer(2, 1), Conflict),
                does(Mona, state(1, 2, Rejected)),
                sees(Anna, 1, Fact::State(Rejected)),
                sees(Ben, 1, Fact::Hidden),
                does(Mona, state(1, 3, Visible)),
                sees(Ben, 1, Fact::State(Visible)),
            ],
        },
        Case {
            name: "a deleted entry with visible replies keeps its place without its text",
            steps: vec![
                does(Anna, comment(1, None)),
                does(Ben, comment(2, Some(1))),
                does(Anna, state(1, 1, Deleted)),
                sees(Carla, 1, Fact::State(Deleted)),
                sees(Carla, 1, Fact::Field("body", Value::Unset)),
                does(Ben, state(2, 1, Deleted)),
                sees(Carla, 1, Fact::Hidden),
            ],
        },
        Case {
            name: "visible roots are pinned by those who may",
            steps: vec![
                does(Anna, question(1)),
                does(Ben, answer(2, 1)),
                fails(Anna, pin(1, true), Denied),
                fails(Mona, pin(2, true), Invalid),
                fails(Mona, pin(9, true), NotFound),
                does(Mona, pin(1, true)),
                sees(Ben, 1, Fact::Pinned(true)),
                sees(Ben, 1, Fact::Version(2)),
                does(Mona, pin(1, true)),
                sees(Ben, 1, Fact::Version(2)),
                does(Mona, state(1, 2, Removed)),
                fails(Mona, pin(1, true), Conflict),
                does(Mona, state(1, 3, Visible)),
                sees(Ben, 1, Fact::Pinned(false)),
            ],
        },
    ]
}

fn pages() -> Vec<Case> {
    vec![Case {
        name: "a closed page takes no new entries; changes and marks go on",
        steps: vec![
            does(Anna, question(1)),
            fails(Anna, Change::ClosePage(true), Denied),
            does(Mona, Change::ClosePage(true)),
            fails(Ben, answer(2, 1), Conflict),
            fails(Mona, answer(2, 1), Conflict),
            does(Anna, set(1, 1, &[("title", text("How?"))])),
            does(Ben, put(entry(1), "vote", "1")),
            sees(Anna, 1, Fact::Count("vote", "1", 1)),
            applies(Anna, &[Condition::PageOpen], &[], Err(Unmet(0))),
            fails(Anna, Change::ClosePage(false), Denied),
            does(Mona, Change::ClosePage(false)),
            applies(Ben, &[Condition::PageOpen], &[answer(2, 1)], Ok(())),
            sees(Anna, 2, Fact::State(Visible)),
        ],
    }]
}

fn conditions() -> Vec<Case> {
    let version = |number: u8, version: u32| Condition::Version { id: id(number), version };
    let is_state = |number: u8, state| Condition::State { id: id(number), state };
    let field = |number: u8, name: &str, value: Value| Condition::Field {
        id: id(number),
        name: name.to_owned(),
        value,
    };
    vec![
        Case {
            name: "conditions are looked at before the changes, in order",
            steps: vec![
                does(Anna, question(1)),
                applies(Ben, &[version(1, 1), version(1, 2)], &[answer(2, 1)], Err(Unmet(1))),
                applies(Ben, &[is_state(1, Held), version(1, 2)], &[answer(2, 1)], Err(Unmet(0))),
                applies(Ben, &[version(9, 1)], &[answer(2, 1)], Err(Unmet(0))),
                sees(Ben, 2, Fact::Hidden),
                applies(Ben, &[version(1, 1), is_state(1, Visible)], &[answer(2, 1)], Ok(())),
                applies(Anna, &[version(1, 1)], &[set(1, 1, &[("title", text("How?"))])], Ok(())),
                sees(Ben, 1, Fact::Version(2)),
            ],
        },
        Case {
            name: "a field that was never set is unset and false",
            steps: vec![
                does(Anna, question(1)),
                applies(Ben, &[field(1, "closed", Value::Unset)], &[comment(2, None)], Ok(())),
                applies(Ben, &[field(1, "reviewed", Value::Boolean(false))], &[comment(3, None)], Ok(())),
                applies(Ben, &[field(1, "reviewed", Value::Unset)], &[comment(4, None)], Ok(())),
                applies(Ben, &[field(1, "closed", text("unclear"))], &[comment(5, None)], Err(Unmet(0))),
                does(Anna, set(1, None, &[("closed", text("unclear"))])),
                applies(Ben, &[field(1, "closed", text("unclear"))], &[comment(5, None)], Ok(())),
                applies(Ben, &[field(1, "closed", Value::Unset)], &[comment(6, None)], Err(Unmet(0))),
                sees(Ben, 6, Fact::Hidden),
            ],
        },
    ]
}
