//! What is asked about the console.

use crate::base::clock::Micros;
use crate::base::id::{PersonId, SiteId};
use crate::store::db::{Database, values};
use crate::store::model::{AuditLine, ConsoleSession, FieldReport, SavedSite, StoreError};

const LINKS: &str = "select 1 from console_links limit 1";
const SESSION: &str =
    "select hash, name, site, person, expires_at from console_sessions where hash = $1 and expires_at > $2";
const SITES: &str = "select site, body, version from console_sites order by site";
const AUDIT: &str = "select seq, at, who, site, what, before, after from console_audit
    where seq < $1 order by seq desc limit $2 + 0";
const AUDIT_OF: &str = "select seq, at, who, site, what, before, after from console_audit
    where site = $3 and seq < $1 order by seq desc limit $2 + 0";
const REPORTS: &str = "select code, origin, page, count, first_at, last_at from console_reports
    where site = $1 order by last_at desc, code, origin";
const HELD: &str = "select plugin, count(*) from (
    select plugin from entries where site = $1 and state = 'held' limit 1000) waiting
    group by plugin order by plugin";
const PEOPLE: &str = "select count(*) from (select 1 from people where site = $1 limit 100000) some";

pub(in crate::store) const STATEMENTS: &[&str] =
    &[LINKS, SESSION, SITES, AUDIT, AUDIT_OF, REPORTS, HELD, PEOPLE];

pub(super) async fn has_links(database: &Database) -> Result<bool, StoreError> {
    Ok(database.row(LINKS, values![], |_| Ok(())).await?.is_some())
}

pub(super) async fn session(
    database: &Database,
    hash: &str,
    now: Micros,
) -> Result<Option<ConsoleSession>, StoreError> {
    database
        .row(SESSION, values![hash, now], |row| {
            let person = row.maybe_str(2)?.zip(row.maybe_str(3)?);
            Ok(ConsoleSession {
                hash: row.text(0)?,
                name: row.text(1)?,
                person: person.map(|(site, person)| (SiteId::from(site), PersonId::from(person))),
                expires_at: row.int(4)?,
            })
        })
        .await
}

pub(super) async fn sites(database: &Database) -> Result<Vec<SavedSite>, StoreError> {
    database
        .rows(SITES, values![], |row| {
            Ok(SavedSite { site: SiteId::from(row.str(0)?), body: row.text(1)?, version: row.count(2)? })
        })
        .await
}

pub(super) async fn audit(
    database: &Database,
    site: Option<&SiteId>,
    before: u64,
    limit: u32,
) -> Result<Vec<(u64, AuditLine)>, StoreError> {
    let before = i64::try_from(before).unwrap_or(i64::MAX);
    let (statement, values) = match site {
        Some(site) => (AUDIT_OF, values![before, limit, site.as_str()]),
        None => (AUDIT, values![before, limit]),
    };
    database
        .rows(statement, values, |row| {
            let line = AuditLine {
                at: row.int(1)?,
                who: row.text(2)?,
                site: row.maybe_str(3)?.map(SiteId::from),
                what: row.text(4)?,
                before: row.text(5)?,
                after: row.text(6)?,
            };
            Ok((u64::try_from(row.int(0)?).unwrap_or_default(), line))
        })
        .await
}

pub(super) async fn reports(database: &Database, site: &SiteId) -> Result<Vec<FieldReport>, StoreError> {
    database
        .rows(REPORTS, values![site.as_str()], |row| {
            Ok(FieldReport {
                code: row.text(0)?,
                origin: row.text(1)?,
                page: row.text(2)?,
                count: row.count(3)?,
                first_at: row.int(4)?,
                last_at: row.int(5)?,
            })
        })
        .await
}

pub(super) async fn held(database: &Database, site: &SiteId) -> Result<Vec<(String, u32)>, StoreError> {
    database.rows(HELD, values![site.as_str()], |row| Ok((row.text(0)?, row.count(1)?))).await
}

pub(super) async fn count_people(database: &Database, site: &SiteId) -> Result<u32, StoreError> {
    Ok(database.row(PEOPLE, values![site.as_str()], |row| row.count(0)).await?.unwrap_or_default())
}
