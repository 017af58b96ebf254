//! Why a plugin cannot be used, or a call came to nothing. `Display` is the public text; `private` is for the log.

use std::path::PathBuf;

/// Why a plugin cannot be loaded or linked; each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The file cannot be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The file is larger than a plugin may be.
    #[error("the component has {bytes} bytes; {limit} is the most\nhint: build it with the profile `guest`")]
    TooLarge {
        /// Its size.
        bytes: u64,
        /// The limit.
        limit: u64,
    },
    /// The bytes are not a component, or a damaged one.
    #[error("this is not a component: {0}\nhint: build it again: `cargo xtask wasm` makes components")]
    NotAComponent(String),
    /// The component carries no manifest.
    #[error(
        "the component carries no manifest\nhint: build it with `cargo xtask wasm`, which embeds plugin.toml"
    )]
    NoManifest,
    /// The manifest or a locale inside the component is not of the right form.
    #[error("plugin.toml: {0}")]
    Manifest(String),
    /// The plugin wants a newer host.
    #[error(
        "the plugin `{plugin}` wants a host of version {wanted} or newer, this one is {offered}\nhint: upgrade the host"
    )]
    HostTooOld {
        /// The plugin's name.
        plugin: String,
        /// What the manifest says.
        wanted: String,
        /// What this is.
        offered: &'static str,
    },
    /// The component imports something that no host offers.
    #[error(
        "the component imports `{0}`, which this host does not offer\nhint: a plugin has no files, network or environment; find the dependency that wants them"
    )]
    Foreign(String),
    /// The component is written for a version of the contract that this host does not serve.
    #[error(
        "the component is written for `{name}`; this host serves the contract {served}\nhint: build the plugin with an SDK for one of these versions, or run a host that serves the plugin's"
    )]
    Version {
        /// The import or export with its version.
        name: String,
        /// The newest of each series that is served, separated by commas.
        served: String,
    },
    /// The component uses a function that came later than this host, or that never was.
    #[error(
        "the component uses `{function}` of `{import}`, which the contract {newest} of this host does not have\nhint: run a newer host, or build the plugin with the SDK of this host"
    )]
    Function {
        /// The interface with its version.
        import: String,
        /// The function.
        function: String,
        /// The newest version of its series here.
        newest: String,
    },
    /// The component imports interfaces that its manifest does not ask for.
    #[error(
        "the plugin `{plugin}` imports {} and its manifest does not ask for it\nhint: its author has to add {} with a reason to plugin.toml",
        quoted(capabilities),
        sections(capabilities)
    )]
    NotAsked {
        /// The plugin's name.
        plugin: String,
        /// The capabilities.
        capabilities: Vec<&'static str>,
    },
    /// A grant names no capability.
    #[error("{0}\nhint: change `grants` of the plugin in the configuration")]
    UnknownGrant(stoa_rules::UnknownCapability),
    /// A function differs from what the interface says.
    #[error("the component does not fit this host: {0}\nhint: build it with the SDK of this host")]
    Link(String),
    /// The component does not export the widget interface.
    #[error("the component exports no `stoa:plugin/widget`\nhint: use the SDK's macro once in the plugin")]
    NoWidget,
    /// A setting is unknown, or its value does not fit.
    #[error("settings.{key}: {message}")]
    Setting {
        /// Which.
        key: String,
        /// What is wrong and what to do.
        message: String,
    },
    /// The compiler failed or was stopped.
    #[error("the component cannot be compiled: {0}")]
    Compile(String),
    /// The plugin could not say what it can do.
    #[error("the plugin cannot say what it does: {0}")]
    Describe(CallError),
    /// What the plugin says it can do is not of the right form.
    #[error("the plugin's verbs: {0}")]
    Verbs(String),
    /// This machine cannot run plugins.
    #[error("plugins cannot run here: {0}")]
    Engine(String),
}

fn quoted(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn sections(names: &[&str]) -> String {
    names.iter().map(|name| format!("[capabilities.{name}]")).collect::<Vec<_>>().join(", ")
}

/// Why a call came to nothing. It cost this call alone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// Too many calls wait; try again in a second.
    #[error("too many calls of this plugin wait")]
    Busy,
    /// The plugin failed too often and rests.
    #[error("the plugin has failed too often and rests for {retry_after_s} s")]
    CircuitOpen {
        /// When it is tried again.
        retry_after_s: u64,
    },
    /// It took too long.
    #[error("the plugin took too long")]
    Deadline {
        /// Which time was used up.
        clock: Clock,
    },
    /// It wanted more memory than it may have.
    #[error("the plugin used up its memory")]
    Memory {
        /// How much it may have.
        limit_bytes: u64,
    },
    /// It did more work than it may.
    #[error("the plugin did too much work")]
    Fuel {
        /// How much it may do.
        limit: u64,
    },
    /// It went on calling the host after a budget was used up, or handed over too much at once.
    #[error("the plugin used up its budget of {name}")]
    Quota {
        /// Which budget: `host-calls`, `bytes`.
        name: &'static str,
        /// How much there was.
        limit: u64,
    },
    /// It crashed.
    #[error("the plugin crashed")]
    Fault {
        /// The trap, and where.
        trap: String,
    },
    /// What it answered is outside the rules.
    #[error("the plugin answered something that is not allowed")]
    Invalid(String),
    /// What the parameters name is not there (any more).
    #[error("this is not there any more")]
    NotFound,
    /// A host function did not do what the plugin needs.
    #[error("the plugin could not do this")]
    Failed(String),
    /// A fault of the host.
    #[error("the host failed")]
    Host(String),
}

/// A clock of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// Time in which the plugin itself worked.
    Cpu,
    /// Time in all.
    Wall,
}

impl CallError {
    /// What the log and the plugin's author should know.
    #[must_use]
    pub fn private(&self) -> String {
        match self {
            Self::Deadline { clock: Clock::Cpu } => "the limit cpu_ms was used up".to_owned(),
            Self::Deadline { clock: Clock::Wall } => "the limit wall_ms was used up".to_owned(),
            Self::Memory { limit_bytes } => format!("more than {limit_bytes} bytes of memory"),
            Self::Fuel { limit } => format!("more than {limit} units of fuel"),
            Self::Quota { name, limit } => format!("more than {limit} of {name}"),
            Self::Fault { trap } => trap.clone(),
            Self::Invalid(text) | Self::Failed(text) | Self::Host(text) => text.clone(),
            Self::Busy | Self::CircuitOpen { .. } | Self::NotFound => self.to_string(),
        }
    }

    /// Whether the plugin itself is to blame, so that its circuit breaker counts it.
    #[must_use]
    pub fn is_fault_of_plugin(&self) -> bool {
        match self {
            Self::Deadline { .. }
            | Self::Memory { .. }
            | Self::Fuel { .. }
            | Self::Quota { .. }
            | Self::Fault { .. }
            | Self::Invalid(_) => true,
            Self::Busy | Self::CircuitOpen { .. } | Self::NotFound | Self::Failed(_) | Self::Host(_) => false,
        }
    }
}
