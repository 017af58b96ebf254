//! Every shape of a query walks an index, and those that are said to be sorted are sorted by it.

use stoa_rules::{Filter, Grouping, OrderBy, State, Test, Value as Field};

use super::plan::Plan;
use super::sql::{After, Builder, KeyType, Pages, Statement};
use super::{PAGE_KEY, lanes};
use crate::store::db::{Database, Dialect, RowRef, Value, values};

fn id() -> String {
    crate::base::id::new_id(1)
}

fn field(test: Test) -> Filter {
    Filter::Field { name: "f".to_owned(), test }
}

fn mark(value: Option<&str>, present: bool) -> Filter {
    Filter::Mark { kind: "vote".to_owned(), value: value.map(str::to_owned), present }
}

/// One of each filter.
fn filters() -> Vec<Filter> {
    let text = |text: &str| Field::Text(text.to_owned());
    let mut filters = vec![
        Filter::Kind("k".to_owned()),
        Filter::Roots,
        Filter::Parent(id()),
        Filter::Author(id()),
        Filter::CreatedSince(1),
        field(Test::Equal(text("a"))),
        field(Test::Equal(Field::Number(1))),
        field(Test::AnyOf(vec!["a".to_owned(), "b".to_owned()])),
        field(Test::Range(1, 2)),
        field(Test::Present),
        field(Test::Absent),
        mark(None, true),
        mark(Some("1"), true),
        mark(None, false),
    ];
    filters.extend(State::ALL.map(Filter::State));
    filters
}

fn orders() -> [OrderBy; 7] {
    let name = || "f".to_owned();
    [
        OrderBy::Newest,
        OrderBy::Oldest,
        OrderBy::Active,
        OrderBy::Top,
        OrderBy::Controversial,
        OrderBy::Ascending(name()),
        OrderBy::Descending(name()),
    ]
}

fn all_pages() -> [Pages; 3] {
    [Pages::Page, Pages::Site, Pages::Prefix("handbook/".to_owned())]
}

fn shared() -> Vec<Value> {
    values!["demo", 1_i64, "questions", "anna", 0_i64, i64::MAX]
}

/// How `SQLite` answers a statement, a line for each step.
async fn explained(database: &Database, statement: &Statement) -> Vec<String> {
    let text = format!("explain query plan {}", statement.text);
    let line = |row: &RowRef<'_>| row.text(3);
    database.rows(&text, &statement.values, line).await.expect(&statement.text)
}

async fn database(folder: &tempfile::TempDir) -> Database {
    let url = format!("sqlite://{}", folder.path().join("stoa.db").display());
    let database = Database::open(&url).await.unwrap();
    let mut connection = database.writer().await.unwrap();
    crate::store::db::migrate(&mut connection, 1).await.unwrap();
    connection.close().await.unwrap();
    database
}

fn scans(steps: &[String]) -> bool {
    // `m` and `j` are what a statement itself brings.
    steps
        .iter()
        .any(|step| step.starts_with("SCAN") && !step.starts_with("SCAN m") && !step.starts_with("SCAN j"))
}

fn sorts(steps: &[String]) -> bool {
    steps.iter().any(|step| step.contains("TEMP B-TREE"))
}

#[tokio::test]
async fn every_list_walks_an_index_which_sorts_it_where_the_plan_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let database = database(&folder).await;
    let filters = filters();
    let mut sets: Vec<Vec<Filter>> = vec![Vec::new()];
    for (place, one) in filters.iter().enumerate() {
        sets.push(vec![one.clone()]);
        sets.extend(filters[place + 1..].iter().map(|other| vec![one.clone(), other.clone()]));
    }
    let mut sorted = 0;
    for (pages, order) in all_pages().iter().flat_map(|pages| orders().map(|order| (pages, order))) {
        for set in &sets {
            let plan = Plan::list(set, &order);
            for lane in lanes(&plan) {
                let key = match lane.key {
                    KeyType::Number => Value::Int(1),
                    KeyType::Text => Value::Text("t".to_owned()),
                };
                let after = After { key, created_at: 1, id: id() };
                for after in [None, Some(&after)] {
                    let builder = Builder::new(Dialect::Sqlite, (pages, false), &plan, &shared());
                    let statement = builder.list(&lane, after, 25);
                    let steps = explained(&database, &statement).await;
                    let what =
                        format!("{pages:?} {order:?} {set:?} {lane:?}\n{}\n{steps:#?}", statement.text);
                    assert!(!scans(&steps), "{what}");
                    if !lane.pinned && plan.is_sorted() {
                        assert!(!sorts(&steps), "{what}");
                        sorted += 1;
                    }
                }
            }
        }
    }
    assert!(sorted > 5_000, "{sorted}");
}

