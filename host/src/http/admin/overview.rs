//! What there is: sites, what waits, what was changed.

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use serde_json::{Map, Value};

use super::super::Host;
use super::super::problem::Problem;
use super::guard::Asked;
use super::layout::{self, Page, Words};
use crate::base::id::SiteId;
use crate::dispatch::AuditLine;
use crate::dispatch::console::{Managed, ManagedSite, Role, SiteFacts};

/// Changes on the overview.
const LAST: usize = 8;
/// Characters of a value in the audit.
const VALUE_CHARS_MAX: usize = 300;

/// `GET /admin`
pub(super) async fn get(State(host): State<Host>, Extension(asked): Extension<Asked>) -> Response {
    match page(&host, &asked).await {
        Ok(body) => {
            Page { host: &host, asked: &asked, title: asked.words.t("nav-overview"), here: "overview", body }
                .answer()
        }
        Err(problem) => layout::refused(&host, &asked.words, &problem),
    }
}

async fn page(host: &Host, asked: &Asked) -> Result<Markup, Problem> {
    let (words, Some(operator)) = (&asked.words, &asked.operator) else { return Err(Problem::internal()) };
    let all = host.app.managed_sites().await?;
    let own = |site: &ManagedSite| operator.site.as_ref().is_none_or(|own| own.as_str() == site.config.id);
    let mut sites = Vec::new();
    for site in all.into_iter().filter(own) {
        let facts = host.app.site_facts(&SiteId::from(site.config.id.as_str())).await?;
        sites.push((site, facts));
    }
    let lines = match operator.role {
        Role::Admin => host.app.audit_lines(operator.site.as_ref(), u64::MAX).await?,
        Role::Moderator | Role::Steward => Vec::new(),
    };
    let resting = host.app.plugin_facts().iter().filter(|plugin| !is_well(plugin, host)).count();
    Ok(html! {
        @if resting > 0 && operator.role >= Role::Steward {
            p.notice.bad role="status" { (words.t("overview-ill")) " " a href="/admin/plugins" { (words.t("nav-plugins")) } }
        }
        section aria-labelledby="sites" {
            div.line {
                h2 #sites { (words.t("overview-sites")) }
                @if operator.site.is_none() { a.button href="/admin/new-site" { (words.t("site-new")) } }
            }
            @if sites.is_empty() { p.empty { (words.t("overview-no-site")) } }
            ul.cards { @for (site, facts) in &sites { (site_card(words, site, facts, operator.role)) } }
        }
        @if !lines.is_empty() {
            section aria-labelledby="changes" {
                div.line { h2 #changes { (words.t("overview-changes")) } a href="/admin/audit" { (words.t("all")) } }
                (audit_table(words, lines.iter().take(LAST), false))
            }
        }
    })
}

/// Whether a plugin can be used and is not resting.
pub(super) fn is_well(plugin: &crate::dispatch::console::PluginFacts, host: &Host) -> bool {
    plugin.is_loaded && plugin.health.resting_until.is_none_or(|until| until < host.app.clock().now())
}

fn site_card(words: &Words, site: &ManagedSite, facts: &SiteFacts, role: Role) -> Markup {
    let held: u32 = facts.held.iter().map(|(_, count)| count).sum();
    let at = |rest: &str| format!("/admin/sites/{}{rest}", site.config.id);
    let start = if role >= Role::Steward { at("") } else { at("/words") };
    html! {
        li.card {
            h3 { a href=(start) { (site.config.name) } }
            p.hint {
                @match site.managed {
                    Managed::File => (words.t("managed-file")),
                    Managed::Console { .. } => (words.t("managed-console")),
                }
            }
            ul.origins { @for origin in &site.config.origins { li { (origin) } } }
            dl.facts {
                div { dt { (words.t("fact-held")) } dd.many[held > 0] { (held) } }
                div { dt { (words.t("fact-reports")) } dd.many[!facts.reports.is_empty()] { (facts.reports.len()) } }
                div { dt { (words.t("fact-people")) } dd { (facts.people_count) } }
            }
            @if held > 0 { p.hint { (words.t("held-where")) } }
            @if role >= Role::Steward {
                p.links {
                    a href=(at("/embed")) { (words.t("nav-embed")) }
                    a href=(at("/doctor")) { (words.t("nav-doctor")) }
                    a href=(at("/try")) { (words.t("try")) }
                }
            }
        }
    }
}

/// `GET /admin/audit`
pub(super) async fn audit(State(host): State<Host>, Extension(asked): Extension<Asked>) -> Response {
    let words = &asked.words;
    let before = asked.query.get("before").parse().unwrap_or(u64::MAX);
    let site = asked.operator.as_ref().and_then(|operator| operator.site.clone());
    let lines = match host.app.audit_lines(site.as_ref(), before).await {
        Ok(lines) => lines,
        Err(refusal) => return layout::refused(&host, words, &Problem::from(refusal)),
    };
    let oldest = lines.last().map(|(number, _)| *number).filter(|number| *number > 1);
    let body = html! {
        p.lead { (words.t("audit-lead")) }
        @if lines.is_empty() { p.empty { (words.t("audit-empty")) } }
        @else { (audit_table(words, lines.iter(), true)) }
        @if let Some(oldest) = oldest.filter(|_| lines.len() >= 100) {
            p { a.button href=(format!("/admin/audit?before={oldest}")) { (words.t("older")) } }
        }
    };
    Page { host: &host, asked: &asked, title: words.t("nav-audit"), here: "audit", body }.answer()
}

fn audit_table<'l>(words: &Words, lines: impl Iterator<Item = &'l (u64, AuditLine)>, whole: bool) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label=(words.t("nav-audit")) {
            table {
                thead { tr {
                    th scope="col" { (words.t("audit-when")) }
                    th scope="col" { (words.t("audit-who")) }
                    th scope="col" { (words.t("audit-what")) }
                    @if whole { th scope="col" { (words.t("audit-change")) } }
                } }
                tbody {
                    @for (_, line) in lines {
                        tr {
                            td.when { (words.time(line.site.as_ref(), line.at)) }
                            td { (line.who) }
                            td { (words.t(&format!("audit-{}", line.what))) @if let Some(site) = &line.site { " · " (site) } }
                            @if whole { td { (changes(line)) } }
                        }
                    }
                }
            }
        }
    }
}

fn changes(line: &AuditLine) -> Markup {
    let parts = |text: &str| serde_json::from_str::<Map<String, Value>>(text).unwrap_or_default();
    let (before, after) = (parts(&line.before), parts(&line.after));
    let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
    names.sort();
    names.dedup();
    html! {
        @if !names.is_empty() {
            details {
                summary { (names.iter().take(3).map(|name| name.as_str()).collect::<Vec<_>>().join(", ")) @if names.len() > 3 { " …" } }
                dl.changes {
                    @for name in names {
                        dt { (name) }
                        dd {
                            @if let Some(value) = before.get(name) { del { (shown(value)) } " " }
                            @if let Some(value) = after.get(name) { ins { (shown(value)) } }
                        }
                    }
                }
            }
        }
    }
}

fn shown(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items
            .iter()
            .map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned))
            .collect::<Vec<_>>()
            .join(", "),
        other => other.to_string(),
    };
    match text.char_indices().nth(VALUE_CHARS_MAX) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}
