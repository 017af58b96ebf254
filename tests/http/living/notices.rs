//! The bell and what people are told, over HTTP.

use serde_json::{Value, json};
use stoa_tests::{Actor, TestApp};

use super::event;

/// The bell in a state: its HTML and its revision.
async fn bell(actor: &Actor<'_>, parameters: &str) -> (String, String) {
    let request = actor.request("GET", "/v1/sites/demo/plugins/bell/view").header("Accept", "text/html");
    let answer = request.query(&[("page", "home"), ("p", parameters)]).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    let rev = answer.headers()["stoa-rev"].to_str().unwrap().to_owned();
    (answer.text().await.unwrap(), rev)
}

async fn get(actor: &Actor<'_>, path: &str) -> Value {
    let answer = actor.request("GET", &format!("/v1/sites/demo/notices{path}")).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200, "{path}");
    answer.json().await.unwrap()
}

async fn unread(actor: &Actor<'_>) -> u64 {
    get(actor, "/count").await["unread"].as_u64().unwrap()
}

/// Notices come after the answer that they are about: ask until there are so many unread ones.
async fn until_unread(actor: &Actor<'_>, count: u64) {
    for _ in 0..2_000 {
        if unread(actor).await == count {
            return;
        }
    }
    assert_eq!(unread(actor).await, count, "so many notices are unread after a while");
}

/// What the button of a verb sends: the verb, its token, its subject.
fn button(html: &str, verb: &str) -> String {
    let start = format!("value=\"{verb} ");
    let from = html.find(&start).expect("the bell has the button") + 7;
    html[from..].split('"').next().unwrap().to_owned()
}

