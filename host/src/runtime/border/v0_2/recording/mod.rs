//! The functions that record what is to change. What can be known at once is checked here: the grant, the form and the
//! manifest's declarations; rights, versions and what is there already are checked when the call is committed.

mod conditions;
mod ledger;

use stoa_rules::{Change, Fields, NewEntry, Problem, State};

use super::super::super::call::{CallState, HostError};
use super::super::super::package::Capability;
use super::super::super::record::invalid;
use super::bindings::stoa::plugin::{entries_write, kv_write, marks_write, outcome, pages_write, types};
use super::values;

/// The most parameters that one call sets, and the most bytes of a name and a value.
const PARAMETERS_MAX: usize = 16;
const PARAMETER_NAME_BYTES_MAX: usize = 32;
const PARAMETER_VALUE_BYTES_MAX: usize = 256;

impl CallState {
    /// Record a change.
    ///
    /// # Errors
    /// [`HostError::Return`] with `not-granted`, `not-here`, `quota` or `invalid`.
    fn record(&mut self, change: Change) -> Result<(), HostError> {
        self.need(change.capability())?;
        let settings = &self.call.settings;
        let Some(recorder) = &mut self.recorder else {
            return Err(HostError::Return(types::Error::NotHere));
        };
        change.check(&self.declared, &|name| settings.integer(name)).map_err(told)?;
        recorder.change(&self.declared, change)
    }

    /// Whether a capability is there.
    ///
    /// # Errors
    /// [`HostError::Return`] with `not-granted`.
    pub(super) fn need(&self, needed: Capability) -> Result<(), HostError> {
        if self.granted.contains(needed) {
            return Ok(());
        }
        Err(HostError::Return(types::Error::NotGranted(needed.name().to_owned())))
    }
}

/// An argument that does not fit, as the plugin is told.
pub(super) fn told(problem: Problem) -> HostError {
    HostError::Return(types::Error::Invalid(types::Problem { at: problem.at, detail: problem.detail }))
}

impl entries_write::Host for CallState {
    fn create(&mut self, entry: entries_write::NewEntry) -> Result<String, HostError> {
        let id = self.new_id();
        let fields = fields(entry.fields)?;
        let new = NewEntry { id: id.clone(), kind: entry.kind, parent: entry.parent, fields };
        self.record(Change::Create(new))?;
        Ok(id)
    }

    fn change(
        &mut self,
        id: String,
        seen: Option<u32>,
        new: Vec<entries_write::Field>,
    ) -> Result<(), HostError> {
        self.record(Change::SetFields { id, seen, fields: fields(new)? })
    }

    fn delete(&mut self, id: String, seen: u32) -> Result<(), HostError> {
        self.record(Change::SetState { id, seen, state: State::Deleted, reason: String::new() })
    }

    fn set_pinned(&mut self, id: String, pinned: bool) -> Result<(), HostError> {
        self.record(Change::SetPinned { id, pinned })
    }
}

/// Fields by name, each once.
fn fields(list: Vec<entries_write::Field>) -> Result<Fields, HostError> {
    let mut fields = Fields::new();
    for field in list {
        if fields.contains_key(&field.name) {
            return Err(invalid(&format!("fields.{}", field.name), "is there twice"));
        }
        fields.insert(field.name, values::value(field.value));
    }
    Ok(fields)
}

impl marks_write::Host for CallState {
    fn put(&mut self, target: types::Target, kind: String, value: String) -> Result<(), HostError> {
        self.record(Change::PutMark { target: values::target(target), kind, value })
    }

    fn delete(&mut self, target: types::Target, kind: String) -> Result<(), HostError> {
        self.record(Change::DeleteMark { target: values::target(target), kind })
    }
}

impl pages_write::Host for CallState {
    fn set_closed(&mut self, closed: bool) -> Result<(), HostError> {
        self.record(Change::ClosePage(closed))
    }
}

impl kv_write::Host for CallState {
    fn put(&mut self, key: String, value: Option<Vec<u8>>, wakes: bool) -> Result<(), HostError> {
        self.record(Change::PutValue { key, value, wakes })
    }
}

impl outcome::Host for CallState {
    fn navigate(&mut self, name: String, value: String) -> wasmtime::Result<()> {
        let Some(recorder) = &mut self.recorder else { return Ok(()) };
        let navigation = &mut recorder.recorded.navigation;
        let fits = name.len() <= PARAMETER_NAME_BYTES_MAX && value.len() <= PARAMETER_VALUE_BYTES_MAX;
        if fits && navigation.len() < PARAMETERS_MAX {
            navigation.push((name, value));
        }
        Ok(())
    }

    fn announce(&mut self, text: types::Text) -> wasmtime::Result<()> {
        if let Some(recorder) = &mut self.recorder {
            recorder.recorded.announce = Some(values::told(text));
        }
        Ok(())
    }

    fn focus(&mut self, key: String) -> wasmtime::Result<()> {
        if let Some(recorder) = &mut self.recorder {
            recorder.recorded.focus = Some(key);
        }
        Ok(())
    }
}
