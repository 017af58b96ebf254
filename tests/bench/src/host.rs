//! A Stoa host and a bare server as processes of their own, with the same content.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, bail};
use serde_json::{Value, json};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection as _, SqliteConnection};

/// A server process, killed when dropped.
pub(crate) struct Server {
    process: Child,
    /// `127.0.0.1:port`.
    pub(crate) address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _gone = self.process.kill();
        let _status = self.process.wait();
    }
}

/// The origin of the pages that embed.
pub(crate) const INTRANET: &str = "http://intranet.localhost:4100";
const SECRET: &str = "a secret of the benchmark, at least 32 bytes long";

fn free_port() -> anyhow::Result<u16> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

async fn wait_for(address: &str) -> anyhow::Result<()> {
    for _ in 0..400 {
        if tokio::net::TcpStream::connect(address).await.is_ok() {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    bail!("nothing answered at {address} within 10 s")
}

/// Start the yardstick on a database made by [`crate::bare::seed`].
///
/// # Errors
/// When it does not start.
pub(crate) async fn start_bare(database: &Path) -> anyhow::Result<Server> {
    let address = format!("127.0.0.1:{}", free_port()?);
    let process = Command::new(std::env::current_exe()?).arg("bare").arg(database).arg(&address).spawn()?;
    let server = Server { process, address };
    wait_for(&server.address).await?;
    Ok(server)
}

/// A folder with a configured and seeded Stoa.
pub(crate) struct Site {
    config: PathBuf,
    port: u16,
}

/// Write configuration and content: page `t1` has `counts[0]` comments, `t2` has `counts[1]`, ...
///
/// # Errors
/// When the import fails.
pub(crate) async fn seed(
    settings: &crate::Settings,
    folder: &Path,
    counts: &[usize],
    cache: u64,
    more: Vec<Value>,
) -> anyhow::Result<Site> {
    let port = free_port()?;
    let config = folder.join("stoa.toml");
    std::fs::write(folder.join("site.secret"), SECRET)?;
    std::fs::write(&config, configuration(&settings.built, port, cache))?;
    let seed = folder.join("seed.json");
    std::fs::write(&seed, serde_json::to_vec(&content(counts, more))?)?;
    let mut import = Command::new(&settings.stoa);
    import.arg("import").arg(&seed).arg("--config").arg(&config).stdout(Stdio::null());
    let status = import.status().with_context(|| format!("cannot run {}", settings.stoa.display()))?;
    if !status.success() {
        bail!("the import failed");
    }
    tell(&folder.join("stoa.db")).await?;
    Ok(Site { config, port })
}

/// Tell `p1` of as many entries as [`crate::NOTICES`] says: what is imported tells nobody.
async fn tell(database: &Path) -> anyhow::Result<()> {
    let options = SqliteConnectOptions::new().filename(database);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    let told = sqlx::query(
        "insert into notices (site, person, entry, id, kind, plugin, page, root, actor, why, note, created_at,
            topic, line)
        select e.site, p.id, e.id, e.id, 'follow', e.plugin, 't2', e.root, e.author, 'follows-page', '', e.created_at,
            'entry', 'follow:' || e.root
        from entries e cross join people p on p.site = e.site and p.subject = 'p1'
        where e.plugin = 'comments' limit $1",
    )
    .bind(crate::NOTICES)
    .execute(&mut connection)
    .await?;
    connection.close().await?;
    if told.rows_affected() != u64::from(crate::NOTICES) {
        bail!("only {} notices could be made", told.rows_affected());
    }
    Ok(())
}

/// Start a seeded Stoa.
///
/// # Errors
/// When it does not start.
pub(crate) async fn start(settings: &crate::Settings, site: &Site) -> anyhow::Result<Server> {
    let mut serve = Command::new(&settings.stoa);
    serve.arg("serve").arg("--config").arg(&site.config).arg("--log").arg("warn").stdout(Stdio::null());
    let server = Server { process: serve.spawn()?, address: format!("127.0.0.1:{}", site.port) };
    wait_for(&server.address).await?;
    Ok(server)
}

fn configuration(built: &Path, port: u16, cache: u64) -> String {
    format!(
        r#"listen = "127.0.0.1:{port}"
public_url = "http://127.0.0.1:{port}"
database = "sqlite:stoa.db"
data_dir = "data"
assets_dir = "{assets}"
plugins_dir = "{plugins}"
view_cache_bytes = {cache}
rate_factor = 0
[[sites]]
id = "bench"
name = "Benchmark"
origins = ["{INTRANET}"]
anonymous_read = true
[[sites.issuers]]
issuer = "{INTRANET}"
algorithm = "HS256"
secret_file = "site.secret"
[sites.plugins.comments]
grants = ["entries", "entries-write", "marks", "marks-write", "pages-write"]
[sites.plugins.comments.settings]
roots_per_page = 25
{social}"#,
        social = crate::social::CONFIGURATION,
        assets = built.join("assets").display(),
        plugins = built.join("plugins").display(),
    )
}

/// People, more entries and, for each count, a page whose threads are a start and three answers.
fn content(counts: &[usize], more: Vec<Value>) -> Value {
    let people: Vec<Value> = (0..crate::social::VOTERS + 2)
        .map(|n| json!({"subject": format!("p{n}"), "name": format!("Person {n}"), "title": "Tester", "team": "Bench", "roles": []}))
        .collect();
    let page =
        |key: &str| json!({"key": key, "title": key, "url": format!("{INTRANET}/{key}"), "owner": null});
    let mut pages: Vec<Value> = (1..=counts.len())
        .map(|n| json!({"key": format!("t{n}"), "title": format!("Thread {n}"), "url": format!("{INTRANET}/t{n}"), "owner": null}))
        .collect();
    pages.extend(["hub", "feed"].map(page));
    let mut entries = more;
    for (page, &count) in (1..).zip(counts) {
        for number in 0..count {
            let root = number - number % 4;
            let parent = (number != root).then(|| format!("t{page}-{root}"));
            entries.push(json!({
                "id": format!("t{page}-{number}"), "plugin": "comments", "page": format!("t{page}"), "parent": parent,
                "author": format!("p{}", number % 40), "at": count - number + 10, "body": crate::body(number),
                "votes": [],
            }));
        }
    }
    json!({"site": "bench", "people": people, "pages": pages, "entries": entries})
}

/// A session of a person: its bearer.
///
/// # Errors
/// When the host refuses.
pub(crate) async fn sign_in(server: &Server, subject: &str) -> anyhow::Result<String> {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_secs();
    let claims = json!({
        "iss": INTRANET, "aud": "bench", "sub": subject, "iat": now, "exp": now + 300,
        "jti": format!("{subject}-{now}"), "name": subject,
    });
    let key = jsonwebtoken::EncodingKey::from_secret(SECRET.as_bytes());
    let token = jsonwebtoken::encode(&jsonwebtoken::Header::default(), &claims, &key)?;
    let answer: Value = reqwest::Client::new()
        .post(format!("http://{}/v1/sites/bench/session", server.address))
        .header("Origin", INTRANET)
        .body(json!({"token": token, "views": []}).to_string())
        .send()
        .await?
        .json()
        .await?;
    answer["bearer"].as_str().map(str::to_owned).with_context(|| format!("no session: {answer}"))
}
