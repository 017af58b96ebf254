//! Everything that can go wrong on the way to a component, each with what to do next.

use std::path::PathBuf;

use stoa_rules::{Capability, ManifestError};
use thiserror::Error;

use crate::report::Import;

/// Why no component came out.
#[derive(Debug, Error)]
pub enum BuildError {
    /// None of the ways to a compiler for wasm worked; the text says what each of them answered.
    #[error("no compiler for wasm32-unknown-unknown on this machine:\n{0}")]
    NoToolchain(String),
    /// A program could not be started at all.
    #[error("cannot run {program}: {source}")]
    CannotRun {
        /// The program's name.
        program: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// Debian's packages could not be installed.
    #[error("apt-get could not install {packages}:\n{output}")]
    Install {
        /// Names of the packages, separated by blanks.
        packages: String,
        /// What apt-get said.
        output: String,
    },
    /// The guest crate does not compile.
    #[error("{name} does not compile for wasm32-unknown-unknown:\n{output}")]
    Compile {
        /// The crate.
        name: String,
        /// What cargo said.
        output: String,
    },
    /// A file that has to be there cannot be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The manifest says something that cannot be.
    #[error("plugin.toml: {0}")]
    Manifest(#[from] ManifestError),
    /// The crate's Cargo.toml has no package name.
    #[error("{0} is not the manifest of a crate")]
    NotACrate(PathBuf),
    /// The module cannot be wrapped as a component.
    #[error("the compiled module does not make a component: {0}")]
    Component(String),
    /// The component imports functions for which the manifest asks no capability.
    #[error("plugin.toml does not ask for what the component imports: {}", list(.0))]
    NotAsked(
        /// The interfaces, each with the functions that are imported.
        Vec<(Capability, Import)>,
    ),
    /// The component imports a function that this version of the contract does not have.
    #[error("the component imports {function} of {import}, which this version of stoa:plugin does not have")]
    NoSuchFunction {
        /// Full name of the interface.
        import: String,
        /// The function.
        function: String,
    },
    /// The component writes data, or reads points, that the manifest does not declare.
    #[error("the component imports {import}, but plugin.toml declares no [{table}]")]
    NotDeclared {
        /// Full name of the interface.
        import: String,
        /// The table of the manifest: `kinds`, `marks` or `ledger`.
        table: &'static str,
    },
    /// The component imports something that no host offers.
    #[error("the component imports {0}, which is not part of stoa:plugin")]
    Foreign(String),
    /// Extension points of the manifest and exports of the component differ.
    #[error("plugin.toml names the extension point {point}, but the component does not export it")]
    NotExported {
        /// The extension point.
        point: String,
    },
}

impl BuildError {
    /// What to do next, as one sentence; callers print it after `hint:`.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::NoToolchain(_) => {
                "run `rustup target add wasm32-unknown-unknown`, or on Debian as root `apt-get install rustc-web \
                 rust-web-src lld-22`, or use a rustc that has the target already"
                    .into()
            }
            Self::CannotRun { program, .. } => format!("install {program} and see that it is on PATH"),
            Self::Install { packages, .. } => {
                format!("run `apt-get update && apt-get install {packages}` by hand and read its answer")
            }
            Self::Compile { name, .. } => {
                format!("mend what the compiler names; `cargo check -p {name}` on the host target is quicker")
            }
            Self::Read { .. } => "give the folder of a plugin: it holds Cargo.toml and plugin.toml".into(),
            Self::Manifest(_) => "every key is listed in the documentation of stoa_rules::Manifest".into(),
            Self::NotACrate(_) => "give the folder of a plugin, not of a workspace".into(),
            Self::Component(_) => {
                "see that the crate has crate-type [\"cdylib\", \"rlib\"] and uses stoa_plugin's macro once".into()
            }
            Self::NotAsked(imports) => {
                let sections: Vec<String> = imports
                    .iter()
                    .map(|(capability, _)| format!("`[capabilities.{capability}]`"))
                    .collect();
                format!("add {} with a `reason` to plugin.toml, or do not use them", sections.join(", "))
            }
            Self::NoSuchFunction { .. } => {
                "build the plugin with the stoa-plugin of the same release as this tool".into()
            }
            Self::NotDeclared { table: "kinds", .. } => {
                "declare each kind of entry with its fields: `[kinds.NAME.fields]`".into()
            }
            Self::NotDeclared { table: "ledger", .. } => {
                "declare each unit of points with its accounts and reasons: `[ledger.NAME]`".into()
            }
            Self::NotDeclared { .. } => "declare each kind of mark with its values: `[marks.NAME]`".into(),
            Self::Foreign(_) => {
                "a plugin has no files, sockets or environment; find the dependency that wants them".into()
            }
            Self::NotExported { point } => {
                format!("implement the {point} trait, or take it out of extension_points")
            }
        }
    }
}

/// `stoa:plugin/kv@0.2.0 (get, list-prefix)`, separated by commas.
fn list(imports: &[(Capability, Import)]) -> String {
    let names: Vec<String> = imports.iter().map(|(_, import)| import.to_string()).collect();
    names.join(", ")
}
