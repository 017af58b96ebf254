//! What the admin has configured: one TOML file, read once at start.

mod issuers;
mod scim;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::bundle::{self, BundleError};
use super::keys::HostKey;

pub use issuers::{Algorithm, ClaimNames, Issuer, IssuerKey, IssuerKind, KeySource, Proxy, ROLES};
pub use scim::{Scim, ScimSubject};

/// Why a configuration cannot be used; the text says where and what to do.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error(
        "cannot read {path}: {source}\nhint: name the file with --config, or make one as host/README.md shows"
    )]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The file is not what is expected; the text has line and column.
    #[error("{path}: {message}\nhint: host/README.md lists every key")]
    Parse {
        /// Which file.
        path: PathBuf,
        /// What is wrong, and where.
        message: String,
    },
    /// No folder of plugins or widgets is named, and those of this program cannot be used.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// A value makes no sense.
    #[error("{key}: {message}")]
    Value {
        /// Which key.
        key: String,
        /// What is wrong and what to do.
        message: String,
    },
}

/// The whole configuration.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where to listen, for example `127.0.0.1:4000`.
    pub listen: String,
    /// The host's origin as browsers see it, without a slash at the end.
    pub public_url: String,
    /// `sqlite:/path/stoa.db`; a path without a slash in front starts at the configuration's folder.
    pub database: String,
    /// Compiled plugins and keys; made when missing.
    pub data_dir: PathBuf,
    /// Built widgets (`cargo xtask widgets`); without it those that are part of this program.
    #[serde(default)]
    pub assets_dir: PathBuf,
    /// Built plugins: every `*.wasm` there is offered to sites; without it those that are part of this program.
    #[serde(default)]
    pub plugins_dir: PathBuf,
    /// Addresses of proxies whose `X-Forwarded-For` is believed.
    #[serde(default)]
    pub trusted_proxies: Vec<String>,
    /// Limits of connections.
    #[serde(default)]
    pub connections: Connections,
    /// Limits of one plugin call.
    #[serde(default)]
    pub limits: CallLimits,
    /// Memory for rendered views in bytes; 0 turns the cache off.
    #[serde(default = "default_cache_bytes")]
    pub view_cache_bytes: u64,
    /// All limits on how often a person may do something are multiplied by this; 0 turns them off (for
    /// measurements only).
    #[serde(default = "one")]
    pub rate_factor: u32,
    /// Whether the page says why something was refused or failed, and a plugin that fails is called on: for those who
    /// write plugins, not for people.
    #[serde(default)]
    pub development: bool,
    /// How many days events of the outbox are kept; 0 keeps them for ever.
    #[serde(default = "default_days")]
    pub events_days: u32,
    /// The sites served.
    #[serde(default)]
    pub sites: Vec<Site>,
}

fn default_days() -> u32 {
    30
}

fn one() -> u32 {
    1
}

fn default_cache_bytes() -> u64 {
    64 << 20
}

/// Limits of connections.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Connections {
    /// Open connections of one address; of an address behind a trusted proxy, requests under way.
    pub per_client: usize,
    /// Milliseconds until a request's headers have to be there, counted from the connection's start or from the end of
    /// the request before.
    pub idle_ms: u64,
    /// Milliseconds until a request's body has to be there, counted from the end of its headers.
    pub body_ms: u64,
}

impl Default for Connections {
    fn default() -> Self {
        Self { per_client: 512, idle_ms: 30_000, body_ms: 20_000 }
    }
}

/// Limits of one plugin call.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CallLimits {
    /// Deterministic work; about 2 to 7 million a millisecond.
    pub fuel: u64,
    /// CPU time in milliseconds (measured in ticks of 5).
    pub cpu_ms: u64,
    /// Wall time in milliseconds, host functions included.
    pub wall_ms: u64,
    /// Linear memory in bytes.
    pub memory_bytes: usize,
    /// Calls of host functions.
    pub host_calls: u32,
    /// Rows that host functions hand out.
    pub rows: u32,
    /// Calls of one plugin at a time.
    pub concurrency: usize,
}

