//! A directory that tells of people and groups (SCIM 2.0), as Microsoft Entra and Okta write to it, and as attackers do.

use std::time::Duration;

use serde_json::{Value, json};
use stoa_tests::{SCIM, SCIM_OTHER, TestApp};

const SITE: &str =
    "[sites.scim]\nsecret_file = \"scim.secret\"\n[sites.scim.roles]\nModerators = \"moderator\"\n";
const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

struct Told {
    status: u16,
    body: Value,
    etag: String,
}

impl Told {
    fn id(&self) -> &str {
        self.body["id"].as_str().expect("a resource has an id")
    }
}

async fn sent(request: reqwest::RequestBuilder) -> Told {
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    let etag = answer.headers().get("etag").map(|tag| tag.to_str().unwrap().to_owned()).unwrap_or_default();
    let text = answer.text().await.unwrap();
    Told { status, etag, body: serde_json::from_str(&text).unwrap_or(Value::Null) }
}

fn request(app: &TestApp, method: &str, path: &str) -> reqwest::RequestBuilder {
    let url = format!("{}/scim/v2/sites/demo{path}", app.url);
    reqwest::Client::new()
        .request(method.parse().unwrap(), url)
        .bearer_auth(SCIM)
        .header("content-type", "application/scim+json")
}

async fn ask(app: &TestApp, method: &str, path: &str, body: Value) -> Told {
    sent(request(app, method, path).body(body.to_string())).await
}

async fn get(app: &TestApp, path: &str) -> Told {
    sent(request(app, "GET", path)).await
}

fn anna() -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": "anna@intranet.example", "externalId": "anna", "active": true, "title": "Editor",
        "name": {"givenName": "Anna", "familyName": "Bergmann"},
        "emails": [{"value": "anna@intranet.example", "type": "work", "primary": true}],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "News", "employeeNumber": "7"},
        "nickName": "Annie", "wages": 7, "password": "not kept",
    })
}

async fn patch(app: &TestApp, path: &str, operations: Value) -> Told {
    ask(app, "PATCH", path, json!({"schemas": [PATCH], "Operations": operations})).await
}

#[track_caller]
fn check(told: Told, status: u16, word: &str) {
    let found = (told.status, told.body["scimType"].as_str().unwrap_or_default());
    assert_eq!(found, (status, word), "{}", told.body);
    assert_eq!(told.body["schemas"], json!(["urn:ietf:params:scim:api:messages:2.0:Error"]));
    assert_eq!(told.body["status"], status.to_string());
}

#[tokio::test]
async fn somebody_is_made_read_changed_and_deleted() {
    let app = TestApp::start_with(SITE, "").await;
    let made = ask(&app, "POST", "/Users", anna()).await;
    assert_eq!((made.status, made.etag.as_str()), (201, "W/\"1\""), "{}", made.body);
    assert_eq!(made.body["meta"]["location"], format!("{}/scim/v2/sites/demo/Users/{}", app.url, made.id()));
    for absent in ["nickName", "wages", "password"] {
        assert_eq!(made.body[absent], Value::Null, "{absent} is not kept");
    }
    let path = format!("/Users/{}", made.id());
    assert_eq!(get(&app, &path).await.body, made.body);
    let narrow = get(&app, &format!("{path}?attributes=userName,name.familyName")).await;
    assert_eq!(narrow.body["name"], json!({"familyName": "Bergmann"}));
    assert_eq!((&narrow.body["emails"], &narrow.body["id"]), (&Value::Null, &made.body["id"]));
    let department = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";
    let changed = patch(
        &app,
        &path,
        json!([
            {"op": "Replace", "path": "title", "value": "Editor in chief"},
            {"op": "Add", "path": department, "value": "Desk"},
            {"op": "add", "path": "emails[type eq \"home\"].value", "value": "anna@home.example"},
        ]),
    )
    .await;
    assert_eq!((changed.status, changed.etag.as_str()), (200, "W/\"2\""), "{}", changed.body);
    assert_eq!(changed.body["emails"].as_array().unwrap().len(), 2);
    let same =
        patch(&app, &path, json!([{"op": "replace", "path": "title", "value": "Editor in chief"}])).await;
    assert_eq!((same.status, same.etag.as_str()), (200, "W/\"2\""), "nothing has changed");
    let replaced =
        ask(&app, "PUT", &path, json!({"userName": "anna@intranet.example", "externalId": "anna"})).await;
    assert_eq!((replaced.status, &replaced.body["title"]), (200, &Value::Null), "what is left out is gone");
    assert_eq!(ask(&app, "DELETE", &path, Value::Null).await.status, 204);
    assert_eq!(get(&app, &path).await.status, 404);
}

