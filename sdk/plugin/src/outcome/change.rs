//! New entries and changed fields, put together step by step.

use std::marker::PhantomData;

use super::Outcome;
use crate::bindings::stoa::plugin::entries_write as border;
use crate::host::imports;
use crate::{EntryId, Error, Value};

/// A new entry, see [`Outcome::create`].
#[derive(Debug)]
#[must_use = "nothing is recorded before `record`"]
pub struct NewEntry<'o> {
    entry: border::NewEntry,
    outcome: PhantomData<&'o mut Outcome>,
}

impl<'o> NewEntry<'o> {
    pub(super) fn new(_: &'o mut Outcome, kind: &str) -> Self {
        let entry = border::NewEntry { kind: kind.to_owned(), parent: None, fields: Vec::new() };
        Self { entry, outcome: PhantomData }
    }

    /// As a reply to this entry: a visible one of this plugin, of a kind that the manifest allows as parent. On another
    /// page it needs `scope = "site"` of the capability `entries-write` in the manifest.
    pub fn parent(mut self, id: &str) -> Self {
        self.entry.parent = Some(id.to_owned());
        self
    }

    /// With a value for a field that the manifest declares for the kind. The text is the field `body`, as Markdown.
    pub fn field(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.entry.fields.push(border::Field { name: name.to_owned(), value: value.into() });
        self
    }

    /// Records it; gives the entry's id.
    ///
    /// # Errors
    /// See [`Outcome`].
    pub fn record(self) -> Result<EntryId, Error> {
        imports::entries_write::create(&self.entry)
    }
}

/// Other values for fields of an entry, see [`Outcome::change`].
#[derive(Debug)]
#[must_use = "nothing is recorded before `record`"]
pub struct FieldChange<'o> {
    id: String,
    seen: Option<u32>,
    fields: Vec<border::Field>,
    outcome: PhantomData<&'o mut Outcome>,
}

impl<'o> FieldChange<'o> {
    pub(super) fn new(_: &'o mut Outcome, id: &str) -> Self {
        Self { id: id.to_owned(), seen: None, fields: Vec::new(), outcome: PhantomData }
    }

    /// Based on this version: another one refuses the commit. Texts need it.
    ///
    /// ```
    /// # fn example(outcome: &mut stoa_plugin::Outcome, entry: &stoa_plugin::Entry) -> Result<(), stoa_plugin::Error> {
    /// outcome.change(&entry.id).seen(entry.version).field("body", "On the *third* floor.").record()?;
    /// # Ok(()) }
    /// ```
    pub fn seen(mut self, version: u32) -> Self {
        self.seen = Some(version);
        self
    }

    /// With this value of a field; `None` unsets it.
    pub fn field(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.fields.push(border::Field { name: name.to_owned(), value: value.into() });
        self
    }

    /// Records it.
    ///
    /// # Errors
    /// See [`Outcome`].
    pub fn record(self) -> Result<(), Error> {
        imports::entries_write::change(&self.id, self.seen, &self.fields)
    }
}
