//! Asks as a browser would: follows redirects, sends cookies to the page's own origin alone.

use std::net::IpAddr;
use std::time::Duration;

use anyhow::{Context as _, Result};
use reqwest::header::{self, HeaderMap};
use reqwest::{Client, RequestBuilder, Url, redirect};

use crate::base::fetch::set_up_tls;

/// Until an answer has to be there.
const TIMEOUT: Duration = Duration::from_secs(15);
/// The same for somebody who waits for a page of the console, which has to be there in time.
const PAGE_TIMEOUT: Duration = Duration::from_secs(4);
/// Bytes of an answer that are read.
const BYTES_MAX: usize = 8 << 20;
/// Redirects that are followed.
const REDIRECTS_MAX: usize = 5;

/// What was answered.
pub(super) struct Answer {
    /// Where it came from in the end.
    pub(super) url: Url,
    /// Whether it is a success.
    pub(super) is_good: bool,
    /// For people, for example `404 Not Found`.
    pub(super) status: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Answer {
    /// A header as text; empty where it is not there.
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// Fetches pages and what they ask for.
pub(super) struct Browser {
    client: Client,
    /// The origin that gets the cookies, and them.
    cookies: Option<(String, String)>,
    /// The only origins that are asked; none for all.
    allowed: Option<Vec<String>>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unreached {
    /// There is none, or no whole one.
    #[error("{}", cause(.0))]
    Failed(#[from] reqwest::Error),
    /// The address is none that is asked from here.
    #[error("the address is not of an origin of the site; nothing else is asked from here")]
    Elsewhere,
}

/// What happened, down to its cause: the first alone says no more than that it failed.
fn cause(error: &reqwest::Error) -> String {
    let chain = std::iter::successors(Some(error as &dyn std::error::Error), |error| error.source());
    chain.skip(1).last().map_or_else(|| error.to_string(), ToString::to_string)
}

/// Whether an address may be asked where only some origins may. Those of the link alone, where clouds keep the secrets of
/// machines, never.
fn may_ask(url: &Url, allowed: Option<&[String]>) -> bool {
    let Some(allowed) = allowed else { return true };
    let host = url.host_str().unwrap_or_default();
    let is_of_link = match host.trim_start_matches('[').trim_end_matches(']').parse() {
        Ok(IpAddr::V4(address)) => address.is_link_local(),
        Ok(IpAddr::V6(address)) => {
            address.is_unicast_link_local() || address.to_ipv4_mapped().is_some_and(|v4| v4.is_link_local())
        }
        Err(_) => false,
    };
    !is_of_link && allowed.contains(&url.origin().ascii_serialization())
}

impl Browser {
    /// One that is signed in to the origin of `page` by these cookies.
    ///
    /// # Errors
    /// When TLS cannot be set up on this machine.
    pub(super) fn new(page: &Url, cookies: Option<String>, allowed: Option<Vec<String>>) -> Result<Self> {
        set_up_tls();
        let within = allowed.clone();
        let follow = redirect::Policy::custom(move |attempt| {
            if attempt.previous().len() > REDIRECTS_MAX {
                attempt.error("too many redirects")
            } else if may_ask(attempt.url(), within.as_deref()) {
                attempt.follow()
            } else {
                attempt.error("it leads to another origin, which is not asked from here")
            }
        });
        let client = Client::builder()
            .redirect(follow)
            .timeout(if allowed.is_some() { PAGE_TIMEOUT } else { TIMEOUT })
            .user_agent(concat!("stoa-doctor/", env!("CARGO_PKG_VERSION")))
            .build()
            .context("cannot set up TLS\nhint: this machine needs certificates (package ca-certificates)")?;
        let cookies = cookies.map(|cookies| (page.origin().ascii_serialization(), cookies));
        Ok(Self { client, cookies, allowed })
    }

    /// # Errors
    /// When there is no whole answer.
    pub(super) async fn get(&self, url: &Url) -> Result<Answer, Unreached> {
        self.check(url)?;
        let mut request = self.client.get(url.clone());
        if let Some((origin, cookies)) = &self.cookies
            && *origin == url.origin().ascii_serialization()
        {
            request = request.header(header::COOKIE, cookies);
        }
        Ok(answer(request).await?)
    }

    fn check(&self, url: &Url) -> Result<(), Unreached> {
        if may_ask(url, self.allowed.as_deref()) { Ok(()) } else { Err(Unreached::Elsewhere) }
    }

    /// A request of a page of `origin`, without cookies.
    ///
    /// # Errors
    /// When there is no whole answer.
    pub(super) async fn post(&self, url: &Url, origin: &str, body: String) -> Result<Answer, Unreached> {
        self.check(url)?;
        Ok(answer(self.client.post(url.clone()).header(header::ORIGIN, origin).body(body)).await?)
    }
}

async fn answer(request: RequestBuilder) -> reqwest::Result<Answer> {
    let mut answer = request.send().await?;
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        // What is longer is cut: nothing that matters comes so late in a page.
        body.extend_from_slice(&chunk);
        if body.len() > BYTES_MAX {
            break;
        }
    }
    Ok(Answer {
        url: answer.url().clone(),
        is_good: answer.status().is_success(),
        status: answer.status().to_string(),
        headers: answer.headers().clone(),
        body,
    })
}

#[cfg(test)]
mod tests {
    use reqwest::Url;

    use super::may_ask;

    #[test]
    fn only_the_origins_of_the_site_are_asked_and_never_those_of_the_link() {
        let allowed = ["https://intranet.example", "http://169.254.169.254", "http://[::ffff:a9fe:a9fe]"];
        let allowed: Vec<String> = allowed.iter().map(|origin| (*origin).to_owned()).collect();
        let check = |url: &str, expected| {
            assert_eq!(may_ask(&Url::parse(url).unwrap(), Some(&allowed)), expected, "{url}");
        };
        check("https://intranet.example/page?x=1", true);
        check("https://INTRANET.example:443/", true);
        check("http://intranet.example/", false);
        check("https://intranet.example:8443/", false);
        check("https://intranet.example.evil.example/", false);
        check("https://intranet.example@evil.example/", false);
        check("http://169.254.169.254/latest/meta-data", false);
        check("http://[::ffff:169.254.169.254]/", false);
        check("http://2852039166/", false);
        check("file:///etc/passwd", false);
        assert!(may_ask(&Url::parse("http://10.0.0.7/").unwrap(), None));
    }
}
