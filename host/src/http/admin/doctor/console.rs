//! The doctor in the console: a page of the site examined, a token looked at, and what widgets in the field reported.

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};

use super::super::super::Host;
use super::super::super::problem::Problem;
use super::super::guard::Asked;
use super::super::layout::{self, Field, Page, Words, copied, notice};
use super::{Examined, Finding, Weight, Who, examine};
use crate::dispatch::FieldReport;
use crate::identity::embed::inspect::Inspected;

/// `GET /admin/sites/{site}/doctor`
pub(in super::super) async fn get(State(host): State<Host>, Extension(asked): Extension<Asked>) -> Response {
    show(&host, &asked, None).await
}

/// `POST /admin/sites/{site}/doctor`: only addresses of the site's own origins are fetched, and of this host.
pub(in super::super) async fn post(State(host): State<Host>, Extension(asked): Extension<Asked>) -> Response {
    let (site, ..) = match asked.here() {
        Ok(here) => here,
        Err(response) => return *response,
    };
    let (words, page) = (&asked.words, asked.form.get("page").trim());
    let mut allowed = site.config.origins.clone();
    let is_own = reqwest::Url::parse(page)
        .is_ok_and(|url| site.config.origins.contains(&url.origin().ascii_serialization()));
    let result = if is_own {
        let config = host.app.served_config();
        allowed.push(config.public_url.clone());
        let cookies = None;
        match examine(Examined { page, config: &config, cookies, allowed: Some(allowed) }).await {
            Ok(findings) => found(words, &findings),
            Err(error) => notice("bad", &error.to_string()),
        }
    } else {
        notice("bad", &words.t("doctor-elsewhere"))
    };
    show(&host, &asked, Some(&result)).await
}

fn found(words: &Words, findings: &[Finding]) -> Markup {
    html! {
        @if findings.is_empty() { (notice("good", &words.t("doctor-well"))) }
        ul.findings {
            @for finding in findings {
                @let bad = finding.weight == Weight::Fault;
                li.card {
                    p.line { span class=(if bad { "state bad" } else { "state warn" }) { (words.t(if bad { "weight-fault" } else { "weight-advice" })) }
                        span.hint { (words.t(match finding.who { Who::Page => "who-page", Who::Intranet => "who-intranet", Who::Stoa => "who-stoa" })) } }
                    p lang="en" { (finding.says) }
                    div lang="en" { (copied(words, &words.t("doctor-cure"), &finding.cure)) }
                }
            }
        }
    }
}

async fn show(host: &Host, asked: &Asked, result: Option<&Markup>) -> Response {
    let (site, _, id) = match asked.here() {
        Ok(here) => here,
        Err(response) => return *response,
    };
    let words = &asked.words;
    let reports = match host.app.site_facts(&id).await {
        Ok(facts) => facts.reports,
        Err(refusal) => return layout::refused(host, words, &Problem::from(refusal)),
    };
    let usual = site.config.origins.first().map(|origin| format!("{origin}/")).unwrap_or_default();
    let typed = asked.form.get("page");
    let field = Field {
        name: "page",
        label: words.t("doctor-page"),
        value: if typed.is_empty() { &usual } else { typed },
        hint: words.t("doctor-page-hint"),
        error: None,
        rows: 1,
        disabled: false,
    };
    let body = html! {
        p.lead { (words.t("doctor-lead")) }
        form.panel method="post" action=(format!("/admin/sites/{id}/doctor")) {
            (asked.form_token())
            (field.markup())
            p { button.main { (words.t("doctor-examine")) } }
        }
        @if let Some(result) = result { (result) }
        section aria-labelledby="reports" {
            h2 #reports { (words.t("reports")) }
            p.hint { (words.t("reports-lead")) }
            @if reports.is_empty() { p.empty { (words.t("reports-none")) } }
            @else {
                ul.findings { @for report in &reports { (reported(words, &id, report)) } }
                form method="post" action=(format!("/admin/sites/{id}/reports")) {
                    (asked.form_token())
                    button.quiet { (words.t("reports-clear")) }
                }
            }
        }
    };
    Page { host, asked, title: words.t("nav-doctor"), here: "doctor", body }.answer()
}

