//! The token says who somebody is, briefly and only to the site it is meant for.

use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use stoa_demo::content;
use stoa_demo::token::{Claims, LIFETIME_SECONDS, Minter};

const ORIGIN: &str = "http://intranet.localhost:4100";
const SECRET: &str = "0123456789abcdef0123456789abcdef";

fn validation(site: &str) -> Validation {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_audience(&[site]);
    validation.set_issuer(&[ORIGIN]);
    validation
}

#[test]
fn a_token_names_the_person_the_site_and_five_minutes() {
    let content = content::load().unwrap();
    let anna = content.person("anna.bergmann").unwrap();
    let minter = Minter::new(ORIGIN, "demo", SECRET);
    let key = DecodingKey::from_secret(SECRET.as_bytes());
    let mut validation = validation("demo");
    validation.validate_exp = false;
    let token = decode::<Claims>(&minter.mint_at(anna, 1_700_000_000).unwrap(), &key, &validation).unwrap();

    assert_eq!(token.header.alg, Algorithm::HS256);
    assert_eq!(token.header.typ.as_deref(), Some("JWT"));
    let claims = token.claims;
    assert_eq!(claims.sub, "anna.bergmann");
    assert_eq!((claims.iss.as_str(), claims.origin.as_str(), claims.aud.as_str()), (ORIGIN, ORIGIN, "demo"));
    assert_eq!((claims.iat, claims.exp), (1_700_000_000, 1_700_000_000 + LIFETIME_SECONDS));
    assert_eq!((claims.name.as_str(), claims.team.as_str()), ("Anna Bergmann", "IT Service"));
    assert_eq!(claims.email, "anna.bergmann@nordlicht.example");
    assert_eq!((claims.roles, claims.groups), (vec!["leader".to_owned()], vec!["it-service".to_owned()]));
}

#[test]
fn every_token_has_an_id_of_its_own_and_passes_a_strict_reader_now() {
    let content = content::load().unwrap();
    let amal = content.person("amal.khatib").unwrap();
    let minter = Minter::new(ORIGIN, "demo", SECRET);
    let read = |token: &str| {
        decode::<Claims>(token, &DecodingKey::from_secret(SECRET.as_bytes()), &validation("demo"))
            .unwrap()
            .claims
    };
    let [first, second] = [minter.mint(amal).unwrap(), minter.mint(amal).unwrap()].map(|token| read(&token));
    assert_ne!(first.jti, second.jti);
    assert_eq!(first.name, "أمل الخطيب");
}

#[test]
fn a_token_is_worthless_for_another_site_or_under_another_secret() {
    let content = content::load().unwrap();
    let token = Minter::new(ORIGIN, "demo", SECRET).mint(&content.people[0]).unwrap();
    let key = DecodingKey::from_secret(SECRET.as_bytes());
    assert!(decode::<Claims>(&token, &key, &validation("other")).is_err());
    let wrong = DecodingKey::from_secret(b"another secret of sufficient size");
    assert!(decode::<Claims>(&token, &wrong, &validation("demo")).is_err());
}
