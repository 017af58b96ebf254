//! What must hold before the changes of a commit: conditions of the plugin, and that a verdict has seen the newest entry
//! of its author.

use stoa_rules::{Condition, Target, Value};

use super::entries::Known;
use super::{Applying, HERE};
use crate::store::db::values;
use crate::store::model::CommitError;

const LAST_ENTRY: &str = "select e.id from entries e where e.site = $1 and e.author = $2
    order by e.created_at desc, e.id desc limit 1";

pub(in crate::store) const STATEMENTS: &[&str] = &[LAST_ENTRY];

impl Applying<'_> {
    /// Whether the author has written nothing since the verdicts.
    pub(super) async fn check_author(&mut self) -> Result<(), CommitError> {
        let Some(seen) = &self.commit.author_seen else { return Ok(()) };
        let values = values![self.site(), self.commit.permit.person().as_str()];
        let last = self.connection.row(LAST_ENTRY, values).await?.map(|row| row.text(0)).transpose()?;
        match last.as_deref() == seen.last_entry.as_ref().map(crate::base::id::EntryId::as_str) {
            true => Ok(()),
            false => Err(CommitError::Rerun),
        }
    }

    /// The first requirement that does not hold refuses the commit.
    pub(super) async fn check_requirements(&mut self) -> Result<(), CommitError> {
        for (requirement, asked) in self.commit.requirements.iter().enumerate() {
            if !self.holds(&asked.condition).await? {
                return Err(CommitError::Unmet { requirement });
            }
        }
        Ok(())
    }

    async fn holds(&mut self, condition: &Condition) -> Result<bool, CommitError> {
        let of = |known: Option<Known>, is: &dyn Fn(&Known) -> bool| known.is_some_and(|known| is(&known));
        Ok(match condition {
            Condition::Version { id, version } => {
                of(self.find_entry(id).await?, &|known| known.version == *version)
            }
            Condition::State { id, state } => of(self.find_entry(id).await?, &|known| known.state == *state),
            Condition::Field { id, name, value } => match self.find_entry(id).await? {
                Some(known) => is_value(known.fields()?.get(name), value),
                None => false,
            },
            Condition::Mark { target, kind, person, value } => {
                let own = match self.key_of(target).await? {
                    Some(key) => self.own_mark(&key, kind, person.as_deref()).await?,
                    None => None,
                };
                own == *value
            }
            Condition::PageOpen => !self.places[HERE].closed,
            // Looked at once the changes are made.
            Condition::AtMost { .. } => true,
        })
    }

    /// What marks on a target are kept under; none where there is no such target.
    async fn key_of(&mut self, target: &Target) -> Result<Option<String>, CommitError> {
        Ok(match target {
            Target::Entry(id) => self.find_entry(id).await?.map(|known| known.id.into()),
            Target::Page(key) => {
                let place = self.place_at(key).await?;
                place.map(|place| self.places[place].page.as_str().to_owned())
            }
            Target::Person(id) => Some(id.clone()),
        })
    }
}

/// Blank values are none, and what was never said is not so.
fn is_value(kept: Option<&Value>, wanted: &Value) -> bool {
    match (kept.filter(|value| !value.is_blank()), wanted) {
        (None, Value::Boolean(false)) => true,
        (None, wanted) => wanted.is_blank(),
        (Some(Value::Boolean(false)), Value::Unset) => true,
        (Some(kept), wanted) => kept == wanted,
    }
}
