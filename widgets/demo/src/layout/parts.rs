//! Small pieces that several pages use.

use jiff::{Timestamp, ToSpan, tz::TimeZone};

use super::{Embed, Visit, assets};
use crate::content::{Page, Person};

/// Text made safe for HTML content and quoted attributes.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

/// A round picture with the person's initials, in one of eight tones that stays theirs.
pub(super) fn avatar(person: &Person) -> String {
    let tone = person.subject.bytes().fold(0_u32, |sum, byte| sum * 3 % 97 + u32::from(byte)) % 8;
    format!("<span class=\"avatar tone-{tone}\" aria-hidden=\"true\">{}</span>", escape(&person.initials()))
}

/// Thanks of a page: with `parameters` the feed of the site, or a button for who looks after the page.
pub(super) fn kudos(visit: &Visit<'_>, page: &Page, parameters: &str) -> String {
    if visit.embed != Embed::Element {
        return String::new();
    }
    let vouched =
        visit.token.map_or_else(String::new, |token| format!(" token=\"{token}\" token-url=\"/stoa/token\""));
    let words = if page.lang == "de" { "Dank" } else { "Thanks" };
    let parameters = escape(parameters);
    format!(
        "<stoa-kudos page=\"{key}\" lang=\"{lang}\" p=\"{parameters}\"{vouched}>\
         <a href=\"{stoa}/t/{site}/kudos?page={key}&amp;{parameters}\">{words}</a></stoa-kudos>",
        key = page.key,
        lang = visit.lang.unwrap_or(&page.lang),
        stoa = visit.settings.stoa,
        site = visit.settings.site,
    )
}

/// The day `days` ago, as people write it in that language.
pub(super) fn day(days: i64, lang: &str) -> String {
    let date = Timestamp::now().to_zoned_datetime(TimeZone::UTC).date().saturating_sub(days.days());
    if lang == "de" { date.strftime("%-d.%-m.%Y") } else { date.strftime("%-d %b %Y") }.to_string()
}

/// The hero picture of a page. Decoration: it says nothing that the title does not say.
pub(super) fn hero(name: &str) -> String {
    let address = assets::address(&format!("heroes/{name}.svg"));
    format!("<img class=\"hero\" src=\"{address}\" alt=\"\" width=\"960\" height=\"320\">")
}

/// A card that links to a page.
pub(super) fn card(page: &Page, level: u8) -> String {
    format!(
        "<article class=\"card\" lang=\"{lang}\"><a class=\"card-link\" href=\"{path}\">{hero}\
         <span class=\"card-text\"><h{level}>{title}</h{level}><p>{lead}</p><p class=\"meta\">{day}{counts}</p></span></a></article>",
        lang = page.lang,
        path = page.path(),
        hero = hero(&page.hero),
        title = escape(&page.title),
        lead = escape(&page.lead),
        day = day(page.updated_days_ago, &page.lang),
        counts = counts(page),
    )
}

/// How much staff have written there; filled in by the widgets, and nothing where that is nothing.
fn counts(page: &Page) -> String {
    let of = |plugin: &str| {
        format!("<stoa-count page=\"{key}\" plugin=\"{plugin}\"></stoa-count>", key = page.key)
    };
    let questions = page.questions.as_ref().map_or_else(String::new, |_| of("questions"));
    let comments = if page.has_comments { of("comments") } else { String::new() };
    format!("{questions}{comments}")
}

/// "Home › Policies › Travel". The last item is the page itself.
pub(super) fn crumbs(trail: &[(&str, &str)], here: &str) -> String {
    let links: String = trail
        .iter()
        .map(|(path, name)| format!("<li><a href=\"{path}\">{}</a></li>", escape(name)))
        .collect();
    format!(
        "<nav class=\"crumbs\" id=\"crumbs\" aria-label=\"Breadcrumb\"><ol>{links}\
         <li aria-current=\"page\">{}</li></ol></nav>",
        escape(here)
    )
}
