//! Thanking, correcting, taking back.

use insta::assert_snapshot;
use stoa_plugin::testing::TestHost;
use stoa_plugin::{Roles, Setting, text};

use crate::support::{BODY, VALUE, boost, boosts, give, host, refused, shown};

/// Anna sends a form with these fields.
fn send(host: &TestHost, fields: &[(&str, &str)]) -> Result<String, stoa_plugin::testing::Refused> {
    Ok(host.as_person("anna").with("compose=-").act("give", fields)?.id().to_owned())
}

#[test]
fn semantics_3_object_has_giver_recipients_values_message_and_evidence() {
    let host = host();
    let fields = [
        ("recipients", "ben,chris"),
        ("values", VALUE),
        ("values", "Thinks ahead"),
        ("body", "  Your checklist saved the trip to Lund. \n"),
        ("evidence", " /policies/travel "),
    ];
    let anna = host.as_person("anna").with("compose=ben&view=given&after=x");
    let done = anna.act("give", &fields).unwrap();
    assert_eq!((done.announced(), done.focus()), (Some(&text("announce-given")), Some("e1")));
    assert_eq!(done.parameters(), "");
    let entry = host.entry("e1").unwrap();
    assert_eq!(entry.texts("recipients").collect::<Vec<_>>(), ["ben", "chris"]);
    assert_eq!(entry.texts("values").collect::<Vec<_>>(), [VALUE, "Thinks ahead"]);
    assert_eq!((entry.text("evidence"), entry.author.as_deref()), (Some("/policies/travel"), Some("anna")));
    assert_eq!(host.body("e1"), BODY);
}

#[test]
fn semantics_3_rules_each_field_says_what_is_wrong_with_it() {
    let host = host();
    let crowd: Vec<String> = (0..21).map(|n| format!("p{n}")).collect();
    let crowd = crowd.join(",");
    let long = "x".repeat(1001);
    let far = format!("https://wiki.example/{}", "x".repeat(500));
    let blank = " \u{200b}".repeat(20);
    for (field, value, expected) in [
        ("recipients", "", "recipients: recipients-missing"),
        ("recipients", " , ", "recipients: recipients-missing"),
        ("recipients", "anna", "recipients: recipients-self"),
        ("recipients", "ben,anna", "recipients: recipients-self"),
        ("recipients", "ben,ben", "recipients: recipients-twice"),
        ("recipients", crowd.as_str(), "recipients: recipients-too-many"),
        ("recipients", "ben,ex", "recipients: recipient-left"),
        ("recipients", "nobody", "recipients: recipient-unknown"),
        ("values", "Obeys", "values: values-unknown"),
        ("body", "", "body: body-too-short"),
        ("body", "Thanks, Ben!", "body: body-too-short"),
        ("body", blank.as_str(), "body: body-too-short"),
        ("body", long.as_str(), "body: body-too-long"),
        ("evidence", "wiki.example", "evidence: evidence-wrong"),
        ("evidence", "javascript:alert(1)", "evidence: evidence-wrong"),
        ("evidence", "mailto:ben@example.org", "evidence: evidence-wrong"),
        ("evidence", "//wiki.example", "evidence: evidence-wrong"),
        ("evidence", "/a b", "evidence: evidence-wrong"),
        ("evidence", "/a>b", "evidence: evidence-wrong"),
        ("evidence", "https://", "evidence: evidence-wrong"),
        ("evidence", far.as_str(), "evidence: evidence-too-long"),
    ] {
        let mut fields = vec![("recipients", "ben"), ("values", VALUE), ("body", BODY)];
        fields.retain(|(name, _)| *name != field);
        fields.push((field, value));
        assert_eq!(refused(send(&host, &fields)), expected, "{field} = {value:?}");
    }
    assert_eq!(
        refused(send(&host, &[])),
        "recipients: recipients-missing, values: values-missing, body: body-too-short"
    );
    let four = ["Helps others", "Shares knowledge", "Thinks ahead", "Keeps promises"].map(|v| ("values", v));
    let fields = [[("recipients", "ben"), ("body", BODY)].as_slice(), &four].concat();
    assert_eq!(refused(send(&host, &fields)), "values: values-too-many");
    assert!(host.entry("e1").is_none(), "nothing half done");
}

