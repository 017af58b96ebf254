//! A compiler for wasm on any machine: already there, through rustup, or from Debian's packages.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::debian;
use crate::error::BuildError;

/// The target of everything that runs in a sandbox or in a browser.
pub const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// rustup tries for minutes where the network is closed; by then the next way is quicker.
const RUSTUP_PATIENCE: Duration = Duration::from_secs(60);

/// How to call cargo so that it builds for [`WASM_TARGET`].
///
/// The variables are for that one call only: set for a host build they would change its compiler.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WasmToolchain {
    /// Variables to set.
    pub env: Vec<(String, String)>,
    /// Arguments to add after `cargo build`.
    pub extra_args: Vec<String>,
    /// Which way it was found, in words for people.
    pub found_as: String,
}

impl WasmToolchain {
    /// Finds a compiler, trying in this order: the target is there; rustup adds it; Debian's `rustc-web`,
    /// installed if it is missing and may be installed.
    ///
    /// Costs two starts of rustc where the target is there; seconds to minutes where it has to be fetched.
    ///
    /// # Errors
    /// [`BuildError::NoToolchain`] with the answer of each way.
    pub fn find(say: &dyn Fn(&str)) -> Result<Self, BuildError> {
        let mut answers = Vec::new();
        for way in [Self::present, Self::by_rustup, Self::by_debian] {
            match way(say) {
                Ok(found) => return Ok(found),
                Err(answer) => answers.push(answer),
            }
        }
        let numbered = answers.iter().zip(1..).map(|(answer, number)| format!("  {number}. {answer}"));
        Err(BuildError::NoToolchain(numbered.collect::<Vec<_>>().join("\n")))
    }

    /// A `cargo build` for [`WASM_TARGET`] into its own target folder, deaf to flags meant for the host.
    #[must_use]
    pub fn cargo_build(&self, target_dir: &Path) -> Command {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        for name in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER"] {
            command.env_remove(name);
        }
        command.arg("build").args(["--target", WASM_TARGET]).arg("--target-dir").arg(target_dir);
        command.args(&self.extra_args).envs(self.env.iter().cloned()).stdin(Stdio::null());
        command
    }

    /// Way 1: the rustc on PATH has the target.
    fn present(_say: &dyn Fn(&str)) -> Result<Self, String> {
        let args = ["--print", "target-libdir", "--target", WASM_TARGET];
        let folder = first_line(Command::new(rustc_name()).args(args))?;
        if !Path::new(&folder).is_dir() {
            return Err(format!("rustc has no {WASM_TARGET} target"));
        }
        Ok(Self { env: Vec::new(), extra_args: Vec::new(), found_as: "rustc has the target".into() })
    }

    /// Way 2: rustup fetches the target.
    fn by_rustup(say: &dyn Fn(&str)) -> Result<Self, String> {
        say("asking rustup for the wasm target");
        let mut child = Command::new("rustup")
            .args(["target", "add", WASM_TARGET])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|e| format!("rustup: {e}"))?;
        let started = Instant::now();
        loop {
            match child.try_wait() {
                Ok(Some(status)) if status.success() => break,
                Ok(Some(_)) => return Err("rustup could not fetch the target".into()),
                Ok(None) if started.elapsed() < RUSTUP_PATIENCE => {
                    std::thread::sleep(Duration::from_millis(100));
                }
                _ => {
                    // The child may have ended in between; then there is nothing to stop.
                    drop(child.kill());
                    drop(child.wait());
                    return Err(format!("rustup did not answer within {} s", RUSTUP_PATIENCE.as_secs()));
                }
            }
        }
        let found = Self::present(say)?;
        Ok(Self { found_as: "rustup added the target".into(), ..found })
    }

    /// Way 3: Debian's rustc-web lives in /usr/bin beside rustup's own and builds std from source.
    fn by_debian(say: &dyn Fn(&str)) -> Result<Self, String> {
        if debian_compiler().is_none() {
            if !debian::can_install() {
                return Err("Debian's rustc-web is not installed, and may not be installed by us".into());
            }
            debian::install(&["rustc-web", "rust-web-src", "lld-22"], say).map_err(|e| e.to_string())?;
        }
        let (rustc, linker) = debian_compiler().ok_or("Debian's rustc-web is installed but incomplete")?;
        Ok(Self {
            env: vec![
                ("RUSTC".into(), rustc),
                // build-std is unstable; Debian's compiler takes it when told so.
                ("RUSTC_BOOTSTRAP".into(), "1".into()),
                ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER".into(), linker),
            ],
            extra_args: vec!["-Z".into(), "build-std=std,panic_abort".into()],
            found_as: "Debian's rustc-web".into(),
        })
    }
}

