//! What people do: posting, correcting, deleting, voting, following, reporting.

use insta::assert_snapshot;
use stoa_plugin::testing::PAGE;
use stoa_plugin::{Setting, Target, text};

use crate::support::{host, menu, post, refused, reply};

#[test]
fn a_posted_comment_is_trimmed_announced_and_gets_the_focus() {
    let host = host();
    let done =
        host.as_person("anna").with("sort=oldest&after=x").act("create", &[("body", "  Hello \n")]).unwrap();
    assert_eq!((done.announced(), done.focus()), (Some(&text("announce-posted")), Some("e1")));
    assert_eq!(done.parameters(), "sort=oldest");
    assert_eq!(host.body("e1"), "Hello");
}

#[test]
fn a_new_comment_is_where_its_author_sees_it() {
    let host = host();
    (0..19).for_each(|_| drop(post(&host, "ben", "earlier")));
    let anna = host.as_person("anna").with("sort=oldest");
    assert_eq!(anna.act("create", &[("body", "the twentieth")]).unwrap().parameters(), "sort=oldest");
    assert_eq!(anna.act("create", &[("body", "one too many")]).unwrap().parameters(), "sort=newest");
    let anna = host.as_person("anna").with("focus=e1");
    let reply = anna.late().act_on("e1", "reply", &[("body", "from its page")]).unwrap();
    assert_eq!(reply.parameters(), format!("focus={}", reply.id()));
}

#[test]
fn a_text_that_cannot_be_taken_is_refused_at_its_field() {
    let host = host();
    let long = "x".repeat(5_001);
    let fits = "x".repeat(5_000);
    let crowd: String = (0..11).map(|n| format!("@[P](p{n}) ")).collect();
    let same: String = (0..30).map(|_| "@[P](p1) ").collect();
    for (person, body, expected) in [
        ("anna", "", "body-empty"),
        ("anna", " \n\t ", "body-empty"),
        ("anna", "\u{200b}\u{feff}\u{2060}", "body-empty"),
        ("anna", long.as_str(), "body-too-long"),
        ("anna", crowd.as_str(), "too-many-mentions"),
        ("gast", "@[A](a) @[B](b) @[C](c)", "too-many-mentions"),
    ] {
        assert_eq!(refused(host.as_person(person).act("create", &[("body", body)])), expected);
    }
    for (person, body) in [("anna", fits.as_str()), ("anna", &same), ("gast", "@[A](a) @[B](b)")] {
        post(&host, person, body);
    }
    assert_eq!(refused(host.as_person("anna").act("create", &[])), "body-empty");
}

