//! Questions, thanks and notices: content and plans, each beside the same rows from the bare server.

use std::sync::Arc;

use anyhow::Context as _;
use serde_json::{Value, json};
use sqlx::{Connection as _, SqliteConnection};

use crate::cases::{READERS, get, post};
use crate::host::{INTRANET, Server, sign_in};
use crate::load::MakeRequest;

/// Questions of the site, thanks of the site, and people who vote at once.
const QUESTIONS: usize = 10_000;
const KUDOS: usize = 50_000;
pub(crate) const VOTERS: usize = 200;

pub(crate) const HUB_BARE: &str = "20 of 10,000 questions, bare axum + sqlx";
pub(crate) const HUB: &str = "hub: 20 of 10,000 questions through the plugin, nothing cached";
pub(crate) const FEED_BARE: &str = "20 of 50,000 thanks, bare axum + sqlx";
pub(crate) const FEED: &str = "feed: 20 of 50,000 thanks through the plugin, nothing cached";
pub(crate) const SIMILAR_BARE: &str = "20 titles of 10,000 like a text, bare axum + sqlx";
pub(crate) const SIMILAR: &str = "hub with questions like a text, through the plugin, nothing cached";
pub(crate) const SIMILAR_ALONE: &str = "one at a time: hub with questions like a text, nothing cached";
pub(crate) const VOTE_BARE: &str = "200 people vote on one answer, bare axum + sqlx, group commit";
pub(crate) const VOTE: &str = "200 people vote on one answer through the plugin, view and ops answered";

/// What each of these is compared with.
pub(crate) fn base(what: &str) -> Option<&'static str> {
    match what {
        HUB_BARE | FEED_BARE | SIMILAR_BARE | VOTE_BARE | SIMILAR_ALONE => Some(""),
        HUB => Some(HUB_BARE),
        FEED => Some(FEED_BARE),
        SIMILAR => Some(SIMILAR_BARE),
        VOTE => Some(VOTE_BARE),
        _ => None,
    }
}

/// The title of a question: a few words of a hundred, so that a text is like many.
fn title(number: usize) -> String {
    const THINGS: [&str; 10] = [
        "receipts", "laptop", "badge", "trip", "invoice", "printer", "contract", "parking", "training",
        "room",
    ];
    const PLACES: [&str; 10] = [
        "Lund",
        "Kiel",
        "Malmö",
        "Berlin",
        "Hamburg",
        "the lab",
        "the canteen",
        "the fair",
        "the archive",
        "the plant",
    ];
    let (thing, place) = (THINGS[number % 10], PLACES[number / 10 % 10]);
    format!("Who approves the {thing} for {place}, case {number}?")
}

/// What somebody types.
const TYPED: &str = "Who approves receipts for Lund";

/// Plugins of the site beyond comments.
pub(crate) const CONFIGURATION: &str = r#"
[sites.plugins.questions]
grants = ["entries", "entries-write", "marks", "marks-write", "pages", "ledger", "ledger-write"]
[sites.plugins.kudos]
grants = ["entries", "entries-write", "marks", "marks-write", "people", "pages", "ledger", "ledger-write"]
"#;

/// The entries of the site: questions on `hub`, thanks on `feed`.
pub(crate) fn entries() -> Vec<Value> {
    let questions = (0..QUESTIONS).map(|number| {
        json!({
            "id": format!("q{number}"), "plugin": "questions", "kind": "question", "page": "hub", "parent": null,
            "author": format!("p{}", number % 40), "at": number + 20, "body": crate::body(number), "votes": [],
            "fields": {"title": title(number), "tags": ["travel"]},
        })
    });
    let answer = json!({
        "id": "a0", "plugin": "questions", "kind": "answer", "page": "hub", "parent": "q0", "author": "p1",
        "at": 10, "body": crate::body(0), "votes": [], "fields": {},
    });
    let kudos = (0..KUDOS).map(|number| {
        json!({
            "id": format!("k{number}"), "plugin": "kudos", "kind": "kudos", "page": "feed", "parent": null,
            "author": format!("p{}", number % 40), "at": number + 20, "body": crate::body(number), "votes": [],
            "fields": {"recipients": [format!("p{}", (number + 1) % 40)], "values": ["Helps others"]},
        })
    });
    questions.chain([answer]).chain(kudos).collect()
}

