//! Pages that get other keys: nobody's words are lost, and each change can be taken back.

use std::time::Duration;

use stoa::base::clock::DAY;
use stoa::base::id::SiteId;
use stoa::store::{PageChangeKind, PageLine, PageLook, ProposalWhy, Store};
use stoa_tests::{Actor, TestApp};

async fn store(app: &TestApp) -> Store {
    let path = app.folder().join("stoa.db");
    Store::open(&format!("sqlite://{}", path.display())).await.unwrap()
}

fn site() -> SiteId {
    SiteId::from("demo")
}

fn line(kind: Option<PageChangeKind>, source: &str, target: &str) -> Vec<PageLine> {
    vec![PageLine { kind, source: source.to_owned(), target: target.to_owned() }]
}

/// Whether each of these words is on a page, as `+` or `.`.
async fn shows(actor: &Actor<'_>, page: &str, words: &[&str]) -> String {
    let html = actor.see(page, "").await.html;
    words.iter().map(|word| if html.contains(word) { '+' } else { '.' }).collect()
}

async fn check_whole(store: &Store) {
    let findings = store.check().await.unwrap();
    assert!(findings.is_empty(), "{findings:?}");
}

const WORDS: [&str; 4] = ["Alpha", "Bravo", "Delta", "Charlie"];

#[tokio::test]
async fn a_merge_loses_nothing_and_is_taken_back() {
    let app = TestApp::start().await;
    let (anna, ben) = (app.anna().await, app.ben().await);
    let old = anna.comment("old", "Alpha").await;
    ben.comment("new", "Bravo").await;
    let store = store(&app).await;
    let now = || app.clock.now();
    let merge = || line(None, "old", "new");
    let told = store.change_pages(&site(), merge(), None, now()).await.unwrap();
    assert_eq!((told[0].kind, told[0].entries), (Some(PageChangeKind::Merge), 1), "{told:?}");
    assert_eq!(shows(&ben, "new", &WORDS).await, ".+..", "a preview changes nothing");
    store.change_pages(&site(), merge(), Some("b1".to_owned()), now()).await.unwrap();
    assert_eq!(shows(&ben, "new", &WORDS).await, "++..");
    assert_eq!(shows(&ben, "old", &WORDS).await, "++..", "the old key leads there");
    check_whole(&store).await;
    // Under either key people write to the same page.
    ben.reply("old", &old, "Delta").await;
    app.clock.advance(Duration::from_secs(60));
    ben.comment("new", "Charlie").await;
    assert_eq!(shows(&anna, "old", &WORDS).await, "++++");
    store.undo_pages(&site(), "b1", now()).await.unwrap();
    assert_eq!(shows(&anna, "old", &WORDS).await, "+.+.", "answers go along");
    assert_eq!(shows(&anna, "new", &WORDS).await, ".+.+", "what was begun since stays");
    check_whole(&store).await;
    let again = store.undo_pages(&site(), "b1", now()).await.unwrap_err().to_string();
    assert!(again.contains("taken back"), "{again}");
}

#[tokio::test]
async fn a_move_keeps_the_old_key_and_a_chain_leads_to_its_end() {
    let app = TestApp::start().await;
    let anna = app.anna().await;
    anna.comment("a", "Alpha").await;
    let store = store(&app).await;
    let change = async |kind, source: &str, target: &str, batch: &str| {
        let lines = line(kind, source, target);
        store.change_pages(&site(), lines, Some(batch.to_owned()), app.clock.now()).await.unwrap().remove(0)
    };
    assert_eq!(change(None, "a", "b", "1").await.kind, Some(PageChangeKind::Move));
    assert_eq!(change(None, "b", "c", "2").await.problem, None);
    assert_eq!(change(Some(PageChangeKind::Alias), "d", "a", "3").await.problem, None);
    for key in ["a", "b", "c", "d"] {
        assert_eq!(shows(&anna, key, &["Alpha"]).await, "+", "{key}");
    }
    let pages = store.list_pages(&site(), "", 10).await.unwrap();
    let keys: Vec<_> = pages.iter().map(|page| (page.key.as_str(), page.aliases.join(" "))).collect();
    assert_eq!(keys, [("c", "a b d".to_owned())]);
    for (kind, source, target, problem) in [
        (None, "x", "y", "there is no page `x`"),
        (None, "a", "c", "already"),
        (Some(PageChangeKind::Alias), "a", "c", "leads to one"),
        (Some(PageChangeKind::Merge), "c", "y", "there is no page `y`"),
        (None, "", "y", "1 to 200 bytes"),
    ] {
        let change = change(kind, source, target, "4").await;
        assert!(change.problem.as_deref().is_some_and(|told| told.contains(problem)), "{change:?}");
    }
    let early = store.undo_pages(&site(), "1", app.clock.now()).await.unwrap_err().to_string();
    assert!(early.contains("moved again since"), "{early}");
    for batch in ["3", "2", "1"] {
        store.undo_pages(&site(), batch, app.clock.now()).await.unwrap();
    }
    assert_eq!(shows(&anna, "a", &["Alpha"]).await, "+");
    assert_eq!(shows(&anna, "c", &["Alpha"]).await, ".");
    check_whole(&store).await;
}

