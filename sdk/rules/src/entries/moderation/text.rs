//! Cleaning what people typed, before it is stored, compared or shown.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;
use unicode_security::confusable_detection::skeleton;

/// Characters that say nothing and are used to hide or disguise: bidi overrides and isolates (Unicode TR 36
/// section 2.10), the zero-width space and no-break space, the soft hyphen and interlinear marks. Zero-width
/// joiners stay, since emoji and several scripts need them.
fn is_trick(c: char) -> bool {
    matches!(c,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}' | '\u{2060}' | '\u{feff}'
        | '\u{00ad}' | '\u{fff9}'..='\u{fffb}' | '\u{180e}' | '\u{e0000}'..='\u{e007f}')
}

/// Characters without any width or ink; a text of these alone is empty.
fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || is_trick(c)
        || matches!(
            c,
            '\u{200c}'
                | '\u{200d}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{3164}'
                | '\u{2800}'
                | '\u{115f}'
                | '\u{1160}'
        )
        || matches!(c, '\u{fe00}'..='\u{fe0f}')
}

/// A text of several lines: line ends become `\n`, other control characters and tricks go, blanks at both
/// ends go, and the form is NFC (Unicode TR 15), so that the same text is the same bytes.
#[must_use]
pub fn clean_body(text: &str) -> String {
    let unified = text.replace("\r\n", "\n").replace('\r', "\n");
    let kept: String = unified
        .chars()
        .filter(|&c| (c == '\n' || c == '\t' || !c.is_control()) && !is_trick(c))
        .nfc()
        .collect();
    kept.trim_matches(is_invisible).to_owned()
}

/// One line: as [`clean_body`], with every run of blanks as one space, cut after `max_chars` characters.
#[must_use]
pub fn clean_line(text: &str, max_chars: usize) -> String {
    let body = clean_body(text);
    let mut line = String::with_capacity(body.len());
    for word in body.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line.chars().take(max_chars).collect()
}

/// A form for comparing words: compatibility forms unified (Unicode TR 15), accents and case gone, what is not seen
/// gone, every run of blanks one space.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkd().flat_map(char::to_lowercase) {
        if c.is_whitespace() {
            if !folded.ends_with(' ') {
                folded.push(' ');
            }
        } else if !is_combining_mark(c) && !is_invisible(c) {
            folded.push(c);
        }
    }
    folded
}

/// As [`fold`], with letters of other scripts as the Latin ones that they look like (Unicode TS 39, section 4).
/// Two texts that differ in this form alone differ to nobody's eye. Latin letters and digits stay as they are.
#[must_use]
pub fn fold_look_alikes(text: &str) -> String {
    let mut seen = String::with_capacity(text.len());
    for c in text.nfkc() {
        if c.is_ascii() {
            seen.push(c);
            continue;
        }
        let mut bytes = [0; 4];
        // The standard takes a capital I for a small L; words are compared without case.
        let straight = |like: char| if like == 'l' && c.is_uppercase() { 'i' } else { like };
        seen.extend(skeleton(c.encode_utf8(&mut bytes)).map(straight));
    }
    fold(&seen)
}

#[cfg(test)]
mod tests {
    use super::{clean_body, clean_line, fold, fold_look_alikes};

    #[test]
    fn bodies_lose_tricks_and_keep_lines() {
        for (typed, kept) in [
            ("  hello \r\n\r\nworld\u{0}\u{7}\n", "hello\n\nworld".replace("hello\n", "hello \n")),
            ("a\u{202e}b\u{2066}c", "abc".to_owned()),
            ("\u{200b}\u{200d}\u{3164}\u{2800}", String::new()),
            ("e\u{301}", "é".to_owned()),
            ("👩\u{200d}💻", "👩\u{200d}💻".to_owned()),
        ] {
            assert_eq!(clean_body(typed), kept, "{typed:?}");
        }
    }

    #[test]
    fn a_line_is_one_line_and_short() {
        assert_eq!(clean_line(" Anna\n\tMaria  B. ", 200), "Anna Maria B.");
        assert_eq!(clean_line("ääää", 2), "ää");
    }

    #[test]
    fn disguised_words_fold_to_the_same() {
        for disguised in ["IDIOT", "ídíöt", "id\u{200b}iot", "ｉｄｉｏｔ"] {
            assert_eq!(fold(disguised), "idiot");
        }
    }

    #[test]
    fn runs_of_blanks_and_line_ends_are_one_space() {
        assert_eq!(fold("get \n\t rich"), "get rich");
    }

    #[test]
    fn letters_that_look_the_same_fold_to_the_same() {
        for disguised in ["\u{456}d\u{456}\u{43e}t", "\u{406}DI\u{39f}\u{422}", "id\u{131}ot", "IDI\u{41e}T"]
        {
            assert_eq!(fold_look_alikes(disguised), "idiot", "{disguised}");
        }
        assert_eq!(fold_look_alikes("modern l1O0"), "modern l1o0", "Latin stays");
    }
}
