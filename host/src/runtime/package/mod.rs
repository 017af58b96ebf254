//! A plugin as it is installed: its manifest and texts, read from the component, and its imports held against them.

mod imports;
mod sections;
mod version;

pub(crate) use imports::check_imports;
pub use sections::Locale;
pub use sections::read;
pub(crate) use version::Contract;

pub use stoa_rules::{Capability, Grants, Manifest, SettingValue, Settings};
