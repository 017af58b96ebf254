//! What people are told: kept with the place in the outbox, taken back, read, muted.

use std::collections::HashMap;
use std::sync::Arc;

use stoa::base::clock::{Clock, DAY};
use stoa::base::id::{EntryId, PersonId, PluginName, SiteId};
use stoa::services::live::Live;
use stoa::services::notices::Reader;
use stoa::store::{
    Commit, Mute, NewNotice, Notice, NoticeBatch, NoticeChange, NoticeKind, NoticeLine, NoticePlace,
    NoticesOfEvent, PageRef, Permit, PersonClaims, Read, Store, StoreError, Why,
};
use stoa_rules::{State, Target, Value};

use crate::cast::{
    PAGE, START, Stage, claims, comments, create, edit, killed_after, new_entry, on_entry, put_mark,
    retention, set, url,
};

/// Names the database that a child process writes to, and from where it counts.
const CHILD: &str = "STOA_TEST_TELLS_IN";
const FROM: &str = "STOA_TEST_TELLS_FROM";

fn reader(store: &Store) -> Reader {
    Reader {
        store: store.clone(),
        live: Live::default(),
        clock: Clock::fixed(START),
        declared: HashMap::from([(PluginName::from("questions"), Arc::new(crate::cast::questions()))]),
    }
}

impl Stage {
    async fn tells(&self) {
        reader(&self.store).catch_up().await.unwrap();
    }

    async fn told_lines(&self, person: &PersonId) -> Vec<NoticeLine> {
        self.store.list_notices(&self.site, person, None, 100).await.unwrap().items
    }

    /// The newest of each line.
    async fn notices(&self, person: &PersonId) -> Vec<Notice> {
        self.told_lines(person).await.into_iter().map(|line| line.newest).collect()
    }

    /// What somebody is told once all is read: `kind` with `*` while unread, the newest first.
    async fn told(&self, person: &PersonId) -> String {
        self.tells().await;
        let word = |notice: &Notice| format!("{}{}", notice.kind.word(), if notice.read { "" } else { "*" });
        self.notices(person).await.iter().map(word).collect::<Vec<_>>().join(" ")
    }

    async fn unread(&self, person: &PersonId) -> u32 {
        self.store.count_unread(&self.site, person).await.unwrap()
    }

    async fn mutes(&self, person: &PersonId, mute: Mute, muted: bool) {
        self.store.mute(&self.site, person, mute, muted, START).await.unwrap();
    }
}

#[tokio::test]
async fn a_reply_tells_the_author_of_its_parent_and_nobody_else() {
    let stage = Stage::of_questions().await;
    let question = stage.asks(&stage.anna, "Taxi from Lund?", &[]).await;
    let answer = stage.answers(&stage.ben, &question, "Ask Elin").await;
    assert_eq!(stage.told(&stage.anna).await, "reply*");
    assert_eq!(
        (stage.told(&stage.ben).await, stage.told(&stage.carla).await),
        (String::new(), String::new())
    );
    let notice = &stage.notices(&stage.anna).await[0];
    assert_eq!((&notice.entry, &notice.root, notice.why), (&answer, &question, Why::Wrote));
    assert_eq!((notice.page.as_str(), notice.page_title.as_str()), (PAGE, "Travel"));
    assert_eq!(notice.root_fields.get("title"), Some(&crate::cast::text("Taxi from Lund?")));
    assert_eq!(notice.actor.as_ref(), Some(&stage.ben));
    stage.is_sound().await;
}

#[tokio::test]
async fn a_follower_of_a_page_or_thread_is_told_what_comes_later() {
    let stage = Stage::of_questions().await;
    let question = stage.asks(&stage.anna, "Taxi from Lund?", &[]).await;
    stage.answers(&stage.anna, &question, "I walk.").await;
    stage.does(&stage.carla, put_mark(on_entry(&question), "follow", "1")).await.unwrap();
    stage.does(&stage.mona, put_mark(Target::Page(PAGE.to_owned()), "follow", "1")).await.unwrap();
    stage.answers(&stage.ben, &question, "Ask Elin").await;
    stage.asks(&stage.ben, "Paper receipts?", &[]).await;
    assert_eq!(stage.told(&stage.carla).await, "follow*");
    assert_eq!(stage.told(&stage.mona).await, "follow* follow*");
    let whys: Vec<Why> = stage.notices(&stage.mona).await.iter().map(|notice| notice.why).collect();
    assert_eq!(whys, [Why::FollowsPage, Why::FollowsPage]);
}

