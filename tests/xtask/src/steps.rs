//! Progress, child processes, and errors that say what to do next.

use std::fmt;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use indicatif::{ProgressBar, ProgressStyle};
use stoa_build::BuildError;

/// An error with a hint. Whoever knows what a person can do about it makes one of these.
#[derive(Debug)]
pub(crate) struct Trouble {
    what: String,
    hint: String,
    /// Exit code to pass on; 1 unless a child process had its own.
    code: u8,
}

impl Trouble {
    pub(crate) fn new(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { what: what.into(), hint: hint.into(), code: 1 }
    }

    pub(crate) fn with_code(self, code: u8) -> Self {
        Self { code, ..self }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.what)
    }
}

impl std::error::Error for Trouble {}

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
fn trouble_of(error: &anyhow::Error) -> Option<&Trouble> {
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
        bar.finish_and_clear();
        let took = started.elapsed().as_secs_f32();
        match &outcome {
            Ok(_) => self.say(&format!("  done    {title} ({took:.1} s)")),
            Err(_) => self.say(&format!("  FAILED  {title} ({took:.1} s)")),
        }
        outcome
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

/// Runs a command with its output shown; an unsuccessful end is an error with the command's own code.
pub(crate) fn show(command: &mut Command, hint: &str) -> Result<()> {
    let status = command.stdin(Stdio::null()).status().with_context(|| cannot_run(command))?;
    if status.success() {
        return Ok(());
    }
    let code = status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1);
    Err(Trouble::new(format!("`{}` ended with {status}", line_of(command)), hint).with_code(code).into())
}

/// Runs a command silently and gives back what it wrote to stdout; its stderr goes into the error.
pub(crate) fn capture(command: &mut Command, hint: &str) -> Result<String> {
    let out = command.stdin(Stdio::null()).output().with_context(|| cannot_run(command))?;
    if out.status.success() {
        return Ok(String::from_utf8_lossy(&out.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&out.stderr);
    Err(Trouble::new(format!("`{}` ended with {}:\n{}", line_of(command), out.status, said.trim()), hint)
        .into())
}

fn cannot_run(command: &Command) -> Trouble {
    let program = command.get_program().to_string_lossy().into_owned();
    Trouble::new(format!("cannot run {program}"), format!("install {program} and see that it is on PATH"))
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

    use super::{Trouble, capture, code_of, hint_of, show};

    #[test]
    fn a_hint_is_found_below_other_errors_and_there_is_always_one() {
        let error = anyhow::Error::from(Trouble::new("the port is taken", "choose another")).context("demo");
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
