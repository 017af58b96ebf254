//! How alike a title is to what somebody types.

use crate::entries::{Declared, fold};
use crate::limits;
use crate::manifest::form::Problem;

/// Letters of a word that says something.
const WORD_CHARS_MIN: usize = 3;

/// Letters from which on the beginning of a word stands for the word: `expense` finds `expenses`.
const STEM_CHARS_MIN: usize = 4;

/// The least share of the words, in percent.
const SHARE_MIN: u32 = 50;

/// The words by which a text is compared, each once.
#[must_use]
pub fn similar_words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in fold(text).split(|c: char| !c.is_alphanumeric()) {
        if word.chars().count() >= WORD_CHARS_MIN && !words.iter().any(|known| known == word) {
            words.push(word.to_owned());
        }
    }
    words
}

/// How many percent of the words of `asked` stand in a title; none below half of them.
#[must_use]
pub fn similarity(asked: &[String], title: &str) -> Option<u32> {
    let title = similar_words(title);
    let like = |one: &str, other: &str| {
        one == other
            || (one.chars().count() >= STEM_CHARS_MIN && other.starts_with(one))
            || (other.chars().count() >= STEM_CHARS_MIN && one.starts_with(other))
    };
    let found = asked.iter().filter(|word| title.iter().any(|other| like(word, other))).count();
    let share = u32::try_from(found * 100 / asked.len().max(1)).unwrap_or(u32::MAX);
    (share >= SHARE_MIN).then_some(share)
}

/// Check what similar titles are looked for by; gives the name of the title.
///
/// # Errors
/// [`Problem`] with the first argument that does not fit.
pub fn check_similar<'d>(
    text: &str,
    kind: &str,
    limit: u32,
    declared: &'d Declared,
) -> Result<&'d str, Problem> {
    if !(1..=limits::SIMILAR_BYTES_MAX).contains(&text.len()) {
        return Err(Problem::new("text", format!("takes 1 to {} bytes", limits::SIMILAR_BYTES_MAX)));
    }
    if !(1..=limits::SIMILAR_MAX).contains(&limit) {
        return Err(Problem::new("limit", format!("takes 1 to {}", limits::SIMILAR_MAX)));
    }
    let title = declared.kinds.get(kind).and_then(|kind| kind.title.as_deref());
    title.ok_or_else(|| Problem::new("kind", format!("the manifest names no title of a kind `{kind}`")))
}

#[cfg(test)]
mod tests {
    use super::{similar_words, similarity};

    #[test]
    fn half_of_the_words_that_say_something_are_enough() {
        let title = "Which cost centre do we use for trade fairs?";
        for (asked, expected) in [
            ("cost centre trade fair", Some(100)),
            ("Cost CENTRE of my project", Some(66)),
            ("cost of a taxi in Malmö", None),
            ("do we to", None),
            ("", None),
            ("fairs", Some(100)),
            ("fai", None),
        ] {
            assert_eq!(similarity(&similar_words(asked), title), expected, "{asked}");
        }
        assert_eq!(similarity(&similar_words("überstunden melden"), "Wo melde ich Überstunden?"), Some(100));
    }
}
