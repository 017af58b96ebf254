//! One call: a fresh store and instance, the guest's function, and how it ended.
//!
//! A call ends from within and is never dropped in flight (RUSTSEC-2026-0022): the epoch callback and a timeout in
//! every host function see to that.

mod breaker;
mod budget;
mod gate;
mod state;

use wasmtime::{PoolConcurrencyLimitError, Store, Trap};

pub use budget::CallUsage;
pub(crate) use gate::Gate;
pub use state::{Call, CallPage, CallPerson};
pub(crate) use state::{CallState, Halt};

use super::border::bindings::WidgetPluginPre;
use super::border::bindings::exports::stoa::plugin::widget;
use super::border::bindings::stoa::view::nodes;
use super::border::values;
use super::errors::CallError;
use crate::base::config::CallLimits;
use budget::{CROSSING_BYTES_MAX, HANDLES_MAX};

/// How much is kept of a trap with its backtrace.
const TRAP_CHARS_MAX: usize = 1_000;

/// What is asked of the plugin.
pub(crate) enum Step {
    /// Say what it can do.
    Describe,
    /// Show itself.
    View,
    /// Decide on an action.
    Act(widget::Action),
}

/// What the plugin answered.
pub(crate) enum Answer {
    Described(widget::Description),
    Shown(Result<nodes::View, widget::Failure>),
    Decided(Result<widget::Outcome, widget::Refusal>),
}

/// A call that is over.
pub(crate) struct Ran {
    pub(crate) answer: Result<Answer, CallError>,
    pub(crate) state: CallState,
    pub(crate) usage: CallUsage,
}

/// Run one call to its end.
pub(crate) async fn run(
    pre: &WidgetPluginPre<CallState>,
    limits: &CallLimits,
    state: CallState,
    step: Step,
) -> Ran {
    let mut store = Store::new(pre.engine(), state);
    store.limiter(|state| &mut state.memory);
    store.set_hostcall_fuel(CROSSING_BYTES_MAX);
    store.set_max_component_handles(HANDLES_MAX);
    store.set_epoch_deadline(1);
    store.epoch_deadline_callback(|mut context| Ok(context.data_mut().tick()));
    let answer = match store.set_fuel(limits.fuel) {
        Ok(()) => steps(&mut store, pre, step).await,
        Err(error) => Err(error),
    };
    let fuel = limits.fuel.saturating_sub(store.get_fuel().unwrap_or(0));
    let state = store.into_data();
    let answer = answer.map_err(|error| classify(&error, &state, limits));
    let usage = state.usage(fuel);
    Ran { answer, state, usage }
}

async fn steps(
    store: &mut Store<CallState>,
    pre: &WidgetPluginPre<CallState>,
    step: Step,
) -> wasmtime::Result<Answer> {
    let instance = pre.instantiate_async(&mut *store).await?;
    let widget = instance.stoa_plugin_widget();
    match step {
        Step::Describe => widget.call_describe(store).await.map(Answer::Described),
        Step::View => {
            let context = values::context(&store.data().call);
            widget.call_view(store, &context).await.map(Answer::Shown)
        }
        Step::Act(action) => {
            let context = values::context(&store.data().call);
            widget.call_act(store, &context, &action).await.map(Answer::Decided)
        }
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
