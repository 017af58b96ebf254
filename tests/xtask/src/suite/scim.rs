//! `cargo xtask test scim`: the client suite `scim2-tester` against a server with a directory.
//!
//! Apart from `cargo xtask test`, because it installs the suite with pip.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result};

use crate::steps::{Steps, TaskError, capture, show};
use crate::tools::{binaries, cargo, products, write};
use crate::widgets;

/// The suite and the client that runs it, in the versions that the tests were made for.
const PACKAGES: [&str; 2] = ["scim2-tester==0.5.2", "scim2-cli==0.6.0"];
const SECRET: &str = "scim-suite-0123456789abcdef0123456789abcdef";
/// How often the server is asked whether it is there, a tenth of a second apart.
const TRIES: u32 = 300;

/// Ended when dropped.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Builds and starts a server, and lets the suite loose on it.
pub(crate) fn run(steps: &Steps) -> Result<()> {
    widgets::run(steps)?;
    show(&mut cargo(&["build", "--quiet", "-p", "stoa"]), "mend what the compiler names")?;
    let folder = products().join("scim");
    let python = folder.join("venv/bin/python");
    if !folder.join("venv/bin/scim2").exists() {
        steps.step("the client suite", || {
            let venv = folder.join("venv");
            capture(Command::new("python3").arg("-m").arg("venv").arg(venv), "install python3-venv")?;
            let mut pip = Command::new(&python);
            capture(pip.args(["-m", "pip", "install", "-q"]).args(PACKAGES), "PyPI has to be reachable")
                .map(drop)
        })?;
    }
    let free = TcpListener::bind("127.0.0.1:0").context("no port is free")?;
    let address = free.local_addr()?;
    drop(free);
    let _server = start(&folder, address)?;
    let url = format!("http://{address}/scim/v2/sites/demo");
    let mut suite = Command::new(folder.join("venv/bin/scim2"));
    let header = format!("Authorization: Bearer {SECRET}");
    let output =
        suite.args(["--url", &url, "--header", &header, "test"]).output().context("cannot run scim2")?;
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    report(&told)
}

/// Data to stdout: every check of the suite, and how many there were of each outcome. What the server says that it does
/// not do (`/.search` over all kinds at once) is skipped, and then the suite's own exit code is no good.
#[expect(clippy::print_stdout, reason = "what the suite says is this command's result")]
fn report(told: &str) -> Result<()> {
    println!("{}", told.trim_end());
    let count = |word: &str| told.lines().filter(|line| line.starts_with(word)).count();
    let (passed, failed) = (count("SUCCESS"), count("ERROR") + count("CRITICAL"));
    println!("scim2-tester: {passed} passed, {failed} failed, {} skipped", count("SKIPPED"));
    if failed == 0 && passed > 0 {
        return Ok(());
    }
    Err(TaskError::new("the client suite is not content", "what it says is above").into())
}

fn start(folder: &Path, address: SocketAddr) -> Result<Server> {
    let data = folder.join("data");
    drop(std::fs::remove_dir_all(&data));
    std::fs::create_dir_all(data.join("plugins"))?;
    write(&data.join("scim.secret"), SECRET.as_bytes())?;
    let assets = products().join("assets");
    let config = format!(
        "listen = \"{address}\"\npublic_url = \"http://{address}\"\ndatabase = \"sqlite:stoa.db\"\n\
         data_dir = \"data\"\nassets_dir = {assets:?}\nplugins_dir = \"plugins\"\n\
         [[sites]]\nid = \"demo\"\nname = \"Demo\"\norigins = []\n\
         [[sites.issuers]]\nissuer = \"suite\"\nalgorithm = \"HS256\"\nsecret_file = \"scim.secret\"\n\
         [sites.scim]\nsecret_file = \"scim.secret\"\n"
    );
    write(&data.join("stoa.toml"), config.as_bytes())?;
    let mut server = Command::new(binaries("debug").join("stoa"));
    let server = server.args(["--log", "warn", "serve", "--config"]).arg(data.join("stoa.toml"));
    let server = Server(server.stdin(Stdio::null()).spawn().context("cannot start the server")?);
    for _ in 0..TRIES {
        if TcpStream::connect(address).is_ok() {
            return Ok(server);
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    Err(TaskError::new("the server does not answer", "what it said is above").into())
}
