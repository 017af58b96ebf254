//! Where a list goes on: the last item's sort keys, opaque to everybody else.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::store::model::{Order, StoreError};

/// Which list a cursor belongs to; the first letter of its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) enum List {
    Threads(Order),
    Answers,
    Holders,
    Notices,
}

impl List {
    fn letter(self) -> char {
        match self {
            Self::Threads(Order::Newest) => 'n',
            Self::Threads(Order::Oldest) => 'o',
            Self::Threads(Order::Top) => 't',
            Self::Threads(Order::Controversial) => 'c',
            Self::Answers => 'a',
            Self::Holders => 'h',
            Self::Notices => 'b',
        }
    }
}

/// The place after one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::store) struct Cursor {
    /// Whether the item was pinned.
    pub(in crate::store) pinned: bool,
    /// Its instant or score.
    pub(in crate::store) key: i64,
    /// Its id, which decides between equal keys.
    pub(in crate::store) id: String,
}

impl Cursor {
    pub(in crate::store) fn write(&self, list: List) -> String {
        URL_SAFE_NO_PAD.encode(format!("{}{}{},{}", list.letter(), u8::from(self.pinned), self.key, self.id))
    }

    /// # Errors
    /// `Invalid` for a text that [`Cursor::write`] has not made, and for one of another list.
    pub(in crate::store) fn read(text: &str, list: List) -> Result<Self, StoreError> {
        parse(text, list).ok_or_else(|| StoreError::Invalid("the cursor is not of this list".to_owned()))
    }
}

fn parse(text: &str, list: List) -> Option<Cursor> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok().filter(|bytes| bytes.len() <= 100)?;
    let plain = String::from_utf8(bytes).ok()?;
    let rest = plain.strip_prefix(list.letter())?;
    let (pinned, rest) = match rest.split_at_checked(1)? {
        ("0", rest) => (false, rest),
        ("1", rest) => (true, rest),
        _ => return None,
    };
    let (key, id) = rest.split_once(',')?;
    Some(Cursor { pinned, key: key.parse().ok()?, id: id.to_owned() })
}