#[tokio::test]
async fn lists_are_filtered_and_paged() {
    let app = TestApp::start_with(SITE, "").await;
    for name in ["anna", "ben", "cleo"] {
        let user = json!({"userName": format!("{name}@intranet.example"), "externalId": name, "active": name != "ben"});
        assert_eq!(ask(&app, "POST", "/Users", user).await.status, 201);
        app.clock.advance(Duration::from_secs(1));
    }
    let found = async |query: &str| {
        let told = sent(request(&app, "GET", "/Users").query(&[("filter", query)])).await;
        assert_eq!(told.status, 200, "{query}: {}", told.body);
        told.body["totalResults"].as_u64().unwrap()
    };
    assert_eq!(found("userName eq \"ANNA@intranet.example\"").await, 1);
    assert_eq!(found("externalId eq \"ben\" and active eq true").await, 0);
    assert_eq!(found("externalId eq \"ben\" or externalId eq \"cleo\"").await, 2);
    assert_eq!(found("userName sw \"c\"").await, 1);
    assert_eq!(found("active eq true").await, 2);
    let search = json!({"filter": "userName sw \"c\"", "attributes": ["userName"], "count": 5});
    let told = ask(&app, "POST", "/Users/.search", search).await;
    assert_eq!((told.status, &told.body["totalResults"]), (200, &json!(1)), "{}", told.body);
    assert_eq!(told.body["Resources"][0]["externalId"], Value::Null);
    assert_eq!(ask(&app, "POST", "/.search", json!({})).await.status, 501);
    let page = get(&app, "/Users?startIndex=2&count=1").await.body;
    assert_eq!(
        (&page["totalResults"], &page["itemsPerPage"], &page["startIndex"]),
        (&json!(3), &json!(1), &json!(2))
    );
    assert_eq!(page["Resources"][0]["externalId"], "ben", "in the order in which they were made");
    assert_eq!(get(&app, "/Users?startIndex=-7&count=-1").await.body["Resources"], json!([]));
    assert_eq!(get(&app, "/Users?startIndex=99").await.body["Resources"], json!([]));
}

#[tokio::test]
async fn groups_have_members_and_each_shows_the_other() {
    let app = TestApp::start_with(SITE, "").await;
    let user = ask(&app, "POST", "/Users", anna()).await;
    let group = json!({"displayName": "News", "externalId": "g1", "members": [{"value": user.id()}]});
    let made = ask(&app, "POST", "/Groups", group).await;
    assert_eq!((made.status, &made.body["members"][0]["value"]), (201, &user.body["id"]), "{}", made.body);
    let shown = get(&app, &format!("/Users/{}", user.id())).await.body;
    assert_eq!(
        (&shown["groups"][0]["display"], &shown["groups"][0]["value"]),
        (&json!("News"), &made.body["id"])
    );
    let path = format!("/Groups/{}", made.id());
    let slim = get(&app, &format!("{path}?excludedAttributes=members")).await.body;
    assert_eq!((&slim["members"], &slim["displayName"]), (&Value::Null, &json!("News")));
    let of =
        sent(request(&app, "GET", "/Groups").query(&[("filter", format!("members eq \"{}\"", user.id()))]))
            .await;
    assert_eq!(of.body["totalResults"], 1, "{}", of.body);
    let gone =
        patch(&app, &path, json!([{"op": "Remove", "path": "members", "value": [{"value": user.id()}]}]))
            .await;
    assert_eq!((gone.status, &gone.body["members"]), (200, &Value::Null));
    let strange =
        patch(&app, &path, json!([{"op": "add", "path": "members", "value": [{"value": "nobody"}]}])).await;
    assert_eq!((strange.status, &strange.body["scimType"]), (400, &json!("invalidValue")));
    let nested = json!({"displayName": "All", "members": [{"value": made.id(), "type": "Group"}]});
    assert_eq!(ask(&app, "POST", "/Groups", nested).await.status, 400);
    let taken = ask(&app, "POST", "/Groups", json!({"displayName": "NEWS"})).await;
    assert_eq!((taken.status, &taken.body["scimType"]), (409, &json!("uniqueness")));
    assert_eq!(ask(&app, "DELETE", &path, Value::Null).await.status, 204);
    assert_eq!(get(&app, &format!("/Users/{}", user.id())).await.body["groups"], Value::Null);
}

