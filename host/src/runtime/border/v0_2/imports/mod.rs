//! The functions that a plugin can call to read, one file an interface. Each counts against the budgets of the call
//! and ends within its time; what a plugin may not know is answered as if it were not there.

mod ambient;
mod entries;
mod kv;
mod ledger;
mod marks;
mod pages;
mod people;
mod settings;

use stoa_rules::limits;
use wasmtime::component::{HasSelf, Linker};

use super::super::super::call::{CallState, HostError};
use super::super::super::record::invalid;
use super::bindings::WidgetPlugin;
use super::bindings::stoa;
use super::bindings::stoa::plugin::types;
use crate::base::id::is_id;

/// Give a linker every function of this version.
///
/// # Errors
/// When one is there already.
pub(in super::super) fn add_to_linker(linker: &mut Linker<CallState>) -> wasmtime::Result<()> {
    WidgetPlugin::add_to_linker::<_, HasSelf<CallState>>(linker, |state| state)
}

impl types::Host for CallState {
    fn convert_error(&mut self, halt: HostError) -> wasmtime::Result<types::Error> {
        match halt {
            HostError::Return(error) => {
                self.note(&error);
                Ok(error)
            }
            HostError::Trap => Err(wasmtime::Error::msg("the host ended the call")),
        }
    }
}

impl stoa::view::nodes::Host for CallState {}

/// More ids than one question takes.
fn check_ids(at: &str, count: usize) -> Result<(), HostError> {
    if count <= limits::IDS_MAX {
        return Ok(());
    }
    Err(invalid(at, &format!("takes {} at most, not {count}", limits::IDS_MAX)))
}

fn check_range(at: &str, value: u32, min: u32, max: u32) -> Result<(), HostError> {
    if (min..=max).contains(&value) {
        Ok(())
    } else {
        Err(invalid(at, &format!("{min} to {max}, not {value}")))
    }
}

/// What has not the form of an id cannot exist.
pub(super) fn check_id(id: &str) -> Result<(), HostError> {
    if is_id(id) { Ok(()) } else { Err(types::Error::NotFound.into()) }
}

/// What has not the form of an id or key cannot exist.
pub(super) fn check_target(target: &types::Target) -> Result<(), HostError> {
    match target {
        types::Target::Entry(id) | types::Target::Person(id) => check_id(id),
        types::Target::Page(key) if (1..=limits::PAGE_KEY_BYTES_MAX).contains(&key.len()) => Ok(()),
        types::Target::Page(_) => Err(types::Error::NotFound.into()),
    }
}
