//! A plugin that fails, or that cannot even be loaded, costs its own place in the page.

use serde_json::{Value, json};
use stoa_tests::{Actor, TestApp, hostile, post_id, sample, token_for, with_manifest};

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

/// Shares a tip as Anna; what Ben is told when he says that it helped.
async fn refused(app: &TestApp) -> Value {
    let view = |who: &Actor<'_>| who.request("GET", "/v1/sites/demo/plugins/tips/view?page=p").send();
    let act = |who: &Actor<'_>, fields: Value| {
        let body = json!({"page": "p", "title": "P", "url": "", "p": "", "fields": fields});
        let request = who.request("POST", "/v1/sites/demo/plugins/tips/act");
        request.header("Idempotency-Key", uuid::Uuid::new_v4().to_string()).json(&body).send()
    };
    let (anna, ben) = (app.anna().await, app.ben().await);
    let html = view(&anna).await.unwrap().text().await.unwrap();
    let token = token_for(&html, "share", None).unwrap();
    let shared = act(&anna, json!({"do": "share", "t": token, "s": "", "body": "Book trains early."})).await;
    assert_eq!(shared.unwrap().status().as_u16(), 200);
    let html = view(&ben).await.unwrap().text().await.unwrap();
    let tip = post_id(&html, "Book trains early.").unwrap();
    let token = token_for(&html, "helped", Some(&tip)).unwrap();
    let answer = act(&ben, json!({"do": "helped", "t": token, "s": tip, "value": "on"})).await.unwrap();
    assert_eq!(answer.status().as_u16(), 403);
    answer.json().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn why_something_is_refused_is_told_in_the_page_while_developing_and_never_otherwise() {
    // What the manifest asks for and nobody has granted.
    let site = "[sites.plugins.tips]\ngrants = [\"entries\", \"entries-write\"]\n";
    let tips = sample("tips");
    let plugins = [("tips", tips.as_slice())];
    let used = refused(&TestApp::start_using(site, &plugins).await).await;
    assert_eq!(used["detail"], "You cannot do this here.");
    let developed = refused(&TestApp::start_developing(site, &plugins).await).await;
    assert_eq!(developed["detail"], "You cannot do this here. [`marks-write` is not granted]");
}

#[tokio::test(flavor = "multi_thread")]
async fn why_a_plugin_failed_is_told_in_the_page_while_developing() {
    let site = "[sites.plugins.hostile]\ngrants = []\n";
    let app = TestApp::start_developing(site, &[("hostile", hostile())]).await;
    // More often than what lets a plugin rest where people use it.
    for _ in 0..6 {
        let [_, failed] = both(&app, "en", "panic").await;
        let detail = failed["problem"]["detail"].as_str().unwrap();
        assert!(detail.starts_with(EN) && detail.contains("unreachable"), "{detail}");
    }
    let [_, well] = both(&app, "en", "").await;
    assert!(well["html"].is_string(), "{well}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_widget_of_the_whole_site_is_the_same_on_every_page() {
    let site = "[sites.plugins.tips]\ngrants = [\"entries\", \"entries-write\", \"marks-write\"]\n";
    let points = "extension_points = [\"widget\"]";
    let tips = with_manifest(&sample("tips"), points, &format!("{points}\nplace = \"site\""));
    let app = TestApp::start_using(site, &[("tips", &tips)]).await;
    let anna = app.anna().await;
    let see = async |page: &str| {
        let address = format!("/v1/sites/demo/plugins/tips/view?page={page}&title=T&url=");
        let answer = anna.request("GET", &address).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 200, "{page}");
        answer.text().await.unwrap()
    };
    let token = token_for(&see("one").await, "share", None).unwrap();
    // Offered on one page, done from another: it is the same place.
    let fields = json!({"do": "share", "t": token, "s": "", "body": "Book trains early."});
    let body = json!({"page": "two", "title": "Two", "url": "", "p": "", "fields": fields});
    let request = anna.request("POST", "/v1/sites/demo/plugins/tips/act").header("Idempotency-Key", "k");
    assert_eq!(request.json(&body).send().await.unwrap().status().as_u16(), 200);
    for page in ["one", "two", "three", ""] {
        assert!(see(page).await.contains("Book trains early."), "{page}");
    }
    // Other plugins still need a page.
    let nowhere = anna.request("GET", "/v1/sites/demo/plugins/comments/view?page=").send().await.unwrap();
    assert_eq!(nowhere.status().as_u16(), 400);
    let plain = app.request("GET", "/t/demo/tips").send().await.unwrap();
    assert!(plain.text().await.unwrap().contains("Book trains early."));
}
