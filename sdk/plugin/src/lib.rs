//! Write a Stoa plugin in Rust: implement [`Widget`], name it in [`export!`], test it with
//! [`testing::TestHost`]. `sdk/README.md` leads to a first plugin in ten minutes.
//!
//! Absent on purpose: HTML, styles, addresses, the network, files, threads, and anything that lasts longer than
//! one call. A plugin is a pure step: [`Widget::view`] says what is shown, [`Widget::act`] says what changes.

mod widget;

mod context;
mod host;
mod outcome;
mod types;

pub mod view;

#[doc(hidden)]
pub mod bindings;
#[cfg(not(target_arch = "wasm32"))]
pub mod testing;

pub use context::{Action, Context};
pub use host::{
    Account, Balance, Entries, Entry, Flow, FlowSum, Found, GroupCount, Grouping, Holder, Holders, Kv,
    Ledger, Log, Marks, Order, Pages, Pair, Pairs, People, Period, Query, Revision, Setting, Settings, Since,
};
pub use outcome::{Condition, FieldChange, NewEntry, Otherwise, Outcome, Transfer, Wakes};
/// A text that is shared rather than copied; it compares and reads like any `&str`.
pub use smol_str::SmolStr;
pub use types::{
    Argument, ArgumentValue, CHANGES_WORK, Cursor, EntryId, Error, Instant, Other, Page, Person, PersonId,
    Problem, Quota, Roles, State, Target, Text, Value, changes, chars_seen, text,
};
#[doc(hidden)]
pub use widget::Exported;
pub use widget::{Class, Failure, Issue, Refusal, TEXT_DENIED, TEXT_GONE, TEXT_TRY_AGAIN, Verb, Widget};