impl Default for CallLimits {
    fn default() -> Self {
        Self {
            fuel: 300_000_000,
            cpu_ms: 200,
            wall_ms: 2_000,
            memory_bytes: 16 << 20,
            host_calls: 500,
            rows: 2_000,
            concurrency: 64,
        }
    }
}

/// One embedding organisation or system.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Site {
    /// 1 to 64 characters of a-z, 0-9 and `-`.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Origins that may embed widgets, exactly: scheme, host and port.
    pub origins: Vec<String>,
    /// The language of the interface where the browser names none: `en` or `de`.
    #[serde(default = "default_locale")]
    pub locale: String,
    /// IANA name of the organisation's time zone.
    #[serde(default = "default_time_zone")]
    pub time_zone: String,
    /// Whether people who are not signed in may read.
    #[serde(default)]
    pub anonymous_read: bool,
    /// Who may read a page whose readers no token has told: everybody who may read the site, or nobody but those whose token
    /// names the page.
    #[serde(default)]
    pub pages: PageReaders,
    /// Who looks after pages that have nobody, by how their keys begin; the longest beginning counts.
    #[serde(default)]
    pub page_owners: Vec<PageOwner>,
    /// For LTI: a file with the private RSA key that choices are signed with, as PEM.
    pub lti_key_file: Option<PathBuf>,
    /// Who may vouch for people.
    #[serde(default)]
    pub issuers: Vec<Issuer>,
    /// Where people sign in to the embedding system, for those who read without being signed in.
    pub sign_in: Option<SignIn>,
    /// A proxy that signs people in.
    pub proxy: Option<Proxy>,
    /// A directory that tells of people and groups.
    pub scim: Option<Scim>,
    /// The plugins of this site, by name.
    #[serde(default)]
    pub plugins: BTreeMap<String, SitePlugin>,
    /// The plugins that `<stoa-page>` shows below a page, in this order; those that the site does not enable are left out.
    #[serde(default = "default_page")]
    pub page: Vec<String>,
    /// Moderation.
    #[serde(default)]
    pub moderation: stoa_rules::Moderation,
    /// What people see of each other.
    #[serde(default)]
    pub profiles: Profiles,
}

/// What people see of each other: `[sites.profiles]`.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, default)]
pub struct Profiles {
    /// Whether names open cards, and whose contributions are counted on them.
    pub show: ShowProfiles,
    /// Whether cards show badges.
    pub badges: bool,
}

impl Default for Profiles {
    fn default() -> Self {
        Self { show: ShowProfiles::On, badges: true }
    }
}

impl Profiles {
    /// Whether names open cards.
    #[must_use]
    pub fn has_cards(self) -> bool {
        self.show != ShowProfiles::Off
    }
}

/// Whose contributions are counted on their cards.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum ShowProfiles {
    /// Everybody's, but of those who do not want it.
    #[default]
    On,
    /// Those of people who want it.
    OptIn,
    /// There are no cards.
    Off,
}

/// Who looks after pages whose keys begin so.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PageOwner {
    /// How the keys begin; an empty text is for all pages.
    pub prefix: String,
    /// The issuer's name for the person: the claim `sub`.
    pub owner: String,
    /// The issuer; the first one of the site where it is left out.
    pub issuer: Option<String>,
}

/// Who may read a page whose readers no token has told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PageReaders {
    /// Everybody who may read the site.
    #[default]
    Open,
    /// Nobody, apart from those whose token names the page.
    Vouched,
}

fn default_page() -> Vec<String> {
    ["questions", "comments"].map(str::to_owned).to_vec()
}

fn default_locale() -> String {
    "en".to_owned()
}

fn default_time_zone() -> String {
    "UTC".to_owned()
}

/// Where people sign in.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The address of the embedding system's page for it.
    pub url: String,
}

/// A plugin on a site.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SitePlugin {
    /// Whether it is shown.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// What it may use: names of capabilities. Less than it imports keeps it from loading.
    #[serde(default)]
    pub grants: Vec<String>,
    /// Values for the settings that its manifest declares.
    #[serde(default)]
    pub settings: toml::Table,
}

fn yes() -> bool {
    true
}

