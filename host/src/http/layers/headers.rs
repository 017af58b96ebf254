//! Security headers, on every answer. What a handler has set itself stays.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use super::super::Host;

/// An answer that is no page: nothing in it may run, load or be framed.
const API_POLICY: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const PERMISSIONS: &str =
    "camera=(), display-capture=(), geolocation=(), microphone=(), midi=(), payment=(), usb=()";
/// Two years, as browsers' preload lists want; only over TLS, where it is heard (RFC 6797 section 8.1).
const STRICT_TRANSPORT: &str = "max-age=63072000";

/// The middleware around everything.
pub(crate) async fn secure(State(host): State<Host>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    default(headers, header::CONTENT_SECURITY_POLICY, API_POLICY);
    default(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    default(headers, header::REFERRER_POLICY, "no-referrer");
    default(headers, HeaderName::from_static("permissions-policy"), PERMISSIONS);
    default(headers, HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    default(headers, header::CACHE_CONTROL, "no-store");
    if host.app.config().public_url.starts_with("https://") {
        default(headers, header::STRICT_TRANSPORT_SECURITY, STRICT_TRANSPORT);
    }
    response
}

fn default(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.entry(name).or_insert(HeaderValue::from_static(value));
}

/// The policy of a plain page: no script at all, own styles, forms to this host, frames on the site's pages.
pub(crate) fn page_policy(origins: &[String]) -> HeaderValue {
    let ancestors = if origins.is_empty() { "'none'".to_owned() } else { origins.join(" ") };
    let policy = format!(
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; \
         frame-ancestors {ancestors}"
    );
    // Origins were checked with the configuration; one with strange characters closes the page to frames.
    HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static(API_POLICY))
}

#[cfg(test)]
mod tests {
    use super::page_policy;

    #[test]
    fn a_page_may_be_framed_by_its_site_alone() {
        let policy = page_policy(&["https://a.example".to_owned(), "https://b.example".to_owned()]);
        assert!(policy.to_str().unwrap().ends_with("frame-ancestors https://a.example https://b.example"));
        assert!(page_policy(&[]).to_str().unwrap().ends_with("frame-ancestors 'none'"));
        assert!(page_policy(&["https://a\n.example".to_owned()]).to_str().unwrap().contains("'none'"));
    }
}
