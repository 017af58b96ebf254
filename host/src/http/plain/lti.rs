//! LTI 1.3: a learning platform opens the host as a tool. It begins a sign-in (`login`), which leads to the platform and back
//! (`launch`) with a token; then the widget is there in a frame, or a choice of what to put into the course.
//!
//! Whoever is refused is told nothing but that; the log says which claim failed, and what to do.

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use maud::{DOCTYPE, html};

use super::super::Host;
use super::super::extract::{FormBody, Place, preferred_language};
use super::super::problem::Problem;
use super::frame::{self, Frame};
use super::{pairs, refused, see, take};
use crate::dispatch::{LaunchChoice, Refusal};
use crate::identity::embed::{DeepLink, Launch};

/// A token of 16 KiB and what comes with it, where each byte may take three characters.
const FORM_BYTES_MAX: usize = 64 * 1024;
/// Bytes of what a platform hands through.
const HINT_BYTES_MAX: usize = 4 * 1024;

/// `GET /lti/{site}/login`: as a link.
pub(crate) async fn login(
    State(host): State<Host>,
    place: Place,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    begin(&host, &place, pairs(query.as_deref().unwrap_or_default()), &headers)
}

/// `POST /lti/{site}/login`: as a form.
pub(crate) async fn login_form(
    State(host): State<Host>,
    place: Place,
    headers: HeaderMap,
    FormBody(form): FormBody<FORM_BYTES_MAX>,
) -> Response {
    begin(&host, &place, form, &headers)
}

/// Third-party initiated login (OpenID Connect Core 1.0 section 4): on to the platform, which knows who is there.
fn begin(host: &Host, place: &Place, mut given: Vec<(String, String)>, headers: &HeaderMap) -> Response {
    let mut of = |name: &str| take(&mut given, name).filter(|value| value.len() <= HINT_BYTES_MAX);
    let (issuer, hint) = (of("iss").unwrap_or_default(), of("login_hint").unwrap_or_default());
    let (message_hint, client_id) = (of("lti_message_hint"), of("client_id"));
    let begun = match host.app.begin_launch(&place.site, &issuer, client_id.as_deref()) {
        Ok(begun) if !hint.is_empty() => begun,
        Ok(_) => return not_opened(host, place, headers, &Refusal::Internal("no login_hint".to_owned())),
        Err(refusal) => return not_opened(host, place, headers, &refusal),
    };
    let redirect = format!("{}/lti/{}/launch", host.app.config().public_url, place.site);
    let mut query = vec![
        ("scope", "openid"),
        ("response_type", "id_token"),
        ("response_mode", "form_post"),
        ("prompt", "none"),
        ("client_id", &begun.client_id),
        ("redirect_uri", &redirect),
        ("state", &begun.state),
        ("nonce", &begun.nonce),
        ("login_hint", &hint),
    ];
    if let Some(message_hint) = &message_hint {
        query.push(("lti_message_hint", message_hint));
    }
    let query = serde_urlencoded::to_string(query).unwrap_or_default();
    let join = if begun.authorization_url.contains('?') { '&' } else { '?' };
    see(&format!("{}{join}{query}", begun.authorization_url))
}

/// `POST /lti/{site}/launch`: the platform's token comes back.
pub(crate) async fn launch(
    State(host): State<Host>,
    place: Place,
    headers: HeaderMap,
    FormBody(mut form): FormBody<FORM_BYTES_MAX>,
) -> Response {
    if let Some(error) = take(&mut form, "error") {
        let why = format!("the platform answers `{error:.100}`");
        return not_opened(&host, &place, &headers, &Refusal::Internal(why));
    }
    let (token, state) = (take(&mut form, "id_token"), take(&mut form, "state"));
    let (token, state) = (token.unwrap_or_default(), state.unwrap_or_default());
    let (launch, actor) = match host.app.launch(&place.site, &token, &state).await {
        Ok(launched) => launched,
        Err(refusal) => return not_opened(&host, &place, &headers, &refusal),
    };
    if let Some(link) = &launch.deep_link {
        return match host.app.launch_choices(&place.site, &launch, link) {
            Ok(choices) => choose(&host, &place, &headers, (&launch, link), &choices),
            Err(refusal) => not_opened(&host, &place, &headers, &refusal),
        };
    }
    let lang = preferred_language(&headers, &place.config);
    let (ticket, platform) = (host.app.ticket(actor), host.app.platform_origin(&place.site, &launch));
    let plugin = launch.plugin.as_deref().unwrap_or("page");
    let shown = Place { site: place.site, plugin: plugin.into(), config: place.config };
    let frame = Frame {
        page_key: &launch.page_key,
        title: &launch.title,
        parameters: "",
        lang: &lang,
        ticket: Some(&ticket),
        platform: platform.as_deref(),
    };
    frame::answer(&host, &shown, &frame)
}

/// `GET /lti/{site}/keys`: what choices are checked with.
pub(crate) async fn keys(State(host): State<Host>, place: Place) -> Result<Response, Problem> {
    let keys = host.app.launch_keys(&place.site)?;
    Ok(([(header::CACHE_CONTROL, "public, max-age=3600")], Json(keys)).into_response())
}

/// The log says why; the visitor, who may have made it up, is told that it does not open.
fn not_opened(host: &Host, place: &Place, headers: &HeaderMap, refusal: &Refusal) -> Response {
    let code = refusal.code();
    let why = match refusal {
        Refusal::Internal(why) => why.clone(),
        refusal => refusal.to_string(),
    };
    tracing::warn!(site = %place.site, code, "a launch of a learning platform was refused: {why}");
    let lang = preferred_language(headers, &place.config);
    let message = host.app.text(&lang, "plain-launch-refused");
    refused(host, place, &lang, &message, (StatusCode::FORBIDDEN, None))
}

/// One form for each plugin, which sends the choice to the platform.
fn choose(
    host: &Host,
    place: &Place,
    headers: &HeaderMap,
    (launch, link): (&Launch, &DeepLink),
    choices: &[LaunchChoice],
) -> Response {
    let lang = preferred_language(headers, &place.config);
    let text = |id: &str| host.app.text(&lang, id);
    let styles = host.assets.url(super::super::assets::PAGE_STYLES);
    let page = html! {
        (DOCTYPE)
        html lang=(lang) {
            head {
                meta charset="utf-8";
                title { (place.config.name) }
                meta name="viewport" content="width=device-width, initial-scale=1";
                @if let Some(url) = styles { link rel="stylesheet" href=(url); }
            }
            body {
                main {
                    h1 { (text("plain-launch-choose")) }
                    @if choices.is_empty() { p.notice role="status" { (text("plain-launch-no-key")) } }
                    @for choice in choices {
                        form.form method="post" action=(link.return_url) {
                            input type="hidden" name="JWT" value=(choice.jwt);
                            p { button.button { (host.app.plugin_heading(&choice.plugin, &lang)) } }
                        }
                    }
                }
            }
        }
    };
    let platform = host.app.platform_origin(&place.site, launch).unwrap_or_default();
    let back = origin_of(&link.return_url);
    let origins = place.config.origins.join(" ");
    let policy = format!(
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action {back}; frame-ancestors {platform} {origins}"
    );
    let mut response = (StatusCode::OK, page.into_string()).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Scheme, host and port of an address that was checked.
fn origin_of(url: &str) -> &str {
    let start = url.find("://").map_or(0, |at| at + 3);
    let end = url[start..].find(['/', '?', '#']).map_or(url.len(), |at| start + at);
    &url[..end]
}
