//! Polls as people see and use them.

use poll::Polls;
use stoa_plugin::testing::{Refused, TestHost};
use stoa_plugin::{Refusal, text};

fn host() -> TestHost {
    TestHost::of::<Polls>()
        .with_manifest(include_str!("../plugin.toml"))
        .with_texts("en", include_str!("../locales/en.ftl"))
}

/// Anna asks how people come to work.
fn asked(host: &TestHost) -> String {
    let fields = [("body", "How do you come to work?"), ("option", "By train"), ("option", "By bike")];
    host.as_person("anna").act("ask", &fields).expect("the poll is taken").id().to_owned()
}

#[test]
fn a_poll_is_asked_chosen_in_and_shows_who_chose_what() {
    let host = host();
    let poll = asked(&host);
    let ben = host.as_person("ben");
    let offered = ben.view().unwrap();
    let buttons = "row: [choose 0] \"By train\" | [choose 1] \"By bike\"\n";
    assert!(offered.outline().contains(buttons), "{}", offered.outline());
    let done = ben.act_on(&poll, "choose", &[("value", "1")]).unwrap();
    assert_eq!(done.announced(), Some(&text("you-chose").text("option", "By bike")));
    assert_eq!(
        ben.clone().with("who=e1").view().unwrap().outline(),
        r#"section "1 poll"
  form [ask] "Start the poll"
    composer body "Your question"
    field option "Answer 1"
    field option "Answer 2"
    link "One more answer" -> ?options=3
  feed "Polls" of 1
    post e1 by Anna, 09:00
      rich "How do you come to work?"
      meter 0/1 "By train: 0 votes"
      meter 1/1 "By bike: 1 vote"
      text "You chose “By bike”."
      row: link "Who chose what" -> ?who=e1
      listing
        item
          row: person Ben | text "By bike"
"#
    );
}

#[test]
fn a_choice_is_made_once_even_in_two_tabs() {
    let host = host();
    let poll = asked(&host);
    let tab = |value| host.as_person("ben").attempt_on(&poll, "choose", &[("value", value)]);
    let (first, second) = host.at_once(tab("0"), tab("1"));
    first.unwrap();
    assert_eq!(second.unwrap_err(), Refused::ByRule(text("chosen-already")));
    let entry = host.entry(&poll).unwrap();
    assert_eq!((entry.count("choice", "0"), entry.count("choice", "1")), (1, 0));
}

#[test]
fn who_chooses_while_the_poll_is_closed_is_told_so() {
    let host = host();
    let poll = asked(&host);
    let (closes, chooses) = host.at_once(
        host.as_person("anna").attempt_on(&poll, "close", &[]),
        host.as_person("ben").attempt_on(&poll, "choose", &[("value", "0")]),
    );
    closes.unwrap();
    assert_eq!(chooses.unwrap_err(), Refused::ByRule(text("poll-is-closed")));
    assert!(host.as_person("ben").view().unwrap().outline().contains("notice \"This poll is closed.\""));
}

#[test]
fn the_author_and_moderators_close_a_poll_and_nobody_else() {
    let host = host();
    let poll = asked(&host);
    let offers = |person: &str| host.as_person(person).view().unwrap().verbs(Some(&poll)).contains(&"close");
    assert_eq!([offers("anna"), offers("mia"), offers("ben")], [true, true, false]);
    let forged = host.as_person("ben").late().act_on(&poll, "close", &[]).unwrap_err();
    assert_eq!(forged, Refused::ByHost("denied: the person may not set `closed`".to_owned()));
    host.as_person("mia").act_on(&poll, "close", &[]).unwrap();
    assert_eq!([offers("anna"), offers("mia")], [false, false]);
}

#[test]
fn open_polls_of_other_pages_are_shown_until_they_are_answered() {
    let host = host();
    host.add_page("news", "News");
    let poll = asked(&host);
    let ben = host.as_person("ben");
    let there = ben.clone().on("news");
    let elsewhere = || there.view().unwrap().outline().contains("How do you come to work?");
    assert!(elsewhere());
    ben.act_on(&poll, "choose", &[("value", "0")]).unwrap();
    assert!(!elsewhere());
    assert!(host.as_person("chris").on("news").view().unwrap().outline().contains("Still open elsewhere"));
    host.as_person("anna").act_on(&poll, "close", &[]).unwrap();
    assert!(!host.as_person("chris").on("news").view().unwrap().outline().contains("Still open elsewhere"));
}

#[test]
fn what_is_asked_is_checked_field_by_field() {
    let host = host();
    let many: Vec<String> = (0..11).map(|n| format!("answer {n}")).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|option| ("option", option.as_str())).collect();
    let question = ("body", "How do you come to work?");
    for (fields, field, message) in [
        (vec![("body", "?")], "body", text("question-missing").number("least", 3)),
        (
            vec![question, ("option", "By train"), ("option", " ")],
            "option",
            text("too-few-options").number("least", 2),
        ),
        (vec![question, ("option", "a"), ("option", "a")], "option", text("options-alike")),
        ([vec![question], many].concat(), "option", text("too-many-options").number("most", 10)),
    ] {
        let refused = host.as_person("anna").act("ask", &fields).unwrap_err();
        assert_eq!(refused, Refused::ByPlugin(Refusal::field(field, message)));
    }
    let poll = asked(&host);
    for value in ["", "2", "-1", "x"] {
        let refused = host.as_person("ben").act_on(&poll, "choose", &[("value", value)]).unwrap_err();
        assert_eq!(refused, Refused::ByPlugin(Refusal::denied("choice-missing")), "{value}");
    }
}

#[test]
fn the_form_grows_up_to_ten_answers() {
    let host = host();
    for (parameters, fields) in [("", 2), ("options=3", 3), ("options=99", 10), ("options=x", 2)] {
        let shown = host.as_person("anna").with(parameters).view().unwrap();
        assert_eq!(shown.outline().matches("field option").count(), fields, "{parameters}");
    }
}
