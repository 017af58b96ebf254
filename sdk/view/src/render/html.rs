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
        self.out.push_str("=\"");
        escape(&mut self.out, value, &IN_ATTR);
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
        escape(&mut self.out, text, &IN_TEXT);
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

const fn table(bytes: &[u8]) -> [bool; 256] {
    let mut table = [false; 256];
    let mut index = 0;
    while index < bytes.len() {
        table[bytes[index] as usize] = true;
        index += 1;
    }
    table
}

static IN_TEXT: [bool; 256] = table(b"&<>");
static IN_ATTR: [bool; 256] = table(b"&<>\"");

/// Copies runs that need nothing; the bytes looked for are all ASCII, so every cut is between characters.
fn escape(out: &mut String, text: &str, special: &[bool; 256]) {
    let mut rest = text;
    while let Some(place) = rest.bytes().position(|byte| special[usize::from(byte)]) {
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
