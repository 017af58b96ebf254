//! What people do: buttons, links that go on, forms and fields.

use super::{Holds, Leaf, Made, Plain, Say, Start, ViewBuilder};
use crate::nodes::{
    ButtonNode, ChoiceNode, ChoiceOptionNode, ChoiceStyle, ComposerNode, ExtensionNode, FieldKind, FieldNode,
    FormNode, HiddenNode, Kind, MenuNode, MoreNode, PickNode, ShareNode, StartValue, Tone,
};

impl ViewBuilder {
    /// A button that does a verb.
    pub fn button<'a>(&mut self, verb: &str, words: impl Into<Say<'a>>) -> Made<'_, ButtonNode> {
        let words = self.words(words);
        let verb = self.string(verb);
        let button =
            ButtonNode { words, verb, value: None, tone: Tone::Neutral, confirm: None, disabled: None };
        self.add(Kind::Button(button))
    }

    /// A button that opens a list of buttons and links.
    pub fn menu<'a>(&mut self, label: impl Into<Say<'a>>) -> Made<'_, MenuNode> {
        let label = self.words(label);
        self.add(Kind::Menu(MenuNode { label, closed: None, open: false }))
    }

    /// A menu that is sent without its list: `changes` lead to the view that has it. For menus of posts, of which
    /// a page has many and people open few.
    pub fn closed_menu<'a>(&mut self, changes: &[(&str, &str)], label: impl Into<Say<'a>>) -> Made<'_, Leaf> {
        let label = self.words(label);
        let closed = Some(self.navigation(changes));
        self.add(Kind::Menu(MenuNode { label, closed, open: false }))
    }

    /// A link to more of the same.
    pub fn more<'a>(&mut self, changes: &[(&str, &str)], words: impl Into<Say<'a>>) -> Made<'_, MoreNode> {
        let words = self.words(words);
        let navigation = self.navigation(changes);
        self.add(Kind::More(MoreNode { words, navigation, newer: false }))
    }

    /// A button that copies a permanent link.
    pub fn share<'a>(&mut self, changes: &[(&str, &str)], words: impl Into<Say<'a>>) -> Made<'_, Leaf> {
        let words = self.words(words);
        let navigation = self.navigation(changes);
        self.add(Kind::Share(ShareNode { words, navigation }))
    }

    /// Fields with a button that sends them.
    pub fn form<'a>(&mut self, verb: &str, submit: impl Into<Say<'a>>) -> Made<'_, FormNode> {
        let verb = self.string(verb);
        let submit = self.words(submit);
        self.add(Kind::Form(FormNode { verb, submit, cancel: None, draft: None }))
    }

    /// A field of a form.
    pub fn field<'a>(
        &mut self,
        kind: FieldKind,
        name: &str,
        label: impl Into<Say<'a>>,
    ) -> Made<'_, FieldNode> {
        let name = self.string(name);
        let label = self.words(label);
        let field = FieldNode {
            name,
            label,
            kind,
            value: StartValue::None,
            maximum: None,
            required: false,
            suggest: None,
            hint: None,
            problem: None,
        };
        self.add(Kind::Field(field))
    }

    /// A field for Markdown that takes `maximum` characters.
    pub fn composer<'a>(
        &mut self,
        name: &str,
        label: impl Into<Say<'a>>,
        maximum: u32,
    ) -> Made<'_, ComposerNode> {
        let name = self.string(name);
        let label = self.words(label);
        let composer = ComposerNode {
            name,
            label,
            placeholder: None,
            value: StartValue::None,
            maximum,
            mentions: false,
            problem: None,
        };
        self.add(Kind::Composer(composer))
    }

    /// One or several of a few; its children are options.
    pub fn choice<'a>(
        &mut self,
        style: ChoiceStyle,
        name: &str,
        label: impl Into<Say<'a>>,
    ) -> Made<'_, ChoiceNode> {
        let name = self.string(name);
        let label = self.words(label);
        self.add(Kind::Choice(ChoiceNode { name, label, style, required: false, problem: None }))
    }

    /// One of the things to choose from.
    pub fn choice_option<'a>(
        &mut self,
        value: &str,
        words: impl Into<Say<'a>>,
    ) -> Made<'_, ChoiceOptionNode> {
        let value = self.string(value);
        let words = self.words(words);
        self.add(Kind::ChoiceOption(ChoiceOptionNode { value, words, selected: false }))
    }

    /// A field for `maximum` people.
    pub fn pick_people<'a>(
        &mut self,
        name: &str,
        label: impl Into<Say<'a>>,
        maximum: u32,
    ) -> Made<'_, PickNode> {
        let pick = self.pick(name, label.into(), maximum);
        self.add(Kind::PickPeople(pick))
    }

    /// A field for `maximum` tags; its children are options: the tags there are.
    pub fn pick_tags<'a>(
        &mut self,
        name: &str,
        label: impl Into<Say<'a>>,
        maximum: u32,
    ) -> Made<'_, PickNode> {
        let pick = self.pick(name, label.into(), maximum);
        self.add(Kind::PickTags(pick))
    }

    fn pick(&mut self, name: &str, label: Say<'_>, maximum: u32) -> PickNode {
        let name = self.string(name);
        let label = self.words(label);
        PickNode { name, label, value: None, maximum, free: false, hint: None, problem: None }
    }

    /// A value that goes along with a form.
    pub fn hidden(&mut self, name: &str, value: &str) -> Made<'_, Leaf> {
        let name = self.string(name);
        let value = self.string(value);
        self.add(Kind::Hidden(HiddenNode { name, value }))
    }

    /// Something that a host may not know yet; its children are shown instead. `properties` is JSON.
    pub fn extension(&mut self, name: &str, version: u32, properties: &str) -> Made<'_, Plain> {
        let name = self.string(name);
        let properties = self.string(properties);
        self.add(Kind::Extension(ExtensionNode { name, version, properties }))
    }
}

