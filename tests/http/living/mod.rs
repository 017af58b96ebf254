//! The live stream: others' changes arrive as differences.

mod hub;
mod leaving;
mod notices;
mod people;

use std::time::Duration;

use futures::StreamExt as _;
use serde_json::{Value, json};
use stoa_tests::{Actor, TestApp};
use tokio::io::AsyncReadExt as _;

/// Read the stream until an event of this kind has come.
async fn event(
    stream: &mut (impl futures::Stream<Item = reqwest::Result<impl AsRef<[u8]>>> + Unpin),
    kind: &str,
) -> Value {
    let mut text = String::new();
    let wait = async {
        loop {
            let chunk = stream.next().await.expect("the stream goes on").expect("without an error");
            text.push_str(std::str::from_utf8(chunk.as_ref()).expect("in UTF-8"));
            let wanted = format!("event: {kind}\n");
            if let Some((_, rest)) = text.split_once(&wanted)
                && rest.contains("\n\n")
            {
                let data = rest.lines().find_map(|line| line.strip_prefix("data: "));
                return serde_json::from_str(data.unwrap_or("null")).expect("in JSON");
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), wait).await.expect("the event comes within 20 s")
}

async fn ask(app: &TestApp, actor: &Actor<'_>, rev: &str, since: i64) -> reqwest::Response {
    let view = json!({"id": "1", "plugin": "comments", "page": "p", "p": "", "since": since.to_string(), "rev": rev});
    let body = json!({"bearer": actor.bearer(), "lang": "en", "views": [view]});
    app.request("POST", "/v1/sites/demo/live").body(body.to_string()).send().await.unwrap()
}

async fn open(
    app: &TestApp,
    actor: &Actor<'_>,
    rev: &str,
    since: i64,
) -> impl futures::Stream<Item = reqwest::Result<impl AsRef<[u8]>>> + Unpin {
    let answer = ask(app, actor, rev, since).await;
    assert_eq!(answer.status().as_u16(), 200);
    assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("text/event-stream"));
    Box::pin(answer.bytes_stream())
}

#[tokio::test]
async fn what_others_write_arrives_as_a_difference() {
    let app = TestApp::start().await;
    let (anna, ben) = (app.anna().await, app.ben().await);
    anna.comment("p", "Hello").await;
    let shown = ben.see("p", "").await;
    let mut stream = open(&app, &ben, &shown.rev, app.clock.now()).await;
    app.clock.advance(Duration::from_secs(5));
    anna.comment("p", "Are you there?").await;
    let patch = event(&mut stream, "patch").await;
    assert_eq!(patch["base"], shown.rev.as_str(), "{patch}");
    assert!(patch["ops"].as_str().is_some_and(|ops| !ops.is_empty()), "{patch}");
}

#[tokio::test]
async fn what_happened_while_nobody_listened_is_told_at_once() {
    let app = TestApp::start().await;
    let (anna, ben) = (app.anna().await, app.ben().await);
    let shown = ben.see("p", "").await;
    let since = app.clock.now();
    app.clock.advance(Duration::from_secs(5));
    anna.comment("p", "While you were away").await;
    let mut stream = open(&app, &ben, &shown.rev, since).await;
    assert_eq!(event(&mut stream, "patch").await["base"], shown.rev.as_str());
}

#[tokio::test]
async fn what_another_process_imports_wakes_open_pages() {
    let app = TestApp::start().await;
    let ben = app.ben().await;
    let shown = ben.see("p", "").await;
    let mut stream = open(&app, &ben, &shown.rev, app.clock.now()).await;
    let file = json!({
        "site": "demo", "issuer": "https://elsewhere.example",
        "people": [{"subject": "dora", "name": "Dora"}],
        "pages": [{"key": "p", "title": "P", "url": ""}],
        "entries": [{"id": "c1", "plugin": "comments", "page": "p", "author": "dora", "at": 50, "body": "From the old system"}],
    });
    let url = format!("sqlite://{}", app.folder().join("stoa.db").display());
    let other = stoa::store::Store::open(&url).await.unwrap();
    let batch = serde_json::from_value(file).unwrap();
    other.import(&"demo".into(), batch, app.clock.now()).await.unwrap();
    other.close().await.unwrap();
    // What `stoa serve` does every two seconds.
    app.app.look_elsewhere().await.unwrap();
    assert_eq!(event(&mut stream, "patch").await["base"], shown.rev.as_str());
}

