//! Names as they are kept and found. The rules about entries are those of `stoa_rules`.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::PersonClaims;

/// The roles after two tokens of the same second, whose order nobody knows: those in both; and `guest`, which takes
/// rights away, if it is in either.
pub(in crate::store) fn roles_of_both(known: &[String], claimed: &[String]) -> Vec<String> {
    let guest = |role: &&String| role.as_str() == "guest";
    let mut roles: Vec<String> =
        known.iter().filter(|role| guest(role) || claimed.contains(role)).cloned().collect();
    roles.extend(claimed.iter().filter(guest).filter(|_| !known.iter().any(|role| guest(&role))).cloned());
    roles
}

/// Whether claims of the same second as the known ones leave the roles as they are.
pub(in crate::store) fn agrees(known: &[String], claims: &PersonClaims) -> bool {
    claims.roles.as_ref().is_none_or(|claimed| roles_of_both(known, claimed) == known)
}

/// A name or title as it is shown: one line without control characters and without marks that turn the direction
/// of the text around it, `limit` characters at the most.
pub(in crate::store) fn clean(text: &str, limit: usize) -> String {
    let turns =
        |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let plain: String =
        text.chars().filter(|c| !turns(*c)).map(|c| if c.is_control() { ' ' } else { c }).collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    words.join(" ").chars().take(limit).collect()
}

/// The words of a text for searching: small letters without accents, split at everything else.
pub(in crate::store) fn search_words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric() && !is_combining_mark(c))
        .map(fold)
        .filter(|word| !word.is_empty())
        .collect()
}

/// The words under which a name is found. German umlauts are found in both spellings: `muller` and `mueller`.
pub(in crate::store) fn name_words(name: &str) -> Vec<String> {
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

/// A name as it is compared where case does not matter (RFC 7643 section 2.2), and nothing else is passed over.
pub(in crate::store) fn fold_name(name: &str) -> String {
    name.nfc().flat_map(char::to_lowercase).collect()
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
