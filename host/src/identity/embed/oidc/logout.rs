//! Logout tokens: a provider says that somebody has signed out there (OpenID Connect Back-Channel Logout 1.0).

use serde_json::Value;

use super::super::claims::{check_times, subject, text};
use super::super::parts::Claims;
use super::super::{ID_BYTES_MAX, LIFETIME_S_MAX};
use super::check_audience;
use crate::base::clock::Micros;
use crate::base::config::Issuer;
use crate::identity::IdentityError;

/// The event that a logout token tells of (section 2.4).
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// Who has signed out where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedOut {
    /// The provider.
    pub issuer: String,
    /// The provider's name for the person, where it says it.
    pub sub: Option<String>,
    /// The provider's session; none for all of the person.
    pub sid: Option<String>,
    /// What tells the token from others.
    pub id: String,
    /// When it expires, leeway included.
    pub expires_at: Micros,
}

/// Check the claims of a logout token that one of the keys of `issuer` has signed (section 2.6).
///
/// # Errors
/// [`IdentityError`] names the first claim that fails.
pub(in crate::identity::embed) fn check(
    mut claims: Claims,
    issuer: &Issuer,
    now: Micros,
) -> Result<LoggedOut, IdentityError> {
    // An ID token has one, and is nothing that ends sessions.
    if claims.has("nonce") {
        return Err(IdentityError::NoLogoutToken);
    }
    let event = claims.take("events").and_then(|events| events.get(EVENT).map(Value::is_object));
    if event != Some(true) {
        return Err(IdentityError::NoLogoutToken);
    }
    check_audience(&mut claims, issuer.client_id.as_deref().unwrap_or_default())?;
    let times = check_times(&mut claims, LIFETIME_S_MAX, now)?;
    let id = text("jti", claims.take("jti"))?;
    if id.is_empty() || id.len() > ID_BYTES_MAX {
        return Err(IdentityError::Claim("jti"));
    }
    let sub = claims.take("sub").map(|sub| subject("sub", Some(sub))).transpose()?;
    let sid = claims.take("sid").map(|sid| subject("sid", Some(sid))).transpose()?;
    if sub.is_none() && sid.is_none() {
        return Err(IdentityError::Missing("sub"));
    }
    Ok(LoggedOut { issuer: issuer.issuer.clone(), sub, sid, id, expires_at: times.expires_at })
}
