//! The build itself: cargo, then component, manifest, locales, and the check of what it imports.

use std::path::{Path, PathBuf};

use stoa_rules::Manifest;

use crate::component::{Locale, embed, wrap};
use crate::error::BuildError;
use crate::report::{Report, check, inspect};
use crate::toolchain::{WASM_TARGET, WasmToolchain};

/// The profile's name; this workspace defines it, an author's own workspace need not.
const PROFILE: &str = "guest";

/// The profile for workspaces without one: small, for a plugin is instantiated for each call.
const PROFILE_SETTINGS: [&str; 6] = [
    "inherits=\"release\"",
    "opt-level=\"s\"",
    "lto=\"fat\"",
    "codegen-units=1",
    "panic=\"abort\"",
    "strip=\"debuginfo\"",
];

/// Memory that a plugin with the feature `quick` has from the start, in bytes beside its own: enough for a page of a
/// hundred entries. Growing it is a system call for the host in each call, and another one to take it back. The usual
/// allocator would not use it, and it would count against the plugin's limit.
const HEAP: u32 = 2 << 20;

/// A plugin ready to install.
#[derive(Debug, Clone)]
pub struct Built {
    /// The component with manifest and locales in it.
    pub component: Vec<u8>,
    /// The manifest, parsed.
    pub manifest: Manifest,
    /// Sizes, digest, imports and exports.
    pub report: Report,
}

/// Builds the plugin in `folder` (it holds `Cargo.toml`, `plugin.toml` and maybe `locales/*.ftl`).
///
/// `target_dir` is cargo's target folder for wasm. Give it one of its own: another compiler in the host's
/// folder would make each undo the other's work.
///
/// # Errors
/// Every variant of [`BuildError`] but the toolchain's; the compiler's own words are in
/// [`BuildError::Compile`].
pub fn build(folder: &Path, target_dir: &Path, toolchain: &WasmToolchain) -> Result<Built, BuildError> {
    let manifest_text = read(&folder.join("plugin.toml"))?;
    let manifest = Manifest::parse(&String::from_utf8_lossy(&manifest_text))?;
    let locales = read_locales(&folder.join("locales"))?;
    let module = compile(folder, target_dir, toolchain)?;
    let component = embed(wrap(&module)?, &manifest_text, &locales);
    let mut report = inspect(&component, module.len())?;
    report.unused_capabilities = check(&manifest, &report.imports, &report.exports)?;
    Ok(Built { component, manifest, report })
}

/// Runs cargo and gives back the bytes of the module.
fn compile(folder: &Path, target_dir: &Path, toolchain: &WasmToolchain) -> Result<Vec<u8>, BuildError> {
    let cargo_toml = folder.join("Cargo.toml");
    let name = package_name(&cargo_toml)?;
    let mut command = toolchain.cargo_build(target_dir);
    command.args(["--quiet", "--lib", "--profile", PROFILE, "--manifest-path"]).arg(&cargo_toml);
    command.args(["--package", &name]);
    if is_quick(&cargo_toml) {
        let heap = format!("target.{WASM_TARGET}.rustflags=[\"-Clink-arg=--initial-heap={HEAP}\"]");
        command.arg("--config").arg(heap);
    }
    if !workspace_has_profile(&cargo_toml) {
        for setting in PROFILE_SETTINGS {
            command.arg("--config").arg(format!("profile.{PROFILE}.{setting}"));
        }
    }
    let out = run(&mut command)?;
    if !out.status.success() {
        let output = String::from_utf8_lossy(&out.stderr).into_owned();
        return Err(BuildError::Compile { name, output });
    }
    let file = format!("{}.wasm", name.replace('-', "_"));
    read(&target_dir.join(WASM_TARGET).join(PROFILE).join(file))
}

fn package_name(cargo_toml: &Path) -> Result<String, BuildError> {
    let text = String::from_utf8_lossy(&read(cargo_toml)?).into_owned();
    let table: toml::Table = text.parse().map_err(|_| BuildError::NotACrate(cargo_toml.into()))?;
    let name = table.get("package").and_then(|package| package.get("name")).and_then(toml::Value::as_str);
    name.map(str::to_owned).ok_or_else(|| BuildError::NotACrate(cargo_toml.into()))
}

