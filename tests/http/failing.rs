//! A plugin that fails, or that cannot even be loaded, costs its own place in the page.

use serde_json::{Value, json};
use stoa_tests::{TestApp, hostile};

/// A session with a view of the comments and one of the hostile plugin; what comes for both.
async fn both(app: &TestApp, lang: &str, case: &str) -> [Value; 2] {
    let element =
        |plugin: &str, p: &str| json!({"plugin": plugin, "page": "p", "title": "P", "url": "", "p": p});
    let views = [element("comments", ""), element("hostile", &format!("case={case}"))];
    let body = json!({"token": null, "lang": lang, "views": views});
    let answer = app.request("POST", "/v1/sites/demo/session").body(body.to_string()).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    let answer: Value = answer.json().await.unwrap();
    [answer["views"][0].clone(), answer["views"][1].clone()]
}

/// What may be said of a plugin that failed: no word of why.
fn assert_failed(problem: &Value, detail: &str) {
    assert_eq!(
        (problem["status"].as_u64(), problem["code"].as_str(), problem["detail"].as_str()),
        (Some(502), Some("plugin_failed"), Some(detail)),
        "{problem}"
    );
    assert!(problem["hint"].is_null() && problem["request_id"].is_string(), "{problem}");
}

const EN: &str = "This part of the page is not available just now.";
const DE: &str = "Dieser Teil der Seite ist gerade nicht verfügbar.";

#[tokio::test(flavor = "multi_thread")]
async fn a_plugin_that_fails_costs_its_own_place_and_tells_nothing_of_itself() {
    let app = TestApp::start_beside(&[("hostile", hostile())]).await;
    let [comments, well] = both(&app, "en", "").await;
    assert!(comments["html"].is_string() && well["html"].is_string(), "{well}");
    for (case, lang, detail) in
        [("panic", "en", EN), ("bomb", "de", DE), ("loop", "en", EN), ("deep", "en", EN)]
    {
        let [comments, failed] = both(&app, lang, case).await;
        assert!(comments["html"].is_string(), "{case}: {comments}");
        assert_failed(&failed["problem"], detail);
    }
    let address = "/v1/sites/demo/plugins/hostile/view?page=p&p=case%3Dpanic";
    let alone = app.request("GET", address).send().await.unwrap();
    assert_eq!(alone.status().as_u16(), 502);
    assert_eq!(alone.headers()["content-type"], "application/problem+json");
    // The fifth failure opened its breaker: it rests, and the comments do not.
    let resting = app.request("GET", "/v1/sites/demo/plugins/hostile/view?page=p").send().await.unwrap();
    assert_eq!(resting.status().as_u16(), 502);
    assert!(resting.headers().contains_key("retry-after"));
    app.anna().await.comment("p", "Still here").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plugin_whose_file_is_broken_is_not_available_and_the_others_are() {
    let app = TestApp::start_beside(&[("hostile", b"not wasm")]).await;
    let [comments, failed] = both(&app, "en", "").await;
    assert!(comments["html"].is_string(), "{comments}");
    assert_failed(&failed["problem"], EN);
    app.anna().await.comment("p", "Still here").await;
}
