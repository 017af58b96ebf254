//! What a call has used and may still use.

use std::time::Duration;

use wasmtime::ResourceLimiter;

use super::super::engine::{TABLE_ELEMENTS, TICK};
use super::super::errors::{CallError, Clock};
use crate::base::clock::Stopwatch;
use crate::base::config::CallLimits;

/// Bytes that host functions hand out in a call.
pub(crate) const BYTES_MAX: u64 = 4 << 20;

/// Bytes that cross the border at once, in either direction of a plugin's own making: the arguments of one host
/// function, or what an export returns.
pub(crate) const CROSSING_BYTES_MAX: usize = 4 << 20;

/// Handles of a call; the border has no resources yet, so that none are needed.
pub(crate) const HANDLES_MAX: usize = 1_000;

/// Log lines of a call; further ones are counted and dropped.
pub(crate) const LOG_LINES_MAX: u64 = 100;

/// What a call has used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CallUsage {
    /// Deterministic work.
    pub fuel: u64,
    /// Calls of host functions that read.
    pub host_calls: u64,
    /// Rows that they handed out.
    pub rows: u64,
    /// Bytes that they handed out.
    pub bytes: u64,
    /// The most linear memory at a time.
    pub peak_memory_bytes: u64,
    /// How long it took.
    pub wall: Duration,
}

/// Why a budget says no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BudgetExceeded {
    /// Its name, as the border writes it.
    pub(crate) name: &'static str,
    /// How much there was.
    pub(crate) limit: u64,
}

/// One budget.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Budget {
    name: &'static str,
    pub(crate) used: u64,
    limit: u64,
}

impl Budget {
    pub(crate) fn new(name: &'static str, limit: u64) -> Self {
        Self { name, used: 0, limit }
    }

    /// Use up some of it. What is too much is counted as well, so that abuse can be told from a mistake.
    pub(crate) fn charge(&mut self, amount: u64) -> Result<(), BudgetExceeded> {
        self.used = self.used.saturating_add(amount);
        if self.used > self.limit {
            Err(BudgetExceeded { name: self.name, limit: self.limit })
        } else {
            Ok(())
        }
    }

    /// Whether it was asked for twice as much as there is: a plugin that does not listen.
    pub(crate) fn is_abused(&self) -> bool {
        self.used > self.limit.saturating_mul(2)
    }
}

/// Time of a call: what it worked (in ticks of the engine) and what it took in all.
#[derive(Debug)]
pub(crate) struct Time {
    watch: Stopwatch,
    wall: Duration,
    ticks_left: u64,
    /// Whether a tick went by already.
    ticked: bool,
}

impl Time {
    pub(crate) fn start(limits: &CallLimits) -> Self {
        let tick_ms = u64::try_from(TICK.as_millis()).unwrap_or(1).max(1);
        Self {
            watch: Stopwatch::start(),
            wall: Duration::from_millis(limits.wall_ms),
            ticks_left: limits.cpu_ms.div_ceil(tick_ms),
            ticked: false,
        }
    }

    /// How much wall time is left; none at the end.
    pub(crate) fn left(&self) -> Duration {
        self.wall.saturating_sub(self.watch.elapsed())
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.watch.elapsed()
    }

    /// A tick went by while the plugin worked. Says which clock has run out, if any, and otherwise whether others should
    /// go first now: not at the first tick, which most calls meet by chance and which would put each of them behind all
    /// others that wait.
    pub(crate) fn tick(&mut self) -> Result<bool, Clock> {
        if self.left().is_zero() {
            return Err(Clock::Wall);
        }
        if self.ticks_left == 0 {
            return Err(Clock::Cpu);
        }
        self.ticks_left -= 1;
        Ok(std::mem::replace(&mut self.ticked, true))
    }
}

/// Bounds memory and tables over all of a component, and remembers what it refused: a Rust guest turns a refused
/// `memory.grow` into an `unreachable`, from which nobody could tell why.
#[derive(Debug)]
pub(crate) struct Memory {
    limit: usize,
    /// Bytes of all linear memories now.
    bytes: usize,
    pub(crate) peak: usize,
    pub(crate) was_refused: bool,
}

impl Memory {
    pub(crate) fn new(limit: usize) -> Self {
        Self { limit, bytes: 0, peak: 0, was_refused: false }
    }

    pub(crate) fn error(&self) -> CallError {
        CallError::Memory { limit_bytes: u64::try_from(self.limit).unwrap_or(u64::MAX) }
    }
}

impl ResourceLimiter for Memory {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let total = self.bytes.saturating_sub(current).saturating_add(desired);
        if total > self.limit || maximum.is_some_and(|most| desired > most) {
            self.was_refused = true;
            return Ok(false);
        }
        self.bytes = total;
        self.peak = self.peak.max(total);
        Ok(true)
    }

    fn table_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        if desired > TABLE_ELEMENTS {
            self.was_refused = true;
            return Ok(false);
        }
        Ok(true)
    }

    fn instances(&self) -> usize {
        100
    }

    fn tables(&self) -> usize {
        64
    }

    fn memories(&self) -> usize {
        2
    }
}
