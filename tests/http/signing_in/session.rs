//! The embedding page vouches; the host answers with a short session and the first views.

use serde_json::{Value, json};
use stoa_tests::TestApp;

pub(super) async fn exchange(app: &TestApp, site: &str, body: &Value) -> (u16, Value) {
    let request = app.request("POST", &format!("/v1/sites/{site}/session")).body(body.to_string());
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

#[tokio::test]
async fn one_request_signs_in_and_shows_every_view_of_the_page() {
    let app = TestApp::start().await;
    let token = app.sign(&app.claims("demo", "anna", "Anna Bergmann", &["leader"]));
    let view =
        json!({"plugin": "comments", "page": "policies/travel", "title": "Travel", "url": "", "p": ""});
    let body = json!({"token": token, "lang": "de", "views": [view]});
    let (status, answer) = exchange(&app, "demo", &body).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["person"]["name"], "Anna Bergmann");
    assert_eq!(answer["expires_in"], 600);
    let html = answer["views"][0]["html"].as_str().unwrap();
    assert!(html.contains("lang=\"de\"") && html.contains("<textarea"), "{html}");
    assert!(answer["css"]["text"].as_str().unwrap().contains(".post"));
    let again = json!({"token": token, "lang": "de", "css": answer["css"]["hash"], "views": []});
    let (_, answer) = exchange(&app, "demo", &again).await;
    assert!(answer["css"].is_null(), "the browser has the styles already");
}

#[tokio::test]
async fn a_token_that_does_not_hold_is_refused_and_the_claim_is_named() {
    let app = TestApp::start().await;
    let good = app.claims("demo", "anna", "Anna", &[]);
    let with = |name: &str, value: Value| {
        let mut claims = good.clone();
        claims[name] = value;
        claims
    };
    let now = app.clock.now() / 1_000_000;
    for (claims, named) in [
        (with("aud", json!("other")), "aud"),
        (with("iss", json!("http://elsewhere.example")), "iss"),
        (with("exp", json!(now - 61)), "exp"),
        (with("sub", json!("")), "sub"),
        (with("jti", Value::Null), "jti"),
        (with("origin", json!("http://evil.example")), "origin"),
    ] {
        let (status, problem) =
            exchange(&app, "demo", &json!({"token": app.sign(&claims), "views": []})).await;
        assert_eq!(status, 401, "{problem}");
        assert!(problem["reason"].as_str().unwrap().contains(named), "{named}: {problem}");
        assert!(!problem["detail"].as_str().unwrap().contains('`'), "{named}: {problem}");
        assert!(problem["request_id"].is_string(), "{problem}");
    }
}

#[tokio::test]
async fn a_session_ends_after_ten_minutes_and_stays_with_its_origin() {
    let app = TestApp::start().await;
    let anna = app.anna().await;
    assert_eq!(anna.see("p", "").await.status, 200);
    let elsewhere = app
        .client_for("http://elsewhere.example")
        .get(format!("{}/v1/sites/demo/plugins/comments/view?page=p", app.url))
        .bearer_auth(anna.bearer().unwrap())
        .send()
        .await
        .unwrap();
    assert_eq!(elsewhere.status().as_u16(), 403);
    app.clock.advance(std::time::Duration::from_secs(601));
    let late = anna.see("p", "").await;
    assert_eq!(late.status, 401);
    assert!(late.html.contains("session_ended"), "{}", late.html);
}

