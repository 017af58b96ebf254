//! Components that are damaged, ask for more than they are granted, or describe themselves wrongly.

use stoa::runtime::{CallError, LoadError, SettingValue};
use stoa_rules::Grants;

use crate::support::{ALL, Bench, NOW, bare, call, component, limits, names, view, with_manifest};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_good_component_tells_its_name_verbs_and_texts() {
    let bench = Bench::new(limits());
    let plugin = bench.plugin().await;
    assert_eq!(plugin.name(), "hostile");
    assert_eq!(plugin.digest().len(), 64);
    let verbs: Vec<&str> = plugin.verbs().iter().map(|verb| verb.name.as_str()).collect();
    assert_eq!(verbs, ["post", "edit"]);
    assert_eq!(plugin.locales().collect::<Vec<_>>(), [("en", "hostile-title = Hostile\n")]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_grant_counts_where_the_manifest_asks_for_it_and_an_unknown_one_is_named() {
    let bench = Bench::new(limits());
    let plugin = bench.plugin().await;
    assert_eq!(plugin.link(&names(&ALL)).unwrap().granted(), Grants::all());
    assert!(plugin.link(&[]).unwrap().granted().is_empty());
    let few = plugin.link(&names(&["marks", "kv"])).unwrap().granted();
    assert_eq!(few, Grants::parse(&names(&["kv", "marks"])).unwrap());
    let error = plugin.link(&names(&["everything"])).unwrap_err();
    let text = error.to_string();
    assert!(matches!(error, LoadError::UnknownGrant(_)) && text.contains("\"everything\""), "{text}");
    assert!(text.contains("hint: "), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_any_grant_it_links_and_what_it_asks_for_is_refused_at_each_call() {
    let bench = Bench::new(limits());
    let linked = bench.plugin().await.link(&[]).unwrap();
    assert!(view(&linked, "").await.is_ok(), "a view that asks for nothing");
    let read = view(&linked, "page").await.unwrap_err();
    assert!(matches!(&read, CallError::Failed(text) if text.contains("entries")), "{read:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_that_the_manifest_does_not_ask_for_is_refused() {
    let bench = Bench::new(limits());
    let wasm = with_manifest("[capabilities.people]\nreason = \"to know everybody\"\n", "");
    let error = bench.runtime.load_bytes(&wasm).await.unwrap_err();
    let text = error.to_string();
    let named = matches!(
        error,
        LoadError::NotAsked { plugin, capabilities }
            if plugin == "hostile" && capabilities == ["people"]
    );
    assert!(named && text.contains("hint: ") && text.contains("[capabilities.people]"), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn interfaces_of_others_and_other_versions_are_refused() {
    let bench = Bench::new(limits());
    for (from, to, expected) in [
        // Built for a contract that this host does not serve.
        ("@0.2.0", "@0.9.0", "is written for `stoa:"),
        (
            "@0.2.0",
            "@0.9.0",
            "@0.9.0`; this host serves the contract 0.2.0\nhint: build the plugin with an SDK for one",
        ),
        ("@0.2.0", "@1.0.0", "@1.0.0`; this host serves"),
        ("stoa:plugin/kv@0.2.0", "stoa:plugin/kv@0.3.0", "`stoa:plugin/kv@0.3.0`; this host serves"),
        (
            "stoa:plugin/widget@0.2.0",
            "stoa:plugin/widget@0.9.0",
            "`stoa:plugin/widget@0.9.0`; this host serves",
        ),
        // Of the same series: a function that came later.
        (
            "list-holders",
            "list-hundred",
            "`list-hundred` of `stoa:plugin/marks@0.2.0`, which the contract 0.2.0",
        ),
        ("stoa:plugin/kv@0.2.0", "evil:plugin/kv@0.2.0", "imports `evil:plugin/kv@0.2.0`"),
        ("stoa:plugin/kv@0.2.0", "stoa:plugin/vk@0.2.0", "imports `stoa:plugin/vk@0.2.0`"),
    ] {
        let error = bench.runtime.load_bytes(&replaced(component(), from, to)).await.unwrap_err().to_string();
        assert!(error.contains(expected) && error.contains("\nhint: "), "{to}: {error}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_component_for_a_later_version_of_the_same_series_runs_if_it_needs_nothing_new() {
    let bench = Bench::new(limits());
    let later = bench.runtime.load_bytes(&replaced(component(), "@0.2.0", "@0.2.9")).await.unwrap();
    let linked = later.link(&names(&ALL)).unwrap();
    assert!(view(&linked, "page").await.is_ok());
}

/// The component with a text of the same length in place of another, everywhere.
fn replaced(component: &[u8], from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut bytes = component.to_vec();
    let mut count = 0;
    while let Some(at) = bytes.windows(from.len()).position(|window| window == from.as_bytes()) {
        bytes[at..at + from.len()].copy_from_slice(to.as_bytes());
        count += 1;
    }
    assert!(count > 0, "{from} is not in the component");
    bytes
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_component_is_refused() {
    let bench = Bench::new(limits());
    let module = [0, b'a', b's', b'm', 1, 0, 0, 0];
    for (bytes, what) in [(&b""[..], "nothing"), (b"(component)", "text"), (&module, "a core module")] {
        let error = bench.runtime.load_bytes(bytes).await.unwrap_err();
        assert!(matches!(error, LoadError::NotAComponent(_) | LoadError::NoManifest), "{what}: {error}");
    }
    let error = bench.runtime.load_bytes(&bare()).await.unwrap_err();
    assert!(matches!(error, LoadError::NoManifest), "{error}");
    let large = vec![0; (25 << 20) + 1];
    assert!(matches!(bench.runtime.load_bytes(&large).await, Err(LoadError::TooLarge { .. })));
    let nowhere = std::path::Path::new("/nowhere/hostile.wasm");
    assert!(matches!(bench.runtime.load(nowhere).await, Err(LoadError::Read { .. })));
}

/// The place of some bytes in a component.
fn place(bytes: &[u8], wanted: &[u8]) -> usize {
    bytes.windows(wanted.len()).position(|window| window == wanted).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn truncated_components_and_those_flipped_where_it_matters_are_refused() {
    let bench = Bench::new(limits());
    let whole = component();
    for step in 1..10 {
        let cut = &whole[..whole.len() * step / 10];
        assert!(bench.runtime.load_bytes(cut).await.is_err(), "cut at {step}/10");
    }
    // The first core module stands behind the component's own eight bytes.
    let module = 8 + place(&whole[8..], b"\0asm\x01\0\0\0");
    for (at, what) in [
        (0, "the magic number"),
        (4, "the version"),
        (6, "the layer"),
        (8, "the first section's kind"),
        (module, "a module's magic number"),
        (module + 8, "a module's first section"),
        (place(whole, b"stoa:manifest"), "the manifest's name"),
        (place(whole, b"stoa:plugin/kv@0.2.0"), "an import"),
    ] {
        let mut flipped = whole.to_vec();
        flipped[at] ^= 1;
        assert!(bench.runtime.load_bytes(&flipped).await.is_err(), "{what} is another");
    }
    assert!(bench.runtime.load_bytes(whole).await.is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flipped_bit_anywhere_leaves_a_component_that_is_refused_or_contained() {
    let bench = Bench::new(limits());
    let whole = component();
    for step in 1..10 {
        let mut flipped = whole.to_vec();
        flipped[whole.len() * step / 10] ^= 1 << (step % 8);
        // Where a bit changes nothing that is checked (a name, a constant) it loads, as another plugin.
        let loaded = bench.runtime.load_bytes(&flipped).await;
        if let Ok(plugin) = &loaded {
            assert_ne!(plugin.digest(), bench.plugin().await.digest());
            let linked = plugin.link(&names(&ALL)).unwrap();
            drop(linked.view(call(linked.plugin(), "page", NOW)).await);
        }
        assert!(view(&bench.linked().await, "").await.is_ok(), "after the bit at {step}/10");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn manifests_that_make_no_sense_are_refused_with_the_reason() {
    let bench = Bench::new(limits());
    for (from, to, expected) in [
        ("id = ", "idd = ", "idd"),
        ("name = \"hostile\"", "name = \"Hostile <b>\"", "small letters, digits and hyphens"),
        ("[\"widget\"]", "[\"daemon\"]", "widget"),
        ("min_host = \"0.1.0\"", "min_host = \"99.0.0\"", "`hostile` wants a host of version 99.0.0"),
        ("min_host = \"0.1.0\"", "min_host = \"new\"", "1.2.3"),
        ("default = 3", "default = 30", "out of range"),
    ] {
        let error = bench.runtime.load_bytes(&with_manifest(from, to)).await.unwrap_err().to_string();
        assert!(error.contains(expected), "{to}: {error}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plugin_that_describes_itself_wrongly_is_refused() {
    let bench = Bench::new(limits());
    for (how, expected) in [
        ("loop", "cannot say what it does"),
        ("panic", "crashed"),
        ("twice", "`post` is there twice"),
        ("many", "33 verbs"),
        ("shout", "a-z"),
        ("host", "host-"),
    ] {
        let wasm = with_manifest("default = \"well\"", &format!("default = \"{how}\""));
        let error = bench.runtime.load_bytes(&wasm).await.unwrap_err().to_string();
        assert!(error.contains(expected), "{how}: {error}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settings_are_defaults_with_the_admins_values_over_them() {
    let bench = Bench::new(limits());
    let plugin = bench.plugin().await;
    let check = |text: &str| plugin.settings(&text.parse().unwrap());
    assert_eq!(check("").unwrap().get("count"), Some(&SettingValue::Integer(3)));
    assert_eq!(check("count = 9").unwrap().get("count"), Some(&SettingValue::Integer(9)));
    for (text, expected) in [
        ("count = 11", "settings.count: 11 is out of range; it takes a whole number, 1 to 10"),
        ("count = \"9\"", "settings.count: it takes a whole number, 1 to 10"),
        ("colour = 1", "settings.colour: there is no such setting; the plugin has: describe, count"),
        (
            "describe = \"badly\"",
            "settings.describe: it takes one of: well, loop, panic, twice, many, shout, host",
        ),
    ] {
        assert_eq!(check(text).unwrap_err().to_string(), expected);
    }
}
