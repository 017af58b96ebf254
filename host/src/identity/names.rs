//! Small texts about people, made fit to be shown. Names are where stored attacks hide (Decidim,
//! CVE-2026-23891): a name is escaped like any text, and here it loses what could disguise or reorder it.

use unicode_normalization::UnicodeNormalization as _;

/// Characters of a display name, a title or a team.
pub const NAME_CHARS_MAX: usize = 200;

/// A text of one line: NFC, without control, bidi and invisible characters, runs of spaces as one, cut after
/// `chars_max` characters. May come out empty.
#[must_use]
pub fn clean(text: &str, chars_max: usize) -> String {
    let mut line = String::with_capacity(text.len().min(chars_max * 4));
    let mut count = 0;
    let mut gap = false;
    for c in text.nfc() {
        if c.is_whitespace() {
            gap = count > 0;
        } else if !is_unseen(c) {
            if gap && count < chars_max {
                line.push(' ');
                count += 1;
            }
            gap = false;
            if count == chars_max {
                break;
            }
            line.push(c);
            count += 1;
        }
    }
    line.truncate(line.trim_end().len());
    line
}

/// Whether a character is not seen itself but changes how others are: controls, bidi marks and overrides
/// (UAX 9), zero-width ones, tags.
#[must_use]
pub fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// Whether a text is in NFC and has nothing unseen or blank at its ends: two ids that look the same are the same.
#[must_use]
pub fn is_plain(text: &str) -> bool {
    text.trim() == text && !text.chars().any(is_unseen) && unicode_normalization::is_nfc(text)
}

#[cfg(test)]
mod tests {
    use super::{NAME_CHARS_MAX, clean, is_plain};

    fn check(input: &str, expected: &str) {
        assert_eq!(clean(input, NAME_CHARS_MAX), expected, "{input:?}");
    }

    #[test]
    fn names_keep_their_letters_and_lose_what_disguises() {
        check("Erin Editor", "Erin Editor");
        check("  Erin\t\n Editor ", "Erin Editor");
        check("Andre\u{301}", "Andr\u{e9}");
        check("Jos\u{e9} \u{202e}nimda", "Jos\u{e9} nimda");
        check("ad\u{200b}min\u{feff}", "admin");
        check("a\u{0}b\u{7f}c\u{85}d", "abc d");
        check("\u{2066}\u{2069}\u{200f}", "");
        check("<script>alert(1)</script>", "<script>alert(1)</script>");
        check("李小龍", "李小龍");
        check("\u{e0041}\u{e007f}x", "x");
    }

    #[test]
    fn names_are_cut_by_characters_and_never_end_in_a_space() {
        assert_eq!(clean(&"ä".repeat(300), 200).chars().count(), 200);
        assert_eq!(clean("ab cd", 3), "ab");
        assert_eq!(clean("ab cd", 4), "ab c");
    }

    #[test]
    fn plain_texts_look_like_what_they_are() {
        assert!(is_plain("erin@42:7/x"));
        for odd in ["erin ", "\u{200b}erin", "e\u{301}rin", "er\u{0}in", "\u{202e}nire"] {
            assert!(!is_plain(odd), "{odd:?}");
        }
    }
}
