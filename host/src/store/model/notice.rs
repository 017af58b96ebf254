//! What people are told.

use stoa_rules::{Fields, State};

use crate::base::clock::Micros;
use crate::base::id::{EntryId, PageId, PersonId, PluginName, SiteId};

/// What a notice tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoticeKind {
    /// An entry mentions the person.
    Mention,
    /// An entry answers one of the person's.
    Reply,
    /// There is an entry where the person follows.
    Follow,
    /// A field that tells people names the person.
    Told,
    /// An entry of the person's was chosen, as an accepted answer is.
    Accepted,
    /// An entry of the person's was published after it waited.
    Approved,
    /// An entry of the person's was not published.
    Rejected,
    /// An entry of the person's was taken away.
    Removed,
    /// An entry of the person's that was taken away is shown again.
    Restored,
    /// An entry waits for somebody who moderates.
    Held,
    /// An entry that is shown was reported.
    Reported,
}

impl NoticeKind {
    const ALL: [Self; 11] = [
        Self::Mention,
        Self::Reply,
        Self::Follow,
        Self::Told,
        Self::Accepted,
        Self::Approved,
        Self::Rejected,
        Self::Removed,
        Self::Restored,
        Self::Held,
        Self::Reported,
    ];

    /// The word that is kept and sent.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Mention => "mention",
            Self::Reply => "reply",
            Self::Follow => "follow",
            Self::Told => "told",
            Self::Accepted => "accepted",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Removed => "removed",
            Self::Restored => "restored",
            Self::Held => "held",
            Self::Reported => "reported",
        }
    }

    /// The kind of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// Whether it tells an author what moderation decided.
    #[must_use]
    pub fn is_decision(self) -> bool {
        matches!(self, Self::Approved | Self::Rejected | Self::Removed | Self::Restored)
    }

    /// Whether it tells somebody who moderates what waits for them.
    #[must_use]
    pub fn is_duty(self) -> bool {
        matches!(self, Self::Held | Self::Reported)
    }

    /// The word by which people switch it off.
    #[must_use]
    pub fn switch(self) -> &'static str {
        match self {
            _ if self.is_decision() => "decision",
            _ if self.is_duty() => DUTY_SWITCH,
            _ => self.word(),
        }
    }

    /// What an entry is told as: a person gets one notice of an entry and topic.
    #[must_use]
    pub fn topic(self) -> &'static str {
        if self.is_duty() { "duty" } else { "entry" }
    }

    /// The line that a notice stands in: those of one thread are one line, a decision is one of its own, and what waits
    /// on a page is one. Replies and what is followed both say that there is something new in a thread.
    #[must_use]
    pub fn line(self, plugin: &PluginName, page: &str, root: &EntryId, entry: &EntryId) -> String {
        match self {
            Self::Reply | Self::Follow => format!("follow:{root}"),
            Self::Mention | Self::Told | Self::Accepted => format!("{}:{root}", self.word()),
            Self::Approved | Self::Rejected | Self::Removed | Self::Restored => format!("decision:{entry}"),
            Self::Held | Self::Reported => format!("{}:{plugin}:{page}", self.word()),
        }
    }
}

/// Switches off what waits for those who moderate.
pub const DUTY_SWITCH: &str = "moderation";

/// The kinds that people can switch off.
pub const NOTICE_SWITCHES: [&str; 7] =
    ["mention", "reply", "follow", "told", "accepted", "decision", DUTY_SWITCH];

/// What made a notice somebody's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// They are named.
    Named,
    /// They wrote what is answered.
    Wrote,
    /// They follow the entry or the start of its thread.
    FollowsThread,
    /// They follow the page.
    FollowsPage,
    /// They wrote the entry itself.
    Author,
    /// They moderate.
    Moderates,
}

impl Why {
    const ALL: [Self; 6] =
        [Self::Named, Self::Wrote, Self::FollowsThread, Self::FollowsPage, Self::Author, Self::Moderates];

    /// The word that is kept and sent.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Named => "named",
            Self::Wrote => "wrote",
            Self::FollowsThread => "follows-thread",
            Self::FollowsPage => "follows-page",
            Self::Author => "author",
            Self::Moderates => "moderates",
        }
    }

    /// The reason of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|why| why.word() == word)
    }
}

/// What somebody does not want to be told.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mute {
    /// Anything in the thread with this start, apart from decisions on their own entries.
    Thread(EntryId),
    /// Anything that this person writes.
    Person(PersonId),
    /// One of [`NOTICE_SWITCHES`].
    Kind(String),
}

impl Mute {
    /// What is muted and which one, as words.
    #[must_use]
    pub fn words(&self) -> (&'static str, &str) {
        match self {
            Self::Thread(root) => ("thread", root.as_str()),
            Self::Person(person) => ("person", person.as_str()),
            Self::Kind(kind) => ("kind", kind),
        }
    }

    /// The mute of two words.
    #[must_use]
    pub fn from_words(what: &str, target: &str) -> Option<Self> {
        match what {
            "thread" => Some(Self::Thread(target.into())),
            "person" => Some(Self::Person(target.into())),
            "kind" => NOTICE_SWITCHES.contains(&target).then(|| Self::Kind(target.to_owned())),
            _ => None,
        }
    }
}

/// Something that somebody has muted, with what a thread is called by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MutedThing {
    /// What.
    pub mute: Mute,
    /// The plugin of a thread.
    pub plugin: PluginName,
    /// What the page of a thread is called.
    pub page_title: String,
    /// What the start of a thread is to the plugin.
    pub root_kind: String,
    /// The fields of the start while everybody sees it.
    pub root_fields: Fields,
}

