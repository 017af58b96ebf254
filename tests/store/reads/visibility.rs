//! Who sees what.

use stoa::base::clock::{DAY, Micros};
use stoa::base::id::{EntryId, PluginName, SiteId};
use stoa::store::{CommitError, Pruned, Retention, Store};
use stoa_rules::State;

use crate::cast::{PAGE, Stage, create, edit, mark, on_entry, pin, put_value, retention, set_state, url};

#[tokio::test]
async fn a_held_entry_is_seen_by_its_author_and_moderators_with_the_reason() {
    let stage = Stage::new().await;
    let held = stage.writes_held(&stage.anna, None, "wait for me").await;
    let nothing: [&str; 0] = [];
    assert_eq!(stage.lines(&stage.sees(&stage.ben)).await, nothing);
    assert_eq!(stage.lines(&Stage::nobody()).await, nothing);
    for viewer in [stage.sees(&stage.anna), stage.sees(&stage.mona)] {
        let entry = stage.entry(&viewer, &held).await;
        assert_eq!((entry.body.as_str(), entry.reason.as_str()), ("wait for me", "new author"));
    }
    assert_eq!(stage.all(&stage.sees(&stage.anna)).await.total, 0, "the total is of what everybody sees");
    stage.is_sound().await;
}

#[tokio::test]
async fn a_deleted_entry_with_answers_keeps_its_place_but_not_its_text_author_or_votes() {
    let stage = Stage::new().await;
    let start = stage.writes(&stage.anna, None, "secret").await;
    stage.does(&stage.carla, mark(&start, "vote", "1")).await.unwrap();
    let answer = stage.writes(&stage.ben, Some(&start), "answer").await;
    assert_eq!(stage.entry(&Stage::nobody(), &answer).await.parent_author, Some(stage.anna.clone()));
    stage.sets(&stage.anna, &start, State::Deleted).await.unwrap();
    for viewer in [Stage::nobody(), stage.sees(&stage.anna), stage.sees(&stage.mona)] {
        assert_eq!(stage.lines(&viewer).await, ["(Deleted)", "> answer"]);
        let seen = stage.all(&viewer).await;
        assert_eq!((seen.entries[0].author.clone(), seen.entries[0].counts.len()), (None, 0));
        assert_eq!(seen.entries[1].parent_author, None, "nor does the answer name whom it answers");
        assert_eq!(seen.people.iter().map(|person| &person.id).collect::<Vec<_>>(), [&stage.ben]);
        assert_eq!(seen.total, 1);
    }
    stage.is_sound().await;
}

#[tokio::test]
async fn a_tombstone_without_living_answers_is_pruned_upwards_and_comes_back_with_one() {
    let stage = Stage::new().await;
    let start = stage.writes(&stage.anna, None, "start").await;
    let middle = stage.writes(&stage.ben, Some(&start), "middle").await;
    let leaf = stage.writes(&stage.carla, Some(&middle), "leaf").await;
    stage.sets(&stage.anna, &start, State::Deleted).await.unwrap();
    stage.sets(&stage.ben, &middle, State::Deleted).await.unwrap();
    assert_eq!(stage.lines(&Stage::nobody()).await, ["(Deleted)", "> (Deleted)", "> > leaf"]);
    stage.sets(&stage.mona, &leaf, State::Removed).await.unwrap();
    assert_eq!(stage.lines(&Stage::nobody()).await.len(), 0);
    assert_eq!(stage.lines(&stage.sees(&stage.mona)).await.len(), 0);
    stage.is_sound().await;
    stage.sets(&stage.mona, &leaf, State::Visible).await.unwrap();
    assert_eq!(stage.lines(&Stage::nobody()).await, ["(Deleted)", "> (Deleted)", "> > leaf"]);
    stage.sets(&stage.mona, &start, State::Visible).await.unwrap();
    assert_eq!(stage.lines(&Stage::nobody()).await, ["start", "> (Deleted)", "> > leaf"]);
    stage.is_sound().await;
}

#[tokio::test]
async fn answers_stay_when_what_they_answer_is_held_and_others_see_only_its_place() {
    let stage = Stage::new().await;
    let start = stage.writes(&stage.anna, None, "doubtful").await;
    stage.writes(&stage.ben, Some(&start), "answer").await;
    stage.sets(&stage.mona, &start, State::Held).await.unwrap();
    assert_eq!(stage.lines(&Stage::nobody()).await, ["(Removed)", "> answer"]);
    assert_eq!(stage.all(&Stage::nobody()).await.entries[0].author, None);
    assert_eq!(stage.lines(&stage.sees(&stage.anna)).await, ["doubtful", "> answer"]);
    stage.sets(&stage.mona, &start, State::Rejected).await.unwrap();
    assert_eq!(stage.lines(&stage.sees(&stage.ben)).await, ["(Removed)", "> answer"]);
    stage.sets(&stage.mona, &start, State::Visible).await.unwrap();
    assert_eq!(stage.lines(&Stage::nobody()).await, ["doubtful", "> answer"]);
    assert_eq!(stage.all(&Stage::nobody()).await.entries[1].parent_author, Some(stage.anna.clone()));
    stage.is_sound().await;
}

