//! The most that a verb may record. Rate limits count what was recorded.

use std::collections::BTreeMap;
use std::fmt;

use thiserror::Error;

use super::Change;
use crate::entries::{Fields, Kind, State};

/// The class of a verb. A class includes those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Marks, points, and fields that are no texts.
    Mark,
    /// Texts, deletion of own entries and the private space, too.
    Edit,
    /// New entries, too.
    Create,
    /// Everything, by moderators only.
    Moderate,
}

impl Class {
    /// The word that WIT and messages use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mark => "mark",
            Self::Edit => "edit",
            Self::Create => "create",
            Self::Moderate => "moderate",
        }
    }
}

/// Whether a verb of this class may record a change.
///
/// # Errors
/// [`ClassProblem`] with the class that the change needs.
pub fn check_class(
    class: Class,
    change: &Change,
    kinds: &BTreeMap<String, Kind>,
) -> Result<(), ClassProblem> {
    let needed = change.class(kinds);
    if needed <= class { Ok(()) } else { Err(ClassProblem { class, needed }) }
}

impl fmt::Display for Class {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

impl Change {
    /// The least class of a verb that may record this. A field counts as a text if one of `kinds` declares a
    /// field of text with its name.
    #[must_use]
    pub fn class(&self, kinds: &BTreeMap<String, Kind>) -> Class {
        match self {
            // Points go with what people do, and have limits of their own.
            Self::PutMark { .. } | Self::DeleteMark { .. } | Self::Post { .. } | Self::Reverse { .. } => {
                Class::Mark
            }
            Self::SetFields { fields, .. } if has_text(fields, kinds) => Class::Edit,
            Self::SetFields { .. } => Class::Mark,
            Self::SetState { state: State::Deleted, .. } | Self::PutValue { .. } => Class::Edit,
            Self::Create(_) => Class::Create,
            Self::SetState { .. } | Self::SetPinned { .. } | Self::ClosePage(_) => Class::Moderate,
        }
    }
}

fn has_text(fields: &Fields, kinds: &BTreeMap<String, Kind>) -> bool {
    fields
        .keys()
        .any(|name| kinds.values().filter_map(|kind| kind.fields.get(name)).any(|field| field.kind.is_text()))
}

/// A change that a verb of this class may not record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a verb of class `{class}` cannot record this change; it needs class `{needed}`")]
pub struct ClassProblem {
    /// The class of the verb.
    pub class: Class,
    /// The class that the change needs.
    pub needed: Class,
}
