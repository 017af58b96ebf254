//! Sessions: a believed token becomes a random bearer that lives in the browser's memory for ten minutes.
//!
//! Kept in this process alone: after a restart a widget is answered 401 once and renews by itself.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use quick_cache::sync::Cache;
use sha2::{Digest as _, Sha256};

use super::embed::{self, Issuers};
use super::{Actor, IdentityError};
use crate::base::clock::{Clock, MINUTE, Micros};
use crate::base::config::Site;
use crate::base::id::SiteId;
use crate::base::keys::random_bytes;
use crate::store::Store;

/// How long a session lives, in microseconds.
pub const LIFETIME: Micros = 10 * MINUTE;

/// Sessions kept at a time; the least used go first, and sign in again.
const SESSIONS_MAX: usize = 100_000;

type Hash = [u8; 32];

/// A session that was just made.
#[derive(Clone)]
pub struct Session {
    /// What the browser shows from now on: 43 characters.
    pub bearer: String,
    /// When it ends.
    pub expires_at: Micros,
    /// Whose it is.
    pub actor: Actor,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("expires_at", &self.expires_at)
            .field("actor", &self.actor)
            .finish_non_exhaustive()
    }
}

#[derive(Clone)]
struct Kept {
    origin: Option<Arc<str>>,
    expires_at: Micros,
    actor: Arc<Actor>,
}

/// The `jti` of a token that was used, with where from.
#[derive(Clone, PartialEq)]
struct Used {
    origin: Option<Arc<str>>,
    expires_at: Micros,
}

/// All sessions of this process.
pub struct Sessions {
    clock: Clock,
    kept: Cache<Hash, Kept>,
    used: Cache<Hash, Used>,
}

impl std::fmt::Debug for Sessions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sessions({})", self.kept.len())
    }
}

impl Sessions {
    /// No session yet.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self { clock, kept: Cache::new(SESSIONS_MAX), used: Cache::new(SESSIONS_MAX) }
    }

    /// A session for the person that `token` vouches for, bound to the site and to `origin`. What the token says
    /// of the person is kept in the store.
    ///
    /// A page that carries its token in an attribute sends the same one again when it is loaded again: from the same
    /// origin that is fine until the token expires, from another one it is not.
    ///
    /// # Errors
    /// [`IdentityError`] names the first claim that fails.
    pub async fn exchange(
        &self,
        site: &Site,
        issuers: &Issuers,
        store: &Store,
        token: &str,
        origin: Option<&str>,
    ) -> Result<Session, IdentityError> {
        let now = self.clock.now();
        let vouched = embed::check(token, site, issuers, origin, now)?;
        self.check_first_use(&site.id, &vouched, origin, now)?;
        let id = SiteId::from(site.id.as_str());
        let person = store.put_person(&id, &vouched.claims, now).await.map_err(IdentityError::Store)?;
        if !person.active {
            return Err(IdentityError::Inactive);
        }
        Ok(self.open(Actor { site: id, person: Some(person), session: None }, origin, now))
    }

    fn open(&self, actor: Actor, origin: Option<&str>, now: Micros) -> Session {
        let bearer = URL_SAFE_NO_PAD.encode(random_bytes::<32>());
        let hash = hash(&[&bearer]);
        let actor = Actor { session: Some(hex::encode(&hash[..8])), ..actor };
        let expires_at = now + LIFETIME;
        let kept = Kept { origin: origin.map(Arc::from), expires_at, actor: Arc::new(actor.clone()) };
        self.kept.insert(hash, kept);
        Session { bearer, expires_at, actor }
    }

    fn check_first_use(
        &self,
        site: &str,
        vouched: &embed::Vouched,
        origin: Option<&str>,
        now: Micros,
    ) -> Result<(), IdentityError> {
        let key = hash(&[site, &vouched.claims.issuer, &vouched.id]);
        let mine = Used { origin: origin.map(Arc::from), expires_at: vouched.expires_at };
        let first = self.used.get_or_insert_with(&key, || Ok::<_, IdentityError>(mine.clone()))?;
        if first.expires_at < now {
            // An issuer may use an id again when the token it was in has expired.
            self.used.insert(key, mine);
            return Ok(());
        }
        if first.origin == mine.origin { Ok(()) } else { Err(IdentityError::Replayed) }
    }

    /// Who the bearer of a session is. `origin` is that of a page of another origin, none for a request without one.
    ///
    /// # Errors
    /// [`IdentityError::Session`] when it has ended, is of another site or was never there;
    /// [`IdentityError::Origin`] when it was made for a page of another origin.
    pub fn find(&self, site: &SiteId, bearer: &str, origin: Option<&str>) -> Result<Actor, IdentityError> {
        let hash = hash(&[bearer]);
        let kept = self.kept.get(&hash).ok_or(IdentityError::Session)?;
        if kept.expires_at <= self.clock.now() {
            self.kept.remove(&hash);
            return Err(IdentityError::Session);
        }
        if kept.actor.site != *site {
            return Err(IdentityError::Session);
        }
        // Only a browser sends this header, and only it can be held to it.
        if origin.is_some() && kept.origin.as_deref() != origin {
            return Err(IdentityError::Origin);
        }
        Ok(Actor::clone(&kept.actor))
    }

    /// End a session; one that is not there has ended already.
    pub fn end(&self, bearer: &str) {
        self.kept.remove(&hash(&[bearer]));
    }
}

