//! Draws what people do with each other.

use std::borrow::Cow;

use super::own::{self, OwnText};
use super::{Context, Lookup, PERSON, Person, PostFacts, PostState, Renderer, Sink, push_number};
use crate::check::clean;
use crate::nodes::{
    FeedNode, IconName, Kind, PostNode, ReactionNode, ReactionsNode, RepliesNode, TimeStyle, ToggleKind,
    ToggleNode, VoteNode, Words,
};
use crate::ops::{Attr, Tag};

/// How many labels of lists of replies are kept.
const REPLIES_KEPT: usize = 16;

/// The colours behind initials.
const HUES: [&str; 12] = [
    "avatar hue-0",
    "avatar hue-1",
    "avatar hue-2",
    "avatar hue-3",
    "avatar hue-4",
    "avatar hue-5",
    "avatar hue-6",
    "avatar hue-7",
    "avatar hue-8",
    "avatar hue-9",
    "avatar hue-10",
    "avatar hue-11",
];

impl<'a, L: Lookup + ?Sized, S: Sink> Renderer<'a, L, S> {
    /// The runtime numbers its posts by `data-total`.
    pub(super) fn feed(&mut self, feed: &FeedNode) {
        self.el(Tag::Div, "feed");
        self.word(Attr::Role, "feed");
        self.say_attr(Attr::AriaLabel, &feed.label);
        if let Some(total) = feed.total {
            self.attr_number(Attr::DataTotal, u64::from(total));
        }
    }

    pub(super) fn reactions(&mut self, reactions: &ReactionsNode, children: u32, context: Context<'a>) {
        self.el(Tag::Div, "reactions");
        self.word(Attr::Role, "group");
        self.say_attr(Attr::AriaLabel, &reactions.label);
        let verb = self.string(reactions.verb);
        for _ in 0..children {
            let Some(node) = self.view.nodes.get(self.at) else { break };
            if let Kind::Reaction(reaction) = &node.kind {
                self.key = node.key.map(|key| self.string(key));
                self.reaction(reaction, verb, context);
            }
            self.skip(1);
        }
        self.close();
    }

    /// A post is not numbered here (`aria-posinset`): one new post at the top would change them all. The runtime does it.
    pub(super) fn post(&mut self, post: &'a PostNode, children: u32, context: Context<'a>) {
        let entry = self.string(post.entry);
        let own_subject = self.view.nodes.get(self.at.wrapping_sub(1)).and_then(|node| node.subject);
        let subject = Some(own_subject.map_or(entry, |subject| self.string(subject)));
        let facts = self.lookup.post(entry);
        self.open(Tag::Article);
        self.scratch.clear();
        self.scratch.push_str("post");
        self.scratch.push_str(match facts.state {
            PostState::Visible => "",
            PostState::Held => " state-held",
            PostState::Rejected => " state-rejected",
            PostState::Deleted => " state-deleted",
            PostState::Removed => " state-removed",
        });
        self.scratch.push_str(if post.pinned { " is-pinned" } else { "" });
        self.scratch.push_str(if post.highlighted { " is-highlighted" } else { "" });
        self.sink.attr(Attr::Class, &self.scratch);
        self.attr_of(Attr::Id, &["e-", entry]);
        let author = post.author.and_then(|author| self.lookup.person(self.string(author)));
        let name = self.post_name(post, facts, author);
        self.attr(Attr::AriaLabel, &name);
        self.word(Attr::Tabindex, "0");
        let context = Context { subject, form: None, ..context };
        self.post_header(post, facts, author, context);
        if let Some(body) = &post.body {
            self.rich_source(body);
        }
        self.children(children, context);
        self.close();
    }

