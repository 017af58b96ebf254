//! Ids: one type for each kind of thing, so that they cannot be mixed up.

use uuid::{NoContext, Timestamp, Uuid};

use super::clock::Micros;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        // Maps keyed by ids are asked with plain text. The derived hash of the one field is that of the text.
        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(
    /// A site, as the configuration names it: 1 to 64 characters of a-z, 0-9 and `-`.
    SiteId
);
id!(
    /// A person of a site (UUIDv7).
    PersonId
);
id!(
    /// A page of a site (UUIDv7).
    PageId
);
id!(
    /// An entry (UUIDv7).
    EntryId
);
id!(
    /// A plugin's name, as widgets and URLs say it: 1 to 32 characters of a-z and `-`.
    PluginName
);

/// A new id that sorts by time (UUIDv7, RFC 9562 section 5.7) as 36 characters.
#[must_use]
pub fn new_id(now: Micros) -> String {
    let seconds = u64::try_from(now / 1_000_000).unwrap_or(0);
    let nanos = u32::try_from((now % 1_000_000) * 1_000).unwrap_or(0);
    Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, nanos)).to_string()
}

/// Whether a text has the form of an id made by [`new_id`].
#[must_use]
pub fn is_id(text: &str) -> bool {
    text.len() == 36 && Uuid::try_parse(text).is_ok()
}
