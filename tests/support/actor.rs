//! People, as tests name them.

use serde_json::{Map, Value, json};

use crate::app::TestApp;
use crate::html::token_for;

/// Somebody who uses the host from a page of the intranet.
#[derive(Clone, Debug)]
pub struct Actor<'a> {
    app: &'a TestApp,
    bearer: Option<String>,
}

/// A view as HTML.
#[derive(Clone, Debug)]
pub struct View {
    /// The status of the answer.
    pub status: u16,
    /// The fragment, or the problem.
    pub html: String,
    /// The revision.
    pub rev: String,
}

/// The answer to an action.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status of the answer.
    pub status: u16,
    /// The body.
    pub json: Value,
    /// `Retry-After`, in seconds.
    pub retry_after: Option<String>,
}

impl Answer {
    /// The problem's stable word; empty where there is no problem.
    #[must_use]
    pub fn code(&self) -> &str {
        self.json["code"].as_str().unwrap_or_default()
    }
}

impl<'a> Actor<'a> {
    pub(crate) fn new(app: &'a TestApp, bearer: Option<String>) -> Self {
        Self { app, bearer }
    }

    /// The bearer.
    #[must_use]
    pub fn bearer(&self) -> Option<&str> {
        self.bearer.as_deref()
    }

    /// A request of this person.
    pub fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let request = self.app.request(method, path);
        match &self.bearer {
            Some(bearer) => request.bearer_auth(bearer),
            None => request,
        }
    }

    /// Find somebody to mention; the value of the hidden field that tells whom the name stands for.
    ///
    /// # Panics
    /// When the host knows nobody of this name.
    pub async fn find_person(&self, name: &str) -> String {
        let request = self.request("GET", "/v1/sites/demo/people").query(&[("q", name)]);
        let answer: Value =
            request.send().await.expect("the host answers").json().await.expect("the answer is JSON");
        let id = answer["people"][0]["id"].as_str().unwrap_or_else(|| panic!("nobody found: {answer}"));
        format!("{id} {name}")
    }

    /// The comments of a page, with the view's parameters.
    ///
    /// # Panics
    /// When the host does not answer.
    pub async fn see(&self, page: &str, parameters: &str) -> View {
        let request = self
            .request("GET", "/v1/sites/demo/plugins/comments/view")
            .query(&[("page", page), ("p", parameters)])
            .header("Accept", "text/html");
        let answer = request.send().await.expect("the host answers");
        let status = answer.status().as_u16();
        let header = |name: &str| {
            answer.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
        };
        let rev = header("stoa-rev");
        View { status, rev, html: answer.text().await.expect("the body arrives") }
    }

    /// Do a verb, with the token that the view offers.
    ///
    /// # Panics
    /// When the view does not offer the verb.
    pub async fn act(
        &self,
        page: &str,
        verb: &str,
        subject: Option<&str>,
        fields: &[(&str, &str)],
    ) -> Answer {
        self.act_in(page, "", verb, subject, fields).await
    }

    /// Do a verb in a view with these parameters.
    ///
    /// # Panics
    /// When the view does not offer the verb.
    pub async fn act_in(
        &self,
        page: &str,
        parameters: &str,
        verb: &str,
        subject: Option<&str>,
        fields: &[(&str, &str)],
    ) -> Answer {
        let mut view = self.see(page, parameters).await;
        let mut token = token_for(&view.html, verb, subject);
        if let (None, Some(subject)) = (&token, subject) {
            // As a person would: open the menu of the post.
            let opened = format!("{parameters}&menu={subject}&{verb}={subject}");
            view = self.see(page, &opened).await;
            token = token_for(&view.html, verb, Some(subject));
        }
        let token = token
            .unwrap_or_else(|| panic!("the view offers no token for {verb} on {subject:?}:\n{}", view.html));
        let key = uuid::Uuid::new_v4().to_string();
        self.send(&key, page, &self.body(page, parameters, &token, verb, subject, fields)).await
    }

    /// The body of an action.
    #[must_use]
    pub fn body(
        &self,
        page: &str,
        parameters: &str,
        token: &str,
        verb: &str,
        subject: Option<&str>,
        fields: &[(&str, &str)],
    ) -> Value {
        let mut all = Map::new();
        all.insert("t".to_owned(), json!(token));
        all.insert("s".to_owned(), json!(subject.unwrap_or_default()));
        all.insert("do".to_owned(), json!(verb));
        all.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), json!(value))));
        let url = format!("{}/{page}", crate::app::INTRANET);
        json!({"page": page, "title": format!("Page {page}"), "url": url, "p": parameters, "fields": all})
    }

    /// Send an action with this idempotency key.
    ///
    /// # Panics
    /// When the host does not answer in JSON.
    pub async fn send(&self, key: &str, _page: &str, body: &Value) -> Answer {
        let request = self
            .request("POST", "/v1/sites/demo/plugins/comments/act")
            .header("Idempotency-Key", key)
            .header("Content-Type", "application/json")
            .body(body.to_string());
        let answer = request.send().await.expect("the host answers");
        let status = answer.status().as_u16();
        let retry_after =
            answer.headers().get("retry-after").and_then(|value| value.to_str().ok()).map(str::to_owned);
        Answer { status, retry_after, json: answer.json().await.expect("in JSON") }
    }

    /// Write a comment; its id.
    ///
    /// # Panics
    /// When the comment is not there afterwards.
    pub async fn comment(&self, page: &str, words: &str) -> String {
        let answer = self.act(page, "create", None, &[("body", words)]).await;
        assert_eq!(answer.status, 200, "{}", answer.json);
        let focus = answer.json["focus"].as_str().unwrap_or_default();
        focus
            .strip_prefix("e-")
            .unwrap_or_else(|| panic!("no focus on the new post: {}", answer.json))
            .to_owned()
    }

    /// Answer a comment; the answer's id.
    ///
    /// # Panics
    /// When the answer is not there afterwards.
    pub async fn reply(&self, page: &str, to: &str, words: &str) -> String {
        let parameters = format!("reply={to}");
        let answer = self.act_in(page, &parameters, "reply", Some(to), &[("body", words)]).await;
        assert_eq!(answer.status, 200, "{}", answer.json);
        let focus = answer.json["focus"].as_str().unwrap_or_default();
        focus
            .strip_prefix("e-")
            .unwrap_or_else(|| panic!("no focus on the new post: {}", answer.json))
            .to_owned()
    }
}
