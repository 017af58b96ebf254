//! `stoa:plugin/pages`: pages of the site by their keys.

use super::super::super::super::call::{CallState, HostError};
use super::super::super::super::package::Capability;
use super::super::bindings::stoa::plugin::{pages, types};
use super::super::values;
use super::check_ids;

impl pages::Host for CallState {
    async fn get_many(&mut self, keys: Vec<String>) -> Result<Vec<types::Page>, HostError> {
        self.need(Capability::Pages)?;
        check_ids("keys", keys.len())?;
        let reads = self.call.reads.clone();
        let pages = self.wait(reads.get_pages(keys)).await?;
        self.hand_out(pages.len(), pages.iter().map(|page| page.key.len() + page.title.len()).sum())?;
        Ok(pages.into_iter().map(values::page).collect())
    }
}
