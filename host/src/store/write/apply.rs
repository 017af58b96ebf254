//! One commit: the replay check, the page, the changes in order, the events, the record that makes it repeatable.

use super::people::PUT_SITE;
use crate::base::id::{EntryId, PageId, PersonId, new_id};
use crate::store::db::{Connection, Row, values};
use crate::store::model::{Commit, CommitError, Committed, StoreError, Target, Write};

/// Longest page key, URL and title that are kept, in bytes and characters.
const KEY_MAX: usize = 200;
const URL_MAX: usize = 2_000;
const TITLE_MAX: usize = 300;
/// Longest key and value of a plugin's private space, and the space, in bytes.
const VALUE_KEY_MAX: usize = 200;
const VALUE_MAX: usize = 65_536;
const SPACE_MAX: i64 = 10 * 1_024 * 1_024;

const REQUEST: &str = "select fingerprint, answer from requests where site = $1 and person = $2 and key = $3";
const PUT_REQUEST: &str = "insert into requests (site, person, key, fingerprint, answer, made_at)
    values ($1, $2, $3, $4, $5, $6)";
const PLACE: &str = "select p.id, p.closed, p.url, p.title, t.number
    from pages p left join threads t on t.site = p.site and t.page = p.id and t.plugin = $3
    where p.site = $1 and p.key = $2";
const PUT_PAGE: &str =
    "insert into pages (site, id, key, url, title, created_at) values ($1, $2, $3, $4, $5, $6)";
const RENAME_PAGE: &str =
    "update pages set url = $3, title = $4, revision = revision + 1 where site = $1 and id = $2";
const CLOSE_PAGE: &str = "update pages set closed = $3, revision = revision + 1 where site = $1 and id = $2";
const PUT_THREAD: &str = "insert into threads (site, page, plugin) values ($1, $2, $3) returning number";
const TOUCH: &str = "update threads set revision = revision + 1, entry_count = entry_count + $2,
    root_count = root_count + $3 where number = $1";
const EVENT: &str = "insert into events (id, site, plugin, page, kind, entry, actor, made_at, data)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning seq";
const SPACE: &str = "select
    coalesce((select byte_count from plugin_spaces where site = $1 and plugin = $2), 0),
    coalesce((select octet_length(v.value) from plugin_values v where v.site = $1 and v.plugin = $2 and v.key = $3), -1)";
const PUT_SPACE: &str = "insert into plugin_spaces (site, plugin, byte_count) values ($1, $2, $3)
    on conflict (site, plugin) do update set byte_count = excluded.byte_count";
const PUT_VALUE: &str = "insert into plugin_values (site, plugin, key, value) values ($1, $2, $3, $4)
    on conflict (site, plugin, key) do update set value = excluded.value";
const DELETE_VALUE: &str = "delete from plugin_values where site = $1 and plugin = $2 and key = $3";

pub(in crate::store) const STATEMENTS: &[&str] = &[
    REQUEST,
    PUT_REQUEST,
    PLACE,
    PUT_PAGE,
    RENAME_PAGE,
    CLOSE_PAGE,
    PUT_THREAD,
    TOUCH,
    EVENT,
    SPACE,
    PUT_SPACE,
    PUT_VALUE,
    DELETE_VALUE,
];

/// A commit on its way: where it applies and what it has changed so far.
pub(super) struct Applying<'a> {
    pub(super) connection: &'a mut Connection,
    pub(super) commit: &'a Commit,
    pub(super) page: PageId,
    pub(super) closed: bool,
    pub(super) thread: i64,
    /// Whether anything that is shown is different now.
    pub(super) changed: bool,
    pub(super) entry_delta: i64,
    pub(super) root_delta: i64,
    seq: u64,
}

/// Apply a commit inside the savepoint that the caller keeps or takes back.
///
/// # Errors
/// As [`CommitError`] says; then the caller takes the savepoint back.
pub(super) async fn commit(connection: &mut Connection, commit: &Commit) -> Result<Committed, CommitError> {
    if let Some(answer) = replayed(connection, commit).await? {
        return Ok(Committed::Replayed { answer });
    }
    let mut applying = place(connection, commit).await?;
    for write in &commit.writes {
        applying.write(write).await?;
    }
    let seq = applying.finish().await?;
    if let Some(request) = &commit.request {
        let values = values![
            commit.site.as_str(),
            commit.permit.person().as_str(),
            request.key.as_str(),
            &request.fingerprint[..],
            request.answer.as_str(),
            commit.now
        ];
        connection.run(PUT_REQUEST, values).await?;
    }
    Ok(Committed::Done { seq })
}

async fn replayed(connection: &mut Connection, commit: &Commit) -> Result<Option<String>, CommitError> {
    let Some(request) = &commit.request else { return Ok(None) };
    if request.key.is_empty() || request.key.len() > 128 {
        return Err(StoreError::Invalid("an idempotency key has 1 to 128 bytes".to_owned()).into());
    }
    let values = values![commit.site.as_str(), commit.permit.person().as_str(), request.key.as_str()];
    match connection.row(REQUEST, values).await? {
        None => Ok(None),
        Some(row) if row.blob(0)? == request.fingerprint => Ok(Some(row.text(1)?)),
        Some(_) => Err(CommitError::KeyReused),
    }
}

