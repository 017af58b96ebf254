//! Time, as the one place that reads it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Microseconds since 1970-01-01T00:00:00Z, the unit of every stored and sent instant.
pub type Micros = i64;

/// One minute in microseconds.
pub const MINUTE: Micros = 60_000_000;

/// A day.
pub const DAY: Micros = 24 * 60 * MINUTE;

/// A clock that tells the time, or the time that a test has set.
#[derive(Clone, Debug)]
pub struct Clock(Option<Arc<AtomicI64>>);

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn system() -> Self {
        Self(None)
    }

    /// A clock that stands at `at` until it is moved.
    #[must_use]
    pub fn fixed(at: Micros) -> Self {
        Self(Some(Arc::new(AtomicI64::new(at))))
    }

    /// The present instant, in microseconds.
    #[must_use]
    pub fn now(&self) -> Micros {
        match &self.0 {
            Some(fixed) => fixed.load(Ordering::Relaxed),
            None => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
            }
        }
    }

    /// Move a fixed clock on; the machine's clock is not moved.
    pub fn advance(&self, by: Duration) {
        if let Some(fixed) = &self.0 {
            fixed.fetch_add(i64::try_from(by.as_micros()).unwrap_or(0), Ordering::Relaxed);
        }
    }
}

/// Measures how long something takes, for logs, metrics and deadlines.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Start now.
    #[must_use]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// How long it has been since the start.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}
