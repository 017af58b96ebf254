//! What is measured.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use serde::Serialize;
use serde_json::json;

use crate::host::{INTRANET, Server, seed, sign_in, start, start_bare};
use crate::load::{MakeRequest, Outcome, run};
use crate::{Settings, bare, social};

/// One line of the report: the median round.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Row {
    pub(crate) what: String,
    pub(crate) per_second: f64,
    pub(crate) p50_ms: f64,
    pub(crate) p99_ms: f64,
    pub(crate) body_bytes: usize,
    pub(crate) unexpected_count: usize,
    pub(crate) ratio: Option<f64>,
    pub(crate) to: &'static str,
}

/// Connections of a reading run, as in the measurements of other comment servers.
pub(crate) const READERS: usize = 64;
/// Connections of a writing run.
const WRITERS: usize = 8;

const READ_BARE: &str = "read 100 comments, bare axum + sqlx";
const WRITE_BARE: &str = "write, bare axum + sqlx, group commit";
const READ_PLUGIN: &str = "read 100 comments through the plugin, nothing cached";
const UNREAD_BARE: &str = "count of 5,000 unread notices, bare axum + sqlx";
const UNREAD: &str = "count of 5,000 unread notices";
const BELL: &str = "the bell of somebody with 5,000 unread notices, nothing cached";
/// One request at a time: what a visitor waits for, without a queue of others.
const ALONE_EMPTY: &str = "one at a time: a page without comments through the plugin, nothing cached";
const ALONE_FULL: &str = "one at a time: 100 comments through the plugin, nothing cached";

