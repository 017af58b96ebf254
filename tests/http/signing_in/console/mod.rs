//! The admin's console: who gets in, who may what, and what changes at once.

mod access;
mod changing;

use stoa_tests::TestApp;

/// A browser that is signed in to the console.
pub(crate) struct Admin<'a> {
    app: &'a TestApp,
    http: reqwest::Client,
    cookie: String,
}

/// What a page of the console is.
pub(crate) struct Shown {
    pub(crate) status: u16,
    pub(crate) html: String,
    pub(crate) location: String,
}

impl Admin<'_> {
    /// Signed in by a link.
    pub(crate) async fn by_link(app: &TestApp) -> Admin<'_> {
        let token = app.app.first_link().await.unwrap().expect("no link was made before");
        let http = app.client_for(&app.url);
        let answer =
            http.post(format!("{}/admin/sign-in", app.url)).form(&[("link", token)]).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 303);
        let cookie = cookie(&answer);
        Admin { app, http, cookie }
    }

    /// Signed in by a token of the site `demo`.
    pub(crate) async fn by_token<'a>(app: &'a TestApp, name: &str, role: &str) -> Admin<'a> {
        let token = app.sign(&app.claims("demo", name, name, &[role]));
        let answer = app.request("POST", "/admin/token/demo").form(&[("token", token)]).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 200, "{name}");
        let cookie = cookie(&answer);
        Admin { app, http: app.client_for(&app.url), cookie }
    }

    pub(crate) async fn get(&self, path: &str) -> Shown {
        let request = self.http.get(format!("{}{path}", self.app.url)).header("Cookie", &self.cookie);
        shown(request.send().await.unwrap()).await
    }

    /// The token that each form of this person carries.
    pub(crate) async fn form_token(&self) -> String {
        let html = self.get("/admin").await.html;
        let (_, rest) = html.split_once("name=\"form\" value=\"").expect("the page has a form");
        rest.split('"').next().unwrap().to_owned()
    }

    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Shown {
        let token = self.form_token().await;
        let mut all = vec![("form", token.as_str())];
        all.extend_from_slice(fields);
        self.send(path, &all).await
    }

    pub(crate) async fn send(&self, path: &str, fields: &[(&str, &str)]) -> Shown {
        let request = self.http.post(format!("{}{path}", self.app.url)).header("Cookie", &self.cookie);
        shown(request.form(fields).send().await.unwrap()).await
    }
}

/// The cookie that an answer sets, as a browser sends it back.
pub(crate) fn cookie(answer: &reqwest::Response) -> String {
    let cookie = answer.headers()["set-cookie"].to_str().unwrap();
    for attribute in ["HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    cookie.split(';').next().unwrap().to_owned()
}

async fn shown(answer: reqwest::Response) -> Shown {
    let location = answer.headers().get("location").map(|value| value.to_str().unwrap().to_owned());
    Shown {
        status: answer.status().as_u16(),
        location: location.unwrap_or_default(),
        html: answer.text().await.unwrap(),
    }
}
