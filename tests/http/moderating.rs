//! What waits for a moderator is seen by its author and by moderators, and decided in the page.

use std::time::Duration;

use stoa::base::id::{EntryId, PluginName, SiteId};
use stoa::store::Store;
use stoa_tests::TestApp;

#[tokio::test]
async fn a_held_comment_is_seen_by_its_author_and_moderators_until_it_is_approved() {
    let app = TestApp::start_with("[sites.moderation]\nmode = \"pre-all\"", "").await;
    let (anna, ben, mia) = (app.anna().await, app.ben().await, app.mia().await);
    let comment = anna.comment("p", "Waiting words").await;
    assert!(anna.see("p", "").await.html.contains("Waiting words"));
    assert!(!ben.see("p", "").await.html.contains("Waiting words"));
    assert!(!app.nobody().see("p", "").await.html.contains("Waiting words"));
    let approved = mia.act("p", "host-approve", Some(&comment), &[]).await;
    assert_eq!(approved.status, 200, "{}", approved.json);
    assert!(ben.see("p", "").await.html.contains("Waiting words"));
}

#[tokio::test]
async fn a_refused_comment_stays_with_its_author() {
    let app = TestApp::start_with(
        "[sites.moderation]\nsuspect_words = [\"lawsuit\"]\nbanned_words = [\"idiot\"]",
        "",
    )
    .await;
    let (anna, ben, mia) = (app.anna().await, app.ben().await, app.mia().await);
    let banned = anna.act("p", "create", None, &[("body", "You id\u{200b}iot")]).await;
    assert_eq!(banned.status, 422, "{}", banned.json);
    let suspect = anna.comment("p", "I smell a lawsuit").await;
    assert!(ben.see("p", "").await.html.contains("lawsuit"), "suspect words are published and reported");
    let edited = anna.comment("p", "Harmless").await;
    let parameters = format!("edit={edited}");
    let edit = anna.act_in("p", &parameters, "edit", Some(&edited), &[("body", "Another **law**suit")]).await;
    assert_eq!(edit.status, 200, "{}", edit.json);
    for reported in [&suspect, &edited] {
        let html = mia.see("p", &format!("menu={reported}")).await.html;
        assert!(
            html.split("<article").any(|post| post.contains(reported.as_str()) && post.contains("report")),
            "{html}"
        );
    }
    let unsaid = mia.act("p", "host-remove", Some(&suspect), &[("reason", " ")]).await;
    assert_eq!((unsaid.status, unsaid.code()), (422, "invalid"), "{}", unsaid.json);
    assert_eq!(unsaid.json["fields"][0]["name"], "reason");
    let removed = mia.act("p", "host-remove", Some(&suspect), &[("reason", "No legal advice here")]).await;
    assert_eq!(removed.status, 200, "{}", removed.json);
    assert!(!ben.see("p", "").await.html.contains("lawsuit"));
}

#[tokio::test]
async fn three_reports_of_different_people_hold_a_comment() {
    let app = TestApp::start().await;
    let anna = app.anna().await;
    let comment = anna.comment("p", "Buy my old bicycle").await;
    for subject in ["ben", "cleo", "dan"] {
        let reporter = app.sign_in(subject, subject, &[]).await;
        assert!(reporter.see("p", "").await.html.contains("bicycle"), "{subject} still sees it");
        let parameters = format!("host-report={comment}");
        let unsaid =
            reporter.act_in("p", &parameters, "host-report", Some(&comment), &[("reason", "x")]).await;
        assert_eq!((unsaid.status, unsaid.code()), (422, "invalid"), "{}", unsaid.json);
        let answer =
            reporter.act_in("p", &parameters, "host-report", Some(&comment), &[("reason", "spam")]).await;
        assert_eq!(answer.status, 200, "{}", answer.json);
    }
    assert!(!app.sign_in("eve", "Eve", &[]).await.see("p", "").await.html.contains("bicycle"));
    assert!(app.mia().await.see("p", "").await.html.contains("bicycle"));
}