/// Run all cases.
///
/// # Errors
/// When a server does not start or breaks off.
pub(crate) async fn all(settings: &Settings) -> anyhow::Result<Vec<Row>> {
    let folder = tempfile::tempdir()?;
    let [bare_folder, cold, warm] = ["bare", "cold", "warm"].map(|name| folder.path().join(name));
    for path in [&bare_folder, &cold, &warm] {
        std::fs::create_dir_all(path)?;
    }
    let counts = [100, 5_000, 0];
    bare::seed(&bare_folder.join("bare.db"), &counts).await?;
    let cold = seed(settings, &cold, &counts, 0, social::entries()).await?;
    let warm = seed(settings, &warm, &counts, 256 << 20, Vec::new()).await?;
    let mut outcomes: Vec<(&'static str, Vec<Outcome>)> = Vec::new();
    for _ in 0..settings.rounds {
        let server = start_bare(&bare_folder.join("bare.db")).await?;
        measure(settings, &server, &bare_plan(), &mut outcomes).await?;
        drop(server);
        let server = start(settings, &cold).await?;
        let plan = plugin_plan(&server).await?;
        measure(settings, &server, &plan, &mut outcomes).await?;
        drop(server);
        let server = start(settings, &warm).await?;
        let plan = cached_plan(&server).await?;
        measure(settings, &server, &plan, &mut outcomes).await?;
    }
    Ok(rows(&outcomes))
}

/// Something to be sent: its name, connections, expected status and requests.
type Plan = Vec<(&'static str, usize, u16, MakeRequest)>;

async fn measure(
    settings: &Settings,
    server: &Server,
    plan: &Plan,
    outcomes: &mut Vec<(&'static str, Vec<Outcome>)>,
) -> anyhow::Result<()> {
    for (what, connections, status, make) in plan {
        let outcome = run(&server.address, *connections, settings.length, *status, Arc::clone(make)).await?;
        match outcomes.iter_mut().find(|(known, _)| known == what) {
            Some((_, all)) => all.push(outcome),
            None => outcomes.push((what, vec![outcome])),
        }
    }
    Ok(())
}

pub(crate) fn get(path: &str, headers: &str) -> MakeRequest {
    let request =
        format!("GET {path} HTTP/1.1\r\nHost: bench\r\nOrigin: {INTRANET}\r\n{headers}\r\n").into_bytes();
    Arc::new(move |_, _| request.clone())
}

pub(crate) fn post(path: &str, headers: &str, body: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nHost: bench\r\nOrigin: {INTRANET}\r\nContent-Type: application/json\r\n{headers}\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

fn bare_plan() -> Plan {
    let write: MakeRequest = Arc::new(|connection, number| {
        let body =
            json!({"thread": 3, "author": format!("Person {connection}"), "body": crate::body(number)});
        post("/comments", "", &body.to_string())
    });
    let mut plan: Plan = vec![
        (READ_BARE, READERS, 200, get("/comments?thread=1", "")),
        ("read 5,000 comments' first page, bare", READERS, 200, get("/comments?thread=2", "")),
        (UNREAD_BARE, READERS, 200, get("/unread", "")),
        (WRITE_BARE, WRITERS, 200, write),
    ];
    plan.extend(social::bare_plan());
    plan
}

const VIEW: &str = "/v1/sites/bench/plugins/comments/view?page=";

async fn plugin_plan(server: &Server) -> anyhow::Result<Plan> {
    let bearer = sign_in(server, "p1").await?;
    let headers = format!("Authorization: Bearer {bearer}\r\nAccept: text/html\r\n");
    let mut plan: Plan = vec![
        (READ_PLUGIN, READERS, 200, get(&format!("{VIEW}t1"), &headers)),
        (
            "read 100 comments through the plugin, nothing cached, nobody signed in",
            READERS,
            200,
            get(&format!("{VIEW}t1"), "Accept: text/html\r\n"),
        ),
        (
            "first page of 5,000 comments through the plugin",
            READERS,
            200,
            get(&format!("{VIEW}t2"), &headers),
        ),
        (
            "first page of 5,000 comments through the plugin, the oldest first",
            READERS,
            200,
            get(&format!("{VIEW}t2&p=sort%3Doldest"), &headers),
        ),
        (
            "first page of 5,000 comments through the plugin, the best first",
            READERS,
            200,
            get(&format!("{VIEW}t2&p=sort%3Dtop"), &headers),
        ),
        (UNREAD, READERS, 200, get("/v1/sites/bench/notices/count", &headers)),
        (BELL, READERS, 200, get("/v1/sites/bench/plugins/bell/view?page=bell", &headers)),
        (ALONE_EMPTY, 1, 200, get(&format!("{VIEW}nobody-has-written-here"), &headers)),
        (ALONE_FULL, 1, 200, get(&format!("{VIEW}t1"), &headers)),
        ("write through the plugin, durable, view and ops answered", WRITERS, 200, writes(server).await?),
    ];
    plan.extend(social::plan(server).await?);
    Ok(plan)
}

/// Each connection is a person of its own with a token from the composer of the page.
async fn writes(server: &Server) -> anyhow::Result<MakeRequest> {
    let mut heads = Vec::new();
    for connection in 0..WRITERS {
        let bearer = sign_in(server, &format!("p{connection}")).await?;
        let html = reqwest::Client::new()
            .get(format!("http://{}{VIEW}t3", server.address))
            .header("Origin", INTRANET)
            .header("Authorization", format!("Bearer {bearer}"))
            .header("Accept", "text/html")
            .send()
            .await?
            .text()
            .await?;
        let composer = html.split("<textarea").next().unwrap_or_default();
        let token = composer.rsplit("name=\"t\" value=\"").next().and_then(|rest| rest.split('"').next());
        heads.push((bearer, token.context("the composer has no token")?.to_owned()));
    }
    let run = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_nanos();
    Ok(Arc::new(move |connection, number| {
        let (bearer, token) = &heads[connection % heads.len()];
        let body = json!({
            "page": "t3", "title": "Thread 3", "url": format!("{INTRANET}/t3"), "p": "",
            "fields": {"t": token, "s": "", "do": "create", "body": crate::body(number)},
        });
        let headers =
            format!("Authorization: Bearer {bearer}\r\nIdempotency-Key: {run}-{connection}-{number}\r\n");
        post("/v1/sites/bench/plugins/comments/act", &headers, &body.to_string())
    }))
}

async fn cached_plan(server: &Server) -> anyhow::Result<Plan> {
    let bearer = sign_in(server, "p1").await?;
    let headers = format!("Authorization: Bearer {bearer}\r\nAccept: text/html\r\n");
    let first = reqwest::Client::new()
        .get(format!("http://{}{VIEW}t1", server.address))
        .header("Origin", INTRANET)
        .header("Authorization", format!("Bearer {bearer}"))
        .header("Accept", "text/html")
        .send()
        .await?;
    let etag = first.headers().get("etag").and_then(|etag| etag.to_str().ok()).context("no ETag")?.to_owned();
    let unchanged = format!("{headers}If-None-Match: {etag}\r\n");
    Ok(vec![
        (
            "read 100 comments, nothing changed, whole page from the cache",
            READERS,
            200,
            get(&format!("{VIEW}t1"), &headers),
        ),
        ("read 100 comments, nothing changed, 304", READERS, 304, get(&format!("{VIEW}t1"), &unchanged)),
    ])
}

fn rows(outcomes: &[(&'static str, Vec<Outcome>)]) -> Vec<Row> {
    let ms = |time: Duration| time.as_secs_f64() * 1_000.0;
    let row = |(what, rounds): &(&'static str, Vec<Outcome>)| {
        let to = match *what {
            other if social::base(other).is_some() => social::base(other).unwrap_or_default(),
            READ_BARE | WRITE_BARE | UNREAD_BARE | ALONE_EMPTY => "",
            UNREAD | BELL => UNREAD_BARE,
            ALONE_FULL => ALONE_EMPTY,
            _ if what.starts_with("write") => WRITE_BARE,
            _ if what.starts_with("first page") => READ_PLUGIN,
            _ => READ_BARE,
        };
        let base = outcomes.iter().find(|(known, _)| *known == to).map(|(_, rounds)| rounds);
        let mut sorted: Vec<&Outcome> = rounds.iter().collect();
        sorted.sort_by(|a, b| a.per_second.total_cmp(&b.per_second));
        let median = sorted[sorted.len() / 2];
        Row {
            what: (*what).to_owned(),
            per_second: median.per_second,
            p50_ms: ms(median.p50),
            p99_ms: ms(median.p99),
            body_bytes: median.body_bytes,
            unexpected_count: rounds.iter().map(|outcome| outcome.unexpected_count).sum(),
            ratio: base.map(|base| ratio(rounds, base)),
            to,
        }
    };
    outcomes.iter().map(row).collect()
}

/// The median of the rounds' own ratios: what is compared ran within seconds of each other, while the machine may be a
/// quarter slower a minute later.
fn ratio(rounds: &[Outcome], base: &[Outcome]) -> f64 {
    let mut ratios: Vec<f64> =
        rounds.iter().zip(base).map(|(outcome, base)| outcome.per_second / base.per_second).collect();
    ratios.sort_by(f64::total_cmp);
    ratios[ratios.len() / 2]
}
