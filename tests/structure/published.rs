//! What is published of the contract does not change: each file of a version has a digest here. Additions do not count:
//! items with `@since(version = ...)` and their documentation, files that hold nothing else, and the number of the
//! package within its series.

use std::collections::BTreeSet;

use sha2::{Digest as _, Sha256};

use crate::source::Tree;

/// A published version: its directory in `wit/`, its number, and each file with the SHA-256 of its text.
struct Published {
    folder: &'static str,
    version: &'static str,
    files: &'static [(&'static str, &'static str)],
}

const PUBLISHED: [Published; 1] = [Published { folder: "wit/0.2/", version: "0.2.0", files: &V0_2_0 }];

pub(crate) fn changed(tree: &Tree) -> Vec<String> {
    PUBLISHED.iter().flat_map(|published| changed_in(tree, published)).collect()
}

fn changed_in(tree: &Tree, published: &Published) -> Vec<String> {
    let Published { folder, version, files } = published;
    let mut found = Vec::new();
    for (path, digest) in *files {
        match tree.files.get(&format!("{folder}{path}")) {
            None => found.push(format!("{folder}{path} is gone: {version} is published")),
            Some(text) => {
                let now = hex::encode(Sha256::digest(without_additions(text, version)));
                if now != *digest {
                    found.push(format!(
                        "{folder}{path} has changed ({now}): {version} is published; add beside it with @since, or begin a new directory"
                    ));
                }
            }
        }
    }
    let known: BTreeSet<String> = files.iter().map(|(path, _)| format!("{folder}{path}")).collect();
    for (path, text) in tree.below(folder, &[""]).filter(|(path, _)| !known.contains(*path)) {
        let left = without_additions(text, version);
        if left.lines().any(|line| !line.trim().is_empty() && !line.starts_with("package ")) {
            found.push(format!("{path} is not part of {version}: mark what is in it with @since"));
        }
    }
    found
}

/// A file without what came after a version: items behind `@since`, with the lines of documentation before them.
fn without_additions(text: &str, version: &str) -> String {
    let series = &version[..=version.rfind('.').unwrap_or(0)];
    let mut kept: Vec<String> = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if !line.trim().starts_with("@since(") {
            kept.push(of_series(line, series));
            continue;
        }
        while kept.last().is_some_and(|line| line.trim().starts_with("///")) {
            kept.pop();
        }
        if kept.last().is_some_and(|line| line.trim().is_empty()) {
            kept.pop();
        }
        // Its end is the line that closes all that it opens and ends it.
        let mut depth = 0_isize;
        for item in lines.by_ref() {
            let code = item.split("//").next().unwrap_or_default();
            let count = |brackets: [char; 2]| code.matches(brackets).count().cast_signed();
            depth += count(['{', '(']) - count(['}', ')']);
            if depth == 0 && (code.contains(';') || code.contains('}')) {
                break;
            }
        }
    }
    kept.iter().map(|line| format!("{line}\n")).collect()
}

/// A line with every number of the series as its first one.
fn of_series(line: &str, series: &str) -> String {
    let number = format!("@{series}");
    let mut parts = line.split(number.as_str());
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_digit());
        out += &format!("{number}0{rest}");
    }
    out
}

