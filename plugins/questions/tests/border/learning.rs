//! Semantics 2, *Experts*, promoted comments, reminders and readable revisions.

use stoa_plugin::testing::TestHost;

use crate::support::{answer, ask, comment, does, host, opened, says};

/// Ben has answered two questions on travel as they needed, Chris one.
fn with_experts() -> TestHost {
    let host = host();
    for (number, person) in [(0, "ben"), (1, "ben"), (2, "chris")] {
        let title = format!("Receipts of trip {number}?");
        let question = tagged(&host, "lea", &title);
        let ours = answer(&host, person, &question, "Here is how.");
        does(&host, "lea", &ours, "accept", &[]).expect("it is accepted");
    }
    host
}

fn tagged(host: &TestHost, person: &str, title: &str) -> String {
    host.as_person(person)
        .late()
        .act("ask", &[("title", title), ("tags", "travel")])
        .expect("it is taken")
        .id()
        .to_owned()
}

#[test]
fn semantics_2_experts_are_suggested_by_what_they_answered_with_the_reason() {
    let host = with_experts();
    let question = tagged(&host, "anna", "Taxi from Lund?");
    let shown = opened(&host, "anna", &question);
    let outline = shown.outline();
    assert!(outline.contains("Who may know"), "{outline}");
    let (ben, chris) = (outline.find("person Ben").unwrap(), outline.find("person Chris").unwrap());
    assert!(ben < chris, "who has answered most comes first: {outline}");
    assert!(outline.contains("2 answers on “travel” were accepted"), "{outline}");
    assert!(outline.contains("an answer on “travel” was accepted"), "{outline}");
    // Nobody is suggested to themselves, nor whoever asks.
    let own = tagged(&host, "ben", "Taxi to Lund?");
    assert!(!opened(&host, "lea", &own).outline().contains("person Ben\n"));
    assert!(!opened(&host, "chris", &question).outline().contains("person Chris\n"));
    // Without a tag, or once there is an answer, nobody is asked.
    let untagged = ask(&host, "anna", "Which bus goes there?");
    assert!(!opened(&host, "anna", &untagged).outline().contains("Who may know"));
    answer(&host, "lea", &question, "Walk.");
    assert!(!opened(&host, "anna", &question).outline().contains("Who may know"));
}

#[test]
fn semantics_2_experts_an_invitation_is_sent_once_and_not_more_than_three_a_week() {
    let host = with_experts();
    let ben = [("value", "ben")];
    let question = tagged(&host, "anna", "Taxi from Lund?");
    assert_eq!(says(&host, "anna", &question, "invite", &[("value", "mia")]), "denied", "not suggested");
    assert_eq!(says(&host, "ex", &question, "invite", &ben), "sign-in-first");
    assert_eq!(says(&host, "anna", &question, "invite", &ben), "done");
    assert_eq!(says(&host, "lea", &question, "invite", &ben), "already-invited");
    let shown = opened(&host, "anna", &question);
    assert!(shown.outline().contains("Ben was asked."), "{}", shown.outline());
    for title in ["Taxi from Malmö?", "Taxi from Kiel?"] {
        let other = tagged(&host, "anna", title);
        assert_eq!(says(&host, "anna", &other, "invite", &ben), "done", "{title}");
    }
    let fourth = tagged(&host, "anna", "Taxi from Ystad?");
    assert_eq!(says(&host, "anna", &fourth, "invite", &ben), "invited-often");
    host.advance_minutes(8 * 24 * 60);
    assert_eq!(says(&host, "anna", &fourth, "invite", &ben), "done");
    let answered = tagged(&host, "anna", "Taxi from Trelleborg?");
    answer(&host, "lea", &answered, "By bus.");
    assert_eq!(says(&host, "anna", &answered, "invite", &ben), "already-answered");
}

#[test]
fn a_comment_becomes_a_question_and_both_lead_to_each_other() {
    let host = host();
    let question = ask(&host, "anna", "Do I need paper receipts?");
    let said = comment(&host, "ben", &question, "And what about taxis? In Lund they print none.");
    assert_eq!(says(&host, "chris", &said, "promote", &[]), "not-yours");
    let done = host.as_person("ben").late().act_on(&said, "promote", &[]).unwrap();
    let promoted = done.id().to_owned();
    let entry = host.entry(&promoted).unwrap();
    assert_eq!(entry.text("title"), Some("And what about taxis?"));
    assert_eq!(entry.text("promoted_from"), Some(said.as_str()));
    assert!(opened(&host, "chris", &promoted).outline().contains("This was a comment"));
    let before = opened(&host, "chris", &question);
    assert!(before.outline().contains("This is a question now"), "{}", before.outline());
    assert_eq!(says(&host, "ben", &said, "promote", &[]), "gone", "once");
    let short = comment(&host, "ben", &question, "Why?");
    assert_eq!(says(&host, "ben", &short, "promote", &[]), "title-short");
    let other = comment(&host, "anna", &question, "Does that hold for trains?");
    assert_eq!(says(&host, "mia", &other, "promote", &[]), "done", "moderators may");
}

