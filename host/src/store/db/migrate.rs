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
];

const TABLE: &str = "create table if not exists schema_steps (
    number integer not null,
    name text not null,
    checksum text not null,
    applied_at integer not null,
    constraint schema_steps_key primary key (number)
)";
const APPLIED: &str = "select number, checksum from schema_steps order by number";
const RECORD: &str = "insert into schema_steps (number, name, checksum, applied_at) values ($1, $2, $3, $4)";

/// Apply what is missing, each step in a transaction of its own: a step that was cut off is as if never begun.
///
/// # Errors
/// `Database` when a step fails, when an applied step's text is another than ours, or when the database was
/// written by a newer Stoa.
pub(in crate::store) async fn migrate(connection: &mut Connection, now: Micros) -> Result<(), StoreError> {
    connection.run(TABLE, Vec::new()).await?;
    for row in connection.rows(APPLIED, Vec::new()).await? {
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
