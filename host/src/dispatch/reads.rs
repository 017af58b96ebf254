//! The reads of one call: the store, narrowed to the site, plugin, page and viewer of the call.

use std::sync::Arc;

use stoa_rules::{AccountId, Balance, Filter, Flow, FlowSum, Grouping, Query, Scope, Target, Terms};

use crate::base::clock::Micros;
use crate::base::id::{EntryId, PersonId, PluginName, SiteId};
use crate::runtime::{Pair, Reading, Reads};
use crate::store::{Found, Holders, Page, Person, Revision, Similar, Store, Viewer};

use super::app::{App, Installed};
use super::request::ViewRequest;

/// What a plugin may read in one call.
#[derive(Clone, Debug)]
pub(super) struct StoreReads {
    store: Store,
    site: SiteId,
    plugin: PluginName,
    page_key: String,
    viewer: Viewer,
    terms: Arc<Terms>,
    now: Micros,
}

impl App {
    /// What a plugin may read in a call that is made for a request.
    pub(super) fn reads(&self, ask: &ViewRequest, installed: &Installed, now: Micros) -> StoreReads {
        StoreReads {
            store: self.0.store.clone(),
            site: ask.site.clone(),
            plugin: ask.plugin.clone(),
            page_key: ask.page_key.clone(),
            viewer: ask.actor.viewer(),
            terms: Arc::clone(&installed.terms),
            now,
        }
    }
}

impl StoreReads {
    /// The page that entries have to be on; none where they may be anywhere on the site.
    fn page(&self, anywhere: bool) -> Option<&str> {
        Some(self.page_key.as_str()).filter(|_| !anywhere)
    }
}

impl Reads for StoreReads {
    fn query(&self, query: Query) -> Reading<'_, Found> {
        Box::pin(async move {
            self.store.query(&self.site, &self.plugin, &self.page_key, &self.viewer, &query).await
        })
    }

    fn get_thread(
        &self,
        id: EntryId,
        after: Option<String>,
        limit: u32,
        anywhere: bool,
    ) -> Reading<'_, Option<Found>> {
        Box::pin(async move {
            let (site, plugin, page) = (&self.site, &self.plugin, self.page(anywhere));
            self.store.get_thread(site, plugin, page, &self.viewer, &id, after.as_deref(), limit).await
        })
    }

    fn find_similar(&self, wanted: Similar) -> Reading<'_, Found> {
        Box::pin(async move {
            self.store.find_similar(&self.site, &self.plugin, &self.page_key, &self.viewer, &wanted).await
        })
    }

    fn get_entries(&self, ids: Vec<EntryId>, anywhere: bool) -> Reading<'_, Found> {
        Box::pin(async move {
            let page = self.page(anywhere);
            self.store.get_entries(&self.site, &self.plugin, page, &self.viewer, &ids).await
        })
    }

    fn list_revisions(&self, id: EntryId) -> Reading<'_, Vec<Revision>> {
        Box::pin(async move { self.store.get_revisions(&self.site, &self.plugin, &id).await })
    }

    fn count(&self, scope: Scope, filters: Vec<Filter>) -> Reading<'_, u32> {
        Box::pin(async move {
            let (site, plugin, page) = (&self.site, &self.plugin, &self.page_key);
            self.store.count(site, plugin, page, &self.viewer, &scope, &filters).await
        })
    }

    fn count_by(
        &self,
        scope: Scope,
        filters: Vec<Filter>,
        by: Grouping,
        limit: u32,
    ) -> Reading<'_, Vec<(String, u32)>> {
        Box::pin(async move {
            let (site, plugin, page) = (&self.site, &self.plugin, &self.page_key);
            self.store.count_by(site, plugin, page, &self.viewer, &scope, &filters, &by, limit).await
        })
    }

    fn get_own_mark(&self, target: Target, kind: String) -> Reading<'_, Option<String>> {
        Box::pin(async move {
            let Some(person) = &self.viewer.person else { return Ok(None) };
            self.store.get_own_mark(&self.site, &self.plugin, person, &target, &kind).await
        })
    }

    fn list_holders(
        &self,
        target: Target,
        kind: String,
        value: Option<String>,
        after: Option<String>,
        limit: u32,
    ) -> Reading<'_, Holders> {
        Box::pin(async move {
            let (site, plugin) = (&self.site, &self.plugin);
            let (value, after) = (value.as_deref(), after.as_deref());
            if self.store.is_hidden(site, &self.viewer, &target).await? {
                return Ok(Holders::default());
            }
            self.store.list_holders(site, plugin, &target, &kind, value, after, limit).await
        })
    }

    fn get_people(&self, ids: Vec<PersonId>) -> Reading<'_, Vec<Person>> {
        Box::pin(async move { self.store.get_people(&self.site, &ids).await })
    }

    fn get_pages(&self, keys: Vec<String>) -> Reading<'_, Vec<Page>> {
        Box::pin(async move {
            let mut pages = Vec::new();
            for page in self.store.get_pages(&self.site, &keys).await? {
                let is_vouched = self.viewer.vouched.as_ref() == Some(&page.key);
                let person = self.viewer.person.as_ref();
                if is_vouched || self.store.standing(&self.site, &page.key, person).await?.may_read {
                    pages.push(page);
                }
            }
            Ok(pages)
        })
    }

    fn get_value(&self, key: String) -> Reading<'_, Option<Vec<u8>>> {
        Box::pin(async move { self.store.get_value(&self.site, &self.plugin, &key).await })
    }

    fn list_values(
        &self,
        prefix: String,
        after: Option<String>,
        limit: u32,
    ) -> Reading<'_, (Vec<Pair>, Option<String>)> {
        Box::pin(async move {
            let (site, plugin) = (&self.site, &self.plugin);
            let pairs = self.store.list_values(site, plugin, &prefix, after.as_deref(), limit).await?;
            let full = u32::try_from(pairs.len()).is_ok_and(|count| count >= limit);
            let next = pairs.last().filter(|_| full).map(|(key, _)| key.clone());
            Ok((pairs, next))
        })
    }

    fn get_balances(&self, accounts: Vec<AccountId>) -> Reading<'_, Vec<Balance>> {
        Box::pin(async move {
            let (site, plugin) = (&self.site, &self.plugin);
            self.store.get_balances(site, plugin, &self.terms, self.now, &accounts).await
        })
    }

    fn sum_flows(&self, flows: Vec<Flow>) -> Reading<'_, Vec<FlowSum>> {
        Box::pin(async move {
            let (site, plugin) = (&self.site, &self.plugin);
            self.store.sum_flows(site, plugin, &self.terms, self.now, &flows).await
        })
    }
}
