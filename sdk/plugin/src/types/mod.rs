//! The words that everything else shares: texts with arguments, values of fields, people, what a mark is put on.

mod changes;
mod text;
mod value;

use crate::bindings::stoa::plugin::types;

pub use changes::{CHANGES_WORK, changes};
pub use text::{chars_seen, text};
pub use types::{
    Argument, ArgumentValue, Cursor, EntryId, Error, Instant, Other, Page, Person, PersonId, Problem, Quota,
    Roles, State, Target, Text, Value,
};

impl Target {
    /// An entry, by its id.
    ///
    /// ```
    /// use stoa_plugin::Target;
    ///
    /// assert_eq!(Target::entry("e1"), Target::Entry("e1".to_owned()));
    /// ```
    #[must_use]
    pub fn entry(id: &str) -> Self {
        Self::Entry(id.to_owned())
    }

    /// A page, by its key.
    ///
    /// ```
    /// use stoa_plugin::Target;
    ///
    /// assert_eq!(Target::page("handbook/travel"), Target::Page("handbook/travel".to_owned()));
    /// ```
    #[must_use]
    pub fn page(key: &str) -> Self {
        Self::Page(key.to_owned())
    }

    /// A person, by the id.
    ///
    /// ```
    /// use stoa_plugin::Target;
    ///
    /// assert_eq!(Target::person("anna"), Target::Person("anna".to_owned()));
    /// ```
    #[must_use]
    pub fn person(id: &str) -> Self {
        Self::Person(id.to_owned())
    }
}

impl Person {
    /// Whether the person decides on entries of others: a moderator or admin.
    ///
    /// ```
    /// use stoa_plugin::{Person, Roles};
    ///
    /// let mia = Person { id: "mia".into(), name: "Mia".into(), roles: Roles::MODERATOR, active: true };
    /// assert!(mia.moderates());
    /// ```
    #[must_use]
    pub fn moderates(&self) -> bool {
        self.roles.intersects(Roles::MODERATOR | Roles::ADMIN)
    }

    /// Whether the person is not staff.
    ///
    /// ```
    /// use stoa_plugin::{Person, Roles};
    ///
    /// let gast = Person { id: "gast".into(), name: "Gast".into(), roles: Roles::GUEST, active: true };
    /// assert!(gast.is_guest());
    /// ```
    #[must_use]
    pub fn is_guest(&self) -> bool {
        self.roles.contains(Roles::GUEST)
    }
}
