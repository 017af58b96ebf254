//! Entries with a title like a text: the index of titles finds candidates by their words, the rule that the test host has,
//! too, says which of them are alike.

use std::cmp::Reverse;
use std::fmt::Write as _;

use stoa_rules::{Scope, State, Value, similar_words, similarity};

use super::super::threads::{Context, Source, get_entries};
use crate::base::id::EntryId;
use crate::store::db::{Reader, values};
use crate::store::model::{Found, Similar, StoreError};

/// The best candidates by their words, visible ones of the kind.
pub(super) const SIMILAR: &str =
    "select e.id from entry_titles cross join entries e on e.number = entry_titles.rowid
    where entry_titles match $1 and e.site = $2 and e.plugin = $3 and e.kind = $4 and e.state = 'visible'
    order by entry_titles.rank limit 60";

/// Those of the page of the context first, then the most alike.
///
/// # Errors
/// `Database`.
pub(in crate::store) async fn find_similar(
    source: &Source<'_>,
    context: &Context<'_>,
    wanted: &Similar,
) -> Result<Found, StoreError> {
    let words = similar_words(&wanted.text);
    if words.is_empty() {
        return Ok(Found::default());
    }
    let values =
        values![matching(&words), context.site.as_str(), context.plugin.as_str(), wanted.kind.as_str()];
    let work = move |reader: &Reader<'_>| reader.rows_now(SIMILAR, &values, |row| row.text(0));
    let ids: Vec<EntryId> = source.database.apart(work).await?.into_iter().map(EntryId::from).collect();
    let mut found = get_entries(source, context, true, &ids).await?;
    let here = context.page_key;
    let mut alike: Vec<_> = std::mem::take(&mut found.entries)
        .into_iter()
        .filter(|entry| entry.state == State::Visible && is_in(&wanted.scope, &entry.page, here))
        .filter_map(|entry| match entry.fields.get(&wanted.title) {
            Some(Value::Text(title)) => Some((similarity(&words, title)?, entry)),
            _ => None,
        })
        .collect();
    alike.sort_by_key(|(share, entry)| (*entry.page != *here, Reverse(*share)));
    alike.truncate(usize::try_from(wanted.limit).unwrap_or(usize::MAX));
    found.entries = alike.into_iter().map(|(_, entry)| entry).collect();
    found.total = None;
    Ok(found)
}

fn is_in(scope: &Scope, page: &str, here: &str) -> bool {
    match scope {
        Scope::Here => page == here,
        Scope::Page(key) => page == key,
        Scope::Prefix(start) => page.starts_with(start.as_str()),
        Scope::Site => true,
    }
}

/// What the index is asked for: one of the words, or one that begins so. Words are letters and digits alone.
fn matching(words: &[String]) -> String {
    let mut text = String::new();
    for word in words {
        let or = if text.is_empty() { "" } else { " or " };
        // The stem of a word finds its other forms: a title with `melde` for `melden`.
        let stem: String = word.chars().take(word.chars().count().saturating_sub(1).max(3)).collect();
        let _ = write!(text, "{or}\"{stem}\"*");
    }
    text.replace(" or ", " OR ")
}
