//! `cargo xtask demo`: builds everything, then runs the server and, on another origin, a company's intranet.

use std::collections::HashSet;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result};
use clap::Args;
use tokio::process::{Child, Command};

use crate::steps::{Steps, TaskError, capture};
use crate::tools::{binaries, cargo, products, write};
use crate::{wasm, widgets};

/// How long the two servers may take until they answer.
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Args)]
pub(crate) struct Options {
    /// Port of the Stoa server
    #[arg(long, default_value_t = 4000)]
    port: u16,
    /// Port of the demo intranet
    #[arg(long, default_value_t = 4100)]
    intranet_port: u16,
    /// Forget what earlier demos wrote
    #[arg(long)]
    fresh: bool,
}

/// Where a demo's files are and under which names browsers reach its servers.
struct Demo {
    folder: PathBuf,
    port: u16,
    intranet_port: u16,
}

impl Demo {
    fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn stoa(&self) -> String {
        format!("http://widgets.localhost:{}", self.port)
    }

    fn intranet(&self) -> String {
        format!("http://intranet.localhost:{}", self.intranet_port)
    }
}

/// Builds, prepares, runs; comes back after Ctrl-C.
pub(crate) fn run(options: &Options, steps: &Steps) -> Result<()> {
    let demo =
        Demo { folder: products().join("demo"), port: options.port, intranet_port: options.intranet_port };
    check_port(demo.port, "--port")?;
    check_port(demo.intranet_port, "--intranet-port")?;
    wasm::run(steps)?;
    widgets::run(steps)?;
    build_programs(steps)?;
    prepare(&demo, options.fresh, steps)?;
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(serve(&demo, steps))
}

/// The server and the demo intranet, as `cargo xtask test` builds them, too.
pub(crate) fn build_programs(steps: &Steps) -> Result<()> {
    let programs = ["-p", "stoa", "-p", "stoa-demo"];
    let mut build = cargo(&["build", "--quiet"]);
    build.args(programs);
    steps.build("server and demo intranet", crates_of(&programs)?, &mut build, "mend what the compiler names")
}

/// How many crates these programs consist of.
pub(crate) fn crates_of(programs: &[&str]) -> Result<usize> {
    let mut tree =
        cargo(&["tree", "--locked", "--edges", "normal,build", "--prefix", "none", "--format", "{p}"]);
    let tree = capture(tree.args(programs), "see that Cargo.lock is the committed one")?;
    let crates: HashSet<&str> =
        tree.lines().filter(|line| !line.is_empty() && !line.ends_with("(*)")).collect();
    Ok(crates.len())
}

/// Secret, configuration and content. What earlier demos wrote is kept: importing twice changes nothing.
fn prepare(demo: &Demo, fresh: bool, steps: &Steps) -> Result<()> {
    if fresh && demo.folder.exists() {
        std::fs::remove_dir_all(&demo.folder).context("cannot empty the demo's folder")?;
    }
    let secret = demo.file("demo.secret");
    if !secret.exists() {
        write_secret(&secret)?;
    }
    write(&demo.file("stoa.toml"), configuration(demo).as_bytes())?;
    steps.step("people, pages, comments, questions and thanks", || {
        let hint = "`cargo xtask demo --fresh` starts with empty files";
        let mut seed = std::process::Command::new(binaries("debug").join("stoa-demo"));
        let json = capture(seed.args(["seed", "--origin", &demo.intranet()]), hint)?;
        write(&demo.file("seed.json"), json.as_bytes())?;
        let mut import = std::process::Command::new(binaries("debug").join("stoa"));
        import.arg("import").arg(demo.file("seed.json")).arg("--config").arg(demo.file("stoa.toml"));
        capture(&mut import, hint).map(drop)
    })
}

/// 32 random bytes in hexadecimal, readable for this user alone.
fn write_secret(path: &Path) -> Result<()> {
    write(path, hex::encode(rand::random::<[u8; 32]>()).as_bytes())?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
    }
    Ok(())
}

