//! Which way imports point: between the modules of the host, and between crates.

use std::collections::BTreeSet;

use crate::source::{Language, Tree, closing, mask};

/// Directories of the host; each may use itself and those to its left.
const MODULES: [&str; 8] = ["base", "store", "identity", "services", "runtime", "dispatch", "http", "cli"];

/// What a folder's crates may depend on among the crates of the workspace. Tests may use everything, so
/// they are not listed; everything else must be.
const MAY_USE: [(&str, &[&str]); 9] = [
    ("host/", &["stoa-rules", "stoa-view"]),
    ("plugins/", &["stoa-plugin"]),
    ("sdk/build/", &["stoa-rules"]),
    ("sdk/examples/", &["stoa-plugin"]),
    ("sdk/plugin/", &["stoa-rules", "stoa-view"]),
    ("sdk/rules/", &[]),
    ("sdk/view/", &[]),
    ("widgets/demo/", &[]),
    ("widgets/runtime/", &["stoa-view"]),
];

pub(crate) fn inside_host(tree: &Tree) -> Vec<String> {
    let mut found = BTreeSet::new();
    for (path, text) in tree.below("host/src/", &[".rs"]) {
        let module = module_path(path);
        let Some(own) = module.first().and_then(|directory| place(directory)) else { continue };
        for used in used_rooms(&mask(text, Language::Rust), module.len()) {
            let Some(other) = place(&used) else { continue };
            if other > own {
                found.insert(format!("{path}: {} may not use {used}, which is to its right", MODULES[own]));
            } else if MODULES[own] == "http" && used == "store" {
                found.insert(format!("{path}: http may not touch store; ask a service"));
            }
        }
    }
    found.into_iter().collect()
}

fn place(directory: &str) -> Option<usize> {
    MODULES.iter().position(|name| *name == directory)
}

/// `host/src/base/clock.rs` is `base::clock`, `host/src/base/mod.rs` is `base`.
fn module_path(path: &str) -> Vec<String> {
    let inner = path.trim_start_matches("host/src/").trim_end_matches(".rs");
    inner.split('/').filter(|part| !matches!(*part, "mod" | "lib" | "main")).map(str::to_owned).collect()
}

/// First words behind `crate::`, `stoa::` and as many `super::` as lead out of the module. A `super` in an
/// inline module reaches less far than counted here; it names a directory then only if a module has that name.
fn used_rooms(masked: &[char], depth: usize) -> Vec<String> {
    let mut found = Vec::new();
    for at in 0..masked.len() {
        let begins = at == 0 || !(masked[at - 1].is_alphanumeric() || matches!(masked[at - 1], '_' | ':'));
        if !begins {
            continue;
        }
        let mut rest = at;
        let mut climbed = 0;
        while follows(masked, rest, "super::") {
            climbed += 1;
            rest += "super::".len();
        }
        if climbed == 0 {
            let Some(root) = ["crate::", "stoa::"].iter().find(|root| follows(masked, at, root)) else {
                continue;
            };
            rest += root.len();
        } else if climbed < depth {
            continue;
        }
        found.extend(first_words(masked, rest));
    }
    found
}

fn follows(masked: &[char], at: usize, word: &str) -> bool {
    masked[at..].iter().copied().take(word.len()).eq(word.chars())
}

/// `a` of `a::b`, and `a`, `d` of `{a::{b, c}, d}`.
fn first_words(masked: &[char], at: usize) -> Vec<String> {
    let word =
        |from: usize| masked[from..].iter().take_while(|c| c.is_alphanumeric() || **c == '_').collect();
    if masked.get(at) != Some(&'{') {
        return vec![word(at)];
    }
    let end = closing(masked, at).unwrap_or(masked.len());
    let mut found = Vec::new();
    let mut next = at + 1;
    let mut expects = true;
    while next < end {
        match masked[next] {
            '{' => next = closing(masked, next).unwrap_or(end),
            ',' => expects = true,
            c if expects && !c.is_whitespace() => {
                found.push(word(next));
                expects = false;
            }
            _ => {}
        }
        next += 1;
    }
    found
}

