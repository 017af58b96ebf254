//! The files of the project, and source text with its comments and strings blanked out.

use std::collections::BTreeMap;
use std::path::Path;

/// Paths relative to the project's folder, with `/`, and their text; binary files have none.
pub(crate) struct Tree {
    pub(crate) files: BTreeMap<String, String>,
}

impl Tree {
    pub(crate) fn of_the_project() -> Self {
        // Where cargo runs the tests, not where they were compiled: a checkout may be moved with its `target`.
        let here = std::env::var("CARGO_MANIFEST_DIR").expect("cargo runs the tests");
        let root = Path::new(&here).parent().expect("tests/ is in the project");
        let mut files = BTreeMap::new();
        read_folder(root, "", &mut files);
        assert!(files.contains_key("Cargo.toml"), "{} is not the project", root.display());
        Self { files }
    }

    /// A tree for trying a check on.
    #[cfg(test)]
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        Self { files: files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect() }
    }

    /// Files below a folder with one of these endings.
    pub(crate) fn below<'a>(
        &'a self,
        folder: &'a str,
        endings: &'a [&'a str],
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.files
            .iter()
            .filter(move |(path, _)| path.starts_with(folder))
            .filter(move |(path, _)| endings.iter().any(|ending| path.ends_with(ending)))
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }
}

/// What is not ours: products, installed packages, and everything whose name starts with a dot.
fn is_skipped(name: &str) -> bool {
    matches!(name, "target" | "node_modules") || name.starts_with('.') || name.ends_with(".tmp")
}

fn read_folder(folder: &Path, prefix: &str, files: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).expect("the project can be read").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if is_skipped(&name) {
            continue;
        }
        let path = format!("{prefix}{name}");
        if entry.path().is_dir() {
            read_folder(&entry.path(), &format!("{path}/"), files);
        } else {
            let bytes = std::fs::read(entry.path()).expect("the project can be read");
            files.insert(path, String::from_utf8(bytes).unwrap_or_default());
        }
    }
}

/// Fails with one line for each finding.
pub(crate) fn report(findings: &[String]) {
    assert!(findings.is_empty(), "\n  {}\n", findings.join("\n  "));
}

/// Asserts that a check finds exactly these, one word of each.
#[cfg(test)]
pub(crate) fn expect(found: &[String], parts: &[&str]) {
    assert_eq!(found.len(), parts.len(), "{found:?}");
    for (line, part) in found.iter().zip(parts) {
        assert!(line.contains(part), "{line:?} lacks {part:?}");
    }
}

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Language {
    Rust,
    JavaScript,
}

/// The same number of characters and lines, with comments as blanks and the insides of strings as `_`,
/// so that what looks like code in either is not taken for code.
pub(crate) fn mask(text: &str, language: Language) -> Vec<char> {
    let mut masker = Masker { text: text.chars().collect(), out: Vec::new(), at: 0 };
    masker.code(language, false);
    masker.out
}

struct Masker {
    text: Vec<char>,
    out: Vec<char>,
    at: usize,
}

impl Masker {
    fn peek(&self, ahead: usize) -> char {
        self.text.get(self.at + ahead).copied().unwrap_or('\0')
    }

    fn starts(&self, word: &str) -> bool {
        word.chars().enumerate().all(|(index, c)| self.peek(index) == c)
    }

    /// Takes one character over as it is, or as `cover`; line ends always stay.
    fn take(&mut self, cover: Option<char>) {
        let c = self.peek(0);
        self.out.push(if c == '\n' { c } else { cover.unwrap_or(c) });
        self.at += 1;
    }

