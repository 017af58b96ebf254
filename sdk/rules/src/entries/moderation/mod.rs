//! Decides whether an entry is published, held or refused. Pure: facts go in, a verdict comes out.
//!
//! The order is Coral's pipeline, the thresholds are those of an intranet: staff known by single sign-on are
//! trusted from the start, strict rules for newcomers hold for guests.

mod text;

use serde::{Deserialize, Serialize};

pub use text::{clean_body, clean_line, fold, fold_look_alikes};

/// How entries are moderated on a site; numbers are counts of things named.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Moderation {
    /// Publish first, hold what guests write, or hold what anybody but moderators writes.
    pub mode: ModerationMode,
    /// Entries with one of these words are refused.
    pub banned_words: Vec<String>,
    /// Entries with one of these words are published and reported.
    pub suspect_words: Vec<String>,
    /// Links in one entry.
    pub links_max: usize,
    /// Links in one entry of a guest.
    pub links_max_guest: usize,
    /// How many approved entries a guest needs before new ones are published at once.
    pub new_author_hold: u32,
    /// How many distinct people report an entry until it is held.
    pub report_hold: u32,
    /// How many days an entry that its author deleted can be brought back; then its text is gone. 0 keeps it for ever.
    pub undo_days: u32,
}

/// When an entry is seen.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum ModerationMode {
    /// At once, unless a rule holds it.
    #[default]
    Post,
    /// What guests write, after a moderator has approved it.
    Pre,
    /// What anybody but moderators writes, after a moderator has approved it.
    #[serde(rename = "pre-all")]
    PreAll,
}

impl Default for Moderation {
    fn default() -> Self {
        Self {
            mode: ModerationMode::Post,
            banned_words: Vec::new(),
            suspect_words: Vec::new(),
            links_max: 10,
            links_max_guest: 2,
            new_author_hold: 2,
            report_hold: 3,
            undo_days: 30,
        }
    }
}

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
    /// The words that its readers see, however the Markdown writes them.
    pub words: &'a str,
    /// The links that its readers see.
    pub link_count: usize,
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
    /// Nothing is written. The word says why: `empty`, `closed`, `repeat`, `banned`.
    Refuse(&'static str),
}

/// From this share of refused entries within 7 days on, new ones are held (Coral: 30 %).
const REJECTED_SHARE_PERCENT: u32 = 30;
/// Fewer entries than this say nothing about an author.
const HISTORY_MIN_COUNT: u32 = 3;

/// Judge a draft. The first decisive rule wins.
#[must_use]
pub fn judge(rules: &Moderation, author: &Author, draft: &Draft<'_>) -> Verdict {
    if let Some(refusal) = form(author, draft) {
        return refusal;
    }
    if author.moderates {
        return Verdict::Publish;
    }
    let words = Words::of(draft.words);
    if rules.banned_words.iter().any(|word| words.have(word)) {
        return Verdict::Refuse("banned");
    }
    let suspect = rules.suspect_words.iter().any(|word| words.have(word));
    match hold(rules, author, draft) {
        Some(reason) => Verdict::Hold(reason),
        None if suspect => Verdict::PublishAndReport,
        None => Verdict::Publish,
    }
}

/// The rules that hold for everybody: closed page, repeat.
fn form(author: &Author, draft: &Draft<'_>) -> Option<Verdict> {
    if draft.body.is_empty() {
        return Some(Verdict::Refuse("empty"));
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
    } else if draft.link_count > links_max {
        Some("links")
    } else if author.guest && author.approved_count < rules.new_author_hold {
        Some("new-author")
    } else {
        let held = match rules.mode {
            ModerationMode::Post => false,
            ModerationMode::Pre => author.guest,
            ModerationMode::PreAll => true,
        };
        held.then_some("pre")
    }
}

/// A text in both forms that words are compared in: as its own letters, and as the Latin ones they look like.
struct Words {
    own: String,
    seen: String,
}

impl Words {
    fn of(text: &str) -> Self {
        Self { own: fold(text), seen: fold_look_alikes(text) }
    }

    fn have(&self, word: &str) -> bool {
        has_word(&self.own, &fold(word)) || has_word(&self.seen, &fold_look_alikes(word))
    }
}

