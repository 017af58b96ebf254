//! Plugins: how they fare on this host, and what a site grants and sets.

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use stoa_rules::{Setting, SettingKind};

use super::super::Host;
use super::super::problem::Problem;
use super::guard::{Asked, Fields};
use super::layout::{self, Field, Page, Words, select, tick};
use super::overview::is_well;
use super::sites::{Errors, head, hidden, is_locked, plugin_name, version};
use crate::base::config::{Site, SitePlugin};
use crate::dispatch::console::{Managed, PluginFacts, Role};

/// `GET /admin/plugins`
pub(super) async fn health(State(host): State<Host>, Extension(asked): Extension<Asked>) -> Response {
    let words = &asked.words;
    // Which other sites there are is not told to those who see one.
    let whole = asked.operator.as_ref().is_some_and(|operator| operator.site.is_none());
    let plugins = host.app.plugin_facts();
    let body = html! {
        p.lead { (words.t("health-lead")) }
        ul.cards.wide { @for plugin in &plugins { (health_card(&host, words, plugin, whole)) } }
    };
    Page { host: &host, asked: &asked, title: words.t("nav-plugins"), here: "plugins", body }.answer()
}

fn health_card(host: &Host, words: &Words, plugin: &PluginFacts, whole: bool) -> Markup {
    let health = &plugin.health;
    let well = is_well(plugin, host);
    let state = match (plugin.is_loaded, well) {
        (false, _) => words.t("health-broken"),
        (true, false) => words.t("health-resting"),
        (true, true) => words.t("health-well"),
    };
    let average = health.fuel.checked_div(health.calls).unwrap_or_default();
    html! {
        li.card {
            div.line {
                h2.plain { (plugin_name(words, &plugin.name)) @if plugin.is_loaded { " " small { (plugin.version) } } }
                span class=(if well { "state good" } else { "state bad" }) { (state) }
            }
            p.hint { (plugin.description) }
            @if plugin.is_loaded {
                dl.facts {
                    div { dt { (words.t("health-calls")) } dd { (health.calls) } }
                    div { dt { (words.t("health-failures")) } dd.many[health.failures > 0] { (health.failures) } }
                    div { dt { (words.t("health-fuel")) } dd { (millions(average)) } }
                    div { dt { (words.t("health-fuel-max")) } dd { (millions(health.fuel_max)) } }
                }
            }
            @if let Some(until) = health.resting_until.filter(|_| !well) {
                p.error { (words.t("health-until")) " " (words.time(None, until)) " UTC" }
            }
            @if whole && !plugin.sites.is_empty() {
                p.hint { (words.t("health-sites")) " "
                    (plugin.sites.iter().map(|on| on.site.as_str()).collect::<Vec<_>>().join(", ")) }
                @for on in plugin.sites.iter().filter(|on| !on.missing.is_empty()) {
                    p.error { (on.site) ": " (words.t("health-missing")) " " (on.missing.join(", ")) }
                }
            }
            @if !health.errors.is_empty() {
                details {
                    summary { (words.t("health-errors")) }
                    ul { @for (at, error) in &health.errors { li { (words.time(None, *at)) " UTC: " (error) } } }
                }
            }
        }
    }
}

fn millions(fuel: u64) -> String {
    let tenths = fuel / 100_000;
    format!("{}.{} M", tenths / 10, tenths % 10)
}

/// `GET /admin/sites/{site}/plugins`
pub(super) async fn list(State(host): State<Host>, Extension(asked): Extension<Asked>) -> Response {
    let (site, ..) = match asked.here() {
        Ok(here) => here,
        Err(response) => return *response,
    };
    let words = &asked.words;
    let plugins = host.app.plugin_facts();
    let body = html! {
        (head(&asked, site, &Errors::new()))
        ul.cards.wide {
            @for plugin in plugins.iter().filter(|plugin| plugin.is_loaded) {
                @let own = site.config.plugins.get(&plugin.name);
                @let on = own.is_some_and(|own| own.enabled);
                @let missing = plugin.asked.iter().filter(|asked| own.is_some_and(|own| !own.grants.iter().any(|grant| grant == asked.name))).count();
                li.card {
                    div.line {
                        h2.plain { a href=(format!("/admin/sites/{}/plugins/{}", site.config.id, plugin.name)) { (plugin_name(words, &plugin.name)) } }
                        span class=(if on { "state good" } else { "state" }) { (words.t(if on { "plugin-on" } else { "plugin-off" })) }
                    }
                    p.hint { (plugin.description) }
                    @if on && missing > 0 { p.error { (words.t("plugin-missing")) " " (missing) } }
                }
            }
        }
    };
    Page { host: &host, asked: &asked, title: words.t("nav-site-plugins"), here: "site-plugins", body }
        .answer()
}

