//! A site's word for a person: a JWT signed by the embedding system, checked claim by claim.
//!
//! RFC 7519 with the advice of RFC 8725. The issuer's configuration names the algorithm and the key; the token
//! chooses neither. Times are checked here, by this host's clock, not by the library.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{DecodingKey, Validation};
use serde::Deserialize;
use serde_json::Value;

use super::names::{self, NAME_CHARS_MAX};
use super::{IdentityError, VouchedPage};
use crate::base::clock::Micros;
use crate::base::config::{Algorithm, Site};
use crate::store::PersonClaims;

/// Bytes of a token.
pub const TOKEN_BYTES_MAX: usize = 8 * 1024;
/// Seconds from `iat` to `exp`.
pub const LIFETIME_S_MAX: i64 = 600;
/// Seconds that the clocks of both sides may differ.
pub const LEEWAY_S: i64 = 60;
/// Bytes of `sub`.
pub const SUBJECT_BYTES_MAX: usize = 200;
/// Bytes of `jti`.
pub const ID_BYTES_MAX: usize = 128;
/// Entries of `roles` and `groups`, each.
pub const LIST_MAX: usize = 100;
/// Characters of `email` (RFC 5321 section 4.5.3.1) and bytes of one group.
const EMAIL_CHARS_MAX: usize = 254;
/// Bytes of `page`, characters of `page_title` and of `page_url`.
const PAGE_KEY_BYTES_MAX: usize = 200;
const PAGE_TITLE_CHARS_MAX: usize = 300;
const PAGE_URL_CHARS_MAX: usize = 2_000;
/// Bytes of a shared secret: as many as the hash has (RFC 7518 section 3.2).
const SECRET_BYTES_MIN: usize = 32;
/// 9999-12-31: later instants are mistakes (milliseconds for seconds).
const INSTANT_S_MAX: i64 = 253_402_300_799;

/// Roles that a token may give; others are left out. A member is everybody.
pub const ROLES: [&str; 6] = ["expert", "leader", "steward", "moderator", "admin", "guest"];

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
    #[error(
        "the secret of issuer {issuer} is shorter than 32 bytes\nhint: make one with `openssl rand -hex 32`"
    )]
    Short {
        /// Whose.
        issuer: String,
    },
    /// The file does not hold such a key.
    #[error(
        "{path} holds no public key for {algorithm:?}\nhint: PEM, starting with -----BEGIN PUBLIC KEY-----"
    )]
    Pem {
        /// From where.
        path: PathBuf,
        /// For what.
        algorithm: Algorithm,
    },
}

/// Those who vouch for people of one site, with their keys, read once at start.
#[derive(Default)]
pub struct Issuers(HashMap<String, (Algorithm, DecodingKey)>);

impl std::fmt::Debug for Issuers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Issuers({})", self.0.len())
    }
}

impl Issuers {
    /// Read the keys that the site's configuration names.
    ///
    /// # Errors
    /// [`KeyError`] for the first one that cannot be used.
    pub fn load(site: &Site) -> Result<Self, KeyError> {
        let mut issuers = Self::default();
        for issuer in &site.issuers {
            // The configuration's check has made sure that the fitting one of both is there.
            let path = issuer.secret_file.as_deref().or(issuer.key_file.as_deref()).unwrap_or(Path::new(""));
            let bytes = std::fs::read(path).map_err(|source| KeyError::Read {
                issuer: issuer.issuer.clone(),
                path: path.to_owned(),
                source,
            })?;
            issuers.put(&issuer.issuer, issuer.algorithm, &bytes, path)?;
        }
        Ok(issuers)
    }

    /// Add one key. Blanks at the end of a secret are an editor's, not the secret's.
    fn put(&mut self, issuer: &str, algorithm: Algorithm, bytes: &[u8], path: &Path) -> Result<(), KeyError> {
        let pem = |_| KeyError::Pem { path: path.to_owned(), algorithm };
        let key = match algorithm {
            Algorithm::HS256 => {
                let secret = bytes.trim_ascii_end();
                if secret.len() < SECRET_BYTES_MIN {
                    return Err(KeyError::Short { issuer: issuer.to_owned() });
                }
                DecodingKey::from_secret(secret)
            }
            Algorithm::ES256 => DecodingKey::from_ec_pem(bytes).map_err(pem)?,
            Algorithm::EdDSA => DecodingKey::from_ed_pem(bytes).map_err(pem)?,
        };
        self.0.insert(issuer.to_owned(), (algorithm, key));
        Ok(())
    }

