//! A site: its name, origins, language and what its pages show.

pub(super) mod keys;
pub(super) mod words;

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use super::super::Host;
use super::super::problem::Problem;
use super::guard::{Asked, Fields};
use super::layout::{self, Field, Page, Words, notice, select, tick};
use crate::base::config::{PageReaders, Profiles, Site, SitePlugin};
use crate::base::id::SiteId;
use crate::dispatch::console::{Managed, ManagedSite, Role, SaveError};

/// Characters of a site's name.
const NAME_CHARS_MAX: usize = 100;
/// Origins of a site.
const ORIGINS_MAX: usize = 100;
/// What a new site shows where nothing else is chosen.
const USUAL: [&str; 2] = ["questions", "comments"];

/// What is wrong with fields, by name; the whole form's is under an empty one.
pub(super) type Errors = BTreeMap<String, String>;

impl SaveError {
    /// What to say at which field; `fields` are those that the form has.
    pub(super) fn at_fields(&self, words: &Words, fields: &[&str]) -> (StatusCode, Errors) {
        let (status, key, text) = match self {
            Self::Value { key, message } => {
                // The hint is for whoever edits the file.
                let text = message.split("\nhint:").next().unwrap_or_default().to_owned();
                (StatusCode::UNPROCESSABLE_ENTITY, key.as_str(), text)
            }
            Self::Changed => (StatusCode::CONFLICT, "", words.t("problem-changed")),
            Self::Refused(_) => (StatusCode::SERVICE_UNAVAILABLE, "", words.t("problem-store")),
        };
        let field = fields.iter().find(|field| key.split('.').any(|part| part == **field));
        (status, Errors::from([(field.map_or("", |field| *field).to_owned(), text)]))
    }
}

/// What a form of a site says first: where it is managed, and what is wrong with the whole.
pub(super) fn head(asked: &Asked, site: &ManagedSite, errors: &Errors) -> Markup {
    let words = &asked.words;
    let changes_host = asked.operator.as_ref().is_some_and(|operator| operator.site.is_none());
    let at = |rest: &str| format!("/admin/sites/{}/{rest}", site.config.id);
    html! {
        @if asked.query.has("saved") { (notice("good", &words.t("saved"))) }
        @if let Some(error) = errors.get("") { (notice("bad", error)) }
        @else if !errors.is_empty() { (notice("bad", &words.t("fields-wrong"))) }
        @match site.managed {
            Managed::File => {
                div.notice {
                    p { (words.t("file-rule")) }
                    @if changes_host {
                        form method="post" action=(at("manage")) {
                            (asked.form_token())
                            button { (words.t("file-manage")) }
                        }
                    }
                }
            }
            Managed::Console { is_over_file: true, version } => {
                div.notice {
                    p { (words.t("over-rule")) }
                    @if changes_host {
                        form method="post" action=(at("give-back")) {
                            (asked.form_token())
                            input type="hidden" name="version" value=(version);
                            button { (words.t("over-give-back")) }
                        }
                    }
                }
            }
            Managed::Console { is_over_file: false, .. } => {}
        }
    }
}

/// Whether the form of a site can be sent by who asks.
pub(super) fn is_locked(asked: &Asked, site: &ManagedSite, role: Role) -> bool {
    let may = asked.operator.as_ref().is_some_and(|operator| operator.role >= role);
    site.managed == Managed::File || !may
}

/// The hidden fields of a form that changes a site.
pub(super) fn hidden(asked: &Asked, site: &ManagedSite) -> Markup {
    html! {
        (asked.form_token())
        input type="hidden" name="version" value=(site.managed.version());
    }
}

/// What the form of a site shows: what holds, or what somebody typed.
struct Shown {
    name: String,
    origins: String,
    locale: String,
    time_zone: String,
    anonymous_read: bool,
    page: Vec<String>,
}

