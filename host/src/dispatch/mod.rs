//! The story of one request to a plugin: permit, call, moderation, commit, view again, diff.
//!
//! Deliberately absent: status codes (those are HTTP's), SQL (the store's), wasmtime (the runtime's).

mod act;
mod app;
mod live;
mod reads;
mod refusal;
mod request;
mod scope;
mod view;

pub use app::console;
pub use app::{App, BrokenPlugin, DirectoryPerson, Findings, LaunchBegun, LaunchChoice, StartError};
pub use refusal::Refusal;
pub use request::{
    ActionOutcome, ActionRequest, LiveItem, NoticeTold, NoticesTold, PersonHit, Subscription, ViewRequest,
    ViewResponse,
};
pub use view::{PAGE, PageCount, TAB};

/// What is read and muted, for those who may not touch the store.
pub use crate::store::{AuditLine, FieldReport, Mute, Read};
/// What a directory tells, for those.
pub use crate::store::{
    DirectoryError, DirectoryGroup, DirectoryKey, DirectoryUser, DirectoryWrite, GroupRecord, KnownPerson,
    PersonChange,
};
