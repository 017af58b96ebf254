//! Progress, child processes, and errors that say what to do next.

use std::collections::HashSet;
use std::fmt;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use indicatif::{ProgressBar, ProgressStyle};
use stoa_build::BuildError;

/// How often a long build says how far it is where stderr is not a terminal.
const LINE_EVERY: Duration = Duration::from_secs(10);

/// An error with a hint. Whoever knows what a person can do about it makes one of these.
#[derive(Debug)]
pub(crate) struct TaskError {
    what: String,
    hint: String,
    /// Exit code to pass on; 1 unless a child process had its own.
    code: u8,
}

impl TaskError {
    pub(crate) fn new(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { what: what.into(), hint: hint.into(), code: 1 }
    }

    pub(crate) fn with_code(self, code: u8) -> Self {
        Self { code, ..self }
    }
}

impl fmt::Display for TaskError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.what)
    }
}

impl std::error::Error for TaskError {}

/// The hint of the first error in the chain that has one.
pub(crate) fn hint_of(error: &anyhow::Error) -> String {
    let built = || error.chain().find_map(|cause| cause.downcast_ref::<BuildError>());
    let known = trouble_of(error).map(|trouble| trouble.hint.clone());
    known
        .or_else(|| built().map(BuildError::hint))
        .unwrap_or_else(|| "`cargo xtask help` lists the tasks; README.md explains them".into())
}

/// The exit code for an error: that of the child process that failed, otherwise 1.
pub(crate) fn code_of(error: &anyhow::Error) -> u8 {
    trouble_of(error).map_or(1, |trouble| trouble.code)
}

/// Somebody's trouble: as a context anyhow finds it itself, as a cause it is in the chain.
fn trouble_of(error: &anyhow::Error) -> Option<&TaskError> {
    error.downcast_ref().or_else(|| error.chain().find_map(|cause| cause.downcast_ref()))
}

/// Tells on stderr what is going on: a spinner on a terminal, plain lines elsewhere.
pub(crate) struct Steps {
    live: bool,
}

impl Steps {
    pub(crate) fn new() -> Self {
        // indicatif hides a bar by itself where stderr is no terminal; the plain lines need to know.
        Self { live: !ProgressBar::new_spinner().is_hidden() }
    }

    /// One line to stderr. A closed stderr is nothing to die of.
    pub(crate) fn say(&self, line: &str) {
        drop(writeln!(std::io::stderr(), "{line}"));
    }

    /// Does a piece of work under a title and tells how long it took.
    pub(crate) fn step<T>(&self, title: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let started = Instant::now();
        let bar = self.start(title);
        let outcome = work();
        self.finish(&bar, title, started, outcome.is_ok());
        outcome
    }

    /// Runs `cargo build` and tells how many of the crates are done: in the spinner, or a line each
    /// [`LINE_EVERY`] where stderr is not a terminal. `crates` is how many there are.
    pub(crate) fn build(&self, title: &str, crates: usize, command: &mut Command, hint: &str) -> Result<()> {
        let started = Instant::now();
        let bar = self.start(title);
        let mut told = started;
        let outcome = run_cargo(command, hint, |done, name| {
            let state = format!("{title}: {done} of {crates} crates, {name}");
            if self.live {
                bar.set_message(state);
            } else if told.elapsed() >= LINE_EVERY {
                self.say(&format!("  ...     {state}"));
                told = Instant::now();
            }
        });
        self.finish(&bar, title, started, outcome.is_ok());
        outcome
    }

    fn finish(&self, bar: &ProgressBar, title: &str, started: Instant, is_ok: bool) {
        bar.finish_and_clear();
        let word = if is_ok { "done" } else { "FAILED" };
        self.say(&format!("  {word:<8}{title} ({:.1} s)", started.elapsed().as_secs_f32()));
    }

    fn start(&self, title: &str) -> ProgressBar {
        if !self.live {
            self.say(&format!("  ...     {title}"));
            return ProgressBar::hidden();
        }
        let bar = ProgressBar::new_spinner().with_message(title.to_owned());
        if let Ok(style) = ProgressStyle::with_template("  {spinner} {elapsed:>5}  {msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(120));
        bar
    }
}

/// Runs cargo with `--message-format`, and calls `finished` with the count of finished crates and the last one's name.
fn run_cargo(command: &mut Command, hint: &str, mut finished: impl FnMut(usize, &str)) -> Result<()> {
    command.arg("--message-format=json-render-diagnostics");
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| cannot_run(command))?;
    let stderr = child.stderr.take();
    let diagnostics = std::thread::spawn(move || {
        let mut said = String::new();
        stderr.map(|mut pipe| pipe.read_to_string(&mut said)).transpose().map(|_| said)
    });
    let mut done = HashSet::new();
    for line in child.stdout.take().into_iter().flat_map(|pipe| BufReader::new(pipe).lines()) {
        if let Some((id, name)) = finished_crate(&line?) {
            done.insert(id);
            finished(done.len(), &name);
        }
    }
    let status = child.wait()?;
    if status.success() {
        return Ok(());
    }
    let said = diagnostics.join().ok().and_then(std::io::Result::ok).unwrap_or_default();
    let what = format!("`{}` ended with {status}:\n{}", line_of(command), said.trim());
    Err(TaskError::new(what, hint).into())
}