impl Shown {
    fn of(site: &Site) -> Self {
        Self {
            name: site.name.clone(),
            origins: site.origins.join("\n"),
            locale: site.locale.clone(),
            time_zone: site.time_zone.clone(),
            anonymous_read: site.anonymous_read,
            page: site.page.clone(),
        }
    }

    fn typed(form: &Fields) -> Self {
        Self {
            name: form.get("name").to_owned(),
            origins: form.get("origins").to_owned(),
            locale: form.get("locale").to_owned(),
            time_zone: form.get("time_zone").to_owned(),
            anonymous_read: form.has("anonymous_read"),
            page: form.all("page"),
        }
    }

    fn fields(&self, words: &Words, errors: &Errors, disabled: bool) -> Markup {
        let error = |name: &str| errors.get(name).map(String::as_str);
        let field = |name, value, rows| Field {
            name,
            label: words.t(&format!("site-{name}").replace('_', "-")),
            value,
            hint: words.t(&format!("site-{name}-hint").replace('_', "-")),
            error: error(name),
            rows,
            disabled,
        };
        let languages = [("en".to_owned(), "English".to_owned()), ("de".to_owned(), "Deutsch".to_owned())];
        html! {
            (field("name", &self.name, 1).markup())
            (field("origins", &self.origins, 3).markup())
            div.two {
                (select("locale", &words.t("site-locale"), &languages, &self.locale, disabled))
                (field("time_zone", &self.time_zone, 1).markup())
            }
            (tick("anonymous_read", "yes", &words.t("site-anonymous-read"), &words.t("site-anonymous-read-hint"), self.anonymous_read, disabled))
        }
    }
}

/// Take what was typed over into a site; what is wrong with which field.
fn put(form: &Fields, site: &mut Site, words: &Words) -> Errors {
    let mut errors = Errors::new();
    let name = form.get("name").trim();
    if name.is_empty() || name.chars().count() > NAME_CHARS_MAX {
        errors.insert("name".to_owned(), words.t("site-name-wrong"));
    }
    let origins: Vec<String> =
        form.lines("origins").iter().map(|origin| origin.trim_end_matches('/').to_lowercase()).collect();
    if origins.len() > ORIGINS_MAX {
        errors.insert("origins".to_owned(), words.t("site-origins-many"));
    }
    let zone = form.get("time_zone").trim();
    if jiff::tz::TimeZone::get(zone).is_err() {
        errors.insert("time_zone".to_owned(), words.t("site-time-zone-wrong"));
    }
    if !["en", "de"].contains(&form.get("locale")) {
        errors.insert(String::new(), words.t("problem-fields"));
    }
    name.clone_into(&mut site.name);
    zone.clone_into(&mut site.time_zone);
    form.get("locale").clone_into(&mut site.locale);
    site.origins = origins;
    site.anonymous_read = form.has("anonymous_read");
    errors
}

/// `GET /admin/sites/{site}`
pub(super) async fn get(State(host): State<Host>, Extension(asked): Extension<Asked>) -> Response {
    let (site, ..) = match asked.here() {
        Ok(here) => here,
        Err(response) => return *response,
    };
    show(&host, &asked, &Shown::of(&site.config), &Errors::new(), StatusCode::OK)
}

fn show(host: &Host, asked: &Asked, shown: &Shown, errors: &Errors, status: StatusCode) -> Response {
    let (site, _, _) = match asked.here() {
        Ok(here) => here,
        Err(response) => return *response,
    };
    let (words, locked) = (&asked.words, is_locked(asked, site, Role::Admin));
    let plugins: Vec<&String> =
        site.config.plugins.iter().filter(|(_, plugin)| plugin.enabled).map(|(name, _)| name).collect();
    let body = html! {
        (head(asked, site, errors))
        form.panel method="post" {
            (hidden(asked, site))
            (shown.fields(words, errors, locked))
            @if !plugins.is_empty() {
                fieldset {
                    legend { (words.t("site-page")) }
                    p.hint { (words.t("site-page-hint")) }
                    @for name in plugins {
                        (tick("page", name, &plugin_name(words, name), "", shown.page.contains(name), locked))
                    }
                }
            }
            @if !locked { p { button.main { (words.t("save")) } } }
        }
    };
    Page { host, asked, title: words.t("nav-site"), here: "site", body }.answer_as(status)
}

