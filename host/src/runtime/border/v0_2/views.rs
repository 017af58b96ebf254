//! A view as the bindings have it becomes a view as everybody else has it: moved, never cloned. The compiler holds
//! both sides against each other field by field, so the vocabulary cannot drift.

use stoa_view::nodes;

use super::bindings::stoa::view::nodes as wire;

// The vocabulary and the rules know nothing of each other, and a message is a message: 8 arguments in both.
const _: () = assert!(stoa_rules::limits::ARGUMENTS_MAX == stoa_view::check::ARGUMENTS_MAX);

/// The same thing in the vocabulary's own types.
pub(crate) trait IntoView {
    /// The vocabulary's type.
    type View;

    /// Move it over.
    fn into_view(self) -> Self::View;
}

macro_rules! same {
    ($($name:ty)*) => { $(
        impl IntoView for $name {
            type View = $name;

            fn into_view(self) -> $name {
                self
            }
        }
    )* };
}

same! { bool u8 u32 u64 i8 i32 i64 String }

impl<T: IntoView> IntoView for Option<T> {
    type View = Option<T::View>;

    fn into_view(self) -> Self::View {
        self.map(T::into_view)
    }
}

impl<T: IntoView> IntoView for Vec<T> {
    type View = Vec<T::View>;

    fn into_view(self) -> Self::View {
        self.into_iter().map(T::into_view).collect()
    }
}

macro_rules! records {
    ($($name:ident { $($field:ident),* })*) => { $(
        impl IntoView for wire::$name {
            type View = nodes::$name;

            fn into_view(self) -> Self::View {
                let Self { $($field),* } = self;
                nodes::$name { $($field: $field.into_view()),* }
            }
        }
    )* };
}

/// First the cases with a value, then those without.
macro_rules! variants {
    ($($name:ident [$($full:ident),*] [$($bare:ident),*])*) => { $(
        impl IntoView for wire::$name {
            type View = nodes::$name;

            fn into_view(self) -> Self::View {
                match self {
                    $(Self::$full(value) => nodes::$name::$full(value.into_view()),)*
                    $(Self::$bare => nodes::$name::$bare,)*
                }
            }
        }
    )* };
}

records! {
    Argument { name, value }
    Message { id, arguments }
    Change { name, value }
    SectionNode { heading }
    StackNode { gap }
    RowNode { gap, align }
    GridNode { min_column }
    ListNode { ordered }
    DisclosureNode { summary, open }
    TabNode { title, selected, navigation }
    DialogNode { title, dismiss }
    CardNode { tone }
    TextNode { words, emphasis }
    HeadingNode { words, rank }
    TimeNode { at, style }
    NumberNode { value, label }
    PersonNode { person }
    AvatarStackNode { label, more }
    BadgeNode { words, tone, icon }
    IconNode { name, label }
    LinkNode { target, words, current }
    QuoteLinkNode { target, title, excerpt }
    CodeNode { text, language }
    TableNode { caption }
    CellNode { header }
    MeterNode { value, maximum, words }
    StatNode { label, value, trend }
    NoticeNode { tone, words }
    EmptyNode { words }
    SkeletonNode { shape }
    FeedNode { label, total }
    PostNode { entry, author, at, edited_at, pinned, highlighted, in_reply_to, permalink, body }
    RepliesNode { count, depth }
    ToggleNode { kind, words, verb, on, count, disabled }
    ReactionsNode { label, verb }
    ReactionNode { value, words, count, mine }
    VoteNode { score, mine, verb, down, disabled }
    ButtonNode { words, verb, value, tone, confirm, disabled }
    MenuNode { label, closed, open }
    MoreNode { words, navigation, newer }
    ShareNode { words, navigation }
    FormNode { verb, submit, cancel, draft }
    FieldNode { name, label, kind, value, maximum, required, suggest, hint, problem }
    ComposerNode { name, label, placeholder, value, maximum, mentions, problem }
    ChoiceNode { name, label, style, required, problem }
    ChoiceOptionNode { value, words, selected }
    PickNode { name, label, value, maximum, free, hint, problem }
    HiddenNode { name, value }
    ExtensionNode { name, version, properties }
    Node { kind, children, key, subject }
    View { nodes, strings, messages, navigations, fresh_until }
}

variants! {
    Gap [] [None, Small, Medium, Large]
    Align [] [Start, Center, End, Between]
    Tone [] [Neutral, Accent, Ok, Warn, Danger]
    Emphasis [] [Normal, Strong, Muted, Small]
    IconName [] [Comment, Reply, Like, Pin, Edit, Delete, Flag, Link, Follow, Waiting, Check, Cross, Lock, More, Warning, Info]
    TimeStyle [] [Relative, Absolute]
    ToggleKind [] [Like, Follow, Bookmark, Resolve, Plain]
    FieldKind [] [Line, Area, Number, Date, Url, Email]
    ChoiceStyle [] [Radio, Check, Select, Switch]
    Shape [] [Line, Post, Button]
    Words [Literal, Label, Message] []
    ArgumentValue [Text, Number, Person, Time] []
    Target [Navigation, Outside] []
    RichSource [Entry, Markdown] []
    StartValue [Literal, Entry] [None]
    Kind [Section, Stack, Row, Grid, Listing, Disclosure, Tab, Dialog, Card, Text, Heading, Rich, Time, Number, Person, AvatarStack, Badge, Icon, Link, QuoteLink, Code, Table, Cell, Meter, Stat, Notice, Empty, Skeleton, Feed, Post, Replies, Toggle, Reactions, Reaction, Vote, Button, Menu, More, Share, Form, Field, Composer, Choice, ChoiceOption, PickPeople, PickTags, Hidden, Extension] [Item, Divider, Tabs, TableRow]
}
