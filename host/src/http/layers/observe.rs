//! What is known of each request afterwards: an id, one log line, and an answer even if something broke.
//!
//! Deliberately absent from the log: query strings, bodies, tokens and names. The route's pattern stands for the
//! address.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use tracing::Instrument as _;

use crate::base::clock::Stopwatch;
use crate::base::id::new_id;

use super::super::problem::Problem;
use super::super::{Host, extract};
use super::clients::Permit;
use super::server::{Peer, held};

/// Until an answer has to be there; plugins have shorter limits of their own.
const ANSWER_TIME: Duration = Duration::from_secs(20);

/// The id of a request, as problems and the header `X-Request-Id` tell it. Made here; none is taken from outside,
/// where it could be made to look like another's.
#[derive(Clone, Debug)]
pub(crate) struct RequestId(pub(crate) String);

/// The address a request comes from, where it is known.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Client(pub(crate) Option<IpAddr>);

/// The outermost middleware.
pub(crate) async fn observe(State(host): State<Host>, mut request: Request, next: Next) -> Response {
    let stopwatch = Stopwatch::start();
    let id = new_id(host.app.clock().now());
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("(none)", MatchedPath::as_str).to_owned();
    let peer = peer(&request);
    let client = extract::client(peer, request.headers(), &host.proxies);
    request.extensions_mut().insert(RequestId(id.clone()));
    request.extensions_mut().insert(Client(client));
    let permit = permit(&host, peer, client);
    let span = tracing::info_span!("request", id, %method, route);
    let response = async {
        let response = match permit {
            Ok(permit) => next.run(request).await.map(|body| held(body, permit)),
            Err(problem) => problem.into_response(),
        };
        let mut response = Problem::write_out(response, &id);
        if let Ok(value) = HeaderValue::from_str(&id) {
            response.headers_mut().insert("x-request-id", value);
        }
        let status = response.status().as_u16();
        let ms = u64::try_from(stopwatch.elapsed().as_millis()).unwrap_or(u64::MAX);
        if response.status().is_server_error() {
            tracing::warn!(status, ms, "answered");
        } else if response.status().is_client_error() {
            // Where refused requests come from is what an admin asks when they become many.
            tracing::info!(status, ms, client = client.map(tracing::field::display), "answered");
        } else {
            tracing::info!(status, ms, "answered");
        }
        response
    };
    response.instrument(span).await
}

/// Counts a request that came through a proxy until its response has been sent; the connections of others are
/// counted where they are accepted.
fn permit(host: &Host, peer: Option<SocketAddr>, client: Option<IpAddr>) -> Result<Option<Permit>, Problem> {
    match client {
        Some(client) if peer.is_some_and(|peer| peer.ip().to_canonical() != client) => {
            host.clients.try_acquire(client).map(Some).ok_or_else(Problem::too_many_connections)
        }
        _ => Ok(None),
    }
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
