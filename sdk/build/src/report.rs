//! What a component is and wants, read from its bytes, and whether its manifest admits it.

use std::fmt;

use sha2::{Digest, Sha256};
use wit_component::{DecodedWasm, decode};
use wit_parser::{Resolve, WorldItem, WorldKey};

use crate::error::BuildError;
use crate::manifest::{ExtensionPoint, Manifest};

/// The package whose interfaces are capabilities and extension points.
const BORDER: &str = "stoa:plugin/";

/// Packages that only hold types: importing them asks for nothing.
const VOCABULARY: &str = "stoa:view/";

/// One interface that a component imports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Full name: `stoa:plugin/entries@0.1.0`.
    pub name: String,
    /// How many functions it has; an interface of types only has none and needs no capability.
    pub function_count: usize,
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
    /// What it imports, by name.
    pub imports: Vec<Import>,
    /// What it exports, by name.
    pub exports: Vec<String>,
    /// Capabilities that the manifest asks for and the component does not import: ask for less.
    pub unused_capabilities: Vec<String>,
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "module     {:>8} bytes", self.module_bytes)?;
        writeln!(out, "component  {:>8} bytes  sha256 {}", self.component_bytes, self.sha256)?;
        for import in self.imports.iter().filter(|import| import.function_count > 0) {
            writeln!(out, "imports    {}", import.name)?;
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
                Some(Import { name, function_count: resolve.interfaces[*id].functions.len() })
            }
            WorldItem::Function(_) => Some(Import { name, function_count: 1 }),
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

/// Holds a component against its manifest: every imported interface asked for, every extension point
/// exported. Returns the capabilities that were asked for without need.
///
/// # Errors
/// [`BuildError::NotAsked`], [`BuildError::Foreign`] or [`BuildError::NotExported`] for the first
/// difference.
pub fn check(manifest: &Manifest, imports: &[Import], exports: &[String]) -> Result<Vec<String>, BuildError> {
    let mut used = Vec::new();
    for import in imports.iter().filter(|import| import.function_count > 0) {
        if import.name.starts_with(VOCABULARY) {
            continue;
        }
        let Some(capability) = interface_of(&import.name) else {
            return Err(BuildError::Foreign(import.name.clone()));
        };
        if !manifest.capabilities.keys().any(|asked| asked.as_str() == capability) {
            return Err(BuildError::NotAsked { import: import.name.clone(), capability: capability.into() });
        }
        used.push(capability);
    }
    for point in &manifest.extension_points {
        let wanted = match point {
            ExtensionPoint::Widget => "widget",
        };
        if !exports.iter().any(|export| interface_of(export) == Some(wanted)) {
            return Err(BuildError::NotExported { point: wanted.into() });
        }
    }
    let asked = manifest.capabilities.keys().map(|name| name.as_str());
    Ok(asked.filter(|name| !used.contains(name)).map(str::to_owned).collect())
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
    use super::{Import, check};
    use crate::error::BuildError;
    use crate::manifest::Manifest;

    const MANIFEST: &str = r#"id = "a:b"
name = "b"
version = "0.1.0"
description = "x"
license = "MIT"
min_host = "0.1.0"
extension_points = ["widget"]
[capabilities.entries]
reason = "keeps things"
[capabilities.kv]
reason = "remembers things"
"#;

    fn checked(imports: &[(&str, usize)], exports: &[&str]) -> Result<Vec<String>, BuildError> {
        let imports: Vec<Import> = imports
            .iter()
            .map(|(name, function_count)| Import { name: (*name).into(), function_count: *function_count })
            .collect();
        let exports: Vec<String> = exports.iter().map(|name| (*name).into()).collect();
        check(&Manifest::parse(MANIFEST).unwrap(), &imports, &exports)
    }

    const WIDGET: [&str; 1] = ["stoa:plugin/widget@0.1.0"];

    #[test]
    fn an_import_without_a_capability_is_refused_with_the_line_to_add() {
        let error = checked(&[("stoa:plugin/people@0.1.0", 3)], &WIDGET).unwrap_err();
        assert!(matches!(&error, BuildError::NotAsked { capability, .. } if capability == "people"));
        assert!(error.hint().contains("[capabilities.people]"));
    }

    #[test]
    fn an_interface_of_another_package_is_refused() {
        let error = checked(&[("wasi:filesystem/preopens@0.2.0", 1)], &WIDGET).unwrap_err();
        assert!(matches!(error, BuildError::Foreign(name) if name.starts_with("wasi:")));
    }

    #[test]
    fn types_need_no_capability_and_unused_ones_are_named() {
        let imports = [("stoa:plugin/types@0.1.0", 0), ("stoa:plugin/entries@0.1.0", 4)];
        assert_eq!(checked(&imports, &WIDGET).unwrap(), ["kv"]);
    }

    #[test]
    fn a_named_extension_point_must_be_exported() {
        let error = checked(&[], &["stoa:plugin/job@0.1.0"]).unwrap_err();
        assert!(matches!(error, BuildError::NotExported { point } if point == "widget"));
    }
}
