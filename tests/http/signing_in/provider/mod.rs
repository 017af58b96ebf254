//! Signing in at an OpenID provider from the host's own pages, and signed out by it.

mod lti;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::http::StatusCode;
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use stoa_tests::{INTRANET, TestApp};

use crate::signing_in::session::exchange;
use crate::signing_in::vectors::{private_key, sign, vectors};

/// What the provider answers to the next code, and what it was asked.
#[derive(Default)]
struct Till {
    answer: Option<Value>,
    forms: Vec<Vec<(String, String)>>,
    basic: Vec<String>,
}

/// A provider whose answers the test decides on.
struct Provider {
    url: String,
    till: Arc<Mutex<Till>>,
}

/// A browser on its way through a sign-in.
struct Begun {
    ticket: String,
    asked: Vec<(String, String)>,
}

impl Begun {
    fn asked(&self, name: &str) -> &str {
        self.asked.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}

struct Told {
    status: u16,
    location: String,
    cookies: Vec<String>,
    html: String,
}

impl Told {
    fn cookie(&self, name: &str) -> String {
        let start = format!("{name}=");
        let line = self.cookies.iter().find(|line| line.starts_with(&start)).cloned().unwrap_or_default();
        line.trim_start_matches(&start).split(';').next().unwrap_or_default().to_owned()
    }
}

impl Provider {
    async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let till = Arc::<Mutex<Till>>::default();
        let description = json!({
            "issuer": url, "jwks_uri": format!("{url}/keys"), "token_endpoint": format!("{url}/token"),
            "authorization_endpoint": format!("{url}/auth?tenant=1"), "authorization_response_iss_parameter_supported": true,
        });
        let mut jwk = vectors()["keys"]["EdDSA"]["jwk"].clone();
        jwk["kid"] = json!("k1");
        let (keys, described, asked) =
            (json!({"keys": [jwk]}).to_string(), description.to_string(), till.clone());
        let token = async move |headers: axum::http::HeaderMap, body: String| {
            let mut till = asked.lock().unwrap();
            let form = reqwest::Url::parse(&format!("http://x/?{body}")).unwrap();
            till.forms.push(form.query_pairs().map(|(name, value)| (name.into(), value.into())).collect());
            till.basic.push(
                headers
                    .get("authorization")
                    .map(|value| value.to_str().unwrap().to_owned())
                    .unwrap_or_default(),
            );
            let refused = (StatusCode::BAD_REQUEST, "{\"error\": \"invalid_grant\"}".to_owned());
            till.answer.take().map(|answer| answer.to_string()).ok_or(refused)
        };
        let router = axum::Router::new()
            .route("/keys", get(async move || keys.clone()))
            .route("/.well-known/openid-configuration", get(async move || described.clone()))
            .route("/token", post(token));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, till }
    }

    fn site(&self, more: &str) -> String {
        let url = &self.url;
        format!(
            "[[sites.issuers]]\nissuer = \"{url}\"\nkind = \"oidc\"\nclient_id = \"stoa\"\nsign_in = true\n{more}\n"
        )
    }

    fn signed(&self, claims: &Value) -> String {
        sign(&json!({"alg": "EdDSA", "kid": "k1"}), claims, &private_key(&vectors(), "EdDSA"))
    }

    fn claims(&self, app: &TestApp, more: Value) -> Value {
        let now = app.clock.now() / 1_000_000;
        let mut claims = json!({
            "iss": self.url, "aud": "stoa", "sub": "e1", "iat": now, "exp": now + 300, "name": "Erin Editor", "sid": "s1",
        });
        for (name, value) in more.as_object().unwrap() {
            claims[name] = value.clone();
        }
        claims
    }

    fn logout(&self, app: &TestApp, more: Value) -> String {
        let mut claims = json!({
            "jti": uuid::Uuid::new_v4().to_string(), "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
        });
        for (name, value) in more.as_object().unwrap() {
            claims[name] = value.clone();
        }
        let mut claims = self.claims(app, claims);
        claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        claims.as_object_mut().unwrap().remove("name");
        sign(
            &json!({"alg": "EdDSA", "kid": "k1", "typ": "logout+jwt"}),
            &claims,
            &private_key(&vectors(), "EdDSA"),
        )
    }

    /// The provider's next answer to a code: an ID token with these claims.
    fn will_answer(&self, claims: &Value) {
        self.till.lock().unwrap().answer =
            Some(json!({"access_token": "x", "token_type": "Bearer", "id_token": self.signed(claims)}));
    }
}

