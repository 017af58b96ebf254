//! Queries over pages and the site.

use std::collections::BTreeMap;

use stoa::base::id::EntryId;
use stoa::store::{Found, PageRef, Similar, StoreError, Viewer};
use stoa_rules::{Filter, Grouping, OrderBy, Query, Scope, State, Test, Value};

use crate::cast::{PAGE, Stage, create, edit, mark, new_entry, pin, set, text};

fn all(scope: Scope, filters: &[Filter], order: OrderBy) -> Query {
    Query {
        scope,
        filters: filters.to_vec(),
        order,
        after: None,
        limit: 100,
        replies: 0,
        expanded: Vec::new(),
        since: None,
    }
}

fn field(name: &str, test: Test) -> Filter {
    Filter::Field { name: name.to_owned(), test }
}

fn tags(tags: &[&str]) -> Value {
    Value::Texts(tags.iter().map(|&tag| tag.to_owned()).collect())
}

/// Questions by name: their titles begin with it.
fn names(found: &Found) -> String {
    let name = |fields: &stoa_rules::Fields| match fields.get("title") {
        Some(Value::Text(title)) => title.split(' ').next().unwrap_or_default().to_owned(),
        _ => "-".to_owned(),
    };
    found.entries.iter().map(|entry| name(&entry.fields)).collect::<Vec<_>>().join(" ")
}

async fn find(stage: &Stage, viewer: &Viewer, query: &Query) -> Found {
    stage.store.query(&stage.site, &stage.plugin, PAGE, viewer, query).await.unwrap()
}

/// Six questions on three pages, the oldest first: `a` and `b` here, `c` and `d` on `news/1`, `e` and `f` on `wiki`.
/// Ben and Carla answer `a`, Ben answers `c`; `d` is pinned, `f` is held.
async fn library() -> (Stage, BTreeMap<&'static str, EntryId>) {
    let stage = Stage::of_questions().await;
    let mut ids = BTreeMap::new();
    for (name, page, author, words, points, due) in [
        ("a", PAGE, &stage.anna, &["travel", "rail"][..], Some(3), Some(30)),
        ("b", PAGE, &stage.ben, &["travel"], Some(1), None),
        ("c", "news/1", &stage.anna, &["rail"], None, Some(10)),
        ("d", "news/1", &stage.carla, &[], Some(3), None),
        ("e", "wiki", &stage.anna, &["food", "travel"], Some(2), Some(20)),
        ("f", "wiki", &stage.ben, &["food"], Some(9), None),
    ] {
        let mut new = new_entry(stage.now.get() + 60_000_000, None, "");
        new.kind = "question".to_owned();
        new.fields =
            [("title".to_owned(), text(&format!("{name} question"))), ("tags".to_owned(), tags(words))]
                .into();
        if let Some(points) = points {
            new.fields.insert("points".to_owned(), Value::Number(points));
        }
        let id = new.id.clone();
        let mut commit = stage.commit_of(author, vec![create(new)]);
        commit.page = PageRef { key: page.to_owned(), url: String::new(), title: String::new() };
        stage.store.commit(commit.clone()).await.unwrap();
        if let Some(due) = due {
            commit.permit = commit.permit.with_expert(true);
            commit.changes = vec![set(&id, None, &[("due", Value::Time(due))])];
            stage.store.commit(commit).await.unwrap();
        }
        ids.insert(name, id);
    }
    let on = async |page: &str, person, change| {
        let mut commit = stage.commit_of(person, vec![change]);
        commit.page = PageRef { key: page.to_owned(), url: String::new(), title: String::new() };
        stage.store.commit(commit).await.unwrap();
    };
    for (question, page, person) in
        [("a", PAGE, &stage.ben), ("a", PAGE, &stage.carla), ("c", "news/1", &stage.ben)]
    {
        on(page, person, create(stage.answer(&ids[question], "answer"))).await;
    }
    on("news/1", &stage.mona, pin(&ids["d"], true)).await;
    on("wiki", &stage.ben, edit(&ids["f"], 1, "doubtful", State::Held)).await;
    on("wiki", &stage.ben, mark(&ids["e"], "vote", "1")).await;
    on(PAGE, &stage.carla, mark(&ids["b"], "vote", "-1")).await;
    (stage, ids)
}

