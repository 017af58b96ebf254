//! Draws what people do: buttons, links that go on, forms and fields.

use std::borrow::Cow;

use super::content::tone_class;
use super::{Context, Lookup, OwnText, Renderer, Sink};
use crate::check::clean;
use crate::names::{self, Named};
use crate::nodes::{
    ButtonNode, ChoiceNode, ChoiceOptionNode, ChoiceStyle, ComposerNode, FieldKind, FieldNode, FormNode,
    IconName, Kind, MenuNode, MoreNode, PickNode, ShareNode, StartValue, Tone, Words,
};
use crate::ops::{Attr, Tag};

/// The tools of a composer, with what each is called.
const TOOLS: [(&str, &str, OwnText); 6] = [
    ("bold", "M7 5h6a3.5 3.5 0 0 1 0 7H7zM7 12h7a3.5 3.5 0 0 1 0 7H7z", OwnText::Bold),
    ("italic", "M14 5h-4M14 19h-4M13 5l-3 14", OwnText::Italic),
    (
        "link",
        "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1",
        OwnText::Link,
    ),
    ("quote", "M5 17V9h5v5l-3 4M14 17V9h5v5l-3 4", OwnText::Quote),
    ("code", "M8 8l-5 4 5 4M16 8l5 4-5 4", OwnText::Code),
    ("list", "M9 6h12M9 12h12M9 18h12M4 6h.1M4 12h.1M4 18h.1", OwnText::List),
];

/// What a field takes several of.
#[derive(Clone, Copy)]
pub(super) enum Picks {
    /// People of the site.
    People,
    /// Words.
    Tags,
}

/// Text about a field that stands below it.
struct Notes<'w> {
    hint: Option<&'w Words>,
    own_hint: Option<OwnText>,
    problem: Option<&'w Words>,
}

impl<'a, L: Lookup + ?Sized, S: Sink> Renderer<'a, L, S> {
    pub(super) fn share(&mut self, share: &ShareNode, context: Context<'a>) {
        self.el(Tag::A, "share");
        self.here(share.navigation, context);
        self.sink.flag(Attr::DataCopy);
        self.icon(IconName::Link);
        self.say_inline(&share.words);
        self.close();
    }

    pub(super) fn menu(&mut self, menu: &MenuNode, children: u32, context: Context<'a>) {
        if let Some(closed) = menu.closed {
            self.el(Tag::A, "menu");
            self.here(closed, context);
            self.word(Attr::AriaExpanded, "false");
            self.say_attr(Attr::AriaLabel, &menu.label);
            self.icon(IconName::More);
            self.close();
            return self.skip(children);
        }
        self.el(Tag::Details, "menu");
        self.flag_if(Attr::Open, menu.open);
        self.open(Tag::Summary);
        self.say_attr(Attr::AriaLabel, &menu.label);
        self.icon(IconName::More);
        self.close();
        self.el(Tag::Div, "pop");
        self.word(Attr::Role, "group");
        self.say_attr(Attr::AriaLabel, &menu.label);
        self.children(children, context);
        self.close();
        self.close();
    }

    pub(super) fn more(&mut self, more: &MoreNode, context: Context<'a>) {
        self.el(Tag::A, "more");
        self.here(more.navigation, context);
        self.flag_if(Attr::DataN, more.newer);
        self.say(&more.words);
        self.close();
    }

    pub(super) fn button(&mut self, button: &ButtonNode, context: Context<'a>) {
        let tone = tone_class(button.tone);
        let question = button.confirm.as_ref().filter(|_| button.disabled.is_none());
        let Some(question) = question else { return self.plain_button(button, tone, context) };
        self.el(Tag::Details, "confirm");
        self.open(Tag::Summary);
        self.attr_of(Attr::Class, &["button", tone]);
        self.say(&button.words);
        self.close();
        self.el(Tag::Div, "pop");
        self.open(Tag::P);
        self.say(question);
        self.close();
        self.plain_button(button, tone, context);
        self.close();
        self.close();
    }

    fn plain_button(&mut self, button: &ButtonNode, tone: &str, context: Context<'a>) {
        self.el_with(Tag::Button, "button", tone, "");
        match &button.disabled {
            None => {
                let value = button.value.map(|value| self.string(value));
                self.act(context, self.string(button.verb), value.as_slice());
            }
            Some(reason) => self.disabled(reason),
        }
        self.say(&button.words);
        self.close();
    }

