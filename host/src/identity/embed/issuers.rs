//! Those who vouch for people of one site, with their keys, which may change while the host runs.
//!
//! Keys in files are read again by [`Issuers::renew`], which `stoa serve` calls every ten seconds and at SIGHUP. Keys at
//! an address are fetched when a token needs one, and then once an hour, or when a token names a key that is not among
//! them or does not fit them, at most once a minute. Keys that are there stay until others have taken their place.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use sha2::{Digest as _, Sha256};
use tokio::sync::Mutex;

use super::keys::{Key, KeyError, KeySet, jwks_url};
use super::{LoggedOut, Vouched, check_logout, check_with, issuer_of};
use crate::base::clock::{Clock, MINUTE, Micros};
use crate::base::config::{Issuer, IssuerKey, KeySource, Site};
use crate::base::fetch::Fetcher;
use crate::identity::IdentityError;

/// Bytes of a JWK set and of a provider's description, each.
const DOCUMENT_BYTES_MAX: usize = 256 * 1024;
/// How long fetched keys are believed before they are fetched again unasked.
const FRESH: Micros = 60 * MINUTE;

/// What became of the keys of one issuer when they were looked at again.
#[derive(Debug)]
pub enum Renewal {
    /// There are other keys now.
    Changed {
        /// Whose.
        issuer: String,
        /// What each is called.
        keys: Vec<String>,
    },
    /// They cannot be had; those read before stay.
    Failed {
        /// Whose.
        issuer: String,
        /// What is wrong and what to do.
        error: KeyError,
    },
}

/// Those who vouch for people of one site.
#[derive(Default)]
pub struct Issuers(HashMap<String, Arc<Known>>);

struct Known {
    config: Issuer,
    keys: RwLock<Arc<KeySet>>,
    /// None for keys in files.
    remote: Option<Remote>,
    /// What was last told of its files, so that it is told once.
    complaint: Mutex<String>,
}

struct Remote {
    fetcher: Fetcher,
    tried: Mutex<Tried>,
}

#[derive(Default)]
struct Tried {
    /// When they were last asked for.
    at: Option<Micros>,
    /// When they last came.
    fetched_at: Option<Micros>,
}

impl std::fmt::Debug for Issuers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Issuers({})", self.0.len())
    }
}

impl Issuers {
    /// Read the files of keys that the site's configuration names. Nothing is fetched yet.
    ///
    /// # Errors
    /// [`KeyError`] for the first one that cannot be used.
    pub async fn load(site: &Site) -> Result<Self, KeyError> {
        let mut issuers = HashMap::new();
        for config in &site.issuers {
            let (keys, remote) = match config.source() {
                KeySource::Files(files) => (read(config, &files).await?, None),
                KeySource::Jwks(_) | KeySource::Discovery(_) => {
                    (KeySet::default(), Some(Remote { fetcher: Fetcher::new()?, tried: Mutex::default() }))
                }
            };
            issuers.insert(config.issuer.clone(), Arc::new(Known::new(config.clone(), keys, remote)));
        }
        Ok(Self(issuers))
    }

    /// Check a token of `site` that came with the header `Origin: {origin}` (none: from no browser page of another
    /// origin). Where its key is not known, keys are fetched first, which takes five seconds at the most.
    ///
    /// # Errors
    /// [`IdentityError`] names the first claim that fails.
    pub async fn check(
        &self,
        token: &str,
        site: &Site,
        origin: Option<&str>,
        clock: &Clock,
    ) -> Result<Vouched, IdentityError> {
        self.with_keys(token, clock, |now| self.check_now(token, site, origin, now)).await
    }

    /// Check a logout token of one of the site's providers. Keys are fetched as for [`Self::check`].
    ///
    /// # Errors
    /// [`IdentityError`] names the first claim that fails.
    pub async fn check_logout(&self, token: &str, clock: &Clock) -> Result<LoggedOut, IdentityError> {
        self.with_keys(token, clock, |now| check_logout(token, |issuer| self.find(issuer), now)).await
    }

