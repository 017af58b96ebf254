//! Keys: who may vouch for people of a site. A shared secret is shown once, to be copied; it is kept nowhere.

use std::path::Path;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use super::super::super::Host;
use super::super::guard::{Asked, Fields};
use super::super::layout::{self, Field, Page, Words, copied, notice, select};
use super::{Errors, head, hidden, is_locked, version};
use crate::base::config::{Algorithm, Issuer, IssuerKey, IssuerKind, Site};
use crate::base::id::new_id;
use crate::dispatch::console::{Managed, Role};

/// `GET /admin/sites/{site}/keys`
pub(in super::super) async fn get(State(host): State<Host>, Extension(asked): Extension<Asked>) -> Response {
    show(&host, &asked, &Errors::new(), None, StatusCode::OK)
}

fn show(host: &Host, asked: &Asked, errors: &Errors, made: Option<&str>, status: StatusCode) -> Response {
    let (site, ..) = match asked.here() {
        Ok(here) => here,
        Err(response) => return *response,
    };
    let (words, locked) = (&asked.words, is_locked(asked, site, Role::Admin));
    let body = html! {
        @if asked.query.has("new") { (notice("good", &words.t("site-made"))) }
        (head(asked, site, errors))
        @if let Some(secret) = made {
            div.notice.good role="status" {
                h2 { (words.t("key-made")) }
                p { (words.t("key-made-once")) }
                (copied(words, &words.t("key-secret"), secret))
            }
        }
        p.lead { (words.t("keys-lead")) }
        @if site.config.issuers.is_empty() { p.empty { (words.t("keys-none")) } }
        @for (at, issuer) in site.config.issuers.iter().enumerate() { (issuer_card(asked, issuer, at, locked)) }
        @if !locked { (forms(asked, errors)) }
        h2 { (words.t("keys-change")) }
        ol { li { (words.t("keys-change-1")) } li { (words.t("keys-change-2")) } li { (words.t("keys-change-3")) } }
    };
    Page { host, asked, title: words.t("nav-keys"), here: "keys", body }.answer_as(status)
}

/// What a key is, for people.
fn told(words: &Words, algorithm: Algorithm, key: Option<&IssuerKey>) -> String {
    let kind = match algorithm {
        Algorithm::HS256 => words.t("key-shared"),
        Algorithm::RS256 | Algorithm::ES256 | Algorithm::EdDSA => words.t("key-public"),
    };
    let file = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let from = match key {
        Some(key) => match &key.derived {
            // The name starts with the day it was made on.
            Some(name) => format!("{} {}", words.t("key-made-on"), name.get(..10).unwrap_or_default()),
            None if key.pem.is_some() => words.t("key-pasted"),
            None => format!("{} {}", words.t("key-in-file"), file(key.path())),
        },
        None => words.t("key-in-file"),
    };
    format!("{kind} ({algorithm:?}), {from}")
}

fn issuer_card(asked: &Asked, issuer: &Issuer, at: usize, locked: bool) -> Markup {
    let words = &asked.words;
    let retire = |key: &str, label: String| {
        html! {
            @if !locked {
                form method="post" {
                    (asked.form_token())
                    @if let Ok((site, ..)) = asked.here() { input type="hidden" name="version" value=(site.managed.version()); }
                    input type="hidden" name="at" value=(at);
                    input type="hidden" name="key" value=(key);
                    button.quiet.danger name="do" value="retire" { (label) }
                }
            }
        }
    };
    html! {
        section.card {
            h2.plain { (issuer.issuer) }
            @if issuer.kind == IssuerKind::Oidc { p.hint { (words.t("key-oidc")) } }
            ul.rows {
                @for (number, key) in issuer.keys.iter().enumerate() {
                    li { span { (told(words, key.algorithm, Some(key))) } (retire(&number.to_string(), words.t("key-retire"))) }
                }
                @if let Some(algorithm) = issuer.algorithm.filter(|_| issuer.secret_file.is_some() || issuer.key_file.is_some()) {
                    li { span { (told(words, algorithm, None)) } (retire("file", words.t("key-retire"))) }
                }
                @if let Some(url) = &issuer.jwks_url {
                    li { span { (words.t("key-fetched")) " " (url) } (retire("url", words.t("key-retire"))) }
                }
            }
        }
    }
}

