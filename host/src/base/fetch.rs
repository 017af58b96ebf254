//! Small documents from addresses that the admin has configured: keys and descriptions of identity providers.
//!
//! Held to what such a document needs: TLS with the certificates of the machine, no redirects, a few seconds, so many
//! bytes. Addresses in a private network are allowed, since that is where an intranet's provider is; plain http is
//! allowed to this machine alone, so that no service of a cloud or of the network can be asked without TLS. Proxies are
//! not used.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::http::{Request, Uri, header};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Empty};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rustls::{ClientConfig, RootCertStore};

/// Until the whole document has to be there.
const TIMEOUT: Duration = Duration::from_secs(5);
/// Until the connection has to be made.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// Why a document was not fetched; the text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The address is none that may be asked.
    #[error(
        "`{0}` cannot be fetched\nhint: write an address with https; http is for 127.0.0.1, [::1] and localhost"
    )]
    Address(String),
    /// No answer.
    #[error(
        "{url} cannot be reached: {cause}\nhint: check the address, and that this machine reaches it and trusts its certificate"
    )]
    Reach {
        /// What was asked.
        url: String,
        /// Why there is no answer.
        cause: String,
    },
    /// Another answer than 200.
    #[error("{url} answered {status}\nhint: redirects are not followed; write the final address")]
    Status {
        /// What was asked.
        url: String,
        /// The status of the answer.
        status: u16,
    },
    /// The document is too long.
    #[error("{url} is longer than {bytes_max} bytes\nhint: check the address")]
    TooLong {
        /// What was asked.
        url: String,
        /// The limit.
        bytes_max: usize,
    },
}

/// Fetches documents. Cloning is cheap.
#[derive(Clone, Debug)]
pub struct Fetcher(Client<HttpsConnector<HttpConnector>, Empty<Bytes>>);

impl Fetcher {
    /// With the certificates that this machine trusts now.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new() -> Result<Self, FetchError> {
        let mut trusted = RootCertStore::empty();
        // Those that cannot be read are not trusted: what they would vouch for is refused, with the address.
        trusted.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        let tls = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| FetchError::Reach { url: "TLS".to_owned(), cause: error.to_string() })?
            .with_root_certificates(trusted)
            .with_no_client_auth();
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_connect_timeout(Some(CONNECT_TIMEOUT));
        let https = HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_or_http()
            .enable_http1()
            .wrap_connector(tcp);
        Ok(Self(Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build(https)))
    }

    /// The document at `url`, of at most `bytes_max` bytes.
    ///
    /// # Errors
    /// [`FetchError`] for everything but an answer with status 200 and a body of that length in five seconds.
    pub async fn get(&self, url: &str, bytes_max: usize) -> Result<Vec<u8>, FetchError> {
        check_url(url)?;
        match tokio::time::timeout(TIMEOUT, self.fetch(url, bytes_max)).await {
            Ok(fetched) => fetched,
            Err(_) => Err(unreached(url, "no answer in five seconds")),
        }
    }

    async fn fetch(&self, url: &str, bytes_max: usize) -> Result<Vec<u8>, FetchError> {
        let request = Request::get(url)
            .header(header::ACCEPT, "application/json")
            .header(header::USER_AGENT, concat!("stoa/", env!("CARGO_PKG_VERSION")))
            .body(Empty::new())
            .map_err(|_| FetchError::Address(url.to_owned()))?;
        let answer = self.0.request(request).await.map_err(|error| unreached(url, &causes(&error)))?;
        if answer.status().as_u16() != 200 {
            return Err(FetchError::Status { url: url.to_owned(), status: answer.status().as_u16() });
        }
        let (mut body, mut bytes) = (answer.into_body(), Vec::new());
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| unreached(url, &causes(&error)))?;
            let chunk = frame.into_data().unwrap_or_default();
            if bytes.len() + chunk.len() > bytes_max {
                return Err(FetchError::TooLong { url: url.to_owned(), bytes_max });
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }
}

fn unreached(url: &str, cause: &str) -> FetchError {
    FetchError::Reach { url: url.to_owned(), cause: cause.to_owned() }
}

/// Whether an address may be asked: https, or http on this machine; without a name and password in it.
///
/// # Errors
/// [`FetchError::Address`].
pub fn check_url(url: &str) -> Result<(), FetchError> {
    let refused = || FetchError::Address(url.to_owned());
    let parsed: Uri = url.parse().map_err(|_| refused())?;
    let authority = parsed.authority().ok_or_else(refused)?;
    let host = authority.host();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let is_loopback =
        host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    // A name and password, or a fragment, which the parser passes over.
    let is_plain = !host.is_empty() && !url.contains(['@', '#']);
    match parsed.scheme_str() {
        Some("https") if is_plain => Ok(()),
        Some("http") if is_plain && is_loopback => Ok(()),
        _ => Err(refused()),
    }
}

/// What happened, from the whole to its cause: the first alone says no more than that it failed.
fn causes(error: &dyn std::error::Error) -> String {
    let chain = std::iter::successors(Some(error), |error| error.source());
    chain.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

#[cfg(test)]
mod tests {
    use super::{Fetcher, check_url};

    #[test]
    fn addresses_are_of_https_or_of_this_machine() {
        for good in [
            "https://login.example/keys",
            "https://10.0.0.5:8443/keys?v=2",
            "http://127.0.0.1:4200/jwks",
            "http://[::1]:4200/jwks",
            "http://localhost:4200/jwks",
        ] {
            assert!(check_url(good).is_ok(), "{good}");
        }
        for odd in [
            "",
            "/jwks",
            "login.example/keys",
            "http://login.example/keys",
            "http://169.254.169.254/latest/meta-data",
            "http://10.0.0.5/keys",
            "http://127.0.0.1.evil.example/keys",
            "http://localhost.evil.example/keys",
            "http://0.0.0.0/keys",
            "https://user:word@login.example/keys",
            "https://user@login.example/keys",
            "file:///etc/passwd",
            "ftp://login.example/keys",
            "data:application/json,{}",
        ] {
            assert!(check_url(odd).unwrap_err().to_string().contains("hint:"), "{odd}");
        }
    }

    #[tokio::test]
    async fn only_a_whole_answer_of_bounded_length_is_taken() {
        use axum::http::{StatusCode, header};
        use axum::routing::get;
        let router = axum::Router::new()
            .route("/good", get(async || "0123456789"))
            .route("/away", get(async || (StatusCode::FOUND, [(header::LOCATION, "/good")])))
            .route("/none", get(async || StatusCode::NO_CONTENT));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        let fetcher = Fetcher::new().unwrap();
        let get = async |path: &str, bytes_max| {
            let got = fetcher.get(&format!("{base}{path}"), bytes_max).await;
            got.map(|bytes| bytes.len()).map_err(|error| error.to_string())
        };
        assert_eq!(get("/good", 10).await, Ok(10));
        assert!(get("/good", 9).await.unwrap_err().contains("longer than 9 bytes"));
        assert!(get("/away", 10).await.unwrap_err().contains("answered 302"));
        assert!(get("/none", 10).await.unwrap_err().contains("answered 204"));
        assert!(get("/nothing", 10).await.unwrap_err().contains("answered 404"));
        let closed = fetcher.get("http://127.0.0.1:1/keys", 10).await.unwrap_err().to_string();
        assert!(closed.contains("cannot be reached") && closed.contains("hint:"), "{closed}");
        assert!(fetcher.get("http://login.example/keys", 10).await.is_err());
    }
}
