//! The sites served, which may be made and changed while the host runs.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use stoa_rules::Terms;
use tokio::sync::watch;

use super::directory::Directory;
use super::{Installed, Plugins, StartError, launches};
use crate::base::clock::Micros;
use crate::base::config::{self, IssuerKey};
use crate::base::id::{PluginName, SiteId};
use crate::base::keys::{HostKey, SharedSecrets};
use crate::dispatch::scope::zone;
use crate::identity::Issuers;
use crate::identity::embed::flow::Provider;
use crate::identity::embed::mint::SigningKey;
use crate::runtime::LoadError;
use crate::store::{DeclaredOn, Store, StoreError};

/// A site with what is needed to serve it. It is never changed: another one takes its place.
pub(in crate::dispatch) struct SiteState {
    pub(in crate::dispatch) config: Arc<config::Site>,
    pub(in crate::dispatch) issuers: Issuers,
    /// What choices for learning platforms are signed with.
    pub(in crate::dispatch) lti_key: Option<SigningKey>,
    pub(in crate::dispatch) plugins: HashMap<PluginName, Arc<Installed>>,
    /// Enabled, but their files are broken.
    pub(in crate::dispatch) broken: HashSet<PluginName>,
    pub(in crate::dispatch) zone: jiff::tz::TimeZone,
    /// Who tells of its people.
    pub(in crate::dispatch) directory: Option<Arc<Directory>>,
    /// Where people sign in from this host's own pages.
    pub(in crate::dispatch) provider: Option<Arc<Provider>>,
    /// Another number for each state of each site: views made for an earlier one are not shown again.
    pub(in crate::dispatch) serial: u64,
    /// Turns true when another state has taken its place: streams end then, and come again.
    pub(in crate::dispatch) replaced: watch::Sender<bool>,
}

impl SiteState {
    /// What its plugins declare.
    pub(super) fn declared(&self) -> impl Iterator<Item = DeclaredOn> {
        self.plugins.iter().map(|(plugin, installed)| DeclaredOn {
            site: SiteId::from(self.config.id.as_str()),
            plugin: plugin.clone(),
            declared: Arc::clone(installed.plugin.declared()),
        })
    }

    /// Bring what is stored of the site in line with what is to be served from now on: indexes of its plugins, and who may
    /// read pages that nobody has told the readers of.
    ///
    /// # Errors
    /// As the store's writes.
    pub(super) async fn prepare(&self, store: &Store, now: Micros) -> Result<(), StoreError> {
        for declared in self.declared() {
            let count = store.index_anew(&declared).await?;
            if count > 0 {
                tracing::info!(site = %declared.site, plugin = %declared.plugin, count, "indexed what the manifest came to want indexed");
            }
        }
        let guarded = self.config.pages == config::PageReaders::Vouched;
        store.guard_pages(&SiteId::from(self.config.id.as_str()), guarded, now).await
    }
}

/// All sites.
pub(in crate::dispatch) struct Sites(RwLock<HashMap<SiteId, Arc<SiteState>>>);

impl std::fmt::Debug for Sites {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.all().iter().map(|site| &site.config.id)).finish()
    }
}

impl Sites {
    pub(super) fn new(sites: HashMap<SiteId, SiteState>) -> Self {
        Self(RwLock::new(sites.into_iter().map(|(id, site)| (id, Arc::new(site))).collect()))
    }

    pub(in crate::dispatch) fn get(&self, id: &SiteId) -> Option<Arc<SiteState>> {
        // Nothing panics under the lock; a poisoned one would still hold whole values.
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(id).map(Arc::clone)
    }

    /// All of them, by id.
    pub(in crate::dispatch) fn all(&self) -> Vec<Arc<SiteState>> {
        let sites = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let mut all: Vec<_> = sites.values().map(Arc::clone).collect();
        all.sort_by(|one, other| one.config.id.cmp(&other.config.id));
        all
    }

