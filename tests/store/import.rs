//! Seed files.

use stoa::base::id::SiteId;
use stoa::store::{ImportBatch, Order, Store, StoreError};
use stoa_rules::{State, Value};

use crate::cast::{PAGE, START, Stage, claims, line, query, text, url};

fn file() -> ImportBatch {
    serde_json::from_value(serde_json::json!({
        "site": "demo",
        "issuer": crate::cast::ISSUER,
        "people": [
            { "subject": "anna", "name": "Anna Bergmann", "title": "Lead", "team": "IT", "roles": ["leader"], "email": "a@example.org" },
            { "subject": "dora", "name": "Dora" },
            { "subject": "emil", "name": "Emil" }
        ],
        "pages": [{ "key": PAGE, "title": "Travel", "url": "https://intranet.example/travel", "owner": "dora" }],
        "entries": [
            { "id": "c2", "plugin": "comments", "page": PAGE, "parent": "c1", "author": "emil", "at": 50, "body": "Ask @[Dora](dora) or @[Zoe](zoe)", "edited": true },
            { "id": "c1", "plugin": "comments", "page": PAGE, "parent": null, "author": "dora", "at": 100, "body": "Hello", "pinned": true, "votes": ["emil", "anna"] },
            { "id": "c3", "plugin": "comments", "page": PAGE, "parent": "c2", "author": "dora", "at": 40, "body": "gone", "state": "deleted" },
            { "id": "c4", "plugin": "comments", "page": PAGE, "author": "dora", "at": 30, "body": "waits", "state": "held" }
        ]
    }))
    .unwrap()
}

#[tokio::test]
async fn a_file_brings_people_pages_entries_with_dates_votes_and_mentions() {
    let stage = Stage::new().await;
    let report = stage.store.import(&stage.site, file(), START).await.unwrap();
    assert_eq!((report.people, report.pages, report.entries, report.known, report.votes), (3, 1, 4, 0, 2));
    assert_eq!(report.problems, []);
    let seen = stage.all(&Stage::nobody()).await;
    let dora = seen.people.iter().find(|person| person.name == "Dora").unwrap().id.clone();
    let mention = format!("> Ask @[Dora]({dora}) or @[Zoe](zoe)");
    assert_eq!(seen.entries.iter().map(crate::cast::line).collect::<Vec<_>>(), ["Hello", mention.as_str()]);
    let start = &seen.entries[0];
    assert_eq!((start.pinned, start.replies, start.replied), (true, 1, true));
    assert_eq!(start.created_at, START - 100 * 60_000_000);
    assert_eq!(start.counts, [("vote".to_owned(), "1".to_owned(), 2)]);
    assert!(start.id < seen.entries[1].id, "ids sort by time");
    assert!(seen.entries[1].edited_at.is_some());
    assert_eq!(stage.lines(&stage.sees(&stage.mona)).await.len(), 3);
    assert_eq!(stage.store.get_page(&stage.site, PAGE).await.unwrap().unwrap().owner, Some(dora));
    assert_eq!(stage.events().await, [], "what is imported is no news");
    let anna = stage.store.get_people(&stage.site, std::slice::from_ref(&stage.anna)).await.unwrap();
    assert_eq!(anna[0].title, "Engineer", "a token says more than a file");
    stage.is_sound().await;
}

#[tokio::test]
async fn the_same_file_at_another_time_changes_nothing_and_a_longer_one_adds() {
    let stage = Stage::new().await;
    stage.store.import(&stage.site, file(), START).await.unwrap();
    let before = stage.all(&stage.sees(&stage.mona)).await;
    let report = stage.store.import(&stage.site, file(), START + 3_600_000_000).await.unwrap();
    assert_eq!((report.entries, report.known, report.votes), (0, 4, 0));
    assert_eq!(stage.all(&stage.sees(&stage.mona)).await, before);
    let mut longer = file();
    longer.entries[2].id = "c5".to_owned();
    longer.entries[2].state = State::Visible;
    let report = stage.store.import(&stage.site, longer, START + 3_600_000_000).await.unwrap();
    assert_eq!((report.entries, report.known), (1, 3));
    stage.is_sound().await;
}