impl Config {
    /// Read and check a configuration. Relative paths in it start at the file's folder.
    ///
    /// # Errors
    /// [`ConfigError`] says where and what to do.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let mut config = Self::read(path)?;
        config.unpack()?;
        Ok(config)
    }

    fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| ConfigError::Read { path: path.to_owned(), source })?;
        let mut config: Self = toml::from_str(&text)
            .map_err(|error| ConfigError::Parse { path: path.to_owned(), message: error.to_string() })?;
        let folder = path.parent().unwrap_or(Path::new("."));
        config.anchor(folder);
        config.check()?;
        Ok(config)
    }

    /// As [`Config::load`], for a look that leaves no trace: what a host keeps in its data folder is copied to `scratch`
    /// where it is there, and everything else is made there.
    ///
    /// # Errors
    /// As [`Config::load`]; [`ConfigError::Read`] for what cannot be copied.
    pub fn load_apart(path: &Path, scratch: &Path) -> Result<Self, ConfigError> {
        let mut config = Self::read(path)?;
        let data_dir = std::mem::replace(&mut config.data_dir, scratch.to_owned());
        copy_kept(&data_dir, scratch).map_err(|source| ConfigError::Read { path: data_dir, source })?;
        config.unpack()?;
        Ok(config)
    }

    fn anchor(&mut self, folder: &Path) {
        self.data_dir = folder.join(&self.data_dir);
        for path in [&mut self.assets_dir, &mut self.plugins_dir] {
            if !path.as_os_str().is_empty() {
                *path = folder.join(&*path);
            }
        }
        let file = self.database.strip_prefix("sqlite://").or_else(|| self.database.strip_prefix("sqlite:"));
        if let Some(file) = file {
            self.database = format!("sqlite:{}", folder.join(file).display());
        }
        for site in &mut self.sites {
            if let Some(path) = &mut site.lti_key_file {
                *path = folder.join(&*path);
            }
            for path in site.issuers.iter_mut().flat_map(Issuer::paths) {
                *path = folder.join(&*path);
            }
            if let Some(scim) = &mut site.scim {
                scim.secret_file = folder.join(&scim.secret_file);
                scim.name_issuer(&site.issuers, site.proxy.as_ref());
            }
        }
    }

    /// Where no folder is named, what is part of this program.
    fn unpack(&mut self) -> Result<(), BundleError> {
        if self.assets_dir.as_os_str().is_empty() {
            self.assets_dir = bundle::widgets(&self.data_dir)?;
        }
        if self.plugins_dir.as_os_str().is_empty() {
            self.plugins_dir = bundle::plugins(&self.data_dir)?;
        }
        Ok(())
    }

    /// Check what the types cannot say.
    ///
    /// # Errors
    /// [`ConfigError::Value`] with the key and what to do.
    pub fn check(&self) -> Result<(), ConfigError> {
        check_origin("public_url", &self.public_url)?;
        if !self.database.starts_with("sqlite:") {
            return Err(value(
                "database",
                "has to start with `sqlite:`, for example sqlite:///var/lib/stoa/stoa.db",
            ));
        }
        for proxy in &self.trusted_proxies {
            if proxy.parse::<std::net::IpAddr>().is_err() {
                let message =
                    format!("`{proxy}` is no address\nhint: write each proxy's own, for example 10.0.0.7");
                return Err(value("trusted_proxies", &message));
            }
        }
        for site in &self.sites {
            site.check()?;
            if site.proxy.is_some() && self.trusted_proxies.is_empty() {
                let message =
                    "nobody is believed without trusted_proxies\nhint: list the proxy's address there";
                return Err(value(&format!("sites.{}.proxy", site.id), message));
            }
        }
        Ok(())
    }
}

impl Site {
    /// Make the secrets that `derived` keys name: HMAC-SHA256 of site and name by the host's key, in hexadecimal. The same
    /// host makes the same ones.
    #[must_use]
    pub fn derive(mut self, key: &HostKey) -> Self {
        let id = self.id.clone();
        for one in self.issuers.iter_mut().flat_map(|issuer| &mut issuer.keys) {
            one.secret = one.derived.as_ref().map(|name| issuers::Derived(key.secret(&id, name)));
        }
        self
    }

