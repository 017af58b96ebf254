//! The parts of a token: what its header may say, whose it is, and its claims once the signature holds.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::crypto;
use serde::Deserialize;
use serde::de::{Error as _, MapAccess, Visitor};
use serde_json::Value;

use super::TOKEN_BYTES_MAX;
use super::keys::{Key, KeySet};
use crate::base::config::Algorithm;
use crate::identity::IdentityError;

/// The header's entries that are looked at. Those that would let a token bring its own key, or rules that this
/// host does not know, are refused by name (RFC 7515 sections 4.1.2, 4.1.3, 4.1.5, 4.1.6 and 4.1.11). `kid` chooses
/// among the issuer's own keys and no others.
#[derive(Deserialize)]
pub(super) struct Header {
    alg: Value,
    typ: Option<Value>,
    kid: Option<Value>,
    jku: Option<Value>,
    jwk: Option<Value>,
    x5u: Option<Value>,
    x5c: Option<Value>,
    crit: Option<Value>,
    zip: Option<Value>,
    enc: Option<Value>,
    b64: Option<Value>,
}

/// A token before its signature is checked.
pub(super) struct Parts<'t> {
    /// Header and claims: what is signed.
    pub(super) message: &'t str,
    pub(super) signature: &'t str,
    pub(super) algorithm: String,
    pub(super) kid: Option<String>,
    /// `iss`, as it claims: it chooses the keys.
    pub(super) issuer: String,
    claims: Claims,
}

/// Claims by their names, each once.
#[derive(Default)]
pub(super) struct Claims(BTreeMap<String, Value>);

impl Claims {
    /// Take a claim out; null is the same as none.
    pub(super) fn take(&mut self, name: &str) -> Option<Value> {
        self.0.remove(name).filter(|value| !value.is_null())
    }

    /// A claim by its name or by a JSON pointer to it (RFC 6901).
    pub(super) fn find(&self, name: &str) -> Option<&Value> {
        let found = match name.strip_prefix('/') {
            None => self.0.get(name),
            Some(path) => {
                let (first, rest) =
                    path.split_once('/').map_or((path, ""), |(first, _)| (first, &path[first.len()..]));
                self.0.get(&first.replace("~1", "/").replace("~0", "~")).and_then(|value| value.pointer(rest))
            }
        };
        found.filter(|value| !value.is_null())
    }

    /// Whether a claim is there at all.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }
}

impl<'de> Deserialize<'de> for Claims {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Once;
        impl<'de> Visitor<'de> for Once {
            type Value = Claims;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Claims, A::Error> {
                let mut claims = BTreeMap::new();
                while let Some((name, value)) = map.next_entry::<String, Value>()? {
                    if claims.insert(name, value).is_some() {
                        // RFC 7519 section 4: readers that take the first and the last would differ.
                        return Err(A::Error::custom("a claim is there twice"));
                    }
                }
                Ok(Claims(claims))
            }
        }
        deserializer.deserialize_map(Once)
    }
}

/// Take a token apart; `types` are those that its header may name.
///
/// # Errors
/// [`IdentityError`] for a token that is no JWT, or whose header tries to set the rules.
pub(super) fn split<'t>(token: &'t str, types: &[&str]) -> Result<Parts<'t>, IdentityError> {
    if token.len() > TOKEN_BYTES_MAX {
        return Err(IdentityError::TooLong);
    }
    let mut parts = token.split('.');
    let (Some(head), Some(payload), Some(signature), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(IdentityError::Malformed);
    };
    let (algorithm, kid) = check_header(decode::<Header>(head)?, types)?;
    let mut claims = decode::<Claims>(payload)?;
    let issuer = match claims.take("iss") {
        None => return Err(IdentityError::Missing("iss")),
        Some(Value::String(issuer)) => issuer,
        Some(_) => return Err(IdentityError::Claim("iss")),
    };
    let message = &token[..head.len() + 1 + payload.len()];
    Ok(Parts { message, signature, algorithm, kid, issuer, claims })
}

fn decode<T: for<'de> Deserialize<'de>>(part: &str) -> Result<T, IdentityError> {
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| IdentityError::Malformed)?;
    // An array would do for a struct, but not for a JWT.
    if bytes.trim_ascii_start().first() != Some(&b'{') {
        return Err(IdentityError::Malformed);
    }
    serde_json::from_slice(&bytes).map_err(|_| IdentityError::Malformed)
}

