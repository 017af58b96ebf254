//! The rules for `[ledger]` of a manifest.

use std::collections::{BTreeMap, BTreeSet};

use super::declared::{check_name, list};
use super::error::{At as _, Rule, rule};
use super::{Setting, SettingKind};
use crate::ledger::{Account, Amount, Budget, Cap, Owner, TransferReason, Unit};
use crate::limits;

/// Reasons of the host's own transfers.
const RESERVED_REASONS: [&str; 2] = ["granted", "expired"];

pub(super) fn check(units: &BTreeMap<String, Unit>, settings: &[Setting]) -> Rule {
    rule(units.len() <= limits::UNITS_MAX, || {
        format!("there are {} units; write at most {}", units.len(), limits::UNITS_MAX)
    })?;
    for (name, unit) in units {
        check_name(name).and_then(|()| check_unit(unit, settings)).at(name)?;
    }
    Ok(())
}

fn check_unit(unit: &Unit, settings: &[Setting]) -> Rule {
    if let Some(switch) = &unit.optional {
        check_setting(&switch.setting, SettingKind::Boolean, settings).at("optional")?;
    }
    for (what, found, most) in [
        ("accounts", unit.accounts.len(), limits::ACCOUNTS_MAX),
        ("reasons", unit.reasons.len(), limits::TRANSFER_REASONS_MAX),
    ] {
        rule((1..=most).contains(&found), || format!("there are {found}; write 1 to {most} of them"))
            .at(what)?;
    }
    for (name, account) in &unit.accounts {
        check_name(name).and_then(|()| check_account(account, unit, settings)).at(name).at("accounts")?;
    }
    for (name, reason) in &unit.reasons {
        check_name(name)
            .and_then(|()| {
                rule(!RESERVED_REASONS.contains(&name.as_str()), || {
                    format!("\"{name}\" is a word of the host; choose another")
                })
            })
            .and_then(|()| check_reason(reason, unit))
            .at(name)
            .at("reasons")?;
    }
    unit.cap.as_ref().map_or(Ok(()), |cap| check_cap(cap, unit, settings)).at("cap")
}

fn check_account(account: &Account, unit: &Unit, settings: &[Setting]) -> Rule {
    let Some(budget) = &account.budget else { return Ok(()) };
    check_budget(budget, account, unit, settings).at("budget")
}

fn check_budget(budget: &Budget, account: &Account, unit: &Unit, settings: &[Setting]) -> Rule {
    rule(account.of == Owner::Person, || "belongs to accounts of people; leave it out".to_owned())?;
    let is_site = unit.accounts.get(&budget.from).is_some_and(|from| from.of == Owner::Site);
    rule(is_site, || {
        format!("\"{}\" is no account of the site; name one that has of = \"site\"", budget.from)
    })
    .at("from")?;
    check_amount(&budget.amount, settings).at("amount")
}

fn check_reason(reason: &TransferReason, unit: &Unit) -> Rule {
    let account = |name: &String| unit.accounts.get(name);
    let unknown =
        |name: &String| format!("there is no account \"{name}\"; there are: {}", list(unit.accounts.keys()));
    let (payer, payee) = (account(&reason.payer), account(&reason.payee));
    rule(payer.is_some(), || unknown(&reason.payer)).at("payer")?;
    rule(payee.is_some(), || unknown(&reason.payee)).at("payee")?;
    let (Some(payer), Some(payee)) = (payer, payee) else { return Ok(()) };
    rule(payer.of == Owner::Person || payee.of == Owner::Person, || {
        "moves points of the site to the site; name an account of a person as payer or payee".to_owned()
    })?;
    // What was paid can always be taken back then, whatever the person has done with it.
    let pays = |name: &String| unit.reasons.values().any(|other| other.payer == *name);
    rule(payee.of == Owner::Site || payee.budget.is_none() && !pays(&reason.payee), || {
        format!("\"{}\" pays, or has a budget: an account of a person pays or is paid", reason.payee)
    })
    .at("payee")?;
    rule((1..=limits::AMOUNT_MAX).contains(&reason.max), || {
        format!("{} is outside of 1 to {}", reason.max, limits::AMOUNT_MAX)
    })
    .at("max")
}

fn check_cap(cap: &Cap, unit: &Unit, settings: &[Setting]) -> Rule {
    let is_person = unit.accounts.get(&cap.account).is_some_and(|account| account.of == Owner::Person);
    rule(is_person, || format!("\"{}\" is no account of a person", cap.account)).at("account")?;
    check_amount(&cap.max, settings).at("max")?;
    let unknown = cap.except.iter().find(|name| !unit.reasons.contains_key(*name));
    rule(unknown.is_none(), || {
        let name = unknown.map(String::as_str).unwrap_or_default();
        format!("there is no reason \"{name}\"; there are: {}", list(unit.reasons.keys()))
    })
    .at("except")?;
    rule(cap.except.iter().collect::<BTreeSet<_>>().len() == cap.except.len(), || {
        "names something twice".to_owned()
    })
    .at("except")
}

fn check_amount(amount: &Amount, settings: &[Setting]) -> Rule {
    match amount {
        Amount::Number(number) => {
            rule(*number <= limits::AMOUNT_MAX, || format!("{number} is above {}", limits::AMOUNT_MAX))
        }
        Amount::Setting(by) => {
            check_setting(&by.setting, SettingKind::Integer, settings)?;
            let setting = settings.iter().find(|setting| setting.name.as_str() == by.setting);
            let (min, max) = setting.map_or((None, None), |setting| (setting.min, setting.max));
            let fits = min.is_some_and(|min| min >= 0)
                && max
                    .is_some_and(|max| max.saturating_mul(by.times.into()) <= i64::from(limits::AMOUNT_MAX));
            rule(fits && by.times > 0, || {
                format!(
                    "the setting \"{}\" has to have min = 0 or more and a max that comes to at most {}",
                    by.setting,
                    limits::AMOUNT_MAX
                )
            })
        }
    }
}

fn check_setting(name: &str, kind: SettingKind, settings: &[Setting]) -> Rule {
    let fitting =
        || settings.iter().filter(|setting| setting.kind == kind).map(|setting| setting.name.as_str());
    let word = if kind == SettingKind::Boolean { "boolean" } else { "integer" };
    rule(fitting().any(|one| one == name), || {
        format!("there is no {word} setting \"{name}\"; there are: {}", list(fitting()))
    })
}
