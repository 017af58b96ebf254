//! Builders: how an author writes a view.
//!
//! A [`ViewBuilder`] takes nodes in reading order; what has children takes them in a closure, so loops and
//! conditions are Rust's own. Texts, messages and navigations go into the view's pools behind the scenes.
//!
//! ```
//! use stoa_view::make::{ViewBuilder, label, literal, message};
//! use stoa_view::nodes::{Gap, Tone};
//!
//! let mut v = ViewBuilder::new();
//! v.section(label("comments-heading")).with(|v| {
//!     v.row(Gap::Small).with(|v| {
//!         v.link_here(&[("sort", "newest")], label("sort-newest")).current(true);
//!         v.link_here(&[("sort", "oldest")], label("sort-oldest"));
//!     });
//!     v.text(message("comments-count").number("count", 3)).muted();
//!     v.button("delete", label("delete")).tone(Tone::Danger).confirm(label("delete-sure"));
//!     v.text(literal("what somebody wrote"));
//! });
//! let view = v.finish();
//! assert_eq!(view.nodes.len(), 8); // the root is a stack
//! ```

mod content;
mod input;
mod pool;
mod social;
mod words;

use std::marker::PhantomData;

use crate::nodes::{
    Change, Gap, Instant, Kind, Node, RichSource, StackNode, StartValue, Target, View, Words,
};
use pool::Pool;
pub use words::{MessageBuilder, Say, label, literal, message};

/// Where a link leads, before its texts are in the pool.
#[derive(Clone, Copy, Debug)]
pub enum To<'a> {
    /// The same view with these parameters changed. An empty value takes a parameter away.
    Here(&'a [(&'a str, &'a str)]),
    /// An `https`, `http` or `mailto` address outside.
    Outside(&'a str),
}

/// What a text field starts with, before its texts are in the pool.
#[derive(Clone, Copy, Debug)]
pub enum Start<'a> {
    /// This text.
    Literal(&'a str),
    /// The body of the entry with this id, as Markdown.
    Entry(&'a str),
}

/// Builds a view. Its root is a stack; everything at the top level is a child of it.
#[derive(Debug)]
pub struct ViewBuilder {
    view: View,
    pool: Pool,
    parent: usize,
}

impl Default for ViewBuilder {
    fn default() -> Self {
        Self::new()
    }
}

impl ViewBuilder {
    /// An empty view: a stack with the usual gap.
    #[must_use]
    pub fn new() -> Self {
        let root =
            Node { kind: Kind::Stack(StackNode { gap: Gap::Medium }), children: 0, key: None, subject: None };
        let view = View { nodes: vec![root], ..View::default() };
        Self { view, pool: Pool::default(), parent: 0 }
    }

    /// From when on this view may be wrong though nothing has happened (an edit window ends, say). Of several
    /// calls the earliest instant counts.
    pub fn fresh_until(&mut self, at: Instant) -> &mut Self {
        let earlier = self.view.fresh_until.map_or(at, |known| known.min(at));
        self.view.fresh_until = Some(earlier);
        self
    }

    /// The finished view.
    #[must_use]
    pub fn finish(mut self) -> View {
        self.view.strings = self.pool.into_strings();
        self.view
    }

    /// Adds a node; a child of the node whose [`Made::with`] is running.
    fn add<N>(&mut self, kind: Kind) -> Made<'_, N> {
        let at = self.view.nodes.len();
        if let Some(parent) = self.view.nodes.get_mut(self.parent) {
            parent.children += 1;
        }
        self.view.nodes.push(Node { kind, children: 0, key: None, subject: None });
        Made { builder: self, at, node: PhantomData }
    }

    fn string(&mut self, text: &str) -> u32 {
        self.pool.index(text)
    }

    fn words<'a>(&mut self, words: impl Into<Say<'a>>) -> Words {
        words::pooled(words.into(), &mut self.pool, &mut self.view.messages)
    }

    fn navigation(&mut self, changes: &[(&str, &str)]) -> u32 {
        let pool = &mut self.pool;
        let change =
            |&(name, value): &(&str, &str)| Change { name: pool.index(name), value: pool.index(value) };
        self.view.navigations.push(changes.iter().map(change).collect());
        u32::try_from(self.view.navigations.len() - 1).unwrap_or(u32::MAX)
    }

    fn target(&mut self, to: To<'_>) -> Target {
        match to {
            To::Here(changes) => Target::Navigation(self.navigation(changes)),
            To::Outside(url) => Target::Outside(self.string(url)),
        }
    }

    fn start(&mut self, start: Start<'_>) -> StartValue {
        match start {
            Start::Literal(text) => StartValue::Literal(self.string(text)),
            Start::Entry(id) => StartValue::Entry(self.string(id)),
        }
    }

    /// Markdown, which the host parses.
    pub fn markdown(&mut self, text: &str) -> Made<'_, RichSource> {
        let text = self.string(text);
        self.add(Kind::Rich(RichSource::Markdown(text)))
    }

    /// The body of an entry that was read in this call. A post has its own ([`Made::body`]).
    pub fn body(&mut self, entry: &str) -> Made<'_, RichSource> {
        let entry = self.string(entry);
        self.add(Kind::Rich(RichSource::Entry(entry)))
    }
}

