//! Keys that change while the host runs: in files, and at an address.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::http::StatusCode;
use axum::routing::get;
use serde_json::{Value, json};
use stoa_tests::{INTRANET, TestApp};

use super::session::exchange;
use super::vectors::{private_key, sign, vectors};

/// A server of keys, whose documents are changed by the test.
#[derive(Clone)]
struct Issuer {
    url: String,
    /// What it answers; none for an issuer that is down.
    set: Arc<Mutex<Option<String>>>,
    asked: Arc<AtomicUsize>,
}

impl Issuer {
    async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let issuer = Self { url, set: Arc::default(), asked: Arc::default() };
        let (served, described) = (issuer.clone(), issuer.clone());
        let keys = async move || {
            served.asked.fetch_add(1, Ordering::Relaxed);
            served.set.lock().unwrap().clone().ok_or(StatusCode::SERVICE_UNAVAILABLE)
        };
        let description = async move || {
            json!({"issuer": described.url, "jwks_uri": format!("{}/keys", described.url)}).to_string()
        };
        let router = axum::Router::new()
            .route("/keys", get(keys))
            .route("/.well-known/openid-configuration", get(description));
        tokio::spawn(async move { axum::serve(listener, router).await });
        issuer
    }

    /// Answer with the public keys of the vectors for these algorithms, by these names; with none, be down.
    fn answer(&self, keys: &[(&str, &str)]) {
        let vectors = vectors();
        let named = |(algorithm, kid): &(&str, &str)| {
            let mut jwk = vectors["keys"][*algorithm]["jwk"].clone();
            jwk["kid"] = json!(kid);
            jwk
        };
        let set = json!({"keys": keys.iter().map(named).collect::<Vec<_>>()}).to_string();
        *self.set.lock().unwrap() = (!keys.is_empty()).then_some(set);
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }

    async fn host(&self) -> TestApp {
        let url = &self.url;
        TestApp::start_with(
            &format!("[[sites.issuers]]\nissuer = \"{url}\"\njwks_url = \"{url}/keys\"\n"),
            "",
        )
        .await
    }

    /// A token by the private key of the vectors for `algorithm`, with this name of a key.
    fn token(&self, app: &TestApp, algorithm: &str, kid: &str) -> Value {
        let mut claims = app.claims("demo", "anna", "Anna", &[]);
        claims["iss"] = json!(self.url);
        let token =
            sign(&json!({"alg": algorithm, "kid": kid}), &claims, &private_key(&vectors(), algorithm));
        json!({"token": token})
    }
}

/// The status, and the code of the problem.
async fn outcome(app: &TestApp, body: Value) -> (u16, String) {
    let (status, answer) = exchange(app, "demo", &body).await;
    (status, answer["code"].as_str().unwrap_or_default().to_owned())
}

fn fine() -> (u16, String) {
    (200, String::new())
}

