//! From a refusal to an answer: RFC 9457 problem details. The only place that knows status codes of errors.
//!
//! A problem travels as an extension of its response and is written out last, when the request id is known.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::dispatch::{ActionOutcome, App, Refusal};
use crate::identity::IdentityError;
use crate::runtime::CallError;

use super::api::{Form, view_now};

/// Why a request got no answer, as it is told.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    /// The status.
    pub(crate) status: StatusCode,
    /// A stable word to branch on.
    pub(crate) code: &'static str,
    /// What happened; once [`Problem::worded`], in words for whoever reads the page.
    pub(crate) detail: Box<str>,
    /// What happened, in English, for the people who connect a system; none where `detail` says it.
    pub(crate) reason: Option<Box<str>>,
    /// Why a plugin failed: only the log may say it, but while plugins are developed.
    pub(crate) private: Option<Box<CallError>>,
    /// What to do, for the people who connect a system.
    pub(crate) hint: Option<&'static str>,
    /// Fields and what is wrong with each.
    pub(crate) fields: Box<[(String, String)]>,
    /// The view as it is now.
    pub(crate) view: Option<Box<Value>>,
    /// The styles that an element needs to show the problem.
    pub(crate) css: Option<Box<Value>>,
    /// When it may be tried again; 0 where nobody knows.
    pub(crate) retry_after_s: u64,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        let detail = detail.into().into();
        Self {
            status,
            code,
            detail,
            reason: None,
            private: None,
            hint: None,
            fields: Box::default(),
            view: None,
            css: None,
            retry_after_s: 0,
        }
    }

    /// The request is not of the right form.
    pub(crate) fn malformed(detail: impl Into<String>, hint: &'static str) -> Self {
        Self { hint: Some(hint), ..Self::new(StatusCode::BAD_REQUEST, "malformed", detail) }
    }

    /// The body is longer than this route takes.
    pub(crate) fn too_large(limit_bytes: usize) -> Self {
        let detail = format!("the body is longer than {limit_bytes} bytes");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail)
    }

    /// There is no such address.
    pub(crate) fn no_route() -> Self {
        Self {
            hint: Some("host/README.md lists all addresses"),
            ..Self::new(StatusCode::NOT_FOUND, "no_such_route", "there is nothing at this address")
        }
    }

    /// The address takes other methods.
    pub(crate) fn no_method() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "no_such_method", "this address does not take this method")
    }

    /// A fault of the host: nothing of it is told.
    pub(crate) fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "something went wrong here; it has been logged",
        )
    }

    /// The answer took too long.
    pub(crate) fn too_slow() -> Self {
        Self {
            retry_after_s: 5,
            ..Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "too_slow",
                "this took too long; try again in a moment",
            )
        }
    }

    /// The body did not arrive in time.
    pub(crate) fn slow_body() -> Self {
        Self::new(StatusCode::REQUEST_TIMEOUT, "slow_body", "the body of the request did not arrive in time")
    }

    /// The host ends, and the request has not arrived yet.
    pub(crate) fn closing() -> Self {
        Self {
            retry_after_s: 1,
            ..Self::new(StatusCode::SERVICE_UNAVAILABLE, "closing", "the host is restarting; try again")
        }
    }

    /// The client has as many requests under way as it may have.
    pub(crate) fn too_many_connections() -> Self {
        Self {
            retry_after_s: 5,
            ..Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                "too_many_connections",
                "there are too many requests from this address at the same time; close some pages",
            )
        }
    }

    /// The JSON of RFC 9457 section 3.
    pub(crate) fn to_json(&self, request_id: &str) -> Value {
        let mut members = Map::new();
        members.insert("type".to_owned(), json!("about:blank"));
        members.insert("title".to_owned(), json!(self.status.canonical_reason().unwrap_or("Error")));
        members.insert("status".to_owned(), json!(self.status.as_u16()));
        members.insert("detail".to_owned(), json!(self.detail));
        members.insert("code".to_owned(), json!(self.code));
        members.insert("hint".to_owned(), json!(self.hint));
        if let Some(reason) = &self.reason {
            members.insert("reason".to_owned(), json!(reason));
        }
        members.insert("request_id".to_owned(), json!(request_id));
        if !self.fields.is_empty() {
            let fields: Vec<Value> =
                self.fields.iter().map(|(name, message)| json!({"name": name, "msg": message})).collect();
            members.insert("fields".to_owned(), Value::Array(fields));
        }
        if let Some(view) = &self.view {
            members.insert("view".to_owned(), Value::clone(view));
        }
        if let Some(css) = &self.css {
            members.insert("css".to_owned(), Value::clone(css));
        }
        Value::Object(members)
    }

    /// Write a problem that a response carries; other responses stay as they are.
    pub(crate) fn write_out(mut response: Response, request_id: &str) -> Response {
        let Some(problem) = response.extensions_mut().remove::<Self>() else { return response };
        let (mut parts, _) = response.into_parts();
        // That of the empty body until now.
        parts.headers.remove(header::CONTENT_LENGTH);
        parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        parts.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        Response::from_parts(parts, problem.to_json(request_id).to_string().into())
    }

    /// The problem in words for people, in their language: most of them did not connect the system, and can do nothing
    /// about a claim or an origin.
    pub(crate) fn worded(mut self, app: &App, language: &str) -> Self {
        if let (None, Some(id)) = (&self.reason, wording(self.code)) {
            self.reason = Some(std::mem::replace(&mut self.detail, app.text(language, id).into()));
        }
        self.detail = self.explained(app, &self.detail);
        self.private = None;
        self
    }

    /// A text with what only the log may say, while plugins are developed.
    pub(crate) fn explained(&self, app: &App, text: &str) -> Box<str> {
        match &self.private {
            Some(error) if app.config().development => format!("{text} [{}]", error.private()).into(),
            _ => text.into(),
        }
    }

    /// As [`Problem::worded`] for a problem that a response carries; other responses stay as they are.
    pub(crate) fn word(mut response: Response, app: &App, language: &str) -> Response {
        if let Some(problem) = response.extensions_mut().remove::<Self>() {
            response.extensions_mut().insert(problem.worded(app, language));
        }
        response
    }

    fn with_view(self, shown: Option<Box<ActionOutcome>>) -> Self {
        Self { view: shown.map(|acted| Box::new(view_now(&acted.shown, Form::Ops))), ..self }
    }
}

