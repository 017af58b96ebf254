//! What the toolbar's buttons do to a text, and where a mention begins. Positions are UTF-16 code units, as the
//! browser counts them.

use alloc::string::String;

/// A change of a text: put `text` in the place of `from..to`, then select `select`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Edit {
    pub(crate) from: u32,
    pub(crate) to: u32,
    pub(crate) text: String,
    pub(crate) select: (u32, u32),
}

/// The length in UTF-16 code units.
pub(crate) fn units(text: &str) -> u32 {
    text.chars().map(width).sum()
}

const fn width(char: char) -> u32 {
    if char > '\u{ffff}' { 2 } else { 1 }
}

/// The byte before which `position` stands; the end where it is beyond.
fn byte(text: &str, position: u32) -> usize {
    let mut left = position;
    for (at, char) in text.char_indices() {
        if left == 0 {
            return at;
        }
        left = left.saturating_sub(width(char));
    }
    text.len()
}

/// What the button `kind` (`bold`, `italic`, `code`, `link`, `quote`, `list`) does with `value` where `from..to` is
/// selected. Pressed twice it takes back what it did.
pub(crate) fn edit(kind: &str, value: &str, from: u32, to: u32) -> Option<Edit> {
    let (start, end) = (byte(value, from), byte(value, to.max(from)));
    let (before, inside, after) = (value.get(..start)?, value.get(start..end)?, value.get(end..)?);
    match kind {
        "bold" => Some(wrap("**", before, inside, after)),
        "italic" => Some(wrap("_", before, inside, after)),
        "code" if inside.bytes().any(|byte| byte == b'\n') => Some(wrap("\n```\n", before, inside, after)),
        "code" => Some(wrap("`", before, inside, after)),
        "link" => Some(link(before, inside)),
        "quote" => Some(lines("> ", before, inside, after)),
        "list" => Some(lines("- ", before, inside, after)),
        _ => None,
    }
}

/// `concat`, without the generic machinery.
fn join(parts: &[&str]) -> String {
    let mut text = String::new();
    for part in parts {
        text.push_str(part);
    }
    text
}

fn wrap(mark: &str, before: &str, inside: &str, after: &str) -> Edit {
    let (from, length) = (units(before), units(inside));
    let width = units(mark);
    if before.ends_with(mark) && after.starts_with(mark) {
        let from = from - width;
        return Edit {
            from,
            to: from + length + 2 * width,
            text: inside.into(),
            select: (from, from + length),
        };
    }
    let text = join(&[mark, inside, mark]);
    Edit { from, to: from + length, text, select: (from + width, from + width + length) }
}

fn link(before: &str, inside: &str) -> Edit {
    const ADDRESS: &str = "https://";
    let (from, length) = (units(before), units(inside));
    let text = join(&["[", inside, "](", ADDRESS, ")"]);
    // With words selected, the address is what is missing; otherwise the words.
    let select = if inside.is_empty() { from + 1 } else { from + length + 3 };
    let end = if inside.is_empty() { select } else { select + units(ADDRESS) };
    Edit { from, to: from + length, text, select: (select, end) }
}

/// Whole lines: also the part of the first and last line outside the selection.
fn lines(mark: &str, before: &str, inside: &str, after: &str) -> Edit {
    #[expect(clippy::double_ended_iterator_last, reason = "searching backwards is 600 bytes of code more")]
    let head = before.split('\n').last().unwrap_or_default();
    let tail = after.split('\n').next().unwrap_or_default();
    let block = join(&[head, inside, tail]);
    let marked = block.split('\n').all(|line| line.starts_with(mark));
    let mut text = String::new();
    for (number, line) in block.split('\n').enumerate() {
        if number > 0 {
            text.push('\n');
        }
        if !marked {
            text.push_str(mark);
        }
        text.push_str(if marked { line.strip_prefix(mark).unwrap_or(line) } else { line });
    }
    let from = units(before) - units(head);
    let end = from + units(&text);
    Edit { from, to: from + units(&block), text, select: (if inside.is_empty() { end } else { from }, end) }
}

