//! One request for all widgets of a page: who is it, and what do they show. With no views it renews a session.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, http};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::dispatch::{Refusal, ViewRequest};
use crate::identity::{Actor, Session};

use super::super::Host;
use super::super::extract::{JsonBody, Place, Proxied, bearer, language};
use super::super::layers::cors::RequestOrigin;
use super::super::layers::observe::RequestId;
use super::super::problem::Problem;
use super::VIEWS_MAX;

/// Bytes of a request: a token of 16 KiB and some elements.
const BODY_BYTES_MAX: usize = 32 * 1024;

/// What the loader asks.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ask {
    /// The embedding page's word for the person; none, or an empty one, for somebody not signed in.
    token: Option<String>,
    lang: Option<String>,
    /// The hash of the styles that the browser has.
    css: Option<String>,
    /// Ops instead of HTML, for a browser without `setHTML`.
    #[serde(default)]
    ops: bool,
    #[serde(default)]
    views: Vec<Element>,
}

/// An element on the page.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Element {
    plugin: String,
    page: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    url: String,
    #[serde(default)]
    p: String,
}

/// `POST /v1/sites/{site}/session`
pub(crate) async fn post(
    State(host): State<Host>,
    Extension(RequestOrigin(origin)): Extension<RequestOrigin>,
    Extension(id): Extension<RequestId>,
    place: Place,
    Proxied(proxied): Proxied,
    JsonBody(ask): JsonBody<Ask, BODY_BYTES_MAX>,
) -> Result<Response, Problem> {
    if ask.views.len() > VIEWS_MAX {
        let detail = format!("{} views are more than {VIEWS_MAX}", ask.views.len());
        return Err(Problem::malformed(detail, "put fewer elements on a page"));
    }
    let lang = language(ask.lang.as_deref(), &place.config);
    // A page that asks its server for a token gets an empty one for somebody who is not signed in there.
    let token = ask.token.as_deref().filter(|token| !token.trim().is_empty());
    let session = sign_in(&host, &place, token, proxied, origin.as_deref()).await.map_err(|refusal| {
        let css = Some(Box::new(css(&host, ask.css.as_deref())));
        Problem { css, ..Problem::from(refusal).worded(&host.app, &lang) }
    })?;
    let (bearer, expires_in_s, actor) = match session {
        Some(session) => {
            let left = (session.expires_at - host.app.clock().now()).max(0) / 1_000_000;
            (Some(session.bearer), left, session.actor)
        }
        None => (None, 0, Actor::anonymous(place.site.clone())),
    };
    let asks: Vec<ViewRequest> =
        ask.views.into_iter().map(|element| element.ask(&place, &lang, &actor)).collect();
    let shown = futures::future::join_all(asks.iter().map(|view| show(&host, view, ask.ops, &id))).await;
    let person = actor.person.as_ref().map(|person| json!({"id": person.id, "name": person.name}));
    let answer = json!({
        "bearer": bearer,
        "expires_in": expires_in_s,
        "person": person,
        "lang": lang,
        "css": css(&host, ask.css.as_deref()),
        "runtime": host.assets.url("runtime.js"),
        "swap": host.assets.url("swap.js"),
        "sanitizer": sanitizer(),
        "texts": texts(&host, &lang),
        "views": shown,
    });
    Ok(([(http::header::CACHE_CONTROL, "no-store")], Json(answer)).into_response())
}

/// By the page's token; without one by what a proxy says. None for somebody not signed in.
async fn sign_in(
    host: &Host,
    place: &Place,
    token: Option<&str>,
    proxied: Result<Option<Actor>, Refusal>,
    origin: Option<&str>,
) -> Result<Option<Session>, Refusal> {
    if let Some(token) = token {
        let session = host.app.sign_in(&place.site, token, origin).await.inspect_err(|refusal| {
            tracing::warn!(site = %place.site, origin, code = refusal.code(), %refusal, "a token was refused");
        });
        return session.map(Some);
    }
    match proxied? {
        Some(actor) => host.app.admit(actor, origin).await.map(Some),
        None => Ok(None),
    }
}

/// `DELETE /v1/sites/{site}/session`: the bearer of `Authorization` and its streams end; with a token there, all of the
/// person's.
pub(crate) async fn delete(
    State(host): State<Host>,
    Extension(RequestOrigin(origin)): Extension<RequestOrigin>,
    place: Place,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    let bearer = bearer(&headers)?.ok_or(Refusal::SignInNeeded)?;
    host.app.sign_out(&place.site, bearer, origin.as_deref()).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl Element {
    fn ask(self, place: &Place, lang: &str, actor: &Actor) -> ViewRequest {
        ViewRequest {
            site: place.site.clone(),
            plugin: self.plugin.into(),
            page_key: self.page,
            page_title: self.title,
            page_url: self.url,
            parameters: self.p,
            since: None,
            lang: lang.to_owned(),
            actor: actor.clone(),
            plain: false,
        }
    }
}

/// One element that cannot be shown does not keep the others from it.
async fn show(host: &Host, ask: &ViewRequest, ops: bool, id: &RequestId) -> Value {
    match host.app.view(ask, None).await {
        Ok(shown) => {
            let mut view = json!({"rev": shown.rev, "since": shown.since.to_string(), "p": shown.parameters});
            match ops {
                true => view["ops"] = json!(STANDARD.encode(shown.build())),
                false => view["html"] = json!(shown.html()),
            }
            view
        }
        Err(refusal) => {
            let is_plugin = matches!(refusal, Refusal::Plugin(_));
            let mut problem = Problem::from(logged(refusal)).worded(&host.app, &ask.lang);
            if is_plugin {
                // It stands in the page in the place of the plugin, for people.
                problem.detail = host.app.text(&ask.lang, "host-plugin-failed").into();
            }
            json!({"problem": problem.to_json(&id.0)})
        }
    }
}

fn logged(refusal: Refusal) -> Refusal {
    tracing::info!(code = refusal.code(), "an element cannot be shown");
    refusal
}

/// The styles; none for a browser that has them already, as `known` says.
fn css(host: &Host, known: Option<&str>) -> Value {
    let styles = host.assets.styles().filter(|(hash, _)| known != Some(hash));
    json!(styles.map(|(hash, text)| json!({"hash": hash, "text": text})))
}

/// What `setHTML` may let through: exactly what the renderer writes.
fn sanitizer() -> Value {
    let elements: Vec<Value> = stoa_view::ops::elements()
        .map(|(name, namespace)| match namespace {
            Some(namespace) => json!({"name": name, "namespace": namespace}),
            None => json!(name),
        })
        .collect();
    let attributes: Vec<&str> = stoa_view::ops::attributes().collect();
    json!({"elements": elements, "attributes": attributes})
}

/// What the browser's runtime says itself, by names without the prefix they have in the bundles.
fn texts(host: &Host, lang: &str) -> Map<String, Value> {
    let texts = host.app.widget_texts(lang).into_iter();
    texts.map(|(id, text)| (id.trim_start_matches("widget-").to_owned(), Value::String(text))).collect()
}
