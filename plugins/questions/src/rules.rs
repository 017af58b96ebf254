//! Who may do what, and when: pure decisions, each asked once to draw a button and again to do what it says. What
//! moderators decide is the host's.

use stoa_plugin::{Entry, Person, Refusal, Roles, State, chars_seen, text};

use crate::model::{ANSWER, COMMENT, Options, QUESTION, SUGGESTION, Viewer};

/// The fewest and the most characters of a title, as the manifest has them.
pub(crate) const TITLE_MIN: u32 = 6;
pub(crate) const TITLE_MAX: u32 = 150;

/// The most tags of a question, as the manifest has it, and the most characters of one.
pub(crate) const TAGS_MAX: u32 = 5;
const TAG_CHARS_MAX: usize = 30;

/// Why a question is closed, as the manifest has it.
pub(crate) const CLOSE_REASONS: [&str; 5] = ["duplicate", "needs-detail", "off-topic", "outdated", "other"];

/// When an asker is reminded of answers that others find helpful, and how many that takes.
const REMINDED_MICROS: u64 = 7 * 86_400 * 1_000_000;
const REMINDED_VOTES: u32 = 2;

/// Why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum No {
    /// Nobody is signed in, or the person has left.
    SignedOut,
    /// The page is closed.
    PageClosed,
    /// The question is closed.
    Closed,
    /// It is not closed.
    NotClosed,
    /// It was written by somebody else.
    NotYours,
    /// It is the person's own.
    Yours,
    /// It is not visible (any more).
    NotThere,
    /// Only one answer from each person.
    AnsweredAlready,
    /// Others have found it helpful, or it is the accepted answer.
    Useful,
    /// The question has answers that others may need.
    Needed,
    /// Only the asker, moderators and the owner of the page.
    NotForYou,
    /// Only experts and the owner of the page.
    NotExpert,
}

impl From<No> for Refusal {
    fn from(no: No) -> Self {
        match no {
            No::SignedOut => Self::denied("sign-in-first"),
            No::PageClosed => Self::conflict("page-closed"),
            No::Closed => Self::conflict("question-closed"),
            No::NotClosed => Self::conflict("not-closed"),
            No::NotYours => Self::denied("not-yours"),
            No::Yours => Self::denied("own-post"),
            No::NotThere => Self::gone("gone"),
            No::AnsweredAlready => Self::conflict("already-answered"),
            No::Useful => Self::conflict("delete-useful"),
            No::Needed => Self::conflict("delete-needed"),
            No::NotForYou => Self::denied("not-for-you"),
            No::NotExpert => Self::denied("experts-only"),
        }
    }
}

/// `Ok` or the reason.
type Allowed = Result<(), No>;

fn refuse(when: bool, why: No) -> Allowed {
    if when { Err(why) } else { Ok(()) }
}

pub(crate) fn is_own(entry: &Entry, person: &Person) -> bool {
    entry.author.as_deref() == Some(person.id.as_str())
}

fn is_open(entry: &Entry) -> bool {
    matches!(entry.state, State::Visible | State::Held)
}

/// The person, where one is signed in and still here.
fn signed_in<'a>(viewer: &Viewer<'a>) -> Result<&'a Person, No> {
    viewer.person.filter(|person| person.active).ok_or(No::SignedOut)
}

/// Whether the person looks after the page of an entry.
fn owns(entry: &Entry, viewer: &Viewer<'_>) -> bool {
    viewer.owns && entry.page == viewer.page
}

/// Somebody who is here.
pub(crate) fn check_signed_in(viewer: &Viewer<'_>) -> Allowed {
    signed_in(viewer).map(drop)
}

/// Writing something new on this page.
pub(crate) fn check_ask(viewer: &Viewer<'_>) -> Allowed {
    signed_in(viewer)?;
    refuse(viewer.closed || !viewer.may_write, No::PageClosed)
}

/// Writing below an entry. Whether another page is open is asked by the host.
fn check_below(entry: &Entry, viewer: &Viewer<'_>) -> Allowed {
    signed_in(viewer)?;
    refuse(entry.state != State::Visible, No::NotThere)?;
    refuse(entry.page == viewer.page && (viewer.closed || !viewer.may_write), No::PageClosed)
}

