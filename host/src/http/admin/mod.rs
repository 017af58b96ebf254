//! The admin's console: pages that work without script. What each address takes is in one table, [`ROUTES`]; what is not
//! there is refused.
//!
//! Deliberately absent: decisions (those are `dispatch`'s), widgets' styles, anything that is not escaped.

mod access;
mod doctor;
mod embed;
mod guard;
mod layout;
mod overview;
mod plugins;
mod sites;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};

use super::Host;
use crate::dispatch::console::Role;

pub(crate) use doctor::field;
pub(crate) use doctor::{Examined, Finding, Weight, examine};
pub(crate) use layout::{SCRIPT, SCRIPT_NAME, STYLES, STYLES_NAME};

/// Who may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Everybody: signing in.
    Nobody,
    /// Everybody, from a page of the site, by a form of its own.
    Intranet,
    /// Who has at least this role, on whatever site.
    Anywhere(Role),
    /// Who has at least this role on the site that the address names. Others are told that there is no such site.
    Here(Role),
    /// Who changes the whole host.
    Host,
}

/// An address of the console.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// As axum writes it.
    pub path: &'static str,
    /// Who may ask.
    pub need: Need,
    /// Bytes of the form that it takes; 0 for none.
    pub bytes_max: usize,
}

const fn read(path: &'static str, need: Need) -> Route {
    Route { method: "GET", path, need, bytes_max: 0 }
}

const fn write(path: &'static str, need: Need, bytes_max: usize) -> Route {
    Route { method: "POST", path, need, bytes_max }
}

/// Bytes of a form with a button and little else.
const BUTTON: usize = 4 * 1024;
/// Bytes of a form with a token.
const TOKEN: usize = 64 * 1024;
/// Bytes of a form with lists.
const LISTS: usize = 256 * 1024;

/// Every address of the console, with who may ask.
pub const ROUTES: &[Route] = &[
    read("/admin", Need::Anywhere(Role::Moderator)),
    read("/admin/sign-in", Need::Nobody),
    write("/admin/sign-in", Need::Nobody, BUTTON),
    write("/admin/token/{site}", Need::Intranet, TOKEN),
    write("/admin/sign-out", Need::Anywhere(Role::Moderator), BUTTON),
    read("/admin/audit", Need::Anywhere(Role::Admin)),
    read("/admin/plugins", Need::Anywhere(Role::Steward)),
    read("/admin/new-site", Need::Host),
    write("/admin/new-site", Need::Host, BUTTON),
    read("/admin/sites/{site}", Need::Here(Role::Steward)),
    write("/admin/sites/{site}", Need::Here(Role::Admin), LISTS),
    write("/admin/sites/{site}/manage", Need::Host, BUTTON),
    write("/admin/sites/{site}/give-back", Need::Host, BUTTON),
    read("/admin/sites/{site}/keys", Need::Here(Role::Admin)),
    write("/admin/sites/{site}/keys", Need::Here(Role::Admin), TOKEN),
    read("/admin/sites/{site}/plugins", Need::Here(Role::Admin)),
    read("/admin/sites/{site}/plugins/{plugin}", Need::Here(Role::Admin)),
    write("/admin/sites/{site}/plugins/{plugin}", Need::Here(Role::Admin), LISTS),
    read("/admin/sites/{site}/words", Need::Here(Role::Moderator)),
    write("/admin/sites/{site}/words", Need::Here(Role::Moderator), LISTS),
    read("/admin/sites/{site}/embed", Need::Here(Role::Steward)),
    read("/admin/sites/{site}/look.css", Need::Here(Role::Steward)),
    read("/admin/sites/{site}/try", Need::Here(Role::Steward)),
    read("/admin/sites/{site}/try/token", Need::Here(Role::Steward)),
    read("/admin/sites/{site}/doctor", Need::Here(Role::Steward)),
    write("/admin/sites/{site}/doctor", Need::Here(Role::Steward), BUTTON),
    write("/admin/sites/{site}/reports", Need::Here(Role::Steward), BUTTON),
    read("/admin/sites/{site}/token", Need::Here(Role::Steward)),
    write("/admin/sites/{site}/token", Need::Here(Role::Steward), TOKEN),
];

/// The addresses of the table, each behind the guard.
pub(crate) fn routes(host: Host) -> Router<Host> {
    Router::new()
        .route("/admin", get(overview::get))
        .route("/admin/sign-in", get(access::get).post(access::post))
        .route("/admin/token/{site}", post(access::by_token))
        .route("/admin/sign-out", post(access::sign_out))
        .route("/admin/audit", get(overview::audit))
        .route("/admin/plugins", get(plugins::health))
        .route("/admin/new-site", get(sites::new).post(sites::create))
        .route("/admin/sites/{site}", get(sites::get).post(sites::save))
        .route("/admin/sites/{site}/manage", post(sites::manage))
        .route("/admin/sites/{site}/give-back", post(sites::give_back))
        .route("/admin/sites/{site}/keys", get(sites::keys::get).post(sites::keys::post))
        .route("/admin/sites/{site}/plugins", get(plugins::list))
        .route("/admin/sites/{site}/plugins/{plugin}", get(plugins::get).post(plugins::post))
        .route("/admin/sites/{site}/words", get(sites::words::get).post(sites::words::post))
        .route("/admin/sites/{site}/embed", get(embed::get))
        .route("/admin/sites/{site}/look.css", get(embed::look))
        .route("/admin/sites/{site}/try", get(embed::try_page))
        .route("/admin/sites/{site}/try/token", get(embed::try_token))
        .route("/admin/sites/{site}/doctor", get(doctor::console::get).post(doctor::console::post))
        .route("/admin/sites/{site}/reports", post(doctor::console::clear))
        .route("/admin/sites/{site}/token", get(doctor::console::token).post(doctor::console::inspect))
        .method_not_allowed_fallback(async || super::problem::Problem::no_method())
        .route_layer(from_fn_with_state(host, guard::guard))
}
