//! Without a bundler: the modules pasted into one. Enough for our own few modules, whose names do not clash,
//! and it refuses what it does not understand.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::read_text;
use crate::steps::TaskError;

/// One module of the entry and all it imports; `names` tells where bare names are.
pub(crate) fn paste(entry: &Path, names: &[(String, PathBuf)]) -> Result<String> {
    let mut pasted = Pasted { names, out: String::new(), done: Vec::new() };
    pasted.imports(entry)?;
    let own: Vec<String> =
        read_text(entry)?.lines().filter(|line| !is_import(line)).map(str::to_owned).collect();
    pasted.out.push_str(&own.join("\n"));
    Ok(pasted.out)
}

struct Pasted<'a> {
    names: &'a [(String, PathBuf)],
    out: String,
    done: Vec<PathBuf>,
}

impl Pasted<'_> {
    /// Everything the file imports, each once, before its importer.
    fn imports(&mut self, file: &Path) -> Result<()> {
        for line in read_text(file)?.lines().filter(|line| is_import(line)) {
            let Some((clause, name)) = parts(line) else { return Err(refuse(line)) };
            let named = self.names.iter().find(|(known, _)| known == name).map(|(_, path)| path.clone());
            if let Some(path) = named {
                self.whole(&path, clause)?;
            } else if name.starts_with('.') && clause.starts_with('{') && !clause.contains(" as ") {
                self.single(&file.with_file_name(name))?;
            } else {
                return Err(refuse(line));
            }
        }
        Ok(())
    }

    /// A module whose exports are taken by their own names: its text without the word `export`.
    fn single(&mut self, file: &Path) -> Result<()> {
        if self.done.iter().any(|done| done == file) {
            return Ok(());
        }
        self.done.push(file.to_path_buf());
        self.imports(file)?;
        for line in read_text(file)?.lines().filter(|line| !is_import(line)) {
            self.out.push_str(line.strip_prefix("export ").unwrap_or(line));
            self.out.push('\n');
        }
        Ok(())
    }

    /// A module taken as a whole, its default or both: a function called once that returns its exports.
    fn whole(&mut self, file: &Path, clause: &str) -> Result<()> {
        self.imports(file)?;
        let mut exports = Vec::new();
        let mut body = String::new();
        for line in read_text(file)?.lines().filter(|line| !is_import(line)) {
            if let Some(list) = line.strip_prefix("export {") {
                exports.extend(list.trim_end_matches(['}', ';', ' ']).split(',').map(renamed));
            } else if let Some(value) = line.strip_prefix("export default ") {
                body.push_str(&format!("const standard = {value}\n"));
                exports.push("default: standard".into());
            } else if let Some(item) = line.strip_prefix("export ") {
                exports.push(declared(item));
                body.push_str(item);
                body.push('\n');
            } else {
                body.push_str(line);
                body.push('\n');
            }
        }
        let value = format!("(() => {{\n{body}return {{ {} }};\n}})()", exports.join(", "));
        for (index, part) in clause.split(',').map(str::trim).enumerate() {
            let (name, taken) = match part.strip_prefix("* as ") {
                Some(name) => (name, "exported"),
                None => (part, "exported.default"),
            };
            let stored = format!("exported{}", self.done.len());
            if index == 0 {
                self.out.push_str(&format!("const {stored} = {value};\n"));
            }
            self.out.push_str(&format!("const {name} = {};\n", taken.replacen("exported", &stored, 1)));
        }
        self.done.push(file.to_path_buf());
        Ok(())
    }
}

/// `a as b` of a list of exports is `b: a` of an object.
fn renamed(item: &str) -> String {
    match item.trim().split_once(" as ") {
        Some((inner, outer)) => format!("{outer}: {inner}"),
        None => item.trim().to_owned(),
    }
}

/// The name that `function x(`, `async function x(`, `class x {` or `const x =` declares.
fn declared(item: &str) -> String {
    let words = item.split([' ', '(', '{', '=', ';']);
    let mut words =
        words.filter(|word| !matches!(*word, "" | "async" | "function" | "class" | "const" | "let"));
    words.next().unwrap_or_default().to_owned()
}

fn is_import(line: &str) -> bool {
    line.starts_with("import ")
}

/// What is imported and from where: `{ a }` and `./a.js` of `import { a } from "./a.js";`.
fn parts(line: &str) -> Option<(&str, &str)> {
    let (clause, rest) = line.strip_prefix("import ")?.split_once(" from ")?;
    Some((clause.trim(), rest.trim().trim_end_matches(';').trim_matches(['"', '\''])))
}

fn refuse(line: &str) -> anyhow::Error {
    let hint = "install Node.js with npm, so that esbuild can bundle it";
    TaskError::new(format!("cannot paste `{line}` without a bundler"), hint).into()
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::paste;
    use crate::tools::write;

    #[test]
    fn a_pasted_module_does_what_the_modules_did() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            write(&folder.path().join(name), text.as_bytes()).unwrap();
            folder.path().join(name)
        };
        file("snippets/move.js", "export function move(x) { return x + 1; }\n");
        let glue = "import { move } from './snippets/move.js';\nlet wasm = 40;\nexport function run() { return move(wasm); }\nasync function load() { wasm += 1; }\nexport { load as default };\n";
        let names = [
            ("glue.js".to_owned(), file("glue.js", glue)),
            (
                "bytes".to_owned(),
                file("bytes.js", "const unpack = (t) => t.length;\nexport default unpack(\"@\");\n"),
            ),
        ];
        let entry = file(
            "start.js",
            "import init, * as wasm from \"glue.js\";\nimport bytes from \"bytes\";\nawait init();\nconsole.log(wasm.run() + bytes);\n",
        );
        let out = file("out.mjs", &paste(&entry, &names).unwrap());
        let answer = Command::new("node").arg(&out).output().expect("node runs; the tests need it");
        assert_eq!(
            String::from_utf8_lossy(&answer.stdout).trim(),
            "43",
            "{}",
            std::fs::read_to_string(out).unwrap()
        );
    }

    #[test]
    fn an_import_that_is_not_understood_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        for line in ["import { a as b } from './a.js';", "import 'a';", "import { a } from 'package';"] {
            let entry = folder.path().join("start.js");
            write(&entry, line.as_bytes()).unwrap();
            assert!(paste(&entry, &[]).unwrap_err().to_string().contains("without a bundler"), "{line}");
        }
    }
}
