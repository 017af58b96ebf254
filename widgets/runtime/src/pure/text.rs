//! Numbers in texts, without the formatting machinery of the standard library.

use alloc::string::String;

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

/// A number in digits.
pub(crate) fn digits(number: u32) -> String {
    let mut text = if number > 9 { digits(number / 10) } else { String::new() };
    text.push(char::from(b'0' + (number % 10) as u8));
    text
}

/// Puts `value` in the place of `%` and `name`.
pub(crate) fn fill(text: &str, name: char, value: &str) -> String {
    let mut filled = String::new();
    for (place, part) in text.split('%').enumerate() {
        match part.strip_prefix(name) {
            Some(rest) if place > 0 => {
                filled.push_str(value);
                filled.push_str(rest);
            }
            _ => {
                filled.push_str(if place > 0 { "%" } else { "" });
                filled.push_str(part);
            }
        }
    }
    filled
}

/// A number in digits, with a minus where it is below 0.
pub(crate) fn signed(number: i32) -> String {
    let mut text = String::from(if number < 0 { "-" } else { "" });
    text.push_str(&digits(number.unsigned_abs()));
    text
}

#[cfg(test)]
mod tests {
    use super::{digits, fill, number, signed};

    #[test]
    fn places_are_filled() {
        for (expected, text) in
            [("7 of %m", "%n of %m"), ("7", "%n"), ("10 %", "10 %"), ("77", "%n%n"), ("", "")]
        {
            assert_eq!(fill(text, 'n', "7"), expected);
        }
    }

    #[test]
    fn numbers_are_written() {
        assert_eq!(signed(-105), "-105");
        assert_eq!(signed(12), "12");
        for (number, text) in [(0, "0"), (7, "7"), (10, "10"), (4_294_967_295, "4294967295")] {
            assert_eq!(digits(number), text);
        }
    }

    #[test]
    fn numbers_are_read_and_nothing_else() {
        for (value, text) in [(0, "0"), (7, "7"), (10, "10"), (-105, "-105"), (2_000_000_001, "2000000001")] {
            assert_eq!(number(text), Some(value));
        }
        for text in ["", "-", "1,234", "1 000", "x", "99999999999"] {
            assert_eq!(number(text), None, "{text}");
        }
    }
}
