//! Who may do what, and when: pure decisions, each asked once to draw a button and again to do what it says. What
//! moderators decide is the host's.

use stoa_plugin::{Entry, Instant, Person, Refusal, Roles, State, chars_seen};

use crate::model::{Options, Viewer};

/// The most people whom somebody who is not staff can mention in one comment.
const GUEST_MENTIONS_MAX: usize = 2;

/// The reactions with the texts that name them, as in the manifest.
pub(crate) const REACTIONS: [(&str, &str); 4] =
    [("❤️", "reaction-heart"), ("🎉", "reaction-party"), ("💡", "reaction-idea"), ("😄", "reaction-smile")];

/// Why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Denial {
    /// Nobody is signed in, or the person has left.
    SignedOut,
    /// The page is closed.
    Closed,
    /// It was written by somebody else.
    NotYours,
    /// It is the person's own.
    Yours,
    /// The time for corrections is over.
    TooLate,
    /// Somebody has answered it.
    Answered,
    /// It is not visible (any more).
    NotThere,
    /// It can still simply be corrected.
    StillEditable,
    /// Only moderators may.
    NotModerator,
    /// Only the start of a thread.
    NotStart,
}

impl From<Denial> for Refusal {
    fn from(no: Denial) -> Self {
        match no {
            Denial::SignedOut => Self::denied("sign-in-first"),
            Denial::Closed => Self::conflict("page-closed"),
            Denial::NotYours => Self::denied("not-yours"),
            Denial::Yours => Self::denied("own-comment"),
            Denial::TooLate => Self::conflict("edit-too-late"),
            Denial::Answered => Self::conflict("edit-answered"),
            Denial::NotThere => Self::gone("gone"),
            Denial::StillEditable => Self::conflict("still-editable"),
            Denial::NotModerator => Self::denied("moderators-only"),
            Denial::NotStart => Self::denied("start-only"),
        }
    }
}

/// `Ok` or the reason.
type Answer = Result<(), Denial>;

fn refuse(when: bool, why: Denial) -> Answer {
    if when { Err(why) } else { Ok(()) }
}

fn is_own(entry: &Entry, person: &Person) -> bool {
    entry.author.as_deref() == Some(person.id.as_str())
}

fn is_open(entry: &Entry) -> bool {
    matches!(entry.state, State::Visible | State::Held)
}

/// The person, where one is signed in and still here.
fn signed_in<'a>(viewer: &Viewer<'a>) -> Result<&'a Person, Denial> {
    viewer.person.filter(|person| person.active).ok_or(Denial::SignedOut)
}

/// Somebody who is here.
pub(crate) fn check_signed_in(viewer: &Viewer<'_>) -> Answer {
    signed_in(viewer).map(drop)
}

/// Writing something new on this page.
pub(crate) fn check_write(viewer: &Viewer<'_>) -> Answer {
    signed_in(viewer)?;
    refuse(viewer.closed || !viewer.may_write, Denial::Closed)
}

/// Answering this entry.
pub(crate) fn check_reply(entry: &Entry, viewer: &Viewer<'_>) -> Answer {
    check_write(viewer)?;
    refuse(entry.state != State::Visible, Denial::NotThere)
}

/// When the author's time for corrections ends.
pub(crate) fn edit_ends(entry: &Entry, options: &Options) -> Instant {
    entry.created_at.saturating_add(options.edit_window_micros)
}

/// Changing the text: moderators any time, authors within the window and while nobody else has answered.
pub(crate) fn check_edit(entry: &Entry, viewer: &Viewer<'_>, options: &Options) -> Answer {
    let person = signed_in(viewer)?;
    refuse(!is_open(entry), Denial::NotThere)?;
    if person.moderates() {
        return Ok(());
    }
    refuse(!is_own(entry, person), Denial::NotYours)?;
    refuse(viewer.closed, Denial::Closed)?;
    refuse(entry.replied, Denial::Answered)?;
    refuse(viewer.now >= edit_ends(entry, options), Denial::TooLate)
}

/// Adding a note to one's own text, once it can no longer be changed.
pub(crate) fn check_update(entry: &Entry, viewer: &Viewer<'_>, options: &Options) -> Answer {
    let person = signed_in(viewer)?;
    refuse(!is_open(entry), Denial::NotThere)?;
    refuse(!is_own(entry, person), Denial::NotYours)?;
    refuse(viewer.closed, Denial::Closed)?;
    refuse(check_edit(entry, viewer, options).is_ok(), Denial::StillEditable)
}

/// Taking back one's own, on a closed page too.
pub(crate) fn check_delete(entry: &Entry, viewer: &Viewer<'_>) -> Answer {
    let person = signed_in(viewer)?;
    refuse(!is_open(entry), Denial::NotThere)?;
    refuse(!is_own(entry, person), Denial::NotYours)
}

/// Voting and reacting, on a closed page too.
pub(crate) fn check_vote(entry: &Entry, viewer: &Viewer<'_>) -> Answer {
    let person = signed_in(viewer)?;
    refuse(entry.state != State::Visible, Denial::NotThere)?;
    refuse(is_own(entry, person), Denial::Yours)
}

/// Whether this is one of the reactions.
pub(crate) fn is_reaction(emoji: &str) -> bool {
    REACTIONS.iter().any(|(known, _)| *known == emoji)
}

