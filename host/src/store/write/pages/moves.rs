//! Other keys for pages, moves and merges, and how they are taken back.

use std::collections::HashSet;

use crate::base::clock::{DAY, Micros};
use crate::base::id::{SiteId, new_id};
use crate::store::db::{Connection, values};
use crate::store::model::{PageChange, PageChangeKind, PageLine, StoreError, UNDO_DAYS};

/// Bytes of a page's key.
const KEY_BYTES_MAX: usize = stoa_rules::limits::PAGE_KEY_BYTES_MAX;

/// The page that a key leads to, and whether the key is an alias. Aliases come first: the page that was merged into another
/// keeps its row.
const FIND: &str = "select p.id, p.key, p.audience from pages p where p.site = $1 and p.id = coalesce(
    (select l.page from page_aliases l where l.site = $1 and l.alias = $2),
    (select k.id from pages k where k.site = $1 and k.key = $2))";
const PUT_CHANGE: &str =
    "insert into page_changes (site, id, batch, kind, source, target, page, into_page, made_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
const PUT_ALIAS: &str = "insert into page_aliases (site, alias, page, made_at) values ($1, $2, $3, $4)";
const DELETE_ALIAS: &str = "delete from page_aliases where site = $1 and alias = $2";
const RENAME: &str = "update pages set key = $3, revision = revision + 1 where site = $1 and id = $2";
const RENAME_NOTICES: &str = "update notices set page = $3 where site = $1 and page = $2";
const TOUCH: &str = "update threads set revision = revision + 1 where site = $1 and page = $2";

const THREADS: &str = "select number, plugin from threads where site = $1 and page = $2";
const PUT_THREAD: &str = "insert into threads (site, page, plugin) values ($1, $2, $3)
    on conflict (site, page, plugin) do update set plugin = excluded.plugin returning number";
const NOTE_ROOTS: &str = "insert into page_moved (site, change, what, item, origin)
    select e.site, $3, 'root', e.id, cast($2 as text) from entries e where e.site = $1 and e.thread = $2 and e.parent is null";
const MOVE_ENTRIES: &str = "update entries set thread = $3 where site = $1 and thread = $2";
const MOVE_FIELDS: &str = "update entry_fields set thread = $3 where site = $1 and thread = $2";
const NOTE_MARKS: &str = "insert into page_moved (site, change, what, item, origin)
    select m.site, $4, 'mark', json_array(m.plugin, m.person, m.kind), $2 from marks m
    where m.site = $1 and m.target = $2 and not exists (
        select 1 from marks o where o.site = $1 and o.plugin = m.plugin and o.target = $3 and o.person = m.person
            and o.kind = m.kind)";
const MOVE_MARKS: &str = "update marks set target = $3 where site = $1 and target = $2 and not exists (
    select 1 from marks o where o.site = $1 and o.plugin = marks.plugin and o.target = $3 and o.person = marks.person
        and o.kind = marks.kind)";
const NOTE_ALIASES: &str = "insert into page_moved (site, change, what, item, origin)
    select site, $3, 'alias', alias, $2 from page_aliases where site = $1 and page = $2";
const MOVE_ALIASES: &str = "update page_aliases set page = $3 where site = $1 and page = $2";
const RECOUNT: &str = "update threads set revision = revision + 1,
    entry_count = (select count(*) from entries e where e.thread = threads.number and e.state = 'visible'),
    root_count = (select count(*) from entries e
        where e.thread = threads.number and e.state = 'visible' and e.parent is null)
    where site = $1 and number = $2";

const BATCH: &str =
    "select id, kind, source, target, page, into_page, made_at, undone_at is not null from page_changes
    where site = $1 and batch = $2 order by id desc";
const UNDONE: &str = "update page_changes set undone_at = $3 where site = $1 and id = $2";
const KEY_NOW: &str = "select key from pages where site = $1 and id = $2";
const ROOTS: &str = "select m.item, m.origin, e.thread from page_moved m cross join entries e
    where m.site = $1 and m.change = $2 and m.what = 'root' and e.site = m.site and e.id = m.item";
const RETURN_ENTRIES: &str = "update entries set thread = $3 where site = $1 and root = $2";
const RETURN_FIELDS: &str = "update entry_fields set thread = $3
    where site = $1 and entry in (select e.id from entries e where e.site = $1 and e.root = $2)";
