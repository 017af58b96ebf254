//! The small reads: people, pages, marks, values, requests, events.

use stoa_rules::Target;
use stoa_rules::limits::{IDS_MAX, LIMIT_MAX};

use super::cursor::{Cursor, List};
use super::statements::{Statements, belongs};
use super::threads::{json, within};
use crate::base::clock::Micros;
use crate::base::id::{EntryId, PageId, PersonId, PluginName, SiteId};
use crate::store::db::{Database, RowRef, Value, values};
use crate::store::model::{
    AuthorHistory, Event, Holder, Holders, Page, Person, PersonClaims, RequestRecord, Revision, StoreError,
    Viewer, fields_of,
};
use crate::store::rules;

/// Seven days, the span of an author's history.
const WEEK: Micros = 7 * 24 * 3_600 * 1_000_000;

/// Whoever a subject of an issuer is: a person of that name, or one it is linked to.
const KNOWN_PERSON: &str =
    "select p.id, p.name, p.title, p.team, p.roles, p.active, p.issued_at from people p
    where p.site = $1 and p.id = coalesce(
        (select i.person from people_identities i where i.site = $1 and i.issuer = $2 and i.subject = $3),
        (select q.id from people q where q.site = $1 and q.issuer = $2 and q.subject = $3))";
const PAGE: &str = "select id, key, url, title, owner, closed from pages where site = $1 and key = $2";
const REVISIONS: &str = "select r.version, r.author, r.replaced_at, r.body, r.data,
        r.author is distinct from e.author
    from entries e cross join threads t cross join entry_revisions r
    where e.site = $1 and e.id = $3 and t.number = e.thread and t.plugin = $2 and r.site = $1 and r.entry = e.id
    order by r.version desc limit 50";
const OWN_MARK: &str = "select value from marks
    where site = $1 and plugin = $2 and target = $3 and person = $4 and kind = $5";
/// $5 a value or none for any, $6 and $7 the last one's instant and person.
const HOLDERS: &str = "select m.person, m.value, m.put_at from marks m
    where m.site = $1 and m.plugin = $2 and m.target = $3 and m.kind = $4
        and ($5 is null or m.value = $5) and (m.put_at, m.person) < ($6, $7)
    order by m.put_at desc, m.person desc limit $8 + 0";
/// Whether what has the id $2 is on a page that the viewer $3 may not read, other than the one with the key $4: it is the
/// page, or an entry of it.
const HIDDEN: &str = concat!(
    "select 1 from pages p where p.site = $1
        and p.id = coalesce(
            (select t.page from entries e cross join threads t on t.number = e.thread where e.site = $1 and e.id = $2), $2)
        and p.audience is not null and p.key <> $4 and not ",
    belongs!("p.audience", "$3")
);
const VALUE: &str = "select value from plugin_values where site = $1 and plugin = $2 and key = $3";
const VALUES: &str = "select key, value from plugin_values
    where site = $1 and plugin = $2 and key >= $3 and key < $4 and key > $5
    order by key limit $6 + 0";
/// Bounded on purpose: it is asked for each entry that is written, and the newest 100 say enough.
const HISTORY: &str = "select
    (select count(*) from (select 1 from entries
        where site = $1 and author = $2 and state = 'visible' limit 100) seen),
    (select count(*) from (select state from entries
        where site = $1 and author = $2 and created_at >= $3 order by created_at desc limit 100) lately
        where state in ('rejected', 'removed')),
    (select count(*) from (select state from entries
        where site = $1 and author = $2 and created_at >= $3 order by created_at desc limit 100) lately
        where state = 'visible'),
    e.body, e.id
    from (select 1) one left join (
        select body, id from entries where site = $1 and author = $2 order by created_at desc, id desc limit 1
    ) e on 1 = 1";
const REQUEST: &str = "select fingerprint, answer from requests where site = $1 and person = $2 and key = $3";
const EVENTS: &str = "select seq, site, plugin, page, kind, entry, actor, made_at, data from events
    where seq > $1 order by seq limit $2 + 0";
