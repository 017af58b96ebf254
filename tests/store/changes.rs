//! Commits: all or nothing, once, and only what the rules allow.

use std::collections::HashSet;

use stoa::base::clock::DAY;
use stoa::store::{CommitError, Committed, Order, PageRef, StoreError};
use stoa_rules::{State, Target};

use crate::cast::{
    PAGE, START, Stage, claims, close, create, edit, mark, new_entry, pin, put_value, query, request,
    retention, set_state, unmark,
};

#[tokio::test]
async fn only_the_ways_between_states_that_the_rules_name_are_open() {
    use State::{Deleted, Held, Rejected, Removed, Visible};
    let stage = Stage::new().await;
    let allowed: HashSet<(State, State, &str)> = [
        (Visible, Deleted, "author"),
        (Held, Deleted, "author"),
        (Visible, Visible, "moderator"),
        (Visible, Removed, "moderator"),
        (Visible, Held, "moderator"),
        (Held, Visible, "moderator"),
        (Held, Rejected, "moderator"),
        (Held, Removed, "moderator"),
        (Removed, Visible, "moderator"),
        (Rejected, Visible, "moderator"),
        (Deleted, Visible, "moderator"),
    ]
    .into();
    let states = [Visible, Held, Rejected, Deleted, Removed];
    for (from, to, who) in states.iter().flat_map(|from| {
        states.iter().flat_map(move |to| ["author", "moderator", "other"].map(|who| (*from, *to, who)))
    }) {
        let id = match from {
            Held | Rejected => stage.writes_held(&stage.anna, None, "x").await,
            _ => stage.writes(&stage.anna, None, "x").await,
        };
        match from {
            Rejected | Removed => drop(stage.sets(&stage.mona, &id, from).await.unwrap()),
            Deleted => drop(stage.sets(&stage.anna, &id, from).await.unwrap()),
            _ => {}
        }
        let person = match who {
            "author" => &stage.anna,
            "moderator" => &stage.mona,
            _ => &stage.ben,
        };
        let done = stage.sets(person, &id, to).await;
        assert_eq!(done.is_ok(), allowed.contains(&(from, to, who)), "{from:?} to {to:?} by {who}: {done:?}");
        let open_to_somebody = allowed.iter().any(|(a, b, _)| (*a, *b) == (from, to));
        if let Err(error) = done {
            assert_eq!(
                matches!(error, CommitError::Denied(_)),
                open_to_somebody,
                "{from:?} to {to:?} by {who}"
            );
        }
    }
    stage.is_sound().await;
}

#[tokio::test]
async fn an_edit_keeps_the_old_text_and_asks_for_the_version_that_was_read() {
    let stage = Stage::new().await;
    let id = stage.writes(&stage.anna, None, "first").await;
    let edit = |version, body: &str| edit(&id, version, body, State::Visible);
    stage.does(&stage.anna, edit(1, "second")).await.unwrap();
    assert!(matches!(stage.does(&stage.anna, edit(1, "lost")).await, Err(CommitError::Conflict(_))));
    assert!(matches!(stage.does(&stage.ben, edit(2, "not mine")).await, Err(CommitError::Denied(_))));
    stage.does(&stage.mona, edit(2, "third")).await.unwrap();
    let entry = stage.entry(&Stage::nobody(), &id).await;
    assert_eq!((entry.body.as_str(), entry.version, entry.edited_at), ("third", 3, Some(stage.now.get())));
    assert_eq!(entry.author, Some(stage.anna.clone()));
    stage.does(&stage.anna, edit(3, "fourth")).await.unwrap();
    let old = stage.store.get_revisions(&stage.site, &stage.plugin, &id).await.unwrap();
    let old: Vec<_> =
        old.into_iter().map(|revision| (revision.version, revision.author.unwrap(), revision.body)).collect();
    let expected = [(3, &stage.mona, "third"), (2, &stage.anna, "second"), (1, &stage.anna, "first")];
    assert_eq!(old, expected.map(|(version, author, body)| (version, author.clone(), body.to_owned())));
    stage.sets(&stage.anna, &id, State::Deleted).await.unwrap();
    assert!(matches!(stage.does(&stage.anna, edit(5, "late")).await, Err(CommitError::Conflict(_))));
}