const RETURN_NOTICES: &str = "update notices set page = $3 where site = $1 and root = $2";
const RETURN_MARKS: &str = "update marks set target = $3 where site = $1 and target = $4
    and json_array(plugin, person, kind) in (
        select item from page_moved where site = $1 and change = $2 and what = 'mark')";
const RETURN_ALIASES: &str = "update page_aliases set page = $3 where site = $1 and alias in (
    select item from page_moved where site = $1 and change = $2 and what = 'alias')";

pub(in crate::store) const STATEMENTS: &[&str] = &[
    FIND,
    PUT_CHANGE,
    PUT_ALIAS,
    DELETE_ALIAS,
    RENAME,
    RENAME_NOTICES,
    TOUCH,
    THREADS,
    PUT_THREAD,
    NOTE_ROOTS,
    MOVE_ENTRIES,
    MOVE_FIELDS,
    NOTE_MARKS,
    MOVE_MARKS,
    NOTE_ALIASES,
    MOVE_ALIASES,
    RECOUNT,
    BATCH,
    UNDONE,
    KEY_NOW,
    ROOTS,
    RETURN_ENTRIES,
    RETURN_FIELDS,
    RETURN_NOTICES,
    RETURN_MARKS,
    RETURN_ALIASES,
];

/// A page that a key leads to.
struct Found {
    id: String,
    key: String,
    audience: Option<i64>,
}

/// Changes on their way.
struct Changing<'a> {
    connection: &'a mut Connection,
    site: &'a str,
    batch: &'a str,
    now: Micros,
}

/// Do what the lines say, one after the other; what cannot be done is told and left out.
///
/// # Errors
/// `Database`.
pub(super) async fn change(
    connection: &mut Connection,
    site: &SiteId,
    lines: Vec<PageLine>,
    batch: &str,
    now: Micros,
) -> Result<Vec<PageChange>, StoreError> {
    let mut changing = Changing { connection, site: site.as_str(), batch, now };
    let mut changes = Vec::with_capacity(lines.len());
    for line in lines {
        let change = changing.line(&line).await?;
        let (kind, entries, problem) = match change {
            Ok((kind, entries)) => (Some(kind), entries, None),
            Err(problem) => (line.kind, 0, Some(problem)),
        };
        changes.push(PageChange { kind, source: line.source, target: line.target, entries, problem });
    }
    Ok(changes)
}

/// What a line cannot do, for people; the outer error is the database's.
type Tried<T> = Result<Result<T, String>, StoreError>;

