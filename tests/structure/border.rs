//! The two contracts that are files: WIT, all of it documented, and migrations, in pairs that make the same tables.
//! Nothing runs those for PostgreSQL yet: what is compared is the names in them.

use std::collections::BTreeSet;

use crate::source::Tree;

/// What needs no sentence of its own: it only names what is documented elsewhere.
const PLAIN: [&str; 3] = ["package ", "use ", "include "];

/// What one database has and the other does not need, with the reason.
const FULL_TEXT: &str =
    "SQLite keeps the index of words in a virtual table of FTS5, which has no columns of its own";
const ONE_SIDED: [(&str, &str); 6] = [
    (
        "column events.made_in",
        "PostgreSQL has many writers: a reader of the outbox waits for older transactions",
    ),
    ("table entry_titles", FULL_TEXT),
    ("column entry_titles.number", FULL_TEXT),
    ("column entry_titles.title", FULL_TEXT),
    ("primary entry_titles_key of entry_titles", FULL_TEXT),
    ("index entry_titles_words on entry_titles", FULL_TEXT),
];

pub(crate) fn undocumented(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in tree.below("wit/", &[".wit"]) {
        found.extend(undocumented_lines(text).iter().map(|(line, why)| format!("{path}:{line} {why}")));
    }
    found
}

/// Items of one file without a `///` line above them. One item a line is part of the rule: only then can
/// each have its own.
fn undocumented_lines(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut documented = false;
    let mut depth = 0_isize;
    for (line, number) in text.lines().map(str::trim).zip(1..) {
        if line.starts_with("///") {
            documented = line.len() > 3;
            continue;
        }
        let code = line.split("//").next().unwrap_or_default().trim();
        let continues = depth > 0;
        depth += brackets(code);
        let closes = code.starts_with('}');
        if code.is_empty() || continues || closes || code.starts_with('@') {
            continue;
        }
        let plain = PLAIN.iter().any(|word| code.starts_with(word));
        if !plain && !documented {
            found.push((number, format!("is not documented: {code}")));
        }
        if let Some((_, inside)) = code.split_once('{')
            && !plain
            && !inside.trim().trim_end_matches('}').trim().is_empty()
        {
            found.push((number, format!("has more than one item in a line: {code}")));
        }
        documented = false;
    }
    found
}

/// Functions of the interfaces that a plugin can import, as the WIT has them and the one table of `stoa-rules`: what is in
/// one and not in the other.
pub(crate) fn untabled(tree: &Tree) -> Vec<String> {
    let mut written = BTreeSet::new();
    for (path, text) in tree.below("wit/", &[".wit"]) {
        let interface = path.rsplit('/').next().unwrap_or_default().trim_end_matches(".wit");
        let functions = text.lines().filter_map(|line| Some(line.trim().split_once(": func(")?.0.to_owned()));
        // What a plugin exports is no right.
        if !EXPORTED.contains(&interface) {
            written.extend(functions.map(|name| format!("{interface}.{name}")));
        }
    }
    let table: BTreeSet<String> = stoa_rules::FUNCTIONS
        .iter()
        .map(|function| format!("{}.{}", function.interface, function.name))
        .collect();
    let missing = written.difference(&table).map(|name| format!("{name} is in the WIT and not in FUNCTIONS"));
    let left = table.difference(&written).map(|name| format!("{name} is in FUNCTIONS and not in the WIT"));
    missing.chain(left).collect()
}

/// Interfaces that a plugin exports.
const EXPORTED: [&str; 1] = ["widget"];

/// Parentheses and angle brackets that stay open: what follows belongs to the same item.
fn brackets(code: &str) -> isize {
    let code = code.replace("->", "");
    let count = |wanted: [char; 2]| code.matches(wanted).count().cast_signed();
    count(['(', '<']) - count([')', '>'])
}

pub(crate) fn unpaired(tree: &Tree) -> Vec<String> {
    let names = |kind: &str| -> BTreeSet<String> {
        let folder = format!("host/migrations/{kind}/");
        tree.below(&folder, &[".sql"]).map(|(path, _)| path[folder.len()..].to_owned()).collect()
    };
    let (sqlite, postgres) = (names("sqlite"), names("postgres"));
    let mut found: Vec<String> =
        sqlite.difference(&postgres).map(|name| format!("{name} lacks its postgres pair")).collect();
    found.extend(postgres.difference(&sqlite).map(|name| format!("{name} lacks its sqlite pair")));
    for name in sqlite.intersection(&postgres) {
        let made = |kind: &str| {
            let path = format!("host/migrations/{kind}/{name}");
            let items = tree.below(&path, &[".sql"]).flat_map(|(_, text)| made(text));
            items.filter(|item| !ONE_SIDED.iter().any(|(only, _)| item == only)).collect::<BTreeSet<_>>()
        };
        let (here, there) = (made("sqlite"), made("postgres"));
        found.extend(here.difference(&there).map(|item| format!("{name}: postgres lacks {item}")));
        found.extend(there.difference(&here).map(|item| format!("{name}: sqlite lacks {item}")));
    }
    for (name, number) in sqlite.iter().zip(1..) {
        if !name.starts_with(&format!("{number:04}_")) {
            found.push(format!("{name} is not number {number:04}: steps are numbered without gaps"));
        }
    }
    found
}

