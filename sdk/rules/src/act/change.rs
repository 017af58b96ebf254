//! The changes that `act` records. The runtime records them; store and test host apply them in order.

use std::fmt;

use crate::act::Otherwise;
use crate::capability::Capability;
use crate::entries::{Fields, State};
use crate::ledger::Posting;

/// What a mark is put on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// An entry, by id.
    Entry(String),
    /// A page, by key.
    Page(String),
    /// A person, by id.
    Person(String),
}

impl fmt::Display for Target {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Entry(id) => write!(out, "entry {id}"),
            Self::Page(key) => write!(out, "page {key}"),
            Self::Person(id) => write!(out, "person {id}"),
        }
    }
}

/// An entry to be created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEntry {
    /// The id, made by the host.
    pub id: String,
    /// A kind that the manifest declares.
    pub kind: String,
    /// The entry that it replies to.
    pub parent: Option<String>,
    /// The values, the body among them.
    pub fields: Fields,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Create an entry of the actor.
    Create(NewEntry),
    /// Set fields of an entry; [`crate::Value::Unset`] clears one.
    SetFields {
        /// The entry.
        id: String,
        /// The version that the change is based on; required for fields of text.
        seen: Option<u32>,
        /// The values.
        fields: Fields,
    },
    /// Set the state: `Deleted` by its author; `Visible`, `Rejected` and `Removed` by a moderator.
    SetState {
        /// The entry.
        id: String,
        /// The version that the decision is based on.
        seen: u32,
        /// The new state.
        state: State,
        /// Why, for the author; may be empty.
        reason: String,
    },
    /// Pin an entry to the top, or unpin it.
    SetPinned {
        /// The entry.
        id: String,
        /// Whether it is pinned.
        pinned: bool,
    },
    /// Put a mark of the actor, or replace its value.
    PutMark {
        /// What it is put on.
        target: Target,
        /// A kind of mark that the manifest declares.
        kind: String,
        /// The value.
        value: String,
    },
    /// Delete a mark of the actor; nothing where there is none.
    DeleteMark {
        /// What it was put on.
        target: Target,
        /// The kind.
        kind: String,
    },
    /// Close the page of the call for new entries (`true`) or open it.
    ClosePage(bool),
    /// Write the private space of the plugin.
    PutValue {
        /// The key.
        key: String,
        /// The value; none deletes the key.
        value: Option<Vec<u8>>,
        /// Whether open views of the plugin on the page are drawn again.
        wakes: bool,
    },
    /// Transfer points. The same again, by the same person for the same entry, gives nothing more until it is reversed.
    Post {
        /// The transfer.
        posting: Posting,
        /// What follows where the actor's account has too little.
        short: Otherwise,
    },
    /// Take back what was transferred, exactly as it was; nothing where there is nothing.
    Reverse {
        /// The unit.
        unit: String,
        /// The reason.
        reason: String,
        /// The entry that it was about.
        entry: String,
        /// By whose action it was transferred; none for everybody's.
        actor: Option<String>,
    },
}

impl Change {
    /// The capability of the function that records it.
    #[must_use]
    pub fn capability(&self) -> Capability {
        match self {
            Self::Create(_) | Self::SetFields { .. } | Self::SetState { .. } | Self::SetPinned { .. } => {
                Capability::EntriesWrite
            }
            Self::PutMark { .. } | Self::DeleteMark { .. } => Capability::MarksWrite,
            Self::ClosePage(_) => Capability::PagesWrite,
            Self::PutValue { .. } => Capability::KvWrite,
            Self::Post { .. } | Self::Reverse { .. } => Capability::LedgerWrite,
        }
    }
}