    /// A form of its own: its verb goes along in a hidden field, so that Enter sends the right one.
    pub(super) fn form(&mut self, form: &'a FormNode, children: u32, context: Context<'a>) {
        let verb = self.string(form.verb);
        let mut token = String::new();
        self.lookup.token(context.subject, verb, &mut token);
        self.el(Tag::Form, "form");
        self.attr_of(Attr::Id, &["form-", verb, "-", context.subject.unwrap_or_default()]);
        if let Some(draft) = form.draft {
            self.attr(Attr::DataD, self.string(draft));
        }
        self.form_head();
        self.hidden_input("t", &token);
        if let Some(subject) = context.subject {
            self.hidden_input("s", subject);
        }
        self.hidden_input("do", verb);
        self.composes = false;
        self.fields.clear();
        self.children(children, Context { form: Some(verb), ..context });
        self.el(Tag::Div, "row");
        self.el_with(Tag::Button, "button", tone_class(Tone::Accent), "");
        self.say(&form.submit);
        self.close();
        if let Some(cancel) = form.cancel {
            self.el(Tag::A, "button");
            self.here(cancel, context);
            let text = self.own(OwnText::Cancel);
            self.text(&text);
            self.close();
        }
        if self.composes {
            // Hidden until there is a script that hears the keys.
            self.el(Tag::Span, "hint keys");
            self.sink.flag(Attr::Hidden);
            let text = self.own(OwnText::SendKey);
            self.text(&text);
            self.close();
        }
        self.close();
        self.close();
    }

    /// The id of a field: `i-verb-subject-name`, the same in every drawing; with a number where a form has several
    /// fields of a name.
    fn field_id(&mut self, name: u32, context: Context<'a>) -> String {
        let name = self.string(name);
        let before = self.fields.iter().filter(|other| **other == name).count();
        self.fields.push(name);
        let parts = ["i", context.form.unwrap_or_default(), context.subject.unwrap_or_default(), name];
        let id = parts.join("-");
        if before == 0 { id } else { format!("{id}_{}", before + 1) }
    }

    fn label(&mut self, id: &str, words: &Words) {
        self.open(Tag::Label);
        self.attr(Attr::For, id);
        self.say(words);
        self.close();
    }

    /// What a field refers to for its notes.
    fn described(&mut self, id: &str, notes: &Notes<'_>) {
        let mut ids = String::new();
        for (there, which) in [
            (notes.problem.is_some(), "-problem"),
            (notes.hint.is_some(), "-hint"),
            (notes.own_hint.is_some(), "-how"),
        ] {
            if there {
                ids.push_str(if ids.is_empty() { "" } else { " " });
                ids.push_str(id);
                ids.push_str(which);
            }
        }
        if !ids.is_empty() {
            self.attr(Attr::AriaDescribedby, &ids);
        }
        if notes.problem.is_some() {
            self.word(Attr::AriaInvalid, "true");
        }
    }

    fn notes(&mut self, id: &str, notes: &Notes<'_>) {
        if let Some(hint) = notes.hint {
            self.el(Tag::P, "hint");
            self.attr_of(Attr::Id, &[id, "-hint"]);
            self.say(hint);
            self.close();
        }
        if let Some(hint) = notes.own_hint {
            self.el(Tag::P, "hint how");
            self.attr_of(Attr::Id, &[id, "-how"]);
            let hint = self.own(hint);
            self.text(&hint);
            self.close();
        }
        if let Some(problem) = notes.problem {
            self.el(Tag::P, "problem");
            self.attr_of(Attr::Id, &[id, "-problem"]);
            self.say(problem);
            self.close();
        }
    }

