//! Looks whether the store is what it says: the file whole, every statement in form, every counter equal to a recount.

use super::db::{Connection, Database, values};
use super::model::StoreError;
use super::read::{self, Statements};
use super::{rules, write};

const THREADS: &str = "select t.number from threads t where
    t.entry_count <> (select count(*) from entries e where e.thread = t.number and e.state = 'visible')
    or t.root_count <> (
        select count(*) from entries e where e.thread = t.number and e.state = 'visible' and e.parent is null)";
const BELOW: &str = "with recursive below (site, top, id, state) as (
        select e.site, e.parent, e.id, e.state from entries e where e.parent is not null
        union all
        select b.site, p.parent, b.id, b.state from below b cross join entries p
        where p.site = b.site and p.id = b.top and p.parent is not null
    ), counted (site, top, visible, waiting) as (
        select site, top, sum(case when state = 'visible' then 1 else 0 end),
            sum(case when state in ('held', 'rejected') then 1 else 0 end)
        from below group by site, top
    )
    select e.site, e.id, e.state, e.reply_count, e.waiting_count, coalesce(c.visible, 0), coalesce(c.waiting, 0),
        e.listed, e.answer_count, (
            select count(*) from entries a where a.site = e.site and a.parent = e.id and a.state = 'visible'
                and a.author is distinct from e.author),
        t.plugin, e.counts, e.up_count, e.down_count, e.report_count, e.score_top, e.score_controversial
    from entries e cross join threads t on t.number = e.thread
    left join counted c on c.site = e.site and c.top = e.id";
const SPACES: &str = "select s.site, s.plugin from plugin_spaces s where s.byte_count <> (
    select coalesce(sum(octet_length(v.value) + octet_length(v.key)), 0) from plugin_values v
    where v.site = s.site and v.plugin = s.plugin)";

/// What is wrong, one line for each finding; nothing when all is well.
pub(super) async fn check(database: &Database, statements: &Statements) -> Result<Vec<String>, StoreError> {
    let mut connection = database.writer().await?;
    let findings = look(&mut connection, statements).await;
    connection.close().await?;
    findings
}

async fn look(connection: &mut Connection, statements: &Statements) -> Result<Vec<String>, StoreError> {
    let mut findings = Vec::new();
    for row in connection.rows("pragma integrity_check", Vec::new()).await? {
        let line = row.text(0)?;
        if line != "ok" {
            findings.push(format!("the file is damaged: {line}"));
        }
    }
    for row in connection.rows("pragma foreign_key_check", Vec::new()).await? {
        findings.push(format!("a row of {} points to nothing", row.text(0)?));
    }
    let written = [
        read::STATEMENTS,
        write::COMMIT_STATEMENTS,
        write::ENTRY_STATEMENTS,
        write::MARK_STATEMENTS,
        write::PEOPLE_STATEMENTS,
        write::IMPORT_STATEMENTS,
        write::RETENTION_STATEMENTS,
    ];
    let written = written.into_iter().flatten().copied();
    for statement in written.chain(statements.all().map(|statement| &**statement)) {
        if let Err(error) = connection.prepare(statement).await {
            findings.push(format!("a statement is not in form: {error}: {statement}"));
        }
    }
    // One snapshot, so that writes meanwhile make no differences.
    connection.script("begin").await?;
    let counted = count(connection, &mut findings).await;
    connection.script("rollback").await?;
    counted.map(|()| findings)
}

async fn count(connection: &mut Connection, findings: &mut Vec<String>) -> Result<(), StoreError> {
    for row in connection.rows(THREADS, Vec::new()).await? {
        findings.push(format!("thread {}: its entries are counted wrongly", row.int(0)?));
    }
    for row in connection.rows(SPACES, Vec::new()).await? {
        findings.push(format!(
            "site {}, plugin {}: its space is counted wrongly",
            row.text(0)?,
            row.text(1)?
        ));
    }
    for row in connection.rows(BELOW, values![]).await? {
        let (site, id, plugin) = (row.text(0)?, row.text(1)?, row.text(10)?);
        let word = row.text(2)?;
        let state = super::State::from_word(&word)
            .ok_or_else(|| StoreError::Database(format!("{word} is no state of an entry")))?;
        let listed = rules::listed(state, row.int(5)?, row.int(6)?);
        if (row.int(3)?, row.int(4)?, row.int(7)?, row.int(8)?)
            != (row.int(5)?, row.int(6)?, listed, row.int(9)?)
        {
            findings.push(format!("site {site}, entry {id}: its answers are counted wrongly"));
        }
        let tally = write::tally(connection, &site, &plugin, &id).await?;
        let kept = (row.text(11)?, row.count(12)?, row.count(13)?, row.count(14)?);
        let scores =
            (rules::score_top(tally.up, tally.down), rules::score_controversial(tally.up, tally.down));
        if kept != (tally.counts, tally.up, tally.down, tally.reports)
            || (row.int(15)?, row.int(16)?) != scores
        {
            findings.push(format!("site {site}, entry {id}: its marks are counted wrongly"));
        }
    }
    Ok(())
}
