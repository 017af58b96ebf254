//! Semantics 2, *Answer*, *Accept*, *Vote*, *Delete own*, *Freshness*.

use insta::assert_snapshot;
use stoa_plugin::testing::PAGE;
use stoa_plugin::{Setting, Target, text};

use crate::support::{answer, ask, comment, does, host, opened, refused, says};

const QUESTION: &str = "Which cost centre for trade fairs?";

#[test]
fn answer_each_person_answers_once_and_extends_it_by_editing() {
    let host = host();
    let question = ask(&host, "anna", QUESTION);
    let own = answer(&host, "ben", &question, "4711");
    for (person, body, expected) in [
        ("ben", "4810", "already-answered"),
        ("chris", " \u{200b} ", "body-empty"),
        ("ex", "4810", "sign-in-first"),
        // An own question can be answered.
        ("anna", "Found it: 4810", "done"),
    ] {
        assert_eq!(says(&host, person, &question, "answer", &[("body", body)]), expected, "{person}");
    }
    let shown = opened(&host, "ben", &question);
    assert!(!shown.outline().contains("Write an answer"), "{}", shown.outline());
    let asked = host.as_person("ben").with(&format!("q={question}&answer={question}")).view().unwrap();
    assert!(!asked.outline().contains("form [answer]"));
    assert!(shown.outline().contains(&format!("link \"Edit your answer\" -> ?edit={own}")));
    host.as_person("ben").late().act_on(&own, "delete", &[]).unwrap();
    assert_eq!(says(&host, "ben", &question, "answer", &[("body", "4712")]), "done");
}

#[test]
fn answer_two_tabs_answer_once() {
    let host = host();
    let question = ask(&host, "anna", QUESTION);
    let tab = |body: &str| {
        host.as_person("ben").with(&format!("q={question}&answer={question}")).attempt_on(
            &question,
            "answer",
            &[("body", body)],
        )
    };
    let (first, second) = host.at_once(tab("one"), tab("two"));
    assert_eq!(first.unwrap().announced(), Some(&text("announce-answered")));
    assert_eq!(refused(second), "already-answered");
}

#[test]
fn accept_by_the_asker_a_moderator_or_the_pages_owner_and_by_nobody_else() {
    for (person, expected) in [
        ("anna", "done"),
        ("mia", "done"),
        ("oda", "done"),
        ("ben", "not-for-you"),
        ("chris", "not-for-you"),
        ("erik", "not-for-you"),
        ("lea", "not-for-you"),
        ("ex", "sign-in-first"),
    ] {
        let host = host();
        let question = ask(&host, "anna", QUESTION);
        let ours = answer(&host, "ben", &question, "4711");
        assert_eq!(says(&host, person, &ours, "accept", &[]), expected, "{person}");
        let accepted = host.entry(&question).unwrap().text("accepted").map(str::to_owned);
        assert_eq!(accepted.is_some(), expected == "done", "{person}");
        let offered = opened(&host, "chris", &question);
        assert!(!offered.verbs(Some(&ours)).iter().any(|verb| verb.ends_with("accept")));
    }
}

#[test]
fn accept_another_swaps_the_same_changes_nothing_and_taking_back_leaves_none() {
    let host = host();
    let question = ask(&host, "anna", QUESTION);
    let (first, second) =
        (answer(&host, "ben", &question, "4711"), answer(&host, "chris", &question, "4810"));
    let accepted = || host.entry(&question).unwrap().text("accepted").map(str::to_owned);
    let act = |answer: &str, verb: &str| {
        host.as_person("anna").with(&format!("q={question}")).act_on(answer, verb, &[]).unwrap()
    };
    act(&first, "accept");
    assert_eq!(accepted().as_deref(), Some(first.as_str()));
    let again = host.as_person("anna").late().act_on(&first, "accept", &[]).unwrap();
    assert!(again.changes().is_empty());
    act(&second, "accept");
    assert_eq!(accepted().as_deref(), Some(second.as_str()));
    assert!(!host.entry(&first).unwrap().flag("accepted"));
    act(&second, "unaccept");
    assert_eq!(accepted(), None);
    assert_eq!(says(&host, "anna", &second, "unaccept", &[]), "done", "taking back twice is once");
}

