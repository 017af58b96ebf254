//! Changes of what the console keeps.

use crate::base::clock::{DAY, Micros};
use crate::base::id::SiteId;
use crate::store::db::{Connection, values};
use crate::store::model::{AuditLine, ConsoleChange, ConsoleJob, ConsoleSession, StoreError};

/// Kinds of reports kept of one site; more are passed over until old ones are gone.
const REPORTS_MAX: i64 = 200;
/// How long something is kept that is reported no more.
const REPORT_AGE: Micros = 30 * DAY;
/// The largest count that is kept.
const COUNT_MAX: i64 = 1_000_000_000;

const PUT_LINK: &str = "insert into console_links (hash, made_at, expires_at) values ($1, $2, $3)";
const USE_LINK: &str = "update console_links set used_at = $2
    where hash = $1 and used_at is null and expires_at > $2";
const PUT_SESSION: &str = "insert into console_sessions (hash, name, site, person, made_at, expires_at)
    values ($1, $2, $3, $4, $5, $6)";
const FORGET_SESSIONS: &str = "delete from console_sessions where expires_at <= $1";
const END_SESSION: &str = "delete from console_sessions where hash = $1";
const NEW_SITE: &str = "insert into console_sites (site, body, version, changed_at) values ($1, $2, 1, $3)
    on conflict (site) do nothing";
const PUT_SITE: &str = "update console_sites set body = $2, version = version + 1, changed_at = $3
    where site = $1 and version = $4";
const DELETE_SITE: &str = "delete from console_sites where site = $1 and version = $2";
const AUDIT: &str = "insert into console_audit (seq, at, who, site, what, before, after)
    select coalesce(max(seq), 0) + 1, $1, $2, $3, $4, $5, $6 from console_audit";
const AGAIN: &str = "update console_reports set count = case when count < $6 then count + 1 else count end,
        last_at = $5, page = $4
    where site = $1 and code = $2 and origin = $3";
const FORGET_REPORTS: &str = "delete from console_reports where site = $1 and last_at < $2";
const COUNT_REPORTS: &str = "select count(*) from console_reports where site = $1";
const REPORT: &str = "insert into console_reports (site, code, origin, page, count, first_at, last_at)
    values ($1, $2, $3, $4, 1, $5, $5)";
const CLEAR_REPORTS: &str = "delete from console_reports where site = $1";

pub(in crate::store) const STATEMENTS: &[&str] = &[
    PUT_LINK,
    USE_LINK,
    PUT_SESSION,
    FORGET_SESSIONS,
    END_SESSION,
    NEW_SITE,
    PUT_SITE,
    DELETE_SITE,
    AUDIT,
    AGAIN,
    FORGET_REPORTS,
    COUNT_REPORTS,
    REPORT,
    CLEAR_REPORTS,
];

/// Whether it was done: false when what it depends on does not hold, and then nothing is written.
///
/// # Errors
/// `Database`.
pub(in crate::store) async fn apply(
    connection: &mut Connection,
    job: &ConsoleJob,
) -> Result<bool, StoreError> {
    let done = change(connection, &job.change, job.now).await?;
    if let (true, Some(line)) = (done, &job.audit) {
        audit(connection, line).await?;
    }
    Ok(done)
}

async fn change(
    connection: &mut Connection,
    change: &ConsoleChange,
    now: Micros,
) -> Result<bool, StoreError> {
    let changed = match change {
        ConsoleChange::PutLink { hash, expires_at } => {
            connection.run(PUT_LINK, values![hash.as_str(), now, *expires_at]).await?
        }
        ConsoleChange::UseLink { hash, session } => {
            if connection.run(USE_LINK, values![hash.as_str(), now]).await? == 0 {
                return Ok(false);
            }
            put_session(connection, session, now).await?
        }
        ConsoleChange::PutSession(session) => put_session(connection, session, now).await?,
        ConsoleChange::EndSession { hash } => connection.run(END_SESSION, values![hash.as_str()]).await?,
        ConsoleChange::PutSite { site, body, version: 0 } => {
            connection.run(NEW_SITE, values![site.as_str(), body.as_str(), now]).await?
        }
        ConsoleChange::PutSite { site, body, version } => {
            connection.run(PUT_SITE, values![site.as_str(), body.as_str(), now, *version]).await?
        }
        ConsoleChange::DeleteSite { site, version } => {
            connection.run(DELETE_SITE, values![site.as_str(), *version]).await?
        }
        ConsoleChange::Report { site, code, origin, page } => {
            return report(connection, site, [code, origin, page], now).await;
        }
        ConsoleChange::ClearReports { site } => {
            connection.run(CLEAR_REPORTS, values![site.as_str()]).await?;
            return Ok(true);
        }
    };
    Ok(changed > 0)
}

async fn put_session(
    connection: &mut Connection,
    session: &ConsoleSession,
    now: Micros,
) -> Result<u64, StoreError> {
    connection.run(FORGET_SESSIONS, values![now]).await?;
    let (site, person) = match &session.person {
        Some((site, person)) => (Some(site.as_str()), Some(person.as_str())),
        None => (None, None),
    };
    let values = values![session.hash.as_str(), session.name.as_str(), site, person, now, session.expires_at];
    connection.run(PUT_SESSION, values).await
}

async fn audit(connection: &mut Connection, line: &AuditLine) -> Result<(), StoreError> {
    let values = values![
        line.at,
        line.who.as_str(),
        line.site.as_ref().map(SiteId::as_str),
        line.what.as_str(),
        line.before.as_str(),
        line.after.as_str()
    ];
    connection.run(AUDIT, values).await?;
    Ok(())
}

async fn report(
    connection: &mut Connection,
    site: &SiteId,
    [code, origin, page]: [&String; 3],
    now: Micros,
) -> Result<bool, StoreError> {
    let (site, code, origin, page) = (site.as_str(), code.as_str(), origin.as_str(), page.as_str());
    if connection.run(AGAIN, values![site, code, origin, page, now, COUNT_MAX]).await? > 0 {
        return Ok(true);
    }
    connection.run(FORGET_REPORTS, values![site, now - REPORT_AGE]).await?;
    let count = connection.row(COUNT_REPORTS, values![site]).await?;
    if count.map(|row| row.int(0)).transpose()?.unwrap_or_default() >= REPORTS_MAX {
        return Ok(false);
    }
    Ok(connection.run(REPORT, values![site, code, origin, page, now]).await? > 0)
}