#[test]
fn semantics_3_rules_what_just_fits_is_taken() {
    let host = host();
    for number in 0..20 {
        host.add_person(&format!("p{number}"), "Somebody", Roles::empty());
    }
    let crowd: Vec<String> = (0..20).map(|n| format!("p{n}")).collect();
    let crowd = crowd.join(",");
    let (short, long) = ("x".repeat(20), "ü".repeat(1000));
    for (field, value) in [
        ("recipients", crowd.as_str()),
        ("body", short.as_str()),
        ("body", long.as_str()),
        ("evidence", "HTTPS://wiki.example/a?b=c#d"),
        ("evidence", "http://wiki"),
        ("evidence", "/"),
    ] {
        let mut fields = vec![("recipients", "ben"), ("values", VALUE), ("body", BODY)];
        fields.retain(|(name, _)| *name != field);
        fields.push((field, value));
        assert!(send(&host, &fields).is_ok(), "{field} = {value:?}");
        host.as_person("anna").view().unwrap();
    }
    // Without values in the setting there is nothing to choose.
    host.set("values", Setting::Texts(Vec::new()));
    assert!(send(&host, &[("recipients", "ben"), ("body", BODY)]).is_ok());
    let form = host.as_person("anna").with("compose=-").view().unwrap();
    assert!(!form.outline().contains("Which value"), "{}", form.outline());
}