#[tokio::test]
async fn a_change_is_taken_back_within_thirty_days_by_its_own_site() {
    let app = TestApp::start().await;
    app.anna().await.comment("a", "Alpha").await;
    let store = store(&app).await;
    let now = app.clock.now();
    store.change_pages(&site(), line(None, "a", "b"), Some("1".to_owned()), now).await.unwrap();
    let other = SiteId::from("other");
    assert!(store.undo_pages(&other, "1", now).await.is_err());
    let elsewhere =
        store.change_pages(&other, line(None, "b", "c"), Some("2".to_owned()), now).await.unwrap();
    assert!(elsewhere[0].problem.is_some(), "{elsewhere:?}");
    let late = store.undo_pages(&site(), "1", now + 31 * DAY).await.unwrap_err().to_string();
    assert!(late.contains("30 days"), "{late}");
    store.undo_pages(&site(), "1", now + 30 * DAY).await.unwrap();
}

#[tokio::test]
async fn pages_with_other_readers_are_not_merged() {
    let app = TestApp::start().await;
    let mut claims = app.claims("demo", "hana", "Hana", &[]);
    claims["groups"] = serde_json::json!(["hr"]);
    claims["page"] = serde_json::json!("secret");
    claims["page_readers"] = serde_json::json!(["hr"]);
    app.sign_in_with(&claims).await.comment("secret", "Alpha").await;
    app.anna().await.comment("open", "Bravo").await;
    let store = store(&app).await;
    for (source, target) in [("secret", "open"), ("open", "secret")] {
        let lines = line(None, source, target);
        let told = store.change_pages(&site(), lines, Some("1".to_owned()), app.clock.now()).await.unwrap();
        assert!(told[0].problem.as_deref().is_some_and(|told| told.contains("readers")), "{told:?}");
    }
    assert_eq!(shows(&app.ben().await, "open", &WORDS).await, ".+..");
}

#[tokio::test]
async fn what_seems_to_be_one_page_is_proposed_once() {
    let app = TestApp::start().await;
    let anna = app.anna().await;
    for key in ["a", "b", "c"] {
        anna.comment(key, &format!("On {key}")).await;
        app.clock.advance(Duration::from_secs(60));
    }
    let store = store(&app).await;
    let base = stoa_tests::INTRANET;
    let look = |key: &str, at: &str, canonical: &str, print: &str| PageLook {
        key: key.to_owned(),
        url: format!("{base}/{at}"),
        canonical: if canonical.is_empty() { String::new() } else { format!("{base}/{canonical}") },
        fingerprint: print.to_owned(),
    };
    let now = app.clock.now();
    for look in
        [look("a", "a", "", "x"), look("b", "a", "", "y"), look("c", "c", "", "x"), look("b", "a", "c", "")]
    {
        store.look_page(&site(), look, now).await.unwrap();
    }
    let found = async || {
        let mut found: Vec<_> = store
            .list_proposals(&site())
            .await
            .unwrap()
            .into_iter()
            .map(|one| (one.source, one.target, one.why))
            .collect();
        found.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
        found
    };
    let pair = |a: &str, b: &str, why| (a.to_owned(), b.to_owned(), why);
    use ProposalWhy::{Canonical, Content, Redirect};
    assert_eq!(found().await, [pair("b", "a", Redirect), pair("b", "c", Canonical), pair("c", "a", Content)]);
    store.decide_proposal(&site(), ("b", "c"), false, now).await.unwrap();
    store.look_page(&site(), look("b", "a", "c", ""), now).await.unwrap();
    assert_eq!(found().await, [pair("b", "a", Redirect), pair("c", "a", Content)], "a no is not asked again");
    assert!(store.decide_proposal(&site(), ("b", "c"), true, now).await.is_err());
}
