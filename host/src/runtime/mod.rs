//! Plugins: loaded, granted, called in a fresh sandbox. The only room that knows wasmtime. Deliberately absent:
//! writing (a call gives effects as data), SQL, HTTP, and any state that outlives a call.
//!
//! [`Runtime::load`] reads a component, [`Plugin::link`] holds its imports against what a site grants, and
//! [`Linked::view`] and [`Linked::act`] call it: each call with a new instance, limits of its own and a task of its own.

mod border;
mod call;
mod effects;
mod engine;
mod errors;
mod package;
mod reads;

pub use crate::identity::permit::VerbClass;
pub use call::{Call, CallPage, CallPerson, CallUsage};
pub use effects::{Effect, EffectTarget, check as check_effects};
pub use engine::{Compiler, compile_file};
pub use errors::{CallError, Clock, LoadError};
pub use package::{
    Asked, Capability, Declared, Grants, Locale, Manifest, SettingKind, SettingValue, Settings,
};
pub use reads::{Body, Fetched, NoReads, Pair, Reading, Reads};

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest as _, Sha256};
use stoa_view::nodes::View;
use tokio::sync::Semaphore;
use wasmtime::Engine;
use wasmtime::component::{Component, Linker};

use crate::base::clock::Micros;
use crate::base::config::CallLimits;
use crate::base::id::{PluginName, SiteId};
use crate::base::keys::HostKey;
use border::bindings::WidgetPluginPre;
use border::bindings::exports::stoa::plugin::widget;
use border::values;
use border::views::IntoView as _;
use call::{Answer, CallState, Gate, Ran, Step};
use engine::Compiled;

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
    linkers: Mutex<HashMap<Grants, Arc<Linker<CallState>>>>,
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
        let linkers = Mutex::default();
        Ok(Self(Arc::new(Inner { engine, limits: config.limits, compiled, places, linkers })))
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
        let imports = package::check_imports(&runtime.engine, &component, &manifest)?;
        let verbs = runtime.describe(&component, &manifest).await?;
        let gate = Arc::new(Gate::new(runtime.limits.concurrency, runtime.places.clone()));
        Ok(Arc::new(Plugin { manifest, locales, digest, verbs, imports, component, gate, runtime }))
    }
}

impl Inner {
    /// The one call without a site: every interface is linked, and nothing can be read.
    async fn describe(&self, component: &Component, manifest: &Manifest) -> Result<Vec<Verb>, LoadError> {
        let pre = self.prepare(component, Grants::all())?;
        let settings = Settings::resolve(manifest, &toml::Table::new())?;
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
            settings: Arc::new(settings),
            reads: Arc::new(NoReads),
        };
        let state = CallState::new(PluginName::from(manifest.name.as_str()), call, &self.limits);
        match call::run(&pre, &self.limits, state, Step::Describe).await.answer {
            Ok(Answer::Described(description)) => check_verbs(description).map_err(LoadError::Verbs),
            Ok(_) => Err(LoadError::Verbs("another answer than was asked".to_owned())),
            Err(error) => Err(LoadError::Describe(error)),
        }
    }

    fn prepare(
        &self,
        component: &Component,
        grants: Grants,
    ) -> Result<WidgetPluginPre<CallState>, LoadError> {
        let linker = self.linker(grants)?;
        let link = |error: wasmtime::Error| LoadError::Link(format!("{error:#}"));
        WidgetPluginPre::new(linker.instantiate_pre(component).map_err(link)?).map_err(link)
    }

    fn linker(&self, grants: Grants) -> Result<Arc<Linker<CallState>>, LoadError> {
        let mut linkers = self.linkers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(linker) = linkers.get(&grants) {
            return Ok(linker.clone());
        }
        let linker = Arc::new(border::linker(&self.engine, grants)?);
        linkers.insert(grants, linker.clone());
        Ok(linker)
    }
}

