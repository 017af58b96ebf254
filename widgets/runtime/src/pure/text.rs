//! Numbers in texts, without the formatting machinery of the standard library.

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

#[cfg(test)]
mod tests {
    use super::number;

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
