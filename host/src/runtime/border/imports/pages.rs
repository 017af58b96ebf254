//! `stoa:plugin/pages`: pages of the site by their keys.

use super::super::super::call::{CallState, Halt};
use super::super::bindings::stoa::plugin::{pages, types};
use super::super::values;

/// The longest page key in bytes.
const KEY_BYTES_MAX: usize = 200;

impl pages::Host for CallState {
    async fn get(&mut self, key: String) -> Result<types::Page, Halt> {
        // A longer key cannot exist.
        if key.len() > KEY_BYTES_MAX {
            return Err(types::Error::NotFound.into());
        }
        let reads = self.call.reads.clone();
        let page = self.wait(reads.get_page(key)).await?.ok_or(types::Error::NotFound)?;
        self.hand_out(1, page.key.len() + page.title.len())?;
        Ok(values::page(page))
    }
}
