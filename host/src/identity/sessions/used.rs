//! What is remembered of tokens: which were used, and whose sessions a provider has ended. In this process alone.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use quick_cache::UnitWeighter;
use quick_cache::sync::Cache;

use super::{Hash, hash};
use crate::base::clock::{DAY, Micros};
use crate::identity::{IdentityError, ProviderSession, embed};

/// How many there is room for at first: room for all of them would be megabytes in a host that nobody uses.
const FEW: usize = 1_000;
/// Tokens remembered, and as many ended sessions of providers.
const TOKENS_MAX: usize = 100_000;

/// The `jti` of a token that was used, with where from and how often.
#[derive(Clone)]
struct Mark {
    origin: Option<Arc<str>>,
    expires_at: Micros,
    count: Arc<AtomicU32>,
}

/// What is remembered.
pub(super) struct Used {
    tokens: Cache<Hash, Mark>,
    /// Of a provider's session or subject that was signed out: tokens made before that are good for nothing.
    ended: Cache<Hash, Micros>,
}

impl Used {
    pub(super) fn new() -> Self {
        Self {
            tokens: Cache::with_weighter(FEW, TOKENS_MAX as u64, UnitWeighter),
            ended: Cache::with_weighter(FEW, TOKENS_MAX as u64, UnitWeighter),
        }
    }

    /// Count a use of a token.
    ///
    /// # Errors
    /// `Replayed` from another origin, `UsedUp` too often.
    pub(super) fn check(
        &self,
        site: &str,
        vouched: &embed::Vouched,
        origin: Option<&str>,
        now: Micros,
    ) -> Result<(), IdentityError> {
        let key = hash(&[site, &vouched.claims.issuer, &vouched.id]);
        let mine = Mark {
            origin: origin.map(Arc::from),
            expires_at: vouched.expires_at,
            count: Arc::new(AtomicU32::new(1)),
        };
        let known = self.tokens.get_or_insert_with(&key, || Ok::<_, IdentityError>(mine.clone()))?;
        if Arc::ptr_eq(&known.count, &mine.count) {
            return Ok(());
        }
        if known.expires_at < now {
            // An issuer may use an id again when the token it was in has expired.
            self.tokens.insert(key, mine);
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

    /// Whether something that is good once is used for the first time; remembered until it expires.
    pub(super) fn is_first(&self, what: &[&str], expires_at: Micros, now: Micros) -> bool {
        let key = hash(what);
        let mine = Mark { origin: None, expires_at, count: Arc::new(AtomicU32::new(1)) };
        let known = self.tokens.get_or_insert_with(&key, || Ok::<_, IdentityError>(mine.clone()));
        match known {
            Ok(known) if Arc::ptr_eq(&known.count, &mine.count) => true,
            Ok(known) if known.expires_at < now => {
                self.tokens.insert(key, mine);
                true
            }
            _ => false,
        }
    }

    /// Remember that a provider has ended a session, or all of a person where it names none.
    pub(super) fn end(&self, site: &str, ended: &embed::LoggedOut, now: Micros) {
        let key = match (&ended.sid, &ended.sub) {
            (Some(sid), _) => hash(&[site, &ended.issuer, "sid", sid]),
            (None, Some(sub)) => hash(&[site, &ended.issuer, "sub", sub]),
            (None, None) => return,
        };
        self.ended.insert(key, now);
    }

    /// Whether a provider has ended the session that a token came from: the session itself for as long as its tokens
    /// can live, a person's sessions for tokens that were made before.
    pub(super) fn is_ended(
        &self,
        site: &str,
        provider: &ProviderSession,
        issued_at: Micros,
        now: Micros,
    ) -> bool {
        let of = |kind: &str, value: &str| self.ended.get(&hash(&[site, &provider.issuer, kind, value]));
        let session = provider.sid.as_deref().and_then(|sid| of("sid", sid));
        let person = of("sub", &provider.sub);
        session.is_some_and(|at| now < at + 2 * DAY) || person.is_some_and(|at| issued_at <= at)
    }
}
