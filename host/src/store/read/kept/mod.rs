//! What is kept in memory until anything is committed, by this process or another.

mod revisions;
mod standings;

pub(in crate::store) use revisions::Revisions;
pub(super) use revisions::STATEMENTS as REVISIONS_STATEMENTS;
pub(super) use standings::STATEMENTS as STANDINGS_STATEMENTS;
pub(in crate::store) use standings::Standings;
