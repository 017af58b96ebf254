//! Tickets: who came by a way that cannot be gone again (a form, a launch) stays signed in on the one page that answered.
//!
//! A ticket stands in that page, is good for sessions of the host's own pages alone, and ends with its person's sessions.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{Hash, hash};
use crate::base::clock::{MINUTE, Micros};
use crate::base::id::{PersonId, SiteId};
use crate::base::keys::random_bytes;
use crate::identity::Actor;

/// How long a page may be left open before it has to be opened anew, in microseconds.
pub const TICKET_LIFETIME: Micros = 8 * 60 * MINUTE;
/// Tickets kept at a time; beyond that those that end first are forgotten.
const TICKETS_MAX: usize = 50_000;
/// What a ticket begins with; neither a bearer nor a JWT does.
pub(super) const PREFIX: &str = "ticket~";

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
