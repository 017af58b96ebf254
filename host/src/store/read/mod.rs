//! Reading: by any number of connections, never waiting for the writer. Deliberately absent: changes.

mod cursor;
mod given;
mod people;
mod revisions;
mod single;
mod statements;
mod threads;

pub(super) use people::People;
pub(super) use revisions::Revisions;
pub(super) use single::{STATEMENTS, known_person};
pub(super) use single::{
    author_history, find_people, find_request, get_own_mark, get_page, get_people, get_revisions, get_value,
    list_events, list_mark_people, list_values, newest_event,
};
pub(super) use statements::Statements;
pub(super) use threads::{Scope, Source, get_entries, get_thread, json, list_threads};