/// The server's configuration; every key is explained in host/README.md.
fn configuration(demo: &Demo) -> String {
    let (stoa, intranet) = (demo.stoa(), demo.intranet());
    let path = |path: PathBuf| toml::Value::String(path.to_string_lossy().into_owned());
    let database = toml::Value::String(format!("sqlite://{}", demo.file("stoa.db").display()));
    format!(
        r#"listen = "127.0.0.1:{port}"
public_url = "{stoa}"
database = {database}
data_dir = {data}
assets_dir = {assets}
plugins_dir = {plugins}
development = true

[[sites]]
id = "demo"
name = "Nordlicht intranet"
origins = ["{intranet}"]
locale = "en"
time_zone = "Europe/Berlin"
anonymous_read = true

[[sites.issuers]]
issuer = "{intranet}"
algorithm = "HS256"
secret_file = {secret}

[sites.plugins.comments]
enabled = true
grants = ["entries", "entries-write", "marks", "marks-write", "pages-write"]

[sites.plugins.comments.settings]
reactions = true

[sites.plugins.questions]
enabled = true
grants = ["entries", "entries-write", "marks", "marks-write", "pages", "ledger", "ledger-write"]

[sites.plugins.questions.settings]
reputation = "light"
tags = ["travel", "expenses", "remote-work", "security", "vpn", "printing", "meeting-rooms", "onboarding", "halo", "canteen"]

[sites.plugins.kudos]
enabled = true
grants = ["entries", "entries-write", "marks", "marks-write", "people", "pages", "ledger", "ledger-write"]

[sites.plugins.kudos.settings]
points = true
"#,
        port = demo.port,
        data = path(demo.file("data")),
        assets = path(products().join("assets")),
        plugins = path(products().join("plugins")),
        secret = path(demo.file("demo.secret")),
    )
}

/// Runs both servers until Ctrl-C, a request to end, or the end of one of them.
async fn serve(demo: &Demo, steps: &Steps) -> Result<()> {
    let mut host = Command::new(binaries("debug").join("stoa"));
    // A line for each request would bury the addresses.
    host.arg("--log").arg("warn").arg("serve").arg("--config").arg(demo.file("stoa.toml"));
    let mut intranet = Command::new(binaries("debug").join("stoa-demo"));
    intranet.args(["--listen", &format!("127.0.0.1:{}", demo.intranet_port)]);
    intranet.args(["--origin", &demo.intranet(), "--stoa", &demo.stoa(), "--site", "demo", "--secret-file"]);
    intranet.arg(demo.file("demo.secret"));
    let (mut host, mut intranet) = (start(&mut host, "stoa")?, start(&mut intranet, "stoa-demo")?);
    let outcome = tokio::select! {
        outcome = both_answer(demo, steps) => outcome,
        ended = host.wait() => Err(died("the server", &ended?)),
        ended = intranet.wait() => Err(died("the demo intranet", &ended?)),
        () = asked_to_stop() => return stop(host, intranet).await,
    };
    outcome?;
    let outcome = tokio::select! {
        () = asked_to_stop() => Ok(()),
        ended = host.wait() => Err(died("the server", &ended?)),
        ended = intranet.wait() => Err(died("the demo intranet", &ended?)),
    };
    stop(host, intranet).await?;
    outcome
}

fn start(command: &mut Command, name: &str) -> Result<Child> {
    let hint = "`cargo build -p stoa -p stoa-demo` makes both programs";
    // Killed when dropped: whatever happens here, no server stays behind on the port.
    let child = command.stdin(std::process::Stdio::null()).kill_on_drop(true).spawn();
    child.with_context(|| TaskError::new(format!("cannot start {name}"), hint))
}

