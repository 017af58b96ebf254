//! The plain page: everything without script.

use stoa_tests::{INTRANET, TestApp, token_for};

/// Sign in as the intranet's form does, and get the cookie.
async fn sign_in(app: &TestApp) -> String {
    let token = app.sign(&app.claims("demo", "anna", "Anna Bergmann", &[]));
    let answer =
        app.request("POST", "/plain/demo/comments?page=p").form(&[("token", token)]).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 303);
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
    for attribute in ["__Host-stoa", "HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    cookie.split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_comment_is_written_and_read_without_any_script() {
    let app = TestApp::start().await;
    let cookie = sign_in(&app).await;
    let http = app.client_for(&app.url);
    let page = || http.get(format!("{}/t/demo/comments?page=p", app.url)).header("Cookie", &cookie).send();
    let answer = page().await.unwrap();
    let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(
        policy.contains("default-src 'none'") && policy.contains(&format!("frame-ancestors {INTRANET}")),
        "{policy}"
    );
    let html = answer.text().await.unwrap();
    assert!(html.starts_with("<!DOCTYPE html>") && !html.contains("<script"), "{html}");
    let form = [
        ("t", token_for(&html, "create", None).unwrap()),
        ("s", String::new()),
        ("do", "create".to_owned()),
        ("k", "plain-1".to_owned()),
        ("body", "Written *without* script".to_owned()),
    ];
    let post = |origin: &str| {
        http.post(format!("{}/t/demo/comments/act?page=p&p=", app.url))
            .header("Cookie", &cookie)
            .header("Origin", origin)
            .form(&form)
            .send()
    };
    let forged = post("http://evil.example").await.unwrap();
    assert_eq!(forged.status().as_u16(), 403, "a form of another site is refused");
    let done = post(&app.url).await.unwrap();
    assert_eq!(done.status().as_u16(), 303, "{}", done.text().await.unwrap());
    assert!(page().await.unwrap().text().await.unwrap().contains("Written <em>without</em> script"));
}

#[tokio::test]
async fn a_text_that_is_refused_stays_in_the_form() {
    let app = TestApp::start_with("[sites.moderation]\nbanned_words = [\"idiot\"]", "").await;
    let cookie = sign_in(&app).await;
    let http = app.client_for(&app.url);
    let url = format!("{}/t/demo/comments?page=p", app.url);
    let html = http.get(url).header("Cookie", &cookie).send().await.unwrap().text().await.unwrap();
    let form = [
        ("t", token_for(&html, "create", None).unwrap()),
        ("s", String::new()),
        ("do", "create".to_owned()),
        ("k", "plain-2".to_owned()),
        ("body", "You idiot & <friend>".to_owned()),
        ("x", "\"><b>".to_owned()),
    ];
    let act = format!("{}/t/demo/comments/act?page=p&p=", app.url);
    let refused =
        http.post(act).header("Cookie", &cookie).header("Origin", &app.url).form(&form).send().await.unwrap();
    assert_eq!(refused.status().as_u16(), 422);
    let html = refused.text().await.unwrap();
    assert!(
        html.contains("You idiot &amp; &lt;friend&gt;") && html.contains("value=\"&quot;&gt;&lt;b&gt;\""),
        "{html}"
    );
}

#[tokio::test]
async fn whoever_cannot_be_signed_in_gets_a_page_that_says_so() {
    let app = TestApp::start().await;
    let good = app.sign(&app.claims("demo", "anna", "Anna Bergmann", &[]));
    for (origin, token, status, words) in [
        ("null", good.as_str(), 403, "verr\u{e4}t nicht, von welcher Seite"),
        ("http://evil.example", good.as_str(), 403, "nicht richtig eingerichtet"),
        (INTRANET, "spoilt", 401, "Die Anmeldung hat hier nicht geklappt"),
    ] {
        let answer = app
            .client_for(origin)
            .post(format!("{}/plain/demo/comments?page=p", app.url))
            .header("Accept-Language", "de")
            .form(&[("token", token)])
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status().as_u16(), status, "{origin}");
        assert!(!answer.headers().contains_key("set-cookie"));
        let html = answer.text().await.unwrap();
        assert!(html.contains("plain-") && html.contains(words), "{origin}: {html}");
    }
}

#[tokio::test]
async fn a_pasted_address_is_answered_for_and_no_other() {
    let app = TestApp::start().await;
    let ask = async |query: &str| {
        let answer = app
            .client_for("http://cms.example")
            .get(format!("{}/oembed?{query}", app.url))
            .send()
            .await
            .unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let url =
        |rest: &str| format!("url={}", format!("{}{rest}", app.url).replace(':', "%3A").replace('&', "%26"));
    let (status, answer) = ask(&url("/t/demo/comments?page=a<b&sort=oldest")).await;
    assert_eq!(status, 200, "{answer}");
    let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
    assert_eq!((&answer["version"], &answer["type"]), (&"1.0".into(), &"rich".into()));
    let html = answer["html"].as_str().unwrap();
    for part in [
        "class=\"stoa-plugin\"",
        "data-name=\"comments\"",
        "data-site=\"demo\"",
        "data-page=\"a&lt;b\"",
        "data-p=\"sort=oldest\"",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
    for (query, expected) in [
        (url("/t/nowhere/comments?page=a"), 404),
        (url("/t/demo/nothing?page=a"), 404),
        (url("/v1/sites/demo"), 404),
        ("url=https%3A%2F%2Felsewhere.example%2Ft%2Fdemo%2Fcomments%3Fpage%3Da".to_owned(), 404),
        (format!("{}&format=xml", url("/t/demo/comments?page=a")), 501),
        (String::new(), 400),
    ] {
        assert_eq!(ask(&query).await.0, expected, "{query}");
    }
}

#[tokio::test]
async fn the_address_of_a_pages_block_leads_to_its_first_view() {
    let app = TestApp::start().await;
    let http = app.client_for(&app.url);
    let get = async |path: &str| http.get(format!("{}{path}", app.url)).send().await.unwrap();
    let answer = get("/t/demo/page?page=a").await;
    assert_eq!(answer.headers()["location"], "/t/demo/comments?page=a");
    assert_eq!(get("/t/demo/page?page=a&tab=nothing").await.headers()["location"], "/t/demo/comments?page=a");
}
