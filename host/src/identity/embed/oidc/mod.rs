//! What an ID token of an OpenID provider says (OpenID Connect Core 1.0 section 3.1.3.7), for pages that have signed
//! their visitor in there and hand the ID token on.
//!
//! `nonce` and `at_hash` bind a token to the sign-in and to the access token of whoever asked for it; the page has
//! checked them, and this host knows neither. What this host does check: that it is an ID token, for this client, and
//! used from one origin.

pub mod flow;
pub(super) mod logout;
pub(super) mod lti;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::claims::{check_origin, check_times, line, list, subject};
use super::parts::Claims;
use super::{EMAIL_CHARS_MAX, ID_TOKEN_GROUPS_MAX, ID_TOKEN_LIFETIME_S_MAX, LIFETIME_S_MAX, ROLES, Vouched};
use crate::base::clock::Micros;
use crate::base::config::{Issuer, Site};
use crate::identity::names::{self, NAME_CHARS_MAX};
use crate::identity::sessions::TOKEN_USES_MAX;
use crate::identity::{IdentityError, ProviderSession};
use crate::store::PersonClaims;

/// Claims that no ID token has: those of access tokens (`scope`, `scp`) and of logout tokens (`events`, OpenID Connect
/// Back-Channel Logout 1.0 section 2.4). Providers sign all of them with the same keys.
const NOT_OF_ID_TOKENS: [&str; 3] = ["events", "scope", "scp"];
/// How providers say what a token is, and what they say of ID tokens: Keycloak, Amazon Cognito.
const KINDS: [(&str, &str); 2] = [("typ", "ID"), ("token_use", "id")];

/// Check the claims of an ID token that one of the keys of `issuer` has signed, which its `iss` names. `message` is what
/// was signed.
///
/// # Errors
/// [`IdentityError`] names the first claim that fails.
pub(super) fn check(
    mut claims: Claims,
    issuer: &Issuer,
    message: &str,
    site: &Site,
    origin: Option<&str>,
    now: Micros,
) -> Result<Vouched, IdentityError> {
    check_kind(&claims)?;
    check_audience(&mut claims, issuer.client_id.as_deref().unwrap_or_default())?;
    let own = |name: &str| claims.find(name).and_then(Value::as_str).map(str::to_owned);
    let (sub, sid, nonce) = (own("sub").unwrap_or_default(), own("sid"), own("nonce"));
    let subject = match issuer.claims.subject.as_str() {
        "sub" => subject("sub", claims.find("sub").cloned())?,
        other => subject("sub", Some(claims.find(other).cloned().ok_or(IdentityError::Mapped("subject"))?))
            .map_err(|_| IdentityError::Mapped("subject"))?,
    };
    let person = person(&claims, issuer, subject)?;
    let times = check_times(&mut claims, ID_TOKEN_LIFETIME_S_MAX, now)?;
    check_origin(None, site, origin)?;
    // Not the signature: with ES256 two of them fit one message.
    let id = hex::encode(Sha256::digest(message));
    // A page renews its session every ten minutes, with the same token for as long as that lives.
    let periods = u32::try_from(times.lifetime_s / LIFETIME_S_MAX).unwrap_or(0);
    let claims = PersonClaims { issued_at: times.issued_at, ..person };
    let uses_max = TOKEN_USES_MAX * (periods + 1);
    let provider = Some(ProviderSession { issuer: issuer.issuer.clone(), sub, sid });
    Ok(Vouched {
        claims,
        id,
        expires_at: times.expires_at,
        uses_max,
        page: None,
        provider,
        nonce,
        launch: None,
    })
}

/// Whether it is an ID token, as far as it can be told.
fn check_kind(claims: &Claims) -> Result<(), IdentityError> {
    if NOT_OF_ID_TOKENS.iter().any(|name| claims.has(name)) {
        return Err(IdentityError::NoIdToken);
    }
    let is_other = |(name, kind): (&str, &str)| claims.find(name).is_some_and(|given| given != kind);
    if KINDS.into_iter().any(is_other) { Err(IdentityError::NoIdToken) } else { Ok(()) }
}

/// `aud` has the client, and where others are there too, or `azp` is, the token was made for the client (section
/// 3.1.3.7, steps 3 to 5).
fn check_audience(claims: &mut Claims, client: &str) -> Result<(), IdentityError> {
    let is_client = |value: &Value| value.as_str() == Some(client);
    let party = claims.take("azp");
    let is_alone = match claims.take("aud") {
        None => return Err(IdentityError::Missing("aud")),
        Some(Value::Array(all)) if all.iter().any(is_client) => all.len() == 1,
        Some(one) if is_client(&one) => true,
        Some(_) => return Err(IdentityError::Client("aud")),
    };
    match party {
        None if is_alone => Ok(()),
        Some(party) if is_client(&party) => Ok(()),
        _ => Err(IdentityError::Client("azp")),
    }
}

/// What is said of the person. Groups decide on roles, and a token without them takes every role away: providers leave
/// out a claim that would be empty.
fn person(claims: &Claims, issuer: &Issuer, subject: String) -> Result<PersonClaims, IdentityError> {
    let names = &issuer.claims;
    let said = |claim: &'static str, name: &str, chars_max| {
        line(claim, claims.find(name).cloned(), chars_max).map_err(|_| IdentityError::Mapped(claim))
    };
    let name = said("name", &names.name, NAME_CHARS_MAX)?.filter(|name| !name.is_empty());
    let login = said("name", "preferred_username", NAME_CHARS_MAX)?.filter(|name| !name.is_empty());
    let name = name.or(login);
    let email = said("email", &names.email, EMAIL_CHARS_MAX)?.filter(|email| email.contains('@'));
    let is_verified = claims.find("email_verified") != Some(&Value::Bool(false));
    let given = match claims.find(&names.groups).cloned() {
        Some(Value::String(one)) => Some(Value::Array(vec![Value::String(one)])),
        other => other,
    };
    let signed: Vec<&str> =
        given.iter().flat_map(|list| list.as_array()).flatten().filter_map(Value::as_str).collect();
    let gives = |role: &str| {
        issuer.roles.iter().any(|(group, given)| given == role && signed.contains(&group.as_str()))
    };
    let roles = ROLES.iter().filter(|role| gives(role)).map(|role| (*role).to_owned()).collect();
    let groups =
        list("groups", given.clone(), ID_TOKEN_GROUPS_MAX).map_err(|_| IdentityError::Mapped("groups"))?;
    Ok(PersonClaims {
        name: Some(name.unwrap_or_else(|| names::clean(&subject, NAME_CHARS_MAX))),
        email: email.filter(|_| is_verified),
        title: said("title", &names.title, NAME_CHARS_MAX)?,
        team: said("team", &names.team, NAME_CHARS_MAX)?,
        roles: Some(roles),
        groups: Some(groups.unwrap_or_default()),
        issuer: issuer.issuer.clone(),
        subject,
        issued_at: 0,
    })
}
