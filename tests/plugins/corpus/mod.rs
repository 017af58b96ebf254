//! Components as they were compiled when a version of the contract was published: each build loads and runs them, with the
//! results that stand beside them.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use stoa::runtime::{ActError, Action, Linked};
use stoa_rules::{Class, FUNCTIONS};
use stoa_tests::root;

use crate::support::{Bench, FakeReads, NOW, call, limits};

/// An entry that exists nowhere: what is recorded about it is looked at before anything is committed.
const ENTRY: &str = "0190a0b0-0000-7000-8000-00000000e117";
const PERSON: &str = "0190a0b0-0000-7000-8000-0000000000be";

/// An action: verb, class, whether it is about an entry, fields.
type Act = (&'static str, Class, bool, &'static [(&'static str, &'static str)]);

/// Every component of the corpus with what is done in it.
const CORPUS: [(&str, &str, &[Act]); 5] = [
    ("0.2", "ledger", &[("give", Class::Mark, true, &[("to", PERSON)]), ("retract", Class::Mark, true, &[])]),
    (
        "0.2",
        "marks",
        &[
            ("vote", Class::Mark, true, &[("value", "-1")]),
            ("vote", Class::Mark, true, &[("value", "0")]),
            ("cheer", Class::Mark, true, &[("value", "on")]),
            ("follow", Class::Mark, false, &[("value", "on")]),
        ],
    ),
    ("0.2", "reader", &[("none", Class::Mark, false, &[])]),
    ("0.2", "shown", &[("none", Class::Mark, false, &[])]),
    (
        "0.2",
        "writer",
        &[
            ("write", Class::Create, false, &[("body", "What I wrote")]),
            ("write", Class::Create, false, &[("body", "")]),
            ("write", Class::Mark, false, &[("body", "More than a mark")]),
            ("correct", Class::Edit, true, &[]),
            ("close", Class::Moderate, true, &[]),
        ],
    ),
];

fn folder(version: &str, name: &str) -> PathBuf {
    root().join("tests/plugins/corpus").join(version).join(name)
}

fn component(version: &str, name: &str) -> Vec<u8> {
    std::fs::read(folder(version, name).join(format!("{name}.wasm"))).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn components_of_every_published_version_load_and_do_what_they_did() {
    let bench = Bench::new(limits());
    let mut changed = String::new();
    for (version, name, acts) in CORPUS {
        let plugin = bench.runtime.load_bytes(&component(version, name)).await.unwrap();
        let asked: Vec<String> = plugin.manifest().grants().iter().map(|one| one.name().to_owned()).collect();
        let linked = plugin.link(&asked).unwrap();
        let mut found = format!("sha256 {}\n", plugin.digest());
        found += &shown(&linked).await;
        for act in acts {
            found += &acted(&linked, act).await;
        }
        let expected =
            std::fs::read_to_string(folder(version, name).join("expected.txt")).unwrap_or_default();
        if found != expected {
            write!(changed, "{version}/{name} is now\n{found}\nand was\n{expected}\n").unwrap();
        }
    }
    assert!(changed.is_empty(), "{changed}");
}

/// A view: its nodes in reading order, and its texts.
async fn shown(linked: &Arc<Linked>) -> String {
    let mut asked = call(linked.plugin(), "", NOW);
    asked.reads = Arc::new(FakeReads::with(2));
    let view = match linked.view(asked).await {
        Ok(viewed) => viewed.view,
        Err(error) => return format!("failed {error:?}\n"),
    };
    let kind = |kind: String| kind.split(['(', ' ']).next().unwrap_or_default().to_owned();
    let kinds: Vec<String> = view.nodes.iter().map(|node| kind(format!("{:?}", node.kind))).collect();
    // Ids are made anew for each run.
    let texts: Vec<&String> = view.strings.iter().filter(|text| text.len() != ENTRY.len()).collect();
    format!("view {}\ntexts {texts:?}\n", kinds.join(" "))
}

/// An action: what it records, or why it is refused.
async fn acted(linked: &Arc<Linked>, (verb, class, about, fields): &Act) -> String {
    let action = Action {
        verb: (*verb).to_owned(),
        class: *class,
        subject: about.then(|| ENTRY.to_owned()),
        seen: about.then_some(3),
        fields: fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
    };
    let outcome = match linked.act(call(linked.plugin(), "", NOW), action).await {
        Ok(decided) => format!("{:?}", decided.recorded),
        Err(ActError::Refused(refusal, _)) => format!("refused {refusal:?}"),
        Err(ActError::Failed(error)) => format!("failed {error:?}"),
    };
    format!("act {verb} {fields:?} of {class:?}\n{outcome}\n")
}

#[test]
fn the_corpus_is_whole() {
    let listed: BTreeSet<String> =
        CORPUS.iter().map(|(version, name, _)| format!("{version}/{name}")).collect();
    let mut kept = BTreeSet::new();
    for version in ["0.2"] {
        for entry in std::fs::read_dir(root().join("tests/plugins/corpus").join(version)).unwrap().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if entry.path().join(format!("{name}.wasm")).exists() {
                kept.insert(format!("{version}/{name}"));
            }
        }
    }
    assert_eq!(kept, listed);
}

#[test]
fn the_corpus_uses_every_function_of_the_contract() {
    let mut used = BTreeSet::new();
    for (version, name, _) in CORPUS {
        for import in stoa_build::inspect(&component(version, name), 0).unwrap().imports {
            let interface = import.name.trim_start_matches("stoa:plugin/").split('@').next().unwrap();
            used.extend(import.functions.iter().map(|function| format!("{interface}.{function}")));
        }
    }
    let all: BTreeSet<String> =
        FUNCTIONS.iter().map(|function| format!("{}.{}", function.interface, function.name)).collect();
    assert_eq!(used, all);
}
