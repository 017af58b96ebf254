//! What somebody has contributed, counted when it is asked for: what is taken back or removed counts no more.

use crate::base::id::{PersonId, SiteId};
use crate::store::db::{Database, RowRef, values};
use crate::store::model::{Contributions, Measures, StoreError};

/// Entries that are looked through.
const ENTRIES_MAX: u32 = 2_000;
/// Tags that are told.
const TAGS_MAX: usize = 5;

const SHARES: &str = "select shares from people where site = $1 and id = $2";
const WRITTEN: &str = "select count(*), coalesce(sum(up_count), 0) from (
    select e.up_count from entries e where e.site = $1 and e.author = $2 and e.plugin = $3 and e.state = 'visible'
    order by e.created_at desc, e.id desc limit $4 + 0) some";
const CHOSEN: &str = "select count(*) from entries e
    cross join entry_holders h on h.site = e.site and h.entry = e.id
    where e.site = $1 and e.author = $2 and e.plugin = $3 and e.state = 'visible' and h.kind = $4 and h.name = $5";
const TAGS: &str = "select f.text, count(*) from entries e
    cross join entry_holders h on h.site = e.site and h.entry = e.id
    cross join entry_fields f on f.site = h.site and f.entry = h.parent
    where e.site = $1 and e.author = $2 and e.plugin = $3 and e.state = 'visible' and h.kind = $4 and h.name = $5
        and f.name = $6 and f.text is not null
    group by f.text order by count(*) desc, f.text limit 5";
const NAMED: &str =
    "select count(*) from entry_fields f cross join entries e on e.site = f.site and e.id = f.entry
    where f.site = $1 and f.plugin = $3 and f.name = $4 and f.text = $2 and e.state = 'visible'";

pub(in crate::store) const STATEMENTS: &[&str] = &[SHARES, WRITTEN, CHOSEN, TAGS, NAMED];

/// What somebody has contributed.
pub(in crate::store) async fn contributions(
    database: &Database,
    site: &SiteId,
    person: &PersonId,
    measures: &[Measures],
) -> Result<Contributions, StoreError> {
    let mut reader = database.snapshot()?;
    let (site, person) = (site.as_str(), person.as_str());
    let shares = reader.row(SHARES, values![site, person], |row| row.int(0)).await?;
    let shares = shares.filter(|shares| *shares < 2).map(|shares| shares == 1);
    let mut all = Contributions { shares, ..Contributions::default() };
    for measure in measures {
        let plugin = measure.plugin.as_str();
        let two = |row: &RowRef<'_>| Ok((row.count(0)?, row.count(1)?));
        let written = reader.row(WRITTEN, values![site, person, plugin, ENTRIES_MAX], two).await?;
        let (written, helpful) = written.unwrap_or_default();
        all.written += written;
        all.helpful += helpful;
        for (kind, name) in &measure.chosen {
            let values = || values![site, person, plugin, kind.as_str(), name.as_str()];
            all.chosen += reader.row(CHOSEN, values(), |row| row.count(0)).await?.unwrap_or_default();
            for tag in &measure.tags {
                let mut values = values();
                values.push(tag.as_str().into());
                let tag = |row: &RowRef<'_>| Ok((row.text(0)?, row.count(1)?));
                all.tags.extend(reader.rows(TAGS, values, tag).await?);
            }
        }
        for name in &measure.named {
            let values = values![site, person, plugin, name.as_str()];
            all.named += reader.row(NAMED, values, |row| row.count(0)).await?.unwrap_or_default();
        }
    }
    all.tags.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    all.tags.truncate(TAGS_MAX);
    Ok(all)
}
