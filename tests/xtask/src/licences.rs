//! `cargo xtask licences`: licence, source and version of every dependency against `.deny.toml`, offline.
//!
//! The file is cargo-deny's, which takes minutes to build. This check needs nothing but cargo, so it runs on every
//! machine; it reads three things of the file: `licenses.allow`, `licenses.exceptions` and `bans.deny`. What it lacks
//! is the advisory database, which needs a network: a refused version is entered by hand.

use anyhow::{Context as _, Result};
use semver::{Version, VersionReq};
use serde_json::Value;
use spdx::{Expression, Licensee, ParseMode};

use crate::steps::{Steps, TaskError, capture};
use crate::tools::{cargo, root};

/// What `.deny.toml` says, as far as we read it.
struct Rules {
    allowed: Vec<Licensee>,
    /// Crate and the further licences it may have.
    exceptions: Vec<(String, Vec<Licensee>)>,
    refused: Vec<Refused>,
}

struct Refused {
    name: String,
    versions: VersionReq,
    reason: String,
}

/// One crate, as `cargo metadata` tells of it.
struct Package {
    name: String,
    version: Version,
    licence: Option<String>,
    source: Option<String>,
    /// Dependencies that name a registry other than the default one.
    foreign: Vec<String>,
}

/// Checks every crate in the lock file; says how many there were.
pub(crate) fn run(steps: &Steps) -> Result<()> {
    let rules =
        read_rules(&std::fs::read_to_string(root().join(".deny.toml")).context("cannot read .deny.toml")?)?;
    let metadata = capture(
        &mut cargo(&["metadata", "--format-version", "1", "--locked"]),
        "run `cargo fetch` once with a network, and commit Cargo.lock",
    )?;
    let packages = read_packages(&serde_json::from_str(&metadata)?)?;
    let faults: Vec<String> = packages.iter().flat_map(|package| faults(package, &rules)).collect();
    for fault in &faults {
        steps.say(&format!("  {fault}"));
    }
    if faults.is_empty() {
        steps.say(&format!("  done    licences, sources and versions of {} crates", packages.len()));
        return Ok(());
    }
    let hint = "choose another crate or version, or allow it in .deny.toml with the reason beside it";
    Err(TaskError::new(format!("{} dependencies are not allowed", faults.len()), hint).into())
}

/// Everything wrong with one crate, in words.
fn faults(package: &Package, rules: &Rules) -> Vec<String> {
    let label = format!("{} {}", package.name, package.version);
    let mut found = Vec::new();
    let extra = rules.exceptions.iter().filter(|(name, _)| *name == package.name).flat_map(|(_, ids)| ids);
    let allowed: Vec<Licensee> = rules.allowed.iter().chain(extra).cloned().collect();
    match &package.licence {
        None => found.push(format!("{label}: names no licence")),
        Some(licence) if !admits(licence, &allowed) => {
            found.push(format!("{label}: {licence} is not allowed"));
        }
        Some(_) => {}
    }
    if let Some(source) = package.source.as_ref().filter(|source| !source.starts_with("registry+")) {
        found.push(format!("{label}: comes from {source}, not from the registry"));
    }
    found.extend(package.foreign.iter().map(|name| format!("{label}: takes {name} from another registry")));
    for refused in rules.refused.iter().filter(|refused| refused.name == package.name) {
        if refused.versions.matches(&package.version) {
            found.push(format!("{label}: refused ({}): {}", refused.versions, refused.reason));
        }
    }
    found
}

/// Whether an SPDX expression can be met with these licences. Crates published long ago write `/` for OR and `GPL-3.0`
/// for `GPL-3.0-only`.
fn admits(expression: &str, allowed: &[Licensee]) -> bool {
    let parsed = Expression::parse_mode(expression, ParseMode::LAX);
    parsed
        .is_ok_and(|parsed| parsed.evaluate(|wanted| allowed.iter().any(|licence| licence.satisfies(wanted))))
}

fn read_rules(text: &str) -> Result<Rules> {
    let table: toml::Table = text.parse().context(".deny.toml is no TOML")?;
    let list = |section: &str, key: &str| {
        table
            .get(section)
            .and_then(|part| part.get(key))
            .and_then(toml::Value::as_array)
            .cloned()
            .unwrap_or_default()
    };
    let mut exceptions = Vec::new();
    for item in list("licenses", "exceptions") {
        let ids = item.get("allow").and_then(toml::Value::as_array).cloned().unwrap_or_default();
        exceptions.push((field(&item, "crate")?, licensees(&ids)?));
    }
    let mut refused = Vec::new();
    for item in list("bans", "deny") {
        let spec = field(&item, "crate")?;
        let (name, versions) = spec.split_once(':').unwrap_or((&spec, "*"));
        let versions = VersionReq::parse(versions).with_context(|| format!(".deny.toml: {spec}"))?;
        refused.push(Refused { name: name.to_owned(), versions, reason: field(&item, "reason")? });
    }
    Ok(Rules { allowed: licensees(&list("licenses", "allow"))?, exceptions, refused })
}

