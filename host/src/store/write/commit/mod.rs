//! One commit: the replay check, the page, what must hold, the changes in order, the events, the record that makes it
//! repeatable.

mod conditions;
mod derived;
mod entries;
mod fields;
mod ledger;
mod marks;
mod values;

use stoa_rules::limits::PAGE_KEY_BYTES_MAX;
use stoa_rules::{Change, Target};

use super::people::PUT_SITE;
use crate::base::id::{EntryId, PageId, PersonId, new_id};
use crate::store::db::{Connection, Row, values};
use crate::store::ledger::{BOOK_STATEMENTS, CHECK_STATEMENTS, READ_STATEMENTS};
use crate::store::model::{Commit, CommitError, Committed, Judged, StoreError};
use crate::store::read::belongs;
pub(in crate::store) use derived::derive;
pub(in crate::store) use fields::{
    DELETE_TITLE, Indexed, IndexedRow, PUT_HOLDER, PUT_KEY, Unique, holds, indexed,
};
pub(in crate::store) use marks::{recount, tally};

/// Longest URL and title that are kept, in characters.
const URL_MAX: usize = 2_000;
const TITLE_MAX: usize = 300;

const REQUEST: &str = "select fingerprint, answer from requests where site = $1 and person = $2 and key = $3";
const PUT_REQUEST: &str = "insert into requests (site, person, key, fingerprint, answer, made_at)
    values ($1, $2, $3, $4, $5, $6)";
const PLACE: &str = "select p.id, p.closed, p.url, p.title, t.number, p.owner
    from pages p left join threads t on t.site = p.site and t.page = p.id and t.plugin = $3
    where p.site = $1 and p.key = $2";
/// $1 the site, $2 the thread, $3 the person.
const PLACE_OF: &str = concat!(
    "select p.id, p.key, p.closed, p.owner, p.audience is null or ",
    belongs!("p.audience", "$3"),
    " from threads t cross join pages p on p.site = t.site and p.id = t.page where t.site = $1 and t.number = $2"
);
const PUT_PAGE: &str = "insert into pages (site, id, key, url, title, created_at, audience)
    values ($1, $2, $3, $4, $5, $6, (select s.audience from sites s where s.id = $1))";
const RENAME_PAGE: &str =
    "update pages set url = $3, title = $4, revision = revision + 1 where site = $1 and id = $2";
const CLOSE_PAGE: &str = "update pages set closed = $3, revision = revision + 1 where site = $1 and id = $2";
/// Other plugins show the page, too.
const TOUCH_PAGE: &str = "update threads set revision = revision + 1 where site = $1 and page = $2";
const PUT_THREAD: &str = "insert into threads (site, page, plugin) values ($1, $2, $3) returning number";
const TOUCH: &str = "update threads set revision = revision + 1, entry_count = entry_count + $2,
    root_count = root_count + $3 where number = $1";
const EVENT: &str = "insert into events (id, site, plugin, page, kind, entry, actor, made_at, data)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning seq";
const OWN_STATEMENTS: &[&str] = &[
    REQUEST,
    PUT_REQUEST,
    PLACE,
    PLACE_OF,
    PUT_PAGE,
    RENAME_PAGE,
    CLOSE_PAGE,
    TOUCH_PAGE,
    PUT_THREAD,
    TOUCH,
    EVENT,
];

pub(in crate::store) const STATEMENTS: [&[&str]; 11] = [
    OWN_STATEMENTS,
    conditions::STATEMENTS,
    derived::STATEMENTS,
    entries::STATEMENTS,
    fields::STATEMENTS,
    ledger::STATEMENTS,
    marks::STATEMENTS,
    values::STATEMENTS,
    READ_STATEMENTS,
    BOOK_STATEMENTS,
    CHECK_STATEMENTS,
];

/// A page that a commit changes, with what the plugin keeps there.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) page: PageId,
    pub(super) key: String,
    pub(super) owner: Option<String>,
    pub(super) closed: bool,
    pub(super) thread: i64,
    /// Whether anything that is shown is different now.
    pub(super) changed: bool,
    pub(super) entry_delta: i64,
    pub(super) root_delta: i64,
}

