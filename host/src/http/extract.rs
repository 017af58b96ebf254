//! What handlers take as arguments: each fails with a problem that says what is expected.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{ConnectInfo, FromRequest, FromRequestParts, RawPathParams, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use serde::de::DeserializeOwned;

use crate::base::clock::Micros;
use crate::base::config::Site;
use crate::base::id::{PluginName, SiteId};
use crate::dispatch::Refusal;
use crate::identity::Actor;

use super::Host;
use super::layers::cors::RequestOrigin;
use super::layers::server::Peer;
use super::problem::Problem;

/// Which site, and where the address names one, which plugin; the site exists.
pub(crate) struct Place {
    /// The site.
    pub(crate) site: SiteId,
    /// The plugin; empty where the address names none.
    pub(crate) plugin: PluginName,
    /// The site's configuration.
    pub(crate) config: Arc<Site>,
}

impl FromRequestParts<Host> for Place {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, host: &Host) -> Result<Self, Problem> {
        let params = RawPathParams::from_request_parts(parts, host)
            .await
            .map_err(|_| Problem::malformed("the address is not UTF-8", "use the links of the view"))?;
        let find =
            |name: &str| params.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value);
        let (site, plugin) = (SiteId::from(find("site")), PluginName::from(find("plugin")));
        let config = host.app.site(&site).ok_or_else(|| Refusal::UnknownSite(site.to_string()))?;
        Ok(Self { site, plugin, config })
    }
}

/// Who asks, by `Authorization: Bearer`; somebody not signed in where there is none.
pub(crate) struct CurrentActor(pub(crate) Actor);

impl FromRequestParts<Host> for CurrentActor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, host: &Host) -> Result<Self, Problem> {
        let place = Place::from_request_parts(parts, host).await?;
        let origin = parts.extensions.get::<RequestOrigin>().and_then(|from| from.0.as_deref());
        Ok(Self(host.app.actor(&place.site, bearer(&parts.headers)?, origin)?))
    }
}

/// Whom a proxy names in this request's headers; nobody where it names none, or the site has no proxy.
pub(crate) struct Proxied(pub(crate) Result<Option<Actor>, Refusal>);

impl FromRequestParts<Host> for Proxied {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, host: &Host) -> Result<Self, Problem> {
        let place = Place::from_request_parts(parts, host).await?;
        // The connection's own end: whoever is behind it is what it says, and is not asked.
        let peer = parts.extensions.get::<ConnectInfo<Peer>>().map(|ConnectInfo(Peer(address))| address.ip());
        let is_trusted = peer.is_some_and(|peer| host.proxies.contains(&peer.to_canonical()));
        let values = |name: &str| parts.headers.get_all(name).iter().map(HeaderValue::as_bytes).collect();
        let found = host.app.proxied(&place.site, is_trusted, values).await;
        if let Err(refusal) = &found {
            tracing::warn!(site = %place.site, ?peer, code = refusal.code(), %refusal, "headers of a proxy were refused");
        }
        Ok(Self(found))
    }
}

/// The bearer of the `Authorization` header (RFC 6750 section 2.1); none where there is no such header.
pub(crate) fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
    bearer_of(value.to_str().unwrap_or_default()).map(Some)
}

fn bearer_of(value: &str) -> Result<&str, Problem> {
    match value.split_once(' ') {
        Some((scheme, bearer)) if scheme.eq_ignore_ascii_case("bearer") => Ok(bearer.trim()),
        _ => Err(Problem::malformed("Authorization is not a bearer", "send `Authorization: Bearer ...`")),
    }
}

/// The query of the address as a value; unknown names are refused.
pub(crate) struct Params<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequestParts<Host> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Host) -> Result<Self, Problem> {
        serde_urlencoded::from_str(parts.uri.query().unwrap_or_default()).map(Self).map_err(|error| {
            Problem::malformed(
                format!("the query is not as expected: {error}"),
                "host/README.md lists the parameters",
            )
        })
    }
}

/// A JSON body of at most `BYTES_MAX` bytes as a value, whatever its content type says: the loader sends
/// `text/plain`, which spares browsers a preflight. Unknown names are refused.
pub(crate) struct JsonBody<T, const BYTES_MAX: usize>(pub(crate) T);

impl<T: DeserializeOwned, const BYTES_MAX: usize> FromRequest<Host> for JsonBody<T, BYTES_MAX> {
    type Rejection = Problem;

    async fn from_request(request: Request, host: &Host) -> Result<Self, Problem> {
        let bytes = read(request, host, BYTES_MAX).await?;
        serde_json::from_slice(&bytes).map(Self).map_err(|error| {
            Problem::malformed(
                format!("the body is not as expected: {error}"),
                "host/README.md lists the members",
            )
        })
    }
}

/// The pairs of a form of at most `BYTES_MAX` bytes (`application/x-www-form-urlencoded`), in their order.
pub(crate) struct FormBody<const BYTES_MAX: usize>(pub(crate) Vec<(String, String)>);

impl<const BYTES_MAX: usize> FromRequest<Host> for FormBody<BYTES_MAX> {
    type Rejection = Problem;

