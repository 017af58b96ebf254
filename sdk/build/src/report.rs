//! What a component is and wants, read from its bytes, and whether its manifest admits it.

use std::fmt;

use sha2::{Digest, Sha256};
use stoa_rules::{ALWAYS, Capability, Grants, Manifest, functions};
use wit_component::{DecodedWasm, decode};
use wit_parser::{Resolve, WorldItem, WorldKey};

use crate::error::BuildError;

/// The package whose interfaces are capabilities and extension points.
const BORDER: &str = "stoa:plugin/";

/// Packages that only hold types: importing them asks for nothing.
const VOCABULARY: &str = "stoa:view/";

/// One interface that a component imports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Full name: `stoa:plugin/entries@0.2.0`.
    pub name: String,
    /// The functions that the component uses of it; an interface of types only has none and needs no capability.
    pub functions: Vec<String>,
}

impl fmt::Display for Import {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} ({})", self.name, self.functions.join(", "))
    }
}

/// What came out of a build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Size of the core module, in bytes.
    pub module_bytes: usize,
    /// Size of the component with manifest and locales, in bytes.
    pub component_bytes: usize,
    /// SHA-256 of the component, in hexadecimal: what an administrator approves and a host locks.
    pub sha256: String,
    /// What it imports.
    pub imports: Vec<Import>,
    /// What it exports, by name.
    pub exports: Vec<String>,
    /// Capabilities that the manifest asks for and the component does not import: ask for less.
    pub unused_capabilities: Vec<Capability>,
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "module     {:>8} bytes", self.module_bytes)?;
        writeln!(out, "component  {:>8} bytes  sha256 {}", self.component_bytes, self.sha256)?;
        for import in self.imports.iter().filter(|import| !import.functions.is_empty()) {
            writeln!(out, "imports    {import}")?;
        }
        for export in &self.exports {
            writeln!(out, "exports    {export}")?;
        }
        for name in &self.unused_capabilities {
            writeln!(out, "unused     [capabilities.{name}]: asked for and not imported")?;
        }
        Ok(())
    }
}

/// Reads imports, exports, size and digest from a component.
///
/// # Errors
/// [`BuildError::Component`] when the bytes are not a component.
pub fn inspect(component: &[u8], module_bytes: usize) -> Result<Report, BuildError> {
    let no_component = |why: String| BuildError::Component(why);
    let DecodedWasm::Component(resolve, world) =
        decode(component).map_err(|error| no_component(format!("{error:#}")))?
    else {
        return Err(no_component("it is a package of interfaces".into()));
    };
    let world = &resolve.worlds[world];
    let imports = world.imports.iter().filter_map(|(key, item)| {
        let name = name_of(&resolve, key);
        match item {
            WorldItem::Interface { id, .. } => {
                let functions = resolve.interfaces[*id].functions.keys().cloned().collect();
                Some(Import { name, functions })
            }
            WorldItem::Function(function) => Some(Import { name, functions: vec![function.name.clone()] }),
            WorldItem::Type { .. } => None,
        }
    });
    Ok(Report {
        module_bytes,
        component_bytes: component.len(),
        sha256: hex::encode(Sha256::digest(component)),
        imports: imports.collect(),
        exports: world.exports.keys().map(|key| name_of(&resolve, key)).collect(),
        unused_capabilities: Vec::new(),
    })
}

