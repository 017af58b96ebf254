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
