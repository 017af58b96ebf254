//! The running host: everything that requests share, put together once at start.

pub mod console;
mod directory;
mod launches;
mod people;
mod sites;

pub use launches::{LaunchBegun, LaunchChoice};

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use quick_cache::UnitWeighter;
use quick_cache::sync::{Cache, DefaultLifecycle};
use stoa_rules::{Capability, Grants, Terms, clean_body, limits};
use stoa_view::names;

use crate::base::clock::{Clock, DAY, Micros};
use crate::base::config::{self, Config};
use crate::base::id::{EntryId, PersonId, PluginName, SiteId};
use crate::base::keys::HostKey;
use crate::base::map::RandomState;
use crate::identity::embed::flow::Tickets;
use crate::identity::embed::{LaunchStates, Renewal};
use crate::identity::tokens::ActionTokens;
use crate::identity::{Actor, Sessions};
use crate::runtime::{Compiler, Linked, LoadError, Plugin, Runtime, RuntimeConfig, Settings};
use crate::services::live::{BELL, Live};
use crate::services::notices::Reader;
use crate::services::rates::{Class, Rates};
use crate::services::texts::{TextError, Texts};
use crate::services::workers::Workers;
use crate::store::{DeclaredOn, Page, Pruned, Retention, Store, StoreError};

pub use self::directory::DirectoryPerson;
use super::refusal::Refusal;
use super::request::ViewRequest;
use super::scope::Kit;
use super::view::{PAGE, Views};
pub(super) use sites::SiteState;
use sites::{Sites, site_state};

/// Parsed bodies kept; about 1 KB each.
const BODY_CACHE_COUNT: usize = 20_000;
/// Pages kept; about 500 bytes each.
const PAGE_CACHE_COUNT: usize = 10_000;
/// Turned-back repeats remembered, so that insisting is recognised.
const REPEAT_WARNING_CACHE_COUNT: usize = 10_000;
/// Idempotency keys in use at the same time; one that falls out loses no more than the wait for its twin, since
/// the store itself commits a key once.
const KEY_LOCK_CACHE_COUNT: usize = 10_000;
/// How long it is believed that the store can be read and written, in microseconds.
const READY_TIME: Micros = 5_000_000;
/// People offered for a mention.
const PEOPLE_MAX: u32 = 8;

/// Why a host cannot start; each text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The store cannot be opened.
    #[error(
        "the database cannot be opened: {0}\nhint: check `database` in the configuration and the folder's rights"
    )]
    Store(#[from] StoreError),
    /// The host's key cannot be read or made.
    #[error("data_dir: {0}\nhint: the folder has to be writable for the host alone")]
    Key(std::io::Error),
    /// Plugins cannot run here.
    #[error(transparent)]
    Runtime(LoadError),
    /// A text of the host cannot be used.
    #[error(transparent)]
    Text(TextError),
    /// The folder of plugins cannot be read.
    #[error("plugins_dir: {0}\nhint: build the plugins with `cargo xtask wasm`")]
    Plugins(std::io::Error),
    /// The configuration names something that is not there.
    #[error("{0}")]
    Site(String),
}

/// A file of `plugins_dir` that cannot be used: its plugin is not available, and everything else goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenPlugin {
    /// The file.
    pub path: PathBuf,
    /// The plugin's name, which is that of its file.
    pub name: String,
    /// What is wrong and what to do.
    pub error: String,
    /// The sites that enable it.
    pub sites: Vec<String>,
}

/// What was found while everything was loaded, and keeps nothing from starting.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// Files that cannot be used.
    pub broken: Vec<BrokenPlugin>,
    /// Grants that are missing or have no effect, one text each with what to do.
    pub grants: Vec<String>,
    /// Keys that could not be fetched, one text for each issuer.
    pub keys: Vec<String>,
    /// What the plugins of each site declare.
    pub declared: Vec<DeclaredOn>,
}

impl Findings {
    /// Tell the log what does not keep a host from starting.
    fn log(&self) {
        self.grants.iter().for_each(|finding| tracing::warn!("{finding}"));
        for plugin in &self.broken {
            if plugin.sites.is_empty() {
                tracing::warn!("a plugin that no site enables cannot be used: {plugin}");
            } else {
                tracing::error!("a plugin cannot be used: {plugin}");
            }
        }
    }
}

