//! What belongs to one call: it is made for it and thrown away with it.

use std::sync::Arc;

use stoa_rules::Declared;
use wasmtime::UpdateDeadline;

use super::super::border::types;
use super::super::errors::{CallError, Clock};
use super::super::package::{Grants, Settings};
use super::super::reads::{Fetched, Reading, Reads};
use super::super::record::{Recorder, invalid};
use super::budget::{BYTES_MAX, Budget, BudgetExceeded, CallUsage, LOG_LINES_MAX, Memory, Time};
use crate::base::clock::Micros;
use crate::base::config::CallLimits;
use crate::base::id::{PersonId, PluginName, SiteId};
use crate::store::{Person, StoreError};

/// Notes of one call.
const NOTES_MAX: usize = 8;

/// Where, when and for whom a call is made.
#[derive(Clone)]
pub struct Call {
    /// The site.
    pub site: SiteId,
    /// The page.
    pub page: CallPage,
    /// The person; none for somebody not signed in.
    pub person: Option<CallPerson>,
    /// Whether the person decides on entries of others here.
    pub moderates: bool,
    /// The state of the view, 16 at the most.
    pub parameters: Vec<(String, String)>,
    /// When the browser last asked for everything.
    pub since: Option<Micros>,
    /// Whether the person may write here.
    pub may_write: bool,
    /// When: the plugin's clock stands at it.
    pub now: Micros,
    /// Where the plugin's random numbers and the ids of new entries start; the same seed gives the same call again.
    pub seed: u64,
    /// The settings of the plugin on the site.
    pub settings: Arc<Settings>,
    /// What the plugin may read.
    pub reads: Arc<dyn Reads>,
}

impl std::fmt::Debug for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Call").field("site", &self.site).field("page", &self.page).finish_non_exhaustive()
    }
}

/// The page of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallPage {
    /// The stable key.
    pub key: String,
    /// The title.
    pub title: String,
    /// Who looks after it.
    pub owner: Option<PersonId>,
    /// Whether it is closed for new entries.
    pub closed: bool,
}

/// The person of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallPerson {
    /// The id.
    pub id: PersonId,
    /// The display name.
    pub name: String,
    /// Roles beyond member.
    pub roles: Vec<String>,
    /// Whether the person is still here.
    pub active: bool,
}

impl From<&Person> for CallPerson {
    fn from(person: &Person) -> Self {
        Self {
            id: person.id.clone(),
            name: person.name.clone(),
            roles: person.roles.clone(),
            active: person.active,
        }
    }
}

/// How a host function ends other than well: something the plugin is told, or the end of the call.
#[derive(Debug)]
pub(crate) enum HostError {
    /// The plugin gets this error.
    Return(types::Error),
    /// The call is over; [`CallState::end`] has the reason.
    Trap,
}

impl From<types::Error> for HostError {
    fn from(error: types::Error) -> Self {
        Self::Return(error)
    }
}

impl From<BudgetExceeded> for types::Error {
    fn from(spent: BudgetExceeded) -> Self {
        Self::Quota(types::Quota { name: spent.name.to_owned(), limit: spent.limit })
    }
}

/// What a plugin may do in a call, whoever it is made for.
#[derive(Clone)]
pub(crate) struct Rights {
    /// The plugin.
    pub(crate) plugin: PluginName,
    /// What the manifest asks for and the admin grants.
    pub(crate) granted: Grants,
    /// Whether entries of the whole site can be read.
    pub(crate) reads_site: bool,
    /// The kinds of entries and marks that the manifest declares.
    pub(crate) declared: Arc<Declared>,
}

/// What the functions of the border work on.
pub(crate) struct CallState {
    pub(crate) plugin: PluginName,
    pub(crate) granted: Grants,
    pub(crate) reads_site: bool,
    pub(crate) declared: Arc<Declared>,
    /// Takes what is recorded; only in `act`.
    pub(crate) recorder: Option<Recorder>,
    pub(crate) call: Call,
    pub(crate) memory: Memory,
    pub(crate) time: Time,
    pub(crate) fetched: Fetched,
    pub(crate) log_lines: Budget,
    /// How many ids the call has made.
    ids: u16,
    random: u64,
    host_calls: Budget,
    rows: Budget,
    bytes: Budget,
    /// Why the host ended the call, if it did.
    end: Option<CallError>,
    /// What the host did not do, for the plugin's author.
    notes: Vec<String>,
}

impl CallState {
    pub(crate) fn new(rights: Rights, call: Call, recorder: Option<Recorder>, limits: &CallLimits) -> Self {
        let Rights { plugin, granted, reads_site, declared } = rights;
        Self {
            plugin,
            granted,
            reads_site,
            declared,
            recorder,
            memory: Memory::new(limits.memory_bytes),
            time: Time::start(limits),
            fetched: Fetched::default(),
            ids: 0,
            log_lines: Budget::new("log-lines", LOG_LINES_MAX),
            random: call.seed,
            host_calls: Budget::new("host-calls", u64::from(limits.host_calls)),
            rows: Budget::new("rows", u64::from(limits.rows)),
            bytes: Budget::new("bytes", BYTES_MAX),
            end: None,
            notes: Vec::new(),
            call,
        }
    }

