//! Why a directory is answered with no resource, in the words of RFC 7644 section 3.12.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::dispatch::{DirectoryError, Refusal};

use super::super::problem::Problem;
use super::respond;

/// A status, one of the words of table 9 where one fits, and what to do.
#[derive(Clone, Debug)]
pub(super) struct ScimError {
    pub(super) status: StatusCode,
    pub(super) word: &'static str,
    pub(super) detail: String,
}

impl ScimError {
    pub(super) fn new(status: StatusCode, word: &'static str, detail: impl Into<String>) -> Self {
        Self { status, word, detail: detail.into() }
    }

    /// 400 with a word.
    pub(super) fn bad(word: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, word, detail)
    }

    pub(super) fn value(detail: impl Into<String>) -> Self {
        Self::bad("invalidValue", detail)
    }

    pub(super) fn absent() -> Self {
        Self::new(StatusCode::NOT_FOUND, "", "there is no such resource")
    }

    pub(super) fn stale() -> Self {
        let detail =
            "the resource has another version by now: read it again and send its `meta.version` as If-Match";
        Self::new(StatusCode::PRECONDITION_FAILED, "", detail)
    }

    /// The same for a site that there is not, one without a directory and a wrong secret.
    pub(super) fn unknown() -> Self {
        let detail = "send the site's secret as `Authorization: Bearer ...`; host/README.md says where it is configured";
        Self::new(StatusCode::UNAUTHORIZED, "", detail)
    }
}

impl IntoResponse for ScimError {
    fn into_response(self) -> Response {
        let mut body = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
            "status": self.status.as_u16().to_string(),
            "detail": self.detail,
        });
        if !self.word.is_empty() {
            body["scimType"] = Value::from(self.word);
        }
        let mut response = respond(self.status, &body);
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl From<Problem> for ScimError {
    fn from(problem: Problem) -> Self {
        let word = if problem.status == StatusCode::BAD_REQUEST { "invalidSyntax" } else { "" };
        Self::new(problem.status, word, problem.detail)
    }
}

impl From<Refusal> for ScimError {
    fn from(refusal: Refusal) -> Self {
        Problem::from(refusal).into()
    }
}

impl From<DirectoryError> for ScimError {
    fn from(error: DirectoryError) -> Self {
        match error {
            DirectoryError::Absent => Self::absent(),
            DirectoryError::Stale => Self::stale(),
            DirectoryError::Taken(_) => Self::new(StatusCode::CONFLICT, "uniqueness", error.to_string()),
            DirectoryError::Member(_) => Self::value(error.to_string()),
            DirectoryError::Store(error) => match Refusal::from(error) {
                Refusal::Malformed { detail, .. } => Self::value(detail),
                other => other.into(),
            },
        }
    }
}
