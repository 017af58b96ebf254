//! Sessions: a believed token becomes a random bearer that lives in the browser's memory for ten minutes.
//!
//! Kept in this process alone: after a restart a widget is answered 401 once and renews by itself.

mod open;
mod tickets;
mod used;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use tokio::sync::watch;

pub use tickets::TICKET_LIFETIME;
use tickets::Tickets;

use super::embed::{Issuers, LoggedOut, Vouched};
use super::{Actor, IdentityError, ProviderSession};
use crate::base::clock::{Clock, MINUTE, Micros};
use crate::base::config::Site;
use crate::base::id::{PersonId, SiteId};
use crate::base::keys::random_bytes;
use crate::store::{Person, PersonClaims, Store};
use open::{Kept, Open};
use used::Used;

/// How long a session lives, in microseconds.
pub const LIFETIME: Micros = 10 * MINUTE;
/// How long one of this host's own pages lasts where people sign in from them: a working day. It ends with the
/// provider's, where that says so.
pub const PAGE_LIFETIME: Micros = 8 * 60 * MINUTE;
/// Sessions of one person; beyond that their oldest one ends.
pub const OWN_SESSIONS_MAX: usize = 50;
/// Sessions made of one token: a page loaded again, or opened in several tabs, may send the same one. An ID token, which
/// lives longer, may make as many for each ten minutes of its life.
pub const TOKEN_USES_MAX: u32 = 50;

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

/// Where a session comes from, and how long it may last.
#[derive(Clone, Debug, Default)]
pub struct Grounds {
    /// The origin of the page; none for this host's own.
    pub origin: Option<String>,
    /// The provider's session.
    pub provider: Option<Arc<ProviderSession>>,
    /// Whether it is one of this host's own pages that people sign in from.
    pub is_page: bool,
}

