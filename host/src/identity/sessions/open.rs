//! The sessions that are open, by their bearers' hashes and by whose they are.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use tokio::sync::watch;

use super::{Hash, OWN_SESSIONS_MAX};
use crate::base::clock::Micros;
use crate::base::id::{PersonId, SiteId};
use crate::identity::{Actor, ProviderSession};

/// Sessions kept at a time; beyond that the oldest ends, and its browser signs in again.
const SESSIONS_MAX: usize = 100_000;

type Owner = (SiteId, PersonId);

pub(super) struct Kept {
    pub(super) origin: Option<Arc<str>>,
    pub(super) expires_at: Micros,
    /// Whether it lives longer than those of widgets.
    pub(super) is_long: bool,
    pub(super) actor: Arc<Actor>,
    /// The provider's session that it came from.
    pub(super) provider: Option<Arc<ProviderSession>>,
    /// Dropped when the session ends or its person changes: leases end then.
    pub(super) lease: watch::Sender<()>,
}

/// All that is open. A hash may outlive its session in the queues and `own`, and finds nothing then.
#[derive(Default)]
pub(super) struct Open {
    pub(super) sessions: HashMap<Hash, Kept>,
    /// Each by the time they were made, which is the order in which they expire: short ones, and long ones.
    queues: [VecDeque<Hash>; 2],
    pub(super) own: HashMap<Owner, VecDeque<Hash>>,
}

impl Open {
    pub(super) fn insert(&mut self, hash: Hash, kept: Kept, now: Micros) {
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
        self.queues[usize::from(kept.is_long)].push_back(hash);
        self.sessions.insert(hash, kept);
    }

    /// Let go of what has expired or ended, and of the oldest one where there are too many.
    fn forget_oldest(&mut self, now: Micros) {
        for queue in [0, 1] {
            while let Some(hash) = self.queues[queue].front().copied() {
                let live = self.sessions.get(&hash).is_some_and(|kept| kept.expires_at > now);
                if live && self.sessions.len() < SESSIONS_MAX {
                    break;
                }
                self.remove(&hash);
                self.queues[queue].pop_front();
            }
        }
    }

    pub(super) fn remove(&mut self, hash: &Hash) {
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
    }

    /// End all sessions that are meant.
    pub(super) fn end_where(&mut self, is_meant: impl Fn(&Kept) -> bool) -> usize {
        let meant: Vec<Hash> =
            self.sessions.iter().filter(|(_, kept)| is_meant(kept)).map(|(hash, _)| *hash).collect();
        meant.iter().for_each(|hash| self.remove(hash));
        meant.len()
    }

    #[cfg(test)]
    pub(super) fn queued(&self) -> usize {
        self.queues.iter().map(VecDeque::len).sum()
    }
}