fn refused(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

#[tokio::test]
async fn a_new_key_at_the_address_is_found_by_the_first_token_that_names_it() {
    let issuer = Issuer::start().await;
    issuer.answer(&[("EdDSA", "k1")]);
    let app = issuer.host().await;
    assert_eq!(issuer.asked(), 0, "nothing is fetched before it is needed");
    assert_eq!(outcome(&app, issuer.token(&app, "EdDSA", "k1")).await, fine());
    for _ in 0..5 {
        assert_eq!(outcome(&app, issuer.token(&app, "EdDSA", "k1")).await, fine());
    }
    assert_eq!(issuer.asked(), 1);
    app.clock.advance(Duration::from_secs(60));
    issuer.answer(&[("EdDSA", "k1"), ("ES256", "k2"), ("RS256", "k3")]);
    let tokens: Vec<Value> = [("ES256", "k2"), ("RS256", "k3"), ("EdDSA", "k1")]
        .into_iter()
        .cycle()
        .take(30)
        .map(|(algorithm, kid)| issuer.token(&app, algorithm, kid))
        .collect();
    let all = futures::future::join_all(tokens.into_iter().map(|token| outcome(&app, token))).await;
    assert!(all.iter().all(|one| *one == fine()), "{all:?}");
    assert_eq!(issuer.asked(), 2, "whoever comes at the same time waits for the same keys");
}

#[tokio::test]
async fn a_flood_of_unknown_keys_asks_the_issuer_once_a_minute() {
    let issuer = Issuer::start().await;
    issuer.answer(&[("EdDSA", "k1")]);
    let app = issuer.host().await;
    assert_eq!(outcome(&app, issuer.token(&app, "EdDSA", "k1")).await, fine());
    for minute in 1..=3 {
        app.clock.advance(Duration::from_secs(60));
        for bogus in 0..20 {
            let token = issuer.token(&app, "EdDSA", &format!("bogus-{minute}-{bogus}"));
            assert_eq!(outcome(&app, token).await, refused(401, "token_key"));
            assert_eq!(outcome(&app, issuer.token(&app, "EdDSA", "k1")).await, fine(), "others go on");
        }
        assert_eq!(issuer.asked(), 1 + minute);
    }
}

#[tokio::test]
async fn keys_serve_while_the_issuer_is_down_and_go_when_it_takes_them_away() {
    let issuer = Issuer::start().await;
    let app = issuer.host().await;
    assert_eq!(outcome(&app, issuer.token(&app, "EdDSA", "k1")).await, refused(503, "sign_in_unavailable"));
    issuer.answer(&[("EdDSA", "k1")]);
    assert_eq!(
        outcome(&app, issuer.token(&app, "EdDSA", "k1")).await,
        refused(503, "sign_in_unavailable"),
        "asked again after a minute, not before"
    );
    app.clock.advance(Duration::from_secs(60));
    assert_eq!(outcome(&app, issuer.token(&app, "EdDSA", "k1")).await, fine());
    issuer.answer(&[]);
    for _ in 0..24 {
        app.clock.advance(Duration::from_secs(3_600));
        app.app.renew_keys(false).await;
        assert_eq!(outcome(&app, issuer.token(&app, "EdDSA", "k1")).await, fine());
    }
    let asked = issuer.asked();
    issuer.answer(&[("ES256", "k2")]);
    app.clock.advance(Duration::from_secs(59));
    app.app.renew_keys(false).await;
    assert_eq!(issuer.asked(), asked);
    app.app.renew_keys(true).await;
    assert_eq!(issuer.asked(), asked + 1, "SIGHUP asks at once");
    assert_eq!(outcome(&app, issuer.token(&app, "EdDSA", "k1")).await, refused(401, "token_key"));
    assert_eq!(outcome(&app, issuer.token(&app, "ES256", "k2")).await, fine());
}

#[tokio::test]
async fn what_is_no_set_of_keys_takes_no_keys_away() {
    let issuer = Issuer::start().await;
    issuer.answer(&[("EdDSA", "k1")]);
    let app = issuer.host().await;
    assert_eq!(outcome(&app, issuer.token(&app, "EdDSA", "k1")).await, fine());
    let long = format!("{{\"keys\":[],\"x\":\"{}\"}}", "x".repeat(256 * 1024));
    for odd in
        ["", "<html>sign in</html>", "{\"keys\":[]}", "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"}]}", &long]
    {
        *issuer.set.lock().unwrap() = Some(odd.to_owned());
        app.app.renew_keys(true).await;
        assert_eq!(outcome(&app, issuer.token(&app, "EdDSA", "k1")).await, fine(), "{:.40}", odd);
    }
}

