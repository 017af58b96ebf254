//! What must still hold when the changes are committed, and what follows when it does not.

use crate::act::Target;
use crate::capability::{Capability, Grants};
use crate::entries::{State, Value};
use crate::ledger::Flow;

/// Something that is checked in the transaction of the commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// The entry is at this version.
    Version {
        /// The entry.
        id: String,
        /// The version.
        version: u32,
    },
    /// The entry is in this state.
    State {
        /// The entry.
        id: String,
        /// The state.
        state: State,
    },
    /// A field of the entry has this value; [`Value::Unset`] for none.
    Field {
        /// The entry.
        id: String,
        /// A declared field.
        name: String,
        /// The value.
        value: Value,
    },
    /// A person has put this mark, or has not.
    Mark {
        /// What it is put on.
        target: Target,
        /// The kind.
        kind: String,
        /// Whose mark; none is the actor.
        person: Option<String>,
        /// The value; none means that there is no such mark.
        value: Option<String>,
    },
    /// The page of the call is open for new entries.
    PageOpen,
    /// A flow, with what the commit itself transfers, comes to no more than this. The one condition that is looked at
    /// after the changes.
    AtMost {
        /// Which transfers.
        flow: Flow,
        /// How much; none for any amount.
        amount: Option<u64>,
        /// How many; none for any number.
        transfers: Option<u32>,
    },
}

impl Condition {
    /// The capability that is missing for it, if any: a condition tells something about what it names, so that reading
    /// this has to be granted.
    #[must_use]
    pub fn missing(&self, granted: Grants) -> Option<Capability> {
        let needed = match self {
            Self::Version { .. } | Self::State { .. } | Self::Field { .. } => Capability::Entries,
            // Whoever may put marks may ask for the person's own.
            Self::Mark { person: None, .. } if granted.contains(Capability::MarksWrite) => return None,
            Self::Mark { .. } => Capability::Marks,
            // The request says so, too.
            Self::PageOpen => return None,
            Self::AtMost { .. } => Capability::LedgerWrite,
        };
        (!granted.contains(needed)).then_some(needed)
    }
}

/// A condition, and what follows when it does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// What must hold.
    pub condition: Condition,
    /// What follows otherwise.
    pub otherwise: Otherwise,
}

/// What follows when a condition does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Otherwise {
    /// Nothing is committed; the person reads this and sees the current view. For what a person has seen.
    Refuse(Message),
    /// `act` is called again on current data, at most [`crate::limits::RERUNS_MAX`] times. For what only the
    /// call has read.
    Rerun,
}

/// A text of the plugin's Fluent bundle, formatted by the host for the reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The id of the text.
    pub id: String,
    /// The arguments by name; at most [`crate::limits::ARGUMENTS_MAX`].
    pub arguments: Vec<(String, Argument)>,
}

/// An argument of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Argument {
    /// A text.
    Text(String),
    /// A whole number.
    Number(i64),
    /// A person by id; the host writes the name.
    Person(String),
    /// A time in microseconds since 1970 (UTC); the host writes it in the reader's form.
    Time(u64),
}
