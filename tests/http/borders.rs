//! Headers, origins and assets: what every answer carries.

use std::time::Duration;

use stoa_tests::{INTRANET, TestApp};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

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
        let header = answer
            .headers()
            .get("access-control-allow-origin")
            .map(|value| value.to_str().unwrap().to_owned());
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

/// A connection that has sent this and nothing else.
async fn connect(app: &TestApp, sent: &str) -> TcpStream {
    let mut stream = TcpStream::connect(app.url.trim_start_matches("http://")).await.unwrap();
    stream.write_all(sent.as_bytes()).await.unwrap();
    stream
}

/// What is answered until the host ends the connection.
async fn rest(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut answer)).await;
    // A reset ends a connection too.
    drop(read.expect("the host ends the connection"));
    String::from_utf8(answer).unwrap()
}

const HALF_LIVE: &str =
    "POST /v1/sites/demo/live HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{\"views\"";
const HALF_SESSION: &str =
    "POST /v1/sites/demo/session HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{\"views\"";

#[tokio::test]
async fn a_connection_that_stands_still_is_given_up() {
    let app = TestApp::start_host("[connections]\nidle_ms = 50\nbody_ms = 50", "", "").await;
    for (sent, answered) in [
        ("", ""),
        ("GET /healthz HT", ""),
        ("GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ", ""),
        ("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 200"),
        (HALF_LIVE, "HTTP/1.1 408"),
        (HALF_SESSION, "HTTP/1.1 408"),
    ] {
        let answer = rest(connect(&app, sent).await).await;
        assert!(answer.starts_with(answered), "{sent:?}: {answer}");
    }
}

#[tokio::test]
async fn one_address_has_so_many_connections_and_gets_back_what_it_closes() {
    let app = TestApp::start_host("[connections]\nper_client = 2", "", "").await;
    let get = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
    let mut first = connect(&app, get).await;
    let mut second = connect(&app, get).await;
    for stream in [&mut first, &mut second] {
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"HTTP/1.1 200");
    }
    assert_eq!(rest(connect(&app, "").await).await, "");
    drop(first);
    let wait = async {
        loop {
            let once = "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
            if rest(connect(&app, once).await).await.starts_with("HTTP/1.1 200") {
                return;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), wait).await.expect("a place is free again");
}

#[tokio::test]
async fn behind_a_trusted_proxy_each_client_has_so_many_requests_at_a_time() {
    let host = "trusted_proxies = [\"127.0.0.1\"]\n[connections]\nper_client = 1";
    let app = TestApp::start_host(host, "", "").await;
    let live = async |client: &str| {
        let view = serde_json::json!({"id": "1", "plugin": "comments", "page": "p", "rev": ""});
        let body = serde_json::json!({"views": [view]}).to_string();
        let request = app.request("POST", "/v1/sites/demo/live").header("X-Forwarded-For", client).body(body);
        request.send().await.unwrap()
    };
    let open = live("192.0.2.1").await;
    assert_eq!(open.status().as_u16(), 200);
    let refused = live("192.0.2.1").await;
    assert_eq!(refused.status().as_u16(), 429);
    assert!(refused.headers().contains_key("retry-after"));
    assert_eq!(live("192.0.2.2").await.status().as_u16(), 200);
}

#[tokio::test]
async fn half_a_request_does_not_keep_the_host_from_ending() {
    let app = TestApp::start().await;
    let mut open = Vec::new();
    for sent in ["", "GET /healthz HTTP/1.1\r\nHo", HALF_LIVE, HALF_SESSION] {
        open.push(connect(&app, sent).await);
    }
    // Connections are accepted in their order: when this one is answered, the others have been.
    let last = connect(&app, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await;
    let mut answer = [0; 12];
    open.push(last);
    open.last_mut().unwrap().read_exact(&mut answer).await.unwrap();
    app.stop().await;
}
