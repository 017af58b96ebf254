//! Typed fields of imported entries: held against what the plugin declares, indexed, unique, and held by one reply.

use stoa_rules::{FieldKind, Fields, Kind, State, Value, fields_to_json};

use super::{Above, IMPORTED, ImportEntry, Importing};
use crate::base::clock::{MINUTE, Micros};
use crate::base::id::PersonId;
use crate::store::db::values;
use crate::store::model::StoreError;
use crate::store::write::commit::{IndexedRow, PUT_HOLDER, PUT_KEY, Unique, holds};

const BODY: &str = "body";

pub(super) const TAKEN: &str =
    "select 1 from entry_keys where site = $1 and plugin = $2 and kind = $3 and key = $4";
pub(super) const HELD: &str =
    "select 1 from entry_holders where site = $1 and parent = $2 and kind = $3 and name = $4";

/// An entry that is about to be written.
pub(super) struct Row<'a> {
    pub(super) id: &'a str,
    pub(super) page: &'a str,
    pub(super) thread: i64,
    pub(super) created_at: Micros,
    pub(super) above: &'a Above,
}

/// Everything but the body, as it is kept; an empty text for nothing.
pub(super) fn data(fields: &Fields) -> String {
    let mut fields = fields.clone();
    fields.remove(BODY);
    if fields.is_empty() { String::new() } else { fields_to_json(&fields) }
}

impl Importing<'_> {
    fn kind(&self, entry: &ImportEntry) -> Option<&Kind> {
        self.declared.get(&entry.plugin)?.kinds.get(&entry.kind)
    }

    /// The values of an entry as they are kept, the body among them; the inner error is for who made the file.
    pub(super) async fn fields(
        &mut self,
        entry: &ImportEntry,
        parent: Option<&str>,
    ) -> Result<Result<Fields, String>, StoreError> {
        let mut fields = Fields::new();
        if !entry.body.trim().is_empty() {
            fields.insert(BODY.to_owned(), Value::Text(entry.body.clone()));
        }
        let Some(declared) = self.declared.get(&entry.plugin) else {
            return Ok(match (entry.fields.is_empty(), fields.is_empty()) {
                (true, false) => Ok(fields),
                (true, true) => Err("`body` is not empty".to_owned()),
                (false, _) => {
                    Err(format!("the plugin {} is not there to say what `fields` are", entry.plugin))
                }
            });
        };
        let Some(kind) = declared.kinds.get(&entry.kind).cloned() else {
            return Ok(Err(format!("the plugin {} has no kind `{}`", entry.plugin, entry.kind)));
        };
        for (name, value) in &entry.fields {
            let field = kind.fields.get(name).map(|field| field.kind);
            match self.value(field, value).await? {
                Ok(value) => fields.insert(name.clone(), value),
                Err(text) => return Ok(Err(format!("`{name}` {text}"))),
            };
        }
        let checked = kind.check_new(parent, &fields, &|_| None);
        Ok(checked.map(|()| fields).map_err(|problem| problem.to_string()))
    }

    /// A value with the ids of this site in place of the names of the file.
    async fn value(
        &mut self,
        field: Option<FieldKind>,
        value: &Value,
    ) -> Result<Result<Value, String>, StoreError> {
        let person = |subject: &String| {
            let known = self.people.get(subject).map(|id| id.as_str().to_owned());
            known.ok_or_else(|| format!("names {subject}, who is not among the people"))
        };
        Ok(match (field, value) {
            (Some(FieldKind::Person), Value::Text(subject)) => person(subject).map(Value::Text),
            (Some(FieldKind::People), Value::Texts(subjects)) => {
                subjects.iter().map(person).collect::<Result<_, _>>().map(Value::Texts)
            }
            (Some(FieldKind::Time), Value::Number(minutes)) => {
                let at = self.now.saturating_sub(minutes.saturating_mul(MINUTE));
                Ok(Value::Time(u64::try_from(at).unwrap_or_default()))
            }
            (Some(FieldKind::Reference), Value::Text(local)) => {
                let row = self.connection.row(IMPORTED, values![self.site.as_str(), local.as_str()]).await?;
                match row {
                    Some(row) => Ok(Value::Text(row.text(0)?)),
                    None => Err(format!("names {local}, which is not there or not older")),
                }
            }
            (_, value) => Ok(value.clone()),
        })
    }

    /// Whether the place that only one entry of its kind can have is free.
    pub(super) async fn check_unique(
        &mut self,
        entry: &ImportEntry,
        author: &PersonId,
        row: &Row<'_>,
    ) -> Result<Result<(), String>, StoreError> {
        let Some(key) = self.key(entry, author, row) else { return Ok(Ok(())) };
        let values = values![self.site.as_str(), entry.plugin.as_str(), entry.kind.as_str(), key.as_str()];
        Ok(match self.connection.row(TAKEN, values).await? {
            Some(_) => Err(format!("there is a {} already, and there can be only one", entry.kind)),
            None => Ok(()),
        })
    }

    fn key(&self, entry: &ImportEntry, author: &PersonId, row: &Row<'_>) -> Option<String> {
        let unique = self.kind(entry)?.unique.as_ref().filter(|_| entry.state != State::Deleted)?;
        let parent = row.above.parent.as_deref().unwrap_or_default();
        Some(Unique { parent, author: author.as_str(), page: row.page }.key(unique))
    }

    /// Count an entry that was written, index its values, and note what it alone has.
    pub(super) async fn put_fields(
        &mut self,
        entry: &ImportEntry,
        author: &PersonId,
        fields: &Fields,
        row: &Row<'_>,
    ) -> Result<(), StoreError> {
        self.report.entries += 1;
        self.threads.push(row.thread);
        self.parents.extend(row.above.parent.clone().map(|parent| (parent, entry.plugin.clone())));
        let Some(kind) = self.kind(entry).cloned() else { return Ok(()) };
        if entry.state == State::Deleted {
            return Ok(());
        }
        let (site, name) = (self.site.as_str(), entry.kind.as_str());
        if let Some(key) = self.key(entry, author, row) {
            let values = values![site, entry.plugin.as_str(), name, key, row.id];
            self.connection.run(PUT_KEY, values).await?;
        }
        let indexed = IndexedRow {
            site,
            entry: row.id,
            plugin: &entry.plugin,
            thread: row.thread,
            kind: name,
            created_at: row.created_at,
        };
        indexed.put(self.connection, &kind, fields).await?;
        let Some(parent) = row.above.parent.as_deref().filter(|_| entry.state == State::Visible) else {
            return Ok(());
        };
        let held: Vec<&String> = fields
            .iter()
            .filter(|(field, value)| kind.fields.get(*field).is_some_and(|declared| holds(declared, value)))
            .map(|(field, _)| field)
            .collect();
        for field in held {
            let of = values![site, parent, name, field.as_str()];
            if self.connection.row(HELD, of).await?.is_some() {
                self.problem(format!("entry {}", entry.id), format!("another one has `{field}` already"));
                continue;
            }
            let values = values![site, parent, name, field.as_str(), row.id];
            self.connection.run(PUT_HOLDER, values).await?;
        }
        Ok(())
    }
}