/// The same rows for the bare server.
///
/// # Errors
/// When SQLite refuses.
pub(crate) async fn seed_bare(connection: &mut SqliteConnection) -> anyhow::Result<()> {
    for statement in [
        "create table questions (id integer primary key, author text not null, title text not null, \
         body text not null, active_at integer not null, answers integer not null)",
        "create index questions_active on questions (active_at, id)",
        "create virtual table titles using fts5 (title)",
        "create table kudos (id integer primary key, author text not null, recipient text not null, \
         body text not null, created_at integer not null)",
        "create index kudos_newest on kudos (created_at, id)",
        "create table votes (answer integer not null, person text not null, value integer not null, \
         primary key (answer, person)) without rowid",
        "create table answers (id integer primary key, up_count integer not null)",
        "insert into answers (id, up_count) values (1, 0)",
    ] {
        sqlx::query(statement).execute(&mut *connection).await?;
    }
    let mut transaction = connection.begin().await?;
    for number in 0..QUESTIONS {
        let insert =
            "insert into questions (author, title, body, active_at, answers) values ($1, $2, $3, $4, 0)";
        sqlx::query(insert)
            .bind(format!("Person {}", number % 40))
            .bind(title(number))
            .bind(crate::body(number))
            .bind(i64::try_from(number)?)
            .execute(&mut *transaction)
            .await?;
        let insert = "insert into titles (title) values ($1)";
        sqlx::query(insert).bind(title(number)).execute(&mut *transaction).await?;
    }
    for number in 0..KUDOS {
        let insert = "insert into kudos (author, recipient, body, created_at) values ($1, $2, $3, $4)";
        sqlx::query(insert)
            .bind(format!("Person {}", number % 40))
            .bind(format!("Person {}", (number + 1) % 40))
            .bind(crate::body(number))
            .bind(i64::try_from(number)?)
            .execute(&mut *transaction)
            .await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// What the bare server is asked.
pub(crate) fn bare_plan() -> Vec<(&'static str, usize, u16, MakeRequest)> {
    let vote: MakeRequest = Arc::new(|connection, number| {
        let body = json!({"person": format!("p{connection}"), "value": number % 2});
        post("/votes", "", &body.to_string())
    });
    vec![
        (HUB_BARE, READERS, 200, get("/questions", "")),
        (FEED_BARE, READERS, 200, get("/kudos", "")),
        (SIMILAR_BARE, READERS, 200, get("/similar", "")),
        (VOTE_BARE, VOTERS, 200, vote),
    ]
}

const QUESTION_VIEW: &str = "/v1/sites/bench/plugins/questions/view?page=hub&p=";

/// What the host is asked.
///
/// # Errors
/// When the host refuses somebody, or the answer cannot be voted for.
pub(crate) async fn plan(server: &Server) -> anyhow::Result<Vec<(&'static str, usize, u16, MakeRequest)>> {
    let bearer = sign_in(server, "p1").await?;
    let headers = format!("Authorization: Bearer {bearer}\r\nAccept: text/html\r\n");
    let typed = TYPED.replace(' ', "%2B");
    let similar = format!("{QUESTION_VIEW}scope%3Dsite%26like%3D{typed}");
    Ok(vec![
        (HUB, READERS, 200, get(&format!("{QUESTION_VIEW}scope%3Dsite"), &headers)),
        (FEED, READERS, 200, get("/v1/sites/bench/plugins/kudos/view?page=feed&p=scope%3Dsite", &headers)),
        (SIMILAR, READERS, 200, get(&similar, &headers)),
        (SIMILAR_ALONE, 1, 200, get(&similar, &headers)),
        (VOTE, VOTERS, 200, votes(server).await?),
    ])
}

/// Each connection is a person of its own who votes, takes it back, and votes again.
async fn votes(server: &Server) -> anyhow::Result<MakeRequest> {
    let client = reqwest::Client::new();
    let mut heads = Vec::new();
    for connection in 0..VOTERS {
        // Nobody votes for their own answer, which is that of p1.
        let bearer = sign_in(server, &format!("p{}", connection + 2)).await?;
        let listed = async |parameters: &str| -> anyhow::Result<String> {
            let request = client.get(format!("http://{}{QUESTION_VIEW}{parameters}", server.address));
            let request = request.header("Origin", INTRANET).header("Accept", "text/html");
            Ok(request.header("Authorization", format!("Bearer {bearer}")).send().await?.text().await?)
        };
        // The question with the answer is the one that was active last.
        let list = listed("scope%3Dsite").await?;
        let id =
            list.split("q=").find_map(|rest| rest.get(..36)).context("no question is listed")?.to_owned();
        let html = listed(&format!("scope%3Dsite%26q%3D{id}")).await?;
        let answers = html.split("value=\"vote ").last().context("there is nothing to vote for")?;
        let value = answers.split('"').next().unwrap_or_default();
        let mut words = value.split(' ');
        let (token, subject) = words.next().zip(words.next()).context("the button says nothing")?;
        heads.push((bearer, id, token.to_owned(), subject.to_owned()));
    }
    let run = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_nanos();
    Ok(Arc::new(move |connection, number| {
        let (bearer, id, token, subject) = &heads[connection % heads.len()];
        let value = if number % 2 == 0 { "on" } else { "off" };
        let body = json!({
            "page": "hub", "title": "Hub", "url": format!("{INTRANET}/hub"), "p": format!("scope=site&q={id}"),
            "fields": {"do": format!("vote {token} {subject} {value}")},
        });
        let headers =
            format!("Authorization: Bearer {bearer}\r\nIdempotency-Key: v{run}-{connection}-{number}\r\n");
        post("/v1/sites/bench/plugins/questions/act", &headers, &body.to_string())
    }))
}
