//! Tokens that must not sign anybody in, and those at the edge that must.

pub(in crate::identity) mod keys;
mod provider;
mod said;
mod table;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{EncodingKey, crypto};
use serde_json::{Value, json};

use super::{Issuers, Vouched};
use crate::base::config::{Algorithm, ClaimNames, Issuer, IssuerKey, IssuerKind, Site};
use crate::identity::IdentityError;
use keys::{
    EC_JWK, EC_PRIVATE, EC_PUBLIC, ED_JWK, ED_PRIVATE, ED_PUBLIC, OTHER_SECRET, RSA_JWK, RSA_PRIVATE,
    RSA_PUBLIC, SECRET,
};

const NOW_S: i64 = 1_790_000_000;
const HOME: &str = "https://intranet.example";
/// A provider whose keys come as a set.
const LOGIN: &str = "https://login.example";
const PLAIN: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

/// An issuer of the test's site; its keys are given apart.
fn issuer(name: &str) -> Issuer {
    Issuer { issuer: name.to_owned(), algorithm: Some(Algorithm::HS256), ..Issuer::default() }
}

fn provider() -> Issuer {
    let roles = [("editors", "moderator"), ("Admins", "admin")];
    Issuer {
        issuer: LOGIN.to_owned(),
        kind: IssuerKind::Oidc,
        client_id: Some("widgets".to_owned()),
        claims: ClaimNames { title: "/job/title".to_owned(), ..ClaimNames::default() },
        roles: roles.map(|(group, role)| (group.to_owned(), role.to_owned())).into(),
        ..Issuer::default()
    }
}

fn key(kid: Option<&str>, algorithm: Algorithm) -> IssuerKey {
    let mut key = IssuerKey::in_file(algorithm, None, None);
    key.kid = kid.map(str::to_owned);
    key
}

/// The site `demo`: an issuer for each algorithm, one with two secrets by name, and a provider.
pub(in crate::identity) fn issuers() -> Issuers {
    let set = format!(r#"{{"keys":[{RSA_JWK},{EC_JWK},{ED_JWK}]}}"#);
    let one = |algorithm, bytes| [(key(None, algorithm), bytes)];
    let two = [
        (key(Some("2026-01"), Algorithm::HS256), SECRET),
        (key(Some("2026-02"), Algorithm::HS256), OTHER_SECRET),
    ];
    Issuers::default()
        .with(issuer("hs"), &one(Algorithm::HS256, SECRET))
        .and_then(|known| known.with(issuer("rs"), &one(Algorithm::RS256, RSA_PUBLIC)))
        .and_then(|known| known.with(issuer("es"), &one(Algorithm::ES256, EC_PUBLIC)))
        .and_then(|known| known.with(issuer("ed"), &one(Algorithm::EdDSA, ED_PUBLIC)))
        .and_then(|known| known.with(issuer("two"), &two))
        .and_then(|known| known.with(issuer("https://slash.example/"), &one(Algorithm::HS256, SECRET)))
        .and_then(|known| known.with_set(provider(), &set))
        .unwrap()
}

pub(in crate::identity) fn site() -> Site {
    let names = ["hs", "rs", "es", "ed", "two", "https://slash.example/"];
    Site {
        id: "demo".to_owned(),
        name: String::new(),
        origins: vec![HOME.to_owned(), "https://wiki.example".to_owned()],
        locale: "en".to_owned(),
        time_zone: "UTC".to_owned(),
        anonymous_read: false,
        profiles: crate::base::config::Profiles::default(),
        issuers: names.into_iter().map(issuer).chain([provider()]).collect(),
        proxy: None,
        scim: None,
        sign_in: None,
        pages: crate::base::config::PageReaders::default(),
        page_owners: Vec::new(),
        lti_key_file: None,
        plugins: std::collections::BTreeMap::new(),
        page: Vec::new(),
        moderation: stoa_rules::Moderation::default(),
    }
}

fn hs() -> EncodingKey {
    EncodingKey::from_secret(SECRET)
}

fn claims() -> Value {
    json!({"iss": "hs", "aud": "demo", "sub": "42", "iat": NOW_S, "exp": NOW_S + 300, "jti": "t1", "name": "Erin"})
}

/// The usual claims with some of them changed; null takes one away.
fn with(changes: Value) -> Value {
    changed(claims(), changes)
}

fn changed(mut claims: Value, changes: Value) -> Value {
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => claims.as_object_mut().unwrap().remove(name),
            value => claims.as_object_mut().unwrap().insert(name.clone(), value.clone()),
        };
    }
    claims
}

fn token(header: &str, payload: &str, key: &EncodingKey, algorithm: jsonwebtoken::Algorithm) -> String {
    let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
    let signature = crypto::sign(message.as_bytes(), key, algorithm).unwrap();
    format!("{message}.{signature}")
}

fn hs_token(header: &str, payload: &Value) -> String {
    hs_text(header, &payload.to_string())
}

fn hs_text(header: &str, payload: &str) -> String {
    token(header, payload, &hs(), jsonwebtoken::Algorithm::HS256)
}

/// Signed by the private key for `alg`, with this `kid`.
fn signed(alg: &str, kid: Option<&str>, payload: &Value) -> String {
    let (key, algorithm) = match alg {
        "RS256" => (EncodingKey::from_rsa_pem(RSA_PRIVATE), jsonwebtoken::Algorithm::RS256),
        "ES256" => (EncodingKey::from_ec_pem(EC_PRIVATE), jsonwebtoken::Algorithm::ES256),
        "EdDSA" => (EncodingKey::from_ed_pem(ED_PRIVATE), jsonwebtoken::Algorithm::EdDSA),
        _ => (Ok(hs()), jsonwebtoken::Algorithm::HS256),
    };
    let header = match kid {
        Some(kid) => json!({"alg": alg, "typ": "JWT", "kid": kid}),
        None => json!({"alg": alg, "typ": "JWT"}),
    };
    token(&header.to_string(), &payload.to_string(), &key.unwrap(), algorithm)
}

fn try_at(token: &str, origin: Option<&str>, now: i64) -> Result<Vouched, IdentityError> {
    issuers().check_now(token, &site(), origin, now)
}

fn attempt(token: &str) -> Result<Vouched, IdentityError> {
    try_at(token, Some(HOME), NOW_S * 1_000_000)
}

/// One row of a table: what is tried, the token, where from, and the code and a part of the text it is refused with;
/// both empty for one that is let in.
struct Row(String, String, Option<&'static str>, &'static str, &'static str);

/// A row for a token from a page of the site.
fn row(what: impl Into<String>, token: String, code: &'static str, text: &'static str) -> Row {
    Row(what.into(), token, Some(HOME), code, text)
}

/// Every row does as it says, and no two are the same.
fn check(rows: &[Row]) {
    let mut seen = std::collections::HashSet::new();
    for Row(what, token, origin, code, text) in rows {
        assert!(seen.insert((token, origin)), "{what}: is in the table twice");
        match try_at(token, *origin, NOW_S * 1_000_000) {
            Ok(_) => assert_eq!(*code, "", "{what}: was let in"),
            Err(error) => {
                assert_eq!(error.code(), *code, "{what}: {error}");
                assert!(error.to_string().contains(text), "{what}: {error}");
            }
        }
    }
}
