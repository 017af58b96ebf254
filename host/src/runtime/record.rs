//! What `act` records by imported functions. Nothing of it is done before the call has returned; a call that may not
//! record has no [`Recorder`].

use stoa_rules::limits::{CHANGES_MAX, CONDITIONS_MAX};
use stoa_rules::{Change, Class, Declared, Message, Requirement, check_class};

use super::border::types;
use super::call::HostError;

/// Everything that a call recorded.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recorded {
    /// The changes, in order: all of them or none.
    pub changes: Vec<Change>,
    /// What must still hold when they are committed.
    pub requirements: Vec<Requirement>,
    /// The parameter changes of the view that is shown next; an empty value takes the parameter away.
    pub navigation: Vec<(String, String)>,
    /// A message to be read aloud.
    pub announce: Option<Message>,
    /// The key of the node that gets the focus.
    pub focus: Option<String>,
}

/// Takes what one call of `act` records.
#[derive(Debug)]
pub(crate) struct Recorder {
    /// The class of the verb: the most that may be recorded.
    class: Class,
    pub(crate) recorded: Recorded,
}

impl Recorder {
    pub(crate) fn new(class: Class) -> Self {
        Self { class, recorded: Recorded::default() }
    }

    /// Record a change, if the verb's class allows it.
    ///
    /// # Errors
    /// [`HostError::Return`] with `quota` or `invalid`.
    pub(crate) fn change(&mut self, declared: &Declared, change: Change) -> Result<(), HostError> {
        if self.recorded.changes.len() >= CHANGES_MAX {
            return Err(quota("changes", CHANGES_MAX));
        }
        check_class(self.class, &change, &declared.kinds)
            .map_err(|problem| invalid("class", &problem.to_string()))?;
        self.recorded.changes.push(change);
        Ok(())
    }

    /// Record a condition.
    ///
    /// # Errors
    /// [`HostError::Return`] with `quota`.
    pub(crate) fn require(&mut self, requirement: Requirement) -> Result<(), HostError> {
        if self.recorded.requirements.len() >= CONDITIONS_MAX {
            return Err(quota("conditions", CONDITIONS_MAX));
        }
        self.recorded.requirements.push(requirement);
        Ok(())
    }
}

fn quota(name: &str, limit: usize) -> HostError {
    let limit = u64::try_from(limit).unwrap_or(u64::MAX);
    HostError::Return(types::Error::Quota(types::Quota { name: name.to_owned(), limit }))
}

/// The plugin gave an argument that does not fit.
pub(crate) fn invalid(at: &str, detail: &str) -> HostError {
    HostError::Return(types::Error::Invalid(types::Problem { at: at.to_owned(), detail: detail.to_owned() }))
}