/// Whether the crate asks for the SDK's allocator. If in doubt it does not, and then memory only grows later.
fn is_quick(cargo_toml: &Path) -> bool {
    let quick = || -> Option<bool> {
        let table: toml::Table = std::fs::read_to_string(cargo_toml).ok()?.parse().ok()?;
        let features = table.get("dependencies")?.get("stoa-plugin")?.get("features")?.as_array()?;
        Some(features.iter().any(|feature| feature.as_str() == Some("quick")))
    };
    quick().unwrap_or(false)
}

/// Whether the workspace above the crate has a profile of our name. If in doubt it has not, and then
/// ours is given on the command line.
fn workspace_has_profile(cargo_toml: &Path) -> bool {
    let mut command = std::process::Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["locate-project", "--workspace", "--message-format", "plain", "--manifest-path"]);
    let Ok(out) = run(command.arg(cargo_toml)) else { return false };
    let root = PathBuf::from(String::from_utf8_lossy(&out.stdout).trim());
    let Some(table) = std::fs::read_to_string(root).ok().and_then(|text| text.parse::<toml::Table>().ok())
    else {
        return false;
    };
    table.get("profile").and_then(|profiles| profiles.get(PROFILE)).is_some()
}

/// The `.ftl` files of a folder by language, in the order of their names; none where there is no folder.
fn read_locales(folder: &Path) -> Result<Vec<Locale>, BuildError> {
    let Ok(files) = std::fs::read_dir(folder) else { return Ok(Vec::new()) };
    let mut paths: Vec<PathBuf> = files.flatten().map(|file| file.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "ftl"));
    paths.sort();
    paths
        .iter()
        .map(|path| {
            let language = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            Ok(Locale { language, text: read(path)? })
        })
        .collect()
}

fn read(path: &Path) -> Result<Vec<u8>, BuildError> {
    std::fs::read(path).map_err(|source| BuildError::Read { path: path.into(), source })
}

fn run(command: &mut std::process::Command) -> Result<std::process::Output, BuildError> {
    let program = command.get_program().to_string_lossy().into_owned();
    command.output().map_err(|source| BuildError::CannotRun { program, source })
}

#[cfg(test)]
mod tests {
    use super::{is_quick, package_name, read_locales, workspace_has_profile};

    #[test]
    fn the_name_of_a_crate_is_read_and_a_workspace_is_no_crate() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("Cargo.toml");
        std::fs::write(&path, "[package]\nname = \"my-plugin\"\n").unwrap();
        assert_eq!(package_name(&path).unwrap(), "my-plugin");
        std::fs::write(&path, "[workspace]\n").unwrap();
        assert!(package_name(&path).unwrap_err().hint().contains("not of a workspace"));
    }

    #[test]
    fn only_a_crate_that_asks_for_the_allocator_gets_its_memory() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("Cargo.toml");
        let cases = [
            ("stoa-plugin = { workspace = true, features = [\"quick\"] }", true),
            ("stoa-plugin = { workspace = true }", false),
            ("stoa-plugin = \"0.1\"", false),
        ];
        for (dependency, expected) in cases {
            std::fs::write(&path, format!("[dependencies]\n{dependency}\n")).unwrap();
            assert_eq!(is_quick(&path), expected, "{dependency}");
        }
        assert!(!is_quick(&folder.path().join("nothing.toml")));
    }

    #[test]
    fn a_workspace_without_the_profile_is_given_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("Cargo.toml");
        let package = "[package]\nname = \"a\"\nversion = \"0.1.0\"\n[lib]\npath = \"a.rs\"\n[workspace]\n";
        std::fs::write(folder.path().join("a.rs"), "").unwrap();
        std::fs::write(&path, package).unwrap();
        assert!(!workspace_has_profile(&path));
        std::fs::write(&path, format!("{package}[profile.guest]\ninherits = \"release\"\n")).unwrap();
        assert!(workspace_has_profile(&path));
    }

    #[test]
    fn locales_come_in_order_and_other_files_are_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [("en.ftl", "a = A"), ("de.ftl", "a = B"), ("notes.txt", "no")] {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        let languages: Vec<String> =
            read_locales(folder.path()).unwrap().into_iter().map(|locale| locale.language).collect();
        assert_eq!(languages, ["de", "en"]);
        assert!(read_locales(&folder.path().join("absent")).unwrap().is_empty());
    }
}
