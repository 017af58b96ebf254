//! Who may do what, and what thanks consist of: pure decisions, each asked once to draw a button and again to do what it
//! says. What moderators decide is the host's.

use stoa_plugin::{Entry, Instant, Issue, Person, Refusal, State, Text, chars_seen, text};

use crate::model::{Options, Viewer};

/// The most people of one kudos, as in the manifest.
pub(crate) const RECIPIENTS_MAX: u32 = 20;

/// The most values of one kudos, as in the manifest.
pub(crate) const VALUES_MAX: usize = 3;

/// The fewest and the most characters of the message, as in the manifest.
pub(crate) const BODY_MIN: u32 = 20;
pub(crate) const BODY_MAX: u32 = 1000;

/// The most characters of the link, as in the manifest.
pub(crate) const EVIDENCE_MAX: u32 = 500;

/// How long the giver can take it back.
pub(crate) const WINDOW_MICROS: u64 = 5 * 60_000_000;

/// The reactions with the texts that name them, as in the manifest.
pub(crate) const REACTIONS: [(&str, &str); 4] = [
    ("❤️", "reaction-heart"),
    ("👏", "reaction-applause"),
    ("🎉", "reaction-party"),
    ("💡", "reaction-idea"),
];

/// Why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum No {
    /// Nobody is signed in, or the person has left.
    SignedOut,
    /// The page is closed.
    Closed,
    /// It was given by somebody else.
    NotYours,
    /// It is the person's own.
    Yours,
    /// The person is thanked by it.
    ToYou,
    /// The person is not thanked by it.
    NotToYou,
    /// The five minutes are over.
    TooLate,
    /// It is not visible (any more).
    NotThere,
}

impl No {
    /// The text that says so.
    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::SignedOut => "sign-in-first",
            Self::Closed => "page-closed",
            Self::NotYours => "not-yours",
            Self::Yours => "own-thanks",
            Self::ToYou => "to-you",
            Self::NotToYou => "not-to-you",
            Self::TooLate => "too-late",
            Self::NotThere => "gone",
        }
    }
}

impl From<No> for Refusal {
    fn from(no: No) -> Self {
        match no {
            No::Closed | No::TooLate => Self::conflict(no.text()),
            No::NotThere => Self::gone(no.text()),
            No::SignedOut | No::NotYours | No::Yours | No::ToYou | No::NotToYou => Self::denied(no.text()),
        }
    }
}

/// `Ok` with the person who acts, or the reason.
type Answer<'a> = Result<&'a Person, No>;

fn refuse(bad: bool, why: No) -> Result<(), No> {
    if bad { Err(why) } else { Ok(()) }
}

fn is_by(entry: &Entry, person: &Person) -> bool {
    entry.author.as_deref() == Some(person.id.as_str())
}

/// Whether it thanks this person.
pub(crate) fn is_to(entry: &Entry, person: &Person) -> bool {
    entry.texts("recipients").any(|id| id == person.id)
}

/// Whether one of those whom it thanks does not want it to be seen.
pub(crate) fn is_hidden(entry: &Entry) -> bool {
    entry.count("hidden", "1") > 0
}

/// Whether it is between the giver and those who are thanked.
pub(crate) fn is_private(entry: &Entry) -> bool {
    entry.flag("private")
}

/// Whether this person sees how many points came with it.
pub(crate) fn may_see_amount(entry: &Entry, viewer: &Viewer<'_>, options: &Options) -> bool {
    options.shows_amounts || viewer.person.is_some_and(|person| is_by(entry, person) || is_to(entry, person))
}

/// Whether this person sees it: hidden ones are for those whom they are about, and for moderators.
pub(crate) fn may_see(entry: &Entry, viewer: &Viewer<'_>) -> bool {
    let about = |person: &Person| is_by(entry, person) || is_to(entry, person) || person.moderates();
    let open = !matches!(entry.state, State::Deleted | State::Removed);
    open && (!(is_hidden(entry) || is_private(entry)) || viewer.person.is_some_and(about))
}

/// Being here and known.
pub(crate) fn check_signed_in<'a>(viewer: &Viewer<'a>) -> Answer<'a> {
    viewer.person.filter(|person| person.active).ok_or(No::SignedOut)
}

/// Thanking somebody here.
pub(crate) fn check_write<'a>(viewer: &Viewer<'a>) -> Answer<'a> {
    let person = check_signed_in(viewer)?;
    refuse(viewer.closed || !viewer.may_write, No::Closed)?;
    Ok(person)
}

/// Joining in: everybody but the giver and those who are thanked.
pub(crate) fn check_boost<'a>(entry: &Entry, viewer: &Viewer<'a>) -> Answer<'a> {
    let person = check_write(viewer)?;
    refuse(entry.state != State::Visible || !may_see(entry, viewer), No::NotThere)?;
    refuse(is_by(entry, person), No::Yours)?;
    refuse(is_to(entry, person), No::ToYou)?;
    Ok(person)
}

/// Reacting: everybody but the giver, on a closed page, too.
pub(crate) fn check_react<'a>(entry: &Entry, viewer: &Viewer<'a>) -> Answer<'a> {
    let person = check_signed_in(viewer)?;
    refuse(entry.state != State::Visible || !may_see(entry, viewer), No::NotThere)?;
    refuse(is_by(entry, person), No::Yours)?;
    Ok(person)
}

/// When the giver's time for taking back ends.
pub(crate) fn correction_ends(entry: &Entry) -> Instant {
    entry.created_at.saturating_add(WINDOW_MICROS)
}

