//! What every module uses. Deliberately absent: databases, HTTP, plugins.

pub mod bundle;
pub mod clock;
pub mod config;
pub mod id;
pub mod keys;
pub mod map;
