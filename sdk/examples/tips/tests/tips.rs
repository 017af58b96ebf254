//! No browser, no database, milliseconds.

use stoa_plugin::testing::{Refused, TestHost};
use stoa_plugin::{Refusal, text};
use tips::Tips;

fn host() -> TestHost {
    TestHost::of::<Tips>()
        .with_manifest(include_str!("../plugin.toml"))
        .with_texts("en", include_str!("../locales/en.ftl"))
}

#[test]
fn a_tip_is_shared_and_helps_others() {
    let host = host();
    let tip = host.as_person("anna").act("share", &[("body", "Book trains **early**.")]).unwrap();
    let ben = host.as_person("ben");
    ben.act_on(tip.id(), "helped", &[("value", "on")]).unwrap();
    assert_eq!(
        ben.view().unwrap().outline(),
        r#"section "1 tip"
  form [share] "Share"
    composer body "Your tip"
  feed "Tips" of 1
    post e1 by Anna, 09:00
      rich "Book trains **early**."
      toggle [helped] "This helped me" (on) 1
"#
    );
}

#[test]
fn what_does_not_fit_is_refused_with_a_reason() {
    let host = host();
    let anna = host.as_person("anna");
    let share = |tip: &str| anna.act("share", &[("body", tip)]).unwrap_err();
    assert_eq!(share(" "), Refused::ByPlugin(Refusal::field("body", "tip-empty")));
    let too_long = Refusal::field("body", text("tip-long").number("most", 280));
    assert_eq!(share(&"x".repeat(281)), Refused::ByPlugin(too_long));
    // Anna's view does not offer it for her own tip, so nothing is done.
    let own = anna.act("share", &[("body", "Ask Chris.")]).unwrap();
    let helped = anna.act_on(own.id(), "helped", &[("value", "on")]);
    assert_eq!(helped.unwrap_err(), Refused::NotOffered);
}