fn check_verbs(description: widget::Description) -> Result<Vec<Verb>, String> {
    let mut verbs: Vec<Verb> = Vec::new();
    if description.verbs.len() > VERBS_MAX {
        return Err(format!("{} verbs; {VERBS_MAX} are the most", description.verbs.len()));
    }
    for verb in description.verbs {
        let plain = verb.name.chars().all(|c| c.is_ascii_lowercase() || c == '-');
        if !plain || !(1..=32).contains(&verb.name.len()) {
            return Err(format!(
                "`{}` is not of 1 to 32 characters of a-z and `-`",
                verb.name.escape_debug()
            ));
        }
        if verbs.iter().any(|earlier| earlier.name == verb.name) {
            return Err(format!("`{}` is there twice", verb.name));
        }
        let class = match verb.class {
            widget::VerbClass::Create => VerbClass::Create,
            widget::VerbClass::Edit => VerbClass::Edit,
            widget::VerbClass::Mark => VerbClass::Mark,
            widget::VerbClass::Report => VerbClass::Report,
            widget::VerbClass::Moderate => VerbClass::Moderate,
        };
        verbs.push(Verb { name: verb.name, class });
    }
    Ok(verbs)
}

/// Something that can be done in a plugin's views.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verb {
    /// Its name: 1 to 32 characters of a-z and `-`.
    pub name: String,
    /// Its class, by which it is permitted and limited.
    pub class: VerbClass,
}

/// A plugin, ready to be linked for sites.
pub struct Plugin {
    manifest: Manifest,
    locales: Vec<Locale>,
    digest: String,
    verbs: Vec<Verb>,
    imports: Grants,
    component: Component,
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
        &self.manifest.name
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

    /// What can be done in its views. The order is part of the tokens in pages.
    #[must_use]
    pub fn verbs(&self) -> &[Verb] {
        &self.verbs
    }

    /// The settings of a site: the defaults with the admin's values laid over them.
    ///
    /// # Errors
    /// [`LoadError::Setting`] with the key and what it takes.
    pub fn settings(&self, set: &toml::Table) -> Result<Settings, LoadError> {
        Settings::resolve(&self.manifest, set)
    }

    /// What it imports: the least that a site has to grant.
    #[must_use]
    pub fn imports(&self) -> Grants {
        self.imports
    }

    /// Link it with what a site grants, by the capabilities' names. An interface that is not granted is not there.
    ///
    /// # Errors
    /// [`LoadError::UnknownGrant`]; [`LoadError::NotGranted`] names all imports that are missing; [`LoadError::Link`] when a function differs.
    pub fn link(self: &Arc<Self>, grants: &[String]) -> Result<Arc<Linked>, LoadError> {
        let granted = Grants::parse(grants)?;
        package::check_granted(&self.manifest, self.imports, granted)?;
        let pre = self.runtime.prepare(&self.component, granted)?;
        Ok(Arc::new(Linked { plugin: self.clone(), granted, pre }))
    }
}

/// A plugin with the grants of a site.
pub struct Linked {
    plugin: Arc<Plugin>,
    granted: Grants,
    pre: WidgetPluginPre<CallState>,
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
    /// What it is done to.
    pub subject: Option<String>,
    /// The fields of its form.
    pub fields: Vec<(String, String)>,
}

/// What is to happen.
#[derive(Clone, Debug)]
pub struct CallAct {
    /// The changes, checked: all of them or none.
    pub effects: Vec<Effect>,
    /// The parameter changes of the view that is shown then; an empty value takes the parameter away.
    pub navigation: Vec<(String, String)>,
    /// The id of a message to be read aloud.
    pub announce: Option<String>,
    /// The key of the node that gets the focus.
    pub focus: Option<String>,
    /// Texts and people that the plugin read.
    pub fetched: Fetched,
    /// What the call used.
    pub usage: CallUsage,
}

/// Why a plugin does nothing; texts are ids of messages in its bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PluginRefusal {
    /// Fields need another value: each field's name with the id of a message.
    Invalid(Vec<(String, String)>),
    /// Something has changed meanwhile.
    Conflict(String),
    /// The person may not do this.
    Denied(String),
    /// What it is done to is not there any more.
    Gone(String),
}

