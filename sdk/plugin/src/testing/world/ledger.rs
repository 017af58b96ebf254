//! Points: accounts and transfers, by the arithmetic of the real host.

use std::collections::BTreeMap;

use stoa_rules as rules;
use stoa_rules::{
    AccountId, Balance, Flow, FlowSum, HELD, Holder, Kept, Owner, Posting, RELEASED, Terms, WhenHidden, clip,
};

use super::World;
use crate::{Instant, Setting};

/// One transfer as it is kept.
#[derive(Clone, Debug)]
struct Transfer {
    unit: String,
    reason: String,
    payer: AccountId,
    payee: AccountId,
    amount: i64,
    entry: String,
    actor: String,
    at: Instant,
    reversed: bool,
}

/// All accounts and transfers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ledger {
    accounts: BTreeMap<AccountId, Kept>,
    transfers: Vec<Transfer>,
}

/// Why a transfer was not made.
pub(crate) enum Unposted {
    /// What it says does not fit.
    Refused(&'static str),
    /// The person has too little.
    Short,
}

fn micros(at: Instant) -> i64 {
    i64::try_from(at).unwrap_or(i64::MAX)
}

impl Ledger {
    /// What each unit comes to over all accounts: 0, if nothing was lost or made.
    pub(crate) fn sums(&self) -> BTreeMap<&str, i64> {
        let mut sums = BTreeMap::new();
        for (account, kept) in &self.accounts {
            *sums.entry(account.unit.as_str()).or_default() += kept.amount;
        }
        sums
    }

    fn kept(&self, account: &AccountId) -> Kept {
        self.accounts.get(account).copied().unwrap_or_default()
    }

    fn transfer(&mut self, payer: &AccountId, payee: &AccountId, amount: i64) {
        self.accounts.entry(payer.clone()).or_default().amount -= amount;
        self.accounts.entry(payee.clone()).or_default().amount += amount;
    }

    fn sum(&self, flow: &Flow, since: i64) -> FlowSum {
        let is = |wanted: &Option<String>, found: &AccountId| wanted.is_none() || *wanted == found.person;
        let counts = |one: &&Transfer| {
            one.unit == flow.unit
                && one.reason == flow.reason
                && !one.reversed
                && micros(one.at) >= since
                && is(&flow.payer, &one.payer)
                && is(&flow.payee, &one.payee)
        };
        let found = self.transfers.iter().filter(counts);
        found.fold(FlowSum::default(), |sum, one| FlowSum {
            amount: sum.amount + one.amount,
            transfers: sum.transfers + 1,
        })
    }
}

impl World {
    /// What the site makes of the units of the plugin.
    #[expect(clippy::panic, reason = "this is how a test is told; never part of a component")]
    pub(crate) fn terms(&self) -> Terms {
        let value = |setting: &Setting| match setting {
            Setting::Boolean(yes) => rules::SettingValue::Boolean(*yes),
            Setting::Integer(number) => rules::SettingValue::Integer(*number),
            Setting::Text(text) => rules::SettingValue::Text(text.clone()),
            Setting::Texts(texts) => rules::SettingValue::Texts(texts.clone()),
        };
        let settings = self.settings.iter().map(|(name, setting)| (name.clone(), value(setting))).collect();
        let zone = if self.zone.is_empty() { "UTC" } else { &self.zone };
        Terms::new(&self.declared.units, &settings, zone).unwrap_or_else(|problem| panic!("{problem}"))
    }

    pub(crate) fn balance(&self, account: &AccountId) -> Balance {
        let kept = self.ledger.kept(account);
        let holder = self.holder(account);
        self.terms().balance(&account.unit, &account.name, (kept, holder), micros(self.now))
    }

    fn holder(&self, account: &AccountId) -> Holder {
        let id = account.person.as_deref().unwrap_or_default();
        let guest = self.people.get(id).is_some_and(crate::Person::is_guest);
        Holder { joined_at: self.joined.get(id).copied().map_or(0, micros), opened_at: 0, guest }
    }

    pub(crate) fn sum(&self, flow: &Flow) -> FlowSum {
        self.ledger.sum(flow, self.terms().since(flow.since, micros(self.now)))
    }

    /// Makes a transfer of the person's, of as much as the cap lets through.
    pub(crate) fn post(&mut self, actor: &str, posting: &Posting) -> Result<(), Unposted> {
        let terms = self.terms();
        let declared = self.declared.clone();
        let Some(route) = declared.route(&posting.unit, &posting.reason) else {
            return Err(Unposted::Refused("invalid: the manifest declares no such reason"));
        };
        if !terms.is_on(&posting.unit) {
            return Err(Unposted::Refused("invalid: the unit is switched off"));
        }
        let account = |name: &str, person: Option<&str>| AccountId {
            unit: posting.unit.clone(),
            name: name.to_owned(),
            person: person.map(str::to_owned),
        };
        let person = Some(actor).filter(|_| route.payer == Owner::Person);
        let payer = account(&route.reason.payer, person);
        let held = self.row(&posting.entry).is_some_and(|row| row.state == crate::State::Held);
        let waits = held && route.reason.when_hidden == WhenHidden::Reverse && posting.payee.is_some();
        let payee = if waits { HELD } else { &route.reason.payee };
        let payee = account(payee, posting.payee.as_deref());
        if person.is_some() && payer.person == payee.person {
            return Err(Unposted::Refused("denied: nobody pays themselves"));
        }
        let stands = |one: &Transfer| {
            (&one.unit, &one.reason, &one.entry) == (&posting.unit, &posting.reason, &posting.entry)
                && (&one.payer, &one.payee, one.actor.as_str()) == (&payer, &payee, actor)
                && !one.reversed
        };
        if self.ledger.transfers.iter().any(stands) {
            return Ok(());
        }
        let amount = self.capped(&terms, &route, posting);
        if person.is_some() && self.renew(&terms, &payer).amount < amount {
            return Err(Unposted::Short);
        }
        self.ledger.transfer(&payer, &payee, amount);
        self.ledger.transfers.push(Transfer {
            unit: posting.unit.clone(),
            reason: posting.reason.clone(),
            payer,
            payee,
            amount,
            entry: posting.entry.clone(),
            actor: actor.to_owned(),
            at: self.now,
            reversed: false,
        });
        Ok(())
    }

