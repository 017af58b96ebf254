//! The ledger: units of points with accounts, and what may be transferred between them for which reasons.
//!
//! A transfer goes from one account to another, so that all accounts of a unit sum up to zero. It is never changed: what
//! is taken back is a transfer of its own, the other way. Accounts of people are never below 0; those of the site have no
//! end, and are where points come from.

mod book;
mod terms;

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::entries::Declared;

pub use book::{HELD, Kept, RELEASED, Renewal, clip};
pub use terms::{Terms, TermsProblem};

/// A unit of points: `[ledger.NAME]` of a manifest.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    /// The setting of kind `boolean` that switches it on. Without it the unit is always on.
    #[serde(default)]
    pub optional: Option<Switch>,
    /// The accounts by name. Each person, or the site, has one of each.
    pub accounts: BTreeMap<String, Account>,
    /// What points are transferred for, by name.
    pub reasons: BTreeMap<String, TransferReason>,
    /// The most that an account of a person takes in a period.
    #[serde(default)]
    pub cap: Option<Cap>,
}

/// A setting that says yes or no: `{ setting = "points" }`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Switch {
    /// The name of the setting.
    pub setting: String,
}

/// An account of a unit.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// Who has one.
    pub of: Owner,
    /// Who sees what is in an account of a person.
    #[serde(default)]
    pub seen_by: SeenBy,
    /// What each person gets in it in each period, to give away.
    #[serde(default)]
    pub budget: Option<Budget>,
}

/// Who has an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Owner {
    /// Each person; never below 0.
    Person,
    /// The site; without an end.
    Site,
}

/// Who sees what is in an account of a person. What is in an account of the site is seen by nobody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SeenBy {
    /// The person alone.
    #[default]
    #[serde(rename = "self")]
    Own,
    /// Everybody who may read.
    Everybody,
}

/// What an account gets in each period. What is left of the last period is taken back.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// The account of the site that it comes from.
    pub from: String,
    /// How much.
    pub amount: Amount,
    /// How often.
    pub per: Period,
    /// What somebody gets who comes in the middle of a period.
    #[serde(default)]
    pub joiners: Joiners,
    /// Whether guests get it, too.
    #[serde(default = "yes")]
    pub guests: bool,
}

const fn yes() -> bool {
    true
}

/// What somebody gets for the period in which they came to a site that was there before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Joiners {
    /// As much as everybody.
    #[default]
    Whole,
    /// The part for the days that are left, that of their first day among them, rounded up.
    ProRata,
}

/// What a budget goes by, beside the account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Holder {
    /// When the person came to the site, in microseconds since 1970.
    pub joined_at: i64,
    /// Since when there is the site.
    pub opened_at: i64,
    /// Whether the person is a guest.
    pub guest: bool,
}

/// An amount of points, fixed or by a setting: `100`, `{ setting = "allowance" }`,
/// `{ setting = "allowance", times = 3 }`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged, expecting = "a whole number or { setting = \"NAME\", times = N }")]
pub enum Amount {
    /// So many.
    Number(u32),
    /// What a setting of kind `integer` says, times a number.
    Setting(AmountSetting),
}

/// An amount by a setting.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AmountSetting {
    /// The name of the setting.
    pub setting: String,
    /// How many times as much; 1 where it does not say.
    #[serde(default = "once")]
    pub times: u32,
}

const fn once() -> u32 {
    1
}

/// A time that begins anew in the site's time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Period {
    /// From midnight.
    Day,
    /// From midnight of the first.
    Month,
}

/// What points are transferred for: from where, where to and how many at most.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransferReason {
    /// The account that pays. One of a person pays by that person's own actions alone.
    pub payer: String,
    /// The account that is paid.
    pub payee: String,
    /// The most of one transfer.
    pub max: u32,
    /// What follows when the entry that it is about is hidden.
    #[serde(default)]
    pub when_hidden: WhenHidden,
}

/// What follows for a transfer when its entry is held, rejected, deleted or removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WhenHidden {
    /// Nothing.
    #[default]
    Keep,
    /// It is reversed, for good: whoever brings the entry back has to decide anew.
    Reverse,
}

