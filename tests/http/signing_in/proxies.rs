//! A proxy in front of the host that has signed people in. Connections of 127.0.0.1 are the proxy's, those of 127.0.0.2
//! somebody else's who reaches the host directly.

use std::net::IpAddr;

use serde_json::{Value, json};
use stoa_tests::{INTRANET, TestApp};

const HOST: &str = "trusted_proxies = [\"127.0.0.1\"]";
const SITE: &str = "[sites.proxy]\nuser_header = \"X-Remote-User\"\nname_header = \"X-Remote-Name\"\n\
    groups_header = \"X-Remote-Groups\"\n[sites.proxy.roles]\neditors = \"moderator\"\n";

struct Asked {
    status: u16,
    answer: Value,
}

/// `POST session` from an address, with headers and no token.
async fn ask(app: &TestApp, from: &str, site: &str, headers: &[(&str, &str)]) -> Asked {
    let client = reqwest::Client::builder().local_address(from.parse::<IpAddr>().unwrap()).build().unwrap();
    let mut request = client
        .post(format!("{}/v1/sites/{site}/session", app.url))
        .header("Origin", INTRANET)
        .body(json!({"views": []}).to_string());
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = request.send().await.unwrap();
    Asked { status: answer.status().as_u16(), answer: answer.json().await.unwrap() }
}

const ERIN: [(&str, &str); 3] =
    [("X-Remote-User", "erin"), ("X-Remote-Name", "Erin Editor"), ("X-Remote-Groups", "all,editors")];

#[tokio::test]
async fn a_listed_proxy_signs_people_in_and_groups_give_roles() {
    let app = TestApp::start_host(HOST, SITE, "").await;
    let erin = ask(&app, "127.0.0.1", "demo", &ERIN).await;
    assert_eq!(
        (erin.status, &erin.answer["person"]["name"]),
        (200, &json!("Erin Editor")),
        "{}",
        erin.answer
    );
    let people = |bearer: &str| {
        let request = app.request("GET", "/v1/sites/demo/people?q=erin").bearer_auth(bearer);
        async move { request.send().await.unwrap().json::<Value>().await.unwrap() }
    };
    let bearer = erin.answer["bearer"].as_str().unwrap();
    assert_eq!(people(bearer).await["people"][0]["id"], erin.answer["person"]["id"]);
    let again = ask(&app, "127.0.0.1", "demo", &ERIN).await;
    assert_eq!(again.answer["person"]["id"], erin.answer["person"]["id"], "the same person");
    let nobody = ask(&app, "127.0.0.1", "demo", &[("X-Remote-Groups", "editors")]).await;
    assert_eq!((nobody.status, &nobody.answer["bearer"]), (200, &Value::Null), "not signed in");
    let empty = ask(&app, "127.0.0.1", "demo", &[("X-Remote-User", "")]).await;
    assert_eq!((empty.status, &empty.answer["bearer"]), (200, &Value::Null), "not signed in");
    let other = ask(&app, "127.0.0.1", "other", &ERIN).await;
    assert_eq!((other.status, &other.answer["bearer"]), (200, &Value::Null), "a site without a proxy");
}

#[tokio::test]
async fn headers_from_anybody_else_are_refused_and_so_are_two_of_them() {
    let app = TestApp::start_host(HOST, SITE, "").await;
    let check = async |from: &str, headers: &[(&str, &str)], code: &str| {
        let Asked { status, answer } = ask(&app, from, "demo", headers).await;
        assert_eq!((status, answer["code"].as_str()), (401, Some(code)), "{from} {headers:?}: {answer}");
        assert!(answer["reason"].as_str().unwrap().contains("proxy"), "{answer}");
        assert!(!answer["detail"].as_str().unwrap().contains('`'), "{answer}");
    };
    check("127.0.0.2", &ERIN, "proxy_untrusted").await;
    check("127.0.0.2", &[("x-remote-user", "erin")], "proxy_untrusted").await;
    let claimed = [("X-Remote-User", "erin"), ("X-Forwarded-For", "127.0.0.1")];
    check("127.0.0.2", &claimed, "proxy_untrusted").await;
    let both = [("X-Remote-User", "admin"), ("X-Remote-User", "erin")];
    check("127.0.0.1", &both, "proxy_header").await;
    let groups = [("X-Remote-User", "erin"), ("X-Remote-Groups", "editors"), ("X-Remote-Groups", "all")];
    check("127.0.0.1", &groups, "proxy_header").await;
    check("127.0.0.1", &[("X-Remote-User", "er\u{200b}in")], "proxy_header").await;
    let direct = ask(&app, "127.0.0.2", "demo", &[]).await;
    assert_eq!((direct.status, &direct.answer["bearer"]), (200, &Value::Null), "nobody is named");
    // Names that only look alike to other programs are other headers here.
    let alike = ask(&app, "127.0.0.2", "demo", &[("X_Remote_User", "erin"), ("X-Remote-Usr", "erin")]).await;
    assert_eq!((alike.status, &alike.answer["bearer"]), (200, &Value::Null), "nobody is named");
}

#[tokio::test]
async fn a_role_ends_with_the_group_and_a_page_of_another_site_learns_nothing() {
    let app = TestApp::start_host(HOST, SITE, "").await;
    let comment = app.anna().await.comment("p", "Hello").await;
    let removes = async |bearer: &str| {
        let path = format!("/v1/sites/demo/plugins/comments/view?page=p&p=host-remove%3D{comment}");
        let request = app.request("GET", &path).header("Accept", "text/html").bearer_auth(bearer);
        let html = request.send().await.unwrap().text().await.unwrap();
        stoa_tests::token_for(&html, "host-remove", Some(&comment)).is_some()
    };
    let erin = ask(&app, "127.0.0.1", "demo", &ERIN).await.answer["bearer"].as_str().unwrap().to_owned();
    assert!(removes(&erin).await);
    app.clock.advance(std::time::Duration::from_secs(1));
    ask(&app, "127.0.0.1", "demo", &[("X-Remote-User", "erin")]).await;
    assert!(!removes(&erin).await, "in every session");
    let evil = app.client_for("http://evil.example").post(format!("{}/v1/sites/demo/session", app.url));
    let answer = evil.header("X-Remote-User", "erin").body("{}").send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 403);
    assert!(!answer.text().await.unwrap().contains("bearer\":\""));
}

#[tokio::test]
async fn plain_pages_are_whose_the_proxy_says() {
    let app = TestApp::start_host(HOST, SITE, "").await;
    let see = async |from: &str, user: Option<&str>| {
        let client =
            reqwest::Client::builder().local_address(from.parse::<IpAddr>().unwrap()).build().unwrap();
        let request = client.get(format!("{}/t/demo/comments?page=p", app.url));
        let request = user.iter().fold(request, |request, user| request.header("X-Remote-User", *user));
        request.send().await.unwrap().text().await.unwrap()
    };
    assert!(see("127.0.0.1", Some("erin")).await.contains("<textarea"), "Erin may write");
    assert!(!see("127.0.0.1", None).await.contains("<textarea"));
    assert!(!see("127.0.0.2", Some("erin")).await.contains("<textarea"));
}