#[test]
fn a_reply_opens_its_thread() {
    let host = host();
    let id = post(&host, "anna", "start");
    let inner = reply(&host, "ben", &id, "first");
    let shown = host.as_person("chris").with(&format!("reply={inner}")).view().unwrap();
    assert_snapshot!(shown.lines(&["form", "composer"]), @r#"
    form [create] "Post comment"
      composer body "Your comment"
            form [reply] "Post reply", cancel ?reply=
              composer body "Your reply to Ben"
    "#);
    let actor = host.as_person("chris").with(&format!("reply={inner}"));
    let done = actor.act_on(&inner, "reply", &[("body", "second")]).unwrap();
    assert_eq!((done.parameters(), done.focus()), ("open=e1", Some("e3")));
}

#[test]
fn who_may_write_nothing_is_told_why() {
    let host = host();
    let id = post(&host, "anna", "start");
    assert_eq!(refused(host.as_nobody().late().act("create", &[("body", "x")])), "sign-in-first");
    assert_eq!(refused(host.as_person("ex").late().act("create", &[("body", "x")])), "sign-in-first");
    assert_eq!(refused(host.as_nobody().act("create", &[("body", "x")])), "not offered");
    host.as_person("mia").act("close", &[]).unwrap();
    let ben = host.as_person("ben").late();
    assert_eq!(refused(ben.act("create", &[("body", "x")])), "page-closed");
    assert_eq!(refused(ben.act_on(&id, "reply", &[("body", "x")])), "page-closed");
    // Reading, voting, reporting and taking back go on.
    let shown = host.as_person("ben").view().unwrap();
    assert_snapshot!(shown.outline(), @r#"
    section "1 comment"
      row: toggle [follow] "Follow"
      notice "This discussion is closed. You can still read, vote and report."
      feed "Comments" of 1
        post e1 by Anna, 09:00
          rich "start"
          row: toggle [vote] "Helpful" 0 | menu "More actions" -> ?menu=e1
    "#);
    host.as_person("anna").with(&menu(&id)).act_on(&id, "delete", &[]).unwrap();
    host.as_person("mia").act("open", &[]).unwrap();
    post(&host, "ben", "open again");
}

#[test]
fn authors_correct_within_the_window_and_while_nobody_has_answered() {
    let host = host();
    let id = post(&host, "anna", "Teh form");
    let anna = || host.as_person("anna").with(&format!("edit={id}"));
    let shown = anna().view().unwrap();
    assert!(shown.lines(&["form"]).ends_with("form [edit] \"Save changes\", cancel ?edit="));
    assert_eq!(shown.view().fresh_until, Some(host.entry(&id).unwrap().created_at + 15 * 60_000_000));
    let done = anna().act_on(&id, "edit", &[("body", "The form")]).unwrap();
    assert_eq!((done.parameters(), host.body(&id).as_str()), ("", "The form"));
    assert_eq!(anna().act_on(&id, "edit", &[("body", "The form")]).unwrap().changes(), []);
    assert_eq!(refused(host.as_person("ben").late().act_on(&id, "edit", &[("body", "x")])), "not-yours");

    reply(&host, "ben", &id, "Which form?");
    assert_eq!(refused(anna().late().act_on(&id, "edit", &[("body", "x")])), "edit-answered");
    let other = post(&host, "anna", "Another");
    host.advance_minutes(16);
    assert_eq!(
        refused(host.as_person("anna").late().act_on(&other, "edit", &[("body", "x")])),
        "edit-too-late"
    );
    host.as_person("mia")
        .with(&format!("edit={other}"))
        .act_on(&other, "edit", &[("body", "By Mia")])
        .unwrap();
    host.set("edit_window_minutes", Setting::Integer(60));
    host.as_person("anna")
        .with(&format!("edit={other}"))
        .act_on(&other, "edit", &[("body", "By Anna")])
        .unwrap();
}

#[test]
fn after_the_window_an_update_is_added_below() {
    let host = host();
    let id = post(&host, "anna", "Valid until May.");
    let anna = || host.as_person("anna").with(&format!("update={id}"));
    assert_eq!(refused(anna().late().act_on(&id, "update-note", &[("body", "x")])), "still-editable");
    host.advance_minutes(20);
    anna().act_on(&id, "update-note", &[("body", "Until June now.")]).unwrap();
    assert_eq!(host.body(&id), "Valid until May.\n\n**Update:** Until June now.");
    let long = "x".repeat(4_990);
    assert_eq!(refused(anna().act_on(&id, "update-note", &[("body", &long)])), "body-too-long");
    assert_eq!(
        refused(host.as_person("ben").late().act_on(&id, "update-note", &[("body", "x")])),
        "not-yours"
    );
}

#[test]
fn earlier_versions_are_for_the_author_and_moderators() {
    let host = host();
    let id = post(&host, "anna", "Teh form");
    host.as_person("anna").with(&format!("edit={id}")).act_on(&id, "edit", &[("body", "The form")]).unwrap();
    let with = format!("history={id}");
    assert_snapshot!(host.as_person("anna").with(&with).view().unwrap().lines(&["post", "rich", "card", "text"]), @r#"
    post e1 by Anna, 09:00, edited
      rich "The form"
      card
        text "Earlier versions"
        text "Until 09:00"
        rich "Teh form"
    "#);
    for (person, sees) in [("mia", true), ("ben", false)] {
        let shown = host.as_person(person).with(&with).view().unwrap();
        assert_eq!(shown.outline().contains("Teh form"), sees, "{person}");
    }
    assert!(!host.as_nobody().with(&with).view().unwrap().outline().contains("Teh form"));
}

#[test]
fn earlier_versions_fit_into_a_view_however_long_they_are() {
    let host = host();
    host.set("length_max", Setting::Integer(20_000));
    let id = post(&host, "anna", "first");
    for letter in ["ä", "ö", "ü", "ß", "é"] {
        let edit = host.as_person("anna").with(&format!("edit={id}"));
        edit.act_on(&id, "edit", &[("body", &letter.repeat(20_000))]).unwrap();
    }
    let shown = host.as_person("anna").with(&format!("history={id}")).view().unwrap();
    assert_eq!(shown.lines(&["rich"]).lines().count(), 5);
}

#[test]
fn a_deleted_comment_leaves_a_place_only_for_its_replies() {
    let host = host();
    let id = post(&host, "anna", "start");
    let answer = reply(&host, "ben", &id, "answer");
    let lone = post(&host, "anna", "lone");
    for (gone, focus) in [(&id, Some(id.as_str())), (&lone, None)] {
        let done = host.as_person("anna").with(&menu(gone)).act_on(gone, "delete", &[]).unwrap();
        assert_eq!(done.focus(), focus);
    }
    assert_snapshot!(host.as_person("ben").view().unwrap().lines(&["section", "post", "rich"]), @r#"
    section "1 comment"
        post e1 by nobody, 09:00, deleted
            post e2 by Ben, 09:00
              rich "answer"
    "#);
    let chris = host.as_person("chris").late();
    assert_eq!(refused(chris.act_on(&id, "reply", &[("body", "x")])), "gone");
    assert_eq!(refused(chris.act_on(&lone, "vote", &[("value", "on")])), "gone");
    assert_eq!(refused(host.as_person("anna").late().act_on(&id, "delete", &[])), "gone");
    let done = host.as_person("ben").with(&menu(&answer)).act_on(&answer, "delete", &[]).unwrap();
    assert_eq!(done.focus(), Some(id.as_str()));
    assert!(host.as_person("ben").view().unwrap().outline().contains("empty"));
}

#[test]
fn a_correction_of_what_was_changed_meanwhile_is_refused() {
    let host = host();
    let id = post(&host, "anna", "Teh form");
    let edit = |person: &str, body: &str| {
        host.as_person(person).with(&format!("edit={id}")).attempt_on(&id, "edit", &[("body", body)])
    };
    let annas = edit("anna", "The form");
    edit("mia", "The *form*").run().unwrap();
    assert_eq!(refused(annas.run()), "by the host: conflict: it was changed after it was shown");
    let (first, second) = host.at_once(edit("anna", "one"), edit("anna", "two"));
    first.unwrap();
    assert_eq!(refused(second), "by the host: conflict: another version");
    assert_eq!(host.body(&id), "one");
}

#[test]
fn a_vote_counts_once_however_often_it_is_wanted_and_can_be_taken_back() {
    let host = host();
    let id = post(&host, "anna", "start");
    let votes = |value: &str| host.entry(&id).unwrap().count("vote", value);
    host.as_person("ben").act_on(&id, "vote", &[("value", "on")]).unwrap();
    host.as_person("chris").act_on(&id, "vote", &[("value", "on")]).unwrap();
    assert_eq!(votes("1"), 2);
    assert!(host.as_person("ben").view().unwrap().outline().contains("\"Helpful\" (on) 2"));
    host.as_person("ben").act_on(&id, "vote", &[("value", "on")]).unwrap();
    assert_eq!(votes("1"), 2, "the same again changes nothing");
    host.as_person("ben").act_on(&id, "vote", &[("value", "off")]).unwrap();
    host.as_person("ben").act_on(&id, "vote", &[("value", "0")]).unwrap();
    assert_eq!(votes("1"), 1);
    assert_eq!(refused(host.as_person("ben").act_on(&id, "vote", &[])), "denied");
    assert_eq!(refused(host.as_person("anna").late().act_on(&id, "vote", &[("value", "on")])), "own-comment");
    assert_eq!(refused(host.as_person("anna").act_on(&id, "vote", &[("value", "on")])), "not offered");
    assert_eq!(refused(host.as_nobody().late().act_on(&id, "vote", &[("value", "on")])), "sign-in-first");
    assert_eq!(refused(host.as_person("ben").late().act_on(&id, "vote", &[("value", "-1")])), "no-downvotes");
    host.set("downvotes", Setting::Boolean(true));
    host.as_person("chris").act_on(&id, "vote", &[("value", "-1")]).unwrap();
    assert_eq!((votes("1"), votes("-1")), (0, 1));
    let shown = host.as_person("chris").view().unwrap();
    assert!(shown.outline().contains("vote [vote] -1, mine -1, up and down"), "{}", shown.outline());
}

#[test]
fn following_is_on_or_off() {
    let host = host();
    let anna = host.as_person("anna");
    let follow = |value| anna.act("follow", &[("value", value)]).unwrap().announced().cloned();
    for _ in 0..2 {
        assert_eq!(follow("on"), Some(text("announce-followed")));
        assert_eq!(host.marks(&Target::page(PAGE), "follow"), 1);
    }
    assert!(anna.view().unwrap().outline().contains("toggle [follow] \"Follow\" (on)"));
    for _ in 0..2 {
        assert_eq!(follow("off"), Some(text("announce-unfollowed")));
        assert_eq!(host.marks(&Target::page(PAGE), "follow"), 0);
    }
    assert_eq!(refused(host.as_nobody().late().act("follow", &[("value", "on")])), "sign-in-first");
}

#[test]
fn a_reaction_is_one_for_each_person_and_not_the_authors() {
    let host = host();
    host.set("reactions", Setting::Boolean(true));
    let id = post(&host, "anna", "Who books the train?");
    let react = |person: &str, value: &str| {
        host.as_person(person).late().act_on(&id, "react", &[("value", value)]).map(drop)
    };
    let counts = || ["❤️", "🎉"].map(|emoji| host.entry(&id).unwrap().count("reaction", emoji));
    for (person, value, expected) in [
        ("ben", "on ❤️", [1, 0]),
        ("ben", "on ❤️", [1, 0]),
        ("lea", "on 🎉", [1, 1]),
        // Pressed in a tab that still shows the former one.
        ("lea", "off ❤️", [1, 1]),
        ("lea", "off 🎉", [1, 0]),
    ] {
        react(person, value).unwrap();
        assert_eq!(counts(), expected, "{person} {value}");
    }
    for (person, value, expected) in [
        ("anna", "on ❤️", "own-comment"),
        ("ben", "on 💩", "denied"),
        ("ben", "❤️", "denied"),
        ("ben", "", "denied"),
    ] {
        assert_eq!(refused(react(person, value)), expected, "{person} {value}");
    }
    assert!(host.as_nobody().view().unwrap().outline().contains("❤️ 1"));
    assert!(host.as_person("lea").view().unwrap().outline().contains("reaction"));
    host.set("reactions", Setting::Boolean(false));
    assert_eq!(refused(react("lea", "on ❤️")), "denied");
    assert!(!host.as_person("lea").view().unwrap().outline().contains("reaction"));
}
