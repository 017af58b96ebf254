//! Is this list of nodes a view? Limits and structure, in one walk, before anything is drawn.

mod offers;
mod places;
mod text;

pub use offers::{people, verbs};

use std::collections::HashSet;

use foldhash::fast::RandomState;

use crate::nodes::{
    Argument, ArgumentValue, Change, Kind, Node, RichSource, StartValue, Target, View, Words,
};
pub(crate) use text::printable;
pub use text::{clean, is_safe_url};

/// The most nodes of a view.
pub const NODES_MAX: usize = 4000;
/// How deep nodes may be inside each other.
pub const DEPTH_MAX: usize = 24;
/// The most bytes of text in all.
pub const TEXT_BYTES_MAX: usize = 256 * 1024;
/// The most bytes of one string.
pub const STRING_BYTES_MAX: usize = 32 * 1024;
/// The most characters of words on a button, a badge, a heading and the like.
pub const LABEL_CHARS_MAX: usize = 200;
/// The most characters of an excerpt.
pub const EXCERPT_CHARS_MAX: usize = 500;
/// The most bytes of a key, a subject, an id, a verb and a field's name.
pub const NAME_BYTES_MAX: usize = 64;
/// The most arguments of a message.
pub const ARGUMENTS_MAX: usize = 8;
/// The most parameters of a navigation.
pub const PARAMETERS_MAX: usize = 16;
/// The most bytes of a parameter's value.
pub const PARAMETER_BYTES_MAX: usize = 256;

/// Why a view is refused, and what its author can do about it. Nodes are counted from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CheckError {
    /// There is no node.
    Empty,
    /// More than [`NODES_MAX`] nodes.
    TooManyNodes(usize),
    /// More than [`TEXT_BYTES_MAX`] bytes of text in all.
    TooMuchText(usize),
    /// A string (by its index) of more than [`STRING_BYTES_MAX`] bytes.
    StringTooLong(usize),
    /// A node says that it has more children than follow.
    ChildrenMissing(usize),
    /// A node that belongs to none before it.
    SecondRoot(usize),
    /// A node deeper than [`DEPTH_MAX`].
    TooDeep(usize),
    /// A node refers to a string that is not there.
    NoString(usize),
    /// A node refers to a message that is not there.
    NoMessage(usize),
    /// A node refers to a navigation that is not there.
    NoNavigation(usize),
    /// A message (by its index) refers to a string that is not there.
    MessageNoString(usize),
    /// A message (by its index) with more than [`ARGUMENTS_MAX`] arguments.
    TooManyArguments(usize),
    /// A navigation (by its index) with a malformed or overlong parameter, or too many.
    BadNavigation(usize),
    /// Words of a node longer than [`LABEL_CHARS_MAX`] characters (an excerpt: [`EXCERPT_CHARS_MAX`]).
    LabelTooLong(usize),
    /// A key, subject, id, verb or field name that is empty, too long or holds odd characters.
    BadName(usize),
    /// A node with the same key as a sibling.
    KeyTwice(usize),
    /// A node where it may not stand.
    Misplaced(usize),
    /// A node with children that can have none.
    Childless(usize),
    /// A second post for the same entry.
    PostTwice(usize),
    /// A second form for the same verb and subject.
    FormTwice(usize),
    /// A link to an address that is not `https`, `http` or `mailto`.
    BadAddress(usize),
    /// A number out of its range.
    OutOfRange(usize),
}

