//! What the console shows of a running host.

use stoa_rules::Setting;

use super::super::App;
use super::Operator;
use crate::base::config;
use crate::base::id::SiteId;
use crate::dispatch::app::sites::{TRY_ISSUER, TRY_KEY};
use crate::dispatch::refusal::Refusal;
use crate::identity::embed::inspect::{Inspected, inspect};
use crate::identity::embed::mint::SigningKey;
use crate::runtime::Health;
use crate::store::{AuditLine, ConsoleChange, ConsoleJob, FieldReport};

/// Bytes of an origin that is noted; none of a browser is longer.
const ORIGIN_BYTES_MAX: usize = 270;
/// Seconds that a token of the test page is good for.
const TRY_S: i64 = 300;

/// What there is of a site.
#[derive(Clone, Debug)]
pub struct SiteFacts {
    /// Entries that wait for a moderator, by plugin.
    pub held: Vec<(String, u32)>,
    /// People known.
    pub people_count: u32,
    /// What widgets reported.
    pub reports: Vec<FieldReport>,
}

/// A capability that a plugin asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantAsked {
    /// Its name.
    pub name: &'static str,
    /// What the plugin does with it, as its author says.
    pub reason: String,
}

/// A plugin of this host.
#[derive(Clone, Debug)]
pub struct PluginFacts {
    /// Its name, as elements have it.
    pub name: String,
    /// What it is for, as its author says; or why it cannot be used.
    pub description: String,
    /// Its version; empty where its file cannot be used.
    pub version: String,
    /// Whether its file can be used.
    pub is_loaded: bool,
    /// What it asks for.
    pub asked: Vec<GrantAsked>,
    /// What can be set.
    pub settings: Vec<Setting>,
    /// The sites that show it.
    pub sites: Vec<PluginOnSite>,
    /// How it has fared.
    pub health: Health,
}

/// A plugin on a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PluginOnSite {
    /// The site's name.
    pub site: String,
    /// What it asks for and is not granted.
    pub missing: Vec<&'static str>,
}

