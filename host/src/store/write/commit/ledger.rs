//! Changes of the ledger.

use stoa_rules::{Condition, Flow, Otherwise, Posting, State};

use super::entries::Known;
use super::{Applying, HERE};
use crate::base::id::EntryId;
use crate::store::db::values;
use crate::store::ledger::Book;
use crate::store::model::CommitError;

const PAYEE: &str = "select active from people where site = $1 and id = $2";

pub(in crate::store) const STATEMENTS: &[&str] = &[PAYEE];

impl Applying<'_> {
    fn book(&mut self) -> Book<'_> {
        let commit = self.commit;
        Book {
            connection: self.connection,
            site: &commit.site,
            plugin: &commit.plugin,
            declared: &commit.declared,
            terms: &commit.terms,
            actor: commit.permit.person().as_str(),
            now: commit.now,
        }
    }

    /// Nobody pays themselves, and who has left is paid nothing.
    pub(super) async fn post(&mut self, posting: &Posting, short: &Otherwise) -> Result<(), CommitError> {
        let known = self.entry(&EntryId::from(posting.entry.as_str())).await?;
        if let Some(payee) = &posting.payee {
            let values = values![self.site(), payee.as_str()];
            let Some(row) = self.connection.row(PAYEE, values).await? else {
                return Err(CommitError::invalid("payee", format!("names nobody: {payee}")));
            };
            if !row.flag(0)? {
                return Ok(());
            }
            let pays = self.commit.declared.route(&posting.unit, &posting.reason);
            let pays = pays.is_some_and(|route| route.payer == stoa_rules::Owner::Person);
            if pays && payee == self.commit.permit.person().as_str() {
                return Err(CommitError::Denied(stoa_rules::Target::Person(payee.clone())));
            }
        }
        match self.book().post(posting, known.state == State::Held, short).await? {
            true => {
                let data = serde_json::json!({ "unit": posting.unit, "reason": posting.reason });
                self.moved(&known, "points.given", &data).await
            }
            false => Ok(()),
        }
    }

    pub(super) async fn reverse(
        &mut self,
        entry: &str,
        meant: (&str, &str, Option<&str>),
    ) -> Result<(), CommitError> {
        let known = self.entry(&EntryId::from(entry)).await?;
        match self.book().reverse(entry, meant).await? {
            true => {
                let data = serde_json::json!({ "unit": meant.0, "reason": meant.1 });
                self.moved(&known, "points.taken-back", &data).await
            }
            false => Ok(()),
        }
    }

    /// What waited with its entry arrives.
    pub(super) async fn release_points(&mut self, known: &Known) -> Result<(), CommitError> {
        self.book().release(known.id.as_str()).await
    }

    /// What does not outlast its entry is taken back with it.
    pub(super) async fn hide_points(&mut self, known: &Known) -> Result<(), CommitError> {
        self.book().hide(known.id.as_str()).await.map(drop)
    }

    async fn moved(
        &mut self,
        known: &Known,
        kind: &str,
        data: &serde_json::Value,
    ) -> Result<(), CommitError> {
        let person = self.commit.permit.person().clone();
        // The page of the call shows what is left.
        self.places[HERE].changed = true;
        self.event(known.place, kind, Some(&known.id), Some(&person), data).await
    }

    /// The first limit that the changes have gone beyond refuses the commit.
    pub(super) async fn check_limits(&mut self) -> Result<(), CommitError> {
        let commit = self.commit;
        for (requirement, asked) in commit.requirements.iter().enumerate() {
            if let Condition::AtMost { flow, amount, transfers } = &asked.condition
                && !self.is_within(flow, *amount, *transfers).await?
            {
                return Err(CommitError::Unmet { requirement });
            }
        }
        Ok(())
    }

    async fn is_within(
        &mut self,
        flow: &Flow,
        amount: Option<u64>,
        transfers: Option<u32>,
    ) -> Result<bool, CommitError> {
        let sum = self.book().sum(flow).await?;
        let spent = u64::try_from(sum.amount).unwrap_or(0);
        Ok(amount.is_none_or(|most| spent <= most) && transfers.is_none_or(|most| sum.transfers <= most))
    }
}
