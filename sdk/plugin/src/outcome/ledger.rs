//! Transfers of points, and what they must not go beyond.

use crate::bindings::stoa::plugin::ledger_write::Transfer;
use crate::host::imports;
use crate::{Error, Flow, Otherwise, Outcome};

impl Transfer {
    /// So many points for a reason that the manifest declares, about an entry. Who pays says the reason: the site, or the
    /// person of this call.
    ///
    /// ```
    /// stoa_plugin::Transfer::new("reputation", "accepted", "e2", 15).to("ben");
    /// ```
    #[must_use]
    pub fn new(unit: &str, reason: &str, entry: &str, amount: u32) -> Self {
        let (unit, reason, entry) = (unit.to_owned(), reason.to_owned(), entry.to_owned());
        Self { unit, reason, payee: None, amount, entry }
    }

    /// Paid to this person.
    #[must_use]
    pub fn to(mut self, person: &str) -> Self {
        self.payee = Some(person.to_owned());
        self
    }
}

impl Outcome {
    /// Transfers points. `short` follows where the person has too little. What the unit's cap does not let through is
    /// not transferred. While the same transfer by the same person stands, it is not made again.
    ///
    /// # Errors
    /// See [`Outcome`].
    ///
    /// ```
    /// use stoa_plugin::{Otherwise, Transfer};
    /// # fn example(outcome: &mut stoa_plugin::Outcome, answer: &stoa_plugin::Entry) -> Result<(), stoa_plugin::Error> {
    /// if let Some(author) = answer.author.as_deref() {
    ///     let reward = Transfer::new("reputation", "accepted", &answer.id, 15).to(author);
    ///     outcome.post(&reward, Otherwise::Rerun)?;
    /// }
    /// # Ok(()) }
    /// ```
    pub fn post(&mut self, transfer: &Transfer, short: Otherwise) -> Result<(), Error> {
        imports::ledger_write::post(transfer, &short)
    }

    /// Takes back what was transferred for a reason and an entry, exactly as it was: what the actions of `actor` have
    /// transferred, or those of everybody. Nothing where nothing stands.
    ///
    /// # Errors
    /// See [`Outcome`].
    ///
    /// ```
    /// # fn example(outcome: &mut stoa_plugin::Outcome, answer: &stoa_plugin::Entry) -> Result<(), stoa_plugin::Error> {
    /// outcome.reverse("reputation", "accepted", &answer.id, None)?;
    /// # Ok(()) }
    /// ```
    pub fn reverse(
        &mut self,
        unit: &str,
        reason: &str,
        entry: &str,
        actor: Option<&str>,
    ) -> Result<(), Error> {
        imports::ledger_write::reverse(unit, reason, entry, actor)
    }

    /// Commits only where a flow, with what this call transfers, comes to no more than this amount and this number of
    /// transfers.
    ///
    /// # Errors
    /// See [`Outcome`].
    ///
    /// ```
    /// use stoa_plugin::{Flow, Otherwise};
    /// # fn example(outcome: &mut stoa_plugin::Outcome, me: &str, ben: &str) -> Result<(), stoa_plugin::Error> {
    /// let to_ben = Flow::new("points", "gave").from(me).to(ben);
    /// outcome.require_at_most(&to_ben, None, Some(3), Otherwise::refuse("three-are-enough"))?;
    /// # Ok(()) }
    /// ```
    pub fn require_at_most(
        &mut self,
        flow: &Flow,
        amount: Option<u64>,
        transfers: Option<u32>,
        otherwise: Otherwise,
    ) -> Result<(), Error> {
        imports::ledger_write::require_at_most(flow, amount, transfers, &otherwise)
    }
}
