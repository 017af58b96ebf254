//! Why widgets do not show on a page, and the line to change: what `stoa doctor` and the console tell.
//!
//! Fetches the page as a browser would, reads it, and asks the host by its public address as the page would. Deliberately
//! absent: anything that changes the page, the host or what is kept.

mod checks;
pub(super) mod console;
mod fetch;
pub(crate) mod field;
mod findings;
mod page;
mod policy;

use anyhow::{Context as _, Result};
use reqwest::Url;
use serde_json::json;

use self::checks::Seen;
use self::fetch::{Answer, Browser};
pub(crate) use self::findings::{Finding, Weight, Who};
use self::page::Page;
use self::policy::Policies;
use crate::base::clock::Clock;
use crate::base::config::Config;
use crate::http::LOADER;
use crate::identity::Issuers;
use crate::identity::embed::inspect::inspect;

/// Seconds that the clocks of both sides may differ before it is worth a word: half of what tokens may.
const SKEW_S: i64 = 30;

/// What is to be examined.
pub(crate) struct Examined<'a> {
    /// The address of the page.
    pub(crate) page: &'a str,
    /// The configuration with the sites as they are served.
    pub(crate) config: &'a Config,
    /// What a browser that is signed in to the intranet sends as `Cookie`.
    pub(crate) cookies: Option<String>,
    /// The only origins that are asked; none for all.
    pub(crate) allowed: Option<Vec<String>>,
}

/// What is wrong with a page, the worst first.
///
/// # Errors
/// When the address is none, or TLS cannot be set up.
pub(crate) async fn examine(asked: Examined<'_>) -> Result<Vec<Finding>> {
    let Examined { page, config, cookies, allowed } = asked;
    let stoa = Url::parse(&config.public_url).context("public_url")?;
    let url = Url::parse(page)
        .with_context(|| format!("`{page}` is no address\nhint: copy it from the browser, with https://"))?;
    let browser = Browser::new(&url, cookies, allowed)?;
    let (mut findings, seen) = examine_page(&browser, config, stoa.clone(), url).await?;
    findings.extend(examine_host(&browser, config, &stoa).await?);
    if let Some(seen) = &seen {
        findings.extend(examine_session(&browser, seen).await);
        findings.extend(examine_token(&browser, seen).await);
    }
    findings.sort_by_key(|finding| finding.weight);
    Ok(findings)
}

async fn examine_page<'a>(
    browser: &Browser,
    config: &'a Config,
    stoa: Url,
    url: Url,
) -> Result<(Vec<Finding>, Option<Seen<'a>>)> {
    let answer = match browser.get(&url).await {
        Ok(answer) => answer,
        Err(error) => {
            let cure = "check the address; the doctor has to reach the page from this machine";
            let says = format!("{url} cannot be reached: {}", error);
            return Ok((vec![Finding::fault("page-unreachable", Who::Intranet, says, cure)], None));
        }
    };
    if !answer.is_good || !answer.header("content-type").contains("html") {
        let says =
            format!("{url} answers {} with {}", answer.status, or_nothing(answer.header("content-type")));
        let cure = "check the address; where a sign-in is needed, give a session of the intranet: --cookie-file FILE, with what a browser sends as `Cookie`";
        return Ok((vec![Finding::fault("page-refused", Who::Page, says, cure)], None));
    }
    let mut findings: Vec<Finding> = clock(&answer).into_iter().collect();
    let page = Page::read(&answer.body, &format!("{}/t/", config.public_url));
    let headers = answer.headers.get_all("content-security-policy");
    let headers = headers.iter().filter_map(|value| value.to_str().ok());
    let policies = Policies::read(headers, &page.policies);
    let cache_control = answer.header("cache-control").to_owned();
    let seen = Seen { config, stoa, at: answer.url, page, policies, cache_control };
    findings.extend(checks::look(&seen));
    Ok((findings, Some(seen)))
}

fn or_nothing(text: &str) -> &str {
    if text.is_empty() { "no content type" } else { text }
}

/// What the clock of the intranet's server says, held against this one.
fn clock(answer: &Answer) -> Option<Finding> {
    let there = jiff::fmt::rfc2822::parse(answer.header("date")).ok()?.timestamp().as_second();
    let here = Clock::system().now() / 1_000_000;
    let apart = there - here;
    (apart.abs() > SKEW_S).then(|| {
        let way = if apart > 0 { "ahead of" } else { "behind" };
        let says = format!("the clock of the intranet's server is {} s {way} the clock of this machine; tokens may be off by 60 s", apart.abs());
        Finding::fault("clock-skew", Who::Intranet, says, "switch on time synchronisation (NTP) on both machines")
    })
}

