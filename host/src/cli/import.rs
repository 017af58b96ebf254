//! `stoa import`: people, pages and entries from a file. Doing it again changes nothing.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use serde_json::json;
use stoa_rules::Declared;

use crate::base::clock::Clock;
use crate::base::id::SiteId;
use crate::runtime::read_package;
use crate::store::{ImportBatch, ImportReport, Store};

use super::{served, tell};

pub(super) async fn run(file: &Path, config: &Path, as_json: bool) -> Result<()> {
    let config = served(config).await?;
    let text = tokio::fs::read_to_string(file).await.with_context(|| {
        format!("cannot read {}\nhint: name a JSON file; host/README.md shows one", file.display())
    })?;
    let mut batch: ImportBatch = serde_json::from_str(&text).with_context(|| {
        format!("{} is not an import file\nhint: host/README.md shows one", file.display())
    })?;
    let Some(site) = config.sites.iter().find(|site| site.id == batch.site.as_str()) else {
        bail!("there is no site `{}`\nhint: `site` in the file names one of the configuration", batch.site);
    };
    if batch.issuer.is_empty() {
        // People have to be the same ones who sign in later.
        let Some(issuer) = site.issuers.first() else {
            bail!("site `{}` has no issuer\nhint: name one in the file as `issuer`", site.id);
        };
        batch.issuer.clone_from(&issuer.issuer);
    }
    batch.declared = declared(&config.plugins_dir).await?;
    let store = Store::open(&config.database).await?;
    let site = SiteId::from(site.id.as_str());
    let report = store.import(&site, batch, Clock::system().now()).await;
    let closed = store.close().await;
    let report = report?;
    closed?;
    tell(&if as_json { as_json_text(&report) } else { as_words(&report) });
    for problem in &report.problems {
        tracing::warn!(row = problem.row, "left out: {}", problem.text);
    }
    Ok(())
}

/// What the plugins declare, by their names: the file's fields are held against it. A file that is no plugin is left
/// out here; `stoa check` tells about it.
async fn declared(folder: &Path) -> Result<BTreeMap<String, Declared>> {
    let mut declared = BTreeMap::new();
    let Ok(mut files) = tokio::fs::read_dir(folder).await else { return Ok(declared) };
    while let Some(file) = files.next_entry().await? {
        if file.path().extension().is_none_or(|extension| extension != "wasm") {
            continue;
        }
        match read_package(&tokio::fs::read(file.path()).await?) {
            Ok((manifest, _)) => drop(declared.insert(manifest.name.to_string(), manifest.declared())),
            Err(error) => tracing::warn!(file = %file.path().display(), "left out: {error}"),
        }
    }
    Ok(declared)
}

fn as_words(report: &ImportReport) -> String {
    format!(
        "{} people, {} pages, {} new entries ({} were there), {} votes, {} left out",
        report.people,
        report.pages,
        report.entries,
        report.known,
        report.votes,
        report.problems.len()
    )
}

fn as_json_text(report: &ImportReport) -> String {
    let problems: Vec<_> =
        report.problems.iter().map(|problem| json!({"row": problem.row, "text": problem.text})).collect();
    json!({
        "people": report.people,
        "pages": report.pages,
        "entries": report.entries,
        "known": report.known,
        "votes": report.votes,
        "problems": problems,
    })
    .to_string()
}
