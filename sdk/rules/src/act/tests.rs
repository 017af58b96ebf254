use super::{Change, Class, Condition, Message, NewEntry, Otherwise, Requirement, Target, check_class};
use crate::{Capability, Declared, FUNCTIONS, Fields, Grants, Manifest, State, Value};

const ID: &str = "0199e1a0-0000-7000-8000-00000000000a";

fn declared() -> Declared {
    let text = r#"
        id = "a:b"
        name = "b"
        version = "0.1.0"
        description = "x"
        license = "MIT"
        min_host = "0.2.0"
        extension_points = ["widget"]
        [kinds.question.fields]
        title = { type = "text", required = true }
        solved = { type = "boolean" }
        [kinds.answer]
        parents = ["question"]
        [kinds.answer.fields]
        body = { type = "long-text", required = true, max = 10 }
        [marks.vote]
        on = ["question"]
        values = ["1"]
        [marks.follow]
        on = ["page", "person"]
        values = "any"
    "#;
    Manifest::parse(text).unwrap().declared()
}

fn fields(name: &str, value: Value) -> Fields {
    [(name.to_owned(), value)].into()
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn create(kind: &str, parent: Option<&str>, fields: Fields) -> Change {
    Change::Create(NewEntry {
        id: ID.to_owned(),
        kind: kind.to_owned(),
        parent: parent.map(str::to_owned),
        fields,
    })
}

fn set(seen: Option<u32>, fields: Fields) -> Change {
    Change::SetFields { id: ID.to_owned(), seen, fields }
}

fn state(state: State, reason: &str) -> Change {
    Change::SetState { id: ID.to_owned(), seen: 1, state, reason: reason.to_owned() }
}

fn put(target: Target, kind: &str, value: &str) -> Change {
    Change::PutMark { target, kind: kind.to_owned(), value: value.to_owned() }
}

fn value(key: &str, bytes: usize) -> Change {
    Change::PutValue { key: key.to_owned(), value: Some(vec![0; bytes]), wakes: false }
}

fn entry() -> Target {
    Target::Entry(ID.to_owned())
}

#[track_caller]
fn check(change: &Change, expected: Result<(), &str>) {
    let found = change.check(&declared(), &|_| None).map_err(|problem| problem.at);
    assert_eq!(found, expected.map_err(str::to_owned), "{change:?}");
}

#[test]
fn what_is_created_is_declared_and_complete() {
    check(&create("question", None, fields("title", text("Why?"))), Ok(()));
    check(&create("question", None, Fields::new()), Err("fields.title"));
    check(&create("thread", None, Fields::new()), Err("kind"));
    check(&create("answer", Some(ID), fields("body", text("Because."))), Ok(()));
    check(&create("answer", Some(ID), fields("body", text("Because it is."))), Err("fields.body"));
    check(&create("answer", Some("e1"), fields("body", text("Because."))), Err("parent"));
    check(&create("answer", None, fields("body", text("Because."))), Err("parent"));
}

#[test]
fn fields_that_are_set_are_those_of_one_kind() {
    check(&set(None, fields("solved", Value::Boolean(true))), Ok(()));
    check(&set(None, fields("title", text("How?"))), Err("fields.title"));
    check(&set(Some(1), fields("title", text("How?"))), Ok(()));
    check(&set(Some(1), fields("title", Value::Number(1))), Err("fields.title"));
    let mut both = fields("title", text("How?"));
    both.insert("body".to_owned(), text("Because."));
    check(&set(Some(1), both), Err("fields"));
}

#[test]
fn states_marks_and_values_have_their_form() {
    check(&state(State::Removed, "spam"), Ok(()));
    check(&state(State::Held, ""), Err("state"));
    check(&state(State::Rejected, &"x".repeat(501)), Err("reason"));
    check(&put(entry(), "vote", "1"), Ok(()));
    check(&put(entry(), "vote", "2"), Err("value"));
    check(&put(entry(), "report", "1"), Err("kind"));
    check(&put(entry(), "follow", "1"), Err("target"));
    check(&put(Target::Page("a".to_owned()), "vote", "1"), Err("target"));
    check(&put(Target::Page(String::new()), "follow", "1"), Err("target"));
    check(&put(Target::Page("a".to_owned()), "follow", "1"), Ok(()));
    check(&put(Target::Person(ID.to_owned()), "follow", "1"), Ok(()));
    check(&put(Target::Person("ada".to_owned()), "follow", "1"), Err("target"));
    check(&Change::DeleteMark { target: entry(), kind: "like".to_owned() }, Err("kind"));
    check(&Change::SetPinned { id: "e1".to_owned(), pinned: true }, Err("id"));
    check(&value("k", 64 << 10), Ok(()));
    check(&value("k", (64 << 10) + 1), Err("value"));
    check(&value("", 1), Err("key"));
    check(&value(&"k".repeat(201), 1), Err("key"));
}

#[test]
fn a_verb_records_at_most_what_its_class_says() {
    let kinds = declared().kinds;
    for (change, needed) in [
        (put(entry(), "vote", "1"), Class::Mark),
        (Change::DeleteMark { target: entry(), kind: "vote".to_owned() }, Class::Mark),
        (set(None, fields("solved", Value::Boolean(true))), Class::Mark),
        (set(Some(1), fields("title", text("How?"))), Class::Edit),
        (state(State::Deleted, ""), Class::Edit),
        (value("k", 1), Class::Edit),
        (create("question", None, Fields::new()), Class::Create),
        (state(State::Visible, ""), Class::Moderate),
        (state(State::Removed, ""), Class::Moderate),
        (Change::SetPinned { id: ID.to_owned(), pinned: true }, Class::Moderate),
        (Change::ClosePage(true), Class::Moderate),
    ] {
        for class in [Class::Mark, Class::Edit, Class::Create, Class::Moderate] {
            let found = check_class(class, &change, &kinds);
            assert_eq!(found.is_ok(), class >= needed, "{class} {change:?}");
            assert!(found.err().is_none_or(|problem| problem.needed == needed));
        }
    }
}

#[test]
fn each_change_belongs_to_an_interface_that_records() {
    for change in [
        create("question", None, Fields::new()),
        put(entry(), "vote", "1"),
        Change::ClosePage(true),
        value("k", 1),
    ] {
        let interface = change.capability().name();
        assert!(FUNCTIONS.iter().any(|one| one.interface == interface && one.records), "{interface}");
    }
}

#[track_caller]
fn require(condition: Condition, capability: Option<Capability>, expected: Result<(), &str>) {
    assert_eq!(condition.missing(Grants::default()), capability);
    assert_eq!(condition.missing(capability.into_iter().collect()), None);
    let requirement = Requirement { condition, otherwise: Otherwise::Rerun };
    let found = requirement.check(&declared()).map_err(|problem| problem.at);
    assert_eq!(found, expected.map_err(str::to_owned), "{requirement:?}");
}

#[test]
fn a_condition_names_what_is_declared() {
    let id = || ID.to_owned();
    let field = |name: &str, value: Value| Condition::Field { id: id(), name: name.to_owned(), value };
    let mark = |kind: &str, person: &str| Condition::Mark {
        target: entry(),
        kind: kind.to_owned(),
        person: Some(person.to_owned()),
        value: None,
    };
    require(Condition::Version { id: id(), version: 1 }, Some(Capability::Entries), Ok(()));
    require(
        Condition::State { id: "e1".to_owned(), state: State::Held },
        Some(Capability::Entries),
        Err("id"),
    );
    require(field("solved", Value::Unset), Some(Capability::Entries), Ok(()));
    require(field("solved", Value::Number(1)), Some(Capability::Entries), Err("value"));
    require(field("other", Value::Unset), Some(Capability::Entries), Err("name"));
    require(mark("vote", ID), Some(Capability::Marks), Ok(()));
    require(mark("vote", "ada"), Some(Capability::Marks), Err("person"));
    require(mark("like", ID), Some(Capability::Marks), Err("kind"));
    require(Condition::PageOpen, None, Ok(()));
    let own = Condition::Mark { target: entry(), kind: "vote".to_owned(), person: None, value: None };
    assert_eq!(own.missing([Capability::MarksWrite].into_iter().collect()), None);
    assert_eq!(
        mark("vote", ID).missing([Capability::MarksWrite].into_iter().collect()),
        Some(Capability::Marks)
    );
}

#[test]
fn a_message_has_an_id_and_few_arguments() {
    let message = |id: &str, count: usize| Message {
        id: id.to_owned(),
        arguments: vec![("name".to_owned(), super::Argument::Number(1)); count],
    };
    assert_eq!(message("solved-meanwhile", 8).check(), Ok(()));
    assert!(message("solved-meanwhile", 9).check().is_err());
    assert!(message("Solved meanwhile!", 0).check().is_err());
    let condition = Condition::PageOpen;
    let requirement = Requirement { condition, otherwise: Otherwise::Refuse(message("", 0)) };
    assert!(requirement.check(&declared()).is_err());
}