#[test]
fn the_form_is_one_line_at_first_and_opens_with_whom_it_names() {
    let host = host();
    let anna = host.as_person("anna");
    let start = |people: &str| anna.act("start", &[("recipients", people)]);
    assert_eq!(start("ben,chris").unwrap().parameters(), "compose=ben.chris");
    assert_eq!(start("ben,chris").unwrap().changes(), []);
    for (people, expected) in [
        ("", "recipients: recipients-missing"),
        ("anna", "recipients: recipients-self"),
        ("a,b,c,d,e,f,g", "recipients: too-many-at-first"),
    ] {
        assert_eq!(refused(start(people)), expected, "{people}");
    }
    assert_snapshot!(anna.view().unwrap().lines(&["form", "pick"]), @r#"form [start] "Next""#);
    let open = host.as_person("anna").with("compose=ben.chris").view().unwrap();
    assert_snapshot!(open.outline(), @r#"
    section "Thanks"
      row: link "All" (current) -> ?view=&compose= | link "Received" -> ?view=received&compose= | link "Given" -> ?view=given&compose= | link "Values" -> ?view=values&compose=
      form [give] "Say thanks", cancel ?compose=
        pick-people
        composer body "What for"
        choice values "Which value does it show?"
          option Helps others "Helps others"
          option Shares knowledge "Shares knowledge"
          option Thinks ahead "Thinks ahead"
          option Keeps promises "Keeps promises"
        choice visibility "Who sees it?"
          option public "Everybody" (selected)
          option private "Only those I thank, and those who moderate"
        field evidence "Link to what it is about (optional)"
    "#);
}

#[test]
fn who_may_not_thank_is_told_why() {
    let host = host();
    let fields = [("recipients", "ben"), ("values", VALUE), ("body", BODY)];
    let give = |actor: stoa_plugin::testing::Actor<'_>| refused(actor.late().act("give", &fields));
    assert_eq!(give(host.as_nobody()), "sign-in-first");
    assert_eq!(give(host.as_person("ex")), "sign-in-first");
    assert_eq!(refused(host.as_nobody().with("compose=-").act("give", &fields)), "not offered");
    assert!(host.as_nobody().view().unwrap().outline().contains("Sign in to thank somebody."));
}

#[test]
fn semantics_3_states_the_giver_retracts_within_five_minutes_and_nothing_is_left() {
    let host = host();
    let id = give(&host, "anna", "ben,chris");
    boost(&host, "lea", &id, "on").unwrap();
    let offered = host.as_person("anna").view().unwrap();
    assert!(offered.verbs(Some(&id)).contains(&"retract"));
    let end = host.entry(&id).unwrap().created_at + 5 * 60_000_000;
    assert_eq!(offered.view().fresh_until, Some(end));
    for (person, expected) in [("ben", "not-yours"), ("mia", "not-yours"), ("lea", "not-yours")] {
        assert_eq!(refused(host.as_person(person).late().act_on(&id, "retract", &[])), expected, "{person}");
    }
    let done = host.as_person("anna").act_on(&id, "retract", &[]).unwrap();
    assert_eq!(done.announced(), Some(&text("announce-retracted")));
    for person in ["anna", "ben", "lea", "mia"] {
        for view in ["", "view=received", "view=given", "view=values", &format!("focus={id}")] {
            let shown = host.as_person(person).with(view).view().unwrap();
            let outline = shown.outline();
            assert!(!outline.contains("post ") && !outline.contains(VALUE), "{person} {view}: {outline}");
        }
    }
    assert_eq!(refused(boost(&host, "mia", &id, "on")), "gone");
    assert_eq!(refused(host.as_person("anna").late().act_on(&id, "retract", &[])), "gone");
}

#[test]
fn semantics_3_states_after_five_minutes_thanks_stay() {
    let host = host();
    let id = give(&host, "anna", "ben");
    // Each call takes a second.
    host.advance_minutes(4);
    assert!(host.as_person("anna").view().unwrap().verbs(Some(&id)).contains(&"retract"));
    host.advance_minutes(1);
    assert!(!host.as_person("anna").view().unwrap().verbs(Some(&id)).contains(&"retract"));
    for verb in ["retract", "edit"] {
        let late =
            host.as_person("anna").late().act_on(&id, verb, &[("body", "Another long enough message")]);
        assert_eq!(refused(late), "too-late", "{verb}");
    }
    assert_eq!(shown(&host.as_person("ben").view().unwrap()), [id]);
}

#[test]
fn semantics_3_states_only_the_message_is_corrected() {
    let host = host();
    let id = give(&host, "anna", "ben");
    boost(&host, "lea", &id, "on").unwrap();
    let anna = host.as_person("anna").with(&format!("edit={id}"));
    let fields =
        [("body", "Your checklist saved our trip."), ("recipients", "chris"), ("values", "Thinks ahead")];
    assert_eq!(anna.act_on(&id, "edit", &fields).unwrap().parameters(), "");
    let entry = host.entry(&id).unwrap();
    assert_eq!(host.body(&id), "Your checklist saved our trip.");
    assert_eq!(entry.texts("recipients").chain(entry.texts("values")).collect::<Vec<_>>(), ["ben", VALUE]);
    assert_eq!(boosts(&host, &id), 1);
    assert_eq!(refused(anna.act_on(&id, "edit", &[("body", "Thanks")])), "body: body-too-short");
    let ben = host.as_person("ben").late();
    assert_eq!(refused(ben.act_on(&id, "edit", &[("body", BODY)])), "not-yours");
}

#[test]
fn semantics_3_states_moderation_holds_and_removes() {
    let host = host();
    host.hold_texts();
    let id = give(&host, "anna", "ben");
    let sees = |person: &str| shown(&host.as_person(person).view().unwrap()).len();
    assert_eq!([sees("anna"), sees("mia"), sees("ben")], [1, 1, 0]);
    assert_eq!(refused(boost(&host, "chris", &id, "on")), "gone");
    host.as_person("mia").approve(&id).unwrap();
    assert_eq!(sees("ben"), 1);
    host.as_person("mia").remove(&id, "A joke too many.").unwrap();
    assert_eq!([sees("anna"), sees("mia"), sees("ben")], [0, 0, 0]);
}
