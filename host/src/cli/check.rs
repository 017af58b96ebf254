//! `stoa check`: everything that `serve` needs, looked at without serving.

use std::path::Path;

use anyhow::Result;
use serde_json::json;

use crate::base::clock::Clock;
use crate::base::config::Config;
use crate::dispatch::App;
use crate::http::Assets;
use crate::runtime::Compiler;

use super::{program, tell};

pub(super) async fn run(config: &Path, as_json: bool) -> Result<()> {
    let config = Config::load(config)?;
    Assets::load(&config.assets_dir)?;
    let sites: Vec<_> = config.sites.iter().map(|site| (site.id.clone(), site.plugins.len())).collect();
    // Starting reads keys, migrates the database and loads every plugin: what could fail, fails here.
    let app = App::start(config, Clock::system(), Compiler::Child(program()?)).await?;
    app.close().await;
    if as_json {
        let sites: Vec<_> = sites.iter().map(|(id, plugins)| json!({"id": id, "plugins": plugins})).collect();
        tell(&json!({"sites": sites}).to_string());
    } else {
        for (id, plugins) in sites {
            tell(&format!("site {id}: {plugins} plugin(s), all well"));
        }
    }
    Ok(())
}
