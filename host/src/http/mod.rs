//! HTTP: the whole table of addresses, and what every request passes through. The only module that knows status codes.
//!
//! Deliberately absent: the store (everything goes through `dispatch`), cookies in the API, markup of plugins.

mod admin;
mod api;
mod assets;
mod extract;
mod layers;
mod plain;
mod problem;
mod scim;

use std::net::IpAddr;
use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{any, get, post};
use tokio::sync::watch;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::{CompressionLayer, CompressionLevel};

use crate::base::config::Config;
use crate::dispatch::App;

pub(crate) use admin::{Examined, Finding, Weight, examine};
pub use admin::{Need, ROUTES as ADMIN_ROUTES, Route};
pub(crate) use assets::LOADER;
pub use assets::{AssetError, Assets};
use layers::clients::Clients;
pub use layers::server::serve;
use layers::{cors, headers, observe};

/// How well answers are compressed on their way (brotli 0 to 11): 4 costs about what rendering does.
const QUALITY: i32 = 4;

/// What all handlers share.
#[derive(Clone, Debug)]
struct Host {
    app: App,
    assets: Arc<Assets>,
    /// Proxies whose word on addresses is believed.
    proxies: Arc<[IpAddr]>,
    /// Requests under way that came through those, by client.
    clients: Clients,
    /// Turns true when the host is about to end.
    closing: watch::Receiver<bool>,
}

/// Everything the host answers, for a server that never ends by itself.
///
/// # Errors
/// [`AssetError`] when the built widgets are not where the configuration says.
pub fn router(app: App) -> Result<Router, AssetError> {
    router_until(app, watch::channel(false).1)
}

/// Everything the host answers; streams end when `closing` turns true. Reads and compresses the widgets, which takes
/// a second or so.
///
/// # Errors
/// [`AssetError`] when the built widgets are not where the configuration says.
pub fn router_until(app: App, closing: watch::Receiver<bool>) -> Result<Router, AssetError> {
    let assets = Arc::new(Assets::load(&app.config().assets_dir)?);
    let proxies = proxies(app.config());
    let clients = Clients::new(app.config().connections.per_client);
    let host = Host { app, assets, proxies, clients, closing };
    Ok(routes(host))
}

/// The proxies whose word on addresses is believed.
fn proxies(config: &Config) -> Arc<[IpAddr]> {
    let addresses = config.trusted_proxies.iter().filter_map(|address| address.parse::<IpAddr>().ok());
    addresses.map(|address| address.to_canonical()).collect()
}

/// The table.
fn routes(host: Host) -> Router {
    let asked_by_widgets = Router::new()
        .route("/session", post(api::session::post).delete(api::session::delete))
        .route("/plugins/{plugin}/view", get(api::view::get))
        .route("/plugins/{plugin}/act", post(api::act::post))
        .route("/counts", post(api::counts::post))
        .route("/people", get(api::people::get))
        .route("/notices", get(api::notices::get))
        .route("/notices/count", get(api::notices::count))
        .route("/notices/read", post(api::notices::read))
        .route("/notices/mutes", get(api::notices::mutes).post(api::notices::mute))
        .route("/preview", post(api::people::preview))
        .route("/reports", post(admin::field::post))
        .layer(from_fn(observe::in_time))
        .route("/live", post(api::live::post))
        // Before the guard is laid around, which answers preflights in its place.
        .method_not_allowed_fallback(async || problem::Problem::no_method())
        .layer(from_fn_with_state(host.clone(), cors::guard));

    let read_by_people = Router::new()
        .route("/t/{site}/{plugin}", get(plain::get))
        .route("/t/{site}/{plugin}/act", post(plain::act))
        .route("/plain/{site}/{plugin}", post(plain::sign_in))
        .route("/signin/{site}", get(plain::provider::begin))
        .route("/signin/{site}/back", get(plain::provider::end))
        .route("/signin/{site}/out", post(plain::provider::out))
        .route("/oidc/{site}/back-channel-logout", post(plain::provider::log_out))
        .route("/embed/{site}/{plugin}", get(plain::frame::get).post(plain::frame::post))
        .route("/lti/{site}/login", get(plain::lti::login).post(plain::lti::login_form))
        .route("/lti/{site}/launch", post(plain::lti::launch))
        .route("/lti/{site}/keys", get(plain::lti::keys))
        .layer(from_fn(observe::in_time));

    Router::new()
        .nest("/v1/sites/{site}", asked_by_widgets)
        .merge(read_by_people)
        .nest("/scim/v2/sites/{site}", scim::routes())
        .merge(admin::routes(host.clone()).layer(from_fn(observe::in_time)))
        .route("/oembed", get(plain::oembed::get))
        .route("/embed.js", get(assets::loader))
        .route("/parts.js", get(assets::parts))
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
async fn ready(
    axum::extract::State(host): axum::extract::State<Host>,
) -> Result<&'static str, problem::Problem> {
    match host.app.is_ready().await {
        true => Ok("ready\n"),
        false => Err(crate::dispatch::Refusal::Unavailable.into()),
    }
}
