//! Entries as plugins see them. At the border a list of entries is flat: each text stands once in a list of strings, and
//! fields and marks of all entries follow each other. An [`Entry`] has its own words again, and looks its fields and
//! marks up in the list that it shares with the others.

use std::ops::Range;
use std::sync::Arc;

use crate::bindings::stoa::plugin::entries as border;
use crate::{Cursor, Instant, SmolStr, State, Target};

/// One entry. Its body stays with the host: a view shows it by id. Ids and kinds are shared texts: they read like any
/// `&str`, and a copy of one costs next to nothing.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The id.
    pub id: SmolStr,
    /// Its kind, as the manifest declares it.
    pub kind: SmolStr,
    /// The id of the entry it replies to.
    pub parent: Option<SmolStr>,
    /// The id of the root of its thread; its own for a root.
    pub root: SmolStr,
    /// 0 for a root.
    pub depth: u32,
    /// The key of its page.
    pub page: SmolStr,
    /// The id of its author; none for a tombstone and for people who were erased.
    pub author: Option<SmolStr>,
    /// The id of the author of its parent.
    pub parent_author: Option<SmolStr>,
    /// The moderation state. The host draws it, and what can be done about it, with the post.
    pub state: State,
    /// Grows by one with each change of the entry itself.
    pub version: u32,
    /// When it was created.
    pub created_at: Instant,
    /// When its body or another text of it was last changed.
    pub edited_at: Option<Instant>,
    /// Whether a moderator made the last change of its text.
    pub edited_by_moderator: bool,
    /// When something was last created in its thread; for a root.
    pub active_at: Instant,
    /// Whether it is pinned to the top.
    pub pinned: bool,
    /// How many visible replies it has, at any depth.
    pub replies: u32,
    /// Whether somebody else than its author has replied.
    pub replied: bool,
    pub(crate) rest: Rest,
}

/// Fields and marks of one entry: its parts of the list that it came with.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rest {
    list: Arc<List>,
    fields: Range<usize>,
    marks: Range<usize>,
}

/// What the entries of a list share.
#[derive(Debug, Default)]
struct List {
    strings: Vec<SmolStr>,
    fields: Vec<border::FieldValue>,
    marks: Vec<border::MarkCount>,
}

impl List {
    /// The host names positions of its list only; an empty text is better than a stop if it ever did not.
    fn word(&self, index: u32) -> &str {
        self.strings.get(index as usize).map_or("", SmolStr::as_str)
    }

    fn shared(&self, index: u32) -> SmolStr {
        self.strings.get(index as usize).cloned().unwrap_or_default()
    }
}

impl Entry {
    /// A field of the type `text`, `choice`, `person` or `reference`; none where it is not set. The body is no such
    /// field: it stays with the host.
    ///
    /// ```
    /// # fn example(entry: &stoa_plugin::Entry) {
    /// let title = entry.text("title").unwrap_or("(no title)");
    /// # }
    /// ```
    #[must_use]
    pub fn text(&self, field: &str) -> Option<&str> {
        self.texts(field).next()
    }

    /// A field of several texts, of the type `tags`, `people` or `list`, in order.
    ///
    /// ```
    /// # fn example(entry: &stoa_plugin::Entry) {
    /// let is_about_travel = entry.texts("tags").any(|tag| tag == "travel");
    /// # }
    /// ```
    pub fn texts(&self, field: &str) -> impl Iterator<Item = &str> {
        let list = &self.rest.list;
        self.values(field).filter_map(|value| match value {
            border::Stored::Text(index) => Some(list.word(*index)),
            _ => None,
        })
    }

    /// A field of the type `number`; none where it is not set.
    ///
    /// ```
    /// # fn example(entry: &stoa_plugin::Entry) {
    /// let points = entry.number("points").unwrap_or(0);
    /// # }
    /// ```
    #[must_use]
    pub fn number(&self, field: &str) -> Option<i64> {
        self.values(field).find_map(|value| match value {
            border::Stored::Number(number) => Some(*number),
            _ => None,
        })
    }

