//! What must hold before the changes of a commit.

use stoa::base::id::EntryId;
use stoa::store::{AuthorSeen, CommitError, Committed};
use stoa_rules::{Condition, Otherwise, Requirement, State, Target, Value};

use crate::cast::{Stage, close, create, mark, new_entry, on_entry, set, text};

fn rerun(condition: Condition) -> Requirement {
    Requirement { condition, otherwise: Otherwise::Rerun }
}

#[tokio::test]
async fn the_first_condition_that_does_not_hold_refuses_the_commit_by_its_place() {
    let stage = Stage::of_questions().await;
    let question = stage.asks(&stage.anna, "Which train?", &[("points", Value::Number(3))]).await;
    let answer = stage.answers(&stage.ben, &question, "That one").await;
    stage.does(&stage.carla, mark(&question, "vote", "1")).await.unwrap();
    let id = |id: &EntryId| id.as_str().to_owned();
    let field =
        |entry: &EntryId, name: &str, value| Condition::Field { id: id(entry), name: name.to_owned(), value };
    let vote = |target: Target, person: Option<&str>, value: Option<&str>| Condition::Mark {
        target,
        kind: "vote".to_owned(),
        person: person.map(str::to_owned),
        value: value.map(str::to_owned),
    };
    let on = || on_entry(&question);
    let carla = Some(stage.carla.as_str());
    let table = [
        (Condition::Version { id: id(&question), version: 1 }, true),
        (Condition::Version { id: id(&question), version: 2 }, false),
        (Condition::Version { id: "unknown".to_owned(), version: 1 }, false),
        (Condition::State { id: id(&question), state: State::Visible }, true),
        (Condition::State { id: id(&question), state: State::Held }, false),
        (field(&question, "points", Value::Number(3)), true),
        (field(&question, "points", Value::Number(4)), false),
        (field(&question, "points", Value::Unset), false),
        (field(&question, "closed", Value::Unset), true),
        (field(&question, "closed", text("outdated")), false),
        (field(&answer, "accepted", Value::Boolean(false)), true),
        (field(&answer, "accepted", Value::Boolean(true)), false),
        (field(&answer, "body", text("That one")), true),
        (vote(on(), carla, Some("1")), true),
        (vote(on(), carla, Some("-1")), false),
        (vote(on(), carla, None), false),
        (vote(on(), None, None), true),
        (vote(on(), None, Some("1")), false),
        (vote(Target::Page("unknown".to_owned()), None, None), true),
        (Condition::PageOpen, true),
    ];
    for (condition, holds) in table {
        let mut commit = stage.commit_of(&stage.anna, vec![set(&question, None, &[])]);
        commit.requirements = vec![rerun(Condition::PageOpen), rerun(condition.clone())];
        let done = stage.store.commit(commit).await;
        match done {
            Ok(Committed::Done { .. }) => assert!(holds, "{condition:?}"),
            Err(CommitError::Unmet { requirement: 1 }) => assert!(!holds, "{condition:?}"),
            other => panic!("{condition:?}: {other:?}"),
        }
    }
    stage.does(&stage.mona, close(true)).await.unwrap();
    let mut commit = stage.commit_of(&stage.anna, vec![]);
    commit.requirements = vec![rerun(Condition::PageOpen)];
    assert!(matches!(stage.store.commit(commit).await, Err(CommitError::Unmet { requirement: 0 })));
}

#[tokio::test]
async fn two_who_read_the_same_do_not_both_commit_on_it() {
    let stage = Stage::of_questions().await;
    let question = stage.asks(&stage.anna, "Which train?", &[]).await;
    let answers =
        [&stage.ben, &stage.carla].map(async |person| stage.answers(person, &question, "This").await);
    let answers = futures::future::join_all(answers).await;
    let commits = answers.iter().map(|answer| {
        let accept = set(answer, None, &[("accepted", Value::Boolean(true))]);
        let mut commit = stage.commit_of(&stage.anna, vec![accept]);
        let nothing = |answer: &EntryId| {
            let (id, name) = (answer.as_str().to_owned(), "accepted".to_owned());
            rerun(Condition::Field { id, name, value: Value::Boolean(false) })
        };
        commit.requirements = answers.iter().map(nothing).collect();
        stage.store.commit(commit)
    });
    let done = futures::future::join_all(commits).await;
    assert_eq!(done.iter().filter(|one| one.is_ok()).count(), 1, "{done:?}");
    assert!(done.iter().any(|one| matches!(one, Err(CommitError::Unmet { .. }))), "{done:?}");
    stage.is_sound().await;
}

#[tokio::test]
async fn of_twenty_equal_texts_at_once_one_is_written_as_judged() {
    let stage = Stage::new().await;
    stage.writes(&stage.anna, None, "before").await;
    let seen = stage.store.author_history(&stage.site, &stage.anna, stage.now.get()).await.unwrap();
    assert_eq!(seen.last_body.as_deref(), Some("before"));
    let commits = (0..20).map(|_| {
        let mut commit =
            stage.commit_of(&stage.anna, vec![create(new_entry(stage.now.get(), None, "the same"))]);
        commit.author_seen = Some(AuthorSeen { last_entry: seen.last_entry.clone() });
        stage.store.commit(commit)
    });
    let done = futures::future::join_all(commits).await;
    assert_eq!(done.iter().filter(|one| one.is_ok()).count(), 1);
    assert_eq!(done.iter().filter(|one| matches!(one, Err(CommitError::Rerun))).count(), 19);
    assert_eq!(stage.lines(&Stage::nobody()).await, ["before", "the same"]);
}
