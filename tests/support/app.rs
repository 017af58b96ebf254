//! A host as its users meet it: over HTTP, with real plugins and a real SQLite database.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};
use stoa::base::clock::Clock;
use stoa::base::config::Config;
use stoa::dispatch::App;
use stoa::runtime::Compiler;

use crate::actor::Actor;
use crate::hostile::root;

/// The origin of the pages that embed.
pub const INTRANET: &str = "http://intranet.localhost:4100";

const SECRET: &str = "a secret that only tests know, 32 bytes or more";

const KEY_OF_TESTS: &[u8; 32] = b"the key of every host of a test.";
/// What the directory of the site `demo` shows, where the site has one, and that of `other`.
pub const SCIM: &str = "scim-demo-0123456789abcdef0123456789abcdef";
/// As [`SCIM`], of the site `other`.
pub const SCIM_OTHER: &str = "scim-other-0123456789abcdef0123456789abcdef";

/// A running host with the sites `demo` and `other`.
#[derive(Debug)]
pub struct TestApp {
    /// Its origin.
    pub url: String,
    /// Its clock; stands still until moved.
    pub clock: Clock,
    /// The host itself, for what cannot be seen from outside.
    pub app: App,
    pub(crate) client: reqwest::Client,
    folder: tempfile::TempDir,
    closing: tokio::sync::watch::Sender<bool>,
    server: tokio::task::JoinHandle<()>,
}

/// The folder of built plugins and assets: `STOA_BUILT`, or `target/stoa` of this checkout.
#[must_use]
pub fn built() -> PathBuf {
    std::env::var_os("STOA_BUILT").map_or_else(|| root().join("target/stoa"), PathBuf::from)
}

impl TestApp {
    /// Start with the usual configuration.
    ///
    /// # Panics
    /// When the host does not start; build plugins and widgets first (`cargo xtask test` does).
    pub async fn start() -> Self {
        Self::start_with("", "").await
    }

    /// Start with more lines for the site `demo` (after its plugins) and for the comments' settings.
    ///
    /// # Panics
    /// As [`TestApp::start`].
    pub async fn start_with(site: &str, settings: &str) -> Self {
        Self::start_in("", site, settings, &[]).await
    }

    /// As [`TestApp::start_with`], with more lines for the host itself.
    ///
    /// # Panics
    /// As [`TestApp::start`].
    pub async fn start_host(host: &str, site: &str, settings: &str) -> Self {
        Self::start_in(host, site, settings, &[]).await
    }

    /// Start with further files of plugins, which the site `demo` enables with all that they ask for: their names and
    /// bytes.
    ///
    /// # Panics
    /// As [`TestApp::start`].
    pub async fn start_beside(plugins: &[(&str, &[u8])]) -> Self {
        let block = |(name, _): &(&str, &[u8])| {
            format!("[sites.plugins.{name}]\ngrants = {}\n", grants("tests/plugins/hostile"))
        };
        let blocks: String = plugins.iter().map(block).collect();
        Self::start_in("", &blocks, "", plugins).await
    }

    /// Start with further plugins and these lines for the site `demo`, as their authors would.
    ///
    /// # Panics
    /// As [`TestApp::start`].
    pub async fn start_developing(site: &str, plugins: &[(&str, &[u8])]) -> Self {
        Self::start_in("development = true\n", site, "", plugins).await
    }

    /// As [`TestApp::start_developing`], as people have it.
    ///
    /// # Panics
    /// As [`TestApp::start`].
    pub async fn start_using(site: &str, plugins: &[(&str, &[u8])]) -> Self {
        Self::start_in("", site, "", plugins).await
    }

    /// Start with more keys of the site `demo`, and with more lines after its plugins.
    ///
    /// # Panics
    /// As [`TestApp::start`].
    pub async fn start_site(keys: &str, site: &str) -> Self {
        Self::start_in("", &format!("{site}\n[[sites.keys]]{keys}"), "", &[]).await
    }

