//! The renderer's own texts and pictures.

use super::lookup::Role;
use crate::nodes::IconName;

macro_rules! own_texts {
    ($($(#[$doc:meta])* $name:ident = $id:literal,)*) => {
        /// A text that the renderer itself puts into a view. The host has it in `host/locales`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum OwnText {
            $($(#[$doc])* $name,)*
        }

        impl OwnText {
            /// All of them.
            pub const ALL: &'static [OwnText] = &[$(OwnText::$name,)*];

            /// Its Fluent id.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self {
                    $(Self::$name => $id,)*
                }
            }
        }
    };
}

own_texts! {
    /// Beside a changed post.
    Edited = "view-edited",
    /// On a post whose text a moderator changed.
    EditedByModerator = "view-edited-by-moderator",
    /// Beside a pinned post.
    Pinned = "view-pinned",
    /// On a post that waits for a moderator.
    Held = "view-held",
    /// On a post that a moderator refused.
    Rejected = "view-rejected",
    /// In place of a post that its author deleted.
    Deleted = "view-deleted",
    /// In place of a post that a moderator removed.
    Removed = "view-removed",
    /// In place of the name of somebody unknown, and beside the name of somebody who left.
    FormerMember = "view-former-member",
    /// Before the name of the person who is answered.
    InReplyTo = "view-in-reply-to",
    /// How many replies follow. Argument `count`.
    Replies = "view-replies",
    /// A role.
    Leader = "view-leader",
    /// A role.
    Expert = "view-expert",
    /// A role.
    Steward = "view-steward",
    /// A role.
    Moderator = "view-moderator",
    /// A role.
    Admin = "view-admin",
    /// A role.
    Guest = "view-guest",
    /// Names the group of vote buttons.
    Vote = "view-vote",
    /// Votes up.
    VoteUp = "view-vote-up",
    /// Votes down.
    VoteDown = "view-vote-down",
    /// How many people are not shown. Argument `count`.
    MorePeople = "view-more-people",
    /// Leaves a form without sending it.
    Cancel = "view-cancel",
    /// Leaves a dialog.
    Close = "view-close",
    /// On a link that leads to another site.
    Elsewhere = "view-elsewhere",
    /// Names a block of program text, and a tool.
    Code = "view-code",
    /// Names the tools of a composer.
    Formatting = "view-formatting",
    /// A tool.
    Bold = "view-bold",
    /// A tool.
    Italic = "view-italic",
    /// A tool.
    Link = "view-link",
    /// A tool.
    Quote = "view-quote",
    /// A tool.
    List = "view-list",
    /// Shows how a text will look.
    Preview = "view-preview",
    /// Which keys send a text.
    SendKey = "view-send-key",
    /// How to fill in a field for people.
    PickPeople = "view-pick-people",
    /// How to fill in a field for tags.
    PickTags = "view-pick-tags",
}

impl Role {
    /// What it is called.
    #[must_use]
    pub const fn text(self) -> OwnText {
        match self {
            Self::Leader => OwnText::Leader,
            Self::Expert => OwnText::Expert,
            Self::Steward => OwnText::Steward,
            Self::Moderator => OwnText::Moderator,
            Self::Admin => OwnText::Admin,
            Self::Guest => OwnText::Guest,
        }
    }
}

/// A picture, as the path of lines in a square of 24.
pub(super) const fn icon(name: IconName) -> &'static str {
    match name {
        IconName::Comment => "M4 5h16v11H9l-5 4z",
        IconName::Reply => "M9 6 4 11l5 5M4 11h9a7 7 0 0 1 7 7",
        IconName::Like => "M7 11v9H4v-9zl4-7a2 2 0 0 1 2 2v4h6l-2 10H7",
        IconName::Pin => "M9 4h6l-1 6 3 3H7l3-3zM12 13v7",
        IconName::Edit => "M4 20l1-4L16 5l3 3L8 19z",
        IconName::Delete => "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13",
        IconName::Flag => "M6 21V4h12l-3 4 3 4H6",
        IconName::Link => {
            "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1"
        }
        IconName::Follow => "M6 17V11a6 6 0 0 1 12 0v6l2 1H4zM10 20a2 2 0 0 0 4 0",
        IconName::Waiting => "M12 3a9 9 0 1 0 .1 0M12 7v5l3 3",
        IconName::Check => "M5 13l4 4L19 7",
        IconName::Cross => "M6 6l12 12M18 6 6 18",
        IconName::Lock => "M6 11h12v9H6zM8 11V8a4 4 0 0 1 8 0v3",
        IconName::More => "M5 12h.1M12 12h.1M19 12h.1",
        IconName::Warning => "M12 4 2 20h20zM12 10v5M12 17v.1",
        IconName::Info => "M12 3a9 9 0 1 0 .1 0M12 11v5M12 8v.1",
    }
}

/// Pictures that only the renderer uses.
pub(super) const BOOKMARK: &str = "M7 4h10v16l-5-4-5 4z";
/// An arrow up.
pub(super) const UP: &str = "M12 5v14M6 11l6-6 6 6";
/// An arrow down.
pub(super) const DOWN: &str = "M12 19V5M6 13l6 6 6-6";
