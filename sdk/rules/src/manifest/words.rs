//! Text types of a manifest. Their rules are checked while the file is read, so that an error has a line.

use std::fmt;

use serde::{Deserialize, Deserializer};

use crate::limits::{NAME_BYTES_MAX, SENTENCE_CHARS_MAX};

/// Declares a text type whose rule is checked while it is read.
macro_rules! checked_text {
    ($(#[$doc:meta])* $name:ident, $check:path) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
        #[serde(try_from = "String")]
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

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&self.0)
            }
        }
    };
}

checked_text! {
    /// `namespace:name`, each part an [`ElementName`].
    PluginId, check_id
}
checked_text! {
    /// Small letters, digits and hyphens, starting with a letter; at most [`NAME_BYTES_MAX`] characters.
    ElementName, check_element
}
checked_text! {
    /// A sentence of at most [`SENTENCE_CHARS_MAX`] characters; never empty.
    Reason, check_reason
}
checked_text! {
    /// Small letters, digits and underscores, starting with a letter; at most [`NAME_BYTES_MAX`] characters.
    SettingName, check_setting
}

/// Reads a version of three numbers, possibly with a pre-release.
pub(super) fn version<'de, D: Deserializer<'de>>(deserializer: D) -> Result<semver::Version, D::Error> {
    let text = String::deserialize(deserializer)?;
    semver::Version::parse(&text).map_err(|why| {
        serde::de::Error::custom(format!("\"{text}\" is not a version of the form 1.2.3: {why}"))
    })
}

fn check_id(text: &str) -> Result<(), String> {
    let (namespace, name) =
        text.split_once(':').ok_or_else(|| format!("\"{text}\" is not of the form namespace:name"))?;
    check_element(namespace)?;
    check_element(name)
}

fn check_element(text: &str) -> Result<(), String> {
    let fits = text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    let starts = text.starts_with(|c: char| c.is_ascii_lowercase()) && !text.ends_with('-');
    if fits && starts && text.len() <= NAME_BYTES_MAX {
        return Ok(());
    }
    Err(format!(
        "\"{text}\" is not a name: small letters, digits and hyphens, a letter first, at most {NAME_BYTES_MAX}"
    ))
}

fn check_reason(text: &str) -> Result<(), String> {
    if text.trim().is_empty() || text.chars().count() > SENTENCE_CHARS_MAX {
        return Err(format!("a reason is one sentence of at most {SENTENCE_CHARS_MAX} characters"));
    }
    Ok(())
}

fn check_setting(text: &str) -> Result<(), String> {
    let fits = text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if fits && text.starts_with(|c: char| c.is_ascii_lowercase()) && text.len() <= NAME_BYTES_MAX {
        return Ok(());
    }
    Err(format!("\"{text}\" is not a setting name: small letters, digits and underscores, a letter first"))
}
