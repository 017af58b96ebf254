//! Numbers and texts, without the formatting machinery of the standard library.

use alloc::string::String;

/// A number as text.
pub(crate) fn signed(number: i32) -> String {
    let mut rest = number.unsigned_abs();
    let mut scale = 1;
    while rest / scale >= 10 {
        scale *= 10;
    }
    let mut text = String::new();
    if number < 0 {
        text.push('-');
    }
    while scale > 0 {
        text.push(char::from_digit(rest / scale, 10).unwrap_or('0'));
        rest %= scale;
        scale /= 10;
    }
    text
}

/// The number that a text is, if it is nothing else.
pub(crate) fn number(text: &str) -> Option<i32> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let mut number = 0i32;
    for digit in digits.bytes() {
        if !digit.is_ascii_digit() {
            return None;
        }
        number = number.checked_mul(10)?.checked_add(i32::from(digit - b'0'))?;
    }
    let sign = if digits.len() == text.len() { 1 } else { -1 };
    (!digits.is_empty()).then_some(number * sign)
}

/// Puts `value` in the place of `%n`.
pub(crate) fn fill(words: &str, value: i32) -> String {
    let mut text = String::new();
    let mut parts = words.split('%');
    text.push_str(parts.next().unwrap_or_default());
    for part in parts {
        match part.strip_prefix('n') {
            Some(rest) => {
                text.push_str(&signed(value));
                text.push_str(rest);
            }
            None => {
                text.push('%');
                text.push_str(part);
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{fill, number, signed};

    #[test]
    fn numbers_are_written_and_read() {
        for (value, text) in [(0, "0"), (7, "7"), (10, "10"), (-105, "-105"), (2_000_000_001, "2000000001")] {
            assert_eq!(signed(value), text);
            assert_eq!(number(text), Some(value));
        }
        for text in ["", "-", "1,234", "1 000", "x", "99999999999"] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    #[test]
    fn a_number_takes_its_place_in_a_sentence() {
        assert_eq!(fill("%n left", 12), "12 left");
        assert_eq!(fill("noch %n", 0), "noch 0");
        assert_eq!(fill("100 % of %n%", 3), "100 % of 3%");
    }
}
