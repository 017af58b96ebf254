//! `plugin.toml`: what a plugin says about itself, what it asks for, and which data it keeps.
//!
//! The manifest grants nothing. What takes effect is imported by the component, asked for here and granted by the
//! administrator.

mod declared;
mod error;
pub(crate) mod form;
mod ledger;
mod settings;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use thiserror::Error;

use crate::capability::{Capability, Grants, Reach};
use crate::entries::{Declared, Kind, Mark};
use crate::ledger::Unit;
use crate::limits;
use error::{At as _, Rule, rule};
use form::is_line;

pub use error::ManifestError;
pub use settings::{Setting, SettingKind, SettingProblem, SettingValue, Settings};
pub use words::{ElementName, PluginId, Reason, SettingName};

/// A parsed and checked `plugin.toml`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Who the plugin is, everywhere and for ever.
    pub id: PluginId,
    /// What a page calls it: `comments` becomes `<stoa-comments>` and a URL segment.
    pub name: ElementName,
    /// The plugin's own version.
    #[serde(deserialize_with = "words::version")]
    pub version: semver::Version,
    /// One sentence for the administrator.
    pub description: String,
    /// SPDX licence expression.
    pub license: String,
    /// The oldest host that can run it.
    #[serde(deserialize_with = "words::version")]
    pub min_host: semver::Version,
    /// Where the host calls it; at least one.
    pub extension_points: Vec<ExtensionPoint>,
    /// Whether it keeps what is done in it for each page, or once for the whole site.
    #[serde(default)]
    pub place: Place,
    /// What it wants to use, each with a reason.
    #[serde(default)]
    pub capabilities: BTreeMap<Capability, Asked>,
    /// The kinds of entries that it keeps.
    #[serde(default)]
    pub kinds: BTreeMap<String, Kind>,
    /// The kinds of marks that people can put.
    #[serde(default)]
    pub marks: BTreeMap<String, Mark>,
    /// The units of points that people get and give.
    #[serde(default)]
    pub ledger: BTreeMap<String, Unit>,
    /// What an administrator can set, in the order of the form.
    #[serde(default)]
    pub settings: Vec<Setting>,
}

/// A capability that a plugin asks for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// What the plugin does with it, in plain words for the administrator who decides.
    pub reason: Reason,
    /// How far it reaches; only `entries` and `entries-write` take `scope = "site"`. None is [`Reach::Page`].
    #[serde(default)]
    pub scope: Option<Reach>,
}

/// An interface through which the host calls a plugin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExtensionPoint {
    /// Shows something in a page and takes part in what people do there.
    Widget,
}

/// Where a plugin keeps what is done in its widget.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// On the page that the widget stands on.
    #[default]
    Page,
    /// On no page: the widget shows the same wherever it stands.
    Site,
}

impl ExtensionPoint {
    /// The name of the interface that the component exports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Widget => "widget",
        }
    }
}

/// A plugin that needs a newer host.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("it needs Stoa {needed} or newer; this is {offered}")]
pub struct HostTooOld {
    /// The oldest host that can run it.
    pub needed: semver::Version,
    /// The version of this host.
    pub offered: semver::Version,
}

impl Manifest {
    /// Read and check the text of a `plugin.toml`.
    ///
    /// # Errors
    /// [`ManifestError`] for the first mistake, with its line, its key and what to write.
    pub fn parse(text: &str) -> Result<Self, ManifestError> {
        if text.len() > limits::MANIFEST_BYTES_MAX {
            let message =
                format!("the manifest has {} bytes; {} are the most", text.len(), limits::MANIFEST_BYTES_MAX);
            return Err(ManifestError { line: None, key: String::new(), message });
        }
        let mut manifest: Self =
            toml::from_str(text).map_err(|error| ManifestError::of_toml(text, &error))?;
        manifest.check().map_err(|broken| ManifestError::of_rule(text, broken))?;
        for field in manifest.kinds.values_mut().flat_map(|kind| kind.fields.values_mut()) {
            field.moderated = field.kind.is_text();
        }
        Ok(manifest)
    }

    /// The capabilities that the plugin asks for.
    #[must_use]
    pub fn grants(&self) -> Grants {
        self.capabilities.keys().copied().collect()
    }

    /// How far its reading of entries reaches.
    #[must_use]
    pub fn reach(&self) -> Reach {
        self.reach_of(Capability::Entries)
    }

    fn reach_of(&self, capability: Capability) -> Reach {
        self.capabilities.get(&capability).and_then(|asked| asked.scope).unwrap_or_default()
    }

    /// Its declarations of entries and marks.
    #[must_use]
    pub fn declared(&self) -> Declared {
        let writes = self.reach_of(Capability::EntriesWrite);
        let (kinds, marks, units) = (self.kinds.clone(), self.marks.clone(), self.ledger.clone());
        Declared { kinds, marks, units, writes }
    }

    /// Whether a host of this version can run it.
    ///
    /// # Errors
    /// [`HostTooOld`].
    pub fn check_host(&self, offered: &semver::Version) -> Result<(), HostTooOld> {
        if *offered >= self.min_host {
            return Ok(());
        }
        Err(HostTooOld { needed: self.min_host.clone(), offered: offered.clone() })
    }

    fn check(&self) -> Rule {
        check_sentence(&self.description).at("description")?;
        check_sentence(&self.license).at("license")?;
        rule(!self.extension_points.is_empty(), || {
            "is empty, and the host would never call the plugin; write [\"widget\"]".to_owned()
        })
        .at("extension_points")?;
        for (capability, asked) in &self.capabilities {
            let reaches = matches!(capability, Capability::Entries | Capability::EntriesWrite);
            rule(reaches || asked.scope.is_none(), || {
                "belongs to [capabilities.entries] and [capabilities.entries-write]; leave it out".to_owned()
            })
            .at("scope")
            .at(capability)
            .at("capabilities")?;
        }
        settings::check(&self.settings).at("settings")?;
        declared::check_kinds(&self.kinds, &self.settings).at("kinds")?;
        declared::check_marks(&self.marks, &self.kinds).at("marks")?;
        ledger::check(&self.ledger, &self.settings).at("ledger")
    }
}

/// One line for the administrator.
fn check_sentence(text: &str) -> Rule {
    let fits = !text.trim().is_empty() && is_line(text) && text.chars().count() <= limits::SENTENCE_CHARS_MAX;
    rule(fits, || format!("write one line of 1 to {} characters", limits::SENTENCE_CHARS_MAX))
}

/// Choices of a field or setting.
fn check_choices(choices: &[String]) -> Rule {
    rule((1..=limits::CHOICES_MAX).contains(&choices.len()), || {
        format!("there are {}; write 1 to {} of them", choices.len(), limits::CHOICES_MAX)
    })?;
    rule(choices.iter().collect::<BTreeSet<_>>().len() == choices.len(), || {
        "name something twice".to_owned()
    })?;
    let fits = |choice: &String| {
        !choice.trim().is_empty() && is_line(choice) && choice.chars().count() <= limits::ITEM_CHARS_MAX
    };
    rule(choices.iter().all(fits), || {
        format!("a choice is one line of 1 to {} characters", limits::ITEM_CHARS_MAX)
    })
}

#[cfg(test)]
mod tests;