    /// What a post is called in a list of posts: by its author, or by what became of it.
    fn post_name(&mut self, post: &PostNode, facts: PostFacts, author: Option<Person<'a>>) -> Cow<'a, str> {
        match (post.author, tombstone(facts.state)) {
            (Some(_), _) => self.name_of(author),
            (None, Some(tombstone)) => self.own(tombstone),
            (None, None) => self.own(OwnText::FormerMember),
        }
    }

    fn post_header(
        &mut self,
        post: &PostNode,
        facts: PostFacts,
        author: Option<Person<'a>>,
        context: Context<'a>,
    ) {
        self.open(Tag::Header);
        let tombstone = tombstone(facts.state);
        if post.author.is_some() {
            self.avatar(author);
            self.person_name(author, "author");
        } else if tombstone.is_none() {
            self.own_el(Tag::B, "author", OwnText::FormerMember);
        }
        if let Some(tombstone) = tombstone {
            self.own_el(Tag::Span, "tombstone", tombstone);
        }
        if let Some(answered) = post.in_reply_to {
            self.el(Tag::Span, "in-reply-to");
            let before = self.own(OwnText::InReplyTo);
            self.scratch.clear();
            self.scratch.push_str(&before);
            self.scratch.push(' ');
            self.sink.text(&self.scratch);
            let name = self.name(self.string(answered));
            self.isolated(&name);
            self.close();
        }
        self.el(Tag::A, "when");
        self.here(post.permalink, context);
        self.time(post.at, TimeStyle::Relative);
        self.close();
        self.post_marks(post, facts);
        self.close();
    }

    fn post_marks(&mut self, post: &PostNode, facts: PostFacts) {
        if let Some(edited_at) = post.edited_at {
            self.el(Tag::Span, "edited");
            self.scratch.clear();
            self.lookup.time(edited_at, &mut self.scratch);
            self.sink.attr(Attr::Title, &self.scratch);
            self.own_text(if facts.edited_by_moderator {
                OwnText::EditedByModerator
            } else {
                OwnText::Edited
            });
            self.close();
        }
        if post.pinned {
            self.el(Tag::Span, "badge pinned");
            self.icon(IconName::Pin);
            self.own_text(OwnText::Pinned);
            self.close();
        }
        match facts.state {
            PostState::Held => self.own_el(Tag::Span, "badge tone-warn", OwnText::Held),
            PostState::Rejected => self.own_el(Tag::Span, "badge tone-danger", OwnText::Rejected),
            _ => {}
        }
    }

    fn own_text(&mut self, text: OwnText) {
        let text = self.own(text);
        self.text(&text);
    }

    /// A person's display name.
    pub(super) fn name(&mut self, id: &str) -> Cow<'a, str> {
        self.name_of(self.lookup.person(id))
    }

