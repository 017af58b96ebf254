//! The README of the SDK says what is so: its plugin is the one that is built and tested, its tables are those of the rules.

use std::path::{Path, PathBuf};

use stoa_rules::{ALWAYS, Capability, FUNCTIONS, Manifest, limits};

const README: &str = include_str!("../../README.md");

fn sdk() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The blocks that begin with the path of a file, each with the rest of its lines.
fn files() -> Vec<(String, String)> {
    let blocks = README.split("\n```").skip(1).step_by(2);
    let named = |block: &str| {
        let (_, lines) = block.split_once('\n')?;
        let (first, rest) = lines.split_once('\n')?;
        let path = first.trim_start_matches(['#', '/', ' ']).strip_prefix("plugins/tips/")?;
        Some((path.to_owned(), format!("{rest}\n")))
    };
    blocks.filter_map(named).collect()
}

#[test]
fn the_first_plugin_is_the_example_that_is_built_and_tested() {
    let files = files();
    let paths: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths, ["Cargo.toml", "plugin.toml", "locales/en.ftl", "src/lib.rs", "tests/tips.rs"]);
    for (path, text) in &files {
        let example = std::fs::read_to_string(sdk().join("examples/tips").join(path)).unwrap();
        assert_eq!(*text, example, "{path}: the README and sdk/examples/tips differ");
    }
}

#[test]
fn its_grants_are_what_its_manifest_asks_for() {
    let manifest = std::fs::read_to_string(sdk().join("examples/tips/plugin.toml")).unwrap();
    let asked = Manifest::parse(&manifest).unwrap().grants();
    let names: Vec<String> = asked.iter().map(|capability| format!("\"{capability}\"")).collect();
    let line = format!("grants = [{}]\n", names.join(", "));
    assert!(README.contains(&line), "the README lacks {line}");
}

/// The rows of the table of functions: what stands in Rust, the function, the capability.
fn functions() -> Vec<(String, String, String)> {
    let lines = README.lines().skip_while(|line| !line.starts_with("| in Rust |")).skip(2);
    let row = |line: &str| {
        let cells: Vec<String> =
            line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
        (cells[0].clone(), cells[1].clone(), cells[2].clone())
    };
    lines.take_while(|line| line.starts_with('|')).map(row).collect()
}

#[test]
fn each_function_stands_in_the_table_with_its_capability() {
    let rows: Vec<(String, String)> = functions().into_iter().map(|(_, name, needs)| (name, needs)).collect();
    let expected: Vec<(String, String)> = FUNCTIONS
        .iter()
        .map(|function| {
            let needs = match Capability::named(function.interface) {
                Some(capability) => format!("`{capability}`"),
                None if ALWAYS.contains(&function.interface) => "-".to_owned(),
                None => panic!("{} is neither a capability nor always there", function.interface),
            };
            (format!("`{}/{}`", function.interface, function.name), needs)
        })
        .collect();
    assert_eq!(rows, expected);
}

#[test]
fn what_stands_in_rust_is_there() {
    let sources = [
        "context.rs",
        "host/mod.rs",
        "host/ledger.rs",
        "host/settings.rs",
        "outcome/mod.rs",
        "outcome/ledger.rs",
    ];
    let read = |path: &&str| std::fs::read_to_string(sdk().join("plugin/src").join(path)).unwrap();
    let source: String = sources.iter().map(read).collect();
    for (rust, _, _) in functions() {
        for name in rust.split(", ").map(|name| name.trim_matches('`')) {
            let method = name.rsplit('.').next().unwrap_or(name);
            let there = ["(", "<"].iter().any(|next| source.contains(&format!("pub fn {method}{next}")));
            assert!(there, "the SDK has no method `{name}`");
        }
    }
}

/// 65535 as `65,535`.
fn number(value: usize) -> String {
    let digits = value.to_string();
    let (head, tail) = digits.split_at(digits.len().saturating_sub(3));
    if head.is_empty() { tail.to_owned() } else { format!("{head},{tail}") }
}

#[test]
fn its_limits_are_those_of_the_rules() {
    for line in [
        format!(
            "| verbs of a plugin; changes* and conditions* of a call | {}; {} and {} |",
            limits::VERBS_MAX,
            limits::CHANGES_MAX,
            limits::CONDITIONS_MAX
        ),
        format!("| times that `act` is called again* | {} |", limits::RERUNS_MAX),
        format!(
            "| entries in a list*, replies of each*, expanded roots* | {}, {}, {} (of {} replies) |",
            limits::LIMIT_MAX,
            limits::REPLIES_MAX,
            limits::EXPANDED_MAX,
            limits::REPLIES_EXPANDED_MAX
        ),
        format!(
            "| filters of a query*, texts of one test* | {}, {} |",
            limits::FILTERS_MAX,
            limits::ANY_OF_MAX
        ),
        format!(
            "| rows that a call reads*, ids of one question*, host functions that it calls | {}, {}, 500 |",
            number(limits::ROWS_MAX),
            limits::IDS_MAX
        ),
        format!(
            "| `text`*, `long-text`*, one item of a list* | {}, {}, {} characters |",
            number(limits::TEXT_CHARS_MAX),
            number(limits::LONG_TEXT_CHARS_MAX),
            limits::ITEM_CHARS_MAX
        ),
        format!(
            "| name of a kind, mark or verb*, value of a mark* | {} characters of a-z and `-`, {} bytes |",
            limits::NAME_BYTES_MAX,
            limits::MARK_VALUE_BYTES_MAX
        ),
        format!(
            "| private space: key*, value*, all* | {} bytes, {} KiB, {} MiB |",
            limits::KEY_BYTES_MAX,
            limits::VALUE_BYTES_MAX >> 10,
            limits::SPACE_BYTES_MAX >> 20
        ),
        format!("| log* | {} lines of {} bytes |", limits::LOG_LINES_MAX, number(limits::LOG_LINE_BYTES_MAX)),
    ] {
        assert!(README.contains(&line), "the README lacks {line}");
    }
}
