//! What a site makes of the units of a plugin: amounts by its settings, periods in its time zone.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use thiserror::Error;

use super::book::{Kept, Renewal};
use super::{Amount, Balance, Budget, Holder, Joiners, Period, Since, Unit};
use crate::manifest::{SettingValue, Settings};

/// The units of a plugin on a site.
#[derive(Clone, Debug)]
pub struct Terms {
    zone: TimeZone,
    units: BTreeMap<String, UnitTerms>,
}

#[derive(Clone, Debug, Default)]
struct UnitTerms {
    on: bool,
    budgets: BTreeMap<String, (i64, Budget)>,
    cap: Option<(i64, Period)>,
}

/// A name of a time zone that nobody knows.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("there is no time zone \"{0}\"; write a name of the IANA database, such as Europe/Berlin")]
pub struct TermsProblem(pub String);

impl Default for Terms {
    /// No units, and days of UTC.
    fn default() -> Self {
        Self { zone: TimeZone::UTC, units: BTreeMap::new() }
    }
}

impl Terms {
    /// What a site in this time zone (IANA) makes of the units, with a value for each setting that they name.
    ///
    /// # Errors
    /// [`TermsProblem`] for a time zone that is unknown.
    pub fn new(
        units: &BTreeMap<String, Unit>,
        settings: &Settings,
        zone: &str,
    ) -> Result<Self, TermsProblem> {
        let zone = TimeZone::get(zone).map_err(|_| TermsProblem(zone.to_owned()))?;
        let number = |amount: &Amount| match amount {
            Amount::Number(number) => i64::from(*number),
            Amount::Setting(by) => {
                settings.integer(&by.setting).unwrap_or(0).max(0).saturating_mul(by.times.into())
            }
        };
        let terms = |unit: &Unit| UnitTerms {
            on: unit.optional.as_ref().is_none_or(|switch| {
                matches!(settings.get(&switch.setting), Some(SettingValue::Boolean(true)))
            }),
            budgets: unit
                .accounts
                .iter()
                .filter_map(|(name, account)| {
                    let budget = account.budget.as_ref()?;
                    Some((name.clone(), (number(&budget.amount), budget.clone())))
                })
                .collect(),
            cap: unit.cap.as_ref().map(|cap| (number(&cap.max), cap.per)),
        };
        Ok(Self { zone, units: units.iter().map(|(name, unit)| (name.clone(), terms(unit))).collect() })
    }

    /// Whether a unit takes transfers.
    #[must_use]
    pub fn is_on(&self, unit: &str) -> bool {
        self.units.get(unit).is_some_and(|terms| terms.on)
    }

    /// The most that the capped account takes in a period, and when the present one began.
    #[must_use]
    pub fn cap(&self, unit: &str, now: i64) -> Option<(i64, i64)> {
        let (max, per) = self.units.get(unit)?.cap?;
        Some((max, self.start_of(per, now)))
    }

    /// The budget that is due in an account by now; none where it has been given or there is none.
    #[must_use]
    pub fn renewal(
        &self,
        unit: &str,
        account: &str,
        (kept, holder): (Kept, Holder),
        now: i64,
    ) -> Option<Renewal> {
        let (amount, budget) = self.budget(unit, account)?;
        let began_at = self.start_of(budget.per, now);
        let gives = if holder.guest && !budget.guests { 0 } else { self.share(*amount, budget, holder, now) };
        (began_at > kept.began_at).then_some(Renewal { takes_back: kept.amount.max(0), gives, began_at })
    }

    /// What is in an account by now, with the budget that is due.
    #[must_use]
    pub fn balance(&self, unit: &str, account: &str, (kept, holder): (Kept, Holder), now: i64) -> Balance {
        let due = self.renewal(unit, account, (kept, holder), now);
        let kept = due.map_or(kept, |renewal| kept.renewed(renewal));
        let renews_at = self.budget(unit, account).map(|(_, budget)| self.end_of(budget.per, now));
        let granted = if renews_at.is_some() { kept.granted } else { 0 };
        Balance { amount: kept.amount, granted, renews_at }
    }

    /// When a flow begins, in microseconds since 1970.
    #[must_use]
    pub fn since(&self, since: Since, now: i64) -> i64 {
        match since {
            Since::At(at) => i64::try_from(at).unwrap_or(i64::MAX),
            Since::StartOf(per) => self.start_of(per, now),
        }
    }

    /// A unit that is switched off gives no budgets.
    fn budget(&self, unit: &str, account: &str) -> Option<&(i64, Budget)> {
        let terms = self.units.get(unit).filter(|terms| terms.on)?;
        terms.budgets.get(account)
    }

