//! Every address of the console against everybody who may not ask: read from the table that the host itself goes by.

use stoa::dispatch::console::Role;
use stoa::http::{ADMIN_ROUTES, Need, Route};
use stoa_tests::TestApp;

use super::{Admin, Shown, cookie};

fn path(route: &Route, site: &str) -> String {
    route.path.replace("{site}", site).replace("{plugin}", "comments")
}

async fn ask(who: &Admin<'_>, route: &Route, path: &str) -> Shown {
    match route.method {
        "GET" => who.get(path).await,
        _ => who.post(path, &[]).await,
    }
}

fn guarded() -> impl Iterator<Item = &'static Route> {
    ADMIN_ROUTES.iter().filter(|route| !matches!(route.need, Need::Nobody | Need::Intranet))
}

#[tokio::test]
async fn nobody_gets_anything_without_signing_in() {
    let app = TestApp::start().await;
    let http = app.client_for(&app.url);
    for route in guarded() {
        let url = format!("{}{}", app.url, path(route, "demo"));
        for cookie in ["", "stoa-console=", "stoa-console=AAAA", "__Host-stoa-console=AAAA"] {
            let request = http.request(route.method.parse().unwrap(), &url).header("Cookie", cookie);
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status().as_u16(), 401, "{} {} {cookie}", route.method, route.path);
            let policy = answer.headers()["content-security-policy"].to_str().unwrap();
            assert!(
                policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe-inline"),
                "{policy}"
            );
            let html = answer.text().await.unwrap();
            assert!(!html.contains("Site demo"), "{html}");
        }
    }
}

/// The status that somebody with a role on the site `demo` gets there; 0 for any that is no refusal.
fn expected(need: Need, role: Role) -> u16 {
    match need {
        Need::Anywhere(least) | Need::Here(least) if role >= least => 0,
        Need::Nobody | Need::Intranet => 0,
        Need::Anywhere(_) | Need::Here(_) | Need::Host => 403,
    }
}

#[tokio::test]
async fn each_role_gets_what_the_table_says_on_its_own_site_and_nothing_of_another() {
    let app = TestApp::start_host("rate_factor = 0", "", "").await;
    for (name, role) in [("Mo", Role::Moderator), ("Stella", Role::Steward), ("Ada", Role::Admin)] {
        for route in guarded().filter(|route| !route.path.ends_with("sign-out")) {
            let who = Admin::by_token(&app, name, role.word()).await;
            let found = ask(&who, route, &path(route, "demo")).await.status;
            let wanted = expected(route.need, role);
            let is_right = if wanted == 0 { ![401, 403, 404].contains(&found) } else { found == wanted };
            assert!(is_right, "{name} {} {}: {found}", route.method, route.path);
            if route.path.contains("{site}") {
                let foreign = ask(&who, route, &path(route, "other")).await;
                let absent = ask(&who, route, &path(route, "nothing")).await;
                let (one, other) = ((foreign.status, foreign.html), (absent.status, absent.html));
                assert!([403, 404].contains(&one.0), "{name} {} {}: {}", route.method, route.path, one.0);
                assert_eq!(
                    one, other,
                    "{name} {} {}: foreign and absent look the same",
                    route.method, route.path
                );
            }
        }
    }
}

#[tokio::test]
async fn a_form_of_anywhere_else_changes_nothing() {
    let app = TestApp::start_host("rate_factor = 0", "", "").await;
    let admin = Admin::by_link(&app).await;
    let token = admin.form_token().await;
    for route in guarded().filter(|route| route.method == "POST") {
        let path = path(route, "demo");
        for fields in [vec![], vec![("form", "")], vec![("form", "0000")], vec![("form", &token[1..])]] {
            assert_eq!(admin.send(&path, &fields).await.status, 403, "{path} {fields:?}");
        }
        for origin in ["http://evil.example", "null", "http://intranet.localhost:4100"] {
            let request = app.client_for(origin).post(format!("{}{path}", app.url));
            let request = request.header("Cookie", &admin.cookie).form(&[("form", token.as_str())]);
            assert_eq!(request.send().await.unwrap().status().as_u16(), 403, "{path} from {origin}");
        }
        let long = "x".repeat(route.bytes_max + 1);
        assert_eq!(admin.send(&path, &[("form", &token), ("x", &long)]).await.status, 413, "{path}");
    }
    assert!(admin.get("/admin/audit").await.html.matches("<tr>").count() <= 2, "only the sign-in was done");
}

#[tokio::test]
async fn an_address_that_the_table_lacks_is_not_there() {
    let app = TestApp::start().await;
    let admin = Admin::by_link(&app).await;
    for path in ["/admin/", "/admin/users", "/admin/sites", "/admin/sites/demo/secret"] {
        assert_eq!(admin.get(path).await.status, 404, "{path}");
    }
    assert_eq!(admin.send("/admin/audit", &[]).await.status, 405);
    assert_eq!(admin.get("/admin/sites/nothing").await.status, 404);
}

