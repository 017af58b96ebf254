//! The private space of a plugin: keys and values, and how much of it is used.

use stoa_rules::limits::{KEY_BYTES_MAX, SPACE_BYTES_MAX, VALUE_BYTES_MAX};

use super::{Applying, HERE};
use crate::store::db::values;
use crate::store::model::{CommitError, StoreError};

const SPACE: &str = "select
    coalesce((select byte_count from plugin_spaces where site = $1 and plugin = $2), 0),
    coalesce((select octet_length(v.value) from plugin_values v where v.site = $1 and v.plugin = $2 and v.key = $3), -1)";
const PUT_SPACE: &str = "insert into plugin_spaces (site, plugin, byte_count) values ($1, $2, $3)
    on conflict (site, plugin) do update set byte_count = excluded.byte_count";
const PUT_VALUE: &str = "insert into plugin_values (site, plugin, key, value) values ($1, $2, $3, $4)
    on conflict (site, plugin, key) do update set value = excluded.value";
const DELETE_VALUE: &str = "delete from plugin_values where site = $1 and plugin = $2 and key = $3";

pub(in crate::store) const STATEMENTS: &[&str] = &[SPACE, PUT_SPACE, PUT_VALUE, DELETE_VALUE];

impl Applying<'_> {
    pub(super) async fn put_value(
        &mut self,
        key: &str,
        value: Option<&[u8]>,
        wakes: bool,
    ) -> Result<(), CommitError> {
        let too_long = value.is_some_and(|value| value.len() > VALUE_BYTES_MAX);
        if key.is_empty() || key.len() > KEY_BYTES_MAX || too_long {
            let text = format!("a key has 1 to {KEY_BYTES_MAX} bytes, a value at most {VALUE_BYTES_MAX}");
            return Err(StoreError::Invalid(text).into());
        }
        let (site, plugin) = (self.commit.site.as_str(), self.commit.plugin.as_str());
        let row = self.connection.row(SPACE, values![site, plugin, key]).await?;
        let row = row.ok_or_else(|| StoreError::Database("a count gave no row".to_owned()))?;
        let (used, old) = (row.int(0)?, row.int(1)?);
        let bytes = |length: i64| if length < 0 { 0 } else { length + size(key.len()) };
        let new = value.map_or(-1, |value| size(value.len()));
        let space = used - bytes(old) + bytes(new);
        if u64::try_from(space).is_ok_and(|space| space > SPACE_BYTES_MAX) && new > old {
            return Err(CommitError::SpaceFull);
        }
        match value {
            Some(value) => self.connection.run(PUT_VALUE, values![site, plugin, key, value]).await?,
            None => self.connection.run(DELETE_VALUE, values![site, plugin, key]).await?,
        };
        self.connection.run(PUT_SPACE, values![site, plugin, space]).await?;
        self.here().changed = true;
        if wakes {
            let person = self.commit.permit.person().clone();
            self.event(HERE, "value.put", None, Some(&person), &serde_json::json!({ "key": key })).await?;
        }
        Ok(())
    }
}

fn size(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}
