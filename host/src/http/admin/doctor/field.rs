//! What widgets meet in the field, as they tell it themselves: a word and the path of the page, nothing of people.

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, body::Bytes};
use serde::Deserialize;

use super::super::super::Host;
use super::super::super::extract::{JsonBody, Place};
use super::super::super::layers::cors::RequestOrigin;
use super::super::super::problem::Problem;

/// Bytes of a report.
const REPORT_BYTES_MAX: usize = 2 * 1024;
/// Characters of a path that are kept.
const PATH_CHARS_MAX: usize = 200;
/// What widgets may report; what only the host can know it notes itself.
const CODES: [&str; 2] = ["token-url", "wasm"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Report {
    code: String,
    #[serde(default)]
    page: String,
}

/// `POST /v1/sites/{site}/reports`: taken, and kept as often as there is room for it.
pub(crate) async fn post(
    State(host): State<Host>,
    Extension(RequestOrigin(origin)): Extension<RequestOrigin>,
    place: Place,
    JsonBody(report): JsonBody<Report, REPORT_BYTES_MAX>,
) -> Result<(StatusCode, Bytes), Problem> {
    let Some(code) = CODES.iter().find(|code| **code == report.code) else {
        return Err(Problem::malformed("there is no such report", "host/README.md lists them"));
    };
    // Without one it is no page of the intranet.
    if let Some(origin) = origin {
        let path = report.page.split(['?', '#']).next().unwrap_or_default();
        let path: String = path.chars().filter(|c| !c.is_control()).take(PATH_CHARS_MAX).collect();
        host.app.note(&place.site, code, &origin, &path);
    }
    Ok((StatusCode::NO_CONTENT, Bytes::new()))
}
