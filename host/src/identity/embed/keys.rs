//! Keys that tokens are checked with: from files, or from a JWK set. Each is for one algorithm, whatever a token says.

use std::path::{Path, PathBuf};

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, KeyOperations, PublicKeyUse};
use jsonwebtoken::{DecodingKey, DecodingKeyKind};
use rsa::pkcs1::DecodeRsaPublicKey as _;
use rsa::traits::PublicKeyParts as _;
use rsa::{BigUint, RsaPublicKey};
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::base::config::{Algorithm, IssuerKey};

/// Bytes of a shared secret: as many as the hash has (RFC 7518 section 3.2).
const SECRET_BYTES_MIN: usize = 32;
/// Bits of an RSA key (RFC 7518 section 3.3); the library takes no longer ones.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=4096;
/// Bytes of a point of P-256 that is not compressed, and of an Ed25519 key.
const P256_BYTES: usize = 65;
const ED25519_BYTES: usize = 32;
/// Keys of a set that are looked at.
const SET_MAX: usize = 64;

/// Why the key of an issuer cannot be used; the text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read.
    #[error(
        "cannot read the key of issuer {issuer} from {path}: {source}\nhint: name the file in sites.issuers, relative to the configuration"
    )]
    Read {
        /// Whose.
        issuer: String,
        /// From where.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The secret is too short to withstand guessing.
    #[error("the secret in {path} is shorter than 32 bytes\nhint: make one with `openssl rand -hex 32`")]
    Short {
        /// From where.
        path: PathBuf,
    },
    /// The file does not hold such a key.
    #[error(
        "{path} holds no public key for {algorithm:?}\nhint: PEM, starting with -----BEGIN PUBLIC KEY-----; RSA with 2048 to 4096 bits, EC on P-256"
    )]
    Pem {
        /// From where.
        path: PathBuf,
        /// For what.
        algorithm: Algorithm,
    },
    /// The document is no JWK set with a key that can be used.
    #[error(
        "{url} has no key for RS256 (2048 to 4096 bits), ES256 or EdDSA\nhint: it has to be a JWK set (RFC 7517 section 5)"
    )]
    Set {
        /// From where.
        url: String,
    },
    /// The provider's description is not what it should be.
    #[error("{url}: {problem}\nhint: `issuer` in the configuration has to be the provider's, to the letter")]
    Description {
        /// From where.
        url: String,
        /// What is wrong.
        problem: String,
    },
    /// Keys could not be fetched.
    #[error(transparent)]
    Fetch(#[from] crate::base::fetch::FetchError),
}

/// One key.
#[derive(Clone)]
pub(super) struct Key {
    /// Its name; one without a name is tried for every token.
    pub(super) kid: Option<String>,
    /// What it is for.
    pub(super) algorithm: Algorithm,
    /// The key itself.
    pub(super) decoding: DecodingKey,
    /// Where it is from: a path or an address.
    pub(super) from: String,
}

/// The keys of an issuer as they were read last.
#[derive(Clone, Default)]
pub(super) struct KeySet {
    pub(super) keys: Vec<Key>,
    /// Of all that was read, to know whether something has changed.
    pub(super) digest: [u8; 32],
}

impl std::fmt::Debug for KeySet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.keys.iter().map(Key::label)).finish()
    }
}

impl Key {
    /// The key in a file's bytes. Blanks at the end of a secret are an editor's, not the secret's.
    pub(super) fn from_file(key: &IssuerKey, bytes: &[u8]) -> Result<Self, KeyError> {
        let (path, algorithm) = (key.path(), key.algorithm);
        let from = key.place();
        let decoding = decoding_key(algorithm, bytes, path)?;
        Ok(Self { kid: key.kid.clone(), algorithm, decoding, from })
    }

    /// The key in a member of a JWK set; none for one that is for something else or too weak.
    fn from_jwk(value: &Value, url: &str) -> Option<Self> {
        let jwk = Jwk::deserialize(value).ok()?;
        let is_for_signatures = match &jwk.common.public_key_use {
            None | Some(PublicKeyUse::Signature) => true,
            Some(_) => false,
        };
        let may_verify = match &jwk.common.key_operations {
            None => true,
            Some(operations) => operations.contains(&KeyOperations::Verify),
        };
        let algorithm = jwk_algorithm(&jwk)?;
        if !is_for_signatures || !may_verify {
            return None;
        }
        let decoding = DecodingKey::from_jwk(&jwk).ok()?;
        is_sound(algorithm, &decoding).then_some(())?;
        Some(Self { kid: jwk.common.key_id, algorithm, decoding, from: url.to_owned() })
    }