impl App {
    /// What there is of a site.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn site_facts(&self, site: &SiteId) -> Result<SiteFacts, Refusal> {
        let store = &self.0.store;
        Ok(SiteFacts {
            held: store.count_held(site).await?,
            people_count: store.count_people(site).await?,
            reports: store.list_reports(site).await?,
        })
    }

    /// The newest changes of a site, or of everything, before a number, each with its number; 100 at the most.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn audit_lines(
        &self,
        site: Option<&SiteId>,
        before: u64,
    ) -> Result<Vec<(u64, AuditLine)>, Refusal> {
        Ok(self.0.store.list_audit(site, before).await?)
    }

    /// Every plugin of this host, by name, with what its author and its time here say of it.
    #[must_use]
    pub fn plugin_facts(&self) -> Vec<PluginFacts> {
        let sites = self.0.sites.all();
        let loaded = self.0.plugins.loaded.iter().map(|(name, plugin)| {
            let manifest = plugin.manifest();
            let asked = manifest.capabilities.iter().map(|(capability, asked)| GrantAsked {
                name: capability.name(),
                reason: asked.reason.as_str().to_owned(),
            });
            let on = sites.iter().filter_map(|site| {
                let installed = site.plugins.get(name.as_str())?;
                let missing = manifest.grants().difference(installed.linked.granted());
                let missing = missing.iter().map(stoa_rules::Capability::name).collect();
                Some(PluginOnSite { site: site.config.name.clone(), missing })
            });
            PluginFacts {
                name: name.clone(),
                description: manifest.description.clone(),
                version: manifest.version.to_string(),
                is_loaded: true,
                asked: asked.collect(),
                settings: manifest.settings.clone(),
                sites: on.collect(),
                health: plugin.health(),
            }
        });
        let broken = self.0.plugins.broken.iter().map(|file| PluginFacts {
            name: file.name.clone(),
            description: file.error.clone(),
            version: String::new(),
            is_loaded: false,
            asked: Vec::new(),
            settings: Vec::new(),
            sites: Vec::new(),
            health: Health::default(),
        });
        let mut all: Vec<_> = loaded.chain(broken).collect();
        all.sort_by(|one, other| one.name.cmp(&other.name));
        all
    }

    /// A text of a plugin in a language; none where it has none of this id.
    #[must_use]
    pub fn text_of_plugin(&self, plugin: &str, language: &str, id: &str) -> Option<String> {
        let text = self.0.kit.texts.of_plugin(plugin, language).label(id).into_owned();
        (text != id).then_some(text)
    }

    /// A text of the console in a language.
    #[must_use]
    pub fn console_text(&self, language: &str, id: &str) -> String {
        self.0.kit.texts.of_console(language).label(id).into_owned()
    }

    /// An instant in the words of a language, in the time zone of a site.
    #[must_use]
    pub fn console_time(&self, language: &str, site: Option<&SiteId>, at: i64) -> String {
        let own = self.0.kit.texts.of_host(language);
        let zone = site.and_then(|site| Some(self.0.sites.get(site)?.zone.clone()));
        let mut text = String::new();
        let at = u64::try_from(at).unwrap_or_default();
        let zone = zone.unwrap_or(jiff::tz::TimeZone::UTC);
        crate::dispatch::scope::write_time(&own, &own.label("host-date-pattern"), &zone, at, &mut text);
        text
    }

    /// Look at a token of a site as `stoa token inspect` does; nothing is kept.
    ///
    /// # Errors
    /// `UnknownSite`.
    pub async fn inspect_token(
        &self,
        site: &SiteId,
        token: &str,
        origin: Option<&str>,
    ) -> Result<Inspected, Refusal> {
        let state = self.site_state(site)?;
        Ok(inspect(token, &state.config, &state.issuers, origin, &self.0.clock).await)
    }

    /// A token for the console's test page: whoever looks at it there is a person of their own on the site, with the role
    /// that they have in the console. Good for five minutes.
    ///
    /// # Errors
    /// `Internal` where it cannot be signed.
    pub fn try_token(&self, operator: &Operator, site: &SiteId) -> Result<String, Refusal> {
        let key = SigningKey::from_secret(self.0.key.secret(site.as_str(), TRY_KEY).as_bytes());
        let claims = serde_json::json!({
            "iss": TRY_ISSUER, "aud": site.as_str(), "sub": operator.name, "name": operator.name,
            "roles": [operator.role.word()],
        });
        let claims = claims.as_object().cloned().unwrap_or_default();
        let signed = key.sign(None, claims, TRY_S, self.0.clock.now());
        signed.map_err(|error| Refusal::Internal(error.to_string()))
    }

    /// Note what a widget met on a page of an origin, apart from the request: a site notes so many at a time, and only so
    /// many kinds are kept. Who was there is not asked.
    pub fn note(&self, site: &SiteId, code: &str, origin: &str, page: &str) {
        if origin.len() > ORIGIN_BYTES_MAX || !self.0.rates.may_note(site) {
            return;
        }
        let [code, origin, page] = [code, origin, page].map(str::to_owned);
        let change = ConsoleChange::Report { site: site.clone(), code, origin, page };
        let (store, now) = (self.0.store.clone(), self.0.clock.now());
        tokio::spawn(async move {
            if let Err(error) = store.change_console(ConsoleJob { change, audit: None, now }).await {
                tracing::debug!(%error, "a report of the field was not kept");
            }
        });
    }

    /// Forget what was reported of a site.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn clear_reports(&self, operator: &Operator, site: &SiteId) -> Result<(), Refusal> {
        let audit = Some(self.line(&operator.name, Some(site), "reports-cleared"));
        let change = ConsoleChange::ClearReports { site: site.clone() };
        self.0.store.change_console(ConsoleJob { change, audit, now: self.0.clock.now() }).await?;
        Ok(())
    }

    /// The configuration with the sites as they are served now, for the doctor.
    #[must_use]
    pub fn served_config(&self) -> config::Config {
        let sites = self.0.sites.all();
        let sites = sites.iter().map(|site| config::Site::clone(&site.config).derive(&self.0.key)).collect();
        config::Config { sites, ..self.0.config.clone() }
    }
}
