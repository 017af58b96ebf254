//! The vocabulary: every type of `wit/0.2/view/nodes.wit`, named as wit-bindgen names it.
//!
//! Absent on purpose: HTML, style, script, free addresses. Bindings of a guest can use these types instead of
//! making their own: `with: { "stoa:view/nodes@0.2.0": stoa_view::nodes }`.

mod choices;
mod content;
mod input;
mod social;
mod words;

pub use choices::{
    Align, ChoiceStyle, Emphasis, FieldKind, Gap, IconName, Shape, TimeStyle, ToggleKind, Tone,
};
pub use content::{
    AvatarStackNode, BadgeNode, CardNode, CellNode, CodeNode, DialogNode, DisclosureNode, EmptyNode,
    GridNode, HeadingNode, IconNode, LinkNode, ListNode, MeterNode, NoticeNode, NumberNode, PersonNode,
    QuoteLinkNode, RowNode, SectionNode, SkeletonNode, StackNode, StatNode, TabNode, TableNode, TextNode,
    TimeNode,
};
pub use input::{
    ButtonNode, ChoiceNode, ChoiceOptionNode, ComposerNode, ExtensionNode, FieldNode, FormNode, HiddenNode,
    MenuNode, MoreNode, PickNode, ShareNode,
};
pub use social::{FeedNode, PostNode, ReactionNode, ReactionsNode, RepliesNode, ToggleNode, VoteNode};
pub use words::{
    Argument, ArgumentValue, Change, Instant, Message, MessageIndex, NavigationIndex, Parameter, RichSource,
    StartValue, Target, TextIndex, Words,
};

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A part with a heading.
    Section(SectionNode),
    /// Children below each other.
    Stack(StackNode),
    /// Children beside each other.
    Row(RowNode),
    /// Children in columns.
    Grid(GridNode),
    /// A list; its children are items.
    Listing(ListNode),
    /// One thing in a list.
    Item,
    /// A line between.
    Divider,
    /// Something that can be opened.
    Disclosure(DisclosureNode),
    /// Several panels, one shown; its children are tabs.
    Tabs,
    /// One panel.
    Tab(TabNode),
    /// A question or task in front of the rest.
    Dialog(DialogNode),
    /// A framed group.
    Card(CardNode),
    /// A piece of text.
    Text(TextNode),
    /// A heading.
    Heading(HeadingNode),
    /// Markdown.
    Rich(RichSource),
    /// A point in time.
    Time(TimeNode),
    /// A number.
    Number(NumberNode),
    /// A person.
    Person(PersonNode),
    /// Pictures of people.
    AvatarStack(AvatarStackNode),
    /// A short word in a frame.
    Badge(BadgeNode),
    /// A picture from the host's set.
    Icon(IconNode),
    /// A link.
    Link(LinkNode),
    /// A quotation with a link.
    QuoteLink(QuoteLinkNode),
    /// Program text.
    Code(CodeNode),
    /// A table; its children are table rows.
    Table(TableNode),
    /// A row of a table; its children are cells.
    TableRow,
    /// A cell.
    Cell(CellNode),
    /// How far something has got.
    Meter(MeterNode),
    /// A figure with its name.
    Stat(StatNode),
    /// A message to the person.
    Notice(NoticeNode),
    /// What is shown where nothing is yet.
    Empty(EmptyNode),
    /// A place-holder while something loads.
    Skeleton(SkeletonNode),
    /// A feed of posts.
    Feed(FeedNode),
    /// One entry by one person.
    Post(PostNode),
    /// The replies to a post.
    Replies(RepliesNode),
    /// A button that is on or off.
    Toggle(ToggleNode),
    /// A group of reactions.
    Reactions(ReactionsNode),
    /// One reaction.
    Reaction(ReactionNode),
    /// Votes.
    Vote(VoteNode),
    /// A button that does a verb.
    Button(ButtonNode),
    /// A button that opens a list.
    Menu(MenuNode),
    /// More of the same.
    More(MoreNode),
    /// A button that copies a permanent link.
    Share(ShareNode),
    /// Fields with a button that sends them.
    Form(FormNode),
    /// A field.
    Field(FieldNode),
    /// A field for Markdown.
    Composer(ComposerNode),
    /// One or several of a few.
    Choice(ChoiceNode),
    /// One of the things to choose from.
    ChoiceOption(ChoiceOptionNode),
    /// A field for people.
    PickPeople(PickNode),
    /// A field for tags.
    PickTags(PickNode),
    /// A value that goes along.
    Hidden(HiddenNode),
    /// Something that this host may not know yet.
    Extension(ExtensionNode),
}

/// One node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// How many of the following nodes are its direct children (each with its own children between).
    pub children: u32,
    /// The index of a name that stays with the thing while the view changes, unique among its siblings.
    pub key: Option<TextIndex>,
    /// The index of the thing that verbs below this node are done to: an entry's id. Inherited by children.
    pub subject: Option<TextIndex>,
}

/// What a plugin wants shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// The nodes in pre-order; the first is the root.
    pub nodes: Vec<Node>,
    /// The texts that nodes refer to.
    pub strings: Vec<String>,
    /// The interface texts with arguments that nodes refer to.
    pub messages: Vec<Message>,
    /// The parameter changes that links refer to. Each is applied to the parameters of this view.
    pub navigations: Vec<Vec<Change>>,
    /// From when on this view may be wrong though nothing has happened (an edit window ends, say).
    pub fresh_until: Option<Instant>,
}
