//! Threads as people see them: who is shown what, in which order, how much of it.


use insta::assert_snapshot;
use crate::support::{host, post, reply};

#[test]
fn an_empty_page_invites_and_never_counts_to_zero() {
    let host = host();
    assert_snapshot!(host.as_person("anna").view().unwrap().outline(), @"");
    assert_snapshot!(host.as_nobody().view().unwrap().outline(), @"");
}

#[test]
fn a_colleague_sees_what_can_be_done_with_a_comment() {
    let host = host();
    let id = post(&host, "anna", "Is the **form** still valid?");
    reply(&host, "ben", &id, "Yes, until May.");
    assert_snapshot!(host.as_person("chris").view().unwrap().outline(), @"");
}
