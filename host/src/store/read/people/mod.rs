//! People as they are shown, in memory: nearly every view names some, and they seldom change. Who is known is believed
//! until anything is committed, by this process or another.

mod directory;
pub(in crate::store) mod profile;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::base::id::{PersonId, SiteId};
use crate::base::map::Map;
use crate::store::model::{Person, StoreError};
use crate::store::read::single::get_people;
use crate::store::read::threads::Source;

pub use directory::DirectoryKey;
pub(super) use directory::STATEMENTS;

/// People kept in memory, about 300 bytes each; beyond that all are forgotten and asked for again.
const PEOPLE_MAX: usize = 50_000;

#[derive(Debug, Default)]
struct Known {
    /// The version of the database that all of it was read at, or after.
    version: i64,
    sites: HashMap<SiteId, Map<PersonId, Arc<Person>>>,
    count: usize,
}

impl Known {
    fn forget(&mut self) {
        self.sites.clear();
        self.count = 0;
    }
}

/// The people known so far.
#[derive(Debug, Default)]
pub(in crate::store) struct People(Mutex<Known>);

impl People {
    /// These people in this order; unknown ones are left out.
    pub(in crate::store::read) async fn get(
        &self,
        source: &Source<'_>,
        site: &SiteId,
        ids: &[&PersonId],
    ) -> Result<Vec<Arc<Person>>, StoreError> {
        let version = source.database.version()?;
        let known = self.known(site, ids, version);
        let missing = missing(ids, &known);
        if missing.is_empty() {
            return Ok(known.into_iter().flatten().collect());
        }
        let found = get_people(source.database, source.statements, site, &missing).await?;
        let found: Vec<Arc<Person>> = found.into_iter().map(Arc::new).collect();
        self.keep(site, &found, version);
        Ok(joined(ids, &known, &found))
    }

    fn known(&self, site: &SiteId, ids: &[&PersonId], version: i64) -> Vec<Option<Arc<Person>>> {
        let known = self.at(version);
        let people = known.sites.get(site);
        ids.iter().map(|id| people.and_then(|people| people.get(*id)).map(Arc::clone)).collect()
    }

    fn keep(&self, site: &SiteId, people: &[Arc<Person>], version: i64) {
        let mut known = self.at(version);
        if known.count + people.len() > PEOPLE_MAX {
            known.forget();
        }
        let kept = known.sites.entry(site.clone()).or_default();
        let before = kept.len();
        kept.extend(people.iter().map(|person| (person.id.clone(), Arc::clone(person))));
        let added = kept.len() - before;
        known.count += added;
    }

    /// Who is known at a version; nobody at first.
    fn at(&self, version: i64) -> MutexGuard<'_, Known> {
        let mut known = self.lock();
        if known.version != version {
            known.version = version;
            known.forget();
        }
        known
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        // Nothing panics under the lock; a poisoned one would still hold whole values.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn missing(ids: &[&PersonId], known: &[Option<Arc<Person>>]) -> Vec<PersonId> {
    let missing = ids.iter().zip(known).filter(|(_, known)| known.is_none());
    missing.map(|(id, _)| PersonId::clone(id)).collect()
}

fn joined(ids: &[&PersonId], known: &[Option<Arc<Person>>], found: &[Arc<Person>]) -> Vec<Arc<Person>> {
    let found: HashMap<&PersonId, &Arc<Person>> = found.iter().map(|person| (&person.id, person)).collect();
    let person = |(id, known): (&&PersonId, &Option<Arc<Person>>)| {
        known.as_ref().or_else(|| found.get(*id).copied()).map(Arc::clone)
    };
    ids.iter().zip(known).filter_map(person).collect()
}
