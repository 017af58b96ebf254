//! What pages say at their addresses, and which of them seem to be one.

use crate::base::clock::Micros;
use crate::base::id::SiteId;
use crate::store::db::{Connection, Database, RowRef, values};
use crate::store::model::{PageListed, PageLook, Proposal, ProposalWhy, StoreError};
use crate::store::read::json;

/// Pages in one list.
const LIST_MAX: u32 = 10_000;

const PAGE: &str = "select id from pages where site = $1 and key = $2";
const LOOKED: &str =
    "update pages set looked_at = $3, fingerprint = case when $4 = '' then fingerprint else $4 end
    where site = $1 and id = $2";
/// Another page at an address. A page that was merged into another one keeps its row, and an alias has its key.
const AT: &str = "select p.id from pages p where p.site = $1 and p.url = $2 and p.id <> $3
    and not exists (select 1 from page_aliases l where l.site = p.site and l.alias = p.key) order by p.id limit 1";
/// A page that says the same, the oldest.
const ALIKE: &str = "select p.id from pages p where p.site = $1 and p.fingerprint = $2 and p.id <> $3
    and not exists (select 1 from page_aliases l where l.site = p.site and l.alias = p.key) order by p.id limit 1";
/// What was decided is not asked again, in neither direction.
const PROPOSE: &str = "insert into page_proposals (site, source, target, why, made_at)
    select $1, $2, $3, $4, $5 where not exists (
        select 1 from page_proposals o where o.site = $1 and o.source = $3 and o.target = $2)
    on conflict (site, source, target) do nothing";
const DECIDE: &str = "update page_proposals set decided_at = $4, accepted = $5
    where site = $1 and decided_at is null
        and source = (select s.id from pages s where s.site = $1 and s.key = $2)
        and target = (select t.id from pages t where t.site = $1 and t.key = $3)";
const PROPOSALS: &str = "select s.key, t.key, o.why, o.made_at,
        (select coalesce(sum(h.entry_count), 0) from threads h where h.site = o.site and h.page = o.source)
    from page_proposals o cross join pages s on s.site = o.site and s.id = o.source
        cross join pages t on t.site = o.site and t.id = o.target
    where o.site = $1 and o.decided_at is null
        and not exists (select 1 from page_aliases l where l.site = o.site and l.alias in (s.key, t.key))
    order by o.made_at desc, s.key limit 1000";
const PAGES: &str = "select p.id, p.key, p.title, p.url, coalesce(
        (select json_group_array(l.alias) from page_aliases l where l.site = p.site and l.page = p.id), '[]'),
        coalesce(a.names, case when p.audience is null then '[\"*\"]' else '[]' end), o.name,
        (select coalesce(sum(t.entry_count), 0) from threads t where t.site = p.site and t.page = p.id)
    from pages p left join audiences a on a.number = p.audience
        left join people o on o.site = p.site and o.id = p.owner
    where p.site = $1 and p.key > $2
        and not exists (select 1 from page_aliases l where l.site = p.site and l.alias = p.key)
    order by p.key limit $3 + 0";

pub(in crate::store) const STATEMENTS: &[&str] =
    &[PAGE, LOOKED, AT, ALIKE, PROPOSE, DECIDE, PROPOSALS, PAGES];

/// Keep what was found at a page's address, and propose what follows from it.
///
/// # Errors
/// `Database`.
pub(super) async fn look(
    connection: &mut Connection,
    site: &SiteId,
    look: &PageLook,
    now: Micros,
) -> Result<(), StoreError> {
    let site = site.as_str();
    let Some(row) = connection.row(PAGE, values![site, look.key.as_str()]).await? else { return Ok(()) };
    let page = row.text(0)?;
    connection.run(LOOKED, values![site, page.as_str(), now, look.fingerprint.as_str()]).await?;
    for (address, why) in [(&look.url, ProposalWhy::Redirect), (&look.canonical, ProposalWhy::Canonical)] {
        if address.is_empty() {
            continue;
        }
        if let Some(row) = connection.row(AT, values![site, address.as_str(), page.as_str()]).await? {
            let values = values![site, page.as_str(), row.text(0)?, why.word(), now];
            connection.run(PROPOSE, values).await?;
        }
    }
    if !look.fingerprint.is_empty()
        && let Some(row) =
            connection.row(ALIKE, values![site, look.fingerprint.as_str(), page.as_str()]).await?
    {
        // The newer one of both would lead to the older one: ids grow.
        let other = row.text(0)?;
        let (source, target) = if other < page { (page, other) } else { (other, page) };
        let values = values![site, source, target, ProposalWhy::Content.word(), now];
        connection.run(PROPOSE, values).await?;
    }
    Ok(())
}

/// Note what a person has decided.
///
/// # Errors
/// `Invalid` where nothing is proposed; `Database`.
pub(super) async fn decide(
    connection: &mut Connection,
    site: &SiteId,
    (source, target): (&str, &str),
    accepted: bool,
    now: Micros,
) -> Result<(), StoreError> {
    match connection.run(DECIDE, values![site.as_str(), source, target, now, accepted]).await? {
        0 => Err(StoreError::Invalid(format!("nothing is proposed for `{source}` and `{target}`"))),
        _ => Ok(()),
    }
}

/// What waits for a decision, the newest first, 1,000 at the most.
///
/// # Errors
/// `Database`.
pub(super) async fn proposals(database: &Database, site: &SiteId) -> Result<Vec<Proposal>, StoreError> {
    let proposal = |row: &RowRef<'_>| {
        let why = ProposalWhy::from_word(row.str(2)?)
            .ok_or_else(|| StoreError::Database("a proposal of no kind".to_owned()))?;
        Ok(Proposal {
            source: row.text(0)?,
            target: row.text(1)?,
            why,
            made_at: row.int(3)?,
            entries: row.count(4)?,
        })
    };
    database.rows(PROPOSALS, values![site.as_str()], proposal).await
}

/// Pages in the order of their keys.
///
/// # Errors
/// `Database`.
pub(super) async fn list(
    database: &Database,
    site: &SiteId,
    (after, limit): (&str, u32),
) -> Result<Vec<PageListed>, StoreError> {
    let listed = |row: &RowRef<'_>| {
        Ok(PageListed {
            id: row.str(0)?.into(),
            key: row.text(1)?,
            title: row.text(2)?,
            url: row.text(3)?,
            aliases: json(row.str(4)?)?,
            readers: json(row.str(5)?)?,
            owner: row.maybe_text(6)?,
            entries: row.count(7)?,
        })
    };
    database.rows(PAGES, values![site.as_str(), after, limit.clamp(1, LIST_MAX)], listed).await
}
