//! `stoa doctor` as an admin uses it: against pages of an intranet and a server that runs.

#![expect(clippy::unwrap_used, reason = "a test that cannot set its stage up fails")]

use std::path::PathBuf;
use std::process::Stdio;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::Html;
use axum::routing::get;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};

/// A server that answers, and an intranet with pages that are broken and cured.
struct Stage {
    folder: tempfile::TempDir,
    stoa: String,
    intranet: String,
    // Ends with the test.
    _server: Child,
}

const GOOD: &str = r#"<link rel="canonical" href="/travel"><script type="module" src="STOA/embed.js" data-site="demo"></script>
    <stoa-comments page="travel" token-url="/token"></stoa-comments>"#;

async fn page(State(stoa): State<String>) -> (HeaderMap, Html<String>) {
    (HeaderMap::new(), Html(GOOD.replace("STOA", &stoa)))
}

async fn page_with_policy(State(stoa): State<String>) -> (HeaderMap, Html<String>) {
    let policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; connect-src *".parse().unwrap();
    ([(header::CONTENT_SECURITY_POLICY, policy)].into_iter().collect(), Html(GOOD.replace("STOA", &stoa)))
}

async fn page_of_yesterday(State(stoa): State<String>) -> (HeaderMap, Html<String>) {
    let date = "Sun, 01 Jan 2023 00:00:00 GMT".parse().unwrap();
    ([(header::DATE, date)].into_iter().collect(), Html(GOOD.replace("STOA", &stoa)))
}