/// The place of the page of the commit in [`Applying::places`].
pub(super) const HERE: usize = 0;

/// A commit on its way: where it applies and what it has changed so far.
pub(super) struct Applying<'a> {
    pub(super) connection: &'a mut Connection,
    pub(super) commit: &'a Commit,
    /// The page of the commit, then those of other entries that it changes.
    pub(super) places: Vec<Place>,
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
    let here = place(connection, commit).await?;
    let mut applying = Applying { connection, commit, places: vec![here], seq: 0 };
    applying.check_author().await?;
    applying.check_requirements().await?;
    for judged in &commit.changes {
        applying.change(judged).await?;
    }
    applying.check_limits().await?;
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
async fn place(connection: &mut Connection, commit: &Commit) -> Result<Place, CommitError> {
    let (site, page) = (commit.site.as_str(), &commit.page);
    // Empty is that of widgets of the whole site; whoever asks for a view of a page names one.
    if page.key.len() > PAGE_KEY_BYTES_MAX {
        return Err(StoreError::Invalid(format!("a page key has at most {PAGE_KEY_BYTES_MAX} bytes")).into());
    }
    let url: String = page.url.chars().take(URL_MAX).collect();
    let title = crate::store::rules::clean(&page.title, TITLE_MAX);
    let row = connection.row(PLACE, values![site, page.key.as_str(), commit.plugin.as_str()]).await?;
    let mut place = Place {
        page: PageId::from(""),
        key: page.key.clone(),
        owner: None,
        closed: false,
        thread: 0,
        changed: false,
        entry_delta: 0,
        root_delta: 0,
    };
    let thread = match row {
        Some(row) => {
            place.page = PageId::from(row.text(0)?);
            place.closed = row.flag(1)?;
            place.owner = row.maybe_text(5)?;
            let known = (row.text(2)?, row.text(3)?);
            let told = (
                if url.is_empty() { known.0.clone() } else { url },
                if title.is_empty() { known.1.clone() } else { title },
            );
            if told != known {
                let values = values![site, place.page.as_str(), told.0, told.1];
                connection.run(RENAME_PAGE, values).await?;
                connection.run(TOUCH_PAGE, values![site, place.page.as_str()]).await?;
                place.changed = true;
            }
            row.maybe_int(4)?
        }
        None => {
            place.page = PageId::from(new_id(commit.now));
            connection.run(PUT_SITE, values![site, commit.now]).await?;
            let values = values![site, place.page.as_str(), page.key.as_str(), url, title, commit.now];
            connection.run(PUT_PAGE, values).await?;
            None
        }
    };
    place.thread = match thread {
        Some(number) => number,
        None => {
            let values = values![site, place.page.as_str(), commit.plugin.as_str()];
            number(connection.row(PUT_THREAD, values).await?)?
        }
    };
    Ok(place)
}

fn number(row: Option<Row>) -> Result<i64, StoreError> {
    row.ok_or_else(|| StoreError::Database("a returning statement gave no row".to_owned()))?.int(0)
}

