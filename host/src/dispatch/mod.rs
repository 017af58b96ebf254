//! The story of one request to a plugin: permit, call, moderation, commit, view again, diff.
//!
//! Deliberately absent: status codes (those are HTTP's), SQL (the store's), wasmtime (the runtime's).

mod act;
mod app;
mod ask;
mod live;
mod reads;
mod refusal;
mod scope;
mod view;

pub use app::{App, BrokenPlugin, Findings, StartError};
pub use ask::{ActAsk, Acted, LiveAsk, LiveItem, PersonHit, Shown, ViewAsk};
pub use refusal::Refusal;
