//! `stoa:plugin/ledger-write`: transfers of points, and what they must not go beyond.

use stoa_rules::{Change, Condition, Posting, Requirement};

use super::super::super::super::call::{CallState, HostError};
use super::super::super::super::package::Capability;
use super::super::bindings::stoa::plugin::{conditions, ledger, ledger_write};
use super::super::values;

impl ledger_write::Host for CallState {
    fn post(
        &mut self,
        transfer: ledger_write::Transfer,
        short: conditions::Otherwise,
    ) -> Result<(), HostError> {
        let ledger_write::Transfer { unit, reason, payee, amount, entry } = transfer;
        let posting = Posting { unit, reason, payee, amount, entry };
        self.record(Change::Post { posting, short: values::otherwise(short) })
    }

    fn reverse(
        &mut self,
        unit: String,
        reason: String,
        entry: String,
        actor: Option<String>,
    ) -> Result<(), HostError> {
        self.record(Change::Reverse { unit, reason, entry, actor })
    }

    fn require_at_most(
        &mut self,
        flow: ledger::Flow,
        amount: Option<u64>,
        transfers: Option<u32>,
        otherwise: conditions::Otherwise,
    ) -> Result<(), HostError> {
        self.need(Capability::LedgerWrite)?;
        let condition = Condition::AtMost { flow: values::flow(flow)?, amount, transfers };
        self.must(Requirement { condition, otherwise: values::otherwise(otherwise) })
    }
}
