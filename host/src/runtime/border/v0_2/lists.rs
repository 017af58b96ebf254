//! Entries on their way to a plugin: counted, their texts and people kept for the renderer, and what they name once in a
//! list of strings. A string costs the border some 700 instructions (measured), and each id is named several times.

use std::sync::Arc;

use indexmap::IndexSet;
use stoa_rules::{Audience, Declared, Value};

use super::super::super::call::{CallState, HostError};
use super::bindings::stoa::plugin::entries;
use super::values::{instant, state};
use crate::base::map::RandomState;
use crate::store::{self, Entry, Person};

/// A part of a list.
pub(crate) fn found(call: &mut CallState, found: store::Found) -> Result<entries::Found, HostError> {
    let store::Found { entries, people, total, next, newer } = found;
    Ok(entries::Found { entries: list(call, entries, people)?, total, next, newer })
}

/// The entries alone.
pub(crate) fn list(
    call: &mut CallState,
    entries: Vec<Entry>,
    people: Vec<Arc<Person>>,
) -> Result<entries::EntryList, HostError> {
    call.hand_out(entries.len(), entries.iter().map(size).sum())?;
    call.fetched.know(people);
    call.fetched.entries.reserve(entries.len());
    let viewer = Viewer {
        person: call.call.person.as_ref().map(|person| person.id.as_str().to_owned()),
        moderates: call.call.moderates,
    };
    let declared = call.declared.clone();
    let mut list = List::new(&declared, &viewer, entries.len());
    for entry in entries {
        let entry = call.fetched.keep(entry);
        list.push(entry);
    }
    Ok(list.finish())
}

/// About how many bytes an entry takes on its way, its text left out.
fn size(entry: &Entry) -> usize {
    // Ids, numbers and list heads come to some 250 bytes; only fields and marks can be large.
    let fields: usize = entry.fields.values().map(field_size).sum();
    250 + fields + 40 * (entry.counts.len() + entry.mine.len())
}

fn field_size(value: &Value) -> usize {
    match value {
        Value::Text(text) => 24 + text.len(),
        Value::Texts(texts) => texts.iter().map(|text| 24 + text.len()).sum(),
        Value::Unset | Value::Number(_) | Value::Boolean(_) | Value::Time(_) => 24,
    }
}

/// For whom a list is made.
struct Viewer {
    person: Option<String>,
    moderates: bool,
}

/// A list as it grows.
struct List<'a> {
    declared: &'a Declared,
    viewer: &'a Viewer,
    strings: IndexSet<String, RandomState>,
    entries: Vec<entries::Entry>,
    fields: Vec<entries::FieldValue>,
    marks: Vec<entries::MarkCount>,
}

impl<'a> List<'a> {
    fn new(declared: &'a Declared, viewer: &'a Viewer, count: usize) -> Self {
        Self {
            declared,
            viewer,
            strings: IndexSet::default(),
            entries: Vec::with_capacity(count),
            fields: Vec::new(),
            marks: Vec::with_capacity(count),
        }
    }

    fn finish(self) -> entries::EntryList {
        entries::EntryList {
            strings: self.strings.into_iter().collect(),
            entries: self.entries,
            fields: self.fields,
            marks: self.marks,
        }
    }

    /// The position of a text in the list of strings.
    fn index(&mut self, text: &str) -> u32 {
        let index = match self.strings.get_index_of(text) {
            Some(index) => index,
            None => self.strings.insert_full(text.to_owned()).0,
        };
        u32::try_from(index).unwrap_or(u32::MAX)
    }

    fn push(&mut self, entry: Entry) {
        let number = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        let own = entry.author.as_ref().is_some_and(|id| self.viewer.person.as_deref() == Some(id.as_str()));
        self.push_fields(number, &entry);
        self.push_marks(number, &entry.counts, &entry.mine, own);
        let id = self.index(entry.id.as_str());
        let root = if entry.root == entry.id { id } else { self.index(entry.root.as_str()) };
        let parent =
            entry.parent.map(|parent| if parent == entry.root { root } else { self.index(parent.as_str()) });
        let entry = entries::Entry {
            id,
            kind: self.index(&entry.kind),
            parent,
            root,
            depth: entry.depth,
            page: self.index(&entry.page),
            author: entry.author.map(|id| self.index(id.as_str())),
            parent_author: entry.parent_author.map(|id| self.index(id.as_str())),
            state: state(entry.state),
            version: entry.version,
            created_at: instant(entry.created_at),
            edited_at: entry.edited_at.map(instant),
            edited_by_moderator: entry.edited_by_moderator,
            active_at: instant(entry.active_at),
            pinned: entry.pinned,
            replies: entry.replies,
            replied: entry.replied,
        };
        self.entries.push(entry);
    }

    fn push_fields(&mut self, number: u32, entry: &Entry) {
        for (name, value) in &entry.fields {
            let name = self.index(name);
            let field = |value| entries::FieldValue { entry: number, name, value };
            match value {
                Value::Unset => {}
                Value::Text(text) => {
                    let value = entries::Stored::Text(self.index(text));
                    self.fields.push(field(value));
                }
                Value::Number(value) => self.fields.push(field(entries::Stored::Number(*value))),
                Value::Boolean(value) => self.fields.push(field(entries::Stored::Boolean(*value))),
                Value::Time(at) => self.fields.push(field(entries::Stored::Time(*at))),
                Value::Texts(texts) => {
                    for text in texts {
                        let value = entries::Stored::Text(self.index(text));
                        self.fields.push(field(value));
                    }
                }
            }
        }
    }

    /// What is counted and may be known, and the viewer's own marks that are not.
    fn push_marks(
        &mut self,
        entry: u32,
        counts: &[(String, String, u32)],
        mine: &[(String, String)],
        own: bool,
    ) {
        let is = |count: &(String, String, u32), own: &(String, String)| count.0 == own.0 && count.1 == own.1;
        for count in counts {
            let known = self.may_know(&count.0, own);
            let is_mine = mine.iter().any(|own| is(count, own));
            if known || is_mine {
                let number = if known { count.2 } else { 0 };
                self.push_mark(entry, (&count.0, &count.1), number, is_mine);
            }
        }
        for own in mine.iter().filter(|own| !counts.iter().any(|count| is(count, own))) {
            self.push_mark(entry, (&own.0, &own.1), 0, true);
        }
    }

    fn push_mark(&mut self, entry: u32, (kind, value): (&str, &str), number: u32, mine: bool) {
        let mark =
            entries::MarkCount { entry, kind: self.index(kind), value: self.index(value), number, mine };
        self.marks.push(mark);
    }

    /// Whether the manifest tells this viewer how many marks of a kind there are.
    fn may_know(&self, kind: &str, own: bool) -> bool {
        match self.declared.marks.get(kind).map_or(Audience::Nobody, |mark| mark.counts) {
            Audience::Everybody => true,
            Audience::Author => own || self.viewer.moderates,
            Audience::Moderators => self.viewer.moderates,
            Audience::Nobody => false,
        }
    }
}
