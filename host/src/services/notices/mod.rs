//! Notices: who is told what, once for every plugin. The rules are pure; a reader of the outbox applies them.

mod draw;
mod reader;
mod rules;

pub use draw::{LIMIT, LIST, Line, Muted, OPEN, Panel, SETTINGS, Settings, Verb, draw};
pub use reader::Reader;
pub use rules::{FOLLOW, decide};
