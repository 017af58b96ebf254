//! A page: breadcrumb, text, sidebar, and the place for comments.

use super::parts::{avatar, crumbs, day, escape, hero, kudos};
use super::shell::Main;
use super::{Embed, Visit};
use crate::content::Page;

/// Reading speed for the sidebar, in words a minute.
const WORDS_PER_MINUTE: usize = 200;

/// Words of the page's own language.
struct Words {
    owner: &'static str,
    updated: &'static str,
    reading: &'static str,
    minutes: &'static str,
    on_this_page: &'static str,
    related: &'static str,
    about: &'static str,
    questions: &'static str,
    comments: &'static str,
    open: &'static str,
}

const ENGLISH: Words = Words {
    owner: "Looked after by",
    updated: "Last updated",
    reading: "Reading time",
    minutes: "min",
    on_this_page: "On this page",
    related: "See also",
    about: "About this page",
    questions: "Questions about this page",
    comments: "Comments on this page",
    open: "Open the comments",
};

const GERMAN: Words = Words {
    owner: "Verantwortlich",
    updated: "Zuletzt geändert",
    reading: "Lesezeit",
    minutes: "Min.",
    on_this_page: "Auf dieser Seite",
    related: "Siehe auch",
    about: "Über diese Seite",
    questions: "Fragen zu dieser Seite",
    comments: "Kommentare zu dieser Seite",
    open: "Kommentare öffnen",
};

fn words(page: &Page) -> &'static Words {
    if page.lang == "de" { &GERMAN } else { &ENGLISH }
}

/// The page as the shell shows it.
pub(super) fn main(visit: &Visit<'_>, page: &Page) -> Main {
    let section = visit.content.section(page.section());
    let section_path = format!("/{}", page.section());
    let mut trail = vec![("/", "Home")];
    trail.extend(section.map(|section| (section_path.as_str(), section.name)));
    let html = format!(
        "{crumbs}\n<article class=\"text\" id=\"content\">\n{hero}\n<h1>{title}</h1>\n<p class=\"lead\">{lead}</p>\n\
         {body}</article>\n{aside}\n{questions}{comments}",
        crumbs = crumbs(&trail, &page.title),
        hero = hero(&page.hero),
        title = escape(&page.title),
        lead = escape(&page.lead),
        body = page.html,
        aside = aside(visit, page),
        questions = questions(visit, page),
        comments =
            if page.has_comments && !has_block(visit, page) { comments(visit, page) } else { String::new() },
    );
    Main {
        title: page.title.clone(),
        lang: page.lang.clone(),
        section: page.section().to_owned(),
        kind: "page",
        html,
    }
}

fn aside(visit: &Visit<'_>, page: &Page) -> String {
    let words = words(page);
    let owner = visit.content.person(&page.owner).map_or_else(String::new, |owner| {
        format!(
            "<p class=\"owner\">{}<span><b>{}</b><br><span class=\"meta\">{}</span></span></p>",
            avatar(owner),
            escape(&owner.name),
            escape(&owner.title)
        )
    });
    let anchors: String = page
        .headings
        .iter()
        .map(|heading| format!("<li><a href=\"#{}\">{}</a></li>", heading.id, escape(&heading.text)))
        .collect();
    let anchors = if anchors.is_empty() {
        String::new()
    } else {
        format!(
            "<nav class=\"panel\" aria-label=\"{name}\"><h2>{name}</h2><ul>{anchors}</ul></nav>",
            name = words.on_this_page
        )
    };
    let related: String = visit
        .content
        .pages_of(page.section())
        .filter(|other| other.key != page.key && !page.section().is_empty())
        .map(|other| {
            format!(
                "<li lang=\"{}\"><a href=\"{}\">{}</a></li>",
                other.lang,
                other.path(),
                escape(&other.title)
            )
        })
        .collect();
    let related = if related.is_empty() {
        String::new()
    } else {
        format!("<section class=\"panel\"><h2>{}</h2><ul>{related}</ul></section>", words.related)
    };
    format!(
        "<section class=\"aside\" id=\"aside\" aria-label=\"{about}\"><section class=\"panel\"><h2>{owner_label}</h2>{owner}{thanks}\
         <dl><div><dt>{updated}</dt><dd><bdi>{day}</bdi></dd></div>\
         <div><dt>{reading}</dt><dd><bdi>{minutes_count} {minutes}</bdi></dd></div></dl></section>\
         {anchors}{related}</section>",
        about = words.about,
        owner_label = words.owner,
        thanks = if page.has_thanks { kudos(visit, page, "view=button&for=owner") } else { String::new() },
        updated = words.updated,
        day = day(page.updated_days_ago, &page.lang),
        reading = words.reading,
        minutes_count = page.words_count.div_ceil(WORDS_PER_MINUTE),
        minutes = words.minutes,
    )
}

