//! HTTP: the whole table of addresses, and what every request passes through. The only room that knows status codes.
//!
//! Deliberately absent: the store (everything goes through `dispatch`), cookies in the API, markup of plugins.

mod api;
mod assets;
mod cors;
mod extract;
mod headers;
mod observe;
mod plain;
mod problem;

use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::connect_info::Connected;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{any, get, post};
use axum::serve::{IncomingStream, Listener};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_io_timeout::TimeoutStream;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::{CompressionLayer, CompressionLevel};

use crate::dispatch::App;

pub use assets::{AssetError, Assets};

/// How well answers are compressed on their way (brotli 0 to 11): 4 costs about what rendering does.
const QUALITY: i32 = 4;
/// How long a browser may take nothing of what is sent to it.
const STALL_TIME: Duration = Duration::from_secs(15);

/// What all handlers share.
#[derive(Clone, Debug)]
struct Host {
    app: App,
    assets: Arc<Assets>,
    /// Proxies whose word on addresses is believed.
    proxies: Arc<[IpAddr]>,
    /// Turns true when the host is about to end.
    closing: watch::Receiver<bool>,
}

/// Everything the host answers. `closing` turns true when streams have to end.
#[must_use]
pub fn router(app: App, assets: Arc<Assets>, closing: watch::Receiver<bool>) -> Router {
    let proxies = app.config().trusted_proxies.iter().filter_map(|address| address.parse().ok()).collect();
    let host = Host { app, assets, proxies, closing };

    let asked_by_widgets = Router::new()
        .route("/session", post(api::session::post))
        .route("/plugins/{plugin}/view", get(api::view::get))
        .route("/plugins/{plugin}/act", post(api::act::post))
        .route("/people", get(api::people::get))
        .route("/preview", post(api::people::preview))
        .layer(from_fn(observe::in_time))
        .route("/live", post(api::live::post))
        // Set here, so that it lies inside the guard: a fallback of the whole table would answer preflights without it.
        .method_not_allowed_fallback(async || problem::Problem::no_method());

    let read_by_people = Router::new()
        .route("/t/{site}/{plugin}", get(plain::get))
        .route("/t/{site}/{plugin}/act", post(plain::act))
        .route("/plain/{site}/{plugin}", post(plain::sign_in))
        .layer(from_fn(observe::in_time));

    Router::new()
        .nest("/v1/sites/{site}", asked_by_widgets.layer(from_fn_with_state(host.clone(), cors::guard)))
        .merge(read_by_people)
        .route("/embed.js", get(assets::loader))
        .route("/assets/{name}", get(assets::get))
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready))
        .fallback(any(async || problem::Problem::no_route()))
        .method_not_allowed_fallback(async || problem::Problem::no_method())
        .layer(CatchPanicLayer::custom(observe::broken))
        .layer(from_fn_with_state(host.clone(), headers::secure))
        .layer(from_fn_with_state(host.clone(), observe::observe))
        .layer(CompressionLayer::new().no_deflate().no_zstd().quality(CompressionLevel::Precise(QUALITY)))
        .with_state(host)
}

/// `GET /readyz`: whether the store answers. `/healthz` only says that the process lives.
async fn ready(axum::extract::State(host): axum::extract::State<Host>) -> Result<&'static str, problem::Problem> {
    match host.app.is_ready().await {
        true => Ok("ready\n"),
        false => Err(crate::dispatch::Refusal::Unavailable.into()),
    }
}

/// Answer on a socket until `closing` turns true; then requests that are under way are finished.
///
/// # Errors
/// When the socket fails.
pub async fn serve(listener: TcpListener, router: Router, mut closing: watch::Receiver<bool>) -> std::io::Result<()> {
    let service = router.into_make_service_with_connect_info::<Peer>();
    axum::serve(Patient(listener), service)
        .with_graceful_shutdown(async move {
            // An error means that nobody can ask for the end any more: that is the end too.
            let _ = closing.wait_for(|closing| *closing).await;
        })
        .await
}

/// The address at the other end of a connection.
#[derive(Clone, Copy, Debug)]
struct Peer(SocketAddr);

impl Connected<IncomingStream<'_, Patient>> for Peer {
    fn connect_info(stream: IncomingStream<'_, Patient>) -> Self {
        Self(*stream.remote_addr())
    }
}

/// A socket that gives up connections whose other end takes nothing for [`STALL_TIME`]: a stalled stream would
/// hold its memory for as long as TCP believes in it.
struct Patient(TcpListener);

impl Listener for Patient {
    type Io = Pin<Box<TimeoutStream<TcpStream>>>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        let (stream, address) = Listener::accept(&mut self.0).await;
        // Small patches are to leave at once (RFC 896 would hold them back); without it they are late, not lost.
        let _ = stream.set_nodelay(true);
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(STALL_TIME));
        (Box::pin(stream), address)
    }

    fn local_addr(&self) -> std::io::Result<Self::Addr> {
        self.0.local_addr()
    }
}
