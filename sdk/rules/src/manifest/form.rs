//! The forms of names, ids and texts, and what is said when an argument does not fit.

use thiserror::Error;

use crate::limits;

/// The word for the page itself among [`crate::Kind::parents`] and in [`crate::Mark::on`].
pub(crate) const PAGE: &str = "page";

/// The word for a person in [`crate::Mark::on`].
pub(crate) const PERSON: &str = "person";

/// The host's own kind of mark: a report for moderators. No plugin declares or records it.
pub(crate) const REPORT: &str = "report";

/// An argument that does not fit; WIT's `problem`.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{at}: {detail}")]
pub struct Problem {
    /// Which: `filters.0`, `fields.title`.
    pub at: String,
    /// What is wrong and what it takes, for the author of the plugin.
    pub detail: String,
}

impl Problem {
    pub(crate) fn new(at: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { at: at.into(), detail: detail.into() }
    }
}

/// Whether a text is one line: without control characters and without Unicode's separators of lines and paragraphs.
pub(crate) fn is_line(text: &str) -> bool {
    !text.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'))
}

/// Whether a text has the form of an id: a hyphenated UUID in small letters.
#[must_use]
pub fn is_id(text: &str) -> bool {
    text.len() == limits::ID_BYTES
        && text.bytes().enumerate().all(|(place, byte)| match place {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte),
        })
}

/// The form of an identifier in Fluent: a letter, then letters, digits, `-` and `_`.
pub(crate) fn is_message_id(id: &str) -> bool {
    id.len() <= limits::MESSAGE_ID_BYTES_MAX
        && id.starts_with(|c: char| c.is_ascii_alphabetic())
        && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

/// 1 to [`limits::MARK_VALUE_BYTES_MAX`] bytes in one line.
pub(crate) fn is_mark_value(value: &str) -> bool {
    (1..=limits::MARK_VALUE_BYTES_MAX).contains(&value.len()) && is_line(value)
}

#[cfg(test)]
mod tests {
    use super::{is_id, is_line, is_message_id};

    const ID: &str = "0199e1a0-0000-7000-8000-00000000000a";

    #[test]
    fn ids_are_hyphenated_uuids_in_small_letters() {
        assert!(is_id(ID));
        for wrong in ["", "0199e1a00000700080000000000000000000", &ID.to_uppercase(), &ID[1..], "e1"] {
            assert!(!is_id(wrong), "{wrong}");
        }
    }

    #[test]
    fn a_line_has_no_breaks_of_any_kind() {
        assert!(is_line("äöü € \u{1f600}"));
        for text in ["a\nb", "a\rb", "a\tb", "a\u{0}b", "a\u{85}b", "a\u{2028}b", "a\u{2029}b"] {
            assert!(!is_line(text), "{text:?}");
        }
    }

    #[test]
    fn ids_of_messages_are_identifiers_of_fluent() {
        for (id, fits) in
            [("already-answered", true), ("a_1", true), ("", false), ("1a", false), ("a b", false)]
        {
            assert_eq!(is_message_id(id), fits, "{id}");
        }
        assert!(!is_message_id(&"x".repeat(65)));
    }
}
