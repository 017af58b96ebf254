//! Pages as a browser gets them.

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use stoa_demo::{Settings, content, router};
use tower::ServiceExt;

const STOA: &str = "http://widgets.localhost:4000";

async fn send(request: Request<Body>) -> (StatusCode, HeaderMap, String) {
    let secret = "0123456789abcdef0123456789abcdef";
    let settings =
        Settings::new("http://intranet.localhost:4100", STOA, "demo", secret).expect("settings are valid");
    let response =
        router(settings).expect("content is valid").oneshot(request).await.expect("routes never fail");
    let (head, body) = response.into_parts();
    let body = body.collect().await.expect("bodies are in memory").to_bytes();
    (head.status, head.headers, String::from_utf8(body.to_vec()).expect("everything is text"))
}

async fn get(address: &str, cookie: &str) -> (StatusCode, HeaderMap, String) {
    send(Request::get(address).header("cookie", cookie).body(Body::empty()).expect("a valid request")).await
}

#[tokio::test]
async fn every_page_answers_with_its_title_and_its_own_language() {
    for page in content::load().unwrap().pages {
        let (status, _, html) = get(&page.path(), "").await;
        assert_eq!(status, StatusCode::OK, "{}", page.key);
        assert!(html.contains(&format!("<title>{}", page.title.replace('\'', "&#39;"))), "{}", page.key);
        assert!(html.starts_with(&format!("<!doctype html>\n<html lang=\"{}\"", page.lang)), "{}", page.key);
        let widgets = ["<stoa-comments ", "<stoa-page "].iter().filter(|tag| html.contains(**tag)).count();
        assert_eq!(widgets, usize::from(page.has_comments), "{}", page.key);
    }
}

#[tokio::test]
async fn the_element_carries_page_language_token_and_a_way_without_script() {
    let (_, headers, html) = get("/policies/reisekosten", "person=petra.jansen").await;
    assert!(html.contains("<stoa-comments page=\"policies/reisekosten\" lang=\"de\" token=\"ey"));
    assert!(html.contains("token-url=\"/stoa/token\""));
    assert!(html.contains(&format!("<a href=\"{STOA}/t/demo/comments?page=policies/reisekosten\">")));
    assert!(html.contains(&format!("action=\"{STOA}/plain/demo/comments?page=policies/reisekosten\"")));
    assert!(html.contains(&format!("src=\"{STOA}/embed.js\" data-site=\"demo\" async>")));
    assert_eq!(headers["cache-control"], "private, no-cache");
}

#[tokio::test]
async fn somebody_who_is_not_signed_in_gets_no_token_anywhere() {
    for cookie in ["person=none", "person=a.stranger", "person="] {
        let (_, _, html) = get("/policies/travel", cookie).await;
        assert!(!html.contains("token"), "{cookie}");
        let (status, headers, body) = get("/stoa/token", cookie).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
        assert_eq!(headers["cache-control"], "no-store");
        assert!(!body.contains("token"));
    }
}

#[tokio::test]
async fn a_fresh_token_is_for_the_person_in_the_cookie_and_never_stored() {
    let (status, headers, body) = get("/stoa/token", "theme=x; person=oskar.lund").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(headers["cache-control"], "no-store");
    let answer: serde_json::Value = serde_json::from_str(&body).unwrap();
    let claims = jsonwebtoken::dangerous::insecure_decode::<stoa_demo::token::Claims>(
        answer["token"].as_str().unwrap(),
    );
    assert_eq!(claims.unwrap().claims.sub, "oskar.lund");
}

#[tokio::test]
async fn other_ways_of_embedding_leave_the_token_to_the_head() {
    let (_, _, html) = get("/howto/vpn?embed=placeholder", "").await;
    assert!(html.contains("<div class=\"stoa-comments\" data-page=\"howto/vpn\""));
    assert!(!html.contains("<stoa-comments"));
    let (_, _, html) = get("/howto/vpn?embed=link", "").await;
    assert!(html.contains(&format!("<p><a href=\"{STOA}/t/demo/comments?page=howto/vpn\">")));
    assert!(html.contains("<meta name=\"stoa-token\" content=\"ey"));
    assert!(html.contains("<meta name=\"stoa-token-url\" content=\"/stoa/token\">"));
}

