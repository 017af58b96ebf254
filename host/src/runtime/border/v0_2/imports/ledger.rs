//! `stoa:plugin/ledger`: points, as far as the person of the call may know them.

use stoa_rules::{AccountId, Flow, SeenBy, limits};

use super::super::super::super::call::{CallState, HostError};
use super::super::super::super::package::Capability;
use super::super::super::super::record::invalid;
use super::super::bindings::stoa::plugin::{ledger, types};
use super::super::recording::told;
use super::super::values;
use super::check_ids;
use crate::base::id::is_id;

impl ledger::Host for CallState {
    async fn get_balances(
        &mut self,
        accounts: Vec<ledger::Account>,
    ) -> Result<Vec<ledger::Balance>, HostError> {
        self.need(Capability::Ledger)?;
        check_ids("accounts", accounts.len())?;
        let accounts: Vec<AccountId> = accounts.into_iter().map(account).collect();
        for account in &accounts {
            self.check_account(account)?;
        }
        let reads = self.call.reads.clone();
        let balances = self.wait(reads.get_balances(accounts)).await?;
        self.hand_out(balances.len(), 32 * balances.len())?;
        let balance = |one: stoa_rules::Balance| ledger::Balance {
            amount: one.amount,
            granted: one.granted,
            renews_at: one.renews_at.map(values::instant),
        };
        Ok(balances.into_iter().map(balance).collect())
    }

    async fn sum_flows(&mut self, flows: Vec<ledger::Flow>) -> Result<Vec<ledger::FlowSum>, HostError> {
        self.need(Capability::Ledger)?;
        if flows.len() > limits::FLOWS_MAX {
            return Err(invalid("flows", &format!("takes {} at most", limits::FLOWS_MAX)));
        }
        let flows = flows.into_iter().map(values::flow).collect::<Result<Vec<Flow>, _>>()?;
        let own = self.call.person.as_ref().map(|person| person.id.as_str());
        for flow in &flows {
            flow.check(&self.declared).map_err(told)?;
            if !self.declared.may_see(flow, own) {
                return Err(types::Error::Denied.into());
            }
        }
        let reads = self.call.reads.clone();
        let sums = self.wait(reads.sum_flows(flows)).await?;
        self.hand_out(sums.len(), 16 * sums.len())?;
        let sum = |one: stoa_rules::FlowSum| ledger::FlowSum { amount: one.amount, transfers: one.transfers };
        Ok(sums.into_iter().map(sum).collect())
    }
}

impl CallState {
    /// An account is one of a person, and the person of the call may know what is in it.
    fn check_account(&self, account: &AccountId) -> Result<(), HostError> {
        let seen_by = self.declared.seen_by(account).ok_or_else(|| {
            let (unit, name) = (account.unit.escape_debug(), account.name.escape_debug());
            invalid("accounts", &format!("the manifest declares no account `{name}` of people in `{unit}`"))
        })?;
        let person = account.person.as_deref().filter(|id| is_id(id));
        let Some(person) = person else {
            return Err(invalid("accounts", "name the person by an id of the host"));
        };
        let own = self.call.person.as_ref().is_some_and(|own| own.id.as_str() == person);
        match seen_by {
            SeenBy::Everybody => Ok(()),
            SeenBy::Own if own => Ok(()),
            SeenBy::Own => Err(types::Error::Denied.into()),
        }
    }
}

fn account(account: ledger::Account) -> AccountId {
    AccountId { unit: account.unit, name: account.name, person: account.person }
}