#[tokio::test]
async fn people_are_told_in_their_language_what_is_wrong() {
    let app = TestApp::start_with("", "").await;
    let view = json!({"plugin": "nothing", "page": "p"});
    for (lang, token, element) in [
        ("de", "Die Anmeldung hat hier nicht geklappt", "Dieser Teil der Seite"),
        ("en", "You could not be signed in here", "This part of the page"),
    ] {
        let (_, problem) = exchange(&app, "demo", &json!({"token": "x", "lang": lang})).await;
        assert!(problem["detail"].as_str().unwrap().starts_with(token), "{problem}");
        assert!(problem["reason"].as_str().unwrap().contains("JWT"), "{problem}");
        let styles = problem["css"]["text"].as_str().unwrap();
        assert!(styles.contains(".notice"), "an element can show it: {styles}");
        let (_, answer) = exchange(&app, "demo", &json!({"lang": lang, "views": [view]})).await;
        let problem = &answer["views"][0]["problem"];
        assert!(problem["detail"].as_str().unwrap().starts_with(element), "{problem}");
    }
    let ended = |path: &str, language: &str| {
        let request =
            app.request("GET", path).bearer_auth("no such bearer").header("Accept-Language", language);
        async move { request.send().await.unwrap().json::<Value>().await.unwrap()["detail"].to_string() }
    };
    let path = "/v1/sites/demo/plugins/comments/view?page=p";
    assert!(ended(path, "de-AT,de;q=0.9").await.contains("Anmeldung ist abgelaufen"));
    assert!(ended(path, "en").await.contains("no longer signed in"));
    assert!(ended(&format!("{path}&lang=de"), "en").await.contains("Anmeldung ist abgelaufen"));
}

#[tokio::test]
async fn signing_out_ends_the_bearer() {
    let app = TestApp::start().await;
    let anna = app.anna().await;
    let path = "/v1/sites/demo/session";
    assert_eq!(app.nobody().request("DELETE", path).send().await.unwrap().status().as_u16(), 401);
    assert_eq!(anna.see("p", "").await.status, 200);
    assert_eq!(anna.request("DELETE", path).send().await.unwrap().status().as_u16(), 204);
    assert_eq!(anna.see("p", "").await.status, 401);
    assert_eq!(anna.request("DELETE", path).send().await.unwrap().status().as_u16(), 401);
    let preflight = app.request("OPTIONS", path).header("Access-Control-Request-Method", "DELETE");
    let allowed = preflight.send().await.unwrap().headers()["access-control-allow-methods"].clone();
    assert!(allowed.to_str().unwrap().contains("DELETE"));
}

#[tokio::test]
async fn a_token_signs_in_so_often_and_others_keep_their_sessions() {
    let app = TestApp::start().await;
    let ben = app.ben().await;
    let token = app.sign(&app.claims("demo", "anna", "Anna", &[]));
    let body = json!({"token": token, "views": []});
    for _ in 0..50 {
        assert_eq!(exchange(&app, "demo", &body).await.0, 200);
    }
    let (status, problem) = exchange(&app, "demo", &body).await;
    assert_eq!((status, problem["code"].as_str()), (401, Some("token_used_up")), "{problem}");
    assert_eq!(ben.see("p", "").await.status, 200);
}

#[tokio::test]
async fn roles_that_a_newer_token_takes_away_are_gone_from_every_session() {
    let app = TestApp::start().await;
    let anna = app.anna().await;
    let (mia, earlier) = (app.mia().await, app.mia().await);
    let comment = anna.comment("p", "Hello").await;
    let asked = format!("host-remove={comment}");
    let offered = |html: &str| stoa_tests::token_for(html, "host-remove", Some(&comment)).is_some();
    assert!(offered(&earlier.see("p", &asked).await.html));
    // In the same second as the token that gave the role.
    app.sign_in("mia", "Mia Moderatorin", &[]).await;
    for session in [&mia, &earlier] {
        let html = session.see("p", &asked).await.html;
        assert!(!offered(&html), "{html}");
    }
}

#[tokio::test]
async fn the_intranet_signs_somebody_out_of_every_session() {
    let app = TestApp::start().await;
    let (one, two, ben) = (app.anna().await, app.anna().await, app.ben().await);
    let out = async |token: &str| {
        let request = reqwest::Client::new().delete(format!("{}/v1/sites/demo/session", app.url));
        request.bearer_auth(token).send().await.unwrap().status().as_u16()
    };
    assert_eq!(out(&app.sign(&app.claims("other", "anna", "Anna", &[]))).await, 401);
    assert_eq!(one.see("p", "").await.status, 200);
    assert_eq!(out(&app.sign(&app.claims("demo", "anna", "Anna", &[]))).await, 204);
    assert_eq!((one.see("p", "").await.status, two.see("p", "").await.status), (401, 401));
    assert_eq!(ben.see("p", "").await.status, 200);
}