/// `GET /admin/sites/{site}/plugins/{plugin}`
pub(super) async fn get(
    State(host): State<Host>,
    Extension(asked): Extension<Asked>,
    Path((_, name)): Path<(String, String)>,
) -> Response {
    let (site, ..) = match asked.here() {
        Ok(here) => here,
        Err(response) => return *response,
    };
    let Some(plugin) = find(&host, &name) else { return missing(&host, &asked) };
    let own = site.config.plugins.get(&name);
    let mut shown: Vec<(String, String)> = Vec::new();
    if own.is_some_and(|own| own.enabled) {
        shown.push(("enabled".to_owned(), "yes".to_owned()));
    }
    let grants = own.map(|own| own.grants.clone());
    // What a plugin asks for is proposed where nothing was decided yet.
    let grants = grants.unwrap_or_else(|| plugin.asked.iter().map(|asked| asked.name.to_owned()).collect());
    shown.extend(grants.into_iter().map(|grant| ("grant".to_owned(), grant)));
    for setting in &plugin.settings {
        let set = own.and_then(|own| own.settings.get(setting.name.as_str())).unwrap_or(&setting.default);
        shown.extend(written(setting, set).map(|text| (field_name(setting), text)));
    }
    show(&host, &asked, &plugin, &Fields(shown), &Errors::new(), StatusCode::OK)
}

fn find(host: &Host, name: &str) -> Option<PluginFacts> {
    host.app.plugin_facts().into_iter().find(|plugin| plugin.is_loaded && plugin.name == name)
}

fn missing(host: &Host, asked: &Asked) -> Response {
    let text = asked.words.t("problem-no-plugin");
    layout::refused(host, &asked.words, &Problem::new(StatusCode::NOT_FOUND, "unknown_plugin", text))
}

fn field_name(setting: &Setting) -> String {
    format!("set-{}", setting.name.as_str())
}

/// A value as its field shows it; none for a box that is not ticked.
fn written(setting: &Setting, value: &toml::Value) -> Option<String> {
    match (setting.kind, value) {
        (SettingKind::Boolean, toml::Value::Boolean(false)) => None,
        (_, toml::Value::Array(lines)) => {
            Some(lines.iter().filter_map(toml::Value::as_str).collect::<Vec<_>>().join("\n"))
        }
        (_, toml::Value::String(text)) => Some(text.clone()),
        (_, other) => Some(other.to_string()),
    }
}

/// What was typed, as the configuration writes it; none for a number that is none.
fn typed(setting: &Setting, form: &Fields) -> Option<toml::Value> {
    let name = field_name(setting);
    Some(match setting.kind {
        SettingKind::Boolean => toml::Value::Boolean(form.has(&name)),
        SettingKind::Integer => toml::Value::Integer(form.get(&name).trim().parse().ok()?),
        SettingKind::Text | SettingKind::Choice => toml::Value::String(form.get(&name).trim().to_owned()),
        SettingKind::List => {
            toml::Value::Array(form.lines(&name).into_iter().map(toml::Value::String).collect())
        }
    })
}