#[tokio::test]
async fn reports_and_own_marks_are_shown_to_whom_they_concern() {
    let stage = Stage::new().await;
    let id = stage.writes(&stage.anna, None, "text").await;
    stage.does(&stage.ben, mark(&id, "report", "spam")).await.unwrap();
    stage.does(&stage.ben, mark(&id, "like", "heart")).await.unwrap();
    stage.does(&stage.carla, mark(&id, "like", "heart")).await.unwrap();
    let seen = stage.entry(&stage.sees(&stage.ben), &id).await;
    assert_eq!(seen.counts, [("like".to_owned(), "heart".to_owned(), 2)]);
    assert_eq!(seen.mine.len(), 2, "like and report");
    assert_eq!(seen.reports, 0);
    let seen = stage.entry(&stage.sees(&stage.carla), &id).await;
    assert_eq!(seen.mine, [("like".to_owned(), "heart".to_owned())]);
    assert_eq!(stage.entry(&stage.sees(&stage.mona), &id).await.reports, 1);
    assert_eq!(stage.entry(&Stage::nobody(), &id).await.mine, []);
    stage.is_sound().await;
}

#[tokio::test]
async fn another_site_page_or_plugin_finds_nothing_under_the_same_ids() {
    let stage = Stage::new().await;
    let id = stage.writes(&stage.anna, None, "ours").await;
    stage.does(&stage.ben, mark(&id, "vote", "1")).await.unwrap();
    let put = put_value("k", Some(b"v".to_vec()));
    stage.does(&stage.anna, put).await.unwrap();
    let viewer = stage.sees(&stage.mona);
    let target = on_entry(&id);
    let (demo, other) = (stage.site.clone(), SiteId::from("other"));
    let (comments, kudos) = (stage.plugin.clone(), PluginName::from("kudos"));
    for (site, plugin, page) in
        [(&other, &comments, PAGE), (&demo, &kudos, PAGE), (&demo, &comments, "elsewhere")]
    {
        let store = &stage.store;
        let asked = crate::cast::query(stoa::store::Order::Top, 9, 9);
        let list = store.list_threads(site, plugin, page, &viewer, &asked);
        assert_eq!(list.await.unwrap(), stoa::store::Threads::default());
        assert_eq!(
            store
                .get_entries(site, plugin, Some(page), &viewer, std::slice::from_ref(&id))
                .await
                .unwrap()
                .entries,
            []
        );
        assert_eq!(store.get_thread(site, plugin, Some(page), &viewer, &id, None, 10).await.unwrap(), None);
        let elsewhere = page != PAGE;
        let own = store.get_own_mark(site, plugin, &stage.ben, &target, "vote").await.unwrap();
        assert_eq!(own.is_some(), elsewhere, "a mark is found from each page of the site");
        let holders = store.list_holders(site, plugin, &target, "vote", None, None, 9).await.unwrap();
        assert_eq!(holders.items.len(), usize::from(elsewhere));
        assert_eq!(store.revision(site, page, plugin).await.unwrap(), 0);
    }
    assert_eq!(stage.store.get_people(&other, std::slice::from_ref(&stage.anna)).await.unwrap(), []);
    assert_eq!(stage.store.find_people(&other, "anna", 9).await.unwrap(), []);
    assert_eq!(stage.store.get_value(&other, &comments, "k").await.unwrap(), None);
    assert_eq!(stage.store.get_value(&demo, &kudos, "k").await.unwrap(), None);
    assert_eq!(stage.store.get_page(&other, PAGE).await.unwrap(), None);
}

#[tokio::test]
async fn a_commit_of_another_site_page_or_plugin_finds_no_entry_to_change() {
    let stage = Stage::new().await;
    let id = stage.writes(&stage.anna, None, "ours").await;
    let mona = &stage.mona;
    let other = SiteId::from("other");
    let stranger = stage.store.put_person(&other, &crate::cast::claims("mona", "M", 1), 1).await.unwrap().id;
    let changes = [
        set_state(&id, 1, State::Removed),
        pin(&id, true),
        create(crate::cast::new_entry(1, Some(&id), "answer")),
    ];
    for change in changes {
        let mut commits = [(); 3].map(|()| stage.commit_of(mona, vec![change.clone()]));
        commits[0].site = other.clone();
        commits[0].permit = stoa::store::Permit::for_tests(stranger.clone(), true, true);
        commits[1].plugin = PluginName::from("kudos");
        commits[2].page.key = "elsewhere".to_owned();
        for commit in commits {
            let refused = stage.store.commit(commit).await;
            assert!(matches!(refused, Err(CommitError::NotFound(ref found)) if *found == id), "{refused:?}");
        }
    }
    stage.is_sound().await;
}

