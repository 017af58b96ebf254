//! How often each page has changed, in memory, so that an unchanged view costs no query.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::base::id::{PluginName, SiteId};
use crate::store::db::{Database, RowRef, values};
use crate::store::model::StoreError;

/// Pages kept in memory; beyond that all are forgotten and asked for again.
const PAGES_MAX: usize = 100_000;

const PAGE: &str = "select p.revision, t.plugin, t.revision
    from pages p left join threads t on t.site = p.site and t.page = p.id
    where p.site = $1 and p.key = $2";

/// What one commit has changed.
#[derive(Clone, Debug)]
pub(in crate::store) struct Touched {
    pub(in crate::store) site: SiteId,
    pub(in crate::store) page_key: String,
    pub(in crate::store) plugin: PluginName,
    /// Counts changes of the page itself.
    pub(in crate::store) page: u64,
    /// Counts changes of the plugin's entries and marks there.
    pub(in crate::store) thread: u64,
}

#[derive(Debug, Default)]
struct Known {
    pages: HashMap<String, PageRevisions>,
    /// Grows with each change, so that a read from before a commit is not kept after it.
    generation: u64,
}

#[derive(Clone, Debug, Default)]
struct PageRevisions {
    page: u64,
    threads: Vec<(PluginName, u64)>,
}

impl PageRevisions {
    fn of(&self, plugin: &PluginName) -> u64 {
        self.page + self.threads.iter().find(|(name, _)| name == plugin).map_or(0, |(_, revision)| *revision)
    }
}

/// The revisions known so far.
#[derive(Debug, Default)]
pub(in crate::store) struct Revisions(Mutex<Known>);

impl Revisions {
    /// The revision of what a plugin shows on a page; 0 when nothing was ever written there.
    pub(in crate::store) async fn get(
        &self,
        database: &Database,
        site: &SiteId,
        page_key: &str,
        plugin: &PluginName,
    ) -> Result<u64, StoreError> {
        let name = name(site, page_key);
        let generation = {
            let known = self.lock();
            if let Some(page) = known.pages.get(&name) {
                return Ok(page.of(plugin));
            }
            known.generation
        };
        let page = load(database, site, page_key).await?;
        let revision = page.of(plugin);
        let mut known = self.lock();
        if known.generation == generation {
            if known.pages.len() >= PAGES_MAX {
                known.pages.clear();
            }
            known.pages.insert(name, page);
        }
        Ok(revision)
    }

    /// Note what has been committed; called by the writer before it answers.
    pub(in crate::store) fn note(&self, touched: &[Touched]) {
        let mut known = self.lock();
        known.generation += 1;
        for change in touched {
            // A page that nobody has asked for stays unknown.
            let Some(page) = known.pages.get_mut(&name(&change.site, &change.page_key)) else { continue };
            page.page = page.page.max(change.page);
            match page.threads.iter_mut().find(|(plugin, _)| *plugin == change.plugin) {
                Some((_, revision)) => *revision = (*revision).max(change.thread),
                None => page.threads.push((change.plugin.clone(), change.thread)),
            }
        }
    }

    /// Forget everything; the database knows it.
    pub(in crate::store) fn forget(&self) {
        let mut known = self.lock();
        known.generation += 1;
        known.pages.clear();
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        // Nothing panics under the lock; a poisoned one would still hold whole values.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn name(site: &SiteId, page_key: &str) -> String {
    format!("{site}\0{page_key}")
}

async fn load(database: &Database, site: &SiteId, page_key: &str) -> Result<PageRevisions, StoreError> {
    let mut page = PageRevisions::default();
    let thread = |row: &RowRef<'_>| {
        page.page = u64::from(row.count(0)?);
        if let Some(plugin) = row.maybe_text(1)? {
            page.threads.push((PluginName::from(plugin), u64::from(row.count(2)?)));
        }
        Ok(())
    };
    database.rows(PAGE, values![site.as_str(), page_key], thread).await?;
    Ok(page)
}

/// For the check that every statement can be prepared.
pub(super) const STATEMENT: &str = PAGE;
