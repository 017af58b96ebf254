//! `stoa:plugin/people`: people by id.

use std::sync::Arc;

use super::super::super::super::call::{CallState, HostError};
use super::super::super::super::package::Capability;
use super::super::bindings::stoa::plugin::{people, types};
use super::super::values;
use super::check_ids;
use crate::base::id::{PersonId, is_id};

impl people::Host for CallState {
    async fn get_many(&mut self, ids: Vec<String>) -> Result<Vec<types::Person>, HostError> {
        self.need(Capability::People)?;
        check_ids("ids", ids.len())?;
        let ids = ids.into_iter().filter(|id| is_id(id)).map(PersonId::from).collect();
        let reads = self.call.reads.clone();
        let people = self.wait(reads.get_people(ids)).await?;
        self.hand_out(people.len(), people.iter().map(|one| 60 + one.name.len()).sum())?;
        let told = people.iter().map(|one| values::person(one.into())).collect();
        self.fetched.know(people.into_iter().map(Arc::new).collect());
        Ok(told)
    }
}
