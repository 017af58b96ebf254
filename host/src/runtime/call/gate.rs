//! Who may call now: the breaker of the plugin, then a place among its calls, then a place among all.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::super::errors::CallError;
use super::breaker::Breaker;
use super::budget::CallUsage;
use super::health::Health;
use crate::base::clock::Micros;

/// How long a call waits for a place.
const QUEUE: Duration = Duration::from_millis(1_000);

/// The gate of one plugin.
#[derive(Debug)]
pub(crate) struct Gate {
    breaker: Mutex<Breaker>,
    health: Mutex<Health>,
    own: Arc<Semaphore>,
    all: Arc<Semaphore>,
}

/// A place for one call. It counts as failed until told otherwise: a call that panics in the host has failed too.
#[derive(Debug)]
pub(crate) struct Admission {
    gate: Arc<Gate>,
    now: Micros,
    failed: bool,
    _own: OwnedSemaphorePermit,
    _all: OwnedSemaphorePermit,
}

impl Gate {
    pub(crate) fn new(concurrency: usize, all: Arc<Semaphore>) -> Self {
        let own = Arc::new(Semaphore::new(concurrency.clamp(1, Semaphore::MAX_PERMITS)));
        Self { breaker: Mutex::default(), health: Mutex::default(), own, all }
    }

    /// Wait for a place.
    ///
    /// # Errors
    /// [`CallError::Busy`] after a second without one, [`CallError::CircuitOpen`] while the breaker is open.
    pub(crate) async fn enter(self: &Arc<Self>, now: Micros) -> Result<Admission, CallError> {
        let places = async {
            let own = self.own.clone().acquire_owned().await.ok()?;
            let all = self.all.clone().acquire_owned().await.ok()?;
            Some((own, all))
        };
        let places = tokio::time::timeout(QUEUE, places).await.ok().flatten();
        let (own, all) = places.ok_or(CallError::Busy)?;
        // Asked last: who is let in to try has to come back.
        self.breaker().enter(now).map_err(|retry_after_s| CallError::CircuitOpen { retry_after_s })?;
        Ok(Admission { gate: self.clone(), now, failed: true, _own: own, _all: all })
    }

    /// Count a call that came to an end.
    pub(crate) fn count(&self, at: Micros, error: Option<&CallError>, usage: Option<&CallUsage>) {
        let error = error.filter(|error| **error != CallError::NotFound).map(ToString::to_string);
        self.health.lock().unwrap_or_else(PoisonError::into_inner).count(at, error, usage);
    }

    /// How the plugin has fared.
    pub(crate) fn health(&self) -> Health {
        let health = self.health.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Health { resting_until: self.breaker().open_until(), ..health }
    }

    fn breaker(&self) -> std::sync::MutexGuard<'_, Breaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Admission {
    /// Tell how the call ended.
    pub(crate) fn ended(&mut self, error: Option<&CallError>) {
        self.failed = error.is_some_and(CallError::is_fault_of_plugin);
    }
}

impl Drop for Admission {
    fn drop(&mut self) {
        self.gate.breaker().leave(self.failed, self.now);
    }
}