#[tokio::test]
async fn what_is_held_is_told_when_it_is_approved_and_its_author_is_told_so() {
    let stage = Stage::new().await;
    let root = stage.writes(&stage.anna, None, "root").await;
    let reply = stage.writes_held(&stage.ben, Some(&root), "reply").await;
    assert_eq!(stage.told(&stage.anna).await, "");
    stage.sets(&stage.mona, &reply, State::Visible).await.unwrap();
    assert_eq!(stage.told(&stage.anna).await, "reply*");
    assert_eq!(stage.told(&stage.ben).await, "approved*");
    assert_eq!(stage.notices(&stage.ben).await[0].actor, None, "a decision is that of the moderators");
}

#[tokio::test]
async fn what_goes_before_it_was_read_is_taken_back_and_comes_again() {
    let stage = Stage::new().await;
    let root = stage.writes(&stage.anna, None, "root").await;
    let reply = stage.writes(&stage.ben, Some(&root), "reply").await;
    assert_eq!(stage.told(&stage.anna).await, "reply*");
    stage.sets(&stage.mona, &reply, State::Removed).await.unwrap();
    assert_eq!((stage.told(&stage.anna).await, stage.unread(&stage.anna).await), (String::new(), 0));
    assert_eq!(stage.told(&stage.ben).await, "removed*");
    assert_eq!(stage.notices(&stage.ben).await[0].note, "because");
    stage.sets(&stage.mona, &reply, State::Visible).await.unwrap();
    assert_eq!((stage.told(&stage.anna).await, stage.unread(&stage.anna).await), ("reply*".to_owned(), 1));
    assert_eq!(stage.told(&stage.ben).await, "restored*", "the last decision is the one that holds");
    // What was read stays.
    stage.store.read_notices(&stage.site, &stage.anna, Read::All, START).await.unwrap();
    stage.sets(&stage.ben, &reply, State::Deleted).await.unwrap();
    assert_eq!(stage.told(&stage.anna).await, "reply");
}

#[tokio::test]
async fn who_is_accepted_is_told_once_however_often_it_is_taken_back() {
    let stage = Stage::of_questions().await;
    let question = stage.asks(&stage.anna, "Taxi from Lund?", &[]).await;
    let (first, second) = (
        stage.answers(&stage.ben, &question, "Ask Elin").await,
        stage.answers(&stage.carla, &question, "Ask me").await,
    );
    let accept = |answer: &EntryId, value: Value| set(answer, None, &[("accepted", value)]);
    stage.does(&stage.anna, accept(&first, Value::Boolean(true))).await.unwrap();
    assert_eq!(stage.told(&stage.ben).await, "accepted*");
    assert_eq!(stage.notices(&stage.ben).await[0].actor.as_ref(), Some(&stage.anna));
    // The other is better: both change at once.
    stage.does(&stage.anna, accept(&second, Value::Boolean(true))).await.unwrap();
    assert_eq!(
        (stage.told(&stage.ben).await, stage.told(&stage.carla).await),
        (String::new(), "accepted*".into())
    );
    stage.does(&stage.anna, accept(&first, Value::Boolean(true))).await.unwrap();
    stage.store.read_notices(&stage.site, &stage.ben, Read::All, START).await.unwrap();
    assert_eq!(
        (stage.told(&stage.ben).await, stage.told(&stage.carla).await),
        ("accepted*".into(), String::new())
    );
    stage.store.read_notices(&stage.site, &stage.ben, Read::All, START).await.unwrap();
    stage.does(&stage.anna, accept(&first, Value::Unset)).await.unwrap();
    stage.does(&stage.anna, accept(&first, Value::Boolean(true))).await.unwrap();
    assert_eq!(stage.told(&stage.ben).await, "accepted", "who has read it is not told again");
    stage.is_sound().await;
}

#[tokio::test]
async fn an_edit_tells_only_who_is_named_anew() {
    let stage = Stage::new().await;
    let entry = stage.writes(&stage.ben, None, "hello").await;
    let hello = format!("hello @[Anna]({})", stage.anna.as_str());
    stage.does(&stage.ben, edit(&entry, 1, &hello, State::Visible)).await.unwrap();
    assert_eq!(stage.told(&stage.anna).await, "mention*");
    stage.store.read_notices(&stage.site, &stage.anna, Read::All, START).await.unwrap();
    let more = format!("{hello}, @[Carla]({})", stage.carla.as_str());
    stage.does(&stage.ben, edit(&entry, 2, &more, State::Visible)).await.unwrap();
    assert_eq!(
        (stage.told(&stage.anna).await, stage.told(&stage.carla).await),
        ("mention".into(), "mention*".into())
    );
}