/// Licences that may be had, each with its exception.
fn licensees(values: &[toml::Value]) -> Result<Vec<Licensee>> {
    values
        .iter()
        .map(|value| {
            let id = value.as_str().unwrap_or_default();
            Licensee::parse(id)
                .with_context(|| format!(".deny.toml: `{value}` is no licence of the SPDX list"))
        })
        .collect()
}

fn field(item: &toml::Value, key: &str) -> Result<String> {
    let value = item.get(key).and_then(toml::Value::as_str).map(str::to_owned);
    value.with_context(|| format!(".deny.toml: `{item}` has no {key}"))
}

fn read_packages(metadata: &Value) -> Result<Vec<Package>> {
    let packages = metadata["packages"].as_array().context("cargo metadata lists no packages")?;
    packages
        .iter()
        .map(|package| {
            let text = |key: &str| package[key].as_str().map(str::to_owned);
            let dependencies = package["dependencies"].as_array().map(Vec::as_slice).unwrap_or_default();
            let foreign = dependencies.iter().filter(|dependency| !dependency["registry"].is_null());
            Ok(Package {
                name: text("name").context("a package has no name")?,
                version: Version::parse(&text("version").context("a package has no version")?)?,
                licence: text("license"),
                source: text("source"),
                foreign: foreign.filter_map(|d| d["name"].as_str().map(str::to_owned)).collect(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{admits, faults, licensees, read_packages, read_rules};

    const RULES: &str = r#"
[licenses]
allow = ["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD-3-Clause"]
exceptions = [{ crate = "certs", allow = ["CDLA-Permissive-2.0"] }]
[bans]
deny = [{ crate = "engine:<48.0.6", reason = "unbounded memory" }, { crate = "left-pad", reason = "no" }]
"#;

    #[test]
    fn an_expression_is_met_by_what_is_allowed() {
        let allowed = ["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception"].map(toml::Value::from);
        let allowed = licensees(&allowed).unwrap();
        let check = |expression: &str, expected: bool| {
            assert_eq!(admits(expression, &allowed), expected, "{expression}");
        };
        check("MIT", true);
        check("GPL-3.0-only", false);
        check("MIT/Apache-2.0", true);
        check("GPL-2.0 OR MIT", true);
        check("GPL-2.0 AND MIT", false);
        check("Apache-2.0 WITH LLVM-exception", true);
        check("GPL-2.0 WITH Classpath-exception-2.0", false);
        check("(MIT OR GPL-2.0) AND Apache-2.0", true);
        check("MIT AND (GPL-2.0 OR ISC)", false);
        check("MIT OR GPL-2.0 AND ISC", true);
        check("", false);
        check("MIT Apache-2.0", false);
        check("(MIT", false);
    }

    /// The faults of one crate with these fields must hold these words, one each.
    fn check(package: &serde_json::Value, expected: &[&str]) {
        let packages = read_packages(&json!({ "packages": [package] })).unwrap();
        let found = faults(&packages[0], &read_rules(RULES).unwrap());
        assert_eq!(found.len(), expected.len(), "{found:?}");
        for (fault, part) in found.iter().zip(expected) {
            assert!(fault.contains(part), "{fault} lacks {part}");
        }
    }

    #[test]
    fn a_crate_is_refused_for_its_licence_its_source_or_its_version() {
        let registry = "registry+here";
        check(&json!({"name": "a", "version": "1.0.0", "license": "MIT", "source": registry}), &[]);
        check(&json!({"name": "a", "version": "1.0.0", "source": null}), &["names no licence"]);
        check(&json!({"name": "a", "version": "1.0.0", "license": "AGPL-3.0"}), &["AGPL-3.0 is not allowed"]);
        check(&json!({"name": "certs", "version": "1.0.0", "license": "CDLA-Permissive-2.0"}), &[]);
        check(
            &json!({"name": "a", "version": "1.0.0", "license": "MIT", "source": "git+https://x"}),
            &["not from the registry"],
        );
        check(
            &json!({"name": "a", "version": "1.0.0", "license": "MIT",
                    "dependencies": [{"name": "b", "registry": "elsewhere"}, {"name": "c", "registry": null}]}),
            &["takes b from another registry"],
        );
        check(&json!({"name": "engine", "version": "48.0.5", "license": "MIT"}), &["unbounded memory"]);
        check(&json!({"name": "engine", "version": "48.0.6", "license": "MIT"}), &[]);
        check(&json!({"name": "left-pad", "version": "9.9.9", "license": "MIT"}), &["refused"]);
    }

    #[test]
    fn a_rule_that_says_nothing_is_not_accepted() {
        assert!(read_rules("[licenses]\nallow = [\"MTI\"]").is_err());
        assert!(read_rules("[bans]\ndeny = [{ crate = \"a\" }]").is_err());
        assert!(read_rules("[bans]\ndeny = [{ crate = \"a:not a version\", reason = \"x\" }]").is_err());
    }

    #[test]
    fn the_file_of_this_project_is_read_whole() {
        let text = std::fs::read_to_string(crate::tools::root().join(".deny.toml")).unwrap();
        let rules = read_rules(&text).unwrap();
        assert!(rules.allowed.len() > 3 && !rules.refused.is_empty());
    }
}
