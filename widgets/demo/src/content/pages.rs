//! Pages: Markdown with TOML front matter between two `+++` lines.

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};
use serde::Deserialize;

/// One page of the site.
pub struct Page {
    /// Stable key, also the path: `policies/travel`. The home page is `home`, at `/`.
    pub key: String,
    /// Title.
    pub title: String,
    /// One or two sentences under the title and on cards.
    pub lead: String,
    /// Subject of the person who looks after the page.
    pub owner: String,
    /// How long ago it was changed, in days: the demo always looks looked-after.
    pub updated_days_ago: i64,
    /// Language of the text: `en` or `de`.
    pub lang: String,
    /// Name of the hero image in `assets/heroes`, without `.svg`.
    pub hero: String,
    /// Whether the page embeds comments.
    pub has_comments: bool,
    /// Whether the page embeds questions: `page` for its own, `site` for a hub of all, `block` for one block with them and
    /// with comments.
    pub questions: Option<String>,
    /// Whether a button thanks the person who looks after the page.
    pub has_thanks: bool,
    /// The text as HTML; trusted, for it is compiled in.
    pub html: String,
    /// Second-level headings, for "On this page".
    pub headings: Vec<Heading>,
    /// Number of words, for the reading time.
    pub words_count: usize,
}

/// A heading with its anchor.
pub struct Heading {
    /// Anchor, without `#`.
    pub id: String,
    /// Text.
    pub text: String,
}

/// A section of the navigation: the first part of the keys of its pages.
pub struct Section {
    /// First part of the key and path.
    pub slug: &'static str,
    /// Name in the navigation.
    pub name: &'static str,
    /// One sentence for the section's own list.
    pub lead: &'static str,
}

impl Page {
    /// Slug of the section, empty for the home page.
    #[must_use]
    pub fn section(&self) -> &str {
        self.key.split_once('/').map_or("", |(section, _)| section)
    }

    /// Path on this site.
    #[must_use]
    pub fn path(&self) -> String {
        if self.key == "home" { "/".to_owned() } else { format!("/{}", self.key) }
    }
}

/// The sections, in the order of the navigation.
pub(super) fn sections() -> Vec<Section> {
    vec![
        Section {
            slug: "news",
            name: "News",
            lead: "What is happening at Nordlicht, in Hamburg and in Malmö.",
        },
        Section { slug: "policies", name: "Policies", lead: "The rules we agreed on, written to be read." },
        Section {
            slug: "howto",
            name: "How-to",
            lead: "Short guides to the things everybody needs once a month.",
        },
        Section { slug: "onboarding", name: "Onboarding", lead: "Your first days, step by step." },
        Section {
            slug: "products",
            name: "Products",
            lead: "What we make, and what to say when someone asks.",
        },
        Section { slug: "canteen", name: "Canteen", lead: "What is for lunch, on both sides of the Baltic." },
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FrontMatter {
    title: String,
    lead: String,
    owner: String,
    updated_days_ago: i64,
    #[serde(default = "english")]
    lang: String,
    hero: String,
    #[serde(default = "yes")]
    comments: bool,
    #[serde(default)]
    questions: Option<String>,
    #[serde(default)]
    thanks: bool,
}

fn english() -> String {
    "en".to_owned()
}

fn yes() -> bool {
    true
}

/// Reads a page; the error says what is wrong with the file.
pub(super) fn parse(key: &str, source: &str) -> Result<Page, String> {
    let (front, body) = source
        .strip_prefix("+++\n")
        .and_then(|rest| rest.split_once("\n+++\n"))
        .ok_or("no front matter between +++ lines")?;
    let front: FrontMatter = toml::from_str(front).map_err(|error| error.to_string())?;
    let (html, headings) = render(body);
    Ok(Page {
        key: key.to_owned(),
        title: front.title,
        lead: front.lead,
        owner: front.owner,
        updated_days_ago: front.updated_days_ago,
        lang: front.lang,
        hero: front.hero,
        has_comments: front.comments,
        questions: front.questions,
        has_thanks: front.thanks,
        html,
        headings,
        words_count: body.split_whitespace().count(),
    })
}

/// Markdown to HTML. Second-level headings get an anchor, tables a frame that scrolls on narrow screens.
fn render(body: &str) -> (String, Vec<Heading>) {
    let options = Options::ENABLE_TABLES | Options::ENABLE_GFM | Options::ENABLE_STRIKETHROUGH;
    let mut events: Vec<Event<'_>> = Vec::new();
    let mut headings = Vec::new();
    let mut open_at = None;
    for event in Parser::new_ext(body, options) {
        match event {
            Event::Start(Tag::Heading { level: HeadingLevel::H2, .. }) => open_at = Some(events.len()),
            Event::End(TagEnd::Heading(HeadingLevel::H2)) => {
                if let Some(start) = open_at.take() {
                    let heading = heading_of(&events[start + 1..]);
                    if let Event::Start(Tag::Heading { id, .. }) = &mut events[start] {
                        *id = Some(CowStr::from(heading.id.clone()));
                    }
                    headings.push(heading);
                }
            }
            _ => {}
        }
        match event {
            Event::Start(Tag::Table(_)) => {
                events.push(Event::Html(CowStr::from("<div class=\"table\" role=\"group\" tabindex=\"0\">")));
                events.push(event);
            }
            Event::End(TagEnd::Table) => {
                events.push(event);
                events.push(Event::Html(CowStr::from("</div>")));
            }
            other => events.push(other),
        }
    }
    let mut out = String::new();
    html::push_html(&mut out, events.into_iter());
    // What scrolls sideways must be reachable by keyboard; an empty corner is no header of anything.
    let out = out.replace("<pre>", "<pre tabindex=\"0\">").replace("<th></th>", "<td></td>");
    (out, headings)
}

fn heading_of(events: &[Event<'_>]) -> Heading {
    let text: String = events
        .iter()
        .filter_map(|event| match event {
            Event::Text(text) | Event::Code(text) => Some(text.as_ref()),
            _ => None,
        })
        .collect();
    let id = text
        .to_lowercase()
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join("-");
    Heading { id, text }
}