#[tokio::test]
async fn each_filter_leaves_what_it_says() {
    let (stage, ids) = library().await;
    let id = |name: &str| ids[name].as_str().to_owned();
    let equal = |name: &str, value| field(name, Test::Equal(value));
    let any =
        |words: &[&str]| field("tags", Test::AnyOf(words.iter().map(|&word| word.to_owned()).collect()));
    let vote = |value: Option<&str>, present| Filter::Mark {
        kind: "vote".to_owned(),
        value: value.map(str::to_owned),
        present,
    };
    let question = || Filter::Kind("question".to_owned());
    let anna = || Filter::Author(stage.anna.as_str().to_owned());
    let later = u64::try_from(stage.now.get()).unwrap();
    for (filters, expected, total) in [
        (vec![], "d e c b a", 5),
        (vec![question()], "d e c b a", 5),
        (vec![Filter::Roots], "d e c b a", 5),
        (vec![Filter::Kind("answer".to_owned())], "- - -", 3),
        (vec![Filter::Parent(id("a"))], "- -", 2),
        (vec![anna()], "e c a", 3),
        (vec![Filter::State(State::Visible), question()], "d e c b a", 5),
        (vec![Filter::State(State::Held)], "", 0),
        (vec![Filter::CreatedSince(later)], "", 0),
        (vec![equal("tags", text("travel"))], "e b a", 3),
        (vec![equal("tags", text("travel")), equal("tags", text("rail"))], "a", 1),
        (vec![equal("points", Value::Number(3))], "d a", 2),
        (vec![equal("due", Value::Time(20))], "e", 1),
        (vec![any(&["rail", "food", "travel"])], "e c b a", 4),
        (vec![any(&["nothing"])], "", 0),
        (vec![field("points", Test::Range(2, 3))], "d e a", 3),
        (vec![field("due", Test::Present)], "e c a", 3),
        (vec![field("due", Test::Absent), question()], "d b", 2),
        (vec![vote(None, true)], "e", 1),
        (vec![vote(Some("-1"), true)], "", 0),
        (vec![vote(None, false), question(), anna()], "c a", 2),
    ] {
        let found = find(&stage, &stage.sees(&stage.ben), &all(Scope::Site, &filters, OrderBy::Newest)).await;
        let found_names = names(&found);
        // Ben sees his own held question, which nobody counts.
        let seen: Vec<&str> = found_names.split(' ').filter(|name| !matches!(*name, "f" | "")).collect();
        assert_eq!(seen.join(" "), expected, "{filters:?}");
        assert_eq!(found.total, Some(total), "{filters:?}");
        let count = stage
            .store
            .count(&stage.site, &stage.plugin, PAGE, &Stage::nobody(), &Scope::Site, &filters)
            .await
            .unwrap();
        let own_marks = filters.iter().any(|filter| matches!(filter, Filter::Mark { .. }));
        let roots_alone = !filters.is_empty();
        assert!(own_marks || !roots_alone || count == total, "{filters:?}: {count}");
    }
}

#[tokio::test]
async fn each_order_comes_with_pinned_ones_first_and_in_parts_without_gap_or_repeat() {
    let (stage, _) = library().await;
    let points = || "points".to_owned();
    for (order, expected) in [
        (OrderBy::Newest, "d e c b a"),
        (OrderBy::Oldest, "d a b c e"),
        (OrderBy::Active, "d c a e b"),
        (OrderBy::Top, "d e c a b"),
        (OrderBy::Ascending(points()), "d b e a"),
        (OrderBy::Descending(points()), "d a e b"),
        (OrderBy::Ascending("due".to_owned()), "c e a"),
        (OrderBy::Descending("title".to_owned()), "d e c b a"),
    ] {
        let mut query = all(Scope::Site, &[Filter::Kind("question".to_owned())], order.clone());
        assert_eq!(names(&find(&stage, &Stage::nobody(), &query).await), expected, "{order:?}");
        for limit in 1..4 {
            query.limit = limit;
            query.after = None;
            let mut seen = Vec::new();
            loop {
                let part = find(&stage, &Stage::nobody(), &query).await;
                assert!(part.next.as_ref().is_none_or(|next| next.len() <= 200));
                seen.push(names(&part));
                match part.next {
                    Some(next) => query.after = Some(next),
                    None => break,
                }
            }
            assert_eq!(seen.join(" "), expected, "{order:?} by {limit}");
        }
    }
}