#[tokio::test]
async fn each_filter_and_each_order_alone_has_its_index() {
    let folder = tempfile::tempdir().unwrap();
    let database = database(&folder).await;
    let walked = async |pages: Pages, filter: Option<Filter>, order: OrderBy| {
        let set: Vec<Filter> = filter.into_iter().collect();
        let plan = Plan::list(&set, &order);
        let mut lanes = lanes(&plan);
        let lane = lanes.pop().unwrap();
        let builder = Builder::new(Dialect::Sqlite, (&pages, false), &plan, &shared());
        let steps = explained(&database, &builder.list(&lane, None, 25)).await;
        let first = steps.into_iter().find(|step| step.starts_with("SEARCH")).unwrap();
        let (_, index) = first.split_once("INDEX ").unwrap();
        index.split(' ').next().unwrap().to_owned()
    };
    use OrderBy::{Active, Controversial, Newest, Oldest, Top};
    let text = || field(Test::Equal(Field::Text("a".to_owned())));
    let number = || field(Test::Equal(Field::Time(1)));
    let kind = || Filter::Kind("k".to_owned());
    for (filter, order, page, site) in [
        (None, Newest, "entries_newest", "entries_site"),
        (None, Oldest, "entries_newest", "entries_site"),
        (None, Active, "entries_page_active", "entries_site_active"),
        (None, Top, "entries_top", "entries_site_top"),
        (None, Controversial, "entries_controversial", "entries_site_controversial"),
        (Some(Filter::CreatedSince(1)), Newest, "entries_page", "entries_site"),
        (Some(kind()), Newest, "entries_page_kind", "entries_site_kind"),
        (Some(Filter::Parent(id())), Top, "entries_children", "entries_children"),
        (Some(Filter::Author(id())), Newest, "entries_of_author", "entries_of_author"),
        (Some(Filter::State(State::Held)), Oldest, "entries_site_state", "entries_site_state"),
        (Some(text()), Newest, "entry_fields_page_text", "entry_fields_text"),
        (Some(number()), Newest, "entry_fields_page_number", "entry_fields_number"),
        (Some(mark(None, true)), Newest, "marks_of_person", "marks_of_person"),
        (None, OrderBy::Descending("f".to_owned()), "entry_fields_page_text", "entry_fields_text"),
    ] {
        for (pages, expected) in
            [(Pages::Page, page), (Pages::Site, site), (Pages::Prefix("p".to_owned()), site)]
        {
            let found = walked(pages.clone(), filter.clone(), order.clone()).await;
            assert_eq!(found, expected, "{pages:?} {filter:?} {order:?}");
        }
    }
}

#[tokio::test]
async fn every_count_walks_an_index() {
    let folder = tempfile::tempdir().unwrap();
    let database = database(&folder).await;
    for pages in all_pages() {
        for set in filters().into_iter().map(|one| vec![one]).chain([Vec::new()]) {
            let plan = Plan::count(&set);
            let builder = || Builder::new(Dialect::Sqlite, (&pages, false), &plan, &shared());
            let mut statements = vec![builder().count(10, false), builder().count(10, true)];
            for by in [Grouping::Author, Grouping::Kind, Grouping::Page, Grouping::Field("f".to_owned())] {
                statements.push(match by {
                    Grouping::Author => builder().count_by("e.author", None, 10, 5),
                    Grouping::Kind => builder().count_by("e.kind", None, 10, 5),
                    Grouping::Page => builder().count_by(PAGE_KEY, None, 10, 5),
                    Grouping::Field(name) => builder().count_by("x.text", Some(&name), 10, 5),
                });
            }
            for statement in statements {
                let steps = explained(&database, &statement).await;
                assert!(!scans(&steps), "{pages:?} {set:?}\n{}\n{steps:#?}", statement.text);
            }
        }
    }
}
