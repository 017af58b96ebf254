//! From a guest crate to a component that a host can install.
//!
//! [`WasmToolchain::find`] finds (or installs) a compiler for `wasm32-unknown-unknown`; [`build`] compiles
//! the crate, wraps its module as a component, embeds `plugin.toml` and the locales, and holds the
//! functions that the component imports against the capabilities that the manifest asks for. What a
//! manifest may say is decided by `stoa_rules::Manifest`, for the host as well.
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
mod report;
mod toolchain;

pub use component::{LOCALE_SECTION_PREFIX, Locale, MANIFEST_SECTION, embed, wrap};
pub use debian::{can_install, install};
pub use error::BuildError;
pub use guest::{Built, build};
pub use report::{Import, Report, check, inspect};
pub use toolchain::{WASM_TARGET, WasmToolchain};
