//! One widget as a page for a frame, where its own policy holds and not that of the page around it. No cookie: who is there
//! the page around it says by a message, a form by a token, or nobody.

use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use maud::{DOCTYPE, html};

use super::super::Host;
use super::super::extract::{FormBody, Place, language, preferred_language};
use super::super::problem::Problem;
use super::{FORM_BYTES_MAX, claimed_origin, pairs, refused, split_page, take};
use crate::dispatch::Refusal;

/// What a frame shows.
pub(super) struct Frame<'a> {
    pub(super) page_key: &'a str,
    /// What the page is called, where that is known.
    pub(super) title: &'a str,
    /// The state of the view as a query string.
    pub(super) parameters: &'a str,
    pub(super) lang: &'a str,
    /// Who is there, where the page around it need not be asked.
    pub(super) ticket: Option<&'a str>,
    /// An origin that may frame it beside those of the site.
    pub(super) platform: Option<&'a str>,
}

/// `GET /embed/{site}/{plugin}`: the page around it is asked who is there.
pub(crate) async fn get(
    State(host): State<Host>,
    place: Place,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let (page_key, parameters, lang) = asked(&place, query.as_deref(), &headers);
    let frame = Frame {
        page_key: &page_key,
        title: "",
        parameters: &parameters,
        lang: &lang,
        ticket: None,
        platform: None,
    };
    answer(&host, &place, &frame)
}

/// `POST /embed/{site}/{plugin}`: a form of a page of the site whose target is the frame says by `token` who is there.
pub(crate) async fn post(
    State(host): State<Host>,
    place: Place,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    FormBody(mut form): FormBody<FORM_BYTES_MAX>,
) -> Result<Response, Problem> {
    let (page_key, parameters, lang) = asked(&place, query.as_deref(), &headers);
    let origin = claimed_origin(&headers);
    if !place.config.origins.contains(&origin) {
        tracing::warn!(origin, site = %place.site, "a form comes from an origin that is not on the site's list");
        return Err(Problem::from(Refusal::OriginNotAllowed(origin)).worded(&host.app, &lang));
    }
    let token = take(&mut form, "token").unwrap_or_default();
    let ticket = match token.trim() {
        "" => None,
        token => match host.app.sign_in(&place.site, token, Some(&origin)).await {
            Ok(session) => Some(host.app.ticket(session.actor)),
            Err(refusal) => {
                tracing::warn!(site = %place.site, origin, code = refusal.code(), %refusal, "a token was refused");
                let problem = Problem::from(refusal).worded(&host.app, &lang);
                return Ok(refused(&host, &place, &lang, &problem.detail, (problem.status, None)));
            }
        },
    };
    let frame = Frame {
        page_key: &page_key,
        title: "",
        parameters: &parameters,
        lang: &lang,
        // Somebody not signed in there has been said, too: there is nobody to ask.
        ticket: Some(ticket.as_deref().unwrap_or_default()),
        platform: None,
    };
    Ok(answer(&host, &place, &frame))
}

/// Page, parameters of the view and language.
fn asked(place: &Place, query: Option<&str>, headers: &HeaderMap) -> (String, String, String) {
    let (page_key, rest) = split_page(query.unwrap_or_default());
    let mut rest = pairs(&rest);
    let parameters = take(&mut rest, "p").unwrap_or_default();
    let lang = take(&mut rest, "lang");
    let lang = match &lang {
        Some(lang) => language(Some(lang), &place.config),
        None => preferred_language(headers, &place.config),
    };
    (page_key, parameters, lang)
}

/// The document.
pub(super) fn answer(host: &Host, place: &Place, frame: &Frame<'_>) -> Response {
    let assets = &host.assets;
    let styles = assets.url(super::super::assets::PAGE_STYLES);
    let script = assets.url("frame.js");
    let origins = place.config.origins.iter().map(String::as_str).chain(frame.platform);
    let origins = origins.collect::<Vec<_>>().join(" ");
    let public = &host.app.config().public_url;
    let plain = super::address(place, frame.page_key, frame.parameters);
    let page = html! {
        (DOCTYPE)
        html lang=(frame.lang) {
            head {
                meta charset="utf-8";
                title { @if !frame.title.is_empty() { (frame.title) " – " } (place.config.name) }
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                @if let Some(ticket) = frame.ticket { meta name="stoa-token" content=(ticket); }
                @if let Some(url) = styles { link rel="stylesheet" href=(url); }
                @if let Some(url) = script {
                    script type="module" src=(url) data-origins=(origins) data-asks=[frame.ticket.is_none().then_some("1")] {}
                }
                script type="module" src=(format!("{public}/embed.js")) data-site=(place.site) {}
            }
            body.frame {
                stoa-plugin name=(place.plugin) page=(frame.page_key) title=(frame.title) p=(frame.parameters) {
                    a href=(plain) target="_blank" rel="noopener" { (place.config.name) }
                }
            }
        }
    };
    let mut response = (StatusCode::OK, page.into_string()).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CONTENT_SECURITY_POLICY, policy(&origins));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Own scripts and styles alone, under Trusted Types; frames on the site's pages.
fn policy(origins: &str) -> HeaderValue {
    let ancestors = if origins.is_empty() { "'none'" } else { origins };
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; \
         img-src 'self' data:; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; \
         trusted-types 'none'; frame-ancestors {ancestors}"
    );
    HeaderValue::from_str(&policy)
        .unwrap_or(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"))
}