/// `POST /admin/sites/{site}/plugins/{plugin}`
pub(super) async fn post(
    State(host): State<Host>,
    Extension(asked): Extension<Asked>,
    Path((_, name)): Path<(String, String)>,
) -> Response {
    let (site, operator, id) = match asked.here() {
        Ok(here) => here,
        Err(response) => return *response,
    };
    let (form, words) = (&asked.form, &asked.words);
    let Some(plugin) = find(&host, &name) else { return missing(&host, &asked) };
    let (mut errors, mut settings) = (Errors::new(), toml::Table::new());
    for setting in &plugin.settings {
        let value = typed(setting, form);
        match value.as_ref().map(|value| setting.read(value)) {
            Some(Ok(_)) => {}
            Some(Err(message)) => drop(errors.insert(field_name(setting), message)),
            None => drop(errors.insert(field_name(setting), bounds(words, setting))),
        }
        // What is as it would be anyway is left to the plugin, whose next version may know better.
        if let Some(value) = value.filter(|value| *value != setting.default) {
            settings.insert(setting.name.as_str().to_owned(), value);
        }
    }
    let grants = form.all("grant");
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if site.managed == Managed::File {
        (status, errors) = (StatusCode::CONFLICT, Errors::from([(String::new(), words.t("file-rule"))]));
    }
    if errors.is_empty() {
        let mut changed = Site::clone(&site.config);
        changed.plugins.insert(name.clone(), SitePlugin { enabled: form.has("enabled"), grants, settings });
        match host.app.save_site(operator, changed, version(form), "plugin-changed").await {
            Ok(()) => return layout::see(&format!("/admin/sites/{id}/plugins/{name}?saved=1")),
            Err(error) => (status, errors) = error.at_fields(words, &[]),
        }
    }
    show(&host, &asked, &plugin, form, &errors, status)
}

fn bounds(words: &Words, setting: &Setting) -> String {
    let bound = |bound: Option<i64>| bound.map(|bound| bound.to_string()).unwrap_or_default();
    format!("{} {}–{}", words.t("number-wrong"), bound(setting.min), bound(setting.max))
}

fn show(
    host: &Host,
    asked: &Asked,
    plugin: &PluginFacts,
    shown: &Fields,
    errors: &Errors,
    status: StatusCode,
) -> Response {
    let (site, ..) = match asked.here() {
        Ok(here) => here,
        Err(response) => return *response,
    };
    let (words, locked) = (&asked.words, is_locked(asked, site, Role::Admin));
    let granted = shown.all("grant");
    let body = html! {
        (head(asked, site, errors))
        p.lead { (plugin.description) }
        form.panel method="post" {
            (hidden(asked, site))
            (tick("enabled", "yes", &words.t("plugin-enabled"), "", shown.has("enabled"), locked))
            fieldset {
                legend { (words.t("plugin-grants")) }
                p.hint { (words.t("plugin-grants-hint")) }
                @for asked in &plugin.asked {
                    (tick("grant", asked.name, &words.t(&format!("grant-{}", asked.name)), &asked.reason, granted.iter().any(|grant| grant == asked.name), locked))
                }
            }
            @if !plugin.settings.is_empty() {
                h2 { (words.t("plugin-settings")) }
                @for setting in &plugin.settings { (setting_field(words, plugin, setting, shown, errors, locked)) }
            }
            @if !locked { p { button.main { (words.t("save")) } } }
        }
    };
    let title = plugin_name(words, &plugin.name);
    Page { host, asked, title, here: "site-plugins", body }.answer_as(status)
}

fn setting_field(
    words: &Words,
    plugin: &PluginFacts,
    setting: &Setting,
    shown: &Fields,
    errors: &Errors,
    disabled: bool,
) -> Markup {
    let name = field_name(setting);
    let own = words.of_plugin(&plugin.name, &format!("setting-{}", setting.name.as_str().replace('_', "-")));
    let label = own.unwrap_or_else(|| setting.label.clone());
    let hint = match (setting.kind, setting.min, setting.max) {
        (SettingKind::Integer, Some(min), Some(max)) => format!("{min}–{max}"),
        (SettingKind::List, ..) => words.t("one-a-line"),
        _ => String::new(),
    };
    match setting.kind {
        SettingKind::Boolean => tick(&name, "yes", &label, "", shown.has(&name), disabled),
        SettingKind::Choice => {
            let options: Vec<_> =
                setting.choices.iter().map(|choice| (choice.clone(), choice.clone())).collect();
            select(&name, &label, &options, shown.get(&name), disabled)
        }
        SettingKind::Integer | SettingKind::Text | SettingKind::List => Field {
            name: &name,
            label,
            value: shown.get(&name),
            hint,
            error: errors.get(&name).map(String::as_str),
            rows: if setting.kind == SettingKind::List { 5 } else { 1 },
            disabled,
        }
        .markup(),
    }
}
