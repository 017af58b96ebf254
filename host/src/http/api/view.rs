//! One view, as HTML, ops or JSON.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;

use crate::dispatch::{ViewRequest, ViewResponse};
use crate::identity::Actor;

use super::super::Host;
use super::super::assets::is_known;
use super::super::extract::{CurrentActor, Params, Place, instant, language};
use super::super::problem::Problem;
use super::{Form, ops_of};

/// What is asked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ask {
    page: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    url: String,
    #[serde(default)]
    p: String,
    since: Option<String>,
    base: Option<String>,
    lang: Option<String>,
}

/// `GET /v1/sites/{site}/plugins/{plugin}/view`
///
/// An `ETag` is the revision of the view: where the browser's still holds, nothing is rendered.
pub(crate) async fn get(
    State(host): State<Host>,
    place: Place,
    CurrentActor(actor): CurrentActor,
    Params(ask): Params<Ask>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let form = Form::asked(&headers, Form::Html);
    let base = ask.base.clone().filter(|base| !base.is_empty());
    let ask = ask.view(place, actor)?;
    if form != Form::Ops
        && headers.contains_key(header::IF_NONE_MATCH)
        && let Some(rev) = host.app.revision_of(&ask).await?
        && is_known(&headers, &etag(&rev))
    {
        let mut response = StatusCode::NOT_MODIFIED.into_response();
        caching(response.headers_mut(), &rev);
        return Ok(response);
    }
    let shown = host.app.view(&ask, base.as_deref()).await?;
    Ok(answer(&shown, form))
}

impl Ask {
    fn view(self, place: Place, actor: Actor) -> Result<ViewRequest, Problem> {
        Ok(ViewRequest {
            lang: language(self.lang.as_deref(), &place.config),
            site: place.site,
            plugin: place.plugin,
            page_key: self.page,
            page_title: self.title,
            page_url: self.url,
            parameters: self.p,
            since: instant(self.since.as_deref())?,
            actor,
            plain: false,
        })
    }
}

fn answer(shown: &ViewResponse, form: Form) -> Response {
    let kind = match form {
        Form::Html => "text/html; charset=utf-8",
        Form::Json => "application/json",
        Form::Ops => "application/vnd.stoa.ops",
    };
    let (base, body) = match form {
        Form::Html => (None, shown.html_bytes().into()),
        Form::Json => (None, shown.json().into()),
        Form::Ops => {
            let (base, ops) = ops_of(shown);
            (Some(base.unwrap_or("none")), axum::body::Body::from(ops))
        }
    };
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    tell(headers, "stoa-rev", &shown.rev);
    tell(headers, "stoa-parameters", &shown.parameters);
    tell(headers, "stoa-since", &shown.since.to_string());
    if let Some(base) = base {
        tell(headers, "stoa-base", base);
    }
    caching(headers, &shown.rev);
    response
}

/// The browser may keep a view for itself, and asks each time whether it still holds.
fn caching(headers: &mut HeaderMap, rev: &str) {
    headers.insert(header::ETAG, etag(rev));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    // The same address gives another view to another person, and in another form.
    headers.append(header::VARY, HeaderValue::from_static("Authorization, Accept"));
}

/// Weak (RFC 9110 section 8.8.1): the same view may be compressed or not.
fn etag(rev: &str) -> HeaderValue {
    HeaderValue::from_str(&format!("W/\"{rev}\"")).unwrap_or(HeaderValue::from_static("W/\"0\""))
}

fn tell(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(HeaderName::from_static(name), value);
    }
}
