//! What a page that embeds has in its HTML: the script, the widgets, its policies, and what should have been markup and
//! is shown as text.

use std::collections::BTreeMap;

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{StartTag, Token, Tokenizer};
use reqwest::Url;

/// Elements that the loader defines, and the plugin each of them shows; `stoa-plugin` names it in an attribute.
const ELEMENTS: [(&str, &str); 5] = [
    ("comments", "comments"),
    ("questions", "questions"),
    ("kudos", "kudos"),
    ("thanks", "kudos"),
    ("plugin", ""),
];
/// Elements that show nothing of a plugin.
const OWN_ELEMENTS: [&str; 3] = ["bell", "page", "count"];

/// A page as the doctor sees it.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// Scripts whose address ends in `/embed.js`.
    pub(super) loaders: Vec<Loader>,
    /// What becomes a widget.
    pub(super) widgets: Vec<Widget>,
    /// `<link rel=canonical>`.
    pub(super) canonical: Option<String>,
    /// `<meta name="stoa-...">`, without the prefix.
    pub(super) settings: BTreeMap<String, String>,
    /// Policies in `<meta http-equiv>`.
    pub(super) policies: Vec<String>,
    /// The markup of the script is shown as text.
    pub(super) shows_script: bool,
    /// The markup of a widget is shown as text.
    pub(super) shows_widget: bool,
    /// Whether somebody is asked for a password.
    pub(super) asks_for_password: bool,
}

/// The script.
#[derive(Debug)]
pub(super) struct Loader {
    /// Its address as it is written.
    pub(super) src: String,
    /// `nonce`.
    pub(super) nonce: String,
    /// `data-site`.
    pub(super) site: Option<String>,
    /// Whether it is a module.
    pub(super) is_module: bool,
}

/// Something that becomes a widget.
#[derive(Debug)]
pub(super) struct Widget {
    /// As it is written, for example `<stoa-comments>`.
    pub(super) tag: String,
    /// Which plugin it shows; none for the host's own.
    pub(super) plugin: Option<String>,
    /// Its attributes, those of a `div` without `data-`.
    pub(super) settings: BTreeMap<String, String>,
}

impl Widget {
    /// The key of its page, where it says one.
    pub(super) fn page(&self) -> Option<&str> {
        self.settings.get("page").map(String::as_str).filter(|key| !key.is_empty())
    }
}

impl Page {
    /// Read HTML as a browser's tokenizer does; `links` is what addresses of plain pages start with.
    pub(super) fn read(html: &[u8], links: &str) -> Self {
        let mut page = Self::default();
        let mut emitter = DefaultEmitter::<()>::new_with_span();
        // Otherwise the text of a script would count as markup.
        emitter.naively_switch_states(true);
        let mut inside = String::new();
        for token in Tokenizer::new_with_emitter(html, emitter) {
            let Ok(token) = token;
            match token {
                Token::StartTag(tag) => {
                    let name = lossy(&tag.name);
                    page.tag(&name, &attributes(&tag), links);
                    inside = name;
                }
                Token::EndTag(_) => inside.clear(),
                Token::String(text) if !matches!(inside.as_str(), "script" | "style" | "textarea") => {
                    page.text(&lossy(&text));
                }
                _ => {}
            }
        }
        page
    }

    fn tag(&mut self, name: &str, attributes: &BTreeMap<String, String>, links: &str) {
        let get = |key: &str| attributes.get(key).cloned();
        match name {
            "script" => {
                if let Some(src) = get("src").filter(|src| without_query(src).ends_with("/embed.js")) {
                    self.loaders.push(Loader {
                        src,
                        nonce: get("nonce").unwrap_or_default(),
                        site: get("data-site"),
                        is_module: get("type").is_some_and(|kind| kind.eq_ignore_ascii_case("module")),
                    });
                }
            }
            "link" if get("rel").is_some_and(|rel| has_word(&rel, "canonical")) => {
                self.canonical = self.canonical.take().or(get("href"));
            }
            "meta" => self.meta(attributes),
            "input" if get("type").is_some_and(|kind| kind == "password") => self.asks_for_password = true,
            "div" => {
                let classes = get("class").unwrap_or_default();
                let name = classes.split_ascii_whitespace().find_map(|class| class.strip_prefix("stoa-"));
                if let Some(name) = name {
                    let key = get("data-page").or_else(|| get("data-thread")).or_else(|| get("id"));
                    let data = attributes.iter().filter_map(|(name, value)| {
                        Some((name.strip_prefix("data-")?.to_owned(), value.clone()))
                    });
                    let settings = data.chain(key.map(|key| ("page".to_owned(), key))).collect();
                    self.widget(&format!("<div class=\"stoa-{name}\">"), name, settings);
                }
            }
            "a" => {
                if let Some(rest) = get("href").as_deref().and_then(|href| href.strip_prefix(links)) {
                    self.link(rest);
                }
            }
            _ => {
                if let Some(element) = name.strip_prefix("stoa-") {
                    self.widget(&format!("<{name}>"), element, attributes.clone());
                }
            }
        }
    }

    fn meta(&mut self, attributes: &BTreeMap<String, String>) {
        let content = attributes.get("content").cloned().unwrap_or_default();
        let is_policy = attributes
            .get("http-equiv")
            .is_some_and(|name| name.eq_ignore_ascii_case("content-security-policy"));
        if is_policy {
            self.policies.push(content);
        } else if let Some(name) = attributes.get("name").and_then(|name| name.strip_prefix("stoa-")) {
            self.settings.insert(name.to_owned(), content);
        }
    }

    fn widget(&mut self, tag: &str, element: &str, settings: BTreeMap<String, String>) {
        let known = ELEMENTS.iter().find(|(name, _)| *name == element);
        let plugin = match known {
            Some((_, "")) => Some(settings.get("name").cloned().unwrap_or_default()),
            Some((_, plugin)) => Some((*plugin).to_owned()),
            None if OWN_ELEMENTS.contains(&element) => None,
            None => return,
        };
        self.widgets.push(Widget { tag: tag.to_owned(), plugin, settings });
    }

    /// A link to a plain page: `SITE/PLUGIN?page=KEY`.
    fn link(&mut self, rest: &str) {
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let Some((site, plugin)) = path.split_once('/') else { return };
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let page = pairs.filter(|(name, _)| *name == "page").map(|(_, value)| value.to_owned());
        let mut settings: BTreeMap<String, String> = page.map(|key| ("page".to_owned(), key)).collect();
        settings.insert("site".to_owned(), site.to_owned());
        // The one inside an element is what is shown until the widget is there.
        let is_fallback = self.widgets.last().is_some_and(|last| last.plugin.as_deref() == Some(plugin));
        if !is_fallback {
            let plugin = Some(plugin.to_owned());
            self.widgets.push(Widget { tag: "<a href>".to_owned(), plugin, settings });
        }
    }

    fn text(&mut self, text: &str) {
        self.shows_script |= text.contains("<script") && text.contains("embed.js");
        self.shows_widget |= text.contains("<stoa-") || text.contains("class=\"stoa-");
    }

    /// The address that a widget gets where it says none of its own.
    pub(super) fn canonical_url(&self, at: &Url) -> Option<Url> {
        self.canonical.as_deref().and_then(|href| at.join(href).ok())
    }
}

fn attributes(tag: &StartTag<()>) -> BTreeMap<String, String> {
    tag.attributes.iter().map(|(name, value)| (lossy(name), lossy(value))).collect()
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn without_query(address: &str) -> &str {
    address.split(['?', '#']).next().unwrap_or_default()
}

fn has_word(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace().any(|one| one.eq_ignore_ascii_case(word))
}
