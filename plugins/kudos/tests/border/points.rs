//! Points with thanks: one table for each rule.

use stoa_plugin::testing::{Attempt, Refused, TestHost};
use stoa_plugin::{Roles, Setting};

use crate::support::{BODY, VALUE, host, refused};

/// A host on which people have 100 points a month, in Berlin.
fn with_points() -> TestHost {
    let host = host();
    host.set("points", Setting::Boolean(true));
    host.set_time_zone("Europe/Berlin");
    host
}

fn attempt<'h>(host: &'h TestHost, giver: &str, people: &str, points: &str) -> Attempt<'h> {
    let fields = [("recipients", people), ("values", VALUE), ("body", BODY), ("points", points)];
    host.as_person(giver).with("compose=-").attempt("give", &fields)
}

fn give(host: &TestHost, giver: &str, people: &str, points: &str) -> Result<String, Refused> {
    attempt(host, giver, people, points).run().map(|done| done.id().to_owned())
}

/// What somebody has left to give, and has received.
fn has(host: &TestHost, person: &str) -> (i64, i64) {
    (host.balance("points", "giving", person), host.balance("points", "received", person))
}

fn paid(host: &TestHost, id: &str) -> Vec<String> {
    host.entry(id).expect("it is there").texts("paid").map(str::to_owned).collect()
}

const HOURS: u64 = 60;

#[test]
fn without_the_setting_there_are_no_points_and_no_grant_is_needed() {
    let host = host();
    host.grants(["entries", "entries-write", "marks-write", "people", "pages"]);
    let id = give(&host, "anna", "ben", "10").unwrap();
    assert_eq!((host.entry(&id).unwrap().number("points"), paid(&host, &id)), (None, Vec::new()));
    for view in ["compose=ben", "view=given", "view=received", ""] {
        let shown = host.as_person("anna").with(view).view().unwrap();
        assert!(!shown.outline().to_lowercase().contains("point"), "{view}: {}", shown.outline());
    }
}

#[test]
fn semantics_3_budget_each_month_in_the_time_zone_of_the_organisation_without_roll_over() {
    let host = with_points();
    // Monday, 2 March 2026.
    give(&host, "anna", "ben", "40").unwrap();
    give(&host, "anna", "chris", "").unwrap();
    assert_eq!((has(&host, "anna"), has(&host, "ben"), has(&host, "chris")), ((60, 0), (100, 40), (100, 0)));
    // 31 March, 23:59 in Berlin: summer time has begun meanwhile.
    host.advance_minutes(29 * 24 * HOURS + 12 * HOURS + 58);
    assert_eq!(has(&host, "anna").0, 60);
    host.advance_minutes(2);
    assert_eq!((has(&host, "anna"), has(&host, "ben").1), ((100, 0), 40));
    assert_eq!(host.unit_sum("points"), 0);
}

#[test]
fn semantics_3_budget_what_does_not_suffice_gives_nothing_and_says_need_and_left() {
    let host = with_points();
    for (people, points, expected) in [
        ("ben,chris,lea", "40", "points: points-short"),
        ("ben", "101", "points: points-short"),
        ("ben", "51", "points: points-each-max"),
        ("ben", "-1", "points: points-wrong"),
        ("ben", "ten", "points: points-wrong"),
        ("ben", "99999999999", "points: points-wrong"),
    ] {
        assert_eq!(refused(give(&host, "anna", people, points)), expected, "{points} for {people}");
        assert_eq!(has(&host, "anna").0, 100);
        assert!(host.entry("e1").is_none(), "nothing half done");
    }
    let problem = give(&host, "anna", "ben,chris,lea", "40").unwrap_err();
    let Refused::ByPlugin(stoa_plugin::Refusal::Invalid(issues)) = problem else { panic!("{problem:?}") };
    let expected = stoa_plugin::text("points-short").number("need", 120).number("left", 100);
    assert_eq!(issues[0].message, expected);
}

#[test]
fn semantics_3_rules_at_most_half_of_what_is_left_for_one_person() {
    let host = with_points();
    host.set("allowance", Setting::Integer(1000));
    for number in 0..4 {
        host.add_person(&format!("p{number}"), "Somebody", Roles::empty());
    }
    for (person, points, fits) in [
        ("p0", "400", true),
        ("p1", "301", false),
        ("p1", "300", true),
        ("p2", "151", false),
        ("p2", "150", true),
    ] {
        assert_eq!(give(&host, "anna", person, points).is_ok(), fits, "{points} for {person}");
    }
    assert_eq!(has(&host, "anna").0, 150);
}

#[test]
fn semantics_3_rules_the_same_person_within_24_hours_is_thanked_without_points() {
    let host = with_points();
    give(&host, "anna", "ben", "10").unwrap();
    let second = give(&host, "anna", "ben,chris", "10").unwrap();
    assert_eq!(paid(&host, &second), ["chris"]);
    assert_eq!((has(&host, "anna").0, has(&host, "ben").1, has(&host, "chris").1), (80, 10, 10));
    let third = give(&host, "anna", "ben", "10").unwrap();
    assert_eq!(host.entry(&third).unwrap().number("points"), None);
    host.advance_minutes(24 * HOURS);
    give(&host, "anna", "ben", "10").unwrap();
    assert_eq!(has(&host, "ben").1, 20);
    // Ben's points for Anna are no repetition.
    give(&host, "ben", "anna", "10").unwrap();
    assert_eq!(has(&host, "anna"), (70, 10));
}