    /// A check by the keys that are here, and once more where one may be missing.
    async fn with_keys<T>(
        &self,
        token: &str,
        clock: &Clock,
        check: impl Fn(Micros) -> Result<T, IdentityError>,
    ) -> Result<T, IdentityError> {
        let checked = check(clock.now());
        let (
            Err(IdentityError::Key | IdentityError::Signature | IdentityError::KeysUnavailable),
            Some(known),
        ) = (&checked, issuer_of(token).ok().and_then(|issuer| self.0.get(&issuer)))
        else {
            return checked;
        };
        if known.remote.is_none() {
            return checked;
        }
        // In a task of its own: whoever asks and goes away does not keep the keys from coming.
        let (known, at) = (Arc::clone(known), clock.clone());
        drop(tokio::spawn(async move { known.fetch_at_need(&at).await }).await);
        check(clock.now())
    }

    /// As [`Self::check`] by the keys that are here.
    ///
    /// # Errors
    /// As [`Self::check`]; `KeysUnavailable` where keys were never fetched.
    pub(super) fn check_now(
        &self,
        token: &str,
        site: &Site,
        origin: Option<&str>,
        now: Micros,
    ) -> Result<Vouched, IdentityError> {
        check_with(token, site, |issuer| self.find(issuer), origin, now)
    }

    /// The configuration of an issuer with its keys as they are now.
    pub(super) fn find(&self, issuer: &str) -> Option<(&Issuer, Arc<KeySet>)> {
        self.0.get(issuer).map(|known| (&known.config, known.keys()))
    }

    /// Read the files of keys again, and fetch the others where they are older than an hour or `all` are asked for.
    /// What has changed, and what cannot be had; the latter is told once for each reason.
    pub async fn renew(&self, clock: &Clock, all: bool) -> Vec<Renewal> {
        let mut told = Vec::new();
        for known in self.0.values() {
            let renewed = match &known.remote {
                None => known.read_again().await,
                Some(remote) => known.fetch_when_old(remote, clock, all).await,
            };
            told.extend(renewed);
        }
        told
    }
}

impl Known {
    fn new(config: Issuer, keys: KeySet, remote: Option<Remote>) -> Self {
        Self { config, keys: RwLock::new(Arc::new(keys)), remote, complaint: Mutex::default() }
    }

    fn keys(&self) -> Arc<KeySet> {
        // Nothing panics under the lock; a poisoned one would still hold a whole value.
        Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Put keys in the place of those that are there, and say so where they differ.
    fn put(&self, keys: KeySet) -> Option<Renewal> {
        let has_changed = self.keys().digest != keys.digest;
        let labels = keys.keys.iter().map(Key::label).collect();
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keys);
        has_changed.then(|| Renewal::Changed { issuer: self.config.issuer.clone(), keys: labels })
    }

    async fn read_again(&self) -> Option<Renewal> {
        let KeySource::Files(files) = self.config.source() else { return None };
        match read(&self.config, &files).await {
            Ok(keys) => {
                self.complaint.lock().await.clear();
                self.put(keys)
            }
            Err(error) => self.complain(error).await,
        }
    }

    async fn complain(&self, error: KeyError) -> Option<Renewal> {
        let mut complaint = self.complaint.lock().await;
        if *complaint == error.to_string() {
            return None;
        }
        *complaint = error.to_string();
        Some(Renewal::Failed { issuer: self.config.issuer.clone(), error })
    }

    /// Fetch because of a token, unless they were asked for in the last minute. Whoever comes while they are fetched
    /// waits for the same ones.
    async fn fetch_at_need(&self, clock: &Clock) {
        let Some(remote) = &self.remote else { return };
        let mut tried = remote.tried.lock().await;
        let now = clock.now();
        // A clock that was set back keeps nobody out for longer.
        if tried.at.is_some_and(|at| (at..at + MINUTE).contains(&now)) {
            return;
        }
        log(&self.fetch(remote, &mut tried, now).await);
    }

