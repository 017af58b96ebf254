//! Interface texts: the host's own and each plugin's Fluent bundle, formatted for a language.
//!
//! Texts without arguments are formatted once at start, since a page shows hundreds of them.

use std::borrow::Cow;
use std::collections::HashMap;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

/// The languages of the host's interface.
pub const LANGUAGES: [&str; 2] = ["en", "de"];

/// The owner of the host's own texts; no plugin can have this name, for it has a dot.
const HOST: &str = "stoa.host";
/// The owner of the texts of the console.
const CONSOLE: &str = "stoa.console";

/// Why a text file cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{owner}, locales/{language}.ftl: {message}")]
pub struct TextError {
    /// Whose file.
    pub owner: String,
    /// Which language.
    pub language: String,
    /// What is wrong.
    pub message: String,
}

/// A value for an argument of a message.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// A text; isolated from its surroundings by Fluent (Unicode UAX 9).
    Text(Cow<'a, str>),
    /// A number.
    Number(i64),
}

struct Bundle {
    fixed: HashMap<String, String>,
    messages: FluentBundle<FluentResource>,
}

/// All texts of this host.
#[derive(Default)]
pub struct Texts {
    bundles: HashMap<(String, String), Bundle>,
}

impl std::fmt::Debug for Texts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Texts").field("bundles", &self.bundles.keys()).finish()
    }
}

impl Texts {
    /// The host's own texts.
    ///
    /// # Errors
    /// [`TextError`] when a built-in file is broken, which a test prevents.
    pub fn load() -> Result<Self, TextError> {
        let mut texts = Self::default();
        texts.add(HOST, "en", include_str!("../../locales/en.ftl"))?;
        texts.add(HOST, "de", include_str!("../../locales/de.ftl"))?;
        texts.add(CONSOLE, "en", include_str!("../../locales/console/en.ftl"))?;
        texts.add(CONSOLE, "de", include_str!("../../locales/console/de.ftl"))?;
        Ok(texts)
    }

    /// Add a plugin's texts for a language.
    ///
    /// # Errors
    /// [`TextError`] when the file or the language's name is not understood.
    pub fn add(&mut self, owner: &str, language: &str, source: &str) -> Result<(), TextError> {
        let fail =
            |message: String| TextError { owner: owner.to_owned(), language: language.to_owned(), message };
        let resource = FluentResource::try_new(source.to_owned())
            .map_err(|(_, errors)| fail(errors.first().map(ToString::to_string).unwrap_or_default()))?;
        let ids: Vec<String> = message_ids(source);
        let language_id = language.parse().map_err(|_| fail("not a language tag (BCP 47)".to_owned()))?;
        let mut messages = FluentBundle::new_concurrent(vec![language_id]);
        messages
            .add_resource(resource)
            .map_err(|errors| fail(errors.first().map(ToString::to_string).unwrap_or_default()))?;
        let fixed = ids.iter().filter_map(|id| Some((id.clone(), format(&messages, id, None)?))).collect();
        self.bundles.insert((owner.to_owned(), language.to_owned()), Bundle { fixed, messages });
        Ok(())
    }

    /// The texts of a plugin in a language; where it lacks one, its English ones.
    #[must_use]
    pub fn of_plugin<'a>(&'a self, plugin: &str, language: &str) -> Scope<'a> {
        self.scope(plugin, language)
    }

    /// The host's own texts in a language.
    #[must_use]
    pub fn of_host(&self, language: &str) -> Scope<'_> {
        self.scope(HOST, language)
    }

    /// The texts of the console in a language.
    #[must_use]
    pub fn of_console(&self, language: &str) -> Scope<'_> {
        self.scope(CONSOLE, language)
    }

    fn scope(&self, owner: &str, language: &str) -> Scope<'_> {
        let find = |language: &str| self.bundles.get(&(owner.to_owned(), language.to_owned()));
        let short = language.split('-').next().unwrap_or(language);
        Scope { first: find(language).or_else(|| find(short)), second: find("en") }
    }

    /// All texts of the host without arguments whose id starts with `prefix`, for the browser.
    #[must_use]
    pub fn list(&self, language: &str, prefix: &str) -> Vec<(String, String)> {
        let scope = self.of_host(language);
        let mut all: HashMap<&String, &String> = HashMap::new();
        for bundle in [scope.second, scope.first].into_iter().flatten() {
            all.extend(bundle.fixed.iter().filter(|(id, _)| id.starts_with(prefix)));
        }
        let mut list: Vec<_> = all.into_iter().map(|(id, text)| (id.clone(), text.clone())).collect();
        list.sort();
        list
    }
}

