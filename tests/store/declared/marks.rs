//! Marks follow their declaration.

use stoa::base::id::PersonId;
use stoa::store::{CommitError, Judged, PageRef, StoreError};
use stoa_rules::{Change, State, Target, Value};

use crate::cast::{PAGE, Stage, mark, on_entry, put_mark, unmark};

fn options() -> Value {
    Value::Texts(vec!["red".to_owned(), "blue".to_owned()])
}

fn page(key: &str) -> Target {
    Target::Page(key.to_owned())
}

fn person(id: &PersonId) -> Target {
    Target::Person(id.as_str().to_owned())
}

#[tokio::test]
async fn only_declared_kinds_values_and_targets_are_taken() {
    let stage = Stage::of_questions().await;
    let question = stage.asks(&stage.anna, "Which colour?", &[("options", options())]).await;
    let answer = stage.answers(&stage.ben, &question, "red").await;
    for (change, expected) in [
        (mark(&question, "like", "1"), "kind"),
        (mark(&question, "vote", "2"), "value"),
        (mark(&question, "follow", ""), "value"),
        (mark(&question, "follow", &"x".repeat(65)), "value"),
        (mark(&question, "choice", "2"), "value"),
        (mark(&question, "choice", "red"), "value"),
        (mark(&answer, "choice", "0"), "target"),
        (mark(&answer, "follow", "1"), "target"),
        (put_mark(page(PAGE), "vote", "1"), "target"),
        (put_mark(person(&stage.ben), "vote", "1"), "target"),
        (put_mark(page(PAGE), "report", "spam"), "target"),
        (put_mark(page("unknown"), "follow", "1"), "target"),
        (put_mark(Target::Person("nobody".to_owned()), "follow", "1"), "target"),
    ] {
        let refused = stage.does(&stage.carla, change.clone()).await;
        assert!(
            matches!(refused, Err(CommitError::Invalid { ref field, .. }) if field == expected),
            "{change:?}: {refused:?}"
        );
    }
    let own = stage.does(&stage.anna, mark(&question, "vote", "1")).await;
    assert!(matches!(own, Err(CommitError::Denied(ref target)) if *target == on_entry(&question)));
    for change in [
        mark(&question, "vote", "-1"),
        mark(&question, "follow", "yes"),
        mark(&question, "choice", "1"),
        put_mark(page(PAGE), "follow", "1"),
        put_mark(person(&stage.ben), "follow", "1"),
    ] {
        assert!(stage.does(&stage.carla, change).await.unwrap() > 0);
    }
    let counts = stage.entry(&Stage::nobody(), &question).await.counts;
    let told: Vec<(&str, &str)> = counts.iter().map(|one| (one.0.as_str(), one.1.as_str())).collect();
    assert_eq!(told, [("choice", "1"), ("follow", "yes"), ("vote", "-1")]);
    stage.is_sound().await;
}

#[tokio::test]
async fn a_mark_that_never_changes_keeps_its_first_value() {
    let stage = Stage::of_questions().await;
    let question = stage.asks(&stage.anna, "Which colour?", &[("options", options())]).await;
    stage.does(&stage.ben, mark(&question, "choice", "0")).await.unwrap();
    assert_eq!(stage.does(&stage.ben, mark(&question, "choice", "0")).await.unwrap(), 0);
    for change in [mark(&question, "choice", "1"), unmark(&question, "choice")] {
        let refused = stage.does(&stage.ben, change).await;
        assert!(
            matches!(refused, Err(CommitError::AlreadyMarked { ref kind }) if kind == "choice"),
            "{refused:?}"
        );
    }
    assert_eq!(stage.does(&stage.carla, unmark(&question, "choice")).await.unwrap(), 0);
    stage.is_sound().await;
}

#[tokio::test]
async fn entries_and_pages_of_the_whole_site_can_be_marked_and_wake_their_own_page() {
    let stage = Stage::of_questions().await;
    let question = stage.asks(&stage.anna, "Which colour?", &[]).await;
    let elsewhere = |change: Judged| {
        let mut commit = stage.commit_of(&stage.ben, vec![change]);
        commit.page = PageRef { key: "hub".to_owned(), url: String::new(), title: String::new() };
        commit
    };
    let revision = async |key: &str| stage.store.revision(&stage.site, key, &stage.plugin).await.unwrap();
    let before = revision(PAGE).await;
    stage.store.commit(elsewhere(mark(&question, "vote", "1"))).await.unwrap();
    stage.store.commit(elsewhere(put_mark(page(PAGE), "follow", "1"))).await.unwrap();
    assert_eq!(revision(PAGE).await, before + 2);
    assert_eq!(revision("hub").await, 0, "nothing that it shows is different");
    let events = stage.events().await;
    assert!(events[events.len() - 2..].iter().all(|event| event.kind == "mark.put" && event.page == PAGE));
    let own = stage.store.get_own_mark(&stage.site, &stage.plugin, &stage.ben, &page(PAGE), "follow").await;
    assert_eq!(own.unwrap().as_deref(), Some("1"));
    let stranger = stage.store.commit(elsewhere(crate::cast::set_state(&question, 1, State::Deleted))).await;
    assert!(
        matches!(stranger, Err(CommitError::NotFound(_))),
        "a plugin of one page changes nothing elsewhere"
    );
    stage.is_sound().await;
}

#[tokio::test]
async fn those_who_have_put_a_mark_are_listed_in_parts_without_gap_or_repeat() {
    let stage = Stage::of_questions().await;
    let target = person(&stage.mona);
    let people = [&stage.anna, &stage.ben, &stage.carla];
    for (person, value) in people.into_iter().zip(["a", "b", "a"]) {
        stage.does(person, put_mark(target.clone(), "follow", value)).await.unwrap();
    }
    let list = async |value: Option<&str>, after: Option<&str>, limit| {
        stage.store.list_holders(&stage.site, &stage.plugin, &target, "follow", value, after, limit).await
    };
    let (mut after, mut seen) = (None, Vec::new());
    loop {
        let part = list(None, after.as_deref(), 2).await.unwrap();
        seen.extend(part.items.into_iter().map(|holder| (holder.person, holder.value)));
        match part.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    let expected = [(&stage.carla, "a"), (&stage.ben, "b"), (&stage.anna, "a")];
    assert_eq!(seen, expected.map(|(person, value)| (person.clone(), value.to_owned())));
    let some = list(Some("a"), None, 9).await.unwrap();
    assert_eq!(
        some.items.iter().map(|holder| &holder.person).collect::<Vec<_>>(),
        [&stage.carla, &stage.anna]
    );
    assert_eq!(some.items[0].put_at, stage.now.get());
    for (after, limit) in [(None, 0), (None, 101), (Some("bad"), 1)] {
        assert!(matches!(list(None, after, limit).await, Err(StoreError::Invalid(_))));
    }
}

#[tokio::test]
async fn a_value_that_wakes_is_an_event_of_the_page() {
    let stage = Stage::of_questions().await;
    let put = |wakes| Judged {
        change: Change::PutValue { key: "k".to_owned(), value: Some(vec![1]), wakes },
        verdict: None,
    };
    assert_eq!(stage.does(&stage.anna, put(false)).await.unwrap(), 0);
    let seq = stage.does(&stage.anna, put(true)).await.unwrap();
    let event = stage.events().await.pop().unwrap();
    assert_eq!((event.seq, event.kind.as_str(), event.page.as_str()), (seq, "value.put", PAGE));
}
