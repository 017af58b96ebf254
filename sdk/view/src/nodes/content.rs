//! Structure and content.

use super::choices::{Align, Emphasis, Gap, IconName, Shape, TimeStyle, Tone};
use super::words::{Instant, NavigationIndex, Target, TextIndex, Words};

/// A part with a heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SectionNode {
    /// Its heading, if it has one.
    pub heading: Option<Words>,
}

/// Children below each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StackNode {
    /// The room between them.
    pub gap: Gap,
}

/// Children beside each other; they wrap where it is narrow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowNode {
    /// The room between them.
    pub gap: Gap,
    /// Where they are placed.
    pub align: Align,
}

/// Children in as many equal columns as fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GridNode {
    /// The least width of a column: small 8, medium 14, large 22 times the text size.
    pub min_column: Gap,
}

/// A list of items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListNode {
    /// Whether it is numbered.
    pub ordered: bool,
}

/// Something that can be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DisclosureNode {
    /// What is seen while it is closed.
    pub summary: Words,
    /// Whether it starts open.
    pub open: bool,
}

/// One of several panels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TabNode {
    /// Its title.
    pub title: Words,
    /// Whether it is the one shown.
    pub selected: bool,
    /// The same view with this tab selected.
    pub navigation: NavigationIndex,
}

/// A question or task in front of the rest; without script a part of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DialogNode {
    /// Its title.
    pub title: Words,
    /// The same view without the dialog.
    pub dismiss: NavigationIndex,
}

/// A framed group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CardNode {
    /// What it means.
    pub tone: Tone,
}

/// A paragraph or a piece of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextNode {
    /// What it says.
    pub words: Words,
    /// How it is weighted.
    pub emphasis: Emphasis,
}

/// A heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeadingNode {
    /// What it says.
    pub words: Words,
    /// 1 to 3, below the heading of the page around it.
    pub rank: u8,
}

/// A point in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeNode {
    /// When.
    pub at: Instant,
    /// How it is written.
    pub style: TimeStyle,
}

/// A number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberNode {
    /// How many.
    pub value: i64,
    /// What is counted, said in full for those who hear it.
    pub label: Option<Words>,
}

/// A person's name and picture, filled in by the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PersonNode {
    /// The index of the person's id.
    pub person: TextIndex,
}

/// A row of pictures of people; its children are `person` nodes, 10 at the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AvatarStackNode {
    /// What it shows, for example "Seen by 5 people".
    pub label: Words,
    /// How many more there are.
    pub more: u32,
}

/// A short word in a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadgeNode {
    /// The word.
    pub words: Words,
    /// What it means.
    pub tone: Tone,
    /// A picture before it.
    pub icon: Option<IconName>,
}

/// A picture from the host's own set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IconNode {
    /// Which.
    pub name: IconName,
    /// What it says; none where words stand beside it.
    pub label: Option<Words>,
}

/// A link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkNode {
    /// Where it leads.
    pub target: Target,
    /// What it says.
    pub words: Words,
    /// Whether it stands for what is shown now (the sort order chosen, say).
    pub current: bool,
}

/// A quotation of something else, with a link to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuoteLinkNode {
    /// Where it leads.
    pub target: Target,
    /// The title there.
    pub title: Words,
    /// What it says there, 500 characters at the most.
    pub excerpt: Option<Words>,
}

/// Program text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeNode {
    /// The index of the text.
    pub text: TextIndex,
    /// The index of the language's name, for example `rust`.
    pub language: Option<TextIndex>,
}

/// A table; its children are rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableNode {
    /// What it shows.
    pub caption: Words,
}

/// A cell of a table row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CellNode {
    /// Whether it heads its row or column.
    pub header: bool,
}

/// How far something has got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MeterNode {
    /// How far, 0 to `maximum`.
    pub value: u32,
    /// What is full, at least 1.
    pub maximum: u32,
    /// What it says in words.
    pub words: Words,
}

/// A figure with its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatNode {
    /// What is measured.
    pub label: Words,
    /// The figure.
    pub value: i64,
    /// How much it has changed.
    pub trend: Option<i64>,
}

/// A message to the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoticeNode {
    /// What it means.
    pub tone: Tone,
    /// What it says.
    pub words: Words,
}

/// What is shown where nothing is yet; its children are what to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EmptyNode {
    /// A prompt that fits the page; never "0 comments".
    pub words: Words,
}

/// A place-holder while something loads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SkeletonNode {
    /// What will be there.
    pub shape: Shape,
}