const NEWEST_EVENT: &str = "select coalesce(max(seq), 0) from events";

/// For the check that all can be prepared.
const OWN_STATEMENTS: &[&str] = &[
    KNOWN_PERSON,
    PAGE,
    REVISIONS,
    OWN_MARK,
    HOLDERS,
    HIDDEN,
    VALUE,
    VALUES,
    HISTORY,
    REQUEST,
    EVENTS,
    NEWEST_EVENT,
    super::statements::THREAD,
    super::statements::READABLE_THREAD,
    super::statements::KEPT_BACK,
];

/// Every statement of this file and its neighbours.
pub(in crate::store) const STATEMENTS: [&[&str]; 5] = [
    OWN_STATEMENTS,
    &super::query::STATEMENTS,
    &super::kept::REVISIONS_STATEMENTS,
    &super::kept::STANDINGS_STATEMENTS,
    super::people::STATEMENTS,
];

fn person(row: &RowRef<'_>) -> Result<Person, StoreError> {
    Ok(Person {
        id: PersonId::from(row.text(0)?),
        name: row.text(1)?,
        title: row.text(2)?,
        team: row.text(3)?,
        roles: json(row.str(4)?)?,
        active: row.flag(5)?,
    })
}

pub(in crate::store) async fn get_people(
    database: &Database,
    statements: &Statements,
    site: &SiteId,
    ids: &[PersonId],
) -> Result<Vec<Person>, StoreError> {
    let list = serde_json::to_string(ids).expect("a list of texts is always JSON");
    database.rows(&statements.people, values![site.as_str(), list], person).await
}

/// The person of these claims and when the claims known of them were made.
pub(in crate::store) async fn known_person(
    database: &Database,
    site: &SiteId,
    claims: &PersonClaims,
) -> Result<Option<(Person, Micros)>, StoreError> {
    let values = values![site.as_str(), claims.issuer.as_str(), claims.subject.as_str()];
    database.row(KNOWN_PERSON, &values, |row| Ok((person(row)?, row.int(6)?))).await
}

pub(in crate::store) async fn find_people(
    database: &Database,
    statements: &Statements,
    site: &SiteId,
    query: &str,
    limit: u32,
) -> Result<Vec<Person>, StoreError> {
    let Some(values) = words_of(site, query, limit) else { return Ok(Vec::new()) };
    database.rows_apart(&statements.find_people, values, person).await
}

/// $1 to $6 of the statements that find people; none for a query without a word.
fn words_of(site: &SiteId, query: &str, limit: u32) -> Option<Vec<Value>> {
    let mut words = rules::search_words(query);
    // The longest word leaves the fewest to look at.
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words.truncate(8);
    let first = words.first().cloned()?;
    let rest = serde_json::to_string(&words[1..]).expect("a list of texts is always JSON");
    let end = format!("{first}{}", char::MAX);
    Some(values![site.as_str(), first, end, rest, limit.min(100), char::MAX.to_string()].to_vec())
}

/// As [`find_people`], among those who may read a page.
pub(in crate::store) async fn find_readers(
    database: &Database,
    statements: &Statements,
    site: &SiteId,
    (query, page_key): (&str, &str),
    limit: u32,
) -> Result<Vec<Person>, StoreError> {
    let Some(mut values) = words_of(site, query, limit) else { return Ok(Vec::new()) };
    values.push(page_key.into());
    database.rows_apart(&statements.find_readers, values, person).await
}

/// Whether a page, or the page of an entry, may not be read by a viewer.
pub(in crate::store) async fn is_hidden(
    database: &Database,
    site: &SiteId,
    viewer: &Viewer,
    target: &Target,
) -> Result<bool, StoreError> {
    let Some(id) = target_id(database, site, target).await? else { return Ok(false) };
    let person = viewer.person.as_ref().map_or("", PersonId::as_str);
    let values = values![site.as_str(), id, person, viewer.vouched.as_deref().unwrap_or_default()];
    Ok(database.row(HIDDEN, &values, |_| Ok(())).await?.is_some())
}

