//! Looks at pages where they are: the site's own origins alone, and redirects within these.

use std::collections::HashSet;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result};
use html5gum::emitters::default::DefaultEmitter;
use html5gum::{Token, Tokenizer};
use reqwest::{Client, Url, header, redirect};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::Desk;
use crate::base::fetch::set_up_tls;
use crate::store::{PageLook, PageWord};

/// Until a page has to be there.
const TIMEOUT: Duration = Duration::from_secs(15);
/// Bytes of a page.
const BYTES_MAX: usize = 4 << 20;
const REDIRECTS_MAX: usize = 5;
/// A page with fewer words says too little to be told from others.
const WORDS_MIN: usize = 40;
/// Elements whose text is the same on many pages, or none.
const PASSED_OVER: [&str; 8] =
    ["script", "style", "nav", "header", "footer", "aside", "noscript", "template"];

/// What came of it.
#[derive(Debug, Default)]
pub(super) struct Report {
    looked_at: usize,
    elsewhere: usize,
    /// Key, and what was answered.
    failed: Vec<(String, String)>,
    proposals: usize,
}

impl Report {
    pub(super) fn told(&self, as_json: bool) -> String {
        if as_json {
            let failed: Vec<_> =
                self.failed.iter().map(|(key, why)| json!({"page": key, "why": why})).collect();
            return json!({
                "looked_at": self.looked_at, "elsewhere": self.elsewhere, "failed": failed,
                "proposals": self.proposals,
            })
            .to_string();
        }
        let mut lines: Vec<String> =
            self.failed.iter().map(|(key, why)| format!("not looked at: {key}: {why}")).collect();
        lines.push(format!(
            "{} pages looked at, {} without an address of the site, {} not; {} proposals wait (stoa pages proposals)",
            self.looked_at,
            self.elsewhere,
            self.failed.len(),
            self.proposals
        ));
        lines.join("\n")
    }
}

/// Look at every page of the site that has an address.
///
/// # Errors
/// When TLS cannot be set up, the file with cookies cannot be read, or the store fails.
pub(super) async fn scan(desk: &Desk, cookies: Option<&Path>) -> Result<Report> {
    let cookies = cookies.map(std::fs::read_to_string).transpose().context("cannot read the cookies")?;
    let origins: HashSet<String> = desk.site.origins.iter().cloned().collect();
    let client = client(origins.clone())?;
    let mut report = Report::default();
    for page in desk.pages().await? {
        let Some(url) = Url::parse(&page.url).ok().filter(|url| is_own(&origins, url)) else {
            report.elsewhere += 1;
            continue;
        };
        let mut request = client.get(url);
        if let Some(cookies) = &cookies {
            request = request.header(header::COOKIE, cookies.trim().trim_start_matches("Cookie:").trim());
        }
        match fetch(request).await {
            Ok((at, html)) => {
                let seen = Seen::read(&html);
                let own = |url: Url| is_own(&origins, &url).then(|| without_fragment(url));
                let canonical = seen.canonical.as_deref().and_then(|href| at.join(href).ok()).and_then(own);
                let (url, fingerprint) = (own(at).unwrap_or_default(), seen.fingerprint());
                let canonical = canonical.unwrap_or_default();
                let look = PageLook { key: page.key.clone(), url, canonical, fingerprint };
                desk.store.look_page(&desk.id, look, desk.clock.now()).await?;
                owned(desk, &page.key, seen.owner).await?;
                report.looked_at += 1;
            }
            Err(why) => report.failed.push((page.key, why)),
        }
    }
    report.proposals = desk.store.list_proposals(&desk.id).await?.len();
    Ok(report)
}

/// Keep who the page says looks after it. The page was fetched from the site itself: no visitor has said so.
async fn owned(desk: &Desk, key: &str, owner: Option<String>) -> Result<()> {
    let (Some(owner), Some(issuer)) = (owner, desk.site.issuers.first()) else { return Ok(()) };
    let now = desk.clock.now();
    let issuer = issuer.issuer.clone();
    let word = PageWord { key: key.to_owned(), issuer, readers: None, owner: Some(owner), issued_at: now };
    Ok(desk.store.hear_page(&desk.id, word, now).await?)
}