/// Answering a question, the own one, too. `answered`: the person has.
pub(crate) fn check_answer(question: &Entry, viewer: &Viewer<'_>, answered: bool) -> Allowed {
    check_below(question, viewer)?;
    refuse(question.kind != QUESTION, No::NotThere)?;
    refuse(question.text("closed").is_some(), No::Closed)?;
    refuse(answered, No::AnsweredAlready)
}

/// Inviting somebody to answer, while nobody has.
pub(crate) fn check_invite(question: &Entry, viewer: &Viewer<'_>) -> Allowed {
    check_below(question, viewer)?;
    refuse(question.kind != QUESTION, No::NotThere)?;
    refuse(question.text("closed").is_some(), No::Closed)?;
    refuse(question.number("answers").unwrap_or(0) > 0, No::AnsweredAlready)
}

/// Making a question of a comment: its author and moderators, once.
pub(crate) fn check_promote(comment: &Entry, viewer: &Viewer<'_>) -> Allowed {
    let person = signed_in(viewer)?;
    refuse(comment.kind != COMMENT || comment.state != State::Visible, No::NotThere)?;
    refuse(comment.text("became").is_some(), No::NotThere)?;
    refuse(!is_own(comment, person) && !person.moderates(), No::NotYours)?;
    refuse(viewer.closed || !viewer.may_write, No::PageClosed)
}

/// Whether the asker is reminded that an answer may be the one: after seven days, when others find it helpful.
pub(crate) fn reminds(question: &Entry, answers: &[Entry], viewer: &Viewer<'_>) -> bool {
    let asks = viewer.person.is_some_and(|person| is_own(question, person));
    let helpful = |answer: &Entry| {
        answer.state == State::Visible
            && answer.count("vote", "1") >= REMINDED_VOTES
            && viewer.now >= answer.created_at.saturating_add(REMINDED_MICROS)
    };
    asks && question.text("accepted").is_none()
        && question.text("closed").is_none()
        && answers.iter().any(helpful)
}

/// Commenting on a question or answer, on closed questions, too.
pub(crate) fn check_comment(entry: &Entry, viewer: &Viewer<'_>) -> Allowed {
    check_below(entry, viewer)?;
    refuse(entry.kind == COMMENT, No::NotThere)
}

/// Changing the text: its author and moderators, at any time.
pub(crate) fn check_edit(entry: &Entry, viewer: &Viewer<'_>) -> Allowed {
    let person = signed_in(viewer)?;
    refuse(!is_open(entry), No::NotThere)?;
    if person.moderates() {
        return Ok(());
    }
    refuse(!is_own(entry, person), No::NotYours)?;
    refuse(entry.page == viewer.page && viewer.closed, No::PageClosed)
}

fn check_own(entry: &Entry, viewer: &Viewer<'_>) -> Allowed {
    let person = signed_in(viewer)?;
    refuse(!is_open(entry), No::NotThere)?;
    refuse(!is_own(entry, person), No::NotYours)
}

/// Votes up minus votes down.
pub(crate) fn score(entry: &Entry) -> i64 {
    i64::from(entry.count("vote", "1")) - i64::from(entry.count("vote", "-1"))
}

/// Taking back an own answer: nobody has found it helpful, and it is not the accepted one.
pub(crate) fn check_delete_answer(answer: &Entry, viewer: &Viewer<'_>) -> Allowed {
    check_own(answer, viewer)?;
    refuse(answer.flag("accepted") || score(answer) > 0, No::Useful)
}

/// Taking back an own question: none of its answers is accepted, there is at most one, and nobody has found that helpful.
/// `only` is the one answer there is.
pub(crate) fn check_delete_question(question: &Entry, only: Option<&Entry>, viewer: &Viewer<'_>) -> Allowed {
    check_own(question, viewer)?;
    refuse(question.text("accepted").is_some(), No::Needed)?;
    refuse(question.number("answers").unwrap_or(0) > 1, No::Needed)?;
    refuse(only.is_some_and(|answer| answer.count("vote", "1") > 0), No::Needed)
}

