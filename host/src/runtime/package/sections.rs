//! What a component says about itself: the manifest and the interface texts in its custom sections.
//!
//! The manifest explains, it grants nothing: what a plugin can reach is decided by its imports and the admin.

use stoa_rules::Manifest;
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
pub fn read(bytes: &[u8]) -> Result<(Manifest, Vec<Locale>), LoadError> {
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
    let manifest = Manifest::parse(text).map_err(|error| LoadError::Manifest(error.to_string()))?;
    check_host(&manifest)?;
    Ok(manifest)
}

fn check_host(manifest: &Manifest) -> Result<(), LoadError> {
    let offered = env!("CARGO_PKG_VERSION");
    let here = semver::Version::parse(offered).expect("cargo takes semantic versions only");
    manifest.check_host(&here).map_err(|old| LoadError::HostTooOld {
        plugin: manifest.name.to_string(),
        wanted: old.needed.to_string(),
        offered,
    })
}
