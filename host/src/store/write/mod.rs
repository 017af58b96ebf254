//! Writing: one task owns the one connection that writes. It takes what is queued, applies each job inside a
//! savepoint of one transaction, waits for the disk once and only then answers them all. Deliberately absent:
//! clocks and permissions; both are brought along.

mod apply;
mod entries;
mod import;
mod marks;
mod people;
mod queue;
mod retention;

pub(super) use apply::STATEMENTS as COMMIT_STATEMENTS;
pub(super) use entries::STATEMENTS as ENTRY_STATEMENTS;
pub(super) use import::STATEMENTS as IMPORT_STATEMENTS;
pub use import::{ImportBatch, ImportEntry, ImportPage, ImportPerson, ImportProblem, ImportReport};
pub(super) use marks::{STATEMENTS as MARK_STATEMENTS, tally};
pub(super) use people::STATEMENTS as PEOPLE_STATEMENTS;
pub(super) use queue::{Job, Queue};
pub(super) use retention::STATEMENTS as RETENTION_STATEMENTS;
