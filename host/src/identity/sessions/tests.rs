use std::time::Duration;

use super::{Actor, Grounds, OWN_SESSIONS_MAX, Sessions, TOKEN_USES_MAX};
use crate::base::clock::Clock;
use crate::identity::{IdentityError, embed};
use crate::store::{Person, PersonClaims};

const NOW: i64 = 1_790_000_000_000_000;
const HOME: Option<&str> = Some("https://home.example");
const AWAY: Option<&str> = Some("https://away.example");

fn open(sessions: &Sessions, actor: Actor, origin: Option<&str>, now: i64) -> super::Session {
    sessions.open(actor, Grounds { origin: origin.map(str::to_owned), ..Grounds::default() }, now)
}

#[test]
fn a_bearer_is_good_for_its_site_and_origin_and_ten_minutes() {
    let clock = Clock::fixed(NOW);
    let sessions = Sessions::new(clock.clone());
    let session = open(&sessions, Actor::anonymous("demo".into()), HOME, NOW);
    assert_eq!(session.bearer.len(), 43);
    let find = |site: &str, origin| sessions.find(&site.into(), &session.bearer, origin);
    assert!(find("demo", HOME).is_ok());
    assert!(find("demo", None).is_ok(), "links and the plain pages send no origin");
    assert!(matches!(find("demo", AWAY), Err(IdentityError::Origin)));
    assert!(matches!(find("other", HOME), Err(IdentityError::Session)));
    assert!(matches!(sessions.find(&"demo".into(), "x", HOME), Err(IdentityError::Session)));
    clock.advance(Duration::from_secs(599));
    assert!(find("demo", HOME).is_ok());
    clock.advance(Duration::from_secs(1));
    assert!(matches!(find("demo", HOME), Err(IdentityError::Session)));
}

#[test]
fn a_session_that_was_ended_is_gone() {
    let sessions = Sessions::new(Clock::fixed(NOW));
    let session = open(&sessions, Actor::anonymous("demo".into()), HOME, NOW);
    let (_, lease) = sessions.lease(&"demo".into(), &session.bearer, HOME).unwrap();
    assert!(sessions.end(&"other".into(), &session.bearer, HOME).is_err());
    assert!(sessions.end(&"demo".into(), &session.bearer, AWAY).is_err());
    assert!(!lease.is_over());
    sessions.end(&"demo".into(), &session.bearer, HOME).unwrap();
    assert!(lease.is_over());
    assert!(sessions.find(&"demo".into(), &session.bearer, HOME).is_err());
}

#[test]
fn two_sessions_of_a_person_have_different_bearers_and_hashes() {
    let sessions = Sessions::new(Clock::fixed(NOW));
    let one = open(&sessions, Actor::anonymous("demo".into()), HOME, NOW);
    let two = open(&sessions, Actor::anonymous("demo".into()), HOME, NOW);
    assert_ne!(one.bearer, two.bearer);
    assert_ne!(one.actor.session, two.actor.session);
}

#[test]
fn debug_output_has_no_bearer() {
    let session = open(&Sessions::new(Clock::fixed(NOW)), Actor::anonymous("demo".into()), HOME, NOW);
    assert!(!format!("{session:?}").contains(&session.bearer));
}

fn vouched(id: &str, expires_at: i64) -> embed::Vouched {
    let claims = PersonClaims {
        issuer: "https://idp".to_owned(),
        subject: "42".to_owned(),
        name: None,
        email: None,
        title: None,
        team: None,
        roles: None,
        groups: None,
        issued_at: NOW,
    };
    embed::Vouched {
        claims,
        id: id.to_owned(),
        expires_at,
        uses_max: TOKEN_USES_MAX,
        page: None,
        provider: None,
        nonce: None,
        launch: None,
    }
}