impl Changing<'_> {
    async fn find(&mut self, key: &str) -> Result<Option<Found>, StoreError> {
        let row = self.connection.row(FIND, values![self.site, key]).await?;
        let found = |row: crate::store::db::Row| {
            Ok(Found { id: row.text(0)?, key: row.text(1)?, audience: row.maybe_int(2)? })
        };
        row.map(found).transpose()
    }

    async fn line(&mut self, line: &PageLine) -> Tried<(PageChangeKind, u32)> {
        let (source, target) = (line.source.as_str(), line.target.as_str());
        for key in [source, target] {
            if key.is_empty() || key.len() > KEY_BYTES_MAX {
                return Ok(Err(format!("a page key has 1 to {KEY_BYTES_MAX} bytes")));
            }
        }
        let (here, there) = (self.find(source).await?, self.find(target).await?);
        match (line.kind, here, there) {
            (Some(PageChangeKind::Alias), None, Some(page)) => self.alias(source, &page).await.map(Ok),
            (Some(PageChangeKind::Alias), Some(_), _) => {
                Ok(Err(format!("`{source}` is a page, or leads to one: merge or move it")))
            }
            (Some(PageChangeKind::Alias), None, None) => Ok(Err(format!("there is no page `{target}`"))),
            (_, None, _) => Ok(Err(format!("there is no page `{source}`"))),
            (_, Some(page), Some(into)) if page.id == into.id && page.key != target => {
                // The page takes one of its other keys.
                self.moved(&page, target).await.map(Ok)
            }
            (_, Some(page), Some(into)) if page.id == into.id => {
                Ok(Err(format!("`{source}` is `{target}` already")))
            }
            (Some(PageChangeKind::Move), Some(_), Some(_)) => {
                Ok(Err(format!("there is a page `{target}` already: merge the two")))
            }
            (_, Some(page), Some(into)) if page.audience != into.audience => Ok(Err(format!(
                "`{source}` and `{target}` have not the same readers: what is on one would be told to readers of the other. Let their tokens say the same `page_readers` first"
            ))),
            (_, Some(page), Some(into)) => self.merge(&page, &into).await.map(Ok),
            (Some(PageChangeKind::Merge), Some(_), None) => Ok(Err(format!("there is no page `{target}`"))),
            (_, Some(page), None) => self.moved(&page, target).await.map(Ok),
        }
    }

    async fn note(
        &mut self,
        kind: PageChangeKind,
        (source, target): (&str, &str),
        (page, into): (&str, &str),
    ) -> Result<String, StoreError> {
        let id = new_id(self.now);
        let values =
            values![self.site, id.as_str(), self.batch, kind.word(), source, target, page, into, self.now];
        self.connection.run(PUT_CHANGE, values).await?;
        Ok(id)
    }

    async fn alias(&mut self, alias: &str, page: &Found) -> Result<(PageChangeKind, u32), StoreError> {
        self.note(PageChangeKind::Alias, (alias, &page.key), (&page.id, &page.id)).await?;
        self.connection.run(PUT_ALIAS, values![self.site, alias, page.id.as_str(), self.now]).await?;
        Ok((PageChangeKind::Alias, 0))
    }

    /// Another key for a page; the old one leads to it.
    async fn moved(&mut self, page: &Found, target: &str) -> Result<(PageChangeKind, u32), StoreError> {
        self.note(PageChangeKind::Move, (&page.key, target), (&page.id, &page.id)).await?;
        self.rename(&page.id, (&page.key, target)).await?;
        self.connection.run(DELETE_ALIAS, values![self.site, target]).await?;
        let values = values![self.site, page.key.as_str(), page.id.as_str(), self.now];
        self.connection.run(PUT_ALIAS, values).await?;
        Ok((PageChangeKind::Move, 0))
    }

    async fn rename(&mut self, page: &str, (from, to): (&str, &str)) -> Result<(), StoreError> {
        self.connection.run(RENAME, values![self.site, page, to]).await?;
        self.connection.run(RENAME_NOTICES, values![self.site, from, to]).await?;
        self.connection.run(TOUCH, values![self.site, page]).await?;
        Ok(())
    }

    /// All that is on a page is on another one from now on. Whose mark the other one has too, keeps that one.
    async fn merge(&mut self, page: &Found, into: &Found) -> Result<(PageChangeKind, u32), StoreError> {
        let site = self.site;
        let change = self.note(PageChangeKind::Merge, (&page.key, &into.key), (&page.id, &into.id)).await?;
        let (from, to) = (page.id.as_str(), into.id.as_str());
        let mut moved = 0;
        for row in self.connection.rows(THREADS, values![site, from]).await? {
            let (thread, plugin) = (row.int(0)?, row.text(1)?);
            let other = self.thread(to, &plugin).await?;
            self.connection.run(NOTE_ROOTS, values![site, thread, change.as_str()]).await?;
            moved += self.connection.run(MOVE_ENTRIES, values![site, thread, other]).await?;
            self.connection.run(MOVE_FIELDS, values![site, thread, other]).await?;
            self.recount(&[thread, other]).await?;
        }
        self.connection.run(NOTE_MARKS, values![site, from, to, change.as_str()]).await?;
        self.connection.run(MOVE_MARKS, values![site, from, to]).await?;
        self.connection.run(NOTE_ALIASES, values![site, from, change.as_str()]).await?;
        self.connection.run(MOVE_ALIASES, values![site, from, to]).await?;
        self.connection.run(PUT_ALIAS, values![site, page.key.as_str(), to, self.now]).await?;
        self.connection.run(RENAME_NOTICES, values![site, page.key.as_str(), into.key.as_str()]).await?;
        self.connection.run(TOUCH, values![site, to]).await?;
        Ok((PageChangeKind::Merge, u32::try_from(moved).unwrap_or(u32::MAX)))
    }

    async fn thread(&mut self, page: &str, plugin: &str) -> Result<i64, StoreError> {
        let row = self.connection.row(PUT_THREAD, values![self.site, page, plugin]).await?;
        row.ok_or_else(|| StoreError::Database("a returning statement gave no row".to_owned()))?.int(0)
    }

    async fn recount(&mut self, threads: &[i64]) -> Result<(), StoreError> {
        for thread in threads {
            self.connection.run(RECOUNT, values![self.site, *thread]).await?;
        }
        Ok(())
    }

    /// Take a move back.
    async fn unmove(&mut self, page: &str, source: &str, target: &str) -> Tried<()> {
        let now = self.connection.row(KEY_NOW, values![self.site, page]).await?;
        if now.map(|row| row.text(0)).transpose()?.as_deref() != Some(target) {
            return Ok(Err(format!("`{target}` was moved again since: take that back first")));
        }
        self.connection.run(DELETE_ALIAS, values![self.site, source]).await?;
        self.rename(page, (target, source)).await?;
        Ok(Ok(()))
    }

    /// Take a merge back: what was on the page goes back there with all answers since; what was begun since stays.
    async fn unmerge(
        &mut self,
        change: &str,
        source: &str,
        (page, into): (&str, &str),
    ) -> Result<u32, StoreError> {
        let site = self.site;
        let mut threads = HashSet::new();
        let mut moved = 0;
        for row in self.connection.rows(ROOTS, values![site, change]).await? {
            let (root, now) = (row.text(0)?, row.int(2)?);
            let origin: i64 =
                row.str(1)?.parse().map_err(|_| StoreError::Database("no thread".to_owned()))?;
            moved += self.connection.run(RETURN_ENTRIES, values![site, root.as_str(), origin]).await?;
            self.connection.run(RETURN_FIELDS, values![site, root.as_str(), origin]).await?;
            self.connection.run(RETURN_NOTICES, values![site, root.as_str(), source]).await?;
            threads.extend([now, origin]);
        }
        let threads: Vec<i64> = threads.into_iter().collect();
        self.recount(&threads).await?;
        self.connection.run(RETURN_MARKS, values![site, change, page, into]).await?;
        self.connection.run(RETURN_ALIASES, values![site, change, page]).await?;
        self.connection.run(DELETE_ALIAS, values![site, source]).await?;
        for page in [page, into] {
            self.connection.run(TOUCH, values![site, page]).await?;
        }
        Ok(u32::try_from(moved).unwrap_or(u32::MAX))
    }
}

