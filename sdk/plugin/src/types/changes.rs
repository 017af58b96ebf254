//! What has changed between two texts, word by word, as Markdown: what is gone is struck out, what is new is strong.

use similar::{ChangeTag, TextDiff};

/// The most bytes that come out; a view takes strings of 32 KiB.
const BYTES_MAX: usize = 32_000;

/// How much work there is for [`changes`] in one call of a plugin: it grows with the square of the words of both texts.
pub const CHANGES_WORK: usize = 2_000_000;

/// What makes the later text of the earlier one, word by word, as Markdown of 32,000 bytes at most: what is gone is struck
/// out, what is new is strong. `room` is the work that is left, [`CHANGES_WORK`] at first; where it does not suffice, the
/// earlier text comes back as it is.
///
/// ```
/// use stoa_plugin::{CHANGES_WORK, changes};
///
/// let mut room = CHANGES_WORK;
/// assert_eq!(changes("Use 4711.", "Use 4810.", &mut room), "Use ~~4711\\.~~ **4810\\.**");
/// ```
#[must_use]
pub fn changes(earlier: &str, later: &str, room: &mut usize) -> String {
    let words = |text: &str| text.split_whitespace().count().max(1);
    let both = words(earlier) + words(later);
    let work = both.saturating_mul(both);
    if work > *room {
        return earlier.to_owned();
    }
    *room -= work;
    let found = TextDiff::from_words(earlier, later);
    let mut out = String::new();
    let mut open = ChangeTag::Equal;
    for change in found.iter_all_changes() {
        let (tag, text) = (change.tag(), change.value());
        // Marks of Markdown stand at words, not at the blanks between them.
        if text.trim().is_empty() {
            if tag != ChangeTag::Delete {
                close(&mut out, &mut open);
                out.push_str(text);
            }
            continue;
        }
        if tag != open {
            close(&mut out, &mut open);
            space(&mut out);
            out.push_str(mark(tag));
            open = tag;
        } else if open != ChangeTag::Equal && !out.ends_with(mark(open)) {
            space(&mut out);
        }
        escape(text, &mut out);
        if out.len() > BYTES_MAX {
            break;
        }
    }
    close(&mut out, &mut open);
    out.truncate(out.floor_char_boundary(BYTES_MAX));
    out
}

const fn mark(tag: ChangeTag) -> &'static str {
    match tag {
        ChangeTag::Equal => "",
        ChangeTag::Delete => "~~",
        ChangeTag::Insert => "**",
    }
}

fn close(out: &mut String, open: &mut ChangeTag) {
    out.push_str(mark(*open));
    *open = ChangeTag::Equal;
}

/// A blank between words, where there is none.
fn space(out: &mut String) {
    if !out.is_empty() && !out.ends_with(char::is_whitespace) {
        out.push(' ');
    }
}

/// The text is shown as it was written, with its marks.
fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        if c.is_ascii_punctuation() {
            out.push('\\');
        }
        out.push(c);
    }
}

#[cfg(test)]
mod tests {
    use super::changes;

    #[test]
    fn what_is_gone_is_struck_out_and_what_is_new_is_strong() {
        for (earlier, later, expected) in [
            ("same text", "same text", "same text"),
            ("use 4711", "use 4810", "use ~~4711~~ **4810**"),
            ("one two", "one", "one ~~two~~"),
            ("one", "one two three", "one **two** **three**"),
            ("a *b*", "a c", "a ~~\\*b\\*~~ **c**"),
            ("", "new", "**new**"),
        ] {
            let mut room = super::CHANGES_WORK;
            assert_eq!(changes(earlier, later, &mut room), expected, "{earlier} -> {later}");
        }
        let (long, mut room) = ("word ".repeat(2_000), super::CHANGES_WORK);
        assert_eq!(changes(&long, "other", &mut room), long, "too much work");
        assert_eq!(room, super::CHANGES_WORK);
        let escaped = "*".repeat(30_000);
        assert!(changes(&escaped, "other", &mut room).len() <= super::BYTES_MAX);
    }
}