#[tokio::test]
async fn an_empty_token_is_somebody_who_is_not_signed_in() {
    let app = TestApp::start().await;
    for empty in ["", " ", "\n"] {
        let (status, answer) = exchange(&app, "demo", &json!({"token": empty, "views": []})).await;
        assert_eq!(status, 200, "{answer}");
        assert!(answer["bearer"].is_null() && answer["person"].is_null(), "{answer}");
    }
    let form = app.request("POST", "/plain/demo/comments?page=p").form(&[("token", "")]);
    let answer = form.send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 303);
    assert_eq!(answer.headers()["location"], "/t/demo/comments?page=p");
    let cookie = answer.headers()["set-cookie"].to_str().unwrap();
    assert!(
        cookie.starts_with("__Host-stoa=; Max-Age=0;"),
        "whoever was signed in before is not any more: {cookie}"
    );
}

#[tokio::test]
async fn elements_without_a_key_get_that_of_their_pages_address() {
    let app = TestApp::start().await;
    let answered = async |url: &str, view: Value| {
        let (status, answer) =
            exchange(&app, "demo", &json!({"url": url, "title": "T", "views": [view]})).await;
        assert_eq!(status, 200, "{answer}");
        answer["views"][0].clone()
    };
    let of = |page: &str| json!({"plugin": "comments", "page": page});
    for (url, key) in [
        ("http://intranet.example/a/b", "/a/b"),
        ("http://intranet.example/doku.php?id=x&utm_source=y", "/doku.php?id=x"),
        ("http://intranet.example/doku.php?id=y", "/doku.php?id=y"),
    ] {
        assert_eq!(answered(url, of("")).await["page"], key);
        assert_eq!(answered(url, of("own")).await["page"], "own", "a key of its own wins");
    }
    let long = format!("http://intranet.example/?{}", "x".repeat(300));
    let problem = answered(&long, of("")).await["problem"].clone();
    assert!(problem["hint"].as_str().unwrap().contains("`page`"), "{problem}");
    assert!(problem["detail"].as_str().unwrap().starts_with("This part of the page"), "{problem}");
    let thanks = json!({"plugin": "comments", "page": "p", "p": "sort=oldest", "scope": "site", "for": ""});
    assert_eq!(answered("", thanks).await["p"], "sort=oldest&scope=site");
}

#[tokio::test]
async fn who_signs_out_in_a_page_is_nobody_in_the_same_request() {
    let app = TestApp::start().await;
    let anna = app.anna().await;
    let view = json!({"plugin": "comments", "page": "p"});
    let body = json!({"token": "", "out": anna.bearer(), "views": [view]});
    let (status, answer) = exchange(&app, "demo", &body).await;
    assert_eq!(status, 200, "{answer}");
    assert!(answer["bearer"].is_null() && answer["person"].is_null(), "{answer}");
    assert_eq!(anna.see("p", "").await.status, 401, "the bearer has ended");
    let (status, _) = exchange(&app, "demo", &json!({"out": 1, "views": []})).await;
    assert_eq!(status, 200, "there was none to end");
}

#[tokio::test]
async fn a_refused_page_may_read_why_and_nothing_else() {
    let app = TestApp::start().await;
    let elsewhere = app.client_for("http://elsewhere.example");
    for (site, code) in [("demo", "origin_not_allowed"), ("nowhere", "unknown_site")] {
        let request = elsewhere.post(format!("{}/v1/sites/{site}/session", app.url)).body("{}");
        let answer = request.header("Accept-Language", "de").send().await.unwrap();
        assert_eq!(answer.headers()["access-control-allow-origin"], "*");
        let problem: Value = answer.json().await.unwrap();
        assert_eq!(problem["code"], code);
        assert!(problem["detail"].as_str().unwrap().starts_with("Dieser Teil der Seite"), "{problem}");
    }
}