async fn fetch(app: &TestApp, path: &str, cookie: &str) -> Told {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let answer = client.get(format!("{}{path}", app.url)).header("cookie", cookie).send().await.unwrap();
    let text = |name: &str| {
        answer
            .headers()
            .get_all(name)
            .iter()
            .map(|value| value.to_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let (location, cookies) = (text("location").concat(), text("set-cookie"));
    Told { status: answer.status().as_u16(), location, cookies, html: answer.text().await.unwrap() }
}

async fn begin(app: &TestApp, to: &str) -> Begun {
    let told = fetch(app, &format!("/signin/demo?to={to}"), "").await;
    assert_eq!(told.status, 303, "{}", told.html);
    let url = reqwest::Url::parse(&told.location).unwrap();
    let asked = url.query_pairs().map(|(name, value)| (name.into(), value.into())).collect();
    Begun { ticket: told.cookie("__Host-stoa-sign-in"), asked }
}

async fn end(app: &TestApp, begun: &Begun, provider: &Provider, code: &str) -> Told {
    let query = format!("code={code}&state={}&iss={}", begun.asked("state"), provider.url);
    back(app, begun, &query).await
}

async fn back(app: &TestApp, begun: &Begun, query: &str) -> Told {
    fetch(app, &format!("/signin/demo/back?{query}"), &format!("__Host-stoa-sign-in={}", begun.ticket)).await
}

const PAGE: &str = "%2Ft%2Fdemo%2Fcomments%3Fpage%3Dx";

/// Somebody who has signed in: the cookie.
async fn signed_in(app: &TestApp, provider: &Provider, more: Value) -> String {
    let begun = begin(app, PAGE).await;
    let mut claims = provider.claims(app, more);
    claims["nonce"] = json!(begun.asked("nonce"));
    provider.will_answer(&claims);
    let told = end(app, &begun, provider, "c1").await;
    assert_eq!((told.status, told.location.as_str()), (303, "/t/demo/comments?page=x"), "{}", told.html);
    format!("__Host-stoa={}", told.cookie("__Host-stoa"))
}

async fn is_signed_in(app: &TestApp, cookie: &str) -> bool {
    fetch(app, "/t/demo/comments?page=x", cookie).await.html.contains("Erin Editor")
}

#[tokio::test]
async fn somebody_signs_in_by_code_and_pkce_and_out_again() {
    let provider = Provider::start().await;
    let app = TestApp::start_with(&provider.site("client_secret_file = \"scim.secret\""), "").await;
    let nobody = fetch(&app, "/t/demo/comments?page=x", "").await;
    assert!(nobody.html.contains(&format!("/signin/demo?to={PAGE}")), "a link leads there: {}", nobody.html);
    let begun = begin(&app, PAGE).await;
    for (name, value) in [
        ("tenant", "1"),
        ("response_type", "code"),
        ("client_id", "stoa"),
        ("redirect_uri", &format!("{}/signin/demo/back", app.url)),
        ("scope", "openid profile email"),
        ("code_challenge_method", "S256"),
    ] {
        assert_eq!(begun.asked(name), value);
    }
    assert!(begun.asked("state").len() == 43 && begun.asked("nonce").len() == 43);
    let mut claims = provider.claims(&app, json!({}));
    claims["nonce"] = json!(begun.asked("nonce"));
    provider.will_answer(&claims);
    let told = end(&app, &begun, &provider, "c1").await;
    assert_eq!((told.status, told.location.as_str()), (303, "/t/demo/comments?page=x"), "{}", told.html);
    let line = told.cookies.iter().find(|line| line.starts_with("__Host-stoa=")).unwrap();
    assert!(line.ends_with("Max-Age=28800; Path=/; Secure; HttpOnly; SameSite=Lax"), "{line}");
    let cookie = format!("__Host-stoa={}", told.cookie("__Host-stoa"));
    assert!(is_signed_in(&app, &cookie).await);
    {
        let till = provider.till.lock().unwrap();
        let sent = |name: &str| {
            till.forms[0]
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, value)| value.clone())
                .unwrap_or_default()
        };
        assert_eq!((sent("code").as_str(), sent("grant_type").as_str()), ("c1", "authorization_code"));
        let mut verified = sha256(&sent("code_verifier"));
        assert_eq!(verified, begun.asked("code_challenge"));
        verified = sent("client_secret");
        assert!(verified.is_empty() && till.basic[0].starts_with("Basic "), "the secret is in the header");
    }
    app.clock.advance(Duration::from_secs(7 * 3_600));
    assert!(is_signed_in(&app, &cookie).await, "a working day");
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let out = |site: &'static str| {
        let request = client.post(format!("{}/signin/demo/out", app.url)).header("cookie", &cookie);
        request.header("sec-fetch-site", site).body("to=%2Ft%2Fdemo%2Fcomments%3Fpage%3Dx")
    };
    assert_eq!(out("cross-site").send().await.unwrap().status().as_u16(), 403);
    assert!(is_signed_in(&app, &cookie).await, "no other site signs anybody out");
    assert_eq!(out("same-origin").send().await.unwrap().status().as_u16(), 303);
    assert!(!is_signed_in(&app, &cookie).await);
}

