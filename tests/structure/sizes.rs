//! Top level, entries, lines of files and of functions.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::{Language, Tree, closing, line_of, mask};

const ENTRIES_MAX: usize = 8;
const FILE_LINES_MAX: usize = 600;
const FUNCTION_LINES_MAX: usize = 60;

/// Everything on the top level that is not hidden.
const TOP_LEVEL: [&str; 11] = [
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "host",
    "plugins",
    "sdk",
    "tests",
    "widgets",
    "wit",
];

/// What every directory may have and does not count.
const UNCOUNTED: [&str; 10] = [
    "CHANGELOG.md",
    "Cargo.toml",
    "README.md",
    "__init__.py",
    "lib.rs",
    "main.rs",
    "mod.rs",
    "package-lock.json",
    "package.json",
    "pyproject.toml",
];

/// Directories that may have more entries, each with its reason.
const MANY_ENTRIES: [(&str, &str); 3] = [
    ("wit/0.2/plugin", "one interface a file is the rule there, and a capability is an interface"),
    ("host/migrations/sqlite", "one step of the schema a file, and steps are never taken away"),
    ("host/migrations/postgres", "one step of the schema a file, and steps are never taken away"),
];

/// Files that may be longer, each with its reason.
const LONG_FILES: [(&str, &str); 1] = [(
    "wit/0.2/view/nodes.wit",
    "the vocabulary is one interface, and WIT cannot divide an interface over files",
)];

/// Functions that may be longer, each with its reason.
const LONG_FUNCTIONS: [(&str, &str, &str); 4] = [
    (
        "sdk/plugin/src/testing/outline.rs",
        "line",
        "one match over all kinds of nodes, whole so that none is forgotten",
    ),
    (
        "sdk/view/src/check/places.rs",
        "fields",
        "one match over all kinds of nodes, whole so that none is forgotten",
    ),
    (
        "sdk/view/src/render/json.rs",
        "fields",
        "one match over all kinds of nodes, whole so that none is forgotten",
    ),
    (
        "sdk/view/src/render/kinds.rs",
        "kind",
        "one match over all kinds of nodes, whole so that none is forgotten",
    ),
];

pub(crate) fn top_level(tree: &Tree) -> Vec<String> {
    let names: BTreeSet<&str> = tree.files.keys().filter_map(|path| path.split('/').next()).collect();
    let strange = names.iter().filter(|name| !TOP_LEVEL.contains(name));
    strange.map(|name| format!("{name} is not part of the fixed top level: find its directory")).collect()
}

pub(crate) fn entries(tree: &Tree) -> Vec<String> {
    let mut directories: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for path in tree.files.keys() {
        let mut end = 0;
        while let Some(next) = path[end..].find('/') {
            let directory = &path[..end + next];
            let entry = path[end + next + 1..].split('/').next().unwrap_or_default();
            end += next + 1;
            if !UNCOUNTED.contains(&entry) {
                directories.entry(directory).or_default().insert(entry);
            }
        }
    }
    directories.retain(|directory, entries| {
        entries.len() > ENTRIES_MAX && !MANY_ENTRIES.iter().any(|(exempt, _)| exempt == directory)
    });
    let tell = |(directory, entries): (&&str, &BTreeSet<&str>)| {
        let names: Vec<&str> = entries.iter().copied().collect();
        format!("{directory} has {} entries, {ENTRIES_MAX} at most: {}", entries.len(), names.join(" "))
    };
    directories.iter().map(tell).collect()
}

pub(crate) fn lines(tree: &Tree) -> Vec<String> {
    let endings = [".rs", ".js", ".mjs", ".css", ".wit", ".sql", ".html"];
    tree.below("", &endings)
        .filter(|(path, _)| !LONG_FILES.iter().any(|(exempt, _)| exempt == path))
        .filter(|(_, text)| text.lines().count() > FILE_LINES_MAX)
        .map(|(path, text)| format!("{path} has {} lines, {FILE_LINES_MAX} at most", text.lines().count()))
        .collect()
}