    /// Code up to the end, or in a template literal's `${` up to its brace.
    fn code(&mut self, language: Language, in_template: bool) {
        let mut depth = 0_usize;
        while self.at < self.text.len() {
            match self.peek(0) {
                '}' if in_template && depth == 0 => return,
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if self.starts("//") {
                self.line_comment();
            } else if self.starts("/*") {
                self.block_comment(language == Language::Rust);
            } else if language == Language::Rust {
                self.rust();
            } else {
                self.javascript();
            }
        }
    }

    fn line_comment(&mut self) {
        while self.at < self.text.len() && self.peek(0) != '\n' {
            self.take(Some(' '));
        }
    }

    /// Rust's comments nest, JavaScript's do not.
    fn block_comment(&mut self, nests: bool) {
        let mut depth = 0;
        while self.at < self.text.len() {
            if self.starts("/*") && (nests || depth == 0) {
                depth += 1;
                self.take(Some(' '));
            } else if self.starts("*/") {
                depth -= 1;
                self.take(Some(' '));
            }
            self.take(Some(' '));
            if depth == 0 {
                return;
            }
        }
    }

    fn rust(&mut self) {
        let in_word = self.out.last().is_some_and(|c| c.is_alphanumeric() || *c == '_');
        if !in_word && self.raw_string() {
            return;
        }
        let closes_char = self.peek(1) == '\\' || self.peek(2) == '\'';
        match self.peek(0) {
            '"' => self.quoted('"'),
            // A lifetime has no closing quote right behind its first letter.
            '\'' if closes_char => self.quoted('\''),
            _ => self.take(None),
        }
    }

    /// `r"..."`, `r#"..."#` and their b and c kinds, if one is here.
    fn raw_string(&mut self) -> bool {
        let skip = usize::from(matches!(self.peek(0), 'b' | 'c'));
        if self.peek(skip) != 'r' {
            return false;
        }
        let mut hashes = 0;
        while self.peek(skip + 1 + hashes) == '#' {
            hashes += 1;
        }
        if self.peek(skip + 1 + hashes) != '"' {
            return false;
        }
        let end: String = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
        for _ in 0..skip + hashes + 2 {
            self.take(Some('_'));
        }
        while self.at < self.text.len() && !self.starts(&end) {
            self.take(Some('_'));
        }
        for _ in 0..=hashes {
            self.take(Some('_'));
        }
        true
    }

    fn quoted(&mut self, quote: char) {
        self.take(Some('_'));
        while self.at < self.text.len() && self.peek(0) != quote {
            if self.peek(0) == '\\' {
                self.take(Some('_'));
            }
            self.take(Some('_'));
        }
        self.take(Some('_'));
    }

    fn javascript(&mut self) {
        match self.peek(0) {
            quote @ ('"' | '\'') => self.quoted(quote),
            '`' => self.template(),
            '/' if self.may_be_pattern() => self.pattern(),
            _ => self.take(None),
        }
    }

    fn template(&mut self) {
        self.take(Some('_'));
        while self.at < self.text.len() && self.peek(0) != '`' {
            if self.starts("${") {
                self.take(None);
                self.take(None);
                self.code(Language::JavaScript, true);
                self.take(None);
            } else {
                if self.peek(0) == '\\' {
                    self.take(Some('_'));
                }
                self.take(Some('_'));
            }
        }
        self.take(Some('_'));
    }

    /// A slash divides after a value, and opens a pattern after an operator or at a beginning.
    fn may_be_pattern(&self) -> bool {
        let before: String = self.out.iter().rev().skip_while(|c| c.is_whitespace()).take(6).collect();
        match before.chars().next() {
            None => true,
            Some(last) if "(,=:[!&|?{};+-*%~^<>".contains(last) => true,
            _ => before.starts_with("nruter"),
        }
    }

    fn pattern(&mut self) {
        self.take(Some('_'));
        let mut in_class = false;
        while self.at < self.text.len() && (in_class || self.peek(0) != '/') && self.peek(0) != '\n' {
            match self.peek(0) {
                '[' => in_class = true,
                ']' => in_class = false,
                '\\' => self.take(Some('_')),
                _ => {}
            }
            self.take(Some('_'));
        }
        self.take(Some('_'));
    }
}

/// Index of the bracket that closes the one at `open`, in masked text.
pub(crate) fn closing(text: &[char], open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (index, c) in text.iter().enumerate().skip(open) {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(index);
                }
            }
            _ => {}
        }
    }
    None
}

/// Masked Rust without what follows `#[cfg(test)]`.
pub(crate) fn without_tests(masked: &[char]) -> String {
    let mark: Vec<char> = "#[cfg(test)]".chars().collect();
    let mut out = String::new();
    let mut at = 0;
    while at < masked.len() {
        if !masked[at..].starts_with(&mark) {
            out.push(masked[at]);
            at += 1;
            continue;
        }
        let rest = &masked[at + mark.len()..];
        let first = rest.iter().position(|c| matches!(c, '{' | ';')).map(|found| at + mark.len() + found);
        at = match first {
            Some(open) if masked[open] == '{' => closing(masked, open).map_or(masked.len(), |end| end + 1),
            Some(end) => end + 1,
            None => masked.len(),
        };
    }
    out
}

/// The number of the line, from 1, in which a character is.
pub(crate) fn line_of(text: &[char], at: usize) -> usize {
    text[..at].iter().filter(|c| **c == '\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::{Language, mask, without_tests};

    fn check(language: Language, text: &str, expected: &str) {
        let masked: String = mask(text, language).into_iter().collect();
        assert_eq!(masked, expected, "{text}");
        assert_eq!(masked.chars().count(), text.chars().count());
    }

    #[test]
    fn rust_comments_strings_and_characters_are_blanked_and_lifetimes_stay() {
        let check = |text, expected| check(Language::Rust, text, expected);
        check("a // {\nb", "a     \nb");
        check("a /* { /* } */ { */ b", "a                   b");
        check(r#"f("{\"}") x"#, "f(______) x");
        check(r##"r#"{"}"# x"##, "________ x");
        check(r#"br"{" x"#, "_____ x");
        check("'{' '\\'' '\\u{7d}' &'a T", "___ ____ ________ &'a T");
        check("for r in xs", "for r in xs");
        check("\"a\nb\"", "__\n__");
    }

    #[test]
    fn javascript_templates_and_patterns_are_blanked_and_divisions_stay() {
        let check = |text, expected| check(Language::JavaScript, text, expected);
        check("a = '{' + \"}\"", "a = ___ + ___");
        check("`x{${a({})}y}`", "___${a({})}___");
        check("x = /[/{]\\//.test(y)", "x = ________.test(y)");
        check("return /}/", "return ___");
        check("a / b / c", "a / b / c");
        check("/* { /* */ b", "           b");
    }

    #[test]
    fn what_is_compiled_for_tests_only_is_left_out() {
        let text =
            mask("a;\n#[cfg(test)]\nmod tests { fn b() {} }\nc;\n#[cfg(test)] mod d;\ne;", Language::Rust);
        assert_eq!(without_tests(&text), "a;\n\nc;\n\ne;");
    }
}
