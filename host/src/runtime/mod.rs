//! Plugins: loaded, granted, called in a fresh sandbox. The only module that knows wasmtime. Deliberately absent:
//! writing (a call records what is to change), SQL, HTTP, and any state that outlives a call.
//!
//! [`Runtime::load`] reads a component, [`Plugin::link`] gives it what its manifest asks for and a site grants, and
//! [`Linked::view`] and [`Linked::act`] call it: each call with a new instance, limits of its own and a task of its own.

mod border;
mod call;
mod engine;
mod errors;
mod package;
mod reads;
mod record;

pub use call::{Call, CallPage, CallPerson, CallUsage, Health};
pub use engine::{Compiler, compile_file};
pub use errors::{CallError, Clock, LoadError};
pub use package::read as read_package;
pub use package::{Capability, Grants, Locale, Manifest, SettingValue, Settings};
pub use reads::{Fetched, FetchedEntry, NoReads, Pair, Reading, Reads};
pub use record::Recorded;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest as _, Sha256};
use stoa_rules::{Class, Declared, Message, Place, Reach};
use stoa_view::nodes::View;
use tokio::sync::Semaphore;
use wasmtime::Engine;
use wasmtime::component::Linker;

use crate::base::clock::Micros;
use crate::base::config::CallLimits;
use crate::base::id::{PluginName, SiteId};
use crate::base::keys::HostKey;
use crate::services::moderation;
use border::Bound;
use call::{Act, CallState, Describe, Export, Gate, Ran, Rights};
use engine::Compiled;
use record::Recorder;

/// Places of the pool that calls never take, so that a burst does not find it full.
const SPARE_SLOTS: usize = 8;

/// The most verbs of a plugin.
const VERBS_MAX: usize = 32;

/// What a runtime is started with.
#[derive(Clone, Debug)]
pub struct RuntimeConfig {
    /// Limits of one call.
    pub limits: CallLimits,
    /// Where compiled plugins are kept.
    pub data_dir: PathBuf,
    /// What they are signed with.
    pub key: HostKey,
    /// Where they are compiled.
    pub compiler: Compiler,
    /// Whether a plugin that fails and fails is called on: for those who write one.
    pub development: bool,
}

/// Runs plugins. One for the process: its engine, its pool and its limits are for all plugins together. Cloning is
/// cheap.
#[derive(Clone)]
pub struct Runtime(Arc<Inner>);

struct Inner {
    engine: Engine,
    limits: CallLimits,
    compiled: Compiled,
    places: Arc<Semaphore>,
    linker: Linker<CallState>,
    development: bool,
}

impl std::fmt::Debug for Runtime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Runtime").field("limits", &self.0.limits).finish_non_exhaustive()
    }
}

impl Runtime {
    /// Start the engine and open the cache of compiled plugins.
    ///
    /// # Errors
    /// [`LoadError::Engine`] when this machine cannot run plugins, [`LoadError::Read`] when `data_dir` cannot be used.
    pub fn start(config: RuntimeConfig) -> Result<Self, LoadError> {
        let engine = engine::start()?;
        let compiled = Compiled::open(engine.clone(), config.compiler, &config.data_dir, config.key)?;
        let slots = usize::try_from(engine::POOL_SLOTS).unwrap_or(SPARE_SLOTS + 1);
        let places = Arc::new(Semaphore::new(slots - SPARE_SLOTS));
        let linker = border::linker(&engine)?;
        let (limits, development) = (config.limits, config.development);
        Ok(Self(Arc::new(Inner { engine, limits, compiled, places, linker, development })))
    }

    /// Read a component, compile it (or find it compiled), and let it say what it can do.
    ///
    /// Costs milliseconds when it is in the cache, some 100 ms for a Rust guest and up to a minute otherwise.
    ///
    /// # Errors
    /// [`LoadError`] says what is wrong with the component and what to do.
    pub async fn load(&self, path: &Path) -> Result<Arc<Plugin>, LoadError> {
        let failed = |source| LoadError::Read { path: path.to_owned(), source };
        engine::check_size(tokio::fs::metadata(path).await.map_err(failed)?.len())?;
        let bytes = tokio::fs::read(path).await.map_err(failed)?;
        self.load_bytes(&bytes).await
    }

