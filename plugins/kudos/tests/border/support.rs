//! What the tests share.

use stoa_kudos::Kudos;
use stoa_plugin::Refusal;
use stoa_plugin::testing::{Refused, Shown, TestHost};

/// Thanks that fit.
pub(crate) const BODY: &str = "Your checklist saved the trip to Lund.";

/// The first value of the plugin's default.
pub(crate) const VALUE: &str = "Helps others";

/// A host with the plugin as it is shipped, in English.
pub(crate) fn host() -> TestHost {
    TestHost::of::<Kudos>()
        .with_manifest(include_str!("../../plugin.toml"))
        .with_texts("en", include_str!("../../locales/en.ftl"))
}

/// Thanks people; gives the id.
pub(crate) fn give(host: &TestHost, giver: &str, recipients: &str) -> String {
    let fields = [("recipients", recipients), ("values", VALUE), ("body", BODY)];
    let giver = host.as_person(giver).with("compose=-");
    giver.act("give", &fields).expect("it is taken").id().to_owned()
}

/// Joins in, or no longer.
pub(crate) fn boost(host: &TestHost, person: &str, kudos: &str, value: &str) -> Result<(), Refused> {
    host.as_person(person).late().act_on(kudos, "boost", &[("value", value)]).map(drop)
}

/// How many have joined in.
pub(crate) fn boosts(host: &TestHost, kudos: &str) -> i64 {
    host.entry(kudos).and_then(|entry| entry.number("boosts")).unwrap_or(0)
}

/// The ids of the thanks that are shown, in order.
pub(crate) fn shown(shown: &Shown) -> Vec<String> {
    let posts = shown.outline().lines().filter_map(|line| line.trim_start().strip_prefix("post "));
    posts.filter_map(|post| post.split(' ').next()).map(str::to_owned).collect()
}

/// The fields that are refused, with the ids of their texts; of other refusals the text alone.
pub(crate) fn refused<T: std::fmt::Debug>(result: Result<T, Refused>) -> String {
    match result.expect_err("it is refused") {
        Refused::ByPlugin(Refusal::Invalid(issues)) => {
            let issues = issues.iter().map(|issue| format!("{}: {}", issue.field, issue.message.id));
            issues.collect::<Vec<_>>().join(", ")
        }
        other => other.reason(),
    }
}
