//! The runtime: cargo, wasm-bindgen, wasm-opt, then one script of glue and wasm.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};
use wasm_bindgen_cli_support::Bindgen;

use super::paste::paste;
use super::{Tools, bundle, pack, sizes};
use crate::steps::{Steps, TaskError, capture};
use crate::tools::{products, root, wasm_target, write};
use crate::wasm::find_toolchain;

/// Library name of `widgets/runtime`.
const NAME: &str = "stoa_widgets";

/// What runtime.js is: its default export starts the widgets of a page.
const ENTRY: &str = "widgets/runtime/js/start.js";

/// Stands for the packed module until the very end: no tool has to read 40 KB of odd characters.
const PLACE: &str = "\"@the packed module@\"";

/// What rustc's wasm target emits by itself (since LLVM 20 and Rust 1.87), and wasm-bindgen adds.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-multivalue",
];

/// The runtime as one script.
pub(crate) struct Runtime {
    /// The script.
    pub(crate) single: String,
    /// Sizes of the ways that were tried, for people.
    pub(crate) measured: Vec<String>,
}

pub(crate) fn build(tools: &Tools, steps: &Steps) -> Result<Runtime> {
    let toolchain = find_toolchain(steps)?;
    let folder = products().join("runtime");
    steps.step(&format!("widget runtime ({})", toolchain.found_as), || {
        let mut command = toolchain.cargo_build(&wasm_target());
        command.args(["--quiet", "--package", "stoa-widgets", "--lib", "--profile", "widget"]);
        capture(command.current_dir(root()), "mend what the compiler names")?;
        bindgen(&wasm_target().join(format!("wasm32-unknown-unknown/widget/{NAME}.wasm")), &folder)
    })?;
    let wasm = folder.join(format!("{NAME}_bg.wasm"));
    if let Some(wasm_opt) = &tools.wasm_opt {
        steps.step("wasm-opt", || optimise(wasm_opt, &wasm))?;
    }
    let bytes = std::fs::read(&wasm).with_context(|| format!("cannot read {}", wasm.display()))?;
    join(tools, &folder, &bytes)
}

fn bindgen(module: &Path, folder: &Path) -> Result<()> {
    // Snippets of an earlier build would stay beside the new ones.
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    let mut bindgen = Bindgen::new();
    bindgen.input_path(module).typescript(false).omit_default_module_path(true);
    bindgen.remove_name_section(true).remove_producers_section(true);
    let mut output =
        bindgen.web(true)?.generate_output().context("wasm-bindgen refuses the runtime's module")?;
    let mut glue = output.js().to_owned();
    for (import, number) in output.wasm_mut().imports.iter_mut().zip(0..) {
        import.name = shorten(&mut glue, &import.name, number);
    }
    output.emit(folder).context("cannot write what wasm-bindgen made")?;
    write(&folder.join(format!("{NAME}.js")), glue.as_bytes())
}

/// Gives an import a name of one or two letters in the glue, if its name stands there once, as a key.
/// wasm-bindgen's own names end in 16 hexadecimal digits, which no compression makes smaller.
fn shorten(glue: &mut String, name: &str, number: usize) -> String {
    let key = format!("{name}: function");
    let elsewhere = glue.matches(name).count() != 1;
    if elsewhere || glue.matches(&key).count() != 1 {
        return name.to_owned();
    }
    let short = short_name(number);
    *glue = glue.replace(&key, &format!("{short}: function"));
    short
}

/// a to z, then ba, bb and so on: all letters, so that each is a key in JavaScript.
fn short_name(number: usize) -> String {
    let letter = char::from(b'a' + u8::try_from(number % 26).unwrap_or_default());
    match number / 26 {
        0 => letter.to_string(),
        more => format!("{}{letter}", short_name(more)),
    }
}

fn optimise(wasm_opt: &Path, wasm: &Path) -> Result<()> {
    let mut command = Command::new(wasm_opt);
    command
        .args([
            "-Oz",
            "--converge",
            "--low-memory-unused",
            "--zero-filled-memory",
            "--strip-debug",
            "--strip-target-features",
        ])
        .args(FEATURES);
    capture(
        command.arg(wasm).arg("-o").arg(wasm),
        "the npm package binaryen is named in widgets/package.json",
    )?;
    Ok(())
}

/// Bundles the entry with the glue and the module in both ways, and keeps the smaller.
///
/// The entry imports two names: `stoa_widgets.js` is wasm-bindgen's glue, `stoa_widgets_bg.wasm` the bytes of
/// the module as its default export.
fn join(tools: &Tools, folder: &Path, wasm: &[u8]) -> Result<Runtime> {
    let entry = root().join(ENTRY);
    let glue = folder.join(format!("{NAME}.js"));
    let module = folder.join("module.js");
    let mut best: Option<(usize, String)> = None;
    let mut measured = Vec::new();
    for packed in pack::both(wasm) {
        let bytes = format!("{}\nexport default unpack({PLACE});\n", packed.unpack);
        write(&module, bytes.as_bytes())?;
        let names = [(format!("{NAME}.js"), glue.clone()), (format!("{NAME}_bg.wasm"), module.clone())];
        let script = match &tools.esbuild {
            Some(esbuild) => bundle(esbuild, &entry, &names)?,
            None => paste(&entry, &names)?,
        };
        if script.matches(PLACE).count() != 1 {
            let hint = format!("{ENTRY} imports {NAME}_bg.wasm once and uses it");
            return Err(TaskError::new("the runtime's script has no place for its module", hint).into());
        }
        if best.is_none() {
            let apart = sizes::brotli_bytes(script.as_bytes())? + sizes::brotli_bytes(wasm)?;
            measured.push(format!("{:<22}{apart:>7} bytes brotli", "two files"));
        }
        let single = script.replace(PLACE, &packed.literal);
        let size = sizes::brotli_bytes(single.as_bytes())?;
        measured.push(format!("{:<22}{size:>7} bytes brotli", format!("one file, {}", packed.name)));
        if best.as_ref().is_none_or(|(smallest, _)| size < *smallest) {
            best = Some((size, single));
        }
    }
    let (_, single) = best.context("there is no way to pack a module")?;
    Ok(Runtime { single, measured })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{short_name, shorten};

    #[test]
    fn a_name_is_shortened_only_where_it_is_a_key_and_nothing_else() {
        let mut glue =
            "{\n  __wbg_a_1234: function() {},\n  __wbg_b_12: function() {},\n} __wbg_b_12()".to_owned();
        assert_eq!(shorten(&mut glue, "__wbg_a_1234", 27), "bb");
        assert_eq!(shorten(&mut glue, "__wbg_b_12", 28), "__wbg_b_12");
        assert_eq!(shorten(&mut glue, "absent", 29), "absent");
        assert_eq!(glue, "{\n  bb: function() {},\n  __wbg_b_12: function() {},\n} __wbg_b_12()");
    }

    #[test]
    fn short_names_are_letters_and_never_the_same() {
        let names: BTreeSet<String> = (0..1000).map(short_name).collect();
        assert_eq!(names.len(), 1000);
        assert!(names.iter().all(|name| name.bytes().all(|byte| byte.is_ascii_lowercase())));
    }
}