/// The page and the plugin's thread there; made with the first write, brought up to date with each.
async fn place<'a>(connection: &'a mut Connection, commit: &'a Commit) -> Result<Applying<'a>, CommitError> {
    let (site, page) = (commit.site.as_str(), &commit.page);
    if page.key.is_empty() || page.key.len() > KEY_MAX {
        return Err(StoreError::Invalid(format!("a page key has 1 to {KEY_MAX} bytes")).into());
    }
    let url: String = page.url.chars().take(URL_MAX).collect();
    let title = crate::store::rules::clean(&page.title, TITLE_MAX);
    let row = connection.row(PLACE, values![site, page.key.as_str(), commit.plugin.as_str()]).await?;
    let mut changed = false;
    let (id, closed, thread) = match row {
        Some(row) => {
            let (id, known) = (row.text(0)?, (row.text(2)?, row.text(3)?));
            let (closed, thread) = (row.flag(1)?, row.maybe_int(4)?);
            let told = (
                if url.is_empty() { known.0.clone() } else { url },
                if title.is_empty() { known.1.clone() } else { title },
            );
            if told != known {
                connection.run(RENAME_PAGE, values![site, id.as_str(), told.0, told.1]).await?;
                changed = true;
            }
            (id, closed, thread)
        }
        None => {
            let id = new_id(commit.now);
            connection.run(PUT_SITE, values![site, commit.now]).await?;
            let values = values![site, id.as_str(), page.key.as_str(), url, title, commit.now];
            connection.run(PUT_PAGE, values).await?;
            (id, false, None)
        }
    };
    let thread = match thread {
        Some(number) => number,
        None => {
            let row = connection.row(PUT_THREAD, values![site, id.as_str(), commit.plugin.as_str()]).await?;
            number(row)?
        }
    };
    let page = PageId::from(id);
    Ok(Applying { connection, commit, page, closed, thread, changed, entry_delta: 0, root_delta: 0, seq: 0 })
}

fn number(row: Option<Row>) -> Result<i64, StoreError> {
    row.ok_or_else(|| StoreError::Database("a returning statement gave no row".to_owned()))?.int(0)
}

impl Applying<'_> {
    pub(super) fn site(&self) -> &str {
        self.commit.site.as_str()
    }

    async fn write(&mut self, write: &Write) -> Result<(), CommitError> {
        match write {
            Write::CreateEntry(new) => self.create_entry(new).await,
            Write::EditEntry { id, version, body, state, reason, suspect } => {
                self.edit_entry((id, *version), body, (*state, reason)).await?;
                if *suspect { self.suspect(id).await } else { Ok(()) }
            }
            Write::SetState { id, version, state, reason } => {
                self.set_state((id, *version), *state, reason).await
            }
            Write::PutMark(mark) => self.put_mark(mark).await,
            Write::DeleteMark { target, kind } => self.delete_mark(target, kind).await,
            Write::PinEntry { id, pinned } => self.pin_entry(id, *pinned).await,
            Write::ClosePage(closed) => self.close_page(*closed).await,
            Write::PutValue { key, value } => self.put_value(key, value.as_deref()).await,
        }
    }

    async fn close_page(&mut self, closed: bool) -> Result<(), CommitError> {
        if !self.commit.permit.moderates() {
            return Err(CommitError::Denied(Target::Page));
        }
        if self.closed == closed {
            return Ok(());
        }
        self.connection
            .run(CLOSE_PAGE, values![self.commit.site.as_str(), self.page.as_str(), closed])
            .await?;
        self.closed = closed;
        let kind = if closed { "page.closed" } else { "page.opened" };
        let person = self.commit.permit.person().clone();
        self.event(kind, None, Some(&person), &serde_json::json!({})).await
    }

    async fn put_value(&mut self, key: &str, value: Option<&[u8]>) -> Result<(), CommitError> {
        if key.is_empty() || key.len() > VALUE_KEY_MAX || value.is_some_and(|value| value.len() > VALUE_MAX) {
            let text = format!("a key has 1 to {VALUE_KEY_MAX} bytes, a value at most {VALUE_MAX}");
            return Err(StoreError::Invalid(text).into());
        }
        let (site, plugin) = (self.commit.site.as_str(), self.commit.plugin.as_str());
        let row = self.connection.row(SPACE, values![site, plugin, key]).await?;
        let row = row.ok_or_else(|| StoreError::Database("a count gave no row".to_owned()))?;
        let (used, old) = (row.int(0)?, row.int(1)?);
        let bytes = |length: i64| if length < 0 { 0 } else { length + size(key.len()) };
        let new = value.map_or(-1, |value| size(value.len()));
        let space = used - bytes(old) + bytes(new);
        if space > SPACE_MAX && new > old {
            return Err(CommitError::SpaceFull);
        }
        match value {
            Some(value) => self.connection.run(PUT_VALUE, values![site, plugin, key, value]).await?,
            None => self.connection.run(DELETE_VALUE, values![site, plugin, key]).await?,
        };
        self.connection.run(PUT_SPACE, values![site, plugin, space]).await?;
        self.changed = true;
        Ok(())
    }

    /// Note in the outbox that something has happened.
    pub(super) async fn event(
        &mut self,
        kind: &str,
        entry: Option<&EntryId>,
        actor: Option<&PersonId>,
        data: &serde_json::Value,
    ) -> Result<(), CommitError> {
        let values = values![
            new_id(self.commit.now),
            self.commit.site.as_str(),
            self.commit.plugin.as_str(),
            self.commit.page.key.as_str(),
            kind,
            entry.map(EntryId::as_str),
            actor.map(PersonId::as_str),
            self.commit.now,
            data.to_string()
        ];
        let seq = number(self.connection.row(EVENT, values).await?)?;
        self.seq = u64::try_from(seq).unwrap_or_default();
        self.changed = true;
        Ok(())
    }

    /// Count the change; the last event's number.
    async fn finish(self) -> Result<u64, CommitError> {
        if !self.changed {
            return Ok(0);
        }
        let values = values![self.thread, self.entry_delta, self.root_delta];
        self.connection.run(TOUCH, values).await?;
        Ok(self.seq)
    }
}

fn size(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}