#[test]
fn a_token_used_from_another_origin_is_refused_until_it_expires() {
    let sessions = Sessions::new(Clock::fixed(NOW));
    let token = vouched("t1", NOW + 60);
    let use_it = |site, origin, now| sessions.used.check(site, &token, origin, now).is_ok();
    assert!(use_it("demo", HOME, NOW));
    assert!(use_it("demo", HOME, NOW + 1), "the same page loaded again");
    assert!(!use_it("demo", AWAY, NOW + 1));
    assert!(!use_it("demo", None, NOW + 1));
    assert!(use_it("other", AWAY, NOW + 1), "ids are the site's own");
    assert!(use_it("demo", AWAY, NOW + 61), "an id may be used again after the token has expired");
}

#[test]
fn a_token_makes_so_many_sessions() {
    let sessions = Sessions::new(Clock::fixed(NOW));
    let token = vouched("t1", NOW + 60);
    let mut uses = (0..TOKEN_USES_MAX).map(|_| sessions.used.check("demo", &token, HOME, NOW));
    assert!(uses.all(|used| used.is_ok()));
    for _ in 0..3 {
        assert!(matches!(sessions.used.check("demo", &token, HOME, NOW), Err(IdentityError::UsedUp)));
    }
    assert!(sessions.used.check("demo", &vouched("t2", NOW + 60), HOME, NOW).is_ok());
}

fn actor(id: &str, roles: &[&str]) -> Actor {
    let person = Person {
        id: id.into(),
        name: id.to_owned(),
        title: String::new(),
        team: String::new(),
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        active: true,
    };
    Actor { person: Some(person), ..Actor::anonymous("demo".into()) }
}

#[test]
fn many_sessions_of_one_person_end_their_own_oldest_and_nobody_elses() {
    let clock = Clock::fixed(NOW);
    let sessions = Sessions::new(clock.clone());
    let site = "demo".into();
    let ben = open(&sessions, actor("ben", &[]), HOME, NOW);
    let first = open(&sessions, actor("anna", &[]), HOME, NOW);
    let others: Vec<_> =
        (0..OWN_SESSIONS_MAX).map(|_| open(&sessions, actor("anna", &[]), HOME, NOW)).collect();
    assert!(sessions.find(&site, &first.bearer, HOME).is_err());
    assert!(others.iter().all(|other| sessions.find(&site, &other.bearer, HOME).is_ok()));
    assert!(sessions.find(&site, &ben.bearer, HOME).is_ok());
    clock.advance(Duration::from_secs(600));
    open(&sessions, actor("cleo", &[]), HOME, clock.now());
    let open = sessions.lock();
    assert_eq!((open.sessions.len(), open.queued(), open.own.len()), (1, 1, 1), "nothing expired is kept");
}

#[test]
fn what_a_newer_token_says_of_a_person_holds_for_the_sessions_they_have() {
    let sessions = Sessions::new(Clock::fixed(NOW));
    let site = "demo".into();
    let session = open(&sessions, actor("mia", &["moderator"]), HOME, NOW);
    let (was, lease) = sessions.lease(&site, &session.bearer, HOME).unwrap();
    assert!(was.moderates());
    sessions.update(&site, was.person.as_ref().unwrap());
    assert!(!lease.is_over(), "nothing new");
    sessions.update(&site, actor("mia", &[]).person.as_ref().unwrap());
    assert!(lease.is_over());
    let (is, lease) = sessions.lease(&site, &session.bearer, HOME).unwrap();
    assert!(!is.moderates() && !lease.is_over());
    assert_eq!(is.session, was.session);
}

#[tokio::test]
async fn a_lease_ends_with_the_time_of_its_session() {
    let clock = Clock::fixed(NOW);
    let sessions = Sessions::new(clock.clone());
    let session = open(&sessions, Actor::anonymous("demo".into()), HOME, NOW);
    let (_, lease) = sessions.lease(&"demo".into(), &session.bearer, HOME).unwrap();
    clock.advance(Duration::from_micros(599_999_999));
    assert!(!lease.is_over());
    lease.clone().over().await;
    clock.advance(Duration::from_micros(1));
    assert!(lease.is_over());
}
