//! Sites that are made and changed while the host runs.
//!
//! A site is managed in one place. One of `stoa.toml` is as it stands there, until somebody takes it over into the
//! console; from then on what the console has saved holds, and the file's is ignored.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::super::sites::site_state;
use super::super::{App, Inner, StartError};
use super::Operator;
use crate::base::config::{self, Config, ConfigError};
use crate::base::id::SiteId;
use crate::base::keys::HostKey;
use crate::dispatch::refusal::Refusal;
use crate::store::{AuditLine, ConsoleChange, ConsoleJob, SavedSite, Store, StoreError};

/// Where a site is managed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Managed {
    /// In `stoa.toml` alone.
    File,
    /// In the console.
    Console {
        /// What is to be named when it is changed.
        version: u32,
        /// Whether `stoa.toml` has one of the same id, which is ignored.
        is_over_file: bool,
    },
}

impl Managed {
    /// The version to name when it is changed; 0 where the console has saved none yet.
    #[must_use]
    pub fn version(self) -> u32 {
        match self {
            Self::File => 0,
            Self::Console { version, .. } => version,
        }
    }
}

/// A site with where it is managed.
#[derive(Clone, Debug)]
pub struct ManagedSite {
    /// What holds now.
    pub config: Arc<config::Site>,
    /// Where it is managed.
    pub managed: Managed,
}

/// Why a site was not saved.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// A value makes no sense.
    #[error("{message}")]
    Value {
        /// Which key of the configuration; empty where it is the whole.
        key: String,
        /// What is wrong and what to do.
        message: String,
    },
    /// Somebody else has changed it meanwhile.
    #[error("somebody else has changed this site meanwhile")]
    Changed,
    /// Every [`Refusal`] of the store.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

impl From<StoreError> for SaveError {
    fn from(error: StoreError) -> Self {
        Self::Refused(error.into())
    }
}

impl From<ConfigError> for SaveError {
    fn from(error: ConfigError) -> Self {
        match error {
            ConfigError::Value { key, message } => Self::Value { key, message },
            other => Self::Value { key: String::new(), message: other.to_string() },
        }
    }
}

/// Serve what the console has saved, at the start. What cannot be served is told to the log, and not served at all: the
/// file's version might trust keys that were retired.
pub(in crate::dispatch::app) async fn take_over(inner: &Inner) -> Result<(), StartError> {
    for saved in inner.store.list_saved_sites().await? {
        let served = match read(&saved) {
            Ok(site) => {
                site_state(&site, &inner.key, &inner.plugins).await.map_err(|error| error.to_string())
            }
            Err(error) => Err(error),
        };
        match served {
            Ok(state) => {
                state.prepare(&inner.store, inner.clock.now()).await?;
                inner.sites.put(state);
            }
            Err(error) => {
                tracing::error!(site = %saved.site, "a site of the console cannot be served: {error}");
                inner.sites.remove(&saved.site);
            }
        }
        if in_file(&inner.config, &saved.site).is_some() {
            tracing::warn!(
                site = %saved.site,
                "this site is managed in the console: what the configuration says of it is ignored\nhint: take it out there, or give the site back in the console"
            );
        }
    }
    Ok(())
}

/// A configuration with the sites that the console has saved in the place of the file's, for commands. Nothing is written,
/// and a database that is not there or behind has none.
///
/// # Errors
/// [`StartError`] when the database or the host's key cannot be read, or a saved site makes no sense.
pub async fn overlay(mut config: Config) -> Result<Config, StartError> {
    let saved = Store::saved_sites(&config.database).await?;
    if saved.is_empty() {
        return Ok(config);
    }
    let key = HostKey::load_or_make(&config.data_dir).map_err(StartError::Key)?;
    for one in &saved {
        let named = |error| StartError::Site(format!("the console's site {}: {error}", one.site));
        let site = read(one).map_err(named)?.derive(&key);
        config.sites.retain(|known| known.id != one.site.as_str());
        config.sites.push(site);
    }
    Ok(config)
}