    /// What it is called in a text for the admin.
    pub(super) fn label(&self) -> String {
        let kid = self.kid.as_ref().map(|kid| format!(" `{kid}`")).unwrap_or_default();
        format!("{:?}{kid} from {}", self.algorithm, self.from)
    }
}

impl KeySet {
    /// The keys of a JWK set. Members that cannot be used are passed over: a provider may have keys for others.
    ///
    /// # Errors
    /// [`KeyError::Set`] when none can be used.
    pub(super) fn from_jwks(bytes: &[u8], only: Option<Algorithm>, url: &str) -> Result<Self, KeyError> {
        #[derive(Deserialize)]
        struct Set {
            keys: Vec<Value>,
        }
        let unusable = || KeyError::Set { url: url.to_owned() };
        let set: Set = serde_json::from_slice(bytes).map_err(|_| unusable())?;
        let keys = set.keys.iter().take(SET_MAX).filter_map(|value| Key::from_jwk(value, url));
        let keys: Vec<Key> = keys.filter(|key| only.is_none_or(|only| only == key.algorithm)).collect();
        if keys.is_empty() {
            return Err(unusable());
        }
        Ok(Self { keys, digest: Sha256::digest(bytes).into() })
    }
}

fn decoding_key(algorithm: Algorithm, bytes: &[u8], path: &Path) -> Result<DecodingKey, KeyError> {
    let wrong = || KeyError::Pem { path: path.to_owned(), algorithm };
    let key = match algorithm {
        Algorithm::HS256 => {
            let secret = bytes.trim_ascii_end();
            if secret.len() < SECRET_BYTES_MIN {
                return Err(KeyError::Short { path: path.to_owned() });
            }
            return Ok(DecodingKey::from_secret(secret));
        }
        Algorithm::RS256 => DecodingKey::from_rsa_pem(bytes),
        Algorithm::ES256 => DecodingKey::from_ec_pem(bytes),
        Algorithm::EdDSA => DecodingKey::from_ed_pem(bytes),
    };
    key.ok().filter(|key| is_sound(algorithm, key)).ok_or_else(wrong)
}

/// Whether a key is of the right kind and length. The library looks no further than at what is around it.
fn is_sound(algorithm: Algorithm, key: &DecodingKey) -> bool {
    match (algorithm, key.kind()) {
        // Read from a file, where its length is checked; a set has no secrets.
        (Algorithm::HS256, _) => false,
        (Algorithm::RS256, DecodingKeyKind::SecretOrDer(der)) => {
            RsaPublicKey::from_pkcs1_der(der).is_ok_and(|key| RSA_BITS.contains(&key.n().bits()))
        }
        (Algorithm::RS256, DecodingKeyKind::RsaModulusExponent { n, e }) => {
            let key = RsaPublicKey::new(BigUint::from_bytes_be(n), BigUint::from_bytes_be(e));
            key.is_ok_and(|key| RSA_BITS.contains(&key.n().bits()))
        }
        (Algorithm::ES256, DecodingKeyKind::SecretOrDer(point)) => point.len() == P256_BYTES,
        (Algorithm::EdDSA, DecodingKeyKind::SecretOrDer(point)) => point.len() == ED25519_BYTES,
        (Algorithm::ES256 | Algorithm::EdDSA, DecodingKeyKind::RsaModulusExponent { .. }) => false,
    }
}

/// What a key of a set is for: its kind says so, and `alg` may not say otherwise. Shared secrets are no business of a
/// set that anybody can read.
fn jwk_algorithm(jwk: &Jwk) -> Option<Algorithm> {
    let (algorithm, named) = match &jwk.algorithm {
        AlgorithmParameters::RSA(_) => (Algorithm::RS256, KeyAlgorithm::RS256),
        AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P256 => {
            (Algorithm::ES256, KeyAlgorithm::ES256)
        }
        AlgorithmParameters::OctetKeyPair(key) if key.curve == EllipticCurve::Ed25519 => {
            (Algorithm::EdDSA, KeyAlgorithm::EdDSA)
        }
        _ => return None,
    };
    jwk.common.key_algorithm.as_ref().is_none_or(|given| *given == named).then_some(algorithm)
}