#[tokio::test]
async fn the_policy_is_strict_on_request_and_the_page_obeys_it() {
    let (_, headers, _) = get("/policies/travel", "").await;
    assert!(headers.get("content-security-policy").is_none());

    let (_, headers, html) = get("/policies/travel?csp=strict", "").await;
    let policy = headers["content-security-policy"].to_str().unwrap();
    assert_eq!(
        policy,
        "default-src 'none'; script-src 'self' http://widgets.localhost:4000 'wasm-unsafe-eval'; \
         connect-src 'self' http://widgets.localhost:4000; style-src 'self'; \
         img-src 'self' data: http://widgets.localhost:4000; form-action 'self' http://widgets.localhost:4000; \
         base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    );
    assert!(!html.contains("style=\"") && !html.contains("<style") && !html.contains(" onclick"));
    assert!(html.split("<script").skip(1).all(|script| script.contains(" src=\"")), "a script is inline");

    let (_, headers, _) = get("/policies/travel?csp=nowasm", "").await;
    let without = headers["content-security-policy"].to_str().unwrap();
    assert_eq!(without, policy.replace(" 'wasm-unsafe-eval'", ""));
}

#[tokio::test]
async fn language_direction_and_page_changes_follow_the_address() {
    let (_, _, html) = get("/howto/printer?lang=de&dir=rtl&spa=1", "").await;
    assert!(html.contains("<html lang=\"en\" dir=\"rtl\" data-spa=\"replace\">"));
    assert!(html.contains("page=\"howto/printer\" lang=\"de\""));
    let (_, _, html) = get("/howto/printer?lang=%22%3E%3Cb%3E&spa=attributes", "").await;
    assert!(html.contains("page=\"howto/printer\" lang=\"en\"") && html.contains("data-spa=\"attributes\""));
    assert!(!html.contains("\"><b>\""));
}

fn switch(body: &'static str, origin: &str) -> Request<Body> {
    Request::post("/switch")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("host", "intranet.localhost:4100")
        .header("origin", origin)
        .body(Body::from(body))
        .expect("a valid request")
}

#[tokio::test]
async fn switching_sets_the_cookie_and_goes_back_but_never_elsewhere() {
    let here = "http://intranet.localhost:4100";
    let check = async |body: &'static str, cookie: &str, target: &str| {
        let (status, headers, _) = send(switch(body, here)).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
        assert_eq!(headers["location"], target, "{body}");
        let set = headers["set-cookie"].to_str().unwrap();
        assert!(set.starts_with(&format!("person={cookie};")), "{set}");
        assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax"), "{set}");
    };
    check("person=mia.hansen&back=/howto/vpn?csp=strict", "mia.hansen", "/howto/vpn?csp=strict").await;
    check("person=&back=/", "none", "/").await;
    check("person=a%0d%0astranger&back=//elsewhere.example/", "none", "/").await;
    check("person=mia.hansen&back=/%5Celsewhere.example", "mia.hansen", "/").await;
    check("person=mia.hansen&back=/a%0d%0aset-cookie:x", "mia.hansen", "/").await;
    let (status, _, _) = send(switch("person=mia.hansen&back=/", "http://elsewhere.example")).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn every_asset_a_page_names_is_there_and_kept_for_good() {
    for address in ["/", "/news", "/policies", "/howto", "/onboarding", "/products", "/canteen", "/people"] {
        let (_, _, html) = get(address, "").await;
        for asset in html.split("\"/assets/").skip(1).filter_map(|rest| rest.split('"').next()) {
            let (status, headers, _) = get(&format!("/assets/{asset}"), "").await;
            assert_eq!(status, StatusCode::OK, "{asset}");
            assert!(headers["cache-control"].to_str().unwrap().contains("immutable"));
        }
    }
    assert_eq!(get("/assets/../Cargo.toml", "").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_address_that_does_not_exist_says_so_in_the_site_s_own_look() {
    let (status, _, html) = get("/policies/sabbatical", "").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(html.contains("We could not find this page") && html.contains("class=\"top\""));
}

#[test]
fn settings_that_cannot_work_are_refused_with_a_hint() {
    let secret = "0123456789abcdef0123456789abcdef";
    let check = |origin: &str, stoa: &str, site: &str, secret: &str, hint: &str| {
        let error = Settings::new(origin, stoa, site, secret).err().expect("refused").to_string();
        assert!(error.contains(hint), "{error}");
    };
    check("intranet.localhost:4100", STOA, "demo", secret, "is not an origin");
    check("http://intranet.localhost:4100/path", STOA, "demo", secret, "is not an origin");
    check("http://intranet.localhost:4100", "javascript:alert(1)", "demo", secret, "is not an origin");
    check("http://intranet.localhost:4100", STOA, "De mo", secret, "is not a site id");
    check("http://intranet.localhost:4100", STOA, "demo", "short", "fewer than 32 bytes");
}
