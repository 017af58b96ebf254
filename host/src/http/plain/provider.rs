//! Signing in at the site's OpenID provider from this host's own pages, and out again; and the provider's word that
//! somebody has signed out there.

use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use reqwest::Url;

use super::super::Host;
use super::super::extract::{FormBody, Place, preferred_language};
use super::super::problem::Problem;
use super::{
    claimed_origin, cookie, cookie_named, encode, is_own, pairs, refused, see, see_with_cookie, take,
};
use crate::dispatch::Refusal;
use crate::identity::IdentityError;
use crate::identity::embed::flow::{Answer, BACK_BYTES_MAX, TIME};

/// What the browser keeps while somebody is at the provider.
const TICKET: &str = "__Host-stoa-sign-in";
/// Bytes of a logout token with its form.
const LOGOUT_BYTES_MAX: usize = 32 * 1024;

/// Where to begin, for somebody who is to come back to `back`.
pub(super) fn address(site: &str, back: &str) -> String {
    format!("/signin/{site}?{}", encode(&[("to".to_owned(), back.to_owned())]))
}

/// Where the provider sends people back to.
fn here(host: &Host, place: &Place) -> String {
    format!("{}/signin/{}/back", host.app.config().public_url, place.site)
}

/// A path of this host; the front page of the site's first plugin for anything else.
fn path_of(host: &Host, place: &Place, to: Option<&str>) -> String {
    let own = &host.app.config().public_url;
    let path = to.filter(|to| to.starts_with('/') && to.len() <= BACK_BYTES_MAX).and_then(|to| {
        let (base, url) = (Url::parse(own).ok()?, Url::parse(own).ok()?.join(to).ok()?);
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        (url.origin() == base.origin()).then(|| format!("{}{query}", url.path()))
    });
    path.unwrap_or_else(|| {
        let plugin = place.config.plugins.keys().next().map_or("page", String::as_str);
        format!("/t/{}/{plugin}?page=%2F", place.site)
    })
}

/// `GET /signin/{site}`: to the provider, and then back to the path `to`.
pub(crate) async fn begin(
    State(host): State<Host>,
    place: Place,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let to = take(&mut pairs(query.as_deref().unwrap_or_default()), "to");
    let back = path_of(&host, &place, to.as_deref());
    match host.app.begin_sign_in(&place.site, &here(&host, &place), &back).await {
        Ok((address, ticket)) => {
            let mut response = see(&address);
            set(&mut response, &ticket, TIME / 1_000_000);
            response
        }
        Err(refusal) => failed(&host, &place, &headers, refusal, Some(&back)),
    }
}

/// `GET /signin/{site}/back`: what the provider answers.
pub(crate) async fn end(
    State(host): State<Host>,
    place: Place,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let answer = answer(&pairs(query.as_deref().unwrap_or_default()));
    let ticket = cookie_named(&headers, TICKET);
    match host.app.end_sign_in(&place.site, &here(&host, &place), ticket, &answer).await {
        Ok((session, back)) => {
            let left_s = (session.expires_at - host.app.clock().now()).max(0) / 1_000_000;
            let mut response = match see_with_cookie(&back, &session.bearer, left_s) {
                Ok(response) => response,
                Err(problem) => return problem.into_response(),
            };
            set(&mut response, "", 0);
            response
        }
        Err(refusal) => failed(&host, &place, &headers, refusal, None),
    }
}

/// What is there twice is not there (RFC 6749 section 3.1): readers that take the first and the last would differ.
fn answer(query: &[(String, String)]) -> Answer {
    let one = |name: &str| {
        let mut values = query.iter().filter(|(known, _)| known == name).map(|(_, value)| value.clone());
        values.next().filter(|_| values.next().is_none())
    };
    Answer { code: one("code"), state: one("state"), iss: one("iss"), error: one("error") }
}

/// `POST /signin/{site}/out`: the session of this browser ends, and its page is shown again.
pub(crate) async fn out(
    State(host): State<Host>,
    place: Place,
    headers: HeaderMap,
    FormBody(mut form): FormBody<4_096>,
) -> Result<Response, Problem> {
    if !is_own(&headers, &host.app.config().public_url) {
        return Err(Refusal::OriginNotAllowed(claimed_origin(&headers)).into());
    }
    if let Some(bearer) = cookie(&headers) {
        // One that is over already is what was asked for.
        let _ = host.app.sign_out(&place.site, bearer, None).await;
    }
    let to = take(&mut form, "to");
    see_with_cookie(&path_of(&host, &place, to.as_deref()), "", 0)
}

/// `POST /oidc/{site}/back-channel-logout` (OpenID Connect Back-Channel Logout 1.0 section 2.5): bearers, pages and
/// streams that came from the provider's session end before the answer is given.
pub(crate) async fn log_out(
    State(host): State<Host>,
    place: Place,
    FormBody(mut form): FormBody<LOGOUT_BYTES_MAX>,
) -> Result<Response, Problem> {
    let token = take(&mut form, "logout_token").ok_or_else(|| {
        Problem::malformed("the form has no field `logout_token`", "send it as Back-Channel Logout 1.0 says")
    })?;
    match host.app.log_out(&place.site, &token).await {
        Ok(count) => {
            tracing::info!(site = %place.site, count, "a provider has ended sessions");
            Ok((StatusCode::OK, [(header::CACHE_CONTROL, "no-store")]).into_response())
        }
        Err(refusal) => {
            tracing::warn!(site = %place.site, code = refusal.code(), %refusal, "a logout token was refused");
            let problem = Problem::from(refusal);
            // What is wrong with the token is the provider's to mend, and 400 the answer to it (section 2.8).
            let status = match problem.status {
                StatusCode::UNAUTHORIZED => StatusCode::BAD_REQUEST,
                other => other,
            };
            Err(Problem { status, ..problem })
        }
    }
}

/// A page that says why somebody is not signed in, with the way to begin again.
fn failed(host: &Host, place: &Place, headers: &HeaderMap, refusal: Refusal, back: Option<&str>) -> Response {
    tracing::warn!(site = %place.site, code = refusal.code(), %refusal, "a sign-in at the provider failed");
    let lang = preferred_language(headers, &place.config);
    let has_provider = host.app.has_sign_in(&place.site);
    // Somebody whose account is not active any more gets no further by trying again.
    let may_retry = has_provider && !matches!(refusal, Refusal::SignIn(IdentityError::Inactive));
    let problem = Problem::from(refusal).worded(&host.app, &lang);
    let again = may_retry.then(|| address(place.site.as_str(), &path_of(host, place, back)));
    refused(host, place, &lang, &problem.detail, (problem.status, again))
}

/// Keep a ticket, or forget it.
fn set(response: &mut Response, ticket: &str, left_s: i64) {
    // Lax: the way back from the provider is a link of another site's.
    let cookie = format!("{TICKET}={ticket}; Max-Age={left_s}; Path=/; Secure; HttpOnly; SameSite=Lax");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}
