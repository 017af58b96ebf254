//! How often a person may do something (GCRA, by the governor library). Limits are for each person and site.

use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::base::id::{PersonId, SiteId};

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// Writing something new: 6 at once, then one in 3 s, 60 an hour.
    Create,
    /// Changing one's own: 10 at once, then one in 2 s.
    Edit,
    /// A vote, a like, a follow: 60 a minute, 300 an hour.
    Mark,
    /// A report: 10 an hour.
    Report,
    /// A decision on something of somebody else: not limited.
    Moderate,
    /// Looking for people or a preview: 60 a minute.
    Search,
    /// Anything that calls a plugin's `act`, whatever comes of it: 120 at once, then two a second.
    Act,
}

type Limiter = DefaultKeyedRateLimiter<(SiteId, PersonId)>;

/// The limits of this host.
#[derive(Debug)]
pub struct Rates {
    off: bool,
    quick: [(Class, Limiter); 6],
    hourly: [(Class, Limiter); 2],
    attempts: DefaultKeyedRateLimiter<Option<IpAddr>>,
    notes: DefaultKeyedRateLimiter<SiteId>,
    clock: DefaultClock,
}

impl Rates {
    /// The limits, each multiplied by `factor`; 0 turns them off.
    #[must_use]
    pub fn new(factor: u32) -> Self {
        let times = factor.max(1);
        let every = |period: Duration, burst: u32| every(period / times, burst.saturating_mul(times));
        let limiter = |quota| RateLimiter::keyed(quota);
        Self {
            off: factor == 0,
            quick: [
                (Class::Create, limiter(every(Duration::from_secs(3), 6))),
                (Class::Edit, limiter(every(Duration::from_secs(2), 10))),
                (Class::Mark, limiter(every(Duration::from_secs(1), 60))),
                (Class::Report, limiter(every(Duration::from_secs(360), 10))),
                (Class::Search, limiter(every(Duration::from_secs(1), 60))),
                (Class::Act, limiter(every(Duration::from_millis(500), 120))),
            ],
            hourly: [
                (Class::Create, limiter(every(Duration::from_secs(60), 60))),
                (Class::Mark, limiter(every(Duration::from_secs(12), 300))),
            ],
            attempts: limiter_of_attempts(times),
            notes: RateLimiter::keyed(every(Duration::from_secs(2), 30)),
            clock: DefaultClock::default(),
        }
    }
}

/// Attempts to sign in to the console from one address: 10 at once, then one in 6 s.
fn limiter_of_attempts(times: u32) -> DefaultKeyedRateLimiter<Option<IpAddr>> {
    RateLimiter::keyed(every(Duration::from_secs(6) / times, 10_u32.saturating_mul(times)))
}

/// `burst` at once, then one each `period`.
fn every(period: Duration, burst: u32) -> Quota {
    let quota = Quota::with_period(period).unwrap_or(Quota::per_second(NonZeroU32::MIN));
    quota.allow_burst(NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN))
}

impl Rates {
    /// Count one doing.
    ///
    /// # Errors
    /// The seconds to wait, at least 1, when it is too soon.
    pub fn check(&self, site: &SiteId, person: &PersonId, class: Class) -> Result<(), u64> {
        if self.off {
            return Ok(());
        }
        let key = (site.clone(), person.clone());
        for (_, limiter) in self.quick.iter().chain(&self.hourly).filter(|(own, _)| *own == class) {
            limiter
                .check_key(&key)
                .map_err(|until| until.wait_time_from(self.clock.now()).as_secs().max(1))?;
        }
        Ok(())
    }

    /// Count an attempt to sign in to the console.
    ///
    /// # Errors
    /// The seconds to wait, at least 1, when there were too many from this address.
    pub fn check_attempt(&self, client: Option<IpAddr>) -> Result<(), u64> {
        if self.off {
            return Ok(());
        }
        let wait = |until: governor::NotUntil<_>| until.wait_time_from(self.clock.now()).as_secs().max(1);
        self.attempts.check_key(&client).map_err(wait)
    }

    /// Whether another report of the field may be written for a site: 30 at once, then one in 2 s.
    #[must_use]
    pub fn may_note(&self, site: &SiteId) -> bool {
        self.notes.check_key(site).is_ok()
    }

    /// Forget people whose budgets are full again; called now and then.
    pub fn prune(&self) {
        for (_, limiter) in self.quick.iter().chain(&self.hourly) {
            limiter.retain_recent();
        }
        self.attempts.retain_recent();
        self.notes.retain_recent();
    }
}

#[cfg(test)]
mod tests {
    use super::{Class, Rates};
    use crate::base::id::{PersonId, SiteId};

    #[test]
    fn a_burst_is_allowed_and_then_the_wait_is_told() {
        let rates = Rates::new(1);
        let (site, anna, ben) = (SiteId::from("s"), PersonId::from("anna"), PersonId::from("ben"));
        for _ in 0..6 {
            assert_eq!(rates.check(&site, &anna, Class::Create), Ok(()));
        }
        assert!(rates.check(&site, &anna, Class::Create).is_err_and(|wait| (1..=3).contains(&wait)));
        assert_eq!(rates.check(&site, &ben, Class::Create), Ok(()));
        assert_eq!(rates.check(&SiteId::from("t"), &anna, Class::Create), Ok(()));
    }
}
