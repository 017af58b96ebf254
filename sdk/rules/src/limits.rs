//! Every limit of the contract as a constant. Documents quote these; code uses no other numbers.

/// Changes that one call of `act` can record.
pub const CHANGES_MAX: usize = 50;

/// Conditions that one call of `act` can require.
pub const CONDITIONS_MAX: usize = 100;

/// Arguments of one message.
pub const ARGUMENTS_MAX: usize = 8;

/// Times that `act` is called again because a condition with `rerun` did not hold.
pub const RERUNS_MAX: usize = 2;

/// Rows that one call can read.
pub const ROWS_MAX: usize = 2_000;

/// Ids or keys in one argument.
pub const IDS_MAX: usize = 100;

/// Lines that one call can write to the log.
pub const LOG_LINES_MAX: usize = 100;

/// Bytes of one line of the log; longer ones are cut.
pub const LOG_LINE_BYTES_MAX: usize = 2_000;

/// Bytes of a cursor.
pub const CURSOR_BYTES_MAX: usize = 200;

/// Characters (ASCII) of the id of an entry or person: a hyphenated `UUIDv7`.
pub const ID_BYTES: usize = 36;

/// Bytes of the key of a page.
pub const PAGE_KEY_BYTES_MAX: usize = 200;

/// Characters (ASCII) of the name of a kind, mark or verb: 1 to this many of a-z and `-`.
pub const NAME_BYTES_MAX: usize = 32;

/// Characters (ASCII) of the name of a field: 1 to this many of a-z, 0-9 and `_`, a letter first.
pub const FIELD_NAME_BYTES_MAX: usize = 32;

/// Bytes of the id of a message in the Fluent bundle of a plugin.
pub const MESSAGE_ID_BYTES_MAX: usize = 64;

/// Characters of a `text` field, whatever the manifest says.
pub const TEXT_CHARS_MAX: usize = 2_000;

/// Characters of a `text` field without a `max` in the manifest.
pub const TEXT_CHARS_DEFAULT: usize = 200;

/// Characters of a `long-text` field, whatever the manifest says.
pub const LONG_TEXT_CHARS_MAX: usize = 65_535;

/// Characters of a `long-text` field without a `max` in the manifest.
pub const LONG_TEXT_CHARS_DEFAULT: usize = 5_000;

/// Characters of one item of a `tags` or `list` field, and of one choice.
pub const ITEM_CHARS_MAX: usize = 200;

/// Items of a `tags`, `list` or `people` field, whatever the manifest says.
pub const ITEMS_MAX: u32 = 100;

/// Items of a `tags`, `list` or `people` field without a `max_count` in the manifest.
pub const ITEMS_DEFAULT: u32 = 20;

/// Choices of a field or setting.
pub const CHOICES_MAX: usize = 100;

/// Bytes of the value of a mark.
pub const MARK_VALUE_BYTES_MAX: usize = 64;

/// Listed values of a mark.
pub const MARK_VALUES_MAX: usize = 50;

/// Kinds of entries in a manifest.
pub const KINDS_MAX: usize = 16;

/// Fields of a kind.
pub const FIELDS_MAX: usize = 32;

/// Kinds of marks in a manifest.
pub const MARKS_MAX: usize = 16;

/// Units of points in a manifest.
pub const UNITS_MAX: usize = 8;

/// Accounts of a unit.
pub const ACCOUNTS_MAX: usize = 8;

/// Reasons for transfers of a unit.
pub const TRANSFER_REASONS_MAX: usize = 16;

/// Points of one transfer, of a budget and of a cap.
pub const AMOUNT_MAX: u32 = 1_000_000;

/// Flows that are summed up in one question.
pub const FLOWS_MAX: usize = 100;

/// Characters of the reason for a change of state.
pub const REASON_CHARS_MAX: usize = 500;

/// Bytes of a key in the private space of a plugin.
pub const KEY_BYTES_MAX: usize = 200;

/// Bytes of a value in the private space of a plugin.
pub const VALUE_BYTES_MAX: usize = 64 << 10;

/// Bytes of the private space of a plugin on a site, keys and values together.
pub const SPACE_BYTES_MAX: u64 = 10 << 20;

/// Filters of a query.
pub const FILTERS_MAX: usize = 8;

/// Entries that a query lists; the least is 1.
pub const LIMIT_MAX: u32 = 100;

/// Entries with a similar title that are found; the least is 1.
pub const SIMILAR_MAX: u32 = 20;

/// Bytes of a text to which similar titles are looked for.
pub const SIMILAR_BYTES_MAX: usize = 256;

/// Replies that a query lists below each root.
pub const REPLIES_MAX: u32 = 50;

/// Replies that a query lists below a root in `expanded`.
pub const REPLIES_EXPANDED_MAX: u32 = 200;

/// Roots in `expanded`.
pub const EXPANDED_MAX: usize = 20;

/// Values of a test `any-of`.
pub const ANY_OF_MAX: usize = 20;

/// Earlier texts of an entry that are listed.
pub const REVISIONS_MAX: u32 = 50;

/// Verbs of a widget.
pub const VERBS_MAX: usize = 32;

/// Bytes of `plugin.toml`.
pub const MANIFEST_BYTES_MAX: usize = 64 << 10;

/// Bytes of the interface texts of one language.
pub const LOCALE_BYTES_MAX: usize = 256 << 10;

/// Languages of a plugin.
pub const LOCALES_MAX: usize = 64;

/// Characters of a sentence for the administrator: `description`, `reason`, `label`.
pub const SENTENCE_CHARS_MAX: usize = 200;

/// Settings of a plugin.
pub const SETTINGS_MAX: usize = 64;

/// Bytes of a text in a setting.
pub const SETTING_TEXT_BYTES_MAX: usize = 4_096;

/// Texts in a setting of kind `list`.
pub const SETTING_LINES_MAX: usize = 200;