fn page(row: &RowRef<'_>) -> Result<Page, StoreError> {
    Ok(Page {
        id: PageId::from(row.text(0)?),
        key: row.text(1)?,
        url: row.text(2)?,
        title: row.text(3)?,
        owner: row.maybe_text(4)?.map(PersonId::from),
        closed: row.flag(5)?,
    })
}

pub(in crate::store) async fn get_page(
    database: &Database,
    site: &SiteId,
    key: &str,
) -> Result<Option<Page>, StoreError> {
    database.row(PAGE, values![site.as_str(), key], page).await
}

/// # Errors
/// `Invalid` for more than 100 keys; `Database`.
pub(in crate::store) async fn get_pages(
    database: &Database,
    statements: &Statements,
    site: &SiteId,
    keys: &[String],
) -> Result<Vec<Page>, StoreError> {
    if keys.len() > IDS_MAX {
        return Err(StoreError::Invalid(format!("at most {IDS_MAX} pages can be read at a time")));
    }
    let list = serde_json::to_string(keys).expect("a list of texts is always JSON");
    database.rows(&statements.pages, values![site.as_str(), list], page).await
}

pub(in crate::store) async fn get_revisions(
    database: &Database,
    site: &SiteId,
    plugin: &PluginName,
    id: &EntryId,
) -> Result<Vec<Revision>, StoreError> {
    let revision = |row: &RowRef<'_>| {
        Ok(Revision {
            version: row.count(0)?,
            author: row.maybe_text(1)?.map(PersonId::from),
            by_moderator: row.flag(5)?,
            replaced_at: row.int(2)?,
            body: row.text(3)?,
            fields: fields_of(row.str(4)?)?,
        })
    };
    database.rows(REVISIONS, values![site.as_str(), plugin.as_str(), id.as_str()], revision).await
}

/// What marks on a target are kept under; none where there is no such page.
async fn target_id(
    database: &Database,
    site: &SiteId,
    target: &Target,
) -> Result<Option<String>, StoreError> {
    match target {
        Target::Page(key) => Ok(get_page(database, site, key).await?.map(|page| page.id.as_str().to_owned())),
        Target::Entry(id) | Target::Person(id) => Ok(Some(id.clone())),
    }
}

pub(in crate::store) async fn get_own_mark(
    database: &Database,
    (site, plugin): (&SiteId, &PluginName),
    person: &PersonId,
    target: &Target,
    kind: &str,
) -> Result<Option<String>, StoreError> {
    let Some(target) = target_id(database, site, target).await? else {
        return Ok(None);
    };
    let values = values![site.as_str(), plugin.as_str(), target, person.as_str(), kind];
    database.row(OWN_MARK, &values, |row| row.text(0)).await
}

/// Which holders are asked for.
pub(in crate::store) struct HoldersQuery<'a> {
    pub(in crate::store) target: &'a Target,
    pub(in crate::store) kind: &'a str,
    pub(in crate::store) value: Option<&'a str>,
    pub(in crate::store) after: Option<&'a str>,
    pub(in crate::store) limit: u32,
}

/// # Errors
/// `Invalid` for a limit out of range and a cursor of another list; `Database`.
pub(in crate::store) async fn list_holders(
    database: &Database,
    (site, plugin): (&SiteId, &PluginName),
    query: &HoldersQuery<'_>,
) -> Result<Holders, StoreError> {
    within("limit", query.limit, 1, LIMIT_MAX)?;
    let after = query.after.map(|text| Cursor::read(text, List::Holders)).transpose()?;
    let (put_at, person) = after.map_or((Micros::MAX, String::new()), |cursor| (cursor.key, cursor.id));
    let Some(target) = target_id(database, site, query.target).await? else {
        return Ok(Holders::default());
    };
    let values = values![
        site.as_str(),
        plugin.as_str(),
        target,
        query.kind,
        query.value,
        put_at,
        person,
        query.limit + 1
    ];
    let holder = |row: &RowRef<'_>| {
        Ok(Holder { person: PersonId::from(row.str(0)?), value: row.text(1)?, put_at: row.int(2)? })
    };
    let mut items = database.rows(HOLDERS, &values, holder).await?;
    let limit = usize::try_from(query.limit).unwrap_or(usize::MAX);
    let more = items.len() > limit;
    items.truncate(limit);
    let next = items.last().filter(|_| more).map(|last| {
        let id = last.person.as_str().to_owned();
        Cursor { pinned: false, key: last.put_at, id }.write(List::Holders)
    });
    Ok(Holders { items, next })
}

