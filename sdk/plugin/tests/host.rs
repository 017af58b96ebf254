//! The in-memory host keeps the rules of the real one, whatever the plugin asks for.

use stoa_plugin::testing::{PAGE, Refused, START, TestHost};
use stoa_plugin::view::{View, ViewBuilder, label, literal, message};
use stoa_plugin::{
    Action, Context, Error, Failure, Order, Outcome, Query, Refusal, State, Target, Value, VerbClass, Widget,
};

/// A plugin without rules of its own: each verb asks the host for one thing.
struct Naive;

impl Widget for Naive {
    const VERBS: &'static [(&'static str, VerbClass)] = &[
        ("add", VerbClass::Create),
        ("edit", VerbClass::Edit),
        ("state", VerbClass::Moderate),
        ("mark", VerbClass::Mark),
        ("unmark", VerbClass::Mark),
        ("pin", VerbClass::Moderate),
        ("close", VerbClass::Moderate),
        ("put", VerbClass::Edit),
        ("half", VerbClass::Create),
        ("flood", VerbClass::Create),
    ];

    fn view(context: &Context) -> Result<View, Failure> {
        let order = if context.parameter("sort") == Some("top") { Order::Top } else { Order::Newest };
        let threads = context.entries().list_threads(&Query { replies: 50, ..Query::new(order, 100) })?;
        let mut v = ViewBuilder::new();
        v.text(message("count").number("count", threads.total));
        for entry in &threads.entries {
            let post = v.post(&entry.id, entry.created_at, &[]);
            let post = match &entry.author {
                Some(author) => post.author(author),
                None => post,
            };
            post.with(|v| {
                if entry.author.is_some() {
                    v.body(&entry.id);
                }
                v.button("edit", label("edit"));
            });
        }
        if let Some(key) = context.parameter("kv") {
            let value = context.kv().get(key)?.unwrap_or_default();
            v.text(literal(&String::from_utf8_lossy(&value)));
        }
        Ok(v.finish())
    }

    fn act(context: &Context, action: &Action, outcome: &mut Outcome) -> Result<(), Refusal> {
        let field = |name: &str| action.field(name).unwrap_or_default();
        let entry = match action.subject() {
            Some(id) => context.entries().get(id)?,
            None => None,
        };
        let target = action.subject().map_or(Target::Page, |id| Target::Entry(id.to_owned()));
        match action.verb() {
            "add" => drop(outcome.create_entry("note", action.subject(), field("body"))),
            "edit" => outcome.edit_entry(&entry.ok_or(Error::NotFound)?, field("body")),
            "state" => {
                let state = match field("to") {
                    "visible" => State::Visible,
                    "held" => State::Held,
                    "rejected" => State::Rejected,
                    "deleted" => State::Deleted,
                    _ => State::Removed,
                };
                outcome.set_state(&entry.ok_or(Error::NotFound)?, state, None);
            }
            "mark" => outcome.put_mark(target, field("kind"), field("value")),
            "unmark" => outcome.delete_mark(target, field("kind")),
            "pin" => outcome.pin(action.subject().unwrap_or_default(), true),
            "close" => outcome.close_page(true),
            "put" => outcome.put_value(field("key"), Some(field("value").as_bytes())),
            "half" => {
                outcome.create_entry("note", None, "this would be fine");
                outcome.close_page(true);
            }
            _ => (0..51).for_each(|_| drop(outcome.create_entry("note", None, "again"))),
        }
        Ok(())
    }
}

fn add(host: &TestHost, person: &str, parent: Option<&str>, body: &str) -> String {
    let actor = host.as_person(person).late();
    let fields = [("body", body)];
    let done = match parent {
        Some(id) => actor.act_on(id, "add", &fields),
        None => actor.act("add", &fields),
    };
    done.expect("the host takes the note").id().to_owned()
}

fn by_host(result: Result<stoa_plugin::testing::Done, Refused>) -> String {
    match result.expect_err("the host refuses") {
        Refused::ByHost(why) => why,
        other => format!("{other:?}"),
    }
}

#[test]
fn each_refusal_of_the_host_names_its_cause() {
    let host = TestHost::of::<Naive>();
    let id = add(&host, "anna", None, "start");
    let answer = add(&host, "ben", Some(&id), "answer");
    for (person, entry, verb, fields, expected) in [
        ("ben", &id, "edit", [("body", "x"), ("", "")], "denied: somebody else's entry"),
        ("ben", &id, "state", [("to", "removed"), ("", "")], "denied: needs a moderator"),
        ("mia", &id, "state", [("to", "deleted"), ("", "")], "denied: only the author deletes"),
        ("mia", &id, "state", [("to", "rejected"), ("", "")], "conflict: not from this state"),
        ("anna", &id, "mark", [("kind", "vote"), ("value", "1")], "denied: one's own entry"),
        (
            "ben",
            &id,
            "mark",
            [("kind", "Vote"), ("value", "1")],
            "invalid: a kind is 1 to 32 characters of a-z and -",
        ),
        ("ben", &id, "pin", [("", ""), ("", "")], "denied: needs a moderator, leader or steward"),
        ("lea", &answer, "pin", [("", ""), ("", "")], "invalid: only the start of a thread can be pinned"),
        ("ben", &id, "close", [("", ""), ("", "")], "denied: needs a moderator"),
    ] {
        let result = host.as_person(person).late().act_on(entry, verb, &fields);
        assert_eq!(by_host(result), expected, "{person} {verb}");
    }
    assert_eq!(by_host(host.as_nobody().late().act("add", &[])), "denied: not signed in");
    assert_eq!(by_host(host.as_person("anna").late().act("flood", &[])), "quota: 50 effects");
}

