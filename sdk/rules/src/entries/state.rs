//! The moderation state of an entry: which states follow each other, and who gets a line in a list.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::Relation;

/// The moderation state of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Everybody who may read the page sees it.
    Visible,
    /// It waits for a moderator; its author and moderators see it.
    Held,
    /// A moderator refused it; its author and moderators see it.
    Rejected,
    /// Its author deleted it.
    Deleted,
    /// A moderator removed it.
    Removed,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Visible, Self::Held, Self::Rejected, Self::Deleted, Self::Removed];

    /// The word that database, JSON and WIT use.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Visible => "visible",
            Self::Held => "held",
            Self::Rejected => "rejected",
            Self::Deleted => "deleted",
            Self::Removed => "removed",
        }
    }

    /// The state that a word names.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// Why a change of state is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TransitionError {
    /// Nobody may go this way: the state has changed since it was seen.
    #[error("no change leads from this state to that one")]
    Conflict,
    /// Somebody else may.
    #[error("this person may not change the state in this way")]
    Denied,
}

/// Whether a person may change the state of an entry.
///
/// An author deletes what is visible or held. A moderator removes or holds what is visible, decides on what is
/// held, and takes back what was removed, rejected or deleted; `visible -> visible` by a moderator answers reports.
///
/// # Errors
/// `Conflict` when nobody may go this way, `Denied` when somebody else may.
pub fn transition(from: State, to: State, who: Relation) -> Result<(), TransitionError> {
    use State::{Deleted, Held, Rejected, Removed, Visible};
    let (author, moderator) = match (from, to) {
        (Visible | Held, Deleted) => (true, false),
        (Visible, Visible | Removed | Held)
        | (Held, Visible | Rejected | Removed)
        | (Removed | Rejected | Deleted, Visible) => (false, true),
        _ => return Err(TransitionError::Conflict),
    };
    if (author && who.author) || (moderator && who.moderator) { Ok(()) } else { Err(TransitionError::Denied) }
}

/// Who gets a line for an entry in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Listed {
    /// Nobody.
    Nobody,
    /// Everybody who may read the page.
    Everybody,
    /// Its author and moderators.
    AuthorAndModerators,
    /// Moderators.
    Moderators,
}

impl Listed {
    /// The number that the store keeps: 0 nobody, 1 everybody, 2 its author and moderators, 3 moderators.
    #[must_use]
    pub const fn number(self) -> i64 {
        match self {
            Self::Nobody => 0,
            Self::Everybody => 1,
            Self::AuthorAndModerators => 2,
            Self::Moderators => 3,
        }
    }
}

/// Who gets a line for an entry: `replies` are the visible entries below it, `waiting` the held and rejected ones.
#[must_use]
pub fn listed(state: State, replies: i64, waiting: i64) -> Listed {
    match state {
        State::Visible => Listed::Everybody,
        _ if replies > 0 => Listed::Everybody,
        State::Held | State::Rejected => Listed::AuthorAndModerators,
        // A moderator can take it back.
        State::Removed => Listed::Moderators,
        State::Deleted if waiting > 0 => Listed::Moderators,
        State::Deleted => Listed::Nobody,
    }
}

#[cfg(test)]
mod tests {
    use super::{Listed, State, TransitionError, listed, transition};
    use crate::Relation;
    use State::{Deleted, Held, Rejected, Removed, Visible};

    #[test]
    fn a_state_is_changed_by_those_who_may() {
        let author = Relation { author: true, ..Relation::default() };
        let moderator = Relation { moderator: true, ..Relation::default() };
        let by_author = [(Visible, Deleted), (Held, Deleted)];
        let by_moderator = [
            (Visible, Visible),
            (Visible, Removed),
            (Visible, Held),
            (Held, Visible),
            (Held, Rejected),
            (Held, Removed),
            (Removed, Visible),
            (Rejected, Visible),
            (Deleted, Visible),
        ];
        for from in State::ALL {
            for to in State::ALL {
                let way = (from, to);
                let expected = |ways: &[(State, State)], others: &[(State, State)]| match () {
                    () if ways.contains(&way) => Ok(()),
                    () if others.contains(&way) => Err(TransitionError::Denied),
                    () => Err(TransitionError::Conflict),
                };
                assert_eq!(transition(from, to, author), expected(&by_author, &by_moderator), "{way:?}");
                assert_eq!(transition(from, to, moderator), expected(&by_moderator, &by_author), "{way:?}");
            }
        }
    }

    #[test]
    fn an_entry_with_visible_replies_keeps_its_line() {
        for (state, replies, waiting, expected) in [
            (Visible, 0, 0, Listed::Everybody),
            (Held, 0, 0, Listed::AuthorAndModerators),
            (Rejected, 0, 3, Listed::AuthorAndModerators),
            (Removed, 0, 0, Listed::Moderators),
            (Removed, 1, 0, Listed::Everybody),
            (Deleted, 2, 0, Listed::Everybody),
            (Deleted, 0, 1, Listed::Moderators),
            (Deleted, 0, 0, Listed::Nobody),
        ] {
            assert_eq!(listed(state, replies, waiting), expected, "{state:?} {replies} {waiting}");
        }
    }

    #[test]
    fn states_are_read_from_their_words() {
        for state in State::ALL {
            assert_eq!(State::from_word(state.word()), Some(state));
        }
        assert_eq!(State::from_word("draft"), None);
    }
}
