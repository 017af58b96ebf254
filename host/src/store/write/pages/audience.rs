//! Who may read a page, as tokens tell.

use std::collections::BTreeSet;

use crate::base::clock::Micros;
use crate::base::id::{PersonId, SiteId, new_id};
use crate::store::db::{Connection, Database, RowRef, values};
use crate::store::model::{PageWord, PersonClaims, StoreError};
use crate::store::read::json;
use crate::store::write::people::{PUT_SITE, put_person};

/// The word for everybody who may read the site.
const EVERYBODY: &str = "*";
/// The audience that nobody belongs to.
const NOBODY: i64 = 0;

const SITE: &str = "select s.audience from sites s where s.id = $1";
const GUARD: &str = "update sites set audience = $2 where id = $1";
/// What readers were told for stays: `audience_at` is the token's time then.
const GUARD_PAGES: &str =
    "update pages set audience = $2, revision = revision + 1 where site = $1 and audience_at = 0";
const TOUCH_GUARDED: &str = "update threads set revision = revision + 1
    where site = $1 and page in (select p.id from pages p where p.site = $1 and p.audience_at = 0)";

/// $2 a key or an alias. An audience that is null has the names `*`, one of nobody none.
const KNOWN: &str = "select p.id, p.audience_at, coalesce(a.names, case when p.audience is null then '[\"*\"]' else '[]' end),
        o.issuer, o.subject
    from pages p left join audiences a on a.number = p.audience left join people o on o.site = p.site and o.id = p.owner
    where p.site = $1 and p.id = coalesce(
        (select l.page from page_aliases l where l.site = $1 and l.alias = $2),
        (select k.id from pages k where k.site = $1 and k.key = $2))";
const PUT_PAGE: &str = "insert into pages (site, id, key, url, title, audience, created_at)
    values ($1, $2, $3, '', '', (select s.audience from sites s where s.id = $1), $4)";
const AUDIENCE: &str = "select number from audiences where site = $1 and names = $2";
const PUT_AUDIENCE: &str = "insert into audiences (site, names) values ($1, $2) returning number";
const PUT_GROUP: &str = "insert into audience_groups (audience, site, name) values ($1, $2, $3)";
const SET_AUDIENCE: &str =
    "update pages set audience = $3, audience_at = $4, revision = revision + 1 where site = $1 and id = $2";
const SET_OWNER: &str = "update pages set owner = $3, revision = revision + 1 where site = $1 and id = $2";
const PERSON: &str = "select id from people where site = $1 and issuer = $2 and subject = $3";
/// Each plugin that shows the page, and each view of the whole site, is drawn anew.
const TOUCH: &str = "update threads set revision = revision + 1 where site = $1 and page = $2";

pub(in crate::store) const STATEMENTS: &[&str] = &[
    SITE,
    GUARD,
    GUARD_PAGES,
    TOUCH_GUARDED,
    KNOWN,
    PUT_PAGE,
    AUDIENCE,
    PUT_AUDIENCE,
    PUT_GROUP,
    SET_AUDIENCE,
    SET_OWNER,
    PERSON,
    TOUCH,
];

/// What is known of a page.
struct Known {
    id: String,
    told_at: Micros,
    readers: BTreeSet<String>,
    owner: Option<(String, String)>,
}

impl Known {
    fn new(id: String, told_at: Micros, names: &str, owner: [Option<String>; 2]) -> Result<Self, StoreError> {
        let [issuer, subject] = owner;
        Ok(Self { id, told_at, readers: json(names)?, owner: issuer.zip(subject) })
    }

    /// The readers after what is said; none where they stay as they are. Of two tokens of the same second, whose order
    /// nobody knows, only what both say holds.
    fn readers_after(&self, word: &PageWord) -> Option<BTreeSet<String>> {
        let said = readers(word)?;
        let after = match word.issued_at.cmp(&self.told_at) {
            std::cmp::Ordering::Less => return None,
            std::cmp::Ordering::Equal => both(&self.readers, &said),
            std::cmp::Ordering::Greater => said,
        };
        (after != self.readers || self.told_at == 0).then_some(after)
    }

    fn owner_after<'w>(&self, word: &'w PageWord) -> Option<&'w str> {
        let owner = word.owner.as_deref().filter(|_| word.issued_at >= self.told_at)?;
        let same = self
            .owner
            .as_ref()
            .is_some_and(|(issuer, subject)| (issuer, subject.as_str()) == (&word.issuer, owner));
        Some(owner).filter(|_| !same)
    }
}

/// What a word says of the readers: `*` alone where it is for everybody.
fn readers(word: &PageWord) -> Option<BTreeSet<String>> {
    let said: BTreeSet<String> = word.readers.as_ref()?.iter().cloned().collect();
    Some(if said.contains(EVERYBODY) { BTreeSet::from([EVERYBODY.to_owned()]) } else { said })
}

