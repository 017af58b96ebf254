//! The rules of Stoa as pure functions over values: what a manifest may declare, which capability a function
//! needs, which values a field takes, who may set it, which states follow each other, how lists are ordered.
//!
//! The host, its store, `stoa-build` and the in-memory test host use these functions, so that a plugin is
//! judged in the same way when it is built, tested, loaded and run.
//!
//! ```
//! use stoa_rules::{Manifest, Value, Why};
//!
//! let manifest = Manifest::parse(
//!     r#"id = "example:tips"
//! name = "tips"
//! version = "0.1.0"
//! description = "Short tips from colleagues, on any page."
//! license = "Apache-2.0"
//! min_host = "0.1.0"
//! extension_points = ["widget"]
//! [kinds.tip.fields]
//! body = { type = "long-text", required = true, max = 280 }
//! "#,
//! )?;
//! let too_long = [("body".to_owned(), Value::Text("x".repeat(281)))].into();
//! let problem = manifest.kinds["tip"].check_new(None, &too_long, &|_| None).unwrap_err();
//! assert_eq!(problem.why, Why::TooLong { max: 280 });
//! # Ok::<(), stoa_rules::ManifestError>(())
//! ```
//!
//! Deliberately absent: reading and writing anything, the clock, and the text of any message to a reader.

mod act;
mod capability;
#[cfg(feature = "cases")]
pub mod cases;
mod entries;
mod ledger;
pub mod limits;
mod manifest;
mod query;

pub use act::{
    Argument, Change, Class, ClassProblem, Condition, Message, NewEntry, Otherwise, Requirement, Target,
    check_class,
};
pub use capability::{ALWAYS, Capability, FUNCTIONS, Function, Grants, Reach, UnknownCapability, functions};
pub use entries::{
    Audience, Author, Declared, Derived, Draft, Field, FieldKind, FieldProblem, Fields, Kind, Limit, Listed,
    Mark, MarkChange, MarkProblem, MarkValues, Moderation, ModerationMode, Relation, SetBy, State,
    TransitionError, Unique, UniqueBy, Value, Verdict, Why, chars_seen, clean_body, clean_line,
    fields_from_json, fields_to_json, fold, fold_look_alikes, judge, listed, may_set, may_set_new,
    score_controversial, score_top, set_values, transition, value_is,
};

pub use ledger::{
    Account, AccountId, Amount, AmountSetting, Balance, Budget, Cap, Flow, FlowSum, HELD, Holder, Joiners,
    Kept, Owner, Period, Posting, RELEASED, Renewal, Route, SeenBy, Since, Switch, Terms, TermsProblem,
    TransferReason, Unit, WhenHidden, clip,
};
pub use manifest::form::{Problem, is_id};
pub use manifest::{
    Asked, ElementName, ExtensionPoint, HostTooOld, Manifest, ManifestError, Place, PluginId, Reason,
    Setting, SettingKind, SettingName, SettingProblem, SettingValue, Settings,
};
pub use query::{
    Filter, Grouping, OrderBy, Query, Scope, Test, check_filters, check_similar, similar_words, similarity,
};
