//! Asks as a browser would: follows redirects, sends cookies to the page's own origin alone.

use std::time::Duration;

use anyhow::{Context as _, Result};
use reqwest::header::{self, HeaderMap};
use reqwest::{Client, RequestBuilder, Url, redirect};

use crate::base::fetch::set_up_tls;

/// Until an answer has to be there.
const TIMEOUT: Duration = Duration::from_secs(15);
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
}

impl Browser {
    /// One that is signed in to the origin of `page` by these cookies.
    ///
    /// # Errors
    /// When TLS cannot be set up on this machine.
    pub(super) fn new(page: &Url, cookies: Option<String>) -> Result<Self> {
        set_up_tls();
        let client = Client::builder()
            .redirect(redirect::Policy::limited(REDIRECTS_MAX))
            .timeout(TIMEOUT)
            .user_agent(concat!("stoa-doctor/", env!("CARGO_PKG_VERSION")))
            .build()
            .context("cannot set up TLS\nhint: this machine needs certificates (package ca-certificates)")?;
        Ok(Self { client, cookies: cookies.map(|cookies| (page.origin().ascii_serialization(), cookies)) })
    }

    /// # Errors
    /// When there is no whole answer.
    pub(super) async fn get(&self, url: &Url) -> reqwest::Result<Answer> {
        let mut request = self.client.get(url.clone());
        if let Some((origin, cookies)) = &self.cookies
            && *origin == url.origin().ascii_serialization()
        {
            request = request.header(header::COOKIE, cookies);
        }
        answer(request).await
    }

    /// A request of a page of `origin`, without cookies.
    ///
    /// # Errors
    /// When there is no whole answer.
    pub(super) async fn post(&self, url: &Url, origin: &str, body: String) -> reqwest::Result<Answer> {
        answer(self.client.post(url.clone()).header(header::ORIGIN, origin).body(body)).await
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
