//! From a component to native code: compiled in a child process, kept under a key of this host, believed only with it.
//!
//! The compiler reads bytes of strangers, and wasmtime does not count what they cost it as a fault; so it runs apart,
//! one at a time, with limits. The native code is run as it is, so that a file in the cache is believed only when its
//! MAC fits; whatever does not fit is compiled again.

use std::hash::{Hash as _, Hasher};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use wasmtime::Engine;
use wasmtime::component::Component;

use super::super::errors::LoadError;
use crate::base::keys::{HostKey, random_bytes};

/// The most bytes of a component. Rust guests have some 50 KiB, JavaScript ones 12 MB, Python ones 18 MB.
pub(crate) const COMPONENT_BYTES_MAX: u64 = 25 << 20;

/// How long a compilation may take; a JavaScript guest takes 9 to 18 seconds.
const COMPILE_WALL: Duration = Duration::from_secs(60);

/// Address space of the child in KiB: the compiler needs some 400 MB for the largest guests.
const CHILD_ADDRESS_KIB: u64 = 4 << 20;

/// What a MAC of this kind is for, so that one of another kind never fits.
const PURPOSE: &[u8] = b"stoa compiled plugin 1";

/// Bytes of the MAC at the start of a file.
const TAG_BYTES: usize = 32;

/// Where a component is compiled.
#[derive(Clone, Debug)]
pub enum Compiler {
    /// By a child: this program, called as `program compile-plugin IN OUT` (see [`compile_file`]).
    Child(PathBuf),
    /// In this process: for tests and tools.
    InProcess,
}

/// The cache of compiled components.
pub(crate) struct Compiled {
    engine: Engine,
    compiler: Compiler,
    folder: PathBuf,
    key: HostKey,
    /// One compilation at a time.
    turn: tokio::sync::Mutex<()>,
}

impl Compiled {
    /// Make the cache in `data_dir/compiled`, for this user alone.
    pub(crate) fn open(
        engine: Engine,
        compiler: Compiler,
        data_dir: &Path,
        key: HostKey,
    ) -> Result<Self, LoadError> {
        let folder = data_dir.join("compiled");
        make_private(&folder).map_err(|source| LoadError::Read { path: folder.clone(), source })?;
        Ok(Self { engine, compiler, folder, key, turn: tokio::sync::Mutex::new(()) })
    }

    /// The compiled form of a component: from the cache where it is there and ours, compiled otherwise.
    ///
    /// # Errors
    /// [`LoadError::Compile`], or [`LoadError::Read`] when the cache cannot be written.
    pub(crate) async fn load(&self, wasm: &[u8], digest: &str) -> Result<Component, LoadError> {
        let name = format!("{digest}-{}.cwasm", self.fingerprint());
        let path = self.folder.join(&name);
        if let Some(component) = self.find(&path, &name).await {
            return Ok(component);
        }
        let turn = self.turn.lock().await;
        // Somebody may have compiled the same meanwhile.
        if let Some(component) = self.find(&path, &name).await {
            return Ok(component);
        }
        let native = match &self.compiler {
            Compiler::Child(program) => self.compile_apart(program, wasm).await?,
            Compiler::InProcess => {
                let (engine, wasm) = (self.engine.clone(), wasm.to_vec());
                let compiled = tokio::task::spawn_blocking(move || compile(&engine, &wasm)).await;
                compiled.map_err(|error| LoadError::Compile(error.to_string()))??
            }
        };
        let mut file = self.mac(&name, &native).finalize().into_bytes().to_vec();
        file.extend_from_slice(&native);
        let component = self.believe(&native).map_err(LoadError::Compile)?;
        // Another host may share the folder: each writes a file of its own and moves it into place.
        let temporary = self.folder.join(unique("new"));
        let write = async {
            tokio::fs::write(&temporary, &file).await?;
            tokio::fs::rename(&temporary, &path).await
        };
        write.await.map_err(|source| LoadError::Read { path: path.clone(), source })?;
        drop(turn);
        Ok(component)
    }

    /// What this engine's native code depends on: wasmtime's version, the target and its settings.
    fn fingerprint(&self) -> String {
        let mut digest = Sink(Sha256::new());
        self.engine.precompile_compatibility_hash().hash(&mut digest);
        hex::encode(&digest.0.finalize()[..8])
    }

    async fn find(&self, path: &Path, name: &str) -> Option<Component> {
        let file = tokio::fs::read(path).await.ok()?;
        let (tag, native) = file.split_at_checked(TAG_BYTES)?;
        if self.mac(name, native).verify_slice(tag).is_err() {
            tracing::warn!(name, "a compiled plugin in the cache is not ours; compiling it again");
            return None;
        }
        self.believe(native)
            .inspect_err(|error| {
                tracing::warn!(name, error, "a compiled plugin does not load; compiling it again")
            })
            .ok()
    }

