//! What is wrong with a manifest, and where.

use std::fmt;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A `plugin.toml` that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct ManifestError {
    /// The line, from 1; none where the whole text is meant.
    pub line: Option<usize>,
    /// The key, for example `kinds.question.fields.title.max`; empty where the text does not fit before any rule.
    pub key: String,
    /// What is wrong and what to write, for the author of the plugin.
    pub message: String,
}

impl fmt::Display for ManifestError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(out, "line {line}: ")?;
        }
        if !self.key.is_empty() {
            write!(out, "{}: ", self.key)?;
        }
        out.write_str(&self.message)
    }
}

impl ManifestError {
    /// What TOML or one of the types refuses.
    pub(super) fn of_toml(text: &str, error: &toml::de::Error) -> Self {
        let line = error.span().map(|span| line_at(text, span.start));
        Self { line, key: String::new(), message: error.message().to_owned() }
    }

    /// What a rule refuses, at the line of its key.
    pub(super) fn of_rule(text: &str, broken: Broken) -> Self {
        Self { line: find(text, &broken.key), key: broken.key.join("."), message: broken.message }
    }
}

/// A rule that is broken, and the key where.
#[derive(Debug)]
pub(super) struct Broken {
    key: Vec<String>,
    message: String,
}

/// The result of a rule.
pub(super) type Rule = Result<(), Broken>;

/// Broken at the table that is checked; the callers say which one by [`At::at`].
pub(super) fn broken(message: impl Into<String>) -> Broken {
    Broken { key: Vec::new(), message: message.into() }
}

/// A rule that holds if `fits`.
pub(super) fn rule(fits: bool, message: impl FnOnce() -> String) -> Rule {
    if fits { Ok(()) } else { Err(broken(message())) }
}

/// Says at which key of the table around it a rule is broken.
pub(super) trait At {
    /// Adds the key in front.
    fn at(self, key: impl fmt::Display) -> Self;
}

impl At for Rule {
    fn at(self, key: impl fmt::Display) -> Self {
        self.map_err(|mut broken| {
            broken.key.insert(0, key.to_string());
            broken
        })
    }
}

/// The line of a key, or of the innermost table on the way to it that is there.
fn find(text: &str, key: &[String]) -> Option<usize> {
    let table = DeTable::parse(text).ok()?.into_inner();
    let mut line = None;
    let mut inner = step_table(&table, key.first()?, text, &mut line)?;
    for part in &key[1..] {
        let next = match inner {
            DeValue::Table(table) => step_table(table, part, text, &mut line),
            DeValue::Array(items) => {
                part.parse().ok().and_then(|place: usize| items.get(place)).map(|item| {
                    line = Some(line_at(text, item.span().start));
                    item.get_ref()
                })
            }
            _ => None,
        };
        match next {
            Some(value) => inner = value,
            None => break,
        }
    }
    line
}

fn step_table<'a, 'i>(
    table: &'a DeTable<'i>,
    part: &str,
    text: &str,
    line: &mut Option<usize>,
) -> Option<&'a DeValue<'i>> {
    let (key, value) = table.iter().find(|(key, _)| key.get_ref() == part)?;
    *line = Some(line_at(text, key.span().start));
    Some(Spanned::get_ref(value))
}

fn line_at(text: &str, byte: usize) -> usize {
    text.bytes().take(byte).filter(|byte| *byte == b'\n').count() + 1
}
