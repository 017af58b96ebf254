//! The DOM as a compact value: what the differ compares and the host keeps of each browser's last view.

use crate::ops::{Attr, Tag};
use crate::render::Sink;

/// A DOM tree in document order, with all texts in one string. Built as a [`Sink`], then only read.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    nodes: Vec<Entry>,
    attrs: Vec<(Attr, Slice)>,
    text: String,
    open: Vec<u32>,
    /// Whether the last event was a text.
    after_text: bool,
    /// How many nodes stand in the container itself.
    roots: u32,
}

#[derive(Clone, Copy, Debug, Default)]
struct Slice {
    start: u32,
    end: u32,
}

impl Slice {
    const fn length(self) -> u32 {
        self.end.wrapping_sub(self.start)
    }
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    /// None for text.
    tag: Option<Tag>,
    /// The text, or an element's key.
    text: Slice,
    attrs: Slice,
    /// Where its part of the texts begins.
    from: u32,
    children: u32,
    /// The place after the last node below.
    end: u32,
}

/// A node of a [`Tree`].
#[derive(Clone, Copy, Debug)]
pub struct Element<'t> {
    tree: &'t Tree,
    at: u32,
    entry: Entry,
}

impl Tree {
    /// An empty container.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The nodes of the container: one `div` for a rendered view.
    pub fn roots(&self) -> impl Iterator<Item = Element<'_>> {
        Siblings { tree: self, at: 0, left: self.roots }
    }

    /// How many nodes there are in all, texts included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether the container is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// About how many bytes it takes in memory, for caches.
    #[must_use]
    pub fn weight(&self) -> usize {
        self.text.len()
            + self.nodes.len() * size_of::<Entry>()
            + self.attrs.len() * size_of::<(Attr, Slice)>()
            + size_of::<Self>()
    }

    /// Gives back memory that was only needed while building.
    pub fn shrink(&mut self) {
        self.nodes.shrink_to_fit();
        self.attrs.shrink_to_fit();
        self.text.shrink_to_fit();
        self.open = Vec::new();
    }

    /// Sends the whole tree to another sink; `Html` makes the HTML of it.
    pub fn send<S: Sink>(&self, sink: &mut S) {
        for root in self.roots() {
            root.send(sink);
        }
    }

    fn slice(&self, slice: Slice) -> &str {
        self.text.get(slice.start as usize..slice.end as usize).unwrap_or_default()
    }

    fn keep(&mut self, text: &str) -> Slice {
        let start = index(self.text.len());
        self.text.push_str(text);
        Slice { start, end: index(self.text.len()) }
    }

    fn add(&mut self, tag: Option<Tag>, text: Slice) {
        match self.open.last().and_then(|parent| self.nodes.get_mut(*parent as usize)) {
            Some(parent) => parent.children += 1,
            None => self.roots += 1,
        }
        let attrs = index(self.attrs.len());
        let end = index(self.nodes.len()) + 1;
        let attrs = Slice { start: attrs, end: attrs };
        self.nodes.push(Entry { tag, text, attrs, from: text.start, children: 0, end });
    }
}

/// A view has at most 256 KiB of text, so places fit; a larger tree is cut, not wrapped.
fn index(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

impl Sink for Tree {
    fn open(&mut self, tag: Tag) {
        self.after_text = false;
        let none = self.keep("");
        self.add(Some(tag), none);
        self.open.push(index(self.nodes.len() - 1));
    }

    fn attr(&mut self, name: Attr, value: &str) {
        let value = self.keep(value);
        self.attrs.push((name, value));
        let end = index(self.attrs.len());
        if let Some(entry) = self.nodes.last_mut() {
            entry.attrs.end = end;
        }
    }

    fn flag(&mut self, name: Attr) {
        self.attr(name, "");
    }

    fn key(&mut self, key: &str) {
        let key = self.keep(key);
        if let Some(entry) = self.nodes.last_mut() {
            entry.text = key;
        }
    }

    fn text(&mut self, text: &str) {
        // Two texts side by side are one text to a parser.
        if std::mem::replace(&mut self.after_text, true) {
            let end = self.keep(text).end;
            if let Some(entry) = self.nodes.last_mut() {
                entry.text.end = end;
            }
            return;
        }
        let text = self.keep(text);
        self.add(None, text);
    }

    fn close(&mut self) {
        self.after_text = false;
        let end = index(self.nodes.len());
        if let Some(entry) = self.open.pop().and_then(|open| self.nodes.get_mut(open as usize)) {
            entry.end = end;
        }
    }
}

impl PartialEq for Tree {
    /// Same elements, attributes (in any order), keys and texts.
    fn eq(&self, other: &Self) -> bool {
        self.nodes.len() == other.nodes.len()
            && self.roots == other.roots
            && self.all().zip(other.all()).all(|(one, two)| one.is_same_alone(two))
    }
}

impl Tree {
    fn all(&self) -> impl Iterator<Item = Element<'_>> {
        (0u32..).zip(&self.nodes).map(|(at, entry)| Element { tree: self, at, entry: *entry })
    }
}

