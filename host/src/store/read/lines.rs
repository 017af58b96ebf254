//! Reads the entries that a statement answers with: a line of text for each (see `statements`).

use super::threads::json;
use crate::base::clock::Micros;
use crate::base::id::{EntryId, PersonId};
use crate::store::model::{State, StoreError};

/// Between two values.
const VALUE_END: u8 = 0x1f;
/// Between two lines.
const LINE_END: u8 = 0x1e;

/// One entry as the statements give it.
#[derive(Debug)]
pub(super) struct Given {
    pub(super) id: EntryId,
    pub(super) kind: String,
    pub(super) depth: u32,
    /// None for a start, and for an answer to the start itself.
    pub(super) parent: Option<EntryId>,
    pub(super) root: EntryId,
    pub(super) author: Option<PersonId>,
    pub(super) parent_author: Option<PersonId>,
    pub(super) body: String,
    pub(super) data: String,
    pub(super) state: State,
    pub(super) reason: String,
    pub(super) version: u32,
    pub(super) created_at: Micros,
    pub(super) edited_at: Option<Micros>,
    pub(super) pinned: bool,
    pub(super) replies: u32,
    pub(super) answers: u32,
    pub(super) reports: u32,
    pub(super) counts: Vec<(String, String, u32)>,
    pub(super) mine: Vec<(String, String)>,
    /// Its place in the list.
    pub(super) sort: i64,
}

/// All entries of an answer.
///
/// # Errors
/// `Database` for a text that the statements do not make.
pub(super) fn read(text: &str) -> Result<Vec<Given>, StoreError> {
    let mut entries = Vec::with_capacity(text.len() / 300);
    let mut line = Line(text);
    while !line.0.is_empty() {
        entries.push(entry(&mut line).ok_or_else(|| broken(entries.len()))??);
    }
    Ok(entries)
}

fn broken(place: usize) -> StoreError {
    StoreError::Database(format!("entry {place} of an answer is not as its statement makes it"))
}

fn entry(line: &mut Line<'_>) -> Option<Result<Given, StoreError>> {
    let id = EntryId::from(line.value()?);
    let depth = line.number()?;
    let parent = line.maybe()?.map(EntryId::from);
    let root = EntryId::from(line.value()?);
    let author = line.maybe()?.map(PersonId::from);
    let parent_author = line.maybe()?.map(PersonId::from);
    let state = State::from_word(line.value()?)?;
    let version = line.number()?;
    let created_at = line.number()?;
    let replies = line.number()?;
    let answers = line.number()?;
    let sort = line.maybe_number()?.unwrap_or(created_at);
    let (kind, body) = (line.number()?, line.number()?);
    let kind = line.text(kind)?.to_owned();
    let body = line.last(body)?.to_owned();
    let mut given = Given {
        id,
        kind,
        depth,
        parent,
        root,
        author,
        parent_author,
        body,
        state,
        version,
        created_at,
        replies,
        answers,
        sort,
        data: String::new(),
        reason: String::new(),
        edited_at: None,
        pinned: false,
        reports: 0,
        counts: Vec::new(),
        mine: Vec::new(),
    };
    match line.end()? {
        VALUE_END => more(line, &mut given).map(|done| done.map(|()| given)),
        _ => Some(Ok(given)),
    }
}

/// What most entries have not.
fn more(line: &mut Line<'_>, given: &mut Given) -> Option<Result<(), StoreError>> {
    given.edited_at = line.maybe_number()?;
    given.pinned = line.number::<u8>()? != 0;
    given.reports = line.number()?;
    let (data, reason, counts) = (line.number()?, line.number()?, line.number()?);
    line.text(data)?.clone_into(&mut given.data);
    line.text(reason)?.clone_into(&mut given.reason);
    let counts = line.text(counts)?;
    let mine = line.json()?;
    let mut parsed = || {
        if !counts.is_empty() {
            given.counts = json(counts)?;
        }
        if mine != "[]" {
            given.mine = json(mine)?;
        }
        Ok(())
    };
    Some(parsed())
}

/// What is left of the lines.
struct Line<'a>(&'a str);

impl<'a> Line<'a> {
    fn value(&mut self) -> Option<&'a str> {
        let end = self.0.as_bytes().iter().position(|byte| *byte == VALUE_END)?;
        self.text(end)
    }

    fn maybe(&mut self) -> Option<Option<&'a str>> {
        self.value().map(|value| (!value.is_empty()).then_some(value))
    }

    fn number<T: std::str::FromStr>(&mut self) -> Option<T> {
        self.value()?.parse().ok()
    }

    fn maybe_number(&mut self) -> Option<Option<i64>> {
        self.maybe()?.map_or(Some(None), |value| value.parse().ok().map(Some))
    }

    /// A value of so many bytes that is not the last of its part.
    fn text(&mut self, bytes: usize) -> Option<&'a str> {
        let text = self.last(bytes)?;
        self.end().filter(|end| *end == VALUE_END).map(|_| text)
    }

    /// A value of so many bytes, without what ends it.
    fn last(&mut self, bytes: usize) -> Option<&'a str> {
        let (text, rest) = self.0.split_at_checked(bytes)?;
        self.0 = rest;
        Some(text)
    }

    /// JSON at the end of a line: it has no control characters of its own.
    fn json(&mut self) -> Option<&'a str> {
        let end = self.0.as_bytes().iter().position(|byte| *byte == LINE_END).unwrap_or(self.0.len());
        let json = self.last(end)?;
        self.end().map(|_| json)
    }

    /// What ends a value; the end of the text ends a line, too.
    fn end(&mut self) -> Option<u8> {
        let Some(end) = self.0.bytes().next() else { return Some(LINE_END) };
        self.0 = self.0.get(1..)?;
        matches!(end, VALUE_END | LINE_END).then_some(end)
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn texts_keep_the_characters_that_end_values_and_lines() {
        let body = "a\u{1f}b\u{1e}c";
        let plain = format!(
            "1\u{1f}0\u{1f}\u{1f}1\u{1f}p\u{1f}\u{1f}visible\u{1f}1\u{1f}7\u{1f}2\u{1f}1\u{1f}\u{1f}4\u{1f}{}\u{1f}kind\u{1f}{body}",
            body.len()
        );
        let more =
            "\u{1f}9\u{1f}1\u{1f}3\u{1f}3\u{1f}0\u{1f}0\u{1f}x\u{1e}y\u{1f}\u{1f}\u{1f}[[\"vote\",\"1\"]]";
        let entries = read(&format!("{plain}\u{1e}{plain}{more}\u{1e}{plain}")).unwrap();
        assert_eq!(entries.len(), 3);
        assert!(
            entries
                .iter()
                .all(|entry| entry.body == body && entry.sort == 7 && entry.parent_author.is_none())
        );
        assert_eq!(
            (entries[1].data.as_str(), entries[1].pinned, entries[1].edited_at),
            ("x\u{1e}y", true, Some(9))
        );
        assert_eq!(entries[1].mine, [("vote".to_owned(), "1".to_owned())]);
        assert!(!entries[2].pinned && entries[2].data.is_empty());
    }

    #[test]
    fn a_text_cut_off_is_an_error() {
        assert!(read("1\u{1f}0\u{1f}").is_err());
    }
}