#[tokio::test]
async fn a_scope_is_a_page_pages_with_a_prefix_or_the_site() {
    let (stage, ids) = library().await;
    let question = [Filter::Kind("question".to_owned())];
    for (scope, expected) in [
        (Scope::Here, "b a"),
        (Scope::Page("news/1".to_owned()), "d c"),
        (Scope::Page("nowhere".to_owned()), ""),
        (Scope::Prefix("news/".to_owned()), "d c"),
        (Scope::Prefix("w".to_owned()), "e"),
        (Scope::Site, "d e c b a"),
    ] {
        for filters in [&question[..], &[Filter::Roots]] {
            let found = find(&stage, &Stage::nobody(), &all(scope.clone(), filters, OrderBy::Newest)).await;
            assert_eq!(names(&found), expected, "{scope:?}");
            assert!(found.entries.iter().all(|entry| entry.page.len() > 3));
        }
    }
    let found = find(&stage, &Stage::nobody(), &all(Scope::Site, &question, OrderBy::Newest)).await;
    let pages: Vec<&str> = found.entries.iter().map(|entry| &*entry.page).collect();
    assert_eq!(pages, ["news/1", "wiki", "news/1", PAGE, PAGE]);
    let (site, plugin, viewer) = (&stage.site, &stage.plugin, Stage::nobody());
    let asked = [ids["c"].clone(), ids["f"].clone(), ids["a"].clone()];
    let anywhere = stage.store.get_entries(site, plugin, None, &viewer, &asked).await.unwrap();
    assert_eq!(names(&anywhere), "c a");
    let here = stage.store.get_entries(site, plugin, Some(PAGE), &viewer, &asked).await.unwrap();
    assert_eq!(names(&here), "a");
    let thread = stage.store.get_thread(site, plugin, None, &viewer, &ids["c"], None, 9).await.unwrap();
    assert_eq!(thread.unwrap().entries.len(), 2);
}

#[tokio::test]
async fn roots_bring_their_replies_and_what_is_newer_is_counted() {
    let (stage, ids) = library().await;
    let mut query = all(Scope::Site, &[Filter::Kind("question".to_owned())], OrderBy::Oldest);
    query.replies = 1;
    let found = find(&stage, &Stage::nobody(), &query).await;
    assert_eq!(names(&found), "d a - b c - e");
    query.expanded = vec![ids["a"].as_str().to_owned()];
    assert_eq!(names(&find(&stage, &Stage::nobody(), &query).await), "d a - - b c - e");
    let (viewer, c) = (Stage::nobody(), [ids["c"].clone()]);
    let c = stage.store.get_entries(&stage.site, &stage.plugin, None, &viewer, &c).await.unwrap();
    query.since = Some(u64::try_from(c.entries[0].created_at).unwrap());
    let found = find(&stage, &Stage::nobody(), &query).await;
    assert_eq!((names(&found).as_str(), found.newer), ("a b c", 2));
    assert!(
        found.entries.iter().all(|entry| entry.replies == 0),
        "replies that are kept back are not promised"
    );
}

#[tokio::test]
async fn waiting_entries_are_found_by_their_author_and_moderators_alone() {
    let (stage, _) = library().await;
    let food = [field("tags", Test::Equal(text("food")))];
    for (viewer, expected) in [
        (Stage::nobody(), "e"),
        (stage.sees(&stage.anna), "e"),
        (stage.sees(&stage.ben), "f e"),
        (stage.sees(&stage.mona), "f e"),
    ] {
        assert_eq!(names(&find(&stage, &viewer, &all(Scope::Site, &food, OrderBy::Newest)).await), expected);
        let held = all(Scope::Site, &[Filter::State(State::Held)], OrderBy::Newest);
        assert_eq!(names(&find(&stage, &viewer, &held).await).contains('f'), expected.contains('f'));
    }
}

#[tokio::test]
async fn entries_are_counted_by_group_the_largest_first() {
    let (stage, _) = library().await;
    let question = [Filter::Kind("question".to_owned())];
    let count = async |by: &Grouping, filters: &[Filter]| {
        let (site, plugin, viewer) = (&stage.site, &stage.plugin, Stage::nobody());
        let counted = stage.store.count_by(site, plugin, PAGE, &viewer, &Scope::Site, filters, by, 3).await;
        counted.unwrap().into_iter().map(|(key, number)| format!("{key} {number}")).collect::<Vec<_>>()
    };
    assert_eq!(count(&Grouping::Kind, &[]).await, ["question 5", "answer 3"]);
    assert_eq!(count(&Grouping::Page, &question).await, ["news/1 2", &format!("{PAGE} 2"), "wiki 1"]);
    assert_eq!(count(&Grouping::Field("tags".to_owned()), &question).await, ["travel 3", "rail 2", "food 1"]);
    assert_eq!(count(&Grouping::Field("points".to_owned()), &[]).await, ["3 2", "1 1", "2 1"]);
    assert_eq!(count(&Grouping::Author, &question).await[0], format!("{} 3", stage.anna));
}

