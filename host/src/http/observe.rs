//! What is known of each request afterwards: an id, one log line, and an answer even if something broke.
//!
//! Deliberately absent from the log: query strings, bodies, tokens and names. The route's pattern stands for the
//! address.

use std::net::SocketAddr;
use std::time::Duration;

use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use tracing::Instrument as _;

use crate::base::clock::Stopwatch;
use crate::base::id::new_id;

use super::problem::Problem;
use super::{Host, Peer, extract};

/// Until an answer has to be there; plugins have shorter limits of their own.
const ANSWER_TIME: Duration = Duration::from_secs(20);

/// The id of a request, as problems and the header `X-Request-Id` tell it. Made here; none is taken from outside,
/// where it could be made to look like another's.
#[derive(Clone, Debug)]
pub(crate) struct RequestId(pub(crate) String);

/// The outermost middleware.
pub(crate) async fn observe(State(host): State<Host>, mut request: Request, next: Next) -> Response {
    let stopwatch = Stopwatch::start();
    let id = new_id(host.app.clock().now());
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("(none)", MatchedPath::as_str).to_owned();
    let peer = peer(&request);
    let client = extract::client(peer, request.headers(), &host.proxies);
    request.extensions_mut().insert(RequestId(id.clone()));
    let span = tracing::info_span!("request", id, %method, route);
    let response = async {
        let mut response = Problem::write_out(next.run(request).await, &id);
        if let Ok(value) = HeaderValue::from_str(&id) {
            response.headers_mut().insert("x-request-id", value);
        }
        let status = response.status().as_u16();
        let ms = u64::try_from(stopwatch.elapsed().as_millis()).unwrap_or(u64::MAX);
        if response.status().is_server_error() || response.status().is_client_error() {
            tracing::warn!(status, ms, client = client.map(tracing::field::display), "answered");
        } else {
            tracing::info!(status, ms, "answered");
        }
        response
    };
    response.instrument(span).await
}

fn peer(request: &Request) -> Option<SocketAddr> {
    request.extensions().get::<ConnectInfo<Peer>>().map(|ConnectInfo(Peer(address))| *address)
}

/// An answer within [`ANSWER_TIME`], or a problem that says so; not for streams.
pub(crate) async fn in_time(request: Request, next: Next) -> Response {
    match tokio::time::timeout(ANSWER_TIME, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::too_slow().into_response(),
    }
}

/// What is answered when a handler panics; what it said goes to the log.
pub(crate) fn broken(panic: Box<dyn std::any::Any + Send>) -> Response {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no text");
    tracing::error!(text, "a handler panicked");
    Problem::internal().into_response()
}
