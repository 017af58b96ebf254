//! Launches of a learning platform. The platform is a small one, made here by LTI 1.3 core and deep linking 2.0.

use std::collections::HashMap;
use std::time::Duration;

use axum::routing::get;
use serde_json::{Value, json};
use stoa_tests::{INTRANET, TestApp, attribute};

use crate::signing_in::vectors::{private_key, sign, vectors};

const CLAIM: &str = "https://purl.imsglobal.org/spec/lti/claim/";
const CHOICE: &str = "https://purl.imsglobal.org/spec/lti-dl/claim/";

struct Platform {
    url: String,
    app: TestApp,
    /// Keeps the tool's key.
    _folder: tempfile::TempDir,
}

impl Platform {
    async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let mut jwk = vectors()["keys"]["RS256"]["jwk"].clone();
        jwk["kid"] = json!("platform");
        let set = json!({"keys": [jwk]}).to_string();
        let router = axum::Router::new().route("/keys", get(async move || set));
        tokio::spawn(async move { axum::serve(listener, router).await });
        let folder = tempfile::tempdir().unwrap();
        let key = folder.path().join("lti.pem");
        std::fs::write(&key, vectors()["keys"]["RS256"]["private_pem"].as_str().unwrap()).unwrap();
        let issuer = format!(
            "[[sites.issuers]]\nissuer = \"{url}\"\nkind = \"lti\"\nclient_id = \"tool-1\"\njwks_url = \"{url}/keys\"\n\
             authorization_url = \"{url}/auth\"\ndeployments = [\"d1\"]\nroles = {{ Instructor = \"leader\" }}\n"
        );
        let app = TestApp::start_site(&format!("lti_key_file = \"{}\"", key.display()), &issuer).await;
        Self { url, app, _folder: folder }
    }

    /// Begin a sign-in as the platform's link does; what the platform is then asked, by name.
    async fn begin(&self, changes: &[(&str, &str)]) -> Result<HashMap<String, String>, u16> {
        let target = format!("{}/lti/demo/launch", self.app.url);
        let mut query = vec![
            ("iss", self.url.as_str()),
            ("login_hint", "42"),
            ("target_link_uri", &target),
            ("client_id", "tool-1"),
            ("lti_message_hint", "m 1"),
        ];
        query.retain(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
        query.extend(changes.iter().filter(|(_, value)| !value.is_empty()));
        let request = self.app.request("GET", "/lti/demo/login").query(&query);
        let answer = request.send().await.unwrap();
        if answer.status().as_u16() != 303 {
            return Err(answer.status().as_u16());
        }
        let to = answer.headers()["location"].to_str().unwrap().to_owned();
        assert!(answer.headers().get("set-cookie").is_none());
        let to = reqwest::Url::parse(&to).unwrap();
        assert!(to.as_str().starts_with(&format!("{}/auth?", self.url)), "{to}");
        Ok(to.query_pairs().into_owned().collect())
    }

    /// The claims of a launch.
    fn claims(&self, asked: &HashMap<String, String>) -> Value {
        let now = self.app.clock.now() / 1_000_000;
        json!({
            "iss": self.url, "aud": "tool-1", "sub": "u42", "name": "Lena Lern", "iat": now, "exp": now + 300,
            "nonce": asked["nonce"],
            format!("{CLAIM}version"): "1.3.0",
            format!("{CLAIM}message_type"): "LtiResourceLinkRequest",
            format!("{CLAIM}deployment_id"): "d1",
            format!("{CLAIM}target_link_uri"): asked["redirect_uri"],
            format!("{CLAIM}context"): {"id": "course-7", "title": "Fire safety"},
            format!("{CLAIM}resource_link"): {"id": "link-3", "title": "Week one"},
            format!("{CLAIM}roles"): ["http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"],
        })
    }

    fn token(claims: &Value) -> String {
        sign(&json!({"alg": "RS256", "kid": "platform"}), claims, &private_key(&vectors(), "RS256"))
    }

    /// Send a launch as the browser's form does; the status and the page.
    async fn launch(&self, token: &str, state: &str) -> (u16, String, String) {
        let form = [("id_token", token), ("state", state)];
        let request = self.app.client_for(&self.url).post(format!("{}/lti/demo/launch", self.app.url));
        let answer = request.form(&form).send().await.unwrap();
        let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
        (answer.status().as_u16(), answer.text().await.unwrap(), policy)
    }

    /// A session by the ticket that a page has.
    async fn session(&self, page: &str, views: Value) -> Value {
        let ticket = attribute(page, "name=\"stoa-token\"", "content").unwrap();
        let body = json!({"token": ticket, "views": views});
        // As the frame asks: a page of the host itself.
        let request =
            self.app.client_for(&self.app.url).post(format!("{}/v1/sites/demo/session", self.app.url));
        request.body(body.to_string()).send().await.unwrap().json().await.unwrap()
    }
}

