//! Fields of entries, as a manifest declares them, and who may set them.

use std::fmt;

use serde::Deserialize;
use thiserror::Error;

/// A field: `NAME = { type = "text" }` in `[kinds.KIND.fields]` of a manifest.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Which values it takes; `type` in the manifest.
    #[serde(rename = "type")]
    pub kind: FieldKind,
    /// Whether an entry cannot be without it.
    #[serde(default)]
    pub required: bool,
    /// Of texts the least number of characters, of a number the least value.
    #[serde(default)]
    pub min: Option<i64>,
    /// Of texts the greatest number of characters, of a number the greatest value.
    #[serde(default)]
    pub max: Option<Limit>,
    /// Of `tags`, `people` and `list`: the most items.
    #[serde(default)]
    pub max_count: Option<u32>,
    /// Of `tags`, `people` and `list`: the fewest items where there is a value.
    #[serde(default)]
    pub min_count: Option<u32>,
    /// The values to choose from: of a `choice` always, of `tags` where they are fixed.
    #[serde(default)]
    pub choices: Vec<String>,
    /// Whether moderation judges it: always, and only, where [`FieldKind::is_text`]. A manifest cannot say so.
    #[serde(skip)]
    pub moderated: bool,
    /// Whether queries can test the field and sort by it.
    #[serde(default)]
    pub indexed: bool,
    /// Of a `boolean`: whether at most one reply of each parent has it; setting it clears the former holder.
    #[serde(default)]
    pub one_for_each_parent: bool,
    /// Of a `number` that the host keeps: how many visible replies of this kind an entry has. None for none of them.
    #[serde(default)]
    pub count_of: Option<String>,
    /// Of a `reference` that the host keeps: the reply that has a field with `one_for_each_parent`; `KIND.FIELD`.
    #[serde(default)]
    pub holder_of: Option<String>,
    /// Of `person` and `people`: whether those who are named are told, when the entry is published or they are added.
    /// Of `one_for_each_parent`: whether the author is told when somebody else chooses the entry.
    #[serde(default)]
    pub told: bool,
    /// Who may set it later. Empty: nobody, it is set at creation only.
    #[serde(default = "author_and_moderator")]
    pub set_by: Vec<SetBy>,
}

/// What the host keeps of the replies to an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Derived<'a> {
    /// How many visible ones there are of this kind.
    Count(&'a str),
    /// Which one of a kind has a field with `one_for_each_parent`: kind and field.
    Holder(&'a str, &'a str),
}

impl<'a> Derived<'a> {
    /// The kind of the replies.
    #[must_use]
    pub const fn kind(self) -> &'a str {
        match self {
            Self::Count(kind) | Self::Holder(kind, _) => kind,
        }
    }
}

impl Field {
    /// A field of this kind with nothing but defaults.
    #[must_use]
    pub fn new(kind: FieldKind) -> Self {
        Self {
            kind,
            required: false,
            min: None,
            max: None,
            max_count: None,
            min_count: None,
            choices: Vec::new(),
            moderated: kind.is_text(),
            indexed: false,
            one_for_each_parent: false,
            count_of: None,
            holder_of: None,
            told: false,
            set_by: author_and_moderator(),
        }
    }

    /// What the host keeps in it; none where people and plugins set it.
    #[must_use]
    pub fn derived(&self) -> Option<Derived<'_>> {
        let count = self.count_of.as_deref().map(Derived::Count);
        let holder =
            || self.holder_of.as_deref()?.split_once('.').map(|(kind, field)| Derived::Holder(kind, field));
        count.or_else(holder)
    }
}

fn author_and_moderator() -> Vec<SetBy> {
    vec![SetBy::Author, SetBy::Moderator]
}

/// Which values a field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FieldKind {
    /// One line of text.
    Text,
    /// Markdown; only the field `body`.
    LongText,
    /// One of `choices`.
    Choice,
    /// A whole number.
    Number,
    /// Yes or no.
    Boolean,
    /// A point in time.
    Time,
    /// A person.
    Person,
    /// Several different people.
    People,
    /// Several different words, in any order.
    Tags,
    /// Several different lines of text, in order.
    List,
    /// Another entry.
    Reference,
}

impl FieldKind {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Text,
        Self::LongText,
        Self::Choice,
        Self::Number,
        Self::Boolean,
        Self::Time,
        Self::Person,
        Self::People,
        Self::Tags,
        Self::List,
        Self::Reference,
    ];

    /// The word that manifests and messages use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::LongText => "long-text",
            Self::Choice => "choice",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Time => "time",
            Self::Person => "person",
            Self::People => "people",
            Self::Tags => "tags",
            Self::List => "list",
            Self::Reference => "reference",
        }
    }

    /// Whether people write it freely: such a field can be moderated, needs a verb of class `edit` and, in a
    /// change, the version that was seen.
    #[must_use]
    pub const fn is_text(self) -> bool {
        matches!(self, Self::Text | Self::LongText | Self::Tags | Self::List)
    }

    /// Whether it holds several texts.
    #[must_use]
    pub const fn is_several(self) -> bool {
        matches!(self, Self::People | Self::Tags | Self::List)
    }
}

impl fmt::Display for FieldKind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

