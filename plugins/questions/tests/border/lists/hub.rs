//! The hub: the questions of a whole site or of a part of it, with everything that can be done there.

use insta::assert_snapshot;

use crate::support::{answer, ask, does, host, titles};

#[test]
fn a_hub_lists_the_questions_of_the_site_or_of_a_part_of_it() {
    let host = host();
    host.add_page("news/lab", "The new lab");
    host.add_page("questions", "Questions");
    ask(&host, "anna", "Do I need paper receipts?");
    host.as_person("ben").on("news/lab").late().act("ask", &[("title", "When does it open?")]).unwrap();
    let hub = |scope: &str| host.as_person("chris").on("questions").with(scope).view().unwrap();
    for (scope, expected) in [
        ("scope=site", &["When does it open?", "Do I need paper receipts?"][..]),
        ("scope=handbook/", &["Do I need paper receipts?"]),
        ("scope=news/", &["When does it open?"]),
        ("scope=nowhere/", &[]),
        ("", &[]),
    ] {
        assert_eq!(titles(&hub(scope)), expected, "{scope}");
    }
    assert_snapshot!(hub("scope=site").outline(), @r#"
    section "2 questions"
      form [start] "Ask…"
        field title "Ask your colleagues"
      row
        row: link "All" (current) -> ?show=all | link "Unanswered" -> ?show=unanswered | link "Solved" -> ?show=solved | link "Mine" -> ?show=mine | link "Followed" -> ?show=followed
        row: link "Active" (current) -> ?sort=active | link "Newest" -> ?sort=newest | link "Most helpful" -> ?sort=votes
      listing
        item
          stack
            row: badge (accent) "Open" | link "When does it open?" -> ?q=e2
            row: text "No answer yet" | text "·" | text "Ben asked" | text "·" | time 09:00 | text "on “The new lab”"
        item
          stack
            row: badge (accent) "Open" | link "Do I need paper receipts?" -> ?q=e1
            row: text "No answer yet" | text "·" | text "Anna asked" | text "·" | time 09:00 | text "on “Travel policy”"
    "#);
}

/// A notice names nothing but the entry that it tells of.
#[test]
fn an_entry_alone_opens_its_question() {
    let host = host();
    let question = ask(&host, "anna", "Do I need paper receipts?");
    let answered = answer(&host, "ben", &question, "No, a photo will do.");
    let view = |with: &str| host.as_person("anna").with(with).view().unwrap().outline().to_string();
    for with in [format!("focus={answered}"), format!("focus={question}")] {
        let shown = view(&with);
        assert!(shown.contains("No, a photo will do."), "{with}: {shown}");
    }
    assert!(view("focus=nothing").contains("This question is not here any more."));
    // It stays open when the answer is gone.
    let deleted = host.as_person("ben").with(&format!("focus={answered}")).late();
    let deleted = deleted.act_on(&answered, "delete", &[]).unwrap();
    assert_eq!(deleted.parameters(), format!("q={question}"));
}

#[test]
fn everything_is_done_in_the_hub_as_on_the_page() {
    let host = host();
    host.add_page("questions", "Questions");
    let question = ask(&host, "anna", "Do I need paper receipts?");
    let hub = |person: &str| {
        host.as_person(person).on("questions").with(&format!("scope=site&q={question}&answer={question}"))
    };
    let answered = hub("ben").act_on(&question, "answer", &[("body", "No, a photo will do.")]).unwrap();
    let ours = answered.id().to_owned();
    assert_eq!(
        host.entry(&ours).unwrap().page,
        stoa_plugin::testing::PAGE,
        "it stands where the question does"
    );
    hub("chris").act_on(&ours, "vote", &[("value", "on")]).unwrap();
    hub("chris").act_on(&question, "me-too", &[("value", "on")]).unwrap();
    hub("anna").act_on(&ours, "accept", &[]).unwrap();
    assert_eq!(host.entry(&question).unwrap().text("accepted"), Some(ours.as_str()));
    assert!(hub("ben").view().unwrap().outline().contains("on “Travel policy”"));
    // On its own page nothing looks different.
    let there = host.as_person("ben").with(&format!("q={question}")).view().unwrap();
    assert!(there.outline().contains("badge (ok) \"Accepted answer\""), "{}", there.outline());
    // What is asked in the hub stands there.
    let asked = host
        .as_person("ben")
        .on("questions")
        .with("scope=site&ask=x")
        .act("ask", &[("title", "Who knows Lund?")]);
    assert_eq!(host.entry(asked.unwrap().id()).unwrap().page, "questions");
}

#[test]
fn a_closed_page_takes_no_answers_from_the_hub_either() {
    let host = host();
    host.add_page("questions", "Questions");
    let question = ask(&host, "anna", "Do I need paper receipts?");
    answer(&host, "ben", &question, "No.");
    host.close_page(stoa_plugin::testing::PAGE);
    let hub =
        host.as_person("chris").on("questions").with(&format!("scope=site&q={question}&answer={question}"));
    let refused = hub.act_on(&question, "answer", &[("body", "Yes.")]).unwrap_err();
    assert_eq!(refused.reason(), "not offered");
    assert_eq!(crate::support::says(&host, "chris", &question, "answer", &[("body", "Yes.")]), "page-closed");
    does(&host, "anna", "e2", "accept", &[]).unwrap();
}
