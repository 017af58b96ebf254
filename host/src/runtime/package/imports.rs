//! What a component may reach: its imports, and they alone, have to be asked for in its manifest.

use stoa_rules::{ALWAYS, Capability, Manifest, functions};
use wasmtime::Engine;
use wasmtime::component::Component;
use wasmtime::component::types::ComponentItem;

use super::super::errors::LoadError;
use super::version::Contract;

/// The package of the border.
const BORDER: &str = "stoa:plugin/";

/// The package that holds types alone.
const VOCABULARY: &str = "stoa:view/";

/// Check that a component imports nothing but what this host offers and its manifest asks for, and exports a widget; which
/// version of the contract that is written for.
///
/// # Errors
/// [`LoadError::Foreign`], [`LoadError::Version`] or [`LoadError::Function`] for the first import that is none of ours, of
/// a version that is not served or has a function that is not there; [`LoadError::NotAsked`] with all that the manifest
/// does not ask for; [`LoadError::NoWidget`].
pub(crate) fn check_imports(
    engine: &Engine,
    component: &Component,
    manifest: &Manifest,
) -> Result<Contract, LoadError> {
    let kind = component.component_type();
    let mut missing = Vec::new();
    for (name, item) in kind.imports(engine) {
        let capability = capability_of(name, &functions_of(engine, name, &item.ty))?;
        missing.extend(capability.filter(|capability| !manifest.grants().contains(*capability)));
    }
    if !missing.is_empty() {
        let capabilities = missing.into_iter().map(Capability::name).collect();
        return Err(LoadError::NotAsked { plugin: manifest.name.to_string(), capabilities });
    }
    let widget = |name: &str| name.strip_prefix(BORDER)?.strip_prefix("widget@").map(str::to_owned);
    let version = kind.exports(engine).find_map(|(name, _)| widget(name)).ok_or(LoadError::NoWidget)?;
    Contract::serving(&version).ok_or_else(|| unserved(&format!("{BORDER}widget@{version}")))
}

/// What a component uses of an import: the functions of an interface, or something that stands alone.
fn functions_of(engine: &Engine, import: &str, item: &ComponentItem) -> Vec<String> {
    let ComponentItem::ComponentInstance(instance) = item else { return vec![import.to_owned()] };
    let used = instance.exports(engine).filter(|(_, export)| !matches!(export.ty, ComponentItem::Type(_)));
    used.map(|(name, _)| name.to_owned()).collect()
}

/// The capability of an imported interface; none for one that needs no grant: types alone, and what is always there.
fn capability_of(import: &str, used: &[String]) -> Result<Option<Capability>, LoadError> {
    let foreign = || LoadError::Foreign(import.to_owned());
    let (name, version) = import.split_once('@').unwrap_or((import, ""));
    let interface = name.strip_prefix(BORDER);
    if interface.is_none() && !name.starts_with(VOCABULARY) {
        return if used.is_empty() { Ok(None) } else { Err(foreign()) };
    }
    let contract = Contract::serving(version).ok_or_else(|| unserved(import))?;
    let Some(interface) = interface.filter(|_| !used.is_empty()) else { return Ok(None) };
    let capability = Capability::named(interface);
    if capability.is_none() && !ALWAYS.contains(&interface) {
        return Err(foreign());
    }
    let is_known = |function: &String| functions(interface).any(|known| known.name == *function);
    match used.iter().find(|function| !is_known(function)) {
        None => Ok(capability),
        Some(function) => Err(LoadError::Function {
            import: import.to_owned(),
            function: function.clone(),
            newest: contract.newest().to_string(),
        }),
    }
}

fn unserved(name: &str) -> LoadError {
    LoadError::Version { name: name.to_owned(), served: Contract::served() }
}