/// Anna has written, edited and deleted something; Carla has voted for it, and Ben has answered.
async fn deleted(stage: &Stage) -> EntryId {
    let start = stage.writes(&stage.anna, None, "the first confession").await;
    stage.does(&stage.carla, mark(&start, "vote", "1")).await.unwrap();
    stage.writes(&stage.ben, Some(&start), "answer").await;
    let edit = edit(&start, 1, "the second confession", State::Visible);
    stage.does(&stage.anna, edit).await.unwrap();
    stage.sets(&stage.anna, &start, State::Deleted).await.unwrap();
    start
}

/// As after so many days with the usual 30.
fn after_days(stage: &Stage, days: i64) -> Retention {
    let now = stage.now.get() + days * DAY;
    Retention { deleted_before: vec![(stage.site.clone(), now - 30 * DAY)], ..retention(stage, now) }
}

#[tokio::test]
async fn what_its_author_deleted_is_gone_after_the_undo_time_and_leaves_its_place() {
    let stage = Stage::new().await;
    let start = deleted(&stage).await;
    let removed = stage.writes(&stage.carla, None, "a moderator decides on this").await;
    stage.sets(&stage.mona, &removed, State::Removed).await.unwrap();
    let revisions = async || stage.store.get_revisions(&stage.site, &stage.plugin, &start).await.unwrap();
    let voters = async || {
        let (site, plugin, target) = (&stage.site, &stage.plugin, on_entry(&start));
        stage.store.list_holders(site, plugin, &target, "vote", None, None, 9).await.unwrap().items
    };
    assert_eq!(stage.store.prune(&after_days(&stage, 29)).await.unwrap(), Pruned::default());
    assert_eq!((revisions().await.len(), voters().await.len()), (1, 1));
    let shown = stage.store.revision(&stage.site, PAGE, &stage.plugin).await.unwrap();
    assert_eq!(stage.store.prune(&after_days(&stage, 31)).await.unwrap().entries, 1);
    assert_eq!((revisions().await.len(), voters().await.len()), (0, 0));
    assert!(stage.store.revision(&stage.site, PAGE, &stage.plugin).await.unwrap() > shown);
    assert_eq!(stage.lines(&Stage::nobody()).await, ["(Deleted)", "> answer"]);
    let back = stage.sets(&stage.mona, &start, State::Visible).await;
    assert!(matches!(back, Err(CommitError::NotFound(_))), "{back:?}");
    stage.sets(&stage.mona, &removed, State::Visible).await.unwrap();
    assert!(stage.lines(&Stage::nobody()).await.contains(&"a moderator decides on this".to_owned()));
    assert_eq!(stage.store.prune(&after_days(&stage, 32)).await.unwrap(), Pruned::default(), "once");
    stage.is_sound().await;
}

#[tokio::test]
async fn what_is_gone_is_not_in_the_file_either() {
    let stage = Stage::new().await;
    deleted(&stage).await;
    stage.store.close().await.unwrap();
    let told = |text: &str| {
        let file = std::fs::read(stage.folder.path().join("stoa.db")).unwrap();
        file.windows(text.len()).any(|bytes| bytes == text.as_bytes())
    };
    assert!(told("the first confession") && told("the second confession") && told("answer"));
    let store = Store::open(&url(stage.folder.path())).await.unwrap();
    assert_eq!(store.prune(&after_days(&stage, 31)).await.unwrap().entries, 1);
    store.close().await.unwrap();
    assert!(!told("the first confession") && !told("the second confession") && told("answer"));
}

#[tokio::test]
async fn events_are_kept_for_a_time_and_their_numbers_never_come_again() {
    let stage = Stage::new().await;
    for number in 0..3 {
        stage.writes(&stage.anna, None, &format!("number {number}")).await;
    }
    let events = stage.events().await;
    let until = |events_before: Micros| Retention { events_before, ..retention(&stage, stage.now.get()) };
    assert_eq!(stage.store.prune(&until(events[2].at)).await.unwrap().events, 2);
    assert_eq!(stage.events().await, events[2..]);
    assert_eq!(stage.store.prune(&until(events[2].at + 1)).await.unwrap().events, 1);
    assert_eq!(stage.events().await, []);
    stage.writes(&stage.ben, None, "number 3").await;
    assert_eq!(stage.events().await[0].seq, events[2].seq + 1);
    stage.is_sound().await;
}

#[tokio::test]
async fn more_than_one_job_takes_is_cleared_all_the_same() {
    let stage = Stage::new().await;
    for number in 0..205 {
        let id = stage.writes(&stage.anna, None, &format!("number {number}")).await;
        stage.sets(&stage.anna, &id, State::Deleted).await.unwrap();
    }
    assert_eq!(stage.store.prune(&after_days(&stage, 31)).await.unwrap().entries, 205);
    stage.is_sound().await;
}
