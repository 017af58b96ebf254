//! Transfers inside a commit. There is one writer, so that nothing changes between what is read here and what is written.

use stoa_rules::{
    Declared, Flow, FlowSum, HELD, Holder, Kept, Otherwise, Owner, Posting, RELEASED, Route, Since, Terms,
    WhenHidden, clip,
};

use super::{ACCOUNT, HOLDER, flow_statement};
use crate::base::clock::Micros;
use crate::base::id::{PluginName, SiteId, new_id};
use crate::store::db::{Connection, Row, values};
use crate::store::model::{CommitError, StoreError};

/// The reasons of the host's own transfers: a budget, and what is left of it in the end.
const GRANTED: &str = "granted";
const EXPIRED: &str = "expired";

const MOVE: &str = "update accounts set balance = balance + $6
    where site = $1 and plugin = $2 and unit = $3 and name = $4 and person = $5";
const OPEN: &str = "insert into accounts (site, plugin, unit, name, person, balance, granted, began_at)
    values ($1, $2, $3, $4, $5, $6, 0, 0)";
const RENEWED: &str = "insert into accounts (site, plugin, unit, name, person, balance, granted, began_at)
    values ($1, $2, $3, $4, $5, 0, $6, $7)
    on conflict (site, plugin, unit, name, person) do update set
        granted = excluded.granted, began_at = excluded.began_at";
const TRANSFER: &str = "insert into transfers (site, id, plugin, unit, reason, payer_account, payer,
        payee_account, payee, amount, entry, actor, made_at, reverses)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
const MADE: &str = "select 1 from transfers t
    where t.site = $1 and t.entry = $2 and t.plugin = $3 and t.unit = $4 and t.reason = $5 and t.payer = $6
        and t.payee = $7 and t.actor = $8 and t.reverses is null
        and not exists (select 1 from transfers r where r.site = t.site and r.reverses = t.id)";
const STANDING: &str = "select t.id, t.unit, t.reason, t.payer_account, t.payer, t.payee_account, t.payee,
        t.amount, t.made_at, t.actor
    from transfers t where t.site = $1 and t.entry = $2 and t.plugin = $3 and t.reverses is null
        and not exists (select 1 from transfers r where r.site = t.site and r.reverses = t.id)
    order by t.made_at, t.id";

pub(in crate::store) const STATEMENTS: &[&str] = &[MOVE, OPEN, RENEWED, TRANSFER, MADE, STANDING];

/// The ledger of a plugin on a site, as one commit changes it.
pub(in crate::store) struct Book<'a> {
    pub(in crate::store) connection: &'a mut Connection,
    pub(in crate::store) site: &'a SiteId,
    pub(in crate::store) plugin: &'a PluginName,
    pub(in crate::store) declared: &'a Declared,
    pub(in crate::store) terms: &'a Terms,
    /// By whose action.
    pub(in crate::store) actor: &'a str,
    pub(in crate::store) now: Micros,
}

/// One transfer, as it is kept.
struct Entry<'e> {
    unit: &'e str,
    reason: &'e str,
    /// Account and person; empty for the site.
    payer: (&'e str, &'e str),
    payee: (&'e str, &'e str),
    amount: i64,
    entry: Option<&'e str>,
    reverses: Option<&'e str>,
}

/// A transfer that stands.
struct Standing {
    id: String,
    unit: String,
    reason: String,
    payer: (String, String),
    payee: (String, String),
    amount: i64,
    made_at: Micros,
    actor: Option<String>,
}

impl Standing {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.text(0)?,
            unit: row.text(1)?,
            reason: row.text(2)?,
            payer: (row.text(3)?, row.text(4)?),
            payee: (row.text(5)?, row.text(6)?),
            amount: row.int(7)?,
            made_at: row.int(8)?,
            actor: row.maybe_text(9)?,
        })
    }
}

/// What the manifest says of a transfer.
fn check_posting(route: &Route<'_>, posting: &Posting) -> Result<(), CommitError> {
    if posting.amount > route.reason.max {
        return Err(CommitError::invalid("amount", format!("is above {}", route.reason.max)));
    }
    if posting.payee.is_some() != (route.payee == Owner::Person) {
        return Err(CommitError::invalid("payee", "a person is paid exactly where the reason says so"));
    }
    Ok(())
}

