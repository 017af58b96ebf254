//! Typed fields: what a manifest declares holds for every commit.

use std::sync::Arc;

use stoa::base::id::{EntryId, PersonId};
use stoa::store::{Commit, CommitError, Judged, PageRef};
use stoa_rules::{Change, Declared, Reach, State, Value};

use crate::cast::{PAGE, START, Stage, create, edit, set, set_state, text, verdict};

fn tags(tags: &[&str]) -> Value {
    Value::Texts(tags.iter().map(|&tag| tag.to_owned()).collect())
}

/// The field that a refusal names.
fn field(refused: Result<u64, CommitError>) -> String {
    match refused {
        Err(CommitError::Invalid { field, .. }) => field,
        other => panic!("not refused for a field: {other:?}"),
    }
}

#[tokio::test]
async fn values_come_back_typed_and_blank_ones_are_none() {
    let stage = Stage::of_questions().await;
    let fields = [
        ("tags", tags(&["travel", "rail"])),
        ("closed", text("")),
        ("points", Value::Number(7)),
        ("options", tags(&["a", "b"])),
        ("body", text("Which *train*?")),
    ];
    let id = stage.asks(&stage.anna, "Which train?", &fields).await;
    let entry = stage.entry(&Stage::nobody(), &id).await;
    assert_eq!(entry.body, "Which *train*?");
    let names: Vec<&str> = entry.fields.keys().map(String::as_str).collect();
    assert_eq!(names, ["options", "points", "tags", "title"]);
    assert_eq!(entry.fields["tags"], tags(&["travel", "rail"]));
    assert_eq!(entry.fields["points"], Value::Number(7));
    stage.does(&stage.anna, set(&id, None, &[("points", Value::Unset)])).await.unwrap();
    let entry = stage.entry(&Stage::nobody(), &id).await;
    assert_eq!((entry.fields.get("points"), entry.version, entry.edited_at), (None, 2, None));
    assert_eq!(stage.does(&stage.anna, set(&id, None, &[("closed", text(" "))])).await.unwrap(), 0);
    stage.is_sound().await;
}

#[tokio::test]
async fn what_does_not_fit_its_declaration_is_refused_by_the_name_of_the_field() {
    let stage = Stage::of_questions().await;
    let question = stage.asks(&stage.anna, "Which train?", &[]).await;
    let other = stage.asks(&stage.anna, "Another one?", &[]).await;
    let hidden = stage.asks(&stage.anna, "Hidden one?", &[]).await;
    stage.sets(&stage.mona, &hidden, State::Held).await.unwrap();
    let answer = stage.answers(&stage.ben, &question, "That one").await;
    let unknown = EntryId::from(stoa::base::id::new_id(1));
    let id = |id: &EntryId| text(id.as_str());
    for (entry, seen, name, value, expected) in [
        (&question, Some(1), "title", text("short"), "title"),
        (&question, Some(1), "title", text(""), "title"),
        (&question, None, "title", text("Long enough"), "title"),
        (&question, None, "closed", text("bored"), "closed"),
        (&question, None, "points", Value::Number(101), "points"),
        (&question, None, "points", text("7"), "points"),
        (&question, None, "duplicate_of", id(&question), "duplicate_of"),
        (&question, None, "duplicate_of", id(&unknown), "duplicate_of"),
        (&question, None, "duplicate_of", id(&hidden), "duplicate_of"),
        (&question, None, "nonsense", Value::Number(1), "nonsense"),
        (&answer, None, "helpers", tags(&[unknown.as_str()]), "helpers"),
    ] {
        let person = if *entry == answer { &stage.ben } else { &stage.anna };
        let refused = stage.does(person, set(entry, seen, &[(name, value.clone())])).await;
        assert_eq!(field(refused), expected, "{name} {value:?}");
    }
    stage.does(&stage.anna, set(&question, None, &[("duplicate_of", id(&other))])).await.unwrap();
    let helpers = tags(&[stage.carla.as_str(), stage.mona.as_str()]);
    stage.does(&stage.ben, set(&answer, None, &[("helpers", helpers)])).await.unwrap();
    let orphan = crate::cast::Draft { parent: None, ..stage.answer(&question, "where?") };
    assert_eq!(field(stage.does(&stage.carla, create(orphan)).await), "parent");
    let below = stage.answer(&answer, "an answer to an answer");
    assert_eq!(field(stage.does(&stage.carla, create(below)).await), "parent");
    let other_kind = crate::cast::Draft { kind: "poll".to_owned(), ..stage.answer(&question, "?") };
    assert_eq!(field(stage.does(&stage.carla, create(other_kind)).await), "kind");
    let empty = stage.answer(&question, "");
    assert_eq!(field(stage.does(&stage.carla, create(empty)).await), "body");
    let mut accepted = stage.answer(&question, "I am the one");
    accepted.fields.insert("accepted".to_owned(), Value::Boolean(true));
    assert!(matches!(stage.does(&stage.carla, create(accepted)).await, Err(CommitError::Denied(_))));
    stage.is_sound().await;
}

