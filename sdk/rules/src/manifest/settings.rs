//! What an administrator can set, and the values of a site: the defaults with those of the administrator over them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use thiserror::Error;

use super::SettingName;
use super::error::{At as _, Rule, broken, rule};
use crate::limits;
use crate::manifest::form::is_line;

/// One thing that an administrator can set for a site.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    /// What the plugin asks for.
    pub name: SettingName,
    /// Which values it can hold.
    pub kind: SettingKind,
    /// The value until somebody sets another; of the same kind.
    pub default: toml::Value,
    /// What the form says beside the field.
    pub label: String,
    /// The least integer; only for `integer`.
    #[serde(default)]
    pub min: Option<i64>,
    /// The greatest integer; only for `integer`.
    #[serde(default)]
    pub max: Option<i64>,
    /// The values to choose from; only, and always, for `choice`.
    #[serde(default)]
    pub choices: Vec<String>,
}

/// Which values a setting can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
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

/// The value of a setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettingValue {
    /// Yes or no.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A text.
    Text(String),
    /// Several texts.
    Texts(Vec<String>),
}

/// A value for each declared setting.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings(BTreeMap<String, SettingValue>);

impl FromIterator<(String, SettingValue)> for Settings {
    fn from_iter<I: IntoIterator<Item = (String, SettingValue)>>(values: I) -> Self {
        Self(values.into_iter().collect())
    }
}

/// A setting of the administrator that the plugin does not take.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{key}: {message}")]
pub struct SettingProblem {
    /// Which.
    pub key: String,
    /// What is wrong and what it takes.
    pub message: String,
}

impl Settings {
    /// Lay the values of the administrator over the defaults.
    ///
    /// # Errors
    /// [`SettingProblem`] for the first key that is not declared or whose value does not fit.
    pub fn resolve(declared: &[Setting], set: &toml::Table) -> Result<Self, SettingProblem> {
        let known = |key: &&String| declared.iter().any(|setting| setting.name.as_str() == key.as_str());
        if let Some(unknown) = set.keys().find(|key| !known(key)) {
            let names: Vec<&str> = declared.iter().map(|setting| setting.name.as_str()).collect();
            let message = format!("there is no such setting; the plugin has: {}", names.join(", "));
            return Err(SettingProblem { key: unknown.clone(), message });
        }
        let values = declared.iter().map(|setting| {
            let key = setting.name.as_str().to_owned();
            match setting.read(set.get(&key).unwrap_or(&setting.default)) {
                Ok(value) => Ok((key, value)),
                Err(message) => Err(SettingProblem { key, message }),
            }
        });
        values.collect::<Result<_, _>>().map(Self)
    }

    /// The value of a declared setting.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&SettingValue> {
        self.0.get(name)
    }

    /// The value of a declared setting of kind `integer`: what limits of fields ask for.
    #[must_use]
    pub fn integer(&self, name: &str) -> Option<i64> {
        match self.get(name)? {
            SettingValue::Integer(number) => Some(*number),
            SettingValue::Boolean(_) | SettingValue::Text(_) | SettingValue::Texts(_) => None,
        }
    }
}

impl Setting {
    /// A value as it is written in TOML, if the setting takes it.
    ///
    /// # Errors
    /// A sentence that says what the setting takes.
    pub fn read(&self, value: &toml::Value) -> Result<SettingValue, String> {
        match (self.kind, value) {
            (SettingKind::Boolean, toml::Value::Boolean(value)) => Ok(SettingValue::Boolean(*value)),
            (SettingKind::Integer, toml::Value::Integer(value)) => {
                let (min, max) = (self.min.unwrap_or(i64::MIN), self.max.unwrap_or(i64::MAX));
                if (min..=max).contains(value) {
                    return Ok(SettingValue::Integer(*value));
                }
                Err(format!("{value} is out of range; it takes {}", self.takes()))
            }
            (SettingKind::Text, toml::Value::String(text)) => line(text).map(SettingValue::Text),
            (SettingKind::Choice, toml::Value::String(text)) if self.choices.contains(text) => {
                Ok(SettingValue::Text(text.clone()))
            }
            (SettingKind::List, toml::Value::Array(lines)) if lines.len() <= limits::SETTING_LINES_MAX => {
                let text = |one: &toml::Value| {
                    one.as_str().ok_or_else(|| format!("it takes {}", self.takes())).and_then(line)
                };
                lines.iter().map(text).collect::<Result<_, _>>().map(SettingValue::Texts)
            }
            _ => Err(format!("it takes {}", self.takes())),
        }
    }

    /// What it takes, in words.
    fn takes(&self) -> String {
        match (self.kind, self.min, self.max) {
            (SettingKind::Boolean, ..) => "true or false".to_owned(),
            (SettingKind::Integer, Some(min), Some(max)) => format!("a whole number, {min} to {max}"),
            (SettingKind::Integer, Some(min), None) => format!("a whole number, {min} or more"),
            (SettingKind::Integer, None, Some(max)) => format!("a whole number, {max} or less"),
            (SettingKind::Integer, None, None) => "a whole number".to_owned(),
            (SettingKind::Text, ..) => "one line of text".to_owned(),
            (SettingKind::Choice, ..) => format!("one of: {}", self.choices.join(", ")),
            (SettingKind::List, ..) => format!("a list of at most {} texts", limits::SETTING_LINES_MAX),
        }
    }
}

fn line(text: &str) -> Result<String, String> {
    if text.len() > limits::SETTING_TEXT_BYTES_MAX || !is_line(text) {
        return Err(format!("a text is one line of at most {} bytes", limits::SETTING_TEXT_BYTES_MAX));
    }
    Ok(text.to_owned())
}

/// Checks all declarations of settings.
pub(super) fn check(settings: &[Setting]) -> Rule {
    rule(settings.len() <= limits::SETTINGS_MAX, || {
        format!("there are {}; write at most {}", settings.len(), limits::SETTINGS_MAX)
    })?;
    let mut names = BTreeSet::new();
    for (place, setting) in settings.iter().enumerate() {
        check_one(setting, !names.insert(&setting.name)).at(place)?;
    }
    Ok(())
}

fn check_one(setting: &Setting, again: bool) -> Rule {
    let name = &setting.name;
    rule(!again, || format!("\"{name}\" is declared twice; keep one of them")).at("name")?;
    super::check_sentence(&setting.label).at("label")?;
    if setting.kind != SettingKind::Integer {
        for (key, bound) in [("min", setting.min), ("max", setting.max)] {
            rule(bound.is_none(), || format!("of \"{name}\" belongs to kind = \"integer\"; leave it out"))
                .at(key)?;
        }
    }
    if let (Some(min), Some(max)) = (setting.min, setting.max) {
        rule(min <= max, || format!("of \"{name}\" is {min} and above max {max}; write at most {max}"))
            .at("min")?;
    }
    if setting.kind == SettingKind::Choice {
        super::check_choices(&setting.choices).at("choices")?;
    } else {
        rule(setting.choices.is_empty(), || {
            format!("of \"{name}\" belong to kind = \"choice\"; leave them out")
        })
        .at("choices")?;
    }
    setting
        .read(&setting.default)
        .map(drop)
        .map_err(|why| broken(format!("of \"{name}\" does not fit: {why}")))
        .at("default")
}