/// The texts of one owner in one language, with English behind it.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    first: Option<&'a Bundle>,
    second: Option<&'a Bundle>,
}

impl<'a> Scope<'a> {
    /// A text without arguments; the id itself where there is none.
    #[must_use]
    pub fn label(&self, id: &str) -> Cow<'a, str> {
        let found = [self.first, self.second].into_iter().flatten().find_map(|bundle| bundle.fixed.get(id));
        found.map_or_else(|| Cow::Owned(id.to_owned()), |text| Cow::Borrowed(text.as_str()))
    }

    /// A text with arguments; the id itself where there is none.
    #[must_use]
    pub fn message(&self, id: &str, arguments: &[(&str, Value<'_>)]) -> String {
        let mut args = FluentArgs::with_capacity(arguments.len());
        for (name, value) in arguments {
            let value = match value {
                Value::Text(text) => FluentValue::from(text.as_ref().to_owned()),
                Value::Number(number) => FluentValue::from(*number),
            };
            args.set((*name).to_owned(), value);
        }
        let found = [self.first, self.second]
            .into_iter()
            .flatten()
            .find_map(|bundle| format(&bundle.messages, id, Some(&args)));
        found.unwrap_or_else(|| id.to_owned())
    }
}

/// A message's text, unless it is missing or lacks an argument.
fn format(bundle: &FluentBundle<FluentResource>, id: &str, args: Option<&FluentArgs<'_>>) -> Option<String> {
    let pattern = bundle.get_message(id)?.value()?;
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, args, &mut errors);
    errors.is_empty().then(|| text.into_owned())
}

/// The ids of a file's messages: what stands before ` =` at the start of a line.
fn message_ids(source: &str) -> Vec<String> {
    let starts = |line: &str| line.starts_with(|c: char| c.is_ascii_alphabetic());
    let id = |line: &str| Some(line.split_once('=')?.0.trim().to_owned());
    source.lines().filter(|line| starts(line)).filter_map(id).collect()
}

#[cfg(test)]
mod tests {
    use super::{Texts, Value};

    #[test]
    fn a_language_falls_back_to_its_base_then_to_english_then_to_the_id() {
        let mut texts = Texts::default();
        texts.add("kudos", "en", "hello = Hello\nonly-english = Yes\ncount = { $n ->\n    [one] one\n   *[other] { $n } of them\n }").unwrap();
        texts.add("kudos", "de", "hello = Hallo").unwrap();
        for (language, id, text) in [
            ("de", "hello", "Hallo"),
            ("de-AT", "hello", "Hallo"),
            ("de", "only-english", "Yes"),
            ("fr", "hello", "Hello"),
            ("en", "nothing", "nothing"),
        ] {
            assert_eq!(texts.of_plugin("kudos", language).label(id), text);
        }
        assert_eq!(texts.of_plugin("kudos", "en").message("count", &[("n", Value::Number(1))]), "one");
    }

    #[test]
    fn every_text_of_the_host_is_there_in_every_language() {
        let texts = Texts::load().unwrap();
        let ids = |source: &str| {
            let mut ids = super::message_ids(source);
            ids.sort();
            ids
        };
        assert_eq!(ids(include_str!("../../locales/en.ftl")), ids(include_str!("../../locales/de.ftl")));
        let console =
            [include_str!("../../locales/console/en.ftl"), include_str!("../../locales/console/de.ftl")];
        assert_eq!(ids(console[0]), ids(console[1]));
        assert!(!texts.list("de", "view-").is_empty());
    }
}
