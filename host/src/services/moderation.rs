//! Decides whether an entry is published, held or refused. Pure: facts go in, a verdict comes out.
//!
//! The order is Coral's pipeline, the thresholds are those of an intranet: staff known by single sign-on are
//! trusted from the start, strict rules for newcomers hold for guests.

use crate::base::config::{Moderation, ModerationMode};
use crate::base::text::fold;

/// What is known about an entry's author.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Author {
    /// Whether the person moderates here: their entries pass without rules.
    pub moderates: bool,
    /// Whether the person is not staff.
    pub guest: bool,
    /// Entries ever published.
    pub approved_count: u32,
    /// Entries refused or removed within 7 days.
    pub rejected_7d_count: u32,
    /// Entries published within 7 days.
    pub published_7d_count: u32,
    /// The last text the person wrote, anywhere on the site.
    pub last_body: Option<String>,
}

/// What is to be judged.
#[derive(Clone, Debug)]
pub struct Draft<'a> {
    /// The cleaned Markdown.
    pub body: &'a str,
    /// Whether it changes an entry that is there (a repeat is then no repeat).
    pub edit: bool,
    /// Whether the same text was turned back once already and the person insists.
    pub insists: bool,
    /// Whether the page is closed for new entries.
    pub closed: bool,
}

/// What is done with an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Everybody sees it at once.
    Publish,
    /// Everybody sees it at once and a moderator has a look.
    PublishAndReport,
    /// It waits for a moderator. The word says why: `links`, `new-author`, `history`, `repeat`, `pre`.
    Hold(&'static str),
    /// Nothing is written. The word says why: `empty`, `length`, `closed`, `repeat`, `banned`.
    Refuse(&'static str),
}

/// From this share of refused entries within 7 days on, new ones are held (Coral: 30 %).
const REJECTED_SHARE_PERCENT: u32 = 30;
/// Fewer entries than this say nothing about an author.
const HISTORY_MIN_COUNT: u32 = 3;

/// Judge a draft. The first decisive rule wins.
#[must_use]
pub fn judge(rules: &Moderation, author: &Author, draft: &Draft<'_>) -> Verdict {
    if let Some(refusal) = form(rules, author, draft) {
        return refusal;
    }
    if author.moderates {
        return Verdict::Publish;
    }
    let words = fold(draft.body);
    if rules.banned_words.iter().any(|word| has_word(&words, word)) {
        return Verdict::Refuse("banned");
    }
    let suspect = rules.suspect_words.iter().any(|word| has_word(&words, word));
    match hold(rules, author, draft) {
        Some(reason) => Verdict::Hold(reason),
        None if suspect => Verdict::PublishAndReport,
        None => Verdict::Publish,
    }
}

/// The rules that hold for everybody: length, closed page, repeat.
fn form(rules: &Moderation, author: &Author, draft: &Draft<'_>) -> Option<Verdict> {
    if draft.body.is_empty() {
        return Some(Verdict::Refuse("empty"));
    }
    if draft.body.chars().count() > rules.length_max {
        return Some(Verdict::Refuse("length"));
    }
    if draft.closed && !draft.edit {
        return Some(Verdict::Refuse("closed"));
    }
    let repeats = !draft.edit && author.last_body.as_deref() == Some(draft.body);
    (repeats && !author.moderates && !draft.insists).then_some(Verdict::Refuse("repeat"))
}

fn hold(rules: &Moderation, author: &Author, draft: &Draft<'_>) -> Option<&'static str> {
    let judged = author.rejected_7d_count + author.published_7d_count;
    let links_max = if author.guest { rules.links_max_guest } else { rules.links_max };
    if draft.insists && author.last_body.as_deref() == Some(draft.body) {
        Some("repeat")
    } else if judged >= HISTORY_MIN_COUNT && author.rejected_7d_count * 100 >= judged * REJECTED_SHARE_PERCENT
    {
        Some("history")
    } else if link_count(draft.body) > links_max {
        Some("links")
    } else if author.guest && author.approved_count < rules.new_author_hold {
        Some("new-author")
    } else if rules.mode == ModerationMode::Pre {
        Some("pre")
    } else {
        None
    }
}

/// Whether the folded text has the word as a whole word (or phrase as whole words).
fn has_word(folded: &str, word: &str) -> bool {
    let word = fold(word);
    if word.is_empty() {
        return false;
    }
    let part_of_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    folded.match_indices(&word).any(|(at, found)| {
        !part_of_word(folded[..at].chars().next_back())
            && !part_of_word(folded[at + found.len()..].chars().next())
    })
}

fn link_count(body: &str) -> usize {
    let lower = body.to_ascii_lowercase();
    lower.matches("http://").count() + lower.matches("https://").count() + lower.matches("mailto:").count()
}

#[cfg(test)]
mod tests {
    use super::{Author, Draft, Verdict, judge};
    use crate::base::config::{Moderation, ModerationMode};

    fn rules() -> Moderation {
        Moderation {
            banned_words: vec!["idiot".to_owned(), "get rich".to_owned()],
            suspect_words: vec!["lawsuit".to_owned()],
            ..Moderation::default()
        }
    }

    fn staff() -> Author {
        Author::default()
    }

    fn draft(body: &str) -> Draft<'_> {
        Draft { body, edit: false, insists: false, closed: false }
    }

    #[test]
    fn the_text_decides() {
        let long = "a".repeat(5_001);
        for (body, verdict) in [
            ("Thanks, that helped.", Verdict::Publish),
            ("", Verdict::Refuse("empty")),
            (long.as_str(), Verdict::Refuse("length")),
            ("You ÍDIOT!", Verdict::Refuse("banned")),
            ("You id\u{200b}iot!", Verdict::Refuse("banned")),
            ("The idiotic printer", Verdict::Publish),
            ("Get   rich", Verdict::Publish),
            ("get rich now", Verdict::Refuse("banned")),
            ("This smells of a lawsuit.", Verdict::PublishAndReport),
        ] {
            assert_eq!(judge(&rules(), &staff(), &draft(body)), verdict, "{body:.40}");
        }
    }

    #[test]
    fn the_author_decides() {
        let guest = Author { guest: true, ..staff() };
        let known_guest = Author { guest: true, approved_count: 2, ..staff() };
        let refused = Author { rejected_7d_count: 1, published_7d_count: 2, ..staff() };
        let mostly_fine = Author { rejected_7d_count: 1, published_7d_count: 3, ..staff() };
        let links = "https://a.example https://b.example https://c.example";
        for (author, body, verdict) in [
            (&guest, "Hello", Verdict::Hold("new-author")),
            (&known_guest, "Hello", Verdict::Publish),
            (&known_guest, links, Verdict::Hold("links")),
            (&staff(), links, Verdict::Publish),
            (&refused, "Hello", Verdict::Hold("history")),
            (&mostly_fine, "Hello", Verdict::Publish),
            (&Author { moderates: true, ..refused.clone() }, "You idiot", Verdict::Publish),
        ] {
            assert_eq!(judge(&rules(), author, &draft(body)), verdict, "{author:?} {body}");
        }
    }

    #[test]
    fn a_repeat_is_turned_back_once_and_then_held() {
        let author = Author { last_body: Some("First!".to_owned()), ..staff() };
        assert_eq!(judge(&rules(), &author, &draft("First!")), Verdict::Refuse("repeat"));
        let again = Draft { insists: true, ..draft("First!") };
        assert_eq!(judge(&rules(), &author, &again), Verdict::Hold("repeat"));
        let edit = Draft { edit: true, ..draft("First!") };
        assert_eq!(judge(&rules(), &author, &edit), Verdict::Publish);
    }

    #[test]
    fn a_closed_page_takes_edits_only() {
        let closed = Draft { closed: true, ..draft("Hello") };
        assert_eq!(judge(&rules(), &staff(), &closed), Verdict::Refuse("closed"));
        assert_eq!(judge(&rules(), &staff(), &Draft { edit: true, ..closed }), Verdict::Publish);
    }

    #[test]
    fn pre_moderation_holds_everybody_but_moderators() {
        let rules = Moderation { mode: ModerationMode::Pre, ..rules() };
        assert_eq!(judge(&rules, &staff(), &draft("Hello")), Verdict::Hold("pre"));
        assert_eq!(judge(&rules, &Author { moderates: true, ..staff() }, &draft("Hello")), Verdict::Publish);
    }
}
