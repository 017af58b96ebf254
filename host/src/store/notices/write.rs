//! Changes of notices.

use std::collections::BTreeSet;

use super::CONSUMER;
use crate::base::clock::Micros;
use crate::base::id::{PersonId, SiteId, new_id};
use crate::store::db::{Connection, Row, values};
use crate::store::model::{
    Mute, NewNotice, NoticeBatch, NoticeChange, NoticeKind, NoticesOfEvent, Read, StoreError,
};

/// Mutes that one person may have.
const MUTES_MAX: i64 = 500;

const MOVE: &str = "update consumers set seq = $3, part = $5
    where name = $1 and seq = $2 and part = $4";
/// Who is gone by now is passed over: it must not keep others from being told.
const TELL: &str = "insert into notices
    (site, person, entry, id, kind, plugin, page, root, actor, why, note, created_at, topic, line)
    select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14
    where exists (select 1 from people where site = $1 and id = $2)
        and exists (select 1 from entries where site = $1 and id = $3)
    on conflict (site, person, entry, topic) do nothing returning person";
/// The last decision is the one that holds.
const DECIDE: &str = "insert into notices
    (site, person, entry, id, kind, plugin, page, root, actor, why, note, created_at, topic, line)
    select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14
    where exists (select 1 from people where site = $1 and id = $2)
        and exists (select 1 from entries where site = $1 and id = $3)
    on conflict (site, person, entry, topic) do update set id = excluded.id, kind = excluded.kind, line = excluded.line, actor = excluded.actor,
        why = excluded.why, note = excluded.note, created_at = excluded.created_at, read_at = null,
        withdrawn_at = null
    returning person";
/// Accepted again after it was taken back is the same notice: who has read it is not told twice.
const ACCEPT: &str = "insert into notices
    (site, person, entry, id, kind, plugin, page, root, actor, why, note, created_at, topic, line)
    select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14
    where exists (select 1 from people where site = $1 and id = $2)
        and exists (select 1 from entries where site = $1 and id = $3)
    on conflict (site, person, entry, topic) do update set id = excluded.id, line = excluded.line, actor = excluded.actor, why = excluded.why,
        note = excluded.note, created_at = excluded.created_at, withdrawn_at = null,
        read_at = case when notices.kind = excluded.kind then notices.read_at end, kind = excluded.kind
    returning person";
/// What waits is told once; when it was answered and waits again, again.
const WAIT: &str = "insert into notices
    (site, person, entry, id, kind, plugin, page, root, actor, why, note, created_at, topic, line)
    select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14
    where exists (select 1 from people where site = $1 and id = $2)
        and exists (select 1 from entries where site = $1 and id = $3)
    on conflict (site, person, entry, topic) do update set id = excluded.id, kind = excluded.kind,
        line = excluded.line, created_at = excluded.created_at, read_at = null, withdrawn_at = null
        where notices.withdrawn_at is not null or notices.kind <> excluded.kind
    returning person";
/// Whether it was read or not: nobody has to look at it any more.
const ANSWERED: &str = "update notices set withdrawn_at = $3
    where site = $1 and entry = $2 and topic = 'duty' and withdrawn_at is null returning person";
const UNACCEPT: &str = "update notices set withdrawn_at = $3
    where site = $1 and entry = $2 and read_at is null and withdrawn_at is null and kind = 'accepted'
    returning person";
const WITHDRAW: &str = "update notices set withdrawn_at = $3
    where site = $1 and entry = $2 and read_at is null and withdrawn_at is null
        and kind in ('mention', 'reply', 'follow', 'told', 'accepted')
    returning person";
const RESTORE: &str = "update notices set withdrawn_at = null
    where site = $1 and entry = $2 and topic = 'entry' and withdrawn_at is not null returning person";
const TOUCH_BOX: &str = "insert into notice_boxes (site, person, revision) values ($1, $2, 1)
    on conflict (site, person) do update set revision = notice_boxes.revision + 1";
const READ: &str = "update notices set read_at = $4
    where site = $1 and person = $2 and read_at is null and withdrawn_at is null and line = (
        select o.line from notices o where o.site = $1 and o.person = $2 and o.id = $3)
    returning person";
const READ_THREAD: &str = "update notices set read_at = $4
    where site = $1 and person = $2 and read_at is null and withdrawn_at is null and root in (
        select o.root from notices o where o.site = $1 and o.person = $2 and o.entry = $3)
    returning person";
const READ_ALL: &str = "update notices set read_at = $3
    where site = $1 and person = $2 and read_at is null and withdrawn_at is null returning person";
const COUNT_MUTES: &str = "select count(*) from notice_mutes where site = $1 and person = $2";
const PUT_MUTE: &str =
    "insert into notice_mutes (site, person, what, target, muted_at) values ($1, $2, $3, $4, $5)
    on conflict (site, person, what, target) do nothing";
const DELETE_MUTE: &str =
    "delete from notice_mutes where site = $1 and person = $2 and what = $3 and target = $4";

pub(in crate::store) const STATEMENTS: &[&str] = &[
    MOVE,
    TELL,
    DECIDE,
    ACCEPT,
    WAIT,
    ANSWERED,
    UNACCEPT,
    WITHDRAW,
    RESTORE,
    TOUCH_BOX,
    READ,
    READ_THREAD,
    READ_ALL,
    COUNT_MUTES,
    PUT_MUTE,
    DELETE_MUTE,
];

