//! Who leaves, or is given other roles, by the directory or by an admin: at once, with every session and stream.

use std::time::Duration;

use serde_json::{Value, json};
use stoa::base::clock::Clock;
use stoa::store::{PersonChange, Store};
use stoa_tests::{SCIM, TestApp};

use super::{ends, open};

const SITE: &str =
    "[sites.scim]\nsecret_file = \"scim.secret\"\n[sites.scim.roles]\nModerators = \"moderator\"\n";

async fn scim(app: &TestApp, method: &str, path: &str, body: Value) -> Value {
    let url = format!("{}/scim/v2/sites/demo{path}", app.url);
    let request = reqwest::Client::new().request(method.parse().unwrap(), url).bearer_auth(SCIM);
    let answer = request.body(body.to_string()).send().await.unwrap();
    assert!(answer.status().is_success(), "{method} {path} was answered {}", answer.status());
    serde_json::from_str(&answer.text().await.unwrap()).unwrap_or(Value::Null)
}

fn operations(list: Value) -> Value {
    json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": list})
}

/// What a new token of somebody is answered with: the status, and the problem's code and detail.
async fn token(app: &TestApp, subject: &str, roles: &[&str]) -> (u16, String, String) {
    let token = app.sign(&app.claims("demo", subject, subject, roles));
    let body = json!({"token": token, "lang": "en", "views": []}).to_string();
    let answer = app.request("POST", "/v1/sites/demo/session").body(body).send().await.unwrap();
    let status = answer.status().as_u16();
    let told: Value = answer.json().await.unwrap();
    let text = |name: &str| told[name].as_str().unwrap_or_default().to_owned();
    (status, text("code"), text("detail"))
}

#[tokio::test]
async fn somebody_who_leaves_is_out_everywhere_at_once_and_their_entries_stay() {
    let app = TestApp::start_with(SITE, "").await;
    let user = scim(
        &app,
        "POST",
        "/Users",
        json!({"userName": "anna", "externalId": "anna", "displayName": "Anna Bergmann"}),
    )
    .await;
    let (anna, ben) = (app.anna().await, app.ben().await);
    anna.comment("p", "I was here").await;
    ben.find_person("Anna Bergmann").await;
    let shown = anna.see("p", "").await;
    let mut stream = open(&app, &anna, &shown.rev, app.clock.now()).await;
    let path = format!("/Users/{}", user["id"].as_str().unwrap());
    scim(&app, "PATCH", &path, operations(json!([{"op": "Replace", "path": "active", "value": "False"}])))
        .await;
    assert!(ends(&mut stream).await, "the stream ends");
    assert_eq!(anna.see("p", "").await.status, 401, "so does the session");
    let (status, code, detail) = token(&app, "anna", &[]).await;
    assert_eq!((status, code.as_str()), (401, "account_inactive"));
    assert!(detail.contains("not active"), "it is told to them: {detail}");
    let found = ben.request("GET", "/v1/sites/demo/people?q=anna").send().await.unwrap();
    assert_eq!(found.json::<Value>().await.unwrap()["people"], json!([]), "nobody mentions them");
    let seen = ben.see("p", "").await;
    assert!(seen.html.contains("I was here") && seen.html.contains("Anna Bergmann"), "{}", seen.html);
    scim(&app, "PATCH", &path, operations(json!([{"op": "replace", "value": {"active": true}}]))).await;
    assert_eq!(token(&app, "anna", &[]).await.0, 200, "and back again");
    scim(&app, "DELETE", &path, Value::Null).await;
    assert_eq!(token(&app, "anna", &[]).await.1, "account_inactive", "whoever is deleted there has left");
}

#[tokio::test]
async fn roles_of_the_directory_hold_at_once_and_whatever_a_token_says() {
    let app = TestApp::start_with(SITE, "").await;
    // Of a token of the page's own.
    let mia = app.mia().await;
    let user = scim(&app, "POST", "/Users", json!({"userName": "mia", "externalId": "mia"})).await;
    let person = async |app: &TestApp| {
        let known = app.app.known_people(&"demo".into(), "mia", "", 10).await.unwrap();
        known.into_iter().next().unwrap()
    };
    assert_eq!(person(&app).await.person.roles, Vec::<String>::new(), "the directory gives none");
    let shown = mia.see("p", "").await;
    let mut stream = open(&app, &mia, &shown.rev, app.clock.now()).await;
    let member = json!([{"value": user["id"]}]);
    let group = scim(&app, "POST", "/Groups", json!({"displayName": "Moderators", "members": member})).await;
    assert!(ends(&mut stream).await, "what is open is decided anew");
    assert_eq!(person(&app).await.person.roles, ["moderator"]);
    assert_eq!(person(&app).await.groups, ["Moderators"]);
    let shown = mia.see("p", "").await;
    let mut stream = open(&app, &mia, &shown.rev, app.clock.now()).await;
    let path = format!("/Groups/{}", group["id"].as_str().unwrap());
    scim(&app, "PATCH", &path, operations(json!([{"op": "remove", "path": "members", "value": member}])))
        .await;
    assert!(ends(&mut stream).await);
    assert_eq!(token(&app, "mia", &["moderator", "admin"]).await.0, 200);
    assert_eq!(
        person(&app).await.person.roles,
        Vec::<String>::new(),
        "a token gives nothing beside the directory"
    );
    // A group that gets the name gives the role, one that is deleted takes it.
    let other = scim(&app, "POST", "/Groups", json!({"displayName": "Cooks", "members": member})).await;
    scim(&app, "DELETE", &path, Value::Null).await;
    let path = format!("/Groups/{}", other["id"].as_str().unwrap());
    scim(
        &app,
        "PATCH",
        &path,
        operations(json!([{"op": "replace", "path": "displayName", "value": "Moderators"}])),
    )
    .await;
    assert_eq!(person(&app).await.person.roles, ["moderator"]);
    scim(&app, "DELETE", &path, Value::Null).await;
    assert_eq!(person(&app).await.person.roles, Vec::<String>::new());
}