async fn page_for_staff(State(stoa): State<String>, headers: HeaderMap) -> (HeaderMap, Html<String>) {
    let signed_in = headers.get(header::COOKIE).is_some_and(|cookie| cookie == "session=anna");
    let html = if signed_in { GOOD.replace("STOA", &stoa) } else { r#"<input type="password">"#.to_owned() };
    (HeaderMap::new(), Html(html))
}

async fn page_without_token_address(State(stoa): State<String>) -> Html<String> {
    Html(GOOD.replace("STOA", &stoa).replace("/token", "/nothing"))
}

async fn page_with_bad_token(State(stoa): State<String>) -> Html<String> {
    Html(GOOD.replace("STOA", &stoa).replace("/token", "/unsigned"))
}

/// An address of this machine that nothing listens on; the listener is dropped just before it is used.
async fn free_address() -> String {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().to_string()
}

impl Stage {
    async fn new() -> Self {
        let address = free_address().await;
        let stoa = format!("http://{address}");
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let intranet = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new()
            .route("/good", get(page))
            .route("/policy", get(page_with_policy))
            .route("/yesterday", get(page_of_yesterday))
            .route("/staff", get(page_for_staff))
            .route("/no-token", get(page_without_token_address))
            .route("/bad-token", get(page_with_bad_token))
            .route(
                "/unsigned",
                get(async || ([(header::CACHE_CONTROL, "no-store")], "{\"token\":\"a.b.c\"}")),
            )
            .route("/token", get(async || ([(header::CACHE_CONTROL, "no-store")], "null")))
            .with_state(stoa.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        let folder = tempfile::tempdir().unwrap();
        let built = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("../target/stoa");
        let built = built.canonicalize().expect("cargo xtask wasm and cargo xtask widgets have made it");
        let config = include_str!("stoa.toml")
            .replace("BUILT", &built.display().to_string())
            .replace("127.0.0.1:0", &address)
            .replace("http://127.0.0.1:4555", &stoa)
            .replace("http://intranet.localhost:4100", &intranet);
        std::fs::write(folder.path().join("stoa.toml"), config).unwrap();
        std::fs::write(folder.path().join("site.secret"), "a secret of at least thirty-two bytes").unwrap();
        let mut server = Command::new(env!("CARGO_BIN_EXE_stoa"));
        server.arg("serve").arg("--config").arg(folder.path().join("stoa.toml"));
        let mut server = server.stderr(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
        let mut lines = BufReader::new(server.stderr.take().unwrap()).lines();
        loop {
            let line = lines.next_line().await.unwrap().expect("the server says when it is ready");
            if line.contains("ready") {
                break;
            }
        }
        // A pipe that nobody reads would stop it.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Self { folder, stoa, intranet, _server: server }
    }

    /// What the doctor says, and whether it is content.
    async fn says(&self, url: &str, arguments: &[&str]) -> (bool, String) {
        let mut doctor = Command::new(env!("CARGO_BIN_EXE_stoa"));
        doctor
            .args(["doctor", url])
            .args(arguments)
            .arg("--config")
            .arg(self.folder.path().join("stoa.toml"));
        let output = doctor.output().await.unwrap();
        (output.status.success(), String::from_utf8(output.stdout).unwrap())
    }

    /// The one code that it finds on a page of the intranet.
    async fn finds(&self, path: &str, arguments: &[&str]) -> (bool, Vec<String>) {
        let url = format!("{}{path}", self.intranet);
        let (well, said) = self.says(&url, &[arguments, &["--json"]].concat()).await;
        let said: serde_json::Value = serde_json::from_str(&said).unwrap();
        let codes =
            said["findings"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap().to_owned());
        (well, codes.collect())
    }
}

#[tokio::test]
async fn a_page_is_fetched_and_each_fault_comes_with_its_cure() {
    let stage = Stage::new().await;
    let (well, said) = stage.says(&format!("{}/good", stage.intranet), &[]).await;
    assert!(well && said.starts_with("all well"), "{said}");
    let one = |code: &str| (false, vec![code.to_owned()]);
    assert_eq!(stage.finds("/policy", &[]).await, one("policy-script"));
    assert_eq!(stage.finds("/yesterday", &[]).await, one("clock-skew"));
    assert_eq!(stage.finds("/no-token", &[]).await, one("token-url-fails"));
    assert_eq!(stage.finds("/nowhere", &[]).await, one("page-refused"));
    assert_eq!(stage.finds("/bad-token", &[]).await, one("token-refused"));
    let (_, said) = stage.says(&format!("{}/bad-token", stage.intranet), &[]).await;
    assert!(said.contains("would be refused"), "{said}");
    assert_eq!(stage.finds("/staff", &[]).await, one("signed-out"));
    let cookies = stage.folder.path().join("cookies");
    std::fs::write(&cookies, "Cookie: session=anna\n").unwrap();
    let cookies = cookies.display().to_string();
    assert_eq!(stage.finds("/staff", &["--cookie-file", &cookies]).await, (true, Vec::new()));
    let (_, said) = stage.says(&format!("{}/policy", stage.intranet), &[]).await;
    let cure = format!("script-src 'self' 'wasm-unsafe-eval' {}", stage.stoa);
    for words in ["fault  policy-script: ", &cure, "for:  whoever runs the intranet's web server"] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let closed = format!("http://{}/", free_address().await);
    let (well, said) = stage.says(&closed, &[]).await;
    assert!(!well && said.contains("page-unreachable"), "{said}");
}

#[tokio::test]
async fn a_host_that_is_not_reached_or_not_this_one() {
    let stage = Stage::new().await;
    let path = stage.folder.path().join("stoa.toml");
    let config = std::fs::read_to_string(&path).unwrap();
    let at = |url: &str| std::fs::write(&path, config.replace(&stage.stoa, url)).unwrap();
    at(&format!("http://{}", free_address().await));
    assert!(stage.finds("/good", &[]).await.1.contains(&"host-unreachable".to_owned()));
    // Something else answers under the host's name.
    at(&stage.intranet);
    assert!(stage.finds("/good", &[]).await.1.contains(&"host-elsewhere".to_owned()));
    // The server runs with other widgets than this configuration's.
    let assets = stage.folder.path().join("assets");
    std::fs::create_dir(&assets).unwrap();
    std::fs::write(assets.join("embed.js"), "newer").unwrap();
    let line = config.lines().find(|line| line.starts_with("assets_dir")).unwrap();
    std::fs::write(&path, config.replace(line, "assets_dir = \"assets\"")).unwrap();
    assert_eq!(stage.finds("/good", &[]).await, (false, vec!["script-old".to_owned()]));
    // The origin was added, and the server not started again.
    let other = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", other.local_addr().unwrap());
    let state = stage.stoa.clone();
    let router =
        Router::new().route("/good", get(page)).route("/token", get(async || "null")).with_state(state);
    tokio::spawn(async move { axum::serve(other, router).await });
    let listed = format!("origins = [\"{origin}\", ");
    std::fs::write(&path, config.replace("origins = [", &listed)).unwrap();
    let (well, said) = stage.says(&format!("{origin}/good"), &[]).await;
    assert!(!well && said.contains("headers-stripped") && said.contains("restart `stoa serve`"), "{said}");
}
