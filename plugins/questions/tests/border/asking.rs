//! Semantics 2, *Ask* and *Question states*; bad input at its field.

use insta::assert_snapshot;
use stoa_plugin::{Setting, text};

use crate::support::{ask, host, opened, refused};

#[test]
fn an_empty_page_invites_to_ask_and_shows_one_line() {
    let host = host();
    assert_snapshot!(host.as_person("anna").view().unwrap().outline(), @r#"
    section "Questions"
      form [start] "Ask…"
        field title "Ask about “Travel policy”"
      empty "Nobody has asked about “Travel policy” yet. What would you like to know?"
    "#);
    assert_snapshot!(host.as_nobody().view().unwrap().outline(), @r#"
    section "Questions"
      notice "Sign in to ask and answer."
      empty "Nobody has asked about “Travel policy” yet."
    "#);
}

#[test]
fn the_title_comes_first_then_details_and_tags() {
    let host = host();
    host.set("tags", Setting::Texts(vec!["travel".to_owned()]));
    let anna = host.as_person("anna");
    let started = anna.act("start", &[("title", "  Do I need   paper receipts? ")]).unwrap();
    assert_eq!(started.parameters(), "ask=Do I need paper receipts?");
    assert!(started.changes().is_empty());
    let shown = anna.clone().with("ask=Do I need paper receipts?").view().unwrap();
    assert_snapshot!(shown.lines(&["form", "field", "composer", "pick-tags", "option"]), @r#"
    form [ask] "Ask this question", cancel ?ask=&like=
      field title "Your question" = "Do I need paper receipts?"
      composer body "Details, if they help"
      pick-tags
        option travel "travel"
    "#);
    let fields =
        [("title", "Do I need paper receipts?"), ("body", " For Lund. "), ("tags", "Travel, fairs,travel")];
    let asked = anna.with("ask=x&sort=newest&show=solved").act("ask", &fields).unwrap();
    assert_eq!(asked.announced(), Some(&text("announce-asked")));
    assert_eq!(asked.parameters(), format!("sort=newest&q={}", asked.id()));
    let entry = host.entry(asked.id()).unwrap();
    assert_eq!(entry.texts("tags").collect::<Vec<_>>(), ["travel", "fairs"]);
    assert_eq!(host.body(asked.id()), "For Lund.");
}

#[test]
fn a_question_that_cannot_be_taken_is_refused_at_its_field() {
    let host = host();
    let long = "x".repeat(151);
    let huge = "x".repeat(10_000);
    let body = "x".repeat(20_001);
    let reserved = Setting::Texts(vec!["Policy".to_owned()]);
    host.set("tags_reserved", reserved);
    let fits = "Which cost centre?";
    for (person, title, body, tags, expected) in [
        ("anna", "", "", "", "title-missing"),
        ("anna", " \u{200b} \t", "", "", "title-missing"),
        ("anna", "Why?", "", "", "title-short"),
        ("anna", "a b c d", "", "", "title-short"),
        ("anna", &long, "", "", "title-long"),
        ("anna", &huge, "", "", "title-long"),
        ("anna", fits, &body, "", "body-long"),
        ("anna", fits, "", "a,b,c,d,e,f", "tags-many"),
        ("anna", fits, "", &long, "tag-long"),
        ("anna", fits, "", "policy", "tag-reserved"),
    ] {
        let fields = [("title", title), ("body", body), ("tags", tags)];
        assert_eq!(
            refused(host.as_person(person).late().act("ask", &fields)),
            expected,
            "{title:.20} {tags}"
        );
    }
    for (person, tags) in [("anna", "a, b,, a ,c,d,e"), ("mia", "policy"), ("erik", "POLICY")] {
        host.as_person(person).late().act("ask", &[("title", fits), ("tags", tags)]).unwrap();
    }
    assert_eq!(refused(host.as_nobody().late().act("ask", &[("title", fits)])), "sign-in-first");
    assert_eq!(refused(host.as_person("ex").late().act("ask", &[("title", fits)])), "sign-in-first");
    assert_eq!(refused(host.as_person("anna").act("start", &[("title", "Why?")])), "title-short");
}

#[test]
fn the_admin_may_want_a_tag_of_the_list() {
    let host = host();
    host.set("tag_required", Setting::Boolean(true));
    host.set("tags_free", Setting::Boolean(false));
    host.set("tags", Setting::Texts(vec!["Travel".to_owned()]));
    let ask = |tags: &str| {
        host.as_person("anna").late().act("ask", &[("title", "Which cost centre?"), ("tags", tags)])
    };
    assert_eq!(refused(ask("")), "tag-missing");
    assert_eq!(refused(ask("food")), "tag-unknown");
    ask("travel").unwrap();
}

#[test]
fn a_question_is_shown_with_its_state_and_what_can_be_done() {
    let host = host();
    let question = ask(&host, "anna", "Do I need paper receipts?");
    assert_snapshot!(opened(&host, "ben", &question).outline(), @r#"
    link "All questions" -> ?q=
    section "Do I need paper receipts?"
      row: badge (accent) "Open"
      feed "Question"
        post e1 by Anna, 09:00
          row: toggle [vote] "Helpful" 0 | toggle [me-too] "I have this too" 0 | toggle [follow] "Follow" | link "Comment" -> ?comment=e1 | menu "More actions" -> ?menu=e1
      section "No answer yet"
        empty "Do you know it, or half of it? Even a pointer in the right direction helps."
          link "Write an answer…" -> ?answer=e1
    "#);
    assert_snapshot!(opened(&host, "anna", &question).outline(), @r#"
    link "All questions" -> ?q=
    section "Do I need paper receipts?"
      row: badge (accent) "Open"
      feed "Question"
        post e1 by Anna, 09:00
          row: toggle [follow] "Follow" | link "Comment" -> ?comment=e1 | menu "More actions" -> ?menu=e1
      section "No answer yet"
        empty "When you find out yourself, write it here: the next person will thank you."
          link "Write an answer…" -> ?answer=e1
    "#);
    let nobody = host.as_nobody().with(&format!("q={question}")).view().unwrap();
    assert_snapshot!(nobody.outline(), @r#"
    link "All questions" -> ?q=
    section "Do I need paper receipts?"
      row: badge (accent) "Open"
      feed "Question"
        post e1 by Anna, 09:00
      section "No answer yet"
        notice "Sign in to ask and answer."
    "#);
    assert!(nobody.verbs(Some(&question)).is_empty());
}

#[test]
fn a_held_question_is_seen_by_its_asker_and_moderators() {
    let host = host();
    host.hold_texts();
    let question = ask(&host, "anna", "Do I need paper receipts?");
    let sees = |person: &str| host.as_person(person).view().unwrap().outline().contains("paper receipts");
    assert_eq!([sees("anna"), sees("mia"), sees("ben")], [true, true, false]);
    let shown = opened(&host, "ben", &question);
    assert!(shown.outline().contains("This question is not here any more."), "{}", shown.outline());
    host.as_person("mia").approve(&question).unwrap();
    assert!(sees("ben"));
}

#[test]
fn an_edit_is_a_version_with_its_history_and_needs_the_one_that_was_seen() {
    let host = host();
    let question = ask(&host, "anna", "Do I need paper receipts?");
    let edit = |person: &str, title: &str, body: &str| {
        let fields = [("title", title), ("body", body), ("tags", "travel")];
        host.as_person(person)
            .with(&format!("q={question}&edit={question}"))
            .attempt_on(&question, "edit", &fields)
    };
    edit("anna", "Do I need paper receipts?", "first").run().unwrap();
    let (one, two) = host.at_once(
        edit("anna", "Do I need any receipts?", "second"),
        edit("mia", "Do I need any receipts at all?", "third"),
    );
    one.unwrap();
    assert_eq!(refused(two), "by the host: conflict: another version");
    assert_eq!(refused(edit("ben", "Mine now, all of it", "x").run()), "not offered");
    assert_eq!(
        refused(host.as_person("ben").late().act_on(&question, "edit", &[("title", "Mine now, all of it")])),
        "not-yours"
    );
    let history = host.as_person("anna").with(&format!("q={question}&history={question}")).view().unwrap();
    assert_snapshot!(history.lines(&["section", "card", "text", "rich"]), @r#"
    section "Do I need any receipts?"
          rich "second"
          card
            text "Earlier versions"
            text "What was taken out later is struck out, what was added later is strong."
            text "Until 09:00"
            rich "~~first~~ **second**"
      section "No answer yet"
    "#);
    let entry = host.entry(&question).unwrap();
    assert_eq!(entry.text("title"), Some("Do I need any receipts?"));
    let again = edit("anna", "Do I need any receipts?", "second").run().unwrap();
    assert!(again.changes().is_empty());
}

#[test]
fn every_text_is_there_in_german_too() {
    let ids = |fluent: &str| -> Vec<String> {
        let names = fluent.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
        names.filter_map(|line| line.split_once(" =")).map(|(id, _)| id.to_owned()).collect()
    };
    let (english, german) =
        (ids(include_str!("../../locales/en.ftl")), ids(include_str!("../../locales/de.ftl")));
    assert_eq!(english, german);
    assert!(english.len() > 120);
    let host = host().with_texts("de", include_str!("../../locales/de.ftl"));
    ask(&host, "anna", "Brauche ich Belege aus Papier?");
    assert!(host.as_nobody().view().unwrap().outline().starts_with("section \"1 Frage\""));
}

#[test]
fn while_somebody_types_known_questions_are_shown_same_page_first_then_solved() {
    let host = host();
    host.add_page("news", "News");
    let solved = |title: &str, page: &str| {
        let asked =
            host.as_person("anna").on(page).late().act("ask", &[("title", title)]).unwrap().id().to_owned();
        let ours =
            host.as_person("ben").on(page).late().act_on(&asked, "answer", &[("body", title)]).unwrap();
        host.as_person("anna").on(page).late().act_on(ours.id(), "accept", &[]).unwrap();
        asked
    };
    solved("Paper receipts in Sweden?", "news");
    ask(&host, "chris", "Where do the paper receipts go?");
    let here = solved("Do I need paper receipts?", stoa_plugin::testing::PAGE);
    ask(&host, "chris", "Where is the printer for paper?");
    let outdated = ask(&host, "chris", "Are paper receipts green?");
    crate::support::does(&host, "mia", &outdated, "close", &[("reason", "outdated")]).unwrap();
    let similar = |parameters: &str| {
        let shown = host.as_person("lea").with(parameters).view().unwrap();
        let card = shown
            .outline()
            .split("card")
            .nth(1)
            .unwrap_or_default()
            .split("  row\n")
            .next()
            .unwrap()
            .to_owned();
        card.lines()
            .filter_map(|line| line.split("link \"").nth(1)?.split('"').next().map(str::to_owned))
            .collect()
    };
    let expected =
        ["Do I need paper receipts?", "Where do the paper receipts go?", "Paper receipts in Sweden?"];
    for (parameters, found) in [
        ("like=paper receipts needed", &expected[..]),
        ("ask=Are paper receipts needed?", &expected),
        ("like=paper rec", &expected[..0]),
        ("like=something else entirely", &expected[..0]),
        ("", &expected[..0]),
    ] {
        let shown: Vec<String> = similar(parameters);
        assert_eq!(shown, found, "{parameters}");
    }
    let lea = host.as_person("lea").with("like=paper receipts needed");
    let done = lea.act_on(&here, "answered", &[]).unwrap();
    assert_eq!(done.parameters(), format!("q={here}"));
    let marks = |kind: &str| host.marks(&stoa_plugin::Target::entry(&here), kind);
    assert_eq!((marks("follow"), marks("deflected")), (1, 1));
}
