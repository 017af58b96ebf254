//! Reading costs the same however long the thread is. Figures: `cargo test --release -- --nocapture speed`.

use std::time::{Duration, Instant};

use stoa::store::{ImportBatch, Order};

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

/// The shortest of many calls on each stage, taken in turn so that a busy machine slows both alike.
async fn shortest(stages: &[Stage; 2], order: Order) -> [Duration; 2] {
    let mut shortest = [Duration::MAX; 2];
    for _ in 0..300 {
        for (stage, shortest) in stages.iter().zip(&mut shortest) {
            let (viewer, asked) = (stage.sees(&stage.ben), query(order, 25, 3));
            let began = Instant::now();
            let seen = stage.list(&viewer, &asked).await;
            *shortest = began.elapsed().min(*shortest);
            assert_eq!(seen.entries.len(), 100);
        }
    }
    shortest
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

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_a_thread_of_five_thousand_is_read_as_quickly_as_one_of_a_hundred() {
    let stages = [stage_with(25).await, stage_with(1_250).await];
    for order in [Order::Newest, Order::Oldest, Order::Top, Order::Controversial] {
        let mut ratio = f64::MAX;
        // Only a noisy machine needs a second try: a list that grows with its thread is 50 times as slow.
        for _ in 0..5 {
            let [short, long] = shortest(&stages, order).await;
            println!("{order:?}: 100 entries {short:?}, 5,000 entries {long:?}");
            ratio = ratio.min(long.as_secs_f64() / short.as_secs_f64());
            if ratio < 1.2 {
                break;
            }
        }
        assert!(ratio < 1.2, "{order:?}: {ratio:.2} times as long");
    }
}
