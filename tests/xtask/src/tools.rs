//! Where things are, and the programs that are not Rust: npm packages and a browser.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};

use crate::steps::{Steps, TaskError, capture};

/// The workspace's folder: where cargo runs this program from, and otherwise around the current folder. Never where it
/// was compiled: a checkout that was moved or copied with its `target` has to build itself.
pub(crate) fn root() -> PathBuf {
    let current = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
    root_of(std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from), &current)
}

fn root_of(manifest: Option<PathBuf>, current: &Path) -> PathBuf {
    let is_root = |folder: &&Path| folder.join("tests/xtask/Cargo.toml").is_file();
    let around = |folder: &Path| folder.ancestors().find(is_root).map(Path::to_path_buf);
    manifest
        .and_then(|folder| around(&folder))
        .or_else(|| around(current))
        .unwrap_or_else(|| current.to_path_buf())
}

/// Where this project's own products go: `target/stoa`.
pub(crate) fn products() -> PathBuf {
    root().join("target/stoa")
}

/// cargo's target folder for wasm: another compiler may fill it, so it is not the host's.
pub(crate) fn wasm_target() -> PathBuf {
    root().join("target/wasm")
}

/// Where cargo puts the host's binaries of a profile.
pub(crate) fn binaries(profile: &str) -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    target.join(profile)
}

/// A call of the cargo that called us, at the workspace's root.
pub(crate) fn cargo(args: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
    command.args(args).current_dir(root());
    command
}

/// Every file below a folder in the order of its path, without `node_modules` and `target`.
pub(crate) fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(&next).with_context(|| format!("cannot read {}", next.display()))? {
            let entry = entry?;
            let name = entry.file_name();
            if entry.file_type()?.is_dir() {
                if name != "node_modules" && name != "target" {
                    open.push(entry.path());
                }
            } else {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}

/// One digest over the names and contents of files and folders; what is not there counts as empty.
pub(crate) fn digest(paths: &[PathBuf]) -> Result<String> {
    let mut hasher = Sha256::new();
    for path in paths {
        let files = if path.is_dir() { files_below(path)? } else { vec![path.clone()] };
        for file in files.iter().filter(|file| file.is_file()) {
            let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
            hasher.update(file.to_string_lossy().as_bytes());
            hasher.update(bytes.len().to_le_bytes());
            hasher.update(bytes);
        }
    }
    Ok(hex::encode(hasher.finalize()))
}

/// Whether `stamp` says that the work was done for this digest before.
pub(crate) fn is_fresh(stamp: &Path, digest: &str) -> bool {
    std::fs::read_to_string(stamp).is_ok_and(|text| text == digest)
}

/// Writes a file and the folders above it.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    std::fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

/// Installs the npm packages that `folder/package.json` names, unless that was done for these versions.
pub(crate) fn npm_install(folder: &Path, steps: &Steps) -> Result<()> {
    let lock = folder.join("package-lock.json");
    let digest = digest(&[folder.join("package.json"), lock.clone()])?;
    let stamp = folder.join("node_modules/.stoa-installed");
    if is_fresh(&stamp, &digest) {
        return Ok(());
    }
    let no_npm = Command::new("npm").arg("--version").output().is_err();
    if no_npm && stoa_build::can_install() {
        stoa_build::install(&["nodejs", "npm"], &|line| steps.say(line))?;
    }
    let task = if lock.exists() { "ci" } else { "install" };
    let title = format!("npm {task} in {}", folder.file_name().unwrap_or_default().to_string_lossy());
    steps.step(&title, || {
        let hint = "install Node.js 20 or newer with npm, and see that npm can reach its registry";
        capture(Command::new("npm").args([task, "--no-audit", "--no-fund"]).current_dir(folder), hint)
    })?;
    write(&stamp, digest.as_bytes())
}

/// The path of a browser for tests; installs Debian's chromium where there is none and that is allowed.
pub(crate) fn browser(steps: &Steps) -> Result<PathBuf> {
    if let Some(found) = find_browser() {
        return Ok(found);
    }
    stoa_build::install(&["chromium"], &|line| steps.say(line))?;
    let hint = "install chromium or google-chrome, or name one in the variable CHROMIUM";
    find_browser().ok_or_else(|| TaskError::new("no browser for the tests", hint).into())
}

fn find_browser() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("CHROMIUM") {
        return Some(PathBuf::from(named));
    }
    let path = std::env::var_os("PATH")?;
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    std::env::split_paths(&path)
        .flat_map(|folder| names.iter().map(move |name| folder.join(name)))
        .find(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    use super::{digest, is_fresh, root_of, write};

    #[test]
    fn the_workspace_is_where_cargo_runs_it_or_around_the_current_folder() {
        let folder = tempfile::tempdir().unwrap();
        let [here, there] = ["here", "there"].map(|name| folder.path().join(name));
        for checkout in [&here, &there] {
            write(&checkout.join("tests/xtask/Cargo.toml"), b"").unwrap();
        }
        let moved = Some(there.join("tests/xtask"));
        assert_eq!(root_of(moved.clone(), &here), there);
        assert_eq!(root_of(None, &here.join("tests/xtask")), here);
        // Another program that cargo runs, in a workspace of its own, calls this one.
        assert_eq!(root_of(Some(folder.path().join("elsewhere")), &here), here);
    }

    #[test]
    fn a_digest_changes_with_contents_and_with_names_only() {
        let folder = tempfile::tempdir().unwrap();
        let one = folder.path().join("one/a.txt");
        write(&one, b"first").unwrap();
        let paths = [folder.path().join("one"), folder.path().join("absent")];
        let before = digest(&paths).unwrap();
        assert_eq!(digest(&paths).unwrap(), before);
        write(&one, b"second").unwrap();
        let after = digest(&paths).unwrap();
        assert_ne!(after, before);
        std::fs::rename(&one, folder.path().join("one/b.txt")).unwrap();
        assert_ne!(digest(&paths).unwrap(), after);
    }

    #[test]
    fn a_stamp_is_fresh_for_its_own_digest_alone() {
        let folder = tempfile::tempdir().unwrap();
        let stamp = folder.path().join("stamps/x");
        assert!(!is_fresh(&stamp, "abc"));
        write(&stamp, b"abc").unwrap();
        assert!(is_fresh(&stamp, "abc") && !is_fresh(&stamp, "abd"));
    }
}