/// Seeing earlier texts.
pub(crate) fn check_history(entry: &Entry, viewer: &Viewer<'_>) -> Answer {
    let person = signed_in(viewer)?;
    refuse(!is_open(entry) || entry.edited_at.is_none(), Denial::NotThere)?;
    refuse(!is_own(entry, person) && !person.moderates(), Denial::NotYours)
}

/// Closing the page.
pub(crate) fn check_moderate(viewer: &Viewer<'_>) -> Answer {
    refuse(!signed_in(viewer)?.moderates(), Denial::NotModerator)
}

/// Pinning a thread: moderators, leaders and stewards.
pub(crate) fn check_pin(entry: &Entry, viewer: &Viewer<'_>) -> Answer {
    let person = signed_in(viewer)?;
    let may = person.moderates() || person.roles.intersects(Roles::LEADER | Roles::STEWARD);
    refuse(!may, Denial::NotModerator)?;
    refuse(entry.parent.is_some(), Denial::NotStart)?;
    refuse(entry.state != State::Visible, Denial::NotThere)
}

/// What is written, without white space around it: not empty, not too long, not too many people in it.
pub(crate) fn check_text<'t>(
    text: &'t str,
    viewer: &Viewer<'_>,
    options: &Options,
) -> Result<&'t str, Refusal> {
    let text = text.trim();
    if text.chars().all(is_blank) {
        return Err(Refusal::field("body", "body-empty"));
    }
    if chars_seen(text) > options.length_max as usize {
        return Err(Refusal::field(
            "body",
            stoa_plugin::text("body-too-long").number("most", options.length_max),
        ));
    }
    let guest = viewer.person.is_some_and(Person::is_guest);
    let most = if guest { options.mentions_max.min(GUEST_MENTIONS_MAX) } else { options.mentions_max };
    if count_mentions(text) > most {
        return Err(Refusal::field("body", "too-many-mentions"));
    }
    Ok(text)
}

/// White space and what takes no room at all: text of nothing else would be an empty comment.
fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}')
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{feff}')
}

/// How many different people a text mentions: `@[Name](id)`, as the composer writes it.
pub(crate) fn count_mentions(text: &str) -> usize {
    let mut people: Vec<&str> = Vec::new();
    for part in text.split('@').skip(1) {
        let name_and_rest = part.strip_prefix('[').and_then(|part| part.split_once(']'));
        let id = name_and_rest.and_then(|(name, rest)| {
            let (id, _) = rest.strip_prefix('(')?.split_once(')')?;
            (!name.contains(['[', '\n'])).then_some(id)
        });
        if let Some(id) = id.filter(|id| !people.contains(id)) {
            people.push(id);
        }
    }
    people.len()
}

#[cfg(test)]
mod tests {
    use stoa_plugin::{Entry, Person, Roles, State};

    use super::{Denial, check_edit, count_mentions};
    use crate::model::{Options, Viewer};

    const MINUTE: u64 = 60_000_000;

    fn entry(state: State, replied: bool) -> Entry {
        let mut entry = Entry::sample("e1");
        entry.author = Some("anna".into());
        entry.created_at = 100 * MINUTE;
        (entry.state, entry.replied) = (state, replied);
        entry
    }

    /// May `who` edit Anna's comment `minutes` after it was written?
    fn check(who: &str, minutes: u64, state: State, replied: bool, expected: Result<(), Denial>) {
        let roles = if who == "mia" { Roles::MODERATOR } else { Roles::empty() };
        let person = Person { id: who.into(), name: who.into(), roles, active: who != "ex" };
        let viewer =
            Viewer { person: Some(&person), may_write: true, closed: false, now: (100 + minutes) * MINUTE };
        let options = Options {
            edit_window_micros: 15 * MINUTE,
            length_max: 5000,
            roots_per_page: 20,
            replies_shown: 3,
            mentions_max: 10,
            downvotes: false,
            reactions: false,
        };
        let answer = check_edit(&entry(state, replied), &viewer, &options);
        assert_eq!(answer, expected, "{who}, {minutes} minutes, {state:?}, replied: {replied}");
    }

    #[test]
    fn editing_depends_on_who_when_and_whether_it_was_answered() {
        check("anna", 0, State::Visible, false, Ok(()));
        check("anna", 14, State::Visible, false, Ok(()));
        check("anna", 15, State::Visible, false, Err(Denial::TooLate));
        check("anna", 1, State::Held, false, Ok(()));
        check("anna", 1, State::Visible, true, Err(Denial::Answered));
        check("anna", 1, State::Rejected, false, Err(Denial::NotThere));
        check("anna", 1, State::Removed, false, Err(Denial::NotThere));
        check("ben", 1, State::Visible, false, Err(Denial::NotYours));
        check("ex", 1, State::Visible, false, Err(Denial::SignedOut));
        check("mia", 9000, State::Visible, true, Ok(()));
        check("mia", 1, State::Deleted, false, Err(Denial::NotThere));
    }

    #[test]
    fn a_mention_is_a_name_with_an_id_and_counts_once() {
        for (text, expected) in [
            ("", 0),
            ("anna@example.org", 0),
            ("@[Anna](a1)", 1),
            ("@[Anna](a1), @[Ben](b1) and @[Anna](a1)", 2),
            ("@[Anna] (a1)", 0),
            ("@[Anna](a1", 0),
            ("@[no\nname](a1)", 0),
        ] {
            assert_eq!(count_mentions(text), expected, "{text:?}");
        }
    }
}