#[tokio::test]
async fn people_are_matched_by_issuer_and_subject_and_never_by_address() {
    let app = TestApp::start_with(SITE, "").await;
    let mut claims = app.claims("demo", "anna", "Anna Bergmann", &[]);
    claims["email"] = json!("anna@intranet.example");
    app.sign_in_with(&claims).await;
    let emails = json!([{"value": "anna@intranet.example"}]);
    let twin =
        json!({"userName": "anna@intranet.example", "externalId": "4711", "emails": emails, "active": false});
    scim(&app, "POST", "/Users", twin).await;
    assert_eq!(token(&app, "anna", &[]).await.0, 200, "another subject is another person");
    assert_eq!(token(&app, "4711", &[]).await.1, "account_inactive");
    // Somebody whom the directory does not name by a subject is kept, and is nobody.
    scim(&app, "POST", "/Users", json!({"userName": "ben", "active": false})).await;
    assert_eq!(token(&app, "ben", &[]).await.0, 200);
}

#[tokio::test]
async fn an_admin_keeps_somebody_out_from_another_process() {
    let app = TestApp::start_with(SITE, "").await;
    let anna = app.anna().await;
    let shown = anna.see("p", "").await;
    let mut stream = open(&app, &anna, &shown.rev, app.clock.now()).await;
    let site = "demo".into();
    let id = app.app.known_people(&site, "anna", "", 1).await.unwrap()[0].person.id.clone();
    // What `stoa people` does beside a running host.
    let store = Store::open(&format!("sqlite:{}", app.folder().join("stoa.db").display())).await.unwrap();
    let now = Clock::system().now();
    store.change_person(&site, &id, &PersonChange::Deactivate, now).await.unwrap();
    assert!(ends(&mut stream).await, "the stream ends");
    assert_eq!(anna.see("p", "").await.status, 401);
    assert_eq!(token(&app, "anna", &[]).await.1, "account_inactive");
    scim(&app, "POST", "/Users", json!({"userName": "anna", "externalId": "anna", "active": true})).await;
    assert_eq!(token(&app, "anna", &[]).await.1, "account_inactive", "the directory does not decide on that");
    store.change_person(&site, &id, &PersonChange::Activate, now).await.unwrap();
    assert_eq!(token(&app, "anna", &[]).await.0, 200);
    store.close().await.unwrap();
}

#[tokio::test]
async fn a_second_name_of_somebody_is_linked_by_an_admin() {
    let app = TestApp::start_with(SITE, "").await;
    let anna = app.anna().await;
    anna.comment("p", "By the first name").await;
    let twin = app.sign_in("a.bergmann", "A. Bergmann", &[]).await;
    let site = "demo".into();
    let known = async |name: &str| app.app.known_people(&site, name, "", 1).await.unwrap().remove(0);
    let (first, second) = (known("anna").await, known("a.bergmann").await);
    let link = PersonChange::Link { issuer: second.issuer.clone(), subject: second.subject.clone() };
    app.app.change_person(&site, &first.person.id, &link, "a test").await.unwrap();
    assert_eq!(twin.see("p", "").await.status, 401, "the other one's sessions end");
    app.clock.advance(Duration::from_secs(5));
    app.sign_in("a.bergmann", "A. Bergmann", &[]).await.comment("p", "By the second name").await;
    let all = app.app.known_people(&site, "", "", 10).await.unwrap();
    let linked = all.iter().find(|known| known.person.id == first.person.id).unwrap();
    assert_eq!(linked.person.name, "A. Bergmann", "the token is the first one's, and renames them");
    let kept_out = all.iter().find(|known| known.person.id == second.person.id).unwrap();
    assert!(kept_out.suspended && !kept_out.person.active);
    assert_eq!(linked.linked, [(second.issuer, second.subject)]);
    let absent = app.app.change_person(&site, &"nobody".into(), &PersonChange::Activate, "a test").await;
    assert!(absent.is_err());
}