/// The most that an account of a person takes in a period: of a transfer that is more, only what fits is given.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cap {
    /// The account.
    pub account: String,
    /// How much.
    pub max: Amount,
    /// In which time.
    pub per: Period,
    /// Reasons that neither count nor are held back.
    #[serde(default)]
    pub except: Vec<String>,
}

/// A transfer that is to be made: from the site or from the actor, as the reason says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    /// The unit.
    pub unit: String,
    /// A reason that the unit declares.
    pub reason: String,
    /// Who is paid; none where the site is.
    pub payee: Option<String>,
    /// How much; 0 is a transfer, too.
    pub amount: u32,
    /// The entry that it is about.
    pub entry: String,
}

/// Transfers for a reason that were not reversed: by whom or to whom, and since when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// The unit.
    pub unit: String,
    /// The reason.
    pub reason: String,
    /// Who has paid; none for everybody.
    pub payer: Option<String>,
    /// Who was paid; none for everybody.
    pub payee: Option<String>,
    /// From when on.
    pub since: Since,
}

/// From when on transfers are summed up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Since {
    /// From this instant on, in microseconds since 1970.
    At(u64),
    /// From when the present period began in the site's time zone.
    StartOf(Period),
}

/// What a flow comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FlowSum {
    /// How much.
    pub amount: i64,
    /// How many transfers.
    pub transfers: u32,
}

/// An account of somebody, or of the site.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId {
    /// The unit.
    pub unit: String,
    /// The name of the account.
    pub name: String,
    /// Whose; none for the site.
    pub person: Option<String>,
}

/// What is in an account, and what came into it as the budget of this period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    /// How much there is.
    pub amount: i64,
    /// What this period's budget was; 0 for an account without one.
    pub granted: i64,
    /// When the next period begins; none for an account without a budget.
    pub renews_at: Option<i64>,
}

/// A reason with the accounts that it names.
#[derive(Clone, Copy, Debug)]
pub struct Route<'a> {
    /// The unit.
    pub unit: &'a Unit,
    /// The reason.
    pub reason: &'a TransferReason,
    /// Who has the account that pays.
    pub payer: Owner,
    /// Who has the account that is paid.
    pub payee: Owner,
}

impl Unit {
    /// The reasons whose transfers count for the cap.
    pub fn capped_reasons(&self) -> impl Iterator<Item = &str> {
        let counts = |cap: &Cap, name: &String, reason: &TransferReason| {
            reason.payee == cap.account && !cap.except.contains(name)
        };
        let capped = self
            .cap
            .iter()
            .flat_map(move |cap| self.reasons.iter().filter(move |(name, reason)| counts(cap, name, reason)));
        capped.map(|(name, _)| name.as_str())
    }
}

impl Declared {
    /// A reason of a unit; none where the manifest does not declare it.
    #[must_use]
    pub fn route(&self, unit: &str, reason: &str) -> Option<Route<'_>> {
        let unit = self.units.get(unit)?;
        let reason = unit.reasons.get(reason)?;
        let owner = |name: &str| unit.accounts.get(name).map(|account| account.of);
        Some(Route { unit, reason, payer: owner(&reason.payer)?, payee: owner(&reason.payee)? })
    }

    /// Who sees what is in an account; none where the manifest does not declare it.
    #[must_use]
    pub fn seen_by(&self, account: &AccountId) -> Option<SeenBy> {
        let declared = self.units.get(&account.unit)?.accounts.get(&account.name)?;
        (declared.of == Owner::Person).then_some(declared.seen_by)
    }

    /// Whether a person sees a flow: that of the person's own account, or one between accounts that everybody sees.
    #[must_use]
    pub fn may_see(&self, flow: &Flow, person: Option<&str>) -> bool {
        let own = |id: &Option<String>| id.is_some() && id.as_deref() == person;
        if own(&flow.payer) || own(&flow.payee) {
            return true;
        }
        let Some(route) = self.route(&flow.unit, &flow.reason) else { return false };
        let open = |name: &str, id: &Option<String>| {
            let account = route.unit.accounts.get(name);
            id.is_none() || account.is_some_and(|account| account.seen_by == SeenBy::Everybody)
        };
        open(&route.reason.payer, &flow.payer) && open(&route.reason.payee, &flow.payee)
    }
}