/// Whether the folded text has the folded word as a whole word (or phrase as whole words).
fn has_word(text: &str, word: &str) -> bool {
    let word = word.trim();
    if word.is_empty() {
        return false;
    }
    let part_of_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.match_indices(word).any(|(at, found)| {
        !part_of_word(text[..at].chars().next_back())
            && !part_of_word(text[at + found.len()..].chars().next())
    })
}

#[cfg(test)]
mod tests {
    use super::{Author, Draft, Moderation, ModerationMode, Verdict, judge};

    fn rules() -> Moderation {
        Moderation {
            banned_words: ["idiot", "get rich"].map(str::to_owned).to_vec(),
            suspect_words: vec!["lawsuit".to_owned()],
            ..Moderation::default()
        }
    }

    fn staff() -> Author {
        Author::default()
    }

    fn draft(body: &str) -> Draft<'_> {
        let link_count = body.matches("https://").count();
        Draft { body, words: body, link_count, edit: false, insists: false, closed: false }
    }

    fn check(rules: &Moderation, author: &Author, draft: &Draft<'_>, expected: Verdict) {
        assert_eq!(judge(rules, author, draft), expected, "{author:?} {:.60}", draft.body);
    }

    #[test]
    fn the_words_decide() {
        for (body, verdict) in [
            ("Thanks, that helped.", Verdict::Publish),
            ("", Verdict::Refuse("empty")),
            ("You ÍDIOT!", Verdict::Refuse("banned")),
            ("You id\u{200b}iot!", Verdict::Refuse("banned")),
            ("You \u{ff49}d\u{456}\u{3bf}t!", Verdict::Refuse("banned")),
            ("The idiotic printer", Verdict::Publish),
            ("Get  \n rich", Verdict::Refuse("banned")),
            ("This smells of a lawsuit.", Verdict::PublishAndReport),
        ] {
            check(&rules(), &staff(), &draft(body), verdict);
        }
    }

    #[test]
    fn what_readers_see_decides_and_not_what_was_typed() {
        check(&rules(), &staff(), &Draft { words: "idiot", ..draft("id**io**t") }, Verdict::Refuse("banned"));
        check(&rules(), &staff(), &Draft { words: "", ..draft("idiot") }, Verdict::Publish);
        let links = Draft { link_count: 11, ..draft("[a] [a]") };
        check(&rules(), &staff(), &links, Verdict::Hold("links"));
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
            check(&rules(), author, &draft(body), verdict);
        }
    }

    #[test]
    fn a_repeat_is_turned_back_once_and_then_held() {
        let author = Author { last_body: Some("First!".to_owned()), ..staff() };
        check(&rules(), &author, &draft("First!"), Verdict::Refuse("repeat"));
        check(&rules(), &author, &Draft { insists: true, ..draft("First!") }, Verdict::Hold("repeat"));
        check(&rules(), &author, &Draft { edit: true, ..draft("First!") }, Verdict::Publish);
    }

    #[test]
    fn a_closed_page_takes_edits_only() {
        let closed = Draft { closed: true, ..draft("Hello") };
        check(&rules(), &staff(), &closed, Verdict::Refuse("closed"));
        check(&rules(), &staff(), &Draft { edit: true, ..closed }, Verdict::Publish);
    }

    #[test]
    fn pre_moderation_holds_guests_and_where_the_site_says_so_staff_too() {
        let guest = Author { guest: true, approved_count: 2, ..staff() };
        let moderator = Author { moderates: true, ..staff() };
        for (mode, author, verdict) in [
            (ModerationMode::Post, &guest, Verdict::Publish),
            (ModerationMode::Pre, &guest, Verdict::Hold("pre")),
            (ModerationMode::Pre, &staff(), Verdict::Publish),
            (ModerationMode::PreAll, &guest, Verdict::Hold("pre")),
            (ModerationMode::PreAll, &staff(), Verdict::Hold("pre")),
            (ModerationMode::PreAll, &moderator, Verdict::Publish),
        ] {
            check(&Moderation { mode, ..rules() }, author, &draft("Hello"), verdict);
        }
    }
}