    /// As [`Runtime::load`], for a component in memory.
    ///
    /// # Errors
    /// As [`Runtime::load`].
    pub async fn load_bytes(&self, bytes: &[u8]) -> Result<Arc<Plugin>, LoadError> {
        engine::check_size(u64::try_from(bytes.len()).unwrap_or(u64::MAX))?;
        let (manifest, locales) = package::read(bytes)?;
        let digest = hex::encode(Sha256::digest(bytes));
        let runtime = self.0.clone();
        let component = runtime.compiled.load(bytes, &digest).await?;
        let contract = package::check_imports(&runtime.engine, &component, &manifest)?;
        let bound = Bound::new(contract, &runtime.linker, &component)?;
        let verbs = runtime.describe(&bound, &manifest).await?;
        let gate = Arc::new(Gate::new(runtime.limits.concurrency, runtime.places.clone()));
        let declared = Arc::new(manifest.declared());
        Ok(Arc::new(Plugin { manifest, declared, locales, digest, verbs, bound, gate, runtime }))
    }
}

impl Inner {
    /// The one call without a site: nothing is granted and nothing can be read.
    async fn describe(&self, bound: &Bound, manifest: &Manifest) -> Result<Vec<Verb>, LoadError> {
        let call = Call {
            site: SiteId::from("none"),
            page: CallPage { key: String::new(), title: String::new(), owner: None, closed: false },
            person: None,
            moderates: false,
            parameters: Vec::new(),
            since: None,
            may_write: false,
            now: 0,
            seed: 0,
            settings: Arc::new(resolve(manifest, &toml::Table::new())?),
            reads: Arc::new(NoReads),
        };
        let rights = Rights {
            plugin: PluginName::from(manifest.name.as_str()),
            granted: Grants::default(),
            reads_site: false,
            declared: Arc::default(),
        };
        let state = CallState::new(rights, call, None, &self.limits);
        let described = call::run(bound, &self.limits, state, Describe).await.answer;
        check_verbs(described.map_err(LoadError::Describe)?).map_err(LoadError::Verbs)
    }
}

fn resolve(manifest: &Manifest, set: &toml::Table) -> Result<Settings, LoadError> {
    Settings::resolve(&manifest.settings, set)
        .map_err(|problem| LoadError::Setting { key: problem.key, message: problem.message })
}

fn check_verbs(described: Vec<Verb>) -> Result<Vec<Verb>, String> {
    let mut verbs: Vec<Verb> = Vec::new();
    if described.len() > VERBS_MAX {
        return Err(format!("{} verbs; {VERBS_MAX} are the most", described.len()));
    }
    for verb in described {
        let plain = verb.name.chars().all(|c| c.is_ascii_lowercase() || c == '-');
        if !plain || !(1..=32).contains(&verb.name.len()) {
            return Err(format!(
                "`{}` is not of 1 to 32 characters of a-z and `-`",
                verb.name.escape_debug()
            ));
        }
        if verb.name.starts_with(moderation::VERB_PREFIX) {
            return Err(format!("`{}` is a name of the host's own; leave out `host-`", verb.name));
        }
        if verbs.iter().any(|earlier| earlier.name == verb.name) {
            return Err(format!("`{}` is there twice", verb.name));
        }
        verbs.push(verb);
    }
    Ok(verbs)
}

/// Something that can be done in a plugin's views.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verb {
    /// Its name: 1 to 32 characters of a-z and `-`.
    pub name: String,
    /// Its class: who may do it, and the most that it may record.
    pub class: Class,
    /// Whether it is refused where its subject is no longer at the version that the view showed.
    pub seen: bool,
}

/// A plugin, ready to be linked for sites.
pub struct Plugin {
    manifest: Manifest,
    declared: Arc<Declared>,
    locales: Vec<Locale>,
    digest: String,
    verbs: Vec<Verb>,
    bound: Bound,
    gate: Arc<Gate>,
    runtime: Arc<Inner>,
}

impl std::fmt::Debug for Plugin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plugin")
            .field("id", &self.manifest.id)
            .field("digest", &self.digest)
            .finish_non_exhaustive()
    }
}

impl Plugin {
    /// What it says about itself.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Its name, as widgets and URLs say it.
    #[must_use]
    pub fn name(&self) -> &str {
        self.manifest.name.as_str()
    }

