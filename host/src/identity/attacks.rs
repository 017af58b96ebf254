//! Tokens that must not sign anybody in, and those at the edge that must. Keys are made for this test alone.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{EncodingKey, crypto};
use serde_json::{Value, json};

use super::IdentityError;
use super::embed::{Issuers, Vouched, check};
use crate::base::config::{Algorithm, Issuer, Site};

const NOW_S: i64 = 1_790_000_000;
const SECRET: &[u8] = b"0123456789abcdef0123456789abcdef";
const OTHER_SECRET: &[u8] = b"fedcba9876543210fedcba9876543210";
const HOME: &str = "https://intranet.example";

const EC_PRIVATE: &[u8] = b"-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgPfFud4btCzYU9qcr
G1W/9HVpYaLLMrkdbbYnUs5P7+WhRANCAATI6dRTpV4mRpBrJIyQ8BuTHzR5hTUX
5vp0r4N3JJTNb9+y5tWLUb6bNdKcTwFn8DnxiV3nxnRLT4XuzZT/umyF
-----END PRIVATE KEY-----
";
const EC_PUBLIC: &[u8] = b"-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEyOnUU6VeJkaQaySMkPAbkx80eYU1
F+b6dK+DdySUzW/fsubVi1G+mzXSnE8BZ/A58Yld58Z0S0+F7s2U/7pshQ==
-----END PUBLIC KEY-----
";
const ED_PRIVATE: &[u8] = b"-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJCDrUdBhxTFg0U46zTtQAw8D9zAygFRoGVkEmb1h54J
-----END PRIVATE KEY-----
";
const ED_PUBLIC: &[u8] = b"-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEA9xlaS/Vwoc2WfZq00If5MZvzwFJ2sQfsDb402zYUStE=
-----END PUBLIC KEY-----
";

fn issuer(issuer: &str, algorithm: Algorithm) -> Issuer {
    Issuer { issuer: issuer.to_owned(), algorithm, secret_file: None, key_file: None }
}

fn site(id: &str) -> Site {
    let issuers = match id {
        "demo" => vec![
            issuer("hs", Algorithm::HS256),
            issuer("es", Algorithm::ES256),
            issuer("ed", Algorithm::EdDSA),
        ],
        _ => vec![issuer("hs-other", Algorithm::HS256)],
    };
    Site {
        id: id.to_owned(),
        name: String::new(),
        origins: vec![HOME.to_owned(), "https://wiki.example".to_owned()],
        locale: "en".to_owned(),
        time_zone: "UTC".to_owned(),
        anonymous_read: false,
        issuers,
        plugins: std::collections::BTreeMap::new(),
        page: Vec::new(),
        moderation: stoa_rules::Moderation::default(),
    }
}

fn issuers() -> Issuers {
    Issuers::default()
        .with("hs", Algorithm::HS256, SECRET)
        .and_then(|known| known.with("es", Algorithm::ES256, EC_PUBLIC))
        .and_then(|known| known.with("ed", Algorithm::EdDSA, ED_PUBLIC))
        .unwrap()
}

fn hs() -> EncodingKey {
    EncodingKey::from_secret(SECRET)
}

fn claims() -> Value {
    json!({"iss": "hs", "aud": "demo", "sub": "42", "iat": NOW_S, "exp": NOW_S + 300, "jti": "t1", "name": "Erin"})
}

/// The usual claims with some of them changed; null takes one away.
fn with(changes: Value) -> Value {
    let mut claims = claims();
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
    token(header, &payload.to_string(), &hs(), jsonwebtoken::Algorithm::HS256)
}

fn try_at(token: &str, origin: Option<&str>, now: i64) -> Result<Vouched, IdentityError> {
    check(token, &site("demo"), &issuers(), origin, now)
}

fn attempt(token: &str) -> Result<Vouched, IdentityError> {
    try_at(token, Some(HOME), NOW_S * 1_000_000)
}

const PLAIN: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