#[tokio::test]
async fn people_read_their_own_notices_alone() {
    let stage = Stage::new().await;
    let (one, two) =
        (stage.writes(&stage.anna, None, "one").await, stage.writes(&stage.anna, None, "two").await);
    let mut replies = Vec::new();
    for root in [&one, &one, &two] {
        replies.push(stage.writes(&stage.ben, Some(root), "reply").await);
    }
    assert_eq!(stage.told(&stage.anna).await, "reply* reply*");
    let ids: Vec<String> = stage.notices(&stage.anna).await.into_iter().map(|notice| notice.id).collect();
    let read = async |person: &PersonId, read: Read| {
        stage.store.read_notices(&stage.site, person, read, START).await.unwrap()
    };
    let revision = async || stage.store.revision_of_notices(&stage.site, &stage.anna).await.unwrap();
    let before = revision().await;
    assert_eq!(read(&stage.ben, Read::Some(ids.clone())).await, 0, "those of others are left alone");
    assert_eq!(read(&stage.ben, Read::All).await, 0);
    assert_eq!((stage.unread(&stage.anna).await, revision().await), (2, before));
    assert_eq!(read(&stage.anna, Read::Some(vec![ids[0].clone()])).await, 1);
    assert_eq!(stage.told(&stage.anna).await, "reply reply*");
    assert!(revision().await > before);
    assert!(stage.store.has_unread_of(&stage.site, &stage.anna, &replies[0]).await.unwrap());
    assert_eq!(
        read(&stage.anna, Read::ThreadOf(replies[0].clone())).await,
        2,
        "the thread is read, not one entry"
    );
    assert!(!stage.store.has_unread_of(&stage.site, &stage.anna, &replies[0]).await.unwrap());
    assert_eq!((stage.unread(&stage.anna).await, read(&stage.anna, Read::All).await), (0, 0));
}

#[tokio::test]
async fn what_is_told_together_is_one_line_for_list_badge_and_reading() {
    let stage = Stage::new().await;
    let (one, two) =
        (stage.writes(&stage.anna, None, "one").await, stage.writes(&stage.anna, None, "two").await);
    let first = stage.writes(&stage.ben, Some(&one), "first").await;
    let mention = format!("@[Anna]({})", stage.anna.as_str());
    stage.writes(&stage.carla, Some(&one), "second").await;
    stage.writes(&stage.ben, Some(&two), "elsewhere").await;
    stage.writes(&stage.ben, Some(&one), &mention).await;
    let last = stage.writes(&stage.ben, Some(&one), "third").await;
    stage.tells().await;
    let told = async || -> Vec<(&str, u32, u32, Option<EntryId>)> {
        let lines = stage.told_lines(&stage.anna).await;
        let of = |line: NoticeLine| (line.newest.kind.word(), line.actors, line.count, line.first_unread);
        lines.into_iter().map(of).collect()
    };
    let lines = told().await;
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert_eq!(lines[0], ("reply", 2, 3, Some(first.clone())), "two people, from the oldest on");
    assert_eq!((lines[1].0, lines[2].0), ("mention", "reply"));
    assert_eq!(stage.told_lines(&stage.anna).await[0].newest.entry, last);
    assert_eq!(stage.unread(&stage.anna).await, 3, "the badge counts what the list shows");
    let id = stage.told_lines(&stage.anna).await[0].newest.id.clone();
    stage.store.read_notices(&stage.site, &stage.anna, Read::Some(vec![id]), START).await.unwrap();
    assert_eq!((told().await[0].3.clone(), stage.unread(&stage.anna).await), (None, 2));
    // A part of the list has whole lines.
    let part = stage.store.list_notices(&stage.site, &stage.anna, None, 2).await.unwrap();
    let rest = stage.store.list_notices(&stage.site, &stage.anna, part.next.as_deref(), 2).await.unwrap();
    assert_eq!((part.items.len(), rest.items.len(), rest.next), (2, 1, None));
}