/// Whose notices have changed.
type Touched = BTreeSet<(SiteId, PersonId)>;

/// Keep what a part of the outbox leads to, and that it was read; whose notices have changed.
///
/// # Errors
/// `Invalid` when another reader was faster; `Database`.
pub(in crate::store) async fn apply(
    connection: &mut Connection,
    batch: &NoticeBatch,
) -> Result<Vec<(SiteId, PersonId)>, StoreError> {
    let seq = |seq: u64| i64::try_from(seq).unwrap_or(i64::MAX);
    let (after, upto) = (&batch.after, &batch.upto);
    let values = values![
        CONSUMER,
        seq(after.seq),
        seq(upto.seq),
        after.part_text().as_str(),
        upto.part_text().as_str()
    ];
    if connection.run(MOVE, values).await? == 0 {
        return Err(StoreError::Invalid("another reader of the outbox was faster".to_owned()));
    }
    let mut touched = Touched::new();
    for event in &batch.events {
        for change in &event.changes {
            let rows = apply_one(connection, event, change, batch.now).await?;
            for row in rows {
                touched.insert((event.site.clone(), PersonId::from(row.text(0)?)));
            }
        }
    }
    for (site, person) in &touched {
        connection.run(TOUCH_BOX, values![site.as_str(), person.as_str()]).await?;
    }
    Ok(touched.into_iter().collect())
}

/// The rows name whose notices have changed.
async fn apply_one(
    connection: &mut Connection,
    event: &NoticesOfEvent,
    change: &NoticeChange,
    now: Micros,
) -> Result<Vec<Row>, StoreError> {
    let (site, entry) = (event.site.as_str(), event.entry.as_str());
    match change {
        NoticeChange::Tell(new) => tell(connection, event, new, now).await,
        NoticeChange::Withdraw => connection.rows(WITHDRAW, values![site, entry, now]).await,
        NoticeChange::Unaccept => connection.rows(UNACCEPT, values![site, entry, now]).await,
        NoticeChange::Restore => connection.rows(RESTORE, values![site, entry]).await,
        NoticeChange::Answered => connection.rows(ANSWERED, values![site, entry, now]).await,
        NoticeChange::Listen(person) => {
            let values = values![site, person.as_str(), "thread", event.root.as_str()];
            connection.run(DELETE_MUTE, values).await?;
            Ok(Vec::new())
        }
    }
}

async fn tell(
    connection: &mut Connection,
    event: &NoticesOfEvent,
    new: &NewNotice,
    now: Micros,
) -> Result<Vec<Row>, StoreError> {
    let statement = match new.kind {
        NoticeKind::Approved | NoticeKind::Rejected | NoticeKind::Removed | NoticeKind::Restored => DECIDE,
        NoticeKind::Accepted => ACCEPT,
        NoticeKind::Held | NoticeKind::Reported => WAIT,
        NoticeKind::Mention | NoticeKind::Reply | NoticeKind::Follow | NoticeKind::Told => TELL,
    };
    let values = values![
        event.site.as_str(),
        new.person.as_str(),
        event.entry.as_str(),
        new_id(now),
        new.kind.word(),
        event.plugin.as_str(),
        event.page.as_str(),
        event.root.as_str(),
        new.actor.as_ref().map(PersonId::as_str),
        new.why.word(),
        new.note.as_str(),
        event.at,
        new.kind.topic(),
        new.kind.line(&event.plugin, &event.page, &event.root, &event.entry)
    ];
    connection.rows(statement, values).await
}

/// Note what somebody has read; how many that were.
pub(in crate::store) async fn mark_read(
    connection: &mut Connection,
    (site, person): (&SiteId, &PersonId),
    read: &Read,
    now: Micros,
) -> Result<u64, StoreError> {
    let (site, person) = (site.as_str(), person.as_str());
    let mut count = 0;
    match read {
        Read::Some(ids) => {
            for id in ids {
                count += connection.rows(READ, values![site, person, id.as_str(), now]).await?.len();
            }
        }
        Read::ThreadOf(entry) => {
            count = connection.rows(READ_THREAD, values![site, person, entry.as_str(), now]).await?.len();
        }
        Read::All => count = connection.rows(READ_ALL, values![site, person, now]).await?.len(),
    }
    if count > 0 {
        connection.run(TOUCH_BOX, values![site, person]).await?;
    }
    Ok(u64::try_from(count).unwrap_or(u64::MAX))
}

/// Mute something or not any more.
///
/// # Errors
/// `Invalid` for somebody who has muted too much; `Database`.
pub(in crate::store) async fn mute(
    connection: &mut Connection,
    (site, person): (&SiteId, &PersonId),
    (mute, muted): (&Mute, bool),
    now: Micros,
) -> Result<(), StoreError> {
    let (site, person, (what, target)) = (site.as_str(), person.as_str(), mute.words());
    if muted {
        let count = connection.row(COUNT_MUTES, values![site, person]).await?;
        if count.map(|row| row.int(0)).transpose()?.unwrap_or_default() >= MUTES_MAX {
            return Err(StoreError::Invalid(format!("{MUTES_MAX} mutes are the most")));
        }
        connection.run(PUT_MUTE, values![site, person, what, target, now]).await?;
    } else {
        connection.run(DELETE_MUTE, values![site, person, what, target]).await?;
    }
    connection.run(TOUCH_BOX, values![site, person]).await?;
    Ok(())
}
