//! `stoa:plugin/kv`: the plugin's private space on this site.

use super::super::super::call::{CallState, Halt};
use super::super::super::effects::KEY_BYTES_MAX;
use super::super::bindings::stoa::plugin::kv;
use super::invalid;

impl kv::Host for CallState {
    async fn get(&mut self, key: String) -> Result<Option<Vec<u8>>, Halt> {
        check_key(&key)?;
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
    ) -> Result<kv::Pairs, Halt> {
        check_key(&prefix)?;
        check_key(after.as_deref().unwrap_or(""))?;
        if !(1..=100).contains(&limit) {
            return Err(invalid("limit is 1 to 100"));
        }
        let reads = self.call.reads.clone();
        let (pairs, next) = self.wait(reads.list_values(prefix, after, limit)).await?;
        self.hand_out(pairs.len(), pairs.iter().map(|(key, value)| key.len() + value.len()).sum())?;
        let pair = |(key, value)| kv::Pair { key, value };
        Ok(kv::Pairs { items: pairs.into_iter().map(pair).collect(), next })
    }
}

fn check_key(key: &str) -> Result<(), Halt> {
    if key.len() <= KEY_BYTES_MAX { Ok(()) } else { Err(invalid("a key has 200 bytes at the most")) }
}
