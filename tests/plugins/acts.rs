//! What a hostile action wants changed: checked as a whole before anything is written.

use stoa::runtime::{ActError, Action, CallError, Effect, PluginRefusal};

use crate::support::{Bench, NOW, act, call, limits, names};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn effects_within_the_rules_come_through_unchanged() {
    let bench = Bench::new(limits());
    let decided = act(&bench.linked().await, "good").await.unwrap();
    assert_eq!(decided.effects.len(), 7);
    assert!(matches!(&decided.effects[0], Effect::CreateEntry { data, .. } if data == "{\"a\":[1]}"));
    assert_eq!(decided.effects[6], Effect::PutValue { key: "a".to_owned(), value: Some(vec![1, 2]) });
    assert_eq!(decided.announce.as_deref(), Some("done"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn effects_outside_the_rules_are_refused_by_name() {
    let bench = Bench::new(limits());
    for (verb, expected) in [
        ("forged", "not reserved"),
        ("subject", "not reserved"),
        ("twice", "used twice"),
        ("many", "51 effects"),
        ("no-json", "not JSON"),
        ("deep-json", "not JSON"),
        ("long-body", "longer than 65535 characters"),
        ("shouted-kind", "a-z"),
        ("long-mark", "larger than 64 bytes"),
        ("bad-id", "form of an id"),
        ("hold", "hold an entry"),
        ("long-reason", "longer than 500"),
        ("long-value", "larger than 65536"),
        ("no-key", "key is empty"),
    ] {
        let linked = bench.linked().await;
        let error = act(&linked, verb).await.unwrap_err();
        let fits = matches!(&error, ActError::Failed(CallError::Invalid(why)) if why.contains(expected));
        assert!(fits, "{verb}: {error:?}");
        assert!(act(&linked, "nothing").await.is_ok(), "after {verb}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_id_reserved_in_one_call_is_worth_nothing_in_another() {
    let bench = Bench::new(limits());
    let linked = bench.linked().await;
    let decided = act(&linked, "good").await.unwrap();
    let Effect::CreateEntry { id, .. } = &decided.effects[0] else { panic!("{:?}", decided.effects[0]) };
    let again = Action { verb: "subject".to_owned(), subject: Some(id.clone()), fields: Vec::new() };
    let error = linked.act(call(linked.plugin(), "", NOW), again).await.unwrap_err();
    assert!(matches!(error, ActError::Failed(CallError::Invalid(_))), "{error:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reserving_ids_without_end_ends_the_call() {
    let bench = Bench::new(limits());
    let error = act(&bench.linked().await, "reserve").await.unwrap_err();
    assert_eq!(error, ActError::Failed(CallError::Quota { name: "reserved-ids", limit: 1_000 }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refusals_of_the_plugin_keep_their_kind() {
    let bench = Bench::new(limits());
    let linked = bench.linked().await;
    let issue = ("body".to_owned(), "empty".to_owned());
    for (verb, expected) in [
        ("invalid", PluginRefusal::Invalid(vec![issue])),
        ("denied", PluginRefusal::Denied("not-you".to_owned())),
        ("conflict", PluginRefusal::Conflict("changed".to_owned())),
        ("gone", PluginRefusal::Gone("gone".to_owned())),
    ] {
        // Many refusals in a row: a plugin that refuses is not a plugin that fails.
        for _ in 0..6 {
            assert_eq!(act(&linked, verb).await.unwrap_err(), ActError::Refused(expected.clone()));
        }
    }
    let crashed = act(&linked, "panic").await.unwrap_err();
    assert!(matches!(crashed, ActError::Failed(CallError::Fault { .. })));
}

#[test]
fn every_kind_of_effect_needs_its_grant() {
    use stoa::runtime::{EffectTarget, Grants, check_effects};
    let id = "0190a0b0-0000-7000-8000-000000000001".to_owned();
    for (effect, needed) in [
        (Effect::PinEntry { id: id.clone(), pinned: true }, "entries"),
        (Effect::EditEntry { id, version: 1, body: String::new() }, "entries"),
        (Effect::DeleteMark { target: EffectTarget::Page, kind: "vote".to_owned() }, "marks"),
        (Effect::ClosePage(true), "pages"),
        (Effect::PutValue { key: "a".to_owned(), value: None }, "kv"),
    ] {
        let effects = [effect];
        let with = Grants::parse(&names(&[needed])).unwrap();
        assert_eq!(check_effects(&effects, with, &[]), Ok(()));
        let without = check_effects(&effects, Grants::default(), &[]).unwrap_err();
        assert!(without.contains(needed) && without.contains("not granted"), "{without}");
    }
}