fn read(saved: &SavedSite) -> Result<config::Site, String> {
    let site: config::Site = serde_json::from_str(&saved.body).map_err(|error| error.to_string())?;
    site.check().map_err(|error| error.to_string())?;
    Ok(site)
}

fn in_file<'c>(config: &'c Config, site: &SiteId) -> Option<&'c config::Site> {
    config.sites.iter().find(|known| known.id == site.as_str())
}

impl App {
    /// Every site that is served, with where it is managed.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn managed_sites(&self) -> Result<Vec<ManagedSite>, Refusal> {
        let saved = self.0.store.list_saved_sites().await?;
        let managed = |id: &SiteId| match saved.iter().find(|saved| saved.site == *id) {
            Some(saved) => Managed::Console {
                version: saved.version,
                is_over_file: in_file(&self.0.config, id).is_some(),
            },
            None => Managed::File,
        };
        let all = self.0.sites.all().into_iter();
        Ok(all
            .map(|state| ManagedSite {
                config: Arc::clone(&state.config),
                managed: managed(&SiteId::from(state.config.id.as_str())),
            })
            .collect())
    }

    /// One of them.
    ///
    /// # Errors
    /// `UnknownSite`, `Unavailable`.
    pub async fn managed_site(&self, id: &SiteId) -> Result<ManagedSite, Refusal> {
        let sites = self.managed_sites().await?;
        let found = sites.into_iter().find(|site| site.config.id == id.as_str());
        found.ok_or_else(|| Refusal::UnknownSite(id.to_string()))
    }

    /// Save a site and serve it from now on: streams end and come again, and where somebody might no longer be let in,
    /// sessions end too and are renewed. `version` is that of what was changed, 0 for a new one or one of `stoa.toml`.
    ///
    /// # Errors
    /// [`SaveError`]; nothing has changed then.
    pub async fn save_site(
        &self,
        operator: &Operator,
        site: config::Site,
        version: u32,
        what: &str,
    ) -> Result<(), SaveError> {
        let id = SiteId::from(site.id.as_str());
        site.check()?;
        self.check_proxy(&site)?;
        let body = json(&site)?;
        let state = site_state(&site, &self.0.key, &self.0.plugins)
            .await
            .map_err(|error| SaveError::Value { key: String::new(), message: error.to_string() })?;
        // One at a time: what is served is what was saved last.
        let _turn = self.0.saving.lock().await;
        state.prepare(&self.0.store, self.0.clock.now()).await?;
        let before = self.0.sites.get(&id);
        if version == 0 && what == "site-made" && before.is_some() {
            return Err(SaveError::Changed);
        }
        let audit = self.audit(operator, before.as_ref().map(|state| &*state.config), &state.config, what);
        let change = ConsoleChange::PutSite { site: id.clone(), body, version };
        let job = ConsoleJob { change, audit: Some(audit), now: self.0.clock.now() };
        if !self.0.store.change_console(job).await? {
            return Err(SaveError::Changed);
        }
        let lets_in_others = before.is_some_and(|before| lets_in(&before.config) != lets_in(&state.config));
        self.0.sites.put(state);
        if lets_in_others {
            self.0.sessions.end_site(&id);
        }
        Ok(())
    }

    /// Give a site back to `stoa.toml`: from now on what stands there holds.
    ///
    /// # Errors
    /// [`SaveError`]; nothing has changed then.
    pub async fn give_back_site(
        &self,
        operator: &Operator,
        id: &SiteId,
        version: u32,
    ) -> Result<(), SaveError> {
        let Some(site) = in_file(&self.0.config, id) else {
            return Err(Refusal::UnknownSite(id.to_string()).into());
        };
        let state = site_state(site, &self.0.key, &self.0.plugins)
            .await
            .map_err(|error| SaveError::Value { key: String::new(), message: error.to_string() })?;
        let _turn = self.0.saving.lock().await;
        state.prepare(&self.0.store, self.0.clock.now()).await?;
        let before = self.0.sites.get(id);
        let audit = self.audit(
            operator,
            before.as_ref().map(|state| &*state.config),
            &state.config,
            "site-given-back",
        );
        let change = ConsoleChange::DeleteSite { site: id.clone(), version };
        let job = ConsoleJob { change, audit: Some(audit), now: self.0.clock.now() };
        if !self.0.store.change_console(job).await? {
            return Err(SaveError::Changed);
        }
        self.0.sites.put(state);
        self.0.sessions.end_site(id);
        Ok(())
    }

    /// The shared secret that a key of the console stands for, to be shown once.
    #[must_use]
    pub fn shared_secret(&self, site: &SiteId, name: &str) -> String {
        self.0.key.secret(site.as_str(), name)
    }

    fn check_proxy(&self, site: &config::Site) -> Result<(), SaveError> {
        if site.proxy.is_some() && self.0.config.trusted_proxies.is_empty() {
            let message = "nobody is believed without trusted_proxies in stoa.toml".to_owned();
            return Err(SaveError::Value { key: "proxy".to_owned(), message });
        }
        Ok(())
    }

    fn audit(
        &self,
        operator: &Operator,
        before: Option<&config::Site>,
        after: &config::Site,
        what: &str,
    ) -> AuditLine {
        let flat = |site: &config::Site| {
            let mut parts = BTreeMap::new();
            flatten(&serde_json::to_value(site).unwrap_or_default(), String::new(), &mut parts);
            parts
        };
        let (before, after_parts) = (before.map(flat).unwrap_or_default(), flat(after));
        let differing = |one: &BTreeMap<String, Value>, other: &BTreeMap<String, Value>| {
            let parts = one.iter().filter(|(key, value)| other.get(*key) != Some(value));
            Value::Object(parts.map(|(key, value)| (key.clone(), value.clone())).collect()).to_string()
        };
        let site = SiteId::from(after.id.as_str());
        AuditLine {
            before: differing(&before, &after_parts),
            after: differing(&after_parts, &before),
            ..self.line(&operator.name, Some(&site), what)
        }
    }
}

