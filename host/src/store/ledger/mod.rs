//! Points: what is in an account, what was transferred, and the transfers themselves. Deliberately absent: whether
//! somebody may know or transfer something.

mod book;
mod check;

use stoa_rules::{AccountId, Balance, Flow, FlowSum, Holder, Kept, Terms};

pub(super) use book::{Book, STATEMENTS as BOOK_STATEMENTS};
pub(super) use check::{STATEMENTS as CHECK_STATEMENTS, check};

use super::Store;
use super::db::values;
use super::model::StoreError;
use crate::base::clock::Micros;
use crate::base::id::{PluginName, SiteId};

const ACCOUNT: &str = "select balance, granted, began_at from accounts
    where site = $1 and plugin = $2 and unit = $3 and name = $4 and person = $5";
const FLOW_OF_PAYER: &str = "select coalesce(sum(t.amount), 0), count(*) from transfers t
    where t.site = $1 and t.plugin = $2 and t.unit = $3 and t.reason = $4 and t.payer = $5 and t.made_at >= $6
        and ($7 is null or t.payee = $7) and t.reverses is null
        and not exists (select 1 from transfers r where r.site = t.site and r.reverses = t.id)";
const FLOW_OF_PAYEE: &str = "select coalesce(sum(t.amount), 0), count(*) from transfers t
    where t.site = $1 and t.plugin = $2 and t.unit = $3 and t.reason = $4 and t.payee = $5 and t.made_at >= $6
        and t.reverses is null
        and not exists (select 1 from transfers r where r.site = t.site and r.reverses = t.id)";

/// What a budget goes by.
const HOLDER: &str = "select p.created_at, s.created_at, p.roles like '%\"guest\"%'
    from people p cross join sites s on s.id = p.site where p.site = $1 and p.id = $2";

pub(super) const READ_STATEMENTS: &[&str] = &[ACCOUNT, HOLDER, FLOW_OF_PAYER, FLOW_OF_PAYEE];

/// The statement that sums up a flow, and its arguments. A flow names its payer or its payee.
fn flow_statement(
    (site, plugin): (&SiteId, &PluginName),
    flow: &Flow,
    since: Micros,
) -> (&'static str, Vec<super::db::Value>) {
    let (site, plugin) = (site.as_str(), plugin.as_str());
    let (unit, reason) = (flow.unit.as_str(), flow.reason.as_str());
    let payee = flow.payee.as_deref();
    match flow.payer.as_deref() {
        Some(payer) => (FLOW_OF_PAYER, values![site, plugin, unit, reason, payer, since, payee]),
        None => (FLOW_OF_PAYEE, values![site, plugin, unit, reason, payee.unwrap_or_default(), since]),
    }
}

impl Store {
    /// What is in accounts by now, with the budgets that are due, in the order asked for.
    ///
    /// # Errors
    /// `Database`; `Unavailable`.
    pub async fn get_balances(
        &self,
        site: &SiteId,
        plugin: &PluginName,
        terms: &Terms,
        now: Micros,
        accounts: &[AccountId],
    ) -> Result<Vec<Balance>, StoreError> {
        let mut balances = Vec::with_capacity(accounts.len());
        for account in accounts {
            let person = account.person.as_deref().unwrap_or_default();
            let (unit, name) = (account.unit.as_str(), account.name.as_str());
            let values = values![site.as_str(), plugin.as_str(), unit, name, person];
            let kept = self.0.database.row(ACCOUNT, values, |row| {
                Ok(Kept { amount: row.int(0)?, granted: row.int(1)?, began_at: row.int(2)? })
            });
            let kept = kept.await?.unwrap_or_default();
            let holder = match person {
                "" => Holder::default(),
                person => {
                    let holder = self.0.database.row(HOLDER, values![site.as_str(), person], |row| {
                        Ok(Holder { joined_at: row.int(0)?, opened_at: row.int(1)?, guest: row.flag(2)? })
                    });
                    holder.await?.unwrap_or_default()
                }
            };
            balances.push(terms.balance(unit, name, (kept, holder), now));
        }
        Ok(balances)
    }

    /// What flows come to, without what was reversed, in the order asked for.
    ///
    /// # Errors
    /// `Database`; `Unavailable`.
    pub async fn sum_flows(
        &self,
        site: &SiteId,
        plugin: &PluginName,
        terms: &Terms,
        now: Micros,
        flows: &[Flow],
    ) -> Result<Vec<FlowSum>, StoreError> {
        let mut sums = Vec::with_capacity(flows.len());
        for flow in flows {
            let (statement, values) = flow_statement((site, plugin), flow, terms.since(flow.since, now));
            let sum = self
                .0
                .database
                .row(statement, values, |row| Ok(FlowSum { amount: row.int(0)?, transfers: row.count(1)? }));
            sums.push(sum.await?.unwrap_or_default());
        }
        Ok(sums)
    }
}