/// Everything with a name that a migration makes: tables, their columns and whether they may be empty, constraints,
/// indexes.
fn made(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let (mut table, mut depth) = (String::new(), 0_isize);
    for line in text.lines().map(|line| line.split("--").next().unwrap_or_default().trim()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            ["create", "table", name, ..] if depth == 0 => {
                table = name.to_owned();
                found.push(format!("table {name}"));
            }
            ["create", "index", name, "on", of, ..] | ["create", "unique", "index", name, "on", of, ..] => {
                found.push(format!("index {name} on {of}"));
            }
            ["alter", "table", of, "add", "column", name, ..] => found.push(format!("column {of}.{name}")),
            ["constraint", name, kind, ..] if depth == 1 => {
                found.push(format!("{kind} {name} of {table}"));
            }
            [name, _, ..] if depth == 1 && !line.starts_with(')') => {
                let needed = if line.contains("not null") { "" } else { " (may be null)" };
                found.push(format!("column {table}.{name}{needed}"));
            }
            _ => {}
        }
        let count = |wanted: char| line.matches(wanted).count().cast_signed();
        depth += count('(') - count(')');
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{undocumented, unpaired, untabled};
    use crate::source::{Tree, expect};

    #[test]
    fn every_kind_of_item_without_a_sentence_is_found() {
        let text = "package a:b@0.1.0;\n/// Good.\ninterface i {\n    use t.{x};\n    /// Good.\n    @since(version = 0.1.0)\n    record r {\n        /// Good.\n        a: u32,\n        b: list<\n          u32>,\n    }\n    ///\n    variant v {\n        c(u32), // d\n    }\n    /// Good.\n    enum e { f, g }\n    type t = u32;\n    /// Good.\n    h: func(\n        a: u32,\n    ) -> u32;\n    j: func();\n}\nworld w {\n    include x;\n    import i;\n}\n";
        let parts = [
            "x.wit:10 is not documented: b: list<",
            ":14 is not documented: variant v",
            ":15 is not documented: c(u32)",
            ":18 has more than one item",
            ":19 is not documented: type t",
            ":24 is not documented: j",
            ":26 is not documented: world w",
            ":28 is not documented: import i",
        ];
        expect(&undocumented(&Tree::of(&[("wit/x.wit", text)])), &parts);
    }

    #[test]
    fn a_function_that_is_not_in_the_table_is_found() {
        let text = "interface clock {\n    now: func() -> instant;\n    tick: func(\n";
        let found = untabled(&Tree::of(&[("wit/plugin/clock.wit", text)]));
        expect(&found[..1], &["clock.tick is in the WIT and not in FUNCTIONS"]);
        assert!(found.iter().any(|one| one == "random.next is in FUNCTIONS and not in the WIT"));
    }

    #[test]
    fn a_migration_without_its_pair_or_number_is_found() {
        let tree = Tree::of(&[
            ("host/migrations/sqlite/0001_first.sql", ""),
            ("host/migrations/postgres/0001_first.sql", ""),
            ("host/migrations/sqlite/0003_third.sql", ""),
            ("host/migrations/postgres/0002_second.sql", ""),
        ]);
        expect(
            &unpaired(&tree),
            &["0003_third.sql lacks its postgres", "0002_second.sql lacks its sqlite", "not number 0002"],
        );
    }

    #[test]
    fn a_pair_that_makes_other_tables_is_found() {
        let one = "create table a ( -- first\n    id text not null,\n    n integer,\n    constraint a_key primary key (id),\n    constraint a_n check (\n        n > 0\n    )\n) strict;\ncreate index a_by_n on a (n);\nalter table a add column at integer;\n";
        let other = "create table a (\n    id text collate \"C\" not null,\n    n bigint not null,\n    constraint a_key primary key (id),\n    extra text\n);\nalter table a add column at bigint;\n";
        let pair = |postgres: &str| {
            let files = [
                ("host/migrations/sqlite/0001_a.sql", one),
                ("host/migrations/postgres/0001_a.sql", postgres),
            ];
            unpaired(&Tree::of(&files))
        };
        let parts = [
            "postgres lacks check a_n of a",
            "postgres lacks column a.n (may be null)",
            "postgres lacks index a_by_n on a",
            "sqlite lacks column a.extra",
            "sqlite lacks column a.n",
        ];
        expect(&pair(other), &parts);
        assert!(pair(&one.replace("integer", "bigint").replace(" strict", "")).is_empty());
    }
}
