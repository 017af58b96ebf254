//! `stoa admin-link`: a link that opens the console once.

use std::path::Path;

use anyhow::Result;

use super::{talk, tell};
use crate::base::clock::{Clock, MINUTE};
use crate::base::config::Config;
use crate::dispatch::console::{LINK_TIME, new_link};
use crate::store::Store;

pub(super) async fn run(config: &Path, as_json: bool) -> Result<()> {
    let config = Config::load(config)?;
    let store = Store::open(&config.database).await?;
    let token = new_link(&store, Clock::system().now()).await?;
    store.close().await?;
    let link = address(&config.public_url, &token);
    if as_json {
        tell(&serde_json::json!({ "link": link, "minutes": LINK_TIME / MINUTE }).to_string());
    } else {
        tell(&link);
        talk(&format!(
            "Good once, for {} minutes. Whoever has it can change everything.",
            LINK_TIME / MINUTE
        ));
    }
    Ok(())
}

/// The address that has the token of a link.
pub(super) fn address(public_url: &str, token: &str) -> String {
    format!("{public_url}/admin/sign-in?link={token}")
}
