//! One call: a fresh store and instance, the guest's function, and how it ended.
//!
//! A call ends from within and is never dropped in flight (RUSTSEC-2026-0022): the epoch callback and a timeout in
//! every host function see to that.

mod breaker;
mod budget;
mod gate;
mod health;
mod state;

use wasmtime::{PoolConcurrencyLimitError, Store, Trap};

pub use budget::CallUsage;
pub(crate) use gate::Gate;
pub use health::Health;
pub use state::{Call, CallPage, CallPerson};
pub(crate) use state::{CallState, HostError, Rights};

use super::border::Bound;
use super::errors::CallError;
use super::{Action, PluginRefusal, Verb};
use crate::base::config::CallLimits;
use budget::{CROSSING_BYTES_MAX, HANDLES_MAX};

/// How much is kept of a trap with its backtrace.
const TRAP_CHARS_MAX: usize = 1_000;

/// A call that is over.
pub(crate) struct Ran<T> {
    pub(crate) answer: Result<T, CallError>,
    pub(crate) state: CallState,
    pub(crate) usage: CallUsage,
}

/// An export of the plugin, called in the store of a call.
pub(crate) trait Export: Send + 'static {
    /// What the plugin answers.
    type Answer: Send + 'static;

    /// Call it.
    fn call(
        self,
        bound: &Bound,
        store: &mut Store<CallState>,
    ) -> impl Future<Output = wasmtime::Result<Self::Answer>> + Send;
}

/// Run one call to its end.
pub(crate) async fn run<E: Export>(
    bound: &Bound,
    limits: &CallLimits,
    state: CallState,
    export: E,
) -> Ran<E::Answer> {
    let mut store = Store::new(bound.engine(), state);
    store.limiter(|state| &mut state.memory);
    store.set_hostcall_fuel(CROSSING_BYTES_MAX);
    store.set_max_component_handles(HANDLES_MAX);
    store.set_epoch_deadline(1);
    store.epoch_deadline_callback(|mut context| Ok(context.data_mut().tick()));
    let answer = match store.set_fuel(limits.fuel) {
        Ok(()) => export.call(bound, &mut store).await,
        Err(error) => Err(error),
    };
    let fuel = limits.fuel.saturating_sub(store.get_fuel().unwrap_or(0));
    let state = store.into_data();
    let answer = answer.map_err(|error| classify(&error, &state, limits));
    let usage = state.usage(fuel);
    Ran { answer, state, usage }
}

/// `describe`.
pub(crate) struct Describe;

impl Export for Describe {
    type Answer = Vec<Verb>;

    async fn call(self, bound: &Bound, store: &mut Store<CallState>) -> wasmtime::Result<Self::Answer> {
        bound.describe(store).await
    }
}

/// `view`.
pub(crate) struct View;

impl Export for View {
    type Answer = Result<stoa_view::nodes::View, CallError>;

    async fn call(self, bound: &Bound, store: &mut Store<CallState>) -> wasmtime::Result<Self::Answer> {
        bound.view(store).await
    }
}

/// `act`.
pub(crate) struct Act(pub(crate) Action);

impl Export for Act {
    type Answer = Result<Result<(), PluginRefusal>, CallError>;

    async fn call(self, bound: &Bound, store: &mut Store<CallState>) -> wasmtime::Result<Self::Answer> {
        bound.act(store, self.0).await
    }
}

/// Why a call failed. What the host itself recorded comes first, for a trap only shows where the guest was by then.
fn classify(error: &wasmtime::Error, state: &CallState, limits: &CallLimits) -> CallError {
    if let Some(why) = state.ended() {
        return why.clone();
    }
    if error.downcast_ref::<PoolConcurrencyLimitError>().is_some() {
        return CallError::Busy;
    }
    let trap = error.downcast_ref::<Trap>();
    if trap == Some(&Trap::OutOfFuel) {
        return CallError::Fuel { limit: limits.fuel };
    }
    if state.memory.was_refused {
        return state.memory.error();
    }
    let text = format!("{error:#}");
    // wasmtime's type for this is private; its text is looked for here alone, and a test watches it.
    if text.contains("fuel allocated for hostcalls") {
        let limit = u64::try_from(CROSSING_BYTES_MAX).unwrap_or(u64::MAX);
        return CallError::Quota { name: "bytes", limit };
    }
    // What happened first, then where, as far as a log line goes.
    let trap = format!("{}; {text}", error.root_cause()).chars().take(TRAP_CHARS_MAX).collect();
    CallError::Fault { trap }
}
