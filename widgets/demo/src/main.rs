//! Command line of the demo intranet: `stoa-demo` serves the site, `stoa-demo seed` prints its people, pages and comments.

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, Parser, Subcommand};
use stoa_demo::{Settings, content, router, seed};

/// The demo intranet of Nordlicht, an invented maker of lighting for buildings.
#[derive(Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: ServeArgs,
}

#[derive(Subcommand)]
enum Command {
    /// Print the seed file (people, pages, comments) as JSON on stdout, for `stoa import`.
    Seed(SeedArgs),
}

#[derive(Args)]
struct ServeArgs {
    /// Address to listen on.
    #[arg(long, default_value = "127.0.0.1:4100")]
    listen: SocketAddr,
    /// Origin under which browsers reach this site; also the issuer of its tokens.
    #[arg(long, default_value = "http://intranet.localhost:4100")]
    origin: String,
    /// Origin of the Stoa host whose widgets the pages embed.
    #[arg(long, default_value = "http://widgets.localhost:4000")]
    stoa: String,
    /// Site id, as the Stoa host knows this intranet.
    #[arg(long, default_value = "demo")]
    site: String,
    /// File with the secret shared with the Stoa host (at least 32 bytes; white space around it is ignored).
    #[arg(long)]
    secret_file: Option<PathBuf>,
    /// Leave out the questions, for a host without that plugin.
    #[arg(long)]
    without_questions: bool,
}

#[derive(Args)]
struct SeedArgs {
    /// Origin under which browsers reach this site.
    #[arg(long, default_value = "http://intranet.localhost:4100")]
    origin: String,
    /// Site id, as the Stoa host knows this intranet.
    #[arg(long, default_value = "demo")]
    site: String,
    /// Leave out the questions, for a host without that plugin.
    #[arg(long)]
    without_questions: bool,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        Some(Command::Seed(args)) => print_seed(&args),
        None => serve(cli.serve),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            log(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn print_seed(args: &SeedArgs) -> anyhow::Result<()> {
    let mut site = content::load()?;
    if args.without_questions {
        site.leave_out_questions();
    }
    let seed = seed::build(&site, &args.site, &args.origin);
    let mut out = std::io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, &seed)?;
    writeln!(out)?;
    Ok(())
}

fn serve(args: ServeArgs) -> anyhow::Result<()> {
    let path = args.secret_file.context(
        "the site cannot sign people in without a secret\nhint: --secret-file PATH, the file the Stoa host uses too",
    )?;
    let secret = std::fs::read_to_string(&path)
        .with_context(|| format!("cannot read the secret {}", path.display()))?;
    let mut settings = Settings::new(&args.origin, &args.stoa, &args.site, secret.trim())?;
    settings.questions = !args.without_questions;
    let app = router(settings)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async move {
        let listener = tokio::net::TcpListener::bind(args.listen)
            .await
            .with_context(|| format!("cannot listen on {}", args.listen))?;
        log(&format!("demo intranet at {} (listening on {})", args.origin, args.listen));
        axum::serve(listener, app).with_graceful_shutdown(asked_to_stop()).await?;
        log("demo intranet stopped");
        Ok(())
    })
}

/// Resolves on Ctrl-C, and on Unix on the signal a parent process sends to end this one.
async fn asked_to_stop() {
    let interrupt = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! { () = interrupt => {}, _ = terminate.recv() => {} }
            return;
        }
        let _ = tokio::signal::ctrl_c().await;
    }
    #[cfg(not(unix))]
    interrupt.await;
}

/// One line of talk. Stderr, for stdout belongs to data; a closed stderr is no reason to stop.
fn log(line: &str) {
    let _ = writeln!(std::io::stderr(), "stoa-demo: {line}");
}
