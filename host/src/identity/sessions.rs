//! Sessions: a believed token becomes a random bearer that lives in the browser's memory for ten minutes.
//!
//! Kept in this process alone: after a restart a widget is answered 401 once and renews by itself.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use quick_cache::sync::Cache;
use sha2::{Digest as _, Sha256};
use tokio::sync::watch;

use super::embed::{self, Issuers};
use super::{Actor, IdentityError};
use crate::base::clock::{Clock, MINUTE, Micros};
use crate::base::config::Site;
use crate::base::id::{PersonId, SiteId};
use crate::base::keys::random_bytes;
use crate::store::{Person, PersonClaims, Store};

/// How long a session lives, in microseconds.
pub const LIFETIME: Micros = 10 * MINUTE;
/// Sessions of one person; beyond that their oldest one ends.
pub const OWN_SESSIONS_MAX: usize = 50;
/// Sessions made of one token: a page loaded again, or opened in several tabs, may send the same one. An ID token, which
/// lives longer, may make as many for each ten minutes of its life.
pub const TOKEN_USES_MAX: u32 = 50;

/// Sessions kept at a time; beyond that the oldest ends, and its browser signs in again.
const SESSIONS_MAX: usize = 100_000;
/// Tokens remembered.
const TOKENS_MAX: usize = 100_000;

type Hash = [u8; 32];
type Owner = (SiteId, PersonId);

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

struct Kept {
    origin: Option<Arc<str>>,
    expires_at: Micros,
    actor: Arc<Actor>,
    /// Dropped when the session ends or its person changes: leases end then.
    lease: watch::Sender<()>,
}

/// All that is open. A hash may outlive its session in `oldest` and `own`, and finds nothing then.
#[derive(Default)]
struct Open {
    sessions: HashMap<Hash, Kept>,
    /// By the time they were made, which is the order in which they expire.
    oldest: VecDeque<Hash>,
    own: HashMap<Owner, VecDeque<Hash>>,
}

/// Holds while a session is what it was: ends with it, and when another token says something else of its person.
/// What was decided by the session has to be decided again then.
#[derive(Clone, Debug)]
pub struct Lease {
    clock: Clock,
    expires_at: Micros,
    ended: watch::Receiver<()>,
}

impl Lease {
    /// Whether it has ended.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.ended.has_changed().is_err() || self.expires_at <= self.clock.now()
    }

    /// Wait until it has ended.
    pub async fn over(mut self) {
        let left = u64::try_from(self.expires_at - self.clock.now()).unwrap_or(0);
        // Nothing is ever sent: this ends when the other side is dropped.
        drop(tokio::time::timeout(Duration::from_micros(left), self.ended.changed()).await);
    }
}

/// The `jti` of a token that was used, with where from and how often.
#[derive(Clone)]
struct Used {
    origin: Option<Arc<str>>,
    expires_at: Micros,
    count: Arc<AtomicU32>,
}

/// All sessions of this process.
pub struct Sessions {
    clock: Clock,
    open: Mutex<Open>,
    used: Cache<Hash, Used>,
}

impl std::fmt::Debug for Sessions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sessions({})", self.lock().sessions.len())
    }
}

