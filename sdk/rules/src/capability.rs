//! Which functions a plugin can import, and which capability each of them needs.
//!
//! An interface is a capability: reading and writing are apart. Some interfaces are always there. The table
//! [`FUNCTIONS`] is the one list of all functions; linker, build tool and test host use it.

use std::fmt;

use serde::Deserialize;
use thiserror::Error;

/// The interfaces that need no capability.
pub const ALWAYS: [&str; 6] = ["settings", "clock", "random", "log", "outcome", "conditions"];

/// Something that an administrator grants to a plugin: an interface of `stoa:plugin`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "String")]
pub enum Capability {
    /// Read entries.
    Entries,
    /// Create and change entries.
    EntriesWrite,
    /// Read marks.
    Marks,
    /// Put and delete marks of the actor.
    MarksWrite,
    /// Know people by id.
    People,
    /// Know pages.
    Pages,
    /// Close and open pages.
    PagesWrite,
    /// Read the private space of the plugin.
    Kv,
    /// Write the private space of the plugin.
    KvWrite,
    /// Read points.
    Ledger,
    /// Transfer points.
    LedgerWrite,
}

impl Capability {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Entries,
        Self::EntriesWrite,
        Self::Marks,
        Self::MarksWrite,
        Self::People,
        Self::Pages,
        Self::PagesWrite,
        Self::Kv,
        Self::KvWrite,
        Self::Ledger,
        Self::LedgerWrite,
    ];

    /// The name of the interface, in manifests and grants.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Entries => "entries",
            Self::EntriesWrite => "entries-write",
            Self::Marks => "marks",
            Self::MarksWrite => "marks-write",
            Self::People => "people",
            Self::Pages => "pages",
            Self::PagesWrite => "pages-write",
            Self::Kv => "kv",
            Self::KvWrite => "kv-write",
            Self::Ledger => "ledger",
            Self::LedgerWrite => "ledger-write",
        }
    }

    /// The capability of that name; also the capability that an interface of that name needs.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }
}

impl fmt::Display for Capability {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

impl TryFrom<String> for Capability {
    type Error = UnknownCapability;

    fn try_from(name: String) -> Result<Self, UnknownCapability> {
        Self::named(&name).ok_or(UnknownCapability(name))
    }
}

/// A name that is no capability.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub struct UnknownCapability(
    /// The name.
    pub String,
);

impl fmt::Display for UnknownCapability {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(name) = self;
        if ALWAYS.contains(&name.as_str()) {
            return write!(out, "`{name}` needs no capability: it is always there; leave it out");
        }
        let names: Vec<&str> = Capability::ALL.into_iter().map(Capability::name).collect();
        write!(out, "there is no capability \"{name}\"; there are {}", names.join(", "))
    }
}

/// How far a capability reaches.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// The page of the call.
    #[default]
    Page,
    /// All pages of the site.
    Site,
}

/// A function that a plugin can import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Function {
    /// The interface.
    pub interface: &'static str,
    /// The name.
    pub name: &'static str,
    /// Whether it records a change or a condition, which is possible only in `act`.
    pub records: bool,
}

impl Function {
    /// The capability that it needs; none for what is always there.
    #[must_use]
    pub fn capability(&self) -> Option<Capability> {
        Capability::named(self.interface)
    }
}

const fn reads(interface: &'static str, name: &'static str) -> Function {
    Function { interface, name, records: false }
}

const fn records(interface: &'static str, name: &'static str) -> Function {
    Function { interface, name, records: true }
}

