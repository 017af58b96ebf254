//! The bell as a view: a button with how many are new and, opened, the list or what somebody is told about. Pure.

use stoa_view::make::{MessageBuilder, To, ViewBuilder, label, literal, message};
use stoa_view::nodes::{Align, Gap, IconName, ToggleKind, Tone, View};

use crate::base::id::PersonId;
use crate::store::{DUTY_SWITCH, Mute, NOTICE_SWITCHES, NoticeKind, NoticeLine, Why};

/// The parameter that says what is open: nothing, [`LIST`] or [`SETTINGS`].
pub const OPEN: &str = "open";
/// The list of notices.
pub const LIST: &str = "list";
/// What somebody is told about.
pub const SETTINGS: &str = "settings";
/// The parameter that says how many notices are listed.
pub const LIMIT: &str = "limit";
/// Above this the exact number says nothing more.
const SHOWN_MAX: u32 = 99;

/// What people do with the bell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Note that a line was read; its subject is the newest notice of it.
    Read,
    /// Note that all was read.
    ReadAll,
    /// Stop following what led to a notice.
    Stop,
    /// No more about who led to a notice.
    MutePerson,
    /// No more of a notice's kind.
    Less,
    /// Switch a kind on or off; its subject is the kind.
    Kind,
    /// Lift a mute; its subject is `what:target`.
    Unmute,
    /// Show what somebody has contributed on their card, or not.
    Share,
}

impl Verb {
    const ALL: [Self; 8] = [
        Self::Read,
        Self::ReadAll,
        Self::Stop,
        Self::MutePerson,
        Self::Less,
        Self::Kind,
        Self::Unmute,
        Self::Share,
    ];

    /// Its name in views.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::ReadAll => "read-all",
            Self::Stop => "stop",
            Self::MutePerson => "mute-person",
            Self::Less => "less",
            Self::Kind => "kind",
            Self::Unmute => "unmute",
            Self::Share => "share",
        }
    }

    /// The verb of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verb| verb.name() == name)
    }
}

/// A line of the list with what only the host knows.
#[derive(Clone, Debug)]
pub struct Line {
    /// The notices.
    pub row: NoticeLine,
    /// Where it leads.
    pub url: String,
    /// What the thread or page is called; empty where it has no title.
    pub title: String,
}

/// Something muted, with what it is called.
#[derive(Clone, Debug)]
pub struct Muted {
    /// What.
    pub mute: Mute,
    /// What the thread is called; empty for others.
    pub title: String,
}

/// What somebody has set.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What is muted.
    pub muted: Vec<Muted>,
    /// Whether they moderate.
    pub moderates: bool,
    /// Whether their card shows what they have contributed; none where there are no cards.
    pub shares: Option<bool>,
}

/// What of the bell is open.
#[derive(Clone, Debug)]
pub enum Panel {
    /// Nothing.
    Closed,
    /// The list, and how many notices it would have with more; none where that is all.
    List(Vec<Line>, Option<u32>),
    /// What somebody is told about.
    Settings(Settings),
}

/// Draw the bell of somebody with so many unread notices.
#[must_use]
pub fn draw(unread: u32, panel: &Panel) -> View {
    let mut v = ViewBuilder::new();
    let open = if matches!(panel, Panel::Closed) { LIST } else { "" };
    v.row(Gap::None).key("bell").with(|v| {
        v.icon(IconName::Follow);
        v.link_here(&[(OPEN, open), (LIMIT, "")], message("bell-button").number("count", unread));
        if unread > 0 {
            let shown = if unread > SHOWN_MAX { format!("{SHOWN_MAX}+") } else { unread.to_string() };
            v.badge(literal(&shown)).tone(Tone::Accent);
        }
    });
    match panel {
        Panel::Closed => {}
        Panel::List(lines, more) => {
            v.dialog(label("bell-title"), &[(OPEN, ""), (LIMIT, "")]).with(|v| list(v, unread, lines, *more));
        }
        Panel::Settings(set) => {
            let close = [(OPEN, ""), (LIMIT, "")];
            v.dialog(label("bell-settings"), &close).with(|v| settings(v, set));
        }
    }
    v.finish()
}

fn list(v: &mut ViewBuilder, unread: u32, lines: &[Line], more: Option<u32>) {
    if lines.is_empty() {
        v.empty(label("bell-empty")).with(|_| {});
    } else {
        v.listing().with(|v| lines.iter().for_each(|one| line(v, one)));
    }
    if let Some(more) = more {
        v.more(&[(LIMIT, &more.to_string())], label("bell-more")).key("more");
    }
    v.row(Gap::Small).align(Align::Between).key("foot").with(|v| {
        if unread > 0 {
            v.button(Verb::ReadAll.name(), label("bell-read-all"));
        }
        v.link_here(&[(OPEN, SETTINGS), (LIMIT, "")], label("bell-settings"));
    });
}