#[test]
fn semantics_3_rules_a_pair_has_points_three_times_in_seven_days() {
    let host = with_points();
    for (days, expected) in [(0, 5), (2, 10), (2, 15), (2, 15), (1, 20), (1, 20), (1, 25)] {
        host.advance_minutes(days * 24 * HOURS);
        give(&host, "anna", "ben", "5").unwrap();
        assert_eq!(has(&host, "ben").1, expected, "after {days} days more");
    }
}

#[test]
fn semantics_3_rules_a_pair_has_at_most_forty_percent_of_a_month() {
    let host = with_points();
    for (points, expected) in [("30", 30), ("20", 30), ("11", 30), ("10", 40), ("1", 40)] {
        host.advance_minutes(60 * HOURS);
        give(&host, "anna", "ben", points).unwrap();
        assert_eq!(has(&host, "ben").1, expected, "{points}");
    }
    host.advance_minutes(30 * 24 * HOURS);
    give(&host, "anna", "ben", "30").unwrap();
    assert_eq!(has(&host, "ben").1, 70);
}

#[test]
fn semantics_3_rules_nobody_receives_more_than_three_allowances_a_day() {
    let host = with_points();
    host.set("allowance", Setting::Integer(20));
    for number in 0..9 {
        host.add_person(&format!("p{number}"), "Somebody", Roles::empty());
    }
    for (number, expected) in [8, 16, 24, 32, 40, 48, 56, 60, 60].into_iter().enumerate() {
        give(&host, &format!("p{number}"), "ben", "8").unwrap();
        assert_eq!(has(&host, "ben").1, expected, "from {number}");
    }
    // What could not be received is not spent.
    assert_eq!((has(&host, "p6").0, has(&host, "p7").0, has(&host, "p8").0), (12, 16, 20));
    host.advance_minutes(24 * HOURS);
    give(&host, "p8", "ben", "8").unwrap();
    assert_eq!(has(&host, "ben").1, 68);
}

#[test]
fn semantics_3_budget_two_tabs_spend_no_point_twice() {
    let host = with_points();
    let at_once = |one: (&str, &str), other: (&str, &str)| {
        host.at_once(attempt(&host, "anna", one.0, one.1), attempt(&host, "anna", other.0, other.1))
    };
    // The second one is decided anew on what is left then: 40 is more than half of it.
    let (first, second) = at_once(("ben", "40"), ("chris", "40"));
    first.unwrap();
    assert_eq!(refused(second), "points: points-each-max");
    assert_eq!((has(&host, "anna").0, has(&host, "chris").1), (60, 0));
    // The same press twice, from two tabs: thanks twice, points once.
    let (first, second) = at_once(("lea", "10"), ("lea", "10"));
    first.unwrap();
    second.unwrap();
    assert_eq!((has(&host, "anna").0, has(&host, "lea").1), (50, 10));
    assert_eq!(host.unit_sum("points"), 0);
}

#[test]
fn semantics_3_states_what_is_taken_back_or_removed_is_refunded_exactly() {
    let host = with_points();
    host.set("allowance", Setting::Integer(20));
    for number in 0..7 {
        host.add_person(&format!("p{number}"), "Somebody", Roles::empty());
        give(&host, &format!("p{number}"), "ben", "8").unwrap();
    }
    let clipped = give(&host, "anna", "ben,chris", "8").unwrap();
    assert_eq!((has(&host, "anna").0, has(&host, "ben").1, has(&host, "chris").1), (8, 60, 8));
    host.as_person("anna").act_on(&clipped, "retract", &[]).unwrap();
    assert_eq!((has(&host, "anna").0, has(&host, "ben").1, has(&host, "chris").1), (20, 56, 0));
    let removed = give(&host, "anna", "chris", "5").unwrap();
    host.as_person("mia").remove(&removed, "Not here.").unwrap();
    host.as_person("mia").restore(&removed).unwrap();
    assert_eq!((has(&host, "anna").0, has(&host, "chris").1), (20, 0));
    assert_eq!(host.unit_sum("points"), 0);
}

#[test]
fn the_form_says_what_is_left_and_for_whom_it_does_not_count_before_it_is_tried() {
    let host = with_points();
    give(&host, "anna", "ben", "30").unwrap();
    let form = host.as_person("anna").with("compose=ben.chris").view().unwrap();
    let shown = format!("{:?}", form.view());
    assert!(shown.contains("points-left") && shown.contains("Number(70)"), "{shown}");
    let said = "Ben has had points from you in the past 24 hours";
    assert!(form.outline().contains(said), "{}", form.outline());
    assert!(!form.outline().contains("Chris has had"), "{}", form.outline());
    let given = host.as_person("anna").with("view=given").view().unwrap();
    assert!(given.outline().contains("This month you have given 30 points. 70 of 100 are left."));
    let received = host.as_person("ben").with("view=received").view().unwrap();
    assert!(received.outline().contains("You have received 30 points in all, 30 of them this month."));
    assert!(received.outline().contains("30 points\""), "{}", received.outline());
    let lea = host.as_person("lea").with("view=received").view().unwrap();
    assert!(!lea.outline().contains("points in all"), "{}", lea.outline());
    // What others have is nobody's business.
    let other = host.as_person("chris").view().unwrap();
    assert!(!other.outline().contains("in all"), "{}", other.outline());
    for _ in 0..2 {
        host.advance_minutes(24 * HOURS);
    }
    host.set("allowance", Setting::Integer(1));
    let poor = host.as_person("lea").with("compose=-").view().unwrap();
    assert!(
        poor.outline().contains("You have 1 of 1 points left this month, too few to give.")
            && poor.outline().contains("What for")
    );
}
