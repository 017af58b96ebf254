//! What a composer asks while somebody writes: people to mention, and how the text will look.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::dispatch::ViewRequest;

use super::super::Host;
use super::super::extract::{CurrentActor, JsonBody, Params, Place, language, preferred_language};
use super::super::problem::Problem;

/// The longest text of an entry, 65,535 characters of four bytes at the most, and as much again beside it.
const BODY_BYTES_MAX: usize = 512 * 1024;
/// Characters of a name being typed.
const QUERY_CHARS_MAX: usize = 100;

/// Whom somebody looks for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Search {
    q: String,
    /// The page they write on: who may not read it is not offered.
    #[serde(default)]
    page: String,
}

/// `GET /v1/sites/{site}/people`
pub(crate) async fn get(
    State(host): State<Host>,
    place: Place,
    CurrentActor(actor): CurrentActor,
    headers: HeaderMap,
    Params(search): Params<Search>,
) -> Result<Json<Value>, Problem> {
    if search.q.chars().count() > QUERY_CHARS_MAX {
        return Err(Problem::malformed("`q` is longer than 100 characters", "send the start of a name"));
    }
    let lang = preferred_language(&headers, &place.config);
    let hits = host.app.find_people(&actor, (&search.q, &search.page), &lang).await?;
    let people: Vec<Value> = hits
        .iter()
        .map(|hit| json!({"id": hit.id, "name": hit.name, "title": hit.title, "hue": hit.hue}))
        .collect();
    Ok(Json(json!({"people": people})))
}

/// What is to be shown.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Draft {
    markdown: String,
    /// Whom the names in it stand for: an id, a space and a name each.
    #[serde(default)]
    mentions: Vec<String>,
    lang: Option<String>,
}

/// `POST /v1/sites/{site}/preview`
pub(crate) async fn preview(
    State(host): State<Host>,
    place: Place,
    CurrentActor(actor): CurrentActor,
    headers: HeaderMap,
    JsonBody(draft): JsonBody<Draft, BODY_BYTES_MAX>,
) -> Result<Json<Value>, Problem> {
    let lang = match draft.lang.as_deref() {
        Some(lang) => language(Some(lang), &place.config),
        None => preferred_language(&headers, &place.config),
    };
    let ask = ViewRequest {
        site: place.site,
        plugin: place.plugin,
        page_key: String::new(),
        page_title: String::new(),
        page_url: String::new(),
        parameters: String::new(),
        since: None,
        lang,
        actor,
        plain: false,
    };
    let ops = host.app.preview(ask, &draft.markdown, draft.mentions).await?;
    Ok(Json(json!({"ops": STANDARD.encode(ops)})))
}
