//! Threads as people see them: who is shown what, in which order, how much of it.

use insta::assert_snapshot;
use stoa_plugin::Setting;

use crate::support::{host, menu, post, reply};

#[test]
fn an_empty_page_invites_and_never_counts_to_zero() {
    let host = host();
    assert_snapshot!(host.as_person("anna").view().unwrap().outline(), @r#"
    section "Comments"
      row: toggle [follow] "Follow"
      form [create] "Post comment"
        composer body "Your comment"
      empty "Nobody has written about “Travel policy” yet. Do you have a question, a tip, or something that needs correcting? Start the conversation."
    "#);
    assert_snapshot!(host.as_nobody().view().unwrap().outline(), @r#"
    section "Comments"
      notice "Sign in to join the conversation."
      empty "Nobody has written about “Travel policy” yet."
    "#);
}

#[test]
fn a_colleague_sees_what_can_be_done_with_a_comment() {
    let host = host();
    let id = post(&host, "anna", "Is the **form** still valid?");
    reply(&host, "ben", &id, "Yes, until May.");
    assert_snapshot!(host.as_person("chris").view().unwrap().outline(), @r#"
    section "2 comments"
      row
        row: link "Newest" (current) -> ?sort=newest | link "Oldest" -> ?sort=oldest | link "Most helpful" -> ?sort=top
        toggle [follow] "Follow"
      form [create] "Post comment"
        composer body "Your comment"
      feed "Comments" of 2
        post e1 by Anna, 09:00
          rich "Is the **form** still valid?"
          row: toggle [vote] "Helpful" 0 | link "Reply" -> ?reply=e1 | menu "More actions" -> ?menu=e1
          replies 1
            post e2 by Ben, 09:00
              rich "Yes, until May."
              row: toggle [vote] "Helpful" 0 | link "Reply" -> ?reply=e2 | menu "More actions" -> ?menu=e2
    "#);
}

#[test]
fn somebody_who_is_not_signed_in_reads_only() {
    let host = host();
    let id = post(&host, "anna", "Is the form still valid?");
    host.as_person("ben").act_on(&id, "vote", &[("value", "on")]).unwrap();
    let shown = host.as_nobody().view().unwrap();
    assert_snapshot!(shown.outline(), @r#"
    section "1 comment"
      notice "Sign in to join the conversation."
      feed "Comments" of 1
        post e1 by Anna, 09:00
          rich "Is the form still valid?"
          row: toggle [vote] "Helpful" 1 (disabled: "Please sign in first.")
    "#);
    assert!(shown.verbs(Some(&id)).is_empty());
    assert!(shown.verbs(None).is_empty());
}

#[test]
fn replies_are_indented_to_three_and_then_say_whom_they_answer() {
    let host = host();
    let mut id = post(&host, "anna", "one");
    for (person, body) in [("ben", "two"), ("chris", "three"), ("anna", "four"), ("ben", "five")] {
        id = reply(&host, person, &id, body);
    }
    let shown = host.as_nobody().with("open=e1").view().unwrap();
    assert_snapshot!(shown.lines(&["post", "replies"]), @r#"
    post e1 by Anna, 09:00
      replies 4
        post e2 by Ben, 09:00
          replies 3
            post e3 by Chris, 09:00
              replies 2
                post e4 by Anna, 09:00
                post e5 by Ben, 09:00, to Anna
    "#);
}

#[test]
fn a_long_thread_shows_three_replies_until_it_is_opened() {
    let host = host();
    let id = post(&host, "anna", "start");
    for number in 1..=8 {
        reply(&host, "ben", &id, &format!("reply {number}"));
    }
    let shown = host.as_nobody().view().unwrap();
    assert_eq!(shown.bodies(), ["start", "reply 1", "reply 2", "reply 3"]);
    assert_eq!(shown.lines(&["more"]), "more \"Show 5 more replies\" -> ?open=e1");
    let shown = host.as_nobody().with("open=e1").view().unwrap();
    assert_eq!(shown.bodies().len(), 9);
    assert_eq!(shown.lines(&["more", "link"]), "link \"Show fewer replies\" -> ?open=");
}

#[test]
fn only_six_threads_stay_open() {
    let host = host();
    for number in 1..=7 {
        let id = post(&host, "anna", &format!("start {number}"));
        (0..4).for_each(|_| drop(reply(&host, "ben", &id, "reply")));
    }
    let shown = host.as_nobody().with("sort=oldest&open=e1.e6.e11.e16.e21.e26").view().unwrap();
    let more = shown.lines(&["more"]);
    assert_eq!(more, "more \"Show 1 more reply\" -> ?open=e6.e11.e16.e21.e26.e31");
}

#[test]
fn a_menu_is_sent_when_it_is_opened_and_closes_with_the_next_step() {
    let host = host();
    let id = post(&host, "anna", "start");
    reply(&host, "ben", &id, "answer");
    let shown = host.as_person("ben").with(&format!("sort=top&{}", menu(&id))).view().unwrap();
    assert_eq!(shown.outline().matches("menu \"More actions\" -> ?menu=e2").count(), 1);
    assert_snapshot!(shown.lines(&["menu", "link"]), @r#"
    link "Reply" -> ?reply=e1&menu=
    menu (open) "More actions": share "Copy link" -> ?focus=e1&menu=
    "#);
    assert_eq!(shown.verbs(Some(&id)), ["vote"]);
}

#[test]
fn a_long_page_grows_by_twenty_and_then_goes_on() {
    let host = host();
    (1..=95).for_each(|number| drop(post(&host, "anna", &format!("comment {number}"))));
    for (parameters, count, more) in [
        ("", 20, "more \"Show 20 more\" -> ?limit=40"),
        ("limit=40", 40, "more \"Show 20 more\" -> ?limit=60"),
        ("limit=80", 80, "more \"Show 20 more\" -> ?limit=100"),
        ("limit=9999", 95, ""),
        ("limit=nonsense", 20, "more \"Show 20 more\" -> ?limit=40"),
    ] {
        let shown = host.as_nobody().with(parameters).view().unwrap();
        assert_eq!((shown.bodies().len(), shown.lines(&["more"]).as_str()), (count, more), "{parameters}");
    }
    let shown = host.as_person("mia").with("limit=60").view().unwrap();
    assert_eq!(shown.lines(&["more"]), "more \"Show the next comments\" -> ?after=newest:e36&limit=");
    let shown = host.as_person("ben").with("after=newest:e16").view().unwrap();
    assert_eq!(shown.bodies().first().map(String::as_str), Some("comment 15"));
    assert!(shown.outline().contains("Back to the first comments"));
    // A cursor from another order starts again instead of failing.
    let shown = host.as_person("ben").with("sort=oldest&after=newest:e16").view().unwrap();
    assert_eq!(shown.bodies().first().map(String::as_str), Some("comment 1"));
}

#[test]
fn a_full_view_stays_inside_the_limit_of_nodes_for_everybody() {
    let host = host();
    for _ in 0..60 {
        let id = post(&host, "anna", "start");
        (0..14).for_each(|_| drop(reply(&host, "ben", &id, "reply")));
        host.as_person("chris").report(&id, "rude").unwrap();
    }
    let open = "sort=oldest&limit=100&open=e1.e16.e31.e46.e61.e76";
    for actor in [host.as_nobody(), host.as_person("anna"), host.as_person("ben"), host.as_person("mia")] {
        let shown = actor.with(open).view().unwrap();
        assert!(shown.view().nodes.len() <= 4_000, "{} nodes", shown.view().nodes.len());
        assert!(shown.bodies().len() >= 240, "{} posts", shown.bodies().len());
    }
}

#[test]
fn orders_put_pinned_threads_first() {
    let host = host();
    for body in ["old", "liked", "disputed", "new"] {
        post(&host, "anna", body);
    }
    host.set("downvotes", Setting::Boolean(true));
    for (person, id, value) in
        [("ben", "e2", "1"), ("chris", "e2", "1"), ("ben", "e3", "1"), ("chris", "e3", "-1")]
    {
        host.as_person(person).act_on(id, "vote", &[("value", value)]).unwrap();
    }
    for (sort, expected) in [
        ("newest", ["new", "disputed", "liked", "old"]),
        ("oldest", ["old", "liked", "disputed", "new"]),
        ("top", ["liked", "disputed", "new", "old"]),
        ("controversial", ["disputed", "new", "liked", "old"]),
        ("nonsense", ["new", "disputed", "liked", "old"]),
    ] {
        let shown = host.as_nobody().with(&format!("sort={sort}")).view().unwrap();
        assert_eq!(shown.bodies(), expected, "{sort}");
    }
    host.as_person("lea").with(&menu("e1")).act_on("e1", "pin", &[]).unwrap();
    assert_eq!(host.as_nobody().view().unwrap().bodies()[0], "old");
    host.as_person("mia").with(&menu("e1")).act_on("e1", "unpin", &[]).unwrap();
    assert_eq!(host.as_nobody().view().unwrap().bodies()[0], "new");
}

#[test]
fn what_others_write_meanwhile_waits_until_it_is_asked_for() {
    let host = host();
    post(&host, "anna", "first");
    let opened_at = host.now();
    post(&host, "ben", "second");
    post(&host, "anna", "third");
    let shown = host.as_person("anna").since(opened_at).view().unwrap();
    assert_eq!(shown.bodies(), ["third", "first"]);
    assert!(shown.lines(&["more"]).starts_with("more (newer) \"Show 1 new comment\""));
}

#[test]
fn a_permanent_link_shows_the_thread_with_the_comment_marked() {
    let host = host();
    let id = post(&host, "anna", "start");
    post(&host, "anna", "another thread");
    let answers: Vec<String> = (0..5).map(|_| reply(&host, "ben", &id, "answer")).collect();
    let shown = host.as_nobody().with(&format!("focus={}", answers[4])).view().unwrap();
    assert_snapshot!(shown.lines(&["link", "post"]), @r#"
    link "Show all comments" -> ?focus=
      post e1 by Anna, 09:00
          post e3 by Ben, 09:00
          post e4 by Ben, 09:00
          post e5 by Ben, 09:00
          post e6 by Ben, 09:00
          post e7 by Ben, 09:00, highlighted
    "#);
    let shown = host.as_nobody().with("focus=gone").view().unwrap();
    assert_snapshot!(shown.lines(&["notice", "link", "post"]), @r#"
    notice (warn) "This comment is not here any more."
      link "Show all comments" -> ?focus=
      post e2 by Anna, 09:00
      post e1 by Anna, 09:00
          post e3 by Ben, 09:00
          post e4 by Ben, 09:00
          post e5 by Ben, 09:00
    "#);
}

#[test]
fn a_permanent_link_finds_a_reply_far_down_a_long_thread() {
    let host = host();
    let id = post(&host, "anna", "start");
    (0..1_300).for_each(|number| drop(reply(&host, "ben", &id, &format!("answer {number}"))));
    let shown = host.as_person("anna").with("focus=e440").view().unwrap();
    let posts = shown.lines(&["post"]);
    assert!(posts.contains("post e440 by Ben, 09:"), "{posts}");
    assert_eq!(posts.matches("highlighted").count(), 1);
    // Very far down it comes with what it answers alone.
    let far = reply(&host, "chris", "e1290", "far down");
    let shown = host.as_person("anna").with(&format!("focus={far}")).view().unwrap();
    assert_eq!(shown.bodies(), ["start", "answer 1288", "far down"]);
    // A cursor that is none starts at the comment again.
    let shown = host.as_person("anna").with("focus=e2&after=nonsense").view().unwrap();
    assert!(shown.lines(&["post"]).contains("post e2 by Ben, 09:00, highlighted"));
    // The first page goes on by its cursor.
    let shown = host.as_person("anna").with("focus=e1").view().unwrap();
    assert_eq!(shown.lines(&["more"]), "more \"Show more replies\" -> ?after=e201");
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
    assert!(english.len() > 60);
    let host = host().with_texts("de", include_str!("../../locales/de.ftl"));
    post(&host, "anna", "Gilt das noch?");
    assert!(host.as_nobody().view().unwrap().outline().starts_with("section \"1 Kommentar\""));
    post(&host, "anna", "Und das?");
    assert!(host.as_nobody().view().unwrap().outline().starts_with("section \"2 Kommentare\""));
}