    /// Check what the types cannot say.
    ///
    /// # Errors
    /// [`ConfigError::Value`] with the key and what to do.
    pub fn check(&self) -> Result<(), ConfigError> {
        let named = |key: &str| format!("sites.{}.{key}", self.id);
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.id.is_empty() || self.id.len() > 64 || !self.id.chars().all(plain) {
            return Err(value("sites.id", "takes 1 to 64 characters of a-z, 0-9 and `-`"));
        }
        for origin in &self.origins {
            check_origin(&named("origins"), origin)?;
        }
        if let Some(SignIn { url }) = &self.sign_in {
            let is_web = url.starts_with("https://") || url.starts_with("http://");
            if !is_web || url.len() > 2_000 || url.chars().any(|c| c.is_whitespace() || c.is_control()) {
                return Err(value(&named("sign_in.url"), "takes an address with https:// or http://"));
            }
        }
        if let Some(proxy) = &self.proxy {
            proxy.check(&format!("sites.{}", self.id), &self.issuers)?;
        }
        if let Some(scim) = &self.scim {
            scim.check(&format!("sites.{}", self.id), &self.issuers, self.proxy.as_ref())?;
        }
        for rule in &self.page_owners {
            let known = match &rule.issuer {
                Some(issuer) => self.issuers.iter().any(|known| known.issuer == *issuer),
                None => !self.issuers.is_empty(),
            };
            if rule.owner.is_empty() || !known {
                let message = format!(
                    "`{}` has no owner, or one of no issuer of the site\nhint: write the claim `sub` of the person, and an issuer of this site",
                    rule.prefix
                );
                return Err(value(&named("page_owners"), &message));
            }
        }
        let mut known = BTreeSet::new();
        for issuer in &self.issuers {
            issuer.check(&format!("sites.{}", self.id))?;
            if issuer.sign_in && self.issuers.iter().filter(|issuer| issuer.sign_in).count() > 1 {
                return Err(value(&named("issuers"), "only one of them can have sign_in"));
            }
            if !known.insert(&issuer.issuer) {
                let message =
                    format!("{} is there twice\nhint: list its keys as sites.issuers.keys", issuer.issuer);
                return Err(value(&named("issuers"), &message));
            }
        }
        Ok(())
    }
}

/// An origin is compared as a whole: anything but scheme, host and port would never match.
pub(crate) fn check_origin(key: &str, origin: &str) -> Result<(), ConfigError> {
    let rest = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    match rest {
        Some(rest) if !rest.is_empty() && !rest.contains(['/', '?', '#', '@', '*']) => Ok(()),
        _ => {
            let message = format!(
                "`{origin}` is no origin: write https://name or https://name:port, without a path or `*`"
            );
            Err(value(key, &message))
        }
    }
}

/// The host's key, and the plugins that it has compiled: with them a look costs no minute.
fn copy_kept(from: &Path, to: &Path) -> std::io::Result<()> {
    let is_absent = |error: &std::io::Error| error.kind() == std::io::ErrorKind::NotFound;
    match std::fs::copy(from.join("host.key"), to.join("host.key")) {
        Err(error) if !is_absent(&error) => return Err(error),
        _ => {}
    }
    let compiled = match std::fs::read_dir(from.join("compiled")) {
        Err(error) if is_absent(&error) => return Ok(()),
        compiled => compiled?,
    };
    std::fs::create_dir_all(to.join("compiled"))?;
    for file in compiled.flatten().filter(|file| file.path().is_file()) {
        // A host that runs may have taken it away.
        drop(std::fs::copy(file.path(), to.join("compiled").join(file.file_name())));
    }
    Ok(())
}

fn value(key: &str, message: &str) -> ConfigError {
    ConfigError::Value { key: key.to_owned(), message: message.to_owned() }
}

/// The file of this program, for calling itself.
///
/// # Errors
/// When the operating system does not tell.
pub fn program() -> std::io::Result<PathBuf> {
    std::env::current_exe()
}
