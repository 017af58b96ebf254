//! Semantics 2, *Close reasons*: closed questions say why, duplicates lead on.

use crate::support::{answer, ask, comment, does, host, opened, says};

const QUESTION: &str = "Which cost centre for trade fairs?";

#[test]
fn close_by_the_asker_moderators_and_the_pages_owner_with_a_reason() {
    for (person, reason, expected) in [
        ("anna", "outdated", "done"),
        ("mia", "off-topic", "done"),
        ("oda", "needs-detail", "done"),
        ("mia", "", "reason-missing"),
        ("mia", "boring", "reason-missing"),
        ("ben", "outdated", "not-for-you"),
        ("erik", "outdated", "not-for-you"),
        ("ex", "outdated", "sign-in-first"),
    ] {
        let host = host();
        let question = ask(&host, "anna", QUESTION);
        assert_eq!(
            says(&host, person, &question, "close", &[("reason", reason)]),
            expected,
            "{person} {reason}"
        );
        let closed = host.entry(&question).unwrap().text("closed").map(str::to_owned);
        assert_eq!(closed.as_deref(), (expected == "done").then_some(reason));
    }
}

#[test]
fn closed_questions_take_no_answers_but_edits_votes_and_comments() {
    let host = host();
    let question = ask(&host, "anna", QUESTION);
    let ours = answer(&host, "ben", &question, "4711");
    does(&host, "mia", &question, "close", &[("reason", "other")]).unwrap();
    for (person, entry, verb, fields, expected) in [
        ("chris", &question, "answer", ("body", "4810"), "question-closed"),
        ("anna", &ours, "accept", ("", ""), "question-closed"),
        ("mia", &question, "close", ("reason", "outdated"), "question-closed"),
        ("mia", &ours, "accept", ("", ""), "done"),
        ("mia", &ours, "unaccept", ("", ""), "done"),
        ("chris", &ours, "vote", ("value", "on"), "done"),
        ("chris", &question, "me-too", ("value", "on"), "done"),
        ("chris", &question, "comment", ("body", "Why?"), "done"),
    ] {
        assert_eq!(says(&host, person, entry, verb, &[fields]), expected, "{person} {verb}");
    }
    let edit = [("title", "Which cost centre for all fairs?")];
    host.as_person("anna")
        .with(&format!("q={question}&edit={question}"))
        .act_on(&question, "edit", &edit)
        .unwrap();
    let shown = opened(&host, "chris", &question);
    assert!(!shown.outline().contains("Write an answer"));
    assert_eq!(shown.lines(&["notice"]), "notice \"This question is closed.\"");
}

#[test]
fn an_answer_is_refused_when_the_question_is_closed_at_the_same_moment() {
    let host = host();
    let question = ask(&host, "anna", QUESTION);
    let with = |person: &str, task: &str| host.as_person(person).with(&format!("q={question}{task}"));
    let closes = with("mia", &format!("&close={question}"));
    let (closed, answered) = host.at_once(
        closes.attempt_on(&question, "close", &[("reason", "outdated")]),
        with("ben", &format!("&answer={question}")).attempt_on(&question, "answer", &[("body", "4711")]),
    );
    closed.unwrap();
    assert_eq!(crate::support::refused(answered), "question-closed");
}

#[test]
fn a_duplicate_leads_to_the_question_that_is_meant() {
    let host = host();
    let first = ask(&host, "ben", QUESTION);
    let second = ask(&host, "chris", "Cost centre of trade fairs?");
    let third = ask(&host, "anna", "What do I write for fairs?");
    let below = comment(&host, "anna", &first, "Here it is.");
    let close = |question: &str, original: &str| {
        says(&host, "mia", question, "close", &[("reason", "duplicate"), ("original", original)])
    };
    for (original, expected) in [
        ("", "original-missing"),
        ("https://example.org/", "original-unknown"),
        ("e99", "original-unknown"),
        (third.as_str(), "original-same"),
    ] {
        assert_eq!(close(&third, original), expected, "{original}");
    }
    let link =
        format!("https://intranet.example/travel?a=1#stoa-questions?sort=newest&q={first}&focus={below}");
    assert_eq!(close(&second, &link), "done");
    // A duplicate of a duplicate leads to the first; nothing leads back to itself.
    assert_eq!(close(&third, &second), "done");
    assert_eq!(host.entry(&third).unwrap().text("duplicate_of"), Some(first.as_str()));
    assert_eq!(close(&first, &third), "original-same");
    let shown = opened(&host, "ben", &third);
    assert!(shown.outline().contains("notice \"This was asked before. The answers are here:\"\n"));
    assert!(
        shown.outline().contains(&format!("    link \"{QUESTION}\" -> ?q={first}\n")),
        "{}",
        shown.outline()
    );
    let listed = host.as_nobody().view().unwrap();
    assert_eq!(listed.outline().matches("badge \"Asked before\"").count(), 2, "{}", listed.outline());
    // What is meant is gone: the reason stays.
    host.as_person("mia").remove(&first, "spam").unwrap();
    assert!(opened(&host, "ben", &third).outline().contains("notice \"This was asked before.\""));
}

#[test]
fn reopen_by_moderators_by_who_closed_it_and_by_adding_what_was_missing() {
    let host = host();
    let question = ask(&host, "anna", QUESTION);
    let close = |person: &str, reason: &str| {
        does(&host, person, &question, "close", &[("reason", reason)]).unwrap();
    };
    let reopen = |person: &str| says(&host, person, &question, "reopen", &[]);
    assert_eq!(reopen("mia"), "not-closed");
    close("anna", "outdated");
    assert_eq!(reopen("ben"), "not-for-you");
    assert_eq!(reopen("anna"), "done");
    close("mia", "off-topic");
    assert_eq!(reopen("anna"), "not-for-you");
    assert_eq!(reopen("oda"), "done");
    close("mia", "needs-detail");
    let edit = |person: &str, title: &str| {
        let with = host.as_person(person).with(&format!("q={question}&edit={question}"));
        with.act_on(&question, "edit", &[("title", title)]).unwrap()
    };
    edit("mia", "Which cost centre for trade fairs in Sweden?");
    assert!(host.entry(&question).unwrap().text("closed").is_some(), "only the asker knows what was missing");
    let done = edit("anna", "Which cost centre for trade fairs in Malmö?");
    assert_eq!(done.announced(), Some(&stoa_plugin::text("announce-reopened")));
    assert_eq!(host.entry(&question).unwrap().text("closed"), None);
}
