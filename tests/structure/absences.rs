//! What is absent on purpose, word by word. Comments and strings do not count, nor does what is compiled
//! for tests only.

use crate::source::{Language, Tree, mask, without_tests};

/// A word that may stand in one directory only, or nowhere.
struct Absence {
    /// Where it is looked for.
    folder: &'static str,
    /// The words, each whole.
    words: &'static [&'static str],
    /// Folders below that may have them.
    except: &'static [&'static str],
    /// What to do instead.
    instead: &'static str,
}

/// Other ways from a text to markup.
const PARSERS: [&str; 5] =
    ["DOMParser", "parseFromString", "setHTMLUnsafe", "createContextualFragment", "document.write"];
const PARSES: &str = "build nodes, or use setHTML with the sanitizer";

const ABSENCES: [Absence; 10] = [
    Absence {
        folder: "host/src/",
        words: &["sqlx", "rusqlite"],
        except: &["host/src/store/"],
        instead: "SQL is written in store only: add a function there",
    },
    Absence {
        folder: "host/src/",
        words: &["wasmtime"],
        except: &["host/src/runtime/"],
        instead: "plugins are called through runtime",
    },
    Absence {
        folder: "host/src/",
        words: &["StatusCode"],
        except: &["host/src/http/"],
        instead: "return an error; http/problem.rs knows its status",
    },
    Absence {
        folder: "host/src/",
        words: &[
            "SystemTime",
            "UNIX_EPOCH",
            "Instant::now",
            "Timestamp::now",
            "Zoned::now",
            "std::env",
            "env::var",
            "env::args",
            "rand",
            "Uuid::now_v7",
            "Uuid::new_v4",
        ],
        except: &["host/src/base/"],
        instead: "take clock, chance and environment from base, so that tests can give them",
    },
    Absence {
        folder: "host/src/",
        words: &["Permit::granted", "Permit::for_tests"],
        except: &["host/src/identity/permit.rs"],
        instead: "a permit is the proof of a check: ask identity::permit",
    },
    Absence {
        folder: "widgets/",
        words: &[
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "set_inner_html",
            "set_outer_html",
            "insert_adjacent_html",
        ],
        except: &[],
        instead: "build nodes, or use setHTML with the sanitizer",
    },
    Absence { folder: "widgets/loader/", words: &PARSERS, except: &[], instead: PARSES },
    Absence { folder: "widgets/runtime/", words: &PARSERS, except: &[], instead: PARSES },
    Absence {
        folder: "widgets/",
        words: &["document.cookie", "set_cookie"],
        except: &[],
        instead: "a widget has no cookie: the page vouches for the person",
    },
    Absence {
        folder: "plugins/",
        words: &[
            "std::fs",
            "std::net",
            "std::env",
            "std::process",
            "SystemTime",
            "static mut",
            "thread_local",
        ],
        except: &[],
        instead: "a plugin asks the host, and keeps nothing between calls",
    },
];

/// Words by which the outcome of a test would depend on how fast or busy the machine is.
const CLOCKS: [&str; 6] =
    ["Instant::now", "elapsed", "sleep", "performance.now", "setTimeout", "waitForTimeout"];

/// What only measures, and what waits for programs of its own until they are there.
const MAY_WAIT: [&str; 4] =
    ["tests/bench/", "tests/xtask/", "tests/browser/support/", "tests/browser/measuring/"];

/// Words that no item of the border may be called, with the reason.
const NEVER_AT_THE_BORDER: [(&str, &str, &str); 3] = [
    ("wit/0.2/plugin/", "email", "a plugin never learns an e-mail address"),
    ("wit/0.2/plugin/", "token", "a plugin never sees what proves who somebody is"),
    ("wit/0.2/view/", "html", "the vocabulary has no raw HTML"),
];

/// The signer that each package in PHP carries, since a package is installed by itself.
const COPIED: &str = "/Vouch.php";

