//! The sink that writes HTML.

use super::Sink;
use crate::ops::{Attr, Tag};

/// Writes escaped HTML straight into one string.
#[derive(Debug, Default)]
pub struct Html {
    out: String,
    open: Vec<Tag>,
    /// Whether the start tag written last still lacks its `>`.
    in_tag: bool,
}

impl Html {
    /// An empty text with room for `bytes`.
    #[must_use]
    pub fn with_capacity(bytes: usize) -> Self {
        Self { out: String::with_capacity(bytes), open: Vec::with_capacity(64), in_tag: false }
    }

    /// The finished HTML.
    #[must_use]
    pub fn finish(self) -> String {
        self.out
    }

    fn end_tag(&mut self) {
        if self.in_tag {
            self.out.push('>');
            self.in_tag = false;
        }
    }
}

impl Sink for Html {
    fn open(&mut self, tag: Tag) {
        self.end_tag();
        self.out.push('<');
        self.out.push_str(tag.name());
        self.open.push(tag);
        self.in_tag = true;
    }

    fn attr(&mut self, name: Attr, value: &str) {
        if value.is_empty() {
            return self.flag(name);
        }
        self.out.push_str(name.before_value());
        escape(&mut self.out, value, true);
        self.out.push('"');
    }

    fn word(&mut self, name: Attr, value: &'static str) {
        self.out.push_str(name.before_value());
        self.out.push_str(value);
        self.out.push('"');
    }

    fn flag(&mut self, name: Attr) {
        self.out.push(' ');
        self.out.push_str(name.name());
    }

    fn key(&mut self, _key: &str) {}

    fn text(&mut self, text: &str) {
        // A parser drops a line feed right after these start tags, so the first one is doubled.
        let drops = self.in_tag && matches!(self.open.last(), Some(Tag::Pre | Tag::Textarea));
        self.end_tag();
        if drops && text.starts_with('\n') {
            self.out.push('\n');
        }
        escape(&mut self.out, text, false);
    }

    fn takes_html(&self) -> bool {
        true
    }

    fn html(&mut self, html: &str) {
        self.end_tag();
        self.out.push_str(html);
    }

    fn close(&mut self) {
        let Some(tag) = self.open.pop() else { return };
        if self.in_tag && tag == Tag::Path {
            // A parser takes this as an end within pictures, and only there.
            self.out.push_str("/>");
            self.in_tag = false;
            return;
        }
        self.end_tag();
        if !tag.is_void() {
            self.out.push_str(tag.end_tag());
        }
    }
}

/// Copies runs that need nothing; the bytes looked for are all ASCII, so every cut is between characters.
fn escape(out: &mut String, text: &str, quotes: bool) {
    let mut rest = text;
    while let Some(place) = find_special(rest.as_bytes(), quotes) {
        let (run, tail) = rest.split_at(place);
        out.push_str(run);
        out.push_str(match tail.as_bytes().first() {
            Some(b'&') => "&amp;",
            Some(b'<') => "&lt;",
            Some(b'>') => "&gt;",
            _ => "&quot;",
        });
        rest = tail.get(1..).unwrap_or_default();
    }
    out.push_str(rest);
}

/// Most texts need nothing. Blocks of a fixed size, looked at without an early end, take all their bytes at once
/// (SIMD); the last one laps over the one before.
fn find_special(bytes: &[u8], quotes: bool) -> Option<usize> {
    let quote = if quotes { b'"' } else { b'&' };
    let special = |byte: u8| (byte == b'&') | (byte == b'<') | (byte == b'>') | (byte == quote);
    let mut start = 0;
    if let Some(last) = bytes.last_chunk::<16>() {
        let any = |block: &[u8; 16]| block.iter().fold(false, |found, byte| found | special(*byte));
        let (blocks, _) = bytes.as_chunks::<16>();
        match blocks.iter().position(any) {
            Some(block) => start = block * 16,
            None if any(last) => start = bytes.len() - 16,
            None => return None,
        }
    }
    let at = bytes.get(start..)?.iter().position(|byte| special(*byte))?;
    Some(start + at)
}
