//! Reading costs the same however long the thread is: counted in steps of the database, which are the same on every
//! machine. Times are measured by `tests/bench`.

use stoa::store::{ImportBatch, Order, ReadUsage};

use crate::cast::{PAGE, START, Stage, mark, query};

/// A page with `starts` threads of three answers each.
fn page(starts: usize) -> ImportBatch {
    let mut entries = Vec::new();
    for start in 0..starts {
        let at = 10 * (starts - start);
        for place in 0..4_usize {
            let parent = (place > 0).then(|| format!("{start}.0"));
            entries.push(serde_json::json!({
                "id": format!("{start}.{place}"), "plugin": "comments", "page": PAGE, "parent": parent,
                "author": format!("p{}", (start + place) % 20), "at": at - place,
                "body": "Please **book** early, see [the rules](/policies) — \"two weeks\" is enough. ".repeat(4),
            }));
        }
    }
    let people: Vec<_> =
        (0..20).map(|number| serde_json::json!({ "subject": format!("p{number}"), "name": format!("Person {number}") })).collect();
    serde_json::from_value(serde_json::json!({
        "site": "demo", "issuer": "test", "people": people, "pages": [{ "key": PAGE }], "entries": entries,
    }))
    .unwrap()
}

async fn stage_with(starts: usize) -> Stage {
    let stage = Stage::new().await;
    let report = stage.store.import(&stage.site, page(starts), START).await.unwrap();
    assert_eq!(report.problems, []);
    let first = stage.list(&Stage::nobody(), &query(Order::Newest, 25, 3)).await;
    for entry in first.entries.iter().step_by(3) {
        stage.does(&stage.ben, mark(&entry.id, "vote", "1")).await.unwrap();
    }
    stage
}

/// What a page of a hundred entries costs on a stage.
async fn cost(stage: &Stage, order: Order) -> ReadUsage {
    let before = stage.store.read_usage();
    let seen = stage.list(&stage.sees(&stage.ben), &query(order, 25, 3)).await;
    assert_eq!(seen.entries.len(), 100);
    let after = stage.store.read_usage();
    ReadUsage { statements: after.statements - before.statements, steps: after.steps - before.steps }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_a_thread_of_five_thousand_costs_no_more_than_one_of_a_hundred() {
    let stages = [stage_with(25).await, stage_with(1_250).await];
    for order in [Order::Newest, Order::Oldest, Order::Top, Order::Controversial] {
        // The first read of each stage also asks who the people are.
        for stage in &stages {
            cost(stage, order).await;
        }
        let [short, long] = [cost(&stages[0], order).await, cost(&stages[1], order).await];
        assert_eq!(long.statements, short.statements, "{order:?}");
        // A list that grows with its thread takes 50 times as many.
        assert!(long.steps * 10 < short.steps * 11, "{order:?}: {} steps, not {}", long.steps, short.steps);
    }
}
