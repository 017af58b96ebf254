//! `cargo xtask test cms`: the packages of `widgets/cms` in the real systems, used in a real browser.
//!
//! Apart from `cargo xtask test`, because it installs the systems and whatever Debian packages they need.

use std::process::Command;

use anyhow::Result;
use clap::builder::PossibleValuesParser;

use crate::steps::{Steps, show};
use crate::tools::{browser, npm_install, root};
use crate::{demo, wasm, widgets};

/// A system that a package is tried in, by `tests/browser/cms/NAME.mjs`.
struct System {
    name: &'static str,
    /// Debian packages that it and its installation need.
    packages: &'static [&'static str],
}

const SYSTEMS: [System; 5] = [
    System {
        name: "wordpress",
        packages: &[
            "mariadb-server",
            "php-cli",
            "php-curl",
            "php-gd",
            "php-mbstring",
            "php-mysql",
            "php-xml",
            "python3",
            "wordpress",
            "wordpress-theme-twentytwentythree",
        ],
    },
    System {
        name: "dokuwiki",
        packages: &["dokuwiki", "php-cli", "php-gd", "php-intl", "php-mbstring", "php-xml"],
    },
    System {
        name: "mediawiki",
        packages: &[
            "mediawiki",
            "php-apcu",
            "php-cli",
            "php-curl",
            "php-gd",
            "php-intl",
            "php-mbstring",
            "php-sqlite3",
            "php-xml",
        ],
    },
    System {
        name: "static",
        packages: &[
            "golang-go",
            "hugo",
            "jekyll",
            "nginx-light",
            "openjdk-17-jdk-headless",
            "php-cli",
            "python3-venv",
        ],
    },
    System { name: "wagtail", packages: &["python3-venv"] },
];

#[derive(clap::Args)]
pub(crate) struct Options {
    /// This system alone; may be given several times
    #[arg(long, value_parser = PossibleValuesParser::new(SYSTEMS.map(|system| system.name)))]
    only: Vec<String>,
}

/// Builds what is needed, installs the systems and runs their tests one after the other.
pub(crate) fn run(options: &Options, steps: &Steps) -> Result<()> {
    let wanted =
        |system: &&System| options.only.is_empty() || options.only.iter().any(|name| name == system.name);
    let systems: Vec<&System> = SYSTEMS.iter().filter(wanted).collect();
    wasm::run(steps)?;
    widgets::run(steps)?;
    demo::build_programs(steps)?;
    let folder = root().join("tests/browser");
    npm_install(&folder, steps)?;
    let missing: Vec<&str> = systems
        .iter()
        .flat_map(|system| system.packages)
        .copied()
        .filter(|name| !is_installed(name))
        .collect();
    if !missing.is_empty() {
        stoa_build::install(&missing, &|line| steps.say(line))?;
    }
    let mut node = Command::new("node");
    node.current_dir(&folder).env("CHROMIUM", browser(steps)?).args(["--test", "--test-concurrency=1"]);
    node.args(systems.iter().map(|system| format!("cms/{}.mjs", system.name)));
    show(
        &mut node,
        "the names of what failed are above; STOA_KEEP=1 keeps the installed systems with their logs",
    )
}

/// Whether a Debian package is there; what is not Debian has it or not by other means, and nothing is installed.
fn is_installed(package: &str) -> bool {
    let status = Command::new("dpkg-query").args(["-W", "-f", "${Status}", package]).output();
    status.map_or(true, |out| out.stdout.ends_with(b" installed"))
}
