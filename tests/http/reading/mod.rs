//! Views: HTML, JSON, ops; unchanged ones cost nothing.

mod audience;
mod moves;

use serde_json::json;
use stoa_tests::TestApp;

const VIEW: &str = "/v1/sites/demo/plugins/comments/view?page=p";

#[tokio::test]
async fn an_unchanged_view_is_told_in_one_line() {
    let app = TestApp::start().await;
    let anna = app.anna().await;
    anna.comment("p", "First").await;
    let first = anna.request("GET", VIEW).header("Accept", "text/html").send().await.unwrap();
    let etag = first.headers()["etag"].to_str().unwrap().to_owned();
    let again =
        || anna.request("GET", VIEW).header("Accept", "text/html").header("If-None-Match", &etag).send();
    assert_eq!(again().await.unwrap().status().as_u16(), 304);
    app.ben().await.comment("p", "Second").await;
    assert_eq!(again().await.unwrap().status().as_u16(), 200);
}

#[tokio::test]
async fn a_view_comes_as_html_json_or_ops() {
    let app = TestApp::start().await;
    let anna = app.anna().await;
    anna.comment("p", "Is **this** still true?").await;
    let html = anna.see("p", "").await.html;
    assert!(html.contains("Is <strong>this</strong> still true?"), "{html}");
    let json = anna.request("GET", VIEW).header("Accept", "application/json").send().await.unwrap();
    assert!(json.headers()["content-type"].to_str().unwrap().starts_with("application/json"));
    assert!(json.text().await.unwrap().contains("\"post\""));
    let ops = anna.request("GET", VIEW).header("Accept", "application/vnd.stoa.ops").send().await.unwrap();
    assert_eq!(ops.headers()["stoa-base"], "none");
    assert_eq!(ops.bytes().await.unwrap()[0], 4, "one INSERT builds the view");
}

#[tokio::test]
async fn ops_lead_from_what_the_browser_shows_to_what_is() {
    let app = TestApp::start().await;
    let (anna, ben) = (app.anna().await, app.ben().await);
    let comment = anna.comment("p", "Hello").await;
    let shown = ben.see("p", "").await;
    anna.reply("p", &comment, "And hello again").await;
    let ops = ben
        .request("GET", &format!("{VIEW}&base={}", shown.rev))
        .header("Accept", "application/vnd.stoa.ops")
        .send()
        .await
        .unwrap();
    assert_eq!(ops.headers()["stoa-base"].to_str().unwrap(), shown.rev);
    let whole = ben.see("p", "").await.html.len();
    let bytes = ops.bytes().await.unwrap().len();
    assert!(bytes < whole / 2, "{bytes} bytes of ops, {whole} of HTML");
}

#[tokio::test]
async fn later_comments_of_others_wait_behind_a_button() {
    let app = TestApp::start().await;
    let (anna, ben) = (app.anna().await, app.ben().await);
    anna.comment("p", "Early").await;
    app.clock.advance(std::time::Duration::from_secs(60));
    let since = app.clock.now();
    app.clock.advance(std::time::Duration::from_secs(60));
    anna.comment("p", "Late").await;
    ben.comment("p", "Mine").await;
    let view = ben
        .request("GET", &format!("{VIEW}&since={since}"))
        .header("Accept", "text/html")
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(view.contains("Early") && view.contains("Mine") && !view.contains("Late"), "{view}");
    assert!(view.contains("data-n"), "the button for newer ones");
}

#[tokio::test]
async fn nobody_reads_another_site_or_a_page_that_is_not_asked_for() {
    let app = TestApp::start().await;
    let anna = app.anna().await;
    let id = anna.comment("p", "For this page only").await;
    for path in [
        "/v1/sites/other/plugins/comments/view?page=p".to_owned(),
        format!("/v1/sites/demo/plugins/comments/view?page=q&p=focus%3D{id}"),
    ] {
        let answer = app.nobody().request("GET", &path).header("Accept", "text/html").send().await.unwrap();
        let text = answer.text().await.unwrap();
        assert!(!text.contains("For this page only"), "{path}: {text}");
    }
    let bearer = anna.request("GET", "/v1/sites/other/plugins/comments/view?page=p").send().await.unwrap();
    assert_eq!(bearer.status().as_u16(), 401, "a session holds for its site alone");
}

#[tokio::test]
async fn wrong_requests_say_what_to_do() {
    let app = TestApp::start().await;
    let anna = app.anna().await;
    for (path, status, code) in [
        ("/v1/sites/nowhere/plugins/comments/view?page=p", 404, "unknown_site"),
        ("/v1/sites/demo/plugins/nothing/view?page=p", 404, "unknown_plugin"),
        ("/v1/sites/demo/plugins/comments/view?page=", 400, "malformed"),
        ("/v1/sites/demo/plugins/comments/view", 400, "malformed"),
        ("/v1/nothing", 404, "no_such_route"),
    ] {
        let answer = anna.request("GET", path).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{path}");
        assert_eq!(answer.headers()["content-type"], "application/problem+json", "{path}");
        let problem: serde_json::Value = answer.json().await.unwrap();
        assert_eq!(problem["code"], code, "{path}: {problem}");
    }
}

#[tokio::test]
async fn a_preview_is_no_longer_than_what_can_be_posted() {
    let app = TestApp::start().await;
    let anna = app.anna().await;
    for (markdown, status) in
        [("a".repeat(65_535), 200), ("a".repeat(65_536), 422), ("> ".repeat(30_000), 200)]
    {
        let body = serde_json::json!({"markdown": markdown}).to_string();
        let answer = anna.request("POST", "/v1/sites/demo/preview").body(body).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{} characters", markdown.len());
    }
}

