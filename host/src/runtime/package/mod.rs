//! A plugin as it is installed: what it says about itself, what it wants, what it is granted and set to.

mod grants;
mod manifest;
mod settings;

pub use grants::{Capability, Grants};
pub(crate) use grants::{check_granted, check_imports};
pub(crate) use manifest::read;
pub use manifest::{Asked, Declared, Locale, Manifest, SettingKind};
pub use settings::{SettingValue, Settings};
