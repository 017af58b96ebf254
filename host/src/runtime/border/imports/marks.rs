//! `stoa:plugin/marks`: the person's own marks, and for those who may know: whose marks there are.

use super::super::super::call::{CallState, Halt};
use super::super::bindings::stoa::plugin::{marks, types};
use super::super::values;
use super::entries::{check_id, is_own, load};
use super::invalid;
use crate::base::id::EntryId;

/// The most people handed out.
const PEOPLE_MAX: usize = 100;

impl marks::Host for CallState {
    async fn get_own(&mut self, target: types::Target, kind: String) -> Result<Option<String>, Halt> {
        check_kind(&kind)?;
        if let types::Target::Entry(id) = &target {
            check_id(id)?;
            // An entry that was read before is there; another one has to be looked for.
            if !self.fetched.bodies.contains_key(&EntryId::from(id.as_str())) {
                load(self, id.as_str().into()).await?;
            }
        }
        if self.call.person.is_none() {
            return Ok(None);
        }
        let reads = self.call.reads.clone();
        let value = self.wait(reads.get_own_mark(values::target(target), kind)).await?;
        self.hand_out(1, value.as_ref().map_or(0, String::len))?;
        Ok(value)
    }

    async fn list_people(&mut self, target: types::Target, kind: String) -> Result<Vec<String>, Halt> {
        check_kind(&kind)?;
        let is_allowed = match &target {
            types::Target::Entry(id) => {
                check_id(id)?;
                let entry = load(self, id.as_str().into()).await?;
                // Who reports is told to moderators alone, never to the author.
                self.call.moderates || (is_own(self, &entry) && kind != "report")
            }
            types::Target::Page => self.call.moderates,
        };
        if !is_allowed {
            return Err(types::Error::Denied.into());
        }
        let reads = self.call.reads.clone();
        let mut people = self.wait(reads.list_mark_people(values::target(target), kind)).await?;
        people.truncate(PEOPLE_MAX);
        self.hand_out(people.len(), people.len() * 36)?;
        Ok(people.into_iter().map(|id| id.as_str().to_owned()).collect())
    }
}

fn check_kind(kind: &str) -> Result<(), Halt> {
    let plain = kind.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    if plain && (1..=32).contains(&kind.len()) {
        return Ok(());
    }
    Err(invalid("a kind has 1 to 32 characters of a-z and `-`"))
}
