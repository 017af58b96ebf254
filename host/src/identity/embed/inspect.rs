//! A token looked at for whoever connects a system: what holds, what fails first, and which line to change.
//!
//! The verdict is that of the very check that signs people in. Nothing of a key is ever in it.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::{DecodingKeyKind, crypto};
use serde_json::Value;

use super::keys::Key;
use super::{Issuers, Vouched, parts};
use crate::base::clock::Clock;
use crate::base::config::{Algorithm, IssuerKind, Site};
use crate::identity::IdentityError;

/// What there is to say about a token.
#[derive(Debug)]
pub struct Inspected {
    /// Its header and claims as far as they can be read; null otherwise.
    pub header: Value,
    /// The claims, which nobody vouches for unless a key is named.
    pub claims: Value,
    /// The key that has signed it, by algorithm, name and place; none where none has.
    pub key: Option<String>,
    /// Seconds from `iat` to now by this machine's clock: a token that was made just now has about 0, and below 0 the
    /// clock of the machine that made it is ahead. None where there is no `iat`.
    pub age_s: Option<i64>,
    /// Whom it signs in, or what fails first.
    pub verdict: Result<Vouched, IdentityError>,
    /// Which line to change; none for a token that holds.
    pub change: Option<String>,
}

/// Look at a token of `site` as if it came from `origin`; where that is none, from the origin that it is for.
pub async fn inspect(
    token: &str,
    site: &Site,
    issuers: &Issuers,
    origin: Option<&str>,
    clock: &Clock,
) -> Inspected {
    let mut sections = token.split('.').map(decoded);
    let (header, claims) = (sections.next().unwrap_or_default(), sections.next().unwrap_or_default());
    let named = claims["origin"].as_str().map(str::to_owned);
    let origin = origin.or(named.as_deref());
    let verdict = issuers.check(token, site, origin, clock).await;
    let found =
        parts::split(token, &["JWT"]).ok().and_then(|parts| Some((issuers.find(&parts.issuer)?.1, parts)));
    let key = found.and_then(|(keys, parts)| parts.verify(&keys).ok().map(|(_, key)| key.label()));
    let now_s = clock.now().div_euclid(1_000_000);
    let age_s = claims["iat"].as_f64().map(|issued| now_s - whole(issued));
    let mut inspected = Inspected { header, claims, key, age_s, verdict, change: None };
    if let Err(error) = &inspected.verdict {
        inspected.change = Some(change(error, &inspected, Asked { token, site, issuers, origin, now_s }));
    }
    inspected
}

#[expect(clippy::cast_possible_truncation, reason = "what is out of range saturates")]
fn whole(seconds: f64) -> i64 {
    seconds as i64
}

fn decoded(part: &str) -> Value {
    let bytes = URL_SAFE_NO_PAD.decode(part).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
}

struct Asked<'a> {
    token: &'a str,
    site: &'a Site,
    issuers: &'a Issuers,
    origin: Option<&'a str>,
    now_s: i64,
}

/// Which line to change, in the token or in the configuration.
fn change(error: &IdentityError, inspected: &Inspected, asked: Asked<'_>) -> String {
    let Inspected { header, claims, .. } = inspected;
    let site = asked.site;
    match error {
        IdentityError::TooLong => {
            format!("the token has {} bytes: put less into its claims", asked.token.len())
        }
        IdentityError::Malformed => malformed(asked.token),
        IdentityError::Header(name) => format!("in the token's header, take \"{name}\" out"),
        IdentityError::Type => format!("in the token's header: \"typ\": \"JWT\" (now {})", header["typ"]),
        IdentityError::Issuer => issuer(site, &claims["iss"]),
        IdentityError::Algorithm | IdentityError::Key => key(error, inspected, &asked),
        IdentityError::Signature => signature(&asked),
        IdentityError::KeysUnavailable
        | IdentityError::Client(_)
        | IdentityError::NoIdToken
        | IdentityError::Mapped(_) => provider(error, inspected, site),
        IdentityError::Missing(name) => {
            format!("in the token's claims, add \"{name}\": {}", example(name, &asked))
        }
        IdentityError::Claim(name) => {
            format!("in the token's claims: \"{name}\": {} (now {})", example(name, &asked), claims[name])
        }
        IdentityError::Audience => {
            format!("in the token's claims: \"aud\": \"{}\" (now {})", site.id, claims["aud"])
        }
        IdentityError::Expired { .. } | IdentityError::NotYet(_) | IdentityError::TooLived { .. } => {
            time(error, inspected, asked.now_s)
        }
        IdentityError::Origin => origin(site, &claims["origin"], asked.origin),
        IdentityError::Deployment { id } => {
            format!("in sites.{}.issuers, if it is yours: deployments = [..., \"{id}\"]", site.id)
        }
        IdentityError::Proxy
        | IdentityError::State
        | IdentityError::LaunchNonce
        | IdentityError::Launched
        | IdentityError::ProxyHeader(_)
        | IdentityError::Replayed
        | IdentityError::UsedUp
        | IdentityError::SignedOut
        | IdentityError::Nonce
        | IdentityError::SignInStray
        | IdentityError::SignInUsed
        | IdentityError::SignInIssuer
        | IdentityError::SignInDenied
        | IdentityError::ProviderUnavailable
        | IdentityError::NoLogoutToken
        | IdentityError::LogoutReplayed
        | IdentityError::Inactive
        | IdentityError::Session
        | IdentityError::Offer
        | IdentityError::OfferExpired
        | IdentityError::Store(_) => "nothing in the token".to_owned(),
    }
}

