//! `cargo xtask wasm`: every plugin in `plugins/` as a component in `target/stoa/plugins`, and those that only tests use
//! in `target/stoa/samples`.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use stoa_build::WasmToolchain;

use crate::steps::Steps;
use crate::tools::{digest, is_fresh, products, root, wasm_target, write};

/// Builds what has changed since the last time and prints a report for it.
pub(crate) fn run(steps: &Steps) -> Result<()> {
    build(plugin_folders(&root().join("plugins"))?, "plugins", steps)
}

/// Builds the plugins of the tests and the examples of the SDK, where no host looks for plugins.
pub(crate) fn run_samples(steps: &Steps) -> Result<()> {
    let mut folders = plugin_folders(&root().join("tests/plugins"))?;
    folders.extend(plugin_folders(&root().join("sdk/examples"))?);
    build(folders, "samples", steps)
}

/// Builds plugins that stand anywhere, in workspaces of their own, always.
pub(crate) fn run_elsewhere(folders: &[PathBuf], steps: &Steps) -> Result<()> {
    let toolchain = find_toolchain(steps)?;
    for folder in folders {
        let folder = folder.canonicalize().with_context(|| format!("cannot read {}", folder.display()))?;
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let title = format!("plugin {name} ({})", toolchain.found_as);
        let built = steps.step(&title, || Ok(stoa_build::build(&folder, &wasm_target(), &toolchain)?))?;
        let product = products().join(format!("made/{name}.wasm"));
        write(&product, &built.component)?;
        steps.say(&format!("            {}", product.display()));
        built.report.to_string().lines().for_each(|line| steps.say(&format!("            {line}")));
    }
    Ok(())
}

fn build(folders: Vec<PathBuf>, to: &str, steps: &Steps) -> Result<()> {
    let mut toolchain = None;
    for folder in folders {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let digest = digest(&inputs(&folder)).with_context(|| format!("plugin {name}"))?;
        let product = products().join(format!("{to}/{name}.wasm"));
        let stamp = products().join(format!("stamps/{name}.plugin"));
        if product.exists() && is_fresh(&stamp, &digest) {
            steps.say(&format!("  fresh   plugin {name}"));
            continue;
        }
        let toolchain = match &toolchain {
            Some(found) => found,
            None => toolchain.insert(find_toolchain(steps)?),
        };
        let built = steps.step(&format!("plugin {name} ({})", toolchain.found_as), || {
            Ok(stoa_build::build(&folder, &wasm_target(), toolchain)?)
        })?;
        write(&product, &built.component)?;
        write(&stamp, digest.as_bytes())?;
        for line in built.report.to_string().lines() {
            steps.say(&format!("            {line}"));
        }
    }
    Ok(())
}

/// Finds a compiler for wasm and tells what had to be done for it.
pub(crate) fn find_toolchain(steps: &Steps) -> Result<WasmToolchain> {
    Ok(WasmToolchain::find(&|line| steps.say(&format!("  ...     {line}")))?)
}

/// The folders below `plugins` that hold a `plugin.toml`, in the order of their names.
fn plugin_folders(plugins: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(plugins).with_context(|| format!("cannot read {}", plugins.display()))?;
    let mut folders: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    folders.retain(|folder| folder.join("plugin.toml").exists());
    folders.sort();
    Ok(folders)
}

/// Everything a plugin is made of: itself, the SDK, the border, the versions, the compiler.
fn inputs(folder: &Path) -> Vec<PathBuf> {
    let root = root();
    let shared = ["sdk/plugin", "sdk/rules", "sdk/view", "wit", "Cargo.lock", "Cargo.toml"];
    std::iter::once(folder.to_path_buf()).chain(shared.iter().map(|path| root.join(path))).collect()
}

#[cfg(test)]
mod tests {
    use super::plugin_folders;
    use crate::tools::write;

    #[test]
    fn only_folders_with_a_manifest_are_plugins() {
        let folder = tempfile::tempdir().unwrap();
        for path in ["b/plugin.toml", "a/plugin.toml", "notes/README.md"] {
            write(&folder.path().join(path), b"").unwrap();
        }
        let names: Vec<_> = plugin_folders(folder.path())
            .unwrap()
            .iter()
            .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
            .collect();
        assert_eq!(names, ["a", "b"]);
    }
}