/// The text of the host that says to people what this code means; none for what only programs get wrong, and for
/// what is worded already.
fn wording(code: &str) -> Option<&'static str> {
    Some(match code {
        "sign_in_needed" => "host-problem-sign-in",
        "session_ended" => "host-problem-session",
        "account_inactive" => "host-inactive",
        "action_not_offered" => "host-problem-offer",
        "action_expired" => "host-problem-expired",
        "unknown_site" | "unknown_plugin" | "origin_not_allowed" => "host-problem-embedding",
        "plugin_failed" => "host-problem-plugin",
        "invalid" => "host-problem-fields",
        "signed_out" => "host-problem-session",
        "sign_in_stray" | "sign_in_used" | "sign_in_nonce" => "host-problem-sign-in-again",
        "sign_in_issuer" => "host-problem-sign-in-issuer",
        "sign_in_denied" => "host-problem-sign-in-denied",
        "provider_unavailable" => "host-problem-provider",
        "sign_in_unavailable" | "unavailable" | "busy" | "too_slow" | "closing" | "internal" => {
            "host-problem-busy"
        }
        code if code.starts_with("token_") || code.starts_with("proxy_") => "host-problem-token",
        _ => return None,
    })
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        if self.retry_after_s > 0 {
            response.headers_mut().insert(header::RETRY_AFTER, self.retry_after_s.into());
        }
        if self.status == StatusCode::UNAUTHORIZED {
            // RFC 9110 section 11.6.1 wants one; no browser asks for a password because of it.
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let new = |status| Self::new(status, refusal.code(), refusal.to_string());
        match refusal {
            Refusal::UnknownSite(_) => Self {
                hint: Some("check data-site against `id` in the configuration"),
                ..new(StatusCode::NOT_FOUND)
            },
            Refusal::UnknownPlugin(_) => Self {
                hint: Some("check the element's name; the site has to enable it"),
                ..new(StatusCode::NOT_FOUND)
            },
            Refusal::OriginNotAllowed(ref origin) => {
                Self { hint: Some(origin_hint(origin)), ..new(StatusCode::FORBIDDEN) }
            }
            Refusal::SignIn(IdentityError::Store(ref error)) => {
                tracing::error!(%error, "the store cannot say who somebody is");
                Self { retry_after_s: 5, ..new(StatusCode::SERVICE_UNAVAILABLE) }
            }
            Refusal::SignIn(IdentityError::KeysUnavailable | IdentityError::ProviderUnavailable) => {
                Self { retry_after_s: 60, ..new(StatusCode::SERVICE_UNAVAILABLE) }
            }
            Refusal::SignIn(IdentityError::Offer | IdentityError::OfferExpired) | Refusal::Denied { .. } => {
                new(StatusCode::FORBIDDEN)
            }
            Refusal::SignIn(_) => Self {
                hint: Some("host/README.md says what a token has to hold and how long a session lasts"),
                ..new(StatusCode::UNAUTHORIZED)
            },
            Refusal::SignInNeeded => new(StatusCode::UNAUTHORIZED),
            Refusal::NotFound { .. } => new(StatusCode::NOT_FOUND),
            Refusal::Invalid { ref fields } => {
                Self { fields: fields.as_slice().into(), ..new(StatusCode::UNPROCESSABLE_ENTITY) }
            }
            Refusal::Malformed { hint, .. } => Self { hint: Some(hint), ..new(StatusCode::BAD_REQUEST) },
            Refusal::KeyReused => new(StatusCode::UNPROCESSABLE_ENTITY),
            Refusal::Conflict { ref shown, .. } | Refusal::Gone { ref shown, .. } => {
                new(StatusCode::CONFLICT).with_view(shown.clone())
            }
            Refusal::Stale { ref shown, .. } => new(StatusCode::PRECONDITION_FAILED).with_view(shown.clone()),
            Refusal::TooMany { retry_after_s, .. } => {
                Self { retry_after_s, ..new(StatusCode::TOO_MANY_REQUESTS) }
            }
            Refusal::Busy { retry_after_s } => Self { retry_after_s, ..new(StatusCode::SERVICE_UNAVAILABLE) },
            Refusal::Unshown { .. } => Self { retry_after_s: 5, ..new(StatusCode::SERVICE_UNAVAILABLE) },
            Refusal::Unavailable => Self { retry_after_s: 5, ..new(StatusCode::SERVICE_UNAVAILABLE) },
            Refusal::Plugin(error) => Self::plugin(&error),
            Refusal::Internal(detail) => {
                tracing::error!(detail, "a fault of the host");
                Self::internal()
            }
        }
    }
}