#[tokio::test]
async fn keys_in_files_are_read_again_and_a_broken_file_changes_nothing() {
    let vectors = vectors();
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (folder.path().join("one.secret"), folder.path().join("two.pem"));
    let old = "an old secret that has to go, of 32 bytes or more";
    std::fs::write(&one, old).unwrap();
    std::fs::write(&two, vectors["keys"]["EdDSA"]["public_pem"].as_str().unwrap()).unwrap();
    let key = |kid: &str, algorithm: &str, name: &str, path: &std::path::Path| {
        let path = path.display();
        format!("[[sites.issuers.keys]]\nkid = \"{kid}\"\nalgorithm = \"{algorithm}\"\n{name} = \"{path}\"\n")
    };
    let config = format!(
        "[[sites.issuers]]\nissuer = \"two\"\n{}{}",
        key("one", "HS256", "secret_file", &one),
        key("two", "EdDSA", "key_file", &two)
    );
    let app = TestApp::start_with(&config, "").await;
    let token = |kid: &str, secret: Option<&str>| {
        let mut claims = app.claims("demo", "anna", "Anna", &[]);
        claims["iss"] = json!("two");
        let (algorithm, key) = match secret {
            Some(secret) => ("HS256", jsonwebtoken::EncodingKey::from_secret(secret.as_bytes())),
            None => ("EdDSA", private_key(&vectors, "EdDSA")),
        };
        json!({"token": sign(&json!({"alg": algorithm, "kid": kid}), &claims, &key)})
    };
    assert_eq!(outcome(&app, token("one", Some(old))).await, fine());
    assert_eq!(outcome(&app, token("two", None)).await, fine());
    assert_eq!(outcome(&app, token("two", Some(old))).await, refused(401, "token_algorithm"));
    let new = "a new secret that takes its place, of 32 bytes or more";
    for odd in ["", "short", "\n\n"] {
        std::fs::write(&one, odd).unwrap();
        app.app.renew_keys(false).await;
        assert_eq!(outcome(&app, token("one", Some(old))).await, fine(), "{odd:?} is no secret");
    }
    std::fs::write(&one, format!("{new}\n")).unwrap();
    assert_eq!(outcome(&app, token("one", Some(new))).await, refused(401, "token_signature"), "not read yet");
    app.app.renew_keys(false).await;
    assert_eq!(outcome(&app, token("one", Some(new))).await, fine());
    assert_eq!(outcome(&app, token("one", Some(old))).await, refused(401, "token_signature"));
    assert_eq!(outcome(&app, token("two", None)).await, fine());
}

#[tokio::test]
async fn a_provider_is_found_by_its_description_and_an_id_token_signs_in() {
    let issuer = Issuer::start().await;
    issuer.answer(&[("RS256", "k1")]);
    let url = &issuer.url;
    let config = format!(
        "[[sites.issuers]]\nissuer = \"{url}\"\nkind = \"oidc\"\nclient_id = \"widgets\"\n[sites.issuers.roles]\neditors = \"moderator\"\n"
    );
    let app = TestApp::start_with(&config, "").await;
    let now = app.clock.now() / 1_000_000;
    let claims = json!({"iss": url, "aud": "widgets", "sub": "erin", "iat": now, "exp": now + 3_600,
        "name": "Erin Editor", "groups": ["editors"], "nonce": "n"});
    let header = json!({"alg": "RS256", "kid": "k1"});
    let token = sign(&header, &claims, &private_key(&vectors(), "RS256"));
    for _ in 0..60 {
        let (status, answer) = exchange(&app, "demo", &json!({"token": token})).await;
        assert_eq!((status, &answer["person"]["name"]), (200, &json!("Erin Editor")), "{answer}");
    }
    assert_eq!(outcome(&app, json!({"token": token})).await, fine());
    let elsewhere =
        app.client_for("http://elsewhere.example").post(format!("{}/v1/sites/demo/session", app.url));
    let answer = elsewhere.body(json!({"token": token}).to_string()).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 403, "{INTRANET} alone is on the list");
    // Another site of the same host has no such issuer.
    let (status, problem) = exchange(&app, "other", &json!({"token": token})).await;
    assert_eq!((status, &problem["code"]), (401, &json!("token_issuer")));
    app.clock.advance(Duration::from_secs(3_661));
    assert_eq!(outcome(&app, json!({"token": token})).await, refused(401, "token_expired"));
}