impl CheckError {
    /// A stable word for it.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooManyNodes(_) => "too-many-nodes",
            Self::TooMuchText(_) => "too-much-text",
            Self::StringTooLong(_) => "string-too-long",
            Self::ChildrenMissing(_) => "children-missing",
            Self::SecondRoot(_) => "second-root",
            Self::TooDeep(_) => "too-deep",
            Self::NoString(_) => "no-string",
            Self::NoMessage(_) => "no-message",
            Self::NoNavigation(_) => "no-navigation",
            Self::MessageNoString(_) => "message-no-string",
            Self::TooManyArguments(_) => "too-many-arguments",
            Self::BadNavigation(_) => "bad-navigation",
            Self::LabelTooLong(_) => "label-too-long",
            Self::BadName(_) => "bad-name",
            Self::KeyTwice(_) => "key-twice",
            Self::Misplaced(_) => "misplaced",
            Self::Childless(_) => "childless",
            Self::PostTwice(_) => "post-twice",
            Self::FormTwice(_) => "form-twice",
            Self::BadAddress(_) => "bad-address",
            Self::OutOfRange(_) => "out-of-range",
        }
    }

    /// The index that it is about: of a node, unless it is about a string, message or navigation.
    #[must_use]
    pub const fn index(&self) -> Option<usize> {
        match *self {
            Self::Empty | Self::TooManyNodes(_) | Self::TooMuchText(_) => None,
            Self::StringTooLong(at)
            | Self::ChildrenMissing(at)
            | Self::SecondRoot(at)
            | Self::TooDeep(at)
            | Self::NoString(at)
            | Self::NoMessage(at)
            | Self::NoNavigation(at)
            | Self::MessageNoString(at)
            | Self::TooManyArguments(at)
            | Self::BadNavigation(at)
            | Self::LabelTooLong(at)
            | Self::BadName(at)
            | Self::KeyTwice(at)
            | Self::Misplaced(at)
            | Self::Childless(at)
            | Self::PostTwice(at)
            | Self::FormTwice(at)
            | Self::BadAddress(at)
            | Self::OutOfRange(at) => Some(at),
        }
    }

    /// What is wrong and what to do; where it is about an index, that stands after the first word.
    const fn text(&self) -> &'static str {
        match self {
            Self::Empty => "the view has no node; return at least a stack",
            Self::TooManyNodes(_) => {
                "the view has more than 4,000 nodes; show less at once and add a `more` node"
            }
            Self::TooMuchText(_) => "the view has more than 256 KiB of text; show less at once",
            Self::StringTooLong(_) => "string has more than 32 KiB; shorten it",
            Self::ChildrenMissing(_) => {
                "node announces more children than follow; count direct children only"
            }
            Self::SecondRoot(_) => "node belongs to none before it; put everything into one root",
            Self::TooDeep(_) => "node is more than 24 deep; nest less",
            Self::NoString(_) => "node refers to a string that is not in `strings`",
            Self::NoMessage(_) => "node refers to a message that is not in `messages`",
            Self::NoNavigation(_) => "node refers to a navigation that is not in `navigations`",
            Self::MessageNoString(_) => "message refers to a string that is not in `strings`",
            Self::TooManyArguments(_) => "message has more than 8 arguments",
            Self::BadNavigation(_) => {
                "navigation has a parameter that is not 1 to 32 of a-z, 0-9, `-` with a value of 256 bytes at most, \
                 or more than 16"
            }
            Self::LabelTooLong(_) => "node has words of more than 200 characters",
            Self::BadName(_) => "node has a key, subject, id, verb or name that is not 1 to 64 visible ASCII",
            Self::KeyTwice(_) => "node has the key of a sibling; keys must differ",
            Self::Misplaced(_) => "node may not stand there; see which nodes hold which in the vocabulary",
            Self::Childless(_) => "node can have no children",
            Self::PostTwice(_) => "node shows an entry that another post shows already",
            Self::FormTwice(_) => "node is a second form for the same verb and subject; show one at a time",
            Self::BadAddress(_) => "node links to something else than https, http or mailto",
            Self::OutOfRange(_) => "node has a number out of its range",
        }
    }
}

impl std::fmt::Display for CheckError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.index(), self.text().split_once(' ')) {
            (Some(index), Some((what, rest))) => write!(f, "{what} {index} {rest}"),
            (None, _) | (_, None) => f.write_str(self.text()),
        }
    }
}

impl std::error::Error for CheckError {}

/// Checks a view. Linear in its size.
///
/// # Errors
/// The first [`CheckError`] in the order: sizes, pools, nodes.
pub fn check(view: &View) -> Result<(), CheckError> {
    check_sizes(view)?;
    check_pools(view)?;
    let mut walk = Walk {
        view,
        open: Vec::with_capacity(DEPTH_MAX),
        keys: HashSet::with_capacity_and_hasher(view.nodes.len() / 2, RandomState::default()),
        ids: HashSet::with_capacity_and_hasher(view.nodes.len() / 4, RandomState::default()),
    };
    for (at, node) in view.nodes.iter().enumerate() {
        walk.node(at, node)?;
    }
    match walk.open.iter().find(|open| open.left > 0) {
        Some(open) => Err(CheckError::ChildrenMissing(open.at)),
        None => Ok(()),
    }
}

