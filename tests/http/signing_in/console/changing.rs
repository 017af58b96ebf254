//! Sites made and changed while the host runs.

use serde_json::{Value, json};
use stoa_tests::{INTRANET, TestApp};

use super::Admin;

/// The version that the forms of a page name.
async fn version(admin: &Admin<'_>, page: &str) -> String {
    let html = admin.get(page).await.html;
    let (_, rest) = html.split_once("name=\"version\" value=\"").expect("the page has a form of the site");
    rest.split('"').next().unwrap().to_owned()
}

async fn session(app: &TestApp, site: &str, origin: &str, token: &str) -> (u16, Value) {
    let request = app.client_for(origin).post(format!("{}/v1/sites/{site}/session", app.url));
    let answer = request.body(json!({"token": token, "views": []}).to_string()).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

#[tokio::test]
async fn a_site_is_made_gets_a_key_and_signs_people_in_at_once() {
    let app = TestApp::start_host("rate_factor = 0", "", "").await;
    let admin = Admin::by_link(&app).await;
    let wiki = "https://wiki.example";
    let fields = [
        ("name", "Our Wiki"),
        ("origins", "https://wiki.example/\n"),
        ("locale", "de"),
        ("time_zone", "Europe/Berlin"),
        ("page", "comments"),
    ];
    assert_eq!(session(&app, "our-wiki", wiki, "").await.0, 404);
    let made = admin.post("/admin/new-site", &fields).await;
    assert_eq!(
        (made.status, made.location.as_str()),
        (303, "/admin/sites/our-wiki/keys?new=1"),
        "{}",
        made.html
    );
    assert_eq!(session(&app, "our-wiki", wiki, "").await.0, 200);
    assert_eq!(session(&app, "our-wiki", INTRANET, "").await.0, 403, "each site has its own origins");
    let keys = "/admin/sites/our-wiki/keys";
    let of = version(&admin, keys).await;
    let shown = admin.post(keys, &[("version", &of), ("do", "make"), ("issuer", wiki)]).await;
    assert_eq!(shown.status, 200);
    let secret = secret_in(&shown.html);
    assert!(!admin.get(keys).await.html.contains(&secret), "it is shown once");
    assert!(!admin.get("/admin/audit").await.html.contains(&secret));
    let token = |site: &str, jti: &str| sign(&app, &secret, site, wiki, jti);
    let (status, answer) = session(&app, "our-wiki", wiki, &token("our-wiki", "1")).await;
    assert_eq!(status, 200, "{answer}");
    let bearer = answer["bearer"].as_str().unwrap().to_owned();
    assert_eq!(
        session(&app, "demo", INTRANET, &token("demo", "2")).await.0,
        401,
        "no other site knows the key"
    );
    // Another name, another secret.
    let of = version(&admin, keys).await;
    let second =
        secret_in(&admin.post(keys, &[("version", &of), ("do", "make"), ("issuer", wiki)]).await.html);
    assert_ne!(second, secret);
    let of = version(&admin, keys).await;
    let retired = admin.post(keys, &[("version", &of), ("do", "retire"), ("at", "0"), ("key", "0")]).await;
    assert_eq!(retired.status, 303, "{}", retired.html);
    assert_eq!(session(&app, "our-wiki", wiki, &token("our-wiki", "3")).await.0, 401, "the key is retired");
    let view =
        app.client_for(wiki).get(format!("{}/v1/sites/our-wiki/people?q=a", app.url)).bearer_auth(bearer);
    assert_eq!(view.send().await.unwrap().status().as_u16(), 401, "and sessions made with it are over");
    let (status, answer) = session(&app, "our-wiki", wiki, &sign(&app, &second, "our-wiki", wiki, "4")).await;
    assert_eq!(status, 200, "{answer}");
}

fn secret_in(html: &str) -> String {
    let (_, rest) = html.split_once("<code>").expect("the secret is shown");
    let secret = rest.split('<').next().unwrap().to_owned();
    assert_eq!(secret.len(), 64);
    secret
}

fn sign(app: &TestApp, secret: &str, site: &str, issuer: &str, jti: &str) -> String {
    let now = app.clock.now() / 1_000_000;
    let claims = json!({"iss": issuer, "aud": site, "sub": "wanda", "iat": now, "exp": now + 300, "jti": jti, "name": "Wanda"});
    let key = jsonwebtoken::EncodingKey::from_secret(secret.as_bytes());
    jsonwebtoken::encode(&jsonwebtoken::Header::default(), &claims, &key).unwrap()
}

#[tokio::test]
async fn a_site_of_the_file_is_read_only_until_it_is_taken_over_and_can_be_given_back() {
    let app = TestApp::start_host("rate_factor = 0", "", "").await;
    let admin = Admin::by_link(&app).await;
    let page = "/admin/sites/demo";
    let fields = |version: &str| {
        vec![
            ("version".to_owned(), version.to_owned()),
            ("name".to_owned(), "Renamed".to_owned()),
            ("origins".to_owned(), "https://new.example".to_owned()),
            ("locale".to_owned(), "en".to_owned()),
            ("time_zone".to_owned(), "UTC".to_owned()),
        ]
    };
    let post = async |version: &str| {
        let fields = fields(version);
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        admin.post(page, &fields).await
    };
    assert_eq!(post("0").await.status, 409);
    assert_eq!(session(&app, "demo", INTRANET, "").await.0, 200);
    assert_eq!(admin.post("/admin/sites/demo/manage", &[]).await.status, 303);
    assert_eq!(session(&app, "demo", INTRANET, "").await.0, 200, "nothing else has changed");
    assert_eq!(post("7").await.status, 409, "of another version");
    let bearer = app.anna().await.bearer().unwrap().to_owned();
    assert_eq!(post("1").await.location, "/admin/sites/demo?saved=1");
    assert_eq!(session(&app, "demo", INTRANET, "").await.0, 403);
    assert_eq!(session(&app, "demo", "https://new.example", "").await.0, 200);
    let old = app.client_for("https://new.example").get(format!("{}/v1/sites/demo/people?q=a", app.url));
    assert_eq!(old.bearer_auth(bearer).send().await.unwrap().status().as_u16(), 401);
    assert_eq!(admin.post("/admin/sites/demo/give-back", &[("version", "2")]).await.status, 303);
    assert_eq!(session(&app, "demo", INTRANET, "").await.0, 200);
    let audit = admin.get("/admin/audit").await.html;
    assert!(audit.contains("https://new.example") && audit.contains("Renamed"), "{audit}");
}

#[tokio::test]
async fn what_the_console_has_saved_is_there_after_a_restart() {
    let app = TestApp::start().await;
    let admin = Admin::by_link(&app).await;
    let fields =
        [("name", "Kept"), ("origins", "https://kept.example"), ("locale", "en"), ("time_zone", "UTC")];
    assert_eq!(admin.post("/admin/new-site", &fields).await.status, 303);
    let config = stoa::base::config::Config::load(&app.folder().join("stoa.toml")).unwrap();
    let overlaid = stoa::dispatch::console::overlay(config.clone()).await.unwrap();
    assert!(overlaid.sites.iter().any(|site| site.id == "kept"), "commands see it too");
    app.app.close().await;
    let again = stoa::dispatch::App::start(config, app.clock.clone(), stoa::runtime::Compiler::InProcess)
        .await
        .unwrap();
    assert_eq!(again.site(&"kept".into()).unwrap().origins, ["https://kept.example"]);
}

#[tokio::test]
async fn a_wrong_value_is_told_at_its_field_and_what_was_typed_stays() {
    let app = TestApp::start_host("rate_factor = 0", "", "").await;
    let admin = Admin::by_link(&app).await;
    let check = async |name: &str, value: &str, field: &str| {
        let mut fields = vec![
            ("name", "Site \"x\" <b>"),
            ("origins", "https://x.example"),
            ("locale", "en"),
            ("time_zone", "UTC"),
        ];
        fields.iter_mut().filter(|(known, _)| *known == name).for_each(|field| field.1 = value);
        let shown = admin.post("/admin/new-site", &fields).await;
        assert_eq!(shown.status, 422, "{name}={value}");
        assert!(shown.html.contains(&format!("id=\"{field}-error\"")), "{name}={value}: {}", shown.html);
        assert!(!shown.html.contains("<b>"), "{}", shown.html);
    };
    check("name", "", "name").await;
    check("origins", "https://x.example/path", "origins").await;
    check("origins", "https://*.example", "origins").await;
    check("origins", "javascript:alert(1)", "origins").await;
    check("time_zone", "Mars/Olympus", "time_zone").await;
    assert_eq!(admin.post("/admin/sites/demo/manage", &[]).await.status, 303);
    let of = version(&admin, "/admin/sites/demo/plugins/comments").await;
    let fields = [("version", of.as_str()), ("enabled", "yes"), ("set-edit_window_minutes", "many")];
    let shown = admin.post("/admin/sites/demo/plugins/comments", &fields).await;
    assert_eq!(shown.status, 422);
    assert!(
        shown.html.contains("id=\"set-edit_window_minutes-error\"") && shown.html.contains("value=\"many\""),
        "{}",
        shown.html
    );
}

#[tokio::test]
async fn words_are_tried_before_they_are_saved_and_hold_at_once() {
    let app = TestApp::start_host("rate_factor = 0", "", "").await;
    let admin = Admin::by_link(&app).await;
    assert_eq!(admin.post("/admin/sites/demo/manage", &[]).await.status, 303);
    let page = "/admin/sites/demo/words";
    let mut fields = vec![
        ("banned_words", "idiot"),
        ("suspect_words", "stupid"),
        ("mode", "post"),
        ("links_max", "3"),
        ("links_max_guest", "1"),
        ("new_author_hold", "2"),
        ("report_hold", "3"),
        ("undo_days", "30"),
    ];
    let with = |fields: &[(&'static str, &'static str)], more: &[(&'static str, &'static str)]| {
        [fields, more].concat()
    };
    let tried = admin.post(page, &with(&fields, &[("do", "test"), ("test", "What an Ídiot")])).await.html;
    assert!(tried.contains("notice bad"), "{tried}");
    let tried = admin.post(page, &with(&fields, &[("do", "test"), ("test", "a stupid text")])).await.html;
    assert!(tried.contains("notice warn"), "{tried}");
    let anna = app.anna().await;
    assert_eq!(
        anna.act("p", "create", None, &[("body", "You idiot")]).await.status,
        200,
        "only tried so far"
    );
    let of = version(&admin, page).await;
    let of: &'static str = Box::leak(of.into_boxed_str());
    fields.push(("version", of));
    assert_eq!(admin.post(page, &with(&fields, &[("do", "save")])).await.status, 303);
    assert_eq!(anna.act("p", "create", None, &[("body", "Another idiot")]).await.status, 422);
}

#[tokio::test]
async fn the_doctor_fetches_nothing_but_the_sites_own_pages() {
    let app = TestApp::start_host("rate_factor = 0", "", "").await;
    let admin = Admin::by_link(&app).await;
    for page in [
        "http://127.0.0.1:22/",
        "http://169.254.169.254/latest",
        "file:///etc/passwd",
        "http://intranet.localhost:4100@evil.example/",
        "",
        "x",
    ] {
        let shown = admin.post("/admin/sites/demo/doctor", &[("page", page)]).await;
        assert!(shown.html.contains("is not of one of the site"), "{page}: {}", shown.html);
    }
    let shown = admin.post("/admin/sites/demo/doctor", &[("page", "http://intranet.localhost:4100/x")]).await;
    assert!(shown.html.contains("cannot be reached"), "{}", shown.html);
}

#[tokio::test]
async fn the_test_page_signs_in_whoever_looks_at_it() {
    let app = TestApp::start_host("rate_factor = 0", "", "").await;
    let admin = Admin::by_link(&app).await;
    let page = admin.get("/admin/sites/demo/try").await.html;
    assert!(page.contains("<stoa-page") && page.contains("/admin/sites/demo/try/token"), "{page}");
    let token = admin.get("/admin/sites/demo/try/token").await.html;
    let (status, answer) = session(&app, "demo", &app.url, &token).await;
    assert_eq!(status, 200, "{answer}");
    let (status, _) = session(&app, "other", &app.url, &token).await;
    assert_eq!(status, 401, "it is for one site");
}
