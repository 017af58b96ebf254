//! The plugins and widgets that are part of this program, so that one file is all that a server needs.
//!
//! They are put into the data folder, where compilers and browsers are served from, once for each version of them.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use rust_embed::Embed;
use sha2::{Digest as _, Sha256};

/// `cargo xtask dist` sets it to a digest of the files: cargo then builds again when one of them has come or gone.
const _: Option<&str> = option_env!("STOA_BUNDLE");

/// A build without optimisation reads the folders when it runs; one for use carries what was there when it was built.
#[derive(Embed)]
#[folder = "../target/stoa/assets"]
#[allow_missing = true]
struct Widgets;

#[derive(Embed)]
#[folder = "../target/stoa/plugins"]
#[allow_missing = true]
struct Plugins;

/// Why what is part of this program cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// It was built without.
    #[error(
        "this program was built without {0}\nhint: set `assets_dir` and `plugins_dir`, or build it with `cargo xtask dist`"
    )]
    Empty(&'static str),
    /// The data folder cannot be written.
    #[error(
        "cannot put plugins and widgets into {path}: {source}\nhint: `data_dir` has to be writable for the user that runs stoa"
    )]
    Write {
        /// Where.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
}

/// The widgets of this program as a folder.
///
/// # Errors
/// [`BundleError`] says what to do.
pub(super) fn widgets(data_dir: &Path) -> Result<PathBuf, BundleError> {
    unpack(data_dir, "widgets", &files::<Widgets>())
}

/// The plugins of this program as a folder.
///
/// # Errors
/// [`BundleError`] says what to do.
pub fn plugins(data_dir: &Path) -> Result<PathBuf, BundleError> {
    unpack(data_dir, "plugins", &files::<Plugins>())
}

/// A file's name and its bytes.
type File = (String, Cow<'static, [u8]>);

fn files<Files: Embed>() -> Vec<File> {
    let file = |name: Cow<'static, str>| Some((name.to_string(), Files::get(&name)?.data));
    Files::iter().filter_map(file).collect()
}

/// Put all files into a folder that is named by what is in them. It appears whole or not at all, and those of other
/// versions stay for hosts that still run.
fn unpack(data_dir: &Path, name: &'static str, files: &[File]) -> Result<PathBuf, BundleError> {
    if files.is_empty() {
        return Err(BundleError::Empty(name));
    }
    let mut hash = Sha256::new();
    for (name, bytes) in files {
        hash.update(name.as_bytes());
        hash.update(Sha256::digest(bytes));
    }
    let bundles = data_dir.join("bundle");
    let folder = bundles.join(format!("{name}-{}", hex::encode(&hash.finalize()[..8])));
    if folder.is_dir() {
        return Ok(folder);
    }
    let put = || {
        std::fs::create_dir_all(&bundles)?;
        let draft = tempfile::tempdir_in(&bundles)?;
        for (name, bytes) in files {
            std::fs::write(draft.path().join(name), bytes)?;
        }
        match std::fs::rename(draft.path(), &folder) {
            // Another process was faster, with the same files.
            Err(_) if folder.is_dir() => Ok(()),
            other => other,
        }
    };
    put().map_err(|source| BundleError::Write { path: bundles.clone(), source })?;
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, bytes: &'static [u8]) -> File {
        (name.to_owned(), Cow::Borrowed(bytes))
    }

    #[test]
    fn files_appear_whole_once_for_each_version() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let first = unpack(&data, "widgets", &[file("a.js", b"1"), file("b.css", b"2")]).unwrap();
        assert_eq!(std::fs::read(first.join("b.css")).unwrap(), b"2");
        assert_eq!(unpack(&data, "widgets", &[file("a.js", b"1"), file("b.css", b"2")]).unwrap(), first);
        let second = unpack(&data, "widgets", &[file("a.js", b"1"), file("b.css", b"3")]).unwrap();
        assert_eq!(std::fs::read(second.join("b.css")).unwrap(), b"3");
        assert_eq!(std::fs::read(first.join("b.css")).unwrap(), b"2", "a host may still run with it");
        let kept = std::fs::read_dir(data.join("bundle")).unwrap().count();
        assert_eq!(kept, 2, "no drafts are left");
    }

    #[test]
    fn a_program_without_files_and_a_folder_that_cannot_be_written_say_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let said = |error: BundleError| error.to_string();
        assert!(said(unpack(folder.path(), "plugins", &[]).unwrap_err()).contains("cargo xtask dist"));
        let taken = folder.path().join("file");
        std::fs::write(&taken, "").unwrap();
        let error = said(unpack(&taken, "plugins", &[file("a", b"1")]).unwrap_err());
        assert!(error.contains("`data_dir` has to be writable"), "{error}");
    }
}
