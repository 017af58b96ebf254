//! Each diagnosis: a broken page, the words that are expected, and the page with the cure.

use reqwest::Url;

use super::{Seen, look};
use crate::base::config::Config;
use crate::http::admin::doctor::findings::Weight;
use crate::http::admin::doctor::page::Page;
use crate::http::admin::doctor::policy::Policies;

const PAGE: &str = "https://intranet.example/travel";
const SCRIPT: &str =
    r#"<script type="module" src="https://stoa.example/embed.js" data-site="demo"></script>"#;
const ELEMENT: &str = r#"<stoa-comments page="travel" token-url="/stoa/token"><a href="https://stoa.example/t/demo/comments?page=travel">Comments</a></stoa-comments>"#;

fn config() -> Config {
    let text = r#"
        listen = "127.0.0.1:4000"
        public_url = "https://stoa.example"
        database = "sqlite:stoa.db"
        data_dir = "data"
        [[sites]]
        id = "demo"
        name = "Demo"
        origins = ["https://intranet.example"]
        [sites.plugins.comments]
        grants = []
    "#;
    toml::from_str(text).unwrap()
}

/// What is found, the code and what is said and advised.
fn found(at: &str, html: &str, policy: &str, cache_control: &str) -> Vec<(Weight, &'static str, String)> {
    let config = config();
    let page = Page::read(html.as_bytes(), "https://stoa.example/t/");
    let policies = Policies::read([policy].into_iter().filter(|policy| !policy.is_empty()), &page.policies);
    let stoa = Url::parse("https://stoa.example").unwrap();
    let cache_control = cache_control.to_owned();
    let seen = Seen { config: &config, stoa, at: Url::parse(at).unwrap(), page, policies, cache_control };
    look(&seen)
        .into_iter()
        .map(|one| (one.weight, one.code, format!("{} -> {}", one.says, one.cure)))
        .collect()
}

/// The one thing that is wrong with a page.
fn check(html: &str, policy: &str, code: &str, words: &[&str]) {
    let all = found(PAGE, html, policy, "");
    let codes: Vec<_> = all.iter().map(|(_, code, _)| *code).collect();
    assert_eq!(codes, [code], "{html} {policy}: {all:?}");
    for word in words {
        assert!(all[0].2.contains(word), "{word}: {}", all[0].2);
    }
}

fn well(html: &str, policy: &str) {
    let all = found(PAGE, html, policy, "");
    assert!(all.is_empty(), "{html} {policy}: {all:?}");
}

