//! What a hostile view costs: its own call, and nothing of anybody else.

use std::sync::Arc;

use stoa::base::clock::MINUTE;
use stoa::base::config::CallLimits;
use stoa::runtime::{Call, CallError, CallUsage, Clock, Linked, Viewed};
use stoa_view::nodes::Kind;
use tokio::task::JoinHandle;

use crate::support::{Bench, FakeReads, Gate, NOW, call, limits, view};

/// Limits under which nothing but CPU time ends a call.
fn cpu_limit(cpu_ms: u64) -> CallLimits {
    CallLimits { fuel: u64::MAX / 2, cpu_ms, ..limits() }
}

/// Calls a case, checks how it ended, and that a well-meant call of the same plugin answers.
async fn check(bench: &Bench, case: &str, expected: fn(&CallError) -> bool) {
    // A plugin of its own for each case: failures of one must not open the breaker for the next.
    let linked = bench.linked().await;
    let error = view(&linked, case).await.expect_err(case);
    assert!(expected(&error), "{case}: {error:?}");
    let viewed = view(&linked, "").await.unwrap();
    assert_eq!(viewed.view.nodes.len(), 1, "after {case}");
}

/// Resident memory of this process in bytes.
fn resident_bytes() -> u64 {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: u64 = text.split_whitespace().nth(1).and_then(|pages| pages.parse().ok()).unwrap_or(0);
    pages * 4_096
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn work_without_end_ends_with_its_fuel() {
    let bench = Bench::new(CallLimits { fuel: 1_000_000, ..limits() });
    check(&bench, "loop", |error| *error == CallError::Fuel { limit: 1_000_000 }).await;
    check(&bench, "copy", |error| *error == CallError::Fuel { limit: 1_000_000 }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn work_without_end_ends_with_its_cpu_time() {
    let bench = Bench::new(cpu_limit(40));
    check(&bench, "loop", |error| *error == CallError::Deadline { clock: Clock::Cpu }).await;
    check(&bench, "copy", |error| *error == CallError::Deadline { clock: Clock::Cpu }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn too_much_memory_is_named_and_given_back() {
    let bench = Bench::new(limits());
    check(&bench, "bomb", |error| *error == CallError::Memory { limit_bytes: 16 << 20 }).await;
    let before = resident_bytes();
    // 640 MiB, were none of it given back. Other tests of this process take some meanwhile.
    for _ in 0..40 {
        check(&bench, "bomb", |error| matches!(error, CallError::Memory { .. })).await;
    }
    let grown = resident_bytes().saturating_sub(before);
    assert!(grown < 256 << 20, "{grown} bytes stay");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn crashes_are_faults_with_the_trap_for_the_log_alone() {
    let bench = Bench::new(limits());
    check(&bench, "panic", |error| {
        matches!(error, CallError::Fault { trap } if trap.contains("unreachable"))
            && error.to_string() == "the plugin crashed"
    })
    .await;
    // Rust guests keep their own stack below their data, so that theirs may end before the host's.
    check(&bench, "recursion", |error| {
        matches!(error, CallError::Fault { trap }
            if trap.contains("call stack exhausted") || trap.contains("out of bounds"))
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn asking_is_refused_at_the_limit_and_ends_the_call_at_twice_the_limit() {
    let bench = Bench::new(limits());
    check(&bench, "flood", |error| *error == CallError::Quota { name: "host-calls", limit: 500 }).await;
    let viewed = view(&bench.linked().await, "ask-until-told").await.unwrap();
    assert!(matches!(viewed.view.nodes[0].kind, Kind::Number(number) if number.value == 500));
    assert_eq!(viewed.usage.host_calls, 501);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_run_out_as_an_error_that_the_plugin_is_told() {
    let bench = Bench::new(CallLimits { rows: 50, ..limits() });
    let linked = bench.linked().await;
    let mut asked = call(linked.plugin(), "page", NOW);
    asked.reads = Arc::new(FakeReads::with(100));
    let error = linked.view(asked).await.unwrap_err();
    assert!(matches!(&error, CallError::Failed(text) if text.contains("rows")), "{error:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_crosses_the_border_at_once_is_bounded() {
    let bench = Bench::new(limits());
    let too_much = |error: &CallError| matches!(error, CallError::Quota { name: "bytes", .. });
    check(&bench, "long-argument", too_much).await;
    check(&bench, "label", too_much).await;
    check(&bench, "huge", too_much).await;
    // What is larger still does not even fit the plugin's own memory.
    check(&bench, "vast-label", |error| matches!(error, CallError::Memory { .. })).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_log_lines_is_dropped() {
    let bench = Bench::new(limits());
    let viewed = view(&bench.linked().await, "log").await.unwrap();
    assert!(matches!(viewed.view.nodes[0].kind, Kind::Number(number) if number.value == 10_000));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_view_outside_its_limits_is_refused_as_a_whole() {
    let bench = Bench::new(limits());
    for case in [
        "many-nodes",
        "deep",
        "long-label",
        "bad-index",
        "bad-message",
        "missing-children",
        "endless-children",
        "left-over",
        "empty",
    ] {
        check(&bench, case, |error| matches!(error, CallError::Invalid(text) if !text.is_empty())).await;
    }
}

/// A view of a case that reads behind the gate, as a task.
fn reading(linked: &Arc<Linked>, case: &str, gate: &Gate) -> JoinHandle<Result<Viewed, CallError>> {
    let linked = linked.clone();
    let mut asked = call(linked.plugin(), case, NOW);
    asked.reads = Arc::new(FakeReads::behind(gate));
    tokio::spawn(async move { linked.view(asked).await })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_that_is_never_answered_ends_with_the_wall_time() {
    let bench = Bench::new(CallLimits { wall_ms: 100, ..limits() });
    let error = reading(&bench.linked().await, "page", &Gate::default()).await.unwrap().unwrap_err();
    assert_eq!(error, CallError::Deadline { clock: Clock::Wall });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn waiting_for_the_store_costs_no_cpu_time() {
    let bench = Bench::new(cpu_limit(100));
    let gate = Gate::default();
    let waiting = reading(&bench.linked().await, "page", &gate);
    gate.asked(1).await;
    // While it waits, another call uses up as much CPU time as a call may have.
    let spun = view(&bench.linked().await, "loop").await.unwrap_err();
    assert_eq!(spun, CallError::Deadline { clock: Clock::Cpu });
    gate.open();
    assert_eq!(waiting.await.unwrap().unwrap().view.nodes.len(), 2);
}

/// A well-meant view, as soon as the only place of the plugin is free.
async fn when_free(linked: &Arc<Linked>) -> Result<Viewed, CallError> {
    loop {
        match view(linked, "").await {
            Err(CallError::Busy) => {}
            ended => return ended,
        }
    }
}

/// RUSTSEC-2026-0022: in wasmtime 39 to 41 the call after a dropped one panicked the host.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_who_goes_away_leaves_the_next_call_unharmed() {
    let bench = Bench::new(CallLimits { concurrency: 1, ..limits() });
    let linked = bench.linked().await;
    for case in ["page", "ask-and-loop"] {
        let gate = Gate::default();
        let caller = reading(&linked, case, &gate);
        gate.asked(1).await;
        caller.abort();
        assert!(caller.await.unwrap_err().is_cancelled(), "{case} was under way");
        gate.open();
        assert!(when_free(&linked).await.is_ok(), "after {case}");
        assert_eq!(gate.answered(), 1, "{case} went on to its own end");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn other_plugins_answer_while_one_spins() {
    let bench = Bench::new(cpu_limit(400));
    let (bad, good) = (bench.linked().await, bench.linked().await);
    let gate = Gate::default();
    let spinning: Vec<_> = (0..8).map(|_| reading(&bad, "ask-and-loop", &gate)).collect();
    gate.asked(8).await;
    gate.open();
    // Eight spinners share two workers; each lets others go first at every tick, and has 80 of them.
    gate.all_answered(8).await;
    view(&good, "").await.unwrap();
    assert!(spinning.iter().all(|one| !one.is_finished()), "nobody waits until a spinner is stopped");
    for one in spinning {
        assert_eq!(one.await.unwrap().unwrap_err(), CallError::Deadline { clock: Clock::Cpu });
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_fails_five_times_rests_and_is_tried_again() {
    let bench = Bench::new(limits());
    let linked = bench.linked().await;
    for _ in 0..5 {
        assert!(matches!(view(&linked, "panic").await, Err(CallError::Fault { .. })));
    }
    assert!(matches!(view(&linked, "").await, Err(CallError::CircuitOpen { retry_after_s: 61 })));
    assert!(
        bench.linked().await.view(call(linked.plugin(), "", NOW)).await.is_ok(),
        "another plugin does not rest"
    );
    let later = call(linked.plugin(), "", NOW + MINUTE);
    assert!(linked.view(later).await.is_ok(), "after a minute it is tried again");
    assert!(view(&linked, "").await.is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_queue_is_busy_and_not_a_failure_of_the_plugin() {
    let bench = Bench::new(CallLimits { concurrency: 1, ..limits() });
    let linked = bench.linked().await;
    let gate = Gate::default();
    let first = reading(&linked, "page", &gate);
    gate.asked(1).await;
    // More than the breaker bears of real failures.
    let others = futures::future::join_all((0..6).map(|_| view(&linked, ""))).await;
    assert!(others.iter().all(|ended| matches!(ended, Err(CallError::Busy))));
    gate.open();
    assert!(first.await.unwrap().is_ok());
    assert!(when_free(&linked).await.is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_plugins_own_failures_are_typed() {
    let bench = Bench::new(limits());
    let linked = bench.linked().await;
    assert_eq!(view(&linked, "not-found").await.unwrap_err(), CallError::NotFound);
    let failed = view(&linked, "failed").await.unwrap_err();
    assert_eq!(failed.private(), "failed: the plugin's own words");
    assert!(!failed.to_string().contains("own words"));
}

/// The text of the one node of a view.
async fn told(linked: &Arc<Linked>, asked: Call) -> String {
    linked.view(asked).await.unwrap().view.strings[0].clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_with_the_same_seed_gives_the_same_again() {
    let bench = Bench::new(limits());
    let linked = bench.linked().await;
    let first = told(&linked, call(linked.plugin(), "facts", NOW)).await;
    assert!(first.starts_with(&format!("[{NOW}, {NOW}]")), "the clock stands still: {first}");
    assert_eq!(told(&linked, call(linked.plugin(), "facts", NOW)).await, first);
    let mut other = call(linked.plugin(), "facts", NOW);
    other.seed = 8;
    assert_ne!(told(&linked, other).await, first);
    let nan = view(&linked, "nan").await.unwrap();
    let canonical = f64::NAN.to_bits().cast_signed();
    assert!(matches!(nan.view.nodes[0].kind, Kind::Number(number) if number.value == canonical));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn arguments_out_of_range_are_answered_by_kind() {
    let bench = Bench::new(limits());
    let linked = bench.linked().await;
    let answers = told(&linked, call(linked.plugin(), "errors", NOW)).await;
    let kinds: Vec<&str> = answers
        .lines()
        .map(|line| line.trim_start_matches("Err(Error::").split(['(', ')']).next().unwrap_or_default())
        .collect();
    // Where a list goes on is for the store to judge, and there is none here.
    let lists = ["Invalid", "Invalid", "Invalid", "Ok", "Invalid", "Invalid"];
    let filters = ["Invalid", "Invalid", "Invalid", "Invalid"];
    let others = [
        "NotGranted",
        "NotFound",
        "Invalid",
        "Invalid",
        "NotFound",
        "Invalid",
        "Invalid",
        "Invalid",
        "Invalid",
        "Invalid",
        "Invalid",
        "Denied",
    ];
    let points =
        ["Ok", "Denied", "Invalid", "Invalid", "Invalid", "Denied", "Ok", "Invalid", "Invalid", "Invalid"];
    let expected: Vec<&str> = lists.into_iter().chain(filters).chain(others).chain(points).collect();
    assert_eq!(kinds, expected, "{answers}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plugin_sees_a_name_and_roles_and_the_renderer_gets_what_was_read() {
    let bench = Bench::new(limits());
    let linked = bench.linked().await;
    let seen = told(&linked, call(linked.plugin(), "seen", NOW)).await;
    assert_eq!(seen, "Some((\"Alice\", Roles(LEADER))) true");
    let mut asked = call(linked.plugin(), "page", NOW);
    asked.reads = Arc::new(FakeReads::with(100));
    let viewed = linked.view(asked).await.unwrap();
    assert_eq!(viewed.view.nodes.len(), 101);
    assert_eq!((viewed.fetched.entries.len(), viewed.fetched.people.len()), (100, 10));
    assert!(viewed.fetched.entries.values().all(|entry| entry.markdown.len() > 200));
}

/// What a call costs, in counts that are the same on every machine. Times are measured by `tests/bench`.
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