/// Copies of [`COPIED`] that differ from the first.
pub(crate) fn unlike_copies(tree: &Tree) -> Vec<String> {
    let mut copies = tree.below("widgets/cms/", &[COPIED]);
    let Some((first, text)) = copies.next() else {
        return vec!["there is no Vouch.php below widgets/cms".into()];
    };
    let unlike = copies.filter(|(_, other)| *other != text);
    unlike.map(|(path, _)| format!("{path} differs from {first}: change all of them")).collect()
}

pub(crate) fn found(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for absence in &ABSENCES {
        for (path, text) in tree.below(absence.folder, &[".rs", ".js", ".mjs"]) {
            if absence.except.iter().any(|folder| path.starts_with(folder)) || is_test(path) {
                continue;
            }
            let code = code_of(path, text);
            let named = absence.words.iter().filter(|word| has_word(&code, word));
            found.extend(named.map(|word| format!("{path}: {word} may not be here; {}", absence.instead)));
        }
    }
    for (folder, word, reason) in NEVER_AT_THE_BORDER {
        for (path, text) in tree.below(folder, &[".wit"]) {
            let items = text.lines().map(|line| line.split("//").next().unwrap_or_default());
            if items.into_iter().any(|item| has_word(item, word)) {
                found.push(format!("{path}: {word} may not be here; {reason}"));
            }
        }
    }
    found.extend(back_doors(tree));
    found.extend(clocks(tree));
    found.extend(addresses(tree));
    found
}

/// What tests alone may have is behind the feature `testing`, which only crates of tests ask for.
fn back_doors(tree: &Tree) -> Vec<String> {
    let crates = tree.below("", &["Cargo.toml"]).filter(|(path, _)| !path.starts_with("tests/"));
    let asks =
        |line: &str| line.contains("testing") && line.trim() != "testing = []" && !line.starts_with('#');
    crates
        .filter(|(_, text)| text.lines().any(asks))
        .map(|(path, _)| format!("{path}: the feature `testing` is for crates of tests"))
        .collect()
}

/// Tests wait for conditions and count; times are the benchmark's.
fn clocks(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in tree.below("", &[".rs", ".mjs"]) {
        if MAY_WAIT.iter().any(|exempt| path.starts_with(exempt)) {
            continue;
        }
        let tested = if is_test(path) { all_code_of(path, text) } else { tests_in(path, text) };
        let named = CLOCKS.iter().filter(|word| has_word(&tested, word));
        found.extend(named.map(|word| format!("{path}: {word} may not be in a test; wait for a condition")));
    }
    found
}

/// A lock file that records where packages were fetched from would tie everyone to that place.
fn addresses(tree: &Tree) -> Vec<String> {
    let locks = tree.below("", &["package-lock.json"]);
    let tied = locks.filter(|(_, text)| text.contains("\"resolved\": \"http"));
    tied.map(|(path, _)| {
        format!("{path}: records addresses; npm's omit-lockfile-registry-resolved leaves them out")
    })
    .collect()
}

fn is_test(path: &str) -> bool {
    path.split('/').any(|part| matches!(part, "tests" | "tests.rs"))
}

fn code_of(path: &str, text: &str) -> String {
    if path.ends_with(".rs") {
        return without_tests(&mask(text, Language::Rust));
    }
    all_code_of(path, text)
}

fn all_code_of(path: &str, text: &str) -> String {
    let language = if path.ends_with(".rs") { Language::Rust } else { Language::JavaScript };
    mask(text, language).into_iter().collect()
}

/// What is compiled for tests only: everything from the first `#[cfg(test)]` on, which ends a file.
fn tests_in(path: &str, text: &str) -> String {
    let code = all_code_of(path, text);
    code.find("#[cfg(test)]").map_or(String::new(), |at| code[at..].to_owned())
}

/// Whether a word stands in a text by itself, not as part of another.
fn has_word(text: &str, word: &str) -> bool {
    let inner = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    text.match_indices(word).any(|(at, _)| {
        !inner(text[..at].chars().next_back()) && !inner(text[at + word.len()..].chars().next())
    })
}

