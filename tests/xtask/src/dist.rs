//! `cargo xtask dist`: the server as one file, with our plugins and the widgets in it, in `target/stoa/dist`.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::Args;

use crate::demo::crates_of;
use crate::steps::Steps;
use crate::tools::{binaries, cargo, digest, products};
use crate::{wasm, widgets};

#[derive(Args)]
pub(crate) struct Options {
    /// cargo's profile: `production` builds longer than `release` and answers a little quicker
    #[arg(long, default_value = "production", value_parser = ["production", "release"])]
    profile: String,
}

/// Builds plugins and widgets, then the server around them; prints where it is.
#[expect(clippy::print_stdout, reason = "the path is this command's result")]
pub(crate) fn run(options: &Options, steps: &Steps) -> Result<()> {
    wasm::run(steps)?;
    widgets::run(steps)?;
    let parts: Vec<PathBuf> = ["assets", "plugins"].iter().map(|name| products().join(name)).collect();
    let mut build = cargo(&["build", "--quiet", "--locked", "-p", "stoa", "--profile", &options.profile]);
    build.env("STOA_BUNDLE", digest(&parts)?);
    steps.build("server", crates_of(&["-p", "stoa"])?, &mut build, "mend what the compiler names")?;
    let folder = products().join("dist");
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let name = format!("stoa{}", std::env::consts::EXE_SUFFIX);
    let from = binaries(&options.profile).join(&name);
    let to = folder.join(&name);
    std::fs::copy(&from, &to)
        .with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))?;
    println!("{}", to.display());
    Ok(())
}
