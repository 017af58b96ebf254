//! How a plugin has fared since the start of the host.

use std::collections::VecDeque;

use super::budget::CallUsage;
use crate::base::clock::Micros;

/// Errors that are remembered.
const ERRORS_MAX: usize = 5;

/// How a plugin has fared since the start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// Calls that came to an end.
    pub calls: u64,
    /// Those of them that failed.
    pub failures: u64,
    /// The fuel of all of them.
    pub fuel: u64,
    /// The most fuel of one.
    pub fuel_max: u64,
    /// The last errors with their instants, the newest first; five at the most.
    pub errors: VecDeque<(Micros, String)>,
    /// Until when the circuit breaker keeps calls back.
    pub resting_until: Option<Micros>,
}

impl Health {
    /// Count a call.
    pub(crate) fn count(&mut self, at: Micros, error: Option<String>, usage: Option<&CallUsage>) {
        self.calls += 1;
        let fuel = usage.map_or(0, |usage| usage.fuel);
        self.fuel = self.fuel.saturating_add(fuel);
        self.fuel_max = self.fuel_max.max(fuel);
        if let Some(error) = error {
            self.failures += 1;
            self.errors.truncate(ERRORS_MAX - 1);
            self.errors.push_front((at, error));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ERRORS_MAX, Health};

    #[test]
    fn the_last_errors_are_remembered_and_all_are_counted() {
        let mut health = Health::default();
        (0..9).for_each(|at| health.count(at, Some(format!("error {at}")), None));
        health.count(9, None, None);
        assert_eq!((health.calls, health.failures, health.errors.len()), (10, 9, ERRORS_MAX));
        assert_eq!(health.errors.front(), Some(&(8, "error 8".to_owned())));
    }
}
