//! The token with which the intranet vouches for a person: a short-lived JWT (RFC 7519), signed with the secret
//! it shares with the Stoa host.

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::content::Person;

/// How long a token is valid, in seconds. Pages stay open longer: the widget fetches a new one from `/stoa/token`.
pub const LIFETIME_SECONDS: i64 = 300;

/// What a token says. Instants are seconds since 1970 (RFC 7519, `NumericDate`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Issuer: the intranet's origin.
    pub iss: String,
    /// Audience: the site id at the Stoa host.
    pub aud: String,
    /// Subject: the person's stable id at the intranet.
    pub sub: String,
    /// Issued at.
    pub iat: i64,
    /// Expires at: [`LIFETIME_SECONDS`] later.
    pub exp: i64,
    /// Unique id of this token (UUID version 4).
    pub jti: String,
    /// Name as colleagues see it.
    pub name: String,
    /// E-mail address, for notifications.
    pub email: String,
    /// Job title.
    pub title: String,
    /// Name of the team.
    pub team: String,
    /// Roles: `member` is implied, so often empty.
    pub roles: Vec<String>,
    /// Groups: the team's slug.
    pub groups: Vec<String>,
    /// Origin of the pages that may use the token.
    pub origin: String,
}

/// Signs tokens for one intranet and one site. Cheap to share, holds the secret.
pub struct Minter {
    origin: String,
    site: String,
    key: EncodingKey,
}

impl Minter {
    /// A minter for `site` whose issuer is `origin`; `secret` is used byte for byte.
    #[must_use]
    pub fn new(origin: &str, site: &str, secret: &str) -> Self {
        Self {
            origin: origin.to_owned(),
            site: site.to_owned(),
            key: EncodingKey::from_secret(secret.as_bytes()),
        }
    }

    /// A signed token for `person`, valid from now on for [`LIFETIME_SECONDS`].
    ///
    /// # Errors
    /// When the claims cannot be signed; with HS256 and a non-empty key that does not happen.
    pub fn mint(&self, person: &Person) -> Result<String, jsonwebtoken::errors::Error> {
        self.mint_at(person, jiff::Timestamp::now().as_second())
    }

    /// As [`Minter::mint`], but issued at `now_seconds`, for tests.
    ///
    /// # Errors
    /// As [`Minter::mint`].
    pub fn mint_at(&self, person: &Person, now_seconds: i64) -> Result<String, jsonwebtoken::errors::Error> {
        let claims = Claims {
            iss: self.origin.clone(),
            aud: self.site.clone(),
            sub: person.subject.clone(),
            iat: now_seconds,
            exp: now_seconds + LIFETIME_SECONDS,
            jti: Uuid::new_v4().to_string(),
            name: person.name.clone(),
            email: person.email(),
            title: person.title.clone(),
            team: person.team.clone(),
            roles: person.roles.clone(),
            groups: vec![person.group.clone()],
            origin: self.origin.clone(),
        };
        encode(&Header::new(Algorithm::HS256), &claims, &self.key)
    }
}
