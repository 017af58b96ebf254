//! The values of entries as lists find them: indexed fields, what only one entry may have, and what is named.

use stoa_rules::{Field, FieldKind, Fields, Kind, State, UniqueBy, Value, fold};

use super::Applying;
use super::entries::{Known, is_open, split};
use crate::base::clock::Micros;
use crate::base::id::EntryId;
use crate::store::db::{self, Connection, values};
use crate::store::model::{CommitError, StoreError};

/// How much of a text is indexed, in characters: texts that agree so far are the same to a query.
const INDEXED_CHARS: usize = 200;

const PUT: &str = "insert into entry_fields
    (site, entry, name, item, plugin, thread, kind, text, number, created_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
const PUT_TITLE: &str = "insert into entry_titles (rowid, title)
    select e.number, $3 from entries e where e.site = $1 and e.id = $2";
pub(in crate::store) const DELETE_TITLE: &str = "delete from entry_titles
    where rowid = (select e.number from entries e where e.site = $1 and e.id = $2)";
const DELETE: &str = "delete from entry_fields where site = $1 and entry = $2";
const DELETE_ONE: &str = "delete from entry_fields where site = $1 and entry = $2 and name = $3";
pub(super) const HOLDER: &str =
    "select entry from entry_holders where site = $1 and parent = $2 and kind = $3 and name = $4";
pub(in crate::store) const PUT_HOLDER: &str =
    "insert into entry_holders (site, parent, kind, name, entry) values ($1, $2, $3, $4, $5)
    on conflict (site, parent, kind, name) do update set entry = excluded.entry";
const RELEASE: &str = "delete from entry_holders where site = $1 and entry = $2 and name = $3";
const HELD: &str = "select name from entry_holders where site = $1 and entry = $2";
pub(super) const PUT_DATA: &str = "update entries set data = $3 where site = $1 and id = $2";
pub(in crate::store) const PUT_KEY: &str =
    "insert into entry_keys (site, plugin, kind, key, entry) values ($1, $2, $3, $4, $5)
    on conflict (site, plugin, kind, key) do nothing";
const DELETE_KEYS: &str = "delete from entry_keys where site = $1 and entry = $2";
const PERSON: &str = "select 1 from people where site = $1 and id = $2 and active = 1";
const REFERRED: &str =
    "select 1 from entries where site = $1 and id = $2 and plugin = $3 and state = 'visible'";

pub(in crate::store) const STATEMENTS: &[&str] = &[
    PUT,
    PUT_TITLE,
    DELETE_TITLE,
    DELETE,
    DELETE_ONE,
    HOLDER,
    PUT_HOLDER,
    RELEASE,
    HELD,
    PUT_DATA,
    PUT_KEY,
    DELETE_KEYS,
    PERSON,
    REFERRED,
];

/// A value as it is indexed: a text or a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::store) enum Indexed {
    Text(String),
    Number(i64),
}

/// What is indexed of a value, one item for each of several texts; nothing for a blank one.
pub(in crate::store) fn indexed(value: &Value) -> Vec<Indexed> {
    if value.is_blank() {
        return Vec::new();
    }
    let text = |text: &String| Indexed::Text(text.chars().take(INDEXED_CHARS).collect());
    match value {
        Value::Unset => Vec::new(),
        Value::Text(one) => vec![text(one)],
        Value::Texts(texts) => texts.iter().map(text).collect(),
        Value::Number(number) => vec![Indexed::Number(*number)],
        Value::Boolean(flag) => vec![Indexed::Number(i64::from(*flag))],
        Value::Time(time) => vec![Indexed::Number(i64::try_from(*time).unwrap_or(i64::MAX))],
    }
}

/// An entry as its indexed values name it.
#[derive(Clone, Copy, Debug)]
pub(in crate::store) struct IndexedRow<'a> {
    pub(in crate::store) site: &'a str,
    pub(in crate::store) entry: &'a str,
    pub(in crate::store) plugin: &'a str,
    pub(in crate::store) thread: i64,
    pub(in crate::store) kind: &'a str,
    pub(in crate::store) created_at: Micros,
}