#[tokio::test]
async fn reports_of_guests_alone_hide_nothing() {
    let app = TestApp::start().await;
    let comment = app.anna().await.comment("p", "Buy my old bicycle").await;
    for subject in ["gus", "gil", "gia", "geo"] {
        let guest = app.sign_in(subject, subject, &["guest"]).await;
        let parameters = format!("host-report={comment}");
        let answer =
            guest.act_in("p", &parameters, "host-report", Some(&comment), &[("reason", "spam")]).await;
        assert_eq!(answer.status, 200, "{}", answer.json);
    }
    assert!(app.ben().await.see("p", "").await.html.contains("bicycle"));
}

#[tokio::test]
async fn pre_moderation_is_for_guests() {
    let app = TestApp::start_with("[sites.moderation]\nmode = \"pre\"\nnew_author_hold = 0", "").await;
    let staff = app.anna().await.act("p", "create", None, &[("body", "Staff")]).await;
    assert_eq!(staff.json["state"], "visible", "{}", staff.json);
    let guest = app.gus().await.act("p", "create", None, &[("body", "Guest")]).await;
    assert_eq!(guest.json["state"], "held", "{}", guest.json);
}

#[tokio::test]
async fn a_guest_who_mentions_too_many_is_told_the_right_number() {
    // The plugin counts simpler names itself, and gives no number.
    let app = TestApp::start().await;
    let (anna, gus) = (app.anna().await, app.gus().await);
    let ids = [
        "01890000-0000-7000-8000-000000000001",
        "01890000-0000-7000-8000-000000000002",
        "01890000-0000-7000-8000-000000000003",
    ];
    let words: String = ids.iter().map(|id| format!("@[X \\[y]({id}) ")).collect();
    let refused = gus.act("p", "create", None, &[("body", &words)]).await;
    assert_eq!(refused.status, 422, "{}", refused.json);
    assert!(refused.json["fields"][0]["msg"].as_str().unwrap().contains('2'), "{}", refused.json);
    assert_eq!(anna.act("p", "create", None, &[("body", &words)]).await.status, 200);
}

#[tokio::test]
async fn a_guest_waits_until_two_comments_were_approved() {
    let app = TestApp::start().await;
    let (gus, mia) = (app.gus().await, app.mia().await);
    for words in ["My first", "My second"] {
        let answer = gus.act("p", "create", None, &[("body", words)]).await;
        assert_eq!(answer.json["state"], "held", "{}", answer.json);
        let id = answer.json["focus"].as_str().unwrap().trim_start_matches("e-").to_owned();
        assert_eq!(mia.act("p", "host-approve", Some(&id), &[]).await.status, 200);
    }
    let third = gus.act("p", "create", None, &[("body", "My third")]).await;
    assert_eq!(third.json["state"], "visible", "{}", third.json);
}

#[tokio::test]
async fn a_closed_page_is_read_and_voted_on_but_takes_nothing_new() {
    let app = TestApp::start().await;
    let (anna, mia) = (app.anna().await, app.mia().await);
    let comment = anna.comment("p", "Before").await;
    let token = stoa_tests::token_for(&anna.see("p", "").await.html, "create", None).unwrap();
    assert_eq!(mia.act("p", "close", None, &[]).await.status, 200);
    let late =
        anna.send("late", "p", &anna.body("p", "", &token, "create", None, &[("body", "After")])).await;
    assert_eq!((late.status, late.code()), (409, "conflict"), "{}", late.json);
    assert!(!mia.see("p", "").await.html.contains("After"));
    assert_eq!(app.ben().await.act("p", "vote", Some(&comment), &[("value", "on")]).await.status, 200);
}

