//! Secrets of this host: made once, kept in the data folder, never logged; and those that others show to it.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use hmac::{Hmac, KeyInit as _, Mac as _};
use rand::TryRngCore as _;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// Bytes of a secret that somebody shows: what `openssl rand -hex 32` makes has 64.
const SHOWN_BYTES_MIN: usize = 32;
/// Secrets of one file: the present one, and the next.
const SHOWN_MAX: usize = 16;

/// Random bytes from the operating system.
///
/// # Panics
/// Never in practice: an operating system without randomness cannot run this host safely, so it stops.
#[must_use]
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::rngs::OsRng.try_fill_bytes(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// The key of this host that tokens and compiled plugins are signed with, 32 bytes.
#[derive(Clone)]
pub struct HostKey([u8; 32]);

impl std::fmt::Debug for HostKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HostKey(..)")
    }
}

impl HostKey {
    /// A key that lives as long as the process: for tests.
    #[must_use]
    pub fn ephemeral() -> Self {
        Self(random_bytes())
    }

    /// The key kept in `data_dir/host.key`; made, readable by the owner alone, when there is none.
    ///
    /// # Errors
    /// When the file cannot be read or made, or does not hold 32 bytes.
    pub fn load_or_make(data_dir: &Path) -> std::io::Result<Self> {
        let path = data_dir.join("host.key");
        match std::fs::read(&path) {
            Ok(bytes) => bytes.try_into().map(Self).map_err(|_| {
                std::io::Error::other(format!("{} does not hold a key of 32 bytes", path.display()))
            }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                std::fs::create_dir_all(data_dir)?;
                let key = random_bytes::<32>();
                write_private(&path, &key)?;
                Ok(Self(key))
            }
            Err(error) => Err(error),
        }
    }

    /// The secret of a site that has this name: 64 characters. What is derived of one name tells nothing of another's
    /// (NIST SP 800-108r1 section 4.1, HMAC as the function).
    #[must_use]
    pub fn secret(&self, site: &str, name: &str) -> String {
        let mut mac = self.mac();
        for part in ["stoa shared secret", site, name] {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        hex::encode(mac.finalize().into_bytes())
    }

    fn mac(&self) -> Hmac<Sha256> {
        // HMAC takes keys of every length (RFC 2104 section 3).
        Hmac::new_from_slice(&self.0).expect("HMAC takes keys of every length")
    }

    /// The bytes, for a MAC.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Secrets of which a program has to show one, from a file that may change while the host runs: one a line, so that the
/// next one is good before the last one is taken out. What is in memory are hashes.
#[derive(Debug)]
pub struct SharedSecrets {
    path: PathBuf,
    hashes: RwLock<Arc<[[u8; 32]]>>,
}

/// Why a file of secrets cannot be used; the text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The file cannot be read.
    #[error("cannot read the secrets in {0}: {1}\nhint: make one with `openssl rand -hex 32`")]
    Read(PathBuf, std::io::Error),
    /// A line is too short to withstand guessing, or there are none or too many.
    #[error(
        "{0} has to hold 1 to {SHOWN_MAX} secrets, one a line, of at least {SHOWN_BYTES_MIN} bytes\n\
         hint: make one with `openssl rand -hex 32`"
    )]
    Short(PathBuf),
}

impl SharedSecrets {
    /// Read the file.
    ///
    /// # Errors
    /// [`SecretError`].
    pub async fn load(path: PathBuf) -> Result<Self, SecretError> {
        let hashes = RwLock::new(read_secrets(&path).await?);
        Ok(Self { path, hashes })
    }

    /// Read the file again; whether there are other secrets now. Those read before stay where it cannot be used.
    ///
    /// # Errors
    /// [`SecretError`].
    pub async fn renew(&self) -> Result<bool, SecretError> {
        let newer = read_secrets(&self.path).await?;
        let mut hashes = self.hashes.write().unwrap_or_else(PoisonError::into_inner);
        let has_changed = *hashes != newer;
        *hashes = newer;
        Ok(has_changed)
    }

    /// Whether what is shown is one of the secrets. Takes as long for a wrong one as for a right one.
    #[must_use]
    pub fn is_one(&self, shown: &str) -> bool {
        let hash: [u8; 32] = Sha256::digest(shown.as_bytes()).into();
        // Nothing panics under the lock; a poisoned one would still hold a whole value.
        let known = Arc::clone(&self.hashes.read().unwrap_or_else(PoisonError::into_inner));
        known.iter().fold(subtle::Choice::from(0), |found, known| found | known.ct_eq(&hash)).into()
    }
}

async fn read_secrets(path: &Path) -> Result<Arc<[[u8; 32]]>, SecretError> {
    let bytes = tokio::fs::read(path).await.map_err(|error| SecretError::Read(path.to_owned(), error))?;
    let lines = bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    let secrets: Vec<&[u8]> = lines.collect();
    let is_short = |secret: &&[u8]| secret.len() < SHOWN_BYTES_MIN;
    if secrets.is_empty() || secrets.len() > SHOWN_MAX || secrets.iter().any(is_short) {
        return Err(SecretError::Short(path.to_owned()));
    }
    Ok(secrets.into_iter().map(|secret| Sha256::digest(secret).into()).collect())
}

/// Make a file that only this user can read; it must not be there.
#[cfg(unix)]
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(not(unix))]
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    std::fs::write(path, bytes)
}
