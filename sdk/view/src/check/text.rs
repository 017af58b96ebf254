//! What text may hold and where links may lead.

use std::borrow::Cow;

/// Text as it may be shown: without control characters (but for tab and line feed), without characters that
/// turn the writing direction of what follows (U+202A-E, U+2066-9; Unicode UAX 9, "Trojan Source"
/// CVE-2021-42574), without invisible ones that only serve to deceive (U+200B, U+2060-4, U+FEFF, U+00AD).
/// Joiners (U+200C-D) and direction marks (U+200E-F) stay: Persian and emoji need them.
#[must_use]
pub fn clean(text: &str) -> Cow<'_, str> {
    // These bytes are in all unwanted characters and in few others, so one quick look is nearly always enough.
    let suspect = |byte: u8| {
        ((byte < 0x20) & (byte != b'\n') & (byte != b'\t'))
            | (byte == 0x7f)
            | (byte == 0xc2)
            | (byte == 0xe2)
            | (byte == 0xef)
    };
    // Without an early end this look takes many bytes at a time (SIMD).
    if text.bytes().fold(false, |found, byte| found | suspect(byte)) && text.chars().any(unwanted) {
        return Cow::Owned(text.chars().filter(|c| !unwanted(*c)).collect());
    }
    Cow::Borrowed(text)
}

/// Interface text as it may be shown: without control characters. Its direction characters stay: message
/// formatters isolate arguments with them.
pub(crate) fn printable(text: Cow<'_, str>) -> Cow<'_, str> {
    let odd = |c: char| c.is_control() && c != '\n' && c != '\t';
    // As in `clean`: all control characters have one of these bytes.
    let suspect =
        |byte: u8| ((byte < 0x20) & (byte != b'\n') & (byte != b'\t')) | (byte == 0x7f) | (byte == 0xc2);
    if text.bytes().fold(false, |found, byte| found | suspect(byte)) && text.chars().any(odd) {
        return Cow::Owned(text.chars().filter(|c| !odd(*c)).collect());
    }
    text
}

fn unwanted(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        '\u{ad}' | '\u{200b}' | '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' => true,
        '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => true,
        _ => c.is_control(),
    }
}

/// Whether a link may lead there: `http`, `https` or `mailto`, or a path on the host (`/page`, not `//host`).
/// Anything with spaces, control characters, quotes, angle brackets or backslashes is refused, since browsers
/// repair such addresses in surprising ways (WHATWG URL, "validation error").
#[must_use]
pub fn is_safe_url(url: &str) -> bool {
    let odd = |byte: u8| byte <= 0x20 || matches!(byte, 0x7f | b'\\' | b'"' | b'<' | b'>' | b'`');
    if url.len() > 2048 || url.bytes().any(odd) || matches!(clean(url), Cow::Owned(_)) {
        return false;
    }
    if let Some(path) = url.strip_prefix('/') {
        return !path.starts_with('/');
    }
    is_outside_url(url)
}

/// Whether it is a full `http`, `https` or `mailto` address.
#[must_use]
pub(crate) fn is_outside_url(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once(':') else { return false };
    if scheme.eq_ignore_ascii_case("mailto") {
        return rest.contains('@');
    }
    let is_web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    is_web
        && rest.strip_prefix("//").is_some_and(|host| !host.is_empty() && !host.starts_with(['/', '?', '#']))
}
