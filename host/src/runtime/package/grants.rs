//! What a component may reach: its imports (they alone are believed) have to be asked for in the manifest and
//! granted by the admin.

use wasmtime::Engine;
use wasmtime::component::Component;
use wasmtime::component::types::ComponentItem;

use super::super::errors::LoadError;
use super::manifest::Manifest;

/// The package of the border.
const BORDER: &str = "stoa:plugin/";

/// The version of the border, and what is compatible with it (semantic versioning: 0.x is its own major).
const OFFERED: &str = "0.1.0";
const COMPATIBLE: &str = "0.1.";

/// The package that holds types alone.
const VOCABULARY: &str = "stoa:view/";

/// Something that a plugin may use: an interface of `stoa:plugin`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Capability {
    /// Read entries; make, change and pin them.
    Entries,
    /// Read marks; put and take them.
    Marks,
    /// Know people by id.
    People,
    /// Know pages; close them.
    Pages,
    /// The private key-value space.
    Kv,
    /// Settings.
    Settings,
    /// The time.
    Clock,
    /// Random numbers.
    Random,
    /// The log.
    Log,
}

impl Capability {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Entries,
        Self::Marks,
        Self::People,
        Self::Pages,
        Self::Kv,
        Self::Settings,
        Self::Clock,
        Self::Random,
        Self::Log,
    ];

    /// The interface's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Entries => "entries",
            Self::Marks => "marks",
            Self::People => "people",
            Self::Pages => "pages",
            Self::Kv => "kv",
            Self::Settings => "settings",
            Self::Clock => "clock",
            Self::Random => "random",
            Self::Log => "log",
        }
    }

    /// The capability of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }
}

/// A set of capabilities.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Grants(u16);

impl Grants {
    /// Everything: for the one call in which a plugin describes itself and can read nothing.
    pub(crate) fn all() -> Self {
        Capability::ALL.into_iter().collect()
    }

    /// Read the names of a configuration.
    ///
    /// # Errors
    /// [`LoadError::UnknownGrant`] for a name that is no capability.
    pub fn parse(names: &[String]) -> Result<Self, LoadError> {
        let named =
            |name: &String| Capability::named(name).ok_or_else(|| LoadError::UnknownGrant(name.clone()));
        names.iter().map(named).collect()
    }

    /// Whether a capability is in the set.
    #[must_use]
    pub fn contains(self, capability: Capability) -> bool {
        self.0 & bit(capability) != 0
    }

    /// The capabilities in the set, in the order of [`Capability::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Capability> {
        Capability::ALL.into_iter().filter(move |one| self.contains(*one))
    }
}

impl FromIterator<Capability> for Grants {
    fn from_iter<I: IntoIterator<Item = Capability>>(capabilities: I) -> Self {
        Self(capabilities.into_iter().fold(0, |set, one| set | bit(one)))
    }
}

fn bit(capability: Capability) -> u16 {
    1 << (capability as u16)
}

/// The capabilities that a component imports.
///
/// # Errors
/// [`LoadError::Foreign`], [`LoadError::Version`] or [`LoadError::NotAsked`] for the first import that is none of
/// ours, of another version, or not in the manifest; [`LoadError::NoWidget`].
pub(crate) fn check_imports(
    engine: &Engine,
    component: &Component,
    manifest: &Manifest,
) -> Result<Grants, LoadError> {
    let kind = component.component_type();
    let mut imports = Vec::new();
    for (name, item) in kind.imports(engine) {
        if name.starts_with(VOCABULARY) || is_types_only(engine, &item.ty) {
            continue;
        }
        let capability = capability_of(name)?;
        if !manifest.capabilities.contains_key(capability.name()) {
            return Err(LoadError::NotAsked { capability: capability.name() });
        }
        imports.push(capability);
    }
    let is_widget =
        |name: &str| name.strip_prefix(BORDER).is_some_and(|rest| rest.starts_with("widget@0.1."));
    if !kind.exports(engine).any(|(name, _)| is_widget(name)) {
        return Err(LoadError::NoWidget);
    }
    Ok(imports.into_iter().collect())
}

/// An interface without functions asks for nothing.
fn is_types_only(engine: &Engine, item: &ComponentItem) -> bool {
    let ComponentItem::ComponentInstance(instance) = item else { return false };
    instance.exports(engine).all(|(_, export)| matches!(export.ty, ComponentItem::Type(_)))
}

fn capability_of(import: &str) -> Result<Capability, LoadError> {
    let foreign = || LoadError::Foreign(import.to_owned());
    let (name, version) =
        import.strip_prefix(BORDER).and_then(|rest| rest.split_once('@')).ok_or_else(foreign)?;
    let capability = Capability::named(name).ok_or_else(foreign)?;
    if !version.starts_with(COMPATIBLE) {
        return Err(LoadError::Version { import: import.to_owned(), offered: OFFERED });
    }
    Ok(capability)
}

/// Hold what is imported against what is granted.
///
/// # Errors
/// [`LoadError::NotGranted`] for the first capability that is missing, with the plugin's own reason for it.
pub(crate) fn check_granted(manifest: &Manifest, imports: Grants, granted: Grants) -> Result<(), LoadError> {
    let missing: Vec<&str> =
        imports.iter().filter(|one| !granted.contains(*one)).map(Capability::name).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let reason = |name: &str| manifest.capabilities.get(name).map_or("", |asked| asked.reason.as_str());
    let list =
        |word: &dyn Fn(&str) -> String| missing.iter().map(|name| word(name)).collect::<Vec<_>>().join(", ");
    Err(LoadError::NotGranted {
        plugin: manifest.name.clone(),
        needed: list(&|name| format!("`{name}` ({})", reason(name))),
        grants: list(&|name| format!("\"{name}\"")),
    })
}