#[tokio::test]
async fn a_launch_shows_the_page_of_its_link_to_the_person() {
    let platform = Platform::start().await;
    let asked = platform.begin(&[]).await.unwrap();
    for (name, value) in [
        ("scope", "openid"),
        ("response_type", "id_token"),
        ("response_mode", "form_post"),
        ("prompt", "none"),
        ("client_id", "tool-1"),
        ("login_hint", "42"),
        ("lti_message_hint", "m 1"),
    ] {
        assert_eq!(asked[name], value, "{name}");
    }
    assert_eq!(asked["redirect_uri"], format!("{}/lti/demo/launch", platform.app.url));
    let token = Platform::token(&platform.claims(&asked));
    let (status, page, policy) = platform.launch(&token, &asked["state"]).await;
    assert_eq!(status, 200, "{page}");
    assert!(policy.contains(&format!("frame-ancestors {INTRANET} {}", platform.url)), "{policy}");
    assert!(!page.contains(&token), "the token is in no page");
    let key = attribute(&page, "stoa-plugin name=", "page").unwrap_or_else(|| panic!("{page}"));
    assert!(key.ends_with("/d1/course-7/link-3"), "{key}");
    let views = json!([{"plugin": "comments", "page": key}]);
    let session = platform.session(&page, views.clone()).await;
    assert_eq!(session["person"]["name"], "Lena Lern", "{session}");
    assert!(session["views"][0]["html"].as_str().is_some(), "{session}");
    // The page renews its session for as long as it is open.
    platform.app.clock.advance(Duration::from_secs(1200));
    assert_eq!(platform.session(&page, views.clone()).await["person"]["name"], "Lena Lern");
    platform.app.clock.advance(Duration::from_secs(8 * 3600));
    assert_eq!(platform.session(&page, views).await["code"], "session_ended");
}

#[tokio::test]
async fn a_ticket_is_for_pages_of_the_host_alone() {
    let platform = Platform::start().await;
    let asked = platform.begin(&[]).await.unwrap();
    let (_, page, _) = platform.launch(&Platform::token(&platform.claims(&asked)), &asked["state"]).await;
    let ticket = attribute(&page, "name=\"stoa-token\"", "content").unwrap();
    for (site, origin, code) in
        [("demo", INTRANET, "token_origin"), ("other", platform.app.url.as_str(), "session_ended")]
    {
        let request =
            platform.app.client_for(origin).post(format!("{}/v1/sites/{site}/session", platform.app.url));
        let answer = request.body(json!({"token": ticket}).to_string()).send().await.unwrap();
        let answer: Value = answer.json().await.unwrap();
        assert_eq!(answer["code"], code, "{site} {origin}: {answer}");
    }
}

/// Change a launch, and see that it is refused with nothing told of why.
async fn check_refused(platform: &Platform, what: &str, change: impl Fn(&mut Value)) {
    let asked = platform.begin(&[]).await.unwrap();
    let mut claims = platform.claims(&asked);
    change(&mut claims);
    let (status, page, _) = platform.launch(&Platform::token(&claims), &asked["state"]).await;
    assert_eq!(status, 403, "{what}");
    assert!(page.contains("This could not be opened."), "{what}: {page}");
    for told in ["nonce", "deployment", "claim", "stoa-token", "expired"] {
        assert!(!page.contains(told), "{what} tells {told}: {page}");
    }
}