    async fn start_in(host: &str, site: &str, settings: &str, plugins: &[(&str, &[u8])]) -> Self {
        stoa::base::fetch::set_up_tls();
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        std::fs::write(folder.path().join("site.secret"), SECRET).expect("the folder is writable");
        let plugins_dir = match plugins {
            [] => built().join("plugins"),
            _ => with_plugins(folder.path(), plugins),
        };
        std::fs::write(folder.path().join("scim.secret"), SCIM).expect("the folder is writable");
        std::fs::write(folder.path().join("other.secret"), SCIM_OTHER).expect("the folder is writable");
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = listener.local_addr().expect("the port is known");
        let url = format!("http://127.0.0.1:{}", address.port());
        let path = folder.path().join("stoa.toml");
        let config = configuration(&url, &plugins_dir, host, site, settings);
        share_compiled(&folder.path().join("data")).expect("the folder is writable");
        std::fs::write(&path, config).expect("the folder is writable");
        let config = Config::load(&path).unwrap_or_else(|error| panic!("{error}"));
        // 2026-03-02T09:00:00Z
        let clock = Clock::fixed(1_772_442_000_000_000);
        let app = App::start(config, clock.clone(), Compiler::InProcess)
            .await
            .unwrap_or_else(|error| panic!("{error}"));
        let (closing, closes) = tokio::sync::watch::channel(false);
        let router =
            stoa::http::router_until(app.clone(), closes.clone()).unwrap_or_else(|error| panic!("{error}"));
        let served = app.clone();
        let server = tokio::spawn(async move {
            stoa::http::serve(listener, router, served.config(), closes).await;
        });
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(30))
            .build()
            .expect("a client can be made");
        Self { url, clock, app, client, folder, closing, server }
    }

    /// End the host as `stoa serve` does when it is asked to.
    ///
    /// # Panics
    /// When connections keep it from ending.
    pub async fn stop(self) {
        self.closing.send_replace(true);
        let ended = tokio::time::timeout(Duration::from_secs(20), self.server).await;
        ended.expect("the host ends").expect("without a panic");
    }

    /// The folder that holds configuration and database.
    #[must_use]
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// A client whose requests come from a page of this origin.
    ///
    /// # Panics
    /// When the origin is not text for a header.
    #[must_use]
    pub fn client_for(&self, origin: &str) -> reqwest::Client {
        let origin = origin.parse().expect("an origin is text");
        reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .default_headers([(reqwest::header::ORIGIN, origin)].into_iter().collect())
            .build()
            .expect("a client can be made")
    }

    /// A request as the pages of the intranet send it.
    pub fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let method = method.parse().expect("a method of HTTP");
        self.client.request(method, format!("{}{path}", self.url)).header("Origin", INTRANET)
    }

    /// The claims of a person, as the intranet's server makes them.
    #[must_use]
    pub fn claims(&self, site: &str, subject: &str, name: &str, roles: &[&str]) -> Value {
        let now = self.clock.now() / 1_000_000;
        json!({
            "iss": INTRANET, "aud": site, "sub": subject, "iat": now, "exp": now + 300,
            "jti": uuid::Uuid::new_v4().to_string(), "name": name, "roles": roles,
        })
    }

    /// Claims as a signed token.
    ///
    /// # Panics
    /// Never: the claims are plain JSON.
    #[must_use]
    pub fn sign(&self, claims: &Value) -> String {
        let key = jsonwebtoken::EncodingKey::from_secret(SECRET.as_bytes());
        jsonwebtoken::encode(&jsonwebtoken::Header::default(), claims, &key).expect("JSON can be signed")
    }

    /// Somebody signed in at the site `demo`.
    ///
    /// # Panics
    /// When the host refuses the person.
    pub async fn sign_in(&self, subject: &str, name: &str, roles: &[&str]) -> Actor<'_> {
        self.sign_in_with(&self.claims("demo", subject, name, roles)).await
    }

    /// Somebody signed in at the site `demo` by these claims.
    ///
    /// # Panics
    /// When the host refuses them.
    pub async fn sign_in_with(&self, claims: &Value) -> Actor<'_> {
        let token = self.sign(claims);
        let answer = self
            .request("POST", "/v1/sites/demo/session")
            .body(json!({"token": token, "views": []}).to_string());
        let answer: Value = answer.send().await.expect("the host answers").json().await.expect("in JSON");
        let bearer =
            answer["bearer"].as_str().unwrap_or_else(|| panic!("{claims} made no session: {answer}"));
        Actor::new(self, Some(bearer.to_owned()))
    }

    /// Anna, who works here.
    pub async fn anna(&self) -> Actor<'_> {
        self.sign_in("anna", "Anna Bergmann", &[]).await
    }

    /// Ben, who works here too.
    pub async fn ben(&self) -> Actor<'_> {
        self.sign_in("ben", "Ben Okafor", &[]).await
    }

    /// Mia, who moderates.
    pub async fn mia(&self) -> Actor<'_> {
        self.sign_in("mia", "Mia Moderatorin", &["moderator"]).await
    }

    /// Gus, a guest.
    pub async fn gus(&self) -> Actor<'_> {
        self.sign_in("gus", "Gus Guest", &["guest"]).await
    }

    /// Nobody: not signed in.
    #[must_use]
    pub fn nobody(&self) -> Actor<'_> {
        Actor::new(self, None)
    }
}