fn both(one: &BTreeSet<String>, other: &BTreeSet<String>) -> BTreeSet<String> {
    match (one.contains(EVERYBODY), other.contains(EVERYBODY)) {
        (true, _) => other.clone(),
        (_, true) => one.clone(),
        _ => one.intersection(other).cloned().collect(),
    }
}

/// Whether a word would change nothing.
///
/// # Errors
/// `Database`.
pub(super) async fn is_known(
    database: &Database,
    site: &SiteId,
    word: &PageWord,
) -> Result<bool, StoreError> {
    let known = |row: &RowRef<'_>| {
        let owner = [row.maybe_text(3)?, row.maybe_text(4)?];
        Known::new(row.text(0)?, row.int(1)?, row.str(2)?, owner)
    };
    let known = database.row(KNOWN, values![site.as_str(), word.key.as_str()], known).await?;
    Ok(known.is_some_and(|known| known.readers_after(word).is_none() && known.owner_after(word).is_none()))
}

/// Keep what a token says.
///
/// # Errors
/// `Database`.
pub(super) async fn hear(
    connection: &mut Connection,
    site: &SiteId,
    word: &PageWord,
    now: Micros,
) -> Result<(), StoreError> {
    let known = match connection.row(KNOWN, values![site.as_str(), word.key.as_str()]).await? {
        Some(row) => {
            let owner = [row.maybe_text(3)?, row.maybe_text(4)?];
            Known::new(row.text(0)?, row.int(1)?, row.str(2)?, owner)?
        }
        None => {
            connection.run(PUT_SITE, values![site.as_str(), now]).await?;
            let id = new_id(now);
            connection.run(PUT_PAGE, values![site.as_str(), id.as_str(), word.key.as_str(), now]).await?;
            Known { id, told_at: 0, readers: BTreeSet::new(), owner: None }
        }
    };
    if let Some(readers) = known.readers_after(word) {
        let audience = audience(connection, site, &readers).await?;
        let values = values![site.as_str(), known.id.as_str(), audience, word.issued_at];
        connection.run(SET_AUDIENCE, values).await?;
    }
    if let Some(subject) = known.owner_after(word) {
        let owner = person(connection, site, (&word.issuer, subject), now).await?;
        connection.run(SET_OWNER, values![site.as_str(), known.id.as_str(), owner.as_str()]).await?;
    }
    connection.run(TOUCH, values![site.as_str(), known.id.as_str()]).await?;
    Ok(())
}

/// The number of an audience; none for everybody.
pub(in crate::store::write) async fn audience(
    connection: &mut Connection,
    site: &SiteId,
    readers: &BTreeSet<String>,
) -> Result<Option<i64>, StoreError> {
    if readers.contains(EVERYBODY) {
        return Ok(None);
    }
    if readers.is_empty() {
        return Ok(Some(NOBODY));
    }
    let names = serde_json::to_string(readers).expect("a list of texts is always JSON");
    if let Some(row) = connection.row(AUDIENCE, values![site.as_str(), names.as_str()]).await? {
        return row.int(0).map(Some);
    }
    let row = connection.row(PUT_AUDIENCE, values![site.as_str(), names]).await?;
    let row = row.ok_or_else(|| StoreError::Database("a returning statement gave no row".to_owned()))?;
    let number = row.int(0)?;
    for name in readers {
        connection.run(PUT_GROUP, values![number, site.as_str(), name.as_str()]).await?;
    }
    Ok(Some(number))
}

/// Somebody by the issuer's name; known by that alone until a token says more.
async fn person(
    connection: &mut Connection,
    site: &SiteId,
    (issuer, subject): (&str, &str),
    now: Micros,
) -> Result<PersonId, StoreError> {
    if let Some(row) = connection.row(PERSON, values![site.as_str(), issuer, subject]).await? {
        return Ok(PersonId::from(row.text(0)?));
    }
    let claims = PersonClaims {
        issuer: issuer.to_owned(),
        subject: subject.to_owned(),
        name: None,
        email: None,
        title: None,
        team: None,
        roles: None,
        groups: None,
        issued_at: 0,
    };
    Ok(put_person(connection, site, &claims, now).await?.id)
}

/// Change what pages get that nobody has told the readers of.
///
/// # Errors
/// `Database`.
pub(super) async fn guard(
    connection: &mut Connection,
    site: &SiteId,
    guarded: bool,
    now: Micros,
) -> Result<(), StoreError> {
    let wanted = guarded.then_some(NOBODY);
    let known = connection.row(SITE, values![site.as_str()]).await?;
    let known = known.map(|row| row.maybe_int(0)).transpose()?.flatten();
    if known == wanted {
        return Ok(());
    }
    connection.run(PUT_SITE, values![site.as_str(), now]).await?;
    connection.run(GUARD, values![site.as_str(), wanted]).await?;
    connection.run(TOUCH_GUARDED, values![site.as_str()]).await?;
    connection.run(GUARD_PAGES, values![site.as_str(), wanted]).await?;
    Ok(())
}