/// Carla owns the page, Ben is an expert.
async fn with_owner() -> Stage {
    let stage = Stage::of_questions().await;
    let file = serde_json::json!({
        "site": "demo", "issuer": crate::cast::ISSUER,
        "people": [{ "subject": "carla", "name": "Carla" }],
        "pages": [{ "key": PAGE, "owner": "carla" }],
    });
    stage.store.import(&stage.site, serde_json::from_value(file).unwrap(), START).await.unwrap();
    stage
}

#[tokio::test]
async fn a_field_is_set_by_those_whom_the_manifest_names() {
    let stage = with_owner().await;
    let question = stage.asks(&stage.anna, "Which train?", &[]).await;
    let answer = stage.answers(&stage.ben, &question, "That one").await;
    let accept = [Value::Boolean(true), Value::Boolean(false)];
    let due = [Value::Time(1), Value::Unset];
    let close = [text("outdated"), Value::Unset];
    for (entry, name, values, allowed) in [
        (&answer, "accepted", accept, [true, false, true, true]),
        (&question, "due", due, [false, true, true, false]),
        (&question, "closed", close, [true, false, false, true]),
    ] {
        let people = [&stage.anna, &stage.ben, &stage.carla, &stage.mona];
        for (person, allowed) in people.into_iter().zip(allowed) {
            for value in &values {
                let change = set(entry, None, &[(name, value.clone())]);
                let mut commit = stage.commit_of(person, vec![change]);
                commit.permit = commit.permit.with_expert(*person == stage.ben);
                let done = stage.store.commit(commit).await;
                assert_eq!(done.is_ok(), allowed, "{name} {person} {done:?}");
                assert!(allowed || matches!(done, Err(CommitError::Denied(_))), "{done:?}");
            }
        }
    }
    stage.is_sound().await;
}