    pub(super) fn name_of(&mut self, person: Option<Person<'a>>) -> Cow<'a, str> {
        person.map_or_else(|| self.own(OwnText::FormerMember), |person| clean(person.name))
    }

    /// A name, then roles.
    pub(super) fn person_name(&mut self, person: Option<Person<'a>>, class: &'static str) {
        self.el(Tag::B, class);
        let name = self.name_of(person);
        if let Some(person) = person {
            self.word(Attr::Dir, "auto");
            if let Some(title) = person.title {
                self.attr(Attr::Title, &clean(title));
            }
        }
        match person.and_then(|person| person.card) {
            Some(id) => {
                self.el(Tag::A, "who");
                self.scratch.clear();
                self.lookup.address(&[(PERSON, id)], None, &mut self.scratch);
                self.sink.attr(Attr::Href, &self.scratch);
                self.text(&name);
                self.close();
            }
            None => self.text(&name),
        }
        self.close();
        let Some(person) = person else { return };
        for role in person.roles {
            self.own_el(Tag::Span, "badge", role.text());
        }
        if !person.active {
            self.own_el(Tag::Span, "badge", OwnText::FormerMember);
        }
    }

    /// A picture, or initials on a colour. The name stands beside it, so it says nothing.
    pub(super) fn avatar(&mut self, person: Option<Person<'a>>) {
        let hue = person.map_or(0, |person| usize::from(person.hue) / 30);
        let class = HUES.get(hue).or(HUES.first()).copied().unwrap_or("avatar");
        if let Some(url) = person.and_then(|person| person.avatar) {
            self.el(Tag::Img, "avatar");
            self.attr(Attr::Src, url);
            self.attr(Attr::Alt, "");
            self.word(Attr::Loading, "lazy");
            self.close();
            return;
        }
        self.el(Tag::Span, class);
        self.word(Attr::AriaHidden, "true");
        self.scratch.clear();
        initials(person.map_or("?", |person| person.name), &mut self.scratch);
        self.sink.text(&self.scratch);
        self.close();
    }

    pub(super) fn replies(&mut self, replies: &RepliesNode, children: u32, context: Context<'a>) {
        let RepliesNode { count, depth } = *replies;
        let depth = match depth {
            0 | 1 => "replies depth-1",
            2 => "replies depth-2",
            _ => "replies depth-3",
        };
        self.el(Tag::Ol, depth);
        self.word(Attr::Role, "list");
        let known = self.replies.iter().position(|(known, _)| *known == count).unwrap_or_else(|| {
            self.replies.truncate(REPLIES_KEPT - 1);
            self.replies.push((count, self.lookup.own_number(OwnText::Replies, i64::from(count))));
            self.replies.len() - 1
        });
        if let Some((_, label)) = self.replies.get(known) {
            self.sink.attr(Attr::AriaLabel, label);
        }
        for _ in 0..children {
            let Some(node) = self.view.nodes.get(self.at) else { break };
            self.key = node.key.map(|key| self.string(key));
            self.open(Tag::Li);
            self.node(context);
            self.close();
        }
        self.close();
    }

    pub(super) fn toggle(&mut self, toggle: &ToggleNode, context: Context<'a>) {
        self.el(Tag::Button, if toggle.on { "toggle is-on" } else { "toggle" });
        self.word(Attr::AriaPressed, if toggle.on { "true" } else { "false" });
        match &toggle.disabled {
            None => {
                let wanted = if toggle.on { "off" } else { "on" };
                self.act(context, self.string(toggle.verb), &[wanted]);
                self.word(Attr::DataO, "toggle");
            }
            Some(reason) => self.disabled(reason),
        }
        match toggle.kind {
            ToggleKind::Like => self.icon(IconName::Like),
            ToggleKind::Follow => self.icon(IconName::Follow),
            ToggleKind::Bookmark => self.svg(own::BOOKMARK),
            ToggleKind::Resolve => self.icon(IconName::Check),
            ToggleKind::Plain => {}
        }
        self.say_el(Tag::Span, "name", &toggle.words);
        if let Some(count) = toggle.count {
            self.count(i64::from(count));
        }
        self.close();
    }

    fn number_text(&mut self, number: i64) {
        self.scratch.clear();
        self.lookup.number(number, &mut self.scratch);
        self.sink.text(&self.scratch);
    }

    fn count(&mut self, count: i64) {
        self.el(Tag::Span, "count");
        // There for the browser to count up, but nothing is to be read before that.
        self.flag_if(Attr::Hidden, count == 0);
        self.number_text(count);
        self.close();
    }

    /// A button that stays in place and can be reached, but does nothing; it says why.
    pub(super) fn disabled(&mut self, reason: &Words) {
        self.word(Attr::Type, "button");
        self.word(Attr::AriaDisabled, "true");
        let reason = self.resolve(reason);
        self.attr(Attr::Title, &reason);
        self.attr(Attr::AriaDescription, &reason);
    }

    /// An emoji for those who see it, its name for those who hear it, both for those who point at it.
    fn reaction(&mut self, reaction: &ReactionNode, verb: &str, context: Context<'a>) {
        let value = self.string(reaction.value);
        self.el(Tag::Button, if reaction.mine { "reaction is-on" } else { "reaction" });
        self.word(Attr::AriaPressed, if reaction.mine { "true" } else { "false" });
        self.act(context, verb, &[if reaction.mine { "off" } else { "on" }, value]);
        self.word(Attr::DataO, "toggle");
        self.say_attr(Attr::Title, &reaction.words);
        self.open(Tag::Span);
        self.word(Attr::AriaHidden, "true");
        self.text(&clean(value));
        self.close();
        self.say_el(Tag::Span, "sr", &reaction.words);
        self.count(i64::from(reaction.count));
        self.close();
    }

    pub(super) fn vote(&mut self, vote: &VoteNode, context: Context<'a>) {
        self.el(Tag::Div, "vote");
        self.word(Attr::Role, "group");
        self.own_attr(Attr::AriaLabel, OwnText::Vote);
        self.vote_button(vote, true, context);
        self.el(Tag::Output, "score");
        self.number_text(i64::from(vote.score));
        self.close();
        if vote.down {
            self.vote_button(vote, false, context);
        }
        self.close();
    }

    fn vote_button(&mut self, vote: &VoteNode, up: bool, context: Context<'a>) {
        let on = if up { vote.mine > 0 } else { vote.mine < 0 };
        let class = match (up, on) {
            (true, false) => "up",
            (true, true) => "up is-on",
            (false, false) => "down",
            (false, true) => "down is-on",
        };
        self.el(Tag::Button, class);
        self.word(Attr::AriaPressed, if on { "true" } else { "false" });
        self.own_attr(Attr::AriaLabel, if up { OwnText::VoteUp } else { OwnText::VoteDown });
        match &vote.disabled {
            None => {
                let wanted = match (on, up) {
                    (true, _) => "0",
                    (false, true) => "1",
                    (false, false) => "-1",
                };
                self.act(context, self.string(vote.verb), &[wanted]);
                self.word(Attr::DataO, "vote");
            }
            Some(reason) => self.disabled(reason),
        }
        self.svg(if up { own::UP } else { own::DOWN });
        self.close();
    }

    /// A place for ids that only need to be unique: `prefix` and a number.
    pub(super) fn option_id(&mut self, name: Attr, base: &str, number: u32) {
        self.scratch.clear();
        self.scratch.push_str(base);
        self.scratch.push('-');
        push_number(&mut self.scratch, u64::from(number), 1);
        self.sink.attr(name, &self.scratch);
    }
}

/// What stands in the place of a text that is gone.
const fn tombstone(state: PostState) -> Option<OwnText> {
    match state {
        PostState::Deleted => Some(OwnText::Deleted),
        PostState::Removed => Some(OwnText::Removed),
        PostState::Visible | PostState::Held | PostState::Rejected => None,
    }
}

/// The first letters of the first and the last word; `?` for a name without letters.
fn initials(name: &str, out: &mut String) {
    let start = out.len();
    let mut words = name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    if let Some(first) = words.next() {
        out.extend(first.to_uppercase());
        if let Some(last) = words.next_back() {
            out.extend(last.to_uppercase());
        }
    }
    if out.len() == start {
        out.push('?');
    }
}
