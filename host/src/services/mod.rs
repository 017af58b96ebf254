//! What the host does once for every plugin. Deliberately absent: HTTP, wasmtime, SQL.

pub mod live;
pub mod markdown;
pub mod moderation;
pub mod notices;
pub mod people;
pub mod rates;
pub mod texts;
pub mod workers;
