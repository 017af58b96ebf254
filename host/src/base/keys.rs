//! Secrets of this host: made once, kept in the data folder, never logged.

use std::path::Path;

use rand::TryRngCore as _;

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
