//! What is asked about notices.

use stoa_rules::State;
use stoa_rules::limits::LIMIT_MAX;

use super::CONSUMER;
use crate::base::clock::Micros;
use crate::base::id::{EntryId, PageId, PersonId, PluginName, SiteId};
use crate::store::db::{Database, RowRef, Value, values};
use crate::store::model::{
    Event, Happened, Mute, MutedThing, Notice, NoticeKind, NoticeLine, NoticePlace, Notices, StoreError, Why,
    fields_of,
};
use crate::store::read::{Cursor, List, belongs};

/// Followers of one entry, thread or page who are told in one transaction.
const PORTION: u32 = 500;
/// People who are told what waits.
const MODERATORS_MAX: u32 = 200;
/// Earlier texts that are compared.
const EARLIER_MAX: u32 = 50;
/// Mutes of one person.
const MUTES_MAX: u32 = 500;
/// Unread ones are counted so far.
pub(super) const UNREAD_MAX: u32 = 100;

/// Whether the person $2 may read the page of the notice `n`. Those of one line are about one page.
macro_rules! readable {
    () => {
        concat!(
            "not exists (select 1 from pages q where q.site = n.site and q.key = n.page and q.audience is not null and not ",
            belongs!("q.audience", "$2"),
            ")"
        )
    };
}

const PLACE: &str = "select seq, part from consumers where name = $1";
const BOX: &str = "select revision from notice_boxes where site = $1 and person = $2";
const UNREAD: &str = concat!(
    "select count(*) from (select distinct n.line from notices n
    where n.site = $1 and n.person = $2 and n.read_at is null and n.withdrawn_at is null and ",
    readable!(),
    " limit $3 + 0) some"
);
const UNREAD_OF: &str = "select 1 from notices o cross join notices n
    where o.site = $1 and o.person = $2 and o.entry = $3
        and n.site = o.site and n.person = o.person and n.root = o.root
        and n.read_at is null and n.withdrawn_at is null limit 1";
/// The newest notice of each line: $3 and $4 the last one's instant and id. A line with more than 100 counts those.
const LIST_LINES: &str = concat!(
    "select n.id, n.kind, n.plugin, n.page, coalesce(p.url, ''), coalesce(p.title, ''), n.entry,
        n.root, coalesce(r.kind, ''), case when r.state = 'visible' then r.data else '' end, n.actor, n.why, n.note,
        n.created_at, n.read_at is not null,
        (select m.entry from notices m where m.site = n.site and m.person = n.person and m.line = n.line
            and m.withdrawn_at is null and m.read_at is null order by m.created_at, m.id limit 1),
        (select count(distinct s.actor) from (select m.actor from notices m
            where m.site = n.site and m.person = n.person and m.line = n.line and m.withdrawn_at is null
            order by m.created_at desc, m.id desc limit 100) s),
        (select count(*) from (select 1 from notices m
            where m.site = n.site and m.person = n.person and m.line = n.line and m.withdrawn_at is null limit 100) s)
    from notices n left join pages p on p.site = n.site and p.key = n.page
    left join entries r on r.site = n.site and r.id = n.root
    where n.site = $1 and n.person = $2 and n.withdrawn_at is null and (n.created_at, n.id) < ($3, $4)
        and not exists (select 1 from notices m where m.site = n.site and m.person = n.person and m.line = n.line
            and m.withdrawn_at is null and (m.created_at, m.id) > (n.created_at, n.id)) and ",
    readable!(),
    " order by n.created_at desc, n.id desc limit $5 + 0"
);
const ONE: &str = concat!(
    "select n.id, n.kind, n.plugin, n.page, coalesce(p.url, ''), coalesce(p.title, ''), n.entry,
        n.root, coalesce(r.kind, ''), case when r.state = 'visible' then r.data else '' end, n.actor, n.why, n.note,
        n.created_at, n.read_at is not null
    from notices n left join pages p on p.site = n.site and p.key = n.page
    left join entries r on r.site = n.site and r.id = n.root
    where n.site = $1 and n.person = $2 and n.id = $3 and n.withdrawn_at is null and ",
    readable!()
);
const HAPPENED: &str = "select e.kind, t.page, e.parent, e.root, e.author, p.author, e.state, e.body, e.data
    from entries e cross join threads t on t.number = e.thread
    left join entries p on p.site = e.site and p.id = e.parent
    where e.site = $1 and e.plugin = $2 and e.id = $3";
const EARLIER: &str = "select body, data from entry_revisions where site = $1 and entry = $2
    order by version desc limit $3 + 0";
/// By id, after $7: $3 what is answered, $4 the start of its thread, $5 the page, each empty where there is none. Who
/// follows since after $6 has seen it.
const FOLLOWERS: &str = "select person, min(way) from (
        select person, 1 as way from marks where site = $1 and plugin = $2 and target = $3 and kind = 'follow'
            and put_at <= $6 and person > $7
        union all select person, 1 from marks where site = $1 and plugin = $2 and target = $4 and kind = 'follow'
            and put_at <= $6 and person > $7
        union all select person, 2 from marks where site = $1 and plugin = $2 and target = $5 and kind = 'follow'
            and put_at <= $6 and person > $7
    ) ways group by person order by person limit $8 + 0";
