//! `stoa serve`: from the configuration to a server, and back to nothing without losing anything.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::base::clock::{Clock, MINUTE};
use crate::base::config::Config;
use crate::dispatch::App;
use crate::dispatch::console::{LINK_TIME, new_link};
use crate::http;
use crate::runtime::Compiler;
use crate::store::Store;

use super::{program, talk, tell};

/// How long requests under way may take when the server ends.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(25);
/// How often old records are forgotten.
const TIDY: Duration = Duration::from_secs(600);
/// How often it is asked whether another process has written.
const ELSEWHERE: Duration = Duration::from_secs(2);
/// How often the files of keys are read again: a few hundred bytes, and a service that mounts secrets sends no signal.
const KEYS: Duration = Duration::from_secs(10);

pub(super) async fn run(config: &Path) -> Result<()> {
    let config = Config::load(config)?;
    let listener = TcpListener::bind(&config.listen)
        .await
        .with_context(|| format!("cannot listen on {}\nhint: another program may have the port, or `listen` is no address of this machine", config.listen))?;
    let public_url = config.public_url.clone();
    let program = program()?;
    let app = App::start(config, Clock::system(), Compiler::Child(program)).await?;
    let (close, closing) = watch::channel(false);
    let router = http::router_until(app.clone(), closing.clone())?;
    tokio::spawn(maintain(app.clone(), closing.clone()));
    tokio::spawn(look_elsewhere(app.clone(), closing.clone()));
    tokio::spawn(keep_keys(app.clone(), closing.clone()));
    if let Some(token) = app.first_link().await? {
        // Not to the log, which is kept and read by others.
        let minutes = LINK_TIME / MINUTE;
        let link = address(&public_url, &token);
        talk(&format!(
            "\nThe console, good once, for {minutes} minutes (`stoa admin-link` makes another link):\n  {link}\n"
        ));
    }
    tracing::info!(address = %listener.local_addr()?, public_url, "ready");
    let serving = app.clone();
    let mut server =
        tokio::spawn(async move { http::serve(listener, router, serving.config(), closing).await });
    tokio::select! {
        ended = &mut server => ended?,
        () = asked_to_stop() => {
            tracing::info!("ending: no new requests, streams are told, those under way are finished");
            close.send_replace(true);
            match tokio::time::timeout(DRAIN_TIMEOUT, &mut server).await {
                Ok(ended) => ended?,
                Err(_) => tracing::warn!("some requests did not end in time and are cut off"),
            }
        }
    }
    app.close().await;
    tracing::info!("ended");
    Ok(())
}

/// `stoa admin-link`: a link that opens the console once.
pub(super) async fn link(config: &Path, as_json: bool) -> Result<()> {
    let config = Config::load(config)?;
    let store = Store::open(&config.database).await?;
    let token = new_link(&store, Clock::system().now()).await?;
    store.close().await?;
    let link = address(&config.public_url, &token);
    let minutes = LINK_TIME / MINUTE;
    if as_json {
        tell(&serde_json::json!({ "link": link, "minutes": minutes }).to_string());
    } else {
        tell(&link);
        talk(&format!("Good once, for {minutes} minutes. Whoever has it can change everything."));
    }
    Ok(())
}

/// The address that has the token of a link.
fn address(public_url: &str, token: &str) -> String {
    format!("{public_url}/admin/sign-in?link={token}")
}

/// Forget what is too old, now and then, until the server ends.
async fn maintain(app: App, mut closing: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            _ = closing.changed() => return,
            () = tokio::time::sleep(TIDY) => {}
        }
        if let Err(error) = app.maintain().await {
            tracing::warn!(%error, "old records could not be forgotten; the next attempt is in ten minutes");
        }
    }
}

/// Show what another process writes, until the server ends.
async fn look_elsewhere(app: App, mut closing: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            _ = closing.changed() => return,
            () = tokio::time::sleep(ELSEWHERE) => {}
        }
        if let Err(error) = app.look_elsewhere().await {
            tracing::warn!(%error, "it is not known whether another process has written; the next attempt is in two seconds");
        }
    }
}

/// Have the keys of issuers as they are now, until the server ends: every ten seconds, and at once at SIGHUP.
async fn keep_keys(app: App, mut closing: watch::Receiver<bool>) {
    #[cfg(unix)]
    let mut hangup = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup()).ok();
    let mut all = true;
    loop {
        app.renew_keys(all).await;
        #[cfg(unix)]
        let asked = async {
            match &mut hangup {
                Some(signal) => signal.recv().await,
                None => std::future::pending().await,
            }
        };
        #[cfg(not(unix))]
        let asked = std::future::pending::<Option<()>>();
        tokio::select! {
            _ = closing.changed() => return,
            _ = asked => {
                tracing::info!("SIGHUP: the keys of issuers are read again");
                all = true;
            }
            () = tokio::time::sleep(KEYS) => all = false,
        }
    }
}

/// Ctrl-C, or what service managers send.
async fn asked_to_stop() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
