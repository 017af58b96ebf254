//! Installing Debian's packages where that is allowed: as root, or with a sudo that asks nothing.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::error::BuildError;

/// Whether this machine has `apt-get` and we may use it without being asked for a password.
#[must_use]
pub fn can_install() -> bool {
    Path::new("/usr/bin/apt-get").exists() && elevated().is_some()
}

/// Installs packages without asking anything; refreshes the package lists when the first try fails.
///
/// # Errors
/// [`BuildError::Install`] with apt-get's answer, or when [`can_install`] is false.
pub fn install(packages: &[&str], say: &dyn Fn(&str)) -> Result<(), BuildError> {
    let names = packages.join(" ");
    let Some(prefix) = elevated().filter(|_| can_install()) else {
        let output = "there is no apt-get here, or neither root nor sudo without a password".into();
        return Err(BuildError::Install { packages: names, output });
    };
    say(&format!("installing {names} (Debian packages)"));
    let mut wanted = vec!["install", "-y", "--no-install-recommends"];
    wanted.extend_from_slice(packages);
    // A fresh machine has no package lists, an old one has stale ones: both fail once.
    if apt_get(prefix, &wanted).is_ok() {
        return Ok(());
    }
    let refreshed = apt_get(prefix, &["update"]);
    apt_get(prefix, &wanted).map_err(|output| {
        let output = refreshed.err().map_or(output.clone(), |first| format!("{first}{output}"));
        BuildError::Install { packages: names, output }
    })
}

/// The words before `apt-get`: none for root, `sudo -n` where it works.
fn elevated() -> Option<&'static [&'static str]> {
    let root = Command::new("id").arg("-u").output().is_ok_and(|out| out.stdout.trim_ascii() == b"0");
    if root {
        return Some(&[]);
    }
    let sudo = Command::new("sudo").args(["-n", "true"]).stdin(Stdio::null()).output();
    sudo.is_ok_and(|out| out.status.success()).then_some(&["sudo", "-n"])
}

fn apt_get(prefix: &[&str], args: &[&str]) -> Result<(), String> {
    let mut words = prefix.to_vec();
    words.extend_from_slice(&["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]);
    words.extend_from_slice(args);
    let out =
        Command::new(words[0]).args(&words[1..]).stdin(Stdio::null()).output().map_err(|e| e.to_string())?;
    if out.status.success() {
        return Ok(());
    }
    Err(String::from_utf8_lossy(&out.stderr).into_owned())
}