const MODERATORS: &str = "select id from people where site = $1 and moderates = 1 and active = 1
    order by id limit $2 + 0";
const MUTES_HERE: &str = "select person, what, target from notice_mutes
    where site = $1 and what = 'thread' and target = $2
    union all select person, what, target from notice_mutes where site = $1 and what = 'person' and target in ($3, $4)
    union all select person, what, target from notice_mutes where site = $1 and what = 'kind'";
const MUTES: &str = concat!(
    "select m.what, m.target, coalesce(e.plugin, ''), case when p.audience is null or ",
    belongs!("p.audience", "$2"),
    " then coalesce(p.title, '') else '' end, coalesce(e.kind, ''),
        case when e.state = 'visible' and (p.audience is null or ",
    belongs!("p.audience", "$2"),
    ") then e.data else '' end
    from notice_mutes m left join entries e on m.what = 'thread' and e.site = m.site and e.id = m.target
    left join threads t on t.number = e.thread left join pages p on p.site = t.site and p.id = t.page
    where m.site = $1 and m.person = $2 order by m.muted_at desc, m.what, m.target limit $3 + 0"
);

pub(in crate::store) const STATEMENTS: &[&str] =
    &[PLACE, BOX, UNREAD, UNREAD_OF, LIST_LINES, HAPPENED, EARLIER, FOLLOWERS, MODERATORS, MUTES_HERE, MUTES];

/// How far the outbox was read for notices.
pub(in crate::store) async fn place(database: &Database) -> Result<NoticePlace, StoreError> {
    let place =
        |row: &RowRef<'_>| Ok(NoticePlace::read(u64::try_from(row.int(0)?).unwrap_or_default(), row.str(1)?));
    Ok(database.row(PLACE, values![CONSUMER], place).await?.unwrap_or_default())
}

/// A number that grows with every change of what somebody is told.
pub(in crate::store) async fn boxed(
    database: &Database,
    site: &SiteId,
    person: &PersonId,
) -> Result<u64, StoreError> {
    let revision = database.row(BOX, values![site.as_str(), person.as_str()], |row| row.int(0)).await?;
    Ok(revision.and_then(|revision| u64::try_from(revision).ok()).unwrap_or_default())
}

/// How many lines are unread, counted up to [`UNREAD_MAX`].
pub(in crate::store) async fn count_unread(
    database: &Database,
    site: &SiteId,
    person: &PersonId,
) -> Result<u32, StoreError> {
    let values = values![site.as_str(), person.as_str(), UNREAD_MAX];
    Ok(database.row(UNREAD, values, |row| row.count(0)).await?.unwrap_or_default())
}

/// Whether somebody has unread notices of the thread of an entry that they were told of.
pub(in crate::store) async fn has_unread_of(
    database: &Database,
    site: &SiteId,
    person: &PersonId,
    entry: &EntryId,
) -> Result<bool, StoreError> {
    let values = values![site.as_str(), person.as_str(), entry.as_str()];
    Ok(database.row(UNREAD_OF, values, |_| Ok(())).await?.is_some())
}

/// # Errors
/// `Invalid` for a limit out of range and a cursor of another list; `Database`.
pub(in crate::store) async fn list(
    database: &Database,
    (site, person): (&SiteId, &PersonId),
    after: Option<&str>,
    limit: u32,
) -> Result<Notices, StoreError> {
    if !(1..=LIMIT_MAX).contains(&limit) {
        return Err(StoreError::Invalid(format!("limit has to be 1 to {LIMIT_MAX}")));
    }
    let after = after.map(|text| Cursor::read(text, List::Notices)).transpose()?;
    let (at, id) = after.map_or((Micros::MAX, String::new()), |cursor| (cursor.key, cursor.id));
    let values = values![site.as_str(), person.as_str(), at, id, limit + 1];
    let mut items = database.rows(LIST_LINES, values, line).await?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = items.len() > limit;
    items.truncate(limit);
    let next = items
        .last()
        .filter(|_| more)
        .map(|line| &line.newest)
        .map(|last| Cursor { pinned: false, key: last.at, id: last.id.clone() }.write(List::Notices));
    Ok(Notices { items, next })
}

fn line(row: &RowRef<'_>) -> Result<NoticeLine, StoreError> {
    Ok(NoticeLine {
        newest: notice(row)?,
        first_unread: row.maybe_str(15)?.map(EntryId::from),
        actors: row.count(16)?,
        count: row.count(17)?,
    })
}

fn notice(row: &RowRef<'_>) -> Result<Notice, StoreError> {
    let kind = known(NoticeKind::from_word(row.str(1)?), row, 1)?;
    Ok(Notice {
        id: row.text(0)?,
        kind,
        plugin: PluginName::from(row.str(2)?),
        page: row.text(3)?,
        page_url: row.text(4)?,
        page_title: row.text(5)?,
        entry: EntryId::from(row.str(6)?),
        root: EntryId::from(row.str(7)?),
        root_kind: row.text(8)?,
        root_fields: fields_of(row.str(9)?)?,
        actor: row.maybe_str(10)?.filter(|_| !kind.is_decision()).map(PersonId::from),
        why: known(Why::from_word(row.str(11)?), row, 11)?,
        note: row.text(12)?,
        at: row.int(13)?,
        read: row.flag(14)?,
    })
}

fn known<T>(value: Option<T>, row: &RowRef<'_>, column: usize) -> Result<T, StoreError> {
    let word = row.text(column)?;
    value.ok_or_else(|| StoreError::Database(format!("{word} is no word of notices")))
}

/// An entry with everybody whom an event on it may concern, its followers after one of them; none where it is gone
/// altogether.
pub(in crate::store) async fn happened(
    database: &Database,
    event: &Event,
    id: &EntryId,
    after: Option<&PersonId>,
) -> Result<Option<Happened>, StoreError> {
    let (site, plugin) = (&event.site, &event.plugin);
    let mut reader = database.snapshot()?;
    let values = values![site.as_str(), plugin.as_str(), id.as_str()];
    let entry = |row: &RowRef<'_>| {
        Ok(Happened {
            id: id.clone(),
            kind: row.text(0)?,
            page: PageId::from(row.str(1)?),
            parent: row.maybe_str(2)?.map(EntryId::from),
            root: EntryId::from(row.str(3)?),
            author: row.maybe_str(4)?.map(PersonId::from),
            parent_author: row.maybe_str(5)?.map(PersonId::from),
            state: known(State::from_word(row.str(6)?), row, 6)?,
            body: row.text(7)?,
            fields: fields_of(row.str(8)?)?,
            earlier: Vec::new(),
            followers: Vec::new(),
            more: false,
            moderators: Vec::new(),
            mutes: Vec::new(),
        })
    };
    let Some(mut entry) = reader.row(HAPPENED, values, entry).await? else { return Ok(None) };
    let values = values![site.as_str(), id.as_str(), EARLIER_MAX];
    let earlier = |row: &RowRef<'_>| Ok((row.text(0)?, fields_of(row.str(1)?)?));
    entry.earlier = reader.rows(EARLIER, values, earlier).await?;
    let values = followed(event, &entry, after);
    let follower = |row: &RowRef<'_>| {
        let why = if row.int(1)? == 1 { Why::FollowsThread } else { Why::FollowsPage };
        Ok((PersonId::from(row.str(0)?), why))
    };
    entry.followers = reader.rows(FOLLOWERS, values, follower).await?;
    entry.more = entry.followers.len() >= usize::try_from(PORTION).unwrap_or(usize::MAX);
    if entry.state == State::Held || event.kind == "mark.put" {
        let moderator = |row: &RowRef<'_>| Ok(PersonId::from(row.str(0)?));
        entry.moderators = reader.rows(MODERATORS, values![site.as_str(), MODERATORS_MAX], moderator).await?;
    }
    let author = entry.author.as_ref().map(PersonId::as_str).unwrap_or_default();
    let actor = event.actor.as_ref().map(PersonId::as_str).unwrap_or_default();
    let values = values![site.as_str(), entry.root.as_str(), author, actor];
    let mute = |row: &RowRef<'_>| {
        let mute = Mute::from_words(row.str(1)?, row.str(2)?);
        Ok((PersonId::from(row.str(0)?), known(mute, row, 1)?))
    };
    entry.mutes = reader.rows(MUTES_HERE, values, mute).await?;
    Ok(Some(entry))
}

