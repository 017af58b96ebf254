//! The cache of compiled plugins: ours alone, believed only with our key.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use stoa::base::keys::HostKey;
use stoa::runtime::{Compiler, LoadError, Runtime, RuntimeConfig, compile_file};

use crate::support::{component, limits};

fn start(folder: &Path, key: &HostKey, compiler: Compiler) -> Runtime {
    let data_dir = folder.to_owned();
    Runtime::start(RuntimeConfig {
        limits: limits(),
        data_dir,
        key: key.clone(),
        compiler,
        development: false,
    })
    .unwrap()
}

/// The one compiled file.
fn cached(folder: &Path) -> PathBuf {
    let files = std::fs::read_dir(folder.join("compiled")).unwrap().map(|file| file.unwrap().path());
    let mut files: Vec<_> =
        files.filter(|path| path.extension().is_some_and(|ending| ending == "cwasm")).collect();
    assert_eq!(files.len(), 1, "{files:?}");
    files.remove(0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_compiled_plugin_is_kept_and_found_again() {
    let folder = tempfile::tempdir().unwrap();
    let key = HostKey::ephemeral();
    start(folder.path(), &key, Compiler::InProcess).load_bytes(component()).await.unwrap();
    let mode = std::fs::metadata(folder.path().join("compiled")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
    // A compiler that cannot compile: it is not needed.
    let nobody = Compiler::Child("/nowhere/stoa".into());
    start(folder.path(), &key, nobody).load_bytes(component()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_or_foreign_file_is_never_run_but_compiled_again() {
    let folder = tempfile::tempdir().unwrap();
    let key = HostKey::ephemeral();
    start(folder.path(), &key, Compiler::InProcess).load_bytes(component()).await.unwrap();
    let path = cached(folder.path());
    let good = std::fs::read(&path).unwrap();
    let nobody = || Compiler::Child("/nowhere/stoa".into());
    for at in [0, 31, 32, good.len() / 2, good.len() - 1] {
        let mut changed = good.clone();
        changed[at] ^= 1;
        std::fs::write(&path, &changed).unwrap();
        // Who has nobody to compile fails instead of believing it.
        let error = start(folder.path(), &key, nobody()).load_bytes(component()).await.unwrap_err();
        assert!(matches!(error, LoadError::Compile(_)), "byte {at}: {error}");
    }
    for short in [&good[..0], &good[..16], &good[..good.len() - 1]] {
        std::fs::write(&path, short).unwrap();
        assert!(start(folder.path(), &key, nobody()).load_bytes(component()).await.is_err());
    }
    start(folder.path(), &key, Compiler::InProcess).load_bytes(component()).await.unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), good, "compiled again, the same");
    let other = HostKey::ephemeral();
    assert!(
        start(folder.path(), &other, nobody()).load_bytes(component()).await.is_err(),
        "another host's key"
    );
}

/// A program that is called as `stoa compile-plugin IN OUT` would be.
fn program(folder: &Path, script: &str) -> Compiler {
    let path = folder.join("compiler.sh");
    std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    Compiler::Child(path)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_child_compiles_what_this_process_runs() {
    let folder = tempfile::tempdir().unwrap();
    let (input, native) = (folder.path().join("in.wasm"), folder.path().join("native"));
    std::fs::write(&input, component()).unwrap();
    // What the child's subcommand does, with an engine without a pool; the shell hands it over.
    compile_file(&input, &native).unwrap();
    let script = format!(
        "[ \"$1\" = compile-plugin ] && [ -z \"$HOME\" ] && /bin/cmp -s \"$2\" {} && exec /bin/cp {} \"$3\"",
        input.display(),
        native.display()
    );
    let compiler = program(folder.path(), &script);
    let plugin = start(folder.path(), &HostKey::ephemeral(), compiler).load_bytes(component()).await.unwrap();
    assert_eq!(plugin.name(), "hostile");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_child_that_fails_tells_why() {
    let folder = tempfile::tempdir().unwrap();
    for (script, expected) in [
        ("echo 'no such instruction' >&2; exit 3", "no such instruction"),
        ("exit 0", "No such file"),
        ("kill -SEGV $$", "signal"),
    ] {
        let compiler = program(folder.path(), script);
        let runtime = start(folder.path(), &HostKey::ephemeral(), compiler);
        let error = runtime.load_bytes(component()).await.unwrap_err().to_string();
        assert!(error.contains(expected), "{script}: {error}");
    }
}

#[test]
fn the_subcommand_refuses_what_is_no_component() {
    let folder = tempfile::tempdir().unwrap();
    let (input, output) = (folder.path().join("in"), folder.path().join("out"));
    std::fs::write(&input, "not wasm").unwrap();
    assert!(matches!(compile_file(&input, &output), Err(LoadError::NotAComponent(_))));
    assert!(!output.exists());
}
