//! Who may know the answer to a question: people whose answers to questions with the same tags were accepted.

use std::collections::BTreeMap;

use stoa_plugin::{Context, Entry, Error, Order, Query, Refusal};

use super::list::solvers;
use super::{QUESTION, Status, Viewer};

/// That somebody was invited to answer.
pub(crate) const INVITATION: &str = "invitation";

/// Tags of the question that are looked at, and solved questions with each.
const TAGS_MAX: usize = 3;
const SOLVED_MAX: u32 = 20;

/// The most people who are suggested.
const EXPERTS_MAX: usize = 3;

/// The most people who are invited to one question.
const INVITED_MAX: u32 = 5;

/// The most invitations that somebody has within seven days.
const OPEN_MAX: u32 = 3;
const OPEN_MICROS: u64 = 7 * 86_400 * 1_000_000;

/// An accepted answer weighs half as much after this time.
const HALF_MICROS: u64 = 180 * 86_400 * 1_000_000;

/// Somebody who may know, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Expert {
    pub(crate) person: String,
    /// The tag that they know most about, and how many of their answers with it were accepted.
    pub(crate) tag: String,
    pub(crate) accepted: u32,
}

/// Who may know the answer while nobody has given it, and who was invited.
pub(super) fn read(context: &Context, question: &Entry) -> Result<(Vec<Expert>, Vec<String>), Error> {
    if context.person().is_none() || Status::of(question) != Status::Open {
        return Ok((Vec::new(), Vec::new()));
    }
    let query = Query::new(Order::Newest, INVITED_MAX).site().kind(INVITATION).parent(&question.id);
    let invitations = context.entries().list(&query)?.entries;
    let invited: Vec<String> =
        invitations.iter().filter_map(|one| one.text("person")).map(str::to_owned).collect();
    let mut experts = suggested(context, question)?;
    experts.retain(|expert| !invited.contains(&expert.person));
    Ok((experts, invited))
}

/// By tag, accepted answers and how long ago they were given.
fn suggested(context: &Context, question: &Entry) -> Result<Vec<Expert>, Error> {
    let mut found: BTreeMap<String, (u64, Expert)> = BTreeMap::new();
    for tag in question.texts("tags").take(TAGS_MAX) {
        let query = Query::new(Order::Newest, SOLVED_MAX).site().roots().kind(QUESTION);
        let solved = context.entries().list(&query.field_is("tags", tag).field_present("accepted"))?;
        let authors = solvers(context, &solved)?;
        let mut of_tag: BTreeMap<&str, (u64, u32)> = BTreeMap::new();
        for one in &solved.entries {
            let Some(author) = one.text("accepted").and_then(|id| authors.get(id)) else { continue };
            let age = context.now().saturating_sub(one.created_at);
            let (weight, count) = of_tag.entry(author).or_default();
            *weight += weight_of(age);
            *count += 1;
        }
        for (author, (weight, accepted)) in of_tag {
            let expert = || Expert { person: author.to_owned(), tag: tag.to_owned(), accepted };
            let known = found.entry(author.to_owned()).or_insert_with(|| (0, expert()));
            known.0 += weight;
            if accepted > known.1.accepted {
                known.1 = expert();
            }
        }
    }
    let asks = |id: &str| question.author.as_deref() == Some(id) || context.is(id);
    let mut all: Vec<(u64, Expert)> = found.into_values().filter(|(_, one)| !asks(&one.person)).collect();
    all.sort_by(|one, other| other.0.cmp(&one.0).then_with(|| one.1.person.cmp(&other.1.person)));
    all.truncate(EXPERTS_MAX);
    Ok(all.into_iter().map(|(_, expert)| expert).collect())
}

/// 1,000 for today, half of it after half a year, never nothing.
const fn weight_of(age: u64) -> u64 {
    1_000 * HALF_MICROS / (HALF_MICROS + age) + 1
}

/// Whether this person can be invited to this question; the reason where not.
pub(crate) fn check_invite(
    context: &Context,
    question: &Entry,
    viewer: &Viewer<'_>,
    person: &str,
) -> Result<(), Refusal> {
    crate::rules::check_invite(question, viewer)?;
    let (experts, invited) = read(context, question)?;
    if invited.iter().any(|one| one == person) {
        return Err(Refusal::conflict("already-invited"));
    }
    if invited.len() >= INVITED_MAX as usize {
        return Err(Refusal::conflict("enough-invited"));
    }
    if !experts.iter().any(|expert| expert.person == person) {
        return Err(Refusal::denied("denied"));
    }
    let since = context.now().saturating_sub(OPEN_MICROS);
    let query = Query::new(Order::Newest, OPEN_MAX).site().kind(INVITATION).field_is("person", person);
    let open = context.entries().list(&query.created_since(since))?.entries;
    if open.len() >= OPEN_MAX as usize {
        return Err(Refusal::conflict("invited-often"));
    }
    Ok(())
}

/// Invites somebody: the host tells them.
pub(crate) fn invite(
    outcome: &mut stoa_plugin::Outcome,
    question: &Entry,
    person: &str,
) -> Result<(), Error> {
    outcome.create(INVITATION).parent(&question.id).field("person", person).record().map(drop)
}

#[cfg(test)]
mod tests {
    use super::{HALF_MICROS, weight_of};

    #[test]
    fn what_is_long_ago_weighs_less_and_never_nothing() {
        assert_eq!((weight_of(0), weight_of(HALF_MICROS)), (1_001, 501));
        assert!(weight_of(u64::MAX / 2_000) >= 1);
    }
}
