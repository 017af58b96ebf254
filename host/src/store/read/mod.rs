//! Reading: by any number of connections, never waiting for the writer. Deliberately absent: changes.

mod cursor;
mod kept;
mod people;
mod query;
mod row;
mod single;
mod statements;
mod threads;

pub(super) use cursor::{Cursor, List};
pub(super) use kept::{Revisions, Standings};
pub use people::DirectoryKey;
pub(super) use people::People;
pub(super) use people::profile::{STATEMENTS as PROFILE_STATEMENTS, contributions};
pub(super) use query::{count, count_by, find_similar, query};
pub(super) use single::{
    HoldersQuery, author_history, find_people, find_readers, find_request, get_own_mark, get_page, get_pages,
    get_people, get_revisions, get_value, is_hidden, list_events, list_holders, list_values, newest_event,
};
pub(super) use single::{STATEMENTS, known_person};
pub(super) use statements::{Statements, belongs};
pub(super) use threads::{Context, Source, get_entries, get_thread, json, list_threads};