/// Press a button of the bell; the status and the answer.
async fn press(actor: &Actor<'_>, parameters: &str, value: &str) -> (u16, Value) {
    let body = json!({"page": "home", "p": parameters, "fields": {"do": value}});
    let request = actor.request("POST", "/v1/sites/demo/plugins/bell/act").header("Accept", "text/html");
    let key = uuid::Uuid::new_v4().to_string();
    let answer = request.header("Idempotency-Key", key).body(body.to_string()).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

/// As [`press`], with the token that the bell offers now.
async fn does(actor: &Actor<'_>, parameters: &str, verb: &str) -> String {
    let value = button(&bell(actor, parameters).await.0, verb);
    let (status, answer) = press(actor, parameters, &value).await;
    assert_eq!(status, 200, "{answer}");
    assert!(answer["announce"].as_str().is_some_and(|said| !said.is_empty()), "{answer}");
    answer["html"].as_str().unwrap().to_owned()
}

async fn listen(
    app: &TestApp,
    actor: &Actor<'_>,
    rev: &str,
) -> impl futures::Stream<Item = reqwest::Result<impl AsRef<[u8]>>> + Unpin {
    let view = json!({"id": "b", "plugin": "bell", "page": "home", "p": "", "rev": rev});
    let body = json!({"bearer": actor.bearer(), "lang": "en", "views": [view]});
    let answer = app.request("POST", "/v1/sites/demo/live").body(body.to_string()).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    Box::pin(answer.bytes_stream())
}

#[tokio::test]
async fn a_reply_rings_in_all_pages_and_whoever_reads_it_in_one_has_read_it_in_all() {
    let app = TestApp::start().await;
    let (anna, ben) = (app.anna().await, app.ben().await);
    let hello = anna.comment("p", "Hello").await;
    let (html, rev) = bell(&anna, "").await;
    assert!(html.contains("Notices") && !html.contains("new"), "{html}");
    let (mut one, mut two) = (listen(&app, &anna, &rev).await, listen(&app, &anna, &rev).await);
    let reply = ben.reply("p", &hello, "Are you there?").await;
    let rung = event(&mut one, "patch").await;
    assert_eq!(rung["base"], rev.as_str(), "{rung}");
    assert_eq!(event(&mut two, "patch").await["rev"], rung["rev"]);
    assert_eq!((unread(&anna).await, unread(&ben).await), (1, 0));
    let (html, _) = bell(&anna, "open=list").await;
    let address = format!("/p#stoa-comments?focus={reply}");
    assert!(html.contains(&address) && html.contains("replied to you"), "{html}");
    assert!(html.contains("because it answers you") && !html.contains("another site"), "{html}");
    // Where the link leads.
    anna.see("p", &format!("focus={reply}")).await;
    assert_eq!(unread(&anna).await, 0);
    assert_eq!(event(&mut one, "patch").await["base"], rung["rev"]);
    assert_eq!(event(&mut two, "patch").await["base"], rung["rev"]);
    let (html, _) = bell(&anna, "").await;
    assert!(!html.contains("new"), "{html}");
}

#[tokio::test]
async fn replies_of_several_people_are_one_line() {
    let app = TestApp::start().await;
    let (anna, ben, mia) = (app.anna().await, app.ben().await, app.mia().await);
    let hello = anna.comment("p", "Hello").await;
    ben.reply("p", &hello, "Yes").await;
    mia.reply("p", &hello, "No").await;
    for _ in 0..2_000 {
        if get(&anna, "").await["notices"][0]["count"] == 2 {
            break;
        }
    }
    assert_eq!(unread(&anna).await, 1, "the badge counts lines");
    let (html, _) = bell(&anna, "open=list").await;
    assert_eq!(html.matches("<li").count(), 1, "{html}");
    assert!(html.contains(" other replied in"), "{html}");
    let html = does(&anna, "open=list", "read-all").await;
    assert!(!html.contains("Mark all as read"), "{html}");
    assert_eq!(unread(&anna).await, 0);
}

#[tokio::test]
async fn each_line_has_the_switch_for_its_reason() {
    let app = TestApp::start().await;
    let (anna, ben) = (app.anna().await, app.ben().await);
    let mutes = async || get(&anna, "/mutes").await["mutes"].clone();
    let hello = anna.comment("p", "Hello").await;
    ben.reply("p", &hello, "Yes").await;
    until_unread(&anna, 1).await;
    does(&anna, "open=list", "read").await;
    assert_eq!(unread(&anna).await, 0);
    does(&anna, "open=list", "stop").await;
    assert_eq!(mutes().await, json!([{"what": "thread", "target": hello}]));
    does(&anna, "open=settings", "unmute").await;
    does(&anna, "open=list", "mute-person").await;
    assert_eq!(mutes().await[0]["what"], "person");
    does(&anna, "open=settings", "unmute").await;
    does(&anna, "open=list", "less").await;
    assert_eq!(mutes().await, json!([{"what": "kind", "target": "reply"}]));
    // What is switched off is not told.
    ben.reply("p", &hello, "And again").await;
    ben.act("p", "create", None, &[("body", "Elsewhere")]).await;
    let value = button(&bell(&anna, "open=settings").await.0, "kind");
    let on = |value: &str| value.rsplit_once(' ').unwrap().1.to_owned();
    assert_eq!(on(&value), "off", "the first kind is on, so its button turns it off");
    assert_eq!(press(&anna, "open=settings", &value).await.0, 200);
    assert_eq!(mutes().await[0], json!({"what": "kind", "target": "mention"}));
    assert_eq!(unread(&anna).await, 0);
}

#[tokio::test]
async fn who_follows_a_page_is_told_and_stops_following_by_the_bell() {
    let app = TestApp::start().await;
    let (anna, ben) = (app.anna().await, app.ben().await);
    anna.act("p", "follow", None, &[("value", "on")]).await;
    assert!(anna.see("p", "").await.html.contains("aria-pressed=\"true\""));
    ben.comment("p", "News").await;
    until_unread(&anna, 1).await;
    let (html, _) = bell(&anna, "open=list").await;
    assert!(html.contains("because you follow the page"), "{html}");
    does(&anna, "open=list", "stop").await;
    assert!(
        !anna.see("p", "").await.html.contains("aria-pressed=\"true\""),
        "the page's own button is off, too"
    );
    assert_eq!(get(&anna, "/mutes").await["mutes"], json!([]));
}

#[tokio::test]
async fn a_decision_tells_the_author_with_its_reason() {
    let app = TestApp::start().await;
    let (anna, mia) = (app.anna().await, app.mia().await);
    let id = anna.comment("p", "Off topic").await;
    mia.act_in(
        "p",
        &format!("host-menu={id}&host-remove={id}"),
        "host-remove",
        Some(&id),
        &[("reason", "Not here, please")],
    )
    .await;
    until_unread(&anna, 1).await;
    let told = get(&anna, "").await["notices"][0].clone();
    assert_eq!((told["kind"].as_str(), told["note"].as_str()), (Some("removed"), Some("Not here, please")));
    assert_eq!(told["by"], Value::Null, "who of the moderators decided is not told");
    let (html, _) = bell(&anna, "open=list").await;
    assert!(html.contains("was removed") && html.contains("Not here, please"), "{html}");
}

#[tokio::test]
async fn a_list_is_read_in_parts_and_by_id() {
    let app = TestApp::start().await;
    let (anna, ben) = (app.anna().await, app.ben().await);
    for words in ["One", "Two", "Three"] {
        let hello = anna.comment("p", words).await;
        ben.reply("p", &hello, &format!("{words}? Yes")).await;
    }
    until_unread(&anna, 3).await;
    let first = get(&anna, "?limit=2").await;
    assert_eq!(first["notices"].as_array().unwrap().len(), 2);
    let rest = get(&anna, &format!("?limit=2&after={}", first["next"].as_str().unwrap())).await;
    assert_eq!((rest["notices"].as_array().unwrap().len(), &rest["next"]), (1, &Value::Null));
    let read = async |actor: &Actor<'_>, body: Value| {
        let request = actor.request("POST", "/v1/sites/demo/notices/read").body(body.to_string());
        request.send().await.unwrap().status().as_u16()
    };
    let ids = json!({"ids": [rest["notices"][0]["id"]]});
    assert_eq!(
        (read(&ben, ids.clone()).await, unread(&anna).await),
        (204, 3),
        "those of others are left alone"
    );
    assert_eq!((read(&anna, ids).await, unread(&anna).await), (204, 2));
    assert_eq!((read(&anna, json!({"all": true})).await, unread(&anna).await), (204, 0));
    for body in [json!({}), json!({"ids": []}), json!({"all": true, "ids": ["x"]}), json!({"al": true})] {
        assert_eq!(read(&anna, body.clone()).await, 400, "{body}");
    }
}