/// A greatest length or value.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "LimitForm")]
pub enum Limit {
    /// This number.
    Number(i64),
    /// The value of this setting: `max = { setting = "length_max" }`.
    Setting(String),
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "a whole number or { setting = \"name\" }")]
enum LimitForm {
    Number(i64),
    Setting(LimitSetting),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LimitSetting {
    setting: String,
}

impl From<LimitForm> for Limit {
    fn from(form: LimitForm) -> Self {
        match form {
            LimitForm::Number(number) => Self::Number(number),
            LimitForm::Setting(LimitSetting { setting }) => Self::Setting(setting),
        }
    }
}

/// Somebody who may set a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SetBy {
    /// The author of the entry.
    Author,
    /// The author of the entry that it replies to.
    ParentAuthor,
    /// A moderator.
    Moderator,
    /// The owner of the page.
    PageOwner,
    /// A person with the role `expert`.
    Expert,
    /// Every active person.
    Member,
}

/// What an active person is to an entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Relation {
    /// Its author.
    pub author: bool,
    /// The author of the entry that it replies to.
    pub parent_author: bool,
    /// A moderator here.
    pub moderator: bool,
    /// The owner of its page.
    pub page_owner: bool,
    /// An expert.
    pub expert: bool,
}

/// Whether somebody may set a field of an entry that exists.
#[must_use]
pub fn may_set(field: &Field, who: Relation) -> bool {
    field.set_by.iter().any(|one| match one {
        SetBy::Author => who.author,
        SetBy::ParentAuthor => who.parent_author,
        SetBy::Moderator => who.moderator,
        SetBy::PageOwner => who.page_owner,
        SetBy::Expert => who.expert,
        SetBy::Member => true,
    })
}

/// Whether the author may set a field when creating the entry: what nobody may set later, and what `who` (with
/// `author`) may set. So an answer is not created as accepted.
#[must_use]
pub fn may_set_new(field: &Field, who: Relation) -> bool {
    field.set_by.is_empty() || may_set(field, Relation { author: true, ..who })
}

/// A value that a field does not take, or a field that is missing.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{field}` {why}")]
pub struct FieldProblem {
    /// The field; `parent` where the entry may not reply to that kind.
    pub field: String,
    /// What is wrong.
    pub why: Why,
}

/// What is wrong with a field. The texts are for authors of plugins.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Why {
    /// It is required.
    #[error("is required and missing")]
    Missing,
    /// A text is too short.
    #[error("is shorter than {min} characters")]
    TooShort {
        /// The fewest characters.
        min: usize,
    },
    /// A text, or an item of several, is too long.
    #[error("is longer than {max} characters")]
    TooLong {
        /// The most characters.
        max: usize,
    },
    /// A number is too small or too large.
    #[error("is outside of {min} to {max}")]
    OutOfRange {
        /// The least.
        min: i64,
        /// The greatest.
        max: i64,
    },
    /// It is none of the choices.
    #[error("is none of its choices")]
    NotAChoice,
    /// The value is of another type.
    #[error("takes a value of type {wanted}")]
    WrongType {
        /// The kind of the field.
        wanted: FieldKind,
    },
    /// There are too many items.
    #[error("has more than {max} items")]
    TooMany {
        /// The most.
        max: u32,
    },
    /// There are too few items.
    #[error("has fewer than {min} items")]
    TooFew {
        /// The fewest.
        min: u32,
    },
    /// An item is there twice.
    #[error("names an item twice")]
    Duplicate,
    /// An item is empty.
    #[error("has an empty item")]
    EmptyItem,
    /// The text has line breaks or other control characters.
    #[error("takes one line of text without control characters")]
    NotOneLine,
    /// The text is not the id of an entry or person.
    #[error("takes an id of the host")]
    NotAnId,
    /// The manifest declares no such field for the kind.
    #[error("is not declared in the manifest for this kind")]
    Undeclared,
    /// The person may not set it.
    #[error("cannot be set by this person")]
    NotPermitted,
    /// The host keeps it.
    #[error("is kept by the host and cannot be set")]
    Derived,
    /// A text is changed without the version that was seen.
    #[error("is a text: say which version the change is based on")]
    NoVersion,
    /// An entry of this kind cannot reply to an entry of that kind, or cannot stand on its own.
    #[error("does not fit: an entry of this kind takes {}", wanted.join(", "))]
    WrongParent {
        /// The parents that the kind takes; `page` for none.
        wanted: Vec<String>,
    },
}

#[cfg(test)]
mod tests {
    use super::{Field, FieldKind, Relation, SetBy, may_set, may_set_new};

    #[test]
    fn a_field_is_set_by_those_whom_the_manifest_names() {
        let none = Relation::default();
        let author = Relation { author: true, ..none };
        let asker = Relation { parent_author: true, ..none };
        let moderator = Relation { moderator: true, ..none };
        let owner = Relation { page_owner: true, ..none };
        let expert = Relation { expert: true, ..none };
        let everybody = [none, author, asker, moderator, owner, expert];
        for (set_by, later, at_creation) in [
            (&[SetBy::Author, SetBy::Moderator][..], &[author, moderator][..], &everybody[..]),
            (&[], &[], &everybody),
            (&[SetBy::ParentAuthor, SetBy::PageOwner], &[asker, owner], &[asker, owner]),
            (&[SetBy::Expert], &[expert], &[expert]),
            (&[SetBy::Member], &everybody, &everybody),
        ] {
            let field = Field { set_by: set_by.to_vec(), ..Field::new(FieldKind::Boolean) };
            for who in everybody {
                assert_eq!(may_set(&field, who), later.contains(&who), "{set_by:?} {who:?}");
                assert_eq!(may_set_new(&field, who), at_creation.contains(&who), "{set_by:?} {who:?}");
            }
        }
    }
}