#[tokio::test]
async fn a_cursor_is_of_its_query_alone() {
    let (stage, _) = library().await;
    let question = [Filter::Kind("question".to_owned())];
    let mut query = all(Scope::Site, &question, OrderBy::Newest);
    query.limit = 1;
    let next = find(&stage, &Stage::nobody(), &query).await.next;
    assert!(next.is_some());
    query.after = next;
    let other_scope = Query { scope: Scope::Here, ..query.clone() };
    let other_order = Query { order: OrderBy::Oldest, ..query.clone() };
    let other_filters = Query { filters: vec![Filter::Roots], ..query.clone() };
    let nonsense = Query { after: Some("cSE".to_owned()), ..query.clone() };
    let none = Query { limit: 0, ..query.clone() };
    let many = Query { replies: 51, ..query };
    for bad in [other_scope, other_order, other_filters, nonsense, none, many] {
        let refused = stage.store.query(&stage.site, &stage.plugin, PAGE, &Stage::nobody(), &bad).await;
        assert!(matches!(refused, Err(StoreError::Invalid(_))), "{bad:?}");
    }
}

#[tokio::test]
async fn the_revision_of_a_site_grows_with_every_page_of_the_plugin() {
    let (stage, ids) = library().await;
    let revision = async || stage.store.revision_of_site(&stage.site, &stage.plugin).await.unwrap();
    let before = revision().await;
    stage.does(&stage.carla, mark(&ids["e"], "vote", "1")).await.unwrap();
    let after = revision().await;
    assert!(after > before);
    let mut other = stage.commit_of(&stage.anna, vec![crate::cast::put_value("k", Some(vec![1]))]);
    other.plugin = "other".into();
    stage.store.commit(other).await.unwrap();
    assert_eq!(revision().await, after);
    let pages =
        stage.store.get_pages(&stage.site, &["wiki".to_owned(), "no".to_owned(), PAGE.to_owned()]).await;
    let keys: Vec<String> = pages.unwrap().into_iter().map(|page| page.key).collect();
    assert_eq!(keys, ["wiki", PAGE]);
}

#[tokio::test]
async fn titles_like_a_text_are_found_as_long_as_they_are_there() {
    let stage = Stage::of_questions().await;
    let receipts = stage.asks(&stage.anna, "Do I need paper receipts?", &[]).await;
    let hours = stage.asks(&stage.anna, "Wo melde ich Überstunden?", &[]).await;
    let other = stage.asks(&stage.ben, "Where is the printer?", &[]).await;
    let similar = async |text: &str| {
        let wanted = Similar {
            scope: Scope::Site,
            kind: "question".to_owned(),
            title: "title".to_owned(),
            text: text.to_owned(),
            limit: 5,
        };
        let found = stage
            .store
            .find_similar(&stage.site, &stage.plugin, PAGE, &Stage::nobody(), &wanted)
            .await
            .unwrap();
        found.entries.into_iter().map(|entry| entry.id).collect::<Vec<_>>()
    };
    assert_eq!(similar("paper receipt").await, std::slice::from_ref(&receipts));
    assert_eq!(similar("uberstunden melden").await, [hours]);
    assert_eq!(similar("\"printer\" OR * (the").await, std::slice::from_ref(&other));
    assert_eq!(similar("of to \"").await, []);
    stage.does(&stage.ben, set(&other, Some(1), &[("title", text("Where is the scanner?"))])).await.unwrap();
    assert_eq!(similar("printer").await, []);
    assert_eq!(similar("scanner").await, [other]);
    stage.sets(&stage.mona, &receipts, State::Removed).await.unwrap();
    assert_eq!(similar("paper receipt").await, []);
    stage.sets(&stage.mona, &receipts, State::Visible).await.unwrap();
    assert_eq!(similar("paper receipt").await, [receipts]);
    stage.is_sound().await;
}
