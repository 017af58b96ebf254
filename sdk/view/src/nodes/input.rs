//! What people do: buttons, links that go on, forms and fields.

use super::choices::{ChoiceStyle, FieldKind, Tone};
use super::words::{NavigationIndex, StartValue, TextIndex, Words};

/// A button that does a verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ButtonNode {
    /// What it says.
    pub words: Words,
    /// Which verb is done.
    pub verb: TextIndex,
    /// The index of what goes along as the field `value`: what is wanted, never "the other way round".
    pub value: Option<TextIndex>,
    /// What it means.
    pub tone: Tone,
    /// A question to be answered first.
    pub confirm: Option<Words>,
    /// Why it cannot be used now; it stays in place and can be reached.
    pub disabled: Option<Words>,
}

/// A button that opens a list of `button`, `link`, `share` and `toggle` nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MenuNode {
    /// What it is, for example "More actions".
    pub label: Words,
    /// The same view with the menu's children, for a menu that is sent without them: most menus of a page of
    /// posts are never opened. Such a menu has no children.
    pub closed: Option<NavigationIndex>,
    /// Whether it stands open: the person has followed `closed`.
    pub open: bool,
}

/// More of the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MoreNode {
    /// What it says, for example "Show 20 more".
    pub words: Words,
    /// The same view with more of it.
    pub navigation: NavigationIndex,
    /// Whether these are newer things that came meanwhile, kept back so that text does not jump.
    pub newer: bool,
}

/// A button that copies a permanent link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShareNode {
    /// What it says.
    pub words: Words,
    /// Where it leads.
    pub navigation: NavigationIndex,
}

/// Fields with a button that sends them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormNode {
    /// Which verb is done.
    pub verb: TextIndex,
    /// What the button says.
    pub submit: Words,
    /// The same view without the form.
    pub cancel: Option<NavigationIndex>,
    /// The index of a name under which the browser keeps what was typed and not sent.
    pub draft: Option<TextIndex>,
}

/// A field of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldNode {
    /// The index of its name.
    pub name: TextIndex,
    /// What it is called; always shown or read aloud.
    pub label: Words,
    /// What it takes.
    pub kind: FieldKind,
    /// What it starts with.
    pub value: StartValue,
    /// The most characters it takes.
    pub maximum: Option<u32>,
    /// Whether it must be filled.
    pub required: bool,
    /// The index of the name of a parameter that follows what is typed, 256 bytes at the most, 300 ms after the last
    /// letter: what the plugin then shows elsewhere are proposals. Without script nothing follows.
    pub suggest: Option<TextIndex>,
    /// A word of help.
    pub hint: Option<Words>,
    /// What is wrong with it.
    pub problem: Option<Words>,
}

/// A field for Markdown with a toolbar, a preview and mentions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ComposerNode {
    /// The index of its name.
    pub name: TextIndex,
    /// What it is called; always shown or read aloud.
    pub label: Words,
    /// What is shown while it is empty.
    pub placeholder: Option<Words>,
    /// What it starts with.
    pub value: StartValue,
    /// The most characters it takes.
    pub maximum: u32,
    /// Whether people can be mentioned with `@`.
    pub mentions: bool,
    /// What is wrong with it.
    pub problem: Option<Words>,
}

/// One or several of a few; its children are [`ChoiceOptionNode`] nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChoiceNode {
    /// The index of its name.
    pub name: TextIndex,
    /// What it is called.
    pub label: Words,
    /// How it looks; `check` takes several.
    pub style: ChoiceStyle,
    /// Whether one must be chosen.
    pub required: bool,
    /// What is wrong with it.
    pub problem: Option<Words>,
}

/// One of the things to choose from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChoiceOptionNode {
    /// The index of its value.
    pub value: TextIndex,
    /// What it says.
    pub words: Words,
    /// Whether it starts chosen.
    pub selected: bool,
}

/// A field for people, or one for tags. The children of one for tags are [`ChoiceOptionNode`] nodes: the tags there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PickNode {
    /// The index of its name.
    pub name: TextIndex,
    /// What it is called.
    pub label: Words,
    /// The index of what it starts with, separated by commas: ids of people, or values of tags. It is sent in the same
    /// form.
    pub value: Option<TextIndex>,
    /// How many it takes at the most.
    pub maximum: u32,
    /// Whether tags are taken that are not among its children. People are always those that the host knows.
    pub free: bool,
    /// A word of help.
    pub hint: Option<Words>,
    /// What is wrong with it.
    pub problem: Option<Words>,
}

/// A value that goes along with a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HiddenNode {
    /// The index of its name.
    pub name: TextIndex,
    /// The index of its value.
    pub value: TextIndex,
}

/// Something that this host may not know yet; its children are shown instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExtensionNode {
    /// The index of its name, for example `poll`.
    pub name: TextIndex,
    /// Its version.
    pub version: u32,
    /// The index of its properties, as JSON.
    pub properties: TextIndex,
}
