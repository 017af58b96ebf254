//! Structure and content.

use super::{Holds, Leaf, Made, Plain, Say, To, ViewBuilder};
use crate::nodes::{
    Align, AvatarStackNode, BadgeNode, CardNode, CellNode, CodeNode, DialogNode, DisclosureNode, Emphasis,
    EmptyNode, Gap, GridNode, HeadingNode, IconName, IconNode, Instant, Kind, LinkNode, ListNode, MeterNode,
    NoticeNode, NumberNode, PersonNode, QuoteLinkNode, RowNode, SectionNode, Shape, SkeletonNode, StackNode,
    StatNode, TabNode, TableNode, TextNode, TimeNode, TimeStyle, Tone,
};

impl ViewBuilder {
    /// A part with a heading.
    pub fn section<'a>(&mut self, heading: impl Into<Say<'a>>) -> Made<'_, Plain> {
        let heading = self.words(heading);
        self.add(Kind::Section(SectionNode { heading: Some(heading) }))
    }

    /// A part without a heading.
    pub fn part(&mut self) -> Made<'_, Plain> {
        self.add(Kind::Section(SectionNode { heading: None }))
    }

    /// Children below each other.
    pub fn stack(&mut self, gap: Gap) -> Made<'_, Plain> {
        self.add(Kind::Stack(StackNode { gap }))
    }

    /// Children beside each other.
    pub fn row(&mut self, gap: Gap) -> Made<'_, RowNode> {
        self.add(Kind::Row(RowNode { gap, align: Align::Start }))
    }

    /// Children in as many equal columns as fit: small, medium or large ones.
    pub fn grid(&mut self, min_column: Gap) -> Made<'_, Plain> {
        self.add(Kind::Grid(GridNode { min_column }))
    }

    /// A list; its children are items.
    pub fn listing(&mut self) -> Made<'_, ListNode> {
        self.add(Kind::Listing(ListNode { ordered: false }))
    }

    /// One thing in a list or a grid.
    pub fn item(&mut self) -> Made<'_, Plain> {
        self.add(Kind::Item)
    }

    /// A line between.
    pub fn divider(&mut self) -> Made<'_, Leaf> {
        self.add(Kind::Divider)
    }

    /// Something that can be opened.
    pub fn disclosure<'a>(&mut self, summary: impl Into<Say<'a>>) -> Made<'_, DisclosureNode> {
        let summary = self.words(summary);
        self.add(Kind::Disclosure(DisclosureNode { summary, open: false }))
    }

    /// Several panels, one shown; its children are tabs.
    pub fn tabs(&mut self) -> Made<'_, Plain> {
        self.add(Kind::Tabs)
    }

    /// One panel; `changes` select it.
    pub fn tab<'a>(&mut self, title: impl Into<Say<'a>>, changes: &[(&str, &str)]) -> Made<'_, TabNode> {
        let title = self.words(title);
        let navigation = self.navigation(changes);
        self.add(Kind::Tab(TabNode { title, selected: false, navigation }))
    }

    /// A question or task in front of the rest; `dismiss` closes it.
    pub fn dialog<'a>(&mut self, title: impl Into<Say<'a>>, dismiss: &[(&str, &str)]) -> Made<'_, Plain> {
        let title = self.words(title);
        let dismiss = self.navigation(dismiss);
        self.add(Kind::Dialog(DialogNode { title, dismiss }))
    }

    /// A framed group.
    pub fn card(&mut self) -> Made<'_, CardNode> {
        self.add(Kind::Card(CardNode { tone: Tone::Neutral }))
    }

    /// A piece of text.
    pub fn text<'a>(&mut self, words: impl Into<Say<'a>>) -> Made<'_, TextNode> {
        let words = self.words(words);
        self.add(Kind::Text(TextNode { words, emphasis: Emphasis::Normal }))
    }

    /// A heading of rank 1 to 3.
    pub fn heading<'a>(&mut self, rank: u8, words: impl Into<Say<'a>>) -> Made<'_, Leaf> {
        let words = self.words(words);
        self.add(Kind::Heading(HeadingNode { words, rank }))
    }

    /// A point in time, written relative to now.
    pub fn time(&mut self, at: Instant) -> Made<'_, TimeNode> {
        self.add(Kind::Time(TimeNode { at, style: TimeStyle::Relative }))
    }

    /// A number.
    pub fn number(&mut self, value: i64) -> Made<'_, NumberNode> {
        self.add(Kind::Number(NumberNode { value, label: None }))
    }

    /// A person's name and picture, filled in by the host.
    pub fn person(&mut self, person: &str) -> Made<'_, Leaf> {
        let person = self.string(person);
        self.add(Kind::Person(PersonNode { person }))
    }

    /// A row of pictures of people; its children are persons, 10 at the most.
    pub fn avatar_stack<'a>(&mut self, label: impl Into<Say<'a>>) -> Made<'_, AvatarStackNode> {
        let label = self.words(label);
        self.add(Kind::AvatarStack(AvatarStackNode { label, more: 0 }))
    }

    /// A short word in a frame.
    pub fn badge<'a>(&mut self, words: impl Into<Say<'a>>) -> Made<'_, BadgeNode> {
        let words = self.words(words);
        self.add(Kind::Badge(BadgeNode { words, tone: Tone::Neutral, icon: None }))
    }

    /// A picture from the host's own set, for a decoration.
    pub fn icon(&mut self, name: IconName) -> Made<'_, IconNode> {
        self.add(Kind::Icon(IconNode { name, label: None }))
    }

    /// A link.
    pub fn link<'a>(&mut self, to: To<'_>, words: impl Into<Say<'a>>) -> Made<'_, LinkNode> {
        let target = self.target(to);
        let words = self.words(words);
        self.add(Kind::Link(LinkNode { target, words, current: false }))
    }

    /// A link to the same view with these parameters changed.
    pub fn link_here<'a>(
        &mut self,
        changes: &[(&str, &str)],
        words: impl Into<Say<'a>>,
    ) -> Made<'_, LinkNode> {
        let target = self.target(To::Here(changes));
        let words = self.words(words);
        self.add(Kind::Link(LinkNode { target, words, current: false }))
    }

    /// A quotation of something else, with a link to it.
    pub fn quote_link<'a>(&mut self, to: To<'_>, title: impl Into<Say<'a>>) -> Made<'_, QuoteLinkNode> {
        let target = self.target(to);
        let title = self.words(title);
        self.add(Kind::QuoteLink(QuoteLinkNode { target, title, excerpt: None }))
    }

    /// Program text.
    pub fn code(&mut self, text: &str) -> Made<'_, CodeNode> {
        let text = self.string(text);
        self.add(Kind::Code(CodeNode { text, language: None }))
    }

    /// A table; its children are table rows.
    pub fn table<'a>(&mut self, caption: impl Into<Say<'a>>) -> Made<'_, Plain> {
        let caption = self.words(caption);
        self.add(Kind::Table(TableNode { caption }))
    }

    /// A row of a table; its children are cells.
    pub fn table_row(&mut self) -> Made<'_, Plain> {
        self.add(Kind::TableRow)
    }

    /// A cell.
    pub fn cell(&mut self) -> Made<'_, Plain> {
        self.add(Kind::Cell(CellNode { header: false }))
    }

    /// A cell that heads its row or column.
    pub fn header_cell(&mut self) -> Made<'_, Plain> {
        self.add(Kind::Cell(CellNode { header: true }))
    }

    /// How far something has got: `value` of `maximum` (at least 1).
    pub fn meter<'a>(&mut self, value: u32, maximum: u32, words: impl Into<Say<'a>>) -> Made<'_, Leaf> {
        let words = self.words(words);
        self.add(Kind::Meter(MeterNode { value, maximum, words }))
    }

    /// A figure with its name.
    pub fn stat<'a>(&mut self, label: impl Into<Say<'a>>, value: i64) -> Made<'_, StatNode> {
        let label = self.words(label);
        self.add(Kind::Stat(StatNode { label, value, trend: None }))
    }

    /// A message to the person.
    pub fn notice<'a>(&mut self, tone: Tone, words: impl Into<Say<'a>>) -> Made<'_, Plain> {
        let words = self.words(words);
        self.add(Kind::Notice(NoticeNode { tone, words }))
    }

    /// What is shown where nothing is yet; its children are what to do about it.
    pub fn empty<'a>(&mut self, words: impl Into<Say<'a>>) -> Made<'_, Plain> {
        let words = self.words(words);
        self.add(Kind::Empty(EmptyNode { words }))
    }

    /// A place-holder while something loads.
    pub fn skeleton(&mut self, shape: Shape) -> Made<'_, Leaf> {
        self.add(Kind::Skeleton(SkeletonNode { shape }))
    }
}

