//! What a call costs, with bounds wide enough for a loaded machine in a debug build; the figures are printed with
//! `--nocapture`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use stoa::runtime::Linked;

use crate::support::{Bench, NOW, Shelf, call, limits};

/// The median of 200 calls after 20 to warm up.
async fn median(linked: &Arc<Linked>, case: &str, shelf: Arc<Shelf>) -> Duration {
    let mut times = Vec::new();
    for round in 0..220 {
        let mut asked = call(linked.plugin(), case, NOW);
        asked.reads = shelf.clone();
        let started = Instant::now();
        linked.view(asked).await.unwrap();
        if round >= 20 {
            times.push(started.elapsed());
        }
    }
    times.sort();
    times[times.len() / 2]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_of_a_hundred_entries_takes_milliseconds_at_the_most() {
    let bench = Bench::new(limits());
    let linked = bench.linked().await;
    let small = median(&linked, "", Arc::new(Shelf::with(0))).await;
    let page = median(&linked, "page", Arc::new(Shelf::with(100))).await;
    let mut asked = call(linked.plugin(), "page", NOW);
    asked.reads = Arc::new(Shelf::with(100));
    let usage = linked.view(asked).await.unwrap().usage;
    println!("one node {small:?}, 100 entries {page:?}, {usage:?}");
    assert!(small < Duration::from_millis(5), "{small:?}");
    assert!(page < Duration::from_millis(20), "{page:?}");
    assert!(usage.fuel < 2_000_000, "fuel does not depend on the machine: {}", usage.fuel);
}
