//! Points, as far as the person of the call may know them, and transfers.

pub(crate) mod ledger {
    use stoa_rules::Capability::Ledger;
    use stoa_rules::{AccountId, Flow as Wanted, SeenBy, limits};

    use super::super::read;
    use crate::bindings::stoa::plugin::ledger::{Account, Balance, Flow, FlowSum};
    use crate::testing::convert::{self, WrittenOut, invalid};
    use crate::testing::world::{Viewer, World};
    use crate::{Error, Instant};

    fn check(world: &World, viewer: Viewer<'_>, account: &AccountId) -> Result<(), Error> {
        let seen_by = world.declared.seen_by(account);
        let seen_by = seen_by.ok_or_else(|| invalid("accounts", "the manifest declares no such account"))?;
        let Some(person) = &account.person else {
            return Err(invalid("accounts", "name the person by an id of the host"));
        };
        match seen_by {
            SeenBy::Own if !viewer.is(person) => Err(Error::Denied),
            SeenBy::Own | SeenBy::Everybody => Ok(()),
        }
    }

    pub(crate) fn get_balances(accounts: &[Account]) -> Result<Vec<Balance>, Error> {
        if accounts.len() > limits::IDS_MAX {
            return Err(invalid("accounts", format!("takes at most {}", limits::IDS_MAX)));
        }
        let balance = |world: &World, viewer: Viewer<'_>, account: &Account| {
            let (unit, name, person) = (account.unit.clone(), account.name.clone(), account.person.clone());
            let account = AccountId { unit, name, person };
            check(world, viewer, &account)?;
            let found = world.balance(&account);
            let renews_at = found.renews_at.map(|at| Instant::try_from(at).unwrap_or_default());
            Ok(Balance { amount: found.amount, granted: found.granted, renews_at })
        };
        read(
            Ledger,
            |world, viewer| accounts.iter().map(|account| balance(world, viewer, account)).collect(),
            Vec::len,
        )
    }

    pub(crate) fn sum_flows(flows: &[Flow]) -> Result<Vec<FlowSum>, Error> {
        if flows.len() > limits::FLOWS_MAX {
            return Err(invalid("flows", format!("takes at most {}", limits::FLOWS_MAX)));
        }
        let flows = flows.iter().map(convert::flow).collect::<Result<Vec<Wanted>, _>>()?;
        let sum = |world: &World, viewer: Viewer<'_>, flow: &Wanted| {
            WrittenOut(world).flow(flow).check(&world.declared).map_err(convert::problem)?;
            if !world.declared.may_see(flow, viewer.person.map(|person| person.id.as_str())) {
                return Err(Error::Denied);
            }
            let found = world.sum(flow);
            Ok(FlowSum { amount: found.amount, transfers: found.transfers })
        };
        read(Ledger, |world, viewer| flows.iter().map(|flow| sum(world, viewer, flow)).collect(), Vec::len)
    }
}

pub(crate) mod ledger_write {
    use stoa_rules::{Capability, Change, Condition, Posting, Requirement};

    use super::super::ask;
    use crate::bindings::stoa::plugin::ledger::Flow;
    use crate::bindings::stoa::plugin::ledger_write::Transfer;
    use crate::testing::convert;
    use crate::{Error, Otherwise};

    pub(crate) fn post(transfer: &Transfer, short: &Otherwise) -> Result<(), Error> {
        let Transfer { unit, reason, payee, amount, entry } = transfer.clone();
        let posting = Posting { unit, reason, payee, amount, entry };
        let short = convert::otherwise(short);
        ask(|call| call.record(Change::Post { posting, short }))
    }

    pub(crate) fn reverse(unit: &str, reason: &str, entry: &str, actor: Option<&str>) -> Result<(), Error> {
        let (unit, reason, entry) = (unit.to_owned(), reason.to_owned(), entry.to_owned());
        let actor = actor.map(str::to_owned);
        ask(|call| call.record(Change::Reverse { unit, reason, entry, actor }))
    }

    pub(crate) fn require_at_most(
        flow: &Flow,
        amount: Option<u64>,
        transfers: Option<u32>,
        otherwise: &Otherwise,
    ) -> Result<(), Error> {
        let condition = Condition::AtMost { flow: convert::flow(flow)?, amount, transfers };
        let otherwise = convert::otherwise(otherwise);
        ask(|call| {
            call.check_granted(Capability::LedgerWrite)?;
            call.require(Requirement { condition, otherwise })
        })
    }
}