const V0_2_0: [(&str, &str); 21] = [
    ("plugin/clock.wit", "4601802e72ba3ac5131a6f870e115374bbc0cf66df945a16ebd70d94665446fe"),
    ("plugin/conditions.wit", "d6c5e0f0e8d641a0b8eb961eedaf0a37b7a1fe16876be387b040bc43314e8622"),
    ("plugin/entries-write.wit", "b0bb4cf98930f85963f1fabfcb4aae606e44bb4f9c6c6a61473a2d6008b9e2c4"),
    ("plugin/entries.wit", "9e393d938fa1c6ff84a2ed9a77da746516b317aeb125f1cbc12765e7b0741b3d"),
    ("plugin/kv-write.wit", "9ae8068116ef7b79df9efc74c8a30a8476249565e348459bfb362baf9cde98db"),
    ("plugin/kv.wit", "c810b8fe596a3b6aa3d41b8e5f992cbc241efec1e815be9bd81f60ce7336c96b"),
    ("plugin/ledger-write.wit", "f4884f0fb8f251e6b14297d0ef970eccc512bc53e9def19a2c24f25aff35967f"),
    ("plugin/ledger.wit", "e68d9c1ac68066892bda1100d5e71ff34bee4fb1563b43c44ca1e1340f67b305"),
    ("plugin/log.wit", "b472d6c5adc545c8b764e86fc808d44b417ffaa3dfaf08cd183f8efc2cbf46ee"),
    ("plugin/marks-write.wit", "04bc007168fc5ace6c4ef19e899539ddeabb12ac28d4416264fdfbaaf8c0cb48"),
    ("plugin/marks.wit", "8632e475efbb6032b56b33fbf779fcb782a28d08f798f1197b67159f753690e2"),
    ("plugin/outcome.wit", "a895244b70cee23cff8f2c0656bcb5f66b6e5920e5d3566c8809e39085f973a1"),
    ("plugin/pages-write.wit", "4494b81ce0c131ca6b7c7ba60b27e43a3e0d64d8d500ccdc87f63b1e39e22e8d"),
    ("plugin/pages.wit", "52f40b1827598764d34ebf4bfb15240505f40d9bf93f4345592dfd48fb4f1986"),
    ("plugin/people.wit", "48778d00404892ec717b5f52e4f0852860c5c9b75e05be2a71ae87e258e56aa7"),
    ("plugin/random.wit", "5bd502a03d7927ef0a7b01305a917ff738b31981e5b88e46fea526faba3433d6"),
    ("plugin/settings.wit", "e4b3a875079014438fb70f3b11d050e8ace55dd29cb5264fc9f8debc58887ac9"),
    ("plugin/types.wit", "20e7df884a013ae302cb4ef8eca510eb9d6114743923fafd969875dbe45b6585"),
    ("plugin/widget.wit", "e02119d78a2607f471f202a83bb57f04a6f3866e0865dfe5d41ab255d648d946"),
    ("plugin/world.wit", "c9d9f168af487e661e853e9cdcd17ce8db44a1d717349367b166391a513df99a"),
    ("view/nodes.wit", "ee430ec9e599ac7dfad5bae332220ab65eb23872a957c0165d6fe94ceebb5e34"),
];

#[cfg(test)]
mod tests {
    use super::{Published, changed_in, without_additions};
    use crate::source::{Tree, expect};
    use sha2::{Digest as _, Sha256};

    const TEXT: &str = "package stoa:plugin@0.2.0;\n\n/// Time.\ninterface clock {\n    /// Now.\n    now: func() -> u64;\n}\n";

    fn check(files: &[(&str, &str)], expected: &[&str]) {
        let digest: &'static str = hex::encode(Sha256::digest(TEXT)).leak();
        let listed: &'static [(&str, &str)] = vec![("clock.wit", digest)].leak();
        let published = Published { folder: "wit/0.2/", version: "0.2.0", files: listed };
        let found = changed_in(&Tree::of(files), &published);
        expect(&found, expected);
        assert_eq!(found.len(), expected.len(), "{found:?}");
    }

    #[test]
    fn a_change_of_what_is_published_is_found() {
        check(&[("wit/0.2/clock.wit", TEXT)], &[]);
        for (from, to) in
            [("u64", "u32"), ("now:", "time:"), ("/// Now.", "/// Not now."), ("0.2.0", "0.3.0")]
        {
            check(&[("wit/0.2/clock.wit", &TEXT.replace(from, to))], &["clock.wit has changed"]);
        }
        check(&[], &["clock.wit is gone"]);
        let new = [
            ("wit/0.2/clock.wit", TEXT),
            ("wit/0.2/new.wit", "package stoa:plugin@0.2.0;\ninterface new {}\n"),
        ];
        check(&new, &["new.wit is not part of 0.2.0"]);
    }

    #[test]
    fn an_addition_is_none() {
        let function = "    now: func() -> u64;\n\n    /// Wait.\n    /// Long.\n    @since(version = 0.2.1)\n    wait: func(\n        for: u64, // us\n    ) -> result<_, u8>;\n\n    /// Or not.\n    @since(version = 0.2.1)\n    record r {\n        a: u8,\n    }\n";
        let grown = TEXT.replace("    now: func() -> u64;\n", function).replace("0.2.0", "0.2.1");
        assert_eq!(without_additions(&grown, "0.2.0"), TEXT);
        let file = "package stoa:plugin@0.2.1;\n\n/// New.\n@since(version = 0.2.1)\ninterface new {\n    use types.{id};\n    /// A.\n    a: func();\n}\n";
        check(&[("wit/0.2/clock.wit", &grown), ("wit/0.2/new.wit", file)], &[]);
    }
}
