//! Small documents from addresses that the admin has configured: keys and descriptions of identity providers.
//!
//! Held to what such a document needs: TLS with the certificates of the machine, no redirects, a few seconds, so many
//! bytes. Addresses in a private network are allowed, since that is where an intranet's provider is; plain http is
//! allowed to this machine alone, so that no service of a cloud or of the network can be asked without TLS. Proxies of
//! the environment (`HTTPS_PROXY`, `NO_PROXY`) are used.

use std::net::IpAddr;
use std::sync::Once;
use std::time::Duration;

use reqwest::{Client, RequestBuilder, Url, header, redirect};

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

/// Give this process its TLS, which has to be there before any HTTP client of it is made, even one for plain http.
pub fn set_up_tls() {
    static PROVIDER: Once = Once::new();
    // Another provider that is there already serves as well.
    PROVIDER.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
}

/// Fetches documents. Cloning is cheap.
#[derive(Clone, Debug)]
pub struct Fetcher(Client);

impl Fetcher {
    /// # Errors
    /// When TLS cannot be set up on this machine.
    pub fn new() -> Result<Self, FetchError> {
        set_up_tls();
        let client = Client::builder()
            .redirect(redirect::Policy::none())
            .timeout(TIMEOUT)
            .connect_timeout(CONNECT_TIMEOUT)
            .user_agent(concat!("stoa/", env!("CARGO_PKG_VERSION")))
            .build();
        client.map(Self).map_err(|error| FetchError::Reach { url: "TLS".to_owned(), cause: causes(&error) })
    }

    /// The document at `url`, of at most `bytes_max` bytes.
    ///
    /// # Errors
    /// [`FetchError`] for everything but an answer with status 200 and a body of that length in five seconds.
    pub async fn get(&self, url: &str, bytes_max: usize) -> Result<Vec<u8>, FetchError> {
        check_url(url)?;
        self.answer(url, self.0.get(url), bytes_max).await
    }

    /// What `url` answers to a form; `login` is sent as HTTP Basic authentication (RFC 7617).
    ///
    /// # Errors
    /// As [`Fetcher::get`].
    pub async fn post(
        &self,
        url: &str,
        form: &[(&str, &str)],
        login: Option<(&str, &str)>,
        bytes_max: usize,
    ) -> Result<Vec<u8>, FetchError> {
        check_url(url)?;
        // A list of pairs of texts is always a form.
        let body = serde_urlencoded::to_string(form).unwrap_or_default();
        let request =
            self.0.post(url).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(body);
        let request = match login {
            Some((name, word)) => request.basic_auth(name, Some(word)),
            None => request,
        };
        self.answer(url, request, bytes_max).await
    }

    async fn answer(
        &self,
        url: &str,
        request: RequestBuilder,
        bytes_max: usize,
    ) -> Result<Vec<u8>, FetchError> {
        let unreached = |error: reqwest::Error| FetchError::Reach {
            url: url.to_owned(),
            cause: causes(&error.without_url()),
        };
        let request = request.header(header::ACCEPT, "application/json");
        let mut answer = request.send().await.map_err(unreached)?;
        if answer.status().as_u16() != 200 {
            return Err(FetchError::Status { url: url.to_owned(), status: answer.status().as_u16() });
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(unreached)? {
            if bytes.len() + chunk.len() > bytes_max {
                return Err(FetchError::TooLong { url: url.to_owned(), bytes_max });
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }
}

/// Whether an address may be asked: https, or http on this machine; without a name and password in it.
///
/// # Errors
/// [`FetchError::Address`].
pub fn check_url(url: &str) -> Result<(), FetchError> {
    let refused = || FetchError::Address(url.to_owned());
    let parsed = Url::parse(url).map_err(|_| refused())?;
    let host = parsed.host_str().ok_or_else(refused)?;
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let is_loopback =
        host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    let is_plain = parsed.username().is_empty() && parsed.password().is_none() && parsed.fragment().is_none();
    match parsed.scheme() {
        "https" if is_plain => Ok(()),
        "http" if is_plain && is_loopback => Ok(()),
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
