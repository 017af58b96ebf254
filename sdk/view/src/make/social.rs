//! What people do with each other.

use super::{Holds, Leaf, Made, Plain, Say, ViewBuilder};
use crate::nodes::{
    FeedNode, Instant, Kind, PostNode, ReactionNode, ReactionsNode, RepliesNode, RichSource, ToggleKind,
    ToggleNode, VoteNode,
};

impl ViewBuilder {
    /// A feed of posts.
    pub fn feed<'a>(&mut self, label: impl Into<Say<'a>>) -> Made<'_, FeedNode> {
        let label = self.words(label);
        self.add(Kind::Feed(FeedNode { label, total: None }))
    }

    /// One entry by one person; verbs on and below it are done to it. `permalink` shows it
    /// alone. Its children: actions, [`replies`](Self::replies).
    pub fn post(&mut self, entry: &str, at: Instant, permalink: &[(&str, &str)]) -> Made<'_, PostNode> {
        let entry = self.string(entry);
        let permalink = self.navigation(permalink);
        let post = PostNode {
            entry,
            author: None,
            at,
            edited_at: None,
            pinned: false,
            highlighted: false,
            in_reply_to: None,
            permalink,
            body: None,
        };
        self.add(Kind::Post(post))
    }

    /// The replies to a post: how many there are, and how deep they are shown (1 to 3).
    pub fn replies(&mut self, count: u32, depth: u8) -> Made<'_, Plain> {
        self.add(Kind::Replies(RepliesNode { count, depth }))
    }

    /// A button that is on or off. What is wanted comes as the field `value`: `on` or `off`.
    pub fn toggle<'a>(
        &mut self,
        kind: ToggleKind,
        verb: &str,
        words: impl Into<Say<'a>>,
    ) -> Made<'_, ToggleNode> {
        let words = self.words(words);
        let verb = self.string(verb);
        let toggle = ToggleNode { kind, words, verb, on: false, count: None, disabled: None };
        self.add(Kind::Toggle(toggle))
    }

    /// A group of reactions; its children are reactions. What is wanted comes as the field `value`: `on` or `off`, a
    /// blank and the reaction's value.
    pub fn reactions<'a>(&mut self, verb: &str, label: impl Into<Say<'a>>) -> Made<'_, Plain> {
        let label = self.words(label);
        let verb = self.string(verb);
        self.add(Kind::Reactions(ReactionsNode { label, verb }))
    }

    /// One reaction: `value` is an emoji, `words` its name.
    pub fn reaction<'a>(
        &mut self,
        value: &str,
        words: impl Into<Say<'a>>,
        count: u32,
        mine: bool,
    ) -> Made<'_, Leaf> {
        let value = self.string(value);
        let words = self.words(words);
        self.add(Kind::Reaction(ReactionNode { value, words, count, mine }))
    }

    /// Votes up; `mine` is -1, 0 or 1. What is wanted comes as the field `value`: `1`, `0` or `-1`.
    pub fn vote(&mut self, verb: &str, score: i32, mine: i8) -> Made<'_, VoteNode> {
        let verb = self.string(verb);
        self.add(Kind::Vote(VoteNode { score, mine, verb, down: false, disabled: None }))
    }
}

impl Made<'_, FeedNode> {
    /// How many posts there are in all.
    pub fn total(self, total: impl Into<Option<u32>>) -> Self {
        self.set(|node, _| node.total = total.into())
    }
}

impl Made<'_, PostNode> {
    /// Its author's id; none for a tombstone.
    pub fn author<'a>(self, person: impl Into<Option<&'a str>>) -> Self {
        self.set(|node, view| node.author = person.into().map(|person| view.string(person)))
    }

    /// Its text: the body of its entry, which was read in this call.
    pub fn body(self) -> Self {
        self.set(|node, _| node.body = Some(RichSource::Entry(node.entry)))
    }

    /// When it was changed.
    pub fn edited_at(self, at: impl Into<Option<Instant>>) -> Self {
        self.set(|node, _| node.edited_at = at.into())
    }

    /// Whether it is pinned to the top.
    pub fn pinned(self, pinned: bool) -> Self {
        self.set(|node, _| node.pinned = pinned)
    }

    /// Whether it is the one that the person came for.
    pub fn highlighted(self, highlighted: bool) -> Self {
        self.set(|node, _| node.highlighted = highlighted)
    }

    /// Who is answered, where depth no longer shows it: a person's id.
    pub fn in_reply_to<'a>(self, person: impl Into<Option<&'a str>>) -> Self {
        self.set(|node, view| node.in_reply_to = person.into().map(|person| view.string(person)))
    }
}

impl Made<'_, ToggleNode> {
    /// Whether it is on.
    pub fn on(self, on: bool) -> Self {
        self.set(|node, _| node.on = on)
    }

    /// How many people turned it on.
    pub fn count(self, count: u32) -> Self {
        self.set(|node, _| node.count = Some(count))
    }

    /// Why it cannot be used now.
    pub fn disabled<'a>(self, reason: impl Into<Say<'a>>) -> Self {
        self.set(|node, view| node.disabled = Some(view.words(reason)))
    }
}

impl Made<'_, VoteNode> {
    /// Whether votes down are taken.
    pub fn down(self, down: bool) -> Self {
        self.set(|node, _| node.down = down)
    }

    /// Why the person cannot vote now.
    pub fn disabled<'a>(self, reason: impl Into<Say<'a>>) -> Self {
        self.set(|node, view| node.disabled = Some(view.words(reason)))
    }
}

impl Holds for FeedNode {}
impl Holds for PostNode {}
