//! What people read and where links lead.

/// Position of a string in [`View::strings`](super::View::strings), from 0.
pub type TextIndex = u32;

/// Position of a message in [`View::messages`](super::View::messages), from 0.
pub type MessageIndex = u32;

/// Position of a set of parameters in [`View::navigations`](super::View::navigations), from 0.
pub type NavigationIndex = u32;

/// Microseconds since 1970-01-01T00:00:00Z.
pub type Instant = u64;

/// A piece of text that people read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Words {
    /// Somebody's own words (a name, a title): shown as they are, in their own writing direction.
    Literal(TextIndex),
    /// An interface text without arguments: the index of its id in the plugin's Fluent bundle.
    Label(TextIndex),
    /// An interface text with arguments.
    Message(MessageIndex),
}

/// One argument of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Argument {
    /// The index of the argument's name, as the Fluent message writes it.
    pub name: TextIndex,
    /// What to put there.
    pub value: ArgumentValue,
}

/// What a message's argument holds. The host formats it for the reader's language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArgumentValue {
    /// A text, shown as it is and isolated from its surroundings (Unicode UAX 9).
    Text(TextIndex),
    /// A number; Fluent chooses the plural form by it.
    Number(i64),
    /// The index of a person's id; the host puts the display name.
    Person(TextIndex),
    /// A point in time.
    Time(Instant),
}

/// An interface text with arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The index of the message's id in the plugin's Fluent bundle.
    pub id: TextIndex,
    /// The arguments, 8 at the most.
    pub arguments: Vec<Argument>,
}

/// One parameter of a view's state, for example `sort` = `newest`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name: 1 to 32 characters of a-z, 0-9 and `-`.
    pub name: String,
    /// Its value, 256 bytes at the most. An empty value takes the parameter away.
    pub value: String,
}

/// A change of one parameter of a view's state. The pool keeps both texts: a page of posts names the same few
/// parameters and the same ids again and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// The index of its name: 1 to 32 characters of a-z, 0-9 and `-`.
    pub name: TextIndex,
    /// The index of its new value, 256 bytes at the most. An empty value takes the parameter away.
    pub value: TextIndex,
}

/// Where a link leads. There is no free address: what is outside is checked by the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The same view with other parameters.
    Navigation(NavigationIndex),
    /// An address outside: the index of an `https`, `http` or `mailto` URL. The host marks it as leading elsewhere.
    Outside(TextIndex),
}

/// Where rich text comes from. The host parses the Markdown; a plugin cannot make markup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RichSource {
    /// The index of an entry's id: its body. The entry must have been read in this call.
    Entry(TextIndex),
    /// The index of a text in Markdown.
    Markdown(TextIndex),
}

/// What a text field starts with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartValue {
    /// Empty.
    None,
    /// The index of a text.
    Literal(TextIndex),
    /// The index of an entry's id: its body as Markdown. The entry must have been read in this call.
    Entry(TextIndex),
}