#[tokio::test]
async fn a_launch_that_is_not_as_it_should_be_is_refused() {
    let platform = &Platform::start().await;
    check_refused(platform, "another deployment", |claims| {
        claims[format!("{CLAIM}deployment_id")] = json!("d2")
    })
    .await;
    check_refused(platform, "no deployment", |claims| claims[format!("{CLAIM}deployment_id")] = Value::Null)
        .await;
    check_refused(platform, "another nonce", |claims| claims["nonce"] = json!("other")).await;
    check_refused(platform, "no nonce", |claims| claims["nonce"] = Value::Null).await;
    check_refused(platform, "another tool", |claims| claims["aud"] = json!("tool-2")).await;
    check_refused(platform, "several tools, made for another", |claims| {
        claims["aud"] = json!(["tool-1", "tool-2"]);
        claims["azp"] = json!("tool-2");
    })
    .await;
    check_refused(platform, "several tools, not said for which", |claims| {
        claims["aud"] = json!(["tool-1", "x"])
    })
    .await;
    check_refused(platform, "expired", |claims| {
        claims["iat"] = json!(claims["iat"].as_i64().unwrap() - 1000);
        claims["exp"] = json!(claims["exp"].as_i64().unwrap() - 1000);
    })
    .await;
    check_refused(platform, "of the future", |claims| {
        claims["iat"] = json!(claims["iat"].as_i64().unwrap() + 600);
        claims["exp"] = json!(claims["exp"].as_i64().unwrap() + 600);
    })
    .await;
    check_refused(platform, "another version", |claims| claims[format!("{CLAIM}version")] = json!("1.1"))
        .await;
    check_refused(platform, "another message", |claims| {
        claims[format!("{CLAIM}message_type")] = json!("Other")
    })
    .await;
    check_refused(platform, "nobody", |claims| claims["sub"] = Value::Null).await;
    check_refused(platform, "no link", |claims| claims[format!("{CLAIM}resource_link")] = Value::Null).await;
    // Whoever edits a course writes these.
    check_refused(platform, "a page of the intranet", |claims| {
        claims[format!("{CLAIM}custom")] = json!({"stoa_page": "hr/plan"});
    })
    .await;
    check_refused(platform, "no choice is taken", |claims| {
        claims[format!("{CLAIM}message_type")] = json!("LtiDeepLinkingRequest");
        claims[format!("{CHOICE}deep_linking_settings")] =
            json!({"deep_link_return_url": "https://l.example/back", "accept_types": ["file"]});
    })
    .await;
    check_refused(platform, "a choice goes to a script", |claims| {
        claims[format!("{CLAIM}message_type")] = json!("LtiDeepLinkingRequest");
        claims[format!("{CHOICE}deep_linking_settings")] =
            json!({"deep_link_return_url": "javascript:alert(1)", "accept_types": ["ltiResourceLink"]});
    })
    .await;
}

#[tokio::test]
async fn a_launch_holds_once_and_answers_its_own_sign_in() {
    let platform = Platform::start().await;
    let first = platform.begin(&[]).await.unwrap();
    let second = platform.begin(&[]).await.unwrap();
    let token = Platform::token(&platform.claims(&first));
    assert_eq!(platform.launch(&token, &second["state"]).await.0, 403, "of another sign-in");
    assert_eq!(platform.launch(&token, "").await.0, 403);
    assert_eq!(platform.launch(&token, &first["state"].replace('.', "x")).await.0, 403);
    let mut forged = first["state"].clone();
    forged.replace_range(0..1, "2");
    assert_eq!(platform.launch(&token, &forged).await.0, 403, "another time");
    assert_eq!(platform.launch(&token, &first["state"]).await.0, 200);
    assert_eq!(platform.launch(&token, &first["state"]).await.0, 403, "again");
    let fresh = |asked| Platform::token(&platform.claims(asked));
    let late = fresh(&second);
    platform.app.clock.advance(Duration::from_secs(240));
    assert_eq!(platform.launch(&late, &second["state"]).await.0, 200, "four minutes are in time");
    let third = platform.begin(&[]).await.unwrap();
    platform.app.clock.advance(Duration::from_secs(601));
    assert_eq!(platform.launch(&fresh(&third), &third["state"]).await.0, 403, "ten minutes are too long");
    // A launch signs nobody in by another way.
    let fourth = platform.begin(&[]).await.unwrap();
    let body = json!({"token": fresh(&fourth)});
    let answer = platform.app.request("POST", "/v1/sites/demo/session").body(body.to_string());
    let answer: Value = answer.send().await.unwrap().json().await.unwrap();
    assert_eq!(answer["code"], "token_type", "{answer}");
}

