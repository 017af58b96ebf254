//! The same views as whole pages that work without any script: links, forms, and a cookie for who somebody is.
//!
//! The one place with a cookie. It comes back from this host's own pages alone (`SameSite=Lax` and a look at
//! where a form was sent from), and each form carries a token bound to the person.

pub(crate) mod frame;
pub(crate) mod lti;
pub(crate) mod oembed;
mod page;
pub(crate) mod provider;

use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use crate::base::id::new_id;
use crate::dispatch::{Refusal, TAB, ViewRequest};
use crate::identity::Actor;

use super::Host;
use super::api::act::action;
use super::extract::{FormBody, Place, Proxied, preferred_language};
use super::problem::{Problem, is_hidden, origin_hint};
use page::{Notice, Page};

/// As for the API, where each byte may take three characters.
const FORM_BYTES_MAX: usize = 1536 * 1024;
/// `__Host-`: set by this host alone, over TLS, for all of it (RFC 6265bis section 4.1.3.2).
const COOKIE: &str = "__Host-stoa";

/// `GET /t/{site}/{plugin}`
pub(crate) async fn get(
    State(host): State<Host>,
    place: Place,
    proxied: Proxied,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let ask = ask(&host, &place, proxied, query.as_deref().unwrap_or_default(), &headers);
    if ask.is_page() {
        // A page's block is a widget alone; here its first view stands for it, or the one that the address names.
        let tab = take(&mut pairs(&ask.parameters), TAB);
        if let Ok(Some(plugin)) = host.app.page_tab(&ask, tab.as_deref(), None, None).await {
            return see(&address(&Place { plugin, ..place }, &ask.page_key, ""));
        }
    }
    show(&host, &place, &ask, None).await
}

/// `POST /t/{site}/{plugin}/act`: done, and back to the view; or the page again, with what was typed and why not.
pub(crate) async fn act(
    State(host): State<Host>,
    place: Place,
    proxied: Proxied,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    FormBody(mut form): FormBody<FORM_BYTES_MAX>,
) -> Response {
    if !is_own(&headers, &host.app.config().public_url) {
        return Problem::from(Refusal::OriginNotAllowed(claimed_origin(&headers))).into_response();
    }
    let query = query.unwrap_or_default();
    let (page_key, parameters) = act_place(&query);
    let mut ask = ask(&host, &place, proxied, "", &headers);
    (ask.page_key, ask.parameters) = (page_key, parameters);
    let key = take(&mut form, "k").filter(|key| !key.is_empty());
    let key = key.unwrap_or_else(|| new_id(host.app.clock().now()));
    match host.app.act(&ask, action(form.clone(), key.clone(), None)).await {
        Ok(acted) => {
            let focus = acted.focus.map(|id| format!("#{id}")).unwrap_or_default();
            see(&format!("{}{focus}", address(&place, &ask.page_key, &acted.shown.parameters)))
        }
        Err(refusal) => {
            form.push(("k".to_owned(), key));
            let problem = Problem::from(refusal).worded(&host.app, &ask.lang);
            let notice = Notice::new(&problem, form, &query);
            show(&host, &place, &ask, Some((notice, problem.status))).await
        }
    }
}

/// `POST /plain/{site}/{plugin}`: the intranet's form brings somebody here with a token.
pub(crate) async fn sign_in(
    State(host): State<Host>,
    place: Place,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    FormBody(mut form): FormBody<FORM_BYTES_MAX>,
) -> Result<Response, Problem> {
    let language = preferred_language(&headers, &place.config);
    // Without this, another site could sign its visitors in as somebody of its choice.
    let origin = claimed_origin(&headers);
    if !place.config.origins.contains(&origin) {
        let hint = origin_hint(&origin);
        tracing::warn!(origin, site = %place.site, hint, "somebody comes from an origin that is not on the site's list");
        let id = if is_hidden(&origin) { "plain-origin" } else { "host-problem-embedding" };
        let message = host.app.text(&language, id);
        return Ok(refused(&host, &place, &language, &message, (StatusCode::FORBIDDEN, None)));
    }
    let token = take(&mut form, "token")
        .ok_or_else(|| Problem::malformed("the form has no field `token`", "put the signed token there"))?;
    let (page_key, parameters) = split_page(query.as_deref().unwrap_or_default());
    let address = address(&place, &page_key, &parameters);
    if token.trim().is_empty() {
        // Nobody is signed in there any more.
        return see_with_cookie(&address, "", 0);
    }
    let session = match host.app.sign_in(&place.site, &token, Some(&origin)).await {
        Ok(session) => session,
        Err(refusal) => {
            tracing::warn!(site = %place.site, origin, code = refusal.code(), %refusal, "a token was refused");
            let problem = Problem::from(refusal).worded(&host.app, &language);
            return Ok(refused(&host, &place, &language, &problem.detail, (problem.status, None)));
        }
    };
    let left_s = (session.expires_at - host.app.clock().now()).max(0) / 1_000_000;
    see_with_cookie(&address, &session.bearer, left_s)
}

