//! How much there is on other pages, for lists of pages: one request for all of a list.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::dispatch::{PageCount, ViewRequest};

use super::super::Host;
use super::super::extract::{JsonBody, Place, language};
use super::super::layers::cors::RequestOrigin;
use super::super::problem::Problem;

/// Bytes of a request: a hundred keys of 200 bytes, each with a plugin.
const BODY_BYTES_MAX: usize = 64 * 1024;
/// Pages of one request.
const PAGES_MAX: usize = 100;

/// What is asked. The bearer is in the body, for a request without special headers needs no preflight.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ask {
    bearer: Option<String>,
    lang: Option<String>,
    counts: Vec<Wanted>,
}

/// A page, and the plugin whose entries are counted there.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    page: String,
    plugin: String,
}

/// `POST /v1/sites/{site}/counts`
pub(crate) async fn post(
    State(host): State<Host>,
    Extension(RequestOrigin(origin)): Extension<RequestOrigin>,
    place: Place,
    JsonBody(ask): JsonBody<Ask, BODY_BYTES_MAX>,
) -> Result<Response, Problem> {
    if ask.counts.is_empty() || ask.counts.len() > PAGES_MAX {
        let detail = format!("a request counts on 1 to {PAGES_MAX} pages, not {}", ask.counts.len());
        return Err(Problem::malformed(detail, "ask for the others in a second one"));
    }
    let actor = host.app.actor(&place.site, ask.bearer.as_deref(), origin.as_deref())?;
    let lang = language(ask.lang.as_deref(), &place.config);
    let view = |wanted: Wanted| ViewRequest {
        site: place.site.clone(),
        plugin: wanted.plugin.into(),
        page_key: wanted.page,
        page_title: String::new(),
        page_url: String::new(),
        parameters: String::new(),
        since: None,
        lang: lang.clone(),
        actor: actor.clone(),
        plain: false,
    };
    let asks: Vec<ViewRequest> = ask.counts.into_iter().map(view).collect();
    let counts: Vec<Value> = host.app.counts(&asks).await?.iter().map(told).collect();
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(json!({"counts": counts}))).into_response())
}

fn told(count: &PageCount) -> Value {
    json!({"count": count.count, "open": count.open, "text": count.text})
}
