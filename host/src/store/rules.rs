//! The rules of the store as pure functions: states, scores, names. Sources: the semantics of comments and the
//! named papers.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::model::{PersonClaims, State};

/// Why a change of state is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Nobody goes this way.
    Conflict,
    /// Others may go this way.
    Denied,
}

/// Whether an entry may go from one state to another.
///
/// An author deletes what is visible or held. A moderator removes or holds what is visible, decides on what is
/// held, and takes back what was removed, rejected or deleted; `visible -> visible` by a moderator answers reports.
///
/// # Errors
/// `Conflict` when nobody may go this way, `Denied` when somebody else may.
pub(super) fn transition(from: State, to: State, is_author: bool, moderates: bool) -> Result<(), Refusal> {
    use State::{Deleted, Held, Rejected, Removed, Visible};
    let (author, moderator) = match (from, to) {
        (Visible | Held, Deleted) => (true, false),
        (Visible, Visible | Removed | Held)
        | (Held, Visible | Rejected | Removed)
        | (Removed | Rejected | Deleted, Visible) => (false, true),
        _ => return Err(Refusal::Conflict),
    };
    if (author && is_author) || (moderator && moderates) { Ok(()) } else { Err(Refusal::Denied) }
}

/// The roles after two tokens of the same second, whose order nobody knows: those in both; and `guest`, which takes
/// rights away, if it is in either.
pub(super) fn roles_of_both(known: &[String], claimed: &[String]) -> Vec<String> {
    let guest = |role: &&String| role.as_str() == "guest";
    let mut roles: Vec<String> =
        known.iter().filter(|role| guest(role) || claimed.contains(role)).cloned().collect();
    roles.extend(claimed.iter().filter(guest).filter(|_| !known.iter().any(|role| guest(&role))).cloned());
    roles
}

/// Whether claims of the same second as the known ones leave the roles as they are.
pub(super) fn agrees(known: &[String], claims: &PersonClaims) -> bool {
    claims.roles.as_ref().is_none_or(|claimed| roles_of_both(known, claimed) == known)
}

/// Who gets a line for an entry: 1 everybody, 2 its author and moderators, 3 moderators, 0 nobody. `replies` are
/// visible entries below it, `waiting` held and rejected ones.
pub(super) fn listed(state: State, replies: i64, waiting: i64) -> i64 {
    match state {
        State::Visible => 1,
        _ if replies > 0 => 1,
        State::Held | State::Rejected => 2,
        // A moderator can take it back.
        State::Removed => 3,
        State::Deleted if waiting > 0 => 3,
        State::Deleted => 0,
    }
}

/// Scores are kept as whole numbers of this fraction, so that order and cursors are exact.
const SCORE_UNIT: f64 = 1_000_000_000.0;

/// The lower bound of the Wilson interval at 95 % of the share of up-votes, in billionths.
///
/// Source: E. B. Wilson, "Probable Inference" (1927), as used by Reddit and Remark42.
pub(super) fn score_top(up: u32, down: u32) -> i64 {
    let count = f64::from(up) + f64::from(down);
    if count == 0.0 {
        return 0;
    }
    let z = 1.96_f64;
    let share = f64::from(up) / count;
    let spread = z * ((share * (1.0 - share) + z * z / (4.0 * count)) / count).sqrt();
    let bound = (share + z * z / (2.0 * count) - spread) / (1.0 + z * z / count);
    // Without an up-vote every bound is 0: more down-votes then come later.
    if up == 0 { -i64::from(down) } else { whole(bound) }
}

/// How disputed an entry is: `(up + down) ^ (min / max)`, in billionths; 0 unless both kinds of votes are there.
///
/// Source: Reddit's formula, as in Remark42.
pub(super) fn score_controversial(up: u32, down: u32) -> i64 {
    let (low, high) = (up.min(down), up.max(down));
    if low == 0 {
        return 0;
    }
    whole((f64::from(up) + f64::from(down)).powf(f64::from(low) / f64::from(high)))
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a float cast saturates; scores are below 2^33 billionths"
)]
fn whole(score: f64) -> i64 {
    (score * SCORE_UNIT).round() as i64
}

/// A name or title as it is shown: one line without control characters and without marks that turn the direction
/// of the text around it, `limit` characters at the most.
pub(super) fn clean(text: &str, limit: usize) -> String {
    let turns =
        |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let plain: String =
        text.chars().filter(|c| !turns(*c)).map(|c| if c.is_control() { ' ' } else { c }).collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    words.join(" ").chars().take(limit).collect()
}

/// The words of a text for searching: small letters without accents, split at everything else.
pub(super) fn search_words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric() && !is_combining_mark(c))
        .map(fold)
        .filter(|word| !word.is_empty())
        .collect()
}

/// The words under which a name is found. German umlauts are found in both spellings: `muller` and `mueller`.
pub(super) fn name_words(name: &str) -> Vec<String> {
    let mut words = search_words(name);
    let composed: String = name.nfc().collect();
    let spelled: String = composed
        .chars()
        .map(|c| match c {
            'ä' | 'Ä' => "ae".to_owned(),
            'ö' | 'Ö' => "oe".to_owned(),
            'ü' | 'Ü' => "ue".to_owned(),
            other => other.to_string(),
        })
        .collect();
    words.extend(search_words(&spelled));
    words.sort();
    words.dedup();
    words
}

fn fold(word: &str) -> String {
    let mut folded = String::with_capacity(word.len());
    for c in word.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match c {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' | 'ð' => folded.push('d'),
            'þ' => folded.push_str("th"),
            'ı' => folded.push('i'),
            other if is_combining_mark(other) => {}
            other => folded.push(other),
        }
    }
    folded
}