/// The view that an address names, for whoever the proxy says, or else the cookie. A session that has ended is nobody's,
/// and so is a request with headers that are not a trusted proxy's.
fn ask(
    host: &Host,
    place: &Place,
    Proxied(proxied): Proxied,
    query: &str,
    headers: &HeaderMap,
) -> ViewRequest {
    let (page_key, parameters) = split_page(query);
    let actor = match proxied {
        Ok(Some(actor)) => Ok(actor),
        Ok(None) => host.app.actor(&place.site, cookie(headers), None),
        Err(refusal) => Err(refusal),
    };
    ViewRequest {
        site: place.site.clone(),
        plugin: place.plugin.clone(),
        page_key,
        page_title: String::new(),
        page_url: String::new(),
        parameters,
        since: None,
        lang: preferred_language(headers, &place.config),
        actor: actor.unwrap_or_else(|_| Actor::anonymous(place.site.clone())),
        plain: true,
    }
}

/// The page with the view, or with why there is none.
async fn show(
    host: &Host,
    place: &Place,
    ask: &ViewRequest,
    notice: Option<(Notice, StatusCode)>,
) -> Response {
    let shown = host.app.view(ask, None).await;
    let structured = if shown.is_ok() { host.app.structured(ask).await } else { None };
    let (notice, status) = match notice {
        Some((notice, status)) => (Some(notice), status),
        None => (None, StatusCode::OK),
    };
    let document = |title: &str, view: Result<&str, &str>, needs_sign_in: bool| {
        let text = |id: &str| host.app.text(&ask.lang, id);
        Page {
            host,
            site: &place.config,
            lang: &ask.lang,
            title,
            view,
            notice: notice.as_ref(),
            signed_in: ask.actor.person.as_ref().map(|person| person.name.as_str()),
            needs_sign_in,
            sign_in: Some(provider::address(
                place.site.as_str(),
                &address(place, &ask.page_key, &ask.parameters),
            ))
            .filter(|_| host.app.has_sign_in(&place.site))
            .or_else(|| place.config.sign_in.as_ref().map(|known| known.url.clone())),
            sign_out: Some((
                format!("/signin/{}/out", place.site),
                address(place, &ask.page_key, &ask.parameters),
            ))
            .filter(|_| host.app.has_sign_in(&place.site) && ask.actor.session.is_some()),
            act_path: format!("/t/{}/{}/act", place.site, place.plugin),
            oembed: Some(oembed::address(
                &host.app.config().public_url,
                &address(place, &ask.page_key, &ask.parameters),
            )),
            structured: structured.as_deref(),
            text: &text,
        }
        .html()
    };
    match shown {
        Ok(shown) => answer(place, status, document(&shown.title, Ok(shown.html()), false)),
        Err(refusal) => {
            let needs_sign_in = matches!(refusal, Refusal::SignInNeeded | Refusal::SignIn(_));
            let problem = Problem::from(refusal).worded(&host.app, &ask.lang);
            answer(place, problem.status, document("", Err(&problem.detail), needs_sign_in))
        }
    }
}

/// A page that only says why somebody is not signed in, with an address to sign in at where that helps.
fn refused(
    host: &Host,
    place: &Place,
    lang: &str,
    message: &str,
    (status, sign_in): (StatusCode, Option<String>),
) -> Response {
    let text = |id: &str| host.app.text(lang, id);
    let html = Page {
        host,
        site: &place.config,
        lang,
        title: "",
        view: Err(message),
        notice: None,
        signed_in: None,
        needs_sign_in: false,
        sign_in,
        sign_out: None,
        act_path: String::new(),
        oembed: None,
        structured: None,
        text: &text,
    }
    .html();
    answer(place, status, html)
}

/// A document with the headers of one.
fn answer(place: &Place, status: StatusCode, html: String) -> Response {
    let mut response = (status, html).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers
        .insert(header::CONTENT_SECURITY_POLICY, super::layers::headers::page_policy(&place.config.origins));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(header::VARY, HeaderValue::from_static("Cookie, Accept-Language"));
    // `no-referrer` would make browsers send `Origin: null` with our own forms.
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    response
}

