//! Tokens of the embedding system: one row for each attack or mistake, with the code and the text it is refused with.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};

use super::keys::{EC_PUBLIC, ED_PUBLIC, OTHER_SECRET, RSA_PUBLIC, SECRET};
use super::{HOME, NOW_S, PLAIN, Row, check, claims, hs_text, hs_token, row, signed, token, try_at, with};

/// The usual claims with some changed, signed as they should be.
fn said(what: &str, changes: Value, code: &'static str, text: &'static str) -> Row {
    row(format!("{what} {changes}"), hs_token(PLAIN, &with(changes)), code, text)
}

fn header(header: &str, code: &'static str, text: &'static str) -> Row {
    row(header, hs_token(header, &claims()), code, text)
}

fn good() -> String {
    hs_token(PLAIN, &claims())
}

fn headers() -> Vec<Row> {
    let mut rows = vec![
        header(r#"{"alg":"HS256"}"#, "", ""),
        header(r#"{"alg":"HS256","typ":"jwt"}"#, "", ""),
        header(r#"{"alg":"HS256","typ":"JWT","kid":"any"}"#, "", ""),
        header(r#"{"alg":"HS256","kid":null}"#, "", ""),
        header(r#"{"alg":"HS256","kid":7}"#, "token_key", "`kid`"),
        header(r#"{"alg":"HS256","kid":["2026-01"]}"#, "token_key", "`kid`"),
        header(r#"{"typ":"JWT"}"#, "token_malformed", "JWT of three parts"),
        header(r#"{"alg":"HS256","alg":"none"}"#, "token_malformed", "JWT of three parts"),
        header(r#"["HS256"]"#, "token_malformed", "JWT of three parts"),
        header(r#""HS256""#, "token_malformed", "JWT of three parts"),
        header("", "token_malformed", "JWT of three parts"),
        header("{", "token_malformed", "JWT of three parts"),
    ];
    for alg in [
        "none", "None", "NONE", "nOnE", "hs256", "HS256 ", "HS512", "HS384", "RS256", "ES256", "PS256",
        "EdDSA", "",
    ] {
        rows.push(header(&json!({"alg": alg}).to_string(), "token_algorithm", "`alg`"));
    }
    for alg in [json!(["HS256"]), json!(null), json!(256), json!({"HS256": true})] {
        rows.push(header(&json!({"alg": alg}).to_string(), "token_algorithm", "`alg`"));
    }
    for typ in [json!("at+jwt"), json!("logout+jwt"), json!("JWS"), json!(["JWT"]), json!("")] {
        rows.push(header(&json!({"alg": "HS256", "typ": typ}).to_string(), "token_type", "`typ`"));
    }
    for (name, value, text) in [
        ("jku", json!("https://evil.example/keys"), "`jku`"),
        ("jwk", json!({"kty": "oct", "k": "AAAA"}), "`jwk`"),
        ("x5u", json!("https://evil.example/cert"), "`x5u`"),
        ("x5c", json!(["AAAA"]), "`x5c`"),
        ("crit", json!(["exp"]), "`crit`"),
        ("crit", json!([]), "`crit`"),
        ("zip", json!("DEF"), "`zip`"),
        ("enc", json!("A256GCM"), "`enc`"),
        ("b64", json!(false), "`b64`"),
    ] {
        rows.push(header(&json!({"alg": "HS256", name: value}).to_string(), "token_header", text));
    }
    rows
}

/// A key by its name: only the issuer's own, and no file, address or query.
fn names_of_keys() -> Vec<Row> {
    let two = with(json!({"iss": "two"}));
    let other = EncodingKey::from_secret(OTHER_SECRET);
    let forged = |kid: &str, key: &[u8]| {
        let header = json!({"alg": "HS256", "typ": "JWT", "kid": kid}).to_string();
        token(&header, &claims().to_string(), &EncodingKey::from_secret(key), Algorithm::HS256)
    };
    let second = |kid: &str| {
        token(&format!(r#"{{"alg":"HS256","kid":"{kid}"}}"#), &two.to_string(), &other, Algorithm::HS256)
    };
    let mut rows = vec![
        row("the first key by its name", signed("HS256", Some("2026-01"), &two), "", ""),
        row("the second by its name", second("2026-02"), "", ""),
        row("the second without a name", token(PLAIN, &two.to_string(), &other, Algorithm::HS256), "", ""),
        row("the second by the name of the first", second("2026-01"), "token_signature", "signature"),
        row(
            "the first by the name of the second",
            signed("HS256", Some("2026-02"), &two),
            "token_signature",
            "key",
        ),
        row("a key that was taken away", signed("HS256", Some("2025-12"), &two), "token_key", "`kid`"),
        row("a name that only starts alike", signed("HS256", Some("2026-0"), &two), "token_key", "`kid`"),
        row("a name in other letters", signed("HS256", Some("2026-01 "), &two), "token_key", "`kid`"),
    ];
    for kid in [
        "/dev/null",
        "../../demo.secret",
        "x' union select 'k",
        "| cat site.secret",
        "https://evil.example/k",
        "two",
        "",
    ] {
        rows.push(row(
            format!("an empty key by the name {kid:?}"),
            forged(kid, b""),
            "token_signature",
            "signature",
        ));
    }
    rows
}

fn signatures() -> Vec<Row> {
    let good = good();
    let (message, signature) = good.rsplit_once('.').unwrap();
    let other = hs_token(PLAIN, &with(json!({"sub": "1"})));
    let swapped = format!("{}.{signature}", other.rsplit_once('.').unwrap().0);
    let unsigned = |alg: &str| {
        let header = URL_SAFE_NO_PAD.encode(json!({"alg": alg}).to_string());
        format!("{header}.{}.", URL_SAFE_NO_PAD.encode(claims().to_string()))
    };
    let mut rows = vec![
        row("no signature", format!("{message}."), "token_signature", "signature"),
        row("another token's signature", swapped, "token_signature", "signature"),
        row("a cut signature", good[..good.len() - 2].to_owned(), "token_signature", "signature"),
        row("a longer signature", format!("{good}AAAA"), "token_signature", "signature"),
        row("a signature of zeros", format!("{message}.{}", "A".repeat(43)), "token_signature", "signature"),
        row("no algorithm and no signature", unsigned("none"), "token_algorithm", "`alg`"),
        row("the algorithm and no signature", unsigned("HS256"), "token_signature", "signature"),
        row(
            "another secret",
            token(PLAIN, &claims().to_string(), &EncodingKey::from_secret(OTHER_SECRET), Algorithm::HS256),
            "token_signature",
            "without added spaces",
        ),
        row(
            "the secret with a line end",
            token(
                PLAIN,
                &claims().to_string(),
                &EncodingKey::from_secret(&[SECRET, b"\n"].concat()),
                Algorithm::HS256,
            ),
            "token_signature",
            "without added spaces",
        ),
    ];
    // The public key, which everybody has, used as a shared secret.
    for (issuer, alg, key) in
        [("rs", "RS256", RSA_PUBLIC), ("es", "ES256", EC_PUBLIC), ("ed", "EdDSA", ED_PUBLIC)]
    {
        let payload = with(json!({"iss": issuer}));
        rows.push(row(format!("a good {alg}"), signed(alg, None, &payload), "", ""));
        let secret = EncodingKey::from_secret(key);
        let forged = |header: &str| token(header, &payload.to_string(), &secret, Algorithm::HS256);
        rows.push(row(format!("HS256 by {alg}'s key"), forged(PLAIN), "token_algorithm", "`alg`"));
        let named = json!({"alg": alg}).to_string();
        rows.push(row(format!("HS256 as {alg}"), forged(&named), "token_signature", "signature"));
    }
    for (issuer, alg) in [("rs", "ES256"), ("es", "EdDSA"), ("ed", "RS256"), ("hs", "RS256"), ("hs", "EdDSA")]
    {
        let other = signed(alg, None, &with(json!({"iss": issuer})));
        rows.push(row(format!("{alg} for {issuer}"), other, "token_algorithm", "`alg`"));
    }
    rows
}

/// What is no JWT at all, or no longer one.
fn forms() -> Vec<Row> {
    let good = good();
    let parts: Vec<&str> = good.split('.').collect();
    let bad = |what: &str, token: String| row(what, token, "token_malformed", "JWT of three parts");
    let standard = format!(
        "{}.{}.{}",
        STANDARD.encode(r#"{"alg":"HS256","x":"??>"}"#),
        STANDARD.encode(claims().to_string()),
        parts[2]
    );
    let deep = format!(r#"{{"iss":"hs","name":{}{}}}"#, "[".repeat(2_000), "]".repeat(2_000));
    let text = claims().to_string();
    let twice = |name: &str, value: &str| {
        let first = format!("\"{name}\":");
        assert!(text.contains(&first));
        hs_text(PLAIN, &text.replacen(&first, &format!("\"{name}\":{value},\"{name}\":"), 1))
    };
    vec![
        bad("nothing", String::new()),
        bad("a dot", ".".to_owned()),
        bad("two dots", "..".to_owned()),
        bad("two parts", "a.b".to_owned()),
        bad("three letters", "a.b.c".to_owned()),
        bad("five parts, as of an encrypted token", "a.b.c.d.e".to_owned()),
        bad("a fourth part", format!("{good}.x")),
        bad("a blank in front", format!(" {good}")),
        bad("`Bearer` in front", format!("Bearer {good}")),
        row("a line end behind", format!("{good}\n"), "token_signature", "signature"),
        row("padding behind", format!("{good}="), "token_signature", "signature"),
        bad("padding in the claims", format!("{}.{}==.{}", parts[0], parts[1], parts[2])),
        bad(
            "padded parts",
            format!("{}.{}.{}", URL_SAFE.encode(PLAIN), URL_SAFE.encode(format!("{text}  ")), parts[2]),
        ),
        bad("the other base64", standard),
        bad("claims without a header", format!(".{}.{}", parts[1], parts[2])),
        bad("a header without claims", format!("{}..{}", parts[0], parts[2])),
        bad("claims that are no JSON", hs_text(PLAIN, "sub=42")),
        bad("claims that are a list", hs_text(PLAIN, "[]")),
        bad("claims that are a text", hs_text(PLAIN, "\"hs\"")),
        bad("claims cut short", hs_text(PLAIN, &text[..text.len() - 1])),
        bad("more behind the claims", hs_text(PLAIN, &format!("{text}{text}"))),
        bad("claims nested too deeply", hs_text(PLAIN, &deep)),
        bad("a subject twice", twice("sub", "\"1\"")),
        bad("a site twice", twice("aud", "\"other\"")),
        bad("an issuer twice", twice("iss", "\"two\"")),
        bad("an end twice", twice("exp", "1")),
        said("a giant claim", json!({"name": "x".repeat(9_000)}), "token_too_long", "8 KiB"),
        row("a giant token", "x".repeat(17 * 1024), "token_too_long", "8 KiB"),
        said("claims that nobody reads", json!({"x": {"y": [1, {"z": null}]}, "": 1}), "", ""),
    ]
}

fn places() -> Vec<Row> {
    let aud = |aud: Value| said("aud", json!({"aud": aud}), "token_audience", "`aud`");
    let iss = |iss: &str| said("iss", json!({"iss": iss}), "token_issuer", "`iss`");
    let foreign = with(json!({"iss": "hs-other", "aud": "other"})).to_string();
    let foreign = token(PLAIN, &foreign, &EncodingKey::from_secret(OTHER_SECRET), Algorithm::HS256);
    vec![
        aud(json!("other")),
        aud(json!(["demo"])),
        aud(json!(["demo", "other"])),
        aud(json!({"demo": true})),
        aud(json!("demo2")),
        aud(json!("dem")),
        aud(json!("DEMO")),
        aud(json!("demo ")),
        aud(json!("")),
        aud(json!("dem\u{43e}")),
        said("aud", json!({"aud": null}), "token_claim_missing", "`aud`"),
        iss("evil"),
        iss("hs/"),
        iss("HS"),
        iss(" hs"),
        iss("h\u{455}"),
        iss(""),
        iss("https://slash.example"),
        said("iss", json!({"iss": "https://slash.example/"}), "", ""),
        said("iss", json!({"iss": ["hs"]}), "token_claim", "`iss`"),
        said("iss", json!({"iss": null}), "token_claim_missing", "`iss`"),
        row("a good token of another site", foreign, "token_issuer", "`iss`"),
        row(
            "the key of one issuer for another",
            hs_token(PLAIN, &with(json!({"iss": "rs"}))),
            "token_algorithm",
            "`alg`",
        ),
        said("origin", json!({"origin": HOME}), "", ""),
        said("origin", json!({"origin": [HOME]}), "token_origin", "origin"),
        said("origin", json!({"origin": ""}), "token_origin", "origin"),
        said("origin", json!({"origin": "https://intranet.example/"}), "token_origin", "origin"),
        said("origin", json!({"origin": "https://wiki.example"}), "token_origin", "origin"),
    ]
}

/// From where the request comes, with a token for one origin and with one for any.
fn origins() -> Vec<Row> {
    let bound = hs_token(PLAIN, &with(json!({"origin": HOME, "jti": "bound"})));
    let at = |token: &str, origin, code, text| {
        Row(format!("from {origin:?}"), token.to_owned(), origin, code, text)
    };
    let mut rows = vec![
        at(&bound, Some(HOME), "", ""),
        at(&bound, Some("https://wiki.example"), "token_origin", "origin"),
        at(&bound, None, "token_origin", "origin"),
        at(&good(), Some("https://wiki.example"), "", ""),
        at(&good(), None, "", ""),
    ];
    for odd in [
        "null",
        "",
        "https://intranet.example.evil.example",
        "https://evil-intranet.example",
        "http://intranet.example",
        "https://intranet.example:444",
        "https://INTRANET.example",
        "https://intranet.example/",
    ] {
        rows.push(at(&good(), Some(odd), "token_origin", "origin"));
    }
    rows
}

fn people() -> Vec<Row> {
    let wrong = |changes: Value, text| said("", changes, "token_claim", text);
    let missing = |changes: Value, text| said("", changes, "token_claim_missing", text);
    let mut rows = vec![
        missing(json!({"sub": null}), "`sub`"),
        wrong(json!({"sub": 42}), "`sub`"),
        wrong(json!({"sub": ["42"]}), "`sub`"),
        wrong(json!({"sub": true}), "`sub`"),
        missing(json!({"jti": null}), "`jti`"),
        wrong(json!({"jti": ""}), "`jti`"),
        wrong(json!({"jti": 1}), "`jti`"),
        wrong(json!({"jti": "x".repeat(129)}), "`jti`"),
        wrong(json!({"name": {"x": 1}}), "`name`"),
        wrong(json!({"name": 7}), "`name`"),
        wrong(json!({"email": ["a@b.example"]}), "`email`"),
        wrong(json!({"title": false}), "`title`"),
        wrong(json!({"team": 0}), "`team`"),
        wrong(json!({"roles": "admin"}), "`roles`"),
        wrong(json!({"roles": {"admin": true}}), "`roles`"),
        wrong(json!({"roles": ["expert", 7]}), "`roles`"),
        wrong(json!({"roles": [["admin"]]}), "`roles`"),
        wrong(json!({"roles": vec!["x"; 101]}), "`roles`"),
        wrong(json!({"groups": "all"}), "`groups`"),
        wrong(json!({"groups": [{}]}), "`groups`"),
        wrong(json!({"groups": vec!["g"; 101]}), "`groups`"),
        wrong(json!({"page": ""}), "`page`"),
        wrong(json!({"page": "x".repeat(201)}), "`page`"),
        wrong(json!({"page": 7}), "`page`"),
        wrong(json!({"page": "p", "page_title": []}), "`page_title`"),
        wrong(json!({"page": "p", "page_url": 1}), "`page_url`"),
        said("", json!({"roles": vec!["expert"; 100], "groups": vec!["g"; 100]}), "", ""),
        said("", json!({"sub": "x".repeat(255), "jti": "x".repeat(128)}), "", ""),
        said("", json!({"sub": "anna@intranet.example:7/ü"}), "", ""),
        said("", json!({"name": "<script>alert(1)</script>\u{202e}"}), "", ""),
    ];
    for odd in ["", " 42", "42 ", "42\n", "4\u{200b}2", "4\u{0}2", "\u{202e}24", "e\u{301}rin", "\u{feff}42"]
    {
        rows.push(wrong(json!({"sub": odd}), "`sub`"));
    }
    rows.push(wrong(json!({"sub": "x".repeat(256)}), "`sub`"));
    rows
}

fn times() -> Vec<Row> {
    let wrong = |name: &'static str, value: Value, text| said("", json!({name: value}), "token_claim", text);
    let too_long = |changes: Value| said("", changes, "token_too_lived", "600 seconds");
    let mut rows = vec![
        said("", json!({"exp": null}), "token_claim_missing", "`exp`"),
        said("", json!({"iat": null}), "token_claim_missing", "`iat`"),
        too_long(json!({"exp": NOW_S + 601})),
        too_long(json!({"exp": 253_402_300_799_i64})),
        too_long(json!({"iat": NOW_S - 400, "exp": NOW_S + 201})),
        too_long(json!({"iat": 0})),
        said("", json!({"exp": NOW_S + 600}), "", ""),
        said("", json!({"iat": NOW_S as f64 - 0.5}), "", ""),
        said("", json!({"iat": NOW_S - 300, "exp": NOW_S - 60}), "", ""),
        said("", json!({"iat": NOW_S - 300, "exp": NOW_S - 61}), "token_expired", "(`exp`)"),
        said("", json!({"exp": 0}), "token_expired", "(`exp`)"),
        said("", json!({"iat": NOW_S + 60, "exp": NOW_S + 300}), "", ""),
        said("", json!({"iat": NOW_S + 61, "exp": NOW_S + 300}), "token_not_yet", "`iat`"),
        said("", json!({"nbf": NOW_S + 60}), "", ""),
        said("", json!({"nbf": NOW_S + 61}), "token_not_yet", "`nbf`"),
        wrong("nbf", json!("soon"), "`nbf`"),
        wrong("nbf", json!(-5), "`nbf`"),
    ];
    for odd in [
        json!("2099-01-01"),
        json!((NOW_S + 300).to_string()),
        json!((NOW_S + 300) * 1_000),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(-1),
        json!(1e300),
        json!(-1e300),
        json!(true),
        json!([NOW_S + 300]),
    ] {
        rows.push(wrong("exp", odd.clone(), "`exp`"));
        rows.push(wrong("iat", odd, "`iat`"));
    }
    rows
}

#[test]
fn every_token_of_the_table_is_taken_or_refused_as_documented() {
    let rows: Vec<Row> =
        [headers(), names_of_keys(), signatures(), forms(), places(), origins(), people(), times()]
            .into_iter()
            .flatten()
            .collect();
    check(&rows);
    assert!(rows.len() >= 200, "{} rows", rows.len());
    let taken = rows.iter().filter(|row| row.3.is_empty()).count();
    assert!((15..50).contains(&taken), "{taken} rows are let in");
}

#[test]
fn a_good_token_is_good_until_a_minute_after_its_end_and_not_before_its_start() {
    let check = |after_s: i64, expected: bool| {
        let tried = try_at(&good(), Some(HOME), (NOW_S + after_s) * 1_000_000);
        assert_eq!(tried.is_ok(), expected, "{after_s}: {tried:?}");
    };
    check(-61, false);
    check(-60, true);
    check(360, true);
    check(361, false);
    check(3_600, false);
}
