//! What the tests share.

use stoa_comments::Comments;
use stoa_plugin::testing::{Refused, TestHost};

/// A host with the plugin as it is shipped, in English.
pub(crate) fn host() -> TestHost {
    TestHost::of::<Comments>()
        .with_manifest(include_str!("../../plugin.toml"))
        .with_texts("en", include_str!("../../locales/en.ftl"))
}

/// Posts a comment; gives its id.
pub(crate) fn post(host: &TestHost, person: &str, body: &str) -> String {
    host.as_person(person).act("create", &[("body", body)]).expect("it is taken").id().to_owned()
}

/// Replies to a comment from a view where it is offered or not; gives the reply's id.
pub(crate) fn reply(host: &TestHost, person: &str, to: &str, body: &str) -> String {
    host.as_person(person).late().act_on(to, "reply", &[("body", body)]).expect("it is taken").id().to_owned()
}

/// The parameters of a view in which the menu of a comment is open.
pub(crate) fn menu(id: &str) -> String {
    format!("menu={id}")
}

/// The text id with which the plugin refuses.
pub(crate) fn refused<T: std::fmt::Debug>(result: Result<T, Refused>) -> String {
    result.expect_err("it is refused").reason()
}
