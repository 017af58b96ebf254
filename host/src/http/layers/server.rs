//! Connections: accepted, bounded in number and time, and ended with the server.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, Response};
use axum::serve::Listener;
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt as _;

use super::clients::{Clients, Permit};
use crate::base::config::Config;
use crate::http::proxies;

/// How long a browser may take nothing of what is sent to it: a stalled stream would hold its memory for as long as
/// TCP believes in it.
const STALL_TIME: Duration = Duration::from_secs(15);
/// How long the rest of a response may take to leave when the server ends.
const FLUSH_TIME: Duration = Duration::from_secs(1);

/// The address at the other end of a connection.
#[derive(Clone, Copy, Debug)]
pub(in crate::http) struct Peer(pub(in crate::http) SocketAddr);

/// Answer on a socket until `closing` turns true. Then requests that have arrived are finished, streams end, and
/// connections without a whole request are given up.
pub async fn serve(
    mut listener: TcpListener,
    router: Router,
    config: &Config,
    mut closing: watch::Receiver<bool>,
) {
    let proxies = proxies(config);
    let clients = Clients::new(config.connections.per_client);
    let idle_time = Duration::from_millis(config.connections.idle_ms);
    // Each connection holds a receiver: when the last is dropped, all have ended.
    let open = watch::Sender::new(());
    loop {
        let (stream, address) = tokio::select! {
            accepted = Listener::accept(&mut listener) => accepted,
            // An error means that nobody can ask for the end any more: that is the end too.
            _ = closing.wait_for(|closing| *closing) => break,
        };
        let client = address.ip().to_canonical();
        // The connections of a proxy are those of many clients: `observe` counts their requests.
        let permit = if proxies.contains(&client) { None } else { clients.try_acquire(client) };
        if permit.is_none() && !proxies.contains(&client) {
            tracing::info!(%client, "a connection was closed: the address has as many as it may have");
            continue;
        }
        let connection = Connection {
            router: router.clone(),
            peer: Peer(address),
            idle_time,
            closing: closing.clone(),
            permit,
        };
        let still_open = open.subscribe();
        tokio::spawn(async move {
            connection.run(stream).await;
            drop(still_open);
        });
    }
    drop(listener);
    open.closed().await;
}

struct Connection {
    router: Router,
    peer: Peer,
    idle_time: Duration,
    closing: watch::Receiver<bool>,
    /// Held for as long as the connection is open.
    permit: Option<Permit>,
}

impl Connection {
    async fn run(self, stream: TcpStream) {
        let Self { router, peer, idle_time, mut closing, permit } = self;
        // Small patches are to leave at once (RFC 896 would hold them back); without it they are late, not lost.
        let _ = stream.set_nodelay(true);
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(STALL_TIME));
        let busy = Arc::new(watch::Sender::new(false));
        let under_way = busy.subscribe();
        let service = service_fn(move |request| answer(router.clone(), peer, Arc::clone(&busy), request));
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            // Also runs while a connection is idle: from its start, and again from the end of each response.
            .header_read_timeout(idle_time)
            .serve_connection(TokioIo::new(Box::pin(stream)), service);
        let mut connection = pin!(connection);
        tokio::select! {
            ended = connection.as_mut() => return log(ended, peer),
            _ = closing.wait_for(|closing| *closing) => connection.as_mut().graceful_shutdown(),
        }
        tokio::select! {
            ended = connection => log(ended, peer),
            () = quiet(under_way) => tracing::debug!(peer = %peer.0, "half a request was given up"),
        }
        drop(permit);
    }
}

fn log(ended: hyper::Result<()>, peer: Peer) {
    if let Err(error) = ended {
        tracing::debug!(%error, peer = %peer.0, "a connection ended early");
    }
}

/// Marks a connection as busy until dropped.
struct UnderWay(Arc<watch::Sender<bool>>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.send_replace(false);
    }
}

async fn answer(
    router: Router,
    peer: Peer,
    busy: Arc<watch::Sender<bool>>,
    mut request: Request<Incoming>,
) -> Result<Response<Body>, Infallible> {
    busy.send_replace(true);
    let under_way = UnderWay(busy);
    request.extensions_mut().insert(ConnectInfo(peer));
    let response = router.oneshot(request).await?;
    Ok(response.map(|body| held(body, under_way)))
}

/// The body, with something that is dropped with it.
pub(super) fn held<T: Send + 'static>(body: Body, with: T) -> Body {
    // A closure owns what it names; no error passes here as a rule. The wrapper knows the body's length.
    Body::new(body.map_err(move |error| {
        let _ = &with;
        error
    }))
}

/// Until no request has been under way for [`FLUSH_TIME`].
async fn quiet(mut busy: watch::Receiver<bool>) {
    while busy.wait_for(|busy| !*busy).await.is_ok() {
        if tokio::time::timeout(FLUSH_TIME, busy.wait_for(|busy| *busy)).await.is_err() {
            return;
        }
    }
}