/// What people call a plugin.
pub(super) fn plugin_name(words: &Words, name: &str) -> String {
    let known = words.t(&format!("plugin-{name}"));
    if known == format!("plugin-{name}") { name.to_owned() } else { known }
}

/// `POST /admin/sites/{site}`
pub(super) async fn save(State(host): State<Host>, Extension(asked): Extension<Asked>) -> Response {
    let (site, operator, id) = match asked.here() {
        Ok(here) => here,
        Err(response) => return *response,
    };
    let (form, words) = (&asked.form, &asked.words);
    let mut changed = Site::clone(&site.config);
    let mut errors = put(form, &mut changed, words);
    let ticked = form.all("page");
    // The order that is there stays; what is new comes after it.
    changed.page.retain(|name| ticked.contains(name) || !changed.plugins.contains_key(name));
    let new: Vec<String> = ticked.into_iter().filter(|name| !changed.page.contains(name)).collect();
    changed.page.extend(new);
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if site.managed == Managed::File {
        (status, errors) = (StatusCode::CONFLICT, Errors::from([(String::new(), words.t("file-rule"))]));
    }
    if errors.is_empty() {
        match host.app.save_site(operator, changed, version(form), "site-changed").await {
            Ok(()) => return layout::see(&format!("/admin/sites/{id}?saved=1")),
            Err(error) => (status, errors) = error.at_fields(words, &["name", "origins", "time_zone"]),
        }
    }
    show(&host, &asked, &Shown::typed(form), &errors, status)
}

/// The version that a form was made of; one that is no number fits none.
pub(super) fn version(form: &Fields) -> u32 {
    form.get("version").parse().unwrap_or(u32::MAX)
}

/// `GET /admin/new-site`
pub(super) async fn new(State(host): State<Host>, Extension(asked): Extension<Asked>) -> Response {
    let shown = Shown {
        name: String::new(),
        origins: String::new(),
        locale: asked.words.language.clone(),
        time_zone: "Europe/Berlin".to_owned(),
        anonymous_read: false,
        page: USUAL.map(str::to_owned).to_vec(),
    };
    show_new(&host, &asked, &shown, &Errors::new(), StatusCode::OK)
}

fn show_new(host: &Host, asked: &Asked, shown: &Shown, errors: &Errors, status: StatusCode) -> Response {
    let words = &asked.words;
    let plugins = host.app.plugin_facts();
    let body = html! {
        @if let Some(error) = errors.get("") { (notice("bad", error)) }
        @else if !errors.is_empty() { (notice("bad", &words.t("fields-wrong"))) }
        form.panel method="post" action="/admin/new-site" {
            (asked.form_token())
            (shown.fields(words, errors, false))
            fieldset {
                legend { (words.t("site-plugins")) }
                p.hint { (words.t("site-plugins-hint")) }
                @for plugin in plugins.iter().filter(|plugin| plugin.is_loaded) {
                    (tick("page", &plugin.name, &plugin_name(words, &plugin.name), &plugin.description, shown.page.contains(&plugin.name), false))
                }
            }
            p { button.main { (words.t("site-make")) } }
        }
    };
    Page { host, asked, title: words.t("site-new"), here: "new", body }.answer_as(status)
}

