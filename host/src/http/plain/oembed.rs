//! oEmbed (oembed.com, version 1.0): what an editor's content system puts in the place of a pasted address of a plain
//! page. It is the form that such systems let through; the loader makes the widget of it.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use maud::html;
use serde::Deserialize;
use serde_json::json;

use super::super::Host;
use super::super::extract::Params;
use super::super::problem::Problem;
use super::{encode, split_page};
use crate::base::id::{PluginName, SiteId};
use crate::dispatch::{PAGE, Refusal};

/// Pixels that the answer names where nothing is asked: the widget takes the width it gets, and the height it needs.
const WIDTH: u32 = 640;
const HEIGHT: u32 = 480;

/// What is asked; systems add parameters of their own, which count for nothing.
#[derive(Deserialize)]
pub(crate) struct Ask {
    url: String,
    format: Option<String>,
    maxwidth: Option<u32>,
    maxheight: Option<u32>,
}

/// The address that answers for a plain page's.
pub(super) fn address(public_url: &str, plain: &str) -> String {
    format!("{public_url}/oembed?{}", encode(&[("url".to_owned(), format!("{public_url}{plain}"))]))
}

/// `GET /oembed`
///
/// Nothing of the page itself is told: whoever asks is not signed in.
pub(crate) async fn get(State(host): State<Host>, Params(ask): Params<Ask>) -> Result<Response, Problem> {
    if ask.format.as_deref().is_some_and(|format| format != "json") {
        let detail = "the answer is JSON alone";
        return Err(Problem {
            status: StatusCode::NOT_IMPLEMENTED,
            ..Problem::malformed(detail, "ask for `format=json`")
        });
    }
    let public_url = &host.app.config().public_url;
    let place = Place::of(&ask.url, public_url).ok_or_else(Problem::no_route)?;
    let site = SiteId::from(place.site);
    let config = host.app.site(&site).ok_or_else(|| Refusal::UnknownSite(place.site.to_owned()))?;
    let is_enabled = config.plugins.get(place.plugin).is_some_and(|plugin| plugin.enabled);
    if !is_enabled && place.plugin != PAGE {
        return Err(Refusal::UnknownPlugin(PluginName::from(place.plugin).to_string()).into());
    }
    let (page, parameters) = split_page(place.query);
    let parameters = Some(parameters).filter(|parameters| !parameters.is_empty());
    let html = html! {
        div class="stoa-plugin" data-name=(place.plugin) data-site=(place.site) data-page=(page) data-p=[parameters] {
            a href=(ask.url) { (config.name) }
        }
    };
    let answer = json!({
        "version": "1.0",
        "type": "rich",
        "title": config.name,
        "provider_name": config.name,
        "provider_url": public_url,
        "html": html.into_string(),
        "width": ask.maxwidth.map_or(WIDTH, |most| most.min(WIDTH)),
        "height": ask.maxheight.map_or(HEIGHT, |most| most.min(HEIGHT)),
        "cache_age": 86_400,
    });
    let mut response = Json(answer).into_response();
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response.headers_mut().insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("cross-origin"),
    );
    Ok(response)
}

/// What the address of a plain page names.
#[derive(Debug, PartialEq, Eq)]
struct Place<'a> {
    site: &'a str,
    plugin: &'a str,
    query: &'a str,
}

impl<'a> Place<'a> {
    fn of(url: &'a str, public_url: &str) -> Option<Self> {
        let path = url.strip_prefix(public_url)?.strip_prefix("/t/")?;
        let (path, query) = path.split('#').next()?.split_once('?')?;
        let (site, plugin) = path.split_once('/')?;
        (!site.is_empty() && !plugin.is_empty() && !plugin.contains('/')).then_some(Self {
            site,
            plugin,
            query,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn only_addresses_of_plain_pages_are_answered_for() {
        let check = |url: &str, expected: Option<(&str, &str, &str)>| {
            let found =
                Place::of(url, "https://w.example").map(|place| (place.site, place.plugin, place.query));
            assert_eq!(found, expected, "{url}");
        };
        check("https://w.example/t/demo/comments?page=a#x", Some(("demo", "comments", "page=a")));
        check("https://w.example/t/demo/comments", None);
        check("https://w.example/t/demo/comments/act?page=a", None);
        check("https://w.example.evil.example/t/demo/comments?page=a", None);
        check("https://w.example/v1/sites/demo", None);
        check("http://w.example/t/demo/comments?page=a", None);
    }
}
