//! A plugin's texts and its settings' defaults, read as the host reads them.

use std::collections::BTreeMap;
use std::fmt;

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource};

use crate::{Refusal, Value};

/// The texts of one language; without any, ids stand for themselves.
#[derive(Default)]
pub(crate) struct Texts {
    bundle: Option<FluentBundle<FluentResource>>,
}

impl fmt::Debug for Texts {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Texts").field("any", &self.bundle.is_some()).finish()
    }
}

impl Texts {
    pub(crate) fn parse(language: &str, fluent: &str) -> Self {
        let resource = FluentResource::try_new(fluent.to_owned());
        let resource = resource.map_err(|(_, errors)| errors).expect("the texts are a Fluent file");
        let language = language.parse().expect("the language is a tag such as `de`");
        let mut bundle = FluentBundle::new(vec![language]);
        // Isolation marks around arguments (UAX 9) are for browsers; in snapshots they are invisible noise.
        bundle.set_use_isolating(false);
        bundle.add_resource(resource).expect("each text is declared once");
        Self { bundle: Some(bundle) }
    }

    /// The text, or its id with the arguments where there are no texts.
    pub(crate) fn say(&self, id: &str, arguments: &FluentArgs<'_>) -> String {
        let Some(bundle) = &self.bundle else {
            let mut shown: Vec<String> =
                arguments.iter().map(|(name, value)| format!("{name}={}", plain(value))).collect();
            shown.sort();
            return if shown.is_empty() { id.to_owned() } else { format!("{id}({})", shown.join(", ")) };
        };
        let pattern = bundle.get_message(id).and_then(|message| message.value());
        let pattern = pattern.unwrap_or_else(|| unreachable_text(id));
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(arguments), &mut errors).into_owned();
        assert!(errors.is_empty(), "the text `{id}` does not fit its arguments: {errors:?}");
        text
    }

    /// That a text is there which takes no arguments.
    pub(crate) fn check(&self, id: &str) {
        self.say(id, &FluentArgs::new());
    }

    pub(crate) fn check_refusal(&self, refusal: &Refusal) {
        match refusal {
            Refusal::Invalid(issues) => issues.iter().for_each(|issue| self.check(&issue.message)),
            Refusal::Conflict(id) | Refusal::Denied(id) | Refusal::Gone(id) => self.check(id),
        }
    }
}

#[expect(clippy::panic, reason = "this is how a test is told; never part of a component")]
fn unreachable_text(id: &str) -> ! {
    panic!("there is no text `{id}`")
}

fn plain(value: &fluent_bundle::FluentValue<'_>) -> String {
    match value {
        fluent_bundle::FluentValue::String(text) => text.to_string(),
        fluent_bundle::FluentValue::Number(number) => number.as_string().into_owned(),
        _ => "?".to_owned(),
    }
}

/// The defaults of the settings that a `plugin.toml` declares.
pub(crate) fn settings_of(manifest: &str) -> BTreeMap<String, Value> {
    let manifest: toml::Table = manifest.parse().expect("the manifest is TOML");
    let settings = manifest.get("settings").and_then(toml::Value::as_array);
    let mut found = BTreeMap::new();
    for setting in settings.into_iter().flatten() {
        let name = setting.get("name").and_then(toml::Value::as_str);
        let value = setting.get("default").and_then(value_of);
        let (name, value) = name.zip(value).expect("a setting has a name and a default");
        found.insert(name.to_owned(), value);
    }
    found
}

fn value_of(value: &toml::Value) -> Option<Value> {
    match value {
        toml::Value::String(text) => Some(Value::Text(text.clone())),
        toml::Value::Integer(number) => Some(Value::Integer(*number)),
        toml::Value::Boolean(yes) => Some(Value::Boolean(*yes)),
        toml::Value::Array(items) => {
            let texts: Option<Vec<String>> =
                items.iter().map(|item| item.as_str().map(str::to_owned)).collect();
            texts.map(Value::Texts)
        }
        _ => None,
    }
}
