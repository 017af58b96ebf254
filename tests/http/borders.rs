//! Headers, origins and assets: what every answer carries.

use stoa_tests::{INTRANET, TestApp};

#[tokio::test]
async fn origins_are_compared_whole() {
    let app = TestApp::start().await;
    for (origin, allowed) in [
        (INTRANET, true),
        ("http://intranet.localhost:41000", false),
        ("http://evil-intranet.localhost:4100", false),
        ("http://intranet.localhost", false),
        ("https://intranet.localhost:4100", false),
        ("null", false),
    ] {
        let answer = app
            .client_for(origin)
            .get(format!("{}/v1/sites/demo/plugins/comments/view?page=p", app.url))
            .send()
            .await
            .unwrap();
        let header = answer.headers().get("access-control-allow-origin").map(|value| value.to_str().unwrap().to_owned());
        assert_eq!(header.as_deref() == Some(origin), allowed, "{origin}: {header:?}");
        assert_eq!(answer.status().as_u16(), if allowed { 200 } else { 403 }, "{origin}");
        assert!(answer.headers().get("access-control-allow-credentials").is_none());
    }
}

#[tokio::test]
async fn a_preflight_is_answered_for_two_hours() {
    let app = TestApp::start().await;
    let answer = app
        .request("OPTIONS", "/v1/sites/demo/plugins/comments/act")
        .header("Access-Control-Request-Method", "POST")
        .header("Access-Control-Request-Headers", "authorization,content-type,idempotency-key")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.headers()["access-control-max-age"], "7200");
    assert!(answer.headers()["vary"].to_str().unwrap().to_ascii_lowercase().contains("origin"));
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let app = TestApp::start().await;
    for path in [
        "/v1/sites/demo/plugins/comments/view?page=p",
        "/t/demo/comments?page=p",
        "/embed.js",
        "/healthz",
        "/nothing",
    ] {
        let answer = app.request("GET", path).send().await.unwrap();
        let header = |name: &str| {
            answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
        };
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert!(header("content-security-policy").contains("default-src 'none'"), "{path}");
        assert!(!header("referrer-policy").is_empty(), "{path}");
        assert!(!header("x-request-id").is_empty(), "{path}");
    }
}

#[tokio::test]
async fn assets_are_named_by_their_content_and_kept_for_a_year() {
    let app = TestApp::start().await;
    let session = app.request("POST", "/v1/sites/demo/session").body(r#"{"token":null,"views":[]}"#);
    let session: serde_json::Value = session.send().await.unwrap().json().await.unwrap();
    let runtime = session["runtime"].as_str().unwrap();
    let answer = app.request("GET", runtime).header("Accept-Encoding", "br").send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    assert_eq!(answer.headers()["content-encoding"], "br");
    assert!(answer.headers()["cache-control"].to_str().unwrap().contains("immutable"));
    assert_eq!(answer.headers()["access-control-allow-origin"], "*");
    let loader = app.request("GET", "/embed.js").send().await.unwrap();
    let etag = loader.headers()["etag"].to_str().unwrap().to_owned();
    let again = app.request("GET", "/embed.js").header("If-None-Match", etag).send().await.unwrap();
    assert_eq!(again.status().as_u16(), 304);
}