fn reported(words: &Words, site: &crate::base::id::SiteId, report: &FieldReport) -> Markup {
    let cure = match report.code.as_str() {
        "origin" => Some(format!("origins = [..., \"{}\"]", report.origin)),
        "connect" => Some("connect-src".to_owned()),
        _ => None,
    };
    html! {
        li.card {
            p.line {
                b { (words.t(&format!("report-{}", report.code))) }
                span.hint { (report.count) "× · " (words.time(Some(site), report.last_at)) }
            }
            p { (report.origin) (report.page) }
            p.hint { (words.t(&format!("report-{}-cure", report.code))) }
            @if let Some(cure) = cure.filter(|_| report.code == "origin") { (copied(words, &words.t("doctor-cure"), &cure)) }
        }
    }
}

/// `POST /admin/sites/{site}/reports`: what was reported is forgotten.
pub(in super::super) async fn clear(
    State(host): State<Host>,
    Extension(asked): Extension<Asked>,
) -> Response {
    let (_, operator, id) = match asked.here() {
        Ok(here) => here,
        Err(response) => return *response,
    };
    match host.app.clear_reports(operator, &id).await {
        Ok(()) => layout::see(&format!("/admin/sites/{id}/doctor")),
        Err(refusal) => layout::refused(&host, &asked.words, &Problem::from(refusal)),
    }
}

/// `GET /admin/sites/{site}/token`
pub(in super::super) async fn token(
    State(host): State<Host>,
    Extension(asked): Extension<Asked>,
) -> Response {
    show_token(&host, &asked, None)
}

/// `POST /admin/sites/{site}/token`: nobody is signed in by it, and it is not shown again.
pub(in super::super) async fn inspect(
    State(host): State<Host>,
    Extension(asked): Extension<Asked>,
) -> Response {
    let (_, _, id) = match asked.here() {
        Ok(here) => here,
        Err(response) => return *response,
    };
    match host.app.inspect_token(&id, asked.form.get("token").trim(), None).await {
        Ok(inspected) => show_token(&host, &asked, Some(&looked_at(&asked.words, &inspected))),
        Err(refusal) => layout::refused(&host, &asked.words, &Problem::from(refusal)),
    }
}

fn show_token(host: &Host, asked: &Asked, result: Option<&Markup>) -> Response {
    let words = &asked.words;
    let field = Field {
        name: "token",
        label: words.t("token-label"),
        value: "",
        hint: words.t("token-hint"),
        error: None,
        rows: 5,
        disabled: false,
    };
    let body = html! {
        p.lead { (words.t("token-lead")) }
        @if let Some(result) = result { (result) }
        form.panel method="post" {
            (asked.form_token())
            (field.markup())
            p { button.main { (words.t("token-inspect")) } }
        }
    };
    Page { host, asked, title: words.t("nav-token"), here: "token", body }.answer()
}

fn looked_at(words: &Words, inspected: &Inspected) -> Markup {
    let clock = match inspected.age_s {
        Some(age) if age < 0 => format!("{} s {}", -age, words.t("token-ahead")),
        Some(age) => format!("{age} s {}", words.t("token-ago")),
        None => words.t("token-no-time"),
    };
    html! {
        @match &inspected.verdict {
            Ok(vouched) => {
                @let name = vouched.claims.name.as_deref().unwrap_or(vouched.claims.subject.as_str());
                (notice("good", &format!("{} {name}", words.t("token-signs-in"))))
            }
            Err(error) => {
                div.notice.bad role="alert" {
                    p { (words.t("token-refused")) }
                    p lang="en" { (error) }
                }
                @if let Some(change) = &inspected.change { div lang="en" { (copied(words, &words.t("doctor-cure"), change)) } }
            }
        }
        dl.pairs {
            dt { (words.t("token-key")) } dd { (inspected.key.as_deref().unwrap_or(&words.t("token-no-key"))) }
            dt { (words.t("token-clock")) } dd { (clock) }
            @if let Some(claims) = inspected.claims.as_object() {
                @for (name, value) in claims.iter().take(40) { dt { code { (name) } } dd { (short(value)) } }
            }
        }
    }
}

fn short(value: &serde_json::Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    text.char_indices().nth(200).map_or(text.clone(), |(at, _)| format!("{}…", &text[..at]))
}
