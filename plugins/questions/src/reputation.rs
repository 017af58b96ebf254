//! What answers earn, where the site has it: a quiet count of how often somebody has helped.

use stoa_plugin::{Context, Entry, Error, Flow, Otherwise, Outcome, Transfer};

use crate::model::COMMENT;

/// The unit of the manifest and its account.
const UNIT: &str = "reputation";
const SCORE: &str = "score";

/// What is earned for, and how much.
const ACCEPTED: (&str, u32) = ("accepted", 15);
const ACCEPTING: (&str, u32) = ("accepting", 2);
const UPVOTED: (&str, u32) = ("upvoted", 10);

/// What the site counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Reputation {
    /// Nothing.
    #[default]
    Off,
    /// Accepted answers.
    Light,
    /// Votes, too.
    Full,
}

impl Reputation {
    /// By the word of the setting.
    pub(crate) fn named(word: &str) -> Self {
        match word {
            "light" => Self::Light,
            "full" => Self::Full,
            _ => Self::Off,
        }
    }

    /// An answer is accepted. Nobody earns anything by an answer of their own.
    pub(crate) fn accept(
        self,
        outcome: &mut Outcome,
        actor: &str,
        question: &Entry,
        answer: &Entry,
    ) -> Result<(), Error> {
        let author = answer.author.as_deref();
        let own = author == Some(actor) || author == question.author.as_deref();
        let Some(author) = author.filter(|_| self != Self::Off && !own) else { return Ok(()) };
        give(outcome, ACCEPTED, answer, author)?;
        if question.author.as_deref() == Some(actor) {
            give(outcome, ACCEPTING, answer, actor)?;
        }
        Ok(())
    }

    /// An answer is no longer accepted.
    pub(crate) fn unaccept(self, outcome: &mut Outcome, answer: &str) -> Result<(), Error> {
        self.take_back(outcome, ACCEPTED.0, answer, None)?;
        self.take_back(outcome, ACCEPTING.0, answer, None)
    }

    /// A vote is put, changed or taken away: up, or anything else.
    pub(crate) fn vote(
        self,
        outcome: &mut Outcome,
        actor: &str,
        entry: &Entry,
        up: bool,
    ) -> Result<(), Error> {
        if entry.kind == COMMENT {
            return Ok(());
        }
        match entry.author.as_deref() {
            Some(author) if up && self == Self::Full => give(outcome, UPVOTED, entry, author),
            _ if up => Ok(()),
            _ => self.take_back(outcome, UPVOTED.0, &entry.id, Some(actor)),
        }
    }

    /// What was given before it was switched off goes, too, as far as the plugin may still say so.
    fn take_back(
        self,
        outcome: &mut Outcome,
        reason: &str,
        entry: &str,
        actor: Option<&str>,
    ) -> Result<(), Error> {
        match outcome.reverse(UNIT, reason, entry, actor) {
            Err(Error::NotGranted(_)) if self == Self::Off => Ok(()),
            done => done,
        }
    }
}

fn give(outcome: &mut Outcome, (reason, amount): (&str, u32), entry: &Entry, to: &str) -> Result<(), Error> {
    outcome.post(&Transfer::new(UNIT, reason, &entry.id, amount).to(to), Otherwise::Rerun)
}

/// How somebody has helped; for that person alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Impact {
    pub(crate) score: u32,
    /// Own answers that were accepted.
    pub(crate) accepted: u32,
    /// Votes for own questions and answers.
    pub(crate) upvoted: u32,
}

impl Impact {
    /// None where nothing is counted, or there is nothing yet.
    pub(crate) fn read(context: &Context, counted: Reputation) -> Result<Option<Self>, Error> {
        let Some(person) = context.person().filter(|_| counted != Reputation::Off) else { return Ok(None) };
        let score = context.ledger().get_balance(UNIT, SCORE, &person.id)?.amount;
        let Some(score) = u32::try_from(score).ok().filter(|score| *score > 0) else { return Ok(None) };
        let to = |(reason, _): (&str, u32)| Flow::new(UNIT, reason).to(&person.id);
        let sums = context.ledger().sum_flows(&[to(ACCEPTED), to(UPVOTED)])?;
        let times = |place: usize| sums.get(place).map_or(0, |sum| sum.transfers);
        Ok(Some(Self { score, accepted: times(0), upvoted: times(1) }))
    }
}
