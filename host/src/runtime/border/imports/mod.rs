//! The functions that a plugin can call, one file an interface. Each counts against the budgets of the call and
//! ends within its time; what a plugin may not know is answered as if it were not there.

mod ambient;
mod entries;
mod kv;
mod marks;
mod pages;
mod people;
mod settings;

use wasmtime::Engine;
use wasmtime::component::{HasSelf, Linker};

use super::super::call::{CallState, Halt};
use super::super::errors::LoadError;
use super::super::package::{Capability, Grants};
use super::bindings::stoa;
use super::bindings::stoa::plugin::types;

/// The most ids in one question.
const IDS_MAX: usize = 100;

/// A linker that holds what is granted and nothing else: an interface that is not granted is not there.
///
/// # Errors
/// [`LoadError::Link`] when an interface is defined twice; never in practice.
pub(in super::super) fn linker(engine: &Engine, grants: Grants) -> Result<Linker<CallState>, LoadError> {
    type Own = HasSelf<CallState>;
    let mut linker = Linker::new(engine);
    let into = &mut linker;
    let fill = |into: &mut Linker<CallState>| -> wasmtime::Result<()> {
        // Types alone; they give nothing.
        stoa::plugin::types::add_to_linker::<_, Own>(into, |state| state)?;
        stoa::plugin::effects::add_to_linker::<_, Own>(into, |state| state)?;
        stoa::view::nodes::add_to_linker::<_, Own>(into, |state| state)?;
        for capability in grants.iter() {
            match capability {
                Capability::Entries => stoa::plugin::entries::add_to_linker::<_, Own>(into, |state| state)?,
                Capability::Marks => stoa::plugin::marks::add_to_linker::<_, Own>(into, |state| state)?,
                Capability::People => stoa::plugin::people::add_to_linker::<_, Own>(into, |state| state)?,
                Capability::Pages => stoa::plugin::pages::add_to_linker::<_, Own>(into, |state| state)?,
                Capability::Kv => stoa::plugin::kv::add_to_linker::<_, Own>(into, |state| state)?,
                Capability::Settings => stoa::plugin::settings::add_to_linker::<_, Own>(into, |state| state)?,
                Capability::Clock => stoa::plugin::clock::add_to_linker::<_, Own>(into, |state| state)?,
                Capability::Random => stoa::plugin::random::add_to_linker::<_, Own>(into, |state| state)?,
                Capability::Log => stoa::plugin::log::add_to_linker::<_, Own>(into, |state| state)?,
            }
        }
        Ok(())
    };
    fill(into).map_err(|error| LoadError::Link(format!("{error:#}")))?;
    Ok(linker)
}

impl types::Host for CallState {
    fn convert_error(&mut self, halt: Halt) -> wasmtime::Result<types::Error> {
        match halt {
            Halt::Tell(error) => Ok(error),
            Halt::End => Err(ended()),
        }
    }
}

impl stoa::plugin::effects::Host for CallState {}
impl stoa::view::nodes::Host for CallState {}

/// The trap that ends a call from within; the reason is in the call's state.
fn ended() -> wasmtime::Error {
    wasmtime::Error::msg("the host ended the call")
}

/// More ids than one question takes.
fn check_ids(count: usize) -> Result<(), Halt> {
    if count <= IDS_MAX { Ok(()) } else { Err(invalid(&format!("{count} ids; {IDS_MAX} are the most"))) }
}

fn invalid(text: &str) -> Halt {
    Halt::Tell(types::Error::Invalid(text.to_owned()))
}
