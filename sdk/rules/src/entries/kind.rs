//! Kinds of entries, as a manifest declares them.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Field;
use crate::manifest::form::PAGE;

/// A kind of entry: `[kinds.NAME]` of a manifest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    /// The kinds that it may reply to; `page` where it may also stand on its own. None: only on its own.
    #[serde(default)]
    pub parents: Vec<String>,
    /// The field by which lists and notices call an entry; a text.
    #[serde(default)]
    pub title: Option<String>,
    /// The fields by name. `body` is the one `long-text` field: the host shows it by the id of the entry.
    #[serde(default)]
    pub fields: BTreeMap<String, Field>,
    /// What can exist only once.
    #[serde(default)]
    pub unique: Option<Unique>,
}

/// That there is at most one visible or held entry of the kind for each combination of these.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unique {
    /// What the combination is made of; at least one.
    pub by: Vec<UniqueBy>,
    /// The id of a message for the person whose second entry is refused.
    pub text: String,
}

/// A part of a unique combination.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UniqueBy {
    /// The entry that it replies to.
    Parent,
    /// The author.
    Author,
    /// The page.
    Page,
}

impl Kind {
    /// Whether an entry may reply to one of this kind, or stand on its own for none.
    #[must_use]
    pub fn may_reply_to(&self, parent_kind: Option<&str>) -> bool {
        match parent_kind {
            Some(kind) => kind != PAGE && self.parents.iter().any(|parent| parent == kind),
            None => self.parents.is_empty() || self.parents.iter().any(|parent| parent == PAGE),
        }
    }
}