    /// A field of the type `boolean`; no where it is not set.
    ///
    /// ```
    /// # fn example(entry: &stoa_plugin::Entry) {
    /// let takes_votes = !entry.flag("closed");
    /// # }
    /// ```
    #[must_use]
    pub fn flag(&self, field: &str) -> bool {
        self.values(field).any(|value| *value == border::Stored::Boolean(true))
    }

    /// A field of the type `time`; none where it is not set.
    ///
    /// ```
    /// # fn example(entry: &stoa_plugin::Entry, now: stoa_plugin::Instant) {
    /// let is_over = entry.time("ends_at").is_some_and(|end| end <= now);
    /// # }
    /// ```
    #[must_use]
    pub fn time(&self, field: &str) -> Option<Instant> {
        self.values(field).find_map(|value| match value {
            border::Stored::Time(at) => Some(*at),
            _ => None,
        })
    }

    /// How many people have put a mark of this kind and value on it; 0 where the manifest keeps counts from the person.
    ///
    /// ```
    /// # fn example(entry: &stoa_plugin::Entry) {
    /// let helpful = entry.count("vote", "1");
    /// # }
    /// ```
    #[must_use]
    pub fn count(&self, kind: &str, value: &str) -> u32 {
        let list = &self.rest.list;
        self.marks(kind).find(|mark| list.word(mark.value) == value).map_or(0, |mark| mark.number)
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
        self.marks(kind).find(|mark| mark.mine).map(|mark| self.rest.list.word(mark.value))
    }

    /// It, as something that marks are put on.
    ///
    /// ```
    /// # fn example(outcome: &mut stoa_plugin::Outcome, entry: &stoa_plugin::Entry) -> Result<(), stoa_plugin::Error> {
    /// outcome.put_mark(&entry.target(), "vote", "1")?;
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn target(&self) -> Target {
        Target::entry(&self.id)
    }

    fn values(&self, field: &str) -> impl Iterator<Item = &border::Stored> {
        let list = &self.rest.list;
        let fields = list.fields.get(self.rest.fields.clone()).unwrap_or_default();
        fields.iter().filter(move |value| list.word(value.name) == field).map(|value| &value.value)
    }

    fn marks(&self, kind: &str) -> impl Iterator<Item = &border::MarkCount> {
        let list = &self.rest.list;
        let marks = list.marks.get(self.rest.marks.clone()).unwrap_or_default();
        marks.iter().filter(move |mark| list.word(mark.kind) == kind)
    }
}

/// For an author's unit tests of rules about entries.
#[cfg(not(target_arch = "wasm32"))]
impl Entry {
    /// A visible root with this id, created at the very beginning, without author, fields or marks. Set what the test is
    /// about.
    ///
    /// ```
    /// use stoa_plugin::Entry;
    ///
    /// let mut poll = Entry::sample("e1").with_field("closed", true).with_mark("vote", "1", 3);
    /// poll.author = Some("anna".into());
    /// assert!(poll.flag("closed"));
    /// assert_eq!(poll.count("vote", "1"), 3);
    /// ```
    #[must_use]
    pub fn sample(id: &str) -> Self {
        Self {
            id: id.into(),
            kind: SmolStr::default(),
            parent: None,
            root: id.into(),
            depth: 0,
            page: SmolStr::default(),
            author: None,
            parent_author: None,
            state: State::Visible,
            version: 1,
            created_at: 0,
            edited_at: None,
            edited_by_moderator: false,
            active_at: 0,
            pinned: false,
            replies: 0,
            replied: false,
            rest: Rest::default(),
        }
    }

