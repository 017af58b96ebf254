//! Writing: one task owns the one connection that writes. It takes what is queued, applies each job inside a
//! savepoint of one transaction, waits for the disk once and only then answers them all. Deliberately absent:
//! clocks and permissions; both are brought along.

mod commit;
mod import;
mod pages;
mod people;
mod queue;
mod reindex;
mod retention;

pub(super) use commit::{Indexed, STATEMENTS as COMMIT_STATEMENTS, indexed, tally};
pub(super) use import::STATEMENTS as IMPORT_STATEMENTS;
pub use import::{
    ImportBatch, ImportEntry, ImportPage, ImportPerson, ImportPoints, ImportProblem, ImportReport,
};
pub(super) use pages::STATEMENTS as PAGES_STATEMENTS;
pub(super) use people::STATEMENTS as PEOPLE_STATEMENTS;
pub(super) use queue::{Job, Queue};
pub(super) use reindex::{STATEMENTS as REINDEX_STATEMENTS, duplicates};
pub(super) use retention::STATEMENTS as RETENTION_STATEMENTS;
