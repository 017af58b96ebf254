//! Version 0.2 of the contract: what `bindgen!` makes of `wit/0.2`, the values on both sides of it, the functions that a
//! plugin can call, and those that the host calls.

mod bindings;
mod imports;
mod lists;
mod recording;
mod values;
mod views;

pub(in super::super) use bindings::stoa::plugin::types;
pub(super) use imports::add_to_linker;

use stoa_rules::Class;
use stoa_view::nodes::View;
use wasmtime::component::InstancePre;
use wasmtime::{Engine, Store};

use super::super::call::CallState;
use super::super::errors::CallError;
use super::super::{Action, PluginRefusal, Verb};
use bindings::WidgetPluginPre;
use bindings::exports::stoa::plugin::widget;

/// A component that exports the widget of this version.
pub(in super::super) struct Widget(WidgetPluginPre<CallState>);

impl Widget {
    /// Find its functions.
    ///
    /// # Errors
    /// When one is missing or has another type.
    pub(super) fn new(pre: InstancePre<CallState>) -> wasmtime::Result<Self> {
        WidgetPluginPre::new(pre).map(Self)
    }

    pub(super) fn engine(&self) -> &Engine {
        self.0.engine()
    }

    /// See [`super::Bound::describe`].
    pub(super) async fn describe(&self, store: &mut Store<CallState>) -> wasmtime::Result<Vec<Verb>> {
        let instance = self.0.instantiate_async(&mut *store).await?;
        let description = instance.stoa_plugin_widget().call_describe(store).await?;
        Ok(description.verbs.into_iter().map(verb).collect())
    }

    /// See [`super::Bound::view`].
    pub(super) async fn view(
        &self,
        store: &mut Store<CallState>,
    ) -> wasmtime::Result<Result<View, CallError>> {
        let instance = self.0.instantiate_async(&mut *store).await?;
        let request = values::request(&store.data().call);
        let shown = instance.stoa_plugin_widget().call_view(store, &request).await?;
        Ok(shown.map(views::IntoView::into_view).map_err(failure))
    }

    /// See [`super::Bound::act`].
    pub(super) async fn act(
        &self,
        store: &mut Store<CallState>,
        action: Action,
    ) -> wasmtime::Result<Result<Result<(), PluginRefusal>, CallError>> {
        let instance = self.0.instantiate_async(&mut *store).await?;
        let request = values::request(&store.data().call);
        let field = |(name, value)| widget::FormField { name, value };
        let action = widget::Action {
            verb: action.verb,
            subject: action.subject,
            seen: action.seen,
            fields: action.fields.into_iter().map(field).collect(),
        };
        let acted = instance.stoa_plugin_widget().call_act(store, &request, &action).await?;
        Ok(match acted {
            Ok(()) => Ok(Ok(())),
            Err(refusal) => refused(refusal).map(Err),
        })
    }
}

fn verb(verb: widget::Verb) -> Verb {
    let class = match verb.class {
        widget::VerbClass::Mark => Class::Mark,
        widget::VerbClass::Edit => Class::Edit,
        widget::VerbClass::Create => Class::Create,
        widget::VerbClass::Moderate => Class::Moderate,
    };
    Verb { name: verb.name, class, seen: verb.seen }
}

fn failure(failure: widget::Failure) -> CallError {
    match failure {
        widget::Failure::NotFound => CallError::NotFound,
        widget::Failure::Failed(other) => CallError::Failed(format!("{}: {}", other.code, other.detail)),
    }
}

/// The plugin's refusal; one that this host does not know is a mistake of the plugin.
fn refused(refusal: widget::Refusal) -> Result<PluginRefusal, CallError> {
    let issue = |issue: widget::Issue| (issue.field, values::told(issue.message));
    Ok(match refusal {
        widget::Refusal::Invalid(issues) => PluginRefusal::Invalid(issues.into_iter().map(issue).collect()),
        widget::Refusal::Conflict(text) => PluginRefusal::Conflict(values::told(text)),
        widget::Refusal::Denied(text) => PluginRefusal::Denied(values::told(text)),
        widget::Refusal::Gone(text) => PluginRefusal::Gone(values::told(text)),
        widget::Refusal::Other(other) => {
            return Err(CallError::Failed(format!("{}: {}", other.code, other.detail)));
        }
    })
}