#[tokio::test]
async fn an_edit_that_moderation_holds_takes_the_entry_back_and_a_held_one_stays_held() {
    let stage = Stage::new().await;
    let id = stage.writes(&stage.anna, None, "fine").await;
    let edit = |version, state, body: &str| edit(&id, version, body, state);
    stage.does(&stage.anna, edit(1, State::Held, "bad")).await.unwrap();
    assert!(stage.lines(&Stage::nobody()).await.is_empty());
    stage.does(&stage.anna, edit(2, State::Visible, "good again")).await.unwrap();
    let entry = stage.entry(&stage.sees(&stage.anna), &id).await;
    assert_eq!((entry.state, entry.version), (State::Held, 3));
    stage.is_sound().await;
}

#[tokio::test]
async fn answers_go_only_to_visible_entries_and_open_pages() {
    let stage = Stage::new().await;
    let held = stage.writes_held(&stage.anna, None, "held").await;
    let gone = stage.writes(&stage.anna, None, "gone").await;
    stage.sets(&stage.anna, &gone, State::Deleted).await.unwrap();
    for parent in [&held, &gone] {
        let answer = create(new_entry(stage.now.get(), Some(parent), "answer"));
        let refused = stage.does(&stage.anna, answer).await;
        assert!(matches!(refused, Err(CommitError::ParentGone(ref id)) if id == parent), "{refused:?}");
    }
    let refused = stage.does(&stage.anna, close(true)).await;
    assert!(matches!(refused, Err(CommitError::Denied(Target::Page(_)))));
    let before = stage.store.revision(&stage.site, PAGE, &stage.plugin).await.unwrap();
    stage.does(&stage.mona, close(true)).await.unwrap();
    assert!(stage.store.get_page(&stage.site, PAGE).await.unwrap().unwrap().closed);
    assert!(stage.store.revision(&stage.site, PAGE, &stage.plugin).await.unwrap() > before);
    let late = stage.does(&stage.mona, create(new_entry(stage.now.get(), None, "late"))).await;
    assert!(matches!(late, Err(CommitError::PageClosed)));
    stage.does(&stage.mona, close(false)).await.unwrap();
    stage.writes(&stage.anna, None, "open again").await;
    stage.is_sound().await;
}

#[tokio::test]
async fn votes_are_one_a_person_never_for_oneself_and_the_same_again_changes_nothing() {
    let stage = Stage::new().await;
    let id = stage.writes(&stage.anna, None, "text").await;
    let counts = async || stage.entry(&Stage::nobody(), &id).await.counts;
    let vote = |value: &str| ("vote".to_owned(), value.to_owned());
    assert!(stage.does(&stage.ben, mark(&id, "vote", "1")).await.unwrap() > 0);
    let (seen, revision) =
        (stage.events().await.len(), stage.store.revision(&stage.site, PAGE, &stage.plugin).await.unwrap());
    assert_eq!(stage.does(&stage.ben, mark(&id, "vote", "1")).await.unwrap(), 0);
    assert_eq!(stage.events().await.len(), seen);
    assert_eq!(stage.store.revision(&stage.site, PAGE, &stage.plugin).await.unwrap(), revision);
    stage.does(&stage.ben, mark(&id, "vote", "-1")).await.unwrap();
    assert_eq!(counts().await, [(vote("-1").0, vote("-1").1, 1)]);
    stage.does(&stage.carla, mark(&id, "vote", "1")).await.unwrap();
    assert_eq!(counts().await.len(), 2);
    let own = stage.does(&stage.anna, mark(&id, "vote", "1")).await;
    assert!(matches!(own, Err(CommitError::Denied(Target::Entry(_)))));
    let odd = stage.does(&stage.ben, mark(&id, "vote", "7")).await;
    assert!(matches!(odd, Err(CommitError::Invalid { ref field, .. }) if field == "value"), "{odd:?}");
    let cancel = unmark(&id, "vote");
    assert!(stage.does(&stage.ben, cancel.clone()).await.unwrap() > 0);
    assert_eq!(stage.does(&stage.ben, cancel).await.unwrap(), 0);
    assert_eq!(counts().await, [(vote("1").0, vote("1").1, 1)]);
    stage.sets(&stage.mona, &id, State::Held).await.unwrap();
    for kind in ["vote", "report"] {
        let late = stage.does(&stage.ben, mark(&id, kind, "1")).await;
        assert!(matches!(late, Err(CommitError::Conflict(_))), "{late:?}");
    }
    stage.is_sound().await;
}

