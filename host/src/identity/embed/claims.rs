//! What a token of the embedding system itself says, claim by claim.

use serde_json::Value;

use super::parts::Claims;
use super::{
    EMAIL_CHARS_MAX, ID_BYTES_MAX, INSTANT_S_MAX, LEEWAY_S, LIFETIME_S_MAX, LIST_MAX, PAGE_KEY_BYTES_MAX,
    PAGE_TITLE_CHARS_MAX, PAGE_URL_CHARS_MAX, ROLES, SUBJECT_BYTES_MAX, Vouched,
};
use crate::base::clock::Micros;
use crate::base::config::Site;
use crate::identity::names::{self, NAME_CHARS_MAX};
use crate::identity::sessions::TOKEN_USES_MAX;
use crate::identity::{IdentityError, VouchedPage};
use crate::store::{PageWord, PersonClaims};

/// Check the claims of a token that one of the keys of `issuer` has signed, which its `iss` names.
///
/// # Errors
/// [`IdentityError`] names the first claim that fails.
pub(super) fn check(
    mut claims: Claims,
    issuer: &str,
    site: &Site,
    origin: Option<&str>,
    now: Micros,
) -> Result<Vouched, IdentityError> {
    match claims.take("aud") {
        None => return Err(IdentityError::Missing("aud")),
        // A list is legal JWT, but would make one token good for several sites.
        Some(Value::String(audience)) if audience == site.id => {}
        Some(_) => return Err(IdentityError::Audience),
    }
    let subject = subject("sub", claims.take("sub"))?;
    let times = check_times(&mut claims, LIFETIME_S_MAX, now)?;
    let id = text("jti", claims.take("jti"))?;
    if id.is_empty() || id.len() > ID_BYTES_MAX {
        return Err(IdentityError::Claim("jti"));
    }
    check_origin(claims.take("origin"), site, origin)?;
    let page = page(&mut claims, issuer, times.issued_at)?;
    let name = line("name", claims.take("name"), NAME_CHARS_MAX)?;
    let claims = PersonClaims {
        name: name.map(|name| if name.is_empty() { names::clean(&subject, NAME_CHARS_MAX) } else { name }),
        email: line("email", claims.take("email"), EMAIL_CHARS_MAX)?.filter(|email| email.contains('@')),
        title: line("title", claims.take("title"), NAME_CHARS_MAX)?,
        team: line("team", claims.take("team"), NAME_CHARS_MAX)?,
        roles: roles(claims.take("roles"))?,
        groups: list("groups", claims.take("groups"), LIST_MAX)?,
        issuer: issuer.to_owned(),
        subject,
        issued_at: times.issued_at,
    };
    Ok(Vouched {
        claims,
        id,
        expires_at: times.expires_at,
        uses_max: TOKEN_USES_MAX,
        page,
        provider: None,
        nonce: None,
        launch: None,
    })
}

/// Who it is.
pub(super) fn subject(claim: &'static str, value: Option<Value>) -> Result<String, IdentityError> {
    let subject = text(claim, value)?;
    if subject.is_empty() || subject.len() > SUBJECT_BYTES_MAX || !names::is_plain(&subject) {
        return Err(IdentityError::Claim(claim));
    }
    Ok(subject)
}

/// When a token was made and ends.
pub(super) struct Times {
    /// `iat`.
    pub(super) issued_at: Micros,
    /// `exp`, with the leeway.
    pub(super) expires_at: Micros,
    /// Seconds from one to the other.
    pub(super) lifetime_s: i64,
}

/// The times of a token that may live for `lifetime_s_max` seconds.
pub(super) fn check_times(
    claims: &mut Claims,
    lifetime_s_max: i64,
    now: Micros,
) -> Result<Times, IdentityError> {
    let expires = instant("exp", claims.take("exp"))?.ok_or(IdentityError::Missing("exp"))?;
    let issued = instant("iat", claims.take("iat"))?.ok_or(IdentityError::Missing("iat"))?;
    let latest = now.div_euclid(1_000_000) + LEEWAY_S;
    let expires_at = (expires + LEEWAY_S) * 1_000_000;
    if now > expires_at {
        return Err(IdentityError::Expired { at: expires });
    }
    if issued > latest {
        return Err(IdentityError::NotYet("iat"));
    }
    if instant("nbf", claims.take("nbf"))?.is_some_and(|not_before| not_before > latest) {
        return Err(IdentityError::NotYet("nbf"));
    }
    let lifetime_s = expires - issued;
    if lifetime_s > lifetime_s_max {
        return Err(IdentityError::TooLived { seconds_max: lifetime_s_max });
    }
    Ok(Times { issued_at: issued * 1_000_000, expires_at, lifetime_s })
}

