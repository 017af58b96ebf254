//! Entries on their way to a plugin: counted, their texts and people kept for the renderer, and what they name once in a
//! list of strings. A string costs the border some 700 instructions (measured), and each id is named several times.

use std::sync::Arc;

use indexmap::IndexSet;

use super::super::call::{CallState, Halt};
use super::bindings::stoa::plugin::entries;
use super::values::{instant, state};
use crate::base::map::RandomState;
use crate::store::{self, Entry, Person};

/// The threads of a page.
pub(crate) fn threads(call: &mut CallState, threads: store::Threads) -> Result<entries::Threads, Halt> {
    let store::Threads { entries, people, total, next, newer } = threads;
    Ok(entries::Threads { found: list(call, entries, people)?, total, next, newer })
}

/// The entries alone.
pub(crate) fn list(
    call: &mut CallState,
    entries: Vec<Entry>,
    people: Vec<Arc<Person>>,
) -> Result<entries::EntryList, Halt> {
    call.hand_out(entries.len(), entries.iter().map(size).sum())?;
    call.fetched.know(people);
    call.fetched.bodies.reserve(entries.len());
    let mut strings = Strings::default();
    let entries = entries.into_iter().map(|entry| strings.entry(call.fetched.keep(entry))).collect();
    Ok(entries::EntryList { strings: strings.list.into_iter().collect(), entries })
}

/// About how many bytes an entry takes on its way, its text left out.
fn size(entry: &Entry) -> usize {
    // Ids, numbers and list heads come to some 250 bytes; only data and marks can be large.
    250 + entry.data.len() + entry.reason.len() + 40 * (entry.counts.len() + entry.mine.len())
}

/// Strings, each once, in the order they came.
#[derive(Default)]
struct Strings {
    list: IndexSet<String, RandomState>,
}

impl Strings {
    fn place(&mut self, text: &str) -> u32 {
        let place = match self.list.get_index_of(text) {
            Some(place) => place,
            None => self.list.insert_full(text.to_owned()).0,
        };
        u32::try_from(place).unwrap_or(u32::MAX)
    }

    fn entry(&mut self, entry: Entry) -> entries::Entry {
        let id = self.place(entry.id.as_str());
        let root = if entry.root == entry.id { id } else { self.place(entry.root.as_str()) };
        let parent =
            entry.parent.map(|parent| if parent == entry.root { root } else { self.place(parent.as_str()) });
        entries::Entry {
            id,
            kind: self.place(&entry.kind),
            parent,
            root,
            depth: entry.depth,
            author: entry.author.map(|id| self.place(id.as_str())),
            parent_author: entry.parent_author.map(|id| self.place(id.as_str())),
            state: state(entry.state),
            reason: Some(entry.reason).filter(|reason| !reason.is_empty()),
            version: entry.version,
            created_at: instant(entry.created_at),
            edited_at: entry.edited_at.map(instant),
            pinned: entry.pinned,
            replies: entry.replies,
            answered: entry.answered,
            reports: entry.reports,
            data: Some(entry.data).filter(|data| !data.is_empty()),
            marks: self.marks(&entry.counts, &entry.mine),
        }
    }

    /// What is counted, and the viewer's own marks that are not.
    fn marks(
        &mut self,
        counts: &[(String, String, u32)],
        mine: &[(String, String)],
    ) -> Vec<entries::MarkCount> {
        let is = |count: &(String, String, u32), own: &(String, String)| count.0 == own.0 && count.1 == own.1;
        let counted = counts.iter().map(|count| {
            let own = mine.iter().any(|own| is(count, own));
            (count.0.as_str(), count.1.as_str(), count.2, own)
        });
        let uncounted = mine.iter().filter(|own| !counts.iter().any(|count| is(count, own)));
        let uncounted = uncounted.map(|(kind, value)| (kind.as_str(), value.as_str(), 0, true));
        let mark = |(kind, value, number, mine)| entries::MarkCount {
            kind: self.place(kind),
            value: self.place(value),
            number,
            mine,
        };
        counted.chain(uncounted).map(mark).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Strings;

    #[test]
    fn a_mark_that_is_not_counted_is_the_persons_own() {
        let text = str::to_owned;
        let counts = [(text("vote"), text("1"), 3), (text("vote"), text("-1"), 1)];
        let mine = [(text("vote"), text("1")), (text("report"), text("spam"))];
        let mut strings = Strings::default();
        let marks = strings.marks(&counts, &mine);
        let told: Vec<_> = marks
            .iter()
            .map(|mark| {
                let word = |place: u32| strings.list[place as usize].as_str();
                (word(mark.kind), word(mark.value), mark.number, mark.mine)
            })
            .collect();
        assert_eq!(told, [("vote", "1", 3, true), ("vote", "-1", 1, false), ("report", "spam", 0, true)]);
    }
}