/// Taking back an own comment.
pub(crate) fn check_delete_comment(comment: &Entry, viewer: &Viewer<'_>) -> Allowed {
    check_own(comment, viewer)
}

/// Voting, on closed questions, too.
pub(crate) fn check_vote(entry: &Entry, viewer: &Viewer<'_>) -> Allowed {
    let person = signed_in(viewer)?;
    refuse(entry.state != State::Visible, No::NotThere)?;
    refuse(is_own(entry, person), No::Yours)
}

/// "I have this too".
pub(crate) fn check_me_too(question: &Entry, viewer: &Viewer<'_>) -> Allowed {
    check_vote(question, viewer)?;
    refuse(question.kind != QUESTION, No::NotThere)
}

/// Following a question.
pub(crate) fn check_follow(question: &Entry, viewer: &Viewer<'_>) -> Allowed {
    signed_in(viewer)?;
    refuse(question.state != State::Visible || question.kind != QUESTION, No::NotThere)
}

/// Accepting an answer, or taking that back: the asker while the question is open, moderators and the page's owner always.
/// An own answer, too.
pub(crate) fn check_accept(question: &Entry, answer: &Entry, viewer: &Viewer<'_>) -> Allowed {
    let person = signed_in(viewer)?;
    refuse(answer.kind != ANSWER || answer.state != State::Visible, No::NotThere)?;
    refuse(question.state != State::Visible, No::NotThere)?;
    if person.moderates() || owns(question, viewer) {
        return Ok(());
    }
    refuse(!is_own(question, person), No::NotForYou)?;
    refuse(question.text("closed").is_some(), No::Closed)
}

/// Closing a question: its asker, moderators, the page's owner.
pub(crate) fn check_close(question: &Entry, viewer: &Viewer<'_>) -> Allowed {
    let person = signed_in(viewer)?;
    refuse(question.kind != QUESTION || question.state != State::Visible, No::NotThere)?;
    refuse(question.text("closed").is_some(), No::Closed)?;
    refuse(!is_own(question, person) && !person.moderates() && !owns(question, viewer), No::NotForYou)
}

/// Opening it again: moderators, the page's owner, and the asker who has closed it.
pub(crate) fn check_reopen(question: &Entry, viewer: &Viewer<'_>) -> Allowed {
    let person = signed_in(viewer)?;
    refuse(question.kind != QUESTION || question.state != State::Visible, No::NotThere)?;
    refuse(question.text("closed").is_none(), No::NotClosed)?;
    let closed_it = is_own(question, person) && question.text("closed_by") == Some(person.id.as_str());
    refuse(!closed_it && !person.moderates() && !owns(question, viewer), No::NotForYou)
}

/// Whether a change of the text by the asker opens the question again: it was closed for want of detail.
pub(crate) fn reopens(question: &Entry, viewer: &Viewer<'_>) -> bool {
    let own = viewer.person.is_some_and(|person| is_own(question, person));
    own && question.text("closed") == Some("needs-detail")
}

/// Verifying an answer: experts and the page's owner, never one's own.
pub(crate) fn check_verify(answer: &Entry, viewer: &Viewer<'_>) -> Allowed {
    let person = signed_in(viewer)?;
    refuse(answer.kind != ANSWER || answer.state != State::Visible, No::NotThere)?;
    refuse(!person.roles.contains(Roles::EXPERT) && !owns(answer, viewer), No::NotExpert)?;
    refuse(is_own(answer, person), No::Yours)
}

/// Whether the person decides about changes that others suggest.
pub(crate) fn decides(post: &Entry, person: &Person) -> bool {
    is_own(post, person) || person.moderates()
}

/// Suggesting a change: everybody who may not make it.
pub(crate) fn check_suggest(post: &Entry, viewer: &Viewer<'_>) -> Allowed {
    check_below(post, viewer)?;
    let person = signed_in(viewer)?;
    refuse(post.kind == COMMENT, No::NotThere)?;
    refuse(decides(post, person), No::Yours)
}