    /// What of a budget is for somebody who may have come after its period began.
    fn share(&self, amount: i64, budget: &Budget, holder: Holder, now: i64) -> i64 {
        let (began_at, ends_at) = (self.start_of(budget.per, now), self.end_of(budget.per, now));
        let joined = holder.joined_at >= began_at && holder.opened_at < began_at;
        if !joined || budget.joiners == Joiners::Whole || ends_at <= began_at {
            return amount;
        }
        let left = i128::from(ends_at - self.start_of(Period::Day, holder.joined_at.min(now)));
        let whole = i128::from(ends_at - began_at);
        i64::try_from((i128::from(amount) * left + whole - 1) / whole).unwrap_or(amount)
    }

    /// When the period of an instant began: the first instant of the day that there is in the time zone.
    #[must_use]
    pub fn start_of(&self, per: Period, at: i64) -> i64 {
        self.edge(per, at, 0)
    }

    /// When the period of an instant is over.
    #[must_use]
    pub fn end_of(&self, per: Period, at: i64) -> i64 {
        self.edge(per, at, 1)
    }

    /// The start of the period `later` periods after that of the instant; the instant itself where no calendar has it.
    fn edge(&self, per: Period, at: i64, later: i64) -> i64 {
        let zoned = |at| Timestamp::from_microsecond(at).map(|at| at.to_zoned_datetime(self.zone.clone()));
        let edge = zoned(at).and_then(|now| {
            let day = match per {
                Period::Day => now.date().checked_add(later.days())?,
                Period::Month => now.date().first_of_month().checked_add(later.months())?,
            };
            day.to_zoned_datetime(self.zone.clone())
        });
        edge.map_or(at, |edge| edge.timestamp().as_microsecond())
    }
}

#[cfg(test)]
mod tests {
    use super::{Kept, Period, Terms};
    use crate::ledger::Holder;
    use crate::{Manifest, Settings};

    const MANIFEST: &str = r#"
        id = "a:b"
        name = "b"
        version = "0.1.0"
        description = "x"
        license = "MIT"
        min_host = "0.2.0"
        extension_points = ["widget"]
        [ledger.points]
        optional = { setting = "points" }
        accounts.pool = { of = "site" }
        accounts.giving = { of = "person", budget = { from = "pool", amount = { setting = "allowance" }, per = "month" } }
        accounts.received = { of = "person" }
        reasons.gave = { payer = "giving", payee = "received", max = 50 }
        cap = { account = "received", max = { setting = "allowance", times = 3 }, per = "day" }
        [[settings]]
        name = "points"
        kind = "boolean"
        default = false
        label = "Points"
        [[settings]]
        name = "allowance"
        kind = "integer"
        default = 100
        min = 0
        max = 1000
        label = "How many"
    "#;

    fn terms(set: &str, zone: &str) -> Terms {
        let manifest = Manifest::parse(MANIFEST).unwrap();
        let settings = Settings::resolve(&manifest.settings, &set.parse().unwrap()).unwrap();
        Terms::new(&manifest.ledger, &settings, zone).unwrap()
    }

    /// Somebody who was there before.
    const OLD: Holder = Holder { joined_at: 0, opened_at: 0, guest: false };

    fn at(text: &str) -> i64 {
        text.parse::<jiff::Timestamp>().unwrap().as_microsecond()
    }

    #[test]
    fn days_and_months_begin_in_the_time_zone_of_the_site() {
        // Summer time begins on 29 March 2026 in Berlin and ends on 25 October; in Beirut it begins at midnight, so that
        // 29 March has no midnight.
        for (zone, now, day, tomorrow, month, next) in [
            (
                "UTC",
                "2026-03-31T23:30:00Z",
                "2026-03-31T00:00:00Z",
                "2026-04-01T00:00:00Z",
                "2026-03-01T00:00:00Z",
                "2026-04-01T00:00:00Z",
            ),
            (
                "Europe/Berlin",
                "2026-03-31T22:30:00Z",
                "2026-03-31T22:00:00Z",
                "2026-04-01T22:00:00Z",
                "2026-03-31T22:00:00Z",
                "2026-04-30T22:00:00Z",
            ),
            (
                "Europe/Berlin",
                "2026-03-29T12:00:00Z",
                "2026-03-28T23:00:00Z",
                "2026-03-29T22:00:00Z",
                "2026-02-28T23:00:00Z",
                "2026-03-31T22:00:00Z",
            ),
            (
                "Europe/Berlin",
                "2026-10-25T12:00:00Z",
                "2026-10-24T22:00:00Z",
                "2026-10-25T23:00:00Z",
                "2026-09-30T22:00:00Z",
                "2026-10-31T23:00:00Z",
            ),
            (
                "Asia/Beirut",
                "2026-03-29T12:00:00Z",
                "2026-03-28T22:00:00Z",
                "2026-03-29T21:00:00Z",
                "2026-02-28T22:00:00Z",
                "2026-03-31T21:00:00Z",
            ),
        ] {
            let terms = terms("points = true", zone);
            let now = at(now);
            assert_eq!(terms.start_of(Period::Day, now), at(day), "{zone} {now}: the day");
            assert_eq!(terms.end_of(Period::Day, now), at(tomorrow), "{zone} {now}: its end");
            assert_eq!(terms.start_of(Period::Month, now), at(month), "{zone} {now}: the month");
            assert_eq!(terms.end_of(Period::Month, now), at(next), "{zone} {now}: its end");
        }
    }

