//! What people do with each other.

use super::choices::ToggleKind;
use super::words::{Instant, NavigationIndex, RichSource, TextIndex, Words};

/// A feed of posts; its children are `post` nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeedNode {
    /// What it is, for example "Comments".
    pub label: Words,
    /// How many there are in all, where known.
    pub total: Option<u32>,
}

/// One entry by one person. Its children are its actions and its `replies`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PostNode {
    /// The index of the entry's id.
    pub entry: TextIndex,
    /// The index of its author's id; none for a tombstone.
    pub author: Option<TextIndex>,
    /// When it was written.
    pub at: Instant,
    /// When it was changed.
    pub edited_at: Option<Instant>,
    /// Whether it is pinned to the top.
    pub pinned: bool,
    /// Whether it is the one that the person came for.
    pub highlighted: bool,
    /// Who is answered, where depth no longer shows it: the index of a person's id.
    pub in_reply_to: Option<TextIndex>,
    /// The same view with this post alone: its permanent link.
    pub permalink: NavigationIndex,
    /// Its text; none for a tombstone, and while something else stands in its place.
    pub body: Option<RichSource>,
}

/// The replies to a post; its children are `post` nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RepliesNode {
    /// How many there are.
    pub count: u32,
    /// How deep they are shown, 1 to 3.
    pub depth: u8,
}

/// A button that is on or off. Shown as changed at once, put back if refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ToggleNode {
    /// What it stands for.
    pub kind: ToggleKind,
    /// Its name; it stays the same whether on or off.
    pub words: Words,
    /// Which verb is done. What is wanted goes along as the field `value`: `on` or `off`.
    pub verb: TextIndex,
    /// Whether it is on.
    pub on: bool,
    /// How many people turned it on.
    pub count: Option<u32>,
    /// Why it cannot be used now; it is then shown as it is, without a button's effect.
    pub disabled: Option<Words>,
}

/// A group of reactions; its children are `reaction` nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReactionsNode {
    /// What it is, for example "Reactions".
    pub label: Words,
    /// Which verb is done. What is wanted goes along as the field `value`: `on` or `off`, a blank and the value of the
    /// reaction.
    pub verb: TextIndex,
}

/// One reaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReactionNode {
    /// The index of its value, which is an emoji.
    pub value: TextIndex,
    /// Its name, for example "heart".
    pub words: Words,
    /// How many people chose it.
    pub count: u32,
    /// Whether the person did.
    pub mine: bool,
}

/// Votes up and, where allowed, down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VoteNode {
    /// Up votes minus down votes.
    pub score: i32,
    /// What the person voted: -1, 0 or 1.
    pub mine: i8,
    /// Which verb is done. What is wanted goes along as the field `value`: `1`, `0` (none any more) or `-1`.
    pub verb: TextIndex,
    /// Whether votes down are taken.
    pub down: bool,
    /// Why the person cannot vote now.
    pub disabled: Option<Words>,
}