/// SHA-256 over texts, each with its length in front.
fn hash(texts: &[&str]) -> Hash {
    let mut hasher = Sha256::new();
    for text in texts {
        hasher.update((text.len() as u64).to_be_bytes());
        hasher.update(text);
    }
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Actor, Sessions, embed};
    use crate::base::clock::Clock;
    use crate::identity::IdentityError;
    use crate::store::PersonClaims;

    const NOW: i64 = 1_790_000_000_000_000;
    const HOME: Option<&str> = Some("https://home.example");
    const AWAY: Option<&str> = Some("https://away.example");

    #[test]
    fn a_bearer_is_good_for_its_site_and_origin_and_ten_minutes() {
        let clock = Clock::fixed(NOW);
        let sessions = Sessions::new(clock.clone());
        let session = sessions.open(Actor::anonymous("demo".into()), HOME, NOW);
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
        let session = sessions.open(Actor::anonymous("demo".into()), HOME, NOW);
        sessions.end(&session.bearer);
        assert!(sessions.find(&"demo".into(), &session.bearer, HOME).is_err());
    }

    #[test]
    fn two_sessions_of_a_person_have_different_bearers_and_hashes() {
        let sessions = Sessions::new(Clock::fixed(NOW));
        let one = sessions.open(Actor::anonymous("demo".into()), HOME, NOW);
        let two = sessions.open(Actor::anonymous("demo".into()), HOME, NOW);
        assert_ne!(one.bearer, two.bearer);
        assert_ne!(one.actor.session, two.actor.session);
    }

    #[test]
    fn debug_output_has_no_bearer() {
        let session = Sessions::new(Clock::fixed(NOW)).open(Actor::anonymous("demo".into()), HOME, NOW);
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
        embed::Vouched { claims, id: id.to_owned(), expires_at }
    }

    #[test]
    fn a_token_used_from_another_origin_is_refused_until_it_expires() {
        let sessions = Sessions::new(Clock::fixed(NOW));
        let token = vouched("t1", NOW + 60);
        let use_it = |site, origin, now| sessions.check_first_use(site, &token, origin, now).is_ok();
        assert!(use_it("demo", HOME, NOW));
        assert!(use_it("demo", HOME, NOW + 1), "the same page loaded again");
        assert!(!use_it("demo", AWAY, NOW + 1));
        assert!(!use_it("demo", None, NOW + 1));
        assert!(use_it("other", AWAY, NOW + 1), "ids are the site's own");
        assert!(use_it("demo", AWAY, NOW + 61), "an id may be used again after the token has expired");
    }
}