/// Whether a browser keeps the origin of a page to itself.
pub(crate) fn is_hidden(origin: &str) -> bool {
    matches!(origin, "null" | "")
}

/// What to do about an origin that is not on a site's list.
pub(crate) fn origin_hint(origin: &str) -> &'static str {
    match is_hidden(origin) {
        true => {
            "the browser hides the page's origin: Referrer-Policy `no-referrer` and `same-origin` (Django's default) do \
             that to forms, a sandboxed frame to everything; send `strict-origin-when-cross-origin`"
        }
        false => "add the origin to `origins` of the site in the configuration",
    }
}

impl Problem {
    /// A failed plugin costs its own place and nothing else; the reader learns no more than that.
    fn plugin(error: &CallError) -> Self {
        tracing::warn!(%error, "a plugin failed");
        let retry_after_s = match error {
            CallError::CircuitOpen { retry_after_s } => *retry_after_s,
            _ => 0,
        };
        Self {
            retry_after_s,
            private: Some(Box::new(error.clone())),
            ..Self::new(
                StatusCode::BAD_GATEWAY,
                "plugin_failed",
                "this part of the page is not available just now",
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse as _;

    use super::Problem;
    use crate::dispatch::Refusal;
    use crate::identity::IdentityError;

    fn check(refusal: Refusal, status: u16, code: &str) {
        let problem = Problem::from(refusal);
        assert_eq!((problem.status.as_u16(), problem.code), (status, code));
    }

    #[test]
    fn each_refusal_has_its_status_and_code() {
        let message = String::new;
        check(Refusal::UnknownSite("x".to_owned()), 404, "unknown_site");
        check(Refusal::OriginNotAllowed("x".to_owned()), 403, "origin_not_allowed");
        check(Refusal::SignIn(IdentityError::Signature), 401, "token_signature");
        check(Refusal::SignIn(IdentityError::Session), 401, "session_ended");
        check(Refusal::SignIn(IdentityError::Offer), 403, "action_not_offered");
        check(Refusal::SignInNeeded, 401, "sign_in_needed");
        check(Refusal::Invalid { fields: Vec::new() }, 422, "invalid");
        check(Refusal::KeyReused, 422, "key_reused");
        check(Refusal::Conflict { message: message(), shown: None }, 409, "conflict");
        check(Refusal::Stale { message: message(), shown: None }, 412, "stale");
        check(Refusal::TooMany { message: message(), retry_after_s: 3 }, 429, "too_many");
        check(Refusal::Busy { retry_after_s: 1 }, 503, "busy");
        check(Refusal::Internal("secret".to_owned()), 500, "internal");
    }

    #[test]
    fn a_fault_tells_nothing_of_itself() {
        let text =
            Problem::from(Refusal::Internal("select * from secrets".to_owned())).to_json("r1").to_string();
        assert!(!text.contains("secrets") && text.contains("r1"), "{text}");
    }

    #[test]
    fn a_hidden_origin_is_not_to_be_added_to_the_list() {
        let hint = |origin: &str| Problem::from(Refusal::OriginNotAllowed(origin.to_owned())).hint.unwrap();
        assert!(hint("null").contains("Referrer-Policy") && !hint("null").contains("`origins`"));
        assert!(hint("https://wiki.example").contains("`origins`"));
    }

    #[test]
    fn a_wait_is_told_in_a_header_and_a_missing_sign_in_names_the_scheme() {
        let wait =
            Problem::from(Refusal::TooMany { message: String::new(), retry_after_s: 3 }).into_response();
        assert_eq!(wait.headers()["retry-after"], "3");
        let sign_in = Problem::from(Refusal::SignInNeeded).into_response();
        assert_eq!(sign_in.headers()["www-authenticate"], "Bearer");
    }
}