/// Take a batch back, the last change first.
///
/// # Errors
/// `Invalid` where there is no such batch, it is older than [`UNDO_DAYS`] or taken back already, or a page was changed since;
/// `Database`.
pub(super) async fn undo(
    connection: &mut Connection,
    site: &SiteId,
    batch: &str,
    now: Micros,
) -> Result<Vec<PageChange>, StoreError> {
    let rows = connection.rows(BATCH, values![site.as_str(), batch]).await?;
    if rows.is_empty() {
        return Err(StoreError::Invalid(format!("there is no change `{batch}`")));
    }
    let mut changing = Changing { connection, site: site.as_str(), batch, now };
    let mut changes = Vec::with_capacity(rows.len());
    for row in rows {
        let (id, kind) = (row.text(0)?, PageChangeKind::from_word(row.str(1)?));
        let (source, target) = (row.text(2)?, row.text(3)?);
        let (page, into) = (row.text(4)?, row.text(5)?);
        if row.flag(7)? {
            return Err(StoreError::Invalid("it was taken back before".to_owned()));
        }
        if row.int(6)? < now - UNDO_DAYS * DAY {
            return Err(StoreError::Invalid(format!("it is older than {UNDO_DAYS} days")));
        }
        let entries = match kind {
            Some(PageChangeKind::Alias) => {
                changing.connection.run(DELETE_ALIAS, values![site.as_str(), source.as_str()]).await?;
                0
            }
            Some(PageChangeKind::Move) => {
                changing.unmove(&page, &source, &target).await?.map_err(StoreError::Invalid)?;
                0
            }
            Some(PageChangeKind::Merge) => changing.unmerge(&id, &source, (&page, &into)).await?,
            None => return Err(StoreError::Database("a change of no kind".to_owned())),
        };
        changing.connection.run(UNDONE, values![site.as_str(), id.as_str(), now]).await?;
        changes.push(PageChange { kind, source, target, entries, problem: None });
    }
    Ok(changes)
}
