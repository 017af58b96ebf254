//! The social store: the only room with SQL. Deliberately absent: HTTP, plugins, decisions about who may what
//! (a [`Permit`] is brought along) and anything that announces.

mod model;

pub use model::{
    Commit, CommitError, Committed, Entry, Event, Mark, NewEntry, Order, Page, PageRef, Permit, Person,
    PersonClaims, RequestRecord, Revision, State, StoreError, Target, ThreadQuery, Threads, Viewer, Write,
};