    /// Its interface texts: language and Fluent source.
    pub fn locales(&self) -> impl Iterator<Item = (&str, &str)> {
        self.locales.iter().map(|locale| (locale.language.as_str(), locale.text.as_str()))
    }

    /// SHA-256 of the component in hexadecimal.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Whether it may read entries of all pages of a site.
    #[must_use]
    pub fn reads_site(&self) -> bool {
        self.manifest.reach() == Reach::Site
    }

    /// Whether it has one place for the whole site instead of one for each page.
    #[must_use]
    pub fn is_site_wide(&self) -> bool {
        self.manifest.place == Place::Site
    }

    /// The kinds of entries and marks that its manifest declares.
    #[must_use]
    pub fn declared(&self) -> &Arc<Declared> {
        &self.declared
    }

    /// What can be done in its views.
    #[must_use]
    pub fn verbs(&self) -> &[Verb] {
        &self.verbs
    }

    /// How it has fared since the start.
    #[must_use]
    pub fn health(&self) -> Health {
        self.gate.health()
    }

    /// The settings of a site: the defaults with the admin's values laid over them.
    ///
    /// # Errors
    /// [`LoadError::Setting`] with the key and what it takes.
    pub fn settings(&self, set: &toml::Table) -> Result<Settings, LoadError> {
        resolve(&self.manifest, set)
    }

    /// The plugin with what a site grants it. What takes effect is what the manifest asks for *and* the admin grants: a
    /// function of anything else answers `not-granted`.
    ///
    /// # Errors
    /// [`LoadError::UnknownGrant`] for a name that is no capability.
    pub fn link(self: &Arc<Self>, grants: &[String]) -> Result<Arc<Linked>, LoadError> {
        let granted = Grants::parse(grants).map_err(LoadError::UnknownGrant)?;
        let granted = self.manifest.grants().intersection(granted);
        Ok(Arc::new(Linked { plugin: self.clone(), granted }))
    }
}

/// A plugin with the grants of a site.
pub struct Linked {
    plugin: Arc<Plugin>,
    granted: Grants,
}

impl std::fmt::Debug for Linked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Linked")
            .field("plugin", &self.plugin)
            .field("granted", &self.granted)
            .finish_non_exhaustive()
    }
}

/// A view, and what it refers to.
#[derive(Clone, Debug)]
pub struct Viewed {
    /// The view; within its limits.
    pub view: View,
    /// Texts and people that the plugin read and the view may name.
    pub fetched: Fetched,
    /// What the call used.
    pub usage: CallUsage,
}

/// What a person did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// Which verb.
    pub verb: String,
    /// Its class: the most that may be recorded.
    pub class: Class,
    /// What it is done to.
    pub subject: Option<String>,
    /// The version of the subject that the view showed, where the verb asks for it.
    pub seen: Option<u32>,
    /// The fields of its form.
    pub fields: Vec<(String, String)>,
}

/// What an action is to change.
#[derive(Clone, Debug)]
pub struct Decided {
    /// What the plugin recorded.
    pub recorded: Recorded,
    /// Texts and people that the plugin read.
    pub fetched: Fetched,
    /// What the call used.
    pub usage: CallUsage,
}

/// Why a plugin does nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PluginRefusal {
    /// Fields need another value: each field's name with a message.
    Invalid(Vec<(String, Message)>),
    /// Something has changed meanwhile.
    Conflict(Message),
    /// The person may not do this.
    Denied(Message),
    /// What it is done to is not there any more.
    Gone(Message),
}

/// Why an action came to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ActError {
    /// The plugin refuses it; and what the host had not done for it, for its author.
    Refused(PluginRefusal, Vec<String>),
    /// The call failed.
    Failed(CallError),
}

impl From<CallError> for ActError {
    fn from(error: CallError) -> Self {
        Self::Failed(error)
    }
}

impl Linked {
    /// The plugin.
    #[must_use]
    pub fn plugin(&self) -> &Arc<Plugin> {
        &self.plugin
    }

    /// What the manifest asks for and the site grants.
    #[must_use]
    pub fn granted(&self) -> Grants {
        self.granted
    }