    async fn from_request(request: Request, host: &Host) -> Result<Self, Problem> {
        let bytes = read(request, host, BYTES_MAX).await?;
        serde_urlencoded::from_bytes(&bytes)
            .map(Self)
            .map_err(|_| Problem::malformed("the body is not a form", "send the form as the page has it"))
    }
}

/// The whole body. One that does not come is given up after a time, and at once when the host ends.
pub(crate) async fn read(request: Request, host: &Host, bytes_max: usize) -> Result<bytes::Bytes, Problem> {
    let mut closing = host.closing.clone();
    let body_time = Duration::from_millis(host.app.config().connections.body_ms);
    tokio::select! {
        // What has arrived is taken even if the host ends now.
        biased;
        body = axum::body::to_bytes(request.into_body(), bytes_max) => body.map_err(|_| Problem::too_large(bytes_max)),
        () = tokio::time::sleep(body_time) => Err(Problem::slow_body()),
        Ok(_) = closing.wait_for(|closing| *closing) => Err(Problem::closing()),
    }
}

/// An instant as microseconds in text: JavaScript's numbers are too short for it to be safe as a number.
///
/// # Errors
/// [`Problem`] when it is not a number.
pub(crate) fn instant(text: Option<&str>) -> Result<Option<Micros>, Problem> {
    match text {
        None | Some("") => Ok(None),
        Some(text) => text.parse().map(Some).map_err(|_| {
            Problem::malformed(
                "`since` is not a number of microseconds",
                "send back what the last answer said",
            )
        }),
    }
}

/// A language tag that is safe to look up, or the site's own language.
pub(crate) fn language(asked: Option<&str>, site: &Site) -> String {
    asked.filter(|tag| is_tag(tag)).unwrap_or(&site.locale).to_owned()
}

fn is_tag(tag: &str) -> bool {
    (2..=35).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// The language a browser prefers, from `Accept-Language`; it names the preferred one first.
pub(crate) fn preferred_language(headers: &HeaderMap, site: &Site) -> String {
    browser_language(headers).unwrap_or(&site.locale).to_owned()
}

/// As [`preferred_language`], where no site says what else to take.
pub(crate) fn browser_language(headers: &HeaderMap) -> Option<&str> {
    headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split([',', ';']).next())
        .map(str::trim)
        .filter(|tag| is_tag(tag))
}

/// Where a request comes from. `X-Forwarded-For` is believed of trusted proxies alone, from its end: what stands
/// before the last address that is not a trusted proxy is what somebody claimed.
pub(crate) fn client(peer: Option<SocketAddr>, headers: &HeaderMap, trusted: &[IpAddr]) -> Option<IpAddr> {
    let mut address = peer?.ip().to_canonical();
    let forwarded = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let mut hops: Vec<&str> = forwarded.flat_map(|value| value.split(',')).map(str::trim).collect();
    while trusted.contains(&address) {
        match hops.pop().and_then(|hop| hop.parse::<IpAddr>().ok()) {
            Some(hop) => address = hop.to_canonical(),
            None => break,
        }
    }
    Some(address)
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, SocketAddr};

    use axum::http::{HeaderMap, HeaderValue};

    use super::{bearer_of, client, instant};

    fn check(peer: &str, forwarded: &[&'static str], expected: &str) {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", HeaderValue::from_static(value));
        }
        let peer: IpAddr = peer.parse().unwrap();
        let trusted = ["10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap()];
        let found = client(Some(SocketAddr::new(peer, 1)), &headers, &trusted).unwrap();
        assert_eq!(found.to_string(), expected, "{peer} {forwarded:?}");
    }

    #[test]
    fn only_trusted_proxies_say_where_a_request_comes_from() {
        check("192.0.2.7", &[], "192.0.2.7");
        check("192.0.2.7", &["203.0.113.9"], "192.0.2.7");
        check("10.0.0.1", &["203.0.113.9"], "203.0.113.9");
        check("10.0.0.1", &["8.8.8.8, 203.0.113.9"], "203.0.113.9");
        check("10.0.0.1", &["203.0.113.9, 10.0.0.2"], "203.0.113.9");
        check("10.0.0.1", &["203.0.113.9", "10.0.0.2"], "203.0.113.9");
        check("10.0.0.1", &["unknown"], "10.0.0.1");
        check("::ffff:10.0.0.1", &["203.0.113.9"], "203.0.113.9");
    }

    #[test]
    fn a_bearer_is_taken_from_its_scheme_and_no_other() {
        assert_eq!(bearer_of("Bearer abc").unwrap(), "abc");
        assert_eq!(bearer_of("bearer abc").unwrap(), "abc");
        assert!(bearer_of("Basic abc").is_err());
        assert!(bearer_of("abc").is_err());
    }

    #[test]
    fn instants_are_whole_numbers_or_nothing() {
        assert_eq!(instant(None).unwrap(), None);
        assert_eq!(instant(Some("17")).unwrap(), Some(17));
        assert!(instant(Some("1e3")).is_err());
        assert!(instant(Some("99999999999999999999")).is_err());
    }
}
