//! What is kept for a time only: records of requests, events, and what stood in entries that their authors deleted.
//! Each job takes a bounded number of rows, so that writes of people never wait long behind it.

use crate::base::clock::{DAY, Micros};
use crate::base::id::SiteId;
use crate::store::db::{Connection, values};
use crate::store::model::{Pruned, Retention, StoreError};
use crate::store::write::commit::DELETE_TITLE;

/// Idempotency records are kept this long.
const REQUESTS_KEPT: Micros = DAY;
/// Notices are kept this long.
const NOTICES_KEPT: Micros = 180 * DAY;
/// Rows of a kind in one job.
const ROWS_MAX: u32 = 5_000;
/// Entries in one job: each takes a few statements.
const ENTRIES_MAX: u32 = 200;

const PRUNE_REQUESTS: &str = "delete from requests where (site, person, key) in (
    select site, person, key from requests where made_at < $1 order by made_at limit $2 + 0)";
/// From the oldest on up to the first that is kept: the time of an event grows with its number.
const PRUNE_EVENTS: &str = "delete from events where seq in (
    select seq from events where seq < coalesce(
        (select seq from events where made_at >= $1 order by seq limit 1),
        (select max(seq) + 1 from events))
    order by seq limit $2 + 0)";
const PRUNE_NOTICES: &str = "delete from notices where (site, person, id) in (
    select site, person, id from notices where created_at < $1 order by created_at limit $2 + 0)";
const DELETED: &str =
    "select e.id, e.thread, t.plugin from entries e cross join threads t on t.number = e.thread
    where e.site = $1 and e.state = 'deleted' and e.cleared_at is null and e.state_at < $2
    order by e.state_at limit $3 + 0";
const CLEAR: &str =
    "update entries set body = '', data = '', reason = '', counts = '', up_count = 0, down_count = 0,
    score_top = 0, score_controversial = 0, report_count = 0, suspect = 0, cleared_at = $3
    where site = $1 and id = $2";
const DELETE_REVISIONS: &str = "delete from entry_revisions where site = $1 and entry = $2";
const DELETE_MARKS: &str = "delete from marks where site = $1 and plugin = $2 and target = $3";
const TOUCH: &str = "update threads set revision = revision + 1 where number = $1";

pub(in crate::store) const STATEMENTS: &[&str] =
    &[PRUNE_REQUESTS, PRUNE_EVENTS, PRUNE_NOTICES, DELETED, CLEAR, DELETE_REVISIONS, DELETE_MARKS, TOUCH];

/// Delete what is too old, up to the bounds of one job.
pub(super) async fn prune(connection: &mut Connection, retention: &Retention) -> Result<Pruned, StoreError> {
    let requests_before = retention.now - REQUESTS_KEPT;
    let mut pruned = Pruned {
        requests: connection.run(PRUNE_REQUESTS, values![requests_before, ROWS_MAX]).await?,
        events: connection.run(PRUNE_EVENTS, values![retention.events_before, ROWS_MAX]).await?,
        notices: connection.run(PRUNE_NOTICES, values![retention.now - NOTICES_KEPT, ROWS_MAX]).await?,
        entries: 0,
    };
    for (site, before) in &retention.deleted_before {
        pruned.entries += clear(connection, site, *before, retention.now).await?;
    }
    Ok(pruned)
}

impl Pruned {
    /// Whether a bound of the job was reached, so that another one may find more.
    pub(in crate::store) fn is_full(&self) -> bool {
        let (rows, entries) = (u64::from(ROWS_MAX), u64::from(ENTRIES_MAX));
        self.requests >= rows || self.events >= rows || self.notices >= rows || self.entries >= entries
    }
}

async fn clear(
    connection: &mut Connection,
    site: &SiteId,
    before: Micros,
    now: Micros,
) -> Result<u64, StoreError> {
    let rows = connection.rows(DELETED, values![site.as_str(), before, ENTRIES_MAX]).await?;
    for row in &rows {
        let (id, thread, plugin) = (row.text(0)?, row.int(1)?, row.text(2)?);
        connection.run(CLEAR, values![site.as_str(), id.as_str(), now]).await?;
        connection.run(DELETE_TITLE, values![site.as_str(), id.as_str()]).await?;
        connection.run(DELETE_REVISIONS, values![site.as_str(), id.as_str()]).await?;
        connection.run(DELETE_MARKS, values![site.as_str(), plugin, id]).await?;
        connection.run(TOUCH, values![thread]).await?;
    }
    Ok(u64::try_from(rows.len()).unwrap_or(u64::MAX))
}
