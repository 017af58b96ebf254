//! A core module becomes a component; the manifest and the locales go into it as custom sections, so that
//! one digest covers everything an administrator approves.

use wit_component::ComponentEncoder;

use crate::error::BuildError;

/// Name of the custom section that holds `plugin.toml`, byte for byte.
pub const MANIFEST_SECTION: &str = "stoa:manifest";

/// A locale's section is this and the language: `stoa:locale:de`.
pub const LOCALE_SECTION_PREFIX: &str = "stoa:locale:";

/// The interface texts of one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Locale {
    /// Language tag, from the file's name: `de` for `locales/de.ftl`.
    pub language: String,
    /// The Fluent file, byte for byte.
    pub text: Vec<u8>,
}

/// Wraps a core module, whose bindings hold a component type, as a validated component.
///
/// # Errors
/// [`BuildError::Component`] when the module holds no component type, misses an export of it or imports
/// something that is not in it.
pub fn wrap(module: &[u8]) -> Result<Vec<u8>, BuildError> {
    ComponentEncoder::default()
        .validate(true)
        .module(module)
        .and_then(ComponentEncoder::encode)
        .map_err(|error| BuildError::Component(format!("{error:#}")))
}

/// Adds the manifest and the locales to a component.
#[must_use]
pub fn embed(mut component: Vec<u8>, manifest: &[u8], locales: &[Locale]) -> Vec<u8> {
    push_section(&mut component, MANIFEST_SECTION, manifest);
    for locale in locales {
        push_section(&mut component, &format!("{LOCALE_SECTION_PREFIX}{}", locale.language), &locale.text);
    }
    component
}

/// Custom section (WebAssembly core specification 5.5.3): id 0, size, name with its length, contents.
fn push_section(out: &mut Vec<u8>, name: &str, contents: &[u8]) {
    let mut body = Vec::with_capacity(name.len() + contents.len() + 10);
    push_leb128(&mut body, name.len());
    body.extend_from_slice(name.as_bytes());
    body.extend_from_slice(contents);
    out.push(0);
    push_leb128(out, body.len());
    out.extend_from_slice(&body);
}

fn push_leb128(out: &mut Vec<u8>, mut value: usize) {
    loop {
        let low = value.to_le_bytes()[0] & 0x7f;
        value >>= 7;
        if value == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use wasmparser::{Parser, Payload};

    use super::{Locale, embed, wrap};

    /// The smallest component: its header and nothing else.
    const EMPTY: [u8; 8] = [0, b'a', b's', b'm', 0x0d, 0, 1, 0];

    #[test]
    fn sections_can_be_read_back_in_order_and_unchanged() {
        let long = vec![b'x'; 70_000];
        let locales = [
            Locale { language: "de".into(), text: "title = Fragen".into() },
            Locale { language: "en".into(), text: long.clone() },
        ];
        let component = embed(EMPTY.to_vec(), b"id = \"a:b\"", &locales);
        let sections: Vec<(String, Vec<u8>)> = Parser::new(0)
            .parse_all(&component)
            .filter_map(|payload| match payload.unwrap() {
                Payload::CustomSection(section) => Some((section.name().to_owned(), section.data().to_vec())),
                _ => None,
            })
            .collect();
        let expected = [
            ("stoa:manifest".to_owned(), b"id = \"a:b\"".to_vec()),
            ("stoa:locale:de".to_owned(), b"title = Fragen".to_vec()),
            ("stoa:locale:en".to_owned(), long),
        ];
        assert_eq!(sections, expected);
    }

    #[test]
    fn bytes_that_are_no_module_are_refused() {
        let error = wrap(b"not wasm").unwrap_err();
        assert!(error.hint().contains("crate-type"), "{error}");
    }
}
