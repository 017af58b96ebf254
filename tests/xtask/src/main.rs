//! `cargo xtask`: the chores of this project. Talk goes to stderr, results to stdout.
//!
//! Deliberately absent: anything the server needs when it runs; this crate is never shipped.

mod demo;
mod dist;
mod licences;
mod steps;
mod suite;
mod tools;
mod wasm;
mod widgets;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::steps::{Steps, hint_of};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Chores of the Stoa project")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build everything and run the server with a demo intranet beside it
    Demo(demo::Options),
    /// Install what the tests need and run all of them, or those of the content systems
    Test {
        #[command(subcommand)]
        apart: Option<Apart>,
    },
    /// Build the plugins in plugins/, and those of the tests, as components; or those in other folders
    Wasm {
        /// Folders with a plugin's crate and plugin.toml; each becomes target/stoa/made/NAME.wasm
        folders: Vec<std::path::PathBuf>,
    },
    /// Build what the browser loads, and hold it against the size gates
    Widgets,
    /// Build the server for use as one file, with plugins and widgets in it
    Dist(dist::Options),
    /// Run the benchmarks
    Bench {
        /// Handed on to the benchmarks
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<String>,
    },
    /// Check licences, sources and refused versions of every dependency; works offline
    Licences,
}

/// Tests that are not run with the others.
#[derive(Subcommand)]
enum Apart {
    /// Install content systems and try their packages in them, as the people who work there would
    Cms(suite::cms::Options),
    /// Let a client suite of SCIM 2.0 loose on a server
    Scim,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let steps = Steps::new();
    let outcome = match cli.task {
        Task::Demo(options) => demo::run(&options, &steps),
        Task::Test { apart: None } => suite::test(&steps),
        Task::Test { apart: Some(Apart::Cms(options)) } => suite::cms::run(&options, &steps),
        Task::Wasm { folders } if folders.is_empty() => {
            wasm::run(&steps).and_then(|()| wasm::run_samples(&steps))
        }
        Task::Wasm { folders } => wasm::run_elsewhere(&folders, &steps),
        Task::Test { apart: Some(Apart::Scim) } => suite::scim::run(&steps),
        Task::Widgets => widgets::run(&steps),
        Task::Dist(options) => dist::run(&options, &steps),
        Task::Bench { rest } => suite::bench(&rest, &steps),
        Task::Licences => licences::run(&steps),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            steps.say(&format!("error: {error:#}\nhint: {}", hint_of(&error)));
            ExitCode::from(steps::code_of(&error))
        }
    }
}