/// Claims that differ from good ones are refused with a text that has `expected` in it.
fn refuse(what: &str, changes: Value, expected: &str) {
    refuse_token(what, &hs_token(PLAIN, &with(changes)), expected);
}

fn refuse_token(what: &str, token: &str, expected: &str) {
    match attempt(token) {
        Ok(_) => panic!("{what}: was let in"),
        Err(error) => assert!(error.to_string().contains(expected), "{what}: {error}"),
    }
}

fn refuse_header(header: &str, expected: &str) {
    refuse_token(header, &hs_token(header, &claims()), expected);
}

#[test]
fn good_tokens_of_each_algorithm_are_believed() {
    let es = EncodingKey::from_ec_pem(EC_PRIVATE).unwrap();
    let ed = EncodingKey::from_ed_pem(ED_PRIVATE).unwrap();
    let es_claims = with(json!({"iss": "es"})).to_string();
    let ed_claims = with(json!({"iss": "ed"})).to_string();
    let tokens = [
        hs_token(PLAIN, &claims()),
        hs_token(r#"{"alg":"HS256"}"#, &claims()),
        hs_token(r#"{"alg":"HS256","typ":"jwt","kid":"2026-01"}"#, &claims()),
        token(r#"{"alg":"ES256","typ":"JWT"}"#, &es_claims, &es, jsonwebtoken::Algorithm::ES256),
        token(r#"{"alg":"EdDSA","typ":"JWT"}"#, &ed_claims, &ed, jsonwebtoken::Algorithm::EdDSA),
    ];
    for token in tokens {
        assert_eq!(attempt(&token).unwrap().claims.subject, "42", "{token}");
    }
}

#[test]
fn the_header_does_not_choose_the_rules_or_the_key() {
    refuse_header(r#"{"alg":"none"}"#, "alg");
    refuse_header(r#"{"alg":"None","typ":"JWT"}"#, "alg");
    refuse_header(r#"{"alg":"hs256"}"#, "alg");
    refuse_header(r#"{"alg":"HS512"}"#, "alg");
    refuse_header(r#"{"alg":"RS256"}"#, "alg");
    refuse_header(r#"{"alg":"ES256"}"#, "alg");
    refuse_header(r#"{"alg":["HS256"]}"#, "alg");
    refuse_header(r#"{"typ":"JWT"}"#, "JWT of three parts");
    refuse_header(r#"{"alg":"HS256","alg":"none"}"#, "JWT of three parts");
    refuse_header(r#"{"alg":"HS256","typ":"at+jwt"}"#, "`typ`");
    refuse_header(r#"{"alg":"HS256","typ":"logout+jwt"}"#, "`typ`");
    refuse_header(r#"{"alg":"HS256","typ":["JWT"]}"#, "`typ`");
    refuse_header(r#"{"alg":"HS256","jku":"https://evil.example/keys"}"#, "`jku`");
    refuse_header(r#"{"alg":"HS256","x5u":"https://evil.example/cert"}"#, "`x5u`");
    refuse_header(r#"{"alg":"HS256","x5c":["AAAA"]}"#, "`x5c`");
    refuse_header(r#"{"alg":"HS256","jwk":{"kty":"oct","k":"AAAA"}}"#, "`jwk`");
    refuse_header(r#"{"alg":"HS256","crit":["exp"]}"#, "`crit`");
    refuse_header(r#"{"alg":"HS256","crit":["b64"],"b64":false}"#, "`crit`");
    refuse_header(r#"{"alg":"HS256","zip":"DEF"}"#, "`zip`");
    refuse_header(r#"["HS256"]"#, "JWT of three parts");
    refuse_header("", "JWT of three parts");
}

#[test]
fn a_name_of_a_key_finds_no_other_key() {
    for kid in ["/dev/null", "../../demo.secret", "x' union select 'k", "hs-other", ""] {
        let header = json!({"alg": "HS256", "typ": "JWT", "kid": kid}).to_string();
        let forged = token(
            &header,
            &claims().to_string(),
            &EncodingKey::from_secret(b""),
            jsonwebtoken::Algorithm::HS256,
        );
        refuse_token(kid, &forged, "signature");
    }
}

#[test]
fn a_signature_has_to_be_made_with_the_issuers_key() {
    let good = hs_token(PLAIN, &claims());
    let (message, signature) = good.rsplit_once('.').unwrap();
    let other = hs_token(PLAIN, &with(json!({"sub": "1"})));
    let swapped = format!("{}.{signature}", other.rsplit_once('.').unwrap().0);
    refuse_token("no signature", &format!("{message}."), "signature");
    refuse_token("another token's signature", &swapped, "signature");
    refuse_token("a cut signature", &good[..good.len() - 2], "signature");
    let none = format!(
        "{}.{}.",
        URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#),
        URL_SAFE_NO_PAD.encode(claims().to_string())
    );
    refuse_token("no algorithm and no signature", &none, "alg");
    // The public key, which everybody has, used as a shared secret.
    for (issuer, key) in [("es", EC_PUBLIC), ("ed", ED_PUBLIC)] {
        let payload = with(json!({"iss": issuer})).to_string();
        let confused = token(PLAIN, &payload, &EncodingKey::from_secret(key), jsonwebtoken::Algorithm::HS256);
        refuse_token(issuer, &confused, "alg");
        let named = format!(r#"{{"alg":"{}"}}"#, if issuer == "es" { "ES256" } else { "EdDSA" });
        let confused =
            token(&named, &payload, &EncodingKey::from_secret(key), jsonwebtoken::Algorithm::HS256);
        refuse_token(issuer, &confused, "signature");
    }
}

#[test]
fn a_token_is_three_parts_of_bounded_length() {
    let good = hs_token(PLAIN, &claims());
    for odd in [
        "",
        ".",
        "..",
        "a.b",
        "a.b.c",
        "a.b.c.d.e",
        &format!("{good}.x"),
        &format!(" {good}"),
        &format!("{good}=="),
    ] {
        assert!(attempt(odd).is_err(), "{odd:?}");
    }
    refuse("a giant claim", json!({"name": "x".repeat(9_000)}), "8 KiB");
    refuse("a list too long", json!({"groups": vec!["g"; 101]}), "`groups`");
    let deep = format!("{}{}", "[".repeat(2_000), "]".repeat(2_000));
    let deep = format!(r#"{{"iss":"hs","name":{deep}}}"#);
    refuse_token(
        "nested too deeply",
        &token(PLAIN, &deep, &hs(), jsonwebtoken::Algorithm::HS256),
        "JWT of three",
    );
    let twice = claims().to_string().replacen("\"sub\":\"42\"", "\"sub\":\"42\",\"sub\":\"1\"", 1);
    refuse_token(
        "a claim twice",
        &token(PLAIN, &twice, &hs(), jsonwebtoken::Algorithm::HS256),
        "JWT of three",
    );
}

#[test]
fn a_token_of_another_site_or_issuer_is_refused() {
    refuse("another site", json!({"aud": "other"}), "`aud`");
    refuse("a list of sites", json!({"aud": ["demo"]}), "`aud`");
    refuse("a site that starts alike", json!({"aud": "demo2"}), "`aud`");
    refuse("no site", json!({"aud": null}), "`aud`");
    refuse("an unknown issuer", json!({"iss": "evil"}), "`iss`");
    refuse("a list of issuers", json!({"iss": ["hs"]}), "`iss`");
    refuse("no issuer", json!({"iss": null}), "`iss`");
    refuse("an issuer of another site", json!({"iss": "hs-other"}), "`iss`");
    let foreign = with(json!({"iss": "hs-other", "aud": "other"})).to_string();
    let foreign =
        token(PLAIN, &foreign, &EncodingKey::from_secret(OTHER_SECRET), jsonwebtoken::Algorithm::HS256);
    refuse_token("a good token of another site", &foreign, "`iss`");
}

#[test]
fn a_person_has_a_plain_subject_and_a_token_an_id() {
    for odd in [
        json!(""),
        json!(" 42"),
        json!(42),
        json!("x".repeat(201)),
        json!("4\u{200b}2"),
        json!("4\u{0}2"),
        json!("\u{202e}24"),
        json!("e\u{301}rin"),
    ] {
        refuse("a subject", json!({"sub": odd}), "`sub`");
    }
    refuse("subjects as a list", json!({"sub": ["42"]}), "JWT of three parts");
    refuse("no subject", json!({"sub": null}), "`sub`");
    refuse("no id", json!({"jti": null}), "`jti`");
    refuse("an empty id", json!({"jti": ""}), "`jti`");
    refuse("a long id", json!({"jti": "x".repeat(129)}), "`jti`");
    refuse("a name that is no text", json!({"name": {"x": 1}}), "`name`");
    refuse("roles as a text", json!({"roles": "admin"}), "`roles`");
}

#[test]
fn times_are_needed_sensible_and_short() {
    refuse("no end", json!({"exp": null}), "`exp`");
    refuse("no start", json!({"iat": null}), "`iat`");
    refuse("an end as text", json!({"exp": "2099-01-01"}), "`exp`");
    refuse("milliseconds", json!({"exp": (NOW_S + 300) * 1_000}), "`exp`");
    refuse("an end beyond all numbers", json!({"exp": u64::MAX}), "`exp`");
    refuse("an end before 1970", json!({"exp": -1}), "`exp`");
    refuse("an infinite end", json!({"exp": 1e300}), "`exp`");
    refuse("a life too long", json!({"exp": NOW_S + 601}), "600 seconds");
    refuse("a start long ago", json!({"iat": NOW_S - 400, "exp": NOW_S + 201}), "600 seconds");
    assert!(attempt(&hs_token(PLAIN, &with(json!({"exp": NOW_S + 600})))).is_ok());
    assert!(attempt(&hs_token(PLAIN, &with(json!({"iat": 1_789_999_999.5})))).is_ok());
}

#[test]
fn clocks_may_differ_by_sixty_seconds_and_not_by_one_more() {
    let check = |changes: Value, expected: bool| {
        let result = attempt(&hs_token(PLAIN, &with(changes.clone())));
        assert_eq!(result.is_ok(), expected, "{changes}: {result:?}");
    };
    check(json!({"iat": NOW_S - 300, "exp": NOW_S - 60}), true);
    check(json!({"iat": NOW_S - 300, "exp": NOW_S - 61}), false);
    check(json!({"iat": NOW_S + 60, "exp": NOW_S + 300}), true);
    check(json!({"iat": NOW_S + 61, "exp": NOW_S + 300}), false);
    check(json!({"nbf": NOW_S + 60}), true);
    check(json!({"nbf": NOW_S + 61}), false);
    check(json!({"nbf": "soon"}), false);
}

#[test]
fn a_token_is_used_where_it_was_made_for() {
    let bound = hs_token(PLAIN, &with(json!({"origin": HOME})));
    let free = hs_token(PLAIN, &claims());
    let check = |token: &str, origin: Option<&str>, expected: bool| {
        assert_eq!(try_at(token, origin, NOW_S * 1_000_000).is_ok(), expected, "{origin:?}");
    };
    check(&bound, Some(HOME), true);
    check(&bound, Some("https://wiki.example"), false);
    check(&bound, None, false);
    check(&free, Some("https://wiki.example"), true);
    check(&free, None, true);
    for odd in [
        "null",
        "https://intranet.example.evil.example",
        "https://evil-intranet.example",
        "http://intranet.example",
        "https://intranet.example:444",
        "https://INTRANET.example",
        "",
    ] {
        check(&free, Some(odd), false);
    }
    refuse("an origin as a list", json!({"origin": [HOME]}), "origin");
}

#[test]
fn what_is_said_of_a_person_is_cleaned() {
    let full = with(json!({"name": " \u{202e}Erin\u{0} ", "email": "erin@example.test", "title": "Editor\n",
        "roles": ["admin", "root", "Moderator", "admin"], "groups": ["all", ""], "team": 0}));
    assert!(attempt(&hs_token(PLAIN, &full)).is_err(), "a team that is no text");
    let full = with(json!({"name": " \u{202e}Erin\u{0} ", "email": "erin@example.test", "title": "Editor\n",
        "roles": ["admin", "root", "Moderator", "admin"], "groups": ["all"]}));
    let person = attempt(&hs_token(PLAIN, &full)).unwrap().claims;
    assert_eq!(person.name.as_deref(), Some("Erin"));
    assert_eq!(person.email.as_deref(), Some("erin@example.test"));
    assert_eq!(person.title.as_deref(), Some("Editor"));
    assert_eq!(person.roles, Some(vec!["admin".to_owned()]));
    assert_eq!(person.groups, Some(vec!["all".to_owned()]));
    assert_eq!((person.team, person.issued_at), (None, NOW_S * 1_000_000));
    let blank = attempt(&hs_token(PLAIN, &with(json!({"name": "\u{200b}"})))).unwrap().claims;
    assert_eq!(blank.name.as_deref(), Some("42"));
    let silent = attempt(&hs_token(PLAIN, &with(json!({"name": null})))).unwrap().claims;
    assert_eq!((silent.name, silent.roles), (None, None), "what is not said does not erase");
}

#[test]
fn keys_that_are_too_weak_or_of_another_kind_are_not_taken() {
    let take = |algorithm, bytes| Issuers::default().with("x", algorithm, bytes).map(|_| ());
    assert!(take(Algorithm::HS256, b"short\n").unwrap_err().to_string().contains("hint:"));
    assert!(take(Algorithm::ES256, SECRET).is_err());
    assert!(take(Algorithm::ES256, ED_PUBLIC).is_err());
    assert!(take(Algorithm::EdDSA, EC_PUBLIC).is_err());
    assert!(take(Algorithm::EdDSA, EC_PRIVATE).is_err());
}

#[test]
fn nothing_that_is_printed_has_a_secret_in_it() {
    let good = hs_token(PLAIN, &claims());
    let texts = [format!("{:?}", issuers()), format!("{:?}", attempt(&good[..good.len() - 2]).unwrap_err())];
    for text in texts {
        assert!(!text.contains("0123456789") && !text.contains(&good[..20]), "{text}");
    }
}

#[test]
fn a_role_is_a_role_only_as_it_was_signed() {
    for odd in [
        "adm\u{ad}in",
        "admin\u{200b}",
        "admin\u{0}",
        " admin",
        "admin ",
        "admin\n",
        "Admin",
        "\u{ff41}dmin",
        "\u{430}dmin",
        "admin,moderator",
    ] {
        let given = attempt(&hs_token(PLAIN, &with(json!({"roles": [odd, "expert"]})))).unwrap();
        assert_eq!(given.claims.roles, Some(vec!["expert".to_owned()]), "{odd:?}");
    }
    refuse("a role that is no text", json!({"roles": ["expert", 7]}), "`roles`");
}

#[test]
fn a_token_may_name_its_page() {
    let named = |changes: Value| attempt(&hs_token(PLAIN, &with(changes))).unwrap().page;
    assert_eq!(named(json!({"page_title": "Travel"})), None, "a title of no page");
    let page = named(json!({"page": "policies/travel", "page_title": " Tra\u{202e}vel ", "page_url": HOME}));
    let page = page.unwrap();
    assert_eq!(
        (page.key.as_str(), page.title.as_str(), page.url.as_str()),
        ("policies/travel", "Travel", HOME)
    );
    refuse("an empty key", json!({"page": ""}), "`page`");
    refuse("a long key", json!({"page": "x".repeat(201)}), "`page`");
    refuse("a key that is no text", json!({"page": 7}), "`page`");
    refuse("a title that is no text", json!({"page": "p", "page_title": []}), "`page_title`");
}
