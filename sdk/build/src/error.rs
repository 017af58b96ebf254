//! Everything that can go wrong on the way to a component, each with what to do next.

use std::path::PathBuf;

use thiserror::Error;

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
    /// A file says something that cannot be; the text has line and column where there is one.
    #[error("plugin.toml: {0}")]
    Manifest(String),
    /// The crate's Cargo.toml has no package name.
    #[error("{0} is not the manifest of a crate")]
    NotACrate(PathBuf),
    /// The module cannot be wrapped as a component.
    #[error("the compiled module does not make a component: {0}")]
    Component(String),
    /// The component imports an interface for which the manifest asks no capability.
    #[error("the component imports {import}, but plugin.toml does not ask for it")]
    NotAsked {
        /// Full name of the imported interface.
        import: String,
        /// Name of the capability to ask for.
        capability: String,
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
            Self::Manifest(_) => "every field is listed in the documentation of stoa_build::Manifest".into(),
            Self::NotACrate(_) => "give the folder of a plugin, not of a workspace".into(),
            Self::Component(_) => {
                "see that the crate has crate-type [\"cdylib\", \"rlib\"] and uses stoa_plugin's macro once".into()
            }
            Self::NotAsked { capability, .. } => {
                format!("add `[capabilities.{capability}]` with a `reason` to plugin.toml, or do not use it")
            }
            Self::Foreign(_) => {
                "a plugin has no files, sockets or environment; find the dependency that wants them".into()
            }
            Self::NotExported { point } => {
                format!("implement the {point} trait, or take it out of extension_points")
            }
        }
    }
}
