//! Rich text: typed blocks and spans, no markup.
//!
//! The host's Markdown parser feeds a [`RichBuilder`]; whatever it does, the result can be drawn: blocks never
//! stand inside paragraphs, lists hold only items, links never nest, everything that was opened is closed.

use std::sync::OnceLock;

use crate::check::{clean, is_safe_url};

/// How deep blocks may be inside each other; deeper ones are left out, their text stays.
pub const BLOCK_DEPTH_MAX: usize = 8;

/// How deep spans may be inside each other.
pub const SPAN_DEPTH_MAX: usize = 6;

/// What can be opened and closed in a rich text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// A paragraph.
    Paragraph,
    /// A heading; drawn as a strong paragraph, so that nobody's words change the outline of the page.
    Heading,
    /// A quotation.
    Quote,
    /// A list; its number to start with if it is numbered.
    List(Option<u32>),
    /// One thing in a list.
    Item,
    /// Strong words.
    Strong,
    /// Stressed words.
    Emphasis,
    /// Words struck out.
    Strike,
    /// A link to a safe address.
    Link(&'a str),
}

impl Part<'_> {
    const fn is_span(self) -> bool {
        matches!(self, Self::Strong | Self::Emphasis | Self::Strike | Self::Link(_))
    }
}

/// One step through a rich text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// Something begins.
    Open(Part<'a>),
    /// What began last ends.
    Close,
    /// Text; never empty, never next to another text.
    Text(&'a str),
    /// Program text in a line.
    Code(&'a str),
    /// Program text as a block, with its language where known.
    CodeBlock(&'a str, Option<&'a str>),
    /// A person: the id, and what to show where nobody has this id.
    Mention(&'a str, &'a str),
    /// A new line in the same paragraph.
    Break,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Slice {
    start: u32,
    end: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kept {
    Paragraph,
    Heading,
    Quote,
    List(Option<u32>),
    Item,
    Strong,
    Emphasis,
    Strike,
    Link(Slice),
    Close,
    Text(Slice),
    Code(Slice),
    CodeBlock(Slice, Option<Slice>),
    Mention(Slice, Slice),
    Break,
}

/// A rich text: a flat list of steps over one string.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rich {
    steps: Vec<Kept>,
    text: String,
    drawn: Drawn,
}

/// What a text looks like, once somebody has drawn it. It is no part of what the text is.
#[derive(Clone, Debug, Default)]
struct Drawn(OnceLock<Option<Box<str>>>);

impl PartialEq for Drawn {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Drawn {}

impl Rich {
    /// All steps, balanced.
    pub fn steps(&self) -> impl Iterator<Item = Step<'_>> {
        self.steps.iter().map(|kept| self.step(*kept))
    }

    /// Its HTML, drawn at the first call and kept; none for a text that looks different to each reader: people have
    /// other names and addresses there, program text is announced in their language.
    pub fn drawn(&self, draw: impl FnOnce() -> String) -> Option<&str> {
        let varies = |kept: &Kept| matches!(kept, Kept::Mention(..) | Kept::CodeBlock(..));
        let drawn = || (!self.steps.iter().any(varies)).then(|| draw().into_boxed_str());
        self.drawn.0.get_or_init(drawn).as_deref()
    }

    /// Whether there is nothing to show.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The ids of the people mentioned, in order, repeated as in the text.
    pub fn mentions(&self) -> impl Iterator<Item = &str> {
        self.steps().filter_map(|step| match step {
            Step::Mention(person, _) => Some(person),
            _ => None,
        })
    }

    /// Where its links lead, in order.
    pub fn links(&self) -> impl Iterator<Item = &str> {
        self.steps().filter_map(|step| match step {
            Step::Open(Part::Link(url)) => Some(url),
            _ => None,
        })
    }

    /// The words alone, for search, mail and excerpts: blocks end with a line feed.
    #[must_use]
    pub fn plain_text(&self) -> String {
        let mut plain = String::with_capacity(self.text.len());
        let mut spans = Vec::new();
        for step in self.steps() {
            match step {
                Step::Open(part) => spans.push(part.is_span()),
                Step::Close => {
                    if !spans.pop().unwrap_or(true) && !plain.ends_with('\n') {
                        plain.push('\n');
                    }
                }
                Step::Text(text) | Step::Code(text) => plain.push_str(text),
                Step::CodeBlock(text, _) => {
                    plain.push_str(text);
                    if !plain.ends_with('\n') {
                        plain.push('\n');
                    }
                }
                Step::Mention(_, name) => plain.push_str(name),
                Step::Break => plain.push('\n'),
            }
        }
        plain.truncate(plain.trim_end().len());
        plain
    }

    /// About how many bytes it takes in memory, for caches.
    #[must_use]
    pub fn weight(&self) -> usize {
        let drawn = self.drawn.0.get().and_then(Option::as_deref).map_or(0, str::len);
        self.text.len() + drawn + self.steps.len() * size_of::<Kept>() + size_of::<Self>()
    }

    fn step(&self, kept: Kept) -> Step<'_> {
        let open = |part| Step::Open(part);
        match kept {
            Kept::Paragraph => open(Part::Paragraph),
            Kept::Heading => open(Part::Heading),
            Kept::Quote => open(Part::Quote),
            Kept::List(start) => open(Part::List(start)),
            Kept::Item => open(Part::Item),
            Kept::Strong => open(Part::Strong),
            Kept::Emphasis => open(Part::Emphasis),
            Kept::Strike => open(Part::Strike),
            Kept::Link(url) => open(Part::Link(self.slice(url))),
            Kept::Close => Step::Close,
            Kept::Text(text) => Step::Text(self.slice(text)),
            Kept::Code(text) => Step::Code(self.slice(text)),
            Kept::CodeBlock(text, language) => {
                Step::CodeBlock(self.slice(text), language.map(|language| self.slice(language)))
            }
            Kept::Mention(person, name) => Step::Mention(self.slice(person), self.slice(name)),
            Kept::Break => Step::Break,
        }
    }

    fn slice(&self, slice: Slice) -> &str {
        self.text.get(slice.start as usize..slice.end as usize).unwrap_or_default()
    }
}

#[derive(Clone, Copy, Debug)]
struct Frame {
    kept: Kept,
    /// Whether the text so far really has it open.
    live: bool,
    /// Whether the builder opened it by itself.
    implied: bool,
}

/// Builds a [`Rich`]. Each [`open`](Self::open) needs one [`close`](Self::close); what would not be legal is
/// left out or put right, the words always stay.
///
/// ```
/// use stoa_view::rich::{Part, RichBuilder};
///
/// let mut b = RichBuilder::new();
/// b.open(Part::Paragraph);
/// b.text("See ");
/// b.open(Part::Link("javascript:alert(1)"));
/// b.text("this");
/// b.close();
/// b.close();
/// let rich = b.finish();
/// assert_eq!(rich.plain_text(), "See this");
/// assert_eq!(rich.links().count(), 0);
/// ```
#[derive(Debug, Default)]
pub struct RichBuilder {
    rich: Rich,
    frames: Vec<Frame>,
}

impl RichBuilder {
    /// An empty text.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Begins a block or a span.
    pub fn open(&mut self, part: Part<'_>) {
        if part.is_span() { self.open_span(part) } else { self.open_block(part) }
    }

    /// Ends what was opened last.
    pub fn close(&mut self) {
        while let Some(frame) = self.frames.pop() {
            if frame.live {
                self.rich.steps.push(Kept::Close);
            }
            if !frame.implied {
                return;
            }
        }
    }

    /// Adds text.
    pub fn text(&mut self, text: &str) {
        let text = clean(text);
        if text.is_empty() {
            return;
        }
        self.inline();
        let slice = self.keep(&text);
        if let Some(Kept::Text(last)) = self.rich.steps.last_mut()
            && last.end == slice.start
        {
            last.end = slice.end;
            return;
        }
        self.rich.steps.push(Kept::Text(slice));
    }

    /// Adds program text in a line.
    pub fn code(&mut self, text: &str) {
        let text = clean(text);
        if !text.is_empty() {
            self.inline();
            let slice = self.keep(&text);
            self.rich.steps.push(Kept::Code(slice));
        }
    }

    /// Adds a block of program text.
    pub fn code_block(&mut self, text: &str, language: Option<&str>) {
        let text = clean(text);
        self.block_place();
        let slice = self.keep(&text);
        let language =
            language.filter(|language| !language.is_empty()).map(|language| self.keep(&clean(language)));
        self.rich.steps.push(Kept::CodeBlock(slice, language));
    }

    /// Adds a mention of a person; `name` is shown where nobody has this id (any more).
    pub fn mention(&mut self, person: &str, name: &str) {
        self.inline();
        let person = self.keep(person);
        let name = self.keep(&clean(name));
        self.rich.steps.push(Kept::Mention(person, name));
    }

    /// Adds a new line in the same paragraph.
    pub fn line_break(&mut self) {
        self.inline();
        self.rich.steps.push(Kept::Break);
    }

    /// The finished text; everything still open is closed.
    #[must_use]
    pub fn finish(mut self) -> Rich {
        while !self.frames.is_empty() {
            self.close();
        }
        self.rich
    }

    fn open_block(&mut self, part: Part<'_>) {
        let kept = match part {
            Part::Heading => Kept::Heading,
            Part::Quote => Kept::Quote,
            Part::List(start) => Kept::List(start),
            Part::Item => Kept::Item,
            _ => Kept::Paragraph,
        };
        if kept == Kept::Item {
            self.end_lines();
        } else {
            self.block_place();
        }
        let in_list = matches!(self.innermost(), Some(Kept::List(_)));
        let blocks = self.frames.iter().filter(|frame| frame.live && !is_span(frame.kept)).count();
        // A paragraph or an item may always be opened: depth comes from quotes and lists.
        let is_deep = blocks >= BLOCK_DEPTH_MAX && matches!(kept, Kept::Quote | Kept::List(_));
        let live = !is_deep && (kept == Kept::Item) == in_list;
        self.push(Frame { kept, live, implied: false });
    }

    fn open_span(&mut self, part: Part<'_>) {
        self.inline();
        let spans = || self.frames.iter().filter(|frame| frame.live && is_span(frame.kept));
        let in_link = spans().any(|frame| matches!(frame.kept, Kept::Link(_)));
        let mut live = spans().count() < SPAN_DEPTH_MAX;
        let kept = match part {
            Part::Emphasis => Kept::Emphasis,
            Part::Strike => Kept::Strike,
            Part::Link(url) => {
                live = live && !in_link && is_safe_url(url);
                let url = if live { self.keep(url) } else { Slice { start: 0, end: 0 } };
                Kept::Link(url)
            }
            _ => Kept::Strong,
        };
        self.push(Frame { kept, live, implied: false });
    }

    fn push(&mut self, frame: Frame) {
        if frame.live {
            self.rich.steps.push(frame.kept);
        }
        self.frames.push(frame);
    }

    fn innermost(&self) -> Option<Kept> {
        self.frames.iter().rev().find(|frame| frame.live).map(|frame| frame.kept)
    }

    /// Ends paragraphs, headings and spans, so that a block can begin.
    fn end_lines(&mut self) {
        for frame in self.frames.iter_mut().rev() {
            if frame.live {
                if !is_span(frame.kept) && !matches!(frame.kept, Kept::Paragraph | Kept::Heading) {
                    break;
                }
                frame.live = false;
                self.rich.steps.push(Kept::Close);
            }
        }
    }

    /// Makes a place where a block may begin.
    fn block_place(&mut self) {
        self.end_lines();
        if let Some(Kept::List(_)) = self.innermost() {
            self.push(Frame { kept: Kept::Item, live: true, implied: true });
        }
    }

    /// Makes a place where text may stand.
    fn inline(&mut self) {
        if let Some(Kept::List(_)) = self.innermost() {
            self.push(Frame { kept: Kept::Item, live: true, implied: true });
        }
        if matches!(self.innermost(), None | Some(Kept::Quote)) {
            self.push(Frame { kept: Kept::Paragraph, live: true, implied: true });
        }
    }

    fn keep(&mut self, text: &str) -> Slice {
        let place = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        let start = place(self.rich.text.len());
        self.rich.text.push_str(text);
        Slice { start, end: place(self.rich.text.len()) }
    }
}

const fn is_span(kept: Kept) -> bool {
    matches!(kept, Kept::Strong | Kept::Emphasis | Kept::Strike | Kept::Link(_))
}