#[tokio::test]
async fn guests_and_visitors_find_nobody() {
    let app = TestApp::start().await;
    let anna = app.anna().await;
    for (actor, status) in [(&anna, 200), (&app.gus().await, 403), (&app.nobody(), 401)] {
        let answer = actor.request("GET", "/v1/sites/demo/people?q=an").send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status);
        assert_eq!(answer.text().await.unwrap().contains("Anna Bergmann"), status == 200);
    }
}

#[tokio::test]
async fn a_host_that_cannot_write_is_not_ready() {
    let app = TestApp::start().await;
    let ready = async || app.request("GET", "/readyz").send().await.unwrap().status().as_u16();
    assert_eq!(ready().await, 200);
    let other = rusqlite::Connection::open(app.folder().join("stoa.db")).unwrap();
    other.execute_batch("begin immediate").unwrap();
    assert_eq!(ready().await, 200, "looked at a moment ago");
    app.clock.advance(std::time::Duration::from_secs(5));
    assert_eq!(ready().await, 503);
    other.execute_batch("rollback").unwrap();
    assert_eq!(ready().await, 503);
    app.clock.advance(std::time::Duration::from_secs(5));
    assert_eq!(ready().await, 200);
}

#[tokio::test]
async fn a_page_that_nobody_wrote_on_keeps_its_title_while_it_is_open() {
    let app = TestApp::start().await;
    let ben = app.ben().await;
    let titled = ben.request("GET", &format!("{VIEW}&title=Travel%20policy")).header("Accept", "text/html");
    let titled = titled.send().await.unwrap();
    let rev = titled.headers()["stoa-rev"].to_str().unwrap().to_owned();
    assert!(titled.text().await.unwrap().contains("Travel policy"));
    // As the live stream and the runtime ask: with the revision, without the title.
    let later = ben.request("GET", &format!("{VIEW}&base={rev}")).header("Accept", "text/html");
    let later = later.send().await.unwrap();
    assert_eq!(later.headers()["stoa-rev"].to_str().unwrap(), rev);
    assert!(later.text().await.unwrap().contains("Travel policy"));
}

#[tokio::test]
async fn a_new_name_reaches_views_that_only_mention_the_person() {
    let app = TestApp::start().await;
    let (anna, _ben) = (app.anna().await, app.ben().await);
    let found = anna.request("GET", "/v1/sites/demo/people?q=ben").send().await.unwrap();
    let found: serde_json::Value = found.json().await.unwrap();
    let id = found["people"][0]["id"].as_str().unwrap();
    anna.comment("p", &format!("Ask @[Ben]({id})")).await;
    let first = anna.see("p", "").await;
    assert!(first.html.contains("Ben Okafor"), "{}", first.html);
    app.sign_in("cleo", "Cleo", &[]).await;
    assert_eq!(anna.see("p", "").await.rev, first.rev, "somebody else is of no concern");
    app.clock.advance(std::time::Duration::from_secs(1));
    app.sign_in("ben", "Ben Neumann", &[]).await;
    let renamed = anna.see("p", "").await;
    assert!(renamed.html.contains("Ben Neumann") && !renamed.html.contains("Okafor"), "{}", renamed.html);
    assert_ne!(renamed.rev, first.rev);
}

#[tokio::test]
async fn a_new_reply_is_announced_once() {
    let app = TestApp::start().await;
    let (anna, ben) = (app.anna().await, app.ben().await);
    let comment = anna.comment("p", "Early").await;
    app.clock.advance(std::time::Duration::from_secs(60));
    let since = app.clock.now();
    app.clock.advance(std::time::Duration::from_secs(60));
    anna.reply("p", &comment, "Late").await;
    let view = ben.request("GET", &format!("{VIEW}&since={since}")).header("Accept", "text/html");
    // Fluent isolates numbers from the words around them.
    let view = view.send().await.unwrap().text().await.unwrap().replace(['\u{2068}', '\u{2069}'], "");
    assert!(view.contains("Show 1 new comment") && !view.contains("more reply"), "{view}");
}

#[tokio::test]
async fn counts_of_many_pages_come_in_one_request_with_the_rights_of_reading() {
    let app = TestApp::start().await;
    let anna = app.anna().await;
    let first = anna.comment("a", "One").await;
    anna.reply("a", &first, "Two").await;
    let count = |page: &str, plugin: &str| json!({"page": page, "plugin": plugin});
    let ask = async |body: &serde_json::Value| {
        let request = app.request("POST", "/v1/sites/demo/counts").body(body.to_string());
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.json::<serde_json::Value>().await.unwrap())
    };
    let list = json!([count("a", "comments"), count("b", "comments"), count("a", "nothing")]);
    let (status, answer) = ask(&json!({"bearer": anna.bearer(), "lang": "de", "counts": list})).await;
    assert_eq!(status, 200, "{answer}");
    let numbers: Vec<_> = answer["counts"].as_array().unwrap().iter().map(|one| &one["count"]).collect();
    assert_eq!(numbers, [2, 0, 0]);
    assert!(answer["counts"][0]["text"].as_str().unwrap().ends_with(" Kommentare"), "{answer}");
    assert_eq!(ask(&json!({"counts": list})).await.0, 200, "everybody reads here");
    assert_eq!(ask(&json!({"bearer": "of nobody", "counts": list})).await.0, 401);
    let many = vec![count("a", "comments"); 101];
    assert_eq!(ask(&json!({"bearer": anna.bearer(), "counts": many})).await.0, 400);
    assert_eq!(ask(&json!({"bearer": anna.bearer(), "counts": []})).await.0, 400);
}
