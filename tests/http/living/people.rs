//! Cards of people, over HTTP.

use stoa_tests::{Actor, TestApp};

pub(super) async fn id_of(actor: &Actor<'_>, name: &str) -> String {
    // With the name behind it, as fields have it.
    actor.find_person(name).await.split(' ').next().unwrap().to_owned()
}

/// The view with the card of somebody.
async fn card(actor: &Actor<'_>, of: &Actor<'_>, name: &str) -> String {
    let id = id_of(of, name).await;
    actor.see("p", &format!("host-person={id}")).await.html
}

#[tokio::test]
async fn a_name_opens_a_card_for_people_who_are_signed_in() {
    let app = TestApp::start().await;
    let (anna, ben) = (app.anna().await, app.ben().await);
    anna.comment("p", "Hello").await;
    let html = ben.see("p", "").await.html;
    assert!(html.contains("class=\"who\"") && html.contains("host-person="), "{html}");
    assert!(!app.nobody().see("p", "").await.html.contains("class=\"who\""));
    let html = card(&ben, &ben, "Anna").await;
    assert!(html.contains("<dialog") && html.contains("has written something here"), "{html}");
    // Nobody else's id opens anything.
    for id in ["x", "01900000-0000-7000-8000-0000000000a1", ""] {
        assert!(!ben.see("p", &format!("host-person={id}")).await.html.contains("<dialog"), "{id}");
    }
    assert!(
        !app.nobody()
            .see("p", &format!("host-person={}", id_of(&ben, "Anna").await))
            .await
            .html
            .contains("<dialog")
    );
}

#[tokio::test]
async fn a_site_says_whose_contributions_cards_show() {
    for (show, badges, shown, names) in [
        ("on", "true", true, true),
        ("on", "false", false, true),
        ("opt-in", "true", false, true),
        ("off", "true", false, false),
    ] {
        let site = format!("[sites.profiles]\nshow = \"{show}\"\nbadges = {badges}");
        let app = TestApp::start_with(&site, "").await;
        let (anna, ben) = (app.anna().await, app.ben().await);
        anna.comment("p", "Hello").await;
        let html = card(&ben, &ben, "Anna").await;
        assert_eq!(html.contains("has written something here"), shown, "{show} {badges}: {html}");
        assert_eq!(html.contains("<dialog"), names, "{show}");
        assert_eq!(ben.see("p", "").await.html.contains("class=\"who\""), names, "{show}");
    }
}