pub(crate) fn between_rooms(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in tree.below("", &["/Cargo.toml"]) {
        if path.starts_with("tests/") {
            continue;
        }
        let Some((folder, allowed)) = MAY_USE.iter().find(|(folder, _)| path.starts_with(folder)) else {
            found.push(format!("{path}: say in the structure test what this crate may depend on"));
            continue;
        };
        for (section, name) in dependencies(text) {
            let ours = name.starts_with("stoa") || name == "xtask";
            // A plugin is written with the SDK alone, as anyone's is; its tests may use more.
            let plugin = *folder == "plugins/" && !section.starts_with("dev-");
            if (ours || plugin) && !allowed.contains(&name.as_str()) {
                found.push(format!("{path}: may not depend on {name} ({section})"));
            }
        }
    }
    found
}

/// Names under every kind of `[dependencies]`, with the section.
fn dependencies(cargo_toml: &str) -> Vec<(String, String)> {
    let mut section = String::new();
    let mut found = Vec::new();
    for line in cargo_toml.lines().map(str::trim) {
        if let Some(header) = line.strip_prefix('[') {
            let header = header.trim_end_matches(']');
            section.clear();
            let kind =
                header.rsplit_once("dependencies").map(|(before, after)| (before, after.trim_matches('.')));
            match kind {
                Some((before, "")) => {
                    section = format!("{}dependencies", before.rsplit('.').next().unwrap_or(""))
                }
                Some((before, name)) => {
                    let kind = format!("{}dependencies", before.rsplit('.').next().unwrap_or(""));
                    found.push((kind, name.to_owned()));
                }
                None => {}
            }
        } else if !section.is_empty() && !line.starts_with('#') {
            let name = line.split(['=', '.']).next().unwrap_or_default().trim();
            if !name.is_empty() {
                found.push((section.clone(), name.to_owned()));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{between_rooms, inside_host};
    use crate::source::{Tree, expect};

    #[test]
    fn an_import_from_the_right_is_found_however_it_is_written() {
        let check = |path: &str, text: &str, parts: &[&str]| {
            expect(&inside_host(&Tree::of(&[(path, text)])), parts);
        };
        check("host/src/base/clock.rs", "use crate::store::Store;", &["base may not use store"]);
        check("host/src/store/mod.rs", "use crate::base::id::Id;", &[]);
        check("host/src/store/a.rs", "use crate::{base, http::{self, x}};", &["may not use http"]);
        check("host/src/store/a.rs", "fn f() { crate::cli::run() }", &["may not use cli"]);
        check("host/src/store/a.rs", "use super::super::runtime::X;", &["may not use runtime"]);
        check("host/src/store/a.rs", "use super::runtime::X;", &[]);
        check("host/src/dispatch.rs", "use super::http::X;", &["dispatch may not use http"]);
        check("host/src/dispatch.rs", "use crate::runtime::X; // crate::http::Y", &[]);
        check("host/src/identity/a.rs", "use stoa::services::X;", &["may not use services"]);
        check("host/src/http/api/a.rs", "use crate::store::X;", &["may not touch store"]);
        check("host/src/http/a.rs", "use crate::dispatch::X; let s = \"crate::store::\";", &[]);
        check("host/src/main.rs", "use stoa::cli;", &[]);
    }

    #[test]
    fn a_dependency_across_rooms_is_found_in_every_kind_of_section() {
        let check = |path: &str, text: &str, parts: &[&str]| {
            expect(&between_rooms(&Tree::of(&[(path, text)])), parts);
        };
        check("host/Cargo.toml", "[dependencies]\nserde = \"1\"\nstoa-view.workspace = true", &[]);
        check("host/Cargo.toml", "[dependencies]\nstoa-plugin.workspace = true", &["stoa-plugin"]);
        check("host/Cargo.toml", "[dependencies.stoa-build]\npath = \"x\"", &["stoa-build"]);
        check(
            "sdk/view/Cargo.toml",
            "[dev-dependencies]\nstoa-plugin = { path = \"x\" }",
            &["dev-dependencies"],
        );
        check(
            "widgets/runtime/Cargo.toml",
            "[target.'cfg(x)'.dependencies]\nstoa = \"1\"",
            &["depend on stoa "],
        );
        check(
            "plugins/a/Cargo.toml",
            "[dependencies]\nstoa-plugin.workspace = true\nserde = \"1\"",
            &["serde"],
        );
        check("plugins/a/Cargo.toml", "[dev-dependencies]\ninsta.workspace = true", &[]);
        check("sdk/new/Cargo.toml", "", &["say in the structure test"]);
        check("tests/Cargo.toml", "[dependencies]\nstoa.workspace = true", &[]);
    }
}