impl Made<'_, MenuNode> {
    /// Whether it stands open: the person has followed the link of a [`ViewBuilder::closed_menu`].
    pub fn open(self, open: bool) -> Self {
        self.set(|node, _| node.open = open)
    }
}

impl Made<'_, ButtonNode> {
    /// What goes along as the field `value`: what is wanted, never "the other way round".
    pub fn value(self, value: &str) -> Self {
        self.set(|node, view| node.value = Some(view.string(value)))
    }

    /// What it means.
    pub fn tone(self, tone: Tone) -> Self {
        self.set(|node, _| node.tone = tone)
    }

    /// A question to be answered first.
    pub fn confirm<'a>(self, question: impl Into<Say<'a>>) -> Self {
        self.set(|node, view| node.confirm = Some(view.words(question)))
    }

    /// Why it cannot be used now.
    pub fn disabled<'a>(self, reason: impl Into<Say<'a>>) -> Self {
        self.set(|node, view| node.disabled = Some(view.words(reason)))
    }
}

impl Made<'_, MoreNode> {
    /// Says that these are newer things that came meanwhile.
    pub fn newer(self) -> Self {
        self.set(|node, _| node.newer = true)
    }
}

impl Made<'_, FormNode> {
    /// The parameters of the view without the form.
    pub fn cancel(self, changes: &[(&str, &str)]) -> Self {
        self.set(|node, view| node.cancel = Some(view.navigation(changes)))
    }

    /// A name under which the browser keeps what was typed and not sent.
    pub fn draft(self, slot: &str) -> Self {
        self.set(|node, view| node.draft = Some(view.string(slot)))
    }
}

impl Made<'_, FieldNode> {
    /// A parameter of the view that follows what is typed: show proposals by it.
    pub fn suggest(self, parameter: &str) -> Self {
        self.set(|node, view| node.suggest = Some(view.string(parameter)))
    }

    /// What it starts with.
    pub fn value(self, start: Start<'_>) -> Self {
        self.set(|node, view| node.value = view.start(start))
    }

    /// The most characters it takes.
    pub fn maximum(self, maximum: u32) -> Self {
        self.set(|node, _| node.maximum = Some(maximum))
    }

    /// Whether it must be filled.
    pub fn required(self, required: bool) -> Self {
        self.set(|node, _| node.required = required)
    }

    /// A word of help.
    pub fn hint<'a>(self, words: impl Into<Say<'a>>) -> Self {
        self.set(|node, view| node.hint = Some(view.words(words)))
    }

    /// What is wrong with it.
    pub fn problem<'a>(self, words: impl Into<Say<'a>>) -> Self {
        self.set(|node, view| node.problem = Some(view.words(words)))
    }
}

impl Made<'_, ComposerNode> {
    /// What is shown while it is empty.
    pub fn placeholder<'a>(self, words: impl Into<Say<'a>>) -> Self {
        self.set(|node, view| node.placeholder = Some(view.words(words)))
    }

    /// What it starts with.
    pub fn value(self, start: Start<'_>) -> Self {
        self.set(|node, view| node.value = view.start(start))
    }

    /// Whether people can be mentioned with `@`.
    pub fn mentions(self, mentions: bool) -> Self {
        self.set(|node, _| node.mentions = mentions)
    }

    /// What is wrong with it.
    pub fn problem<'a>(self, words: impl Into<Say<'a>>) -> Self {
        self.set(|node, view| node.problem = Some(view.words(words)))
    }
}

impl Made<'_, ChoiceNode> {
    /// Whether one must be chosen.
    pub fn required(self, required: bool) -> Self {
        self.set(|node, _| node.required = required)
    }

    /// What is wrong with it.
    pub fn problem<'a>(self, words: impl Into<Say<'a>>) -> Self {
        self.set(|node, view| node.problem = Some(view.words(words)))
    }
}

impl Made<'_, ChoiceOptionNode> {
    /// Whether it starts chosen.
    pub fn selected(self, selected: bool) -> Self {
        self.set(|node, _| node.selected = selected)
    }
}

impl Made<'_, PickNode> {
    /// What it starts with, separated by commas: ids of people, or values of tags.
    pub fn value(self, value: &str) -> Self {
        self.set(|node, view| node.value = Some(view.string(value)))
    }

    /// Whether tags are taken that are not among the options.
    pub fn free(self, free: bool) -> Self {
        self.set(|node, _| node.free = free)
    }

    /// A word of help.
    pub fn hint<'a>(self, words: impl Into<Say<'a>>) -> Self {
        self.set(|node, view| node.hint = Some(view.words(words)))
    }

    /// What is wrong with it.
    pub fn problem<'a>(self, words: impl Into<Say<'a>>) -> Self {
        self.set(|node, view| node.problem = Some(view.words(words)))
    }
}

impl Holds for FormNode {}
impl Holds for MenuNode {}
impl Holds for ChoiceNode {}
impl Holds for PickNode {}
