//! Why a request got no answer. One variant for each different reaction; HTTP alone knows the status.

use crate::identity::IdentityError;
use crate::runtime::CallError;
use crate::services::workers::Panicked;
use crate::store::StoreError;

use super::request::ActionOutcome;

/// Why a request got no answer. `Display` is the public text, in English; texts for the person come in
/// their language as `message`.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// There is no such site here, or it is not told.
    #[error("there is no site `{0}` here")]
    UnknownSite(String),
    /// The site does not use this plugin.
    #[error("this site has no plugin `{0}`")]
    UnknownPlugin(String),
    /// The page's origin is not on the site's list.
    #[error("the origin {0} is not on this site's list")]
    OriginNotAllowed(String),
    /// The token or session does not hold.
    #[error(transparent)]
    SignIn(#[from] IdentityError),
    /// This takes somebody who is signed in.
    #[error("this takes somebody who is signed in")]
    SignInNeeded,
    /// The person may not do this.
    #[error("{message}")]
    Denied {
        /// Why, for the person.
        message: String,
    },
    /// It is not there, or the person may not know of it.
    #[error("{message}")]
    NotFound {
        /// What, for the person.
        message: String,
    },
    /// Fields need another value.
    #[error("some fields need another value")]
    Invalid {
        /// The field's name and what is wrong with it, for the person.
        fields: Vec<(String, String)>,
    },
    /// The request is not of the right form.
    #[error("{detail}")]
    Malformed {
        /// What is wrong.
        detail: String,
        /// What to do.
        hint: &'static str,
    },
    /// The idempotency key was used for something else.
    #[error("this idempotency key was used for something else")]
    KeyReused,
    /// Something has changed meanwhile.
    #[error("{message}")]
    Conflict {
        /// What, for the person.
        message: String,
        /// The view now.
        shown: Option<Box<ActionOutcome>>,
    },
    /// What it is done to is not there any more.
    #[error("{message}")]
    Gone {
        /// What, for the person.
        message: String,
        /// The view now.
        shown: Option<Box<ActionOutcome>>,
    },
    /// The entry has another version by now.
    #[error("{message}")]
    Stale {
        /// What, for the person.
        message: String,
        /// The view now.
        shown: Option<Box<ActionOutcome>>,
    },
    /// It was done, and the view cannot be shown now.
    #[error("{message}")]
    Unshown {
        /// That it is done, for the person.
        message: String,
    },
    /// Too often.
    #[error("{message}")]
    TooMany {
        /// What, for the person.
        message: String,
        /// When it may be tried again.
        retry_after_s: u64,
    },
    /// The plugin failed; it cost this request alone.
    #[error("the plugin failed: {0}")]
    Plugin(CallError),
    /// There is more to do than can be done now.
    #[error("the host is busy")]
    Busy {
        /// When it may be tried again.
        retry_after_s: u64,
    },
    /// The store cannot be reached.
    #[error("the host cannot read or write its data now")]
    Unavailable,
    /// A fault of the host; the text is for the log.
    #[error("internal error")]
    Internal(String),
}

impl Refusal {
    /// The stable word to branch on.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownSite(_) => "unknown_site",
            Self::UnknownPlugin(_) => "unknown_plugin",
            Self::OriginNotAllowed(_) => "origin_not_allowed",
            Self::SignIn(error) => error.code(),
            Self::SignInNeeded => "sign_in_needed",
            Self::Denied { .. } => "denied",
            Self::NotFound { .. } => "not_found",
            Self::Invalid { .. } => "invalid",
            Self::Malformed { .. } => "malformed",
            Self::KeyReused => "key_reused",
            Self::Conflict { .. } => "conflict",
            Self::Gone { .. } => "gone",
            Self::Stale { .. } => "stale",
            Self::Unshown { .. } => "unshown",
            Self::TooMany { .. } => "too_many",
            Self::Plugin(_) => "plugin_failed",
            Self::Busy { .. } => "busy",
            Self::Unavailable => "unavailable",
            Self::Internal(_) => "internal",
        }
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Invalid(detail) => {
                Self::Malformed { detail, hint: "use the links of the view; they carry the right values" }
            }
            StoreError::Unavailable => Self::Unavailable,
            StoreError::Database(detail) => {
                tracing::error!(detail, "the store failed");
                Self::Unavailable
            }
        }
    }
}

impl From<CallError> for Refusal {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Busy => Self::Busy { retry_after_s: 1 },
            other => Self::Plugin(other),
        }
    }
}

impl From<Panicked> for Refusal {
    fn from(error: Panicked) -> Self {
        Self::Internal(error.to_string())
    }
}