/// `POST /admin/new-site`
pub(super) async fn create(State(host): State<Host>, Extension(asked): Extension<Asked>) -> Response {
    let (form, words) = (&asked.form, &asked.words);
    let Some(operator) = &asked.operator else { return layout::refused(&host, words, &Problem::internal()) };
    let ticked = form.all("page");
    let plugins = host.app.plugin_facts();
    let chosen = plugins.iter().filter(|plugin| plugin.is_loaded && ticked.contains(&plugin.name));
    let chosen = chosen.map(|plugin| {
        let grants = plugin.asked.iter().map(|asked| asked.name.to_owned()).collect();
        (plugin.name.clone(), SitePlugin { enabled: true, grants, settings: toml::Table::new() })
    });
    let taken = |id: &str| host.app.site(&SiteId::from(id)).is_some();
    let mut site = Site {
        id: free_id(form.get("name"), taken),
        name: String::new(),
        origins: Vec::new(),
        locale: String::new(),
        time_zone: String::new(),
        anonymous_read: false,
        profiles: Profiles::default(),
        pages: PageReaders::default(),
        page_owners: Vec::new(),
        lti_key_file: None,
        scim: None,
        sign_in: None,
        issuers: Vec::new(),
        proxy: None,
        plugins: chosen.collect(),
        page: Vec::new(),
        moderation: stoa_rules::Moderation::default(),
    };
    let mut errors = put(form, &mut site, words);
    let page = USUAL.iter().copied().filter(|name| site.plugins.contains_key(*name)).map(str::to_owned);
    site.page = page.collect();
    let (id, mut status) = (site.id.clone(), StatusCode::UNPROCESSABLE_ENTITY);
    if errors.is_empty() {
        match host.app.save_site(operator, site, 0, "site-made").await {
            Ok(()) => return layout::see(&format!("/admin/sites/{id}/keys?new=1")),
            Err(error) => (status, errors) = error.at_fields(words, &["name", "origins", "time_zone"]),
        }
    }
    show_new(&host, &asked, &Shown::typed(form), &errors, status)
}

/// A short id made of a name, that no other site has.
fn free_id(name: &str, taken: impl Fn(&str) -> bool) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let slug: String = name.chars().map(plain).take(48).collect();
    let slug = slug.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
    let slug = if slug.is_empty() { "site".to_owned() } else { slug };
    let mut numbered = (2..).map(|number| format!("{slug}-{number}"));
    if taken(&slug) { numbered.find(|id| !taken(id)).unwrap_or(slug) } else { slug }
}

/// `POST /admin/sites/{site}/manage`: from now on the site is managed in the console.
pub(super) async fn manage(State(host): State<Host>, Extension(asked): Extension<Asked>) -> Response {
    let (site, operator, id) = match asked.here() {
        Ok(here) => here,
        Err(response) => return *response,
    };
    let kept = Site::clone(&site.config);
    match host.app.save_site(operator, kept, 0, "site-taken").await {
        Ok(()) => layout::see(&format!("/admin/sites/{id}")),
        Err(error) => failed(&host, &asked, &error),
    }
}

/// `POST /admin/sites/{site}/give-back`: from now on what `stoa.toml` says of the site holds.
pub(super) async fn give_back(State(host): State<Host>, Extension(asked): Extension<Asked>) -> Response {
    let (_, operator, id) = match asked.here() {
        Ok(here) => here,
        Err(response) => return *response,
    };
    match host.app.give_back_site(operator, &id, version(&asked.form)).await {
        Ok(()) => layout::see(&format!("/admin/sites/{id}")),
        Err(error) => failed(&host, &asked, &error),
    }
}

fn failed(host: &Host, asked: &Asked, error: &SaveError) -> Response {
    let (status, errors) = error.at_fields(&asked.words, &[]);
    let text = errors.into_values().next().unwrap_or_default();
    layout::refused(host, &asked.words, &Problem::new(status, "not_saved", text))
}

#[cfg(test)]
mod tests {
    use super::free_id;

    #[test]
    fn an_id_is_made_of_the_name_and_is_free() {
        let check = |name, taken: &[&str], expected| {
            assert_eq!(free_id(name, |id| taken.contains(&id)), expected, "{name}");
        };
        check("Our Intranet!", &[], "our-intranet");
        check("Ärzte & Co", &[], "rzte-co");
        check("日本", &[], "site");
        check("Wiki", &["wiki", "wiki-2"], "wiki-3");
    }
}