#[tokio::test]
async fn a_link_is_used_up_by_the_form_alone_and_only_once() {
    let app = TestApp::start().await;
    let token = app.app.first_link().await.unwrap().unwrap();
    assert_eq!(app.app.first_link().await.unwrap(), None, "the first start alone makes one by itself");
    let http = app.client_for(&app.url);
    let page = format!("{}/admin/sign-in?link={token}", app.url);
    for _ in 0..3 {
        let answer = http.get(&page).send().await.unwrap();
        assert!(answer.headers().get("set-cookie").is_none());
        assert_eq!(answer.headers()["referrer-policy"], "same-origin");
        assert_eq!(answer.headers()["cache-control"], "no-store");
        assert!(answer.text().await.unwrap().contains(&token));
    }
    let post = |link: &str| http.post(format!("{}/admin/sign-in", app.url)).form(&[("link", link)]).send();
    assert_eq!(post("wrong").await.unwrap().status().as_u16(), 403);
    let answer = post(&token).await.unwrap();
    assert_eq!(answer.status().as_u16(), 303);
    let bearer = cookie(&answer);
    assert_eq!(post(&token).await.unwrap().status().as_u16(), 403, "it is good once");
    let file = std::fs::read(app.folder().join("stoa.db")).unwrap();
    let wal = std::fs::read(app.folder().join("stoa.db-wal")).unwrap_or_default();
    let has = |text: &str| {
        [&file, &wal].iter().any(|bytes| bytes.windows(text.len()).any(|part| part == text.as_bytes()))
    };
    assert!(!has(&token) && !has(bearer.split_once('=').unwrap().1), "only hashes are kept");
}

#[tokio::test]
async fn a_link_and_a_session_end() {
    let app = TestApp::start().await;
    let token = app.app.first_link().await.unwrap().unwrap();
    app.clock.advance(std::time::Duration::from_secs(30 * 60 + 1));
    assert!(app.app.open_console(&token).await.unwrap().is_none(), "30 minutes are over");
    let who = Admin::by_token(&app, "Ada", "admin").await;
    assert_eq!(who.get("/admin").await.status, 200);
    app.clock.advance(std::time::Duration::from_secs(8 * 60 * 60 + 1));
    assert_eq!(who.get("/admin").await.status, 401);
    let who = Admin::by_token(&app, "Ada", "admin").await;
    assert_eq!(who.post("/admin/sign-out", &[]).await.location, "/admin/sign-in");
    assert_eq!(who.get("/admin").await.status, 401);
}

#[tokio::test]
async fn whoever_loses_the_role_is_out_with_the_next_request() {
    let app = TestApp::start().await;
    let who = Admin::by_token(&app, "Ada", "admin").await;
    assert_eq!(who.get("/admin/sites/demo/keys").await.status, 200);
    app.clock.advance(std::time::Duration::from_secs(2));
    app.sign_in("Ada", "Ada", &["moderator"]).await;
    assert_eq!(who.get("/admin/sites/demo/keys").await.status, 403);
    assert_eq!(who.get("/admin/sites/demo/words").await.status, 200);
    app.clock.advance(std::time::Duration::from_secs(2));
    app.sign_in("Ada", "Ada", &[]).await;
    assert_eq!(who.get("/admin").await.status, 401);
}

#[tokio::test]
async fn only_those_with_a_role_come_in_by_a_token_and_only_from_the_intranet() {
    let app = TestApp::start().await;
    let post = async |origin: &str, site: &str, roles: &[&str]| {
        // Somebody else each time: of two tokens of one second only the roles in both hold.
        let subject = format!("{origin} {site} {roles:?}");
        let token = app.sign(&app.claims("demo", &subject, "X", roles));
        let request = app.client_for(origin).post(format!("{}/admin/token/{site}", app.url));
        request.form(&[("token", token)]).send().await.unwrap().status().as_u16()
    };
    let home = stoa_tests::INTRANET;
    assert_eq!(post(home, "demo", &[]).await, 403);
    assert_eq!(post(home, "demo", &["leader", "expert"]).await, 403);
    assert_eq!(post("http://evil.example", "demo", &["admin"]).await, 403);
    assert_eq!(post("null", "demo", &["admin"]).await, 403);
    assert_eq!(post(home, "other", &["admin"]).await, 401, "the token is for another site");
    assert_eq!(post(home, "nothing", &["admin"]).await, 403);
    assert_eq!(post(home, "demo", &["admin"]).await, 200);
}

#[tokio::test]
async fn attempts_are_counted() {
    let app = TestApp::start().await;
    let http = app.client_for(&app.url);
    let mut last = 0;
    for _ in 0..12 {
        let answer =
            http.post(format!("{}/admin/sign-in", app.url)).form(&[("link", "x")]).send().await.unwrap();
        last = answer.status().as_u16();
    }
    assert_eq!(last, 429);
}
