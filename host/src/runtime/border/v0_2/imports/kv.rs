//! `stoa:plugin/kv`: the plugin's private space on this site.

use stoa_rules::limits;

use super::super::super::super::call::{CallState, HostError};
use super::super::super::super::package::Capability;
use super::super::super::super::record::invalid;
use super::super::bindings::stoa::plugin::kv;
use super::check_range;

impl kv::Host for CallState {
    async fn get(&mut self, key: String) -> Result<Option<Vec<u8>>, HostError> {
        self.need(Capability::Kv)?;
        check_key("key", &key)?;
        let reads = self.call.reads.clone();
        let value = self.wait(reads.get_value(key)).await?;
        self.hand_out(1, value.as_ref().map_or(0, Vec::len))?;
        Ok(value)
    }

    async fn list_prefix(
        &mut self,
        prefix: String,
        after: Option<String>,
        limit: u32,
    ) -> Result<kv::Pairs, HostError> {
        self.need(Capability::Kv)?;
        check_key("prefix", &prefix)?;
        check_key("after", after.as_deref().unwrap_or(""))?;
        check_range("limit", limit, 1, 100)?;
        let reads = self.call.reads.clone();
        let (pairs, next) = self.wait(reads.list_values(prefix, after, limit)).await?;
        self.hand_out(pairs.len(), pairs.iter().map(|(key, value)| key.len() + value.len()).sum())?;
        let pair = |(key, value)| kv::Pair { key, value };
        Ok(kv::Pairs { items: pairs.into_iter().map(pair).collect(), next })
    }
}

fn check_key(at: &str, key: &str) -> Result<(), HostError> {
    if key.len() <= limits::KEY_BYTES_MAX {
        return Ok(());
    }
    Err(invalid(at, &format!("a key has {} bytes at most", limits::KEY_BYTES_MAX)))
}