impl Made<'_, RowNode> {
    /// Where the children are placed; at the start unless said.
    pub fn align(self, align: Align) -> Self {
        self.set(|node, _| node.align = align)
    }
}

impl Made<'_, ListNode> {
    /// Numbers the items.
    pub fn ordered(self) -> Self {
        self.set(|node, _| node.ordered = true)
    }
}

impl Made<'_, DisclosureNode> {
    /// Whether it starts open.
    pub fn open(self, open: bool) -> Self {
        self.set(|node, _| node.open = open)
    }
}

impl Made<'_, TabNode> {
    /// Whether it is the one shown.
    pub fn selected(self, selected: bool) -> Self {
        self.set(|node, _| node.selected = selected)
    }
}

impl Made<'_, CardNode> {
    /// What it means.
    pub fn tone(self, tone: Tone) -> Self {
        self.set(|node, _| node.tone = tone)
    }
}

impl Made<'_, TextNode> {
    /// How it is weighted.
    pub fn emphasis(self, emphasis: Emphasis) -> Self {
        self.set(|node, _| node.emphasis = emphasis)
    }

    /// Stronger.
    pub fn strong(self) -> Self {
        self.set(|node, _| node.emphasis = Emphasis::Strong)
    }

    /// Quieter.
    pub fn muted(self) -> Self {
        self.set(|node, _| node.emphasis = Emphasis::Muted)
    }

    /// Smaller and quieter.
    pub fn small(self) -> Self {
        self.set(|node, _| node.emphasis = Emphasis::Small)
    }
}

