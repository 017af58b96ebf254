//! Kinds of marks, as a manifest declares them.

use serde::Deserialize;
use thiserror::Error;

use super::value::{Fields, Value};
use crate::limits;
use crate::manifest::form::is_mark_value;

/// A kind of mark: `[marks.NAME]` of a manifest. A person has at most one mark of a kind on each target.
/// `report` is the kind of the host itself and cannot be declared.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// What it is put on: kinds of entries, `page`, `person`.
    pub on: Vec<String>,
    /// Its values.
    pub values: MarkValues,
    /// Whether people may mark their own entries, or themselves.
    #[serde(default = "yes")]
    pub own: bool,
    /// Whether people may change or delete it.
    #[serde(default)]
    pub change: MarkChange,
    /// Who sees how many there are of each value.
    #[serde(default)]
    pub counts: Audience,
    /// Who sees who has put it.
    #[serde(default = "nobody")]
    pub holders: Audience,
    /// Whether `1` and `-1` count for the orders `top` and `controversial`.
    #[serde(default)]
    pub ranks: bool,
}

const fn yes() -> bool {
    true
}

const fn nobody() -> Audience {
    Audience::Nobody
}

/// The values of a kind of mark.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "ValuesForm")]
pub enum MarkValues {
    /// Any text: `values = "any"`.
    Any,
    /// One of these: `values = ["1", "-1"]`.
    Listed(Vec<String>),
    /// The position of an item in this `list` field of the entry, from 0: `values = "positions:options"`.
    Positions(String),
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "a list of texts, \"any\" or \"positions:FIELD\"")]
enum ValuesForm {
    Word(String),
    Listed(Vec<String>),
}

impl TryFrom<ValuesForm> for MarkValues {
    type Error = String;

    fn try_from(form: ValuesForm) -> Result<Self, String> {
        match form {
            ValuesForm::Listed(values) => Ok(Self::Listed(values)),
            ValuesForm::Word(word) if word == "any" => Ok(Self::Any),
            ValuesForm::Word(word) => match word.strip_prefix("positions:") {
                Some(field) => Ok(Self::Positions(field.to_owned())),
                None => Err(format!(
                    "\"{word}\" does not say which values: write a list of texts, \"any\" or \"positions:FIELD\""
                )),
            },
        }
    }
}

/// Whether people may change or delete their mark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MarkChange {
    /// At any time.
    #[default]
    Free,
    /// Never.
    Never,
}

/// Who sees something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Audience {
    /// Everybody who may read the page.
    #[default]
    Everybody,
    /// The author of the entry and moderators.
    Author,
    /// Moderators.
    Moderators,
    /// Nobody.
    Nobody,
}

impl Mark {
    /// Whether it can be put on this, a kind of entries, `page` or `person`. `own`: on the actor's own entry, or on
    /// the actor.
    ///
    /// # Errors
    /// [`MarkProblem::WrongTarget`], [`MarkProblem::Own`].
    pub fn check_target(&self, on: &str, own: bool) -> Result<(), MarkProblem> {
        if !self.on.iter().any(|one| one == on) {
            return Err(MarkProblem::WrongTarget { on: on.to_owned(), wanted: self.on.clone() });
        }
        if own && !self.own { Err(MarkProblem::Own) } else { Ok(()) }
    }

    /// Whether it takes a value. `fields` are those of the entry, or none for a page or person.
    ///
    /// # Errors
    /// [`MarkProblem::Form`], [`MarkProblem::NotListed`], [`MarkProblem::NoPosition`].
    pub fn check_value(&self, value: &str, fields: &Fields) -> Result<(), MarkProblem> {
        self.check_form(value)?;
        let MarkValues::Positions(field) = &self.values else { return Ok(()) };
        let count = match fields.get(field) {
            Some(Value::Texts(items)) => items.len(),
            _ => 0,
        };
        match position(value) {
            Some(position) if position < count => Ok(()),
            _ => Err(MarkProblem::NoPosition { field: field.clone(), count }),
        }
    }

    /// Whether it may take a value, as far as that is known without the entry.
    ///
    /// # Errors
    /// [`MarkProblem::Form`], [`MarkProblem::NotListed`].
    pub fn check_form(&self, value: &str) -> Result<(), MarkProblem> {
        if !is_mark_value(value) {
            return Err(MarkProblem::Form);
        }
        match &self.values {
            MarkValues::Any => Ok(()),
            MarkValues::Listed(values) if values.iter().any(|one| one == value) => Ok(()),
            MarkValues::Listed(values) => Err(MarkProblem::NotListed { values: values.clone() }),
            MarkValues::Positions(_) if position(value).is_some() => Ok(()),
            MarkValues::Positions(_) => Err(MarkProblem::Form),
        }
    }
}