fn json(site: &config::Site) -> Result<String, SaveError> {
    serde_json::to_string(site)
        .map_err(|error| SaveError::Value { key: String::new(), message: error.to_string() })
}

/// What decides who is let in; sessions made by what was before end when it differs.
fn lets_in(site: &config::Site) -> Value {
    serde_json::json!([site.origins, site.anonymous_read, site.issuers, site.proxy])
}

/// Each leaf under its path. A list of texts is a leaf: it is read as a whole.
fn flatten(value: &Value, path: String, into: &mut BTreeMap<String, Value>) {
    let below = |part: &str| if path.is_empty() { part.to_owned() } else { format!("{path}.{part}") };
    match value {
        Value::Object(members) if !members.is_empty() => {
            members.iter().for_each(|(name, value)| flatten(value, below(name), into));
        }
        Value::Array(items) if items.iter().any(Value::is_object) => {
            items.iter().enumerate().for_each(|(at, item)| flatten(item, below(&at.to_string()), into));
        }
        Value::Null => {}
        leaf => drop(into.insert(path, leaf.clone())),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::flatten;

    #[test]
    fn each_leaf_is_told_under_its_path() {
        let value = serde_json::json!({
            "name": "Demo", "origins": ["a", "b"], "keys": [{"kid": null, "algorithm": "HS256"}], "empty": {}
        });
        let mut parts = BTreeMap::new();
        flatten(&value, String::new(), &mut parts);
        let told: Vec<_> = parts.iter().map(|(path, value)| format!("{path}={value}")).collect();
        assert_eq!(
            told,
            ["empty={}", "keys.0.algorithm=\"HS256\"", "name=\"Demo\"", "origins=[\"a\",\"b\"]"]
        );
    }
}