/// Why an action came to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ActError {
    /// The plugin refuses it.
    Refused(PluginRefusal),
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

    /// Show it. The call goes on to its own end when the caller goes away.
    ///
    /// # Errors
    /// [`CallError`], one for each way in which a call can fail.
    pub async fn view(self: &Arc<Self>, call: Call) -> Result<Viewed, CallError> {
        self.task(call, Step::View, |ran, _| {
            let Ran { answer, state, usage } = ran;
            match answer? {
                Answer::Shown(Ok(view)) => viewed(view.into_view(), state, usage),
                Answer::Shown(Err(widget::Failure::NotFound)) => Err(CallError::NotFound),
                Answer::Shown(Err(widget::Failure::Failed(text))) => Err(CallError::Failed(text)),
                _ => Err(CallError::Host("another answer than was asked".to_owned())),
            }
        })
        .await
    }

    /// Let it decide what an action changes. Nothing is changed yet.
    ///
    /// # Errors
    /// [`ActError::Refused`] with the plugin's own reason, [`ActError::Failed`] otherwise.
    pub async fn act(self: &Arc<Self>, call: Call, action: Action) -> Result<CallAct, ActError> {
        let field = |(name, value)| widget::Field { name, value };
        let action = widget::Action {
            verb: action.verb,
            subject: action.subject,
            fields: action.fields.into_iter().map(field).collect(),
        };
        let decided = self.task(call, Step::Act(action), |ran, granted| {
            let Ran { answer, state, usage } = ran;
            match answer? {
                Answer::Decided(Ok(outcome)) => decided(outcome, state, usage, granted).map(Ok),
                Answer::Decided(Err(refusal)) => Ok(Err(refused(refusal))),
                _ => Err(CallError::Host("another answer than was asked".to_owned())),
            }
        });
        decided.await?.map_err(ActError::Refused)
    }

    /// Run a call as a task of its own: it is never dropped in flight, and a panic in it ends it alone.
    async fn task<T: Send + 'static>(
        self: &Arc<Self>,
        call: Call,
        step: Step,
        finish: impl FnOnce(Ran, Grants) -> Result<T, CallError> + Send + 'static,
    ) -> Result<T, CallError> {
        let now: Micros = call.now;
        let site = call.site.clone();
        let entered = self.plugin.gate.enter(now).await;
        let mut admission = entered.inspect_err(|error| self.failed(&site, error, None))?;
        let linked = self.clone();
        let task = tokio::spawn(async move {
            let site = call.site.clone();
            let limits = &linked.plugin.runtime.limits;
            let name = PluginName::from(linked.plugin.name());
            let ran = call::run(&linked.pre, limits, CallState::new(name, call, limits), step).await;
            let usage = ran.usage;
            let finished = finish(ran, linked.granted);
            admission.ended(finished.as_ref().err());
            finished.inspect_err(|error| linked.failed(&site, error, Some(&usage)))
        });
        task.await.unwrap_or_else(|error| {
            let error = CallError::Host(error.to_string());
            self.failed(&site, &error, None);
            Err(error)
        })
    }

    /// The one place where a call that failed is told to the log. What is not there is nobody's fault.
    fn failed(&self, site: &SiteId, error: &CallError, usage: Option<&CallUsage>) {
        if *error != CallError::NotFound {
            let (plugin, reason) = (self.plugin.name(), error.private());
            tracing::warn!(%site, plugin, reason, ?usage, "a plugin call failed: {error}");
        }
    }
}

fn viewed(view: View, state: CallState, usage: CallUsage) -> Result<Viewed, CallError> {
    stoa_view::check::check(&view).map_err(|error| CallError::Invalid(error.to_string()))?;
    Ok(Viewed { view, fetched: state.fetched, usage })
}

fn decided(
    outcome: widget::Outcome,
    state: CallState,
    usage: CallUsage,
    granted: Grants,
) -> Result<CallAct, CallError> {
    let effects: Vec<Effect> = outcome.effects.into_iter().map(values::effect).collect();
    effects::check(&effects, granted, &state.reserved).map_err(CallError::Invalid)?;
    let navigation = outcome.navigation.into_iter().map(|one| (one.name, one.value)).collect();
    let (announce, focus) = (outcome.announce, outcome.focus);
    Ok(CallAct { effects, navigation, announce, focus, fetched: state.fetched, usage })
}

fn refused(refusal: widget::Refusal) -> PluginRefusal {
    let issue = |issue: widget::Issue| (issue.field, issue.message);
    match refusal {
        widget::Refusal::Invalid(issues) => PluginRefusal::Invalid(issues.into_iter().map(issue).collect()),
        widget::Refusal::Conflict(message) => PluginRefusal::Conflict(message),
        widget::Refusal::Denied(message) => PluginRefusal::Denied(message),
        widget::Refusal::Gone(message) => PluginRefusal::Gone(message),
    }
}