/// Holds a component against its manifest: every imported function is one of the contract and asked for, what is
/// written is declared, every extension point is exported. Returns the capabilities that were asked for without need.
///
/// # Errors
/// [`BuildError::Foreign`], [`BuildError::NoSuchFunction`], [`BuildError::NotAsked`] (all that are missing),
/// [`BuildError::NotDeclared`] or [`BuildError::NotExported`].
pub fn check(
    manifest: &Manifest,
    imports: &[Import],
    exports: &[String],
) -> Result<Vec<Capability>, BuildError> {
    let mut used = Vec::new();
    for import in imports.iter().filter(|import| !import.functions.is_empty()) {
        if let Some(capability) = capability_of(import)? {
            used.push((capability, import));
        }
    }
    let asked = manifest.grants();
    let missing = used.iter().filter(|(capability, _)| !asked.contains(*capability));
    let missing: Vec<(Capability, Import)> =
        missing.map(|(capability, import)| (*capability, (*import).clone())).collect();
    if !missing.is_empty() {
        return Err(BuildError::NotAsked(missing));
    }
    for (capability, import) in &used {
        check_declared(manifest, *capability, import)?;
    }
    for point in &manifest.extension_points {
        if !exports.iter().any(|export| interface_of(export) == Some(point.name())) {
            return Err(BuildError::NotExported { point: point.name().into() });
        }
    }
    let mut used: Vec<Capability> = used.into_iter().map(|(capability, _)| capability).collect();
    // A condition needs the right to read what it names, and only the call says what that is.
    if imports.iter().any(|import| interface_of(&import.name) == Some("conditions")) {
        used.extend([Capability::Entries, Capability::Marks]);
    }
    let used: Grants = used.into_iter().collect();
    Ok(asked.difference(used).iter().collect())
}

/// The capability that an import needs; none for types and for what is always there.
fn capability_of(import: &Import) -> Result<Option<Capability>, BuildError> {
    if import.name.starts_with(VOCABULARY) {
        return Ok(None);
    }
    let foreign = || BuildError::Foreign(import.name.clone());
    let interface = interface_of(&import.name).ok_or_else(foreign)?;
    let capability = Capability::named(interface);
    if capability.is_none() && !ALWAYS.contains(&interface) {
        return Err(foreign());
    }
    let known = |function: &&String| functions(interface).any(|known| known.name == **function);
    match import.functions.iter().find(|function| !known(function)) {
        None => Ok(capability),
        Some(function) => {
            Err(BuildError::NoSuchFunction { import: import.name.clone(), function: function.clone() })
        }
    }
}

/// A plugin cannot write an entry or mark whose kind it does not declare.
fn check_declared(manifest: &Manifest, capability: Capability, import: &Import) -> Result<(), BuildError> {
    let table = match capability {
        Capability::EntriesWrite if manifest.kinds.is_empty() => "kinds",
        Capability::MarksWrite if manifest.marks.is_empty() => "marks",
        Capability::Ledger | Capability::LedgerWrite if manifest.ledger.is_empty() => "ledger",
        _ => return Ok(()),
    };
    Err(BuildError::NotDeclared { import: import.name.clone(), table })
}

/// `entries` of `stoa:plugin/entries@0.1.0`; nothing for other packages.
fn interface_of(name: &str) -> Option<&str> {
    name.strip_prefix(BORDER)?.split('@').next()
}

fn name_of(resolve: &Resolve, key: &WorldKey) -> String {
    resolve.name_world_key(key)
}

#[cfg(test)]
mod tests {
    use stoa_rules::{Capability, Manifest};

    use super::{Import, Report, check};
    use crate::error::BuildError;

    const MANIFEST: &str = r#"id = "a:b"
name = "b"
version = "0.1.0"
description = "x"
license = "MIT"
min_host = "0.1.0"
extension_points = ["widget"]
[capabilities.entries]
reason = "shows things"
[capabilities.marks-write]
reason = "counts things"
[capabilities.kv]
reason = "remembers things"
"#;

    fn import(interface: &str, functions: &[&str]) -> Import {
        Import {
            name: format!("stoa:plugin/{interface}@0.2.0"),
            functions: functions.iter().map(|name| (*name).to_owned()).collect(),
        }
    }

    fn checked(imports: &[Import]) -> Result<Vec<Capability>, BuildError> {
        check(&Manifest::parse(MANIFEST).unwrap(), imports, &["stoa:plugin/widget@0.2.0".to_owned()])
    }