    /// With a value of a field.
    #[must_use]
    pub fn with_field(self, name: &str, value: impl Into<crate::Value>) -> Self {
        use crate::Value;
        self.with(|list| {
            let name = list.add(name);
            let values = match value.into() {
                Value::Unset => Vec::new(),
                Value::Text(text) => vec![border::Stored::Text(list.add(&text))],
                Value::Number(number) => vec![border::Stored::Number(number)],
                Value::Boolean(yes) => vec![border::Stored::Boolean(yes)],
                Value::Time(at) => vec![border::Stored::Time(at)],
                Value::Texts(texts) => {
                    texts.iter().map(|text| border::Stored::Text(list.add(text))).collect()
                }
            };
            list.fields.extend(values.into_iter().map(|value| border::FieldValue { entry: 0, name, value }));
        })
    }

    /// With so many marks of a kind and value, none of them the person's own.
    #[must_use]
    pub fn with_mark(self, kind: &str, value: &str, number: u32) -> Self {
        self.with(|list| {
            let (kind, value) = (list.add(kind), list.add(value));
            list.marks.push(border::MarkCount { entry: 0, kind, value, number, mine: false });
        })
    }

    /// With a mark of the person's own.
    #[must_use]
    pub fn with_own_mark(self, kind: &str, value: &str) -> Self {
        self.with(|list| {
            let (kind, value) = (list.add(kind), list.add(value));
            list.marks.push(border::MarkCount { entry: 0, kind, value, number: 1, mine: true });
        })
    }