/// Taking it back, or correcting its message: the giver, for five minutes.
pub(crate) fn check_correct<'a>(entry: &Entry, viewer: &Viewer<'a>) -> Answer<'a> {
    let person = check_signed_in(viewer)?;
    refuse(!matches!(entry.state, State::Visible | State::Held), No::NotThere)?;
    refuse(!is_by(entry, person), No::NotYours)?;
    refuse(viewer.now >= correction_ends(entry), No::TooLate)?;
    Ok(person)
}

/// Hiding it, or showing it again: those who are thanked.
pub(crate) fn check_hide<'a>(entry: &Entry, viewer: &Viewer<'a>) -> Answer<'a> {
    let person = check_signed_in(viewer)?;
    refuse(entry.state != State::Visible, No::NotThere)?;
    refuse(!is_to(entry, person), No::NotToYou)?;
    Ok(person)
}

/// Whether this is one of the reactions.
pub(crate) fn is_reaction(emoji: &str) -> bool {
    REACTIONS.iter().any(|(known, _)| *known == emoji)
}

/// The ids of a field for people.
pub(crate) fn split_people(ids: &str) -> Vec<String> {
    ids.split(',').map(str::trim).filter(|id| !id.is_empty()).map(str::to_owned).collect()
}

/// What somebody has filled in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Written<'a> {
    pub(crate) recipients: &'a [String],
    pub(crate) values: &'a [&'a str],
    pub(crate) body: &'a str,
    pub(crate) evidence: &'a str,
}

impl Written<'_> {
    /// Whether all of it fits; if not, what is wrong with each field.
    pub(crate) fn check(&self, giver: &str, options: &Options) -> Result<(), Refusal> {
        let problems = [
            ("recipients", recipients_problem(self.recipients, giver)),
            ("values", values_problem(self.values, &options.values)),
            ("body", body_problem(self.body.trim())),
            ("evidence", evidence_problem(self.evidence.trim())),
        ];
        let issues: Vec<Issue> = problems
            .into_iter()
            .filter_map(|(field, problem)| Some(Issue { field: field.to_owned(), message: problem? }))
            .collect();
        if issues.is_empty() { Ok(()) } else { Err(Refusal::Invalid(issues)) }
    }
}

/// Whether these people can be thanked by this one.
pub(crate) fn check_recipients(ids: &[String], giver: &str) -> Result<(), Refusal> {
    recipients_problem(ids, giver).map_or(Ok(()), |problem| Err(Refusal::field("recipients", problem)))
}

/// The message without white space around it.
pub(crate) fn check_body(body: &str) -> Result<&str, Refusal> {
    let body = body.trim();
    body_problem(body).map_or(Ok(body), |problem| Err(Refusal::field("body", problem)))
}

/// Whether all of them are still here; `people` are those of the ids whom the host knows.
pub(crate) fn check_active(ids: &[String], people: &[Person]) -> Result<(), Refusal> {
    let here = |id: &String| people.iter().any(|person| person.id == *id && person.active);
    match ids.iter().find(|id| !here(id)) {
        None => Ok(()),
        Some(id) if people.iter().any(|person| person.id == *id) => {
            Err(Refusal::field("recipients", text("recipient-left").person("name", id)))
        }
        Some(_) => Err(Refusal::field("recipients", "recipient-unknown")),
    }
}

fn recipients_problem(ids: &[String], giver: &str) -> Option<Text> {
    let twice = |place: usize, id: &String| ids.iter().take(place).any(|earlier| earlier == id);
    if ids.is_empty() {
        Some(text("recipients-missing"))
    } else if ids.len() > RECIPIENTS_MAX as usize {
        Some(text("recipients-too-many").number("most", RECIPIENTS_MAX))
    } else if ids.iter().any(|id| id == giver) {
        Some(text("recipients-self"))
    } else if ids.iter().enumerate().any(|(place, id)| twice(place, id)) {
        Some(text("recipients-twice"))
    } else {
        None
    }
}

fn values_problem(values: &[&str], known: &[String]) -> Option<Text> {
    if values.is_empty() && !known.is_empty() {
        Some(text("values-missing"))
    } else if values.len() > VALUES_MAX {
        Some(text("values-too-many").number("most", u32::try_from(VALUES_MAX).unwrap_or(u32::MAX)))
    } else if values.iter().any(|value| !known.iter().any(|one| one == value)) {
        Some(text("values-unknown"))
    } else {
        None
    }
}

fn body_problem(body: &str) -> Option<Text> {
    let count = body.chars().filter(|c| !is_unseen(*c)).count();
    if count < BODY_MIN as usize {
        Some(text("body-too-short").number("least", BODY_MIN))
    } else if chars_seen(body) > BODY_MAX as usize {
        Some(text("body-too-long").number("most", BODY_MAX))
    } else {
        None
    }
}

/// What takes no room: twenty of these would be an empty message.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}')
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{feff}')
}

fn evidence_problem(link: &str) -> Option<Text> {
    if link.is_empty() || is_link(link) {
        None
    } else if link.chars().count() > EVIDENCE_MAX as usize {
        Some(text("evidence-too-long").number("most", EVIDENCE_MAX))
    } else {
        Some(text("evidence-wrong"))
    }
}

/// A full web address, or a path of the intranet; with nothing that browsers would repair.
fn is_link(link: &str) -> bool {
    let odd = |c: char| c.is_whitespace() || is_unseen(c) || matches!(c, '\\' | '"' | '<' | '>' | '`');
    if link.chars().any(odd) || link.chars().count() > EVIDENCE_MAX as usize {
        return false;
    }
    if let Some(path) = link.strip_prefix('/') {
        return !path.starts_with('/');
    }
    is_outside(link)
}

/// Whether it is a full web address.
pub(crate) fn is_outside(link: &str) -> bool {
    let Some((scheme, rest)) = link.split_once("://") else { return false };
    let web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    web && !rest.is_empty() && !rest.starts_with(['/', '?', '#'])
}