#[test]
fn accept_comes_first_then_what_is_most_helpful() {
    let host = host();
    let question = ask(&host, "anna", QUESTION);
    for (person, body) in [("ben", "old"), ("chris", "liked"), ("lea", "accepted"), ("oda", "new")] {
        answer(&host, person, &question, body);
    }
    does(&host, "ben", "e3", "vote", &[("value", "on")]).unwrap();
    does(&host, "anna", "e4", "accept", &[]).unwrap();
    for (by, expected) in [
        ("", ["accepted", "liked", "new", "old"]),
        ("&by=newest", ["accepted", "new", "liked", "old"]),
        ("&by=oldest", ["accepted", "old", "liked", "new"]),
        ("&by=nonsense", ["accepted", "liked", "new", "old"]),
    ] {
        let shown = host.as_nobody().with(&format!("q={question}{by}")).view().unwrap();
        assert_eq!(shown.bodies(), expected, "{by}");
    }
    let shown = opened(&host, "anna", &question);
    assert_snapshot!(shown.lines(&["badge", "post", "row:"]), @r#"
    row: badge (ok) "Solved"
      post e1 by Anna, 09:00
        row: toggle [follow] "Follow" | link "Comment" -> ?comment=e1 | menu "More actions" -> ?menu=e1
      row: link "Most helpful" (current) -> ?by=votes | link "Newest" -> ?by=newest | link "Oldest" -> ?by=oldest
        post e4 by Lea, 09:00
            row: badge (ok) "Accepted answer"
          row: toggle [vote] "Helpful" 0 | [unaccept] "No longer accept" | link "Comment" -> ?comment=e4 | menu "More actions" -> ?menu=e4
        post e3 by Chris, 09:00
          row: toggle [vote] "Helpful" 1 | [accept] "Accept" | link "Comment" -> ?comment=e3 | menu "More actions" -> ?menu=e3
        post e5 by Oda, 09:00
          row: toggle [vote] "Helpful" 0 | [accept] "Accept" | link "Comment" -> ?comment=e5 | menu "More actions" -> ?menu=e5
        post e2 by Ben, 09:00
          row: toggle [vote] "Helpful" 0 | [accept] "Accept" | link "Comment" -> ?comment=e2 | menu "More actions" -> ?menu=e2
    "#);
}

#[test]
fn accept_an_own_answer_is_allowed_and_held_ones_are_not() {
    let host = host();
    let question = ask(&host, "anna", QUESTION);
    let own = answer(&host, "anna", &question, "It was 4711.");
    assert_eq!(says(&host, "anna", &own, "accept", &[]), "done");
    host.hold_texts();
    let held = answer(&host, "ben", &question, "spam?");
    assert_eq!(says(&host, "mia", &held, "accept", &[]), "gone");
    assert_eq!(says(&host, "ben", &held, "vote", &[("value", "on")]), "gone");
    assert_eq!(host.entry(&question).unwrap().number("answers"), Some(1));
}

#[test]
fn accept_ends_when_the_answer_is_removed() {
    let host = host();
    let question = ask(&host, "anna", QUESTION);
    let ours = answer(&host, "ben", &question, "4711");
    does(&host, "anna", &ours, "accept", &[]).unwrap();
    host.as_person("mia").remove(&ours, "wrong").unwrap();
    let entry = host.entry(&question).unwrap();
    assert_eq!((entry.text("accepted"), entry.number("answers")), (None, None));
    host.as_person("mia").restore(&ours).unwrap();
    let entry = host.entry(&question).unwrap();
    assert_eq!(
        (entry.text("accepted"), entry.number("answers")),
        (None, Some(1)),
        "it is not accepted again"
    );
}

#[test]
fn vote_counts_once_never_for_oneself_and_can_be_taken_back() {
    let host = host();
    let question = ask(&host, "anna", QUESTION);
    let ours = answer(&host, "ben", &question, "4711");
    let below = comment(&host, "chris", &ours, "Since May?");
    let votes = |id: &str| host.entry(id).unwrap().count("vote", "1");
    for (person, entry, value, expected, count) in [
        ("chris", &ours, "on", "done", 1),
        ("chris", &ours, "1", "done", 1),
        ("lea", &ours, "on", "done", 2),
        ("ben", &ours, "on", "own-post", 2),
        ("lea", &ours, "-1", "no-downvotes", 2),
        ("lea", &ours, "maybe", "denied", 2),
        ("lea", &ours, "off", "done", 1),
        ("lea", &ours, "off", "done", 1),
        ("ben", &question, "on", "done", 1),
        ("anna", &question, "on", "own-post", 1),
        ("ben", &below, "on", "done", 1),
        ("chris", &below, "on", "own-post", 1),
    ] {
        assert_eq!(says(&host, person, entry, "vote", &[("value", value)]), expected, "{person} {value}");
        assert_eq!(votes(entry), count, "{person} {value}");
    }
    host.set("downvotes", Setting::Boolean(true));
    assert_eq!(says(&host, "chris", &ours, "vote", &[("value", "-1")]), "done");
    assert_eq!(says(&host, "ben", &below, "vote", &[("value", "-1")]), "no-downvotes");
    let shown = opened(&host, "chris", &question);
    assert!(shown.outline().contains("vote [vote] -1, mine -1, up and down"), "{}", shown.outline());
}

#[test]
fn i_have_this_too_and_following_are_on_or_off() {
    let host = host();
    let question = ask(&host, "anna", QUESTION);
    for (verb, person, value, expected) in [
        ("me-too", "ben", "on", "done"),
        ("me-too", "ben", "on", "done"),
        ("me-too", "anna", "on", "own-post"),
        ("me-too", "chris", "x", "denied"),
        ("follow", "ben", "on", "done"),
        ("follow", "anna", "on", "done"),
        ("follow", "anna", "off", "done"),
    ] {
        assert_eq!(says(&host, person, &question, verb, &[("value", value)]), expected, "{verb} {person}");
    }
    let marks = |kind: &str| host.marks(&Target::entry(&question), kind);
    assert_eq!((marks("me-too"), marks("follow")), (1, 1));
    assert_eq!(says(&host, "ben", &question, "me-too", &[("value", "off")]), "done");
    assert_eq!(marks("me-too"), 0);
    let other = ask(&host, "ben", "Where is the printer?");
    host.as_person("ben").act("follow", &[("value", "on")]).unwrap();
    assert_eq!(host.marks(&Target::page(PAGE), "follow"), 1);
    let ours = answer(&host, "chris", &other, "On the second floor.");
    assert_eq!(says(&host, "ben", &ours, "me-too", &[("value", "on")]), "gone");
}

#[test]
fn delete_own_answers_while_nobody_needs_them() {
    let host = host();
    let question = ask(&host, "anna", QUESTION);
    let delete = |person: &str, id: &str| {
        let seen = host.as_person(person).with(&format!("q={question}&menu={id}"));
        seen.late().act_on(id, "delete", &[]).map_or_else(|refused| refused.reason(), |_| "done".to_owned())
    };
    let ours = answer(&host, "ben", &question, "4711");
    assert_eq!(delete("anna", &ours), "not-yours");
    does(&host, "chris", &ours, "vote", &[("value", "on")]).unwrap();
    assert_eq!(delete("ben", &ours), "delete-useful");
    does(&host, "chris", &ours, "vote", &[("value", "off")]).unwrap();
    does(&host, "anna", &ours, "accept", &[]).unwrap();
    assert_eq!(delete("ben", &ours), "delete-useful");
    does(&host, "anna", &ours, "unaccept", &[]).unwrap();
    let below = comment(&host, "anna", &ours, "Since May?");
    assert_eq!(delete("ben", &ours), "done");
    assert_eq!(host.entry(&below).unwrap().parent.as_deref(), Some(ours.as_str()), "the comment stays");
    assert_eq!(delete("ben", &ours), "gone");
    assert_eq!(delete("anna", &below), "done");
}

#[test]
fn delete_is_refused_when_the_answer_is_accepted_at_the_same_moment() {
    let host = host();
    let question = ask(&host, "anna", QUESTION);
    let ours = answer(&host, "ben", &question, "4711");
    let accepts = host.as_person("anna").with(&format!("q={question}")).attempt_on(&ours, "accept", &[]);
    let parameters = format!("q={question}&menu={ours}");
    let deletes = host.as_person("ben").with(&parameters).attempt_on(&ours, "delete", &[]);
    let (accepted, deleted) = host.at_once(accepts, deletes);
    accepted.unwrap();
    assert_eq!(refused(deleted), "delete-useful");
}

#[test]
fn delete_own_questions_while_nobody_needs_the_answers() {
    let host = host();
    let question = ask(&host, "anna", QUESTION);
    let delete = |person: &str| says(&host, person, &question, "delete", &[]);
    assert_eq!(delete("ben"), "not-yours");
    let ours = answer(&host, "ben", &question, "4711");
    does(&host, "chris", &ours, "vote", &[("value", "on")]).unwrap();
    assert_eq!(delete("anna"), "delete-needed");
    does(&host, "chris", &ours, "vote", &[("value", "off")]).unwrap();
    answer(&host, "chris", &question, "4810");
    assert_eq!(delete("anna"), "delete-needed");
    does(&host, "ben", &ours, "delete", &[]).unwrap();
    assert_eq!(delete("anna"), "done");
    let listed = host.as_person("ben").view().unwrap();
    assert!(listed.outline().contains("none-all") || !listed.outline().contains(QUESTION));
    assert_eq!(host.entry("e3").unwrap().root, question.as_str(), "its answer is no orphan");
}

#[test]
fn verify_by_experts_and_the_pages_owner_with_a_date_for_the_next_look() {
    let host = host();
    let question = ask(&host, "anna", QUESTION);
    let ours = answer(&host, "ben", &question, "4711");
    let experts = answer(&host, "erik", &question, "4810");
    for (person, id, expected) in [
        ("anna", &ours, "experts-only"),
        ("mia", &ours, "experts-only"),
        ("erik", &experts, "own-post"),
        ("erik", &ours, "done"),
        ("oda", &experts, "done"),
    ] {
        assert_eq!(says(&host, person, id, "verify", &[]), expected, "{person}");
    }
    let shown = |text: &str| opened(&host, "anna", &question).outline().contains(text);
    assert!(shown("Erik confirms it, until "));
    assert!(shown("Oda confirms it, until "));
    host.advance_minutes(180 * 24 * 60);
    assert!(shown("Erik confirmed it; it should have been looked at again by "));
    assert_eq!(says(&host, "erik", &ours, "verify", &[]), "done");
    let edit = [("body", "4712 since June")];
    host.as_person("ben").with(&format!("q={question}&edit={ours}")).act_on(&ours, "edit", &edit).unwrap();
    assert!(shown("Erik confirmed an earlier version"));
    assert_eq!(says(&host, "oda", &ours, "unverify", &[]), "done");
    assert!(!shown("Erik confirm"));
}

#[test]
fn comments_stand_below_questions_and_answers_and_nowhere_else() {
    let host = host();
    let question = ask(&host, "anna", QUESTION);
    let ours = answer(&host, "ben", &question, "4711");
    for number in 1..=5 {
        comment(&host, "chris", &ours, &format!("comment {number}"));
    }
    let below = comment(&host, "chris", &question, "For which fair?");
    assert_eq!(says(&host, "anna", &below, "comment", &[("body", "x")]), "gone");
    let long = "x".repeat(1_001);
    assert_eq!(says(&host, "anna", &ours, "comment", &[("body", &long)]), "body-long");
    let shown = opened(&host, "anna", &question);
    assert_eq!(shown.bodies(), ["For which fair?", "4711", "comment 1", "comment 2", "comment 3"]);
    assert_eq!(shown.lines(&["more"]), format!("more \"Show 2 more comments\" -> ?comments={ours}"));
    let all = host.as_person("anna").with(&format!("q={question}&comments={ours}")).view().unwrap();
    assert_eq!(all.bodies().len(), 7);
    // A permanent link to a hidden comment shows it.
    let linked = host.as_person("anna").with(&format!("q={question}&focus=e7")).view().unwrap();
    assert!(linked.outline().contains("post e7 by Chris, 09:00, highlighted"), "{}", linked.outline());
}