#[tokio::test]
async fn those_who_moderate_are_told_what_waits_until_it_is_answered() {
    let stage = Stage::new().await;
    let moderator =
        PersonClaims { roles: Some(vec!["moderator".to_owned()]), ..claims("mona", "Mona", START + 1) };
    stage.store.put_person(&stage.site, &moderator, START + 1).await.unwrap();
    let root = stage.writes(&stage.anna, None, "root").await;
    stage.writes_held(&stage.ben, Some(&root), "one").await;
    let second = stage.writes_held(&stage.carla, Some(&root), "two").await;
    assert_eq!(stage.told(&stage.mona).await, "held*");
    let line = stage.told_lines(&stage.mona).await.remove(0);
    assert_eq!((line.count, line.newest.why, line.newest.actor), (2, Why::Moderates, None));
    assert_eq!((stage.told(&stage.ben).await, stage.told(&stage.anna).await), (String::new(), String::new()));
    stage.store.read_notices(&stage.site, &stage.mona, Read::All, START).await.unwrap();
    stage.sets(&stage.mona, &second, State::Visible).await.unwrap();
    assert_eq!(stage.told(&stage.mona).await, "held");
    assert_eq!(stage.told_lines(&stage.mona).await[0].count, 1, "what was decided waits no more");
    // Two reports of one entry are told once; after a decision the next one is told again.
    for person in [&stage.ben, &stage.carla] {
        stage.does(person, put_mark(on_entry(&root), "report", "spam")).await.unwrap();
    }
    assert_eq!(stage.told(&stage.mona).await, "reported* held");
    assert_eq!(stage.told_lines(&stage.mona).await[0].count, 1);
    stage.sets(&stage.mona, &root, State::Removed).await.unwrap();
    stage.sets(&stage.mona, &root, State::Visible).await.unwrap();
    assert_eq!(stage.told(&stage.mona).await, "held");
    stage.is_sound().await;
}

#[tokio::test]
async fn mutes_are_kept_and_following_again_lifts_that_of_the_thread() {
    let stage = Stage::of_questions().await;
    let question = stage.asks(&stage.anna, "Taxi from Lund?", &[]).await;
    stage.mutes(&stage.anna, Mute::Thread(question.clone()), true).await;
    stage.mutes(&stage.anna, Mute::Thread(question.clone()), true).await;
    stage.answers(&stage.ben, &question, "Ask Elin").await;
    assert_eq!(stage.told(&stage.anna).await, "");
    let mutes = async || -> Vec<Mute> {
        let muted = stage.store.list_mutes(&stage.site, &stage.anna).await.unwrap();
        muted.into_iter().map(|one| one.mute).collect()
    };
    assert_eq!(mutes().await, [Mute::Thread(question.clone())]);
    stage.does(&stage.anna, put_mark(on_entry(&question), "follow", "1")).await.unwrap();
    stage.tells().await;
    assert_eq!(mutes().await, []);
    stage.mutes(&stage.anna, Mute::Person(stage.ben.clone()), true).await;
    stage.answers(&stage.carla, &question, "By bus").await;
    assert_eq!(stage.told(&stage.anna).await, "reply*");
    stage.mutes(&stage.anna, Mute::Person(stage.ben.clone()), false).await;
    assert_eq!(mutes().await, []);
    stage.mutes(&stage.anna, Mute::Kind("reply".to_owned()), true).await;
    assert_eq!(mutes().await, [Mute::Kind("reply".to_owned())]);
}

#[tokio::test]
async fn a_list_goes_on_where_it_stopped_and_ends_with_its_time() {
    let stage = Stage::new().await;
    for _ in 0..5 {
        let root = stage.writes(&stage.anna, None, "root").await;
        stage.writes(&stage.ben, Some(&root), "reply").await;
    }
    stage.tells().await;
    let all: Vec<String> = stage.notices(&stage.anna).await.into_iter().map(|notice| notice.id).collect();
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let part = stage.store.list_notices(&stage.site, &stage.anna, after.as_deref(), 2).await.unwrap();
        seen.extend(part.items.into_iter().map(|line| line.newest.id));
        after = part.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!((seen.len(), &seen), (5, &all));
    for (after, limit) in [(Some("x"), 2), (None, 0), (None, 101)] {
        let refused = stage.store.list_notices(&stage.site, &stage.anna, after, limit).await;
        assert!(matches!(refused, Err(StoreError::Invalid(_))), "{after:?} {limit}");
    }
    let pruned = stage.store.prune(&retention(&stage, stage.now.get() + 181 * DAY)).await.unwrap();
    assert_eq!((pruned.notices, stage.notices(&stage.anna).await.len()), (5, 0));
}