impl Sessions {
    /// No session yet.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self { clock, open: Mutex::default(), used: Cache::new(TOKENS_MAX) }
    }

    /// A session for the person that `token` vouches for, bound to the site and to `origin`. What the token says
    /// of the person is kept in the store, and holds for their other sessions from now on.
    ///
    /// A page that carries its token in an attribute sends the same one again when it is loaded again: from the same
    /// origin that is fine until the token expires, [`TOKEN_USES_MAX`] times; from another one it is not.
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
        let vouched = issuers.check(token, site, origin, &self.clock).await?;
        self.check_use(&site.id, &vouched, origin, self.clock.now())?;
        let actor = self.introduce(&SiteId::from(site.id.as_str()), store, &vouched.claims).await?;
        let actor = Actor { page: vouched.page.map(Arc::new), ..actor };
        self.admit(actor, store, origin).await
    }

    /// The person that somebody who may do so vouches for, kept in the store as they are described, also for the
    /// sessions they have. None is made.
    ///
    /// # Errors
    /// `Inactive` for somebody who has left, `Store`.
    pub async fn introduce(
        &self,
        site: &SiteId,
        store: &Store,
        claims: &PersonClaims,
    ) -> Result<Actor, IdentityError> {
        let person = store.put_person(site, claims, self.clock.now()).await.map_err(IdentityError::Store)?;
        if !person.active {
            return Err(IdentityError::Inactive);
        }
        self.update(site, &person);
        Ok(Actor { person: Some(person), ..Actor::anonymous(site.clone()) })
    }

    /// A session for somebody who was introduced.
    ///
    /// # Errors
    /// `Store`.
    pub async fn admit(
        &self,
        actor: Actor,
        store: &Store,
        origin: Option<&str>,
    ) -> Result<Session, IdentityError> {
        let (site, person) = (actor.site.clone(), actor.person.clone());
        let session = self.open(actor, origin, self.clock.now());
        if let Some(person) = person {
            self.spread(&site, person, store).await?;
        }
        Ok(session)
    }

    /// Tell all sessions of a person what is known of them, until nothing has changed since it was read: two tokens may
    /// be exchanged at the same time, and the later one is to hold.
    async fn spread(&self, site: &SiteId, mut person: Person, store: &Store) -> Result<(), IdentityError> {
        loop {
            self.update(site, &person);
            let people = store.get_people(site, std::slice::from_ref(&person.id)).await;
            match people.map_err(IdentityError::Store)?.pop() {
                Some(known) if known != person => person = known,
                _ => return Ok(()),
            }
        }
    }

    fn open(&self, actor: Actor, origin: Option<&str>, now: Micros) -> Session {
        let bearer = URL_SAFE_NO_PAD.encode(random_bytes::<32>());
        let hash = hash(&[&bearer]);
        let actor = Actor { session: Some(hex::encode(&hash[..8])), ..actor };
        let expires_at = now + LIFETIME;
        let kept = Kept {
            origin: origin.map(Arc::from),
            expires_at,
            actor: Arc::new(actor.clone()),
            lease: watch::Sender::new(()),
        };
        self.lock().insert(hash, kept, now);
        Session { bearer, expires_at, actor }
    }

    /// Tell the person's open sessions what is known of them now.
    fn update(&self, site: &SiteId, person: &Person) {
        let mut open = self.lock();
        let Open { sessions, own, .. } = &mut *open;
        let hashes = own.get(&(site.clone(), person.id.clone())).into_iter().flatten();
        for hash in hashes {
            if let Some(kept) = sessions.get_mut(hash)
                && kept.actor.person.as_ref() != Some(person)
            {
                kept.actor = Arc::new(Actor { person: Some(person.clone()), ..Actor::clone(&kept.actor) });
                kept.lease = watch::Sender::new(());
            }
        }
    }

    fn check_use(
        &self,
        site: &str,
        vouched: &embed::Vouched,
        origin: Option<&str>,
        now: Micros,
    ) -> Result<(), IdentityError> {
        let key = hash(&[site, &vouched.claims.issuer, &vouched.id]);
        let mine = Used {
            origin: origin.map(Arc::from),
            expires_at: vouched.expires_at,
            count: Arc::new(AtomicU32::new(1)),
        };
        let known = self.used.get_or_insert_with(&key, || Ok::<_, IdentityError>(mine.clone()))?;
        if Arc::ptr_eq(&known.count, &mine.count) {
            return Ok(());
        }
        if known.expires_at < now {
            // An issuer may use an id again when the token it was in has expired.
            self.used.insert(key, mine);
            return Ok(());
        }
        if known.origin != mine.origin {
            return Err(IdentityError::Replayed);
        }
        if known.count.fetch_add(1, Ordering::Relaxed) >= vouched.uses_max {
            known.count.store(vouched.uses_max, Ordering::Relaxed);
            return Err(IdentityError::UsedUp);
        }
        Ok(())
    }

    /// Who the bearer of a session is. `origin` is that of a page of another origin, none for a request without one.
    ///
    /// # Errors
    /// [`IdentityError::Session`] when it has ended, is of another site or was never there;
    /// [`IdentityError::Origin`] when it was made for a page of another origin.
    pub fn find(&self, site: &SiteId, bearer: &str, origin: Option<&str>) -> Result<Actor, IdentityError> {
        self.look(site, bearer, origin, |kept| Arc::clone(&kept.actor)).map(|actor| Actor::clone(&actor))
    }

    /// The lease of a session, with whose it is.
    ///
    /// # Errors
    /// As [`Self::find`].
    pub fn lease(
        &self,
        site: &SiteId,
        bearer: &str,
        origin: Option<&str>,
    ) -> Result<(Actor, Lease), IdentityError> {
        self.look(site, bearer, origin, |kept| {
            let ended = kept.lease.subscribe();
            (
                Actor::clone(&kept.actor),
                Lease { clock: self.clock.clone(), expires_at: kept.expires_at, ended },
            )
        })
    }

    fn look<T>(
        &self,
        site: &SiteId,
        bearer: &str,
        origin: Option<&str>,
        take: impl FnOnce(&Kept) -> T,
    ) -> Result<T, IdentityError> {
        let hash = hash(&[bearer]);
        let mut open = self.lock();
        let kept = open.sessions.get(&hash).ok_or(IdentityError::Session)?;
        if kept.expires_at <= self.clock.now() {
            open.sessions.remove(&hash);
            return Err(IdentityError::Session);
        }
        if kept.actor.site != *site {
            return Err(IdentityError::Session);
        }
        // Only a browser sends this header, and only it can be held to it.
        if origin.is_some() && kept.origin.as_deref() != origin {
            return Err(IdentityError::Origin);
        }
        Ok(take(kept))
    }

    /// End a session and its leases.
    ///
    /// # Errors
    /// As [`Self::find`]: one that is not there has ended already.
    pub fn end(&self, site: &SiteId, bearer: &str, origin: Option<&str>) -> Result<(), IdentityError> {
        self.look(site, bearer, origin, |_| ())?;
        self.lock().sessions.remove(&hash(&[bearer]));
        Ok(())
    }

    /// End every session, with its leases, of the person that `token` vouches for: what an embedding system asks for
    /// when somebody signs out there. The token may be one that has signed somebody in.
    ///
    /// # Errors
    /// [`IdentityError`] names the first claim that fails.
    pub async fn end_all(
        &self,
        site: &Site,
        issuers: &Issuers,
        store: &Store,
        token: &str,
        origin: Option<&str>,
    ) -> Result<(), IdentityError> {
        let vouched = issuers.check(token, site, origin, &self.clock).await?;
        let now = self.clock.now();
        let id = SiteId::from(site.id.as_str());
        let person = store.put_person(&id, &vouched.claims, now).await.map_err(IdentityError::Store)?;
        let mut open = self.lock();
        for hash in open.own.remove(&(id, person.id)).into_iter().flatten() {
            open.sessions.remove(&hash);
        }
        Ok(())
    }

    /// End every session of a site, with its leases: who may come in is another question from now on.
    pub fn end_site(&self, site: &SiteId) {
        self.lock().sessions.retain(|_, kept| kept.actor.site != *site);
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        // Nothing panics under the lock; a poisoned one would still hold whole values.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    fn insert(&mut self, hash: Hash, kept: Kept, now: Micros) {
        self.forget_oldest(now);
        if let Some(person) = kept.actor.person_id() {
            let own = self.own.entry((kept.actor.site.clone(), person.clone())).or_default();
            own.retain(|hash| self.sessions.contains_key(hash));
            if own.len() >= OWN_SESSIONS_MAX
                && let Some(oldest) = own.pop_front()
            {
                self.sessions.remove(&oldest);
            }
            own.push_back(hash);
        }
        self.oldest.push_back(hash);
        self.sessions.insert(hash, kept);
    }

    /// Let go of what has expired or ended, and of the oldest one where there are too many.
    fn forget_oldest(&mut self, now: Micros) {
        while let Some(hash) = self.oldest.front() {
            let live = self.sessions.get(hash).is_some_and(|kept| kept.expires_at > now);
            if live && self.sessions.len() < SESSIONS_MAX {
                break;
            }
            if let Some(kept) = self.sessions.remove(hash)
                && let Some(person) = kept.actor.person_id()
            {
                let owner = (kept.actor.site.clone(), person.clone());
                if let Some(own) = self.own.get_mut(&owner) {
                    own.retain(|hash| self.sessions.contains_key(hash));
                    if own.is_empty() {
                        self.own.remove(&owner);
                    }
                }
            }
            self.oldest.pop_front();
        }
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

    use super::{Actor, OWN_SESSIONS_MAX, Sessions, TOKEN_USES_MAX, embed};
    use crate::base::clock::Clock;
    use crate::identity::IdentityError;
    use crate::store::{Person, PersonClaims};

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
        embed::Vouched { claims, id: id.to_owned(), expires_at, uses_max: TOKEN_USES_MAX, page: None }
    }

    #[test]
    fn a_token_used_from_another_origin_is_refused_until_it_expires() {
        let sessions = Sessions::new(Clock::fixed(NOW));
        let token = vouched("t1", NOW + 60);
        let use_it = |site, origin, now| sessions.check_use(site, &token, origin, now).is_ok();
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
        let mut uses = (0..TOKEN_USES_MAX).map(|_| sessions.check_use("demo", &token, HOME, NOW));
        assert!(uses.all(|used| used.is_ok()));
        for _ in 0..3 {
            assert!(matches!(sessions.check_use("demo", &token, HOME, NOW), Err(IdentityError::UsedUp)));
        }
        assert!(sessions.check_use("demo", &vouched("t2", NOW + 60), HOME, NOW).is_ok());
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
        let ben = sessions.open(actor("ben", &[]), HOME, NOW);
        let first = sessions.open(actor("anna", &[]), HOME, NOW);
        let others: Vec<_> =
            (0..OWN_SESSIONS_MAX).map(|_| sessions.open(actor("anna", &[]), HOME, NOW)).collect();
        assert!(sessions.find(&site, &first.bearer, HOME).is_err());
        assert!(others.iter().all(|other| sessions.find(&site, &other.bearer, HOME).is_ok()));
        assert!(sessions.find(&site, &ben.bearer, HOME).is_ok());
        clock.advance(Duration::from_secs(600));
        sessions.open(actor("cleo", &[]), HOME, clock.now());
        let open = sessions.lock();
        assert_eq!(
            (open.sessions.len(), open.oldest.len(), open.own.len()),
            (1, 1, 1),
            "nothing expired is kept"
        );
    }

    #[test]
    fn what_a_newer_token_says_of_a_person_holds_for_the_sessions_they_have() {
        let sessions = Sessions::new(Clock::fixed(NOW));
        let site = "demo".into();
        let session = sessions.open(actor("mia", &["moderator"]), HOME, NOW);
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
        let session = sessions.open(Actor::anonymous("demo".into()), HOME, NOW);
        let (_, lease) = sessions.lease(&"demo".into(), &session.bearer, HOME).unwrap();
        clock.advance(Duration::from_micros(599_999_999));
        assert!(!lease.is_over());
        lease.clone().over().await;
        clock.advance(Duration::from_micros(1));
        assert!(lease.is_over());
    }
}