fn forms(asked: &Asked, errors: &Errors) -> Markup {
    let (words, form) = (&asked.words, &asked.form);
    let Ok((site, ..)) = asked.here() else { return html! {} };
    let usual = site.config.issuers.first().map(|issuer| issuer.issuer.clone());
    let usual = usual.or_else(|| site.config.origins.first().cloned()).unwrap_or_default();
    let doing = form.get("do");
    let issuer = |what: &'static str| {
        let typed = form.get("issuer");
        Field {
            name: "issuer",
            label: words.t("key-issuer"),
            value: if doing == what { typed } else { &usual },
            hint: words.t("key-issuer-hint"),
            error: errors.get("issuer").filter(|_| doing == what).map(String::as_str),
            rows: 1,
            disabled: false,
        }
        .markup()
    };
    let algorithms = ["EdDSA", "ES256", "RS256"].map(|name| (name.to_owned(), name.to_owned()));
    html! {
        form.panel method="post" {
            (hidden(asked, site))
            h2 { (words.t("key-make")) }
            p.hint { (words.t("key-make-hint")) }
            (issuer("make"))
            p { button.main name="do" value="make" { (words.t("key-make-do")) } }
        }
        details open[doing == "pem" || doing == "jwks"] {
            summary { (words.t("key-others")) }
            form.panel method="post" {
                (hidden(asked, site))
                h2 { (words.t("key-pem")) }
                (distinct(&issuer("pem"), "pem"))
                (distinct(&select("algorithm", &words.t("key-algorithm"), &algorithms, form.get("algorithm"), false), "pem"))
                (Field { name: "pem", label: words.t("key-pem-label"), value: form.get("pem"), hint: words.t("key-pem-hint"),
                    error: errors.get("pem").map(String::as_str), rows: 6, disabled: false }.markup())
                p { button name="do" value="pem" { (words.t("key-add")) } }
            }
            form.panel method="post" {
                (hidden(asked, site))
                h2 { (words.t("key-jwks")) }
                (distinct(&issuer("jwks"), "jwks"))
                (Field { name: "url", label: words.t("key-jwks-label"), value: form.get("url"), hint: words.t("key-jwks-hint"),
                    error: errors.get("url").map(String::as_str), rows: 1, disabled: false }.markup())
                p { button name="do" value="jwks" { (words.t("key-add")) } }
            }
        }
    }
}

/// The same field in another form of the page: ids are there once.
fn distinct(field: &Markup, form: &str) -> Markup {
    let text = field.0.clone();
    let text = ["issuer", "algorithm"].iter().fold(text, |text, name| {
        text.replace(&format!("id=\"{name}"), &format!("id=\"{form}-{name}"))
            .replace(&format!("for=\"{name}"), &format!("for=\"{form}-{name}"))
            .replace(&format!("describedby=\"{name}-hint"), &format!("describedby=\"{form}-{name}-hint"))
            .replace(&format!(" {name}-error\""), &format!(" {form}-{name}-error\""))
    });
    maud::PreEscaped(text)
}

/// `POST /admin/sites/{site}/keys`
pub(in super::super) async fn post(State(host): State<Host>, Extension(asked): Extension<Asked>) -> Response {
    let (site, operator, id) = match asked.here() {
        Ok(here) => here,
        Err(response) => return *response,
    };
    let (form, words) = (&asked.form, &asked.words);
    if site.managed == Managed::File {
        let errors = Errors::from([(String::new(), words.t("file-rule"))]);
        return show(&host, &asked, &errors, None, StatusCode::CONFLICT);
    }
    let now = host.app.clock().now();
    let mut changed = Site::clone(&site.config);
    let done = match form.get("do") {
        "make" => make(form, &mut changed, words, &secret_name(now)).map(|name| ("key-made", Some(name))),
        "pem" => add_pem(form, &mut changed, words).map(|()| ("key-added", None)),
        "jwks" => add_url(form, &mut changed, words).map(|()| ("key-added", None)),
        "retire" => retire(form, &mut changed).map(|()| ("key-retired", None)),
        _ => Err(Errors::from([(String::new(), words.t("problem-fields"))])),
    };
    let (what, name) = match done {
        Ok(done) => done,
        Err(errors) => return show(&host, &asked, &errors, None, StatusCode::UNPROCESSABLE_ENTITY),
    };
    match host.app.save_site(operator, changed, version(form), what).await {
        Ok(()) => match name {
            Some(name) => {
                let secret = host.app.shared_secret(&id, &name);
                let asked = again(&host, &asked).await;
                show(&host, &asked, &Errors::new(), Some(&secret), StatusCode::OK)
            }
            None => layout::see(&format!("/admin/sites/{id}/keys?saved=1")),
        },
        Err(error) => {
            let (status, mut errors) = error.at_fields(words, &[]);
            if let (Some(text), false) = (errors.remove(""), form.get("do") == "retire") {
                let field = match form.get("do") {
                    "pem" => "pem",
                    "jwks" => "url",
                    _ => "issuer",
                };
                errors.insert(
                    if status == StatusCode::UNPROCESSABLE_ENTITY { field } else { "" }.to_owned(),
                    text,
                );
            }
            show(&host, &asked, &errors, None, status)
        }
    }
}