    /// Show it. The call goes on to its own end when the caller goes away.
    ///
    /// # Errors
    /// [`CallError`], one for each way in which a call can fail.
    pub async fn view(self: &Arc<Self>, call: Call) -> Result<Viewed, CallError> {
        let plugin = self.plugin.clone();
        self.task(call, None, call::View, move |ran| match ran.answer? {
            Ok(view) => viewed(view, ran.state, ran.usage, &plugin.verbs),
            Err(error) => Err(error),
        })
        .await
    }

    /// Let it decide what an action changes. Nothing is changed yet.
    ///
    /// # Errors
    /// [`ActError::Refused`] with the plugin's own reason, [`ActError::Failed`] otherwise.
    pub async fn act(self: &Arc<Self>, call: Call, action: Action) -> Result<Decided, ActError> {
        let recorder = Recorder::new(action.class);
        let decided = self.task(call, Some(recorder), Act(action), |ran| {
            let (state, usage) = (ran.state, ran.usage);
            Ok(match ran.answer?? {
                Ok(()) => Ok(decided(state, usage)),
                Err(refusal) => Err(ActError::Refused(refusal, state.into_notes())),
            })
        });
        decided.await?
    }

    /// Run a call as a task of its own: it is never dropped in flight, and a panic in it ends it alone.
    async fn task<T: Send + 'static, E: Export>(
        self: &Arc<Self>,
        call: Call,
        recorder: Option<Recorder>,
        export: E,
        finish: impl FnOnce(Ran<E::Answer>) -> Result<T, CallError> + Send + 'static,
    ) -> Result<T, CallError> {
        let now: Micros = call.now;
        let site = call.site.clone();
        let entered = self.plugin.gate.enter(now).await;
        let mut admission = entered.inspect_err(|error| self.failed(&site, error, None))?;
        let linked = self.clone();
        let task = tokio::spawn(async move {
            let site = call.site.clone();
            let limits = &linked.plugin.runtime.limits;
            let state = CallState::new(linked.rights(), call, recorder, limits);
            let ran = call::run(&linked.plugin.bound, limits, state, export).await;
            let usage = ran.usage;
            let finished = finish(ran);
            let counts = |_: &&CallError| !linked.plugin.runtime.development;
            admission.ended(finished.as_ref().err().filter(counts));
            linked.plugin.gate.count(now, finished.as_ref().err(), Some(&usage));
            finished.inspect_err(|error| linked.failed(&site, error, Some(&usage)))
        });
        task.await.unwrap_or_else(|error| {
            let error = CallError::Host(error.to_string());
            self.failed(&site, &error, None);
            Err(error)
        })
    }

    fn rights(&self) -> Rights {
        Rights {
            plugin: PluginName::from(self.plugin.name()),
            granted: self.granted,
            reads_site: self.plugin.reads_site(),
            declared: self.plugin.declared.clone(),
        }
    }

    /// The one place where a call that failed is told to the log. What is not there is nobody's fault.
    fn failed(&self, site: &SiteId, error: &CallError, usage: Option<&CallUsage>) {
        if *error != CallError::NotFound {
            let (plugin, reason) = (self.plugin.name(), error.private());
            tracing::warn!(%site, plugin, reason, ?usage, "a plugin call failed: {error}");
        }
    }
}

fn viewed(view: View, state: CallState, usage: CallUsage, verbs: &[Verb]) -> Result<Viewed, CallError> {
    stoa_view::check::check(&view).map_err(|error| CallError::Invalid(error.to_string()))?;
    check_offers(&view, verbs)?;
    Ok(Viewed { view, fetched: state.fetched, usage })
}

/// A view offers what the plugin can do, and nothing that only the host can.
fn check_offers(view: &View, verbs: &[Verb]) -> Result<(), CallError> {
    for (place, verb) in stoa_view::check::verbs(view) {
        if !verbs.iter().any(|known| known.name == verb) {
            let verb = verb.escape_debug();
            return Err(CallError::Invalid(format!(
                "node {place} offers the verb `{verb}`, which is none of the plugin's: add it to its verbs"
            )));
        }
    }
    Ok(())
}

fn decided(state: CallState, usage: CallUsage) -> Decided {
    let recorded = state.recorder.map(|recorder| recorder.recorded).unwrap_or_default();
    Decided { recorded, fetched: state.fetched, usage }
}