/// The host by its public address: reached, and not an old copy of it.
async fn examine_host(browser: &Browser, config: &Config, stoa: &Url) -> Result<Vec<Finding>> {
    let url = stoa.join("/embed.js")?;
    let answer = match browser.get(&url).await {
        Ok(answer) => answer,
        Err(error) => {
            let says = format!("{url} cannot be reached: {}", error);
            let cure =
                "start `stoa serve`, and let the proxy in front hand everything of this name on to `listen`";
            return Ok(vec![Finding::fault("host-unreachable", Who::Stoa, says, cure)]);
        }
    };
    if !answer.is_good || !answer.header("content-type").contains("javascript") {
        let says =
            format!("{url} answers {} with {}", answer.status, or_nothing(answer.header("content-type")));
        let cure = "the proxy in front has to hand everything of this name on to `listen`, unchanged";
        return Ok(vec![Finding::fault("host-elsewhere", Who::Stoa, says, cure)]);
    }
    let ours = std::fs::read(config.assets_dir.join(LOADER));
    if ours.is_ok_and(|ours| ours != answer.body) {
        let says = format!(
            "{url} is not the script of this installation: a cache keeps an old one, or a proxy rewrites it"
        );
        let cure = "restart `stoa serve` after an update, empty the cache of the proxy, and switch off its rewriting of scripts";
        return Ok(vec![Finding::fault("script-old", Who::Stoa, says, cure)]);
    }
    Ok(Vec::new())
}

/// Asks for a session as the page would, without a person.
async fn examine_session(browser: &Browser, seen: &Seen<'_>) -> Option<Finding> {
    let site = seen.site()?;
    let origin = seen.at.origin().ascii_serialization();
    if !site.origins.contains(&origin) {
        return None; // found already
    }
    let url = seen.stoa.join(&format!("/v1/sites/{}/session", site.id)).ok()?;
    let answer = browser.post(&url, &origin, json!({ "views": [] }).to_string()).await.ok()?;
    let allowed = answer.header("access-control-allow-origin");
    (allowed != origin).then(|| {
        let says = format!("the answer of {url} does not name the page's origin ({}): the proxy in front takes headers away, or Stoa runs with another configuration", or_nothing(allowed));
        let cure = "hand on `Origin` to Stoa and `Access-Control-Allow-Origin` back; restart `stoa serve` after a change of `origins`";
        Finding::fault("headers-stripped", Who::Stoa, says, cure)
    })
}

/// Asks for a token as the page would.
async fn examine_token(browser: &Browser, seen: &Seen<'_>) -> Option<Finding> {
    let url = seen.at.join(seen.setting("token-url")?).ok()?;
    let failed = |says: String| {
        let cure = "the address has to answer with a token for whoever is signed in, as text or as JSON {\"token\": \"...\"}, and with null for others";
        Some(Finding::fault("token-url-fails", Who::Intranet, says, cure))
    };
    let answer = match browser.get(&url).await {
        Ok(answer) if answer.is_good => answer,
        Ok(answer) => return failed(format!("{url} answers {}", answer.status)),
        Err(error) => return failed(format!("{url} cannot be reached: {}", error)),
    };
    let text = String::from_utf8_lossy(&answer.body);
    let text = text.trim();
    let token = match serde_json::from_str::<serde_json::Value>(text) {
        Ok(value) => value.get("token").unwrap_or(&value).as_str().unwrap_or_default().to_owned(),
        Err(_) => text.to_owned(),
    };
    if token.starts_with('<') {
        return failed(format!("{url} answers with a page instead of a token"));
    }
    if token.is_empty() {
        return None; // nobody is signed in there, and so it has to be
    }
    if let Some(finding) = examine_claims(seen, &token).await {
        return Some(finding);
    }
    (!answer.header("cache-control").contains("no-store")).then(|| {
        let says = format!(
            "{url} answers without Cache-Control: no-store: a cache could give one person's token to another"
        );
        Finding::fault("token-cached", Who::Intranet, says, "send Cache-Control: no-store with it")
    })
}

/// Whether the host would sign somebody in by this token; nothing is kept.
async fn examine_claims(seen: &Seen<'_>, token: &str) -> Option<Finding> {
    let site = seen.site()?;
    let issuers = Issuers::load(site).await.ok()?;
    let origin = seen.at.origin().ascii_serialization();
    let looked_at = inspect(token, site, &issuers, Some(&origin), &Clock::system()).await;
    let error = looked_at.verdict.err()?;
    let cure = looked_at.change.unwrap_or_else(|| "`stoa token inspect` tells more".to_owned());
    let says = format!("the token of this page would be refused: {error}");
    Some(Finding::fault("token-refused", Who::Intranet, says, cure))
}
