//! Signing in and out.
//!
//! The link that the first start prints opens a page with a button: only the form behind it uses the link up, so that
//! whatever looks at addresses before people do leaves it as it is.

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use maud::html;

use super::super::Host;
use super::super::plain::claimed_origin;
use super::super::problem::{Problem, origin_hint};
use super::guard::{Asked, cookie_name};
use super::layout::{self, Words, notice};
use crate::base::id::SiteId;
use crate::dispatch::Refusal;
use crate::dispatch::console::Opened;

/// `GET /admin/sign-in`
pub(super) async fn get(State(host): State<Host>, Extension(asked): Extension<Asked>) -> Response {
    page(&host, &asked.words, None, asked.query.get("link"))
}

/// The page for whoever is not signed in.
pub(super) fn page(host: &Host, words: &Words, error: Option<&str>, link: &str) -> Response {
    let body = html! {
        @if let Some(error) = error { (notice("bad", error)) }
        @if link.is_empty() {
            p { (words.t("sign-in-how")) }
            div.copy { pre tabindex="0" role="group" aria-label=(words.t("sign-in-command")) { code { "stoa admin-link --config stoa.toml" } } }
            p.hint { (words.t("sign-in-token")) }
        } @else {
            p { (words.t("sign-in-link")) }
            form method="post" action="/admin/sign-in" {
                input type="hidden" name="link" value=(link);
                button.main { (words.t("sign-in-open")) }
            }
        }
    };
    let status = if error.is_some() { StatusCode::FORBIDDEN } else { StatusCode::OK };
    layout::card(host, words, status, &words.t("sign-in"), &body)
}

/// `POST /admin/sign-in`
pub(super) async fn post(State(host): State<Host>, Extension(asked): Extension<Asked>) -> Response {
    match host.app.open_console(asked.form.get("link")).await {
        Ok(Some(opened)) => with_cookie(&host, layout::see("/admin"), Some(&opened)),
        Ok(None) => page(&host, &asked.words, Some(&asked.words.t("sign-in-used")), ""),
        Err(refusal) => layout::refused(&host, &asked.words, &Problem::from(refusal)),
    }
}

/// `POST /admin/token/{site}`: a form of the intranet brings somebody here with a token.
pub(super) async fn by_token(
    State(host): State<Host>,
    Extension(asked): Extension<Asked>,
    Path(site): Path<String>,
    headers: HeaderMap,
) -> Response {
    let (site, words, origin) = (SiteId::from(site.as_str()), &asked.words, claimed_origin(&headers));
    // Without this, another site could sign its visitors in as somebody of its choice.
    if host.app.site(&site).is_none_or(|config| !config.origins.contains(&origin)) {
        tracing::warn!(origin, %site, hint = origin_hint(&origin), "somebody comes to the console from a strange origin");
        let problem = Problem::from(Refusal::OriginNotAllowed(origin));
        return layout::refused(&host, words, &problem);
    }
    match host.app.open_console_by_token(&site, asked.form.get("token"), Some(&origin)).await {
        Ok(opened) => {
            // The cookie is not sent while browsers still follow the other site's form: a page of our own goes on.
            let body = html! {
                p { (words.t("sign-in-done")) }
                p { a.button.main href="/admin" { (words.t("to-overview")) } }
            };
            let page = layout::card(&host, words, StatusCode::OK, &words.t("sign-in"), &body);
            with_cookie(&host, page, Some(&opened))
        }
        Err(refusal) => {
            tracing::warn!(%site, code = refusal.code(), %refusal, "somebody was not let into the console");
            let problem = Problem::from(refusal);
            let denied = Problem { detail: words.t("sign-in-refused").into(), ..problem };
            layout::refused(&host, words, &denied)
        }
    }
}

/// `POST /admin/sign-out`
pub(super) async fn sign_out(State(host): State<Host>, Extension(asked): Extension<Asked>) -> Response {
    if let Some(operator) = &asked.operator
        && let Err(refusal) = host.app.leave_console(operator).await
    {
        return layout::refused(&host, &asked.words, &Problem::from(refusal));
    }
    with_cookie(&host, layout::see("/admin/sign-in"), None)
}

fn with_cookie(host: &Host, mut response: Response, opened: Option<&Opened>) -> Response {
    let public_url = &host.app.config().public_url;
    let (bearer, lasts_s) = opened.map_or(("", 0), |opened| (opened.bearer.as_str(), opened.lasts_s));
    let secure = if public_url.starts_with("https://") { "; Secure" } else { "" };
    let name = cookie_name(public_url);
    let cookie = format!("{name}={bearer}; Max-Age={lasts_s}; Path=/{secure}; HttpOnly; SameSite=Strict");
    match HeaderValue::from_str(&cookie) {
        Ok(cookie) => {
            response.headers_mut().insert(header::SET_COOKIE, cookie);
            response
        }
        Err(_) => Problem::internal().into_response(),
    }
}
