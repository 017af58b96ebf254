//! What surrounds every page: head, header with navigation and switcher, footer.

use super::parts::{avatar, escape};
use super::{Spa, Visit, assets};

/// The part of a document that differs from page to page.
pub(super) struct Main {
    /// Title in the browser's tab.
    pub(super) title: String,
    /// Language of the document.
    pub(super) lang: String,
    /// Slug of the section that is marked in the navigation.
    pub(super) section: String,
    /// Class of the main element: article, home or list.
    pub(super) kind: &'static str,
    /// Content of the main element.
    pub(super) html: String,
}

/// The whole document.
pub(super) fn document(visit: &Visit<'_>, main: &Main) -> String {
    format!(
        "<!doctype html>\n<html lang=\"{lang}\" dir=\"{dir}\"{spa}>\n<head>\n{head}</head>\n<body>\n\
         <a class=\"skip\" href=\"#page\">Skip to content</a>\n{header}\n\
         <main id=\"page\" class=\"{kind}\" tabindex=\"-1\">\n{html}\n</main>\n{footer}\n</body>\n</html>\n",
        lang = main.lang,
        dir = if visit.rtl { "rtl" } else { "ltr" },
        spa = match visit.spa {
            Spa::Off => "",
            Spa::Replace => " data-spa=\"replace\"",
            Spa::Attributes => " data-spa=\"attributes\"",
        },
        head = head(visit, &main.title),
        header = header(visit, &main.section),
        kind = main.kind,
        html = main.html,
        footer = footer(),
    )
}

fn head(visit: &Visit<'_>, title: &str) -> String {
    let vouched = visit.token.map_or_else(String::new, |token| {
        format!(
            "<meta name=\"stoa-token\" content=\"{token}\">\n\
             <meta name=\"stoa-token-url\" content=\"/stoa/token\">\n"
        )
    });
    format!(
        "<meta charset=\"utf-8\">\n<title>{title} · Nordlicht</title>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n{vouched}\
         <link rel=\"icon\" href=\"{mark}\" type=\"image/svg+xml\">\n\
         <link rel=\"stylesheet\" href=\"{css}\">\n<script src=\"{js}\" defer></script>\n\
         <script type=\"module\" src=\"{stoa}/embed.js\" data-site=\"{site}\" async></script>\n",
        title = escape(title),
        mark = assets::address("mark.svg"),
        css = assets::address("site.css"),
        js = assets::address("site.js"),
        stoa = visit.settings.stoa,
        site = visit.settings.site,
    )
}

fn header(visit: &Visit<'_>, current: &str) -> String {
    let sections = visit.content.sections.iter().map(|section| (section.slug, section.name));
    let links: String = sections
        .chain([("questions", "Questions"), ("people", "People")])
        .map(|(slug, name)| {
            let here = if slug == current { " aria-current=\"true\"" } else { "" };
            format!("<li><a href=\"/{slug}\"{here}>{name}</a></li>")
        })
        .collect();
    format!(
        "<header class=\"top\" lang=\"en\"><div class=\"bar\">\
         <a class=\"brand\" href=\"/\"><img src=\"{mark}\" alt=\"\" width=\"32\" height=\"32\">\
         <span>Nordlicht</span></a>\
         <nav class=\"sections\" id=\"sections\" aria-label=\"Main\"><ul>{links}</ul></nav>{bell}{switcher}</div></header>",
        bell = bell(visit),
        mark = assets::address("mark.svg"),
        switcher = switcher(visit),
    )
}

/// What somebody who is signed in is told.
fn bell(visit: &Visit<'_>) -> String {
    if visit.token.is_none() {
        return String::new();
    }
    format!("<stoa-bell page=\"bell\" lang=\"{}\"></stoa-bell>", visit.lang.unwrap_or("en"))
}

/// The form that changes who is signed in. The script hides the button and sends the form on a choice.
fn switcher(visit: &Visit<'_>) -> String {
    let subject = visit.person.map(|person| person.subject.as_str());
    let options: String = visit
        .content
        .teams
        .iter()
        .map(|team| {
            let people: String = visit
                .content
                .people
                .iter()
                .filter(|person| person.group == team.slug)
                .map(|person| {
                    let selected = if Some(person.subject.as_str()) == subject { " selected" } else { "" };
                    format!(
                        "<option value=\"{}\"{selected}>{}</option>",
                        person.subject,
                        escape(&person.name)
                    )
                })
                .collect();
            format!("<optgroup label=\"{}\">{people}</optgroup>", escape(&team.name))
        })
        .collect();
    format!(
        "<form class=\"switcher\" id=\"switcher\" method=\"post\" action=\"/switch\">{picture}\
         <label class=\"quiet\" for=\"person\">Signed in as</label>\
         <select id=\"person\" name=\"person\" autocomplete=\"off\"><option value=\"\"{nobody}>Not signed in</option>\
         {options}</select><input type=\"hidden\" name=\"back\" value=\"{back}\">\
         <button type=\"submit\">Switch</button></form>",
        picture = visit
            .person
            .map_or_else(|| "<span class=\"avatar\" aria-hidden=\"true\">–</span>".to_owned(), avatar),
        nobody = if subject.is_none() { " selected" } else { "" },
        back = escape(visit.address),
    )
}

fn footer() -> String {
    "<footer class=\"foot\" lang=\"en\"><div class=\"bar\"><p>Nordlicht GmbH, Hamburg · Nordlicht AB, Malmö</p>\
     <p>Service Desk: extension 4400, every working day 7:30 to 17:30</p>\
     <p class=\"meta\">An invented company. People and products are made up.</p></div></footer>"
        .to_owned()
}
