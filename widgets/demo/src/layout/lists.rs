//! Lists: a section's pages, the staff directory, and the page for an address that does not exist.

use super::Visit;
use super::parts::{avatar, card, crumbs, escape};
use super::shell::Main;
use crate::content::{Person, Section};

/// All pages of a section, as cards.
pub(super) fn section(visit: &Visit<'_>, section: &Section) -> Main {
    let cards: String = visit.content.pages_of(section.slug).map(|page| card(page, 2)).collect();
    let html = format!(
        "{crumbs}<div class=\"wide\"><h1>{name}</h1><p class=\"lead\">{lead}</p><div class=\"cards\">{cards}</div></div>",
        crumbs = crumbs(&[("/", "Home")], section.name),
        name = section.name,
        lead = section.lead,
    );
    list(section.name, section.slug, html)
}

/// Everybody, team by team.
pub(super) fn directory(visit: &Visit<'_>) -> Main {
    let teams: String = visit
        .content
        .teams
        .iter()
        .map(|team| {
            let people: String =
                visit.content.people.iter().filter(|person| person.group == team.slug).map(entry).collect();
            format!(
                "<section aria-labelledby=\"{slug}\"><h2 id=\"{slug}\">{name}</h2><p class=\"meta\">{place}</p>\
                 <ul class=\"people\">{people}</ul></section>",
                slug = team.slug,
                name = escape(&team.name),
                place = escape(&team.place),
            )
        })
        .collect();
    let html = format!(
        "{}<div class=\"wide\"><h1>People</h1><p class=\"lead\">Who is who, team by team.</p>\
         <div class=\"teams\">{teams}</div></div>",
        crumbs(&[("/", "Home")], "People")
    );
    list("People", "people", html)
}

fn entry(person: &Person) -> String {
    let roles: String =
        person.roles.iter().map(|role| format!(" <span class=\"tag\">{}</span>", escape(role))).collect();
    format!(
        "<li>{}<span><b><bdi>{}</bdi></b>{roles}<span class=\"meta\">{}</span></span></li>",
        avatar(person),
        escape(&person.name),
        escape(&person.title)
    )
}

/// For an address that does not exist.
pub(super) fn not_found() -> Main {
    let html = "<div class=\"wide\"><h1>We could not find this page</h1><p class=\"lead\">It may have moved. \
                The sections above lead to everything there is, or start again at the <a href=\"/\">home page</a>.</p></div>";
    list("Page not found", "", html.to_owned())
}

fn list(title: &str, section: &str, html: String) -> Main {
    Main { title: title.to_owned(), lang: "en".to_owned(), section: section.to_owned(), kind: "list", html }
}