impl std::fmt::Display for BrokenPlugin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for site in &self.sites {
            write!(f, "sites.{site}.plugins.{}: ", self.name)?;
        }
        write!(f, "{}: {}", self.path.display(), self.error)
    }
}

/// A plugin as a site uses it.
pub(super) struct Installed {
    pub(super) linked: Arc<Linked>,
    pub(super) plugin: Arc<Plugin>,
    pub(super) settings: Arc<Settings>,
    /// What the site makes of the plugin's units of points.
    pub(super) terms: Arc<Terms>,
}

/// The running host. Cloning is cheap.
#[derive(Clone)]
pub struct App(pub(super) Arc<Inner>);

/// What all clones share.
pub(super) struct Inner {
    pub(super) config: Config,
    pub(super) store: Store,
    pub(super) sessions: Sessions,
    pub(super) tickets: Tickets,
    /// Sign-ins that were begun at learning platforms.
    pub(super) launch_states: LaunchStates,
    pub(super) kit: Arc<Kit>,
    pub(super) clock: Clock,
    pub(super) rates: Rates,
    pub(super) live: Live,
    /// Markdown that nobody has parsed before.
    pub(super) parsers: Workers,
    pub(super) views: Views,
    pub(super) bodies: Cache<(EntryId, u32), Arc<stoa_view::rich::Rich>, UnitWeighter, RandomState>,
    /// Pages with the revision they were read at.
    pub(super) pages: Cache<(SiteId, PluginName, String), (u64, Page)>,
    pub(super) repeat_warnings: Cache<[u8; 32], ()>,
    /// One lane for each idempotency key in use: a repetition waits for the first and then finds its answer.
    pub(super) key_locks: Cache<(PersonId, String), Arc<tokio::sync::Mutex<()>>>,
    pub(super) sites: Sites,
    /// Every plugin of the folder, for sites that are made or changed while the host runs.
    pub(super) plugins: Plugins,
    /// What secrets of the console's keys are made of.
    key: HostKey,
    /// One change of a site at a time.
    saving: tokio::sync::Mutex<()>,
    /// Whether the store could be read and written, and when that was found out.
    ready: tokio::sync::Mutex<Option<(Micros, bool)>>,
    /// What told last whether another process has written.
    elsewhere: AtomicI64,
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("sites", &self.0.sites).finish_non_exhaustive()
    }
}

impl App {
    /// Open the store, load the plugins and link them for each site. Plugins whose files are broken are told to the log.
    ///
    /// # Errors
    /// [`StartError`] says what keeps the host from starting and what to do.
    pub async fn start(config: Config, clock: Clock, compiler: Compiler) -> Result<Self, StartError> {
        let Parts { key, texts, sites, plugins, findings } = Parts::load(&config, compiler).await?;
        findings.log();
        let store = Store::open(&config.database).await?;
        for site in sites.values() {
            site.prepare(&store, clock.now()).await?;
        }
        let elsewhere = store.written_elsewhere().await?;
        let live = Live::default();
        tokio::spawn(live.clone().run(store.clone()));
        let reader = Reader {
            store: store.clone(),
            live: live.clone(),
            clock: clock.clone(),
            declared: declared(&plugins),
        };
        tokio::spawn(reader.run());
        let inner = Inner {
            sessions: Sessions::new(clock.clone()),
            tickets: Tickets::new(&key),
            launch_states: LaunchStates::new(&key),
            kit: Arc::new(Kit {
                texts,
                tokens: ActionTokens::new(&key),
                public_url: config.public_url.clone(),
            }),
            rates: Rates::new(config.rate_factor),
            parsers: Workers::for_machine(),
            views: Views::new(config.view_cache_bytes),
            bodies: Cache::with(
                BODY_CACHE_COUNT,
                BODY_CACHE_COUNT as u64,
                UnitWeighter,
                RandomState::default(),
                DefaultLifecycle::default(),
            ),
            pages: Cache::new(PAGE_CACHE_COUNT),
            repeat_warnings: Cache::new(REPEAT_WARNING_CACHE_COUNT),
            key_locks: Cache::new(KEY_LOCK_CACHE_COUNT),
            config,
            store,
            clock,
            live,
            sites: Sites::new(sites),
            plugins,
            key,
            saving: tokio::sync::Mutex::default(),
            ready: tokio::sync::Mutex::default(),
            elsewhere: AtomicI64::new(elsewhere),
        };
        console::take_over(&inner).await?;
        let app = Self(Arc::new(inner));
        app.start_directory().await.map_err(|error| StartError::Site(error.to_string()))?;
        Ok(app)
    }