    #[test]
    fn a_budget_is_given_once_in_a_period_and_what_is_left_is_taken_back() {
        let terms = terms("points = true", "Europe/Berlin");
        let fresh = Kept::default();
        let now = at("2026-03-10T12:00:00Z");
        let kept = fresh.renewed(terms.renewal("points", "giving", (fresh, OLD), now).unwrap());
        assert_eq!((kept.amount, kept.granted), (100, 100));
        assert_eq!(terms.renewal("points", "giving", (kept, OLD), at("2026-03-31T21:59:00Z")), None);
        let spent = Kept { amount: 30, ..kept };
        let due = terms.renewal("points", "giving", (spent, OLD), at("2026-03-31T22:00:00Z")).unwrap();
        assert_eq!((due.takes_back, due.gives), (30, 100));
        let balance = terms.balance("points", "giving", (spent, OLD), at("2026-04-02T12:00:00Z"));
        assert_eq!((balance.amount, balance.granted), (100, 100));
        assert_eq!(balance.renews_at, Some(at("2026-04-30T22:00:00Z")));
        // A clock that went back gives nothing a second time.
        let renewed = spent.renewed(due);
        assert_eq!(terms.renewal("points", "giving", (renewed, OLD), now), None);
        assert_eq!(terms.renewal("points", "received", (fresh, OLD), now), None);
    }

    #[test]
    fn who_joins_gets_the_part_for_the_days_that_are_left_and_guests_get_nothing() {
        let manifest =
            MANIFEST.replace("per = \"month\"", "per = \"month\", joiners = \"pro-rata\", guests = false");
        assert_ne!(manifest, MANIFEST);
        let manifest = Manifest::parse(&manifest).unwrap();
        let settings = Settings::resolve(&manifest.settings, &"points = true".parse().unwrap()).unwrap();
        let terms = Terms::new(&manifest.ledger, &settings, "Europe/Berlin").unwrap();
        let opened_at = at("2025-01-01T12:00:00Z");
        let now = at("2026-04-29T21:00:00Z");
        for (joined, opened_at, guest, expected) in [
            ("2026-03-31T21:59:59Z", opened_at, false, 100),
            ("2026-03-31T22:00:00Z", opened_at, false, 100),
            ("2026-04-15T22:30:00Z", opened_at, false, 50),
            ("2026-04-29T20:00:00Z", opened_at, false, 7),
            // The month in which the site itself began is a whole one for everybody.
            ("2026-04-29T20:00:00Z", at("2026-04-02T12:00:00Z"), false, 100),
            ("2025-03-01T00:00:00Z", opened_at, true, 0),
        ] {
            let holder = Holder { joined_at: at(joined), opened_at, guest };
            let balance = terms.balance("points", "giving", (Kept::default(), holder), now);
            assert_eq!((balance.amount, balance.granted), (expected, expected), "{joined}");
        }
    }

    #[test]
    fn amounts_follow_the_settings_and_a_unit_that_is_off_gives_nothing() {
        let now = at("2026-03-10T12:00:00Z");
        let on = terms("points = true\nallowance = 20", "UTC");
        assert_eq!(on.cap("points", now), Some((60, at("2026-03-10T00:00:00Z"))));
        assert_eq!(on.balance("points", "giving", (Kept::default(), OLD), now).amount, 20);
        let off = terms("", "UTC");
        assert!(on.is_on("points") && !off.is_on("points") && !on.is_on("other"));
        let balance = off.balance("points", "giving", (Kept::default(), OLD), now);
        assert_eq!((balance.amount, balance.renews_at), (0, None));
        assert!(
            Terms::new(&std::collections::BTreeMap::new(), &Settings::default(), "Mars/Olympus").is_err()
        );
    }
}