async fn both_answer(demo: &Demo, steps: &Steps) -> Result<()> {
    for (port, path) in [(demo.port, "/readyz"), (demo.intranet_port, "/")] {
        let waiting = async {
            while !answers(port, path) {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        let hint = "read what the server said above";
        tokio::time::timeout(PATIENCE, waiting)
            .await
            .with_context(|| TaskError::new(format!("nothing answers on port {port}"), hint))?;
    }
    steps.say(&format!(
        "\n  The intranet:  {}\n  Stoa itself:   {}\n\n  Sign in as anybody from the page's header. Ctrl-C stops both.\n",
        demo.intranet(),
        demo.stoa()
    ));
    Ok(())
}

/// Whether a server on this machine answers a GET with any status below 400.
fn answers(port: u16, path: &str) -> bool {
    let ask = || -> std::io::Result<bool> {
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        // In one piece: a server that has read only a part of it may already answer and close.
        let request = format!("GET {path} HTTP/1.0\r\nHost: localhost:{port}\r\n\r\n");
        stream.write_all(request.as_bytes())?;
        let mut head = [0; 12];
        stream.read_exact(&mut head)?;
        Ok(head.starts_with(b"HTTP/1.") && matches!(head[9], b'2' | b'3'))
    };
    ask().unwrap_or(false)
}

/// Comes back on Ctrl-C, or when the system asks this process to end.
async fn asked_to_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    drop(tokio::signal::ctrl_c().await);
}

/// Ends both, kindly first where the system knows how, and waits for them.
async fn stop(mut host: Child, mut intranet: Child) -> Result<()> {
    for child in [&mut host, &mut intranet] {
        if let Some(id) = child.id() {
            let asked = Command::new("kill").args(["-TERM", &id.to_string()]).status().await;
            let ended = tokio::time::timeout(Duration::from_secs(5), child.wait()).await;
            if asked.is_err() || ended.is_err() {
                child.kill().await?;
            }
        }
    }
    Ok(())
}

fn died(who: &str, status: &std::process::ExitStatus) -> anyhow::Error {
    TaskError::new(format!("{who} stopped by itself ({status})"), "read what it said above").into()
}

fn check_port(port: u16, option: &str) -> Result<()> {
    let hint = format!("stop what uses it, or choose another port with {option}");
    TcpListener::bind(("127.0.0.1", port))
        .map(drop)
        .with_context(|| TaskError::new(format!("port {port} is in use"), hint))
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;

    use super::{Demo, answers, check_port, configuration, write_secret};
    use crate::steps::hint_of;

    #[test]
    fn a_port_in_use_is_named_with_the_option_that_changes_it() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = taken.local_addr().unwrap().port();
        let error = check_port(port, "--port").unwrap_err();
        assert!(hint_of(&error).contains("--port"), "{error:#}");
    }

    #[test]
    fn the_configuration_is_toml_whatever_the_folder_is_called() {
        let demo = Demo { folder: "some \"odd\" folder".into(), port: 1, intranet_port: 2 };
        let table: toml::Table = configuration(&demo).parse().unwrap();
        assert_eq!(table["listen"].as_str(), Some("127.0.0.1:1"));
        let site = &table["sites"][0];
        assert_eq!(site["origins"][0].as_str(), Some("http://intranet.localhost:2"));
        assert_eq!(site["issuers"][0]["issuer"], site["origins"][0]);
        assert!(site["plugins"]["comments"]["enabled"].as_bool().unwrap());
        assert!(table["database"].as_str().unwrap().contains("some \"odd\" folder"));
    }

    #[test]
    fn a_server_answers_when_it_sends_a_good_status() {
        let check = |response: &'static str, expected: bool| {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let port = listener.local_addr().unwrap().port();
            let server = std::thread::spawn(move || {
                let (mut stream, _) = listener.accept().unwrap();
                // Closing a connection with unread bytes would take the answer back.
                let asked = stream.read(&mut [0; 1024]).unwrap();
                assert!(asked > 0);
                stream.write_all(response.as_bytes()).unwrap();
            });
            assert_eq!(answers(port, "/"), expected, "{response}");
            server.join().unwrap();
            assert!(!answers(port, "/"), "nobody listens any more");
        };
        check("HTTP/1.1 200 OK\r\n\r\n", true);
        check("HTTP/1.1 303 See Other\r\n\r\n", true);
        check("HTTP/1.1 503 Service Unavailable\r\n\r\n", false);
    }

    #[cfg(unix)]
    #[test]
    fn a_secret_is_long_new_and_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let (one, two) = (folder.path().join("one"), folder.path().join("two"));
        write_secret(&one).unwrap();
        write_secret(&two).unwrap();
        let secret = std::fs::read_to_string(&one).unwrap();
        assert_eq!(secret.len(), 64);
        assert_ne!(secret, std::fs::read_to_string(&two).unwrap());
        assert_eq!(std::fs::metadata(&one).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