#[tokio::test]
async fn a_sign_in_begins_for_known_platforms_alone() {
    let platform = Platform::start().await;
    for changes in [
        [("iss", "https://evil.example")],
        [("iss", INTRANET)],
        [("client_id", "tool-2")],
        [("login_hint", "")],
    ] {
        assert_eq!(platform.begin(&changes).await, Err(403), "{changes:?}");
    }
    assert!(platform.begin(&[("client_id", "")]).await.is_ok(), "it need not be told");
}

#[tokio::test]
async fn a_choice_is_signed_and_leads_to_what_was_chosen() {
    let platform = Platform::start().await;
    let asked = platform.begin(&[]).await.unwrap();
    let mut claims = platform.claims(&asked);
    claims[format!("{CLAIM}message_type")] = json!("LtiDeepLinkingRequest");
    claims[format!("{CLAIM}resource_link")] = Value::Null;
    let back = format!("{}/back?c=7", platform.url);
    claims[format!("{CHOICE}deep_linking_settings")] = json!({"deep_link_return_url": back, "accept_types": ["link", "ltiResourceLink"], "data": "as it came"});
    let (status, page, policy) = platform.launch(&Platform::token(&claims), &asked["state"]).await;
    assert_eq!(status, 200, "{page}");
    assert!(policy.contains(&format!("form-action {};", platform.url)), "{policy}");
    assert_eq!(attribute(&page, "method=\"post\"", "action").as_deref(), Some(back.as_str()), "{page}");
    let jwt = attribute(&page, "name=\"JWT\"", "value").unwrap();
    let keys: Value =
        platform.app.request("GET", "/lti/demo/keys").send().await.unwrap().json().await.unwrap();
    let jwk: jsonwebtoken::jwk::Jwk = serde_json::from_value(keys["keys"][0].clone()).unwrap();
    assert!(keys["keys"][0].get("d").is_none(), "{keys}");
    let mut checks = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::RS256);
    checks.set_audience(&[&platform.url]);
    checks.set_issuer(&["tool-1"]);
    checks.validate_exp = false;
    let key = jsonwebtoken::DecodingKey::from_jwk(&jwk).unwrap();
    let choice = jsonwebtoken::decode::<Value>(&jwt, &key, &checks).unwrap();
    assert_eq!(choice.header.kid.as_deref(), Some("stoa"));
    let choice = choice.claims;
    assert_eq!(choice[format!("{CLAIM}message_type")], "LtiDeepLinkingResponse");
    assert_eq!(choice[format!("{CLAIM}version")], "1.3.0");
    assert_eq!(choice[format!("{CLAIM}deployment_id")], "d1");
    assert_eq!(choice[format!("{CHOICE}data")], "as it came");
    let item = &choice[format!("{CHOICE}content_items")][0];
    assert_eq!(item["type"], "ltiResourceLink");
    assert_eq!(item["url"], format!("{}/lti/demo/launch", platform.app.url));
    // The link that the platform makes of it brings back what was chosen.
    let asked = platform.begin(&[]).await.unwrap();
    let mut claims = platform.claims(&asked);
    claims[format!("{CLAIM}custom")] = item["custom"].clone();
    let (_, page, _) = platform.launch(&Platform::token(&claims), &asked["state"]).await;
    assert_eq!(
        attribute(&page, "stoa-plugin name=", "page").as_deref(),
        item["custom"]["stoa_page"].as_str()
    );
    assert_eq!(attribute(&page, "stoa-plugin name=", "name").as_deref(), Some("comments"));
}
