//! What moderation leaves of a thread, and what only some people may do.

use insta::assert_snapshot;
use stoa_plugin::State;

use crate::support::{host, menu, post, refused, reply};

#[test]
fn a_held_comment_waits_for_its_author_and_moderators_alone() {
    let host = host();
    host.hold_texts();
    let id = post(&host, "anna", "Look at these");
    for (person, sees) in [("anna", true), ("mia", true), ("ben", false), ("lea", false)] {
        let shown = host.as_person(person).view().unwrap();
        assert_eq!(shown.bodies().len(), usize::from(sees), "{person}");
    }
    assert!(host.as_nobody().view().unwrap().bodies().is_empty());
    let anna = host.as_person("anna").with(&menu(&id)).view().unwrap();
    assert_eq!(anna.verbs(Some(&id)), ["delete"]);
    assert_snapshot!(anna.lines(&["section", "post"]), @r#"
    section "Comments"
        post e1 by Anna, 09:00, held
    "#);
    host.as_person("mia").approve(&id).unwrap();
    assert_eq!(host.as_nobody().view().unwrap().bodies(), ["Look at these"]);
}

#[test]
fn nothing_can_be_done_with_a_rejected_comment() {
    let host = host();
    host.hold_texts();
    let id = post(&host, "anna", "Buy my car");
    host.as_person("mia").reject(&id, "Please use the market place.").unwrap();
    let anna = host.as_person("anna").view().unwrap();
    assert_eq!(anna.lines(&["post"]), "post e1 by Anna, 09:00, rejected");
    assert!(anna.verbs(Some(&id)).is_empty());
    assert!(host.as_person("ben").view().unwrap().bodies().is_empty());
    host.as_person("mia").restore(&id).unwrap();
    assert_eq!(host.entry(&id).unwrap().state, State::Visible);
}

#[test]
fn a_removed_comment_keeps_the_place_of_its_replies() {
    let host = host();
    let id = post(&host, "anna", "rude words");
    reply(&host, "ben", &id, "Please be kind.");
    host.as_person("mia").remove(&id, "rude").unwrap();
    assert_snapshot!(host.as_person("ben").view().unwrap().lines(&["post", "rich"]), @r#"
    post e1 by nobody, 09:00, removed
        post e2 by Ben, 09:00
          rich "Please be kind."
    "#);
    assert!(!host.as_person("mia").view().unwrap().outline().contains("rude words"));
    host.as_person("mia").restore(&id).unwrap();
    assert_eq!(host.as_nobody().view().unwrap().bodies()[0], "rude words");
}

#[test]
fn each_person_is_offered_what_the_person_may_do() {
    let host = host();
    let id = post(&host, "anna", "start");
    let answer = reply(&host, "ben", &id, "answer");
    for (person, on_start, on_answer) in [
        ("anna", "delete", "vote"),
        ("ben", "vote", "delete"),
        ("chris", "vote", "vote"),
        ("lea", "vote pin", "vote"),
        ("mia", "vote pin", "vote"),
        ("gast", "vote", "vote"),
        ("ex", "", ""),
    ] {
        let verbs = |entry: &str| {
            let shown = host.as_person(person).with(&menu(entry)).view().unwrap();
            shown.verbs(Some(entry)).join(" ")
        };
        assert_eq!((verbs(&id).as_str(), verbs(&answer).as_str()), (on_start, on_answer), "{person}");
    }
}

#[test]
fn a_crafted_request_gets_no_further_than_the_buttons() {
    let host = host();
    let id = post(&host, "anna", "start");
    let answer = reply(&host, "ben", &id, "answer");
    let chris = host.as_person("chris").late();
    for (verb, expected) in [
        ("edit", "not-yours"),
        ("delete", "not-yours"),
        ("update-note", "not-yours"),
        ("pin", "moderators-only"),
        ("unpin", "moderators-only"),
        ("close", "moderators-only"),
        ("open", "moderators-only"),
        ("explode", "not offered"),
    ] {
        assert_eq!(refused(chris.act_on(&id, verb, &[("body", "x")])), expected, "{verb}");
    }
    let mia = host.as_person("mia").late();
    assert_eq!(refused(mia.act_on(&answer, "pin", &[])), "start-only");
    assert_eq!(refused(mia.act_on("nowhere", "pin", &[])), "gone");
    assert_eq!(refused(mia.act("pin", &[])), "gone");
    // An entry of another page is not there.
    host.add_page("news", "News");
    assert_eq!(refused(mia.on("news").act_on(&id, "pin", &[])), "gone");
}