fn check_sizes(view: &View) -> Result<(), CheckError> {
    if view.nodes.is_empty() {
        return Err(CheckError::Empty);
    }
    if view.nodes.len() > NODES_MAX {
        return Err(CheckError::TooManyNodes(view.nodes.len()));
    }
    let mut bytes = 0;
    for (at, string) in view.strings.iter().enumerate() {
        if string.len() > STRING_BYTES_MAX {
            return Err(CheckError::StringTooLong(at));
        }
        bytes += string.len();
    }
    // Each use of a text in a link is written out again.
    let value = |change: &Change| view.strings.get(change.value as usize).map_or(0, String::len);
    bytes += view.navigations.iter().flatten().map(value).sum::<usize>();
    // Each node, message and navigation has a bounded number of uses, so these lists need no limits of their own
    // beyond one that keeps them near the nodes.
    let lists = view.messages.len().max(view.navigations.len()).max(view.strings.len() / 4);
    if bytes > TEXT_BYTES_MAX || lists > NODES_MAX * 2 {
        return Err(CheckError::TooMuchText(bytes));
    }
    Ok(())
}

fn check_pools(view: &View) -> Result<(), CheckError> {
    let known = |index: u32| (index as usize) < view.strings.len();
    for (at, message) in view.messages.iter().enumerate() {
        if message.arguments.len() > ARGUMENTS_MAX {
            return Err(CheckError::TooManyArguments(at));
        }
        let argument_known = |argument: &Argument| {
            let value = match argument.value {
                ArgumentValue::Text(index) | ArgumentValue::Person(index) => known(index),
                ArgumentValue::Number(_) | ArgumentValue::Time(_) => true,
            };
            value && known(argument.name)
        };
        if !known(message.id) || !message.arguments.iter().all(argument_known) {
            return Err(CheckError::MessageNoString(at));
        }
    }
    for (at, navigation) in view.navigations.iter().enumerate() {
        let text = |index: u32| view.strings.get(index as usize).map(String::as_str);
        let good = navigation.iter().all(|change| {
            is_parameter_name(text(change.name).unwrap_or_default())
                && text(change.value).is_some_and(|value| {
                    value.len() <= PARAMETER_BYTES_MAX && !value.chars().any(char::is_control)
                })
        });
        if !good || navigation.len() > PARAMETERS_MAX {
            return Err(CheckError::BadNavigation(at));
        }
    }
    Ok(())
}

/// 1 to 32 characters of a-z, 0-9 and `-`.
fn is_parameter_name(name: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=32).contains(&name.len()) && name.bytes().all(letter)
}

/// A node whose children are being walked.
struct Open<'v> {
    at: usize,
    kind: &'v Kind,
    left: u32,
    subject: Option<&'v str>,
    in_form: bool,
}

struct Walk<'v> {
    view: &'v View,
    open: Vec<Open<'v>>,
    /// Keys, each with the node above.
    keys: HashSet<(usize, &'v str), RandomState>,
    /// Posts and forms, each with what makes it one of a kind.
    ids: HashSet<(Option<&'v str>, Option<&'v str>), RandomState>,
}

impl<'v> Walk<'v> {
    fn node(&mut self, at: usize, node: &'v Node) -> Result<(), CheckError> {
        while self.open.last().is_some_and(|open| open.left == 0) {
            self.open.pop();
        }
        if self.open.is_empty() && at > 0 {
            return Err(CheckError::SecondRoot(at));
        }
        if self.open.len() >= DEPTH_MAX {
            return Err(CheckError::TooDeep(at));
        }
        if let Some(parent) = self.open.last_mut() {
            parent.left -= 1;
        }
        let (above, parent, inherited, mut in_form) = match self.open.last() {
            Some(open) => (open.at, Some(open.kind), open.subject, open.in_form),
            None => (usize::MAX, None, None, false),
        };
        if !places::may_stand(parent, &node.kind, in_form) {
            return Err(CheckError::Misplaced(at));
        }
        let sent_without = matches!(&node.kind, Kind::Menu(menu) if menu.closed.is_some());
        if node.children > 0 && (sent_without || !places::holds(&node.kind)) {
            return Err(CheckError::Childless(at));
        }
        if let Some(key) = node.key
            && !self.keys.insert((above, self.name(at, key)?))
        {
            return Err(CheckError::KeyTwice(at));
        }
        let mut subject = match node.subject {
            Some(subject) => Some(self.name(at, subject)?),
            None => inherited,
        };
        places::fields(&Fields { view: self.view, at }, &node.kind)?;
        match &node.kind {
            Kind::Post(post) => {
                let entry = self.name(at, post.entry)?;
                subject = node.subject.and(subject).or(Some(entry));
                if !self.ids.insert((Some(entry), None)) {
                    return Err(CheckError::PostTwice(at));
                }
            }
            Kind::Form(form) => {
                in_form = true;
                if !self.ids.insert((subject, Some(self.name(at, form.verb)?))) {
                    return Err(CheckError::FormTwice(at));
                }
            }
            _ => {}
        }
        self.open.push(Open { at, kind: &node.kind, left: node.children, subject, in_form });
        Ok(())
    }