#[tokio::test]
async fn enough_distinct_reports_hold_an_entry_once_until_a_moderator_approves_it() {
    let mut stage = Stage::new().await;
    stage.report_hold = 2;
    let id = stage.writes(&stage.anna, None, "hm").await;
    stage.does(&stage.ben, mark(&id, "report", "spam")).await.unwrap();
    stage.does(&stage.ben, mark(&id, "report", "rude")).await.unwrap();
    assert_eq!(stage.lines(&Stage::nobody()).await, ["hm"], "one person counts once");
    stage.does(&stage.carla, mark(&id, "report", "spam")).await.unwrap();
    let entry = stage.entry(&stage.sees(&stage.anna), &id).await;
    assert_eq!((entry.state, entry.reason.as_str()), (State::Held, "reported"));
    assert_eq!(stage.entry(&stage.sees(&stage.mona), &id).await.reports, 2);
    let by_rule = stage.events().await.pop().unwrap();
    assert_eq!((by_rule.kind.as_str(), by_rule.actor), ("entry.state", None));
    stage.sets(&stage.mona, &id, State::Visible).await.unwrap();
    assert_eq!(stage.entry(&stage.sees(&stage.mona), &id).await.reports, 0, "they are answered");
    for person in [&stage.ben, &stage.carla] {
        stage.does(person, mark(&id, "report", "again")).await.unwrap();
    }
    assert_eq!(stage.entry(&stage.sees(&stage.mona), &id).await.state, State::Visible);
    stage.is_sound().await;
}

#[tokio::test]
async fn a_suspect_entry_is_visible_and_reported_by_the_rule() {
    let stage = Stage::new().await;
    let mut new = new_entry(stage.now.get(), None, "suspect");
    new.verdict.suspect = true;
    let id = new.id.clone();
    stage.does(&stage.anna, create(new)).await.unwrap();
    assert_eq!(stage.lines(&Stage::nobody()).await, ["suspect"]);
    assert_eq!(stage.entry(&stage.sees(&stage.mona), &id).await.reports, 1);
    stage.sets(&stage.mona, &id, State::Visible).await.unwrap();
    assert_eq!(stage.entry(&stage.sees(&stage.mona), &id).await.reports, 0);
    stage.is_sound().await;
}

#[tokio::test]
async fn an_edit_may_be_suspect_too_and_is_reported_once() {
    let stage = Stage::new().await;
    let id = stage.writes(&stage.anna, None, "first").await;
    for (version, body) in [(1, "suspect"), (2, "still suspect")] {
        let mut edit = edit(&id, version, body, State::Visible);
        edit.verdict.as_mut().unwrap().suspect = true;
        stage.does(&stage.anna, edit).await.unwrap();
        assert_eq!(stage.entry(&stage.sees(&stage.mona), &id).await.reports, 1);
        stage.is_sound().await;
    }
    assert_eq!(stage.lines(&Stage::nobody()).await, ["still suspect"]);
}