    /// Load everything that [`App::start`] needs apart from the store, and fetch the keys of issuers; what was found.
    ///
    /// # Errors
    /// As [`App::start`], apart from those of the store.
    pub async fn look(config: &Config, compiler: Compiler) -> Result<Findings, StartError> {
        let Parts { sites, mut findings, .. } = Parts::load(config, compiler).await?;
        for (id, site) in &sites {
            for renewal in site.issuers.renew(&Clock::system(), true).await {
                if let Renewal::Failed { error, .. } = renewal {
                    findings.keys.push(format!("sites.{id}.issuers: {error}"));
                }
            }
        }
        Ok(findings)
    }

    /// The configuration of a site.
    #[must_use]
    pub fn site(&self, id: &SiteId) -> Option<Arc<config::Site>> {
        self.0.sites.get(id).map(|site| Arc::clone(&site.config))
    }

    /// The configuration of the host.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    /// The host's clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    pub(super) fn site_state(&self, id: &SiteId) -> Result<Arc<SiteState>, Refusal> {
        self.0.sites.get(id).ok_or_else(|| Refusal::UnknownSite(id.to_string()))
    }

    /// The ops that build the preview of a text as somebody writes it; `mentions` tell whom the names in it stand for.
    ///
    /// # Errors
    /// `SignInNeeded`, `TooMany`, `Invalid` for a text longer than any entry can be, `Unavailable`.
    pub async fn preview(
        &self,
        ask: ViewRequest,
        markdown: &str,
        mentions: Vec<String>,
    ) -> Result<Vec<u8>, Refusal> {
        self.check_rate(&ask.actor, Class::Search, &ask.lang)?;
        let body = clean_body(markdown);
        if body.chars().count() > limits::LONG_TEXT_CHARS_MAX {
            let message = self.text(&ask.lang, "host-refused-length");
            return Err(Refusal::Invalid { fields: vec![("body".to_owned(), message)] });
        }
        let mut fields = vec![("text".to_owned(), body)];
        fields.extend(mentions.into_iter().map(|mention| (names::companion("text"), mention)));
        let fields = self.plugin_fields(&ask, &fields).await?;
        let text = fields.into_iter().next().map(|(_, text)| text).unwrap_or_default();
        let app = self.clone();
        self.0.parsers.run(move || app.draw_markdown(&ask, text)).await?
    }

    /// The texts that the browser's runtime says itself, by key.
    #[must_use]
    pub fn widget_texts(&self, language: &str) -> Vec<(String, String)> {
        self.0.kit.texts.list(language, "widget-")
    }

    /// A text of the host in a language.
    #[must_use]
    pub fn text(&self, language: &str, id: &str) -> String {
        self.0.kit.texts.of_host(language).label(id).into_owned()
    }

    pub(super) fn check_rate(&self, actor: &Actor, class: Class, language: &str) -> Result<(), Refusal> {
        let person = actor.person.as_ref().ok_or(Refusal::SignInNeeded)?;
        self.0.rates.check(&actor.site, &person.id, class).map_err(|retry_after_s| Refusal::TooMany {
            message: self.text(language, "host-too-many"),
            retry_after_s,
        })
    }

    /// Count an attempt to sign in to the console from this address.
    ///
    /// # Errors
    /// `TooMany`.
    pub fn check_attempt(&self, client: Option<std::net::IpAddr>, language: &str) -> Result<(), Refusal> {
        self.0.rates.check_attempt(client).map_err(|retry_after_s| Refusal::TooMany {
            message: self.text(language, "host-too-many"),
            retry_after_s,
        })
    }

    /// Bring the store to rest; what was acknowledged is on disk before and after.
    pub async fn close(&self) {
        if let Err(error) = self.0.store.close().await {
            tracing::error!(%error, "the store did not come to rest; what was acknowledged is on disk all the same");
        }
    }

    /// Whether the store reads and writes. Looked at once in five seconds, however often it is asked.
    pub async fn is_ready(&self) -> bool {
        let mut known = self.0.ready.lock().await;
        let now = self.0.clock.now();
        if let Some((at, ready)) = *known
            && (at..at + READY_TIME).contains(&now)
        {
            return ready;
        }
        let reads = self.0.store.list_events(u64::MAX >> 1, 1).await;
        let ready = match reads.map(|_| ()) {
            Ok(()) => self.0.store.check_writable().await,
            failed => failed,
        };
        if let Err(error) = &ready {
            tracing::warn!(%error, "not ready: the store cannot be read or written");
        }
        *known = Some((now, ready.is_ok()));
        ready.is_ok()
    }

    /// Have open pages look again where another process has written since this was asked last: `stoa import`.
    ///
    /// # Errors
    /// `Unavailable` when the store cannot be asked.
    pub async fn look_elsewhere(&self) -> Result<(), Refusal> {
        let now = self.0.store.written_elsewhere().await?;
        if self.0.elsewhere.swap(now, Ordering::Relaxed) != now {
            tracing::info!("another process has written; open pages look again");
            self.0.live.wake_all();
        }
        Ok(())
    }

    /// Work that is done now and then: forget full budgets, and what the store keeps for a time only.
    ///
    /// # Errors
    /// `Unavailable` when the store cannot write.
    pub async fn maintain(&self) -> Result<(), Refusal> {
        self.0.rates.prune();
        let pruned =
            self.0.store.prune(&retention(&self.0.config, &self.0.sites.all(), self.0.clock.now())).await?;
        if pruned != Pruned::default() {
            tracing::debug!(?pruned, "what was too old is deleted");
        }
        Ok(())
    }
}

