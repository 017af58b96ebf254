//! What people and sites may want otherwise: no points, thanks for few, amounts for few; and points that wait.

use stoa_plugin::testing::{Attempt, TestHost};
use stoa_plugin::{Roles, Setting, State, text};

use crate::support::{BODY, VALUE, boost, give, host, shown};

fn with_points() -> TestHost {
    let host = host();
    host.set("points", Setting::Boolean(true));
    host.set_time_zone("Europe/Berlin");
    host
}

fn attempt<'h>(host: &'h TestHost, giver: &str, people: &str, more: &[(&str, &str)]) -> Attempt<'h> {
    let mut fields = vec![("recipients", people), ("values", VALUE), ("body", BODY)];
    fields.extend(more);
    host.as_person(giver).with("compose=-").attempt("give", &fields)
}

fn gives(host: &TestHost, giver: &str, people: &str, more: &[(&str, &str)]) -> String {
    attempt(host, giver, people, more).run().expect("it is taken").id().to_owned()
}

/// What somebody has left to give, and has received.
fn has(host: &TestHost, person: &str) -> (i64, i64) {
    (host.balance("points", "giving", person), host.balance("points", "received", person))
}

#[test]
fn semantics_3_budget_joiners_get_their_part_of_the_month_and_guests_nothing() {
    let host = with_points();
    // Monday, 2 March 2026: 30 of 31 days are left.
    host.join("new", "Newcomer", Roles::empty());
    host.add_person("visitor", "Visitor", Roles::GUEST);
    assert_eq!((has(&host, "new").0, has(&host, "anna").0, has(&host, "visitor").0), (97, 100, 0));
    let form = host.as_person("visitor").with("compose=ben").view();
    if let Ok(form) = form {
        assert!(!form.outline().contains("Points for each"), "{}", form.outline());
    }
    host.advance_minutes(31 * 24 * 60);
    assert_eq!((has(&host, "new").0, has(&host, "visitor").0), (100, 0));
}

#[test]
fn semantics_3_opt_outs_whoever_refuses_points_is_thanked_without() {
    let host = with_points();
    let ben = host.as_person("ben").with("view=received");
    assert_eq!(
        ben.act("refuse-points", &[("value", "on")]).unwrap().announced(),
        Some(&text("announce-no-points"))
    );
    let form = host.as_person("anna").with("compose=ben.chris").view().unwrap();
    assert!(form.outline().contains("Ben wants no points"), "{}", form.outline());
    gives(&host, "anna", "ben,chris", &[("points", "10")]);
    assert_eq!((has(&host, "anna").0, has(&host, "ben").1, has(&host, "chris").1), (90, 0, 10));
    ben.act("refuse-points", &[("value", "off")]).unwrap();
    host.advance_minutes(25 * 60);
    gives(&host, "anna", "ben", &[("points", "10")]);
    assert_eq!(has(&host, "ben").1, 10);
}

#[test]
fn semantics_3_visibility_private_thanks_are_for_those_whom_they_are_about() {
    let host = host();
    let id = gives(&host, "anna", "ben", &[("visibility", "private")]);
    for (person, sees) in [("anna", true), ("ben", true), ("mia", true), ("chris", false), ("lea", false)] {
        let feed = host.as_person(person).view().unwrap();
        assert_eq!(shown(&feed).contains(&id), sees, "{person}");
        let alone = host.as_person(person).with(&format!("focus={id}")).view().unwrap();
        assert_eq!(alone.outline().contains("saved the trip"), sees, "{person}: {}", alone.outline());
        assert_eq!(alone.outline().contains("Private:"), sees, "{person}");
    }
    assert!(boost(&host, "chris", &id, "on").is_err(), "who cannot see it cannot join in");
    let open = gives(&host, "anna", "chris", &[("visibility", "public")]);
    assert!(shown(&host.as_person("lea").view().unwrap()).contains(&open));
}

#[test]
fn semantics_3_opt_outs_amounts_are_hidden_by_a_switch_of_the_organisation() {
    let host = with_points();
    gives(&host, "anna", "ben", &[("points", "10")]);
    let sees = |person: &str| host.as_person(person).view().unwrap().outline().contains("10 points");
    assert_eq!((sees("chris"), sees("ben")), (true, true));
    host.set("show_amounts", Setting::Boolean(false));
    assert_eq!((sees("chris"), sees("ben"), sees("anna")), (false, true, true));
}

#[test]
fn semantics_3_joining_in_gives_a_point_from_ones_own_budget_under_the_same_caps() {
    let host = with_points();
    let id = gives(&host, "anna", "ben,chris", &[("points", "10")]);
    boost(&host, "lea", &id, "on").unwrap();
    assert_eq!((has(&host, "lea").0, has(&host, "ben").1, has(&host, "chris").1), (98, 11, 11));
    boost(&host, "lea", &id, "off").unwrap();
    assert_eq!((has(&host, "lea").0, has(&host, "ben").1), (100, 10));
    // Within 24 hours of points to the same person joining in counts without.
    gives(&host, "mia", "ben", &[("points", "5")]);
    boost(&host, "mia", &id, "on").unwrap();
    assert_eq!((has(&host, "mia").0, has(&host, "ben").1, has(&host, "chris").1), (94, 15, 11));
    assert_eq!(host.unit_sum("points"), 0);
}

#[test]
fn semantics_3_rules_thanks_that_come_back_within_24_hours_are_marked() {
    let host = host();
    give(&host, "anna", "ben");
    let back = gives(&host, "ben", "anna,chris", &[]);
    assert_eq!(host.entry(&back).unwrap().texts("returned").collect::<Vec<_>>(), ["anna"]);
    let shown = host.as_person("chris").view().unwrap();
    assert!(shown.outline().contains("thanked each other within a day"), "{}", shown.outline());
    host.advance_minutes(48 * 60);
    let later = gives(&host, "anna", "ben", &[]);
    assert_eq!(host.entry(&later).unwrap().texts("returned").count(), 0);
}

#[test]
fn semantics_3_states_points_of_held_thanks_wait_and_are_neither_doubled_nor_lost() {
    let host = with_points();
    host.hold_texts();
    let id = gives(&host, "anna", "ben", &[("points", "10")]);
    assert_eq!(host.entry(&id).unwrap().state, State::Held);
    assert_eq!((has(&host, "anna").0, has(&host, "ben").1), (90, 0), "nothing has moved yet");
    let mia = host.as_person("mia");
    mia.approve(&id).unwrap();
    assert_eq!((has(&host, "anna").0, has(&host, "ben").1), (90, 10));
    mia.remove(&id, "Not here.").unwrap();
    assert_eq!((has(&host, "anna").0, has(&host, "ben").1), (100, 0));
    let other = gives(&host, "anna", "chris", &[("points", "10")]);
    host.as_person("anna").act_on(&other, "retract", &[]).unwrap();
    assert_eq!((has(&host, "anna").0, has(&host, "chris").1), (100, 0));
    assert_eq!(host.unit_sum("points"), 0);
}
