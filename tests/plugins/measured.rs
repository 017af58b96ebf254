//! What a call costs, in counts that are the same on every machine. Times are measured by `tests/bench`.

use std::sync::Arc;

use stoa::runtime::CallUsage;

use crate::support::{Bench, FakeReads, NOW, call, limits};

async fn usage(case: &str, entries: usize) -> CallUsage {
    let linked = Bench::new(limits()).linked().await;
    let mut asked = call(linked.plugin(), case, NOW);
    asked.reads = Arc::new(FakeReads::with(entries));
    linked.view(asked).await.unwrap().usage
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_of_a_hundred_entries_is_read_at_once_and_costs_little_work() {
    let page = usage("page", 100).await;
    assert_eq!((page.host_calls, page.rows), (1, 100));
    assert!(page.fuel < 2_000_000, "{} units of fuel", page.fuel);
    assert!(page.bytes < 64 << 10, "{} bytes", page.bytes);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn work_grows_with_the_entries_and_no_faster() {
    let [none, half, whole] =
        [usage("page", 0).await.fuel, usage("page", 50).await.fuel, usage("page", 100).await.fuel];
    assert!(whole - none < 3 * (half - none), "{none}, {half}, {whole} units of fuel");
}
