//! What is said of pages, and done with them.

use crate::base::clock::Micros;
use crate::base::id::PageId;

/// What a token says of the page that it was made for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageWord {
    /// The page's key.
    pub key: String,
    /// Who says so, and by whom the owner is known.
    pub issuer: String,
    /// The groups that may read it, `*` for everybody who may read the site; none changes nothing.
    pub readers: Option<Vec<String>>,
    /// The issuer's name for who looks after it; none changes nothing.
    pub owner: Option<String>,
    /// When it was said: what is older changes nothing.
    pub issued_at: Micros,
}

/// One thing to do with pages of a site.
#[derive(Clone, Debug)]
pub(in crate::store) enum PageJob {
    /// Whether pages that nobody has told the readers of are for nobody, or else for everybody.
    Guard(bool),
    /// Keep what a token says.
    Hear(PageWord),
    /// Do what the lines say as one batch, or only tell what would be done.
    Change { lines: Vec<PageLine>, batch: Option<String>, told: PageSender },
    /// Take a batch back.
    Undo { batch: String, told: PageSender },
    /// Keep what was found at a page's address; what that proposes.
    Look(PageLook),
    /// A person has decided on a proposal.
    Decide { source: String, target: String, accepted: bool },
}

/// Where to tell what became of lines.
pub(in crate::store) type PageSender = std::sync::Arc<std::sync::Mutex<Vec<PageChange>>>;

/// How long a change of pages can be undone.
pub const UNDO_DAYS: i64 = 30;

/// What is done to a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageChangeKind {
    /// A key nobody has used leads to the page.
    Alias,
    /// The page gets another key, the old one leads to it.
    Move,
    /// What is on the page is on another one from now on, to which its keys lead.
    Merge,
}

impl PageChangeKind {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Alias => "alias",
            Self::Move => "move",
            Self::Merge => "merge",
        }
    }

    pub(in crate::store) fn from_word(word: &str) -> Option<Self> {
        [Self::Alias, Self::Move, Self::Merge].into_iter().find(|kind| kind.word() == word)
    }
}

/// One change that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageLine {
    /// What is to be done; none for a move, or a merge where the target is there.
    pub kind: Option<PageChangeKind>,
    /// The key now; of an alias the new key.
    pub source: String,
    /// The key that it is to be, or that it leads to.
    pub target: String,
}

/// What became of one line, or would.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageChange {
    /// What was done.
    pub kind: Option<PageChangeKind>,
    /// As in the line.
    pub source: String,
    /// As in the line.
    pub target: String,
    /// Entries that are on another page now.
    pub entries: u32,
    /// Why nothing was done, with what to do.
    pub problem: Option<String>,
}

/// A page with its other keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageListed {
    /// The id.
    pub id: PageId,
    /// The key.
    pub key: String,
    /// The title; may be empty.
    pub title: String,
    /// The address; may be empty.
    pub url: String,
    /// Its other keys.
    pub aliases: Vec<String>,
    /// The groups that may read it, `*` for everybody who may read the site; none for nobody.
    pub readers: Vec<String>,
    /// The name of who looks after it.
    pub owner: Option<String>,
    /// Visible entries of all plugins.
    pub entries: u32,
}

/// A page as it was found at its address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageLook {
    /// The key.
    pub key: String,
    /// The address that answered in the end; empty where none did.
    pub url: String,
    /// Its canonical address; empty where it names none.
    pub canonical: String,
    /// What it says, as a hash; empty where there is too little to tell.
    pub fingerprint: String,
}

/// Why two keys seem to be one page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProposalWhy {
    /// The address of one leads to the other's.
    Redirect,
    /// One names the other as the canonical one.
    Canonical,
    /// Both have the same address.
    Address,
    /// Both say the same.
    Content,
}

impl ProposalWhy {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Redirect => "redirect",
            Self::Canonical => "canonical",
            Self::Address => "address",
            Self::Content => "content",
        }
    }

    pub(in crate::store) fn from_word(word: &str) -> Option<Self> {
        [Self::Redirect, Self::Canonical, Self::Address, Self::Content]
            .into_iter()
            .find(|why| why.word() == word)
    }
}

/// Two keys that seem to be one page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The key that would lead to the other.
    pub source: String,
    /// The key that would stay.
    pub target: String,
    /// Why.
    pub why: ProposalWhy,
    /// Visible entries on the first.
    pub entries: u32,
    /// When that was found.
    pub made_at: Micros,
}