impl IndexedRow<'_> {
    /// Index what the manifest declares as indexed.
    pub(in crate::store) async fn put(
        self,
        connection: &mut Connection,
        kind: &Kind,
        fields: &Fields,
    ) -> Result<(), StoreError> {
        for (name, value) in fields {
            if kind.title.as_ref() == Some(name) {
                self.put_title(connection, value).await?;
            }
            if !kind.fields.get(name).is_some_and(|field| field.indexed) {
                continue;
            }
            for (item, value) in (0_u32..).zip(indexed(value)) {
                let (text, number) = match value {
                    Indexed::Text(text) => (db::Value::Text(text), db::Value::Null),
                    Indexed::Number(number) => (db::Value::Null, db::Value::Int(number)),
                };
                let values = values![
                    self.site,
                    self.entry,
                    name.as_str(),
                    item,
                    self.plugin,
                    self.thread,
                    self.kind,
                    text,
                    number,
                    self.created_at
                ];
                connection.run(PUT, values).await?;
            }
        }
        Ok(())
    }

    /// Have the entry found by the words of its title.
    async fn put_title(self, connection: &mut Connection, title: &Value) -> Result<(), StoreError> {
        connection.run(DELETE_TITLE, values![self.site, self.entry]).await?;
        if let Value::Text(title) = title {
            connection.run(PUT_TITLE, values![self.site, self.entry, fold(title)]).await?;
        }
        Ok(())
    }

    /// Take one field from the index.
    pub(in crate::store) async fn delete(
        self,
        connection: &mut Connection,
        name: &str,
    ) -> Result<(), StoreError> {
        connection.run(DELETE_ONE, values![self.site, self.entry, name]).await.map(drop)
    }
}

/// What an entry is by what only one of a kind may have.
#[derive(Clone, Copy, Debug)]
pub(in crate::store) struct Unique<'a> {
    pub(in crate::store) parent: &'a str,
    pub(in crate::store) author: &'a str,
    pub(in crate::store) page: &'a str,
}

impl Unique<'_> {
    /// The key under which the place is taken.
    pub(in crate::store) fn key(self, unique: &stoa_rules::Unique) -> String {
        let mut parts = unique.by.clone();
        parts.sort_unstable();
        let part = |part: &UniqueBy| match part {
            UniqueBy::Parent => format!("parent {}", self.parent),
            UniqueBy::Author => format!("author {}", self.author),
            UniqueBy::Page => format!("page {}", self.page),
        };
        parts.iter().map(part).collect::<Vec<_>>().join(", ")
    }
}

/// Whether a reply has what only one reply of its parent can have.
pub(in crate::store) fn holds(field: &Field, value: &Value) -> bool {
    field.one_for_each_parent && *value == Value::Boolean(true)
}

