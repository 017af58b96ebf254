//! `stoa:plugin/marks`: the person's own marks, and for those who may know: whose marks there are.

use stoa_rules::{Audience, Target};

use super::super::super::super::call::{CallState, HostError};
use super::super::super::super::package::Capability;
use super::super::super::super::record::invalid;
use super::super::bindings::stoa::plugin::{marks, types};
use super::super::values;
use super::entries::{is_own, load};
use super::{check_range, check_target};
use crate::base::id::EntryId;

impl marks::Host for CallState {
    async fn get_own(&mut self, target: types::Target, kind: String) -> Result<Option<String>, HostError> {
        self.need(Capability::Marks)?;
        check_target(&target)?;
        check_declared(self, &kind)?;
        if let types::Target::Entry(id) = &target
            // An entry that was read before is there; another one has to be looked for.
            && !self.fetched.entries.contains_key(&EntryId::from(id.as_str()))
        {
            load(self, id.as_str().into()).await?;
        }
        if self.call.person.is_none() {
            return Ok(None);
        }
        let reads = self.call.reads.clone();
        let value = self.wait(reads.get_own_mark(values::target(target), kind)).await?;
        self.hand_out(1, value.as_ref().map_or(0, String::len))?;
        Ok(value)
    }

    async fn list_holders(
        &mut self,
        target: types::Target,
        kind: String,
        value: Option<String>,
        after: Option<String>,
        limit: u32,
    ) -> Result<marks::Holders, HostError> {
        self.need(Capability::Marks)?;
        check_target(&target)?;
        check_declared(self, &kind)?;
        check_range("limit", limit, 1, 100)?;
        let target = values::target(target);
        if !self.may_know_holders(&target, &kind).await? {
            return Err(types::Error::Denied.into());
        }
        let reads = self.call.reads.clone();
        let holders = self.wait(reads.list_holders(target, kind, value, after, limit)).await?;
        self.hand_out(holders.items.len(), holders.items.iter().map(|one| 44 + one.value.len()).sum())?;
        let holder = |one: crate::store::Holder| marks::Holder {
            person: one.person.as_str().to_owned(),
            value: one.value,
            put_at: values::instant(one.put_at),
        };
        Ok(marks::Holders { items: holders.items.into_iter().map(holder).collect(), next: holders.next })
    }
}

impl CallState {
    /// Whether the manifest tells this person who holds marks of a kind on the target. An entry has to be one that
    /// the person may see.
    async fn may_know_holders(&mut self, target: &Target, kind: &str) -> Result<bool, HostError> {
        let audience = self.declared.marks.get(kind).map_or(Audience::Nobody, |mark| mark.holders);
        let own = match target {
            Target::Entry(id) => {
                let entry = load(self, id.as_str().into()).await?;
                is_own(self, &entry)
            }
            Target::Page(_) => false,
            Target::Person(id) => self.call.person.as_ref().is_some_and(|person| person.id.as_str() == id),
        };
        Ok(match audience {
            Audience::Everybody => true,
            Audience::Author => own || self.call.moderates,
            Audience::Moderators => self.call.moderates,
            Audience::Nobody => false,
        })
    }
}

/// A kind of mark is one that the manifest declares.
fn check_declared(state: &CallState, kind: &str) -> Result<(), HostError> {
    if state.declared.marks.contains_key(kind) {
        return Ok(());
    }
    Err(invalid("kind", &format!("the manifest declares no mark `{}`", kind.escape_debug())))
}
