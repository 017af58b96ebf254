//! Where the list of a query continues: the keys of its last entry, bound to the query by a digest.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use stoa_rules::{Query, Scope};

use crate::store::model::StoreError;

/// How much of a text that entries are sorted by stands in a cursor, in bytes. Entries whose texts agree so far can come
/// twice where the last one of a part was deleted meanwhile.
const TEXT_BYTES_MAX: usize = 64;

/// What a list is sorted by; numbers come before texts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Number(i64),
    Text(String),
}

/// The place after one entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) pinned: bool,
    pub(super) key: Key,
    pub(super) created_at: i64,
    pub(super) id: String,
}

/// Which query a cursor belongs to: 8 hex digits over everything that decides what is listed and in which order.
pub(super) fn digest(query: &Query, here: &str) -> String {
    let here = if query.scope == Scope::Here { here } else { "" };
    let shape = format!("{here}\0{:?}", (&query.scope, &query.filters, &query.order));
    hex::encode(&Sha256::digest(shape)[..4])
}

impl Place {
    pub(super) fn write(&self, digest: &str) -> String {
        let (word, key) = match &self.key {
            Key::Number(number) => ('n', number.to_string()),
            Key::Text(text) => ('t', text[..text.floor_char_boundary(TEXT_BYTES_MAX)].to_owned()),
        };
        let Self { pinned, created_at, id, .. } = self;
        URL_SAFE_NO_PAD.encode(format!("q{digest}{}{word}{created_at},{id},{key}", u8::from(*pinned)))
    }

    /// # Errors
    /// `Invalid` for a text that [`Place::write`] has not made, and for one of another query.
    pub(super) fn read(text: &str, digest: &str) -> Result<Self, StoreError> {
        parse(text, digest).ok_or_else(|| StoreError::Invalid("the cursor is not of this query".to_owned()))
    }

    /// Whether the text of the key may be cut.
    pub(super) fn is_cut(&self) -> bool {
        matches!(&self.key, Key::Text(text) if text.len() + 3 >= TEXT_BYTES_MAX)
    }
}

fn parse(text: &str, digest: &str) -> Option<Place> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok().filter(|bytes| bytes.len() <= 200)?;
    let plain = String::from_utf8(bytes).ok()?;
    let rest = plain.strip_prefix('q')?.strip_prefix(digest)?;
    let (pinned, rest) = match rest.split_at_checked(1)? {
        ("0", rest) => (false, rest),
        ("1", rest) => (true, rest),
        _ => return None,
    };
    let (word, rest) = rest.split_at_checked(1)?;
    let mut parts = rest.splitn(3, ',');
    let (created_at, id, key) = (parts.next()?.parse().ok()?, parts.next()?.to_owned(), parts.next()?);
    let key = match word {
        "n" => Key::Number(key.parse().ok()?),
        "t" => Key::Text(key.to_owned()),
        _ => return None,
    };
    Some(Place { pinned, key, created_at, id })
}