#[tokio::test]
async fn notices_are_for_people_who_are_signed_in_and_well_asked() {
    let app = TestApp::start().await;
    let (anna, nobody) = (app.anna().await, app.nobody());
    let check = async |actor: &Actor<'_>, method: &str, path: &str, body: &str, status: u16, code: &str| {
        let request = actor.request(method, &format!("/v1/sites/demo/{path}")).body(body.to_owned());
        let answer = request.header("Idempotency-Key", "k").send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{method} {path} {body}");
        assert_eq!(answer.headers()["content-type"], "application/problem+json", "{path}");
        assert_eq!(answer.json::<Value>().await.unwrap()["code"], code, "{method} {path} {body}");
    };
    let mute = r#"{"what":"kind","target":"reply","muted":true}"#;
    let act = r#"{"page":"home","fields":{"do":"read-all x "}}"#;
    for (method, path, body) in [
        ("GET", "notices", ""),
        ("GET", "notices/count", ""),
        ("POST", "notices/read", r#"{"all":true}"#),
        ("GET", "notices/mutes", ""),
        ("POST", "notices/mutes", mute),
        ("POST", "plugins/bell/act", act),
    ] {
        check(&nobody, method, path, body, 401, "sign_in_needed").await;
    }
    check(&anna, "POST", "plugins/bell/act", act, 403, "action_not_offered").await;
    for (method, path, body) in [
        ("GET", "notices?limit=0", ""),
        ("GET", "notices?limit=101", ""),
        ("GET", "notices?after=x", ""),
        ("POST", "notices/mutes", r#"{"what":"kind","target":"all","muted":true}"#),
        ("POST", "notices/mutes", r#"{"what":"page","target":"p","muted":true}"#),
        ("POST", "notices/mutes", r#"{"what":"person","target":"","muted":true}"#),
        ("POST", "plugins/bell/act", r#"{"page":"home","fields":{"do":"dance x "}}"#),
    ] {
        check(&anna, method, path, body, 400, "malformed").await;
    }
    // Who is not signed in has no bell, and no error in its place.
    let (html, _) = bell(&nobody, "").await;
    assert!(!html.contains("Notices"), "{html}");
}

#[tokio::test]
async fn what_somebody_has_contributed_is_shown_or_not_as_they_say() {
    let app = TestApp::start().await;
    let (anna, ben) = (app.anna().await, app.ben().await);
    anna.comment("p", "Hello").await;
    let id = super::people::id_of(&ben, "Anna").await;
    let card = async || ben.see("p", &format!("host-person={id}&limit=1")).await.html;
    assert!(card().await.contains("has written something here"));
    let (html, _) = bell(&anna, "open=settings").await;
    assert!(html.contains("Show what I have contributed on my card"), "{html}");
    let value = button(&html, "share");
    let (status, answer) = press(&anna, "open=settings", &value).await;
    assert_eq!(status, 200, "{answer}");
    app.clock.advance(std::time::Duration::from_secs(61));
    let html = card().await;
    assert!(html.contains("Does not show what they have contributed"), "{html}");
}

#[tokio::test]
async fn those_who_moderate_hear_of_what_waits_and_of_reports() {
    let app = TestApp::start_with("[sites.moderation]\nmode = \"pre-all\"", "").await;
    let (anna, mia) = (app.anna().await, app.mia().await);
    anna.comment("p", "One").await;
    anna.comment("p", "Two, and something else").await;
    until_unread(&mia, 1).await;
    for _ in 0..2_000 {
        if get(&mia, "").await["notices"][0]["count"] == 2 {
            break;
        }
    }
    let (html, _) = bell(&mia, "open=list").await;
    assert!(html.contains(" posts wait for a decision in"), "{html}");
    assert!(html.contains("because you moderate"), "{html}");
    assert_eq!(unread(&anna).await, 0);
    let (html, _) = bell(&mia, "open=settings").await;
    assert!(html.contains("Posts wait for a decision, or were reported"), "{html}");
    let (html, _) = bell(&anna, "open=settings").await;
    assert!(
        !html.contains("Posts wait for a decision"),
        "who does not moderate has no switch for it: {html}"
    );
}