    /// One key given as bytes: for tests.
    ///
    /// # Errors
    /// As [`Self::load`].
    #[cfg(test)]
    pub(crate) fn with(mut self, issuer: &str, algorithm: Algorithm, bytes: &[u8]) -> Result<Self, KeyError> {
        self.put(issuer, algorithm, bytes, Path::new("key"))?;
        Ok(self)
    }
}

/// What a believed token says.
#[derive(Clone, Debug)]
pub struct Vouched {
    /// The person, cleaned.
    pub claims: PersonClaims,
    /// `jti`.
    pub id: String,
    /// When the token expires, leeway included.
    pub expires_at: Micros,
    /// The page it was made for, where it says one.
    pub page: Option<VouchedPage>,
}

/// The header's entries that are looked at. Those that would let a token bring its own key, or rules that this
/// host does not know, are refused by name (RFC 7515 sections 4.1.2, 4.1.3, 4.1.5, 4.1.6 and 4.1.11). `kid` is only a
/// name and plays no part.
#[derive(Deserialize)]
struct Header {
    alg: Value,
    typ: Option<Value>,
    jku: Option<Value>,
    jwk: Option<Value>,
    x5u: Option<Value>,
    x5c: Option<Value>,
    crit: Option<Value>,
    zip: Option<Value>,
    enc: Option<Value>,
    b64: Option<Value>,
}

/// Claims as they come: their types are checked one by one, so that an error can name the claim.
#[derive(Deserialize)]
struct Claims {
    iss: Option<Value>,
    sub: Option<Value>,
    aud: Option<Value>,
    exp: Option<Value>,
    iat: Option<Value>,
    nbf: Option<Value>,
    jti: Option<Value>,
    origin: Option<Value>,
    name: Option<Value>,
    email: Option<Value>,
    title: Option<Value>,
    team: Option<Value>,
    roles: Option<Value>,
    groups: Option<Value>,
    page: Option<Value>,
    page_title: Option<Value>,
    page_url: Option<Value>,
}

/// Check a token of `site` that came with the header `Origin: {origin}` (none: from no browser page of another
/// origin) at the instant `now`.
///
/// # Errors
/// [`IdentityError`] names the first claim that fails.
pub fn check(
    token: &str,
    site: &Site,
    issuers: &Issuers,
    origin: Option<&str>,
    now: Micros,
) -> Result<Vouched, IdentityError> {
    if token.len() > TOKEN_BYTES_MAX {
        return Err(IdentityError::TooLong);
    }
    let mut parts = token.split('.');
    let (Some(head), Some(payload), Some(_), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(IdentityError::Malformed);
    };
    let algorithm = check_header(&decode::<Header>(head)?)?;
    // Read before the signature is checked only to find the key; read again, from what was signed, below.
    let issuer = text("iss", decode::<Claims>(payload)?.iss)?;
    let (configured, key) = issuers.0.get(&issuer).ok_or(IdentityError::Issuer)?;
    let expected = match configured {
        Algorithm::HS256 => jsonwebtoken::Algorithm::HS256,
        Algorithm::ES256 => jsonwebtoken::Algorithm::ES256,
        Algorithm::EdDSA => jsonwebtoken::Algorithm::EdDSA,
    };
    if algorithm != format!("{configured:?}") {
        return Err(IdentityError::Algorithm);
    }
    let claims = verify(token, key, expected)?;
    check_claims(claims, site, origin, now)
}

fn decode<T: for<'de> Deserialize<'de>>(part: &str) -> Result<T, IdentityError> {
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| IdentityError::Malformed)?;
    // An array would do for a struct, but not for a JWT.
    if bytes.trim_ascii_start().first() != Some(&b'{') {
        return Err(IdentityError::Malformed);
    }
    serde_json::from_slice(&bytes).map_err(|_| IdentityError::Malformed)
}

/// The header's `alg`.
fn check_header(header: &Header) -> Result<String, IdentityError> {
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
        Some(Value::String(kind)) if kind.eq_ignore_ascii_case("JWT") => {}
        Some(_) => return Err(IdentityError::Type),
    }
    match &header.alg {
        Value::String(algorithm) => Ok(algorithm.clone()),
        _ => Err(IdentityError::Algorithm),
    }
}

fn verify(
    token: &str,
    key: &DecodingKey,
    algorithm: jsonwebtoken::Algorithm,
) -> Result<Claims, IdentityError> {
    let mut rules = Validation::new(algorithm);
    // The library would read the machine's clock, and take a list for `aud`.
    rules.required_spec_claims.clear();
    rules.validate_exp = false;
    rules.validate_aud = false;
    use jsonwebtoken::errors::ErrorKind;
    jsonwebtoken::decode::<Claims>(token, key, &rules).map(|data| data.claims).map_err(|error| {
        match error.kind() {
            ErrorKind::InvalidAlgorithm | ErrorKind::InvalidAlgorithmName => IdentityError::Algorithm,
            ErrorKind::Json(_) | ErrorKind::Utf8(_) | ErrorKind::InvalidToken => IdentityError::Malformed,
            _ => IdentityError::Signature,
        }
    })
}

