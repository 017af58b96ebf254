//! What changes while somebody looks: one stream of server-sent events for all widgets of a page.

use std::convert::Infallible;
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures::{Stream, StreamExt as _};
use serde::Deserialize;
use serde_json::json;

use crate::base::keys::random_bytes;
use crate::dispatch::{LiveItem, Subscription, ViewRequest};

use super::super::Host;
use super::super::extract::{JsonBody, Place, instant, language};
use super::super::layers::cors::RequestOrigin;
use super::super::layers::observe::Client;
use super::super::problem::Problem;
use super::VIEWS_MAX;

/// Bytes of a request.
const BODY_BYTES_MAX: usize = 32 * 1024;
/// So that a proxy does not take a quiet stream for a dead one.
const HEARTBEAT: Duration = Duration::from_secs(20);
/// A stream ends now and then, so that a restarted host does not keep its oldest ones forever.
const LIFETIME: Duration = Duration::from_secs(30 * 60);

/// What is asked. The bearer is in the body, for a request without special headers needs no preflight.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ask {
    bearer: Option<String>,
    lang: Option<String>,
    views: Vec<Element>,
}

/// A view that the page shows.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Element {
    id: Name,
    plugin: String,
    page: String,
    #[serde(default)]
    p: String,
    since: Option<String>,
    rev: String,
}

/// The browser's own name for a view.
#[derive(Deserialize)]
#[serde(untagged)]
enum Name {
    Number(u32),
    Text(String),
}

/// `POST /v1/sites/{site}/live`
pub(crate) async fn post(
    State(host): State<Host>,
    Extension(RequestOrigin(origin)): Extension<RequestOrigin>,
    Extension(Client(address)): Extension<Client>,
    place: Place,
    JsonBody(ask): JsonBody<Ask, BODY_BYTES_MAX>,
) -> Result<Response, Problem> {
    if ask.views.is_empty() || ask.views.len() > VIEWS_MAX {
        let detail = format!("a stream has 1 to {VIEWS_MAX} views, not {}", ask.views.len());
        return Err(Problem::malformed(detail, "name the views that the page shows"));
    }
    let (actor, lease) = host.app.lease(&place.site, ask.bearer.as_deref(), origin.as_deref())?;
    let lang = language(ask.lang.as_deref(), &place.config);
    let mut asks = Vec::with_capacity(ask.views.len());
    for element in ask.views {
        asks.push(Subscription {
            id: match element.id {
                Name::Number(number) => number.to_string(),
                Name::Text(text) => text,
            },
            rev: element.rev,
            ask: ViewRequest {
                site: place.site.clone(),
                plugin: element.plugin.into(),
                page_key: element.page,
                page_title: String::new(),
                page_url: String::new(),
                parameters: element.p,
                since: instant(element.since.as_deref())?,
                lang: lang.clone(),
                actor: actor.clone(),
                plain: false,
            },
        });
    }
    let items = host.app.live(asks, lease, address).await?;
    Ok(stream(&host, items))
}

/// The events, until the browser leaves, its session or its time is over or the host closes; then `bye`, with when to
/// come back.
fn stream(host: &Host, items: impl Stream<Item = LiveItem> + Send + 'static) -> Response {
    let [jitter, wait, epoch @ ..] = random_bytes::<6>();
    let epoch = hex::encode(epoch);
    let lifetime = LIFETIME - Duration::from_secs(u64::from(jitter));
    let mut closing = host.closing.clone();
    let over = async move {
        tokio::select! {
            Ok(_) = closing.wait_for(|closing| *closing) => {}
            () = tokio::time::sleep(lifetime) => {}
        }
    };
    // Spread over four seconds, so that a restarted host is not asked by everybody at once.
    let retry = Duration::from_millis(1_000 + 16 * u64::from(wait));
    let mut number = 0_u64;
    let events = items.take_until(Box::pin(over)).map(move |item| {
        number += 1;
        event(item).id(format!("{epoch}.{number}"))
    });
    let bye = futures::stream::once(async move { Event::default().event("bye").data("{}").retry(retry) });
    let events = events.chain(bye).map(Ok::<_, Infallible>);
    let mut response =
        Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT).text("still here")).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Otherwise nginx would hold events back until its buffer is full.
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    response
}

fn event(item: LiveItem) -> Event {
    match item {
        LiveItem::Patch { id, base, rev, ops } => {
            let data = json!({"id": id, "base": base, "rev": rev, "ops": STANDARD.encode(ops)});
            Event::default().event("patch").data(data.to_string())
        }
        LiveItem::Resync { id } => Event::default().event("resync").data(json!({"id": id}).to_string()),
    }
}