    #[test]
    fn everything_that_is_imported_and_not_asked_for_is_named_with_its_functions() {
        let imports = [
            import("people", &["get-many"]),
            import("entries", &["count"]),
            import("entries-write", &["create", "set-pinned"]),
        ];
        let error = checked(&imports).unwrap_err();
        let (text, hint) = (error.to_string(), error.hint());
        assert!(text.contains("stoa:plugin/people@0.2.0 (get-many)"), "{text}");
        assert!(text.contains("stoa:plugin/entries-write@0.2.0 (create, set-pinned)"), "{text}");
        assert!(!text.contains("entries@"), "{text}");
        assert!(hint.contains("`[capabilities.people]`, `[capabilities.entries-write]`"), "{hint}");
    }

    #[test]
    fn an_interface_of_another_package_is_refused() {
        let files =
            Import { name: "wasi:filesystem/preopens@0.2.0".to_owned(), functions: vec!["get".to_owned()] };
        for foreign in [files, import("mail", &["send"])] {
            let error = checked(std::slice::from_ref(&foreign)).unwrap_err();
            assert!(matches!(error, BuildError::Foreign(name) if name == foreign.name));
        }
    }

    #[test]
    fn a_function_of_another_version_is_refused() {
        let error = checked(&[import("entries", &["count", "guess"])]).unwrap_err();
        assert!(matches!(&error, BuildError::NoSuchFunction { function, .. } if function == "guess"));
        assert!(error.hint().contains("same release"));
    }

    #[test]
    fn types_and_what_is_always_there_need_no_capability_and_unused_ones_are_named() {
        let imports = [
            import("types", &[]),
            import("clock", &["now"]),
            import("conditions", &["require"]),
            import("entries", &["count"]),
        ];
        assert_eq!(checked(&imports).unwrap(), [Capability::MarksWrite, Capability::Kv]);
        // A condition may read entries without any function that does.
        assert_eq!(checked(&imports[..3]).unwrap(), [Capability::MarksWrite, Capability::Kv]);
        assert_eq!(
            checked(&imports[..2]).unwrap(),
            [Capability::Entries, Capability::MarksWrite, Capability::Kv]
        );
    }

    #[test]
    fn what_is_written_has_to_be_declared() {
        let error = checked(&[import("marks-write", &["put"])]).unwrap_err();
        assert!(matches!(error, BuildError::NotDeclared { table: "marks", .. }));
        assert!(error.hint().contains("[marks.NAME]"));
        let declared = format!("{MANIFEST}[marks.like]\non = [\"page\"]\nvalues = [\"1\"]\n");
        let manifest = Manifest::parse(&declared).unwrap();
        let exports = ["stoa:plugin/widget@0.2.0".to_owned()];
        let unused = check(&manifest, &[import("marks-write", &["put"])], &exports).unwrap();
        assert_eq!(unused, [Capability::Entries, Capability::Kv]);
    }

    #[test]
    fn a_named_extension_point_must_be_exported() {
        let manifest = Manifest::parse(MANIFEST).unwrap();
        let error = check(&manifest, &[], &["stoa:plugin/job@0.2.0".into()]).unwrap_err();
        assert!(matches!(error, BuildError::NotExported { point } if point == "widget"));
    }

    #[test]
    fn a_report_names_each_function_and_what_is_asked_without_need() {
        let report = Report {
            module_bytes: 1,
            component_bytes: 2,
            sha256: "00".to_owned(),
            imports: vec![import("types", &[]), import("entries", &["count", "get-many"])],
            exports: vec!["stoa:plugin/widget@0.2.0".to_owned()],
            unused_capabilities: vec![Capability::Kv],
        };
        let text = report.to_string();
        assert!(text.contains("imports    stoa:plugin/entries@0.2.0 (count, get-many)"), "{text}");
        assert!(text.contains("unused     [capabilities.kv]: asked for and not imported"), "{text}");
        assert!(!text.contains("types"), "{text}");
    }
}
