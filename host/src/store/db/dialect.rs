//! The few words in which databases differ. Statements name them in braces.

/// Which database's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) enum Dialect {
    /// `SQLite` 3.51 or newer.
    Sqlite,
}

impl Dialect {
    /// The statement in this database's words: `{array}(a, b)` is a JSON array of values, `{gather}(x)` one of
    /// a column, `{each}(json)` a table with a column `value` of its texts.
    pub(in crate::store) fn statement(self, text: &str) -> String {
        let words = match self {
            Self::Sqlite => {
                [("{array}", "json_array"), ("{gather}", "json_group_array"), ("{each}", "json_each")]
            }
        };
        words.iter().fold(text.to_owned(), |text, (name, word)| text.replace(name, word))
    }
}
