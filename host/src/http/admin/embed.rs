//! What to paste into a page, with the look that is chosen, and a page to try it on.

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use maud::{Markup, html};

use super::super::Host;
use super::super::problem::Problem;
use super::guard::{Asked, Fields};
use super::layout::{self, Page, Words, copied, document, notice, select};
use super::sites::plugin_name;
use crate::base::config::{IssuerKind, Site};

/// The colours that can be chosen, each with what it is otherwise: in the light, and what it is read on.
const COLOURS: [(&str, &str); 4] =
    [("accent", "#1f5fbf"), ("accent-fg", "#ffffff"), ("fg", "#1b1f27"), ("bg", "#ffffff")];
/// Pairs of text and ground, by name, that have to be told apart (WCAG 2.2, 1.4.3: 4.5 to 1).
const PAIRS: [(&str, &str); 3] = [("fg", "bg"), ("accent", "bg"), ("accent-fg", "accent")];
const CONTRAST_MIN: f64 = 4.5;

/// Systems with a package or a guide; the folders of `widgets/cms`.
const SYSTEMS: [&str; 9] =
    ["html", "wordpress", "dokuwiki", "mediawiki", "wagtail", "static", "sharepoint", "confluence", "moodle"];

/// A colour as `#rrggbb`, as browsers' fields of colours write it.
fn colour<'f>(query: &'f Fields, (name, usual): (&str, &'f str)) -> &'f str {
    let typed = query.get(name);
    let is_one =
        typed.len() == 7 && typed.starts_with('#') && typed[1..].bytes().all(|b| b.is_ascii_hexdigit());
    if is_one { typed } else { usual }
}

/// Relative luminance (WCAG 2.2).
fn luminance(colour: &str) -> f64 {
    let channel = |at: usize| {
        let value =
            colour.get(at..at + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok()).unwrap_or_default();
        let value = f64::from(value) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

/// How well a text can be told from what is behind it: 1 to 21 (WCAG 2.2).
fn contrast(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// The lines of CSS that set what is not as it is anyway.
fn look_lines(query: &Fields) -> Vec<String> {
    let changed = COLOURS.iter().filter(|usual| colour(query, **usual) != usual.1);
    let mut lines: Vec<_> =
        changed.map(|usual| format!("  --stoa-{}: {};", usual.0, colour(query, *usual))).collect();
    match query.get("radius") {
        "square" => lines.push("  --stoa-radius: 0;".to_owned()),
        "round" => lines.push("  --stoa-radius: 1rem;".to_owned()),
        _ => {}
    }
    if query.get("density") == "dense" {
        lines.push("  --stoa-density: 0.6;".to_owned());
    }
    lines
}

/// `GET /admin/sites/{site}/look.css`: the chosen look, for the test page and the preview.
pub(super) async fn look(Extension(asked): Extension<Asked>) -> Response {
    let lines = look_lines(&asked.query);
    let colours: Vec<_> = COLOURS
        .iter()
        .map(|usual| format!("  --stoa-{}: {};", usual.0, colour(&asked.query, *usual)))
        .collect();
    let css = format!(":root {{\n{}\n}}\n.preview {{\n{}\n}}\n", lines.join("\n"), colours.join("\n"));
    let mut response = css.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8"));
    response
}

/// The same query at another address of the site.
fn with_query(site: &Site, rest: &str, query: &Fields) -> String {
    let pairs: Vec<_> = query.0.iter().filter(|(_, value)| value.len() <= 100).take(20).collect();
    format!("/admin/sites/{}/{rest}?{}", site.id, serde_urlencoded::to_string(pairs).unwrap_or_default())
}

/// `GET /admin/sites/{site}/embed`
pub(super) async fn get(State(host): State<Host>, Extension(asked): Extension<Asked>) -> Response {
    let (site, ..) = match asked.here() {
        Ok(here) => here,
        Err(response) => return *response,
    };
    let (words, query, config) = (&asked.words, &asked.query, &*site.config);
    let elements = elements(words, config);
    let element =
        elements.iter().map(|(value, _)| value.as_str()).find(|value| *value == query.get("element"));
    let element = element.unwrap_or("page");
    let system = SYSTEMS.iter().copied().find(|system| *system == query.get("system")).unwrap_or("html");
    let body = html! {
        p.lead { (words.t("embed-lead")) }
        form.panel.steps method="get" data-live="" {
            fieldset { legend { "1 · " (words.t("embed-what")) }
                (select("element", &words.t("embed-element"), &elements, element, false))
                (select("system", &words.t("embed-system"), &systems(words), system, false)) }
            fieldset { legend { "2 · " (words.t("embed-look")) } (look_fields(words, query)) }
            p { button.main { (words.t("embed-show")) } }
        }
        section aria-labelledby="paste" {
            h2 #paste { "3 · " (words.t("embed-paste")) }
            (paste(&host, words, config, query, (element, system)))
        }
        p { a.button href=(with_query(config, "try", query)) { (words.t("embed-try")) } }
    };
    let head = html! { link rel="stylesheet" href=(with_query(config, "look.css", query)); };
    Page {
        host: &host,
        asked: &asked,
        title: words.t("nav-embed"),
        here: "embed",
        body: html! { (head) (body) },
    }
    .answer()
}

fn elements(words: &Words, site: &Site) -> Vec<(String, String)> {
    let mut all = vec![("page".to_owned(), words.t("element-page"))];
    let enabled = site.plugins.iter().filter(|(_, plugin)| plugin.enabled);
    all.extend(enabled.map(|(name, _)| (name.clone(), plugin_name(words, name))));
    all.push(("bell".to_owned(), words.t("element-bell")));
    all
}

fn systems(words: &Words) -> Vec<(String, String)> {
    let name = |system: &str| match system {
        "html" => words.t("system-html"),
        "wordpress" => "WordPress".to_owned(),
        "dokuwiki" => "DokuWiki".to_owned(),
        "mediawiki" => "MediaWiki".to_owned(),
        "wagtail" => "Wagtail, Django".to_owned(),
        "static" => words.t("system-static"),
        "sharepoint" => "SharePoint".to_owned(),
        "confluence" => "Confluence".to_owned(),
        _ => "Moodle".to_owned(),
    };
    SYSTEMS.iter().map(|system| ((*system).to_owned(), name(system))).collect()
}

fn look_fields(words: &Words, query: &Fields) -> Markup {
    let radius =
        ["usual", "square", "round"].map(|name| (name.to_owned(), words.t(&format!("radius-{name}"))));
    let density = ["usual", "dense"].map(|name| (name.to_owned(), words.t(&format!("density-{name}"))));
    html! {
        div.colours {
            @for usual in COLOURS {
                div.field {
                    label for=(usual.0) { (words.t(&format!("colour-{}", usual.0))) }
                    input type="color" id=(usual.0) name=(usual.0) value=(colour(query, usual));
                }
            }
        }
        div.two {
            (select("radius", &words.t("radius"), &radius, query.get("radius"), false))
            (select("density", &words.t("density"), &density, query.get("density"), false))
        }
        ul.contrast {
            @for (text, ground) in PAIRS {
                @let of = |name: &str| COLOURS.iter().find(|usual| usual.0 == name).map_or("#000000", |usual| colour(query, *usual));
                @let ratio = contrast(of(text), of(ground));
                @let good = ratio >= CONTRAST_MIN;
                li { span class=(if good { "state good" } else { "state bad" }) { (format!("{ratio:.1} : 1")) } " "
                    (words.t(&format!("pair-{text}"))) @if !good { " – " (words.t("contrast-low")) } }
            }
        }
        div.preview role="img" aria-label=(words.t("preview")) {
            p { b { "Anna Bergmann" } " · " (words.t("preview-time")) }
            p { (words.t("preview-text")) " " span.a { (words.t("preview-link")) } }
            p { span.b { (words.t("preview-send")) } }
        }
    }
}

/// The tag of an element, with the settings that a page gives it.
fn tag(element: &str, settings: &str) -> String {
    let known = ["page", "comments", "questions", "kudos", "bell"];
    match element {
        "bell" => format!("<stoa-bell{}></stoa-bell>", settings.replace(" page=\"PAGE-KEY\"", "")),
        element if known.contains(&element) => format!("<stoa-{element}{settings}></stoa-{element}>"),
        element => format!("<stoa-plugin name=\"{element}\"{settings}></stoa-plugin>"),
    }
}

fn paste(host: &Host, words: &Words, site: &Site, query: &Fields, (element, system): (&str, &str)) -> Markup {
    let url = &host.app.config().public_url;
    let signs = !site.issuers.is_empty();
    let token = if signs { " token-url=\"/stoa/token\"" } else { "" };
    let oidc = site.issuers.iter().any(|issuer| issuer.kind == IssuerKind::Oidc);
    let script =
        format!("<script type=\"module\" src=\"{url}/embed.js\" data-site=\"{}\"></script>", site.id);
    let lines = match system {
        "wordpress" | "dokuwiki" => {
            format!("{}: {url}\n{}: {}", words.t("set-server"), words.t("set-site"), site.id)
        }
        "mediawiki" => format!(
            "wfLoadExtension( 'Stoa' );\n$wgStoaServer = '{url}';\n$wgStoaSite = '{}';\n$wgStoaSecret = '...';\n$wgStoaNamespaces = [ NS_MAIN ];",
            site.id
        ),
        _ => format!("{script}\n{}", tag(element, &format!(" page=\"PAGE-KEY\"{token}"))),
    };
    let look = look_lines(query);
    let policy = format!("script-src {url} 'wasm-unsafe-eval'; connect-src {url}");
    html! {
        p { (words.t(&format!("how-{}", if ["wordpress", "dokuwiki", "mediawiki", "html"].contains(&system) { system } else { "guide" }))) }
        @if system != "html" { p.hint { (words.t("guide-where")) " " code { "widgets/cms/" (system) } } }
        (copied(words, &words.t("embed-lines"), &lines))
        @if !look.is_empty() {
            p { (words.t("embed-css")) }
            (copied(words, &words.t("embed-css"), &format!(":root {{\n{}\n}}", look.join("\n"))))
        }
        p { (words.t("embed-policy")) }
        (copied(words, &words.t("embed-policy"), &policy))
        @if !signs && !site.anonymous_read { (notice("warn", &words.t("embed-no-key"))) }
        @if site.origins.is_empty() { (notice("warn", &words.t("embed-no-origin"))) }
        @if signs && !oidc && system == "html" { p.hint { (words.t("embed-token")) } }
        @if oidc { p.hint { (words.t("embed-oidc")) } }
    }
}

/// `GET /admin/sites/{site}/try`: a page of the host with the real widget.
pub(super) async fn try_page(State(host): State<Host>, Extension(asked): Extension<Asked>) -> Response {
    let (site, ..) = match asked.here() {
        Ok(here) => here,
        Err(response) => return *response,
    };
    let (words, query, config) = (&asked.words, &asked.query, &*site.config);
    let elements = elements(words, config);
    let element =
        elements.iter().map(|(value, _)| value.as_str()).find(|value| *value == query.get("element"));
    let element = element.unwrap_or("page");
    let settings = format!(
        " page=\"stoa-console-test\" title=\"{}\" token-url=\"/admin/sites/{}/try/token\" lang=\"{}\"",
        words.t("try-title"),
        config.id,
        words.language
    );
    let none = config.plugins.values().all(|plugin| !plugin.enabled);
    let body = html! {
        main.try #main {
            p { a href=(with_query(config, "embed", query)) { "← " (words.t("nav-embed")) } }
            p.crumb { (config.name) }
            h1 { (words.t("try-title")) }
            p.lead { (words.t("try-lead")) }
            @if none { (notice("warn", &words.t("try-none"))) }
            @else { (maud::PreEscaped(tag(element, &settings))) }
        }
    };
    let head = html! {
        link rel="stylesheet" href=(with_query(config, "look.css", query));
        script type="module" src="/embed.js" data-site=(config.id) {}
    };
    layout::respond_to_try(document(&host, words, &words.t("try-title"), &head, &body))
}

/// `GET /admin/sites/{site}/try/token`: what the test page vouches with for whoever looks at it.
pub(super) async fn try_token(State(host): State<Host>, Extension(asked): Extension<Asked>) -> Response {
    let (_, operator, id) = match asked.here() {
        Ok(here) => here,
        Err(response) => return *response,
    };
    match host.app.try_token(operator, &id) {
        Ok(token) => {
            let mut response = (StatusCode::OK, token).into_response();
            response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            response
        }
        Err(refusal) => Problem::from(refusal).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::{COLOURS, Fields, PAIRS, colour, contrast, look_lines};

    #[test]
    fn contrast_is_that_of_the_guidelines() {
        let check = |one, other, expected: f64| {
            assert!((contrast(one, other) - expected).abs() < 0.01, "{one} {other}")
        };
        check("#000000", "#ffffff", 21.0);
        check("#ffffff", "#ffffff", 1.0);
        check("#777777", "#ffffff", 4.48);
        check("#1f5fbf", "#ffffff", 6.09);
    }

    #[test]
    fn the_usual_look_can_be_read_and_needs_no_line() {
        let usual = Fields::default();
        assert!(look_lines(&usual).is_empty());
        let of = |name: &str| COLOURS.iter().find(|known| known.0 == name).unwrap().1;
        assert!(PAIRS.iter().all(|(text, ground)| contrast(of(text), of(ground)) >= 4.5));
    }

    #[test]
    fn only_a_colour_comes_into_the_style_sheet() {
        for odd in ["red", "#12345", "#1234567", "#12345g", "#fff;}a", "#ääää", "url(x)", ""] {
            let query = Fields(vec![("accent".to_owned(), odd.to_owned())]);
            assert_eq!(colour(&query, COLOURS[0]), "#1f5fbf", "{odd}");
        }
        let query = Fields(vec![("accent".to_owned(), "#0A0b0c".to_owned())]);
        assert_eq!(look_lines(&query), ["  --stoa-accent: #0A0b0c;"]);
    }
}
