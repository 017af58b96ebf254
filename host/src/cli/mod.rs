//! The command line: data to stdout, talk to stderr, and a `hint:` after every error.
//!
//! Deliberately absent: anything that the server's own modules could do; commands put them together.

mod check;
mod doctor;
mod import;
mod init;
mod pages;
mod people;
mod serve;
mod token;

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

use crate::base::config;

/// Social features inside the pages that staff already read.
#[derive(Debug, Parser)]
#[command(name = "stoa", version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// What is logged to stderr: error, warn, info, debug, or by module, as in `stoa::runtime=debug`
    #[arg(long, global = true, env = "STOA_LOG", default_value = "info")]
    log: String,
    /// Log as JSON, one object a line
    #[arg(long, global = true)]
    log_json: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a configuration from four answers, and serve it
    Init(init::Init),
    /// Answer widgets and plain pages until Ctrl-C or SIGTERM
    Serve {
        /// The configuration (host/README.md lists every key)
        #[arg(long)]
        config: PathBuf,
    },
    /// Bring people, pages and entries in from a file; doing it again changes nothing
    Import {
        /// The JSON file
        file: PathBuf,
        /// The configuration
        #[arg(long)]
        config: PathBuf,
        /// Report as JSON
        #[arg(long)]
        json: bool,
    },
    /// Check the configuration, keys, plugins, widgets and the database without serving anything
    Check {
        /// The configuration
        #[arg(long)]
        config: PathBuf,
        /// Report as JSON
        #[arg(long)]
        json: bool,
    },
    /// Say why widgets do not show on a page of the intranet, and the line to change
    Doctor {
        /// The page's address
        page: String,
        /// The configuration
        #[arg(long)]
        config: PathBuf,
        /// A file with what a browser that is signed in to the intranet sends as `Cookie`
        #[arg(long)]
        cookie_file: Option<PathBuf>,
        /// Report as JSON
        #[arg(long)]
        json: bool,
    },
    /// Look at the people of a site, keep them out, and link their names
    People {
        #[command(subcommand)]
        command: Box<people::People>,
    },
    /// List pages, give them other keys, move and merge them, and find those that are one under two keys
    Pages {
        #[command(subcommand)]
        command: Box<pages::Pages>,
    },
    /// Make a link that opens the admin's console once, for 30 minutes
    AdminLink {
        /// The configuration
        #[arg(long)]
        config: PathBuf,
        /// Report as JSON
        #[arg(long)]
        json: bool,
    },
    /// Make and look at tokens that sign people in
    Token {
        #[command(subcommand)]
        command: Box<token::Token>,
    },
    /// Compile one plugin in this process; the server calls itself so, to keep compilers out of it
    #[command(hide = true)]
    CompilePlugin {
        /// The component
        input: PathBuf,
        /// The native code
        output: PathBuf,
    },
}

/// Parse the command line and do what it says.
#[must_use]
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    start_log(&arguments);
    match perform(arguments.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

fn perform(command: Command) -> Result<()> {
    match command {
        Command::Init(init) => wait_for(init::run(init)),
        Command::Serve { config } => wait_for(serve::run(&config)),
        Command::Import { file, config, json } => wait_for(import::run(&file, &config, json)),
        Command::Check { config, json } => wait_for(check::run(&config, json)),
        Command::Doctor { page, config, cookie_file, json } => {
            wait_for(doctor::run(&page, &config, cookie_file.as_deref(), json))
        }
        Command::People { command } => wait_for(people::run(*command)),
        Command::Pages { command } => wait_for(pages::run(*command)),
        Command::AdminLink { config, json } => wait_for(serve::link(&config, json)),
        Command::Token { command } => wait_for(token::run(*command)),
        Command::CompilePlugin { input, output } => Ok(crate::runtime::compile_file(&input, &output)?),
    }
}

fn wait_for(work: impl Future<Output = Result<()>>) -> Result<()> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)
}

fn start_log(arguments: &Arguments) {
    let filter = EnvFilter::try_new(&arguments.log).unwrap_or_else(|_| EnvFilter::new("info"));
    let colours = std::io::stderr().is_terminal();
    let log =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(colours);
    if arguments.log_json { log.json().init() } else { log.init() }
}

/// Most errors carry their own hint; the others get the general one.
#[expect(clippy::print_stderr, reason = "talk goes to stderr")]
fn complain(error: &anyhow::Error) {
    let (text, hint) = told(error);
    eprintln!("error: {text}\nhint: {hint}");
}

/// What happened, from the whole to its causes, each once, and the first advice that one of them gives.
fn told(error: &anyhow::Error) -> (String, String) {
    let (mut text, mut hint) = (String::new(), None);
    for cause in error.chain().map(ToString::to_string) {
        let (what, advice) = match cause.split_once("\nhint: ") {
            Some((what, advice)) => (what, Some(advice.to_owned())),
            None => (cause.as_str(), None),
        };
        // Many errors name their cause themselves.
        if !text.contains(what) {
            text.push_str(if text.is_empty() { "" } else { ": " });
            text.push_str(what);
        }
        hint = hint.or(advice);
    }
    (text, hint.unwrap_or_else(|| "host/README.md lists every key of the configuration".to_owned()))
}

/// Something that whoever runs a command should know; it is not its result.
#[expect(clippy::print_stderr, reason = "talk goes to stderr")]
fn talk(text: &str) {
    eprintln!("{text}");
}

/// Something that is wrong and keeps nothing from going on.
#[expect(clippy::print_stderr, reason = "talk goes to stderr")]
fn warn(text: &str) {
    eprintln!("warning: {text}");
}

/// The configuration with the sites that the console has saved, as a host would serve them.
async fn served(path: &std::path::Path) -> Result<config::Config> {
    Ok(crate::dispatch::console::overlay(config::Config::load(path)?).await?)
}

/// This program, which the server calls to compile plugins.
fn program() -> Result<PathBuf> {
    config::program().context("cannot find this program, which also compiles plugins")
}

/// The answer to a command, on stdout.
#[expect(clippy::print_stdout, reason = "data goes to stdout")]
fn tell(text: &str) {
    println!("{text}");
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use anyhow::{Context as _, anyhow};

    use super::{Arguments, told};

    #[test]
    fn each_cause_and_one_hint_are_told_once() {
        let inner = || anyhow!("no such file");
        for (error, text, hint) in [
            (
                inner().context("cannot read a: no such file\nhint: name a file"),
                "cannot read a: no such file",
                "name a file",
            ),
            (
                inner().context("cannot read a\nhint: name a file"),
                "cannot read a: no such file",
                "name a file",
            ),
            (anyhow!("b\nhint: do this").context("a"), "a: b", "do this"),
            (anyhow!("b\nhint: do this").context("a\nhint: do that"), "a: b", "do that"),
            (inner(), "no such file", "host/README.md lists every key of the configuration"),
        ] {
            assert_eq!(told(&error), (text.to_owned(), hint.to_owned()));
        }
        let failed: anyhow::Result<()> = Err(inner()).context("a");
        assert_eq!(told(&failed.unwrap_err()).0, "a: no such file");
    }

    #[test]
    fn the_command_line_is_well_formed() {
        Arguments::command().debug_assert();
    }
}
