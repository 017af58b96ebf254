//! Brings the schema up to date: numbered steps, forward only, each recorded with its checksum.

use sha2::{Digest as _, Sha256};

use super::{Connection, values};
use crate::base::clock::Micros;
use crate::store::model::StoreError;

/// One step: its number, its name, its text.
struct Step {
    number: i64,
    name: &'static str,
    text: &'static str,
}

/// All steps in order. A step that was released is never changed: the checksum of what was applied is kept.
const STEPS: &[Step] = &[
    Step {
        number: 1,
        name: "social_store",
        text: include_str!("../../../migrations/sqlite/0001_social_store.sql"),
    },
    Step {
        number: 2,
        name: "held_entries",
        text: include_str!("../../../migrations/sqlite/0002_held_entries.sql"),
    },
    Step {
        number: 3,
        name: "retention",
        text: include_str!("../../../migrations/sqlite/0003_retention.sql"),
    },
    Step {
        number: 4,
        name: "entries_of_every_plugin",
        text: include_str!("../../../migrations/sqlite/0004_entries_of_every_plugin.sql"),
    },
    Step { number: 5, name: "titles", text: include_str!("../../../migrations/sqlite/0005_titles.sql") },
    Step { number: 6, name: "notices", text: include_str!("../../../migrations/sqlite/0006_notices.sql") },
    Step { number: 7, name: "ledger", text: include_str!("../../../migrations/sqlite/0007_ledger.sql") },
    Step {
        number: 8,
        name: "directory",
        text: include_str!("../../../migrations/sqlite/0008_directory.sql"),
    },
    Step { number: 9, name: "console", text: include_str!("../../../migrations/sqlite/0009_console.sql") },
    Step { number: 10, name: "pages", text: include_str!("../../../migrations/sqlite/0010_pages.sql") },
    Step { number: 11, name: "social", text: include_str!("../../../migrations/sqlite/0011_social.sql") },
];

const TABLE: &str = "create table if not exists schema_steps (
    number integer not null,
    name text not null,
    checksum text not null,
    applied_at integer not null,
    constraint schema_steps_key primary key (number)
)";
const HAS_TABLE: &str = "select 1 from sqlite_schema where type = 'table' and name = 'schema_steps'";
const APPLIED: &str = "select number, checksum from schema_steps order by number";
const RECORD: &str = "insert into schema_steps (number, name, checksum, applied_at) values ($1, $2, $3, $4)";

/// How many steps are missing; nothing is changed.
///
/// # Errors
/// As [`migrate`], apart from steps that fail.
pub(in crate::store) async fn missing(connection: &mut Connection) -> Result<usize, StoreError> {
    match connection.row(HAS_TABLE, Vec::new()).await? {
        Some(_) => Ok(STEPS.len() - check_applied(connection).await?),
        None => Ok(STEPS.len()),
    }
}

/// How many steps are applied: each is one of ours, with our text.
async fn check_applied(connection: &mut Connection) -> Result<usize, StoreError> {
    let applied = connection.rows(APPLIED, Vec::new()).await?;
    for row in &applied {
        let number = row.int(0)?;
        let Some(step) = STEPS.iter().find(|step| step.number == number) else {
            return Err(StoreError::Database(format!(
                "the database has schema step {number}, made by a newer Stoa: start that version"
            )));
        };
        if checksum(step) != row.text(1)? {
            return Err(StoreError::Database(format!(
                "schema step {number} ({}) was applied with another text: restore the database or the program",
                step.name
            )));
        }
    }
    Ok(applied.len())
}

/// Apply what is missing, each step in a transaction of its own: a step that was cut off is as if never begun.
///
/// # Errors
/// `Database` when a step fails, when an applied step's text is another than ours, or when the database was
/// written by a newer Stoa.
pub(in crate::store) async fn migrate(connection: &mut Connection, now: Micros) -> Result<(), StoreError> {
    connection.run(TABLE, Vec::new()).await?;
    check_applied(connection).await?;
    for step in STEPS {
        connection.script("begin immediate").await?;
        let applied = apply(connection, step, now).await;
        connection.script(if applied.is_ok() { "commit" } else { "rollback" }).await?;
        applied?;
    }
    Ok(())
}

/// Looked up again under the lock: two processes may start at the same time.
async fn apply(connection: &mut Connection, step: &Step, now: Micros) -> Result<(), StoreError> {
    let known = connection.row("select 1 from schema_steps where number = $1", values![step.number]).await?;
    if known.is_none() {
        connection.script(step.text).await?;
        connection.run(RECORD, values![step.number, step.name, checksum(step), now]).await?;
    }
    Ok(())
}

