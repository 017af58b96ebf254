//! What a reader can rely on without reading everything. It looks at files only, and at
//! the table of capabilities in `stoa-rules`. Every check is a function over text that is tried on a bad sample
//! first, so that it is known to be able to fail.

mod absences;
mod border;
mod direction;
mod published;
mod sizes;
mod source;

use source::{Tree, report};

#[test]
fn the_top_level_is_fixed() {
    report(&sizes::top_level(&Tree::of_the_project()));
}

#[test]
fn a_room_has_at_most_eight_doors() {
    report(&sizes::entries(&Tree::of_the_project()));
}

#[test]
fn a_file_has_at_most_600_lines() {
    report(&sizes::lines(&Tree::of_the_project()));
}

#[test]
fn a_function_has_at_most_60_lines() {
    report(&sizes::functions(&Tree::of_the_project()));
}

#[test]
fn rooms_of_the_host_import_only_from_their_left() {
    report(&direction::inside_host(&Tree::of_the_project()));
}

#[test]
fn crates_depend_only_on_the_rooms_they_may() {
    report(&direction::between_rooms(&Tree::of_the_project()));
}

#[test]
fn every_wit_item_is_documented() {
    report(&border::undocumented(&Tree::of_the_project()));
}

#[test]
fn every_function_of_the_border_is_in_the_table_of_capabilities() {
    report(&border::untabled(&Tree::of_the_project()));
}

#[test]
fn migrations_come_in_pairs() {
    report(&border::unpaired(&Tree::of_the_project()));
}

#[test]
fn what_is_absent_on_purpose_stays_absent() {
    report(&absences::found(&Tree::of_the_project()));
}

#[test]
fn packages_written_in_php_have_the_same_signer() {
    report(&absences::unlike_copies(&Tree::of_the_project()));
}

#[test]
fn what_is_published_of_the_contract_does_not_change() {
    report(&published::changed(&Tree::of_the_project()));
}