/// What the plugins declare, of all of them: a site that is made later may use any.
fn declared(plugins: &Plugins) -> HashMap<PluginName, Arc<stoa_rules::Declared>> {
    let loaded = plugins.loaded.iter();
    loaded.map(|(name, plugin)| (PluginName::from(name.as_str()), Arc::clone(plugin.declared()))).collect()
}

/// Until when what is kept, as the admin has configured it.
fn retention(config: &Config, sites: &[Arc<SiteState>], now: Micros) -> Retention {
    let before = |days: u32| now - i64::from(days) * DAY;
    let undo = sites.iter().map(|site| &site.config).filter(|site| site.moderation.undo_days > 0);
    Retention {
        now,
        events_before: if config.events_days == 0 { Micros::MIN } else { before(config.events_days) },
        deleted_before: undo
            .map(|site| (SiteId::from(site.id.as_str()), before(site.moderation.undo_days)))
            .collect(),
    }
}

/// What a host is made of, from files alone.
struct Parts {
    key: HostKey,
    texts: Texts,
    sites: HashMap<SiteId, SiteState>,
    plugins: Plugins,
    findings: Findings,
}

impl Parts {
    async fn load(config: &Config, compiler: Compiler) -> Result<Self, StartError> {
        let key = HostKey::load_or_make(&config.data_dir).map_err(StartError::Key)?;
        let limits = config.limits;
        let data_dir = config.data_dir.clone();
        let runtime = Runtime::start(RuntimeConfig {
            limits,
            data_dir,
            key: key.clone(),
            compiler,
            development: config.development,
        });
        let mut texts = Texts::load().map_err(StartError::Text)?;
        let runtime = runtime.map_err(StartError::Runtime)?;
        let mut plugins = Plugins::load(&runtime, &config.plugins_dir, &mut texts).await?;
        let (mut sites, mut grants, mut declared) = (HashMap::new(), Vec::new(), Vec::new());
        for site in &config.sites {
            let state = site_state(site, &key, &plugins).await?;
            for file in plugins.broken.iter_mut().filter(|file| state.broken.contains(file.name.as_str())) {
                file.sites.push(site.id.clone());
            }
            grants.extend(odd_grants(&state));
            declared.extend(state.declared());
            sites.insert(SiteId::from(site.id.as_str()), state);
        }
        Ok(Self {
            key,
            texts,
            sites,
            findings: Findings { broken: plugins.broken.clone(), grants, keys: Vec::new(), declared },
            plugins,
        })
    }
}

