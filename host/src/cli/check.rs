//! `stoa check`: everything that `serve` needs, looked at without serving and without bringing the database up to date.

use std::path::Path;

use anyhow::{Result, anyhow};
use serde_json::json;

use crate::base::config::Config;
use crate::dispatch::console::overlay;
use crate::dispatch::{App, BrokenPlugin, Findings};
use crate::http::Assets;
use crate::runtime::Compiler;
use crate::store::{Inspection, Store};

use super::{complain, program, tell, warn};

pub(super) async fn run(config: &Path, as_json: bool) -> Result<()> {
    let scratch = tempfile::tempdir()?;
    let config = overlay(Config::load_apart(config, scratch.path())?).await?;
    Assets::load(&config.assets_dir)?;
    // Reads keys, and loads and links every plugin: what could fail at the start, fails here.
    let Findings { broken, grants, keys, declared } = App::look(&config, Compiler::Child(program()?)).await?;
    grants.iter().chain(&keys).for_each(|finding| warn(finding));
    let (enabled, unused): (Vec<_>, Vec<_>) = broken.iter().partition(|plugin| !plugin.sites.is_empty());
    for plugin in unused {
        warn(&format!("no site enables the plugin of this file, which cannot be used: {plugin}"));
    }
    let mut findings: Vec<String> = enabled.into_iter().map(ToString::to_string).collect();
    let database = Store::inspect(&config.database, &declared).await?;
    if let Inspection::Current { damage: lines, twice } = &database {
        let hint = "restore a backup; what counts wrongly can be told to the project";
        findings.extend(lines.iter().map(|line| format!("database: {line}\nhint: {hint}")));
        let hint = "the first one keeps the place and no other can come; a moderator can remove those that are too many";
        twice.iter().for_each(|line| warn(&format!("{line}\nhint: {hint}")));
    }
    match findings.split_last() {
        None => tell(&if as_json {
            as_json_text(&config, &broken, (&grants, &keys), &database)
        } else {
            as_words(&config, &database)
        }),
        Some((last, others)) => {
            others.iter().for_each(|finding| complain(&anyhow!("{finding}")));
            return Err(anyhow!("{last}"));
        }
    }
    Ok(())
}

fn as_words(config: &Config, database: &Inspection) -> String {
    let site = |site: &crate::base::config::Site| {
        format!("site {}: {} plugin(s), all well", site.id, site.plugins.len())
    };
    let mut lines: Vec<String> = config.sites.iter().map(site).collect();
    lines.push(match database {
        Inspection::Absent => "database: none yet, `stoa serve` makes it".to_owned(),
        Inspection::Behind { steps } => {
            format!("database: {steps} step(s) behind, `stoa serve` brings it up to date")
        }
        Inspection::Current { .. } => "database: all well".to_owned(),
    });
    lines.join("\n")
}

fn as_json_text(
    config: &Config,
    broken: &[BrokenPlugin],
    (grants, keys): (&[String], &[String]),
    database: &Inspection,
) -> String {
    let sites = config.sites.iter().map(|site| json!({"id": site.id, "plugins": site.plugins.len()}));
    let broken = broken.iter().map(|plugin| json!({"path": plugin.path, "error": plugin.error}));
    let (state, steps) = match database {
        Inspection::Absent => ("absent", 0),
        Inspection::Behind { steps } => ("behind", *steps),
        Inspection::Current { .. } => ("current", 0),
    };
    json!({
        "sites": sites.collect::<Vec<_>>(),
        "grants": grants,
        "keys": keys,
        "unused_broken_plugins": broken.collect::<Vec<_>>(),
        "database": {"state": state, "missing_steps": steps},
    })
    .to_string()
}
