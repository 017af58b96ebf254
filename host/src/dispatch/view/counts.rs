//! How much there is on pages, for lists of pages and for the tabs of one: what a reader of the page would find there.

use stoa_rules::{Filter, Scope, Test};

use super::super::app::{App, Installed};
use super::super::refusal::Refusal;
use super::super::request::ViewRequest;
use crate::base::clock::Micros;
use crate::base::id::PluginName;
use crate::services::texts::Value;

/// What stands in the other kind's list of parents where it may stand on a page itself.
const ON_PAGE: &str = "page";
/// The field by which a kind says that something is closed.
const CLOSED: &str = "closed";
/// The text of a plugin that says how much there is: its argument is `count`, and 0 gives the name alone.
pub(super) const HEADING: &str = "heading";

/// How much there is on a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageCount {
    /// Entries that stand on the page itself, and replies of the same kind; at most 10,000.
    pub count: u32,
    /// Those that wait for an answer, where the plugin has such.
    pub open: Option<u32>,
    /// The same in words, in the reader's language.
    pub text: String,
}

impl App {
    /// How much there is for each of these, which name site, plugin, page, language and actor.
    ///
    /// # Errors
    /// Every [`Refusal`] of reading.
    pub async fn counts(&self, asks: &[ViewRequest]) -> Result<Vec<PageCount>, Refusal> {
        let mut counts = Vec::with_capacity(asks.len());
        for ask in asks {
            // A list of pages may ask for what a site does not have: there is nothing then.
            counts.push(match self.check_ask(ask) {
                // A page that may not be read has nothing, like one that is not there.
                Ok((_, installed)) => self.page_count(&self.found(ask).await?.0, &installed).await?,
                Err(Refusal::UnknownPlugin(_) | Refusal::Plugin(_)) => PageCount::default(),
                Err(refusal) => return Err(refusal),
            });
        }
        Ok(counts)
    }

    async fn page_count(&self, ask: &ViewRequest, installed: &Installed) -> Result<PageCount, Refusal> {
        let count = self.count_of(ask, &ask.plugin, installed, None).await?;
        let open = match open(installed) {
            Some((kind, answered)) if count > 0 => {
                let absent = |name: &str| Filter::Field { name: name.to_owned(), test: Test::Absent };
                let closed = declares(installed, kind, CLOSED).then(|| absent(CLOSED));
                let filters = [Filter::Kind(kind.to_owned()), absent(answered)];
                Some(self.counted(ask, &ask.plugin, filters.into_iter().chain(closed).collect()).await?)
            }
            Some(_) => Some(0),
            None => None,
        };
        let number = [("count", Value::Number(i64::from(count)))];
        let texts = &self.0.kit.texts;
        let mut text = texts.of_plugin(ask.plugin.as_str(), &ask.lang).message(HEADING, &number);
        if text == HEADING {
            text = count.to_string();
        }
        if let Some(open) = open.filter(|open| *open > 0) {
            let number = [("count", Value::Number(i64::from(open)))];
            text = format!("{text}, {}", texts.of_host(&ask.lang).message("host-count-open", &number));
        }
        Ok(PageCount { count, open, text })
    }

    /// How many entries stand on the page itself; with `since` those written after it by others.
    pub(super) async fn count_of(
        &self,
        ask: &ViewRequest,
        plugin: &PluginName,
        installed: &Installed,
        since: Option<Micros>,
    ) -> Result<u32, Refusal> {
        let mut sum = 0_u32;
        for kind in kinds(installed) {
            let mut filters = vec![Filter::Kind(kind.to_owned())];
            filters.extend(since.and_then(|since| Some(Filter::CreatedSince(u64::try_from(since).ok()?))));
            let all = self.counted(ask, plugin, filters.clone()).await?;
            let own = match (since, ask.actor.person_id()) {
                (Some(_), Some(person)) if all > 0 => {
                    filters.push(Filter::Author(person.as_str().to_owned()));
                    self.counted(ask, plugin, filters).await?
                }
                _ => 0,
            };
            sum = sum.saturating_add(all.saturating_sub(own));
        }
        Ok(sum)
    }

    async fn counted(
        &self,
        ask: &ViewRequest,
        plugin: &PluginName,
        filters: Vec<Filter>,
    ) -> Result<u32, Refusal> {
        let (store, viewer) = (&self.0.store, ask.actor.viewer());
        let page_key = if self.is_site_wide(&ask.site, plugin) { "" } else { &ask.page_key };
        Ok(store.count(&ask.site, plugin, page_key, &viewer, &Scope::Here, &filters).await?)
    }
}

/// The kinds that stand on a page itself.
fn kinds(installed: &Installed) -> impl Iterator<Item = &str> {
    let kinds = &installed.plugin.declared().kinds;
    let on_page = |parents: &[String]| parents.is_empty() || parents.iter().any(|parent| parent == ON_PAGE);
    kinds.iter().filter(move |(_, kind)| on_page(&kind.parents)).map(|(name, _)| name.as_str())
}

/// The kind on pages that can be answered for good, and the field that then holds the answer.
fn open(installed: &Installed) -> Option<(&str, &str)> {
    let declared = installed.plugin.declared();
    kinds(installed).find_map(|name| {
        let fields = &declared.kinds.get(name)?.fields;
        let (field, _) = fields.iter().find(|(_, field)| field.holder_of.is_some())?;
        Some((name, field.as_str()))
    })
}

fn declares(installed: &Installed, kind: &str, field: &str) -> bool {
    installed.plugin.declared().kinds.get(kind).is_some_and(|kind| kind.fields.contains_key(field))
}
