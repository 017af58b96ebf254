//! The document around every page of the console, and what its forms are made of.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use maud::{DOCTYPE, Markup, html};

use super::super::Host;
use super::super::problem::Problem;
use super::guard::Asked;
use crate::base::id::SiteId;
use crate::dispatch::console::{ManagedSite, Role};

/// What browsers load for the console.
pub(crate) const STYLES_NAME: &str = "console.css";
pub(crate) const STYLES: &str = include_str!("../../../../widgets/console/console.css");
pub(crate) const SCRIPT_NAME: &str = "console.js";
pub(crate) const SCRIPT: &str = include_str!("../../../../widgets/console/console.js");

/// The policy of the console: nothing but its own files, forms to itself, no frame around it.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; form-action 'self'; \
     base-uri 'none'; frame-ancestors 'none'";
/// Of the test page, where the real widgets run.
const TRY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; \
     img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The texts of the console in the language of a browser.
#[derive(Clone, Debug)]
pub(super) struct Words {
    app: crate::dispatch::App,
    pub(super) language: String,
}

impl Words {
    pub(super) fn new(host: &Host, language: &str) -> Self {
        let language = if language.starts_with("de") { "de" } else { "en" };
        Self { app: host.app.clone(), language: language.to_owned() }
    }

    /// A text.
    pub(super) fn t(&self, id: &str) -> String {
        self.app.console_text(&self.language, id)
    }

    /// An instant, in the time zone of a site.
    pub(super) fn time(&self, site: Option<&SiteId>, at: i64) -> String {
        self.app.console_time(&self.language, site, at)
    }

    /// The label of a plugin's setting: the plugin's own text in this language, or what its manifest says.
    pub(super) fn of_plugin(&self, plugin: &str, id: &str) -> Option<String> {
        self.app.text_of_plugin(plugin, &self.language, id)
    }
}

/// What a page shows.
pub(super) struct Page<'a> {
    pub(super) host: &'a Host,
    pub(super) asked: &'a Asked,
    /// The heading.
    pub(super) title: String,
    /// The id of the place in the navigation that is shown as current.
    pub(super) here: &'static str,
    pub(super) body: Markup,
}

impl Page<'_> {
    /// The page.
    pub(super) fn answer(self) -> Response {
        self.answer_as(StatusCode::OK)
    }

    pub(super) fn answer_as(self, status: StatusCode) -> Response {
        let words = &self.asked.words;
        let main = html! {
            div.shell {
                (self.navigation())
                main #main tabindex="-1" {
                    @if let Some(site) = &self.asked.site { p.crumb { (site.config.name) } }
                    h1 { (self.title) }
                    (self.body)
                }
            }
        };
        respond(status, document(self.host, words, &self.title, &html! {}, &main), POLICY)
    }

    fn link(&self, id: &'static str, address: &str) -> Markup {
        let current = (self.here == id).then_some("page");
        html! { li { a href=(address) aria-current=[current] { (self.asked.words.t(&format!("nav-{id}"))) } } }
    }

    fn navigation(&self) -> Markup {
        let words = &self.asked.words;
        let Some(operator) = &self.asked.operator else { return html! {} };
        html! {
            a.skip href="#main" { (words.t("skip")) }
            header.bar {
                a.brand href="/admin" { span.mark aria-hidden="true" {} "Stoa" }
                nav aria-label=(words.t("nav")) {
                    ul {
                        (self.link("overview", "/admin"))
                        @if operator.role >= Role::Steward { (self.link("plugins", "/admin/plugins")) }
                        @if operator.role >= Role::Admin { (self.link("audit", "/admin/audit")) }
                    }
                    @if let Some(site) = &self.asked.site { (self.of_site(site, operator.role)) }
                }
                form.who method="post" action="/admin/sign-out" {
                    (self.asked.form_token())
                    span { (operator.name) }
                    button.quiet { (words.t("sign-out")) }
                }
            }
        }
    }

    fn of_site(&self, site: &ManagedSite, role: Role) -> Markup {
        let at = |rest: &str| format!("/admin/sites/{}{rest}", site.config.id);
        html! {
            p.group { (site.config.name) }
            ul {
                @if role >= Role::Steward { (self.link("site", &at(""))) }
                @if role >= Role::Admin { (self.link("keys", &at("/keys"))) (self.link("site-plugins", &at("/plugins"))) }
                (self.link("words", &at("/words")))
                @if role >= Role::Steward {
                    (self.link("embed", &at("/embed")))
                    (self.link("doctor", &at("/doctor")))
                    (self.link("token", &at("/token")))
                }
            }
        }
    }
}

impl Asked {
    /// The hidden field that every form has to carry.
    pub(super) fn form_token(&self) -> Markup {
        html! {
            @if let Some(operator) = &self.operator { input type="hidden" name="form" value=(operator.form_token); }
        }
    }
}

/// A document with nothing in it yet.
pub(super) fn document(host: &Host, words: &Words, title: &str, head: &Markup, body: &Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang=(words.language) {
            head {
                meta charset="utf-8";
                title { (title) " – Stoa" }
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                meta name="color-scheme" content="light dark";
                @if let Some(url) = host.assets.url(STYLES_NAME) { link rel="stylesheet" href=(url); }
                @if let Some(url) = host.assets.url(SCRIPT_NAME) { script type="module" src=(url) {} }
                (head)
            }
            body { (body) }
        }
    };
    page.into_string()
}

