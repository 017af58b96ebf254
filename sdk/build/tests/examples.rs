//! The examples ask in their manifests for exactly what their components import.

use std::path::Path;

use stoa_build::{WasmToolchain, build};

#[test]
fn every_example_is_a_component_that_asks_for_what_it_imports_and_no_more() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let toolchain = WasmToolchain::find(&|line| eprintln!("{line}")).unwrap();
    let mut examples: Vec<_> =
        std::fs::read_dir(root.join("sdk/examples")).unwrap().map(|entry| entry.unwrap().path()).collect();
    examples.sort();
    assert!(!examples.is_empty());
    for example in examples {
        // What is imported and not asked for is an error of the build itself.
        let built = build(&example, &root.join("target/wasm"), &toolchain).unwrap();
        assert!(built.report.unused_capabilities.is_empty(), "{}: {}", example.display(), built.report);
    }
}
