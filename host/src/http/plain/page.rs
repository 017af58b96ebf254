//! The document around a view. Everything that comes from people or the configuration is escaped here; the view
//! itself was written by the renderer.

use std::fmt::Write as _;

use super::super::Host;
use super::super::problem::Problem;
use crate::base::config::Site;

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
    pub(super) act_path: String,
    pub(super) text: &'a dyn Fn(&str) -> String,
}

impl Page<'_> {
    pub(super) fn html(&self) -> String {
        let mut out = String::with_capacity(self.view.map_or(0, str::len) + 2_048);
        let title = match self.title {
            "" => escape(&self.site.name),
            title => format!("{} – {}", escape(title), escape(&self.site.name)),
        };
        let direction = if is_right_to_left(self.lang) { "rtl" } else { "ltr" };
        let _ = write!(
            out,
            "<!doctype html>\n<html lang=\"{}\" dir=\"{direction}\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"robots\" content=\"noindex\">\n",
            escape(self.lang)
        );
        if let Some(url) = self.host.assets.url(super::super::assets::PAGE_STYLES) {
            let _ = writeln!(out, "<link rel=\"stylesheet\" href=\"{}\">", escape(url));
        }
        out.push_str("</head>\n<body>\n");
        self.header(&mut out);
        out.push_str("<main>\n");
        if !self.title.is_empty() {
            let _ = writeln!(out, "<h1>{}</h1>", escape(self.title));
        }
        if let Some(notice) = self.notice {
            self.notice(notice, &mut out);
        }
        match self.view {
            Ok(html) => out.push_str(html),
            Err(_) if self.needs_sign_in => self.say("plain-sign-in", &mut out),
            Err(message) => {
                let _ = write!(out, "<p class=\"notice tone-danger\" role=\"alert\">{}</p>", escape(message));
            }
        }
        out.push_str("\n</main>\n</body>\n</html>\n");
        out
    }

    fn header(&self, out: &mut String) {
        out.push_str("<header class=\"page\">");
        match self.site.origins.first() {
            Some(origin) => {
                let _ = write!(out, "<a href=\"{}\">{}</a>", escape(origin), escape(&self.site.name));
            }
            None => {
                let _ = write!(out, "<span>{}</span>", escape(&self.site.name));
            }
        }
        if let Some(name) = self.signed_in {
            let _ = write!(out, "<b>{}</b>", escape(name));
        }
        out.push_str("</header>\n");
    }

    fn say(&self, id: &str, out: &mut String) {
        let _ = write!(out, "<p class=\"notice\" role=\"status\">{}</p>", escape(&(self.text)(id)));
    }

    /// Why not, and a form with everything that was typed, ready to be sent again.
    fn notice(&self, notice: &Notice, out: &mut String) {
        let _ = write!(
            out,
            "<div class=\"notice tone-danger\" role=\"alert\"><p>{}</p></div>\n\
             <form class=\"form\" method=\"post\" action=\"{}?{}\">",
            escape(&notice.message),
            escape(&self.act_path),
            escape(&notice.query)
        );
        let mut has_text = false;
        for (name, value) in &notice.fields {
            let (field, content) = (escape(name), escape(value));
            // A line break at the start of a textarea is dropped by parsers, hence the extra one.
            // Names that begin with `@` tell whom the names in a field stand for.
            let hidden = matches!(name.as_str(), "t" | "s" | "do" | "k") || name.starts_with('@');
            let _ = if hidden {
                write!(out, "<input type=\"hidden\" name=\"{field}\" value=\"{content}\">")
            } else if value.len() > 40 || value.contains('\n') || !has_text {
                let label = escape(&(self.text)("plain-your-text"));
                write!(
                    out,
                    "<label>{label}<textarea name=\"{field}\" rows=\"6\">\n{content}</textarea></label>"
                )
            } else {
                write!(out, "<input name=\"{field}\" value=\"{content}\" aria-label=\"{field}\">")
            };
            has_text |= !hidden;
        }
        let _ = writeln!(
            out,
            "<p><button class=\"button\">{}</button></p></form>",
            escape(&(self.text)("plain-send-again"))
        );
    }
}

/// For text and for quoted attributes alike.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

fn is_right_to_left(lang: &str) -> bool {
    matches!(lang.split('-').next(), Some("ar" | "dv" | "fa" | "he" | "ps" | "ur" | "yi"))
}

#[cfg(test)]
mod tests {
    use super::{escape, is_right_to_left};

    #[test]
    fn nothing_typed_becomes_markup() {
        assert_eq!(
            escape("<img src=x onerror='alert(1)' alt=\"&\">"),
            "&lt;img src=x onerror=&#39;alert(1)&#39; alt=&quot;&amp;&quot;&gt;"
        );
    }

    #[test]
    fn languages_have_their_direction() {
        assert!(is_right_to_left("ar-EG") && is_right_to_left("he"));
        assert!(!is_right_to_left("en") && !is_right_to_left("art"));
    }
}
