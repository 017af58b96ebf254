//! `cargo xtask test` and `cargo xtask bench`: what there is to run, in order.

pub(crate) mod cms;
pub(crate) mod scim;

use std::num::NonZero;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::Result;

use crate::steps::{Steps, TaskError, code_of, hint_of, show};
use crate::tools::{browser, cargo, npm_install, products, root};
use crate::{demo, wasm, widgets};

/// How one part of the tests ended.
struct Part {
    title: &'static str,
    seconds: f32,
    failure: Option<anyhow::Error>,
}

/// Installs what is missing, builds, runs every part even after a failure, and ends with the code of the
/// first one that failed. The parts of Rust come last, so that their counts close the output.
pub(crate) fn test(steps: &Steps) -> Result<()> {
    let mut parts = Vec::new();
    let mut run = |title: &'static str, work: &dyn Fn() -> Result<()>| {
        steps.say(&format!("\n== {title}"));
        let started = Instant::now();
        let failure = work().err();
        if let Some(error) = &failure {
            steps.say(&format!("error: {error:#}\nhint: {}", hint_of(error)));
        }
        parts.push(Part { title, seconds: started.elapsed().as_secs_f32(), failure });
    };
    run("plugins", &|| wasm::run(steps).and_then(|()| wasm::run_samples(steps)));
    run("widgets", &|| widgets::run(steps));
    run("programs for the browser tests", &|| demo::build_programs(steps));
    run("browser tests", &|| browser_tests(steps));
    run("Rust tests", &|| {
        // Guests and the widget runtime are tested on this machine's own target, with the rest.
        show(&mut cargo(&["test", "--workspace", "--no-fail-fast"]), "the names of what failed are above")
    });
    summary(parts, steps)
}

/// Tells how each part ended. The first failure is the outcome.
fn summary(parts: Vec<Part>, steps: &Steps) -> Result<()> {
    steps.say("");
    let mut first = None;
    for part in parts {
        let word = if part.failure.is_some() { "FAILED" } else { "ok" };
        steps.say(&format!("  {word:<8}{:<34}{:>8.1} s", part.title, part.seconds));
        if let Some(error) = part.failure
            && first.is_none()
        {
            let trouble = TaskError::new(format!("{} failed", part.title), hint_of(&error));
            first = Some(trouble.with_code(code_of(&error)));
        }
    }
    first.map_or(Ok(()), |trouble| Err(trouble.into()))
}

/// `node --test` in `tests/browser`, with a browser; its counts are printed in cargo's words as well, so
/// that whoever counts tests counts these.
fn browser_tests(steps: &Steps) -> Result<()> {
    let folder = root().join("tests/browser");
    npm_install(&folder, steps)?;
    let tap = products().join("browser.tap");
    let mut node = Command::new("node");
    node.current_dir(&folder).env("CHROMIUM", browser(steps)?).arg("--test");
    // As many files at once as there are cores; node leaves one idle. Each has servers and a browser of its own.
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    node.arg(format!("--test-concurrency={cores}"));
    node.args(["--test-reporter=spec", "--test-reporter-destination=stdout", "--test-reporter=tap"]);
    node.arg(format!("--test-reporter-destination={}", tap.display()));
    // A report of an earlier run would be counted if node does not come to write one.
    drop(std::fs::remove_file(&tap));
    let outcome = show(&mut node, "the names of what failed are above");
    print_counts(&tap);
    outcome
}

#[expect(clippy::print_stdout, reason = "counts of tests are this command's result")]
fn print_counts(tap: &Path) {
    if let Some(line) = std::fs::read_to_string(tap).ok().and_then(|text| counts(&text)) {
        println!("{line}");
    }
}

/// The counts at the end of node's TAP report, as cargo would print them.
fn counts(tap: &str) -> Option<String> {
    let count = |name: &str| {
        let line = tap.lines().rev().find_map(|line| line.strip_prefix("# ")?.strip_prefix(name))?;
        line.trim().parse::<f64>().ok()
    };
    let failed = count("fail ")? + count("cancelled ")?;
    let word = if failed > 0.0 { "FAILED" } else { "ok" };
    Some(format!(
        "test result: {word}. {} passed; {failed} failed; {} ignored; 0 measured; 0 filtered out; finished in {:.2}s",
        count("pass ")?,
        count("skipped ")? + count("todo ")?,
        count("duration_ms ")? / 1000.0,
    ))
}

/// The benchmarks, in release, with what they need.
pub(crate) fn bench(rest: &[String], steps: &Steps) -> Result<()> {
    wasm::run(steps)?;
    widgets::run(steps)?;
    let mut command = cargo(&["run", "--release", "-p", "stoa-bench", "--"]);
    show(command.args(rest), "read what it said above")
}

#[cfg(test)]
mod tests {
    use super::{Part, counts, summary};
    use crate::steps::{Steps, TaskError, code_of, hint_of};

    #[test]
    fn the_counts_of_node_are_told_as_cargo_would() {
        let tap = "ok 1 - a\n# tests 5\n# suites 0\n# pass 3\n# fail 1\n# cancelled 0\n# skipped 1\n# todo 0\n# duration_ms 1234.5\n";
        let expected = "test result: FAILED. 3 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 1.23s";
        assert_eq!(counts(tap).as_deref(), Some(expected));
        let passed = counts(&tap.replace("fail 1", "fail 0")).unwrap();
        assert!(passed.starts_with("test result: ok. 3 passed; 0 failed"), "{passed}");
        assert_eq!(counts("ok 1 - a\n"), None);
    }

    #[test]
    fn the_first_part_that_failed_gives_the_code_and_the_hint() {
        let part = |title, failure: Option<TaskError>| Part {
            title,
            seconds: 0.0,
            failure: failure.map(anyhow::Error::from),
        };
        let trouble = |hint: &str, code| Some(TaskError::new("x", hint).with_code(code));
        let parts = vec![part("a", None), part("b", trouble("mend b", 3)), part("c", trouble("mend c", 5))];
        let error = summary(parts, &Steps::new()).unwrap_err();
        assert_eq!((code_of(&error), hint_of(&error).as_str()), (3, "mend b"));
        assert!(error.to_string().contains('b'));
        assert!(summary(vec![part("a", None)], &Steps::new()).is_ok());
    }
}
