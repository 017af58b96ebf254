//! What a component may reach: its imports, and they alone, have to be asked for in its manifest.

use stoa_rules::{ALWAYS, Capability, Manifest};
use wasmtime::Engine;
use wasmtime::component::Component;
use wasmtime::component::types::ComponentItem;

use super::super::errors::LoadError;

/// The package of the border.
const BORDER: &str = "stoa:plugin/";

/// The version of the border, and what is compatible with it (semantic versioning: 0.x is its own major).
const OFFERED: &str = "0.2.0";
const COMPATIBLE: &str = "0.2.";

/// The package that holds types alone.
const VOCABULARY: &str = "stoa:view/";

/// Check that a component imports nothing but what this host offers and its manifest asks for, and exports a widget.
///
/// # Errors
/// [`LoadError::Foreign`] or [`LoadError::Version`] for the first import that is none of ours or of another version;
/// [`LoadError::NotAsked`] with all that the manifest does not ask for; [`LoadError::NoWidget`].
pub(crate) fn check_imports(
    engine: &Engine,
    component: &Component,
    manifest: &Manifest,
) -> Result<(), LoadError> {
    let kind = component.component_type();
    let mut missing = Vec::new();
    for (name, item) in kind.imports(engine) {
        if name.starts_with(VOCABULARY) || is_types_only(engine, &item.ty) {
            continue;
        }
        let capability = capability_of(name)?;
        missing.extend(capability.filter(|capability| !manifest.grants().contains(*capability)));
    }
    if !missing.is_empty() {
        let capabilities = missing.into_iter().map(Capability::name).collect();
        return Err(LoadError::NotAsked { plugin: manifest.name.to_string(), capabilities });
    }
    let is_widget = |name: &str| {
        name.strip_prefix(BORDER)
            .and_then(|rest| rest.strip_prefix("widget@"))
            .is_some_and(|version| version.starts_with(COMPATIBLE))
    };
    if kind.exports(engine).any(|(name, _)| is_widget(name)) { Ok(()) } else { Err(LoadError::NoWidget) }
}

/// An interface without functions asks for nothing.
fn is_types_only(engine: &Engine, item: &ComponentItem) -> bool {
    let ComponentItem::ComponentInstance(instance) = item else { return false };
    instance.exports(engine).all(|(_, export)| matches!(export.ty, ComponentItem::Type(_)))
}

/// The capability of an imported interface; none for one that needs no grant.
fn capability_of(import: &str) -> Result<Option<Capability>, LoadError> {
    let foreign = || LoadError::Foreign(import.to_owned());
    let (name, version) =
        import.strip_prefix(BORDER).and_then(|rest| rest.split_once('@')).ok_or_else(foreign)?;
    let capability = Capability::named(name);
    if capability.is_none() && !ALWAYS.contains(&name) {
        return Err(foreign());
    }
    if !version.starts_with(COMPATIBLE) {
        return Err(LoadError::Version { import: import.to_owned(), offered: OFFERED });
    }
    Ok(capability)
}