#[tokio::test]
async fn a_part_of_the_outbox_counts_once_and_whole() {
    let stage = Stage::new().await;
    let root = stage.writes(&stage.anna, None, "root").await;
    stage.writes(&stage.ben, Some(&root), "reply").await;
    let after = stage.store.notices_place().await.unwrap().seq;
    let tell = |person: &PersonId, entry: &EntryId| NoticesOfEvent {
        site: stage.site.clone(),
        plugin: stage.plugin.clone(),
        page: PAGE.to_owned(),
        entry: entry.clone(),
        root: root.clone(),
        at: START,
        changes: vec![NoticeChange::Tell(NewNotice {
            person: person.clone(),
            kind: NoticeKind::Follow,
            why: Why::FollowsPage,
            actor: None,
            note: String::new(),
        })],
    };
    let batch = |events| NoticeBatch {
        after: NoticePlace::after(after),
        upto: NoticePlace::after(after + 1),
        now: START,
        events,
    };
    // Who is gone by now keeps nobody else from being told.
    let nobody = PersonId::from("nobody");
    let whole =
        batch(vec![tell(&nobody, &root), tell(&stage.carla, &root), tell(&stage.carla, &"gone".into())]);
    let touched = stage.store.put_notices(whole).await.unwrap();
    assert_eq!(touched, [(stage.site.clone(), stage.carla.clone())]);
    assert_eq!(stage.store.notices_place().await.unwrap(), NoticePlace::after(after + 1));
    // The same part again changes nothing, whatever it says.
    let again = stage.store.put_notices(batch(vec![tell(&stage.mona, &root)])).await;
    assert!(matches!(again, Err(StoreError::Invalid(_))), "{again:?}");
    assert_eq!((stage.notices(&stage.carla).await.len(), stage.notices(&stage.mona).await.len()), (1, 0));
}

#[tokio::test]
async fn what_went_before_anybody_was_told_of_it_is_told_when_it_is_shown_again() {
    let stage = Stage::new().await;
    let root = stage.writes(&stage.anna, None, "root").await;
    let reply = stage.writes(&stage.ben, Some(&root), "reply").await;
    stage.sets(&stage.mona, &reply, State::Removed).await.unwrap();
    assert_eq!(stage.told(&stage.anna).await, "");
    stage.sets(&stage.mona, &reply, State::Visible).await.unwrap();
    assert_eq!(stage.told(&stage.anna).await, "reply*");
}

#[tokio::test]
async fn an_event_that_cannot_be_read_does_not_stop_those_after_it() {
    let stage = Stage::new().await;
    let root = stage.writes(&stage.anna, None, "root").await;
    let broken = stage.writes(&stage.ben, Some(&root), "broken").await;
    stage.writes(&stage.ben, Some(&root), "whole").await;
    let file = rusqlite::Connection::open(stage.folder.path().join("stoa.db")).unwrap();
    file.execute("update entries set data = '{' where id = ?1", [broken.as_str()]).unwrap();
    stage.tells().await;
    assert_eq!(stage.unread(&stage.anna).await, 1);
    let last = stage.events().await.last().unwrap().seq;
    assert_eq!(stage.store.notices_place().await.unwrap(), NoticePlace::after(last));
}

#[tokio::test]
async fn many_followers_are_told_in_portions_and_each_once() {
    let stage = Stage::of_questions().await;
    let mut people = Vec::new();
    for number in 0..1_100 {
        let claims = claims(&format!("f{number}"), "Follower", 1);
        let person = stage.store.put_person(&stage.site, &claims, 1).await.unwrap().id;
        stage.does(&person, put_mark(Target::Page(PAGE.to_owned()), "follow", "1")).await.unwrap();
        people.push(person);
    }
    stage.tells().await;
    stage.asks(&stage.ben, "Any news today?", &[]).await;
    let reader = reader(&stage.store);
    let before = stage.store.notices_place().await.unwrap();
    let event = stage.store.list_events(before.seq, 10).await.unwrap().last().unwrap().seq;
    let portion = reader.portion().await.unwrap();
    let place = stage.store.notices_place().await.unwrap();
    assert!(portion && place != before && place.told(event).is_some(), "{place:?}");
    let told = async || {
        let mut count = 0;
        for person in &people {
            count += stage.told_lines(person).await.len();
        }
        count
    };
    assert_eq!(told().await, 500, "no transaction is larger");
    // Whoever ends here goes on here: those who were told have read it, and are not told again.
    for person in &people {
        stage.store.read_notices(&stage.site, person, Read::All, START).await.unwrap();
    }
    reader.catch_up().await.unwrap();
    assert_eq!(told().await, 1_100);
    let mut unread = 0;
    for person in &people {
        unread += stage.unread(person).await;
    }
    assert_eq!((unread, stage.store.notices_place().await.unwrap()), (600, NoticePlace::after(event)));
}