/// All that the manifest in a plugin's folder asks for, as the configuration writes it.
///
/// # Panics
/// When there is no manifest that can be read.
#[must_use]
pub fn grants(folder: &str) -> String {
    let text = std::fs::read_to_string(root().join(folder).join("plugin.toml")).expect("there is a manifest");
    let manifest = stoa_rules::Manifest::parse(&text).unwrap_or_else(|error| panic!("{folder}: {error}"));
    let names: Vec<_> = manifest.grants().iter().map(stoa_rules::Capability::name).collect();
    format!("{names:?}")
}

/// Let a host find what another one compiled: the folder may be shared, and hosts of one key believe each other's
/// files. Compiling the three plugins takes most of a start. `support/servers.mjs` of the browser tests
/// makes the same.
fn share_compiled(data_dir: &Path) -> std::io::Result<()> {
    let shared = built().join("tests/compiled");
    std::fs::create_dir_all(&shared)?;
    std::fs::create_dir_all(data_dir)?;
    std::fs::write(data_dir.join("host.key"), KEY_OF_TESTS)?;
    std::os::unix::fs::symlink(shared, data_dir.join("compiled"))
}

/// A folder of plugins: the comments and these.
fn with_plugins(folder: &Path, plugins: &[(&str, &[u8])]) -> PathBuf {
    let path = folder.join("plugins");
    std::fs::create_dir(&path).expect("the folder is writable");
    std::fs::copy(built().join("plugins/comments.wasm"), path.join("comments.wasm"))
        .expect("the comments are built");
    for (name, bytes) in plugins {
        std::fs::write(path.join(format!("{name}.wasm")), bytes).expect("the folder is writable");
    }
    path
}

fn configuration(url: &str, plugins_dir: &Path, host: &str, site: &str, settings: &str) -> String {
    let (built, comments) = (built(), grants("plugins/comments"));
    let site_block = |id: &str, more: &str, settings: &str| {
        // Keys of the site itself stand before its tables.
        let (more, keys) = more.split_once("[[sites.keys]]").unwrap_or((more, ""));
        format!(
            r#"
[[sites]]
id = "{id}"
name = "Site {id}"
origins = ["{INTRANET}"]
anonymous_read = true
{keys}
[[sites.issuers]]
issuer = "{INTRANET}"
algorithm = "HS256"
secret_file = "site.secret"
[sites.plugins.comments]
grants = {comments}
[sites.plugins.comments.settings]
{settings}
{more}
"#
        )
    };
    format!(
        r#"listen = "127.0.0.1:0"
public_url = "{url}"
database = "sqlite:stoa.db"
data_dir = "data"
assets_dir = "{assets}"
plugins_dir = "{plugins}"
{host}
{demo}{other}"#,
        assets = built.join("assets").display(),
        plugins = plugins_dir.display(),
        demo = site_block("demo", site, settings),
        other = site_block("other", "[sites.scim]\nsecret_file = \"other.secret\"", ""),
    )
}
