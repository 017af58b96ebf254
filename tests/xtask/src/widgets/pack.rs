//! A wasm module inside a script. Two ways: each byte as the character of the same number, or base64;
//! whichever is smaller after brotli is taken.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A module as a JavaScript string, and the function that makes bytes of it again.
pub(crate) struct Packed {
    /// What the table calls it.
    pub(crate) name: &'static str,
    /// A quoted string literal.
    pub(crate) literal: String,
    /// Source of the function `unpack`.
    pub(crate) unpack: &'static str,
}

/// Both ways for one module.
pub(crate) fn both(wasm: &[u8]) -> [Packed; 2] {
    [
        Packed {
            name: "characters",
            literal: quote(wasm),
            unpack: "const unpack = (text) => Uint8Array.from(text, (c) => c.charCodeAt());",
        },
        Packed {
            name: "base64",
            literal: format!("\"{}\"", STANDARD.encode(wasm)),
            unpack: "const unpack = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt());",
        },
    ]
}

/// Bytes as a string literal of U+0000 to U+00FF (ECMA-262 12.9.4). Only the quote, the backslash and line
/// ends must be escaped; NUL is, so that no tool takes the file for a binary one. The quote is the rarer.
fn quote(bytes: &[u8]) -> String {
    let count = |quote: u8| bytes.iter().filter(|byte| **byte == quote).count();
    let quote = if count(b'"') <= count(b'\'') { b'"' } else { b'\'' };
    let mut out = String::with_capacity(bytes.len() * 2);
    out.push(char::from(quote));
    for (index, byte) in bytes.iter().enumerate() {
        match byte {
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\\' => out.push_str("\\\\"),
            // `\0` before a digit would be an old octal escape, which modules refuse.
            0 if bytes.get(index + 1).is_some_and(u8::is_ascii_digit) => out.push_str("\\x00"),
            0 => out.push_str("\\0"),
            byte if *byte == quote => {
                out.push('\\');
                out.push(char::from(quote));
            }
            byte => out.push(char::from(*byte)),
        }
    }
    out.push(char::from(quote));
    out
}

#[cfg(test)]
mod tests {
    use super::{both, quote};

    #[test]
    fn what_must_be_escaped_is_and_nothing_else() {
        let check = |bytes: &[u8], expected: &str| assert_eq!(quote(bytes), expected);
        check(b"asm", "\"asm\"");
        check(&[0, b'a', 0, b'7', 0xff, 0x80], "\"\\0a\\x007\u{ff}\u{80}\"");
        check(b"\n\r\\", "\"\\n\\r\\\\\"");
        check(b"\"\"'", "'\"\"\\''");
    }

    /// A browser's own reading: node evaluates the literal and writes the bytes.
    #[test]
    fn a_script_engine_reads_every_pair_of_bytes_back() {
        let bytes: Vec<u8> = (0..=255_u8).flat_map(|a| (0..=255_u8).flat_map(move |b| [a, b])).collect();
        for packed in both(&bytes) {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("check.mjs");
            let script = format!(
                "import {{ writeFileSync }} from 'node:fs';\n{}\nwriteFileSync(process.argv[2], unpack({}));",
                packed.unpack, packed.literal
            );
            std::fs::write(&file, script).unwrap();
            let out = folder.path().join("out.bin");
            let Ok(status) = std::process::Command::new("node").arg(&file).arg(&out).status() else {
                return; // No script engine on this machine; the other test holds the rules.
            };
            assert!(status.success(), "{}", packed.name);
            assert!(std::fs::read(&out).unwrap() == bytes, "{} changes bytes", packed.name);
        }
    }
}