#[tokio::test]
async fn reports_of_guests_are_shown_to_moderators_and_hide_nothing() {
    let mut stage = Stage::new().await;
    stage.report_hold = 2;
    let id = stage.writes(&stage.anna, None, "fine").await;
    for subject in ["gus", "gil", "gia"] {
        let mut claims = claims(subject, subject, START);
        claims.roles = Some(vec!["guest".to_owned()]);
        let guest = stage.store.put_person(&stage.site, &claims, START).await.unwrap().id;
        stage.does(&guest, mark(&id, "report", "spam")).await.unwrap();
    }
    stage.does(&stage.ben, mark(&id, "report", "spam")).await.unwrap();
    assert_eq!(stage.lines(&Stage::nobody()).await, ["fine"]);
    assert_eq!(stage.entry(&stage.sees(&stage.mona), &id).await.reports, 4);
    stage.does(&stage.carla, mark(&id, "report", "spam")).await.unwrap();
    assert_eq!(stage.lines(&Stage::nobody()).await, [""; 0]);
    stage.is_sound().await;
}

#[tokio::test]
async fn only_those_who_may_pin_pin_and_only_starts_of_threads() {
    let stage = Stage::new().await;
    let start = stage.writes(&stage.anna, None, "start").await;
    let answer = stage.writes(&stage.ben, Some(&start), "answer").await;
    assert!(matches!(stage.does(&stage.anna, pin(&start, true)).await, Err(CommitError::Denied(_))));
    let refused = stage.does(&stage.mona, pin(&answer, true)).await;
    assert!(matches!(refused, Err(CommitError::Store(StoreError::Invalid(_)))));
    stage.does(&stage.mona, pin(&start, true)).await.unwrap();
    assert_eq!(stage.does(&stage.mona, pin(&start, true)).await.unwrap(), 0);
    assert!(stage.entry(&Stage::nobody(), &start).await.pinned);
}