/// The child: four people answer Anna as fast as they can while the outbox is read.
#[tokio::test(flavor = "multi_thread")]
async fn a_child_process_tells_until_it_is_killed() {
    let Ok(folder) = std::env::var(CHILD) else { return };
    let from = std::env::var(FROM).unwrap();
    let store = Store::open(&url(folder.as_ref())).await.unwrap();
    let site = SiteId::from("demo");
    let anna = store.put_person(&site, &claims("anna", "Anna", 1), 1).await.unwrap().id;
    let told = tokio::spawn(reader(&store).run());
    let writers = (0..4).map(|writer| {
        let (store, site, anna) = (store.clone(), site.clone(), anna.clone());
        let from = from.clone();
        tokio::spawn(async move {
            let person = store.put_person(&site, &claims(&format!("w{writer}"), "W", 1), 1).await.unwrap().id;
            for number in 0.. {
                let name = format!("{from}.{writer}.{number}");
                let root = new_entry(START, None, "root");
                let reply = new_entry(START, Some(&root.id), &name);
                let id = reply.id.clone();
                for (author, draft) in [(&anna, root), (&person, reply)] {
                    let commit = Commit {
                        site: site.clone(),
                        plugin: PluginName::from("comments"),
                        page: PageRef { key: PAGE.to_owned(), url: String::new(), title: String::new() },
                        permit: Permit::for_tests(author.clone(), false, false),
                        now: START,
                        request: None,
                        report_hold: 0,
                        declared: Arc::new(comments()),
                        terms: Arc::default(),
                        author_seen: None,
                        requirements: Vec::new(),
                        changes: vec![create(draft)],
                    };
                    store.commit(commit).await.unwrap();
                }
                println!("acked {}", id.as_str());
            }
        })
    });
    futures::future::join_all(writers.collect::<Vec<_>>()).await;
    told.await.unwrap();
}

#[test]
fn six_kills_at_random_moments_lose_no_notice_and_double_none() {
    let folder = tempfile::tempdir().unwrap();
    let mut acked = Vec::new();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for round in 0..6 {
        let count = 1 + usize::from(uuid::Uuid::new_v4().as_bytes()[0] / 2);
        let told = killed_after(
            "notices::a_child_process_tells_until_it_is_killed",
            [(CHILD, folder.path().as_os_str()), (FROM, round.to_string().as_ref())],
            count,
        );
        assert!(told.len() >= count, "round {round}: the child ended by itself after {}", told.len());
        acked.extend(told);
        let (listed, changes) = runtime.block_on(survivors(folder.path()));
        for id in &acked {
            assert!(listed.contains(id), "round {round}: Anna was never told of {id}");
        }
        assert_eq!(changes, listed.len(), "round {round}: every reply has one notice");
    }
}

/// The entries that Anna is told of once the rest of the outbox is read, and how many replies there are. All is read
/// by her, so that a notice that came twice would be unread.
async fn survivors(folder: &std::path::Path) -> (Vec<String>, usize) {
    let store = Store::open(&url(folder)).await.unwrap();
    let site = SiteId::from("demo");
    reader(&store).catch_up().await.unwrap();
    let anna = store.put_person(&site, &claims("anna", "Anna", 1), 1).await.unwrap().id;
    let (mut listed, mut after, mut replies) = (Vec::new(), None, 0);
    loop {
        let part = store.list_notices(&site, &anna, after.as_deref(), 100).await.unwrap();
        listed.extend(part.items.into_iter().map(|line| line.newest.entry.as_str().to_owned()));
        after = part.next;
        if after.is_none() {
            break;
        }
    }
    let mut seq = 0;
    loop {
        let events = store.list_events(seq, 1_000).await.unwrap();
        let Some(last) = events.last() else { break };
        seq = last.seq;
        replies += events.iter().filter(|event| event.actor.as_ref() != Some(&anna)).count();
    }
    let read = store.read_notices(&site, &anna, Read::All, START).await.unwrap();
    reader(&store).catch_up().await.unwrap();
    assert_eq!(store.count_unread(&site, &anna).await.unwrap(), 0, "{read} were read, and none came again");
    assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
    store.close().await.unwrap();
    (listed, replies)
}
