//! The yardstick: a bare axum + sqlx server that selects the same rows and writes JSON, and commits posts in
//! groups. It knows no people, no rules and no views: what it leaves out is what Stoa costs.

use std::path::Path;

use axum::extract::{Query, State};
use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection as _, Row as _, SqliteConnection, SqlitePool};
use tokio::sync::{mpsc, oneshot};

/// What is written.
enum Write {
    Post(Post),
    Vote(Vote),
}

#[derive(Deserialize)]
struct Vote {
    person: String,
    value: i64,
}

#[derive(Serialize)]
struct Listed {
    id: i64,
    author: String,
    about: String,
    body: String,
    at: i64,
}

#[derive(Clone)]
struct Bare {
    pool: SqlitePool,
    writer: mpsc::Sender<(Write, oneshot::Sender<i64>)>,
}

#[derive(Serialize)]
struct Comment {
    id: i64,
    parent: Option<i64>,
    author: String,
    body: String,
    created_at: i64,
    score: i64,
}

#[derive(Deserialize)]
struct Which {
    thread: i64,
}

#[derive(Deserialize)]
struct Post {
    thread: i64,
    author: String,
    body: String,
}

fn options(database: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(database)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
}

/// Make the database with one thread of `count` comments for each of `counts` (threads 1, 2, ...).
///
/// # Errors
/// When SQLite refuses.
pub(crate) async fn seed(database: &Path, counts: &[usize]) -> anyhow::Result<()> {
    let mut connection = SqliteConnection::connect_with(&options(database)).await?;
    sqlx::query(
        "create table comments (id integer primary key, thread integer not null, parent integer, \
         author text not null, body text not null, created_at integer not null, score integer not null)",
    )
    .execute(&mut connection)
    .await?;
    sqlx::query("create index comments_by_thread on comments (thread, created_at, id)")
        .execute(&mut connection)
        .await?;
    sqlx::query("create table notices (id integer primary key, person integer not null, read_at integer)")
        .execute(&mut connection)
        .await?;
    sqlx::query("create index notices_unread on notices (person) where read_at is null")
        .execute(&mut connection)
        .await?;
    crate::social::seed_bare(&mut connection).await?;
    let mut transaction = connection.begin().await?;
    for _ in 0..crate::NOTICES {
        sqlx::query("insert into notices (person) values (1)").execute(&mut *transaction).await?;
    }
    for (thread, &count) in (1_i64..).zip(counts) {
        for number in 0..i64::try_from(count)? {
            sqlx::query("insert into comments (thread, parent, author, body, created_at, score) values ($1, $2, $3, $4, $5, 0)")
                .bind(thread)
                .bind((number % 4 != 0).then_some(number - number % 4 + 1))
                .bind(format!("Person {}", number % 40))
                .bind(crate::body(usize::try_from(number)?))
                .bind(number)
                .execute(&mut *transaction)
                .await?;
        }
    }
    transaction.commit().await?;
    Ok(())
}

/// Serve until killed.
///
/// # Errors
/// When the database or the port cannot be had.
pub(crate) async fn serve(database: &Path, listen: &str) -> anyhow::Result<()> {
    let pool = SqlitePoolOptions::new().max_connections(4).connect_with(options(database)).await?;
    let (writer, posts) = mpsc::channel(1_024);
    let connection = SqliteConnection::connect_with(&options(database)).await?;
    tokio::spawn(write(connection, posts));
    let app = Router::new()
        .route("/comments", get(list).post(create))
        .route("/unread", get(unread))
        .route("/questions", get(questions))
        .route("/kudos", get(kudos))
        .route("/similar", get(similar))
        .route("/votes", axum::routing::post(vote))
        .with_state(Bare { pool, writer });
    axum::serve(tokio::net::TcpListener::bind(listen).await?, app).await?;
    Ok(())
}

async fn list(State(bare): State<Bare>, Query(which): Query<Which>) -> Json<Vec<Comment>> {
    let rows = sqlx::query(
        "select id, parent, author, body, created_at, score from comments where thread = $1 \
         order by created_at, id limit 100",
    )
    .bind(which.thread)
    .fetch_all(&bare.pool)
    .await
    .unwrap_or_default();
    let comment = |row: &sqlx::sqlite::SqliteRow| Comment {
        id: row.get(0),
        parent: row.get(1),
        author: row.get(2),
        body: row.get(3),
        created_at: row.get(4),
        score: row.get(5),
    };
    Json(rows.iter().map(comment).collect())
}