fn line(v: &mut ViewBuilder, line: &Line) {
    let notice = &line.row.newest;
    v.item().key(&notice.id).subject(&notice.id).with(|v| {
        v.row(Gap::Small).align(Align::Between).with(|v| {
            v.stack(Gap::None).with(|v| {
                v.link(To::Outside(&line.url), says(line));
                if !notice.note.is_empty() {
                    v.text(message("bell-note").text("reason", &notice.note)).small();
                }
                v.row(Gap::Small).with(|v| {
                    if line.row.first_unread.is_some() {
                        v.badge(label("bell-new")).tone(Tone::Accent);
                    }
                    v.time(u64::try_from(notice.at).unwrap_or_default());
                    v.text(label(because(notice.why))).small();
                });
            });
            v.menu(label("bell-menu")).with(|v| menu(v, line));
        });
    });
}

/// What a line says.
fn says(line: &Line) -> MessageBuilder<'_> {
    let row = &line.row;
    let (titled, untitled) = match row.newest.kind {
        NoticeKind::Mention => ("bell-mention", "bell-mention-untitled"),
        NoticeKind::Reply => ("bell-reply", "bell-reply-untitled"),
        NoticeKind::Follow => ("bell-follow", "bell-follow-untitled"),
        NoticeKind::Told => ("bell-told", "bell-told-untitled"),
        NoticeKind::Accepted => ("bell-accepted", "bell-accepted-untitled"),
        NoticeKind::Approved => ("bell-approved", "bell-approved-untitled"),
        NoticeKind::Rejected => ("bell-rejected", "bell-rejected-untitled"),
        NoticeKind::Removed => ("bell-removed", "bell-removed-untitled"),
        NoticeKind::Restored => ("bell-restored", "bell-restored-untitled"),
        NoticeKind::Held => ("bell-held", "bell-held-untitled"),
        NoticeKind::Reported => ("bell-reported", "bell-reported-untitled"),
    };
    let mut says = message(if line.title.is_empty() { untitled } else { titled });
    if !line.title.is_empty() {
        says = says.text("title", &line.title);
    }
    if row.newest.kind.is_decision() {
        return says;
    }
    if row.newest.kind.is_duty() {
        return says.number("count", i64::from(row.count));
    }
    let name = row.newest.actor.as_ref().map_or("", PersonId::as_str);
    says.person("name", name).number("others", i64::from(row.actors.saturating_sub(1)))
}

fn because(why: Why) -> &'static str {
    match why {
        Why::Named => "bell-why-named",
        Why::Wrote => "bell-why-wrote",
        Why::FollowsThread => "bell-why-follows-thread",
        Why::FollowsPage => "bell-why-follows-page",
        Why::Author => "bell-why-author",
        Why::Moderates => "bell-why-moderates",
    }
}

fn menu(v: &mut ViewBuilder, line: &Line) {
    let notice = &line.row.newest;
    if line.row.first_unread.is_some() {
        v.button(Verb::Read.name(), label("bell-read"));
    }
    if !notice.kind.is_decision() && !notice.kind.is_duty() {
        let follows = matches!(notice.why, Why::FollowsThread | Why::FollowsPage);
        v.button(Verb::Stop.name(), label(if follows { "bell-stop-following" } else { "bell-stop-thread" }));
        if let Some(actor) = &notice.actor {
            v.button(Verb::MutePerson.name(), message("bell-mute-person").person("name", actor.as_str()));
        }
    }
    v.button(Verb::Less.name(), label("bell-less"));
}

fn settings(v: &mut ViewBuilder, set: &Settings) {
    let Settings { muted, moderates, shares } = set;
    v.text(label("bell-settings-hint")).small();
    v.stack(Gap::Small).with(|v| {
        for kind in NOTICE_SWITCHES.into_iter().filter(|kind| *moderates || *kind != DUTY_SWITCH) {
            let off = muted.iter().any(|one| matches!(&one.mute, Mute::Kind(known) if known == kind));
            let name = format!("bell-kind-{kind}");
            v.row(Gap::None).key(kind).subject(kind).with(|v| {
                v.toggle(ToggleKind::Plain, Verb::Kind.name(), label(&name)).on(!off);
            });
        }
    });
    let listed = || muted.iter().filter(|one| !matches!(one.mute, Mute::Kind(_)));
    if listed().next().is_some() {
        v.heading(2, label("bell-muted"));
        v.listing().with(|v| listed().for_each(|one| lift(v, one)));
    }
    if let Some(shares) = shares {
        v.toggle(ToggleKind::Plain, Verb::Share.name(), label("bell-share")).on(*shares).key("share");
        v.text(label("bell-share-hint")).small();
    }
    v.link_here(&[(OPEN, LIST)], label("bell-back"));
}

/// Something muted, and the button that lifts it.
fn lift(v: &mut ViewBuilder, muted: &Muted) {
    let (what, target) = muted.mute.words();
    let subject = format!("{what}:{target}");
    v.item().key(target).subject(&subject).with(|v| {
        v.row(Gap::Small).align(Align::Between).with(|v| {
            match &muted.mute {
                Mute::Person(person) => v.text(message("bell-muted-person").person("name", person.as_str())),
                _ if muted.title.is_empty() => v.text(label("bell-muted-untitled")),
                _ => v.text(message("bell-muted-thread").text("title", &muted.title)),
            };
            v.button(Verb::Unmute.name(), label("bell-unmute"));
        });
    });
}
