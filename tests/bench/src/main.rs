//! Benchmarks: ratios measured in one run, server and load generator on the same cores.
//!
//! `cargo xtask bench` builds in release and runs this; README.md beside this file has the latest figures.

mod bare;
mod cases;
mod host;
mod load;
mod social;

use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, Subcommand};

/// What to do.
#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    /// Seconds of each run.
    #[arg(long, default_value_t = 6)]
    seconds: u64,
    /// Rounds; servers take turns within a round, and the median round counts.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// The built `stoa` executable; beside this one by default.
    #[arg(long)]
    stoa: Option<PathBuf>,
    /// The folder of built plugins and assets.
    #[arg(long, default_value = "target/stoa")]
    built: PathBuf,
    /// Print JSON to stdout instead of a table.
    #[arg(long)]
    json: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Run the yardstick server (used by the benchmark itself).
    #[command(hide = true)]
    Bare {
        /// Its database.
        database: PathBuf,
        /// Where to listen.
        listen: String,
    },
}

/// Unread notices of the person who is measured; at most 100 of them are counted.
const NOTICES: u32 = 5_000;

/// A comment's text of about 200 characters with a little Markdown, the same for every server.
pub(crate) fn body(number: usize) -> String {
    format!(
        "Number {number}: the form in step 3 still asks for the *old* cost centre. I asked the service desk and they \
         say **use 4711** until the page is changed; see [the notice](https://example.com/{number}) for the details."
    )
}

fn main() -> anyhow::Result<()> {
    let cli = Cli::parse();
    let threads = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    if let Some(Command::Bare { database, listen }) = &cli.command {
        return threads.block_on(bare::serve(database, listen));
    }
    let single = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let rows = single.block_on(cases::all(&cli.settings()?))?;
    report(&rows, cli.json);
    Ok(())
}

/// How the cases are run.
pub(crate) struct Settings {
    pub(crate) length: Duration,
    pub(crate) rounds: usize,
    pub(crate) stoa: PathBuf,
    pub(crate) built: PathBuf,
}

impl Cli {
    fn settings(&self) -> anyhow::Result<Settings> {
        let beside = std::env::current_exe()?.with_file_name("stoa");
        Ok(Settings {
            length: Duration::from_secs(self.seconds),
            rounds: self.rounds.max(1),
            stoa: self.stoa.clone().unwrap_or(beside),
            built: std::path::absolute(&self.built)?,
        })
    }
}

#[expect(clippy::print_stdout, reason = "the figures are what this program is for")]
fn report(rows: &[cases::Row], json: bool) {
    if json {
        println!("{}", serde_json::to_string_pretty(rows).unwrap_or_default());
        return;
    }
    println!("| what | req/s | p50 ms | p99 ms | body bytes | unexpected | ratio | to |");
    println!("|---|---|---|---|---|---|---|---|");
    for row in rows {
        let ratio = row.ratio.map(|ratio| format!("{ratio:.2}")).unwrap_or_default();
        println!(
            "| {} | {:.0} | {:.2} | {:.2} | {} | {} | {ratio} | {} |",
            row.what, row.per_second, row.p50_ms, row.p99_ms, row.body_bytes, row.unexpected_count, row.to
        );
    }
}