/// The name being typed after an `@` that ends at `caret`, and where the `@` stands: at least 2 characters, up to three
/// words with single blanks between them, the `@` at the start of a word (so that e-mail addresses stay alone).
pub(crate) fn mention(value: &str, caret: u32) -> Option<(u32, &str)> {
    const NAME_MAX: u32 = 40;
    const BLANKS_MAX: u32 = 2;
    let mut found = None;
    let mut blanks = 0;
    let mut starts = true;
    let mut at = 0;
    let end = byte(value, caret);
    for (index, char) in value.char_indices() {
        if index >= end {
            break;
        }
        if char == '@' && starts {
            found = Some((at, index + 1));
            blanks = 0;
        } else if char == ' ' && !starts && blanks < BLANKS_MAX && found.is_none_or(|(_, name)| name < index)
        {
            blanks += 1;
        } else if matches!(char, ' ' | '\n' | '[' | ']' | '(' | '@') {
            found = None;
        }
        starts = matches!(char, ' ' | '\n' | '\t' | '(' | '*' | '_' | '~' | '"');
        at += width(char);
    }
    let (from, name) = found?;
    let name = value.get(name..end)?;
    // After a blank nobody is meant until the next letter comes: Enter makes a new line.
    (!name.ends_with(' ') && (2..=NAME_MAX).contains(&units(name))).then_some((from, name))
}

#[cfg(test)]
mod tests {
    use super::{Edit, edit, mention, units};

    /// `|` marks the ends of the selection in both texts.
    fn check(kind: &str, before: &str, expected: &str) {
        let split = |text: &str| {
            let parts: Vec<&str> = text.split('|').collect();
            let from = units(parts[0]);
            let to = if parts.len() == 3 { from + units(parts[1]) } else { from };
            (parts.concat(), from, to)
        };
        let (value, from, to) = split(before);
        let Edit { from, to, text, select } = edit(kind, &value, from, to).expect("a known button");
        let all: Vec<u16> = value.encode_utf16().collect();
        let result = [
            String::from_utf16(&all[..from as usize]).expect("whole characters"),
            text,
            String::from_utf16(&all[to as usize..]).expect("whole characters"),
        ]
        .concat();
        let (wanted, start, end) = split(expected);
        assert_eq!((result, select), (wanted, (start, end)), "{kind} on {before}");
    }

    #[test]
    fn buttons_mark_the_selection() {
        check("bold", "a |word| here", "a **|word|** here");
        check("italic", "|", "_|_");
        check("code", "|let x|", "`|let x|`");
        check("code", "|a\nb|", "\n```\n|a\nb|\n```\n");
        check("link", "see |the page|.", "see [the page](|https://|).");
        check("link", "|", "[|](https://)");
        check("quote", "one\nt|wo\nthr|ee", "one\n|> two\n> three|");
        check("list", "milk|", "- milk|");
    }

    #[test]
    fn a_second_press_takes_the_mark_away() {
        check("bold", "a **|word|** here", "a |word| here");
        check("quote", "|> one\n> two|", "|one\ntwo|");
        check("list", "- milk|", "milk|");
    }

    #[test]
    fn characters_beyond_the_basic_plane_count_twice() {
        check("bold", "😀 |é😀|", "😀 **|é😀|**");
    }

    #[test]
    fn a_mention_begins_at_a_word_and_has_two_characters() {
        assert_eq!(mention("hi @an", 6), Some((3, "an")));
        assert_eq!(mention("@ann rest", 4), Some((0, "ann")));
        assert_eq!(mention("😀 @ann", 7), Some((3, "ann")));
        assert_eq!(mention("@Petra Ja", 9), Some((0, "Petra Ja")));
        assert_eq!(mention("hi @Anna von B", 14), Some((3, "Anna von B")));
        for (value, caret) in [
            ("@a", 2),
            ("mail@host", 9),
            ("@ann ", 5),
            ("@ann  b", 7),
            ("@a b c d", 8),
            ("@ ann", 5),
            ("@[Ann](id)", 10),
            ("none", 4),
        ] {
            assert_eq!(mention(value, caret), None, "{value}");
        }
    }
}
