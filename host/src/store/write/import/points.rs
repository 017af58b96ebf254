//! Points that came with imported entries.

use serde::Deserialize;
use stoa_rules::{Declared, Posting, Terms};

use super::{ImportEntry, Importing};
use crate::base::clock::Micros;
use crate::base::id::{PersonId, PluginName};
use crate::store::ledger::Book;
use crate::store::model::{CommitError, StoreError};

/// Points that were given with an entry: by the site, or by who wrote it, as the reason says.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportPoints {
    /// A unit of the plugin.
    pub unit: String,
    /// A reason of the unit.
    pub reason: String,
    /// The subject of who was paid; none where the site was.
    #[serde(default)]
    pub to: Option<String>,
    /// How much.
    pub amount: u32,
}

impl Importing<'_> {
    /// What was given with an entry. What does not fit is told, and the entry stays.
    pub(super) async fn points(
        &mut self,
        entry: &ImportEntry,
        (author, id): (&PersonId, &str),
        created_at: Micros,
    ) -> Result<(), StoreError> {
        let declared = self.declared.get(&entry.plugin).cloned().unwrap_or_default();
        for points in &entry.points {
            let done = self.bring(entry, points, (author, id), (created_at, &declared)).await;
            match done {
                Ok(()) => {}
                Err(CommitError::Store(error)) => return Err(error),
                Err(problem) => {
                    self.problem(
                        format!("entry {}, points for {}", entry.id, points.reason),
                        problem.to_string(),
                    );
                }
            }
        }
        Ok(())
    }

    async fn bring(
        &mut self,
        entry: &ImportEntry,
        points: &ImportPoints,
        (author, id): (&PersonId, &str),
        (now, declared): (Micros, &Declared),
    ) -> Result<(), CommitError> {
        let payee = match &points.to {
            None => None,
            Some(subject) => match self.people.get(subject) {
                Some(id) => Some(id.as_str().to_owned()),
                None => return Err(CommitError::invalid("to", "names nobody of the file")),
            },
        };
        let posting = Posting {
            unit: points.unit.clone(),
            reason: points.reason.clone(),
            payee,
            amount: points.amount,
            entry: id.to_owned(),
        };
        let mut book = Book {
            connection: self.connection,
            site: self.site,
            plugin: &PluginName::from(entry.plugin.as_str()),
            declared,
            terms: &Terms::default(),
            actor: author.as_str(),
            now,
        };
        book.bring(&posting).await
    }
}
