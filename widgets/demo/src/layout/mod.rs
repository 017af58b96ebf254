//! The look of the site: one document for every address. All texts that are not compiled-in HTML are escaped here.

pub mod assets;
mod home;
mod lists;
mod page;
mod parts;
mod shell;

use axum::http::StatusCode;

use crate::content::{Content, Person};
use crate::routes::Settings;

/// How a page asks for its comments.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Embed {
    /// `<stoa-comments page="...">`, the usual way.
    Element,
    /// `<div class="stoa-comments" data-page="...">`, for systems that refuse unknown elements.
    Placeholder,
    /// A plain link, for systems that let nothing else through.
    Link,
}

/// Whether the site's script changes pages without loading the document again.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Spa {
    /// Ordinary links.
    Off,
    /// A new page brings a new widget element.
    Replace,
    /// The widget element stays and gets the new page's attributes.
    Attributes,
}

/// One request for a page: who asks, and how it is to be delivered.
pub struct Visit<'a> {
    /// What there is to show.
    pub content: &'a Content,
    /// Origins and site id.
    pub settings: &'a Settings,
    /// Who is signed in.
    pub person: Option<&'a Person>,
    /// That person's token.
    pub token: Option<&'a str>,
    /// How comments are embedded.
    pub embed: Embed,
    /// How links work.
    pub spa: Spa,
    /// Language for the widget, where the address asks for one.
    pub lang: Option<&'a str>,
    /// Whether the document is laid out from right to left, to check mirrored layout.
    pub rtl: bool,
    /// Path and query, for the way back after switching.
    pub address: &'a str,
}

/// Status and HTML of the document at `path`.
#[must_use]
pub fn document(visit: &Visit<'_>, path: &str) -> (StatusCode, String) {
    let key = path.trim_matches('/');
    let main = if key.is_empty() {
        home::main(visit)
    } else if key == "people" {
        Some(lists::directory(visit))
    } else if let Some(section) = visit.content.section(key) {
        Some(lists::section(visit, section))
    } else {
        visit.content.page(key).filter(|page| page.key != "home").map(|found| page::main(visit, found))
    };
    match main {
        Some(main) => (StatusCode::OK, shell::document(visit, &main)),
        None => (StatusCode::NOT_FOUND, shell::document(visit, &lists::not_found())),
    }
}