    fn with(mut self, change: impl FnOnce(&mut List)) -> Self {
        let old = &self.rest;
        let mut list = List {
            strings: old.list.strings.clone(),
            fields: old.list.fields.get(old.fields.clone()).unwrap_or_default().to_vec(),
            marks: old.list.marks.get(old.marks.clone()).unwrap_or_default().to_vec(),
        };
        change(&mut list);
        let (fields, marks) = (0..list.fields.len(), 0..list.marks.len());
        self.rest = Rest { list: Arc::new(list), fields, marks };
        self
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl List {
    fn add(&mut self, text: &str) -> u32 {
        self.strings.push(text.into());
        u32::try_from(self.strings.len() - 1).unwrap_or(u32::MAX)
    }
}

/// A part of a list of entries.
#[derive(Clone, Debug)]
pub struct Found {
    /// Each entry followed by its replies, oldest first.
    pub entries: Vec<Entry>,
    /// How many visible entries match in all, replies included where the whole page is listed; counted up to 10,000,
    /// none where that would read too much.
    pub total: Option<u32>,
    /// Where the list continues; none at the end.
    pub next: Option<Cursor>,
    /// How many entries `since` keeps back.
    pub newer: u32,
}

impl From<border::Found> for Found {
    fn from(found: border::Found) -> Self {
        Self { entries: entries(found.entries), total: found.total, next: found.next, newer: found.newer }
    }
}

/// The entries of a list, each with its words. Fields and marks come in the order of the entries, so that each entry's
/// are one range.
pub(crate) fn entries(list: border::EntryList) -> Vec<Entry> {
    let shared = Arc::new(List {
        strings: list.strings.into_iter().map(SmolStr::from).collect(),
        fields: list.fields,
        marks: list.marks,
    });
    let (mut fields, mut marks) = (0, 0);
    let mut made = Vec::with_capacity(list.entries.len());
    for (at, entry) in (0_u32..).zip(list.entries) {
        let rest = Rest {
            fields: range(&shared.fields, &mut fields, |field| field.entry <= at),
            marks: range(&shared.marks, &mut marks, |mark| mark.entry <= at),
            list: Arc::clone(&shared),
        };
        made.push(with_words(entry, rest));
    }
    made
}

/// The items from `start` on that belong here; moves `start` behind them.
fn range<T>(items: &[T], start: &mut usize, belongs: impl Fn(&T) -> bool) -> Range<usize> {
    let from = *start;
    *start += items[from..].iter().take_while(|item| belongs(item)).count();
    from..*start
}

fn with_words(entry: border::Entry, rest: Rest) -> Entry {
    let list = &rest.list;
    let word = |index: u32| list.shared(index);
    Entry {
        id: word(entry.id),
        kind: word(entry.kind),
        parent: entry.parent.map(word),
        root: word(entry.root),
        depth: entry.depth,
        page: word(entry.page),
        author: entry.author.map(word),
        parent_author: entry.parent_author.map(word),
        state: entry.state,
        version: entry.version,
        created_at: entry.created_at,
        edited_at: entry.edited_at,
        edited_by_moderator: entry.edited_by_moderator,
        active_at: entry.active_at,
        pinned: entry.pinned,
        replies: entry.replies,
        replied: entry.replied,
        rest,
    }
}

#[cfg(test)]
mod tests {
    use super::entries;
    use crate::State;
    use crate::bindings::stoa::plugin::entries as border;

    fn start() -> border::Entry {
        border::Entry {
            id: 0,
            kind: 1,
            parent: None,
            root: 0,
            depth: 0,
            page: 6,
            author: Some(2),
            parent_author: None,
            state: State::Visible,
            version: 1,
            created_at: 5,
            edited_at: None,
            edited_by_moderator: false,
            active_at: 5,
            pinned: false,
            replies: 1,
            replied: false,
        }
    }

    #[test]
    fn entries_get_their_words_back() {
        let strings = ["e1", "comment", "p1", "e2", "vote", "1", "home"].map(str::to_owned).to_vec();
        let reply = border::Entry {
            id: 3,
            parent: Some(0),
            author: None,
            parent_author: Some(2),
            depth: 1,
            ..start()
        };
        let list = border::EntryList {
            strings,
            entries: vec![start(), reply],
            fields: Vec::new(),
            marks: vec![border::MarkCount { entry: 0, kind: 4, value: 5, number: 2, mine: true }],
        };
        let list = entries(list);
        assert_eq!(
            (list[0].id.as_str(), list[0].kind.as_str(), list[0].author.as_deref()),
            ("e1", "comment", Some("p1"))
        );
        assert_eq!(
            (list[0].count("vote", "1"), list[0].mine("vote"), list[0].mine("like")),
            (2, Some("1"), None)
        );
        assert_eq!((list[1].count("vote", "1"), list[1].mine("vote")), (0, None));
        assert_eq!((list[1].parent.as_deref(), list[1].root.as_str()), (Some("e1"), "e1"));
        assert_eq!((list[1].author.as_deref(), list[1].parent_author.as_deref()), (None, Some("p1")));
        assert_eq!(list[1].page, "home");
    }

    #[test]
    fn each_entry_has_its_own_fields() {
        let strings = ["e1", "poll", "p1", "options", "tea", "closed", "home", "coffee", "points"];
        let field = |entry, name, value| border::FieldValue { entry, name, value };
        let list = border::EntryList {
            strings: strings.map(str::to_owned).to_vec(),
            entries: vec![start(), start(), start()],
            fields: vec![
                field(0, 3, border::Stored::Text(4)),
                field(0, 3, border::Stored::Text(7)),
                field(0, 5, border::Stored::Boolean(true)),
                field(2, 8, border::Stored::Number(-3)),
                field(2, 3, border::Stored::Text(7)),
            ],
            marks: Vec::new(),
        };
        let list = entries(list);
        assert_eq!(list[0].texts("options").collect::<Vec<_>>(), ["tea", "coffee"]);
        assert_eq!((list[0].text("options"), list[0].flag("closed")), (Some("tea"), true));
        assert_eq!((list[1].text("options"), list[1].flag("closed")), (None, false));
        assert_eq!((list[2].text("options"), list[2].number("points")), (Some("coffee"), Some(-3)));
        assert_eq!((list[2].time("points"), list[2].text("points")), (None, None));
    }
}
