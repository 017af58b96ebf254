//! What a good token says of a person and a page, keys that are not taken, and what is never printed.

use serde_json::{Value, json};

use super::super::Issuers;
use super::keys::{EC_PRIVATE, EC_PUBLIC, ED_PUBLIC, RSA_PRIVATE, RSA_PUBLIC, SECRET, WEAK_RSA_PUBLIC};
use super::{HOME, NOW_S, PLAIN, attempt, claims, hs_token, issuer, issuers, key, with};
use crate::base::config::Algorithm;

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
    let take = |algorithm, bytes: &[u8]| {
        let taken = Issuers::default().with(issuer("x"), &[(key(None, algorithm), bytes)]);
        taken.map(|_| ()).map_err(|error| error.to_string())
    };
    for (algorithm, bytes) in [
        (Algorithm::HS256, &b"short\n"[..]),
        (Algorithm::HS256, b"0123456789abcdef0123456789abcde \r\n"),
        (Algorithm::RS256, WEAK_RSA_PUBLIC),
        (Algorithm::RS256, RSA_PRIVATE),
        (Algorithm::RS256, EC_PUBLIC),
        (Algorithm::RS256, SECRET),
        (Algorithm::ES256, SECRET),
        (Algorithm::ES256, ED_PUBLIC),
        (Algorithm::ES256, RSA_PUBLIC),
        (Algorithm::EdDSA, EC_PUBLIC),
        (Algorithm::EdDSA, EC_PRIVATE),
    ] {
        assert!(take(algorithm, bytes).unwrap_err().contains("hint:"), "{algorithm:?}");
    }
    assert!(take(Algorithm::HS256, b"0123456789abcdef0123456789abcdef\r\n").is_ok(), "an editor's line end");
    assert!(take(Algorithm::RS256, RSA_PUBLIC).is_ok());
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
}
