//! Write a Stoa plugin in Rust: implement [`Widget`], name it in [`export!`], test it with
//! [`testing::TestHost`]. `sdk/README.md` leads to a first plugin in ten minutes.
//!
//! Absent on purpose: HTML, styles, addresses, the network, files, threads, and anything that lasts longer than
//! one call. A plugin is a pure step: [`Widget::view`] says what is shown, [`Widget::act`] says what changes.

mod widget;

mod context;
mod host;
mod outcome;
mod refusal;

pub mod view;

#[doc(hidden)]
pub mod bindings;
#[cfg(not(target_arch = "wasm32"))]
pub mod testing;

pub use bindings::stoa::plugin::types::{
    Cursor, EntryId, Instant, OtherError, Page, Person, PersonId, Quota, Roles, State, Target,
};
pub use context::{Action, Context};
pub use host::{
    Entries, Entry, Kv, Log, MarkCount, Marks, Order, Pages, Pair, Pairs, People, Query, Revision, Settings,
    Threads, Value,
};
pub use outcome::{Effect, Outcome};
pub use refusal::{Error, Failure, Issue, Refusal, TEXT_DENIED, TEXT_GONE, TEXT_TRY_AGAIN};
/// A text that is shared rather than copied; it compares and reads like any `&str`.
pub use smol_str::SmolStr;
#[doc(hidden)]
pub use widget::Exported;
pub use widget::{Verb, VerbClass, Widget};

/// The examples of the README are compiled and run with the others.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