impl Applying<'_> {
    pub(super) fn site(&self) -> &str {
        self.commit.site.as_str()
    }

    pub(super) fn here(&mut self) -> &mut Place {
        &mut self.places[HERE]
    }

    /// Where the place of a thread is among [`Self::places`]; none where the person may not read the page.
    pub(super) async fn place_of(&mut self, thread: i64) -> Result<Option<usize>, CommitError> {
        if let Some(index) = self.places.iter().position(|place| place.thread == thread) {
            return Ok(Some(index));
        }
        let values = values![self.site(), thread, self.commit.permit.person().as_str()];
        let row = self.connection.row(PLACE_OF, values).await?;
        let row = row.ok_or_else(|| StoreError::Database("a thread has no page".to_owned()))?;
        if !row.flag(4)? {
            return Ok(None);
        }
        self.places.push(Place {
            page: PageId::from(row.text(0)?),
            key: row.text(1)?,
            closed: row.flag(2)?,
            owner: row.maybe_text(3)?,
            thread,
            changed: false,
            entry_delta: 0,
            root_delta: 0,
        });
        Ok(Some(self.places.len() - 1))
    }

    /// Where the place of a page is among [`Self::places`]; none where nobody has ever named the page, or the person may not
    /// read it.
    async fn place_at(&mut self, key: &str) -> Result<Option<usize>, CommitError> {
        if let Some(index) = self.places.iter().position(|place| place.key == key) {
            return Ok(Some(index));
        }
        let (site, plugin) = (self.commit.site.as_str(), self.commit.plugin.as_str());
        let row = self.connection.row(PLACE, values![site, key, plugin]).await?;
        let Some(row) = row else { return Ok(None) };
        let thread = match row.maybe_int(4)? {
            Some(thread) => thread,
            None => number(self.connection.row(PUT_THREAD, values![site, row.str(0)?, plugin]).await?)?,
        };
        self.place_of(thread).await
    }

    async fn change(&mut self, judged: &Judged) -> Result<(), CommitError> {
        let verdict = judged.verdict.as_ref();
        match &judged.change {
            Change::Create(new) => self.create(new, verdict).await,
            Change::SetFields { id, seen, fields } => {
                self.set_fields(&id.as_str().into(), *seen, fields, verdict).await
            }
            Change::SetState { id, seen, state, reason } => {
                self.set_state((&id.as_str().into(), *seen), *state, reason).await
            }
            Change::SetPinned { id, pinned } => self.set_pinned(&id.as_str().into(), *pinned).await,
            Change::PutMark { target, kind, value } => self.put_mark(target, kind, value).await,
            Change::DeleteMark { target, kind } => self.delete_mark(target, kind).await,
            Change::ClosePage(closed) => self.close_page(*closed).await,
            Change::PutValue { key, value, wakes } => self.put_value(key, value.as_deref(), *wakes).await,
            Change::Post { posting, short } => self.post(posting, short).await,
            Change::Reverse { unit, reason, entry, actor } => {
                self.reverse(entry, (unit, reason, actor.as_deref())).await
            }
        }
    }

    async fn close_page(&mut self, closed: bool) -> Result<(), CommitError> {
        if !self.commit.permit.moderates() {
            return Err(CommitError::Denied(Target::Page(self.commit.page.key.clone())));
        }
        if self.here().closed == closed {
            return Ok(());
        }
        let values = values![self.site(), self.places[HERE].page.as_str(), closed];
        self.connection.run(CLOSE_PAGE, values).await?;
        let values = values![self.site(), self.places[HERE].page.as_str()];
        self.connection.run(TOUCH_PAGE, values).await?;
        self.here().closed = closed;
        let kind = if closed { "page.closed" } else { "page.opened" };
        let person = self.commit.permit.person().clone();
        self.event(HERE, kind, None, Some(&person), &serde_json::json!({})).await
    }

    /// Note in the outbox that something has happened at a place.
    pub(super) async fn event(
        &mut self,
        place: usize,
        kind: &str,
        entry: Option<&EntryId>,
        actor: Option<&PersonId>,
        data: &serde_json::Value,
    ) -> Result<(), CommitError> {
        let values = values![
            new_id(self.commit.now),
            self.commit.site.as_str(),
            self.commit.plugin.as_str(),
            self.places[place].key.as_str(),
            kind,
            entry.map(EntryId::as_str),
            actor.map(PersonId::as_str),
            self.commit.now,
            data.to_string()
        ];
        let seq = number(self.connection.row(EVENT, values).await?)?;
        self.seq = u64::try_from(seq).unwrap_or_default();
        self.places[place].changed = true;
        Ok(())
    }

    /// Count the changes; the last event's number.
    async fn finish(self) -> Result<u64, CommitError> {
        for place in self.places.iter().filter(|place| place.changed) {
            let values = values![place.thread, place.entry_delta, place.root_delta];
            self.connection.run(TOUCH, values).await?;
        }
        Ok(self.seq)
    }
}
