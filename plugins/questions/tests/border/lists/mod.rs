//! Lists of questions: filters, orders, pages, permanent links.

mod hub;

use insta::assert_snapshot;
use stoa_plugin::Setting;

use crate::support::{answer, ask, does, host, opened, titles};

#[test]
fn a_question_says_in_two_lines_how_it_stands() {
    let host = host();
    let solved = ask(&host, "anna", "Do I need paper receipts?");
    let answered = ask(&host, "ben", "Which cost centre for fairs?");
    host.as_person("chris")
        .late()
        .act("ask", &[("title", "Taxi from Lund?"), ("tags", "lund,travel")])
        .unwrap();
    let ours = answer(&host, "chris", &solved, "No.");
    does(&host, "anna", &ours, "accept", &[]).unwrap();
    answer(&host, "anna", &answered, "4711");
    answer(&host, "chris", &answered, "4810");
    for person in ["anna", "chris"] {
        does(&host, person, &answered, "me-too", &[("value", "on")]).unwrap();
    }
    does(&host, "lea", &answered, "vote", &[("value", "on")]).unwrap();
    assert_snapshot!(host.as_person("ben").view().unwrap().outline(), @r#"
    section "3 questions"
      form [start] "Ask…"
        field title "Ask about “Travel policy”"
      row
        row: link "All" (current) -> ?show=all | link "Unanswered" -> ?show=unanswered | link "Solved" -> ?show=solved | link "Mine" -> ?show=mine | link "Followed" -> ?show=followed
        row: link "Active" (current) -> ?sort=active | link "Newest" -> ?sort=newest | link "Most helpful" -> ?sort=votes | toggle [follow] "Follow these questions"
      listing
        item
          stack
            row: badge "Answered" | link "Which cost centre for fairs?" -> ?q=e2
            row: text "2 answers" | text "·" | text "2 have this too" | text "·" | text "Ben asked" | text "·" | time 09:00
        item
          stack
            row: badge (ok) "Solved" | link "Do I need paper receipts?" -> ?q=e1
            row: text "Chris solved it" | text "·" | text "Anna asked" | text "·" | time 09:00
        item
          stack
            row: badge (accent) "Open" | link "Taxi from Lund?" -> ?q=e3
            row: text "No answer yet" | text "·" | text "Chris asked" | text "·" | time 09:00 | link "lund" -> ?tag=lund | link "travel" -> ?tag=travel
    "#);
}

#[test]
fn filters_show_what_is_asked_for() {
    let host = host();
    let solved = ask(&host, "anna", "solved one");
    let answered = ask(&host, "ben", "answered one");
    let closed = ask(&host, "anna", "closed one");
    let tagged = [("title", "tagged one"), ("tags", "travel")];
    let tagged = host.as_person("ben").late().act("ask", &tagged).unwrap().id().to_owned();
    let ours = answer(&host, "chris", &solved, "yes");
    does(&host, "anna", &ours, "accept", &[]).unwrap();
    answer(&host, "chris", &answered, "maybe");
    does(&host, "anna", &closed, "close", &[("reason", "outdated")]).unwrap();
    does(&host, "anna", &tagged, "follow", &[("value", "on")]).unwrap();
    for (person, parameters, expected) in [
        ("anna", "", &["answered one", "solved one", "tagged one", "closed one"][..]),
        ("anna", "sort=newest", &["tagged one", "closed one", "answered one", "solved one"]),
        ("anna", "show=unanswered", &["tagged one"]),
        ("anna", "show=solved", &["solved one"]),
        ("anna", "show=mine", &["solved one", "closed one"]),
        ("ben", "show=mine", &["answered one", "tagged one"]),
        ("anna", "show=followed", &["tagged one"]),
        ("ben", "show=followed", &[]),
        ("anna", "tag=travel", &["tagged one"]),
        ("anna", "tag=travel&show=solved", &[]),
        ("anna", "show=nonsense&sort=newest", &["tagged one", "closed one", "answered one", "solved one"]),
    ] {
        let shown = host.as_person(person).with(parameters).view().unwrap();
        assert_eq!(titles(&shown), expected, "{person} {parameters}");
    }
    let nobody = host.as_nobody().with("show=mine&sort=newest").view().unwrap();
    assert_eq!(titles(&nobody).len(), 4, "who is not signed in has none");
    assert!(!nobody.outline().contains("\"Mine\""));
    let none = host.as_person("ben").with("show=followed").view().unwrap();
    assert!(none.outline().contains("empty \"You do not follow any of these questions yet.\""));
}

#[test]
fn the_most_helpful_come_first_where_that_is_asked_for() {
    let host = host();
    for title in ["first question", "second question", "third question"] {
        ask(&host, "anna", title);
    }
    for (person, question) in [("ben", "e2"), ("chris", "e2"), ("ben", "e1")] {
        does(&host, person, question, "vote", &[("value", "on")]).unwrap();
    }
    let shown = host.as_nobody().with("sort=votes").view().unwrap();
    assert_eq!(titles(&shown), ["second question", "first question", "third question"]);
}

#[test]
fn a_long_list_goes_on_by_its_cursor_without_gap_or_repeat() {
    let host = host();
    host.set("questions_per_page", Setting::Integer(10));
    (1..=25).for_each(|number| drop(ask(&host, "anna", &format!("question {number}"))));
    for sort in ["active", "newest", "votes"] {
        let (mut seen, mut after) = (Vec::new(), String::new());
        loop {
            let shown = host.as_nobody().with(&format!("sort={sort}{after}")).view().unwrap();
            seen.extend(titles(&shown));
            let more = shown.lines(&["more"]);
            match more.split("?after=").nth(1) {
                Some(next) => after = format!("&after={next}"),
                None => break,
            }
        }
        let mut all = seen.clone();
        all.sort();
        all.dedup();
        assert_eq!((seen.len(), all.len()), (25, 25), "{sort}");
    }
    // A cursor of another order starts again instead of failing.
    let shown = host.as_nobody().with("sort=newest&after=active:e3").view().unwrap();
    assert_eq!(titles(&shown).first().map(String::as_str), Some("question 25"));
}

#[test]
fn many_answers_go_on_by_their_cursor_and_a_link_finds_one_far_down() {
    let host = host();
    host.set("answers_shown", Setting::Integer(5));
    let question = ask(&host, "anna", "Who has an idea?");
    for number in 1..=12 {
        host.add_person(&format!("p{number}"), "P", stoa_plugin::Roles::empty());
        answer(&host, &format!("p{number}"), &question, &format!("idea {number}"));
    }
    does(&host, "anna", "e2", "accept", &[]).unwrap();
    let with = |parameters: &str| {
        host.as_nobody().with(&format!("q={question}&by=newest{parameters}")).view().unwrap()
    };
    let shown = with("").bodies();
    assert_eq!(shown, ["idea 1", "idea 12", "idea 11", "idea 10", "idea 9", "idea 8"]);
    let linked = with("&focus=e4");
    assert_eq!(linked.bodies()[..3], ["idea 1", "idea 3", "idea 12"]);
    assert!(linked.outline().contains("post e4 by P, 09:00, highlighted"));
    let next = with("&after=newest:e9").bodies();
    assert_eq!(next, ["idea 7", "idea 6", "idea 5", "idea 4", "idea 3"]);
    // A link that names an answer alone opens its question.
    let named = host.as_nobody().with("q=e4&by=newest").view().unwrap();
    assert!(named.outline().contains("post e4 by P, 09:00, highlighted"));
}

#[test]
fn what_others_write_meanwhile_waits_until_it_is_asked_for() {
    let host = host();
    let question = ask(&host, "anna", "Who has an idea?");
    let opened_at = host.now();
    ask(&host, "ben", "And who has another?");
    answer(&host, "chris", &question, "I do.");
    let shown = host.as_person("anna").since(opened_at).view().unwrap();
    assert_eq!(titles(&shown), ["Who has an idea?"]);
    assert!(shown.lines(&["more"]).starts_with("more (newer) \"Show 1 new question\""));
    let thread = host.as_person("anna").with(&format!("q={question}")).since(opened_at).view().unwrap();
    assert!(thread.lines(&["more"]).starts_with("more (newer) \"Show 1 new answer\""));
}

#[test]
fn a_full_view_stays_inside_the_limits() {
    let host = host();
    host.set("answers_shown", Setting::Integer(50));
    let question = ask(&host, "anna", "Who has an idea?");
    for number in 1..=60 {
        host.add_person(&format!("p{number}"), "P", stoa_plugin::Roles::empty());
        let ours = answer(&host, &format!("p{number}"), &question, "idea");
        (0..4).for_each(|_| drop(crate::support::comment(&host, "ben", &ours, "why?")));
    }
    for person in ["anna", "mia", "p1"] {
        let shown = opened(&host, person, &question);
        assert!(shown.view().nodes.len() <= 4_000, "{} nodes", shown.view().nodes.len());
    }
}