/// A node that was just added; its setters fill in what is not always needed.
#[derive(Debug)]
pub struct Made<'v, N> {
    builder: &'v mut ViewBuilder,
    at: usize,
    node: PhantomData<N>,
}

impl<N> Made<'_, N> {
    /// A name that stays with the thing while the view changes: at most 64 bytes, unique among its siblings.
    /// Give one to whatever can come, go or move.
    pub fn key(self, key: &str) -> Self {
        let key = self.builder.string(key);
        if let Some(node) = self.builder.view.nodes.get_mut(self.at) {
            node.key = Some(key);
        }
        self
    }

    /// The thing that verbs on and below this node are done to: an entry's id. A post does this by itself.
    pub fn subject(self, subject: &str) -> Self {
        let subject = self.builder.string(subject);
        if let Some(node) = self.builder.view.nodes.get_mut(self.at) {
            node.subject = Some(subject);
        }
        self
    }
}

/// A record inside a [`Kind`].
trait Part: Sized {
    fn of(kind: &mut Kind) -> Option<&mut Self>;
}

macro_rules! parts {
    ($($record:ident: $($kind:ident)|+,)*) => {
        $(impl Part for crate::nodes::$record {
            fn of(kind: &mut Kind) -> Option<&mut Self> {
                match kind {
                    $(Kind::$kind(record))|+ => Some(record),
                    _ => None,
                }
            }
        })*
    };
}

parts! {
    RowNode: Row, ListNode: Listing, DisclosureNode: Disclosure, TabNode: Tab, TextNode: Text,
    TimeNode: Time, NumberNode: Number, BadgeNode: Badge, IconNode: Icon, LinkNode: Link,
    QuoteLinkNode: QuoteLink, CodeNode: Code, StatNode: Stat, FeedNode: Feed, PostNode: Post,
    ToggleNode: Toggle, VoteNode: Vote, ButtonNode: Button, MoreNode: More, FormNode: Form, FieldNode: Field,
    MenuNode: Menu, ComposerNode: Composer, ChoiceNode: Choice, ChoiceOptionNode: ChoiceOption,
    PickNode: PickPeople | PickTags, AvatarStackNode: AvatarStack, CardNode: Card,
}

#[expect(private_bounds, reason = "setters are offered by node, so nobody else needs the bound")]
impl<N: Part> Made<'_, N> {
    fn set(self, change: impl FnOnce(&mut N, &mut ViewBuilder)) -> Self {
        // The kind is taken out meanwhile, so that `change` can use the pools.
        if let Some(node) = self.builder.view.nodes.get_mut(self.at) {
            let mut kind = std::mem::replace(&mut node.kind, Kind::Divider);
            if let Some(record) = N::of(&mut kind) {
                change(record, self.builder);
            }
            if let Some(node) = self.builder.view.nodes.get_mut(self.at) {
                node.kind = kind;
            }
        }
        self
    }
}

/// A node that has children.
pub trait Holds {}

impl<N: Holds> Made<'_, N> {
    /// Adds the children.
    pub fn with(self, children: impl FnOnce(&mut ViewBuilder)) {
        let before = std::mem::replace(&mut self.builder.parent, self.at);
        children(self.builder);
        self.builder.parent = before;
    }
}

/// A node that has children and nothing to set.
#[derive(Debug)]
pub enum Plain {}

impl Holds for Plain {}

/// A node that has neither children nor anything to set.
#[derive(Debug)]
pub enum Leaf {}