fn check_claims(
    claims: Claims,
    site: &Site,
    origin: Option<&str>,
    now: Micros,
) -> Result<Vouched, IdentityError> {
    let issuer = text("iss", claims.iss)?;
    if !site.issuers.iter().any(|known| known.issuer == issuer) {
        return Err(IdentityError::Issuer);
    }
    match claims.aud {
        None => return Err(IdentityError::Missing("aud")),
        // A list is legal JWT, but would make one token good for several sites.
        Some(Value::String(audience)) if audience == site.id => {}
        Some(_) => return Err(IdentityError::Audience),
    }
    let subject = text("sub", claims.sub)?;
    if subject.is_empty() || subject.len() > SUBJECT_BYTES_MAX || !names::is_plain(&subject) {
        return Err(IdentityError::Claim("sub"));
    }
    let (issued_at, expires_at) = check_times(claims.iat, claims.nbf, claims.exp, now)?;
    let id = text("jti", claims.jti)?;
    if id.is_empty() || id.len() > ID_BYTES_MAX {
        return Err(IdentityError::Claim("jti"));
    }
    check_origin(claims.origin, site, origin)?;
    let page = page(claims.page, claims.page_title, claims.page_url)?;
    let name = line("name", claims.name, NAME_CHARS_MAX)?;
    let claims = PersonClaims {
        name: name.map(|name| if name.is_empty() { names::clean(&subject, NAME_CHARS_MAX) } else { name }),
        email: line("email", claims.email, EMAIL_CHARS_MAX)?.filter(|email| email.contains('@')),
        title: line("title", claims.title, NAME_CHARS_MAX)?,
        team: line("team", claims.team, NAME_CHARS_MAX)?,
        roles: roles(claims.roles)?,
        groups: list("groups", claims.groups)?,
        issuer,
        subject,
        issued_at,
    };
    Ok(Vouched { claims, id, expires_at, page })
}

/// `iat`, and `exp` with the leeway.
fn check_times(
    iat: Option<Value>,
    nbf: Option<Value>,
    exp: Option<Value>,
    now: Micros,
) -> Result<(Micros, Micros), IdentityError> {
    let expires = instant("exp", exp)?.ok_or(IdentityError::Missing("exp"))?;
    let issued = instant("iat", iat)?.ok_or(IdentityError::Missing("iat"))?;
    let latest = now.div_euclid(1_000_000) + LEEWAY_S;
    let expires_at = (expires + LEEWAY_S) * 1_000_000;
    if now > expires_at {
        return Err(IdentityError::Expired { at: expires });
    }
    if issued > latest {
        return Err(IdentityError::NotYet("iat"));
    }
    if instant("nbf", nbf)?.is_some_and(|not_before| not_before > latest) {
        return Err(IdentityError::NotYet("nbf"));
    }
    if expires - issued > LIFETIME_S_MAX {
        return Err(IdentityError::TooLived);
    }
    Ok((issued * 1_000_000, expires_at))
}

fn check_origin(claim: Option<Value>, site: &Site, origin: Option<&str>) -> Result<(), IdentityError> {
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
fn page(
    key: Option<Value>,
    title: Option<Value>,
    url: Option<Value>,
) -> Result<Option<VouchedPage>, IdentityError> {
    let title = line("page_title", title, PAGE_TITLE_CHARS_MAX)?.unwrap_or_default();
    let url = line("page_url", url, PAGE_URL_CHARS_MAX)?.unwrap_or_default();
    match key {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(key)) if (1..=PAGE_KEY_BYTES_MAX).contains(&key.len()) => {
            Ok(Some(VouchedPage { key, title, url }))
        }
        Some(_) => Err(IdentityError::Claim("page")),
    }
}

fn text(claim: &'static str, value: Option<Value>) -> Result<String, IdentityError> {
    match value {
        None | Some(Value::Null) => Err(IdentityError::Missing(claim)),
        Some(Value::String(text)) => Ok(text),
        Some(_) => Err(IdentityError::Claim(claim)),
    }
}

fn line(
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

fn list(claim: &'static str, value: Option<Value>) -> Result<Option<Vec<String>>, IdentityError> {
    let items = match value {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Array(items)) if items.len() <= LIST_MAX => items,
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