/// Every function that a plugin can import, by interface.
pub const FUNCTIONS: &[Function] = &[
    reads("entries", "list-entries"),
    reads("entries", "get-thread"),
    reads("entries", "find-similar"),
    reads("entries", "get-many"),
    reads("entries", "get-body"),
    reads("entries", "list-revisions"),
    reads("entries", "count"),
    reads("entries", "count-by"),
    records("entries-write", "create"),
    records("entries-write", "change"),
    records("entries-write", "delete"),
    records("entries-write", "set-pinned"),
    reads("marks", "get-own"),
    reads("marks", "list-holders"),
    records("marks-write", "put"),
    records("marks-write", "delete"),
    reads("people", "get-many"),
    reads("pages", "get-many"),
    records("pages-write", "set-closed"),
    reads("kv", "get"),
    reads("kv", "list-prefix"),
    records("kv-write", "put"),
    reads("ledger", "get-balances"),
    reads("ledger", "sum-flows"),
    records("ledger-write", "post"),
    records("ledger-write", "reverse"),
    records("ledger-write", "require-at-most"),
    records("conditions", "require"),
    reads("settings", "get"),
    reads("clock", "now"),
    reads("random", "next"),
    reads("log", "write"),
    reads("outcome", "navigate"),
    reads("outcome", "announce"),
    reads("outcome", "focus"),
];

/// The functions of an interface.
pub fn functions(interface: &str) -> impl Iterator<Item = &'static Function> {
    FUNCTIONS.iter().filter(move |function| function.interface == interface)
}

/// A set of capabilities.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Grants(u16);

impl Grants {
    /// Every capability.
    #[must_use]
    pub fn all() -> Self {
        Capability::ALL.into_iter().collect()
    }

    /// Read the names of a configuration.
    ///
    /// # Errors
    /// [`UnknownCapability`] for the first name that is no capability.
    pub fn parse(names: &[String]) -> Result<Self, UnknownCapability> {
        names.iter().cloned().map(Capability::try_from).collect()
    }

    /// Whether a capability is in the set.
    #[must_use]
    pub fn contains(self, capability: Capability) -> bool {
        self.0 & bit(capability) != 0
    }

    /// The capabilities in the set, in the order of [`Capability::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Capability> {
        Capability::ALL.into_iter().filter(move |one| self.contains(*one))
    }

    /// What is in both sets.
    #[must_use]
    pub fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// What is in this set and not in the other.
    #[must_use]
    pub fn difference(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether the set is empty.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl FromIterator<Capability> for Grants {
    fn from_iter<I: IntoIterator<Item = Capability>>(capabilities: I) -> Self {
        Self(capabilities.into_iter().fold(0, |set, one| set | bit(one)))
    }
}

const fn bit(capability: Capability) -> u16 {
    1 << (capability as u16)
}

#[cfg(test)]
mod tests {
    use super::{ALWAYS, Capability, FUNCTIONS, Grants, functions};

    #[test]
    fn every_function_belongs_to_a_capability_or_is_always_there() {
        for function in FUNCTIONS {
            let always = ALWAYS.contains(&function.interface);
            assert_ne!(always, function.capability().is_some(), "{function:?}");
        }
        let known = |interface: &str| functions(interface).next().is_some();
        assert!(Capability::ALL.iter().all(|one| known(one.name())));
        assert!(ALWAYS.iter().all(|interface| known(interface)));
    }

    #[test]
    fn interfaces_that_write_only_record_and_those_that_read_never_do() {
        for function in FUNCTIONS.iter().filter(|function| function.capability().is_some()) {
            assert_eq!(function.records, function.interface.ends_with("-write"), "{function:?}");
        }
    }

    #[test]
    fn grants_are_a_set() {
        let names = ["kv".to_owned(), "entries".to_owned(), "kv".to_owned()];
        let grants = Grants::parse(&names).unwrap();
        assert_eq!(grants.iter().collect::<Vec<_>>(), [Capability::Entries, Capability::Kv]);
        assert!(!grants.contains(Capability::KvWrite));
        let asked: Grants = [Capability::Kv, Capability::People].into_iter().collect();
        assert_eq!(grants.intersection(asked).iter().collect::<Vec<_>>(), [Capability::Kv]);
        assert_eq!(asked.difference(grants).iter().collect::<Vec<_>>(), [Capability::People]);
        assert!(grants.difference(Grants::all()).is_empty());
    }

    #[test]
    fn an_unknown_name_is_refused_with_what_there_is() {
        for (name, expected) in [("email", "there are entries, entries-write"), ("clock", "always there")] {
            let error = Grants::parse(&[name.to_owned()]).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
