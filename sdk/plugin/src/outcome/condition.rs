//! Conditions, each in one line.

use crate::bindings::stoa::plugin::conditions::{Condition, FieldIs, MarkIs, Otherwise, StateIs, VersionIs};
use crate::{State, Target, Text, Value};

impl Condition {
    /// An entry is at this version.
    ///
    /// ```
    /// stoa_plugin::Condition::version("e1", 3);
    /// ```
    #[must_use]
    pub fn version(id: &str, version: u32) -> Self {
        Self::Version(VersionIs { id: id.to_owned(), version })
    }

    /// An entry is in this moderation state.
    ///
    /// ```
    /// stoa_plugin::Condition::state("e1", stoa_plugin::State::Visible);
    /// ```
    #[must_use]
    pub fn state(id: &str, state: State) -> Self {
        Self::State(StateIs { id: id.to_owned(), state })
    }

    /// A field has this value; `None::<bool>` and the like for a field that is not set. A boolean that was never set is
    /// `false`.
    ///
    /// ```
    /// stoa_plugin::Condition::field("e1", "closed", false);
    /// ```
    #[must_use]
    pub fn field(id: &str, name: &str, value: impl Into<Value>) -> Self {
        Self::Field(FieldIs { id: id.to_owned(), name: name.to_owned(), value: value.into() })
    }

    /// The person of this call has put a mark with this value.
    ///
    /// ```
    /// use stoa_plugin::{Condition, Target};
    ///
    /// Condition::marked(&Target::entry("e1"), "choice", "2");
    /// ```
    #[must_use]
    pub fn marked(target: &Target, kind: &str, value: &str) -> Self {
        Self::mark(target, kind, Some(value))
    }

    /// The person of this call has put no mark of this kind.
    ///
    /// ```
    /// use stoa_plugin::{Condition, Target};
    ///
    /// Condition::not_marked(&Target::entry("e1"), "choice");
    /// ```
    #[must_use]
    pub fn not_marked(target: &Target, kind: &str) -> Self {
        Self::mark(target, kind, None)
    }

    fn mark(target: &Target, kind: &str, value: Option<&str>) -> Self {
        Self::Mark(MarkIs {
            target: target.clone(),
            kind: kind.to_owned(),
            person: None,
            value: value.map(str::to_owned),
        })
    }
}

impl Otherwise {
    /// The person reads this, with the view as it is by then.
    ///
    /// ```
    /// stoa_plugin::Otherwise::refuse("poll-is-closed");
    /// ```
    #[must_use]
    pub fn refuse(text: impl Into<Text>) -> Self {
        Self::Refuse(text.into())
    }
}