/// The plugins of the folder.
#[derive(Default)]
pub(super) struct Plugins {
    pub(super) loaded: BTreeMap<String, Arc<Plugin>>,
    pub(super) broken: Vec<BrokenPlugin>,
}

impl Plugins {
    /// Load every `*.wasm` in the folder.
    async fn load(runtime: &Runtime, folder: &Path, texts: &mut Texts) -> Result<Self, StartError> {
        let mut paths: Vec<_> = std::fs::read_dir(folder)
            .and_then(|list| list.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>, _>>())
            .map_err(StartError::Plugins)?;
        paths.sort();
        let mut plugins = Self::default();
        let mut found: BTreeMap<String, Vec<(PathBuf, Arc<Plugin>)>> = BTreeMap::new();
        for path in paths.into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "wasm")) {
            match runtime.load(&path).await {
                Ok(plugin) => found.entry(plugin.name().to_owned()).or_default().push((path, plugin)),
                Err(error) => {
                    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                    plugins.refuse(&path, name, error.to_string());
                }
            }
        }
        for (name, files) in found {
            plugins.add(name, &files, texts);
        }
        Ok(plugins)
    }

    fn add(&mut self, name: String, files: &[(PathBuf, Arc<Plugin>)], texts: &mut Texts) {
        if let ([(path, _)], BELL | PAGE | "count" | "plugin" | "thanks") = (files, name.as_str()) {
            let error =
                format!("`{name}` is the name of the host's own view\nhint: give the plugin another `name`");
            return self.refuse(path, name, error);
        }
        let [(path, plugin)] = files else {
            // Which of them is meant is not for the host to guess.
            let paths: Vec<_> = files.iter().map(|(path, _)| path.display().to_string()).collect();
            let error = format!("all of {} are plugins `{name}`\nhint: keep one of them", paths.join(", "));
            return self.refuse(&files[0].0, name, error);
        };
        for (language, source) in plugin.locales() {
            if let Err(error) = texts.add(&name, language, source) {
                let hint = "build the plugin again; Fluent's syntax is at projectfluent.org";
                return self.refuse(path, name, format!("{error}\nhint: {hint}"));
            }
        }
        self.loaded.insert(name, Arc::clone(plugin));
    }

    fn refuse(&mut self, path: &Path, name: String, error: String) {
        self.broken.push(BrokenPlugin { path: path.to_owned(), name, error, sites: Vec::new() });
    }
}

/// What the plugins of a site ask for and are not granted, and the other way round. Neither keeps a plugin from running:
/// its functions answer `not-granted`, and it decides what to do without.
fn odd_grants(site: &SiteState) -> Vec<String> {
    let mut found = Vec::new();
    for (name, installed) in &site.plugins {
        let key = format!("sites.{}.plugins.{name}", site.config.id);
        let manifest = installed.plugin.manifest();
        let missing = manifest.grants().difference(installed.linked.granted());
        if !missing.is_empty() {
            let reason = |one| manifest.capabilities.get(&one).map_or("", |asked| asked.reason.as_str());
            let asked = join(missing, |one| format!("`{}` ({})", one.name(), reason(one)));
            let grants = join(missing, |one| format!("\"{}\"", one.name()));
            found.push(format!(
                "{key}: not granted is {asked}; what needs it does not work\nhint: add {grants} to its `grants`"
            ));
        }
        let set = site.config.plugins.get(name.as_str()).map_or(&[][..], |plugin| &plugin.grants);
        let idle = Grants::parse(set).unwrap_or_default().difference(manifest.grants());
        if !idle.is_empty() {
            let names = join(idle, |one| format!("`{}`", one.name()));
            found.push(format!(
                "{key}: the plugin does not ask for {names}, so that the grant has no effect\nhint: take it out of its `grants`"
            ));
        }
    }
    found.sort();
    found
}

fn join(grants: Grants, word: impl Fn(Capability) -> String) -> String {
    grants.iter().map(word).collect::<Vec<_>>().join(", ")
}
