//! The home page: a greeting, the news, the pages people look for, today's lunch.

use super::Visit;
use super::parts::{avatar, card, escape, hero, kudos};
use super::shell::Main;
use crate::content::Person;

/// Pages people look for most, with the words they look for.
const SHORTCUTS: &[(&str, &str, &str)] = &[
    ("/policies/travel", "Travel and expenses", "Book, claim, get paid back"),
    ("/howto/vpn", "VPN", "From home to the network in ten minutes"),
    ("/howto/meeting-room", "Meeting rooms", "Book one, find one, free one"),
    ("/onboarding/first-week", "First week", "For new colleagues and their buddies"),
    ("/canteen/menu", "Lunch", "This week in Hamburg and Malmö"),
    ("/policies/reisekosten", "Reisekosten", "Die Richtlinie auf Deutsch"),
];

/// Subjects of the people who joined last.
const NEW_COLLEAGUES: &[&str] = &["amal.khatib", "maximiliane.hohenstein", "siobhan.oneill"];

/// The home page as the shell shows it; none if the content has no home page.
pub(super) fn main(visit: &Visit<'_>) -> Option<Main> {
    let home = visit.content.page("home")?;
    let greeting = visit.person.and_then(|person| person.name.split_whitespace().next()).map_or_else(
        || "Welcome to Nordlicht".to_owned(),
        |first_name| format!("Hello <bdi>{}</bdi>", escape(first_name)),
    );
    let news: String = visit.content.pages_of("news").map(|page| card(page, 3)).collect();
    let shortcuts: String = SHORTCUTS
        .iter()
        .map(|(path, name, hint)| format!("<li><a href=\"{path}\"><b>{name}</b><span>{hint}</span></a></li>"))
        .collect();
    let joined: String =
        NEW_COLLEAGUES.iter().filter_map(|subject| visit.content.person(subject)).map(newcomer).collect();
    let html = format!(
        "<section class=\"welcome\">{hero}<div class=\"welcome-text\"><h1>{greeting}</h1><p>{lead}</p></div></section>\
         <section class=\"wide\" aria-labelledby=\"latest\">\
         <h2 id=\"latest\">Latest news</h2><div class=\"cards\">{news}</div></section>\
         <section class=\"wide\" aria-labelledby=\"shortcuts\"><h2 id=\"shortcuts\">Often needed</h2>\
         <ul class=\"shortcuts\">{shortcuts}</ul></section>\
         <div class=\"wide split\"><section class=\"text\">{body}</section>\
         <section aria-labelledby=\"joined\"><h2 id=\"joined\">New colleagues</h2>\
         <ul class=\"people\">{joined}</ul></section></div>\
         <section class=\"wide discussion\" id=\"thanks\" aria-label=\"Thanks\">{thanks}</section>",
        hero = hero(&home.hero),
        lead = escape(&home.lead),
        body = home.html,
        thanks = kudos(visit, home, "scope=site"),
    );
    Some(Main {
        title: home.title.clone(),
        lang: home.lang.clone(),
        section: String::new(),
        kind: "home",
        html,
    })
}

fn newcomer(person: &Person) -> String {
    format!(
        "<li>{}<span><b><bdi>{}</bdi></b><span class=\"meta\">{}, {}</span></span></li>",
        avatar(person),
        escape(&person.name),
        escape(&person.title),
        escape(&person.team)
    )
}
