//! Why something was not shown or not done.

use super::border;
use crate::{Error, Log, Other, Text};

pub use border::{Failure, Issue, Refusal};

/// The text id that [`Refusal`] takes from [`Error::NotFound`].
pub const TEXT_GONE: &str = "gone";

/// The text id that [`Refusal`] takes from [`Error::Denied`] and [`Error::NotGranted`].
pub const TEXT_DENIED: &str = "denied";

/// The text id that [`Refusal`] takes from every other [`Error`].
pub const TEXT_TRY_AGAIN: &str = "try-again";

impl Refusal {
    /// One field needs another value; the text says which. It is shown at the form where the form has no such field.
    ///
    /// ```
    /// use stoa_plugin::{Refusal, text};
    ///
    /// let refusal = Refusal::field("body", text("body-too-long").number("most", 280));
    /// assert!(matches!(refusal, Refusal::Invalid(issues) if issues[0].field == "body"));
    /// ```
    #[must_use]
    pub fn field(field: &str, message: impl Into<Text>) -> Self {
        Self::Invalid(vec![Issue { field: field.to_owned(), message: message.into() }])
    }

    /// Something has changed meanwhile; the text says what.
    ///
    /// ```
    /// use stoa_plugin::{Refusal, text};
    ///
    /// assert_eq!(Refusal::conflict("page-closed"), Refusal::Conflict(text("page-closed")));
    /// ```
    #[must_use]
    pub fn conflict(message: impl Into<Text>) -> Self {
        Self::Conflict(message.into())
    }

    /// The person may not do this; the text says why.
    ///
    /// ```
    /// use stoa_plugin::{Refusal, text};
    ///
    /// assert_eq!(Refusal::denied("not-yours"), Refusal::Denied(text("not-yours")));
    /// ```
    #[must_use]
    pub fn denied(message: impl Into<Text>) -> Self {
        Self::Denied(message.into())
    }

    /// What it is done to is not there any more; the text says so.
    ///
    /// ```
    /// use stoa_plugin::{Refusal, text};
    ///
    /// assert_eq!(Refusal::gone("gone"), Refusal::Gone(text("gone")));
    /// ```
    #[must_use]
    pub fn gone(message: impl Into<Text>) -> Self {
        Self::Gone(message.into())
    }
}

/// So that `?` works in `act`. The plugin's texts must hold [`TEXT_GONE`], [`TEXT_DENIED`] and [`TEXT_TRY_AGAIN`].
/// What only the plugin's author or the administrator can mend is written to the log.
impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound => Self::gone(TEXT_GONE),
            Error::Denied => Self::denied(TEXT_DENIED),
            Error::NotGranted(_) => {
                Log.error(&detail_of(&error));
                Self::denied(TEXT_DENIED)
            }
            Error::Invalid(_) | Error::NotHere => {
                Log.error(&detail_of(&error));
                Self::conflict(TEXT_TRY_AGAIN)
            }
            Error::Quota(_) | Error::Unavailable | Error::Other(_) => {
                Log.warn(&detail_of(&error));
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
            Error::Other(other) => Self::Failed(other),
            other => Self::Failed(Other { code: code_of(&other).to_owned(), detail: detail_of(&other) }),
        }
    }
}

/// The word for an error, as the contract has it.
fn code_of(error: &Error) -> &str {
    match error {
        Error::NotGranted(_) => "not-granted",
        Error::NotHere => "not-here",
        Error::Denied => "denied",
        Error::NotFound => "not-found",
        Error::Invalid(_) => "invalid",
        Error::Quota(_) => "quota",
        Error::Unavailable => "unavailable",
        Error::Other(other) => &other.code,
    }
}

/// What the log says about an error. Written out, for the derived form brings 5 KB of code into each plugin.
fn detail_of(error: &Error) -> String {
    match error {
        Error::NotGranted(capability) => [
            "`",
            capability,
            "` is not granted: the manifest does not ask for it, or the administrator has not granted it",
        ]
        .concat(),
        Error::NotHere => "only `act` may record changes".to_owned(),
        Error::Denied => "the person may not do this".to_owned(),
        Error::NotFound => "there is no such thing here".to_owned(),
        Error::Invalid(problem) => ["`", &problem.at, "` is not valid: ", &problem.detail].concat(),
        Error::Quota(quota) => ["a budget of this call is used up: ", &quota.name].concat(),
        Error::Unavailable => "the host cannot do it now".to_owned(),
        Error::Other(other) => [&other.code, ": ", &other.detail].concat(),
    }
}
