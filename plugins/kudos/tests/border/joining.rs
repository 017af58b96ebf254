//! Joining in, reacting, hiding.

use stoa_plugin::testing::Refused;
use stoa_plugin::text;

use crate::support::{boost, boosts, give, host, refused, shown};

#[test]
fn semantics_3_joining_in_is_for_everybody_but_giver_and_recipients() {
    let host = host();
    let id = give(&host, "anna", "ben,chris");
    for (person, expected) in
        [("anna", "own-thanks"), ("ben", "to-you"), ("chris", "to-you"), ("ex", "sign-in-first")]
    {
        assert_eq!(refused(boost(&host, person, &id, "on")), expected, "{person}");
        assert!(!host.as_person(person).view().unwrap().verbs(Some(&id)).contains(&"boost"), "{person}");
    }
    assert_eq!(boosts(&host, &id), 0);
    let lea = host.as_person("lea");
    assert_eq!(
        lea.act_on(&id, "boost", &[("value", "on")]).unwrap().announced(),
        Some(&text("announce-added"))
    );
    let outline = lea.view().unwrap().outline().to_owned();
    assert!(outline.contains("\"Add mine\" (on) 1"), "{outline}");
    assert_eq!(refused(lea.act_on(&id, "boost", &[("value", "maybe")])), "denied");
}

#[test]
fn semantics_3_joining_in_counts_once_whatever_is_pressed_and_is_taken_back() {
    let host = host();
    let id = give(&host, "anna", "ben");
    for (value, expected) in [("on", 1), ("on", 1), ("off", 0), ("off", 0), ("on", 1)] {
        boost(&host, "lea", &id, value).unwrap();
        assert_eq!(boosts(&host, &id), expected, "{value}");
    }
    boost(&host, "mia", &id, "on").unwrap();
    assert_eq!(boosts(&host, &id), 2);
    let shown = host.as_person("ben").view().unwrap();
    assert_eq!(shown.lines(&["person"]), "person Lea\nperson Mia");
}

#[test]
fn semantics_3_joining_in_from_two_tabs_at_once_counts_once() {
    let host = host();
    let id = give(&host, "anna", "ben");
    let tab = || host.as_person("lea").attempt_on(&id, "boost", &[("value", "on")]);
    let (first, second) = host.at_once(tab(), tab());
    first.unwrap();
    assert_eq!(second.unwrap_err(), Refused::ByRule(text("already-added")));
    assert_eq!(boosts(&host, &id), 1);
}

#[test]
fn semantics_3_joining_in_ends_where_thanks_are_taken_back_meanwhile() {
    let host = host();
    let id = give(&host, "anna", "ben");
    let (retracts, joins) = host.at_once(
        host.as_person("anna").attempt_on(&id, "retract", &[]),
        host.as_person("lea").attempt_on(&id, "boost", &[("value", "on")]),
    );
    retracts.unwrap();
    assert!(matches!(joins.unwrap_err(), Refused::ByHost(_)));
    assert_eq!(boosts(&host, &id), 0);
}

#[test]
fn a_reaction_is_one_for_each_person_and_not_the_givers() {
    let host = host();
    let id = give(&host, "anna", "ben");
    let react = |person: &str, value: &str| {
        host.as_person(person).late().act_on(&id, "react", &[("value", value)]).map(drop)
    };
    let counts = || ["❤️", "👏", "🎉"].map(|emoji| host.entry(&id).unwrap().count("reaction", emoji));
    for (person, value, expected) in [
        ("ben", "on ❤️", [1, 0, 0]),
        ("ben", "on ❤️", [1, 0, 0]),
        ("lea", "on 👏", [1, 1, 0]),
        ("lea", "on 🎉", [1, 0, 1]),
        // Pressed in a tab that still shows the former one.
        ("lea", "off 👏", [1, 0, 1]),
        ("lea", "off 🎉", [1, 0, 0]),
        ("lea", "off 🎉", [1, 0, 0]),
    ] {
        react(person, value).unwrap();
        assert_eq!(counts(), expected, "{person} {value}");
    }
    for (person, value, expected) in [
        ("anna", "on ❤️", "own-thanks"),
        ("ben", "on 💩", "denied"),
        ("ben", "❤️", "denied"),
        ("ben", "", "denied"),
    ] {
        assert_eq!(refused(react(person, value)), expected, "{person} {value}");
    }
    let nobody = host.as_nobody().late().act_on(&id, "react", &[("value", "on ❤️")]);
    assert_eq!(refused(nobody), "sign-in-first");
    assert!(host.as_nobody().view().unwrap().outline().contains("❤️ 1"));
}

#[test]
fn semantics_3_states_a_recipient_hides_and_shows_again() {
    let host = host();
    let id = give(&host, "anna", "ben,chris");
    let hide = |person: &str, value: &str| {
        host.as_person(person).late().act_on(&id, "hide", &[("value", value)]).map(drop)
    };
    for person in ["anna", "lea", "mia"] {
        assert_eq!(refused(hide(person, "on")), "not-to-you", "{person}");
    }
    assert_eq!(refused(hide("ben", "maybe")), "denied");
    assert!(
        host.as_person("ben").with(&format!("menu={id}")).view().unwrap().outline().contains("[hide on]")
    );
    hide("ben", "on").unwrap();
    let sees = |person: &str| shown(&host.as_person(person).view().unwrap()).len();
    assert_eq!(["anna", "ben", "chris", "mia", "lea"].map(sees), [1, 1, 1, 1, 0]);
    assert_eq!(shown(&host.as_nobody().view().unwrap()).len(), 0);
    let alone = host.as_person("lea").with(&format!("focus={id}")).view().unwrap();
    assert!(alone.outline().contains("These thanks are not here any more."), "{}", alone.outline());
    assert_eq!(refused(boost(&host, "lea", &id, "on")), "gone");
    // Chris cannot show what Ben has hidden.
    hide("chris", "off").unwrap();
    assert_eq!(sees("lea"), 0);
    hide("ben", "off").unwrap();
    assert_eq!(sees("lea"), 1);
}
