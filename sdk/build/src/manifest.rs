//! `plugin.toml`: what a plugin says about itself.
//!
//! The file explains; it grants nothing. What a plugin can reach is decided by the imports of its
//! component, which [`crate::build`] holds against the capabilities named here, and later by the
//! administrator. Mistakes are reported with the line they are on.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::BuildError;

/// Every capability a plugin may ask for in `stoa:plugin@0.1.0`: the interfaces it can import.
pub const CAPABILITIES: [&str; 9] =
    ["clock", "entries", "kv", "log", "marks", "pages", "people", "random", "settings"];

/// Longest element name, in characters. It becomes part of a tag and of URLs.
pub const NAME_CHARS_MAX: usize = 32;

/// A parsed and checked `plugin.toml`.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Who the plugin is, everywhere and for ever.
    pub id: PluginId,
    /// What a page calls it: `comments` becomes `<stoa-comments>` and a URL segment.
    pub name: ElementName,
    /// The plugin's own version.
    pub version: Version,
    /// One sentence for the administrator.
    pub description: String,
    /// SPDX licence expression.
    pub license: String,
    /// Oldest host that can run it.
    pub min_host: Version,
    /// Where the host calls it; at least one.
    pub extension_points: Vec<ExtensionPoint>,
    /// What it wants to use, by interface name, each with a reason.
    #[serde(default)]
    pub capabilities: BTreeMap<CapabilityName, Capability>,
    /// What an administrator can set, in the order of the form.
    #[serde(default)]
    pub settings: Vec<Setting>,
}

/// One capability a plugin asks for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Capability {
    /// Shown to the administrator who decides: what the plugin does with it, in plain words.
    pub reason: Reason,
}

/// An interface through which the host calls a plugin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExtensionPoint {
    /// Shows something in a page and takes part in what people do there.
    Widget,
}

/// One thing an administrator can set for a site.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    /// What the plugin asks for: small letters, digits and underscores.
    pub name: SettingName,
    /// Which values it can hold.
    pub kind: SettingKind,
    /// The value until somebody sets another; of the same kind.
    pub default: toml::Value,
    /// What the form says beside the field.
    pub label: String,
    /// Smallest integer allowed; only for `integer`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<i64>,
    /// Largest integer allowed; only for `integer`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<i64>,
    /// The values to choose from; only, and always, for `choice`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
}

/// Which values a setting can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SettingKind {
    /// A whole number between `min` and `max`.
    Integer,
    /// Yes or no.
    Boolean,
    /// One line of text.
    Text,
    /// One of `choices`.
    Choice,
    /// Several lines of text.
    List,
}

/// Declares a text type whose rule is checked while the file is read, so that the error has a line.
macro_rules! checked_text {
    ($(#[$doc:meta])* $name:ident, $check:path) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The text itself.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = String;

            fn try_from(text: String) -> Result<Self, String> {
                $check(&text)?;
                Ok(Self(text))
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&self.0)
            }
        }
    };
}

checked_text! {
    /// `namespace:name`, each part of small letters, digits and hyphens, starting with a letter.
    PluginId, check_id
}
checked_text! {
    /// Small letters, digits and hyphens, starting with a letter; at most [`NAME_CHARS_MAX`] characters.
    ElementName, check_word
}
checked_text! {
    /// Three numbers: `major.minor.patch`.
    Version, check_version
}
checked_text! {
    /// The name of an interface of `stoa:plugin`; one of [`CAPABILITIES`].
    CapabilityName, check_capability
}
checked_text! {
    /// A sentence of at most 200 characters; never empty.
    Reason, check_reason
}
checked_text! {
    /// Small letters, digits and underscores, starting with a letter.
    SettingName, check_setting_name
}

impl Manifest {
    /// Reads and checks the text of a `plugin.toml`.
    ///
    /// # Errors
    /// [`BuildError::Manifest`] with line and column for anything that TOML or one of the types here
    /// refuses, and with the setting's name for a default that does not fit its own limits.
    pub fn parse(text: &str) -> Result<Self, BuildError> {
        let manifest: Self = toml::from_str(text).map_err(|e| BuildError::Manifest(e.to_string()))?;
        if manifest.extension_points.is_empty() {
            return Err(BuildError::Manifest(
                "extension_points is empty: the host would never call it".into(),
            ));
        }
        for (index, setting) in manifest.settings.iter().enumerate() {
            check_setting(setting).map_err(|why| in_setting(&setting.name, &why))?;
            if manifest.settings[..index].iter().any(|earlier| earlier.name == setting.name) {
                return Err(in_setting(&setting.name, "is declared twice"));
            }
        }
        Ok(manifest)
    }
}

fn in_setting(name: &SettingName, why: &str) -> BuildError {
    BuildError::Manifest(format!("setting \"{name}\": {why}"))
}

fn check_setting(setting: &Setting) -> Result<(), String> {
    let is_integer = setting.kind == SettingKind::Integer;
    if !is_integer && (setting.min.is_some() || setting.max.is_some()) {
        return Err("min and max belong to kind = \"integer\"".into());
    }
    if (setting.kind == SettingKind::Choice) == setting.choices.is_empty() {
        return Err("choices belong to kind = \"choice\", which cannot be without them".into());
    }
    match (setting.kind, &setting.default) {
        (SettingKind::Integer, toml::Value::Integer(value)) => {
            check_range(*value, setting.min.unwrap_or(i64::MIN), setting.max.unwrap_or(i64::MAX))
        }
        (SettingKind::Boolean, toml::Value::Boolean(_)) | (SettingKind::Text, toml::Value::String(_)) => {
            Ok(())
        }
        (SettingKind::Choice, toml::Value::String(value)) if setting.choices.contains(value) => Ok(()),
        (SettingKind::Choice, toml::Value::String(value)) => {
            Err(format!("the default \"{value}\" is not one of the choices"))
        }
        (SettingKind::List, toml::Value::Array(lines)) if lines.iter().all(toml::Value::is_str) => Ok(()),
        (_, value) => {
            Err(format!("the default is of type {}, which does not fit the kind", value.type_str()))
        }
    }
}

