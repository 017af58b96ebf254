//! The reads of one call: the store, narrowed to the site, plugin, page and viewer of the call.

use crate::base::id::{EntryId, PersonId, PluginName, SiteId};
use crate::runtime::{Pair, Reading, Reads};
use crate::store::{Page, Person, Revision, Store, Target, ThreadQuery, Threads, Viewer};

/// What a plugin may read in one call.
#[derive(Clone, Debug)]
pub(super) struct StoreReads {
    pub(super) store: Store,
    pub(super) site: SiteId,
    pub(super) plugin: PluginName,
    pub(super) page_key: String,
    pub(super) viewer: Viewer,
}

impl Reads for StoreReads {
    fn list_threads(&self, query: ThreadQuery) -> Reading<'_, Threads> {
        Box::pin(async move {
            self.store.list_threads(&self.site, &self.plugin, &self.page_key, &self.viewer, &query).await
        })
    }

    fn get_thread(&self, id: EntryId, after: Option<String>, limit: u32) -> Reading<'_, Option<Threads>> {
        Box::pin(async move {
            let (site, plugin, page) = (&self.site, &self.plugin, &self.page_key);
            self.store.get_thread(site, plugin, page, &self.viewer, &id, after.as_deref(), limit).await
        })
    }

    fn get_entries(&self, ids: Vec<EntryId>) -> Reading<'_, Threads> {
        Box::pin(async move {
            self.store.get_entries(&self.site, &self.plugin, &self.page_key, &self.viewer, &ids).await
        })
    }

    fn list_revisions(&self, id: EntryId) -> Reading<'_, Vec<Revision>> {
        Box::pin(async move { self.store.get_revisions(&self.site, &self.plugin, &id).await })
    }

    fn get_own_mark(&self, target: Target, kind: String) -> Reading<'_, Option<String>> {
        Box::pin(async move {
            let Some(person) = &self.viewer.person else { return Ok(None) };
            let (site, plugin, page) = (&self.site, &self.plugin, &self.page_key);
            self.store.get_own_mark(site, plugin, page, person, &target, &kind).await
        })
    }

    fn list_mark_people(&self, target: Target, kind: String) -> Reading<'_, Vec<PersonId>> {
        Box::pin(async move {
            self.store.list_mark_people(&self.site, &self.plugin, &self.page_key, &target, &kind).await
        })
    }

    fn get_people(&self, ids: Vec<PersonId>) -> Reading<'_, Vec<Person>> {
        Box::pin(async move { self.store.get_people(&self.site, &ids).await })
    }

    fn get_page(&self, key: String) -> Reading<'_, Option<Page>> {
        Box::pin(async move { self.store.get_page(&self.site, &key).await })
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
}