#[cfg(test)]
mod tests {
    use super::{ABSENCES, CLOCKS, NEVER_AT_THE_BORDER, found, unlike_copies};
    use crate::source::{Tree, expect};

    #[test]
    fn every_absent_word_is_found_where_it_may_not_be_and_only_there() {
        for absence in &ABSENCES {
            for word in absence.words {
                let code = format!("// {word}\nfn f() {{ x({word}); \"{word}\" }}");
                let path = format!("{}any/file.rs", absence.folder);
                expect(&found(&Tree::of(&[(&path, &code)])), &[word]);
                for folder in absence.except {
                    assert!(found(&Tree::of(&[(&format!("{folder}file.rs"), &code)])).is_empty(), "{word}");
                }
            }
        }
        for (folder, word, _) in NEVER_AT_THE_BORDER {
            let path = format!("{folder}x.wit");
            expect(&found(&Tree::of(&[(&path, &format!("/// {word}\n{word}: string,"))])), &[word]);
            assert!(found(&Tree::of(&[(&path, &format!("/// no {word}\nname: string,"))])).is_empty());
        }
    }

    #[test]
    fn parts_of_words_comments_strings_and_tests_do_not_count() {
        let code =
            "use operand::brand; // rand\nlet s = \"sqlx\";\n#[cfg(test)]\nmod tests { use std::env; }";
        assert!(found(&Tree::of(&[("host/src/http/a.rs", code)])).is_empty());
        let script = "/* innerHTML */ const s = 'document.cookie';";
        assert!(found(&Tree::of(&[("widgets/loader/a.js", script)])).is_empty());
        expect(&found(&Tree::of(&[("widgets/loader/a.js", "a.innerHTML = b")])), &["innerHTML"]);
    }

    #[test]
    fn a_changed_copy_is_found() {
        let [a, b] = ["widgets/cms/a/Vouch.php", "widgets/cms/b/Vouch.php"];
        expect(&unlike_copies(&Tree::of(&[(a, "1"), (b, "2")])), &[b]);
        assert!(unlike_copies(&Tree::of(&[(a, "1"), (b, "1")])).is_empty());
        expect(&unlike_copies(&Tree::of(&[])), &["no Vouch.php"]);
    }

    #[test]
    fn a_test_with_a_clock_is_found_and_a_benchmark_is_not() {
        for word in CLOCKS {
            let code = format!("// {word}\nfn f() {{ {word}(); }}");
            for path in ["tests/http/a.rs", "tests/browser/reading/a.mjs", "sdk/view/tests/a.rs"] {
                expect(&found(&Tree::of(&[(path, &code)])), &[word]);
            }
            let inside = format!("fn f() {{}}\n#[cfg(test)]\nmod tests {{ {code} }}");
            expect(&found(&Tree::of(&[("widgets/demo/src/a.rs", &inside)])), &[word]);
            for path in ["tests/bench/src/a.rs", "widgets/demo/src/a.rs"] {
                assert!(found(&Tree::of(&[(path, &code)])).is_empty(), "{path}: {word}");
            }
        }
    }

    #[test]
    fn a_crate_that_is_shipped_with_what_tests_may_do_is_found() {
        for line in ["default = [\"testing\"]", "stoa = { path = \"host\", features = [\"testing\"] }"] {
            expect(&found(&Tree::of(&[("host/Cargo.toml", line)])), &["the feature `testing`"]);
            assert!(found(&Tree::of(&[("tests/bench/Cargo.toml", line)])).is_empty());
        }
        assert!(found(&Tree::of(&[("host/Cargo.toml", "[features]\ntesting = []\n")])).is_empty());
    }

    #[test]
    fn a_lock_file_with_addresses_is_found() {
        let lock = "\"resolved\": \"https://example.org/a.tgz\"";
        expect(&found(&Tree::of(&[("widgets/package-lock.json", lock)])), &["records addresses"]);
    }
}
