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

use super::border::bindings::WidgetPluginPre;
use super::border::bindings::exports::stoa::plugin::widget;
use super::border::bindings::stoa::view::nodes;
use super::border::values;
use super::errors::CallError;
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

/// An export of the plugin, called with the instance and the store of a call.
pub(crate) trait Export: Send + 'static {
    /// What the plugin answers.
    type Answer: Send + 'static;

    /// Call it.
    fn call(
        self,
        widget: &widget::Guest,
        store: &mut Store<CallState>,
    ) -> impl Future<Output = wasmtime::Result<Self::Answer>> + Send;
}

/// Run one call to its end.
pub(crate) async fn run<E: Export>(
    pre: &WidgetPluginPre<CallState>,
    limits: &CallLimits,
    state: CallState,
    export: E,
) -> Ran<E::Answer> {
    let mut store = Store::new(pre.engine(), state);
    store.limiter(|state| &mut state.memory);
    store.set_hostcall_fuel(CROSSING_BYTES_MAX);
    store.set_max_component_handles(HANDLES_MAX);
    store.set_epoch_deadline(1);
    store.epoch_deadline_callback(|mut context| Ok(context.data_mut().tick()));
    let answer = match store.set_fuel(limits.fuel) {
        Ok(()) => instantiate_and_call(&mut store, pre, export).await,
        Err(error) => Err(error),
    };
    let fuel = limits.fuel.saturating_sub(store.get_fuel().unwrap_or(0));
    let state = store.into_data();
    let answer = answer.map_err(|error| classify(&error, &state, limits));
    let usage = state.usage(fuel);
    Ran { answer, state, usage }
}

async fn instantiate_and_call<E: Export>(
    store: &mut Store<CallState>,
    pre: &WidgetPluginPre<CallState>,
    export: E,
) -> wasmtime::Result<E::Answer> {
    let instance = pre.instantiate_async(&mut *store).await?;
    export.call(instance.stoa_plugin_widget(), store).await
}

/// `describe`.
pub(crate) struct Describe;

impl Export for Describe {
    type Answer = widget::Description;

    async fn call(
        self,
        widget: &widget::Guest,
        store: &mut Store<CallState>,
    ) -> wasmtime::Result<Self::Answer> {
        widget.call_describe(store).await
    }
}

/// `view`.
pub(crate) struct View;

impl Export for View {
    type Answer = Result<nodes::View, widget::Failure>;

    async fn call(
        self,
        widget: &widget::Guest,
        store: &mut Store<CallState>,
    ) -> wasmtime::Result<Self::Answer> {
        let request = values::request(&store.data().call);
        widget.call_view(store, &request).await
    }
}

/// `act`.
pub(crate) struct Act(pub(crate) widget::Action);

impl Export for Act {
    type Answer = Result<(), widget::Refusal>;

    async fn call(
        self,
        widget: &widget::Guest,
        store: &mut Store<CallState>,
    ) -> wasmtime::Result<Self::Answer> {
        let request = values::request(&store.data().call);
        widget.call_act(store, &request, &self.0).await
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
