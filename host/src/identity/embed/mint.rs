//! Tokens made here, to try a configuration before any program makes them.

use jsonwebtoken::{EncodingKey, Header};
use serde_json::{Map, Value};

use super::LIFETIME_S_MAX;
use crate::base::clock::Micros;
use crate::base::config::Algorithm;
use crate::base::id::new_id;

/// Why no token was made; the text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum MintError {
    /// The file holds no private key.
    #[error(
        "this is no private key\nhint: PEM, starting with -----BEGIN PRIVATE KEY-----, of RSA, P-256 or Ed25519"
    )]
    Key,
    /// It cannot be signed by this key.
    #[error(
        "the token cannot be signed: {0}\nhint: make the key again, for example with `openssl genpkey -algorithm ed25519`"
    )]
    Sign(jsonwebtoken::errors::Error),
}

/// A key that signs.
pub struct SigningKey {
    algorithm: Algorithm,
    key: EncodingKey,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SigningKey({:?})", self.algorithm)
    }
}

impl SigningKey {
    /// A shared secret, without the blanks at the end of its file.
    #[must_use]
    pub fn from_secret(bytes: &[u8]) -> Self {
        Self { algorithm: Algorithm::HS256, key: EncodingKey::from_secret(bytes.trim_ascii_end()) }
    }

    /// The private key in a PEM file; what kind it is decides on the algorithm.
    ///
    /// # Errors
    /// [`MintError::Key`].
    pub fn from_pem(bytes: &[u8]) -> Result<Self, MintError> {
        let kinds = [
            (Algorithm::EdDSA, EncodingKey::from_ed_pem(bytes)),
            (Algorithm::ES256, EncodingKey::from_ec_pem(bytes)),
            (Algorithm::RS256, EncodingKey::from_rsa_pem(bytes)),
        ];
        let mut kinds =
            kinds.into_iter().filter_map(|(algorithm, key)| Some(Self { algorithm, key: key.ok()? }));
        kinds.next().ok_or(MintError::Key)
    }

    /// What it signs with.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The public half as a JWK (RFC 7517) of this name; none for a shared secret.
    #[must_use]
    pub fn public_jwk(&self, kid: &str) -> Option<Value> {
        if self.algorithm == Algorithm::HS256 {
            return None;
        }
        let algorithm = super::parts::library_algorithm(self.algorithm);
        let mut jwk = jsonwebtoken::jwk::Jwk::from_encoding_key(&self.key, algorithm).ok()?;
        jwk.common.key_id = Some(kid.to_owned());
        jwk.common.public_key_use = Some(jsonwebtoken::jwk::PublicKeyUse::Signature);
        serde_json::to_value(jwk).ok()
    }

    /// A token with these claims, the times and a new `jti`.
    ///
    /// # Errors
    /// [`MintError::Sign`] where the key does not do what it says.
    pub fn sign(
        &self,
        kid: Option<&str>,
        mut claims: Map<String, Value>,
        lifetime_s: i64,
        now: Micros,
    ) -> Result<String, MintError> {
        let now_s = now.div_euclid(1_000_000);
        claims.insert("iat".to_owned(), now_s.into());
        claims.insert("exp".to_owned(), (now_s + lifetime_s.min(LIFETIME_S_MAX)).into());
        claims.insert("jti".to_owned(), new_id(now).into());
        let mut header = Header::new(super::parts::library_algorithm(self.algorithm));
        header.kid = kid.map(str::to_owned);
        jsonwebtoken::encode(&header, &claims, &self.key).map_err(MintError::Sign)
    }
}