fn client(origins: HashSet<String>) -> Result<Client> {
    set_up_tls();
    let within = redirect::Policy::custom(move |attempt| {
        match attempt.previous().len() <= REDIRECTS_MAX && is_own(&origins, attempt.url()) {
            true => attempt.follow(),
            false => attempt.stop(),
        }
    });
    let client = Client::builder()
        .redirect(within)
        .timeout(TIMEOUT)
        .user_agent(concat!("stoa-pages/", env!("CARGO_PKG_VERSION")))
        .build();
    client.context("cannot set up TLS\nhint: this machine needs certificates (package ca-certificates)")
}

fn is_own(origins: &HashSet<String>, url: &Url) -> bool {
    origins.contains(&url.origin().ascii_serialization())
}

fn without_fragment(mut url: Url) -> String {
    url.set_fragment(None);
    url.into()
}

/// Where the page is in the end, and its HTML; or why not, for people.
async fn fetch(request: reqwest::RequestBuilder) -> Result<(Url, Vec<u8>), String> {
    let mut answer = request.send().await.map_err(|error| error.to_string())?;
    if !answer.status().is_success() {
        return Err(answer.status().to_string());
    }
    let mut html = Vec::new();
    while let Some(part) = answer.chunk().await.map_err(|error| error.to_string())? {
        html.extend_from_slice(&part);
        if html.len() > BYTES_MAX {
            return Err(format!("it is longer than {BYTES_MAX} bytes"));
        }
    }
    Ok((answer.url().clone(), html))
}

/// What a page says.
#[derive(Debug, Default)]
struct Seen {
    canonical: Option<String>,
    /// `<meta name="stoa-page-owner">`: the subject of who looks after the page.
    owner: Option<String>,
    words: Vec<String>,
}

impl Seen {
    fn read(html: &[u8]) -> Self {
        let mut emitter = DefaultEmitter::<()>::new_with_span();
        emitter.naively_switch_states(true);
        let (mut seen, mut passed_over) = (Self::default(), 0_usize);
        for token in Tokenizer::new_with_emitter(html, emitter) {
            let Ok(token) = token;
            match token {
                Token::StartTag(tag) => {
                    let name = String::from_utf8_lossy(&tag.name).into_owned();
                    let get = |key: &str| {
                        let found = tag.attributes.iter().find(|(name, _)| name.as_slice() == key.as_bytes());
                        found.map(|(_, value)| String::from_utf8_lossy(value).into_owned())
                    };
                    if PASSED_OVER.contains(&name.as_str()) && !tag.self_closing {
                        passed_over += 1;
                    }
                    let is_canonical = |rel: String| {
                        rel.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case("canonical"))
                    };
                    if name == "link" && get("rel").is_some_and(is_canonical) {
                        seen.canonical = seen.canonical.take().or_else(|| get("href"));
                    }
                    if name == "meta" && get("name").as_deref() == Some("stoa-page-owner") {
                        seen.owner = get("content").filter(|owner| !owner.is_empty() && owner.len() <= 255);
                    }
                }
                Token::EndTag(tag)
                    if PASSED_OVER.iter().any(|name| tag.name.as_slice() == name.as_bytes()) =>
                {
                    passed_over = passed_over.saturating_sub(1);
                }
                Token::String(text) if passed_over == 0 => {
                    let text = String::from_utf8_lossy(&text).to_lowercase();
                    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
                    seen.words.extend(words.map(str::to_owned));
                }
                _ => {}
            }
        }
        seen
    }

    /// A hash of its words; empty where there are too few.
    fn fingerprint(&self) -> String {
        match self.words.len() >= WORDS_MIN {
            true => hex::encode(Sha256::digest(self.words.join(" "))),
            false => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Seen;

    #[test]
    fn a_page_is_told_by_its_own_words() {
        let body = "word ".repeat(50);
        let one = format!(
            "<html><head><title>T</title><link rel='canonical' href='/a'><meta name='stoa-page-owner' content='anna'></head><nav>Home</nav><p>{body}</p><script>var a</script>"
        );
        let other = format!(
            "<title>t</title><header>Other <b>menu</b></header><article>{body}</article><footer>2026</footer>"
        );
        let (one, other) = (Seen::read(one.as_bytes()), Seen::read(other.as_bytes()));
        assert_eq!(one.canonical.as_deref(), Some("/a"));
        assert_eq!(one.owner.as_deref(), Some("anna"));
        assert_eq!(one.fingerprint().len(), 64);
        assert_eq!(one.fingerprint(), other.fingerprint());
        assert_ne!(one.fingerprint(), Seen::read(format!("<p>{body} more").as_bytes()).fingerprint());
        assert_eq!(Seen::read(b"<p>Too little to tell").fingerprint(), "");
    }
}