impl Made<'_, TimeNode> {
    /// Writes the date and the time.
    pub fn absolute(self) -> Self {
        self.set(|node, _| node.style = TimeStyle::Absolute)
    }
}

impl Made<'_, NumberNode> {
    /// What is counted, said in full.
    pub fn label<'a>(self, label: impl Into<Say<'a>>) -> Self {
        self.set(|node, view| node.label = Some(view.words(label)))
    }
}

impl Made<'_, AvatarStackNode> {
    /// How many more there are.
    pub fn more(self, more: u32) -> Self {
        self.set(|node, _| node.more = more)
    }
}

impl Made<'_, BadgeNode> {
    /// What it means.
    pub fn tone(self, tone: Tone) -> Self {
        self.set(|node, _| node.tone = tone)
    }

    /// A picture before it.
    pub fn icon(self, icon: IconName) -> Self {
        self.set(|node, _| node.icon = Some(icon))
    }
}

impl Made<'_, IconNode> {
    /// What it says, where no words stand beside it.
    pub fn label<'a>(self, label: impl Into<Say<'a>>) -> Self {
        self.set(|node, view| node.label = Some(view.words(label)))
    }
}

impl Made<'_, LinkNode> {
    /// Whether it stands for what is shown now.
    pub fn current(self, current: bool) -> Self {
        self.set(|node, _| node.current = current)
    }
}

impl Made<'_, QuoteLinkNode> {
    /// What it says there, 500 characters at the most.
    pub fn excerpt<'a>(self, words: impl Into<Say<'a>>) -> Self {
        self.set(|node, view| node.excerpt = Some(view.words(words)))
    }
}

impl Made<'_, CodeNode> {
    /// The language's name, for example `rust`.
    pub fn language(self, language: &str) -> Self {
        self.set(|node, view| node.language = Some(view.string(language)))
    }
}

impl Made<'_, StatNode> {
    /// How much the figure has changed.
    pub fn trend(self, trend: i64) -> Self {
        self.set(|node, _| node.trend = Some(trend))
    }
}

impl Holds for RowNode {}
impl Holds for ListNode {}
impl Holds for DisclosureNode {}
impl Holds for TabNode {}
impl Holds for AvatarStackNode {}
impl Holds for CardNode {}
