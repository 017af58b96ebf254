//! A whole page's block: a view of the host's own with a tab for each plugin that the site shows on pages. It holds the
//! tabs alone; what a tab shows is the plugin's own view.

use std::sync::Arc;

use stoa_view::make::{ViewBuilder, literal};
use stoa_view::nodes::View;

use super::super::app::{App, Installed, SiteState};
use super::super::refusal::Refusal;
use super::super::request::ViewRequest;
use super::counts::HEADING;
use super::parse_parameters;
use crate::base::clock::Micros;
use crate::base::id::PluginName;
use crate::services::texts::Value;

/// The name that widgets use for the block; no plugin can have it.
pub const PAGE: &str = "page";
/// The parameter that names the tab that is shown.
pub const TAB: &str = "tab";

impl ViewRequest {
    /// Whether it is for the block of a whole page.
    #[must_use]
    pub fn is_page(&self) -> bool {
        self.plugin.as_str() == PAGE
    }
}

impl App {
    /// The plugin whose tab is to be shown of a page's block: the one that is asked for; the first with something new
    /// by others since `seen`; the one that was shown `last`; the first. None where the site shows none of them.
    ///
    /// # Errors
    /// Every [`Refusal`] of reading.
    pub async fn page_tab(
        &self,
        ask: &ViewRequest,
        asked: Option<&str>,
        last: Option<&str>,
        seen: Option<Micros>,
    ) -> Result<Option<PluginName>, Refusal> {
        let site = self.site_state(&ask.site)?;
        let ask = &*self.found(ask).await?.0;
        let names: Vec<&PluginName> = tabs(&site).map(|(name, _)| name).collect();
        let named =
            |wanted: Option<&str>| names.iter().copied().find(|name| Some(name.as_str()) == wanted).cloned();
        if let Some(name) = named(asked) {
            return Ok(Some(name));
        }
        if seen.is_some() && names.len() > 1 {
            for (name, installed) in tabs(&site) {
                if self.count_of(ask, name, installed, seen).await? > 0 {
                    return Ok(Some(name.clone()));
                }
            }
        }
        Ok(named(last).or_else(|| names.first().copied().cloned()))
    }

    /// Whether a page's block has tabs: with one plugin alone it has none.
    #[must_use]
    pub fn has_tabs(&self, ask: &ViewRequest) -> bool {
        self.page_plugins(ask).len() > 1
    }

    /// The tabs with how much is in each; nothing where there is only one.
    pub(super) async fn draw_page(&self, ask: &ViewRequest, site: &SiteState) -> Result<View, Refusal> {
        let parameters = parse_parameters(&ask.parameters)?;
        let chosen = parameters.iter().find(|(name, _)| name == TAB).map(|(_, value)| value.as_str());
        let mut titles = Vec::new();
        for (name, installed) in tabs(site) {
            let count = self.count_of(ask, name, installed, None).await?;
            titles.push((name.as_str(), self.tab_title(ask, name, count)));
        }
        let mut v = ViewBuilder::new();
        if titles.len() > 1 {
            let shown = titles.iter().map(|(name, _)| *name).find(|name| Some(*name) == chosen);
            let shown = shown.or_else(|| titles.first().map(|(name, _)| *name));
            v.tabs().key("page").with(|v| {
                for (name, title) in &titles {
                    v.tab(literal(title), &[(TAB, name)]).selected(Some(*name) == shown);
                }
            });
        }
        Ok(v.finish())
    }

    fn tab_title(&self, ask: &ViewRequest, plugin: &PluginName, count: u32) -> String {
        let texts = self.0.kit.texts.of_plugin(plugin.as_str(), &ask.lang);
        let mut name = texts.message(HEADING, &[("count", Value::Number(0))]);
        if name == HEADING {
            plugin.as_str().clone_into(&mut name);
        }
        if count > 0 { format!("{name} {count}") } else { name }
    }

    /// The sum of what changes: each part grows, so it tells every change of any.
    pub(super) async fn page_revision(&self, ask: &ViewRequest) -> Result<u64, Refusal> {
        let mut sum = 0;
        let site = self.site_state(&ask.site)?;
        for (name, _) in tabs(&site) {
            let page_key = if self.is_site_wide(&ask.site, name) { "" } else { &ask.page_key };
            sum += self.0.store.revision(&ask.site, page_key, name).await?;
        }
        Ok(sum)
    }

    /// The plugins whose entries the tabs count.
    pub(in crate::dispatch) fn page_plugins(&self, ask: &ViewRequest) -> Vec<PluginName> {
        let Some(site) = self.0.sites.get(&ask.site) else { return Vec::new() };
        tabs(&site).map(|(name, _)| name.clone()).collect()
    }
}

/// The plugins that the site shows on pages, in its order.
fn tabs(site: &SiteState) -> impl Iterator<Item = (&PluginName, &Arc<Installed>)> {
    let wanted = site.config.page.iter();
    wanted.filter_map(|name| site.plugins.get_key_value(name.as_str()))
}
