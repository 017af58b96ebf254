//! A site's word for a person: a JWT signed by the embedding system or by an OpenID provider, checked claim by claim.
//!
//! RFC 7519 with the advice of RFC 8725. The issuer's configuration names the algorithm and the keys; the token
//! chooses neither. Times are checked here, by this host's clock, not by the library.

#[cfg(test)]
mod attacks;
mod claims;
pub mod inspect;
mod issuers;
mod keys;
pub mod mint;
mod oidc;
mod parts;

use std::sync::Arc;

use crate::base::clock::Micros;
pub use crate::base::config::ROLES;
use crate::base::config::{Issuer, IssuerKind, Site};
use crate::store::PersonClaims;

use super::{IdentityError, ProviderSession, VouchedPage};
pub use issuers::{Issuers, Renewal, log};
pub use keys::KeyError;
use keys::KeySet;
pub use oidc::flow;
pub use oidc::logout::LoggedOut;
pub use oidc::lti::{DeepLink, Launch, LaunchStates};

/// Bytes of a token of the embedding system.
pub const OWN_TOKEN_BYTES_MAX: usize = 8 * 1024;
/// Bytes of an ID token: providers put groups there by the hundred.
pub const TOKEN_BYTES_MAX: usize = 16 * 1024;
/// Seconds from `iat` to `exp` of a token of the embedding system.
pub const LIFETIME_S_MAX: i64 = 600;
/// Seconds from `iat` to `exp` of an ID token, which the provider decides on.
pub const ID_TOKEN_LIFETIME_S_MAX: i64 = 24 * 60 * 60;
/// Seconds that the clocks of both sides may differ.
pub const LEEWAY_S: i64 = 60;
/// Bytes of `sub` (OpenID Connect Core 1.0 section 2).
pub const SUBJECT_BYTES_MAX: usize = 255;
/// Bytes of `jti`.
pub const ID_BYTES_MAX: usize = 128;
/// Entries of `roles` and `groups`, each.
pub const LIST_MAX: usize = 100;
/// Groups in an ID token.
pub const ID_TOKEN_GROUPS_MAX: usize = 500;
/// Characters of `email` (RFC 5321 section 4.5.3.1) and bytes of one group.
const EMAIL_CHARS_MAX: usize = 254;
/// Bytes of `page`, characters of `page_title` and of `page_url`.
const PAGE_KEY_BYTES_MAX: usize = 200;
const PAGE_TITLE_CHARS_MAX: usize = 300;
const PAGE_URL_CHARS_MAX: usize = 2_000;
/// `typ` of a logout token (section 2.4).
const LOGOUT_TYPE: &str = "logout+jwt";
/// 9999-12-31: later instants are mistakes (milliseconds for seconds).
const INSTANT_S_MAX: i64 = 253_402_300_799;

/// What a believed token says.
#[derive(Clone, Debug)]
pub struct Vouched {
    /// The person, cleaned.
    pub claims: PersonClaims,
    /// What tells the token from others: `jti`, or what was signed.
    pub id: String,
    /// When the token expires, leeway included.
    pub expires_at: Micros,
    /// How many sessions it may make.
    pub uses_max: u32,
    /// The page it was made for, where it says one.
    pub page: Option<VouchedPage>,
    /// The provider's session, for an ID token.
    pub provider: Option<ProviderSession>,
    /// The nonce of an ID token.
    pub nonce: Option<String>,
    /// What a learning platform asks for; such a token signs in by a launch alone.
    pub launch: Option<Launch>,
}

/// Who a token says it is from, before anything is believed.
fn issuer_of(token: &str) -> Result<String, IdentityError> {
    parts::split(token, &["JWT", LOGOUT_TYPE]).map(|parts| parts.issuer)
}

/// Check a logout token of a provider (OpenID Connect Back-Channel Logout 1.0).
fn check_logout<'i>(
    token: &str,
    find: impl FnOnce(&str) -> Option<(&'i Issuer, Arc<KeySet>)>,
    now: Micros,
) -> Result<LoggedOut, IdentityError> {
    let parts = parts::split(token, &["JWT", LOGOUT_TYPE])?;
    let (issuer, keys) = find(&parts.issuer).ok_or(IdentityError::Issuer)?;
    if issuer.kind != IssuerKind::Oidc {
        return Err(IdentityError::Issuer);
    }
    let (claims, _) = parts.verify(&keys)?;
    oidc::logout::check(claims, issuer, now)
}

/// Check a token by the issuer's configuration and keys, as `find` gives them.
fn check_with<'i>(
    token: &str,
    site: &Site,
    find: impl FnOnce(&str) -> Option<(&'i Issuer, Arc<KeySet>)>,
    origin: Option<&str>,
    now: Micros,
) -> Result<Vouched, IdentityError> {
    let parts = parts::split(token, &["JWT"])?;
    let (issuer, keys) = find(&parts.issuer).ok_or(IdentityError::Issuer)?;
    if issuer.kind == IssuerKind::Jwt && token.len() > OWN_TOKEN_BYTES_MAX {
        return Err(IdentityError::TooLong);
    }
    let message = parts.message;
    let (claims, _) = parts.verify(&keys)?;
    match issuer.kind {
        IssuerKind::Jwt => claims::check(claims, &issuer.issuer, site, origin, now),
        IssuerKind::Oidc => oidc::check(claims, issuer, message, site, origin, now),
        IssuerKind::Lti => oidc::lti::check(claims, issuer, now),
    }
}
