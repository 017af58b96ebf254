//! What every module uses. Deliberately absent: databases, answering HTTP, plugins.

pub mod bundle;
pub mod clock;
pub mod config;
pub mod fetch;
pub mod id;
pub mod keys;
pub mod map;
