//! The border in code: one directory for each version of the contract that this host serves, and [`Bound`], the one place
//! that knows them all. The words of the newest version are the runtime's own; an older one is translated to them in its
//! directory.

mod v0_2;

pub(super) use v0_2::types;

use wasmtime::component::{Component, Linker};
use wasmtime::{Engine, Store};

use super::call::CallState;
use super::errors::{CallError, LoadError};
use super::package::Contract;
use super::{Action, PluginRefusal, Verb};
use stoa_view::nodes::View;

/// A linker with every interface of every version. Which of them a component may import says its manifest, which is
/// checked when it is loaded; which of their functions do something says the admin's grant, at each call.
///
/// # Errors
/// [`LoadError::Link`] when an interface is defined twice; never in practice.
pub(super) fn linker(engine: &Engine) -> Result<Linker<CallState>, LoadError> {
    let mut linker = Linker::new(engine);
    for contract in Contract::SERVED {
        match contract {
            Contract::V0_2 => v0_2::add_to_linker(&mut linker).map_err(link)?,
        }
    }
    Ok(linker)
}

/// A component, bound to the version of the contract that it is written for.
pub(super) enum Bound {
    /// Version 0.2.
    V0_2(v0_2::Widget),
}

impl Bound {
    /// Bind a component.
    ///
    /// # Errors
    /// [`LoadError::Link`] where a function or type differs from what the version says.
    pub(super) fn new(
        contract: Contract,
        linker: &Linker<CallState>,
        component: &Component,
    ) -> Result<Self, LoadError> {
        let pre = linker.instantiate_pre(component).map_err(link)?;
        match contract {
            Contract::V0_2 => v0_2::Widget::new(pre).map(Self::V0_2).map_err(link),
        }
    }

    /// The engine that it runs in.
    pub(super) fn engine(&self) -> &Engine {
        match self {
            Self::V0_2(widget) => widget.engine(),
        }
    }

    /// What it can do.
    ///
    /// # Errors
    /// How the call ended.
    pub(super) async fn describe(&self, store: &mut Store<CallState>) -> wasmtime::Result<Vec<Verb>> {
        match self {
            Self::V0_2(widget) => widget.describe(store).await,
        }
    }

    /// What it shows, or why it cannot.
    ///
    /// # Errors
    /// How the call ended.
    pub(super) async fn view(
        &self,
        store: &mut Store<CallState>,
    ) -> wasmtime::Result<Result<View, CallError>> {
        match self {
            Self::V0_2(widget) => widget.view(store).await,
        }
    }

    /// Let it record what an action changes; or its refusal, or a refusal that this host does not know.
    ///
    /// # Errors
    /// How the call ended.
    pub(super) async fn act(
        &self,
        store: &mut Store<CallState>,
        action: Action,
    ) -> wasmtime::Result<Result<Result<(), PluginRefusal>, CallError>> {
        match self {
            Self::V0_2(widget) => widget.act(store, action).await,
        }
    }
}

fn link(error: wasmtime::Error) -> LoadError {
    LoadError::Link(format!("{error:#}"))
}