#[tokio::test]
async fn a_revision_that_the_host_does_not_know_is_fetched_anew() {
    let app = TestApp::start().await;
    let ben = app.ben().await;
    let mut stream = open(&app, &ben, "0123456789abcdef01234567", app.clock.now()).await;
    assert_eq!(event(&mut stream, "resync").await["id"], "1");
}

#[tokio::test]
async fn one_person_cannot_take_all_streams() {
    let app = TestApp::start().await;
    let (anna, ben) = (app.anna().await, app.ben().await);
    let mut streams = Vec::new();
    for _ in 0..30 {
        let answer = ask(&app, &anna, "", app.clock.now()).await;
        assert_eq!(answer.status().as_u16(), 200);
        streams.push(answer);
    }
    let refused = ask(&app, &anna, "", app.clock.now()).await;
    assert_eq!(refused.status().as_u16(), 503);
    assert!(refused.headers().contains_key("retry-after"));
    assert_eq!(refused.json::<Value>().await.unwrap()["code"], "busy");
    assert_eq!(ask(&app, &ben, "", app.clock.now()).await.status().as_u16(), 200);
}

/// Whether the stream says `bye` before any other event.
async fn ends(stream: &mut (impl futures::Stream<Item = reqwest::Result<impl AsRef<[u8]>>> + Unpin)) -> bool {
    let mut text = String::new();
    let wait = async {
        while let Some(chunk) = stream.next().await {
            text.push_str(std::str::from_utf8(chunk.unwrap().as_ref()).unwrap());
        }
    };
    tokio::time::timeout(Duration::from_secs(20), wait).await.expect("the stream ends within 20 s");
    text.contains("event: bye\n") && !text.contains("event: patch\n")
}

#[tokio::test]
async fn a_stream_is_not_idle() {
    let app = TestApp::start_host("[connections]\nidle_ms = 50", "", "").await;
    let (anna, ben) = (app.anna().await, app.ben().await);
    let shown = ben.see("p", "").await;
    let mut stream = open(&app, &ben, &shown.rev, app.clock.now()).await;
    // A connection that is opened later and idle is given up first.
    let mut later = tokio::net::TcpStream::connect(app.url.trim_start_matches("http://")).await.unwrap();
    let given_up = tokio::time::timeout(Duration::from_secs(20), later.read(&mut [0])).await;
    assert_eq!(given_up.expect("within 20 s").unwrap(), 0);
    anna.comment("p", "Are you there?").await;
    assert_eq!(event(&mut stream, "patch").await["base"], shown.rev.as_str());
}

#[tokio::test]
async fn a_stream_ends_with_its_session() {
    let app = TestApp::start().await;
    let (anna, ben) = (app.anna().await, app.ben().await);
    let shown = ben.see("p", "").await;
    let mut stream = open(&app, &ben, &shown.rev, app.clock.now()).await;
    app.clock.advance(Duration::from_secs(601));
    app.anna().await.comment("p", "Ben has left").await;
    assert!(ends(&mut stream).await);
    assert_eq!(ask(&app, &anna, "", app.clock.now()).await.status().as_u16(), 401);
}

#[tokio::test]
async fn a_stream_ends_when_its_person_signs_out() {
    let app = TestApp::start().await;
    let ben = app.ben().await;
    let shown = ben.see("p", "").await;
    let mut stream = open(&app, &ben, &shown.rev, app.clock.now()).await;
    let out = ben.request("DELETE", "/v1/sites/demo/session").send().await.unwrap();
    assert_eq!(out.status().as_u16(), 204);
    assert!(ends(&mut stream).await);
}

#[tokio::test]
async fn a_stream_ends_when_a_newer_token_has_other_roles_and_the_next_shows_less() {
    let app = TestApp::start().await;
    let (gus, mia) = (app.gus().await, app.mia().await);
    gus.act("p", "create", None, &[("body", "Held words")]).await;
    let shown = mia.see("p", "").await;
    assert!(shown.html.contains("Held words"));
    let mut stream = open(&app, &mia, &shown.rev, app.clock.now()).await;
    app.clock.advance(Duration::from_secs(1));
    app.sign_in("mia", "Mia Moderatorin", &[]).await;
    assert!(ends(&mut stream).await);
    assert!(!mia.see("p", "").await.html.contains("Held words"));
}