pub(crate) fn functions(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for (endings, language) in [(&[".rs"][..], Language::Rust), (&[".js", ".mjs"][..], Language::JavaScript)]
    {
        for (path, text) in tree.below("", endings) {
            let masked = mask(text, language);
            for (start, end) in bodies(&masked, language) {
                let count = code_lines(&masked[start..=end]);
                if count > FUNCTION_LINES_MAX && !is_exempt(path, &masked[start..]) {
                    let line = line_of(&masked, start);
                    found.push(format!(
                        "{path}:{line} has a function of {count} lines, {FUNCTION_LINES_MAX} at most"
                    ));
                }
            }
        }
    }
    found
}

/// Whether the function that begins here is one of [`LONG_FUNCTIONS`].
fn is_exempt(path: &str, from: &[char]) -> bool {
    let start: String = from.iter().take(80).collect();
    LONG_FUNCTIONS.iter().any(|(known, name, _)| *known == path && start.starts_with(&format!("fn {name}(")))
}

/// Lines that hold code: blank ones and comments cost nothing, as for clippy.
fn code_lines(masked: &[char]) -> usize {
    masked.split(|c| *c == '\n').filter(|line| line.iter().any(|c| !c.is_whitespace())).count()
}

/// Where functions begin and end, from their first word or brace to the closing brace.
fn bodies(masked: &[char], language: Language) -> Vec<(usize, usize)> {
    match language {
        Language::Rust => rust_bodies(masked),
        Language::JavaScript => script_bodies(masked),
    }
}

fn rust_bodies(masked: &[char]) -> Vec<(usize, usize)> {
    let word = |c: Option<&char>| c.is_some_and(|c| c.is_alphanumeric() || *c == '_');
    let mut found = Vec::new();
    for at in 0..masked.len().saturating_sub(3) {
        let is_fn = masked[at..].starts_with(&['f', 'n', ' ']) && (at == 0 || !word(masked.get(at - 1)));
        if !is_fn || !word(masked.get(at + 3)) {
            continue;
        }
        // The body is the first brace outside the parentheses of the arguments; a `;` means there is none.
        let mut next = at;
        while next < masked.len() && !matches!(masked[next], '{' | ';') {
            next = match masked[next] {
                '(' | '[' => closing(masked, next).unwrap_or(masked.len()),
                _ => next,
            } + 1;
        }
        if masked.get(next) == Some(&'{')
            && let Some(end) = closing(masked, next)
        {
            found.push((at, end));
        }
    }
    found
}

/// In JavaScript a brace opens a function after `=>`, or after the parentheses of anything but a statement.
fn script_bodies(masked: &[char]) -> Vec<(usize, usize)> {
    let mut opened: Vec<usize> = Vec::new();
    let mut parens: BTreeMap<usize, usize> = BTreeMap::new();
    let mut found = Vec::new();
    for (at, c) in masked.iter().enumerate() {
        match c {
            '(' => opened.push(at),
            ')' => {
                if let Some(open) = opened.pop() {
                    parens.insert(at, open);
                }
            }
            '{' => {
                let Some(last) = masked[..at].iter().rposition(|c| !c.is_whitespace()) else { continue };
                let arrow = last > 0 && masked[last] == '>' && masked[last - 1] == '=';
                let arguments = parens.get(&last).is_some_and(|open| !is_statement(&masked[..*open]));
                if (arrow || arguments)
                    && let Some(end) = closing(masked, at)
                {
                    found.push((at, end));
                }
            }
            _ => {}
        }
    }
    found
}

fn is_statement(before: &[char]) -> bool {
    let text: String = before.iter().rev().skip_while(|c| c.is_whitespace()).collect();
    let word: String = text.chars().take_while(|c| c.is_alphanumeric()).collect();
    let word: String = word.chars().rev().collect();
    matches!(word.as_str(), "if" | "for" | "while" | "switch" | "catch" | "await")
}

