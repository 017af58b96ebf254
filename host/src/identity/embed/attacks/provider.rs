//! ID tokens of a provider, whose keys came as a set: one row for each attack or mistake.

use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};

use super::keys::{EC_PRIVATE, RSA_PUBLIC, SECRET};
use super::{HOME, LOGIN, NOW_S, Row, attempt, changed, check, row, signed, token};

fn claims() -> Value {
    json!({"iss": LOGIN, "aud": "widgets", "sub": "248289761001", "iat": NOW_S, "exp": NOW_S + 3_600,
        "name": "Erin Editor", "email": "erin@example.test", "nonce": "n-0S6", "at_hash": "MTIzNDU2Nzg5MDEyMzQ1Ng"})
}

fn with(changes: Value) -> Value {
    changed(claims(), changes)
}

fn id_token(payload: &Value) -> String {
    signed("RS256", Some("r1"), payload)
}

fn said(changes: Value, code: &'static str, text: &'static str) -> Row {
    row(changes.to_string(), id_token(&with(changes)), code, text)
}

fn keys() -> Vec<Row> {
    let good = claims();
    let by = |header: &str, key: &[u8]| {
        token(header, &good.to_string(), &EncodingKey::from_secret(key), Algorithm::HS256)
    };
    let ec = EncodingKey::from_ec_pem(EC_PRIVATE).unwrap();
    vec![
        row("RS256", id_token(&good), "", ""),
        row("ES256", signed("ES256", Some("e1"), &good), "", ""),
        row("EdDSA", signed("EdDSA", Some("d1"), &good), "", ""),
        row("no name of a key", signed("RS256", None, &good), "", ""),
        row("an unknown key", signed("RS256", Some("r2"), &good), "token_key", "`kid`"),
        row("the name of another key", signed("RS256", Some("e1"), &good), "token_algorithm", "`alg`"),
        row("a shared secret", by(r#"{"alg":"HS256"}"#, SECRET), "token_algorithm", "`alg`"),
        row(
            "the public key as one",
            by(r#"{"alg":"HS256","kid":"r1"}"#, RSA_PUBLIC),
            "token_algorithm",
            "`alg`",
        ),
        row(
            "a secret as RS256",
            by(r#"{"alg":"RS256","kid":"r1"}"#, RSA_PUBLIC),
            "token_signature",
            "signature",
        ),
        row(
            "ES256 as RS256",
            token(r#"{"alg":"RS256","kid":"r1"}"#, &good.to_string(), &ec, Algorithm::ES256),
            "token_signature",
            "signature",
        ),
        row(
            "an access token by its header",
            token(r#"{"alg":"ES256","kid":"e1","typ":"at+jwt"}"#, &good.to_string(), &ec, Algorithm::ES256),
            "token_type",
            "`typ`",
        ),
    ]
}

fn clients() -> Vec<Row> {
    vec![
        said(json!({"aud": ["widgets"]}), "", ""),
        said(json!({"aud": ["widgets", "wiki"], "azp": "widgets"}), "", ""),
        said(json!({"azp": "widgets"}), "", ""),
        said(json!({"aud": ["widgets", "wiki"]}), "token_audience", "`azp`"),
        said(json!({"aud": ["widgets", "wiki"], "azp": "wiki"}), "token_audience", "`azp`"),
        said(json!({"azp": "wiki"}), "token_audience", "`azp`"),
        said(json!({"azp": ["widgets"]}), "token_audience", "`azp`"),
        said(json!({"aud": "wiki"}), "token_audience", "`aud`"),
        said(json!({"aud": "demo"}), "token_audience", "`aud`"),
        said(json!({"aud": ["wiki"]}), "token_audience", "`aud`"),
        said(json!({"aud": []}), "token_audience", "`aud`"),
        said(json!({"aud": ""}), "token_audience", "`aud`"),
        said(json!({"aud": 7}), "token_audience", "`aud`"),
        said(json!({"aud": null}), "token_claim_missing", "`aud`"),
        said(json!({"iss": "https://login.example/"}), "token_issuer", "`iss`"),
        said(json!({"scope": "openid profile"}), "token_type", "not an ID token"),
        said(json!({"scp": ["User.Read"]}), "token_type", "not an ID token"),
        said(json!({"typ": "Bearer"}), "token_type", "not an ID token"),
        said(json!({"typ": "ID"}), "", ""),
        said(json!({"token_use": "access"}), "token_type", "not an ID token"),
        said(json!({"token_use": "id"}), "", ""),
        said(
            json!({"events": {"http://schemas.openid.net/event/backchannel-logout": {}}}),
            "token_type",
            "not an ID token",
        ),
        // One that a page could make itself, for another of its host's issuers.
        row(
            "a token of the site's own kind",
            id_token(&with(json!({"iss": "hs"}))),
            "token_algorithm",
            "`alg`",
        ),
    ]
}

fn times_and_people() -> Vec<Row> {
    vec![
        said(json!({"exp": NOW_S + 86_400}), "", ""),
        said(json!({"exp": NOW_S + 86_401}), "token_too_lived", "86400 seconds"),
        said(json!({"iat": NOW_S - 3_600, "exp": NOW_S - 61}), "token_expired", "(`exp`)"),
        said(json!({"iat": NOW_S + 61}), "token_not_yet", "`iat`"),
        said(json!({"nbf": NOW_S + 61}), "token_not_yet", "`nbf`"),
        said(json!({"iat": null}), "token_claim_missing", "`iat`"),
        said(json!({"exp": null}), "token_claim_missing", "`exp`"),
        said(json!({"sub": null}), "token_claim_missing", "`sub`"),
        said(json!({"sub": ""}), "token_claim", "`sub`"),
        said(json!({"sub": 7}), "token_claim", "`sub`"),
        said(json!({"sub": "x".repeat(256)}), "token_claim", "`sub`"),
        said(json!({"name": 7}), "token_claim", "`name`"),
        said(json!({"email": {}}), "token_claim", "`email`"),
        said(json!({"groups": 7}), "token_claim", "`groups`"),
        said(json!({"groups": [7]}), "token_claim", "`groups`"),
        said(json!({"groups": vec!["g"; 501]}), "token_claim", "`groups`"),
        said(json!({"groups": vec!["g"; 500]}), "", ""),
        said(json!({"job": {"title": 1}}), "token_claim", "`title`"),
        said(json!({"name": "x".repeat(9_000)}), "", ""),
        said(json!({"name": "x".repeat(13_000)}), "token_too_long", "16 KiB"),
        said(json!({"nonce": 7, "at_hash": [], "acr": "0"}), "", ""),
    ]
}

#[test]
fn every_id_token_of_the_table_is_taken_or_refused_as_documented() {
    let rows: Vec<Row> = [keys(), clients(), times_and_people()].into_iter().flatten().collect();
    check(&rows);
    assert!(rows.len() >= 50, "{} rows", rows.len());
}

#[test]
fn an_id_token_tells_who_it_is_and_groups_give_roles() {
    let person = |changes: Value| attempt(&id_token(&with(changes))).unwrap().claims;
    let erin = person(json!({"groups": ["editors", "all"], "job": {"title": "Editor"}, "roles": ["admin"]}));
    assert_eq!((erin.issuer.as_str(), erin.subject.as_str()), (LOGIN, "248289761001"));
    assert_eq!(erin.name.as_deref(), Some("Erin Editor"));
    assert_eq!((erin.email.as_deref(), erin.title.as_deref()), (Some("erin@example.test"), Some("Editor")));
    assert_eq!(erin.roles, Some(vec!["moderator".to_owned()]), "the claim `roles` is not asked");
    assert_eq!(erin.groups, Some(vec!["editors".to_owned(), "all".to_owned()]));
    assert_eq!(person(json!({"groups": "Admins"})).roles, Some(vec!["admin".to_owned()]));
    for odd in [
        json!(null),
        json!([]),
        json!(["Editors"]),
        json!(["editors "]),
        json!(["admins"]),
        json!("editors,Admins"),
    ] {
        assert_eq!(
            person(json!({"groups": odd})).roles,
            Some(Vec::new()),
            "{odd}: no role is kept without its group"
        );
    }
    let unverified = person(json!({"email_verified": false, "name": null, "preferred_username": "erin"}));
    assert_eq!((unverified.email, unverified.name.as_deref()), (None, Some("erin")));
    assert_eq!(person(json!({"name": null})).name.as_deref(), Some("248289761001"));
}

#[test]
fn an_id_token_may_be_used_longer_and_is_known_by_what_is_signed() {
    let vouched = |exp_s: i64| attempt(&id_token(&with(json!({"exp": NOW_S + exp_s})))).unwrap();
    assert_eq!([vouched(300).uses_max, vouched(600).uses_max, vouched(3_600).uses_max], [50, 100, 350]);
    // Two signatures with ES256 of one message differ; the token is the same.
    let (one, two) = (signed("ES256", Some("e1"), &claims()), signed("ES256", Some("e1"), &claims()));
    assert_eq!(attempt(&one).unwrap().id, attempt(&two).unwrap().id);
    assert_ne!(attempt(&one).unwrap().id, vouched(300).id);
    assert!(super::try_at(&one, Some("https://evil.example"), NOW_S * 1_000_000).is_err());
    assert!(super::try_at(&one, Some(HOME), NOW_S * 1_000_000).is_ok());
}