fn sha256(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(text))
}

const ELSEWHERE: &str = "begun in another window";

#[track_caller]
fn check(told: &Told, words: &str, what: &str) {
    assert!(told.status >= 400 && told.cookie("__Host-stoa").is_empty(), "{what}: {}", told.status);
    assert!(told.html.contains(words), "{what}: {}", told.html);
    assert!(told.html.contains("/signin/demo?to="), "{what}: the way to begin again");
}

#[tokio::test]
async fn an_answer_that_does_not_hold_signs_nobody_in_and_says_why() {
    let provider = Provider::start().await;
    let app = TestApp::start_with(&provider.site(""), "").await;
    let begun = begin(&app, PAGE).await;
    let state = begun.asked("state").to_owned();
    let iss = &provider.url;
    let other = Begun { ticket: String::new(), asked: Vec::new() };
    check(
        &back(&app, &other, &format!("code=c&state={state}&iss={iss}")).await,
        ELSEWHERE,
        "another browser",
    );
    check(&back(&app, &begun, &format!("code=c&state=x&iss={iss}")).await, ELSEWHERE, "another state");
    check(&back(&app, &begun, &format!("code=c&iss={iss}")).await, ELSEWHERE, "no state");
    let told = fetch(
        &app,
        &format!("/signin/other/back?code=c&state={state}"),
        &format!("__Host-stoa-sign-in={}", begun.ticket),
    )
    .await;
    assert_eq!(told.status, 404, "a site without a provider");
    // Each answer uses a state up, so each needs a sign-in of its own.
    for (query, words, what) in [
        (format!("code=c&iss={iss}.evil.example"), "Somebody else than", "a mix-up"),
        ("code=c".to_owned(), "Somebody else than", "no issuer where it names itself"),
        (format!("error=access_denied&iss={iss}"), "has not signed you in", "a refusal"),
        (format!("iss={iss}"), "has not signed you in", "no code"),
        (format!("code=used&iss={iss}"), "has not signed you in", "a code that was used"),
    ] {
        let begun = begin(&app, PAGE).await;
        let told = back(&app, &begun, &format!("{query}&state={}", begun.asked("state"))).await;
        check(&told, words, what);
        let again = end(&app, &begun, &provider, "c1").await;
        check(&again, ELSEWHERE, "a state that was used");
    }
}