/// `303 See Other`: loading the answer again repeats nothing.
fn see(address: &str) -> Response {
    match HeaderValue::from_str(address) {
        Ok(value) => (StatusCode::SEE_OTHER, [(header::LOCATION, value)]).into_response(),
        Err(_) => Problem::internal().into_response(),
    }
}

/// As [`see`], with this bearer in the cookie.
fn see_with_cookie(address: &str, bearer: &str, left_s: i64) -> Result<Response, Problem> {
    let mut response = see(address);
    let cookie = format!("{COOKIE}={bearer}; Max-Age={left_s}; Path=/; Secure; HttpOnly; SameSite=Lax");
    let cookie = HeaderValue::from_str(&cookie).map_err(|_| Problem::internal())?;
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    Ok(response)
}

/// The address of a view's page.
fn address(place: &Place, page_key: &str, parameters: &str) -> String {
    let page = encode(&[("page".to_owned(), page_key.to_owned())]);
    let rest = if parameters.is_empty() { String::new() } else { format!("&{parameters}") };
    format!("/t/{}/{}?{page}{rest}", place.site, place.plugin)
}

/// The page's key, and the other pairs as the view's parameters.
fn split_page(query: &str) -> (String, String) {
    let mut pairs = pairs(query);
    let page = take(&mut pairs, "page").unwrap_or_default();
    (page, encode(&pairs))
}

/// The page's key and the view's parameters, as the address of a form has them.
fn act_place(query: &str) -> (String, String) {
    let mut pairs = pairs(query);
    let page = take(&mut pairs, "page").unwrap_or_default();
    (page, take(&mut pairs, "p").unwrap_or_default())
}

fn pairs(query: &str) -> Vec<(String, String)> {
    // Every query string is a list of pairs to this library; it does not fail on text.
    serde_urlencoded::from_str(query).unwrap_or_default()
}

fn encode(pairs: &[(String, String)]) -> String {
    serde_urlencoded::to_string(pairs).unwrap_or_default()
}

/// Take the first pair of this name out.
fn take(pairs: &mut Vec<(String, String)>, name: &str) -> Option<String> {
    let at = pairs.iter().position(|(known, _)| known == name)?;
    Some(pairs.remove(at).1)
}

/// Whether a form was sent from one of this host's own pages. Every browser of today says so by Fetch Metadata;
/// older ones by `Origin`. One that says neither is refused.
pub(crate) fn is_own(headers: &HeaderMap, public_url: &str) -> bool {
    match headers.get("sec-fetch-site") {
        Some(site) => site == "same-origin",
        None => claimed_origin(headers) == public_url,
    }
}

pub(crate) fn claimed_origin(headers: &HeaderMap) -> String {
    headers
        .get(header::ORIGIN)
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
        .unwrap_or_default()
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    cookie_named(headers, COOKIE)
}

fn cookie_named<'h>(headers: &'h HeaderMap, wanted: &str) -> Option<&'h str> {
    let values = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    values
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == wanted)
        .map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderName, HeaderValue};

    use super::{act_place, cookie, is_own, split_page};

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn a_forged_form_is_told_from_an_own_one() {
        let check = |pairs: &[(&'static str, &'static str)], expected| {
            assert_eq!(is_own(&headers(pairs), "https://stoa.example"), expected, "{pairs:?}");
        };
        check(&[("sec-fetch-site", "same-origin")], true);
        check(&[("sec-fetch-site", "same-origin"), ("origin", "https://stoa.example")], true);
        check(&[("origin", "https://stoa.example")], true);
        check(&[("sec-fetch-site", "same-site")], false);
        check(&[("sec-fetch-site", "cross-site"), ("origin", "https://stoa.example")], false);
        check(&[("sec-fetch-site", "none")], false);
        check(&[("origin", "null")], false);
        check(&[("origin", "https://evil.example")], false);
        check(&[], false);
    }

    #[test]
    fn the_address_names_page_and_parameters() {
        let check = |query, page: &str, parameters: &str| {
            assert_eq!(split_page(query), (page.to_owned(), parameters.to_owned()), "{query}");
        };
        check("page=%2Fhome&sort=newest&limit=40", "/home", "sort=newest&limit=40");
        check("sort=top&page=x", "x", "sort=top");
        check("", "", "");
        assert_eq!(
            act_place("page=x&p=sort%3Dtop%26limit%3D4"),
            ("x".to_owned(), "sort=top&limit=4".to_owned())
        );
    }

    #[test]
    fn the_cookie_is_found_among_others() {
        let check =
            |value: &'static str, expected| assert_eq!(cookie(&headers(&[("cookie", value)])), expected);
        check("a=1; __Host-stoa=abc; b=2", Some("abc"));
        check("__Host-stoa2=abc", None);
        check("stoa=abc", None);
    }
}