    async fn fetch_when_old(&self, remote: &Remote, clock: &Clock, all: bool) -> Option<Renewal> {
        let mut tried = remote.tried.lock().await;
        let now = clock.now();
        let is_fresh = tried.fetched_at.is_some_and(|at| (at..at + FRESH).contains(&now));
        let was_tried = tried.at.is_some_and(|at| (at..at + MINUTE).contains(&now));
        if !all && (is_fresh || was_tried) {
            return None;
        }
        self.fetch(remote, &mut tried, now).await
    }

    async fn fetch(&self, remote: &Remote, tried: &mut Tried, now: Micros) -> Option<Renewal> {
        tried.at = Some(now);
        match self.fetched(&remote.fetcher).await {
            Ok(keys) => {
                tried.fetched_at = Some(now);
                self.complaint.lock().await.clear();
                self.put(keys)
            }
            Err(error) => self.complain(error).await,
        }
    }

    async fn fetched(&self, fetcher: &Fetcher) -> Result<KeySet, KeyError> {
        let url = match self.config.source() {
            KeySource::Jwks(url) => url,
            KeySource::Discovery(url) => {
                jwks_url(&fetcher.get(&url, DOCUMENT_BYTES_MAX).await?, &self.config.issuer, &url)?
            }
            KeySource::Files(files) => return read(&self.config, &files).await,
        };
        KeySet::from_jwks(&fetcher.get(&url, DOCUMENT_BYTES_MAX).await?, self.config.algorithm, &url)
    }
}

/// The keys in an issuer's files.
async fn read(issuer: &Issuer, files: &[IssuerKey]) -> Result<KeySet, KeyError> {
    let (mut keys, mut digest) = (Vec::new(), Sha256::new());
    for file in files {
        let bytes = match file.bytes() {
            Some(bytes) => bytes.to_vec(),
            None => tokio::fs::read(file.path()).await.map_err(|source| KeyError::Read {
                issuer: issuer.issuer.clone(),
                path: file.path().to_owned(),
                source,
            })?,
        };
        digest.update((bytes.len() as u64).to_be_bytes());
        digest.update(&bytes);
        keys.push(Key::from_file(file, &bytes)?);
    }
    Ok(KeySet { keys, digest: digest.finalize().into() })
}

/// Tell the admin what became of keys.
pub fn log<'a>(renewals: impl IntoIterator<Item = &'a Renewal>) {
    for renewal in renewals {
        match renewal {
            Renewal::Changed { issuer, keys } => {
                tracing::info!(issuer, keys = keys.join(", "), "the keys of an issuer were read");
            }
            Renewal::Failed { issuer, error } => {
                tracing::error!(issuer, "keys cannot be had, those read before stay: {error}");
            }
        }
    }
}

#[cfg(test)]
impl Issuers {
    /// One key given as bytes.
    pub(crate) fn with(mut self, config: Issuer, keys: &[(IssuerKey, &[u8])]) -> Result<Self, KeyError> {
        let keys = keys.iter().map(|(key, bytes)| Key::from_file(key, bytes)).collect::<Result<_, _>>()?;
        let known = Known::new(config, KeySet { keys, digest: [0; 32] }, None);
        self.0.insert(known.config.issuer.clone(), Arc::new(known));
        Ok(self)
    }

    /// Keys as a JWK set gives them.
    pub(crate) fn with_set(mut self, config: Issuer, set: &str) -> Result<Self, KeyError> {
        let keys = KeySet::from_jwks(set.as_bytes(), config.algorithm, "https://login.example/keys")?;
        self.0.insert(config.issuer.clone(), Arc::new(Known::new(config, keys, None)));
        Ok(self)
    }
}
