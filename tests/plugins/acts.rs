//! What a hostile action records: each call of a recording function is judged at once, and what is refused
//! leaves nothing behind.

use stoa::base::config::CallLimits;
use stoa::runtime::{ActError, Action, CallError, PluginRefusal};
use stoa_rules::{Argument, Change, Class, Message, State};

use crate::support::{ALL, Bench, NOW, act, act_as, call, limits, names, view};

/// What the host said where it refused to record: the word for the error (none for another end), and
/// the rest.
fn refused(error: &ActError) -> (String, String) {
    match error {
        ActError::Refused(PluginRefusal::Conflict(Message { id, arguments }), _) => match &arguments[..] {
            [(_, Argument::Text(detail))] => (id.clone(), detail.clone()),
            _ => (id.clone(), String::new()),
        },
        _ => (String::new(), format!("{error:?}")),
    }
}

fn message(id: &str) -> Message {
    Message { id: id.to_owned(), arguments: Vec::new() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_within_the_rules_is_recorded_in_order() {
    let bench = Bench::new(limits());
    let recorded = act(&bench.linked().await, "good").await.unwrap().recorded;
    let in_order = matches!(
        &recorded.changes[..],
        [
            Change::Create(_),
            Change::SetFields { seen: Some(3), .. },
            Change::SetState { seen: 1, state: State::Deleted, .. },
            Change::SetPinned { pinned: true, .. },
            Change::PutMark { .. },
            Change::DeleteMark { .. },
            Change::ClosePage(true),
            Change::PutValue { wakes: true, .. },
            Change::Post { .. },
            Change::Reverse { actor: None, .. },
        ]
    );
    assert!(in_order, "{:?}", recorded.changes);
    assert_eq!(recorded.requirements.len(), 3);
    assert_eq!(recorded.navigation, [("sort".to_owned(), "newest".to_owned())]);
    assert_eq!(recorded.announce, Some(message("done")));
    assert_eq!(recorded.focus.as_deref(), Some("first"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_outside_the_rules_is_refused_with_the_place_and_the_reason() {
    let bench = Bench::new(limits());
    let linked = bench.linked().await;
    for (verb, word, expected) in [
        ("undeclared-kind", "invalid", "essay"),
        ("undeclared-field", "invalid", "colour"),
        ("undeclared-mark", "invalid", "like"),
        ("wrong-type", "invalid", "body"),
        ("twice", "invalid", "twice"),
        ("missing", "invalid", "body"),
        ("out-of-range", "invalid", "10"),
        ("long-body", "invalid", "65535"),
        ("not-a-line", "invalid", "title"),
        ("bad-person", "invalid", "about"),
        ("no-version", "invalid", "version"),
        ("wrong-target", "invalid", "vote"),
        ("wrong-value", "invalid", "none of: 1, -1"),
        ("long-mark", "invalid", "64"),
        ("bad-id", "invalid", "id"),
        ("undeclared-reason", "invalid", "stole"),
        ("too-much", "invalid", "15"),
        ("nobody-paid", "invalid", "payee"),
        ("bad-payee", "invalid", "payee"),
        ("whose-flow", "invalid", "names nobody"),
        ("site-flow", "invalid", "flow.payer"),
        ("no-key", "invalid", "key"),
        ("long-key", "invalid", "200"),
        ("long-value", "invalid", "65536"),
        ("bad-condition", "invalid", "colour"),
        ("long-text", "invalid", "8"),
        ("many", "quota", "changes"),
        ("many-conditions", "quota", "conditions"),
    ] {
        let (told, detail) = refused(&act(&linked, verb).await.unwrap_err());
        assert_eq!(told, word, "{verb}: {detail}");
        assert!(detail.contains(expected), "{verb}: {detail}");
        assert!(act(&linked, "nothing").await.is_ok(), "after {verb}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plugin_that_does_not_mind_a_refusal_keeps_what_was_recorded() {
    let bench = Bench::new(limits());
    let recorded = act(&bench.linked().await, "anyway").await.unwrap().recorded;
    assert!(matches!(&recorded.changes[..], [Change::PutMark { .. }]), "{:?}", recorded.changes);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parameters_out_of_bounds_are_left_out() {
    let bench = Bench::new(limits());
    let recorded = act(&bench.linked().await, "lost").await.unwrap().recorded;
    assert_eq!(recorded.navigation.len(), 16, "{:?}", recorded.navigation);
    assert!(recorded.navigation.iter().all(|(name, value)| name.starts_with('p') && value == "1"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_recording_function_needs_its_grant() {
    let bench = Bench::new(limits());
    let plugin = bench.plugin().await;
    for (verb, capability) in [
        ("create", "entries-write"),
        ("text", "entries-write"),
        ("number", "entries-write"),
        ("delete", "entries-write"),
        ("pin", "entries-write"),
        ("mark", "marks-write"),
        ("close", "pages-write"),
        ("put", "kv-write"),
        ("post", "ledger-write"),
        ("reverse", "ledger-write"),
        ("at-most", "ledger-write"),
    ] {
        let without: Vec<&str> = ALL.into_iter().filter(|name| *name != capability).collect();
        let error = act(&plugin.link(&names(&without)).unwrap(), verb).await.unwrap_err();
        let (told, detail) = refused(&error);
        assert_eq!(told, "not-granted", "{verb}: {detail}");
        assert!(detail.contains(capability), "{verb}: {detail}");
        assert!(act(&plugin.link(&names(&ALL)).unwrap(), verb).await.is_ok(), "{verb} with the grant");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_verb_records_no_more_than_its_class_allows() {
    let bench = Bench::new(limits());
    let linked = bench.linked().await;
    for (class, fits, beyond) in [
        (
            Class::Mark,
            &["mark", "number", "post", "reverse"][..],
            &["create", "text", "delete", "put", "close", "pin"][..],
        ),
        (Class::Edit, &["mark", "text", "delete", "put"], &["create", "close", "pin"]),
        (Class::Create, &["create"], &["close", "pin"]),
        (Class::Moderate, &["create", "mark", "close", "pin", "delete"], &[]),
    ] {
        for verb in fits {
            assert!(act_as(&linked, verb, class).await.is_ok(), "{verb} as {class:?}");
        }
        for verb in beyond {
            let (told, detail) = refused(&act_as(&linked, verb, class).await.unwrap_err());
            assert_eq!(told, "invalid", "{verb} as {class:?}: {detail}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_recorded_while_a_view_is_made() {
    let bench = Bench::new(limits());
    let viewed = view(&bench.linked().await, "record").await.unwrap();
    let told = viewed.view.strings.iter().find(|text| text.contains("NotHere")).unwrap();
    // Eleven ways to record, all of them refused.
    assert_eq!(told.lines().count(), 11, "{told}");
    assert!(told.lines().all(|line| line.contains("NotHere")), "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_view_offers_only_verbs_of_its_plugin() {
    let bench = Bench::new(limits());
    for case in ["strange-verb", "host-verb"] {
        let error = view(&bench.linked().await, case).await.unwrap_err();
        assert!(matches!(error, CallError::Invalid(_)), "{case}: {error:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_call_makes_the_same_ids_and_numbers_again() {
    let bench = Bench::new(limits());
    let linked = bench.linked().await;
    let facts = async |seed| {
        let action = Action {
            verb: "facts".to_owned(),
            class: Class::Create,
            subject: None,
            seen: None,
            fields: vec![],
        };
        let mut asked = call(linked.plugin(), "", NOW);
        asked.seed = seed;
        linked.act(asked, action).await.unwrap().recorded
    };
    assert_eq!(facts(7).await, facts(7).await);
    assert_ne!(facts(7).await.announce, facts(8).await.announce);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refusals_of_the_plugin_keep_their_kind() {
    let bench = Bench::new(limits());
    let linked = bench.linked().await;
    for (verb, expected) in [
        ("invalid", PluginRefusal::Invalid(vec![("body".to_owned(), message("empty"))])),
        ("denied", PluginRefusal::Denied(message("not-you"))),
        ("after", PluginRefusal::Denied(message("not-you"))),
        ("conflict", PluginRefusal::Conflict(message("changed"))),
        ("gone", PluginRefusal::Gone(message("gone"))),
    ] {
        // Many refusals in a row: a plugin that refuses is not a plugin that fails.
        for _ in 0..6 {
            assert_eq!(
                act(&linked, verb).await.unwrap_err(),
                ActError::Refused(expected.clone(), Vec::new())
            );
        }
    }
    let crashed = act(&linked, "panic").await.unwrap_err();
    assert!(matches!(crashed, ActError::Failed(CallError::Fault { .. })));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_action_created_is_the_subject_of_the_next() {
    let bench = Bench::new(limits());
    let linked = bench.linked().await;
    let created = act(&linked, "create").await.unwrap().recorded.changes.remove(0);
    let Change::Create(new) = created else { panic!("{created:?}") };
    let subject = async |id: &str| {
        let action = Action {
            verb: "subject".to_owned(),
            class: Class::Mark,
            subject: Some(id.to_owned()),
            seen: None,
            fields: vec![],
        };
        linked.act(call(linked.plugin(), "", NOW), action).await
    };
    let recorded = subject(&new.id).await.unwrap().recorded.changes;
    assert!(matches!(&recorded[..], [Change::SetFields { id, .. }] if *id == new.id), "{recorded:?}");
    let (told, detail) = refused(&subject("nobody").await.unwrap_err());
    assert_eq!(told, "invalid", "{detail}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_condition_needs_the_grant_to_read_what_it_names() {
    let bench = Bench::new(limits());
    let plugin = bench.plugin().await;
    let without: Vec<&str> = ALL.into_iter().filter(|name| *name != "entries").collect();
    let blind = plugin.link(&names(&without)).unwrap();
    for verb in ["unmet", "unmet-again"] {
        let told = refused(&act(&blind, verb).await.unwrap_err());
        assert_eq!(told, ("not-granted".to_owned(), "entries".to_owned()), "{verb}");
        assert_eq!(act(&bench.linked().await, verb).await.unwrap().recorded.requirements.len(), 1);
    }
    // The request says as well whether the page is open.
    assert!(act(&plugin.link(&[]).unwrap(), "require").await.is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_action_that_goes_on_without_end_is_stopped_and_gives_nothing() {
    let bench = Bench::new(CallLimits { fuel: 1_000_000, ..limits() });
    // Calls that record do not count as questions: fuel and time end what never stops trying.
    for verb in ["flood", "loop"] {
        let ended = act(&bench.linked().await, verb).await.unwrap_err();
        assert_eq!(ended, ActError::Failed(CallError::Fuel { limit: 1_000_000 }), "{verb}");
    }
    // Words that this host does not know are a mistake of the plugin, for its author alone.
    let other = act(&bench.linked().await, "other").await.unwrap_err();
    assert_eq!(other, ActError::Failed(CallError::Failed("odd: words".to_owned())));
}