/// `https://issuer/.well-known/openid-configuration`: where the keys are.
///
/// # Errors
/// [`KeyError::Description`] when it is another issuer's (OpenID Connect Discovery 1.0 section 4.3) or names no keys;
/// [`KeyError::Fetch`] when they are at an address that is not asked.
pub(super) fn jwks_url(bytes: &[u8], issuer: &str, url: &str) -> Result<String, KeyError> {
    let wrong = |problem: String| KeyError::Description { url: url.to_owned(), problem };
    let description: Value = serde_json::from_slice(bytes)
        .map_err(|_| wrong("this is no description of a provider".to_owned()))?;
    let text = |name: &str| description.get(name).and_then(Value::as_str).unwrap_or_default();
    if text("issuer") != issuer {
        return Err(wrong(format!("the issuer there is `{}`, not `{issuer}`", text("issuer"))));
    }
    if text("jwks_uri").is_empty() {
        return Err(wrong("it has no jwks_uri".to_owned()));
    }
    crate::base::fetch::check_url(text("jwks_uri"))?;
    if url.starts_with("https:") && !text("jwks_uri").starts_with("https:") {
        return Err(wrong("jwks_uri is not https".to_owned()));
    }
    Ok(text("jwks_uri").to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{KeySet, jwks_url};
    use crate::base::config::Algorithm;
    use crate::identity::embed::attacks::keys::{EC_JWK, ED_JWK, RSA_JWK, WEAK_RSA_JWK};

    const URL: &str = "https://login.example/keys";

    fn key(text: &str, changes: Value) -> Value {
        let mut key: Value = serde_json::from_str(text).unwrap();
        for (name, value) in changes.as_object().unwrap() {
            key[name] = value.clone();
        }
        key
    }

    fn check(what: &str, keys: Vec<Value>, expected: &[Algorithm]) {
        let set = KeySet::from_jwks(json!({"keys": keys}).to_string().as_bytes(), None, URL);
        let found: Vec<_> =
            set.map(|set| set.keys.iter().map(|key| key.algorithm).collect()).unwrap_or_default();
        assert_eq!(found, expected, "{what}");
    }

    #[test]
    fn each_kind_of_key_in_a_set_is_for_its_own_algorithm() {
        use Algorithm::{ES256, EdDSA, RS256};
        let plain = |text| key(text, json!({}));
        check("all", vec![plain(RSA_JWK), plain(EC_JWK), plain(ED_JWK)], &[RS256, ES256, EdDSA]);
        check("one beside strange ones", vec![json!(7), json!({"kty": "new"}), plain(EC_JWK)], &[ES256]);
        check("for encryption", vec![key(RSA_JWK, json!({"use": "enc"}))], &[]);
        check("for signing alone", vec![key(RSA_JWK, json!({"key_ops": ["sign"]}))], &[]);
        check("for RS512", vec![key(RSA_JWK, json!({"alg": "RS512"}))], &[]);
        check("for HS256", vec![key(RSA_JWK, json!({"alg": "HS256"}))], &[]);
        check("too short", vec![plain(WEAK_RSA_JWK)], &[]);
        check("an exponent of 1", vec![key(RSA_JWK, json!({"e": "AQ"}))], &[]);
        check("a point cut short", vec![key(EC_JWK, json!({"x": "AAAA"}))], &[]);
        check("another curve", vec![key(EC_JWK, json!({"crv": "P-384"}))], &[]);
        check("a secret", vec![json!({"kty": "oct", "k": "A".repeat(43), "alg": "HS256"})], &[]);
        check("none", vec![], &[]);
        assert!(KeySet::from_jwks(b"<html>", None, URL).is_err());
        assert!(KeySet::from_jwks(b"[]", None, URL).is_err());
        let set = json!({"keys": [plain(RSA_JWK), plain(EC_JWK)]}).to_string();
        let only = KeySet::from_jwks(set.as_bytes(), Some(ES256), URL).unwrap();
        assert_eq!(only.keys.len(), 1);
        assert!(
            KeySet::from_jwks(set.as_bytes(), Some(EdDSA), URL).unwrap_err().to_string().contains("hint:")
        );
    }

    #[test]
    fn a_description_is_the_issuers_own() {
        let check = |description: Value, expected: Result<&str, &str>| {
            let found = jwks_url(description.to_string().as_bytes(), "https://login.example", URL);
            match (found, expected) {
                (Ok(found), Ok(expected)) => assert_eq!(found, expected),
                (Err(error), Err(expected)) => assert!(error.to_string().contains(expected), "{error}"),
                (found, _) => panic!("{description}: {found:?}"),
            }
        };
        let with = |issuer: &str, keys: &str| json!({"issuer": issuer, "jwks_uri": keys});
        check(with("https://login.example", URL), Ok(URL));
        check(with("https://login.example/", URL), Err("not `https://login.example`"));
        check(with("https://evil.example", URL), Err("not `https://login.example`"));
        check(with("https://login.example", "http://login.example/keys"), Err("https"));
        check(with("https://login.example", "file:///etc/passwd"), Err("https"));
        check(with("https://login.example", "http://127.0.0.1/keys"), Err("https"));
        check(json!({"issuer": "https://login.example"}), Err("jwks_uri"));
        check(json!([]), Err("not `https://login.example`"));
    }
}
