//! Which pages may ask: the exact origins on the site's list, and no others. Never with cookies.

use axum::extract::{RawPathParams, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::base::config::Site;
use crate::base::id::SiteId;
use crate::dispatch::Refusal;

use super::super::Host;
use super::super::extract::{browser_language, language, preferred_language};
use super::super::problem::{Problem, origin_hint};

/// What a page may read of an answer's headers.
const EXPOSED: HeaderValue = HeaderValue::from_static(
    "Stoa-Rev, Stoa-Base, Stoa-Parameters, Stoa-Since, ETag, Retry-After, X-Request-Id",
);
/// What a page may send.
const ALLOWED_HEADERS: HeaderValue =
    HeaderValue::from_static("Authorization, Content-Type, Idempotency-Key, Accept, If-None-Match");
const ALLOWED_METHODS: HeaderValue = HeaderValue::from_static("GET, POST, DELETE");
/// Seconds that browsers keep the answer to a preflight; Chromium takes no more.
const PREFLIGHT_S: HeaderValue = HeaderValue::from_static("7200");

/// The origin of the page that asks; none for a request of the host's own pages and of programs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RequestOrigin(pub(crate) Option<String>);

/// The middleware of everything below `/v1/sites/{site}`.
pub(crate) async fn guard(
    State(host): State<Host>,
    params: RawPathParams,
    mut request: Request,
    next: Next,
) -> Response {
    let site = params.iter().find(|(name, _)| *name == "site").map_or("", |(_, value)| value);
    let site = SiteId::from(site);
    let Some(config) = host.app.site(&site) else {
        let problem = Problem::from(Refusal::UnknownSite(site.to_string()));
        let language = browser_language(request.headers()).unwrap_or("en").to_owned();
        return refused(problem.worded(&host.app, &language));
    };
    let language = asked_language(&request, &config);
    let from = match origin(request.headers(), &host.app.config().public_url, &config) {
        Ok(from) => from,
        Err(origin) => {
            tracing::warn!(
                origin,
                %site,
                hint = origin_hint(&origin),
                "a page of an origin that is not on the site's list asked"
            );
            host.app.note(&site, "origin", &origin, "");
            let problem = Problem::from(Refusal::OriginNotAllowed(origin));
            return refused(problem.worded(&host.app, &language));
        }
    };
    if request.method() == Method::OPTIONS {
        let answer = match &from.0 {
            Some(origin) => preflight(origin),
            None => Problem::no_method().into_response(),
        };
        return vary(answer);
    }
    let origin = from.0.clone();
    request.extensions_mut().insert(from);
    let mut response = Problem::word(next.run(request).await, &host.app, &language);
    if let Some(origin) = origin {
        allow(response.headers_mut(), &origin);
        response.headers_mut().insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    }
    vary(response)
}

/// A refusal of the page itself may be read there, so that the page can say what is wrong; it tells nothing else.
fn refused(problem: Problem) -> Response {
    let mut response = problem.into_response();
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    vary(response)
}

/// The language of the query's `lang`, else that of the browser, else that of the site.
fn asked_language(request: &Request, site: &Site) -> String {
    let pairs: Vec<(String, String)> =
        serde_urlencoded::from_str(request.uri().query().unwrap_or_default()).unwrap_or_default();
    let named = pairs.iter().find(|(name, _)| name == "lang").map(|(_, lang)| lang.as_str());
    match named {
        Some(named) => language(Some(named), site),
        None => preferred_language(request.headers(), site),
    }
}

/// The page's origin, compared as a whole; the origin itself when it may not ask.
fn origin(headers: &HeaderMap, public_url: &str, site: &Site) -> Result<RequestOrigin, String> {
    let mut values = headers.get_all(header::ORIGIN).iter();
    let Some(first) = values.next() else { return Ok(RequestOrigin(None)) };
    let origin = String::from_utf8_lossy(first.as_bytes()).into_owned();
    if values.next().is_some() {
        return Err(origin);
    }
    if origin == public_url {
        return Ok(RequestOrigin(None));
    }
    if site.origins.contains(&origin) { Ok(RequestOrigin(Some(origin))) } else { Err(origin) }
}

fn preflight(origin: &str) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    allow(headers, origin);
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, ALLOWED_METHODS);
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, ALLOWED_HEADERS);
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, PREFLIGHT_S);
    response
}

fn allow(headers: &mut HeaderMap, origin: &str) {
    if let Ok(value) = HeaderValue::from_str(origin) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, value);
    }
}

/// A shared cache may not give one origin's answer to another, refusals included.
fn vary(mut response: Response) -> Response {
    response.headers_mut().append(header::VARY, HeaderValue::from_static("Origin"));
    response
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use axum::http::{HeaderMap, HeaderValue, header};

    use super::{RequestOrigin, origin};
    use crate::base::config::Site;

    fn site() -> Site {
        Site {
            id: "demo".to_owned(),
            name: String::new(),
            origins: vec!["https://intranet.example".to_owned()],
            locale: "en".to_owned(),
            time_zone: "UTC".to_owned(),
            anonymous_read: true,
            profiles: crate::base::config::Profiles::default(),
            issuers: Vec::new(),
            proxy: None,
            scim: None,
            sign_in: None,
            pages: crate::base::config::PageReaders::default(),
            page_owners: Vec::new(),
            lti_key_file: None,
            plugins: BTreeMap::new(),
            page: Vec::new(),
            moderation: stoa_rules::Moderation::default(),
        }
    }

    fn ask(origins: &[&'static str], site: &Site) -> Result<RequestOrigin, String> {
        let mut headers = HeaderMap::new();
        for value in origins {
            headers.append(header::ORIGIN, HeaderValue::from_static(value));
        }
        origin(&headers, "https://stoa.example", site)
    }

    #[test]
    fn only_the_listed_origins_and_the_hosts_own_pages_may_ask() {
        let site = site();
        assert_eq!(
            ask(&["https://intranet.example"], &site),
            Ok(RequestOrigin(Some("https://intranet.example".to_owned())))
        );
        assert_eq!(ask(&[], &site), Ok(RequestOrigin(None)));
        assert_eq!(ask(&["https://stoa.example"], &site), Ok(RequestOrigin(None)));
        for other in [
            "null",
            "",
            "https://evil.example",
            "https://intranet.example.evil.example",
            "https://evil-intranet.example",
            "https://intranet.example:8443",
            "http://intranet.example",
            "https://INTRANET.example",
            "https://intranet.example/",
        ] {
            assert_eq!(ask(&[other], &site), Err(other.to_owned()));
        }
        assert!(ask(&["https://intranet.example", "https://evil.example"], &site).is_err());
    }
}