/// All sessions of this process.
pub struct Sessions {
    clock: Clock,
    open: Mutex<Open>,
    used: Used,
    tickets: Tickets,
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
        Self { clock, open: Mutex::default(), used: Used::new(), tickets: Tickets::default() }
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
        if vouched.launch.is_some() {
            return Err(IdentityError::NoIdToken);
        }
        self.used.check(&site.id, &vouched, origin, self.clock.now())?;
        let grounds = Grounds { origin: origin.map(str::to_owned), ..Grounds::default() };
        self.believe(&SiteId::from(site.id.as_str()), store, vouched, grounds).await
    }

    /// A session of this host's own pages, for the person that the provider of a sign-in vouches for.
    ///
    /// # Errors
    /// [`IdentityError`] names the first claim that fails.
    pub async fn exchange_own(
        &self,
        site: &Site,
        issuers: &Issuers,
        store: &Store,
        (token, issuer, nonce): (&str, &str, &str),
    ) -> Result<Session, IdentityError> {
        let vouched = issuers.check(token, site, None, &self.clock).await?;
        if vouched.launch.is_some() {
            return Err(IdentityError::NoIdToken);
        }
        if vouched.claims.issuer != issuer {
            return Err(IdentityError::SignInIssuer);
        }
        if vouched.nonce.as_deref() != Some(nonce) {
            return Err(IdentityError::Nonce);
        }
        let grounds = Grounds { is_page: true, ..Grounds::default() };
        self.believe(&SiteId::from(site.id.as_str()), store, vouched, grounds).await
    }

    /// A session for the person that a believed token vouches for, unless the provider has ended it.
    async fn believe(
        &self,
        site: &SiteId,
        store: &Store,
        vouched: Vouched,
        grounds: Grounds,
    ) -> Result<Session, IdentityError> {
        let provider = vouched.provider.map(Arc::new);
        let issued_at = vouched.claims.issued_at;
        let is_ended = || {
            let now = self.clock.now();
            let ended = |provider| self.used.is_ended(site.as_str(), provider, issued_at, now);
            provider.as_deref().is_some_and(ended)
        };
        if is_ended() {
            return Err(IdentityError::SignedOut);
        }
        let actor = self.introduce(site, store, &vouched.claims).await?;
        if let Some(word) = vouched.page.as_ref().and_then(|page| page.word.clone()) {
            store.hear_page(site, word, self.clock.now()).await.map_err(IdentityError::Store)?;
        }
        let actor = Actor { page: vouched.page.map(Arc::new), ..actor };
        let grounds = Grounds { provider: provider.clone(), ..grounds };
        let session = self.admit(actor, store, grounds).await?;
        if is_ended() {
            // Ended while it was made.
            self.lock().remove(&hash(&[&session.bearer]));
            return Err(IdentityError::SignedOut);
        }
        Ok(session)
    }

    /// Whether something that is good once, such as the state of a sign-in, is used for the first time.
    #[must_use]
    pub fn is_first_use(&self, what: &[&str], expires_at: Micros) -> bool {
        self.used.is_first(what, expires_at, self.clock.now())
    }

    /// End all sessions that come from a provider's session, or from all of a person where it names none; how many.
    /// Tokens that were made before sign nobody in any more.
    ///
    /// # Errors
    /// `Replayed` where the provider has sent the same token before.
    pub fn end_provider(&self, site: &SiteId, ended: &LoggedOut) -> Result<usize, IdentityError> {
        let now = self.clock.now();
        if !self.used.is_first(&[site.as_str(), &ended.issuer, "logout", &ended.id], ended.expires_at, now) {
            return Err(IdentityError::LogoutReplayed);
        }
        self.used.end(site.as_str(), ended, now);
        Ok(self.lock().end_where(|kept| {
            kept.actor.site == *site
                && kept.provider.as_ref().is_some_and(|provider| {
                    let same = |ended: &Option<String>, own: Option<&str>| {
                        ended.as_deref().is_none_or(|ended| own == Some(ended))
                    };
                    provider.issuer == ended.issuer
                        && same(&ended.sub, Some(&provider.sub))
                        && same(&ended.sid, provider.sid.as_deref())
                })
        }))
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
        grounds: Grounds,
    ) -> Result<Session, IdentityError> {
        let (site, person) = (actor.site.clone(), actor.person.clone());
        let session = self.open(actor, grounds, self.clock.now());
        if let Some(person) = person {
            self.spread(&site, person, store).await?;
        }
        Ok(session)
    }

    /// Tell all sessions of a person what is known of them, until nothing has changed since it was read: two tokens may
    /// be exchanged at the same time, and the later one is to hold.
    async fn spread(&self, site: &SiteId, mut person: Person, store: &Store) -> Result<(), IdentityError> {
        loop {
            self.follow(site, &person);
            let people = store.get_people(site, std::slice::from_ref(&person.id)).await;
            match people.map_err(IdentityError::Store)?.pop() {
                Some(known) if known != person => person = known,
                _ => return Ok(()),
            }
        }
    }

    fn open(&self, actor: Actor, grounds: Grounds, now: Micros) -> Session {
        let bearer = URL_SAFE_NO_PAD.encode(random_bytes::<32>());
        let hash = hash(&[&bearer]);
        let actor = Actor { session: Some(hex::encode(&hash[..8])), ..actor };
        let expires_at = now + if grounds.is_page { PAGE_LIFETIME } else { LIFETIME };
        let kept = Kept {
            origin: grounds.origin.map(Arc::from),
            expires_at,
            is_long: grounds.is_page,
            provider: grounds.provider,
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
        if vouched.launch.is_some() {
            return Err(IdentityError::NoIdToken);
        }
        let now = self.clock.now();
        let id = SiteId::from(site.id.as_str());
        let person = store.put_person(&id, &vouched.claims, now).await.map_err(IdentityError::Store)?;
        self.end_person(&id, &person.id);
        Ok(())
    }

    /// End every session of a person, with its leases, and every ticket.
    pub fn end_person(&self, site: &SiteId, person: &PersonId) {
        self.tickets.end(site, person);
        let mut open = self.lock();
        for hash in open.own.remove(&(site.clone(), person.clone())).into_iter().flatten() {
            open.sessions.remove(&hash);
        }
    }

    /// What is known of a person has changed other than by a token: their sessions follow, and end where they have left.
    pub fn follow(&self, site: &SiteId, person: &Person) {
        if person.active {
            self.update(site, person);
        } else {
            self.end_person(site, &person.id);
        }
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
mod tests;
