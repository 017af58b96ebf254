//! The circuit breaker of a plugin: whoever fails 5 times in 20 calls rests for a minute, then for two, four and
//! so on up to an hour. Pure: the caller brings the time and tells how calls ended.

use std::collections::VecDeque;

use crate::base::clock::{MINUTE, Micros};

/// How many calls are remembered.
const WINDOW: usize = 20;

/// How many failures among them open the breaker.
const FAILURES: usize = 5;

/// The longest rest, in minutes.
const REST_MINUTES_MAX: i64 = 64;

/// A circuit breaker.
#[derive(Debug, Default)]
pub(crate) struct Breaker {
    /// How the last calls ended: true for a failure.
    last: VecDeque<bool>,
    /// Until when it is open.
    open_until: Option<Micros>,
    /// Whether the one call that tries is under way.
    is_trying: bool,
    /// How long the last rest was, in minutes; 0 when all is well.
    rest_minutes: i64,
}

impl Breaker {
    /// Whether a call may be made now. After a rest, one call at a time may try.
    ///
    /// # Errors
    /// The seconds until the next try.
    pub(crate) fn enter(&mut self, now: Micros) -> Result<(), u64> {
        let Some(until) = self.open_until else { return Ok(()) };
        if now < until {
            return Err(u64::try_from((until - now).div_euclid(1_000_000)).unwrap_or(0) + 1);
        }
        if self.is_trying {
            return Err(1);
        }
        self.is_trying = true;
        Ok(())
    }

    /// Until when it keeps calls back.
    pub(crate) fn open_until(&self) -> Option<Micros> {
        self.open_until
    }

    /// A call that was let in has ended.
    pub(crate) fn leave(&mut self, failed: bool, now: Micros) {
        if self.open_until.is_some() {
            // Calls from before the rest still end during it; only the trying one decides.
            if !self.is_trying {
                return;
            }
            self.is_trying = false;
            if failed {
                self.open(now);
            } else {
                *self = Self::default();
            }
            return;
        }
        self.last.push_back(failed);
        if self.last.len() > WINDOW {
            self.last.pop_front();
        }
        if self.last.iter().filter(|failed| **failed).count() >= FAILURES {
            self.open(now);
        }
    }

    fn open(&mut self, now: Micros) {
        self.rest_minutes = (self.rest_minutes * 2).clamp(1, REST_MINUTES_MAX);
        self.open_until = Some(now.saturating_add(self.rest_minutes * MINUTE));
        self.last.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::Breaker;
    use crate::base::clock::MINUTE;

    /// Lets one call in and out.
    fn call(breaker: &mut Breaker, failed: bool, now: i64) -> bool {
        let entered = breaker.enter(now).is_ok();
        if entered {
            breaker.leave(failed, now);
        }
        entered
    }

    #[test]
    fn five_failures_in_twenty_calls_open_it_and_four_do_not() {
        let mut breaker = Breaker::default();
        for round in 0..41 {
            assert!(call(&mut breaker, round % 5 == 0, 0), "call {round}: 4 of the last 20 have failed");
        }
        assert!(call(&mut breaker, true, 0));
        assert_eq!(breaker.enter(0), Err(61), "the fifth failure opens it for a minute");
    }

    #[test]
    fn each_failed_try_doubles_the_rest_and_a_good_one_closes_it() {
        let mut breaker = Breaker::default();
        (0..5).for_each(|_| assert!(call(&mut breaker, true, 0)));
        let mut now = 0;
        for minutes in [1, 2, 4, 8, 16, 32, 64, 64] {
            assert!(breaker.enter(now + minutes * MINUTE - 1).is_err());
            now += minutes * MINUTE;
            assert!(call(&mut breaker, true, now), "after {minutes} minutes one call tries");
        }
        now += 64 * MINUTE;
        assert!(call(&mut breaker, false, now));
        (0..4).for_each(|_| assert!(call(&mut breaker, true, now)));
        assert!(breaker.enter(now).is_ok(), "four new failures do not open it");
    }

    #[test]
    fn only_one_call_tries_at_a_time_and_late_ends_do_not_count() {
        let mut breaker = Breaker::default();
        breaker.enter(0).unwrap();
        (0..5).for_each(|_| assert!(call(&mut breaker, true, 0)));
        breaker.leave(false, 1);
        assert!(breaker.enter(2).is_err(), "a call from before does not close it");
        assert_eq!(breaker.enter(MINUTE), Ok(()));
        assert_eq!(breaker.enter(MINUTE), Err(1));
        breaker.leave(false, MINUTE);
        assert_eq!(breaker.enter(MINUTE), Ok(()));
    }
}
