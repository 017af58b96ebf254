//! Tickets: who came by a way that cannot be gone again (a form, a launch) stays signed in on the one page that answered.
//!
//! A ticket stands in that page, is good for sessions of the host's own pages alone, and ends with its person's sessions.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{Grounds, Hash, Session, Sessions, hash};
use crate::base::clock::{MINUTE, Micros};
use crate::base::config::Site;
use crate::base::id::{PersonId, SiteId};
use crate::base::keys::random_bytes;
use crate::identity::embed::{Issuers, Launch, LaunchStates};
use crate::identity::{Actor, IdentityError};
use crate::store::Store;

/// How long a page may be left open before it has to be opened anew, in microseconds.
pub const TICKET_LIFETIME: Micros = 8 * 60 * MINUTE;
/// Tickets kept at a time; beyond that those that end first are forgotten.
const TICKETS_MAX: usize = 50_000;
/// Characters of a bearer.
const BEARER_CHARS: usize = 43;
/// What a ticket begins with; neither a bearer nor a JWT does.
const PREFIX: &str = "ticket~";

struct Ticket {
    actor: Actor,
    expires_at: Micros,
}

/// The tickets of this process.
#[derive(Default)]
pub(super) struct Tickets(Mutex<HashMap<Hash, Ticket>>);

impl Tickets {
    /// A ticket for somebody who was introduced.
    pub(super) fn issue(&self, actor: Actor, now: Micros) -> String {
        let ticket = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(random_bytes::<32>()));
        let mut kept = self.lock();
        if kept.len() >= TICKETS_MAX {
            kept.retain(|_, ticket| ticket.expires_at > now + TICKET_LIFETIME / 2);
        }
        kept.insert(hash(&[&ticket]), Ticket { actor, expires_at: now + TICKET_LIFETIME });
        ticket
    }

    /// Whose a ticket of a site is.
    pub(super) fn find(&self, site: &SiteId, ticket: &str, now: Micros) -> Option<Actor> {
        let kept = self.lock();
        let known = kept.get(&hash(&[ticket]))?;
        (known.expires_at > now && known.actor.site == *site).then(|| known.actor.clone())
    }

    /// End those of a person.
    pub(super) fn end(&self, site: &SiteId, person: &PersonId) {
        self.lock()
            .retain(|_, ticket| ticket.actor.site != *site || ticket.actor.person_id() != Some(person));
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Hash, Ticket>> {
        // Nothing panics under the lock; a poisoned one would still hold whole values.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sessions {
    /// A launch from a learning platform that answers a sign-in which this host has begun: what it asks for, and a ticket for
    /// the person.
    ///
    /// # Errors
    /// [`IdentityError`] names the first claim that fails.
    pub async fn launch(
        &self,
        site: &Site,
        issuers: &Issuers,
        store: &Store,
        (token, state): (&str, &str),
        states: &LaunchStates,
    ) -> Result<(Launch, Actor), IdentityError> {
        let vouched = issuers.check(token, site, None, &self.clock).await?;
        let launch = vouched.launch.ok_or(IdentityError::NoIdToken)?;
        states.end(&site.id, &launch.issuer, (state, &launch.nonce), self.clock.now())?;
        let actor = self.introduce(&SiteId::from(site.id.as_str()), store, &vouched.claims).await?;
        Ok((launch, Actor { page: vouched.page.map(Arc::new), ..actor }))
    }

    /// Whether a text from a page of this origin (none: of the host itself) is what this host gives out, a ticket or a
    /// bearer, and no token of somebody else, which may look like a bearer.
    #[must_use]
    pub fn is_own(token: &str, origin: Option<&str>) -> bool {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        let like_bearer = token.len() == BEARER_CHARS && token.bytes().all(plain);
        token.starts_with(PREFIX) || (origin.is_none() && like_bearer)
    }

    /// A ticket for somebody who was introduced, for the page that is the answer to it.
    pub fn ticket(&self, actor: Actor) -> String {
        self.tickets.issue(actor, self.clock.now())
    }

    /// Another session for whoever has a ticket, or the bearer of a session: for a page of the host itself. That of a bearer
    /// ends with the session it is made from.
    ///
    /// # Errors
    /// `Session` where there is no such ticket or session any more, `Origin` for a page of another origin, `Inactive`, `Store`.
    pub async fn hand_over(
        &self,
        site: &SiteId,
        store: &Store,
        proof: &str,
        origin: Option<&str>,
    ) -> Result<Session, IdentityError> {
        if origin.is_some() {
            return Err(IdentityError::Origin);
        }
        let (actor, ends, provider) = match proof.starts_with(PREFIX) {
            true => {
                let actor = self.tickets.find(site, proof, self.clock.now());
                (actor.ok_or(IdentityError::Session)?, Micros::MAX, None)
            }
            false => self.look(site, proof, None, |kept| {
                (Actor::clone(&kept.actor), kept.expires_at, kept.provider.clone())
            })?,
        };
        let person = actor.person_id().ok_or(IdentityError::Session)?;
        let known = store.get_people(site, std::slice::from_ref(person)).await;
        let known = known.map_err(IdentityError::Store)?.pop().filter(|person| person.active);
        let actor = Actor { person: Some(known.ok_or(IdentityError::Inactive)?), ..actor };
        let mut session = self.admit(actor, store, Grounds { provider, ..Grounds::default() }).await?;
        if ends < session.expires_at {
            session.expires_at = ends;
            if let Some(kept) = self.lock().sessions.get_mut(&hash(&[&session.bearer])) {
                kept.expires_at = ends;
            }
        }
        Ok(session)
    }
}