#[tokio::test]
async fn only_the_secret_of_the_site_opens_its_directory() {
    let app = TestApp::start_with(SITE, "").await;
    let ask = async |site: &str, secret: Option<&str>| {
        let mut request = reqwest::Client::new().get(format!("{}/scim/v2/sites/{site}/Users", app.url));
        if let Some(secret) = secret {
            request = request.header("authorization", secret);
        }
        let told = sent(request).await;
        (told.status, told.body)
    };
    let bearer = |secret: &str| format!("Bearer {secret}");
    assert_eq!(ask("demo", Some(&bearer(SCIM))).await.0, 200);
    assert_eq!(ask("other", Some(&bearer(SCIM_OTHER))).await.0, 200);
    let absent = ask("nowhere", Some(&bearer(SCIM))).await;
    assert_eq!((absent.0, &absent.1["status"]), (401, &json!("401")));
    let secrets = [
        None,
        Some(String::new()),
        Some(bearer("")),
        Some(bearer(SCIM_OTHER)),
        Some(bearer(&SCIM[1..])),
        Some(bearer(&format!("{SCIM}x"))),
        Some(bearer(&SCIM.to_uppercase())),
        Some(format!("Basic {SCIM}")),
        Some(SCIM.to_owned()),
    ];
    for secret in secrets {
        assert_eq!(
            ask("demo", secret.as_deref()).await,
            absent,
            "{secret:?} looks like a site that there is not"
        );
    }
    let plain = TestApp::start().await;
    let told =
        sent(reqwest::Client::new().get(format!("{}/scim/v2/sites/demo/Users", plain.url)).bearer_auth(SCIM))
            .await;
    assert_eq!((told.status, told.body), absent, "a site without a directory");
}

#[tokio::test]
async fn another_sites_people_are_not_there() {
    let app = TestApp::start_with(SITE, "").await;
    let made = ask(&app, "POST", "/Users", anna()).await;
    let group = ask(&app, "POST", "/Groups", json!({"displayName": "News"})).await;
    let other = |method: &str, path: String| {
        let url = format!("{}/scim/v2/sites/other{path}", app.url);
        reqwest::Client::new().request(method.parse().unwrap(), url).bearer_auth(SCIM_OTHER)
    };
    for path in [format!("/Users/{}", made.id()), format!("/Groups/{}", group.id())] {
        for method in ["GET", "DELETE", "PUT", "PATCH"] {
            let body = json!({"schemas": [PATCH], "userName": "x", "displayName": "x", "Operations": [{"op": "remove", "path": "title"}]});
            let told = sent(other(method, path.clone()).body(body.to_string())).await;
            assert_eq!(told.status, 404, "{method} {path}: {}", told.body);
        }
    }
    let theirs = json!({"displayName": "Ours", "members": [{"value": made.id()}]});
    let told = sent(other("POST", "/Groups".to_owned()).body(theirs.to_string())).await;
    assert_eq!(
        (told.status, &told.body["scimType"]),
        (400, &json!("invalidValue")),
        "no member of another site"
    );
    assert_eq!(sent(other("GET", "/Users".to_owned())).await.body["totalResults"], 0);
    assert_eq!(get(&app, "/Users").await.body["totalResults"], 1, "and all are still there");
}

