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
}

impl NoticeKind {
    const ALL: [Self; 9] = [
        Self::Mention,
        Self::Reply,
        Self::Follow,
        Self::Told,
        Self::Accepted,
        Self::Approved,
        Self::Rejected,
        Self::Removed,
        Self::Restored,
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

    /// The word by which people switch it off.
    #[must_use]
    pub fn switch(self) -> &'static str {
        if self.is_decision() { "decision" } else { self.word() }
    }
}

/// The kinds that people can switch off.
pub const NOTICE_SWITCHES: [&str; 6] = ["mention", "reply", "follow", "told", "accepted", "decision"];

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
}

impl Why {
    const ALL: [Self; 5] = [Self::Named, Self::Wrote, Self::FollowsThread, Self::FollowsPage, Self::Author];

    /// The word that is kept and sent.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Named => "named",
            Self::Wrote => "wrote",
            Self::FollowsThread => "follows-thread",
            Self::FollowsPage => "follows-page",
            Self::Author => "author",
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
    /// Who follows the entry, its thread or its page, and since when.
    pub followers: Vec<(PersonId, Why, Micros)>,
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
    /// Tell somebody. Who was told of the entry before is not told again, apart from decisions.
    Tell(NewNotice),
    /// Take back what was not read, apart from decisions.
    Withdraw,
    /// Take back that the entry was accepted, where that was not read.
    Unaccept,
    /// Give back what was taken back.
    Restore,
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

/// What a part of the outbox leads to: kept together with how far it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeBatch {
    /// How far it had been read.
    pub after: u64,
    /// How far it is read now.
    pub upto: u64,
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

/// A part of somebody's notices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notices {
    /// The newest first.
    pub items: Vec<Notice>,
    /// Where the list continues.
    pub next: Option<String>,
}

/// Which notices somebody has read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Read {
    /// These, by id.
    Some(Vec<String>),
    /// Those of the thread that an entry is in.
    ThreadOf(EntryId),
    /// All up to now.
    All,
}