impl Book<'_> {
    /// Make a transfer, of as much as the cap lets through; nothing where the same one stands already. Whether anything
    /// was transferred. With an entry that is held it waits: the payer has paid, and the payee has nothing yet.
    ///
    /// # Errors
    /// `Invalid` for what the manifest does not declare or a unit that is off, `Short` where the actor has too little.
    pub(in crate::store) async fn post(
        &mut self,
        posting: &Posting,
        held: bool,
        short: &Otherwise,
    ) -> Result<bool, CommitError> {
        let (unit, reason) = (posting.unit.as_str(), posting.reason.as_str());
        let Some(route) = self.declared.route(unit, reason) else {
            return Err(CommitError::invalid("reason", "is not declared in the manifest"));
        };
        check_posting(&route, posting)?;
        if !self.terms.is_on(unit) {
            return Err(CommitError::invalid("unit", format!("`{unit}` is switched off")));
        }
        let payer = if route.payer == Owner::Person { self.actor } else { "" };
        let payee = posting.payee.as_deref().unwrap_or_default();
        let (site, plugin) = (self.site.as_str(), self.plugin.as_str());
        let values = values![site, posting.entry.as_str(), plugin, unit, reason, payer, payee, self.actor];
        if self.connection.row(MADE, values).await?.is_some() {
            return Ok(false);
        }
        let amount = self.capped(&route, posting, payee).await?;
        let waits = held && route.reason.when_hidden == WhenHidden::Reverse && !payee.is_empty();
        let accounts = (route.reason.payer.as_str(), if waits { HELD } else { route.reason.payee.as_str() });
        if !payer.is_empty() {
            let kept = self.renewed(unit, accounts.0, payer).await?;
            if kept.amount < amount {
                return Err(CommitError::Short { otherwise: short.clone() });
            }
        }
        self.transfer(&Entry {
            unit,
            reason,
            payer: (accounts.0, payer),
            payee: (accounts.1, payee),
            amount,
            entry: Some(&posting.entry),
            reverses: None,
        })
        .await?;
        Ok(true)
    }

    /// Take over a transfer that was made elsewhere. No cap and no balance keeps it out: what a budget would have paid is
    /// granted with it.
    pub(in crate::store) async fn bring(&mut self, posting: &Posting) -> Result<(), CommitError> {
        let (unit, reason) = (posting.unit.as_str(), posting.reason.as_str());
        let Some(route) = self.declared.route(unit, reason) else {
            return Err(CommitError::invalid("reason", "is not declared in the manifest"));
        };
        check_posting(&route, posting)?;
        let payer = if route.payer == Owner::Person { self.actor } else { "" };
        let payee = posting.payee.as_deref().unwrap_or_default();
        if !payer.is_empty() && payer == payee {
            return Err(CommitError::invalid("payee", "is the one who pays"));
        }
        let (from, to) = ((route.reason.payer.as_str(), payer), (route.reason.payee.as_str(), payee));
        let amount = i64::from(posting.amount);
        let budget = route.unit.accounts.get(from.0).and_then(|account| account.budget.as_ref());
        match budget {
            Some(budget) => {
                let (reason, payer) = (GRANTED, (budget.from.as_str(), ""));
                let granted = Entry { unit, reason, payer, payee: from, amount, entry: None, reverses: None };
                self.transfer(&granted).await?;
            }
            None if payer.is_empty() => {}
            None => {
                return Err(CommitError::invalid("reason", "is paid by people, who have no budget for it"));
            }
        }
        let entry = Some(posting.entry.as_str());
        self.transfer(&Entry { unit, reason, payer: from, payee: to, amount, entry, reverses: None }).await
    }

    /// Take back what stands of an entry: for one reason, or for all that do not outlast it.
    pub(in crate::store) async fn reverse(
        &mut self,
        entry: &str,
        (unit, reason, actor): (&str, &str, Option<&str>),
    ) -> Result<bool, CommitError> {
        let is_meant = |one: &Standing| {
            one.unit == unit
                && (one.reason == RELEASED
                    || one.reason == reason && actor.is_none_or(|actor| one.actor.as_deref() == Some(actor)))
        };
        self.reverse_all(entry, is_meant).await
    }

    /// Take back what does not outlast its entry.
    pub(in crate::store) async fn hide(&mut self, entry: &str) -> Result<bool, CommitError> {
        let declared = self.declared;
        if declared.units.is_empty() {
            return Ok(false);
        }
        let falls = |one: &Standing| {
            let route = declared.route(&one.unit, &one.reason);
            one.reason == RELEASED
                || route.is_some_and(|route| route.reason.when_hidden == WhenHidden::Reverse)
        };
        self.reverse_all(entry, falls).await
    }

    /// What waited with an entry arrives now that it is published.
    pub(in crate::store) async fn release(&mut self, entry: &str) -> Result<(), CommitError> {
        let declared = self.declared;
        if declared.units.is_empty() {
            return Ok(());
        }
        for one in self.standing(entry).await?.iter().filter(|one| one.payee.0 == HELD) {
            let Some(route) = declared.route(&one.unit, &one.reason) else { continue };
            self.transfer(&Entry {
                unit: &one.unit,
                reason: RELEASED,
                payer: (&one.payee.0, &one.payee.1),
                payee: (&route.reason.payee, &one.payee.1),
                amount: one.amount,
                entry: Some(entry),
                reverses: None,
            })
            .await?;
        }
        Ok(())
    }

    /// The transfers of an entry that were not taken back, the oldest first.
    async fn standing(&mut self, entry: &str) -> Result<Vec<Standing>, CommitError> {
        let values = values![self.site.as_str(), entry, self.plugin.as_str()];
        let rows = self.connection.rows(STANDING, values).await?;
        Ok(rows.iter().map(Standing::read).collect::<Result<Vec<_>, _>>()?)
    }

    async fn reverse_all(
        &mut self,
        entry: &str,
        is_meant: impl Fn(&Standing) -> bool,
    ) -> Result<bool, CommitError> {
        let standing = self.standing(entry).await?;
        let mut any = false;
        // What has arrived goes back before what was given.
        let meant = || standing.iter().filter(|one| is_meant(one));
        let (arrived, given) =
            (|one: &&Standing| one.reason == RELEASED, |one: &&Standing| one.reason != RELEASED);
        for one in meant().filter(arrived).chain(meant().filter(given)) {
            self.reverse_one(entry, one).await?;
            any = true;
        }
        Ok(any)
    }

    async fn reverse_one(&mut self, entry: &str, one: &Standing) -> Result<(), CommitError> {
        let back = |(account, person): &(String, String)| (account.clone(), person.clone());
        let (payer, payee) = (back(&one.payee), back(&one.payer));
        self.transfer(&Entry {
            unit: &one.unit,
            reason: &one.reason,
            payer: (&payer.0, &payer.1),
            payee: (&payee.0, &payee.1),
            amount: one.amount,
            entry: Some(entry),
            reverses: Some(&one.id),
        })
        .await?;
        // What was of a budget that is over since comes to nobody's good.
        let kept = self.kept(&one.unit, &payee.0, &payee.1).await?;
        let account = self.declared.units.get(&one.unit).and_then(|unit| unit.accounts.get(&payee.0));
        match account.and_then(|account| account.budget.as_ref()) {
            Some(budget) if kept.is_over(one.made_at) => {
                self.transfer(&Entry {
                    unit: &one.unit,
                    reason: EXPIRED,
                    payer: (&payee.0, &payee.1),
                    payee: (&budget.from, ""),
                    amount: one.amount,
                    entry: None,
                    reverses: None,
                })
                .await
            }
            _ => Ok(()),
        }
    }

    /// What a flow comes to by now.
    pub(in crate::store) async fn sum(&mut self, flow: &Flow) -> Result<FlowSum, CommitError> {
        let since = self.terms.since(flow.since, self.now);
        self.sum_since(flow, since).await
    }

    async fn sum_since(&mut self, flow: &Flow, since: Micros) -> Result<FlowSum, CommitError> {
        let (statement, values) = flow_statement((self.site, self.plugin), flow, since);
        match self.connection.row(statement, values).await? {
            Some(row) => Ok(FlowSum { amount: row.int(0)?, transfers: row.count(1)? }),
            None => Ok(FlowSum::default()),
        }
    }

    /// As much of a transfer as the unit's cap lets through.
    async fn capped(
        &mut self,
        route: &Route<'_>,
        posting: &Posting,
        payee: &str,
    ) -> Result<i64, CommitError> {
        let amount = i64::from(posting.amount);
        let (Some(cap), Some((max, began_at))) = (&route.unit.cap, self.terms.cap(&posting.unit, self.now))
        else {
            return Ok(amount);
        };
        if cap.account != route.reason.payee || cap.except.contains(&posting.reason) {
            return Ok(amount);
        }
        let mut so_far = 0;
        for reason in route.unit.capped_reasons() {
            let flow = Flow {
                unit: posting.unit.clone(),
                reason: reason.to_owned(),
                payer: None,
                payee: Some(payee.to_owned()),
                since: Since::At(0),
            };
            so_far += self.sum_since(&flow, began_at).await?.amount;
        }
        Ok(clip(amount, so_far, max))
    }

    async fn kept(&mut self, unit: &str, account: &str, person: &str) -> Result<Kept, CommitError> {
        let values = values![self.site.as_str(), self.plugin.as_str(), unit, account, person];
        match self.connection.row(ACCOUNT, values).await? {
            Some(row) => Ok(Kept { amount: row.int(0)?, granted: row.int(1)?, began_at: row.int(2)? }),
            None => Ok(Kept::default()),
        }
    }

    async fn holder(&mut self, person: &str) -> Result<Holder, CommitError> {
        match self.connection.row(HOLDER, values![self.site.as_str(), person]).await? {
            Some(row) => Ok(Holder { joined_at: row.int(0)?, opened_at: row.int(1)?, guest: row.flag(2)? }),
            None => Ok(Holder::default()),
        }
    }

    /// An account of a person, after the budget that is due has come into it.
    async fn renewed(&mut self, unit: &str, account: &str, person: &str) -> Result<Kept, CommitError> {
        let kept = self.kept(unit, account, person).await?;
        let declared = self.declared.units.get(unit).and_then(|unit| unit.accounts.get(account));
        let budget = declared.and_then(|account| account.budget.as_ref());
        let holder = if budget.is_some() { self.holder(person).await? } else { Holder::default() };
        let due = self.terms.renewal(unit, account, (kept, holder), self.now);
        let (Some(budget), Some(due)) = (budget, due) else {
            return Ok(kept);
        };
        let (own, from) = ((account, person), (budget.from.as_str(), ""));
        for (reason, payer, payee, amount) in
            [(EXPIRED, own, from, due.takes_back), (GRANTED, from, own, due.gives)]
        {
            if amount > 0 {
                let entry = Entry { unit, reason, payer, payee, amount, entry: None, reverses: None };
                self.transfer(&entry).await?;
            }
        }
        let (site, plugin) = (self.site.as_str(), self.plugin.as_str());
        let values = values![site, plugin, unit, account, person, due.gives, due.began_at];
        self.connection.run(RENEWED, values).await?;
        Ok(kept.renewed(due))
    }

    async fn transfer(&mut self, entry: &Entry<'_>) -> Result<(), CommitError> {
        let (site, plugin) = (self.site.as_str(), self.plugin.as_str());
        for ((account, person), amount) in [(entry.payee, entry.amount), (entry.payer, -entry.amount)] {
            let values = || values![site, plugin, entry.unit, account, person, amount];
            if self.connection.run(MOVE, values()).await? == 0 {
                self.connection.run(OPEN, values()).await?;
            }
        }
        let values = values![
            site,
            new_id(self.now),
            plugin,
            entry.unit,
            entry.reason,
            entry.payer.0,
            entry.payer.1,
            entry.payee.0,
            entry.payee.1,
            entry.amount,
            entry.entry,
            entry.entry.map(|_| self.actor),
            self.now,
            entry.reverses
        ];
        self.connection.run(TRANSFER, values).await?;
        Ok(())
    }
}
