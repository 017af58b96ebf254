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
        self.out.push(' ');
        self.out.push_str(name.name());
        if value.is_empty() {
            return;
        }
        self.out.push_str("=\"");
        escape(&mut self.out, value, true);
        self.out.push('"');
    }

    fn flag(&mut self, name: Attr) {
        self.attr(name, "");
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

    fn close(&mut self) {
        self.end_tag();
        if let Some(tag) = self.open.pop()
            && !tag.is_void()
        {
            self.out.push_str("</");
            self.out.push_str(tag.name());
            self.out.push('>');
        }
    }
}

/// Copies runs that need nothing; the bytes looked for are all ASCII, so every cut is between characters.
fn escape(out: &mut String, text: &str, quotes: bool) {
    let special = |byte: u8| (byte == b'&') | (byte == b'<') | (byte == b'>') | (quotes & (byte == b'"'));
    // Most texts need nothing. Without an early end this look takes many bytes at a time (SIMD).
    if !text.bytes().fold(false, |found, byte| found | special(byte)) {
        out.push_str(text);
        return;
    }
    let mut rest = text;
    while let Some(place) = rest.bytes().position(special) {
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