#[tokio::test]
async fn a_moderator_cannot_approve_what_they_have_not_read() {
    let app = TestApp::start_with("[sites.moderation]\nmode = \"pre-all\"", "").await;
    let (anna, mia) = (app.anna().await, app.mia().await);
    let comment = anna.comment("p", "Harmless").await;
    let seen = mia.see("p", "").await;
    let token = stoa_tests::token_for(&seen.html, "host-approve", Some(&comment)).unwrap();
    let parameters = format!("edit={comment}");
    let edited = anna.act_in("p", &parameters, "edit", Some(&comment), &[("body", "Evil")]).await;
    assert_eq!(edited.status, 200, "{}", edited.json);
    let stale = mia.send("k1", "p", &mia.body("p", "", &token, "host-approve", Some(&comment), &[])).await;
    assert_eq!((stale.status, stale.code()), (412, "stale"), "{}", stale.json);
    assert!(stale.json["view"]["ops"].is_string(), "the view as it is now comes along: {}", stale.json);
    assert!(!app.ben().await.see("p", "").await.html.contains("Evil"));
    assert_eq!(mia.act("p", "host-approve", Some(&comment), &[]).await.status, 200);
    assert!(app.ben().await.see("p", "").await.html.contains("Evil"));
}

#[tokio::test]
async fn moderators_read_who_reports_and_why_and_nobody_else_does() {
    let app = TestApp::start().await;
    let (anna, ben, mia) = (app.anna().await, app.ben().await, app.mia().await);
    let comment = anna.comment("p", "Buy my old bicycle").await;
    let parameters = format!("host-report={comment}");
    let told = ben.act_in("p", &parameters, "host-report", Some(&comment), &[("reason", "spam")]).await;
    assert_eq!(told.status, 200, "{}", told.json);
    let html = mia.see("p", "").await.html;
    assert!(html.contains("There is") && html.contains("Ben") && html.contains("advertising"), "{html}");
    for other in [&anna, &ben] {
        assert!(!other.see("p", "").await.html.contains("advertising"));
    }
    // Reported once, nobody is offered it again.
    assert!(
        stoa_tests::token_for(&ben.see("p", &parameters).await.html, "host-report", Some(&comment)).is_none()
    );
}

#[tokio::test]
async fn verbs_of_the_host_are_for_those_who_moderate() {
    let app = TestApp::start().await;
    let (anna, ben, mia) = (app.anna().await, app.ben().await, app.mia().await);
    let comment = anna.comment("p", "Mine").await;
    let parameters = format!("host-remove={comment}");
    for actor in [&anna, &ben] {
        let html = actor.see("p", &parameters).await.html;
        assert!(stoa_tests::token_for(&html, "host-remove", Some(&comment)).is_none(), "{html}");
    }
    let html = mia.see("p", &parameters).await.html;
    let token = stoa_tests::token_for(&html, "host-remove", Some(&comment)).unwrap();
    let body = ben.body("p", "", &token, "host-remove", Some(&comment), &[("reason", "x")]);
    assert_eq!(ben.send("k2", "p", &body).await.status, 403, "another person's token");
    let body = mia.body("p", "", &token, "host-remove", Some(&comment), &[("reason", "x")]);
    assert_eq!(mia.send("k3", "p", &body).await.status, 200);
}

#[tokio::test]
async fn what_its_author_deleted_is_kept_as_long_as_the_site_says() {
    let app = TestApp::start_with("[sites.moderation]\nundo_days = 7", "").await;
    let anna = app.anna().await;
    let comment = anna.comment("p", "Frist words").await;
    let edit = format!("edit={comment}");
    let edited = anna.act_in("p", &edit, "edit", Some(&comment), &[("body", "First words")]).await;
    assert_eq!(edited.status, 200, "{}", edited.json);
    assert_eq!(anna.act("p", "delete", Some(&comment), &[]).await.status, 200);
    // A second look at the file: no page shows what was deleted.
    let store = Store::open(&format!("sqlite:{}", app.folder().join("stoa.db").display())).await.unwrap();
    let (site, plugin, id) =
        (SiteId::from("demo"), PluginName::from("comments"), EntryId::from(comment.as_str()));
    let kept = async || store.get_revisions(&site, &plugin, &id).await.unwrap().len();
    let day = Duration::from_secs(24 * 3_600);
    for (days, expected) in [(6, 1), (2, 0)] {
        app.clock.advance(day * days);
        app.app.maintain().await.unwrap();
        assert_eq!(kept().await, expected, "after {days} more days");
    }
}
