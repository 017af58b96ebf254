//! The document around a view. maud escapes everything that comes from people or the configuration; the view itself was
//! written by the renderer.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::super::Host;
use super::super::problem::Problem;
use crate::base::config::Site;

/// The longest value that is shown in a field of one line.
const LINE_BYTES_MAX: usize = 40;

/// What the page says above the view, with what somebody typed.
pub(super) struct Notice {
    message: String,
    fields: Vec<(String, String)>,
    /// The query of the form's address.
    query: String,
}

impl Notice {
    /// Why something was not done: what is wrong with the fields, or else the problem.
    pub(super) fn new(problem: &Problem, form: Vec<(String, String)>, query: &str) -> Self {
        let message = match &*problem.fields {
            [] => problem.detail.to_string(),
            fields => fields.iter().map(|(_, message)| message.as_str()).collect::<Vec<_>>().join(" "),
        };
        Self { message, fields: form, query: query.to_owned() }
    }
}

/// Everything a page shows.
pub(super) struct Page<'a> {
    pub(super) host: &'a Host,
    pub(super) site: &'a Site,
    pub(super) lang: &'a str,
    pub(super) title: &'a str,
    /// The view, or why there is none.
    pub(super) view: Result<&'a str, &'a str>,
    pub(super) notice: Option<&'a Notice>,
    pub(super) signed_in: Option<&'a str>,
    pub(super) needs_sign_in: bool,
    /// Where people sign in, where that is known.
    pub(super) sign_in: Option<String>,
    /// Where a form signs out, and the path that is shown then.
    pub(super) sign_out: Option<(String, String)>,
    pub(super) act_path: String,
    /// Where to ask what stands for this page in others.
    pub(super) oembed: Option<String>,
    /// What the page is about, as JSON-LD for programs that read it.
    pub(super) structured: Option<&'a str>,
    pub(super) text: &'a dyn Fn(&str) -> String,
}

impl Page<'_> {
    pub(super) fn html(&self) -> String {
        let direction = if is_right_to_left(self.lang) { "rtl" } else { "ltr" };
        let styles = self.host.assets.url(super::super::assets::PAGE_STYLES);
        let page = html! {
            (DOCTYPE)
            html lang=(self.lang) dir=(direction) {
                head {
                    meta charset="utf-8";
                    title { @if !self.title.is_empty() { (self.title) " – " } (self.site.name) }
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="robots" content="noindex";
                    @if let Some(url) = &self.oembed {
                        link rel="alternate" type="application/json+oembed" href=(url) title=(self.site.name);
                    }
                    // Written by the host, with every `<` in it escaped; no browser runs it.
                    @if let Some(json) = self.structured {
                        script type="application/ld+json" { (PreEscaped(json)) }
                    }
                    @if let Some(url) = styles { link rel="stylesheet" href=(url); }
                }
                body {
                    (self.header())
                    main {
                        @if !self.title.is_empty() { h1 { (self.title) } }
                        @if let Some(notice) = self.notice { (self.retry(notice)) }
                        @match self.view {
                            // Written by the renderer, which escapes what is in it.
                            Ok(view) => (PreEscaped(view)),
                            Err(_) if self.needs_sign_in => {
                                p.notice role="status" {
                                    @match &self.sign_in {
                                        Some(url) => a href=(url) { ((self.text)("host-problem-sign-in")) },
                                        None => ((self.text)("plain-sign-in")),
                                    }
                                }
                            }
                            Err(message) => {
                                p.notice.tone-danger role="alert" { (message) }
                                @if let Some(url) = &self.sign_in {
                                    p { a href=(url) { ((self.text)("plain-sign-in-again")) } }
                                }
                            }
                        }
                    }
                }
            }
        };
        page.into_string()
    }

    fn header(&self) -> Markup {
        html! {
            header.page {
                @match self.site.origins.first() {
                    Some(origin) => a href=(origin) { (self.site.name) },
                    None => span { (self.site.name) },
                }
                @match self.signed_in {
                    Some(name) => {
                        div {
                            b { (name) }
                            @if let Some((action, to)) = &self.sign_out {
                                form method="post" action=(action) {
                                    input type="hidden" name="to" value=(to);
                                    button.button { ((self.text)("plain-sign-out")) }
                                }
                            }
                        }
                    }
                    None => @if let (Some(url), Ok(_)) = (&self.sign_in, self.view) {
                        a href=(url) { ((self.text)("plain-sign-in-here")) }
                    }
                }
            }
        }
    }

    /// Why not, and a form with everything that was typed, ready to be sent again.
    fn retry(&self, notice: &Notice) -> Markup {
        let label = (self.text)("plain-your-text");
        // Names that begin with `@` tell whom the names in a field stand for.
        let is_hidden = |name: &str| matches!(name, "t" | "s" | "do" | "k") || name.starts_with('@');
        let first_text = notice.fields.iter().position(|(name, _)| !is_hidden(name));
        html! {
            div.notice.tone-danger role="alert" { p { (notice.message) } }
            form.form method="post" action=(format!("{}?{}", self.act_path, notice.query)) {
                @for (place, (name, value)) in notice.fields.iter().enumerate() {
                    @if is_hidden(name) {
                        input type="hidden" name=(name) value=(value);
                    } @else if value.len() > LINE_BYTES_MAX || value.contains('\n') || first_text == Some(place) {
                        // A line break at the start of a textarea is dropped by parsers, hence the extra one.
                        label { (label) textarea name=(name) rows="6" { "\n" (value) } }
                    } @else {
                        label { (label) input name=(name) value=(value); }
                    }
                }
                p { button.button { ((self.text)("plain-send-again")) } }
            }
        }
    }
}

fn is_right_to_left(lang: &str) -> bool {
    matches!(lang.split('-').next(), Some("ar" | "dv" | "fa" | "he" | "ps" | "ur" | "yi"))
}

#[cfg(test)]
mod tests {
    use super::is_right_to_left;

    #[test]
    fn languages_have_their_direction() {
        assert!(is_right_to_left("ar-EG") && is_right_to_left("he"));
        assert!(!is_right_to_left("en") && !is_right_to_left("art"));
    }
}
