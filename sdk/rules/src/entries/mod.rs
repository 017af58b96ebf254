//! Entries: what the kinds, fields and marks of a manifest may be, which values they take, who may set them,
//! and how entries change their state and are ordered.

mod check;
mod field;
mod kind;
mod mark;
mod moderation;
mod order;
mod state;
mod value;

use std::collections::BTreeMap;

use crate::capability::Reach;
use crate::ledger::Unit;

pub(crate) use check::check_type;
pub use field::{Derived, Field, FieldKind, FieldProblem, Limit, Relation, SetBy, Why, may_set, may_set_new};
pub use kind::{Kind, Unique, UniqueBy};
pub use mark::{Audience, Mark, MarkChange, MarkProblem, MarkValues};
pub use moderation::{
    Author, Draft, Moderation, ModerationMode, Verdict, clean_body, clean_line, fold, fold_look_alikes, judge,
};
pub use order::{score_controversial, score_top};
pub use state::{Listed, State, TransitionError, listed, transition};
pub use value::{Fields, Value, chars_seen, fields_from_json, fields_to_json, set_values, value_is};

/// What a manifest declares about data: all that runtime, store and test host need of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Declared {
    /// The kinds of entries by name.
    pub kinds: BTreeMap<String, Kind>,
    /// The kinds of marks by name.
    pub marks: BTreeMap<String, Mark>,
    /// The units of points by name.
    pub units: BTreeMap<String, Unit>,
    /// How far changes of entries reach.
    pub writes: Reach,
}

impl Declared {
    /// Whether the host keeps something of the replies of this kind.
    #[must_use]
    pub fn derives_of(&self, kind: &str) -> bool {
        let fields = self.kinds.values().flat_map(|kind| kind.fields.values());
        fields.filter_map(Field::derived).any(|derived| derived.kind() == kind)
    }
}
