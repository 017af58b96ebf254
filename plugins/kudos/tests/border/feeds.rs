//! What is shown: feeds, one alone, values, the button.

use insta::assert_snapshot;
use stoa_plugin::testing::PAGE;

use crate::support::{BODY, VALUE, boost, give, host, shown};

#[test]
fn a_feed_names_giver_recipients_values_and_who_joins_in() {
    let host = host();
    give(&host, "anna", "ben");
    let id = give(&host, "anna", "ben,chris,mia,lea");
    give(&host, "ben", "anna,chris");
    boost(&host, "gast", &id, "on").unwrap();
    assert_snapshot!(host.as_person("lea").view().unwrap().outline(), @r#"
    section "Thanks"
      row: link "All" (current) -> ?view= | link "Received" -> ?view=received | link "Given" -> ?view=given | link "Values" -> ?view=values
      form [start] "Next"
        pick-people
      feed "Thanks"
        post e3 by Ben, 09:00
          stack
            row: text "thanks Anna and Chris" | badge "Helps others"
            text "They have thanked each other within a day."
          rich "Your checklist saved the trip to Lund."
          row
            reactions
              reaction
              reaction
              reaction
              reaction
            toggle [boost] "Add mine" 0
            menu "More actions" -> ?menu=e3
        post e2 by Anna, 09:00
          stack
            row: text "thanks Ben, Chris and 2 others" | badge "Helps others"
            disclosure "Show everybody"
              row: person Ben | person Chris | person Mia | person Lea
          rich "Your checklist saved the trip to Lund."
          row
            reactions
              reaction
              reaction
              reaction
              reaction
            menu "More actions" -> ?menu=e2
          avatar-stack
            person Gast
        post e1 by Anna, 09:00
          stack
            row: text "thanks Ben" | badge "Helps others"
          rich "Your checklist saved the trip to Lund."
          row
            reactions
              reaction
              reaction
              reaction
              reaction
            toggle [boost] "Add mine" 0
            menu "More actions" -> ?menu=e1
    "#);
}

#[test]
fn a_feed_is_of_the_page_or_of_the_whole_site() {
    let host = host();
    host.add_page("news", "News");
    let here = give(&host, "anna", "ben");
    let there = host.as_person("ben").on("news").with("compose=-");
    let fields = [("recipients", "chris"), ("values", VALUE), ("body", BODY)];
    let there = there.act("give", &fields).unwrap().id().to_owned();
    let lea = host.as_person("lea");
    assert_eq!(shown(&lea.view().unwrap()), [here.as_str()]);
    let site = lea.clone().with("scope=site").view().unwrap();
    assert_eq!(shown(&site), [there.as_str(), here.as_str()]);
    assert!(site.lines(&["text"]).contains("on “News”"), "{}", site.outline());
    // And what is done there is done on the other page.
    lea.with("scope=site").act_on(&there, "boost", &[("value", "on")]).unwrap();
    assert_eq!(host.entry(&there).unwrap().number("boosts"), Some(1));
}

#[test]
fn mine_are_those_that_i_gave_or_received_on_any_page() {
    let host = host();
    host.add_page("news", "News");
    let one = give(&host, "anna", "ben,chris");
    let two = give(&host, "ben", "anna");
    for (person, view, expected) in [
        ("anna", "given", vec![&one]),
        ("anna", "received", vec![&two]),
        ("ben", "received", vec![&one]),
        ("chris", "received", vec![&one]),
        ("chris", "given", vec![]),
        ("lea", "received", vec![]),
    ] {
        let found = host.as_person(person).on("news").with(&format!("view={view}")).view().unwrap();
        assert_eq!(shown(&found).iter().collect::<Vec<_>>(), expected, "{person} {view}");
    }
    let nobody = host.as_nobody().with("view=received").view().unwrap();
    assert_eq!(shown(&nobody).len(), 2, "who is not signed in sees the feed");
}

#[test]
fn a_feed_goes_on_where_it_ended() {
    let host = host();
    let all: Vec<String> = (0..45).map(|_| give(&host, "anna", "ben")).collect();
    let mut found = Vec::new();
    let mut parameters = String::new();
    for part in 0..3 {
        let view = host.as_person("lea").with(&parameters).view().unwrap();
        found.extend(shown(&view));
        let more = view.lines(&["more"]);
        let after = more.rsplit("?after=").next().unwrap_or_default();
        assert_eq!(more.is_empty(), part == 2, "{more}");
        parameters = format!("after={after}");
    }
    assert_eq!(found, all.into_iter().rev().collect::<Vec<_>>());
    let broken = host.as_person("lea").with("after=broken").view().unwrap();
    assert_eq!(shown(&broken).len(), 20);
}

#[test]
fn what_follows_hidden_thanks_is_still_reached() {
    let host = host();
    let first = give(&host, "anna", "chris");
    for _ in 0..20 {
        let id = give(&host, "anna", "ben");
        let hide = host.as_person("ben").late();
        hide.act_on(&id, "hide", &[("value", "on")]).unwrap();
    }
    let view = host.as_person("lea").view().unwrap();
    assert_eq!(shown(&view).len(), 0);
    assert!(!view.outline().contains("empty ") && !view.outline().contains("21"), "{}", view.outline());
    let more = view.lines(&["more"]);
    let after = more.rsplit("?after=").next().unwrap_or_default();
    let next = host.as_person("lea").with(&format!("after={after}")).view().unwrap();
    assert_eq!(shown(&next), [first]);
}

#[test]
fn new_ones_of_others_wait() {
    let host = host();
    let id = give(&host, "anna", "ben");
    let since = host.now();
    give(&host, "ben", "chris");
    let lea = host.as_person("lea").since(since).view().unwrap();
    assert_eq!(shown(&lea), [id]);
    assert!(lea.lines(&["more"]).contains("Show 1 new one"), "{}", lea.outline());
}

#[test]
fn a_permanent_link_shows_one_alone() {
    let host = host();
    let id = give(&host, "anna", "ben");
    give(&host, "ben", "chris");
    let alone = host.as_person("lea").with(&format!("focus={id}")).view().unwrap();
    assert_eq!(shown(&alone), [id]);
    assert!(alone.outline().contains("Show all thanks"));
    let lost = host.as_person("lea").with("focus=e99").view().unwrap();
    assert!(lost.outline().contains("These thanks are not here any more."), "{}", lost.outline());
    assert_eq!(shown(&lost).len(), 2);
}

#[test]
fn semantics_3_leaderboards_values_are_counted_for_thirty_days() {
    let host = host();
    let fields = |value| [("recipients", "ben"), ("values", value), ("body", BODY)];
    for value in [VALUE, VALUE, "Thinks ahead"] {
        host.as_person("anna").with("compose=-").act("give", &fields(value)).unwrap();
    }
    let values = || host.as_person("lea").with("view=values").view().unwrap();
    assert_snapshot!(values().lines(&["meter"]), @r#"
    meter 2/2 "Helps others: 2 times"
    meter 1/2 "Thinks ahead: once"
    "#);
    host.advance_minutes(31 * 24 * 60);
    assert!(values().outline().contains("No value was named in the past 30 days."));
}

#[test]
fn nothing_yet_is_an_invitation() {
    let host = host();
    for (person, parameters, expected) in [
        ("anna", "", "Did somebody help you with “Travel policy”? One sentence of thanks is enough."),
        ("anna", "scope=site", "Who made your week easier? One sentence is enough."),
        ("anna", "view=received", "Nobody has thanked you yet."),
        ("anna", "view=given", "You have not thanked anybody yet."),
        ("anna", "view=values", "No value was named in the past 30 days."),
        ("ex", "", "Nobody has been thanked here yet."),
    ] {
        let outline = host.as_person(person).with(parameters).view().unwrap().outline().to_owned();
        assert!(outline.contains(expected), "{person} {parameters}: {outline}");
    }
}

#[test]
fn the_button_opens_a_form_for_the_one_it_is_for() {
    let host = host();
    host.set_owner(PAGE, "ben");
    let line = |person: &str, parameters: &str| {
        host.as_person(person).with(parameters).view().unwrap().outline().trim_end().to_owned()
    };
    for (person, parameters, expected) in [
        ("anna", "view=button&for=ben", r#"link "Thank Ben" -> ?compose=ben"#),
        ("anna", "view=button&for=owner", r#"link "Thank Ben" -> ?compose=ben"#),
        ("anna", "view=button&for=ben.chris", r#"link "Thank them" -> ?compose=ben.chris"#),
        ("anna", "view=button&for=ex", r#"link "Thank somebody" -> ?compose=-"#),
        ("anna", "view=button&for=no-such", r#"link "Thank somebody" -> ?compose=-"#),
        ("anna", "view=button", r#"link "Thank somebody" -> ?compose=-"#),
        ("ben", "view=button&for=owner", r#"text "People who visit can thank you here.""#),
        ("ex", "view=button&for=ben", r#"text "This page is closed. You can still read and react.""#),
    ] {
        assert_eq!(line(person, parameters), expected, "{person} {parameters}");
    }
    let form = "view=button&for=ben&compose=ben";
    assert!(line("anna", form).starts_with("form [give]"), "{}", line("anna", form));
    let fields = [("recipients", "ben"), ("values", VALUE), ("body", BODY)];
    let sent = host.as_person("anna").with(form).act("give", &fields).unwrap();
    assert_eq!(sent.parameters(), "view=button&for=ben&sent=e1");
    let after = line("anna", sent.parameters());
    assert!(after.contains("Your thanks are sent.") && after.contains("[retract]"), "{after}");
    let done = host.as_person("anna").with(sent.parameters()).act_on("e1", "retract", &[]).unwrap();
    assert_eq!(done.parameters(), "view=button&for=ben");
}