struct Siblings<'t> {
    tree: &'t Tree,
    at: u32,
    left: u32,
}

impl<'t> Iterator for Siblings<'t> {
    type Item = Element<'t>;

    fn next(&mut self) -> Option<Element<'t>> {
        self.left = self.left.checked_sub(1)?;
        let entry = *self.tree.nodes.get(self.at as usize)?;
        let element = Element { tree: self.tree, at: self.at, entry };
        self.at = entry.end;
        Some(element)
    }
}

impl<'t> Element<'t> {
    /// Its tag; none for a text.
    #[must_use]
    pub fn tag(self) -> Option<Tag> {
        self.entry.tag
    }

    /// The text of a text node; empty for an element.
    #[must_use]
    pub fn text(self) -> &'t str {
        if self.entry.tag.is_none() { self.tree.slice(self.entry.text) } else { "" }
    }

    /// The key of an element; empty where it has none.
    #[must_use]
    pub fn key(self) -> &'t str {
        if self.entry.tag.is_some() { self.tree.slice(self.entry.text) } else { "" }
    }

    /// Its attributes, in the order they came.
    pub fn attrs(self) -> impl ExactSizeIterator<Item = (Attr, &'t str)> {
        let range = self.entry.attrs.start as usize..self.entry.attrs.end as usize;
        let attrs = self.tree.attrs.get(range).unwrap_or_default();
        attrs.iter().map(move |(name, value)| (*name, self.tree.slice(*value)))
    }

    /// One of its attributes.
    #[must_use]
    pub fn attr(self, name: Attr) -> Option<&'t str> {
        self.attrs().find(|(attr, _)| *attr == name).map(|(_, value)| value)
    }

    /// How many children it has.
    #[must_use]
    pub fn child_count(self) -> u32 {
        self.entry.children
    }

    /// Its children.
    pub fn children(self) -> impl Iterator<Item = Element<'t>> {
        Siblings { tree: self.tree, at: self.at + 1, left: self.entry.children }
    }

    /// Sends it with all below it to a sink.
    pub fn send<S: Sink>(self, sink: &mut S) {
        let Some(tag) = self.tag() else { return sink.text(self.text()) };
        sink.open(tag);
        if !self.key().is_empty() {
            sink.key(self.key());
        }
        for (name, value) in self.attrs() {
            sink.attr(name, value);
        }
        for child in self.children() {
            child.send(sink);
        }
        sink.close();
    }

    /// Whether it is the same with all below it and was built by the same events. Quick: its texts stand side by
    /// side in both trees, so they are compared as one. False says nothing where attributes came in another order.
    #[must_use]
    pub(crate) fn is_same_below(self, other: Self) -> bool {
        let ((nodes, attrs, text), (other_nodes, other_attrs, other_text)) = (self.span(), other.span());
        if nodes.len() != other_nodes.len() || attrs.len() != other_attrs.len() {
            return false;
        }
        // What is the same begins at another place of the other tree.
        let (from, other_from) = (text.start, other_text.start);
        let same_slice = |one: Slice, two: Slice| {
            one.start.wrapping_sub(from) == two.start.wrapping_sub(other_from) && one.length() == two.length()
        };
        self.tree.slice(text) == other.tree.slice(other_text)
            && nodes.iter().zip(other_nodes).all(|(one, two)| {
                one.tag == two.tag
                    && one.children == two.children
                    && one.attrs.length() == two.attrs.length()
                    && same_slice(one.text, two.text)
            })
            && attrs.iter().zip(other_attrs).all(|(one, two)| one.0 == two.0 && same_slice(one.1, two.1))
    }

    /// The nodes, attributes and texts of it and all below it.
    fn span(self) -> (&'t [Entry], &'t [(Attr, Slice)], Slice) {
        let Tree { nodes, attrs, text, .. } = self.tree;
        let below = nodes.get(self.at as usize..self.entry.end as usize).unwrap_or_default();
        // Everything after it in the document was kept after it, too.
        let after = nodes.get(self.entry.end as usize);
        let attrs_end = after.map_or(attrs.len(), |after| after.attrs.start as usize);
        let attrs = attrs.get(self.entry.attrs.start as usize..attrs_end).unwrap_or_default();
        let text_end = after.map_or(index(text.len()), |after| after.from);
        (below, attrs, Slice { start: self.entry.from, end: text_end })
    }

    /// Same without looking at what is below, but for the count.
    fn is_same_alone(self, other: Element<'_>) -> bool {
        self.entry.tag == other.entry.tag
            && self.tree.slice(self.entry.text) == other.tree.slice(other.entry.text)
            && self.entry.children == other.entry.children
            && self.attrs().len() == other.attrs().len()
            && self.attrs().all(|(name, value)| other.attr(name) == Some(value))
    }
}
