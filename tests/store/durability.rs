//! What is answered is on disk.

use std::sync::Arc;

use stoa::base::id::{PluginName, SiteId};
use stoa::store::{Commit, Committed, Order, PageRef, Permit, Store, StoreError, Viewer};

use crate::cast::{
    PAGE, START, Stage, claims, comments, create, killed_after, new_entry, query, request, url,
};

/// Names the database that a child process writes to.
const CHILD: &str = "STOA_TEST_WRITES_TO";
/// From where the child counts.
const FROM: &str = "STOA_TEST_WRITES_FROM";

/// The child: eight people write answers as fast as they can, each with a vote, and say which were answered.
#[tokio::test(flavor = "multi_thread")]
async fn a_child_process_writes_until_it_is_killed() {
    let Ok(folder) = std::env::var(CHILD) else { return };
    let from: u64 = std::env::var(FROM).unwrap().parse().unwrap();
    let store = Store::open(&url(folder.as_ref())).await.unwrap();
    let site = SiteId::from("demo");
    let writers = (0..8_u64).map(|writer| {
        let (store, site) = (store.clone(), site.clone());
        tokio::spawn(async move {
            let person = store.put_person(&site, &claims(&format!("w{writer}"), "W", 1), 1).await.unwrap();
            for number in 0.. {
                let name = format!("{from}.{writer}.{number}");
                let start = new_entry(START, None, &name);
                let answer = new_entry(START, Some(&start.id), "answer");
                let commit = Commit {
                    site: site.clone(),
                    plugin: PluginName::from("comments"),
                    page: PageRef { key: PAGE.to_owned(), url: String::new(), title: String::new() },
                    permit: Permit::for_tests(person.id.clone(), false, false),
                    now: START,
                    request: Some(request(&name, 1)),
                    report_hold: 0,
                    declared: Arc::new(comments()),
                    terms: Arc::default(),
                    author_seen: None,
                    requirements: Vec::new(),
                    changes: vec![create(start), create(answer)],
                };
                if let Ok(Committed::Done { .. }) = store.commit(commit).await {
                    println!("acked {name}");
                }
            }
        })
    });
    futures::future::join_all(writers.collect::<Vec<_>>()).await;
}

#[test]
fn eight_kills_at_random_moments_lose_no_answered_write_and_double_none() {
    let folder = tempfile::tempdir().unwrap();
    let mut acked = Vec::new();
    for round in 0..8 {
        let count = 1 + usize::from(uuid::Uuid::new_v4().as_bytes()[0]);
        let told = killed_after(
            "durability::a_child_process_writes_until_it_is_killed",
            [(CHILD, folder.path().as_os_str()), (FROM, round.to_string().as_ref())],
            count,
        );
        assert!(told.len() >= count, "round {round}: the child ended by itself after {}", told.len());
        acked.extend(told);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let bodies = runtime.block_on(survivors(folder.path()));
        let mut unique = bodies.clone();
        unique.dedup();
        assert_eq!(unique.len(), bodies.len(), "round {round}: nothing is there twice");
        for name in &acked {
            assert!(bodies.binary_search(name).is_ok(), "round {round}: {name} was answered and is lost");
        }
    }
}

/// All starts on disk, sorted, each with its answer, in a sound store.
async fn survivors(folder: &std::path::Path) -> Vec<String> {
    let store = Store::open(&url(folder)).await.unwrap();
    assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
    let (mut asked, mut bodies) = (query(Order::Oldest, 100, 0), Vec::new());
    loop {
        let (site, plugin) = (SiteId::from("demo"), PluginName::from("comments"));
        let viewer = Viewer { person: None, moderates: false, vouched: None };
        let part = store.list_threads(&site, &plugin, PAGE, &viewer, &asked).await.unwrap();
        assert!(part.entries.iter().all(|entry| entry.replies == 1), "a commit is whole or not there");
        bodies.extend(part.entries.into_iter().map(|entry| entry.body));
        match part.next {
            Some(next) => asked.after = Some(next),
            None => break,
        }
    }
    store.close().await.unwrap();
    bodies.sort();
    bodies
}

#[tokio::test]
async fn a_closed_store_refuses_writes_and_opens_again_as_it_was() {
    let stage = Stage::new().await;
    stage.writes(&stage.anna, None, "kept").await;
    stage.store.close().await.unwrap();
    let refused = stage.store.put_person(&stage.site, &claims("x", "X", 1), 1).await;
    assert!(matches!(refused, Err(StoreError::Unavailable)), "{refused:?}");
    let store = Store::open(&url(stage.folder.path())).await.unwrap();
    let viewer = Stage::nobody();
    let seen = store
        .list_threads(&stage.site, &stage.plugin, PAGE, &viewer, &query(Order::Top, 5, 5))
        .await
        .unwrap();
    assert_eq!(seen.entries[0].body, "kept");
}

#[tokio::test]
async fn opening_twice_at_once_applies_each_schema_step_once() {
    // Each connection has a thread of its own; whether two meet at the switch to WAL is chance, hence the rounds.
    for _ in 0..10 {
        let folder = tempfile::tempdir().unwrap();
        let address = url(folder.path());
        let stores = futures::future::join_all((0..4).map(|_| Store::open(&address))).await;
        for store in stores {
            assert_eq!(store.unwrap().check().await.unwrap(), Vec::<String>::new());
        }
    }
}

#[tokio::test]
async fn an_empty_file_is_brought_up_to_date_and_other_addresses_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("stoa.db"), b"").unwrap();
    assert_eq!(Store::open(&url(folder.path())).await.unwrap().check().await.unwrap(), Vec::<String>::new());
    for address in ["sqlite::memory:", "postgres://x/y", "", "sqlite://", "stoa.db"] {
        assert!(matches!(Store::open(address).await, Err(StoreError::Invalid(_))), "{address}");
    }
    std::fs::write(
        folder.path().join("text.db"),
        b"this is no database, whatever its name says, and never was",
    )
    .unwrap();
    let broken = format!("sqlite://{}", folder.path().join("text.db").display());
    assert!(matches!(Store::open(&broken).await, Err(StoreError::Database(_))));
}
