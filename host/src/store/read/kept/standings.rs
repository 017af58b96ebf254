//! How somebody stands to a page: under which key it is kept, and whether they may read it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::base::id::{PersonId, SiteId};
use crate::store::db::{Database, values};
use crate::store::model::{Standing, StoreError};
use crate::store::read::statements::belongs;

/// Standings kept in memory; beyond that all are forgotten and asked for again.
const STANDINGS_MAX: usize = 100_000;

/// Aliases come first: a page that was merged into another one keeps its row. A page that nobody has named yet is read as the site says of new
/// ones. $2 the key, $3 the person.
const STANDING: &str = concat!(
    "select k.key, case
        when p.id is null then not exists (select 1 from sites s where s.id = $1 and s.audience is not null)
        else p.audience is null or ",
    belongs!("p.audience", "$3"),
    " end
    from (select coalesce(
        (select q.key from page_aliases l cross join pages q on q.site = l.site and q.id = l.page
            where l.site = $1 and l.alias = $2),
        $2) as key) k
    left join pages p on p.site = $1 and p.key = k.key"
);
/// The audiences that somebody belongs to.
const REACH: &str = "select distinct a.audience from person_groups m cross join audience_groups a
    where m.site = $1 and m.person = $2 and a.site = $1 and a.name = m.name order by a.audience";

/// For the check that all can be prepared.
pub(in crate::store::read) const STATEMENTS: [&str; 2] = [STANDING, REACH];

#[derive(Debug, Default)]
struct Known {
    /// The version of the database that all of it was read at, or after.
    version: i64,
    standings: HashMap<String, Standing>,
    reaches: HashMap<(SiteId, PersonId), Arc<str>>,
}

/// The standings known so far.
#[derive(Debug, Default)]
pub(in crate::store) struct Standings(Mutex<Known>);

impl Standings {
    /// The key that a page is kept under, and whether a person, or somebody not signed in, may read it.
    pub(in crate::store) async fn get(
        &self,
        database: &Database,
        site: &SiteId,
        page_key: &str,
        person: Option<&PersonId>,
    ) -> Result<Standing, StoreError> {
        if page_key.is_empty() {
            // Widgets of the whole site are on no page.
            return Ok(Standing { key: String::new(), may_read: true });
        }
        let person = person.map_or("", PersonId::as_str);
        let (name, version) = (format!("{site}\0{person}\0{page_key}"), database.version()?);
        if let Some(known) = self.at(version).standings.get(&name) {
            return Ok(known.clone());
        }
        let values = values![site.as_str(), page_key, person];
        let standing = database
            .row(STANDING, values, |row| Ok(Standing { key: row.text(0)?, may_read: row.flag(1)? }))
            .await?;
        let standing = standing.unwrap_or_else(|| Standing { key: page_key.to_owned(), may_read: false });
        let mut known = self.at(version);
        if known.standings.len() >= STANDINGS_MAX {
            known.standings.clear();
        }
        known.standings.insert(name, standing.clone());
        Ok(standing)
    }

    /// The audiences that a person belongs to, as a text to compare: what is shown of several pages depends on it.
    pub(in crate::store) async fn reach(
        &self,
        database: &Database,
        site: &SiteId,
        person: &PersonId,
    ) -> Result<Arc<str>, StoreError> {
        let (name, version) = ((site.clone(), person.clone()), database.version()?);
        if let Some(known) = self.at(version).reaches.get(&name) {
            return Ok(Arc::clone(known));
        }
        let values = values![site.as_str(), person.as_str()];
        let audiences = database.rows(REACH, values, |row| Ok(row.int(0)?.to_string())).await?;
        let reach: Arc<str> = audiences.join(",").into();
        let mut known = self.at(version);
        if known.reaches.len() >= STANDINGS_MAX {
            known.reaches.clear();
        }
        known.reaches.insert(name, Arc::clone(&reach));
        Ok(reach)
    }

    /// What is known at a version; nothing at first.
    fn at(&self, version: i64) -> MutexGuard<'_, Known> {
        // Nothing panics under the lock; a poisoned one would still hold whole values.
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.version != version {
            known.version = version;
            known.standings.clear();
            known.reaches.clear();
        }
        known
    }
}
