//! `cargo xtask widgets`: everything a browser loads, in `target/stoa/assets`, held against the size gates.
//!
//! The runtime is one file, glue and wasm together, so that a first visit asks once for it.

mod glue;
mod pack;
mod paste;
mod sizes;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::steps::{Steps, TaskError, capture};
use crate::tools::{digest, is_fresh, npm_install, products, root, write};
use sizes::{Gate, Row};

/// What the browser loads at most, in bytes after brotli at its highest level.
const GATES: [Gate; 4] = [
    Gate { file: "embed.js", limit_bytes: 2_048 },
    Gate { file: "parts.js", limit_bytes: 3_072 },
    Gate { file: "runtime.js", limit_bytes: 40_960 },
    Gate { file: "styles.css", limit_bytes: 6_144 },
];

const NPM_HINT: &str = "see that `npm install` works in widgets/, or mend the file named above";

/// Builds loader, runtime and styles where something has changed, prints their sizes, checks the gates.
pub(crate) fn run(steps: &Steps) -> Result<()> {
    let sources = digest(&inputs())?;
    let stamp = products().join("stamps/widgets");
    let assets = products().join("assets");
    if is_fresh(&stamp, &sources) && GATES.iter().all(|gate| assets.join(gate.file).exists()) {
        steps.say("  fresh   widgets");
    } else {
        let tools = find_tools(&root().join("widgets"), steps);
        steps.step("widget loader and styles", || {
            loader(&tools, &assets)?;
            styles(&tools, &assets)
        })?;
        let runtime = glue::build(&tools, steps)?;
        write(&assets.join("runtime.js"), runtime.single.as_bytes())?;
        for line in &runtime.measured {
            steps.say(&format!("            {line}"));
        }
        if tools.complete() {
            write(&stamp, sources.as_bytes())?;
        }
    }
    let rows = sizes::measure(&assets)?;
    sizes::print(&rows);
    gates(&rows, steps)
}

/// Programs from npm; the build goes on without them, and says what is lost.
pub(crate) struct Tools {
    /// Bundles and minifies.
    pub(crate) esbuild: Option<PathBuf>,
    /// Makes wasm smaller.
    pub(crate) wasm_opt: Option<PathBuf>,
}

impl Tools {
    fn complete(&self) -> bool {
        self.esbuild.is_some() && self.wasm_opt.is_some()
    }
}

fn find_tools(folder: &Path, steps: &Steps) -> Tools {
    if let Err(error) = npm_install(folder, steps) {
        steps.say(&format!("  warning: {error:#}"));
    }
    let program = |name: &str| Some(folder.join("node_modules/.bin").join(name)).filter(|path| path.exists());
    let tools = Tools { esbuild: program("esbuild"), wasm_opt: program("wasm-opt") };
    if tools.esbuild.is_none() {
        steps.say("  warning: no esbuild, so scripts and styles stay as they were written");
    }
    if tools.wasm_opt.is_none() {
        steps.say("  warning: no wasm-opt, so the runtime is larger than it need be");
    }
    tools
}

/// The gates count for minified files only: without the tools there is nothing to hold them against.
fn gates(rows: &[Row], steps: &Steps) -> Result<()> {
    let over = sizes::over(rows, &GATES);
    if over.is_empty() {
        return Ok(());
    }
    let program = root().join("widgets/node_modules/.bin");
    if !program.join("esbuild").exists() || !program.join("wasm-opt").exists() {
        steps.say(&format!(
            "  warning: above the gates, but built without the npm tools: {}",
            over.join("; ")
        ));
        return Ok(());
    }
    let hint = "take bytes out again; widgets/README.md tells what they are spent on";
    Err(TaskError::new(format!("too large: {}", over.join("; ")), hint).into())
}

/// Everything the browser's files are made of, and the code that makes them.
fn inputs() -> Vec<PathBuf> {
    let own = ["widgets/loader", "widgets/runtime", "widgets/styles", "widgets/package.json"];
    let shared = ["sdk/view", "tests/xtask/src/widgets", "Cargo.lock", "Cargo.toml"];
    own.iter().chain(&shared).map(|path| root().join(path)).collect()
}

/// Each script of the loader becomes one minified module of the same name.
fn loader(tools: &Tools, assets: &Path) -> Result<()> {
    let folder = root().join("widgets/loader");
    for name in ["embed.js", "parts.js", "swap.js", "frame.js"] {
        let source = folder.join(name);
        let out = match &tools.esbuild {
            Some(esbuild) => bundle(esbuild, &source, &[])?,
            None => paste::paste(&source, &[])?,
        };
        write(&assets.join(name), out.as_bytes())?;
    }
    Ok(())
}

/// Bundles one module and what it imports, minified; `names` tells where bare names are. Addresses
/// (`/assets/...`, `https:`) stay imports.
pub(crate) fn bundle(esbuild: &Path, entry: &Path, names: &[(String, PathBuf)]) -> Result<String> {
    let mut command = Command::new(esbuild);
    command.arg(entry).args(["--bundle", "--minify", "--format=esm", "--target=es2022", "--charset=utf8"]);
    command.args([
        "--legal-comments=none",
        "--log-level=warning",
        "--external:/assets/*",
        "--external:http*",
    ]);
    for (name, path) in names {
        command.arg(format!("--alias:{name}={}", path.display()));
    }
    Ok(capture(&mut command, NPM_HINT)?.trim_end().to_owned())
}

/// The style sheets in the order of `order.txt` as one.
fn styles(tools: &Tools, assets: &Path) -> Result<()> {
    let folder = root().join("widgets/styles");
    let order = read_text(&folder.join("order.txt"))?;
    let mut sheet = String::new();
    for name in sheet_names(&order) {
        sheet.push_str(&read_text(&folder.join(name))?);
        sheet.push('\n');
    }
    let joined = products().join("styles.joined.css");
    write(&joined, sheet.as_bytes())?;
    if let Some(esbuild) = &tools.esbuild {
        let mut command = Command::new(esbuild);
        command.arg(&joined).args([
            "--minify",
            "--charset=utf8",
            "--legal-comments=none",
            "--log-level=warning",
        ]);
        sheet = capture(&mut command, NPM_HINT)?.trim_end().to_owned();
    }
    write(&assets.join("styles.css"), sheet.as_bytes())
}

/// File names, one a line; blank lines and lines with `#` are for people.
fn sheet_names(order: &str) -> impl Iterator<Item = &str> {
    order.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

pub(crate) fn read_text(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::sheet_names;

    #[test]
    fn the_order_of_the_sheets_is_that_of_the_list() {
        let names: Vec<_> = sheet_names("# order matters\ntokens.css\n\n  base.css \n").collect();
        assert_eq!(names, ["tokens.css", "base.css"]);
    }
}
