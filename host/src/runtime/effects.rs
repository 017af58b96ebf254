//! What a plugin wants changed, as data, and the rules that hold for each change whatever the database says.

use super::package::{Capability, Grants};
use crate::store::State;

/// The most changes of one call.
pub(crate) const EFFECTS_MAX: usize = 50;

/// The longest text of an entry, in characters.
pub(crate) const BODY_CHARS_MAX: usize = 65_535;

/// The most bytes of a plugin's own data of an entry.
pub(crate) const DATA_BYTES_MAX: usize = 16 << 10;

/// The longest reason, in characters.
pub(crate) const REASON_CHARS_MAX: usize = 500;

/// The most bytes of a mark's value.
pub(crate) const MARK_VALUE_BYTES_MAX: usize = 64;

/// The most bytes of a key.
pub(crate) const KEY_BYTES_MAX: usize = 200;

/// The most bytes of a value in the private space.
pub(crate) const VALUE_BYTES_MAX: usize = 64 << 10;

/// What a mark is put on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EffectTarget {
    /// An entry.
    Entry(String),
    /// The page of the call.
    Page,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Create an entry.
    CreateEntry {
        /// An id reserved in this call.
        id: String,
        /// What it is to the plugin.
        kind: String,
        /// What it answers.
        parent: Option<String>,
        /// Markdown.
        body: String,
        /// JSON; empty for none.
        data: String,
    },
    /// Change the text of an entry.
    EditEntry {
        /// Which.
        id: String,
        /// The version that was read.
        version: u32,
        /// Markdown.
        body: String,
    },
    /// Change the state of an entry.
    SetState {
        /// Which.
        id: String,
        /// The version that was read.
        version: u32,
        /// The new state.
        state: State,
        /// Why.
        reason: Option<String>,
    },
    /// Put a mark.
    PutMark {
        /// On what.
        target: EffectTarget,
        /// The kind.
        kind: String,
        /// The value.
        value: String,
    },
    /// Take a mark away.
    DeleteMark {
        /// From what.
        target: EffectTarget,
        /// The kind.
        kind: String,
    },
    /// Pin or unpin a thread.
    PinEntry {
        /// Which.
        id: String,
        /// Whether it is pinned.
        pinned: bool,
    },
    /// Close the page for new entries, or open it again.
    ClosePage(bool),
    /// Write the plugin's private space.
    PutValue {
        /// The key.
        key: String,
        /// The value; none takes the key away.
        value: Option<Vec<u8>>,
    },
}

/// Check all changes of a call: their number, each one's form and length, that the site grants what they touch, and
/// that new entries have ids that this call reserved, each once.
///
/// # Errors
/// A sentence for the plugin's author that names the change by its place.
pub fn check(effects: &[Effect], granted: Grants, reserved: &[String]) -> Result<(), String> {
    if effects.len() > EFFECTS_MAX {
        return Err(format!("{} effects; {EFFECTS_MAX} are the most", effects.len()));
    }
    let mut created: Vec<&str> = Vec::new();
    for (place, effect) in effects.iter().enumerate() {
        check_one(effect, granted).map_err(|why| format!("effect {place}: {why}"))?;
        if let Effect::CreateEntry { id, .. } = effect {
            if !reserved.contains(id) {
                return Err(format!("effect {place}: the id was not reserved in this call"));
            }
            if created.contains(&id.as_str()) {
                return Err(format!("effect {place}: the id is used twice"));
            }
            created.push(id);
        }
    }
    Ok(())
}

fn check_one(effect: &Effect, granted: Grants) -> Result<(), String> {
    let needed = capability_of(effect);
    if !granted.contains(needed) {
        return Err(format!("`{}` is not granted", needed.name()));
    }
    match effect {
        Effect::CreateEntry { kind, parent, body, data, .. } => {
            check_kind(kind)?;
            parent.as_deref().map_or(Ok(()), check_id)?;
            check_chars("body", body, BODY_CHARS_MAX)?;
            check_data(data)
        }
        Effect::EditEntry { id, body, .. } => {
            check_id(id)?;
            check_chars("body", body, BODY_CHARS_MAX)
        }
        Effect::SetState { id, state, reason, .. } => {
            check_id(id)?;
            if *state == State::Held {
                return Err("only rules and reports hold an entry".to_owned());
            }
            check_chars("reason", reason.as_deref().unwrap_or(""), REASON_CHARS_MAX)
        }
        Effect::PutMark { target, kind, value } => {
            check_target(target)?;
            check_kind(kind)?;
            check_bytes("value", value.len(), MARK_VALUE_BYTES_MAX)
        }
        Effect::DeleteMark { target, kind } => {
            check_target(target)?;
            check_kind(kind)
        }
        Effect::PinEntry { id, .. } => check_id(id),
        Effect::ClosePage(_) => Ok(()),
        Effect::PutValue { key, value } => {
            if key.is_empty() {
                return Err("the key is empty".to_owned());
            }
            check_bytes("key", key.len(), KEY_BYTES_MAX)?;
            check_bytes("value", value.as_ref().map_or(0, Vec::len), VALUE_BYTES_MAX)
        }
    }
}

fn capability_of(effect: &Effect) -> Capability {
    match effect {
        Effect::CreateEntry { .. }
        | Effect::EditEntry { .. }
        | Effect::SetState { .. }
        | Effect::PinEntry { .. } => Capability::Entries,
        Effect::PutMark { .. } | Effect::DeleteMark { .. } => Capability::Marks,
        Effect::ClosePage(_) => Capability::Pages,
        Effect::PutValue { .. } => Capability::Kv,
    }
}

fn check_kind(kind: &str) -> Result<(), String> {
    let plain = kind.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    if plain && (1..=32).contains(&kind.len()) {
        return Ok(());
    }
    Err("a kind has 1 to 32 characters of a-z and `-`".to_owned())
}

fn check_id(id: &str) -> Result<(), String> {
    if crate::base::id::is_id(id) { Ok(()) } else { Err("an id has not the form of an id".to_owned()) }
}

fn check_target(target: &EffectTarget) -> Result<(), String> {
    match target {
        EffectTarget::Entry(id) => check_id(id),
        EffectTarget::Page => Ok(()),
    }
}

fn check_chars(what: &str, text: &str, max: usize) -> Result<(), String> {
    // A text of at most `max` bytes has at most `max` characters: most are never counted.
    if text.len() <= max || text.chars().count() <= max {
        return Ok(());
    }
    Err(format!("{what} is longer than {max} characters"))
}

fn check_bytes(what: &str, bytes: usize, max: usize) -> Result<(), String> {
    if bytes <= max { Ok(()) } else { Err(format!("{what} is larger than {max} bytes")) }
}

fn check_data(data: &str) -> Result<(), String> {
    check_bytes("data", data.len(), DATA_BYTES_MAX)?;
    if data.is_empty() {
        return Ok(());
    }
    serde_json::from_str::<serde::de::IgnoredAny>(data)
        .map(drop)
        .map_err(|error| format!("data is not JSON: {error}"))
}
