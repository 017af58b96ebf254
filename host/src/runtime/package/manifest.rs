//! What a component says about itself: the manifest and the interface texts in its custom sections.
//!
//! The manifest explains, it grants nothing: what a plugin can reach is decided by its imports and the admin.

use std::collections::BTreeMap;

use serde::Deserialize;
use wasmparser::{CanonicalOption, Parser, Payload};

use super::super::errors::LoadError;

/// The section with `plugin.toml`.
const MANIFEST_SECTION: &str = "stoa:manifest";

/// What the name of a section with interface texts starts with; the language follows.
const LOCALE_PREFIX: &str = "stoa:locale:";

/// The most bytes of a manifest.
const MANIFEST_BYTES_MAX: usize = 64 << 10;

/// The most bytes of the interface texts of one language.
const LOCALE_BYTES_MAX: usize = 256 << 10;

/// The most languages.
const LOCALES_MAX: usize = 64;

/// What a plugin says about itself.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Who it is: `namespace:name`.
    pub id: String,
    /// What pages call it: 1 to 32 characters of a-z, 0-9 and `-`.
    pub name: String,
    /// Its version.
    pub version: String,
    /// One sentence for the admin.
    pub description: String,
    /// SPDX licence expression.
    pub license: String,
    /// The oldest host that can run it.
    pub min_host: String,
    /// Where the host calls it.
    pub extension_points: Vec<String>,
    /// What it wants to use, and why.
    #[serde(default)]
    pub capabilities: BTreeMap<String, Asked>,
    /// What the admin can set.
    #[serde(default)]
    pub settings: Vec<Declared>,
}

/// A capability that a plugin asks for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// Why, in plain words for the admin.
    pub reason: String,
}

/// A setting that a plugin declares.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declared {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: SettingKind,
    /// Its value until the admin sets another.
    pub default: toml::Value,
    /// What the admin reads beside it.
    pub label: String,
    /// The least, for an integer.
    pub min: Option<i64>,
    /// The most, for an integer.
    pub max: Option<i64>,
    /// What to choose from, for a choice.
    #[serde(default)]
    pub choices: Vec<String>,
}

/// What a setting holds.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum SettingKind {
    /// A whole number.
    Integer,
    /// Yes or no.
    Boolean,
    /// One line of text.
    Text,
    /// One of several texts.
    Choice,
    /// Several texts.
    List,
}

/// The interface texts of one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locale {
    /// The language, for example `en`.
    pub language: String,
    /// The Fluent file.
    pub text: String,
}

/// Read manifest and interface texts from a component's bytes. Nothing of it is run or compiled.
///
/// # Errors
/// [`LoadError::NotAComponent`], [`LoadError::NoManifest`], [`LoadError::Manifest`], [`LoadError::HostTooOld`].
pub(crate) fn read(bytes: &[u8]) -> Result<(Manifest, Vec<Locale>), LoadError> {
    let mut manifest = None;
    let mut locales = Vec::new();
    let broken = |error: wasmparser::BinaryReaderError| LoadError::NotAComponent(error.to_string());
    let mut depth = 0_usize;
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.map_err(broken)? {
            Payload::Version { encoding: wasmparser::Encoding::Module, .. } if depth == 0 => {
                return Err(LoadError::NotAComponent("it is a core module".to_owned()));
            }
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentCanonicalSection(section) => {
                for function in section {
                    check_encoding(&function.map_err(broken)?)?;
                }
            }
            // Sections of modules inside are theirs.
            Payload::CustomSection(section) if depth == 0 => {
                if section.name() == MANIFEST_SECTION {
                    manifest = Some(parse(section.data())?);
                } else if let Some(language) = section.name().strip_prefix(LOCALE_PREFIX) {
                    locales.push(read_locale(language, section.data())?);
                }
            }
            _ => {}
        }
        if locales.len() > LOCALES_MAX {
            return Err(LoadError::Manifest(format!("more than {LOCALES_MAX} languages")));
        }
    }
    Ok((manifest.ok_or(LoadError::NoManifest)?, locales))
}

/// Only UTF-8 crosses the border: the conversions of other encodings have had faults (CVE-2026-34941) and no SDK
/// needs them.
fn check_encoding(function: &wasmparser::CanonicalFunction) -> Result<(), LoadError> {
    let options = match function {
        wasmparser::CanonicalFunction::Lift { options, .. }
        | wasmparser::CanonicalFunction::Lower { options, .. } => options,
        _ => return Ok(()),
    };
    let other =
        |option: &CanonicalOption| matches!(option, CanonicalOption::UTF16 | CanonicalOption::CompactUTF16);
    if options.iter().any(other) {
        return Err(LoadError::NotAComponent("its texts are not UTF-8".to_owned()));
    }
    Ok(())
}

fn read_locale(language: &str, data: &[u8]) -> Result<Locale, LoadError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if language.is_empty() || language.len() > 35 || !language.chars().all(plain) {
        return Err(LoadError::Manifest(format!("`{}` is not a language", language.escape_debug())));
    }
    if data.len() > LOCALE_BYTES_MAX {
        return Err(LoadError::Manifest(format!("the texts in `{language}` are larger than 256 KiB")));
    }
    let text = std::str::from_utf8(data)
        .map_err(|_| LoadError::Manifest(format!("the texts in `{language}` are not UTF-8")))?;
    Ok(Locale { language: language.to_owned(), text: text.to_owned() })
}

fn parse(data: &[u8]) -> Result<Manifest, LoadError> {
    if data.len() > MANIFEST_BYTES_MAX {
        return Err(LoadError::Manifest("larger than 64 KiB".to_owned()));
    }
    let text = std::str::from_utf8(data).map_err(|_| LoadError::Manifest("not UTF-8".to_owned()))?;
    let manifest: Manifest = toml::from_str(text).map_err(|error| LoadError::Manifest(error.to_string()))?;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let name = &manifest.name;
    if name.is_empty() || name.len() > 32 || !name.chars().all(plain) {
        return Err(LoadError::Manifest("`name` takes 1 to 32 characters of a-z, 0-9 and `-`".to_owned()));
    }
    if !manifest.extension_points.iter().any(|point| point == "widget") {
        return Err(LoadError::Manifest("`extension_points` has to name `widget`".to_owned()));
    }
    check_host(name, &manifest.min_host)?;
    Ok(manifest)
}

fn check_host(plugin: &str, wanted: &str) -> Result<(), LoadError> {
    let offered = env!("CARGO_PKG_VERSION");
    let numbers = |text: &str| -> Option<Vec<u64>> {
        let numbers: Option<Vec<u64>> = text.split('.').map(|part| part.parse().ok()).collect();
        numbers.filter(|numbers| numbers.len() == 3)
    };
    let Some(needed) = numbers(wanted) else {
        return Err(LoadError::Manifest("`min_host` is a version of the form 1.2.3".to_owned()));
    };
    if numbers(offered).is_some_and(|here| here < needed) {
        return Err(LoadError::HostTooOld { plugin: plugin.to_owned(), wanted: wanted.to_owned(), offered });
    }
    Ok(())
}
