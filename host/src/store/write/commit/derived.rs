//! Fields that the host keeps: how many replies of a kind an entry has, and which reply holds a field. They follow the
//! replies in the same transaction and make no version of the entry.

use stoa_rules::{Declared, Derived, Fields, State, Value, fields_to_json, set_values};

use super::fields::{HOLDER, IndexedRow, PUT_DATA};
use crate::store::db::{Connection, values};
use crate::store::model::{StoreError, fields_of};

const PARENT: &str = "select e.kind, e.data, e.state, e.plugin, e.thread, e.created_at
    from entries e where e.site = $1 and e.id = $2";
const COUNT: &str = "select count(*) from entries e
    where e.site = $1 and e.parent = $2 and e.kind = $3 and e.state = 'visible'";

pub(in crate::store) const STATEMENTS: &[&str] = &[PARENT, COUNT];

/// Bring what is derived from the replies to an entry up to date.
pub(in crate::store) async fn derive(
    connection: &mut Connection,
    site: &str,
    declared: &Declared,
    id: &str,
) -> Result<(), StoreError> {
    let Some(row) = connection.row(PARENT, values![site, id]).await? else { return Ok(()) };
    let (kind_name, plugin) = (row.text(0)?, row.text(3)?);
    let Some(kind) = declared.kinds.get(&kind_name) else { return Ok(()) };
    let mut wanted = Fields::new();
    for (name, field) in &kind.fields {
        if let Some(derived) = field.derived() {
            wanted.insert(name.clone(), value(connection, site, id, derived).await?);
        }
    }
    let mut fields = fields_of(row.str(1)?)?;
    let changed = set_values(&mut fields, &wanted);
    if changed.is_empty() {
        return Ok(());
    }
    let data = if fields.is_empty() { String::new() } else { fields_to_json(&fields) };
    connection.run(PUT_DATA, values![site, id, data]).await?;
    if !matches!(State::from_word(row.str(2)?), Some(State::Visible | State::Held)) {
        return Ok(());
    }
    let indexed = IndexedRow {
        site,
        entry: id,
        plugin: &plugin,
        thread: row.int(4)?,
        kind: &kind_name,
        created_at: row.int(5)?,
    };
    for name in &changed {
        indexed.delete(connection, name).await?;
    }
    let new: Fields = wanted.iter().filter(|(name, _)| changed.contains(&name.as_str())).map(pair).collect();
    indexed.put(connection, kind, &new).await
}

fn pair((name, value): (&String, &Value)) -> (String, Value) {
    (name.clone(), value.clone())
}

/// What is true of the replies now; nothing for none.
async fn value(
    connection: &mut Connection,
    site: &str,
    id: &str,
    derived: Derived<'_>,
) -> Result<Value, StoreError> {
    match derived {
        Derived::Count(kind) => {
            let row = connection.row(COUNT, values![site, id, kind]).await?;
            let count = row.map_or(Ok(0), |row| row.int(0))?;
            Ok(if count == 0 { Value::Unset } else { Value::Number(count) })
        }
        Derived::Holder(kind, field) => {
            let row = connection.row(HOLDER, values![site, id, kind, field]).await?;
            row.map_or(Ok(Value::Unset), |row| row.text(0).map(Value::Text))
        }
    }
}