#[tokio::test]
async fn bad_input_is_refused_in_the_words_of_the_rfc() {
    let app = TestApp::start_with(SITE, "").await;
    assert_eq!(ask(&app, "POST", "/Users", anna()).await.status, 201);
    let mut same = anna();
    same["userName"] = json!("ANNA@intranet.example");
    same["externalId"] = json!("anna2");
    check(ask(&app, "POST", "/Users", same.clone()).await, 409, "uniqueness");
    same["userName"] = json!("other");
    same["externalId"] = json!("anna");
    check(ask(&app, "POST", "/Users", same).await, 409, "uniqueness");
    for body in ["", "{", "[]", "7", "null", "\u{0}"] {
        check(sent(request(&app, "POST", "/Users").body(body)).await, 400, "invalidSyntax");
    }
    for odd in [
        json!({}),
        json!({"userName": ""}),
        json!({"userName": " "}),
        json!({"userName": 7}),
        json!({"userName": "x".repeat(256)}),
        json!({"userName": "x", "active": "maybe"}),
        json!({"userName": "x", "name": "Anna"}),
        json!({"userName": "x", "emails": {"value": "a@b.example"}}),
        json!({"userName": "x", "emails": [{"value": "a@b.example", "primary": true}, {"value": "c@d.example", "primary": true}]}),
        json!({"userName": "x", "emails": vec![json!({"value": "a@b.example"}); 21]}),
        json!({"userName": "x", "title": "x".repeat(1_001)}),
        json!({"userName": "x", "externalId": "x\u{202e}y"}),
    ] {
        check(ask(&app, "POST", "/Users", odd).await, 400, "invalidValue");
    }
}

#[tokio::test]
async fn what_is_too_long_too_deep_or_too_late_is_refused() {
    let app = TestApp::start_with(SITE, "").await;
    let made = ask(&app, "POST", "/Users", anna()).await;
    let path = format!("/Users/{}", made.id());
    let huge = json!({"userName": "x", "title": "x".repeat(3 << 20)});
    check(ask(&app, "POST", "/Users", huge).await, 413, "");
    check(
        sent(request(&app, "PUT", &path).header("if-match", "W/\"7\"").body(anna().to_string())).await,
        412,
        "",
    );
    check(sent(request(&app, "DELETE", &path).header("if-match", "\"0\"")).await, 412, "");
    check(get(&app, "/Users/nobody").await, 404, "");
    check(get(&app, "/Me").await, 404, "");
    check(ask(&app, "PATCH", "/Users", Value::Null).await, 405, "");
    let deep = format!("{}title pr{}", "not (".repeat(500), ")".repeat(500));
    let wide = vec!["title pr"; 2_000].join(" or ");
    for filter in ["title", "wages gt 7", "userName eq", &deep, &wide, "emails[", "userName eq \"\\uD800\""] {
        check(sent(request(&app, "GET", "/Users").query(&[("filter", filter)])).await, 400, "invalidFilter");
    }
    check(get(&app, "/Users?count=many").await, 400, "invalidValue");
    check(patch(&app, &path, json!([])).await, 400, "tooMany");
    check(
        patch(&app, &path, json!([{"op": "replace", "path": "wages", "value": 7}])).await,
        400,
        "invalidPath",
    );
    check(
        patch(&app, &path, json!([{"op": "replace", "path": "id", "value": "7"}])).await,
        400,
        "mutability",
    );
    check(ask(&app, "PATCH", &path, json!({"Operations": []})).await, 400, "invalidSyntax");
    let none =
        patch(&app, &path, json!([{"op": "remove", "path": "title"}, {"op": "remove", "path": "userName"}]))
            .await;
    check(none, 400, "invalidValue");
    assert_eq!(get(&app, &path).await.body, made.body, "nothing of it was kept");
}

#[tokio::test]
async fn a_secret_is_changed_without_a_restart() {
    let app = TestApp::start_with(SITE, "").await;
    let next = "scim-next-0123456789abcdef0123456789abcdef";
    let status = async |secret: &str| {
        let url = format!("{}/scim/v2/sites/demo/Users", app.url);
        sent(reqwest::Client::new().get(url).bearer_auth(secret)).await.status
    };
    let file = app.folder().join("scim.secret");
    std::fs::write(&file, format!("{SCIM}\n{next}\n")).unwrap();
    app.app.renew_keys(false).await;
    assert_eq!((status(SCIM).await, status(next).await), (200, 200), "for a while both are good");
    std::fs::write(&file, next).unwrap();
    app.app.renew_keys(false).await;
    assert_eq!((status(SCIM).await, status(next).await), (401, 200));
    std::fs::write(&file, "short").unwrap();
    app.app.renew_keys(false).await;
    assert_eq!(status(next).await, 200, "a file that cannot be used changes nothing");
}