/// As the host counts: up to 100.
async fn unread(State(bare): State<Bare>) -> Json<i64> {
    let count =
        "select count(*) from (select 1 from notices where person = $1 and read_at is null limit 100)";
    Json(sqlx::query_scalar(count).bind(1).fetch_one(&bare.pool).await.unwrap_or(-1))
}

async fn create(State(bare): State<Bare>, Json(post): Json<Post>) -> Json<i64> {
    let (answer, answered) = oneshot::channel();
    let _closed = bare.writer.send((Write::Post(post), answer)).await;
    Json(answered.await.unwrap_or(-1))
}

async fn vote(State(bare): State<Bare>, Json(vote): Json<Vote>) -> Json<i64> {
    let (answer, answered) = oneshot::channel();
    let _closed = bare.writer.send((Write::Vote(vote), answer)).await;
    Json(answered.await.unwrap_or(-1))
}

async fn listed(bare: &Bare, statement: &'static str) -> Json<Vec<Listed>> {
    let rows = sqlx::query(statement).fetch_all(&bare.pool).await.unwrap_or_default();
    let one = |row: &sqlx::sqlite::SqliteRow| Listed {
        id: row.get(0),
        author: row.get(1),
        about: row.get(2),
        body: row.get(3),
        at: row.get(4),
    };
    Json(rows.iter().map(one).collect())
}

async fn questions(State(bare): State<Bare>) -> Json<Vec<Listed>> {
    let statement =
        "select id, author, title, body, active_at from questions order by active_at desc, id desc limit 20";
    listed(&bare, statement).await
}

async fn kudos(State(bare): State<Bare>) -> Json<Vec<Listed>> {
    let statement = "select id, author, recipient, body, created_at from kudos order by created_at desc, id desc limit 20";
    listed(&bare, statement).await
}

/// As the host looks: any of the words, the most fitting first.
async fn similar(State(bare): State<Bare>) -> Json<Vec<Listed>> {
    let statement = "select q.id, q.author, q.title, q.body, q.active_at
        from titles t join questions q on q.id = t.rowid
        where t.title match 'approves or receipts or lund' order by t.rank limit 20";
    listed(&bare, statement).await
}

/// A vote, and how many there are of the answer then.
async fn voted(connection: &mut SqliteConnection, vote: &Vote) -> sqlx::Result<i64> {
    let put = match vote.value {
        0 => "insert into votes (answer, person, value) values (1, $1, 1) on conflict do nothing",
        _ => "delete from votes where answer = 1 and person = $1",
    };
    sqlx::query(put).bind(&vote.person).execute(&mut *connection).await?;
    let count = "update answers set up_count = (select count(*) from votes where answer = 1) where id = 1 returning up_count";
    sqlx::query_scalar(count).fetch_one(connection).await
}

/// One writer; all posts that wait become one transaction and one fsync.
async fn write(mut connection: SqliteConnection, mut posts: mpsc::Receiver<(Write, oneshot::Sender<i64>)>) {
    let mut batch = Vec::new();
    while posts.recv_many(&mut batch, 64).await > 0 {
        let Ok(mut transaction) = connection.begin().await else { return };
        let mut answers = Vec::new();
        for (write, answer) in batch.drain(..) {
            let post = match write {
                Write::Post(post) => post,
                Write::Vote(vote) => {
                    answers.push((answer, voted(&mut transaction, &vote).await.unwrap_or(-1)));
                    continue;
                }
            };
            let done = sqlx::query(
                "insert into comments (thread, parent, author, body, created_at, score) values ($1, null, $2, $3, 0, 0)",
            )
            .bind(post.thread)
            .bind(post.author)
            .bind(post.body)
            .execute(&mut *transaction)
            .await;
            answers.push((answer, done.map_or(-1, |done| done.last_insert_rowid())));
        }
        if transaction.commit().await.is_err() {
            return;
        }
        for (answer, id) in answers {
            let _gone = answer.send(id);
        }
    }
}