fn check_range(value: i64, min: i64, max: i64) -> Result<(), String> {
    if min > max {
        return Err(format!("min {min} is above max {max}"));
    }
    if !(min..=max).contains(&value) {
        return Err(format!("the default {value} is outside {min} to {max}"));
    }
    Ok(())
}

fn check_id(text: &str) -> Result<(), String> {
    let (namespace, name) =
        text.split_once(':').ok_or_else(|| format!("\"{text}\" is not of the form namespace:name"))?;
    check_word(namespace)?;
    check_word(name)
}

fn check_word(text: &str) -> Result<(), String> {
    let fits = text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    let starts = text.starts_with(|c: char| c.is_ascii_lowercase()) && !text.ends_with('-');
    if fits && starts && text.len() <= NAME_CHARS_MAX {
        return Ok(());
    }
    Err(format!(
        "\"{text}\" is not a name: small letters, digits and hyphens, a letter first, at most {NAME_CHARS_MAX}"
    ))
}

fn check_version(text: &str) -> Result<(), String> {
    let parts: Vec<&str> = text.split('.').collect();
    let numbers =
        parts.iter().all(|part| part.parse::<u32>().is_ok_and(|number| number.to_string() == **part));
    if parts.len() == 3 && numbers {
        return Ok(());
    }
    Err(format!("\"{text}\" is not a version of the form 1.2.3"))
}

fn check_capability(text: &str) -> Result<(), String> {
    if CAPABILITIES.contains(&text) {
        return Ok(());
    }
    Err(format!("there is no capability \"{text}\"; there are {}", CAPABILITIES.join(", ")))
}

fn check_reason(text: &str) -> Result<(), String> {
    if text.trim().is_empty() || text.chars().count() > 200 {
        return Err("a reason is one sentence of at most 200 characters".into());
    }
    Ok(())
}

fn check_setting_name(text: &str) -> Result<(), String> {
    let fits = text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if fits && text.starts_with(|c: char| c.is_ascii_lowercase()) {
        return Ok(());
    }
    Err(format!("\"{text}\" is not a setting name: small letters, digits and underscores, a letter first"))
}

#[cfg(test)]
mod tests {
    use super::{Manifest, SettingKind};

    const GOOD: &str = r#"id = "stoa:comments"
name = "comments"
version = "0.1.0"
description = "Threads under any page"
license = "Apache-2.0"
min_host = "0.1.0"
extension_points = ["widget"]
[capabilities.entries]
reason = "keeps the thread of each page"
[[settings]]
name = "edit_window_minutes"
kind = "integer"
default = 15
min = 0
max = 1440
label = "Minutes a comment can be edited"
"#;

    #[test]
    fn a_whole_manifest_is_read() {
        let manifest = Manifest::parse(GOOD).unwrap();
        assert_eq!(manifest.id.as_str(), "stoa:comments");
        assert_eq!(manifest.capabilities.len(), 1);
        assert_eq!(manifest.settings[0].kind, SettingKind::Integer);
        assert_eq!(manifest.settings[0].max, Some(1440));
    }

    /// Replaces `from` by `to` in the good manifest; the error must hold every one of `expected`.
    fn check(from: &str, to: &str, expected: &[&str]) {
        assert!(GOOD.contains(from), "{from} is not in the sample");
        let error = Manifest::parse(&GOOD.replace(from, to)).unwrap_err().to_string();
        for part in expected {
            assert!(error.contains(part), "{to}: {error:?} lacks {part:?}");
        }
    }

    #[test]
    fn mistakes_are_refused_with_the_line_they_are_on() {
        check("stoa:comments", "comments", &["line 1", "namespace:name"]);
        check("name = \"comments\"", "name = \"Comments!\"", &["line 2", "small letters"]);
        check("version = \"0.1.0\"\nd", "version = \"0.01.0\"\nd", &["line 3", "1.2.3"]);
        check("license", "licence", &["line 5", "unknown field `licence`"]);
        check("[\"widget\"]", "[\"daemon\"]", &["line 7", "daemon"]);
        check("capabilities.entries", "capabilities.email", &["line 8", "no capability \"email\""]);
        check("keeps the thread of each page", " ", &["line 9", "one sentence"]);
        check("edit_window_minutes", "edit window", &["line 11", "underscores"]);
    }

    #[test]
    fn settings_that_contradict_themselves_are_refused_by_name() {
        check("[\"widget\"]", "[]", &["never call it"]);
        check("default = 15", "default = 2000", &["edit_window_minutes", "outside 0 to 1440"]);
        check("default = 15", "default = \"x\"", &["edit_window_minutes", "does not fit"]);
        check("min = 0", "min = 5000", &["above max"]);
        check("kind = \"integer\"", "kind = \"boolean\"", &["belong to kind = \"integer\""]);
        check("max = 1440", "choices = [\"a\"]", &["belong to kind = \"choice\""]);
        check(
            "kind = \"integer\"\ndefault = 15\nmin = 0\nmax = 1440",
            "kind = \"choice\"\ndefault = \"new\"\nchoices = [\"old\"]",
            &["not one of the choices"],
        );
        let twice = format!(
            "{GOOD}[[settings]]\nname = \"edit_window_minutes\"\nkind = \"text\"\ndefault = \"\"\nlabel = \"x\"\n"
        );
        assert!(Manifest::parse(&twice).unwrap_err().to_string().contains("declared twice"));
    }
}