fn provider(error: &IdentityError, inspected: &Inspected, site: &Site) -> String {
    let (claims, id) = (&inspected.claims, &site.id);
    match error {
        IdentityError::Client(name) => {
            format!("in sites.{id}.issuers: client_id = {} (that is `{name}` of the token)", claims[name])
        }
        IdentityError::NoIdToken => {
            "in the page: send `id_token` of the provider's answer, not `access_token`".to_owned()
        }
        IdentityError::Mapped(name) => {
            let names = claims.as_object().map(|all| all.keys().cloned().collect::<Vec<_>>().join(", "));
            let names = names.unwrap_or_default();
            format!("in sites.{id}.issuers.claims: {name} = \"...\", one of: {names}")
        }
        _ => format!(
            "in sites.{id}.issuers: jwks_url or discovery_url; `stoa check` says why it cannot be fetched"
        ),
    }
}

fn time(error: &IdentityError, inspected: &Inspected, now_s: i64) -> String {
    let seconds = |name: &str| inspected.claims[name].as_f64().map(whole).unwrap_or_default();
    match error {
        IdentityError::NotYet(name) => format!(
            "`{name}` is {} s ahead of this machine's clock: set the clocks right (both by NTP)",
            seconds(name) - now_s
        ),
        IdentityError::TooLived { seconds_max } => format!(
            "in the token's claims: \"exp\": {} (now {}: `iat` and {seconds_max} s at the most)",
            seconds("iat") + seconds_max,
            inspected.claims["exp"]
        ),
        _ => format!(
            "it expired {} s ago: make a new one for each page view, or set the clocks right",
            now_s - seconds("exp")
        ),
    }
}

fn malformed(token: &str) -> String {
    let parts: Vec<&str> = token.split('.').collect();
    if parts.len() != 3 {
        let count = match parts.len() {
            1 => "is 1 part".to_owned(),
            count => format!("are {count} parts"),
        };
        return format!("there {count} between dots, not 3: send the whole JWT and nothing else");
    }
    for (part, name) in parts.iter().zip(["header is", "claims are"]) {
        let Ok(bytes) = URL_SAFE_NO_PAD.decode(part) else {
            return format!(
                "the {name} not base64url without padding (RFC 7515 section 2): use a JWT library"
            );
        };
        match serde_json::from_slice::<Value>(&bytes) {
            Ok(Value::Object(_)) => {}
            Ok(_) => return format!("the {name} no JSON object"),
            Err(error) => return format!("the {name} no JSON: {error}"),
        }
    }
    "a name is there twice in the header or in the claims, or `alg` is missing".to_owned()
}

fn issuer(site: &Site, claimed: &Value) -> String {
    let known: Vec<&str> = site.issuers.iter().map(|issuer| issuer.issuer.as_str()).collect();
    let plain = |text: &str| text.trim().trim_end_matches('/').to_lowercase();
    let alike =
        known.iter().find(|issuer| claimed.as_str().is_some_and(|claimed| plain(claimed) == plain(issuer)));
    match alike {
        Some(alike) => format!(
            "in the token's claims: \"iss\": \"{alike}\" (now {claimed}: they are compared to the letter)"
        ),
        None => format!(
            "in sites.{}.issuers: issuer = {claimed}; or in the token's claims \"iss\", one of: {}",
            site.id,
            known.join(", ")
        ),
    }
}