#[tokio::test]
async fn rows_with_problems_are_named_and_left_out() {
    let stage = Stage::new().await;
    let mut bad = file();
    bad.entries[0].author = "nobody".to_owned();
    bad.entries[1].votes = vec!["dora".to_owned(), "zoe".to_owned()];
    bad.entries[2].at = 200;
    bad.entries[3].page = "missing".to_owned();
    bad.pages[0].owner = Some("zoe".to_owned());
    let report = stage.store.import(&stage.site, bad, START).await.unwrap();
    let rows: Vec<&str> = report.problems.iter().map(|problem| problem.row.as_str()).collect();
    let expected = [
        "page policies/travel",
        "entry c3",
        "entry c1, vote of dora",
        "entry c1, vote of zoe",
        "entry c2",
        "entry c4",
    ];
    assert_eq!(rows, expected);
    assert_eq!((report.entries, report.pages), (1, 1));
    let wrong = stage.store.import(&SiteId::from("other"), file(), START).await;
    assert!(matches!(wrong, Err(StoreError::Invalid(_))));
    let unknown = serde_json::from_str::<ImportBatch>(r#"{"site": "demo", "peeple": []}"#);
    assert!(unknown.is_err(), "a misspelt word is told, not skipped");
    stage.is_sound().await;
}

/// What is known of a page by a store that does not write: its revision, its lines and who wrote them.
async fn looked_at(store: &Store, stage: &Stage) -> (u64, Vec<String>, Vec<String>) {
    let revision = store.revision(&stage.site, PAGE, &stage.plugin).await.unwrap();
    let (viewer, asked) = (Stage::nobody(), query(Order::Oldest, 100, 50));
    let seen = store.list_threads(&stage.site, &stage.plugin, PAGE, &viewer, &asked).await.unwrap();
    let names = seen.people.iter().map(|person| person.name.clone()).collect();
    (revision, seen.entries.iter().map(line).collect(), names)
}

fn questions() -> ImportBatch {
    let entry = |id: &str, kind: &str, parent: Option<&str>, author: &str, at: u32| {
        serde_json::json!({
            "id": id, "plugin": "questions", "page": PAGE, "kind": kind, "parent": parent, "author": author, "at": at,
            "body": format!("body of {id}"),
        })
    };
    let with = |mut entry: serde_json::Value, more: serde_json::Value| {
        entry.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        entry
    };
    let title = |title: &str| serde_json::json!({ "fields": { "title": title, "tags": ["travel"] } });
    let mut batch: ImportBatch = serde_json::from_value(serde_json::json!({
        "site": "demo",
        "issuer": crate::cast::ISSUER,
        "people": [{ "subject": "dora", "name": "Dora" }, { "subject": "emil", "name": "Emil" }],
        "pages": [{ "key": PAGE, "title": "Travel" }],
        "entries": [
            with(entry("q1", "question", None, "dora", 100), title("Which train?")),
            with(entry("a1", "answer", Some("q1"), "emil", 90), serde_json::json!({
                "fields": { "accepted": true, "helpers": ["dora"] }, "votes": ["dora"],
            })),
            with(entry("q2", "question", None, "emil", 80), serde_json::json!({
                "fields": { "title": "Which plane?", "closed": "duplicate", "duplicate_of": "q1", "due": -5 },
                "marks": { "vote=-1": ["dora"], "vote=2": ["dora"], "wave": ["dora"] },
            })),
            with(entry("q3", "question", None, "emil", 70), title("Tiny?")),
            with(entry("a2", "answer", Some("q1"), "emil", 60), serde_json::json!({})),
            with(entry("a3", "answer", Some("q1"), "dora", 50), serde_json::json!({ "fields": { "accepted": true } })),
            with(entry("q4", "question", None, "dora", 40), serde_json::json!({
                "fields": { "title": "Which ship?", "duplicate_of": "zz" },
            })),
        ]
    }))
    .unwrap();
    batch.declared.insert("questions".to_owned(), crate::cast::questions());
    batch
}

#[tokio::test]
async fn typed_fields_come_as_the_plugin_declares_them() {
    let stage = Stage::of_questions().await;
    let report = stage.store.import(&stage.site, questions(), START).await.unwrap();
    let problems: Vec<(&str, &str)> =
        report.problems.iter().map(|one| (one.row.as_str(), one.text.as_str())).collect();
    let expected = [
        ("entry q2, vote of dora", "the value is none of: 1, -1"),
        ("entry q2, wave of dora", "the plugin has no such mark"),
        ("entry q3", "`title` is shorter than 6 characters"),
        ("entry a2", "there is a answer already, and there can be only one"),
        ("entry a3", "another one has `accepted` already"),
        ("entry q4", "`duplicate_of` names zz, which is not there or not older"),
    ];
    assert_eq!(problems, expected);
    let all = stage.all(&Stage::nobody()).await.entries;
    let of = |title: &str| all.iter().find(|entry| entry.fields.get("title") == Some(&text(title))).unwrap();
    let (first, second) = (of("Which train?"), of("Which plane?"));
    assert_eq!(first.fields["answers"], Value::Number(2));
    let holder = all.iter().find(|entry| entry.body == "body of a1").unwrap();
    assert_eq!(first.fields["accepted"], text(holder.id.as_str()));
    assert_eq!(second.fields["duplicate_of"], text(first.id.as_str()));
    assert_eq!(second.fields["due"], Value::Time(u64::try_from(START + 300_000_000).unwrap()));
    assert_eq!(second.counts, [("vote".to_owned(), "-1".to_owned(), 1)]);
    stage.is_sound().await;
}

#[tokio::test]
async fn what_another_process_brings_is_seen_at_once() {
    let stage = Stage::new().await;
    stage.writes(&stage.anna, None, "here before").await;
    // As `stoa import` beside a running host: a second store on the same file.
    let other = Store::open(&url(stage.folder.path())).await.unwrap();
    let (before, lines, names) = looked_at(&stage.store, &stage).await;
    assert_eq!((lines.len(), names), (1, vec!["Anna Bergmann".to_owned()]));
    other.import(&stage.site, file(), START).await.unwrap();
    let (imported, lines, _) = looked_at(&stage.store, &stage).await;
    assert!(imported > before, "{before}, {imported}");
    assert_eq!(lines.len(), 3, "{lines:?}");
    other.put_person(&stage.site, &claims("anna", "Anna Adler", START + 1), START).await.unwrap();
    let (renamed, _, names) = looked_at(&stage.store, &stage).await;
    assert!(renamed > imported, "{imported}, {renamed}");
    assert!(names.contains(&"Anna Adler".to_owned()), "{names:?}");
    stage.writes(&stage.ben, None, "here after").await;
    assert_eq!(looked_at(&other, &stage).await.1.len(), 4);
    stage.is_sound().await;
}

#[tokio::test]
async fn a_page_is_asked_for_once_until_something_is_committed() {
    let stage = Stage::new().await;
    stage.writes(&stage.anna, None, "hello").await;
    let statements = async || {
        let before = stage.store.read_usage().statements;
        stage.store.revision(&stage.site, PAGE, &stage.plugin).await.unwrap();
        stage.store.read_usage().statements - before
    };
    let counts = [statements().await, statements().await, statements().await];
    assert_eq!(counts, [1, 0, 0]);
    stage.writes(&stage.ben, None, "hello, Anna").await;
    assert_eq!([statements().await, statements().await], [1, 0]);
    // A list asks for the page, the starts, the answers of each start, and for people that are not known yet.
    let listing = async || {
        let before = stage.store.read_usage().statements;
        stage.all(&Stage::nobody()).await;
        stage.store.read_usage().statements - before
    };
    assert_eq!([listing().await, listing().await], [5, 4]);
}