/// Debian's compiler with the sources of std beside it, and a linker for wasm.
fn debian_compiler() -> Option<(String, String)> {
    let rustc = "/usr/bin/rustc";
    let sysroot = first_line(Command::new(rustc).args(["--print", "sysroot"])).ok()?;
    let std_source = PathBuf::from(sysroot).join("lib/rustlib/src/rust/library/std/Cargo.toml");
    if !std_source.exists() {
        return None;
    }
    let names =
        std::fs::read_dir("/usr/bin").ok()?.flatten().map(|f| f.file_name().to_string_lossy().into_owned());
    Some((rustc.into(), newest_linker(names)?))
}

/// The wasm linker with the highest version among file names (`wasm-ld-22`), or the plain `wasm-ld`.
fn newest_linker(names: impl Iterator<Item = String>) -> Option<String> {
    let version = |name: &str| match name.strip_prefix("wasm-ld")? {
        "" => Some(0),
        rest => rest.strip_prefix('-')?.parse::<u32>().ok(),
    };
    names.filter_map(|name| Some((version(&name)?, name))).max().map(|(_, name)| name)
}

fn rustc_name() -> std::ffi::OsString {
    std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into())
}

fn first_line(command: &mut Command) -> Result<String, String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let out = command.stdin(Stdio::null()).output().map_err(|e| format!("{program}: {e}"))?;
    if !out.status.success() {
        return Err(format!("{program} answered: {}", String::from_utf8_lossy(&out.stderr).trim()));
    }
    Ok(String::from_utf8_lossy(&out.stdout).lines().next().unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use super::{WasmToolchain, newest_linker};

    #[test]
    fn the_newest_linker_is_taken_by_number_not_by_letter() {
        let check = |names: &[&str], expected: Option<&str>| {
            assert_eq!(
                newest_linker(names.iter().map(|n| (*n).to_owned())).as_deref(),
                expected,
                "{names:?}"
            );
        };
        check(&["wasm-ld-9", "wasm-ld-22", "ls", "wasm-ld-x"], Some("wasm-ld-22"));
        check(&["wasm-ld"], Some("wasm-ld"));
        check(&["ld", "lld-22"], None);
    }

    #[test]
    fn the_build_command_carries_the_toolchain_and_its_own_folder() {
        let toolchain = WasmToolchain {
            env: vec![("RUSTC".into(), "/usr/bin/rustc".into())],
            extra_args: vec!["-Z".into(), "build-std=std".into()],
            found_as: String::new(),
        };
        let command = toolchain.cargo_build("somewhere/wasm".as_ref());
        let args: Vec<_> = command.get_args().map(|a| a.to_string_lossy().into_owned()).collect();
        assert_eq!(
            args.join(" "),
            "build --target wasm32-unknown-unknown --target-dir somewhere/wasm -Z build-std=std"
        );
        assert!(command.get_envs().any(|(k, v)| k == "RUSTC" && v.is_some_and(|v| v == "/usr/bin/rustc")));
        assert!(
            command.get_envs().any(|(k, v)| k == "RUSTFLAGS" && v.is_none()),
            "host flags must not leak in"
        );
    }
}