/// The request with the site as it is now.
async fn again(host: &Host, asked: &Asked) -> Asked {
    let mut asked = asked.clone();
    asked.form = Fields::default();
    if let Some(site) = &asked.site
        && let Ok(now) = host.app.managed_site(&site.config.id.as_str().into()).await
    {
        asked.site = Some(now);
    }
    asked
}

/// The day, and what tells it from others of the day.
fn secret_name(now: i64) -> String {
    let day = jiff::Timestamp::from_microsecond(now).unwrap_or_default().strftime("%Y-%m-%d").to_string();
    format!("{day} {}", new_id(now))
}

fn issuer<'s>(form: &Fields, site: &'s mut Site, words: &Words) -> Result<&'s mut Issuer, Errors> {
    let name = form.get("issuer").trim().to_owned();
    if name.is_empty() || name.len() > 255 {
        return Err(Errors::from([("issuer".to_owned(), words.t("key-issuer-wrong"))]));
    }
    let at = match site.issuers.iter().position(|issuer| issuer.issuer == name) {
        Some(at) if site.issuers[at].kind == IssuerKind::Oidc => {
            return Err(Errors::from([("issuer".to_owned(), words.t("key-issuer-oidc"))]));
        }
        Some(at) => at,
        None => {
            site.issuers.push(Issuer { issuer: name, ..Issuer::default() });
            site.issuers.len() - 1
        }
    };
    Ok(&mut site.issuers[at])
}

fn make(form: &Fields, site: &mut Site, words: &Words, name: &str) -> Result<String, Errors> {
    let issuer = issuer(form, site, words)?;
    issuer.keys.push(IssuerKey::derived(name.to_owned()));
    Ok(name.to_owned())
}

fn add_pem(form: &Fields, site: &mut Site, words: &Words) -> Result<(), Errors> {
    let algorithm = match form.get("algorithm") {
        "ES256" => Algorithm::ES256,
        "RS256" => Algorithm::RS256,
        _ => Algorithm::EdDSA,
    };
    let pem = form.get("pem").trim();
    if pem.contains("PRIVATE") {
        return Err(Errors::from([("pem".to_owned(), words.t("key-pem-private"))]));
    }
    issuer(form, site, words)?.keys.push(IssuerKey::public(algorithm, format!("{pem}\n")));
    Ok(())
}

fn add_url(form: &Fields, site: &mut Site, words: &Words) -> Result<(), Errors> {
    let issuer = issuer(form, site, words)?;
    issuer.jwks_url = Some(form.get("url").trim().to_owned());
    Ok(())
}

/// Take a key out; an issuer without one is none.
fn retire(form: &Fields, site: &mut Site) -> Result<(), Errors> {
    let gone = || Errors::from([(String::new(), String::new())]);
    let at: usize = form.get("at").parse().map_err(|_| gone())?;
    let issuer = site.issuers.get_mut(at).ok_or_else(gone)?;
    match form.get("key") {
        "file" => (issuer.algorithm, issuer.secret_file, issuer.key_file) = (None, None, None),
        "url" => issuer.jwks_url = None,
        number => {
            let number: usize = number.parse().map_err(|_| gone())?;
            if number >= issuer.keys.len() {
                return Err(gone());
            }
            issuer.keys.remove(number);
        }
    }
    let has_file = issuer.secret_file.is_some() || issuer.key_file.is_some();
    if issuer.keys.is_empty() && !has_file && issuer.jwks_url.is_none() && issuer.kind == IssuerKind::Jwt {
        site.issuers.remove(at);
    }
    Ok(())
}