    fn start_value(&self, value: StartValue) -> &'a str {
        match value {
            StartValue::None => "",
            StartValue::Literal(text) => self.string(text),
            StartValue::Entry(entry) => self.lookup.source(self.string(entry)).unwrap_or_default(),
        }
    }

    pub(super) fn field(&mut self, field: &FieldNode, context: Context<'a>) {
        let id = self.field_id(field.name, context);
        let notes = Notes { hint: field.hint.as_ref(), own_hint: None, problem: field.problem.as_ref() };
        self.el(Tag::Div, "field");
        self.label(&id, &field.label);
        let area = field.kind == FieldKind::Area;
        self.open(if area { Tag::Textarea } else { Tag::Input });
        self.attr(Attr::Id, &id);
        self.attr(Attr::Name, self.string(field.name));
        let (value, people) = self.editable(field.value);
        let value = clean(&value);
        match field.kind {
            FieldKind::Line => self.word(Attr::Type, "text"),
            FieldKind::Area => self.word(Attr::Rows, "4"),
            FieldKind::Number => self.word(Attr::Type, "number"),
            FieldKind::Date => self.word(Attr::Type, "date"),
            FieldKind::Url => self.word(Attr::Type, "url"),
            FieldKind::Email => self.word(Attr::Type, "email"),
        }
        if matches!(field.kind, FieldKind::Line | FieldKind::Area) {
            self.word(Attr::Dir, "auto");
        }
        if let Some(maximum) = field.maximum {
            self.attr_number(Attr::Maxlength, u64::from(maximum));
        }
        self.flag_if(Attr::Required, field.required);
        if let Some(parameter) = field.suggest {
            self.attr(Attr::DataSuggest, self.string(parameter));
        }
        self.described(&id, &notes);
        if area {
            self.text(&value);
        } else if !value.is_empty() {
            self.attr(Attr::Value, &value);
        }
        self.close();
        self.companions(self.string(field.name), &people);
        self.notes(&id, &notes);
        self.close();
    }

    /// What a field starts with as people edit it: mentions are names, and whom they stand for comes along.
    fn editable(&self, value: StartValue) -> (Cow<'a, str>, Vec<Named>) {
        let lookup = self.lookup;
        match value {
            StartValue::None | StartValue::Literal(_) => (Cow::Borrowed(self.start_value(value)), Vec::new()),
            StartValue::Entry(_) => names::editable(self.start_value(value), |id| {
                lookup.person(id).map(|person| (person.name, person.title))
            }),
        }
    }

    /// The hidden fields that tell whom the labels in a field stand for.
    fn companions(&mut self, field: &str, people: &[Named]) {
        for Named { id, label } in people {
            self.hidden_input(&names::companion(field), &names::pair(id, label));
        }
    }

    pub(super) fn composer(&mut self, composer: &ComposerNode, context: Context<'a>) {
        let id = self.field_id(composer.name, context);
        let notes = Notes { hint: None, own_hint: None, problem: composer.problem.as_ref() };
        self.composes = true;
        self.el(Tag::Div, "composer");
        self.label(&id, &composer.label);
        self.tools();
        self.open(Tag::Textarea);
        self.attr(Attr::Id, &id);
        self.attr(Attr::Name, self.string(composer.name));
        self.attr_number(Attr::Maxlength, u64::from(composer.maximum));
        self.word(Attr::Rows, "3");
        self.word(Attr::Dir, "auto");
        self.sink.flag(Attr::Required);
        if let Some(placeholder) = &composer.placeholder {
            self.say_attr(Attr::Placeholder, placeholder);
        }
        self.flag_if(Attr::DataM, composer.mentions);
        self.described(&id, &notes);
        let (value, people) = self.editable(composer.value);
        self.text(&clean(&value));
        self.close();
        self.companions(self.string(composer.name), &people);
        self.el(Tag::Div, "preview");
        self.sink.flag(Attr::Hidden);
        self.close();
        self.el(Tag::P, "counter");
        self.sink.flag(Attr::Hidden);
        self.close();
        self.notes(&id, &notes);
        self.close();
    }

    /// Hidden until there is a script that they can work with.
    fn tools(&mut self) {
        self.el(Tag::Div, "tools");
        self.word(Attr::Role, "toolbar");
        self.own_attr(Attr::AriaLabel, OwnText::Formatting);
        self.sink.flag(Attr::Hidden);
        for (name, path, text) in TOOLS {
            self.open(Tag::Button);
            self.word(Attr::Type, "button");
            self.attr(Attr::DataMd, name);
            let text = self.own(text);
            self.attr(Attr::AriaLabel, &text);
            self.attr(Attr::Title, &text);
            self.svg(path);
            self.close();
        }
        self.open(Tag::Button);
        self.word(Attr::Type, "button");
        self.word(Attr::DataMd, "preview");
        self.word(Attr::AriaPressed, "false");
        let preview = self.own(OwnText::Preview);
        self.text(&preview);
        self.close();
        self.close();
    }

    pub(super) fn choice(&mut self, choice: &ChoiceNode, children: u32, context: Context<'a>) {
        let id = self.field_id(choice.name, context);
        let select = choice.style == ChoiceStyle::Select;
        let notes = Notes { hint: None, own_hint: None, problem: choice.problem.as_ref() };
        if select {
            self.el(Tag::Div, "choice");
            self.label(&id, &choice.label);
            self.open(Tag::Select);
            self.attr(Attr::Id, &id);
            self.attr(Attr::Name, self.string(choice.name));
            self.flag_if(Attr::Required, choice.required);
            self.described(&id, &notes);
        } else {
            self.el(Tag::Fieldset, "choice");
            if choice.problem.is_some() {
                self.attr_of(Attr::AriaDescribedby, &[&id, "-problem"]);
            }
            self.open(Tag::Legend);
            self.say(&choice.label);
            self.close();
        }
        for number in 0..children {
            let Some(node) = self.view.nodes.get(self.at) else { break };
            if let Kind::ChoiceOption(option) = &node.kind {
                self.key = node.key.map(|key| self.string(key));
                if select {
                    self.select_option(option)
                } else {
                    self.choice_option(choice, option, &id, number)
                }
            }
            self.skip(1);
        }
        if select {
            self.close();
        }
        self.notes(&id, &notes);
        self.close();
    }

    fn select_option(&mut self, option: &ChoiceOptionNode) {
        self.open(Tag::Option);
        self.form_value(self.string(option.value));
        self.flag_if(Attr::Selected, option.selected);
        self.say(&option.words);
        self.close();
    }

    fn choice_option(&mut self, choice: &ChoiceNode, option: &ChoiceOptionNode, id: &str, number: u32) {
        self.open(Tag::Label);
        self.open(Tag::Input);
        self.option_id(Attr::Id, id, number);
        self.attr(Attr::Type, if choice.style == ChoiceStyle::Radio { "radio" } else { "checkbox" });
        if choice.style == ChoiceStyle::Switch {
            self.word(Attr::Role, "switch");
        }
        self.attr(Attr::Name, self.string(choice.name));
        self.form_value(self.string(option.value));
        self.flag_if(Attr::Checked, option.selected);
        self.flag_if(Attr::Required, choice.required && choice.style == ChoiceStyle::Radio);
        self.close();
        self.say_inline(&option.words);
        self.close();
    }

    /// A line with names or tags, separated by commas. The runtime makes a combobox of it (`data-o`), with the options
    /// that stand below it.
    pub(super) fn pick(&mut self, pick: &PickNode, what: Picks, children: u32, context: Context<'a>) {
        let id = self.field_id(pick.name, context);
        let hint = match what {
            Picks::People => OwnText::PickPeople,
            Picks::Tags => OwnText::PickTags,
        };
        let notes = Notes { hint: pick.hint.as_ref(), own_hint: Some(hint), problem: pick.problem.as_ref() };
        self.el(Tag::Div, "field pick");
        self.label(&id, &pick.label);
        self.open(Tag::Input);
        self.attr(Attr::Id, &id);
        self.attr(Attr::Name, self.string(pick.name));
        self.word(Attr::Type, "text");
        self.word(Attr::Autocomplete, "off");
        self.word(Attr::Dir, "auto");
        self.attr(Attr::DataO, if matches!(what, Picks::People) { "people" } else { "tags" });
        self.flag_if(Attr::DataFree, pick.free);
        self.attr_number(Attr::Max, u64::from(pick.maximum));
        self.described(&id, &notes);
        let value = pick.value.map(|value| self.string(value)).unwrap_or_default();
        let people = match what {
            Picks::People => self.people_of(value),
            Picks::Tags => Vec::new(),
        };
        let labels: Vec<&str> = people.iter().map(|person| person.label.as_str()).collect();
        let shown = if labels.is_empty() { clean(value) } else { labels.join(", ").into() };
        if !shown.is_empty() {
            self.attr(Attr::Value, &shown);
        }
        self.close();
        match what {
            Picks::People => {
                self.hidden_input(&names::companion(self.string(pick.name)), names::LIST);
                self.companions(self.string(pick.name), &people);
                self.skip(children);
            }
            Picks::Tags => self.tags(children),
        }
        self.notes(&id, &notes);
        self.close();
    }

    /// Ids, separated by commas, as people with labels.
    fn people_of(&mut self, ids: &str) -> Vec<Named> {
        let mut people = Vec::new();
        for id in ids.split(',').map(str::trim).filter(|id| !id.is_empty()) {
            let person = self.lookup.person(id);
            let name = self.name_of(person);
            names::label(id, &name, person.and_then(|person| person.title), &mut people);
        }
        people
    }

    /// The tags that can be chosen, to be read without script.
    fn tags(&mut self, children: u32) {
        if children == 0 {
            return;
        }
        self.el(Tag::Ul, "options");
        self.word(Attr::Role, "list");
        for _ in 0..children {
            let Some(node) = self.view.nodes.get(self.at) else { break };
            if let Kind::ChoiceOption(option) = &node.kind {
                self.key = node.key.map(|key| self.string(key));
                self.open(Tag::Li);
                self.attr(Attr::DataKey, &clean(self.string(option.value)));
                self.say(&option.words);
                self.close();
            }
            self.skip(1);
        }
        self.close();
    }
}
