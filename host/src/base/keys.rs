//! Secrets of this host: made once, kept in the data folder, never logged.

use std::path::Path;

use hmac::{Hmac, KeyInit as _, Mac as _};
use rand::TryRngCore as _;
use sha2::Sha256;

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
