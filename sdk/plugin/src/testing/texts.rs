//! A plugin's texts and its manifest, read as the host reads them.

use std::collections::BTreeMap;
use std::fmt;

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource};
use stoa_rules as rules;
use stoa_rules::Manifest;

use super::world::World;
use crate::{ArgumentValue, Instant, Refusal, Setting, Text};

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

    /// That a text is there and fits its arguments.
    pub(crate) fn check(&self, text: &Text, world: &World) {
        let mut arguments = FluentArgs::new();
        for argument in &text.arguments {
            let name = argument.name.as_str();
            match &argument.value {
                ArgumentValue::Text(value) => arguments.set(name, value.as_str()),
                ArgumentValue::Number(number) => arguments.set(name, *number),
                ArgumentValue::Person(id) => arguments.set(name, name_of(world, id)),
                ArgumentValue::Time(at) => arguments.set(name, clock(*at)),
            }
        }
        self.say(&text.id, &arguments);
    }

    pub(crate) fn check_refusal(&self, refusal: &Refusal, world: &World) {
        match refusal {
            Refusal::Invalid(issues) => issues.iter().for_each(|issue| self.check(&issue.message, world)),
            Refusal::Conflict(text) | Refusal::Denied(text) | Refusal::Gone(text) => self.check(text, world),
            Refusal::Other(_) => {}
        }
    }
}

/// The name that people read.
pub(crate) fn name_of(world: &World, id: &str) -> String {
    world.people.get(id).map_or_else(|| format!("({id})"), |person| person.name.clone())
}

/// Hours and minutes of an instant, UTC.
pub(crate) fn clock(at: Instant) -> String {
    let minutes = at / 60_000_000;
    format!("{:02}:{:02}", minutes / 60 % 24, minutes % 60)
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

/// A `plugin.toml`, read as the host reads it.
#[expect(clippy::panic, reason = "this is how a test is told; never part of a component")]
pub(crate) fn manifest(text: &str) -> Manifest {
    Manifest::parse(text).unwrap_or_else(|why| panic!("plugin.toml: {why}"))
}

/// The defaults of settings.
pub(crate) fn defaults(settings: &[rules::Setting]) -> BTreeMap<String, Setting> {
    let default = |setting: &rules::Setting| {
        let value = value_of(&setting.default).expect("the manifest was checked");
        (setting.name.to_string(), value)
    };
    settings.iter().map(default).collect()
}

fn value_of(value: &toml::Value) -> Option<Setting> {
    match value {
        toml::Value::String(text) => Some(Setting::Text(text.clone())),
        toml::Value::Integer(number) => Some(Setting::Integer(*number)),
        toml::Value::Boolean(yes) => Some(Setting::Boolean(*yes)),
        toml::Value::Array(items) => {
            let texts: Option<Vec<String>> =
                items.iter().map(|item| item.as_str().map(str::to_owned)).collect();
            texts.map(Setting::Texts)
        }
        _ => None,
    }
}