#[test]
fn a_page_with_both_lines_is_well_in_each_form() {
    well(&format!("{SCRIPT}{ELEMENT}"), "");
    well(
        &format!(r#"{SCRIPT}<div class="wide stoa-comments" data-page="travel" data-token-url="/t"></div>"#),
        "",
    );
    well(
        &format!(
            r#"<meta name="stoa-token-url" content="/t">{SCRIPT}<p><a href="https://stoa.example/t/demo/comments?page=travel">Comments</a></p>"#
        ),
        "",
    );
    well(&format!(r#"{SCRIPT}<stoa-bell token-url="/t"></stoa-bell>"#), "");
}

#[test]
fn a_script_that_is_missing_shown_elsewhere_or_classic() {
    check(ELEMENT, "", "script-missing", &["taken it out", SCRIPT]);
    let shown = SCRIPT.replace('<', "&lt;").replace('>', "&gt;");
    check(&format!("<p>{shown}</p>{ELEMENT}"), "", "script-shown", &["escaped it", SCRIPT]);
    let old = SCRIPT.replace("stoa.example", "old.example");
    check(&format!("{old}{ELEMENT}"), "", "script-elsewhere", &["https://old.example/embed.js", SCRIPT]);
    let plain = SCRIPT.replace("https:", "http:");
    check(&format!("{plain}{ELEMENT}"), "", "mixed-content", &["browsers refuse", "TLS"]);
    let classic = SCRIPT.replace(" type=\"module\"", "");
    check(&format!("{classic}{ELEMENT}"), "", "script-classic", &["type=\"module\"", SCRIPT]);
    check(r#"<form><input type="password"></form>"#, "", "signed-out", &["--cookie-file"]);
    // What stands in a script is no markup.
    let other = format!("<script>document.write('{ELEMENT}')</script>{SCRIPT}");
    check(&other, "", "element-missing", &["taken it out"]);
}

#[test]
fn an_element_that_is_missing_shown_or_of_no_plugin() {
    check(SCRIPT, "", "element-missing", &["taken it out", "<div class=\"stoa-comments\""]);
    let shown = ELEMENT
        .replace("<stoa", "&lt;stoa")
        .replace("</stoa", "&lt;/stoa")
        .replace("<a href", "<i")
        .replace("</a>", "</i>");
    check(&format!("{SCRIPT}<p>{shown}</p>"), "", "element-shown", &["escaped it", "<div class="]);
    let questions = ELEMENT.replace("comments", "questions");
    check(
        &format!("{SCRIPT}{questions}"),
        "",
        "plugin-missing",
        &["`questions`", "[sites.plugins.questions]"],
    );
}

#[test]
fn a_site_that_is_missing_or_unknown_and_an_origin_that_is_not_listed() {
    let none = SCRIPT.replace(" data-site=\"demo\"", "");
    check(&format!("{none}{ELEMENT}"), "", "site-missing", &["data-site=\"demo\""]);
    let meta = r#"<meta name="stoa-site" content="demo">"#;
    well(&format!("{meta}{none}{ELEMENT}"), "");
    let wrong = SCRIPT.replace("\"demo\"", "\"dmeo\"");
    check(&format!("{wrong}{ELEMENT}"), "", "site-unknown", &["`dmeo`", ": demo"]);
    let all = found("https://wiki.example/a", &format!("{SCRIPT}{ELEMENT}"), "", "");
    assert_eq!(all[0].1, "origin-not-listed");
    assert!(
        all[0].2.contains(r#"origins = ["https://intranet.example", "https://wiki.example"]"#),
        "{all:?}"
    );
}

#[test]
fn a_policy_that_lacks_a_source() {
    let html = format!("{SCRIPT}{ELEMENT}");
    let cured = "default-src 'self'; script-src 'self' https://stoa.example 'wasm-unsafe-eval'; connect-src 'self' https://stoa.example";
    well(&html, cured);
    let without = |what: &str| cured.replace(what, "");
    check(
        &html,
        &cured.replace("script-src 'self' https://stoa.example", "script-src 'self'"),
        "policy-script",
        &[
            "instead of `script-src 'self' 'wasm-unsafe-eval'` write: script-src 'self' 'wasm-unsafe-eval' https://stoa.example",
        ],
    );
    check(
        &html,
        &without("; connect-src 'self' https://stoa.example"),
        "policy-connect",
        &["beside `default-src 'self'` add: connect-src 'self' https://stoa.example"],
    );
    check(
        &html,
        &cured.replace("connect-src 'self'", "connect-src"),
        "policy-token",
        &["connect-src https://stoa.example 'self'"],
    );
    check(&html, &without(" 'wasm-unsafe-eval'"), "policy-wasm", &["less lively", "'wasm-unsafe-eval'"]);
    check(&html, "sandbox allow-scripts allow-forms", "policy-sandbox", &["allow-same-origin"]);
    let meta = r#"<meta http-equiv="Content-Security-Policy" content="connect-src 'self'">"#;
    check(
        &format!("{meta}{html}"),
        "",
        "policy-connect",
        &["instead of `connect-src 'self'` write: connect-src 'self' https://stoa.example"],
    );
    let nonce = format!("{}{ELEMENT}", SCRIPT.replace("<script", r#"<script nonce="abc""#));
    well(&nonce, "script-src 'nonce-abc' 'strict-dynamic' 'wasm-unsafe-eval'");
    check(&nonce, "script-src 'nonce-xyz' 'wasm-unsafe-eval'", "policy-script", &["https://stoa.example"]);
}

#[test]
fn a_key_that_does_not_stay_and_a_token_that_is_missing_or_kept() {
    let element = ELEMENT.replace(" page=\"travel\"", "");
    let canonical = r#"<link rel="canonical" href="/travel">"#;
    check(
        &format!("{SCRIPT}{element}"),
        "",
        "page-key-from-address",
        &["lost when the page moves", "`page`"],
    );
    well(&format!("{canonical}{SCRIPT}{element}"), "");
    let elsewhere = canonical.replace("/travel", "https://www.example/travel");
    check(
        &format!("{elsewhere}{SCRIPT}{element}"),
        "",
        "canonical-elsewhere",
        &["https://www.example/travel"],
    );
    let unsigned = ELEMENT.replace(" token-url=\"/stoa/token\"", "");
    check(&format!("{SCRIPT}{unsigned}"), "", "token-missing", &["token-url="]);
    let written = ELEMENT.replace("token-url=\"/stoa/token\"", "token=\"eyJ\"");
    check(&format!("{SCRIPT}{written}"), "", "token-in-cache", &["token-url", "no-store"]);
    assert!(found(PAGE, &format!("{SCRIPT}{written}"), "", "private, max-age=0").is_empty());
}
