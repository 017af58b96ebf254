//! Which page is asked for, and whether whoever asks may read it.

use std::borrow::Cow;
use std::sync::Arc;

use super::super::app::App;
use super::super::refusal::Refusal;
use super::super::request::ViewRequest;
use crate::base::id::{PersonId, PluginName, SiteId};
use crate::identity::VouchedPage;
use crate::store::{Page, PageWord};

impl App {
    /// The same question for a widget of the whole site, which is on no page; none for all others.
    pub(in crate::dispatch) fn site_wide(&self, ask: &ViewRequest) -> Option<ViewRequest> {
        let is_placed = ask.page_key.is_empty() && ask.page_title.is_empty() && ask.page_url.is_empty();
        if is_placed || !self.is_site_wide(&ask.site, &ask.plugin) {
            return None;
        }
        let none = String::new;
        Some(ViewRequest { page_key: none(), page_title: none(), page_url: none(), ..ask.clone() })
    }

    /// Whether a plugin has one place for the whole site.
    pub(in crate::dispatch) fn is_site_wide(&self, site: &SiteId, plugin: &PluginName) -> bool {
        let known = self.0.sites.get(site);
        let installed = known.as_ref().and_then(|site| site.plugins.get(plugin));
        installed.is_some_and(|installed| installed.plugin.is_site_wide())
    }

    /// The request under the key that its page is kept by, once it is sure that whoever asks may read the page: they are
    /// among its readers, or their token was made for it.
    ///
    /// # Errors
    /// `NotFound`, whether the page is there or not; `Unavailable`.
    pub(in crate::dispatch) async fn placed<'a>(
        &self,
        ask: &'a ViewRequest,
    ) -> Result<Cow<'a, ViewRequest>, Refusal> {
        let (ask, may_read) = self.found(ask).await?;
        match may_read {
            true => Ok(ask),
            false => Err(Refusal::NotFound { message: self.text(&ask.lang, "host-page-not-found") }),
        }
    }

    /// The request under the key that its page is kept by, and whether whoever asks may read the page.
    pub(in crate::dispatch) async fn found<'a>(
        &self,
        ask: &'a ViewRequest,
    ) -> Result<(Cow<'a, ViewRequest>, bool), Refusal> {
        if ask.is_bell() || self.is_site_wide(&ask.site, &ask.plugin) {
            return Ok((Cow::Borrowed(ask), true));
        }
        let person = ask.actor.person_id();
        let standing = self.0.store.standing(&ask.site, &ask.page_key, person).await?;
        let Some(vouched) = ask.actor.page.as_deref() else {
            let ask = match standing.key == ask.page_key {
                true => Cow::Borrowed(ask),
                false => Cow::Owned(ViewRequest { page_key: standing.key, ..ask.clone() }),
            };
            return Ok((ask, standing.may_read));
        };
        let named = self.0.store.standing(&ask.site, &vouched.key, person).await?.key;
        let may_read = standing.may_read || named == standing.key;
        if standing.key == ask.page_key && named == vouched.key {
            return Ok((Cow::Borrowed(ask), may_read));
        }
        let mut ask = ask.clone();
        ask.page_key = standing.key;
        ask.actor.page = Some(Arc::new(VouchedPage { key: named, ..vouched.clone() }));
        Ok((Cow::Owned(ask), may_read))
    }

    /// Who looks after a page by the site's rules, which is kept with it: plugins and the store both ask.
    pub(super) async fn owner_by_rule(
        &self,
        ask: &ViewRequest,
        page: &Page,
    ) -> Result<Option<PersonId>, Refusal> {
        let config = &self.site_state(&ask.site)?.config;
        let fits = config.page_owners.iter().filter(|rule| page.key.starts_with(&rule.prefix));
        let Some(rule) = fits.max_by_key(|rule| rule.prefix.len()) else { return Ok(None) };
        let first = config.issuers.first().map(|issuer| issuer.issuer.clone());
        let issuer = rule.issuer.clone().or(first).unwrap_or_default();
        let now = self.0.clock.now();
        let owner = Some(rule.owner.clone());
        let word = PageWord { key: page.key.clone(), issuer, readers: None, owner, issued_at: now };
        self.0.store.hear_page(&ask.site, word, now).await?;
        Ok(self.0.store.get_page(&ask.site, &page.key).await?.and_then(|page| page.owner))
    }

    /// Which pages whoever asks may read, as far as groups decide: a view of several depends on it.
    pub(super) async fn reach(&self, ask: &ViewRequest) -> Result<Arc<str>, Refusal> {
        match ask.actor.person_id() {
            Some(person) => Ok(self.0.store.reach(&ask.site, person).await?),
            None => Ok(Arc::from("")),
        }
    }
}
