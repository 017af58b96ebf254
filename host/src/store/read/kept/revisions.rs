//! How often each page has changed, in memory, so that an unchanged view costs no query. What is known is believed until
//! anything is committed, by this process or another.

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

/// From the index alone. What changes a page counts in all threads there.
const SITE: &str = "select coalesce(sum(revision), 0) from threads where site = $1 and plugin = $2";

#[derive(Debug, Default)]
struct Known {
    /// The version of the database that all of it was read at, or after.
    version: i64,
    pages: HashMap<String, PageRevisions>,
    sites: HashMap<(SiteId, PluginName), u64>,
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
        let (name, version) = (name(site, page_key), database.version()?);
        if let Some(page) = self.at(version).pages.get(&name) {
            return Ok(page.of(plugin));
        }
        let page = load(database, site, page_key).await?;
        let revision = page.of(plugin);
        let mut known = self.at(version);
        if known.pages.len() >= PAGES_MAX {
            known.pages.clear();
        }
        known.pages.insert(name, page);
        Ok(revision)
    }

    /// The sum of the revisions of all pages that a plugin shows something on.
    pub(in crate::store) async fn get_of_site(
        &self,
        database: &Database,
        site: &SiteId,
        plugin: &PluginName,
    ) -> Result<u64, StoreError> {
        let (name, version) = ((site.clone(), plugin.clone()), database.version()?);
        if let Some(revision) = self.at(version).sites.get(&name) {
            return Ok(*revision);
        }
        let values = values![site.as_str(), plugin.as_str()];
        let sum = database.row(SITE, values, |row| row.int(0)).await?.unwrap_or_default();
        let revision = u64::try_from(sum).unwrap_or_default();
        self.at(version).sites.insert(name, revision);
        Ok(revision)
    }

    /// What is known at a version; nothing at first.
    fn at(&self, version: i64) -> MutexGuard<'_, Known> {
        let mut known = self.lock();
        if known.version != version {
            known.version = version;
            known.pages.clear();
            known.sites.clear();
        }
        known
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

/// For the check that all can be prepared.
pub(in crate::store::read) const STATEMENTS: [&str; 2] = [PAGE, SITE];
