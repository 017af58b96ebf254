//! Whether the ledger is what it says: each account holds the sum of its transfers, each unit sums up to nothing, and
//! what was taken back is what was given.

use crate::store::db::{Connection, values};
use crate::store::model::StoreError;

/// Both sides of each transfer, summed up by account, beside what the account says.
const SUMS: &str = "with sides (site, plugin, unit, name, person, amount) as (
        select site, plugin, unit, payee_account, payee, amount from transfers
        union all
        select site, plugin, unit, payer_account, payer, -amount from transfers
        union all
        select site, plugin, unit, name, person, 0 from accounts
    ), summed (site, plugin, unit, name, person, amount) as (
        select site, plugin, unit, name, person, sum(amount) from sides
        group by site, plugin, unit, name, person
    )
    select s.site, s.plugin, s.unit, s.name, s.person, s.amount, coalesce(a.balance, 0) from summed s
    left join accounts a on a.site = s.site and a.plugin = s.plugin and a.unit = s.unit and a.name = s.name
        and a.person = s.person
    where coalesce(a.balance, 0) <> s.amount";
const UNITS: &str = "select site, plugin, unit, sum(balance) from accounts
    group by site, plugin, unit having sum(balance) <> 0";
const REVERSED: &str = "select r.site, r.id from transfers r cross join transfers t
    where t.site = r.site and t.id = r.reverses and (
        r.amount <> t.amount or r.unit <> t.unit or r.plugin <> t.plugin or r.payer <> t.payee
        or r.payee <> t.payer or r.payer_account <> t.payee_account or r.payee_account <> t.payer_account
        or t.reverses is not null)";

pub(in crate::store) const STATEMENTS: &[&str] = &[SUMS, UNITS, REVERSED];

/// Look at all of it; what is wrong goes to `findings`, one line each.
pub(in crate::store) async fn check(
    connection: &mut Connection,
    findings: &mut Vec<String>,
) -> Result<(), StoreError> {
    for row in connection.rows(SUMS, values![]).await? {
        let (site, plugin, unit) = (row.text(0)?, row.text(1)?, row.text(2)?);
        let (name, person, sum, kept) = (row.text(3)?, row.text(4)?, row.int(5)?, row.int(6)?);
        let whose = if person.is_empty() { "the site".to_owned() } else { format!("person {person}") };
        findings.push(format!(
            "site {site}, plugin {plugin}: the account {unit}/{name} of {whose} says {kept}, and its transfers come to {sum}"
        ));
    }
    for row in connection.rows(UNITS, values![]).await? {
        let (site, plugin, unit, sum) = (row.text(0)?, row.text(1)?, row.text(2)?, row.int(3)?);
        findings
            .push(format!("site {site}, plugin {plugin}: all accounts of {unit} come to {sum}, not to 0"));
    }
    for row in connection.rows(REVERSED, values![]).await? {
        findings.push(format!(
            "site {}, transfer {}: it takes back what was not given",
            row.text(0)?,
            row.text(1)?
        ));
    }
    Ok(())
}