    /// As much of a transfer as the unit's cap lets through.
    fn capped(&self, terms: &Terms, route: &rules::Route<'_>, posting: &Posting) -> i64 {
        let amount = i64::from(posting.amount);
        let (Some(cap), Some((max, began_at))) =
            (&route.unit.cap, terms.cap(&posting.unit, micros(self.now)))
        else {
            return amount;
        };
        if cap.account != route.reason.payee || cap.except.contains(&posting.reason) {
            return amount;
        }
        let so_far = |reason: &str| {
            let flow = Flow {
                unit: posting.unit.clone(),
                reason: reason.to_owned(),
                payer: None,
                payee: posting.payee.clone(),
                since: rules::Since::At(0),
            };
            self.ledger.sum(&flow, began_at).amount
        };
        clip(amount, route.unit.capped_reasons().map(so_far).sum(), max)
    }

    /// The account, after the budget that is due has come into it.
    fn renew(&mut self, terms: &Terms, account: &AccountId) -> Kept {
        let kept = self.ledger.kept(account);
        let budget = self.declared.units.get(&account.unit).and_then(|unit| unit.accounts.get(&account.name));
        let from = budget.and_then(|account| account.budget.as_ref()).map(|budget| budget.from.clone());
        let due = terms.renewal(&account.unit, &account.name, (kept, self.holder(account)), micros(self.now));
        let (Some(from), Some(due)) = (from, due) else { return kept };
        let from = AccountId { unit: account.unit.clone(), name: from, person: None };
        self.ledger.transfer(&from, account, due.gives - due.takes_back);
        let renewed = kept.renewed(due);
        self.ledger.accounts.insert(account.clone(), renewed);
        renewed
    }

    /// Takes back what stands of an entry for a reason: one person's part, or all.
    pub(crate) fn reverse(&mut self, entry: &str, unit: &str, reason: &str, actor: Option<&str>) {
        self.reverse_all(|one| {
            one.entry == entry
                && one.unit == unit
                && (one.reason == RELEASED
                    || one.reason == reason && actor.is_none_or(|actor| one.actor == actor))
        });
    }

    /// What waited with an entry arrives now that it is published.
    pub(crate) fn release_points(&mut self, entry: &str) {
        let waits = |one: &&Transfer| one.entry == entry && one.payee.name == HELD && !one.reversed;
        let waiting: Vec<Transfer> = self.ledger.transfers.iter().filter(waits).cloned().collect();
        for one in waiting {
            let Some(route) = self.declared.route(&one.unit, &one.reason) else { continue };
            let payee = AccountId { name: route.reason.payee.clone(), ..one.payee.clone() };
            self.ledger.transfer(&one.payee, &payee, one.amount);
            let (reason, payer, at) = (RELEASED.to_owned(), one.payee.clone(), self.now);
            self.ledger.transfers.push(Transfer { reason, payer, payee, at, ..one });
        }
    }

    /// Takes back what does not outlast its entry.
    pub(crate) fn hide_points(&mut self, entry: &str) {
        let declared = self.declared.clone();
        self.reverse_all(|one| {
            let route = declared.route(&one.unit, &one.reason);
            let falls = route.is_some_and(|route| route.reason.when_hidden == WhenHidden::Reverse);
            one.entry == entry && (falls || one.reason == RELEASED)
        });
    }

    fn reverse_all(&mut self, is_meant: impl Fn(&Transfer) -> bool) {
        let meant = |one: &&mut Transfer| !one.reversed && is_meant(one);
        let back: Vec<Transfer> = self
            .ledger
            .transfers
            .iter_mut()
            .rev()
            .filter(meant)
            .map(|one| {
                one.reversed = true;
                one.clone()
            })
            .collect();
        for one in back {
            self.ledger.transfer(&one.payee, &one.payer, one.amount);
            let unit = self.declared.units.get(&one.unit);
            let account = unit.and_then(|unit| unit.accounts.get(&one.payer.name));
            let over = self.ledger.kept(&one.payer).is_over(micros(one.at));
            if let Some(budget) = account.and_then(|account| account.budget.as_ref()).filter(|_| over) {
                let from = AccountId { unit: one.unit.clone(), name: budget.from.clone(), person: None };
                self.ledger.transfer(&one.payer, &from, one.amount);
            }
        }
    }
}