/// A position in its one form: `7`, not `07` or `+7`.
fn position(value: &str) -> Option<usize> {
    value.parse().ok().filter(|position: &usize| position.to_string() == value)
}

/// A mark that cannot be put.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum MarkProblem {
    /// The kind of mark is not for this.
    #[error("a mark of this kind is put on {}, not on {on}", wanted.join(", "))]
    WrongTarget {
        /// The kind of the entry, `page` or `person`.
        on: String,
        /// What it is put on.
        wanted: Vec<String>,
    },
    /// It is on the actor's own entry, or on the actor.
    #[error("nobody puts a mark of this kind on their own")]
    Own,
    /// There is one already, and it cannot be changed or deleted.
    #[error("a mark of this kind cannot be changed or deleted")]
    Fixed,
    /// The value is empty, too long, has control characters or is not written as a position is.
    #[error("a value has 1 to {max} bytes in one line, and a position is a number from 0", max = limits::MARK_VALUE_BYTES_MAX)]
    Form,
    /// The value is none of the listed ones.
    #[error("the value is none of: {}", values.join(", "))]
    NotListed {
        /// What there is.
        values: Vec<String>,
    },
    /// The entry has no item at this position.
    #[error("the value is no position in `{field}`, which has {count} items")]
    NoPosition {
        /// The field.
        field: String,
        /// How many items it has.
        count: usize,
    },
}

#[cfg(test)]
mod tests {
    use super::{Audience, Mark, MarkChange, MarkProblem, MarkValues};
    use crate::{Fields, Value};

    fn mark(values: MarkValues) -> Mark {
        Mark {
            on: vec!["poll".to_owned(), "page".to_owned()],
            values,
            own: false,
            change: MarkChange::Free,
            counts: Audience::Everybody,
            holders: Audience::Nobody,
            ranks: false,
        }
    }

    #[test]
    fn a_value_is_one_that_the_manifest_declares() {
        let listed = || MarkValues::Listed(vec!["1".to_owned(), "-1".to_owned()]);
        let positions = || MarkValues::Positions("options".to_owned());
        let not_listed = || MarkProblem::NotListed { values: vec!["1".to_owned(), "-1".to_owned()] };
        let no_position = || MarkProblem::NoPosition { field: "options".to_owned(), count: 3 };
        let options = ["a", "b", "c"].map(str::to_owned).to_vec();
        let fields: Fields = [("options".to_owned(), Value::Texts(options))].into();
        for (values, value, expected) in [
            (MarkValues::Any, "thumbs up", Ok(())),
            (MarkValues::Any, &"x".repeat(64), Ok(())),
            (MarkValues::Any, &"x".repeat(65), Err(MarkProblem::Form)),
            (MarkValues::Any, "", Err(MarkProblem::Form)),
            (MarkValues::Any, "a\nb", Err(MarkProblem::Form)),
            (listed(), "-1", Ok(())),
            (listed(), "2", Err(not_listed())),
            (positions(), "0", Ok(())),
            (positions(), "2", Ok(())),
            (positions(), "3", Err(no_position())),
            (positions(), "02", Err(MarkProblem::Form)),
            (positions(), "+2", Err(MarkProblem::Form)),
            (positions(), "-1", Err(MarkProblem::Form)),
        ] {
            assert_eq!(mark(values.clone()).check_value(value, &fields), expected, "{values:?} {value:?}");
        }
    }

    #[test]
    fn an_entry_without_the_list_has_no_positions() {
        let mark = mark(MarkValues::Positions("options".to_owned()));
        let expected = MarkProblem::NoPosition { field: "options".to_owned(), count: 0 };
        assert_eq!(mark.check_value("0", &Fields::new()), Err(expected));
    }

    #[test]
    fn a_mark_is_put_where_the_manifest_says() {
        let mark = mark(MarkValues::Any);
        assert_eq!(mark.check_target("poll", false), Ok(()));
        assert_eq!(mark.check_target("poll", true), Err(MarkProblem::Own));
        assert_eq!(mark.check_target("page", false), Ok(()));
        assert!(matches!(mark.check_target("person", false), Err(MarkProblem::WrongTarget { .. })));
    }
}