    /// Serve it no more.
    pub(super) fn remove(&self, id: &SiteId) {
        let before = self.0.write().unwrap_or_else(PoisonError::into_inner).remove(id);
        if let Some(before) = before {
            before.replaced.send_replace(true);
        }
    }

    /// Serve a site as it is now. Streams of the one before end.
    pub(super) fn put(&self, site: SiteState) {
        let id = SiteId::from(site.config.id.as_str());
        let before = self.0.write().unwrap_or_else(PoisonError::into_inner).insert(id, Arc::new(site));
        if let Some(before) = before {
            before.replaced.send_replace(true);
        }
    }
}

/// Who vouches for people on the console's test page, and the name of the secret that it signs with.
pub(super) const TRY_ISSUER: &str = "stoa:console";
pub(super) const TRY_KEY: &str = "test page";

fn with_test_page(mut site: config::Site) -> config::Site {
    let keys = vec![IssuerKey::derived(TRY_KEY.to_owned())];
    site.issuers.push(config::Issuer { issuer: TRY_ISSUER.to_owned(), keys, ..config::Issuer::default() });
    site
}

/// Read the keys of a site and link its plugins.
///
/// # Errors
/// [`StartError::Site`] says what cannot be used and what to do.
pub(super) async fn site_state(
    site: &config::Site,
    key: &HostKey,
    plugins: &Plugins,
) -> Result<SiteState, StartError> {
    let issuers = Issuers::load(&with_test_page(site.clone()).derive(key)).await;
    let issuers = issuers.map_err(|error| StartError::Site(format!("sites.{}: {error}", site.id)))?;
    let lti_key = launches::read_key(site).await.map_err(StartError::Site)?;
    let (mut installed, mut broken) = (HashMap::new(), HashSet::new());
    for (name, settings) in site.plugins.iter().filter(|(_, plugin)| plugin.enabled) {
        let key = format!("sites.{}.plugins.{name}", site.id);
        if let Some(plugin) = plugins.loaded.get(name) {
            let named = |error: LoadError| StartError::Site(format!("{key}: {error}"));
            let linked = plugin.link(&settings.grants).map_err(named)?;
            let values = plugin.settings(&settings.settings).map_err(named)?;
            let terms = Terms::new(&plugin.declared().units, &values, &site.time_zone)
                .map_err(|error| StartError::Site(format!("sites.{}.time_zone: {error}", site.id)))?;
            let (settings, terms) = (Arc::new(values), Arc::new(terms));
            let entry = Installed { linked, plugin: Arc::clone(plugin), settings, terms };
            installed.insert(PluginName::from(name.as_str()), Arc::new(entry));
        } else if plugins.broken.iter().any(|file| file.name == *name) {
            broken.insert(PluginName::from(name.as_str()));
        } else {
            return Err(StartError::Site(format!(
                "{key}: there is no such plugin in plugins_dir\nhint: build it with `cargo xtask wasm`, or take it out of the configuration"
            )));
        }
    }
    let directory = match &site.scim {
        None => None,
        Some(scim) => Some(SharedSecrets::load(scim.secret_file.clone()).await.map_or_else(
            |error| Err(StartError::Site(format!("sites.{}.scim: {error}", site.id))),
            |secrets| Ok(Arc::new(Directory::new(scim, secrets))),
        )?),
    };
    let provider = site
        .issuers
        .iter()
        .find(|issuer| issuer.sign_in)
        .cloned()
        .map(Provider::new)
        .map(|made| made.map(Arc::new));
    let provider = provider.transpose().map_err(|error| StartError::Site(error.to_string()))?;
    static SERIAL: AtomicU64 = AtomicU64::new(1);
    Ok(SiteState {
        config: Arc::new(site.clone()),
        issuers,
        lti_key,
        plugins: installed,
        broken,
        zone: zone(&site.time_zone),
        directory,
        provider,
        serial: SERIAL.fetch_add(1, Ordering::Relaxed),
        replaced: watch::Sender::new(false),
    })
}
