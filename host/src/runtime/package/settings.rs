//! The settings of a plugin on a site: the manifest's defaults with the admin's values laid over them.

use std::collections::BTreeMap;

use super::super::errors::LoadError;
use super::manifest::{Declared, Manifest, SettingKind};

/// The longest text, in bytes.
const TEXT_BYTES_MAX: usize = 4_096;

/// The most lines of a list.
const LINES_MAX: usize = 200;

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettingValue {
    /// A yes or no.
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

impl Settings {
    /// Lay the admin's values over the defaults.
    ///
    /// # Errors
    /// [`LoadError::Setting`] with the key and what it takes: for a key that is not declared, a value of another
    /// kind or one out of range.
    pub fn resolve(manifest: &Manifest, set: &toml::Table) -> Result<Self, LoadError> {
        if let Some(unknown) = set.keys().find(|key| !manifest.settings.iter().any(|one| &one.name == *key)) {
            let names: Vec<&str> = manifest.settings.iter().map(|one| one.name.as_str()).collect();
            let message = format!("there is no such setting; the plugin has: {}", names.join(", "));
            return Err(LoadError::Setting { key: unknown.clone(), message });
        }
        let values = manifest.settings.iter().map(|declared| {
            let value = set.get(&declared.name).unwrap_or(&declared.default);
            let value = check(declared, value)
                .map_err(|message| LoadError::Setting { key: declared.name.clone(), message })?;
            Ok((declared.name.clone(), value))
        });
        Ok(Self(values.collect::<Result<_, LoadError>>()?))
    }

    /// The value of a declared setting.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&SettingValue> {
        self.0.get(name)
    }
}

fn check(declared: &Declared, value: &toml::Value) -> Result<SettingValue, String> {
    match (declared.kind, value) {
        (SettingKind::Boolean, toml::Value::Boolean(value)) => Ok(SettingValue::Boolean(*value)),
        (SettingKind::Integer, toml::Value::Integer(value)) => {
            let (min, max) = (declared.min.unwrap_or(i64::MIN), declared.max.unwrap_or(i64::MAX));
            if (min..=max).contains(value) {
                return Ok(SettingValue::Integer(*value));
            }
            Err(format!("{value} is out of range; it takes {}", range(declared)))
        }
        (SettingKind::Text, toml::Value::String(text)) => line(text).map(SettingValue::Text),
        (SettingKind::Choice, toml::Value::String(text)) if declared.choices.contains(text) => {
            Ok(SettingValue::Text(text.clone()))
        }
        (SettingKind::Choice, toml::Value::String(_)) => {
            Err(format!("it takes one of: {}", declared.choices.join(", ")))
        }
        (SettingKind::List, toml::Value::Array(lines)) if lines.len() <= LINES_MAX => {
            let text =
                |one: &toml::Value| one.as_str().ok_or("it takes a list of texts".to_owned()).and_then(line);
            Ok(SettingValue::Texts(lines.iter().map(text).collect::<Result<_, _>>()?))
        }
        (kind, _) => Err(format!("it takes {}", wanted(kind, declared))),
    }
}

fn line(text: &str) -> Result<String, String> {
    if text.len() > TEXT_BYTES_MAX {
        return Err(format!("a text has {TEXT_BYTES_MAX} bytes at the most"));
    }
    Ok(text.to_owned())
}

fn range(declared: &Declared) -> String {
    match (declared.min, declared.max) {
        (Some(min), Some(max)) => format!("{min} to {max}"),
        (Some(min), None) => format!("{min} or more"),
        (None, Some(max)) => format!("{max} or less"),
        (None, None) => "a whole number".to_owned(),
    }
}

fn wanted(kind: SettingKind, declared: &Declared) -> String {
    match kind {
        SettingKind::Boolean => "true or false".to_owned(),
        SettingKind::Integer => format!("a whole number ({})", range(declared)),
        SettingKind::Text => "a text".to_owned(),
        SettingKind::Choice => format!("one of: {}", declared.choices.join(", ")),
        SettingKind::List => format!("a list of texts, {LINES_MAX} at the most"),
    }
}