#[tokio::test]
async fn an_id_token_that_is_not_for_this_sign_in_signs_nobody_in() {
    let provider = Provider::start().await;
    let app = TestApp::start_with(&provider.site(""), "").await;
    for (more, words, what) in [
        (json!({"nonce": "x"}), ELSEWHERE, "another nonce"),
        (json!({"aud": "wiki"}), "could not be signed in", "another client"),
        (json!({"iss": "https://evil.example"}), "could not be signed in", "another issuer"),
        (json!({"exp": 7}), "could not be signed in", "an old token"),
    ] {
        let begun = begin(&app, PAGE).await;
        let mut claims = provider.claims(&app, json!({"nonce": begun.asked("nonce")}));
        for (name, value) in more.as_object().unwrap() {
            claims[name] = value.clone();
        }
        provider.will_answer(&claims);
        check(&end(&app, &begun, &provider, "c1").await, words, what);
    }
    let late = begin(&app, PAGE).await;
    app.clock.advance(Duration::from_secs(15 * 60));
    check(&end(&app, &late, &provider, "c1").await, ELSEWHERE, "too late");
    let down = "[[sites.issuers]]\nissuer = \"http://127.0.0.1:1\"\nkind = \"oidc\"\nclient_id = \"stoa\"\nsign_in = true\n";
    let down = TestApp::start_with(down, "").await;
    let told = fetch(&down, "/signin/demo", "").await;
    assert_eq!(told.status, 503);
    check(&told, "cannot be reached", "a provider that is down");
}

#[tokio::test]
async fn nobody_is_sent_to_another_place_after_signing_in() {
    let provider = Provider::start().await;
    let app = TestApp::start_with(&provider.site(""), "").await;
    for (to, expected) in [
        ("%2Ft%2Fdemo%2Fcomments%3Fpage%3Dy", "/t/demo/comments?page=y"),
        ("", "/t/demo/comments?page=%2F"),
        ("https%3A%2F%2Fevil.example%2F", "/t/demo/comments?page=%2F"),
        ("%2F%2Fevil.example%2F", "/t/demo/comments?page=%2F"),
        ("%2F%5Cevil.example%2F", "/t/demo/comments?page=%2F"),
        ("%2F%09%2Fevil.example", "/t/demo/comments?page=%2F"),
        ("javascript%3Aalert(1)", "/t/demo/comments?page=%2F"),
    ] {
        let begun = begin(&app, to).await;
        provider.will_answer(&provider.claims(&app, json!({"nonce": begun.asked("nonce")})));
        let told = end(&app, &begun, &provider, "c1").await;
        assert_eq!((told.status, told.location.as_str()), (303, expected), "{to}");
    }
}

/// What the provider's logout token is answered with: the status and the code.
async fn log_out(app: &TestApp, site: &str, token: &str) -> (u16, String) {
    let url = format!("{}/oidc/{site}/back-channel-logout", app.url);
    let answer = reqwest::Client::new().post(url).form(&[("logout_token", token)]).send().await.unwrap();
    let status = answer.status().as_u16();
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let told: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap_or_default();
    (status, told["code"].as_str().unwrap_or_default().to_owned())
}

fn done() -> (u16, String) {
    (200, String::new())
}