/// An entry as the rules about notices see it, whoever may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happened {
    /// The id.
    pub id: EntryId,
    /// What it is to the plugin.
    pub kind: String,
    /// Its page.
    pub page: PageId,
    /// What it answers.
    pub parent: Option<EntryId>,
    /// The start of its thread.
    pub root: EntryId,
    /// Who wrote it.
    pub author: Option<PersonId>,
    /// Who wrote what it answers, visible or not.
    pub parent_author: Option<PersonId>,
    /// Its state now.
    pub state: State,
    /// Its Markdown now.
    pub body: String,
    /// Its other fields now.
    pub fields: Fields,
    /// What stood there before, oldest last.
    pub earlier: Vec<(String, Fields)>,
    /// Who followed the entry, its thread or its page by then, by id: one portion of them.
    pub followers: Vec<(PersonId, Why)>,
    /// Whether there are followers after the last of these.
    pub more: bool,
    /// Who moderates, where the entry is held or was reported.
    pub moderators: Vec<PersonId>,
    /// Who does not want to be told of it.
    pub mutes: Vec<(PersonId, Mute)>,
}

/// A notice to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewNotice {
    /// Whom it tells.
    pub person: PersonId,
    /// What it tells.
    pub kind: NoticeKind,
    /// What made it theirs.
    pub why: Why,
    /// Who did it.
    pub actor: Option<PersonId>,
    /// What a moderator wrote.
    pub note: String,
}

/// One change of what people are told. All are of one entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoticeChange {
    /// Tell somebody. Who was told of the entry before is not told again, apart from decisions and of what waits again.
    Tell(NewNotice),
    /// Take back what was not read, apart from decisions.
    Withdraw,
    /// Take back that the entry was accepted, where that was not read.
    Unaccept,
    /// Give back what was taken back.
    Restore,
    /// What waited for those who moderate waits no more.
    Answered,
    /// Somebody wants to be told of this thread again.
    Listen(PersonId),
}

/// The changes that one event leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticesOfEvent {
    /// The site.
    pub site: SiteId,
    /// The plugin.
    pub plugin: PluginName,
    /// The page's key.
    pub page: String,
    /// The entry.
    pub entry: EntryId,
    /// The start of its thread.
    pub root: EntryId,
    /// When it happened.
    pub at: Micros,
    /// The changes, in order.
    pub changes: Vec<NoticeChange>,
}

/// How far the outbox was read for notices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NoticePlace {
    /// The last event that is told whole; 0 before the first.
    pub seq: u64,
    /// The event after it that has told some of its followers, and the last one of them, by id.
    pub part: Option<(u64, PersonId)>,
}

impl NoticePlace {
    /// After an event that is told whole.
    #[must_use]
    pub fn after(seq: u64) -> Self {
        Self { seq, part: None }
    }

    /// The part as it is kept; empty for none.
    #[must_use]
    pub fn part_text(&self) -> String {
        self.part.as_ref().map_or_else(String::new, |(seq, person)| format!("{seq} {person}"))
    }

    /// The place of what is kept.
    #[must_use]
    pub fn read(seq: u64, part: &str) -> Self {
        let part = part.split_once(' ').and_then(|(seq, person)| Some((seq.parse().ok()?, person.into())));
        Self { seq, part }
    }

    /// The follower after whom an event goes on.
    #[must_use]
    pub fn told(&self, event: u64) -> Option<&PersonId> {
        self.part.as_ref().filter(|(seq, _)| *seq == event).map(|(_, person)| person)
    }
}

/// What a part of the outbox leads to: kept together with how far it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeBatch {
    /// How far it had been read.
    pub after: NoticePlace,
    /// How far it is read now.
    pub upto: NoticePlace,
    /// When, by the host's clock.
    pub now: Micros,
    /// What came of its events.
    pub events: Vec<NoticesOfEvent>,
}

/// A notice as its person reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The id.
    pub id: String,
    /// What it tells.
    pub kind: NoticeKind,
    /// The plugin.
    pub plugin: PluginName,
    /// The page's key.
    pub page: String,
    /// Where the page is; may be empty.
    pub page_url: String,
    /// What the page is called; may be empty.
    pub page_title: String,
    /// The entry.
    pub entry: EntryId,
    /// The start of its thread.
    pub root: EntryId,
    /// What the start is to the plugin, and its fields while everybody sees it.
    pub root_kind: String,
    /// The fields of the start.
    pub root_fields: Fields,
    /// Who did it; none for decisions, which are those of the moderators together.
    pub actor: Option<PersonId>,
    /// What made it theirs.
    pub why: Why,
    /// What a moderator wrote.
    pub note: String,
    /// When.
    pub at: Micros,
    /// Whether it was read.
    pub read: bool,
}

/// Notices that are told together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeLine {
    /// The newest of them.
    pub newest: Notice,
    /// The entry of the oldest unread one, where reading goes on; none where all is read.
    pub first_unread: Option<EntryId>,
    /// How many people did it.
    pub actors: u32,
    /// How many notices it has.
    pub count: u32,
}

/// A part of somebody's notices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notices {
    /// The lines, that with the newest notice first.
    pub items: Vec<NoticeLine>,
    /// Where the list continues.
    pub next: Option<String>,
}

/// Which notices somebody has read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Read {
    /// The lines that these stand in, by id.
    Some(Vec<String>),
    /// Those of the thread that an entry is in.
    ThreadOf(EntryId),
    /// All up to now.
    All,
}
