//! Why something was not shown or not done.

use crate::bindings::exports::stoa::plugin::widget as border;
use crate::bindings::stoa::plugin::types;

pub use border::{Failure, Issue, Refusal};
pub use types::Error;

/// The text id that [`Refusal`] takes from [`Error::NotFound`].
pub const TEXT_GONE: &str = "gone";

/// The text id that [`Refusal`] takes from [`Error::Denied`].
pub const TEXT_DENIED: &str = "denied";

/// The text id that [`Refusal`] takes from every other [`Error`].
pub const TEXT_TRY_AGAIN: &str = "try-again";

impl Refusal {
    /// One field needs another value; `message` is the id of the text that says which.
    ///
    /// ```
    /// use stoa_plugin::Refusal;
    ///
    /// let refusal = Refusal::field("body", "body-empty");
    /// assert!(matches!(refusal, Refusal::Invalid(issues) if issues[0].field == "body"));
    /// ```
    #[must_use]
    pub fn field(field: &str, message: &str) -> Self {
        Self::Invalid(vec![Issue { field: field.to_owned(), message: message.to_owned() }])
    }

    /// Something has changed meanwhile; `message` is the id of the text that says what.
    ///
    /// ```
    /// use stoa_plugin::Refusal;
    ///
    /// assert_eq!(Refusal::conflict("page-closed"), Refusal::Conflict("page-closed".to_owned()));
    /// ```
    #[must_use]
    pub fn conflict(message: &str) -> Self {
        Self::Conflict(message.to_owned())
    }

    /// The person may not do this; `message` is the id of the text that says why.
    ///
    /// ```
    /// use stoa_plugin::Refusal;
    ///
    /// assert_eq!(Refusal::denied("not-yours"), Refusal::Denied("not-yours".to_owned()));
    /// ```
    #[must_use]
    pub fn denied(message: &str) -> Self {
        Self::Denied(message.to_owned())
    }

    /// What it is done to is not there any more; `message` is the id of the text that says so.
    ///
    /// ```
    /// use stoa_plugin::Refusal;
    ///
    /// assert_eq!(Refusal::gone("gone"), Refusal::Gone("gone".to_owned()));
    /// ```
    #[must_use]
    pub fn gone(message: &str) -> Self {
        Self::Gone(message.to_owned())
    }
}

/// So that `?` works on reads in `act`. The plugin's texts must hold [`TEXT_GONE`], [`TEXT_DENIED`] and
/// [`TEXT_TRY_AGAIN`].
impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound => Self::gone(TEXT_GONE),
            Error::Denied => Self::denied(TEXT_DENIED),
            other => {
                crate::Log.warn(&text_of(&other));
                Self::conflict(TEXT_TRY_AGAIN)
            }
        }
    }
}

/// So that `?` works on reads in `view`.
impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound => Self::NotFound,
            other => Self::Failed(text_of(&other)),
        }
    }
}

/// What the log says about an error. Written out, for the derived form brings 5 KB of code into each plugin.
fn text_of(error: &Error) -> String {
    match error {
        Error::Denied => "the host refuses this read: denied".to_owned(),
        Error::NotFound => "the host knows no such thing".to_owned(),
        Error::Unavailable => "the host cannot answer now".to_owned(),
        Error::Invalid(text) => ["the host finds an argument invalid: ", text].concat(),
        Error::Quota(quota) => ["a budget of this call is used up: ", quota.name.as_str()].concat(),
        Error::Other(other) => [other.code.as_str(), ": ", other.message.as_str()].concat(),
    }
}
