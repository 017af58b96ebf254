//! From a guest crate to a component that a host can install.
//!
//! [`WasmToolchain::find`] finds (or installs) a compiler for `wasm32-unknown-unknown`; [`build`] compiles
//! the crate, wraps its module as a component, embeds `plugin.toml` and the locales, and holds the
//! component's imports against the capabilities the manifest asks for.
//!
//! Deliberately absent: signing and installing (the host's work), and anything that runs a plugin.
//!
//! ```no_run
//! # fn main() -> Result<(), stoa_build::BuildError> {
//! let toolchain = stoa_build::WasmToolchain::find(&|line| eprintln!("{line}"))?;
//! let built = stoa_build::build("plugins/comments".as_ref(), "target/wasm".as_ref(), &toolchain)?;
//! println!("{}", built.report);
//! # Ok(())
//! # }
//! ```

mod component;
mod debian;
mod error;
mod guest;
mod manifest;
mod report;
mod toolchain;

pub use component::{LOCALE_SECTION_PREFIX, Locale, MANIFEST_SECTION, embed, wrap};
pub use debian::{can_install, install};
pub use error::BuildError;
pub use guest::{Built, build};
pub use manifest::{
    CAPABILITIES, Capability, CapabilityName, ElementName, ExtensionPoint, Manifest, NAME_CHARS_MAX,
    PluginId, Reason, Setting, SettingKind, SettingName, Version,
};
pub use report::{Import, Report, check, inspect};
pub use toolchain::{WASM_TARGET, WasmToolchain};