/// A page before anybody is signed in, or about what went wrong: a card in the middle.
pub(super) fn card(host: &Host, words: &Words, status: StatusCode, title: &str, body: &Markup) -> Response {
    let body = html! {
        main.alone #main {
            div.card {
                p.brand { span.mark aria-hidden="true" {} "Stoa" }
                h1 { (title) }
                (body)
            }
        }
    };
    respond(status, document(host, words, title, &html! {}, &body), POLICY)
}

/// The test page, where widgets run.
pub(super) fn respond_to_try(html: String) -> Response {
    respond(StatusCode::OK, html, TRY_POLICY)
}

fn respond(status: StatusCode, html: String, policy: &'static str) -> Response {
    let mut response = (status, html).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // `no-referrer` would make browsers send `Origin: null` with our own forms.
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    response
}

/// A page that says why not.
pub(super) fn refused(host: &Host, words: &Words, problem: &Problem) -> Response {
    let title = match problem.status {
        StatusCode::NOT_FOUND => words.t("problem-missing"),
        StatusCode::FORBIDDEN => words.t("problem-refused"),
        _ => words.t("problem"),
    };
    let body = html! {
        p { (problem.detail) }
        p { a.button href="/admin" { (words.t("to-overview")) } }
    };
    let mut response = card(host, words, problem.status, &title, &body);
    if problem.retry_after_s > 0 {
        response.headers_mut().insert(header::RETRY_AFTER, problem.retry_after_s.into());
    }
    response
}

/// `303 See Other`: loading the answer again repeats nothing.
pub(super) fn see(address: &str) -> Response {
    match HeaderValue::from_str(address) {
        Ok(value) => (StatusCode::SEE_OTHER, [(header::LOCATION, value)]).into_response(),
        Err(_) => Problem::internal().into_response(),
    }
}

/// What was done, or what is wrong, above a form.
pub(super) fn notice(tone: &'static str, text: &str) -> Markup {
    let role = if tone == "bad" { "alert" } else { "status" };
    html! { div class=(format!("notice {tone}")) role=(role) { (text) } }
}

/// A field of one line or more, with what is wrong beside it.
pub(super) struct Field<'a> {
    pub(super) name: &'a str,
    pub(super) label: String,
    pub(super) value: &'a str,
    pub(super) hint: String,
    pub(super) error: Option<&'a str>,
    /// Lines; 1 for an input.
    pub(super) rows: u8,
    pub(super) disabled: bool,
}

impl Field<'_> {
    pub(super) fn markup(&self) -> Markup {
        let (hint_id, error_id) = (format!("{}-hint", self.name), format!("{}-error", self.name));
        let mut described: Vec<&str> = Vec::new();
        if !self.hint.is_empty() {
            described.push(&hint_id);
        }
        if self.error.is_some() {
            described.push(&error_id);
        }
        let described = (!described.is_empty()).then(|| described.join(" "));
        let invalid = self.error.map(|_| "true");
        html! {
            div.field.wrong[self.error.is_some()] {
                label for=(self.name) { (self.label) }
                @if !self.hint.is_empty() { p.hint id=(hint_id) { (self.hint) } }
                @if self.rows > 1 {
                    // A line break at the start of a textarea is dropped by parsers, hence the extra one.
                    textarea id=(self.name) name=(self.name) rows=(self.rows) aria-describedby=[described]
                        aria-invalid=[invalid] disabled[self.disabled] spellcheck="false" { "\n" (self.value) }
                } @else {
                    input id=(self.name) name=(self.name) value=(self.value) aria-describedby=[described]
                        aria-invalid=[invalid] disabled[self.disabled] autocomplete="off";
                }
                @if let Some(error) = self.error { p.error id=(error_id) { (error) } }
            }
        }
    }
}

/// A choice among few.
pub(super) fn select(
    name: &str,
    label: &str,
    options: &[(String, String)],
    chosen: &str,
    disabled: bool,
) -> Markup {
    html! {
        div.field {
            label for=(name) { (label) }
            select id=(name) name=(name) disabled[disabled] {
                @for (value, text) in options {
                    option value=(value) selected[value == chosen] { (text) }
                }
            }
        }
    }
}

/// A box to tick.
pub(super) fn tick(name: &str, value: &str, label: &str, hint: &str, on: bool, disabled: bool) -> Markup {
    let id = format!("{name}-{value}");
    let hint_id = format!("{id}-hint");
    let described = (!hint.is_empty()).then_some(&hint_id);
    html! {
        div.tick {
            input type="checkbox" id=(id) name=(name) value=(value) checked[on] disabled[disabled]
                aria-describedby=[described];
            label for=(id) { (label) }
            @if !hint.is_empty() { p.hint id=(hint_id) { (hint) } }
        }
    }
}

/// Something to be copied: the button needs script, selecting by hand does not.
pub(super) fn copied(words: &Words, label: &str, text: &str) -> Markup {
    html! {
        div.copy data-copied=(words.t("copied")) {
            pre tabindex="0" role="group" aria-label=(label) { code { (text) } }
            button.quiet type="button" hidden { (words.t("copy")) }
        }
    }
}