#[tokio::test]
async fn the_provider_ends_what_came_from_its_session() {
    let provider = Provider::start().await;
    let app = TestApp::start_with(&provider.site(""), "").await;
    let page = signed_in(&app, &provider, json!({})).await;
    let second = signed_in(&app, &provider, json!({"sid": "s2"})).await;
    let colleague = signed_in(&app, &provider, json!({"sub": "e2", "sid": "s3"})).await;
    // A page of the intranet that hands the ID token on.
    let handed_on = json!({"token": provider.signed(&provider.claims(&app, json!({}))), "views": []});
    let (status, answer) = exchange(&app, "demo", &handed_on).await;
    let bearer = answer["bearer"].as_str().unwrap().to_owned();
    assert_eq!(status, 200);
    let live = json!({"bearer": bearer, "views": [{"id": 1, "plugin": "comments", "page": "x", "rev": ""}]});
    let stream = app.request("POST", "/v1/sites/demo/live").body(live.to_string()).send().await.unwrap();
    assert_eq!(stream.status().as_u16(), 200);
    let token = provider.logout(&app, json!({}));
    assert_eq!(log_out(&app, "demo", &token).await, done());
    let ended = tokio::time::timeout(Duration::from_secs(20), stream.text()).await.expect("the stream ends");
    assert!(ended.unwrap().contains("event: bye\n"));
    assert!(!is_signed_in(&app, &page).await);
    assert!(
        is_signed_in(&app, &second).await && is_signed_in(&app, &colleague).await,
        "other sessions go on"
    );
    let refused = |code: &str| (401, code.to_owned());
    let (status, answer) = exchange(&app, "demo", &handed_on).await;
    assert_eq!((status, answer["code"].as_str().unwrap_or_default().to_owned()), refused("signed_out"));
    assert_eq!(log_out(&app, "demo", &token).await, (400, "token_replayed".to_owned()));
    // Without a session it is all of a person.
    let all = provider.logout(&app, json!({"sid": null}));
    assert_eq!(log_out(&app, "demo", &all).await, done());
    assert!(!is_signed_in(&app, &second).await && is_signed_in(&app, &colleague).await);
    app.clock.advance(Duration::from_secs(2));
    let again = signed_in(&app, &provider, json!({"sid": "s4"})).await;
    assert!(is_signed_in(&app, &again).await, "and they may come back");
}

#[tokio::test]
async fn a_logout_token_that_does_not_hold_ends_nothing() {
    let provider = Provider::start().await;
    let app = TestApp::start_with(&provider.site(""), "").await;
    let page = signed_in(&app, &provider, json!({})).await;
    let event = "http://schemas.openid.net/event/backchannel-logout";
    for (more, code) in [
        (json!({"nonce": "n"}), "token_type"),
        (json!({"events": null}), "token_type"),
        (json!({"events": {"https://x.example/other": {}}}), "token_type"),
        (json!({"events": {event: true}}), "token_type"),
        (json!({"events": [event]}), "token_type"),
        (json!({"aud": "wiki"}), "token_audience"),
        (json!({"aud": null}), "token_claim_missing"),
        (json!({"iss": "https://evil.example"}), "token_issuer"),
        (json!({"iss": INTRANET}), "token_issuer"),
        (json!({"exp": 7}), "token_expired"),
        (json!({"exp": null}), "token_claim_missing"),
        (json!({"iat": null}), "token_claim_missing"),
        (json!({"jti": null}), "token_claim_missing"),
        (json!({"jti": ""}), "token_claim"),
        (json!({"sub": null, "sid": null}), "token_claim_missing"),
        (json!({"sub": 7}), "token_claim"),
    ] {
        let told = log_out(&app, "demo", &provider.logout(&app, more.clone())).await;
        assert_eq!(told, (400, code.to_owned()), "{more}");
    }
    let good = provider.logout(&app, json!({}));
    let (rest, signature) = good.rsplit_once('.').unwrap();
    let forged = format!("{rest}.{}", signature.chars().rev().collect::<String>());
    assert_eq!(log_out(&app, "demo", &forged).await.0, 400);
    let own = app.sign(&app.claims("demo", "e1", "Erin", &[]));
    for odd in ["", "x", "a.b.c", own.as_str()] {
        assert_eq!(log_out(&app, "demo", odd).await.0, 400, "{odd}");
    }
    let id_token = provider.signed(&provider.claims(&app, json!({})));
    assert_eq!(
        log_out(&app, "demo", &id_token).await,
        (400, "token_type".to_owned()),
        "an ID token ends nothing"
    );
    assert_eq!(log_out(&app, "other", &good).await.0, 400, "a provider of another site");
    assert_eq!(log_out(&app, "nowhere", &good).await.0, 404);
    let (status, _) = exchange(&app, "demo", &json!({"token": good, "views": []})).await;
    assert_eq!(status, 401, "and a logout token signs nobody in");
    assert!(is_signed_in(&app, &page).await, "nothing has ended");
    assert_eq!(log_out(&app, "demo", &good).await, done());
}
