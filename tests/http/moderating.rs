//! What waits for a moderator is seen by its author and by moderators, and decided in the page.

use stoa_tests::TestApp;

#[tokio::test]
async fn a_held_comment_is_seen_by_its_author_and_moderators_until_it_is_approved() {
    let app = TestApp::start_with("[sites.moderation]\nmode = \"pre\"", "").await;
    let (anna, ben, mia) = (app.anna().await, app.ben().await, app.mia().await);
    let comment = anna.comment("p", "Waiting words").await;
    assert!(anna.see("p", "").await.html.contains("Waiting words"));
    assert!(!ben.see("p", "").await.html.contains("Waiting words"));
    assert!(!app.nobody().see("p", "").await.html.contains("Waiting words"));
    let approved = mia.act("p", "approve", Some(&comment), &[]).await;
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
    let removed = mia.act("p", "remove", Some(&suspect), &[]).await;
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
        let parameters = format!("report={comment}");
        let answer = reporter.act_in("p", &parameters, "report", Some(&comment), &[("reason", "spam")]).await;
        assert_eq!(answer.status, 200, "{}", answer.json);
    }
    assert!(!app.sign_in("eve", "Eve", &[]).await.see("p", "").await.html.contains("bicycle"));
    assert!(app.mia().await.see("p", "").await.html.contains("bicycle"));
}

#[tokio::test]
async fn a_guest_waits_until_two_comments_were_approved() {
    let app = TestApp::start().await;
    let (gus, mia) = (app.gus().await, app.mia().await);
    for words in ["My first", "My second"] {
        let answer = gus.act("p", "create", None, &[("body", words)]).await;
        assert_eq!(answer.json["state"], "held", "{}", answer.json);
        let id = answer.json["focus"].as_str().unwrap().trim_start_matches("e-").to_owned();
        assert_eq!(mia.act("p", "approve", Some(&id), &[]).await.status, 200);
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
    assert!(matches!(late.status, 403 | 409), "{}", late.json);
    assert_eq!(app.ben().await.act("p", "vote", Some(&comment), &[("value", "on")]).await.status, 200);
}
