//! Points: what is in accounts, and what was transferred.

use super::imports;
use crate::bindings::stoa::plugin::ledger::{Account, Balance, Flow, FlowSum, Period, Since};
use crate::{Error, Instant};

/// Read points of the units that the manifest declares; needs `ledger`. Written by
/// [`Outcome::post`](crate::Outcome::post).
#[derive(Clone, Copy, Debug)]
pub struct Ledger;

impl Ledger {
    /// What is in an account of a person, with the budget that is due. Accounts of others only where the manifest's
    /// `seen_by` says `everybody`.
    ///
    /// # Errors
    /// [`Error::Invalid`] for an account that the manifest does not declare; [`Error::Denied`]; [`Error::Quota`].
    ///
    /// ```
    /// # fn example(context: &stoa_plugin::Context, me: &stoa_plugin::Person) -> Result<(), stoa_plugin::Error> {
    /// let left = context.ledger().get_balance("points", "giving", &me.id)?.amount;
    /// # Ok(()) }
    /// ```
    pub fn get_balance(self, unit: &str, account: &str, person: &str) -> Result<Balance, Error> {
        let account = Account::new(unit, account, person);
        self.get_balances(&[account])?.pop().ok_or(Error::Unavailable)
    }

    /// What is in accounts, 100 at most, in the order asked for.
    ///
    /// # Errors
    /// As [`Ledger::get_balance`].
    ///
    /// ```
    /// use stoa_plugin::Account;
    /// # fn example(context: &stoa_plugin::Context, authors: &[String]) -> Result<(), stoa_plugin::Error> {
    /// let scores: Vec<Account> = authors.iter().map(|id| Account::new("reputation", "score", id)).collect();
    /// for (author, score) in authors.iter().zip(context.ledger().get_balances(&scores)?) {
    ///     context.log().info(&format!("{author}: {}", score.amount));
    /// }
    /// # Ok(()) }
    /// ```
    pub fn get_balances(self, accounts: &[Account]) -> Result<Vec<Balance>, Error> {
        imports::ledger::get_balances(accounts)
    }

    /// What flows come to without what was reversed, 100 at most, in the order asked for: those in which the person of
    /// this call has paid or was paid, and those between accounts that everybody sees.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a reason that the manifest does not declare and for a flow that names nobody;
    /// [`Error::Denied`]; [`Error::Quota`].
    ///
    /// ```
    /// use stoa_plugin::{Flow, Period};
    /// # fn example(context: &stoa_plugin::Context, me: &stoa_plugin::Person) -> Result<(), stoa_plugin::Error> {
    /// let gave = Flow::new("points", "gave").from(&me.id).since_start_of(Period::Month);
    /// let this_month = context.ledger().sum_flows(&[gave])?;
    /// # Ok(()) }
    /// ```
    pub fn sum_flows(self, flows: &[Flow]) -> Result<Vec<FlowSum>, Error> {
        imports::ledger::sum_flows(flows)
    }
}

impl Account {
    /// An account of a person.
    ///
    /// ```
    /// stoa_plugin::Account::new("points", "giving", "anna");
    /// ```
    #[must_use]
    pub fn new(unit: &str, name: &str, person: &str) -> Self {
        Self { unit: unit.to_owned(), name: name.to_owned(), person: Some(person.to_owned()) }
    }
}

impl Flow {
    /// All transfers for a reason; say from whom or to whom, too.
    ///
    /// ```
    /// stoa_plugin::Flow::new("points", "gave").from("anna").to("ben");
    /// ```
    #[must_use]
    pub fn new(unit: &str, reason: &str) -> Self {
        let (unit, reason) = (unit.to_owned(), reason.to_owned());
        Self { unit, reason, payer: None, payee: None, since: Since::At(0) }
    }

    /// Paid by this person.
    #[must_use]
    pub fn from(mut self, person: &str) -> Self {
        self.payer = Some(person.to_owned());
        self
    }

    /// Paid to this person.
    #[must_use]
    pub fn to(mut self, person: &str) -> Self {
        self.payee = Some(person.to_owned());
        self
    }

    /// From this instant on.
    #[must_use]
    pub fn since(mut self, at: Instant) -> Self {
        self.since = Since::At(at);
        self
    }

    /// From the start of the present day or month in the site's time zone.
    #[must_use]
    pub fn since_start_of(mut self, period: Period) -> Self {
        self.since = Since::StartOf(period);
        self
    }
}
