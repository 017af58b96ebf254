//! What the host does once for every plugin. Deliberately absent: HTTP, wasmtime, SQL.

pub mod live;
pub mod markdown;
pub(crate) mod mentions;
pub mod moderation;
pub mod notices;
pub mod profile;
pub mod rates;
pub mod texts;
pub mod workers;
