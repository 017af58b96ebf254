//! The small reads: people, pages, marks, values, requests, events.

use super::statements::Statements;
use super::threads::json;
use crate::base::clock::Micros;
use crate::base::id::{EntryId, PageId, PersonId, PluginName, SiteId};
use crate::store::db::{Database, RowRef, Value, values};
use crate::store::model::{
    AuthorHistory, Event, Page, Person, PersonClaims, RequestRecord, Revision, StoreError, Target,
};
use crate::store::rules;

/// Seven days, the span of an author's history.
const WEEK: Micros = 7 * 24 * 3_600 * 1_000_000;

const KNOWN_PERSON: &str = "select id, name, title, team, roles, active, issued_at from people
    where site = $1 and issuer = $2 and subject = $3";
const PAGE: &str = "select id, key, url, title, owner, closed from pages where site = $1 and key = $2";
const REVISIONS: &str = "select r.version, r.author, r.replaced_at, r.body
    from entries e cross join threads t cross join entry_revisions r
    where e.site = $1 and e.id = $3 and t.number = e.thread and t.plugin = $2 and r.site = $1 and r.entry = e.id
    order by r.version desc limit 50";
const OWN_MARK: &str = "select value from marks
    where site = $1 and plugin = $2 and target = $3 and person = $4 and kind = $5";
const MARK_PEOPLE: &str =
    "select person from marks where site = $1 and plugin = $2 and target = $3 and kind = $4
    order by put_at desc, person limit 100";
/// A target of a mark is only one of the page of the read.
const ENTRY_ON_PAGE: &str = "select e.id from pages p cross join threads t cross join entries e
    where p.site = $1 and p.key = $3 and t.site = $1 and t.page = p.id and t.plugin = $2
        and e.site = $1 and e.id = $4 and e.thread = t.number";
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
    (select body from entries where site = $1 and author = $2 order by created_at desc limit 1)";
const REQUEST: &str = "select fingerprint, answer from requests where site = $1 and person = $2 and key = $3";
const EVENTS: &str = "select seq, site, plugin, page, kind, entry, actor, made_at, data from events
    where seq > $1 order by seq limit $2 + 0";
const NEWEST_EVENT: &str = "select coalesce(max(seq), 0) from events";

/// Every statement of this file and its neighbours, for the check that all can be prepared.
pub(in crate::store) const STATEMENTS: &[&str] = &[
    KNOWN_PERSON,
    PAGE,
    REVISIONS,
    OWN_MARK,
    MARK_PEOPLE,
    ENTRY_ON_PAGE,
    VALUE,
    VALUES,
    HISTORY,
    REQUEST,
    EVENTS,
    NEWEST_EVENT,
    super::revisions::STATEMENT,
    super::statements::THREAD,
    super::statements::KEPT_BACK,
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
    let mut words = rules::search_words(query);
    // The longest word leaves the fewest to look at.
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words.truncate(8);
    let Some(first) = words.first().cloned() else {
        return Ok(Vec::new());
    };
    let rest = serde_json::to_string(&words[1..]).expect("a list of texts is always JSON");
    let end = format!("{first}{}", char::MAX);
    let values = values![site.as_str(), first, end, rest, limit.min(100), char::MAX.to_string()];
    database.rows_apart(&statements.find_people, values, person).await
}

pub(in crate::store) async fn get_page(
    database: &Database,
    site: &SiteId,
    key: &str,
) -> Result<Option<Page>, StoreError> {
    let page = |row: &RowRef<'_>| {
        Ok(Page {
            id: PageId::from(row.text(0)?),
            key: row.text(1)?,
            url: row.text(2)?,
            title: row.text(3)?,
            owner: row.maybe_text(4)?.map(PersonId::from),
            closed: row.flag(5)?,
        })
    };
    database.row(PAGE, values![site.as_str(), key], page).await
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
            replaced_at: row.int(2)?,
            body: row.text(3)?,
        })
    };
    database.rows(REVISIONS, values![site.as_str(), plugin.as_str(), id.as_str()], revision).await
}

/// What marks on a target are kept under; none when it is not on this page.
async fn target_id(
    database: &Database,
    site: &SiteId,
    plugin: &PluginName,
    page_key: &str,
    target: &Target,
) -> Result<Option<String>, StoreError> {
    match target {
        Target::Page => Ok(get_page(database, site, page_key).await?.map(|page| page.id.as_str().to_owned())),
        Target::Entry(id) => {
            let values = values![site.as_str(), plugin.as_str(), page_key, id.as_str()];
            database.row(ENTRY_ON_PAGE, &values, |row| row.text(0)).await
        }
    }
}

pub(in crate::store) async fn get_own_mark(
    database: &Database,
    (site, plugin, page_key): (&SiteId, &PluginName, &str),
    person: &PersonId,
    target: &Target,
    kind: &str,
) -> Result<Option<String>, StoreError> {
    let Some(target) = target_id(database, site, plugin, page_key, target).await? else {
        return Ok(None);
    };
    let values = values![site.as_str(), plugin.as_str(), target, person.as_str(), kind];
    database.row(OWN_MARK, &values, |row| row.text(0)).await
}

pub(in crate::store) async fn list_mark_people(
    database: &Database,
    (site, plugin, page_key): (&SiteId, &PluginName, &str),
    target: &Target,
    kind: &str,
) -> Result<Vec<PersonId>, StoreError> {
    let Some(target) = target_id(database, site, plugin, page_key, target).await? else {
        return Ok(Vec::new());
    };
    let values = values![site.as_str(), plugin.as_str(), target, kind];
    database.rows(MARK_PEOPLE, &values, |row| Ok(PersonId::from(row.text(0)?))).await
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