    /// The end of the call, for this reason. The first reason stays.
    pub(crate) fn end(&mut self, why: CallError) -> HostError {
        self.end.get_or_insert(why);
        HostError::Trap
    }

    /// Note what the host did not do, and why.
    pub(crate) fn note(&mut self, error: &types::Error) {
        if self.notes.len() < NOTES_MAX {
            self.notes.push(match error {
                types::Error::NotGranted(name) => format!("`{name}` is not granted"),
                types::Error::NotHere => "this call may not record changes".to_owned(),
                types::Error::Denied => "this person may not".to_owned(),
                types::Error::NotFound => "there is no such thing".to_owned(),
                types::Error::Invalid(problem) => format!("{}: {}", problem.at, problem.detail),
                types::Error::Quota(quota) => format!("more than {} of {}", quota.limit, quota.name),
                types::Error::Unavailable => "the host cannot do it now".to_owned(),
                types::Error::Other(other) => format!("{}: {}", other.code, other.detail),
            });
        }
    }

    /// What the host did not do.
    pub(crate) fn into_notes(self) -> Vec<String> {
        self.notes
    }

    /// Why the host ended the call, if it did.
    pub(crate) fn ended(&self) -> Option<&CallError> {
        self.end.as_ref()
    }

    /// Count a host function that reads, wait for it within the call's time, and translate its errors.
    ///
    /// # Errors
    /// [`HostError::Return`] with `quota`, `invalid` or `unavailable`; [`HostError::Trap`] when time is up, or when the plugin
    /// goes on reading long after its budget was used up.
    pub(crate) async fn wait<T>(&mut self, reading: Reading<'_, T>) -> Result<T, HostError> {
        self.count()?;
        let Ok(read) = tokio::time::timeout(self.time.left(), reading).await else {
            return Err(self.end(CallError::Deadline { clock: Clock::Wall }));
        };
        read.map_err(|error| match error {
            StoreError::Invalid(text) => invalid("query", &text),
            StoreError::Unavailable => HostError::Return(types::Error::Unavailable),
            StoreError::Database(detail) => {
                tracing::error!(detail, site = %self.call.site, plugin = %self.plugin, "a read failed");
                HostError::Return(types::Error::Unavailable)
            }
        })
    }

    fn count(&mut self) -> Result<(), HostError> {
        let counted = self.host_calls.charge(1);
        if self.host_calls.is_abused()
            && let Err(spent) = counted
        {
            return Err(self.end(CallError::Quota { name: spent.name, limit: spent.limit }));
        }
        counted.map_err(|spent| HostError::Return(spent.into()))
    }

    /// Count what is handed out.
    ///
    /// # Errors
    /// [`HostError::Return`] with `quota`.
    pub(crate) fn hand_out(&mut self, rows: usize, bytes: usize) -> Result<(), HostError> {
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        let charged = self.rows.charge(count(rows)).and(self.bytes.charge(count(bytes)));
        charged.map_err(|spent| HostError::Return(spent.into()))
    }

    /// A tick of the engine went by while the plugin worked.
    pub(crate) fn tick(&mut self) -> UpdateDeadline {
        match self.time.tick() {
            Ok(true) => UpdateDeadline::YieldCustom(1, Box::pin(tokio::task::yield_now())),
            Ok(false) => UpdateDeadline::Continue(1),
            Err(clock) => {
                self.end(CallError::Deadline { clock });
                UpdateDeadline::Interrupt
            }
        }
    }

    /// The next random number (`SplitMix64`, Steele et al. 2014: passes `BigCrush`, any seed is good). Not for secrets.
    pub(crate) fn random(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.random;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A new id: `UUIDv7` (RFC 9562 section 5.7) of the call's time and its seed, growing within the call.
    pub(crate) fn new_id(&mut self) -> String {
        let millis = u64::try_from(self.call.now.div_euclid(1_000)).unwrap_or(0);
        // Its own stream, so that a plugin's random numbers do not tell ids, nor depend on them. The 12 bits after
        // the time count up, so that ids of one call sort as they were made.
        let keep = std::mem::replace(&mut self.random, self.call.seed ^ number_mix(self.ids));
        let mut bytes = [0_u8; 10];
        bytes[..8].copy_from_slice(&self.random().to_be_bytes());
        bytes[8..].copy_from_slice(&self.random().to_be_bytes()[..2]);
        self.random = keep;
        bytes[..2].copy_from_slice(&self.ids.to_be_bytes());
        self.ids = self.ids.wrapping_add(1);
        uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid().to_string()
    }

    /// What the call has used; `fuel` is known to the store alone.
    pub(crate) fn usage(&self, fuel: u64) -> CallUsage {
        CallUsage {
            fuel,
            host_calls: self.host_calls.used,
            rows: self.rows.used,
            bytes: self.bytes.used,
            peak_memory_bytes: u64::try_from(self.memory.peak).unwrap_or(u64::MAX),
            wall: self.time.elapsed(),
        }
    }
}

fn number_mix(number: u16) -> u64 {
    u64::from(number).wrapping_add(1).wrapping_mul(0xd134_2543_de82_ef95)
}