#[cfg(test)]
mod tests {
    use super::{
        ENTRIES_MAX, FILE_LINES_MAX, LONG_FILES, LONG_FUNCTIONS, MANY_ENTRIES, bodies, entries, functions,
        lines, top_level,
    };
    use crate::source::{Language, Tree, expect, mask};

    #[test]
    fn a_stranger_on_the_top_level_is_found() {
        expect(&top_level(&Tree::of(&[("host/src/lib.rs", ""), ("scripts/x.sh", "")])), &["scripts"]);
    }

    #[test]
    fn the_ninth_door_is_found_and_the_porch_is_not_counted() {
        let names: Vec<String> = (1..=8).map(|n| format!("host/src/directory/{n}.rs")).collect();
        let mut files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
        files.push(("host/src/directory/mod.rs", ""));
        files.push(("host/src/directory/README.md", ""));
        assert!(entries(&Tree::of(&files)).is_empty());
        files.push(("host/src/directory/ninth/deep.rs", ""));
        expect(&entries(&Tree::of(&files)), &["host/src/directory has 9 entries"]);
    }

    #[test]
    fn the_601st_line_is_found() {
        let (good, bad) = ("x\n".repeat(600), "x\n".repeat(601));
        let tree = Tree::of(&[("a.rs", &good), ("b.css", &bad), ("notes.md", &bad)]);
        expect(&lines(&tree), &["b.css has 601"]);
    }

    #[test]
    fn an_exception_that_is_needed_no_longer_is_found() {
        let tree = Tree::of_the_project();
        for (path, reason) in LONG_FILES {
            assert!(tree.files[path].lines().count() > FILE_LINES_MAX, "{path} keeps the rule now: {reason}");
        }
        for (path, name, reason) in LONG_FUNCTIONS {
            let masked = mask(&tree.files[path], Language::Rust);
            let long = |(start, end): &(usize, usize)| {
                super::is_exempt(path, &masked[*start..])
                    && super::code_lines(&masked[*start..=*end]) > super::FUNCTION_LINES_MAX
            };
            let found = bodies(&masked, Language::Rust);
            assert!(found.iter().any(long), "{path}: {name} keeps the rule now: {reason}");
        }
        // A schema grows into its exception; every other directory needs it today.
        for (directory, reason) in
            MANY_ENTRIES.iter().filter(|(directory, _)| !directory.starts_with("host/migrations/"))
        {
            let entries = tree
                .below(directory, &[""])
                .filter(|(path, _)| !path[directory.len() + 1..].contains('/'))
                .count();
            assert!(entries > ENTRIES_MAX, "{directory} keeps the rule now: {reason}");
        }
    }

    #[test]
    fn the_61st_line_of_a_function_is_found_in_both_languages() {
        let body = |count: usize| "x;\n".repeat(count);
        let good = format!("fn a(\n) {{\n{}// note\n\n}}", body(57));
        let bad = format!("trait T {{ fn none(); }}\nfn b() {{\n{}}}", body(59));
        let script = format!("class A {{ method(a = f(1)) {{\n{}}} }}", body(59));
        let arrow = format!("if (x) {{\n{}}}\nconst f = () => {{\n{}}};", body(80), body(61));
        let tree = Tree::of(&[("a.rs", &good), ("b.rs", &bad), ("c.js", &script), ("d.mjs", &arrow)]);
        expect(&functions(&tree), &["b.rs:2", "c.js:1", "d.mjs:83"]);
    }

    #[test]
    fn functions_are_found_behind_odd_signatures() {
        let check = |text: &str, count: usize| {
            assert_eq!(bodies(&mask(text, Language::Rust), Language::Rust).len(), count, "{text}");
        };
        check("fn a<const N: usize>(x: [u8; 4]) -> [u8; 2] { b }", 1);
        check("type F = fn(u8); let s = \"fn a() {\"; // fn b() {", 0);
        check("fn a() { fn b() {} || { } }", 2);
        check("fn declared();", 0);
    }
}
