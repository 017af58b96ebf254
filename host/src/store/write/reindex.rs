//! Entries that were there before a manifest made a field `indexed` or a kind `unique`: indexed anew, so that queries find
//! them and nobody takes their place. Nothing is written where nothing is missing.

use std::collections::BTreeMap;

use stoa_rules::Kind;

use super::commit::{IndexedRow, PUT_KEY, Unique};
use crate::store::db::{Connection, Row, values};
use crate::store::model::{DeclaredOn, StoreError, fields_of};

/// Entries without an index of a field whose name stands in their values.
const UNINDEXED: &str = "select e.id, e.thread, e.data, e.created_at from entries e
    where e.site = $1 and e.plugin = $2 and e.kind = $3 and e.state in ('visible', 'held')
        and instr(e.data, $5) > 0 and not exists (
            select 1 from entry_fields x where x.site = e.site and x.entry = e.id and x.name = $4)";
/// Entries of a kind in the order in which they came, with what only one may have and the key that they have.
const KEYED: &str = "select e.id, e.parent, e.author, t.page, k.key
    from entries e cross join threads t on t.number = e.thread
    left join entry_keys k on k.site = e.site and k.entry = e.id
    where e.site = $1 and e.plugin = $2 and e.kind = $3 and e.state in ('visible', 'held')
    order by e.created_at, e.id";
const DELETE_KEY: &str = "delete from entry_keys where site = $1 and entry = $2";

pub(in crate::store) const STATEMENTS: &[&str] = &[UNINDEXED, KEYED, DELETE_KEY];

/// Index what is missing; how many entries were.
pub(super) async fn run(connection: &mut Connection, of: &DeclaredOn) -> Result<u64, StoreError> {
    let mut count = 0;
    for (name, kind) in &of.declared.kinds {
        for field in kind.fields.iter().filter(|(_, field)| field.indexed).map(|(field, _)| field) {
            count += index(connection, of, (name, kind), field).await?;
        }
        if kind.unique.is_some() {
            count += key(connection, of, name, kind).await?;
        }
    }
    Ok(count)
}

async fn index(
    connection: &mut Connection,
    of: &DeclaredOn,
    (name, kind): (&str, &Kind),
    field: &str,
) -> Result<u64, StoreError> {
    let (site, plugin) = (of.site.as_str(), of.plugin.as_str());
    // As values are written: names need no escape, and a quote inside of a value has one.
    let values = values![site, plugin, name, field, format!("\"{field}\":")];
    let mut count = 0;
    for row in connection.rows(UNINDEXED, values).await? {
        let (entry, data) = (row.text(0)?, row.text(2)?);
        let mut fields = fields_of(&data)?;
        fields.retain(|one, _| one == field);
        if fields.is_empty() {
            continue;
        }
        let row = IndexedRow {
            site,
            entry: &entry,
            plugin,
            thread: row.int(1)?,
            kind: name,
            created_at: row.int(3)?,
        };
        row.put(connection, kind, &fields).await?;
        count += 1;
    }
    Ok(count)
}

/// The earliest keeps the place where several are there already; [`duplicates`] tells of the others.
async fn key(
    connection: &mut Connection,
    of: &DeclaredOn,
    name: &str,
    kind: &Kind,
) -> Result<u64, StoreError> {
    let (site, plugin) = (of.site.as_str(), of.plugin.as_str());
    let mut count = 0;
    for row in connection.rows(KEYED, values![site, plugin, name]).await? {
        let (entry, key) = (row.text(0)?, key_of(&row, kind)?);
        let had = row.maybe_text(4)?;
        if had.as_ref() == Some(&key) {
            continue;
        }
        if had.is_some() {
            connection.run(DELETE_KEY, values![site, entry.as_str()]).await?;
        }
        count += connection.run(PUT_KEY, values![site, plugin, name, key, entry.as_str()]).await?;
    }
    Ok(count)
}

/// Entries of kinds of which only one may be there, where more are: one line for each place.
pub(in crate::store) async fn duplicates(
    connection: &mut Connection,
    of: &DeclaredOn,
) -> Result<Vec<String>, StoreError> {
    let (site, plugin) = (of.site.as_str(), of.plugin.as_str());
    let mut found = Vec::new();
    for (name, kind) in of.declared.kinds.iter().filter(|(_, kind)| kind.unique.is_some()) {
        let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for row in connection.rows(KEYED, values![site, plugin, name.as_str()]).await? {
            places.entry(key_of(&row, kind)?).or_default().push(row.text(0)?);
        }
        for (key, entries) in places.into_iter().filter(|(_, entries)| entries.len() > 1) {
            found.push(format!(
                "sites.{site}.plugins.{plugin}: {} entries of the kind `{name}` where only one may be ({key}): {}",
                entries.len(),
                entries.join(", ")
            ));
        }
    }
    Ok(found)
}

/// The key under which an entry takes its place.
fn key_of(row: &Row, kind: &Kind) -> Result<String, StoreError> {
    let (parent, author, page) = (row.maybe_text(1)?, row.maybe_text(2)?, row.text(3)?);
    let (parent, author) = (parent.unwrap_or_default(), author.unwrap_or_default());
    let unique = Unique { parent: &parent, author: &author, page: &page };
    Ok(kind.unique.as_ref().map(|one| unique.key(one)).unwrap_or_default())
}