impl Applying<'_> {
    /// Hold what fields name against the site: people are active, entries visible and of this plugin.
    pub(super) async fn check_names(
        &mut self,
        own: &EntryId,
        kind: &Kind,
        fields: &Fields,
    ) -> Result<(), CommitError> {
        for (name, value) in fields {
            let Some(field) = kind.fields.get(name) else { continue };
            match (field.kind, value) {
                (FieldKind::Person, Value::Text(id)) => self.check_person(name, id).await?,
                (FieldKind::People, Value::Texts(ids)) => {
                    for id in ids {
                        self.check_person(name, id).await?;
                    }
                }
                (FieldKind::Reference, Value::Text(id)) => self.check_reference(name, own, id).await?,
                _ => {}
            }
        }
        Ok(())
    }

    pub(super) async fn check_person(&mut self, name: &str, id: &str) -> Result<(), CommitError> {
        match self.connection.row(PERSON, values![self.site(), id]).await? {
            Some(_) => Ok(()),
            None => Err(CommitError::invalid(name, format!("names no active person: {id}"))),
        }
    }

    async fn check_reference(&mut self, name: &str, own: &EntryId, id: &str) -> Result<(), CommitError> {
        let values = values![self.site(), id, self.commit.plugin.as_str()];
        let found = self.connection.row(REFERRED, values).await?.is_some();
        if found && id != own.as_str() {
            return Ok(());
        }
        Err(CommitError::invalid(name, format!("names no other visible entry of the plugin: {id}")))
    }

    /// Index what the manifest declares as indexed.
    pub(super) async fn index(
        &mut self,
        known: &Known,
        kind: &Kind,
        fields: &Fields,
    ) -> Result<(), CommitError> {
        let row = IndexedRow {
            site: self.commit.site.as_str(),
            entry: known.id.as_str(),
            plugin: self.commit.plugin.as_str(),
            thread: self.places[known.place].thread,
            kind: known.kind.as_str(),
            created_at: known.created_at,
        };
        Ok(row.put(self.connection, kind, fields).await?)
    }

    /// Take from the index: one field, or all.
    pub(super) async fn unindex(&mut self, id: &EntryId, name: Option<&str>) -> Result<(), CommitError> {
        match name {
            Some(name) => {
                self.connection.run(DELETE_ONE, values![self.site(), id.as_str(), name]).await?;
            }
            None => {
                self.connection.run(DELETE, values![self.site(), id.as_str()]).await?;
            }
        }
        Ok(())
    }

    /// Bring the index up to date after a change of some fields.
    pub(super) async fn reindex(
        &mut self,
        known: &Known,
        kind: &Kind,
        fields: &Fields,
        changed: &[&str],
    ) -> Result<(), CommitError> {
        let mut new = fields.clone();
        new.retain(|name, _| changed.contains(&name.as_str()));
        for name in changed {
            self.unindex(&known.id, Some(name)).await?;
        }
        self.index(known, kind, &new).await?;
        for name in
            new.keys().filter(|name| kind.fields.get(*name).is_some_and(|one| one.one_for_each_parent))
        {
            self.connection.run(RELEASE, values![self.site(), known.id.as_str(), name.as_str()]).await?;
        }
        self.hold(known, kind, &new).await
    }

    /// Make an entry the one reply of its parent that has a field; the former one loses it.
    pub(super) async fn hold(
        &mut self,
        known: &Known,
        kind: &Kind,
        fields: &Fields,
    ) -> Result<(), CommitError> {
        let held = |(name, value): &(&String, &Value)| {
            kind.fields.get(*name).is_some_and(|field| holds(field, value))
        };
        for (name, _) in fields.iter().filter(held) {
            let Some(parent) = known.parent.as_deref() else { continue };
            if known.state != State::Visible {
                return Err(CommitError::Conflict(known.id.clone()));
            }
            let values = values![self.site(), parent, known.kind.as_str(), name.as_str()];
            if let Some(row) = self.connection.row(HOLDER, values).await? {
                let former = row.text(0)?;
                if former != known.id.as_str() {
                    Box::pin(self.clear_field(&former, name)).await?;
                }
            }
            let values = values![self.site(), parent, known.kind.as_str(), name.as_str(), known.id.as_str()];
            self.connection.run(PUT_HOLDER, values).await?;
        }
        Ok(())
    }

    /// Keep index, keys and holders in step with a change of state.
    pub(super) async fn keep_fields(&mut self, known: &Known, state: State) -> Result<(), CommitError> {
        let mut fields = known.fields()?;
        if known.state == State::Visible && state != State::Visible {
            self.release(known, &mut fields).await?;
        }
        match (is_open(known.state), is_open(state)) {
            (true, false) => {
                self.unindex(&known.id, None).await?;
                self.connection.run(DELETE_KEYS, values![self.site(), known.id.as_str()]).await?;
            }
            (false, true) => {
                // A kind that the manifest has given up has neither index nor keys.
                if let Some(kind) = self.commit.declared.kinds.get(&known.kind) {
                    self.put_keys(known, kind).await?;
                    self.index(known, kind, &fields).await?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Whoever is hidden holds nothing any more.
    async fn release(&mut self, known: &Known, fields: &mut Fields) -> Result<(), CommitError> {
        let rows = self.connection.rows(HELD, values![self.site(), known.id.as_str()]).await?;
        if rows.is_empty() {
            return Ok(());
        }
        for row in rows {
            let name = row.text(0)?;
            self.connection.run(RELEASE, values![self.site(), known.id.as_str(), name.as_str()]).await?;
            self.unindex(&known.id, Some(&name)).await?;
            fields.remove(&name);
        }
        let (_, data) = split(fields.clone());
        self.connection.run(PUT_DATA, values![self.site(), known.id.as_str(), data]).await?;
        Ok(())
    }

    /// Take the place that only one visible or held entry of the kind can have.
    pub(super) async fn put_keys(&mut self, known: &Known, kind: &Kind) -> Result<(), CommitError> {
        let Some(unique) = &kind.unique else { return Ok(()) };
        let taken = Unique {
            parent: known.parent.as_deref().unwrap_or_default(),
            author: known.author.as_deref().unwrap_or_default(),
            page: self.places[known.place].page.as_str(),
        };
        let key = taken.key(unique);
        let plugin = self.commit.plugin.as_str();
        let values = values![self.site(), plugin, known.kind.as_str(), key, known.id.as_str()];
        match self.connection.run(PUT_KEY, values).await? {
            0 => Err(CommitError::NotUnique { text: unique.text.clone() }),
            _ => Ok(()),
        }
    }
}
