//! Questions in a list.

use std::collections::BTreeMap;

use stoa_plugin::{Context, Entry, Error, Found, Order, Query};

use super::{OPEN, ORDERS, Options, Place, QUESTION, Show, order};

/// Questions.
#[derive(Debug)]
pub(crate) struct List {
    pub(crate) show: Show,
    pub(crate) order: Order,
    pub(crate) tag: Option<String>,
    pub(crate) follows: bool,
    /// Whether these are not the first ones.
    pub(crate) continued: bool,
    /// Whether a question was asked for that is not there (any more).
    pub(crate) lost: bool,
    pub(crate) found: Found,
    /// Who has answered as the question needed, by the id of the answer.
    pub(crate) solvers: BTreeMap<String, String>,
    /// The titles of other pages, by their keys.
    pub(crate) titles: BTreeMap<String, String>,
}

impl List {
    pub(super) fn read(context: &Context, place: &Place, options: &Options) -> Result<Self, Error> {
        let (show, order) = (Show::read(context), order(context, "sort", ORDERS));
        let tag = context.parameter("tag").map(str::to_owned);
        let query = Query::new(order, options.questions_per_page).roots().kind(QUESTION);
        let mut query = show.of(place.of(query), context).since(context.since());
        if let Some(tag) = &tag {
            query = query.field_is("tags", tag);
        }
        let after = context.parameter("after");
        let (found, continued) = match context.entries().list(&query.clone().after(after)) {
            // Parameters come from addresses, which people shorten and keep: start again rather than fail.
            Err(Error::Invalid(_)) if after.is_some() => (context.entries().list(&query)?, false),
            other => (other?, after.is_some()),
        };
        let follows =
            context.person().is_some() && context.marks().get_own(&context.here(), "follow")?.is_some();
        let lost = context.parameter(OPEN).or_else(|| context.parameter("focus")).is_some();
        let (solvers, titles) = (solvers(context, &found)?, titles(context, &found.entries)?);
        Ok(Self { show, order, tag, follows, continued, lost, found, solvers, titles })
    }
}

/// Who wrote the accepted answers.
pub(super) fn solvers(context: &Context, found: &Found) -> Result<BTreeMap<String, String>, Error> {
    let accepted = found.entries.iter().filter_map(|entry| entry.text("accepted"));
    let ids: Vec<String> = accepted.map(str::to_owned).collect();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let answers = context.entries().get_many(&ids)?;
    let author = |answer: Entry| Some((answer.id.to_string(), answer.author?.to_string()));
    Ok(answers.into_iter().filter_map(author).collect())
}

/// The titles of the pages of entries that are not on this one.
fn titles(context: &Context, entries: &[Entry]) -> Result<BTreeMap<String, String>, Error> {
    let mut keys: Vec<String> = entries.iter().map(|entry| entry.page.to_string()).collect();
    keys.sort_unstable();
    keys.dedup();
    keys.retain(|key| *key != context.page().key);
    if keys.is_empty() {
        return Ok(BTreeMap::new());
    }
    let pages = context.pages().get_many(&keys)?;
    Ok(pages.into_iter().map(|page| (page.key, page.title)).collect())
}
