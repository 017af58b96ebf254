//! The plugin that does everything a plugin must not do, as a component.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// The hostile component: from `STOA_PLUGINS_DIR` where that is set, built once for this run otherwise.
///
/// # Panics
/// When it cannot be built.
#[must_use]
pub fn hostile() -> &'static [u8] {
    static COMPONENT: OnceLock<Vec<u8>> = OnceLock::new();
    COMPONENT.get_or_init(|| {
        if let Some(folder) = std::env::var_os("STOA_PLUGINS_DIR")
            && let Ok(bytes) = std::fs::read(Path::new(&folder).join("hostile.wasm"))
        {
            return bytes;
        }
        let toolchain = stoa_build::WasmToolchain::find(&|_| {}).unwrap_or_else(|error| panic!("{error}"));
        let folder = root().join("tests/plugins/hostile");
        let built = stoa_build::build(&folder, &root().join("target/wasm"), &toolchain);
        built.unwrap_or_else(|error| panic!("{error}")).component
    })
}

/// The project's folder: where cargo runs the tests, not where they were compiled, for a checkout may be moved with
/// its `target`.
///
/// # Panics
/// When it is not cargo that runs the tests.
#[must_use]
pub fn root() -> PathBuf {
    let here = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo runs the tests"));
    here.parent().unwrap_or(&here).to_path_buf()
}

/// A plugin that only tests use, or an example of the SDK, as `cargo xtask wasm` has built it.
///
/// # Panics
/// When it is not built.
#[must_use]
pub fn sample(name: &str) -> Vec<u8> {
    let path = crate::built().join(format!("samples/{name}.wasm"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A component with some text of its manifest replaced.
///
/// # Panics
/// When it has no manifest, or the text is not in it.
#[must_use]
pub fn with_manifest(component: &[u8], from: &str, to: &str) -> Vec<u8> {
    let name = b"stoa:manifest";
    let at = component.windows(name.len()).position(|bytes| bytes == name).expect("it has a manifest");
    // A custom section: its kind 0, its size in up to five bytes, the length of its name, the name, the contents.
    let contents = at - 1;
    let start = (1..=5).map(|size| contents - size - 1).find(|at| component[*at] == 0).expect("a section");
    let (size, _) = component[start + 1..contents]
        .iter()
        .fold((0_usize, 0), |(size, shift), byte| (size | (usize::from(byte & 0x7f) << shift), shift + 7));
    let manifest = std::str::from_utf8(&component[at + name.len()..contents + size]).expect("UTF-8");
    assert!(manifest.contains(from), "{from} is not in the manifest");
    let changed = manifest.replace(from, to);
    let mut without = component[..start].to_vec();
    without.extend_from_slice(&component[contents + size..]);
    stoa_build::embed(without, changed.as_bytes(), &[])
}
