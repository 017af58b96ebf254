//! What the tests share.

use stoa_comments::Comments;
use stoa_plugin::Refusal;
use stoa_plugin::testing::{Refused, Shown, TestHost};

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

/// The lines of the outline that start with one of these words, as they are indented less what all share.
pub(crate) fn lines(shown: &Shown, words: &[&str]) -> String {
    let fits = |line: &&str| words.iter().any(|word| line.trim_start().split(' ').next() == Some(word));
    let found: Vec<&str> = shown.outline().lines().filter(fits).collect();
    let margin = found.iter().map(|line| line.len() - line.trim_start().len()).min().unwrap_or(0);
    found.iter().map(|line| &line[margin..]).collect::<Vec<_>>().join("\n")
}

/// The texts of the posts, in the order they are shown.
pub(crate) fn bodies(shown: &Shown) -> Vec<String> {
    let bodies = shown.outline().lines().filter_map(|line| line.trim_start().strip_prefix("rich "));
    bodies.map(|body| body.trim_matches('"').to_owned()).collect()
}

/// The text id with which the plugin refuses.
pub(crate) fn refused<T: std::fmt::Debug>(result: Result<T, Refused>) -> String {
    match result.expect_err("it is refused") {
        Refused::ByPlugin(Refusal::Invalid(issues)) => issues[0].message.id.clone(),
        Refused::ByPlugin(Refusal::Conflict(text) | Refusal::Denied(text) | Refusal::Gone(text))
        | Refused::ByRule(text) => text.id,
        Refused::NotOffered => "not offered".to_owned(),
        Refused::ByHost(why) => format!("by the host: {why}"),
        other => format!("{other:?}"),
    }
}