#[test]
fn all_effects_are_done_or_none() {
    let host = TestHost::of::<Naive>();
    assert_eq!(by_host(host.as_person("anna").late().act("half", &[])), "denied: needs a moderator");
    assert!(host.entry("e1").is_none());
    assert_eq!(host.as_person("mia").late().act("half", &[]).unwrap().effects().len(), 2);
    assert_eq!(by_host(host.as_person("anna").late().act("add", &[])), "conflict: the page is closed");
}

#[test]
fn what_the_view_does_not_offer_is_not_done() {
    let host = TestHost::of::<Naive>();
    let anna = host.as_person("anna");
    assert_eq!(anna.act("add", &[]).unwrap_err(), Refused::NotOffered);
    assert_eq!(anna.clone().late().act("unknown", &[]).unwrap_err(), Refused::NotOffered);
    let id = add(&host, "anna", None, "start");
    assert_eq!(anna.view().unwrap().verbs(Some(&id)), ["edit"]);
    anna.act_on(&id, "edit", &[("body", "changed")]).unwrap();
    let (entry, body) = host.entry(&id).unwrap();
    assert_eq!((body.as_str(), entry.version, entry.edited_at), ("changed", 2, Some(host.now())));
}

#[test]
fn a_mark_is_one_of_its_kind_and_reports_are_for_moderators() {
    let host = TestHost::of::<Naive>();
    let id = add(&host, "anna", None, "start");
    let ben = host.as_person("ben").late();
    for value in ["1", "-1", "-1"] {
        ben.act_on(&id, "mark", &[("kind", "vote"), ("value", value)]).unwrap();
    }
    ben.act_on(&id, "mark", &[("kind", "report"), ("value", "spam")]).unwrap();
    let entry = host.entry(&id).unwrap().0;
    assert_eq!(
        (entry.count("vote", "1"), entry.count("vote", "-1"), entry.count("report", "spam")),
        (0, 1, 0)
    );
    assert_eq!(entry.reports, 1);
    ben.act_on(&id, "unmark", &[("kind", "vote")]).unwrap();
    assert_eq!(host.entry(&id).unwrap().0.count("vote", "-1"), 0);
    ben.act("mark", &[("kind", "follow"), ("value", "1")]).unwrap();
    assert_eq!(host.page_marks("follow"), 1);
}

#[test]
fn a_moderator_who_lets_an_entry_stand_answers_its_reports() {
    let host = TestHost::of::<Naive>();
    let id = add(&host, "anna", None, "start");
    let report = |person: &str| {
        host.as_person(person).late().act_on(&id, "mark", &[("kind", "report"), ("value", "rude")]).unwrap();
    };
    report("ben");
    host.as_person("mia").late().act_on(&id, "state", &[("to", "visible")]).unwrap();
    assert_eq!(host.entry(&id).unwrap().0.reports, 0);
    report("chris");
    assert_eq!(host.entry(&id).unwrap().0.reports, 1);
}

#[test]
fn what_waits_looks_removed_to_others_where_answers_hang_on_it() {
    let host = TestHost::of::<Naive>();
    let id = add(&host, "anna", None, "start");
    add(&host, "ben", Some(&id), "answer");
    host.as_person("mia").late().act_on(&id, "state", &[("to", "held")]).unwrap();
    let sees = |person: &str| host.as_person(person).view().unwrap().outline().contains("\"start\"");
    assert_eq!([sees("anna"), sees("mia"), sees("ben")], [true, true, false]);
    assert!(host.as_person("ben").view().unwrap().outline().contains("post e1 by nobody"));
}

#[test]
fn pages_do_not_see_each_others_entries_and_values_last() {
    let host = TestHost::of::<Naive>();
    host.add_page("news", "News");
    let id = add(&host, "anna", None, "start");
    let there = host.as_person("anna").on("news").late();
    assert_eq!(there.view().unwrap().outline(), "text \"count(count=0)\"\n");
    assert!(matches!(there.act_on(&id, "edit", &[]).unwrap_err(), Refused::ByPlugin(Refusal::Gone(_))));
    there.act("put", &[("key", "greeting"), ("value", "Hello")]).unwrap();
    let shown = host.as_nobody().with("kv=greeting").view().unwrap();
    assert!(shown.outline().ends_with("text \"Hello\"\n"), "{}", shown.outline());
    let long = "k".repeat(201);
    assert!(matches!(host.as_nobody().with(&format!("kv={long}")).view(), Err(Failure::Failed(_))));
}

#[test]
fn the_clock_and_the_settings_are_the_tests_own() {
    let host = TestHost::of::<Naive>().with_manifest("[[settings]]\nname = \"size\"\ndefault = 3\n");
    assert_eq!((host.now(), PAGE), (START, "handbook/travel"));
    host.advance_minutes(2);
    host.set("size", Value::Integer(4));
    assert_eq!(host.now(), START + 120_000_000);
}

#[test]
#[should_panic(expected = "there is no text `count`")]
fn a_text_that_is_missing_is_an_error() {
    let host = TestHost::of::<Naive>().with_texts("en", "edit = Edit\n");
    drop(host.as_nobody().view());
}

#[test]
fn a_plural_is_chosen_by_its_language() {
    let host = TestHost::of::<Naive>().with_texts(
        "de",
        "edit = Bearbeiten\ncount = { $count ->\n    [one] Eine Notiz\n   *[other] { $count } Notizen\n}\n",
    );
    for (body, expected) in [("one", "Eine Notiz"), ("two", "2 Notizen")] {
        add(&host, "anna", None, body);
        let shown = host.as_nobody().view().unwrap();
        assert!(shown.outline().starts_with(&format!("text \"{expected}\"")), "{}", shown.outline());
    }
}