#[tokio::test]
async fn an_accepted_answer_is_the_only_one_and_hiding_it_clears_it() {
    let stage = Stage::of_questions().await;
    let question = stage.asks(&stage.anna, "Which train?", &[]).await;
    let other = stage.asks(&stage.anna, "Which hotel?", &[]).await;
    let first = stage.answers(&stage.ben, &question, "This one").await;
    let second = stage.answers(&stage.carla, &question, "That one").await;
    let elsewhere = stage.answers(&stage.ben, &other, "Any").await;
    let accept = |id: &EntryId| set(id, None, &[("accepted", Value::Boolean(true))]);
    let accepted = async || {
        let mut found = Vec::new();
        for id in [&first, &second, &elsewhere] {
            let entry = stage.entry(&stage.sees(&stage.mona), id).await;
            found.push((entry.fields.get("accepted") == Some(&Value::Boolean(true)), entry.version));
        }
        found
    };
    stage.does(&stage.anna, accept(&elsewhere)).await.unwrap();
    stage.does(&stage.anna, accept(&first)).await.unwrap();
    assert_eq!(accepted().await, [(true, 2), (false, 1), (true, 2)]);
    assert_eq!(stage.does(&stage.anna, accept(&first)).await.unwrap(), 0, "the same again changes nothing");
    stage.does(&stage.anna, accept(&second)).await.unwrap();
    assert_eq!(accepted().await, [(false, 3), (true, 2), (true, 2)]);
    let events = stage.events().await;
    let [.., cleared, set_event] = &events[..] else { panic!("two events") };
    assert_eq!((cleared.kind.as_str(), cleared.entry.as_ref()), ("entry.changed", Some(&first)));
    assert_eq!((set_event.kind.as_str(), set_event.entry.as_ref()), ("entry.changed", Some(&second)));
    assert!(set_event.data.contains(r#""fields":["accepted"]"#), "{}", set_event.data);
    stage.is_sound().await;
    stage.sets(&stage.mona, &second, State::Held).await.unwrap();
    assert!(matches!(stage.does(&stage.anna, accept(&second)).await, Err(CommitError::Conflict(_))));
    assert_eq!(accepted().await, [(false, 3), (false, 3), (true, 2)]);
    stage.sets(&stage.mona, &second, State::Visible).await.unwrap();
    assert_eq!(accepted().await, [(false, 3), (false, 4), (true, 2)]);
    stage.does(&stage.anna, accept(&first)).await.unwrap();
    stage.sets(&stage.ben, &first, State::Deleted).await.unwrap();
    stage.is_sound().await;
}

#[tokio::test]
async fn there_is_one_answer_of_a_person_to_a_question_until_it_is_gone() {
    let stage = Stage::of_questions().await;
    let question = stage.asks(&stage.anna, "Which train?", &[]).await;
    let first = stage.answers(&stage.ben, &question, "This one").await;
    let again = || create(stage.answer(&question, "Or that one"));
    let refused = stage.does(&stage.ben, again()).await;
    assert!(matches!(refused, Err(CommitError::NotUnique { ref text }) if text == "already-answered"));
    stage.sets(&stage.mona, &first, State::Held).await.unwrap();
    assert!(matches!(stage.does(&stage.ben, again()).await, Err(CommitError::NotUnique { .. })));
    stage.sets(&stage.ben, &first, State::Deleted).await.unwrap();
    stage.does(&stage.ben, again()).await.unwrap();
    stage.does(&stage.carla, again()).await.unwrap();
    let back = stage.sets(&stage.mona, &first, State::Visible).await;
    assert!(matches!(back, Err(CommitError::NotUnique { .. })), "its place is taken: {back:?}");
    stage.is_sound().await;
}

#[tokio::test]
async fn a_text_field_keeps_the_old_texts_and_asks_for_the_version_that_was_seen() {
    let stage = Stage::of_questions().await;
    let id = stage.asks(&stage.anna, "Which train?", &[("body", text("old"))]).await;
    let title = |seen, title: &str| set(&id, Some(seen), &[("title", text(title))]);
    stage.does(&stage.mona, title(1, "Which night train?")).await.unwrap();
    assert!(matches!(stage.does(&stage.anna, title(1, "Which bus?")).await, Err(CommitError::Conflict(_))));
    let entry = stage.entry(&Stage::nobody(), &id).await;
    assert!(entry.edited_by_moderator && entry.edited_at == entry.edited_at.max(Some(entry.created_at)));
    assert_eq!(entry.active_at, entry.edited_at.unwrap());
    stage.does(&stage.anna, edit(&id, 2, "new", State::Visible)).await.unwrap();
    assert!(!stage.entry(&Stage::nobody(), &id).await.edited_by_moderator);
    let old = stage.store.get_revisions(&stage.site, &stage.plugin, &id).await.unwrap();
    let told: Vec<_> = old
        .iter()
        .map(|one| (one.version, one.by_moderator, one.body.as_str(), &one.fields["title"]))
        .collect();
    assert_eq!(
        told,
        [(2, true, "old", &text("Which night train?")), (1, false, "old", &text("Which train?"))]
    );
    stage.is_sound().await;
}

#[tokio::test]
async fn moderation_judges_texts_and_a_text_without_its_word_waits() {
    let stage = Stage::of_questions().await;
    let id = stage.asks(&stage.anna, "Which train?", &[]).await;
    let unjudged = |change: Judged| Judged { verdict: None, ..change };
    stage.does(&stage.anna, unjudged(set(&id, None, &[("closed", text("outdated"))]))).await.unwrap();
    assert_eq!(stage.entry(&stage.sees(&stage.anna), &id).await.state, State::Visible);
    let title = |seen, title: &str| set(&id, Some(seen), &[("title", text(title))]);
    let held = Judged { verdict: Some(verdict(State::Held)), ..title(2, "Which bad train?") };
    stage.does(&stage.anna, held).await.unwrap();
    let entry = stage.entry(&stage.sees(&stage.anna), &id).await;
    assert_eq!((entry.state, entry.reason.as_str(), entry.version), (State::Held, "new author", 3));
    stage.does(&stage.mona, set_state(&id, 3, State::Visible)).await.unwrap();
    stage.does(&stage.anna, unjudged(title(4, "Which good train?"))).await.unwrap();
    assert_eq!(stage.entry(&stage.sees(&stage.anna), &id).await.state, State::Held);
    stage.is_sound().await;
}

#[tokio::test]
async fn a_removed_start_keeps_its_line_for_moderators_when_its_last_reply_goes() {
    let stage = Stage::new().await;
    let start = stage.writes(&stage.anna, None, "start").await;
    let reply = stage.writes(&stage.ben, Some(&start), "reply").await;
    stage.sets(&stage.mona, &start, State::Removed).await.unwrap();
    stage.sets(&stage.ben, &reply, State::Deleted).await.unwrap();
    assert_eq!(stage.lines(&stage.sees(&stage.mona)).await, ["(Removed)"]);
    assert!(stage.lines(&Stage::nobody()).await.is_empty());
    stage.is_sound().await;
}

#[tokio::test]
async fn a_plugin_of_the_whole_site_replies_where_the_entry_stands() {
    let mut stage = Stage::of_questions().await;
    let question = stage.asks(&stage.anna, "Which train?", &[]).await;
    let hub = |stage: &Stage, person: &PersonId, change: Judged| {
        let page = PageRef { key: "hub".to_owned(), url: String::new(), title: "Hub".to_owned() };
        Commit { page, ..stage.commit_of(person, vec![change]) }
    };
    let reply = |stage: &Stage| create(stage.answer(&question, "That one"));
    let refused = stage.store.commit(hub(&stage, &stage.ben, reply(&stage))).await;
    assert!(matches!(refused, Err(CommitError::NotFound(_))), "{refused:?}");
    stage.declared = Arc::new(Declared { writes: Reach::Site, ..crate::cast::questions() });
    stage.store.commit(hub(&stage, &stage.ben, reply(&stage))).await.unwrap();
    let answer = stage.all(&Stage::nobody()).await.entries.into_iter().find(|one| one.depth == 1).unwrap();
    let accept = set(&answer.id, None, &[("accepted", Value::Boolean(true))]);
    stage.store.commit(hub(&stage, &stage.anna, accept)).await.unwrap();
    let asked = stage.entry(&Stage::nobody(), &question).await;
    assert_eq!(asked.fields["accepted"], text(answer.id.as_str()));
    let events = stage.events().await;
    assert!(events.iter().all(|event| event.page == PAGE), "{events:?}");
    // A closed page takes nothing new, wherever somebody looks at it.
    stage.does(&stage.mona, crate::cast::plain(Change::ClosePage(true))).await.unwrap();
    let closed = stage.store.commit(hub(&stage, &stage.carla, reply(&stage))).await;
    assert!(matches!(closed, Err(CommitError::PageClosed)), "{closed:?}");
    stage.is_sound().await;
}
