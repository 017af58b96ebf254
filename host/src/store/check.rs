//! Looks whether the store is what it says: the file whole, every statement in form, every counter equal to a recount.

use stoa_rules::{State, Value, listed, score_controversial, score_top};

use super::db::{Connection, Database, values};
use super::ledger;
use super::model::{StoreError, fields_of};
use super::read::{self, Statements};
use super::write::{self, Indexed, indexed};
use super::{console, notices};

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

const ACTIVE: &str = "select e.site, e.id from entries e cross join threads t on t.number = e.thread
    where e.plugin <> t.plugin or e.active_at <> case
        when e.parent is not null then e.created_at
        else (
            select max(n.at) from (
                select coalesce(e.edited_at, e.created_at) as at
                union all
                select r.created_at from entries r
                where r.site = e.site and r.root = e.id and r.parent is not null and r.state = 'visible'
            ) n)
        end";
const FIELDS: &str = "select f.site, f.entry, f.name, f.item, f.text, f.number, e.data, (
        select count(*) from entry_fields o where o.site = f.site and o.entry = f.entry and o.name = f.name)
    from entry_fields f cross join entries e
    where e.site = f.site and e.id = f.entry and e.state in ('visible', 'held') and e.plugin = f.plugin
        and e.thread = f.thread and e.kind = f.kind and e.created_at = f.created_at";
const STRAY_FIELDS: &str = "select f.site, f.entry, f.name from entry_fields f where not exists (
    select 1 from entries e
    where e.site = f.site and e.id = f.entry and e.state in ('visible', 'held') and e.plugin = f.plugin
        and e.thread = f.thread and e.kind = f.kind and e.created_at = f.created_at)";
const HOLDERS: &str =
    "select h.site, h.entry, h.name, e.data, e.state = 'visible' and e.parent = h.parent and e.kind = h.kind
    from entry_holders h cross join entries e where e.site = h.site and e.id = h.entry";
const KEYS: &str = "select k.site, k.entry from entry_keys k where not exists (
    select 1 from entries e
    where e.site = k.site and e.id = k.entry and e.state in ('visible', 'held') and e.plugin = k.plugin
        and e.kind = k.kind)";

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
    let written = [write::IMPORT_STATEMENTS, write::REINDEX_STATEMENTS, write::RETENTION_STATEMENTS];
    let told = [notices::READ_STATEMENTS, notices::WRITE_STATEMENTS, read::PROFILE_STATEMENTS];
    let asked = [console::READ_STATEMENTS, console::WRITE_STATEMENTS];
    let written = written
        .into_iter()
        .chain(write::PEOPLE_STATEMENTS)
        .chain(told)
        .chain(asked)
        .chain(read::STATEMENTS)
        .chain(write::COMMIT_STATEMENTS)
        .chain(write::PAGES_STATEMENTS);
    let written = written.flatten().copied();
    for statement in written.chain(statements.all().map(|statement| &**statement)) {
        if let Err(error) = connection.prepare(statement).await {
            findings.push(format!("a statement is not in form: {error}: {statement}"));
        }
    }
    // One snapshot, so that writes meanwhile make no differences.
    connection.script("begin").await?;
    let counted = match count(connection, &mut findings).await {
        Ok(()) => look_up(connection, &mut findings).await,
        error => error,
    };
    let counted = match counted {
        Ok(()) => ledger::check(connection, &mut findings).await,
        error => error,
    };
    connection.script("rollback").await?;
    counted.map(|()| findings)
}

/// What lists find entries by.
async fn look_up(connection: &mut Connection, findings: &mut Vec<String>) -> Result<(), StoreError> {
    for row in connection.rows(ACTIVE, values![]).await? {
        let (site, id) = (row.text(0)?, row.text(1)?);
        findings.push(format!("site {site}, entry {id}: its place among the active ones is wrong"));
    }
    for row in connection.rows(STRAY_FIELDS, values![]).await? {
        let (site, id, name) = (row.text(0)?, row.text(1)?, row.text(2)?);
        findings.push(format!("site {site}, entry {id}: `{name}` is indexed, but the entry is not so"));
    }
    for row in connection.rows(FIELDS, values![]).await? {
        let (site, id, name) = (row.text(0)?, row.text(1)?, row.text(2)?);
        let fields = fields_of(row.str(6)?)?;
        let wanted = fields.get(&name).map(indexed).unwrap_or_default();
        let item = usize::try_from(row.int(3)?).unwrap_or(usize::MAX);
        let kept = match row.maybe_int(5)? {
            Some(number) => Indexed::Number(number),
            None => Indexed::Text(row.text(4)?),
        };
        if wanted.get(item) != Some(&kept) || i64::try_from(wanted.len()) != Ok(row.int(7)?) {
            findings.push(format!("site {site}, entry {id}: `{name}` is indexed with another value"));
        }
    }
    for row in connection.rows(HOLDERS, values![]).await? {
        let name = row.text(2)?;
        if !row.flag(4)? || fields_of(row.str(3)?)?.get(&name) != Some(&Value::Boolean(true)) {
            let (site, id) = (row.text(0)?, row.text(1)?);
            findings.push(format!("site {site}, entry {id}: it is said to hold `{name}` and does not"));
        }
    }
    for row in connection.rows(KEYS, values![]).await? {
        let (site, id) = (row.text(0)?, row.text(1)?);
        findings.push(format!("site {site}, entry {id}: it keeps others out without being there"));
    }
    Ok(())
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
        let state = State::from_word(&word)
            .ok_or_else(|| StoreError::Database(format!("{word} is no state of an entry")))?;
        let lines = listed(state, row.int(5)?, row.int(6)?).number();
        if (row.int(3)?, row.int(4)?, row.int(7)?, row.int(8)?)
            != (row.int(5)?, row.int(6)?, lines, row.int(9)?)
        {
            findings.push(format!("site {site}, entry {id}: its answers are counted wrongly"));
        }
        let tally = write::tally(connection, &site, &plugin, &id).await?;
        let kept = (row.text(11)?, row.count(12)?, row.count(13)?, row.count(14)?);
        let scores = (score_top(tally.up, tally.down), score_controversial(tally.up, tally.down));
        if kept != (tally.counts, tally.up, tally.down, tally.reports)
            || (row.int(15)?, row.int(16)?) != scores
        {
            findings.push(format!("site {site}, entry {id}: its marks are counted wrongly"));
        }
    }
    Ok(())
}