    fn name(&self, at: usize, index: u32) -> Result<&'v str, CheckError> {
        name(self.view, at, index)
    }
}

/// A string that names something: 1 to 64 visible ASCII characters, since it becomes part of ids.
fn name(view: &View, at: usize, index: u32) -> Result<&str, CheckError> {
    let name = view.strings.get(index as usize).ok_or(CheckError::NoString(at))?;
    // All bytes at once: without an early end the compiler takes 16 in one step.
    let good = name
        .bytes()
        .fold((1..=NAME_BYTES_MAX).contains(&name.len()), |good, byte| good & byte.is_ascii_graphic());
    if good { Ok(name) } else { Err(CheckError::BadName(at)) }
}

/// Checks what the fields of one node refer to.
struct Fields<'v> {
    view: &'v View,
    at: usize,
}

impl Fields<'_> {
    fn string(&self, index: u32) -> Result<&str, CheckError> {
        self.view.strings.get(index as usize).map(String::as_str).ok_or(CheckError::NoString(self.at))
    }

    fn name(&self, index: u32) -> Result<(), CheckError> {
        name(self.view, self.at, index).map(|_| ())
    }

    fn parameter(&self, index: u32) -> Result<(), CheckError> {
        is_parameter_name(self.string(index)?).then_some(()).ok_or(CheckError::BadName(self.at))
    }

    fn navigation(&self, index: u32) -> Result<(), CheckError> {
        let known = (index as usize) < self.view.navigations.len();
        known.then_some(()).ok_or(CheckError::NoNavigation(self.at))
    }

    fn range(&self, good: bool) -> Result<(), CheckError> {
        good.then_some(()).ok_or(CheckError::OutOfRange(self.at))
    }

    /// Words of any length.
    fn text(&self, words: &Words) -> Result<(), CheckError> {
        self.words(words, usize::MAX)
    }

    fn label(&self, words: &Words) -> Result<(), CheckError> {
        self.words(words, LABEL_CHARS_MAX)
    }

    fn words(&self, words: &Words, chars_max: usize) -> Result<(), CheckError> {
        match *words {
            Words::Literal(index) => {
                let text = self.string(index)?;
                // Bytes first: counting characters is only needed for long ones.
                if text.len() > chars_max && text.chars().count() > chars_max {
                    return Err(CheckError::LabelTooLong(self.at));
                }
                Ok(())
            }
            Words::Label(index) => self.string(index).map(|_| ()),
            Words::Message(index) => {
                let known = (index as usize) < self.view.messages.len();
                known.then_some(()).ok_or(CheckError::NoMessage(self.at))
            }
        }
    }

    fn target(&self, target: Target) -> Result<(), CheckError> {
        match target {
            Target::Navigation(index) => self.navigation(index),
            Target::Outside(index) => {
                let url = self.string(index)?;
                let good = is_safe_url(url) && text::is_outside_url(url);
                good.then_some(()).ok_or(CheckError::BadAddress(self.at))
            }
        }
    }

    fn rich(&self, source: RichSource) -> Result<(), CheckError> {
        match source {
            RichSource::Entry(index) => self.name(index),
            RichSource::Markdown(index) => self.string(index).map(|_| ()),
        }
    }

    fn start(&self, start: StartValue) -> Result<(), CheckError> {
        match start {
            StartValue::None => Ok(()),
            StartValue::Literal(index) => self.string(index).map(|_| ()),
            StartValue::Entry(index) => self.name(index),
        }
    }
}