    fn mac(&self, name: &str, native: &[u8]) -> Hmac<Sha256> {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(self.key.bytes()).expect("HMAC takes keys of any length");
        for part in [PURPOSE, name.as_bytes()] {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.update(native);
        mac
    }

    /// Turn native code into a component. Only for bytes that [`compile`] made: from our own child just now, or from
    /// the cache with a MAC that fits.
    fn believe(&self, native: &[u8]) -> Result<Component, String> {
        #[expect(
            unsafe_code,
            reason = "the bytes were made by wasmtime in this host: compiled now, or under our MAC"
        )]
        let component = unsafe { Component::deserialize(&self.engine, native) };
        component.map_err(|error| format!("{error:#}"))
    }

    /// Compile in a child process: without our environment, nice to others, with bounds for memory and time.
    async fn compile_apart(&self, program: &Path, wasm: &[u8]) -> Result<Vec<u8>, LoadError> {
        let (input, output) = (self.folder.join(unique("in")), self.folder.join(unique("out")));
        let native = run_child(program, wasm, &input, &output).await;
        for path in [input, output] {
            // Not there when the child failed; what stays costs room alone.
            drop(tokio::fs::remove_file(path).await);
        }
        native
    }
}

/// A file name that nobody else has.
fn unique(ending: &str) -> String {
    format!("{}.{ending}", hex::encode(random_bytes::<8>()))
}

async fn run_child(program: &Path, wasm: &[u8], input: &Path, output: &Path) -> Result<Vec<u8>, LoadError> {
    let failed = |error: std::io::Error| LoadError::Compile(error.to_string());
    tokio::fs::write(input, wasm).await.map_err(failed)?;
    let mut command = bounded(program);
    command.arg("compile-plugin").arg(input).arg(output).env_clear();
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true);
    let child = command.spawn().map_err(failed)?;
    let Ok(ended) = tokio::time::timeout(COMPILE_WALL, child.wait_with_output()).await else {
        return Err(LoadError::Compile(format!("it took longer than {} s", COMPILE_WALL.as_secs())));
    };
    let ended = ended.map_err(failed)?;
    if !ended.status.success() {
        let words: String = String::from_utf8_lossy(&ended.stderr).chars().take(2_000).collect();
        return Err(LoadError::Compile(format!("{} ({})", words.trim(), ended.status)));
    }
    tokio::fs::read(output).await.map_err(failed)
}

/// The shell's `ulimit` and `nice` bound the child without a call that needs `unsafe`: the program and its arguments
/// are handed over as arguments, never as text of the script.
#[cfg(unix)]
fn bounded(program: &Path) -> tokio::process::Command {
    let mut command = tokio::process::Command::new("/bin/sh");
    let script = format!("ulimit -c 0; ulimit -v {CHILD_ADDRESS_KIB}; exec nice -n 10 \"$0\" \"$@\"");
    command.arg("-c").arg(script).arg(program);
    command
}

#[cfg(not(unix))]
fn bounded(program: &Path) -> tokio::process::Command {
    tokio::process::Command::new(program)
}

/// What the hidden subcommand `compile-plugin IN OUT` does: read a component, write its native code.
///
/// # Errors
/// [`LoadError`]: a file cannot be read or written, is too large, or is not a component.
pub fn compile_file(input: &Path, output: &Path) -> Result<(), LoadError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| LoadError::Read { path, source }
    };
    let wasm = std::fs::read(input).map_err(failed(input))?;
    check_size(wasm.len() as u64)?;
    let native = compile(&super::compiling()?, &wasm)?;
    std::fs::write(output, native).map_err(failed(output))
}

/// Whether a component is small enough.
pub(crate) fn check_size(bytes: u64) -> Result<(), LoadError> {
    if bytes > COMPONENT_BYTES_MAX {
        return Err(LoadError::TooLarge { bytes, limit: COMPONENT_BYTES_MAX });
    }
    Ok(())
}

/// Validate and compile.
fn compile(engine: &Engine, wasm: &[u8]) -> Result<Vec<u8>, LoadError> {
    engine.precompile_component(wasm).map_err(|error| LoadError::NotAComponent(format!("{error:#}")))
}

/// A folder that only this user can enter.
fn make_private(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

/// Feeds what is hashed into SHA-256: the standard hasher may change with the compiler.
struct Sink(Sha256);

impl Hasher for Sink {
    fn finish(&self) -> u64 {
        0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }
}