/// The arguments of [`FOLLOWERS`].
fn followed(event: &Event, entry: &Happened, after: Option<&PersonId>) -> Vec<Value> {
    let text = |id: Option<&EntryId>| id.map_or_else(String::new, |id| id.as_str().to_owned());
    values![
        event.site.as_str(),
        event.plugin.as_str(),
        text(entry.parent.as_ref()),
        text(entry.parent.as_ref().map(|_| &entry.root)),
        entry.page.as_str(),
        event.at,
        after.map_or("", PersonId::as_str),
        PORTION
    ]
}

/// One of somebody's notices.
pub(in crate::store) async fn get(
    database: &Database,
    (site, person): (&SiteId, &PersonId),
    id: &str,
) -> Result<Option<Notice>, StoreError> {
    database.row(ONE, values![site.as_str(), person.as_str(), id], notice).await
}

/// What somebody does not want to be told, the latest first.
pub(in crate::store) async fn mutes(
    database: &Database,
    site: &SiteId,
    person: &PersonId,
) -> Result<Vec<MutedThing>, StoreError> {
    let values = values![site.as_str(), person.as_str(), MUTES_MAX];
    let muted = |row: &RowRef<'_>| {
        Ok(MutedThing {
            mute: known(Mute::from_words(row.str(0)?, row.str(1)?), row, 0)?,
            plugin: PluginName::from(row.str(2)?),
            page_title: row.text(3)?,
            root_kind: row.text(4)?,
            root_fields: fields_of(row.str(5)?)?,
        })
    };
    database.rows(MUTES, values, muted).await
}