/// Taking or declining a suggested change: the author of the post and moderators, once.
pub(crate) fn check_decide(suggestion: &Entry, post: &Entry, viewer: &Viewer<'_>) -> Allowed {
    let person = signed_in(viewer)?;
    refuse(suggestion.kind != SUGGESTION || suggestion.state != State::Visible, No::NotThere)?;
    refuse(suggestion.text("decided").is_some() || post.state != State::Visible, No::NotThere)?;
    refuse(!decides(post, person), No::NotYours)
}

/// Seeing earlier texts.
pub(crate) fn check_history(entry: &Entry, viewer: &Viewer<'_>) -> Allowed {
    let person = signed_in(viewer)?;
    refuse(!is_open(entry) || entry.edited_at.is_none(), No::NotThere)?;
    refuse(!is_own(entry, person) && !person.moderates(), No::NotYours)
}

/// A title without white space around it and with single blanks: long enough, not too long.
pub(crate) fn check_title(title: &str) -> Result<String, Refusal> {
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    let count = title.chars().filter(|c| !is_blank(*c)).count();
    if count == 0 {
        return Err(Refusal::field("title", "title-missing"));
    }
    if count < TITLE_MIN as usize {
        return Err(Refusal::field("title", text("title-short").number("least", TITLE_MIN)));
    }
    if title.chars().count() > TITLE_MAX as usize {
        return Err(Refusal::field("title", text("title-long").number("most", TITLE_MAX)));
    }
    Ok(title)
}

/// A body without white space around it. `required`: it says something.
pub(crate) fn check_body(body: &str, most: u32, required: bool) -> Result<&str, Refusal> {
    let body = body.trim();
    let empty = body.chars().all(is_blank);
    if empty && required {
        return Err(Refusal::field("body", "body-empty"));
    }
    if chars_seen(body) > most as usize {
        return Err(Refusal::field("body", text("body-long").number("most", most)));
    }
    Ok(if empty { "" } else { body })
}

/// Tags as they are kept: small letters, each once.
pub(crate) fn check_tags(
    written: &str,
    before: &[&str],
    viewer: &Viewer<'_>,
    options: &Options,
) -> Result<Vec<String>, Refusal> {
    let refuse = |message: stoa_plugin::Text| Err(Refusal::field("tags", message));
    let mut tags: Vec<String> = Vec::new();
    for tag in written.split(',').map(|tag| tag.trim().to_lowercase()).filter(|tag| !tag.is_empty()) {
        if tag.chars().count() > TAG_CHARS_MAX {
            return refuse(text("tag-long").number("most", 30_u32));
        }
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    if tags.len() > TAGS_MAX as usize {
        return refuse(text("tags-many").number("most", TAGS_MAX));
    }
    if tags.is_empty() && options.tag_required {
        return refuse(text("tag-missing"));
    }
    let staff = viewer
        .person
        .is_some_and(|person| person.moderates() || person.roles.intersects(Roles::STEWARD | Roles::EXPERT));
    let is_in = |list: &[String], tag: &str| list.iter().any(|known| known.to_lowercase() == tag);
    for tag in tags.iter().filter(|tag| !before.contains(&tag.as_str())) {
        if is_in(&options.tags_reserved, tag) && !staff {
            return refuse(text("tag-reserved").text("tag", tag));
        }
        if !options.tags_free && !is_in(&options.tags, tag) && !is_in(&options.tags_reserved, tag) {
            return refuse(text("tag-unknown").text("tag", tag));
        }
    }
    Ok(tags)
}

/// White space and what takes no room at all: text of nothing else would be empty.
fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}')
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{feff}')
}

/// The first line of a text as a title.
pub(crate) fn title_of(body: &str) -> String {
    let line = body.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    let line = line.trim_start_matches(['#', '>', '*', '-', ' ']);
    // The first sentence, where it is a question.
    let end = line.find('?').map_or(line.len(), |at| at + 1);
    let most = TITLE_MAX as usize;
    let title = line.get(..end).unwrap_or(line);
    if title.chars().count() <= most {
        return title.to_owned();
    }
    title.chars().take(most - 1).chain(['…']).collect()
}
