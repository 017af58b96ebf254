//! What the tests share.

use stoa_comments::Comments;
use stoa_plugin::testing::TestHost;

/// A host with the plugin as it is shipped, in English.
pub(crate) fn host() -> TestHost {
    TestHost::of::<Comments>()
        .with_manifest(include_str!("../../plugin.toml"))
        .with_texts("en", include_str!("../../locales/en.ftl"))
}

/// Posts a comment; gives its id.
pub(crate) fn post(host: &TestHost, person: &str, body: &str) -> String {
    host.as_person(person).act("create", &[("body", body)]).unwrap().id().to_owned()
}

/// Replies to a comment; gives the reply's id.
pub(crate) fn reply(host: &TestHost, person: &str, to: &str, body: &str) -> String {
    let actor = host.as_person(person).with(&format!("reply={to}"));
    actor.act_on(to, "reply", &[("body", body)]).unwrap().id().to_owned()
}