/// The header's `alg` and `kid`.
fn check_header(header: Header, types: &[&str]) -> Result<(String, Option<String>), IdentityError> {
    let forbidden = [
        ("jku", &header.jku),
        ("jwk", &header.jwk),
        ("x5u", &header.x5u),
        ("x5c", &header.x5c),
        ("crit", &header.crit),
        ("zip", &header.zip),
        ("enc", &header.enc),
        ("b64", &header.b64),
    ];
    if let Some((name, _)) = forbidden.into_iter().find(|(_, value)| value.is_some()) {
        return Err(IdentityError::Header(name));
    }
    match &header.typ {
        None => {}
        Some(Value::String(kind)) if types.iter().any(|known| kind.eq_ignore_ascii_case(known)) => {}
        Some(_) => return Err(IdentityError::Type),
    }
    let kid = match header.kid {
        None | Some(Value::Null) => None,
        Some(Value::String(kid)) => Some(kid),
        Some(_) => return Err(IdentityError::Key),
    };
    match header.alg {
        Value::String(algorithm) => Ok((algorithm, kid)),
        _ => Err(IdentityError::Algorithm),
    }
}

impl Parts<'_> {
    /// The claims, when one of the issuer's keys has signed them, and that key.
    ///
    /// # Errors
    /// `KeysUnavailable` where there are no keys yet, `Key` where none has the name that the token says, `Algorithm`
    /// where it is for another one, `Signature` where none fits.
    pub(super) fn verify(self, keys: &KeySet) -> Result<(Claims, &Key), IdentityError> {
        if keys.keys.is_empty() {
            return Err(IdentityError::KeysUnavailable);
        }
        let fits = |key: &&Key| match (&key.kid, &self.kid) {
            (Some(kid), Some(named)) => kid == named,
            _ => true,
        };
        let named: Vec<&Key> = keys.keys.iter().filter(fits).collect();
        if named.is_empty() {
            return Err(IdentityError::Key);
        }
        let mut fitting =
            named.into_iter().filter(|key| self.algorithm == format!("{:?}", key.algorithm)).peekable();
        if fitting.peek().is_none() {
            return Err(IdentityError::Algorithm);
        }
        fitting
            .find(|key| is_signed(self.message, self.signature, key))
            .map(|key| (self.claims, key))
            .ok_or(IdentityError::Signature)
    }
}

/// Whether this key has signed the message. The library's `decode` would check claims and times by rules of its own.
fn is_signed(message: &str, signature: &str, key: &Key) -> bool {
    let algorithm = library_algorithm(key.algorithm);
    crypto::verify(signature, message.as_bytes(), &key.decoding, algorithm).unwrap_or(false)
}

/// What the library calls an algorithm.
pub(super) fn library_algorithm(algorithm: Algorithm) -> jsonwebtoken::Algorithm {
    match algorithm {
        Algorithm::HS256 => jsonwebtoken::Algorithm::HS256,
        Algorithm::RS256 => jsonwebtoken::Algorithm::RS256,
        Algorithm::ES256 => jsonwebtoken::Algorithm::ES256,
        Algorithm::EdDSA => jsonwebtoken::Algorithm::EdDSA,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Claims;

    #[test]
    fn a_claim_is_found_by_its_name_or_by_a_pointer() {
        let claims: Claims = serde_json::from_value(json!({"https://x.example/roles": 1, "realm": {"roles": [2, 3]}, "a/b": {"c~d": 4}, "none": null})).unwrap();
        let check = |name: &str, expected: Option<serde_json::Value>| {
            assert_eq!(claims.find(name).cloned(), expected, "{name}");
        };
        check("https://x.example/roles", Some(json!(1)));
        check("/realm/roles", Some(json!([2, 3])));
        check("/realm/roles/1", Some(json!(3)));
        check("/realm", Some(json!({"roles": [2, 3]})));
        check("/a~1b/c~0d", Some(json!(4)));
        check("/realm/nothing", None);
        check("/nothing/roles", None);
        check("none", None);
        check("", None);
    }

    #[test]
    fn a_claim_that_is_there_twice_is_no_claim() {
        assert!(serde_json::from_str::<Claims>(r#"{"x": 1, "y": 2, "x": 1}"#).is_err());
        assert!(serde_json::from_str::<Claims>("[]").is_err());
    }
}