/// The package id and the name of a crate that one line of cargo's messages says is built.
fn finished_crate(line: &str) -> Option<(String, String)> {
    let message: serde_json::Value = serde_json::from_str(line).ok()?;
    let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
    if message["reason"] != "compiler-artifact" {
        return None;
    }
    Some((text(&message["package_id"])?, text(&message["target"]["name"])?))
}

/// Runs a command with its output shown; an unsuccessful end is an error with the command's own code.
pub(crate) fn show(command: &mut Command, hint: &str) -> Result<()> {
    let status = command.stdin(Stdio::null()).status().with_context(|| cannot_run(command))?;
    if status.success() {
        return Ok(());
    }
    let code = status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1);
    Err(TaskError::new(format!("`{}` ended with {status}", line_of(command)), hint).with_code(code).into())
}

/// Runs a command silently and gives back what it wrote to stdout; its stderr goes into the error.
pub(crate) fn capture(command: &mut Command, hint: &str) -> Result<String> {
    let out = command.stdin(Stdio::null()).output().with_context(|| cannot_run(command))?;
    if out.status.success() {
        return Ok(String::from_utf8_lossy(&out.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&out.stderr);
    Err(TaskError::new(format!("`{}` ended with {}:\n{}", line_of(command), out.status, said.trim()), hint)
        .into())
}

fn cannot_run(command: &Command) -> TaskError {
    let program = command.get_program().to_string_lossy().into_owned();
    TaskError::new(format!("cannot run {program}"), format!("install {program} and see that it is on PATH"))
}

fn line_of(command: &Command) -> String {
    let mut line = command.get_program().to_string_lossy().into_owned();
    for word in command.get_args() {
        line.push(' ');
        line.push_str(&word.to_string_lossy());
    }
    line
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::{TaskError, capture, code_of, finished_crate, hint_of, run_cargo, show};

    #[test]
    fn finished_crates_are_counted_once_and_what_the_compiler_says_is_kept() {
        let artifact = |id: &str| {
            format!(r#"{{"reason":"compiler-artifact","package_id":"{id}","target":{{"name":"{id}"}}}}"#)
        };
        let script = format!(
            "echo '{}'; echo '{}'; echo '{}'; echo '{{}}'; echo mismatched >&2; exit 3",
            artifact("a"),
            artifact("b"),
            artifact("a")
        );
        let mut seen = Vec::new();
        let mut command = Command::new("sh");
        command.args(["-c", &script]);
        let error = run_cargo(&mut command, "mend it", |done, name| seen.push((done, name.to_owned())));
        assert_eq!(seen, [(1, "a".to_owned()), (2, "b".into()), (2, "a".into())]);
        assert!(error.unwrap_err().to_string().contains("mismatched"));
        assert_eq!(finished_crate("no JSON"), None);
    }

    #[test]
    fn a_hint_is_found_below_other_errors_and_there_is_always_one() {
        let error =
            anyhow::Error::from(TaskError::new("the port is taken", "choose another")).context("demo");
        assert_eq!(hint_of(&error), "choose another");
        assert!(hint_of(&anyhow::anyhow!("anything")).contains("cargo xtask help"));
        let error = anyhow::Error::from(stoa_build::BuildError::Component("x".into())).context("wasm");
        assert!(hint_of(&error).contains("cdylib"));
    }

    #[test]
    fn the_exit_code_of_a_child_is_passed_on() {
        let error = show(Command::new("sh").args(["-c", "exit 7"]), "look above").unwrap_err();
        assert_eq!(code_of(&error), 7);
        assert!(show(&mut Command::new("true"), "").is_ok());
    }

    #[test]
    fn a_silent_command_that_fails_shows_what_it_said() {
        let error = capture(Command::new("sh").args(["-c", "echo why >&2; exit 1"]), "x").unwrap_err();
        assert!(error.to_string().contains("why"), "{error}");
        let missing = capture(&mut Command::new("no-such-program-here"), "x").unwrap_err();
        assert!(hint_of(&missing).contains("no-such-program-here"));
    }
}