/// Whether the request comes from a page of the site, and of the origin that the token is for where it names one.
pub(super) fn check_origin(
    claim: Option<Value>,
    site: &Site,
    origin: Option<&str>,
) -> Result<(), IdentityError> {
    if let Some(origin) = origin
        && !site.origins.iter().any(|known| known == origin)
    {
        return Err(IdentityError::Origin);
    }
    match claim {
        None => Ok(()),
        Some(Value::String(claim)) if Some(claim.as_str()) == origin => Ok(()),
        Some(_) => Err(IdentityError::Origin),
    }
}

/// The page, where the token names one; title and address alone say nothing.
fn page(claims: &mut Claims, issuer: &str, issued_at: Micros) -> Result<Option<VouchedPage>, IdentityError> {
    let title = line("page_title", claims.take("page_title"), PAGE_TITLE_CHARS_MAX)?.unwrap_or_default();
    let url = line("page_url", claims.take("page_url"), PAGE_URL_CHARS_MAX)?.unwrap_or_default();
    let readers = list("page_readers", claims.take("page_readers"), LIST_MAX)?;
    let owner = match claims.take("page_owner") {
        None | Some(Value::Null) => None,
        owner => Some(subject("page_owner", owner)?),
    };
    match claims.take("page") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(key)) if (1..=PAGE_KEY_BYTES_MAX).contains(&key.len()) => {
            let told = readers.is_some() || owner.is_some();
            let issuer = issuer.to_owned();
            let word = told.then(|| PageWord { key: key.clone(), issuer, readers, owner, issued_at });
            Ok(Some(VouchedPage { key, title, url, word }))
        }
        Some(_) => Err(IdentityError::Claim("page")),
    }
}

pub(super) fn text(claim: &'static str, value: Option<Value>) -> Result<String, IdentityError> {
    match value {
        None | Some(Value::Null) => Err(IdentityError::Missing(claim)),
        Some(Value::String(text)) => Ok(text),
        Some(_) => Err(IdentityError::Claim(claim)),
    }
}

pub(super) fn line(
    claim: &'static str,
    value: Option<Value>,
    chars_max: usize,
) -> Result<Option<String>, IdentityError> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(names::clean(&text, chars_max))),
        Some(_) => Err(IdentityError::Claim(claim)),
    }
}

/// Lines, as many as `count_max`.
pub(super) fn list(
    claim: &'static str,
    value: Option<Value>,
    count_max: usize,
) -> Result<Option<Vec<String>>, IdentityError> {
    let items = match value {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Array(items)) if items.len() <= count_max => items,
        Some(_) => return Err(IdentityError::Claim(claim)),
    };
    let lines = items.into_iter().map(|item| line(claim, Some(item), NAME_CHARS_MAX));
    Ok(Some(lines.filter_map(Result::transpose).collect::<Result<Vec<_>, _>>()?))
}

/// The known roles among those given, compared as they were signed: a cleaned text would make a role of names that
/// the issuer keeps apart from it.
fn roles(value: Option<Value>) -> Result<Option<Vec<String>>, IdentityError> {
    let given = match value {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Array(items)) if items.len() <= LIST_MAX => items,
        Some(_) => return Err(IdentityError::Claim("roles")),
    };
    if !given.iter().all(|item| item.is_string() || item.is_null()) {
        return Err(IdentityError::Claim("roles"));
    }
    let known = ROLES.iter().filter(|role| given.iter().any(|given| given == **role));
    Ok(Some(known.map(|role| (*role).to_owned()).collect()))
}

/// Seconds since 1970; RFC 7519 allows fractions, which are cut off.
fn instant(claim: &'static str, value: Option<Value>) -> Result<Option<i64>, IdentityError> {
    let number = match value {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Number(number)) => number,
        Some(_) => return Err(IdentityError::Claim(claim)),
    };
    #[expect(
        clippy::cast_possible_truncation,
        reason = "what is out of range saturates, and is refused below"
    )]
    let seconds = number.as_i64().or_else(|| number.as_f64().map(|seconds| seconds as i64));
    match seconds {
        Some(seconds) if (0..=INSTANT_S_MAX).contains(&seconds) => Ok(Some(seconds)),
        _ => Err(IdentityError::Claim(claim)),
    }
}
