//! What the tests share.

use stoa_plugin::Roles;
use stoa_plugin::testing::{Refused, Shown, TestHost};
use stoa_questions::Questions;

/// A host with the plugin as it is shipped, in English; `erik` is an expert, `oda` looks after the page.
pub(crate) fn host() -> TestHost {
    let host = TestHost::of::<Questions>()
        .with_manifest(include_str!("../../plugin.toml"))
        .with_texts("en", include_str!("../../locales/en.ftl"));
    host.add_person("erik", "Erik", Roles::EXPERT);
    host.add_person("oda", "Oda", Roles::empty());
    host.set_owner(stoa_plugin::testing::PAGE, "oda");
    host
}

/// Asks; gives the question's id.
pub(crate) fn ask(host: &TestHost, person: &str, title: &str) -> String {
    host.as_person(person).late().act("ask", &[("title", title)]).expect("it is taken").id().to_owned()
}

/// Answers; gives the answer's id.
pub(crate) fn answer(host: &TestHost, person: &str, question: &str, body: &str) -> String {
    does(host, person, question, "answer", &[("body", body)]).expect("it is taken")
}

/// Comments; gives the comment's id.
pub(crate) fn comment(host: &TestHost, person: &str, below: &str, body: &str) -> String {
    does(host, person, below, "comment", &[("body", body)]).expect("it is taken")
}

/// Does something to an entry from a view where it was offered a while ago or never; gives the id of what was created, or
/// nothing.
pub(crate) fn does(
    host: &TestHost,
    person: &str,
    entry: &str,
    verb: &str,
    fields: &[(&str, &str)],
) -> Result<String, Refused> {
    let done = host.as_person(person).late().act_on(entry, verb, fields)?;
    let creates = matches!(verb, "answer" | "comment" | "ask");
    Ok(if creates { done.id().to_owned() } else { String::new() })
}

/// What the plugin or the host says to somebody who does that: `done`, or the id of the text.
pub(crate) fn says(
    host: &TestHost,
    person: &str,
    entry: &str,
    verb: &str,
    fields: &[(&str, &str)],
) -> String {
    does(host, person, entry, verb, fields).map_or_else(|refused| refused.reason(), |_| "done".to_owned())
}

/// The question alone, as somebody sees it.
pub(crate) fn opened(host: &TestHost, person: &str, question: &str) -> Shown {
    host.as_person(person).with(&format!("q={question}")).view().expect("it is shown")
}

/// The titles of the questions that are listed.
pub(crate) fn titles(shown: &Shown) -> Vec<String> {
    let lines = shown.outline().lines().filter(|line| line.contains("-> ?q="));
    let titles = lines.filter_map(|line| line.split("link \"").nth(1)?.split('"').next());
    titles.map(str::to_owned).collect()
}

/// The text id with which it is refused.
pub(crate) fn refused<T: std::fmt::Debug>(result: Result<T, Refused>) -> String {
    result.expect_err("it is refused").reason()
}
