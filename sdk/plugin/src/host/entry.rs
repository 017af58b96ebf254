//! Entries as plugins see them. At the border, what several entries name stands once in a list of strings; here each
//! entry has its own words again, shared rather than copied.

#[cfg(any(target_arch = "wasm32", test))]
use crate::bindings::stoa::plugin::entries as border;
use crate::{Cursor, Instant, SmolStr, State};

/// One entry. Its body stays with the host: a view shows it by id. Ids and kinds are shared texts: they read like any
/// `&str`, and a copy of one costs next to nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The id.
    pub id: SmolStr,
    /// What it is to the plugin, for example `comment`.
    pub kind: SmolStr,
    /// The id of what it answers.
    pub parent: Option<SmolStr>,
    /// The id of the start of its thread; its own for a start.
    pub root: SmolStr,
    /// 0 for the start of a thread.
    pub depth: u32,
    /// The id of who wrote it; none for a tombstone and for people who were erased.
    pub author: Option<SmolStr>,
    /// The id of who wrote what it answers.
    pub parent_author: Option<SmolStr>,
    /// How far it is from being seen by everybody.
    pub state: State,
    /// Why a moderator or a rule holds or refused it; only for its author and moderators.
    pub reason: Option<String>,
    /// Grows by one with each change of the entry itself.
    pub version: u32,
    /// When it was written.
    pub created_at: Instant,
    /// When its body was changed.
    pub edited_at: Option<Instant>,
    /// Whether it is pinned to the top.
    pub pinned: bool,
    /// How many living answers it has, at any depth.
    pub replies: u32,
    /// Whether somebody else has answered it.
    pub answered: bool,
    /// How many distinct people report it; 0 unless the person moderates.
    pub reports: u32,
    /// The plugin's own data, as JSON.
    pub data: Option<String>,
    /// The marks on it.
    pub marks: Vec<MarkCount>,
}

/// The marks of one kind and value on an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkCount {
    /// The kind, for example `vote`.
    pub kind: SmolStr,
    /// The value, for example `1`.
    pub value: SmolStr,
    /// How many people have put it; 0 for what is not told (`report`).
    pub number: u32,
    /// Whether the person of this call is one of them.
    pub mine: bool,
}

/// A part of the threads of a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Threads {
    /// Each start followed by its answers, oldest first.
    pub entries: Vec<Entry>,
    /// How many entries there are in all that everybody sees.
    pub total: u32,
    /// Where the list goes on; none at the end.
    pub next: Option<Cursor>,
    /// How many entries `since` keeps back.
    pub newer: u32,
}

impl Entry {
    /// How many people have put a mark of this kind and value on it.
    ///
    /// ```
    /// # fn example(entry: &stoa_plugin::Entry) {
    /// let helpful = entry.count("vote", "1");
    /// # }
    /// ```
    #[must_use]
    pub fn count(&self, kind: &str, value: &str) -> u32 {
        let found = self.marks.iter().find(|mark| mark.kind == kind && mark.value == value);
        found.map_or(0, |mark| mark.number)
    }

    /// The value of the mark of this kind that the person of this call has put on it.
    ///
    /// ```
    /// # fn example(entry: &stoa_plugin::Entry) {
    /// let voted_up = entry.mine("vote") == Some("1");
    /// # }
    /// ```
    #[must_use]
    pub fn mine(&self, kind: &str) -> Option<&str> {
        self.marks.iter().find(|mark| mark.mine && mark.kind == kind).map(|mark| mark.value.as_str())
    }

    /// When it was last changed or, if never, written.
    ///
    /// ```
    /// # fn example(entry: &stoa_plugin::Entry, now: stoa_plugin::Instant) {
    /// let quiet_for_micros = now - entry.last_text_at();
    /// # }
    /// ```
    #[must_use]
    pub fn last_text_at(&self) -> Instant {
        self.edited_at.unwrap_or(self.created_at)
    }
}

/// The entries of a list, each with its words.
#[cfg(any(target_arch = "wasm32", test))]
pub(crate) fn entries(list: border::EntryList) -> Vec<Entry> {
    let strings: Vec<SmolStr> = list.strings.into_iter().map(SmolStr::from).collect();
    // The host names places of its list only; an empty text is better than a stop if it ever did not.
    let word = |place: u32| strings.get(place as usize).cloned().unwrap_or_default();
    let mark = |mark: border::MarkCount| MarkCount {
        kind: word(mark.kind),
        value: word(mark.value),
        number: mark.number,
        mine: mark.mine,
    };
    let entry = |entry: border::Entry| Entry {
        id: word(entry.id),
        kind: word(entry.kind),
        parent: entry.parent.map(word),
        root: word(entry.root),
        depth: entry.depth,
        author: entry.author.map(word),
        parent_author: entry.parent_author.map(word),
        state: entry.state,
        reason: entry.reason,
        version: entry.version,
        created_at: entry.created_at,
        edited_at: entry.edited_at,
        pinned: entry.pinned,
        replies: entry.replies,
        answered: entry.answered,
        reports: entry.reports,
        data: entry.data,
        marks: entry.marks.into_iter().map(mark).collect(),
    };
    list.entries.into_iter().map(entry).collect()
}

/// The host's functions with entries that have their words.
#[cfg(target_arch = "wasm32")]
pub(crate) mod imports {
    use super::{Threads, border, entries};
    use crate::{Entry, Error};

    pub(crate) use super::border::{get_body, list_revisions, reserve_id};

    pub(crate) fn list_threads(query: &border::Query) -> Result<Threads, Error> {
        border::list_threads(query).map(threads)
    }

    pub(crate) fn get_thread(id: &str, after: Option<&str>, limit: u32) -> Result<Threads, Error> {
        border::get_thread(id, after, limit).map(threads)
    }

    pub(crate) fn get_many(ids: &[String]) -> Result<Vec<Entry>, Error> {
        border::get_many(ids).map(entries)
    }

    fn threads(threads: border::Threads) -> Threads {
        Threads {
            entries: entries(threads.found),
            total: threads.total,
            next: threads.next,
            newer: threads.newer,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::entries;
    use crate::State;
    use crate::bindings::stoa::plugin::entries as border;

    #[test]
    fn entries_get_their_words_back() {
        let strings = ["e1", "comment", "p1", "e2", "vote", "1"].map(str::to_owned).to_vec();
        let start = border::Entry {
            id: 0,
            kind: 1,
            parent: None,
            root: 0,
            depth: 0,
            author: Some(2),
            parent_author: None,
            state: State::Visible,
            reason: None,
            version: 1,
            created_at: 5,
            edited_at: None,
            pinned: false,
            replies: 1,
            answered: false,
            reports: 0,
            data: None,
            marks: vec![border::MarkCount { kind: 4, value: 5, number: 2, mine: true }],
        };
        let answer = border::Entry {
            id: 3,
            parent: Some(0),
            author: None,
            parent_author: Some(2),
            depth: 1,
            ..start.clone()
        };
        let list = entries(border::EntryList { strings, entries: vec![start, answer] });
        assert_eq!(
            (list[0].id.as_str(), list[0].kind.as_str(), list[0].author.as_deref()),
            ("e1", "comment", Some("p1"))
        );
        assert_eq!(
            (list[0].count("vote", "1"), list[0].mine("vote"), list[0].mine("like")),
            (2, Some("1"), None)
        );
        assert_eq!((list[1].parent.as_deref(), list[1].root.as_str()), (Some("e1"), "e1"));
        assert_eq!((list[1].author.as_deref(), list[1].parent_author.as_deref()), (None, Some("p1")));
    }
}