fn checksum(step: &Step) -> String {
    hex::encode(Sha256::digest(step.text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::{APPLIED, RECORD, STEPS, TABLE, checksum, migrate};
    use crate::store::db::{Database, values};
    use crate::store::{Order, Store, ThreadQuery, Viewer};

    /// A question with a reply, a held one and a vote, as the first version kept them.
    const DATA: &str = "insert into sites (id, created_at) values ('demo', 1);
        insert into people (site, id, issuer, subject, name, email, title, team, roles, member_of, active, issued_at, created_at)
            values ('demo', 'anna', 'i', 'anna', 'Anna', '', '', '', '[]', '[]', 1, 1, 1);
        insert into pages (site, id, key, url, title, created_at) values ('demo', 'p', 'page', '', '', 1);
        insert into threads (number, site, page, plugin, entry_count, root_count) values (1, 'demo', 'p', 'comments', 2, 1);
        insert into entries (site, id, thread, kind, parent, root, depth, author, parent_author, body, data, state, reason,
            state_at, version, created_at, edited_at, listed, reply_count, waiting_count, up_count, score_top, counts)
            values
            ('demo', 'a', 1, 'comment', null, 'a', 0, 'anna', null, 'start', '', 'visible', '', 10, 2, 10, 15, 1, 1, 1, 1, 206543291, '[[\"vote\",\"1\",1]]'),
            ('demo', 'b', 1, 'comment', 'a', 'a', 1, 'anna', 'anna', 'reply', '', 'visible', '', 20, 1, 20, null, 1, 0, 0, 0, 0, ''),
            ('demo', 'c', 1, 'comment', 'a', 'a', 1, 'anna', 'anna', 'held', '', 'held', 'pre', 30, 1, 30, null, 2, 0, 0, 0, 0, '');
        insert into entry_revisions (site, entry, version, author, replaced_at, body) values ('demo', 'a', 1, 'anna', 15, 'old');
        insert into marks (site, plugin, target, person, kind, value, put_at) values ('demo', 'comments', 'a', 'anna', 'vote', '1', 12);";

    #[tokio::test]
    async fn a_title_that_is_older_than_the_search_for_titles_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("stoa.db").display());
        let database = Database::open(&url).await.unwrap();
        let mut connection = database.writer().await.unwrap();
        connection.run(TABLE, Vec::new()).await.unwrap();
        for step in STEPS.iter().filter(|step| step.number < 5) {
            connection.script(step.text).await.unwrap();
            let values = values![step.number, step.name, checksum(step), 1_i64];
            connection.run(RECORD, values).await.unwrap();
        }
        connection.script(DATA).await.unwrap();
        let title = "update entries set plugin = 'questions', data = '{\"title\":\"Täxi from Lund?\"}' where id = 'a'";
        connection.script(title).await.unwrap();
        migrate(&mut connection, 2).await.unwrap();
        let found = "select count(*) from entry_titles where entry_titles match 'taxi'";
        let count = connection.row(found, Vec::new()).await.unwrap().unwrap().int(0).unwrap();
        assert_eq!(count, 1);
        connection.close().await.unwrap();
    }

    #[tokio::test]
    async fn what_the_first_version_kept_is_there_after_every_step() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("stoa.db").display());
        let database = Database::open(&url).await.unwrap();
        let mut connection = database.writer().await.unwrap();
        connection.run(TABLE, Vec::new()).await.unwrap();
        connection.script(STEPS[0].text).await.unwrap();
        let values = values![STEPS[0].number, STEPS[0].name, checksum(&STEPS[0]), 1_i64];
        connection.run(RECORD, values).await.unwrap();
        connection.script(DATA).await.unwrap();
        migrate(&mut connection, 2).await.unwrap();
        migrate(&mut connection, 3).await.unwrap();
        assert_eq!(connection.rows(APPLIED, Vec::new()).await.unwrap().len(), STEPS.len());
        connection.close().await.unwrap();
        let store = Store::open(&url).await.unwrap();
        assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
        let (site, plugin) = ("demo".into(), "comments".into());
        let viewer = Viewer { person: Some("anna".into()), moderates: false, vouched: None };
        let query = ThreadQuery {
            order: Order::Newest,
            after: None,
            limit: 9,
            replies: 9,
            expanded: Vec::new(),
            since: None,
        };
        let found = store.list_threads(&site, &plugin, "page", &viewer, &query).await.unwrap();
        let told: Vec<_> = found
            .entries
            .iter()
            .map(|entry| (entry.body.as_str(), entry.active_at, entry.mine.len(), entry.fields.len()))
            .collect();
        assert_eq!(told, [("start", 20, 1, 0), ("reply", 20, 0, 0), ("held", 30, 0, 0)]);
        let old = store.get_revisions(&site, &plugin, &"a".into()).await.unwrap();
        assert_eq!((old[0].body.as_str(), old[0].by_moderator, old[0].fields.len()), ("old", false, 0));
    }
}