/// Whether one element shows everything that the site has for the page.
fn has_block(visit: &Visit<'_>, page: &Page) -> bool {
    visit.embed == Embed::Element && page.questions.as_deref() == Some("block")
}

/// The block of the whole page: the link in it leads on where the widget cannot run.
fn block(visit: &Visit<'_>, page: &Page) -> String {
    let (words, lang) = (words(page), visit.lang.unwrap_or(&page.lang));
    let vouched =
        visit.token.map_or_else(String::new, |token| format!(" token=\"{token}\" token-url=\"/stoa/token\""));
    format!(
        "<section class=\"discussion\" id=\"discussion\" aria-label=\"{name}\">\
         <stoa-page page=\"{key}\" lang=\"{lang}\"{vouched}>\
         <a href=\"{stoa}/t/{site}/page?page={key}\">{name}</a></stoa-page></section>",
        name = words.comments,
        key = page.key,
        stoa = visit.settings.stoa,
        site = visit.settings.site,
    )
}

/// The place where questions go; a hub asks for those of all pages.
fn questions(visit: &Visit<'_>, page: &Page) -> String {
    if has_block(visit, page) {
        return block(visit, page);
    }
    let (Some(scope), Embed::Element) = (&page.questions, visit.embed) else { return String::new() };
    let (words, lang) = (words(page), visit.lang.unwrap_or(&page.lang));
    let (scope, parameters) = if scope == "site" { (" p=\"scope=site\"", "&scope=site") } else { ("", "") };
    let vouched =
        visit.token.map_or_else(String::new, |token| format!(" token=\"{token}\" token-url=\"/stoa/token\""));
    format!(
        "<section class=\"discussion\" id=\"questions\" aria-label=\"{name}\">\
         <stoa-questions page=\"{key}\" lang=\"{lang}\"{scope}{vouched}>\
         <a href=\"{stoa}/t/{site}/questions?page={key}{parameters}\">{name}</a></stoa-questions></section>\n",
        name = words.questions,
        key = page.key,
        stoa = visit.settings.stoa,
        site = visit.settings.site,
    )
}

/// The place where comments go. What stands inside shows where the widget cannot run.
fn comments(visit: &Visit<'_>, page: &Page) -> String {
    let words = words(page);
    let lang = visit.lang.unwrap_or(&page.lang);
    let thread = format!("{}/t/{}/comments?page={}", visit.settings.stoa, visit.settings.site, page.key);
    let link = format!("<a href=\"{thread}\">{}</a>", words.comments);
    let widget = match visit.embed {
        Embed::Link => format!("<p>{link}</p>"),
        Embed::Placeholder => {
            format!("<div class=\"stoa-comments\" data-page=\"{}\" data-lang=\"{lang}\"></div>", page.key)
        }
        Embed::Element => {
            let vouched = visit
                .token
                .map_or_else(String::new, |token| format!(" token=\"{token}\" token-url=\"/stoa/token\""));
            format!(
                "<stoa-comments page=\"{key}\" lang=\"{lang}\"{vouched}>{link}{form}</stoa-comments>",
                key = page.key,
                form = plain_form(visit, page),
            )
        }
    };
    format!(
        "<section class=\"discussion\" id=\"discussion\" aria-label=\"{}\">{widget}</section>",
        words.comments
    )
}

/// Without script a link cannot carry the token (addresses end up in logs): a form posts it.
fn plain_form(visit: &Visit<'_>, page: &Page) -> String {
    visit.token.map_or_else(String::new, |token| {
        format!(
            "<noscript><form method=\"post\" action=\"{stoa}/plain/{site}/comments?page={key}\">\
             <input type=\"hidden\" name=\"token\" value=\"{token}\"><button>{open}</button></form></noscript>",
            stoa = visit.settings.stoa,
            site = visit.settings.site,
            key = page.key,
            open = words(page).open,
        )
    })
}