fn key(error: &IdentityError, inspected: &Inspected, asked: &Asked<'_>) -> String {
    let issuer = inspected.claims["iss"].as_str().unwrap_or_default();
    let keys =
        asked.issuers.find(issuer).map(|(_, keys)| keys.keys.iter().map(Key::label).collect::<Vec<_>>());
    let keys = keys.unwrap_or_default().join("; ");
    let (name, value) = match error {
        IdentityError::Key => ("kid", &inspected.header["kid"]),
        _ => ("alg", &inspected.header["alg"]),
    };
    format!("in the token's header, \"{name}\" (now {value}); the keys of this issuer are: {keys}")
}

/// The usual mistakes with a shared secret can be told from the signature itself.
fn signature(asked: &Asked<'_>) -> String {
    let Ok(parts) = parts::split(asked.token, &["JWT"]) else { return String::new() };
    let Some((_, keys)) = asked.issuers.find(&parts.issuer) else { return String::new() };
    for key in keys.keys.iter().filter(|key| key.algorithm == Algorithm::HS256) {
        let DecodingKeyKind::SecretOrDer(secret) = key.decoding.kind() else { continue };
        for (what, other) in mistaken(secret) {
            let encoding = jsonwebtoken::EncodingKey::from_secret(&other);
            let made = crypto::sign(parts.message.as_bytes(), &encoding, jsonwebtoken::Algorithm::HS256);
            if made.is_ok_and(|made| made == parts.signature) {
                return format!(
                    "in the program that signs: it {what}; the secret is the file's text without blanks at its end"
                );
            }
        }
    }
    let keys: Vec<String> = keys.keys.iter().map(Key::label).collect();
    format!("both sides need the same key; this host has: {}", keys.join("; "))
}

/// What programs take for the secret: the file with its line end, or what its text stands for.
fn mistaken(secret: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let mut others = vec![
        ("takes the line end of the file for a part of the secret", [secret, b"\n"].concat()),
        ("takes the line end of the file for a part of the secret", [secret, b"\r\n"].concat()),
    ];
    others.extend(hex::decode(secret).ok().map(|bytes| ("decodes the secret from hexadecimal", bytes)));
    others.extend(STANDARD.decode(secret).ok().map(|bytes| ("decodes the secret from base64", bytes)));
    others
}

/// What a claim looks like when it is right.
fn example(name: &str, asked: &Asked<'_>) -> String {
    let now_s = asked.now_s;
    match name {
        "iss" => {
            let own = asked.site.issuers.iter().find(|issuer| issuer.kind == IssuerKind::Jwt);
            format!("\"{}\"", own.map(|issuer| issuer.issuer.as_str()).unwrap_or_default())
        }
        "aud" => format!("\"{}\"", asked.site.id),
        "sub" => "\"4711\", the stable id of the person, as text without blanks at its ends".to_owned(),
        "iat" | "nbf" => format!("{now_s}, the seconds since 1970 as a number"),
        "exp" => format!("{}, the seconds since 1970 as a number", now_s + 300),
        "jti" => "\"6f1c...\", a new id for each token, of 1 to 128 bytes".to_owned(),
        "roles" | "groups" => "[\"...\"], a list of texts, 100 at the most".to_owned(),
        "page" => "\"policies/travel\", the key of the page, of 1 to 200 bytes".to_owned(),
        _ => "\"...\", a text".to_owned(),
    }
}

fn origin(site: &Site, claimed: &Value, asked: Option<&str>) -> String {
    let listed = site.origins.join(", ");
    match asked {
        Some(asked) if !site.origins.iter().any(|origin| origin == asked) => {
            format!("in sites.{}: origins = [..., \"{asked}\"] (now {listed})", site.id)
        }
        Some(asked) => format!("in the token's claims: \"origin\": \"{asked}\" (now {claimed})"),
        None => format!("in the token's claims: \"origin\", one of {listed}, or none (now {claimed})"),
    }
}