pub(in crate::store) async fn get_value(
    database: &Database,
    site: &SiteId,
    plugin: &PluginName,
    key: &str,
) -> Result<Option<Vec<u8>>, StoreError> {
    database.row(VALUE, values![site.as_str(), plugin.as_str(), key], |row| row.blob(0)).await
}

pub(in crate::store) async fn list_values(
    database: &Database,
    site: &SiteId,
    plugin: &PluginName,
    (prefix, after): (&str, Option<&str>),
    limit: u32,
) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
    let (end, after) = (format!("{prefix}{}", char::MAX), after.unwrap_or_default());
    let values = values![site.as_str(), plugin.as_str(), prefix, end, after, limit.clamp(1, 100)];
    database.rows(VALUES, &values, |row| Ok((row.text(0)?, row.blob(1)?))).await
}

pub(in crate::store) async fn author_history(
    database: &Database,
    site: &SiteId,
    person: &PersonId,
    now: Micros,
) -> Result<AuthorHistory, StoreError> {
    let history = |row: &RowRef<'_>| {
        Ok(AuthorHistory {
            approved: row.count(0)?,
            rejected_7d: row.count(1)?,
            published_7d: row.count(2)?,
            last_body: row.maybe_text(3)?,
            last_entry: row.maybe_str(4)?.map(EntryId::from),
        })
    };
    let values = values![site.as_str(), person.as_str(), now - WEEK];
    Ok(database.row(HISTORY, &values, history).await?.unwrap_or_default())
}

pub(in crate::store) async fn find_request(
    database: &Database,
    site: &SiteId,
    person: &PersonId,
    key: &str,
) -> Result<Option<RequestRecord>, StoreError> {
    let record = |row: &RowRef<'_>| {
        let fingerprint = row.blob(0)?.try_into();
        Ok(RequestRecord {
            key: key.to_owned(),
            fingerprint: fingerprint
                .map_err(|_| StoreError::Database("a fingerprint has 32 bytes".to_owned()))?,
            answer: row.text(1)?,
        })
    };
    database.row(REQUEST, values![site.as_str(), person.as_str(), key], record).await
}

pub(in crate::store) async fn list_events(
    database: &Database,
    after: u64,
    limit: u32,
) -> Result<Vec<Event>, StoreError> {
    let values: Vec<Value> = values![i64::try_from(after).unwrap_or(i64::MAX), limit.clamp(1, 1_000)];
    let event = |row: &RowRef<'_>| {
        Ok(Event {
            seq: u64::try_from(row.int(0)?).unwrap_or_default(),
            site: SiteId::from(row.text(1)?),
            plugin: PluginName::from(row.text(2)?),
            page: row.text(3)?,
            kind: row.text(4)?,
            entry: row.maybe_text(5)?.map(EntryId::from),
            actor: row.maybe_text(6)?.map(PersonId::from),
            at: row.int(7)?,
            data: row.text(8)?,
        })
    };
    database.rows(EVENTS, &values, event).await
}

pub(in crate::store) async fn newest_event(database: &Database) -> Result<u64, StoreError> {
    let seq = database.row(NEWEST_EVENT, [], |row| row.int(0)).await?.unwrap_or_default();
    Ok(u64::try_from(seq).unwrap_or_default())
}