#[test]
fn semantics_2_accept_the_asker_is_reminded_after_a_week_of_a_helpful_answer() {
    let host = host();
    let question = ask(&host, "anna", "Taxi from Lund?");
    let ours = answer(&host, "ben", &question, "Ask Elin.");
    let reminded = |person: &str| opened(&host, person, &question).outline().contains("Was it the one?");
    does(&host, "chris", &ours, "vote", &[("value", "on")]).unwrap();
    host.advance_minutes(8 * 24 * 60);
    assert!(!reminded("anna"), "one vote is not enough");
    does(&host, "lea", &ours, "vote", &[("value", "on")]).unwrap();
    assert_eq!((reminded("anna"), reminded("chris")), (true, false));
    does(&host, "anna", &ours, "accept", &[]).unwrap();
    assert!(!reminded("anna"));
}

#[test]
fn revisions_show_what_has_changed_word_by_word() {
    let host = host();
    let question = ask(&host, "anna", "Which cost centre for fairs?");
    let ours = answer(&host, "ben", &question, "Use 4711 for fairs.");
    host.as_person("ben")
        .with(&format!("q={question}&edit={ours}"))
        .act_on(&ours, "edit", &[("body", "Use 4810 for fairs.")])
        .unwrap();
    let shown = host.as_person("mia").with(&format!("q={question}&history={ours}")).view().unwrap();
    assert!(shown.outline().contains("Use ~~4711~~ **4810** for fairs"), "{}", shown.outline());
}

#[test]
fn the_owner_of_a_page_has_the_same_rights_in_a_hub() {
    let host = host();
    host.add_page("questions", "Questions");
    let question = ask(&host, "anna", "Do I need paper receipts?");
    let ours = answer(&host, "ben", &question, "No.");
    for (person, expected) in [("oda", true), ("lea", false)] {
        let hub = host.as_person(person).on("questions").with(&format!("scope=site&q={question}"));
        let verbs = hub.view().unwrap().verbs(Some(&ours)).contains(&"accept");
        assert_eq!(verbs, expected, "{person}");
        assert_eq!(hub.late().act_on(&ours, "accept", &[]).is_ok(), expected, "{person}");
    }
    assert!(host.entry(&ours).unwrap().flag("accepted"));
}

#[test]
fn semantics_2_suggested_edits_are_one_at_a_time_and_decided_by_author_or_moderator() {
    let host = host();
    let question = ask(&host, "anna", "Which cost centre for fairs?");
    let ours = answer(&host, "ben", &question, "Use 4711 for fairs.");
    let suggest = |person: &str, body: &str| says(&host, person, &ours, "suggest", &[("body", body)]);
    for (person, body, expected) in [
        ("ben", "Use 4810 for fairs.", "own-post"),
        ("mia", "Use 4810 for fairs.", "own-post"),
        ("ex", "Use 4810 for fairs.", "sign-in-first"),
        ("chris", "Use 4711 for fairs.", "nothing-changed"),
        ("chris", "Use 4810 for fairs.", "done"),
        ("lea", "Use 4911 for fairs.", "already-suggested"),
    ] {
        assert_eq!(suggest(person, body), expected, "{person} {body}");
    }
    let shown = opened(&host, "ben", &question);
    assert!(shown.outline().contains("Chris suggests a change"), "{}", shown.outline());
    assert!(shown.outline().contains("~~4711~~ **4810**"), "{}", shown.outline());
    assert!(!opened(&host, "lea", &question).outline().contains("suggests a change"));
    let waiting = "e3";
    assert_eq!(says(&host, "lea", waiting, "take", &[]), "not-yours");
    assert_eq!(says(&host, "chris", waiting, "take", &[]), "not-yours");
    assert_eq!(says(&host, "ben", waiting, "take", &[]), "done");
    assert_eq!(host.entry(&ours).unwrap().version, 2);
    assert!(opened(&host, "lea", &question).outline().contains("Use 4810 for fairs."));
    assert_eq!(says(&host, "mia", waiting, "decline", &[]), "gone", "once");
    // Moderators decline for others; then the next one can come.
    assert_eq!(suggest("lea", "Use 4911 for fairs."), "done");
    assert_eq!(says(&host, "mia", "e4", "decline", &[]), "done");
    assert!(opened(&host, "lea", &question).outline().contains("Use 4810 for fairs."));
    assert_eq!(suggest("lea", "Use 4912 for fairs."), "done");
}
