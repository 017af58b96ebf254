//! `stoa:plugin/conditions`: what must still hold when the call is committed.

use stoa_rules::{Condition, Requirement};

use super::super::super::super::call::{CallState, HostError};
use super::super::super::super::record::invalid;
use super::super::bindings::stoa::plugin::{conditions, types};
use super::super::values;
use super::told;

impl conditions::Host for CallState {
    fn require(
        &mut self,
        condition: conditions::Condition,
        otherwise: conditions::Otherwise,
    ) -> Result<(), HostError> {
        let condition = condition_of(condition)?;
        self.must(Requirement { condition, otherwise: values::otherwise(otherwise) })
    }
}

impl CallState {
    /// Record what must hold.
    ///
    /// # Errors
    /// [`HostError::Return`] with `not-granted`, `not-here`, `invalid` or `quota`.
    pub(super) fn must(&mut self, requirement: Requirement) -> Result<(), HostError> {
        if let Some(missing) = requirement.condition.missing(self.granted) {
            return Err(HostError::Return(types::Error::NotGranted(missing.name().to_owned())));
        }
        let Some(recorder) = &mut self.recorder else {
            return Err(HostError::Return(types::Error::NotHere));
        };
        requirement.check(&self.declared).map_err(told)?;
        recorder.require(requirement)
    }
}

fn condition_of(condition: conditions::Condition) -> Result<Condition, HostError> {
    Ok(match condition {
        conditions::Condition::Version(is) => Condition::Version { id: is.id, version: is.version },
        conditions::Condition::State(is) => {
            Condition::State { id: is.id, state: values::state_back(is.state) }
        }
        conditions::Condition::Field(is) => {
            Condition::Field { id: is.id, name: is.name, value: values::value(is.value) }
        }
        conditions::Condition::Mark(is) => Condition::Mark {
            target: values::target(is.target),
            kind: is.kind,
            person: is.person,
            value: is.value,
        },
        conditions::Condition::PageOpen => Condition::PageOpen,
        conditions::Condition::Other(other) => {
            return Err(invalid(
                "condition",
                &format!("this host does not know `{}`", other.code.escape_debug()),
            ));
        }
    })
}