#[tokio::test]
async fn a_refused_commit_leaves_nothing_behind_not_even_its_first_changes() {
    let stage = Stage::new().await;
    let id = stage.writes(&stage.anna, None, "text").await;
    let (events, revision) =
        (stage.events().await.len(), stage.store.revision(&stage.site, PAGE, &stage.plugin).await.unwrap());
    let mut commit = stage.commit_of(
        &stage.ben,
        vec![
            create(new_entry(stage.now.get(), Some(&id), "half")),
            mark(&id, "vote", "1"),
            put_value("k", Some(vec![1])),
            set_state(&id, 1, State::Removed),
        ],
    );
    commit.request = Some(request("half", 1));
    assert!(matches!(stage.store.commit(commit).await, Err(CommitError::Denied(_))));
    assert_eq!(stage.lines(&stage.sees(&stage.ben)).await, ["text"]);
    assert_eq!(stage.entry(&stage.sees(&stage.ben), &id).await.counts, []);
    assert_eq!(stage.store.get_value(&stage.site, &stage.plugin, "k").await.unwrap(), None);
    assert_eq!(stage.store.find_request(&stage.site, &stage.ben, "half").await.unwrap(), None);
    assert_eq!(stage.events().await.len(), events);
    assert_eq!(stage.store.revision(&stage.site, PAGE, &stage.plugin).await.unwrap(), revision);
    stage.is_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn commits_written_together_are_refused_alone() {
    let stage = Stage::new().await;
    let id = stage.writes(&stage.anna, None, "text").await;
    let commits: Vec<_> = (0..60)
        .map(|number| {
            let bad = number % 3 == 0;
            let parent = if bad { stoa::base::id::EntryId::from("missing") } else { id.clone() };
            let new = new_entry(stage.now.get(), Some(&parent), &format!("{number}"));
            (bad, stage.commit_of(&stage.ben, vec![create(new)]))
        })
        .collect();
    let answers = futures::future::join_all(commits.into_iter().map(|(bad, commit)| {
        let store = stage.store.clone();
        async move { (bad, store.commit(commit).await) }
    }));
    for (bad, answer) in answers.await {
        assert_eq!(bad, answer.is_err(), "{answer:?}");
    }
    assert_eq!(stage.entry(&Stage::nobody(), &id).await.replies, 40);
    stage.is_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_repeats_at_once_make_one_entry_and_get_the_same_answer() {
    let stage = Stage::new().await;
    let commits: Vec<_> = (0..50)
        .map(|_| {
            let mut commit =
                stage.commit_of(&stage.anna, vec![create(new_entry(stage.now.get(), None, "once"))]);
            commit.request = Some(request("key", 1));
            commit
        })
        .collect();
    let answers = futures::future::join_all(commits.into_iter().map(|commit| {
        let store = stage.store.clone();
        tokio::spawn(async move { store.commit(commit).await.unwrap() })
    }));
    let answers: Vec<Committed> = answers.await.into_iter().map(Result::unwrap).collect();
    let replays =
        answers.iter().filter(|answer| **answer == Committed::Replayed { answer: "answer 1".to_owned() });
    assert_eq!(replays.count(), 49);
    assert_eq!(stage.lines(&Stage::nobody()).await, ["once"]);
    let mut other = stage.commit_of(&stage.anna, vec![]);
    other.request = Some(request("key", 2));
    assert!(matches!(stage.store.commit(other).await, Err(CommitError::KeyReused)));
    let mut hers = stage.commit_of(&stage.ben, vec![create(new_entry(stage.now.get(), None, "hers"))]);
    hers.request = Some(request("key", 2));
    assert!(matches!(stage.store.commit(hers).await, Ok(Committed::Done { .. })), "keys are a person's own");
    let kept = stage.store.find_request(&stage.site, &stage.anna, "key").await.unwrap();
    assert_eq!(kept, Some(request("key", 1)));
    let requests = async |now| stage.store.prune(&retention(&stage, now)).await.unwrap().requests;
    assert_eq!(requests(stage.now.get() + DAY / 2).await, 0);
    assert_eq!(requests(stage.now.get() + 2 * DAY).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_who_goes_away_neither_loses_nor_halves_a_commit() {
    let stage = Stage::new().await;
    let start = stage.writes(&stage.anna, None, "start").await;
    for _ in 0..40 {
        let new = new_entry(stage.now.get(), Some(&start), "answer");
        let commit = stage.commit_of(&stage.ben, vec![create(new), mark(&start, "vote", "1")]);
        let mut asked = Box::pin(stage.store.commit(commit));
        // Polled once: queued, then dropped before its answer.
        let _ = futures::poll!(&mut asked);
        drop(asked);
    }
    stage.store.close().await.unwrap();
    let store = stoa::store::Store::open(&crate::cast::url(stage.folder.path())).await.unwrap();
    let asked = query(Order::Oldest, 1, 50);
    let seen = store.list_threads(&stage.site, &stage.plugin, PAGE, &Stage::nobody(), &asked).await.unwrap();
    assert_eq!((seen.entries.len(), seen.entries[0].replies), (41, 40));
    assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn events_tell_in_order_what_has_happened_and_wake_those_who_wait() {
    let stage = Stage::new().await;
    let mut newest = stage.store.watch();
    let id = stage.writes(&stage.anna, None, "text").await;
    stage.does(&stage.ben, mark(&id, "vote", "1")).await.unwrap();
    newest.changed().await.unwrap();
    stage.sets(&stage.mona, &id, State::Removed).await.unwrap();
    stage.does(&stage.mona, close(true)).await.unwrap();
    let events = stage.events().await;
    let kinds: Vec<&str> = events.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(kinds, ["entry.created", "mark.put", "entry.state", "page.closed"]);
    assert!(events.windows(2).all(|pair| pair[0].seq < pair[1].seq));
    assert_eq!(*newest.borrow(), events[3].seq);
    assert_eq!(
        (events[0].page.as_str(), events[0].entry.as_ref(), events[0].actor.as_ref()),
        (PAGE, Some(&id), Some(&stage.anna))
    );
    let later = stage.store.list_events(events[1].seq, 1).await.unwrap();
    assert_eq!(later, events[2..3]);
}

#[tokio::test]
async fn revisions_grow_with_each_change_of_the_page_and_plugin_alone() {
    let stage = Stage::new().await;
    let revision = async || stage.store.revision(&stage.site, PAGE, &stage.plugin).await.unwrap();
    assert_eq!(revision().await, 0);
    let id = stage.writes(&stage.anna, None, "text").await;
    let first = revision().await;
    assert!(first > 0);
    let mut elsewhere = stage.commit_of(&stage.anna, vec![create(new_entry(1, None, "elsewhere"))]);
    elsewhere.page = PageRef { key: "other".to_owned(), url: String::new(), title: String::new() };
    stage.store.commit(elsewhere).await.unwrap();
    let mut kudos = stage.commit_of(&stage.anna, vec![create(new_entry(1, None, "kudos"))]);
    kudos.plugin = "kudos".into();
    stage.store.commit(kudos).await.unwrap();
    assert_eq!(revision().await, first);
    stage.does(&stage.ben, mark(&id, "vote", "1")).await.unwrap();
    assert!(revision().await > first);
    let last = revision().await;
    stage.store.close().await.unwrap();
    let store = stoa::store::Store::open(&crate::cast::url(stage.folder.path())).await.unwrap();
    assert_eq!(store.revision(&stage.site, PAGE, &stage.plugin).await.unwrap(), last);
}

#[tokio::test]
async fn a_private_space_is_listed_by_prefix_and_has_an_end() {
    let stage = Stage::new().await;
    let put = |key: &str, value: Option<Vec<u8>>| put_value(key, value);
    for key in ["a:1", "a:2", "a:3", "b:1", "a;"] {
        stage.does(&stage.anna, put(key, Some(key.as_bytes().to_vec()))).await.unwrap();
    }
    let list = async |prefix: &str, after: Option<&str>, limit| {
        let found = stage.store.list_values(&stage.site, &stage.plugin, prefix, after, limit).await.unwrap();
        found.into_iter().map(|(key, _)| key).collect::<Vec<_>>()
    };
    assert_eq!(list("a:", None, 2).await, ["a:1", "a:2"]);
    assert_eq!(list("a:", Some("a:2"), 2).await, ["a:3"]);
    stage.does(&stage.anna, put("a:1", None)).await.unwrap();
    assert_eq!(list("", None, 9).await, ["a:2", "a:3", "a;", "b:1"]);
    let refused = stage.does(&stage.anna, put("big", Some(vec![0; 65_537]))).await;
    assert!(matches!(refused, Err(CommitError::Store(StoreError::Invalid(_)))));
    let many = (0..159).map(|number| put(&format!("big {number}"), Some(vec![0; 65_536]))).collect();
    stage.store.commit(stage.commit_of(&stage.anna, many)).await.unwrap();
    assert!(matches!(
        stage.does(&stage.anna, put("one more", Some(vec![0; 65_536]))).await,
        Err(CommitError::SpaceFull)
    ));
    stage.does(&stage.anna, put("big 0", None)).await.unwrap();
    stage.does(&stage.anna, put("one more", Some(vec![0; 65_536]))).await.unwrap();
    stage.is_sound().await;
}

#[tokio::test]
async fn an_authors_history_counts_what_moderation_asks_for() {
    let stage = Stage::new().await;
    stage.writes(&stage.anna, None, "one").await;
    let bad = stage.writes(&stage.anna, None, "two").await;
    stage.sets(&stage.mona, &bad, State::Removed).await.unwrap();
    stage.writes_held(&stage.anna, None, "three").await;
    let history = stage.store.author_history(&stage.site, &stage.anna, stage.now.get()).await.unwrap();
    assert_eq!((history.approved, history.rejected_7d, history.published_7d), (1, 1, 1));
    assert_eq!(history.last_body.as_deref(), Some("three"));
    let later = stage.now.get() + 8 * 24 * 3_600 * 1_000_000;
    let history = stage.store.author_history(&stage.site, &stage.anna, later).await.unwrap();
    assert_eq!((history.approved, history.rejected_7d, history.published_7d), (1, 0, 0));
}
