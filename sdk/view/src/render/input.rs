//! Draws what people do: buttons, links that go on, forms and fields.

use super::content::tone_class;
use super::{Context, Lookup, OwnText, Renderer, Sink};
use crate::check::clean;
use crate::nodes::{
    ButtonNode, ChoiceNode, ChoiceOptionNode, ChoiceStyle, ComposerNode, FieldKind, FieldNode, FormNode,
    IconName, Kind, MenuNode, MoreNode, PickNode, StartValue, Tone, UploadNode, Words,
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

/// Text about a field that stands below it.
struct Notes<'w> {
    hint: Option<&'w Words>,
    own_hint: Option<OwnText>,
    problem: Option<&'w Words>,
}

impl<'a, L: Lookup + ?Sized, S: Sink> Renderer<'a, L, S> {
    pub(super) fn input(&mut self, kind: &'a Kind, children: u32, context: Context<'a>) {
        match kind {
            Kind::Menu(menu) => return self.menu(menu, children, context),
            Kind::Form(form) => return self.form(form, children, context),
            Kind::Choice(choice) => return self.choice(choice, children, context),
            Kind::Button(button) => self.button(button, context),
            Kind::More(more) => self.more(more, context),
            Kind::Share(share) => {
                self.el(Tag::A, "share");
                self.here(share.navigation, context);
                self.sink.flag(Attr::DataCopy);
                self.icon(IconName::Link);
                self.say_inline(&share.words);
                self.close();
            }
            Kind::Field(field) => self.field(field, context),
            Kind::Composer(composer) => self.composer(composer, context),
            Kind::PickPeople(pick) => self.pick(pick, "people", OwnText::PickPeople, context),
            Kind::PickTags(pick) => self.pick(pick, "tags", OwnText::PickTags, context),
            Kind::Upload(upload) => self.upload(upload, context),
            Kind::Hidden(hidden) => {
                let (name, value) = (self.string(hidden.name), self.string(hidden.value));
                self.hidden_input(name, value);
            }
            _ => {}
        }
        self.skip(children);
    }

    fn menu(&mut self, menu: &MenuNode, children: u32, context: Context<'a>) {
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

    fn more(&mut self, more: &MoreNode, context: Context<'a>) {
        self.el(Tag::A, "more");
        self.here(more.navigation, context);
        self.flag_if(Attr::DataN, more.newer);
        self.say(&more.words);
        self.close();
    }

    fn button(&mut self, button: &ButtonNode, context: Context<'a>) {
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
            None => self.act(context, self.string(button.verb), None),
            Some(reason) => self.disabled(reason),
        }
        self.say(&button.words);
        self.close();
    }

    /// A form of its own: its verb goes along in a hidden field, so that Enter sends the right one.
    fn form(&mut self, form: &'a FormNode, children: u32, context: Context<'a>) {
        let verb = self.string(form.verb);
        let mut token = String::new();
        self.lookup.token(context.subject, verb, &mut token);
        self.el(Tag::Form, "form");
        self.attr_of(Attr::Id, &["form-", verb, "-", context.subject.unwrap_or_default()]);
        if let Some(draft) = form.draft {
            self.attr(Attr::DataD, self.string(draft));
        }
        if self.takes_files(children) {
            self.word(Attr::Enctype, "multipart/form-data");
        }
        self.form_head();
        self.hidden_input("t", &token);
        if let Some(subject) = context.subject {
            self.hidden_input("s", subject);
        }
        self.hidden_input("do", verb);
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
        self.close();
        self.close();
    }

    fn takes_files(&mut self, children: u32) -> bool {
        let start = self.at;
        self.skip(children);
        let end = std::mem::replace(&mut self.at, start);
        let inside = self.view.nodes.get(start..end).unwrap_or_default();
        inside.iter().any(|node| matches!(node.kind, Kind::Upload(_)))
    }

    /// The id of a field: `i-verb-subject-name`, the same in every drawing.
    fn field_id(&self, name: u32, context: Context<'a>) -> String {
        let parts =
            ["i", context.form.unwrap_or_default(), context.subject.unwrap_or_default(), self.string(name)];
        parts.join("-")
    }

    fn label(&mut self, id: &str, words: &Words) {
        self.open(Tag::Label);
        self.attr(Attr::For, id);
        self.say(words);
        self.close();
    }

    /// What a field refers to for its notes.
    fn described(&mut self, id: &str, notes: &Notes<'_>) {
        let has_hint = notes.hint.is_some() || notes.own_hint.is_some();
        match (has_hint, notes.problem.is_some()) {
            (true, true) => self.attr_of(Attr::AriaDescribedby, &[id, "-problem ", id, "-hint"]),
            (true, false) => self.attr_of(Attr::AriaDescribedby, &[id, "-hint"]),
            (false, true) => self.attr_of(Attr::AriaDescribedby, &[id, "-problem"]),
            (false, false) => {}
        }
        if notes.problem.is_some() {
            self.word(Attr::AriaInvalid, "true");
        }
    }

    fn notes(&mut self, id: &str, notes: &Notes<'_>) {
        if notes.hint.is_some() || notes.own_hint.is_some() {
            self.el(Tag::P, "hint");
            self.attr_of(Attr::Id, &[id, "-hint"]);
            if let Some(hint) = notes.hint {
                self.say(hint);
            } else if let Some(hint) = notes.own_hint {
                let hint = self.own(hint);
                self.text(&hint);
            }
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

    fn field(&mut self, field: &FieldNode, context: Context<'a>) {
        let id = self.field_id(field.name, context);
        let notes = Notes { hint: field.hint.as_ref(), own_hint: None, problem: field.problem.as_ref() };
        self.el(Tag::Div, "field");
        self.label(&id, &field.label);
        let area = field.kind == FieldKind::Area;
        self.open(if area { Tag::Textarea } else { Tag::Input });
        self.attr(Attr::Id, &id);
        self.attr(Attr::Name, self.string(field.name));
        let value = clean(self.start_value(field.value));
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
        self.described(&id, &notes);
        if area {
            self.text(&value);
        } else if !value.is_empty() {
            self.attr(Attr::Value, &value);
        }
        self.close();
        self.notes(&id, &notes);
        self.close();
    }

    fn composer(&mut self, composer: &ComposerNode, context: Context<'a>) {
        let id = self.field_id(composer.name, context);
        let notes = Notes { hint: None, own_hint: None, problem: composer.problem.as_ref() };
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
        let value = clean(self.start_value(composer.value));
        self.text(&value);
        self.close();
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

    fn choice(&mut self, choice: &ChoiceNode, children: u32, context: Context<'a>) {
        let id = self.field_id(choice.name, context);
        let select = choice.style == ChoiceStyle::Select;
        if select {
            self.el(Tag::Div, "choice");
            self.label(&id, &choice.label);
            self.open(Tag::Select);
            self.attr(Attr::Id, &id);
            self.attr(Attr::Name, self.string(choice.name));
            self.flag_if(Attr::Required, choice.required);
        } else {
            self.el(Tag::Fieldset, "choice");
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

    /// A line with names or tags; the runtime may offer more (`data-o`).
    fn pick(&mut self, pick: &PickNode, what: &str, hint: OwnText, context: Context<'a>) {
        let id = self.field_id(pick.name, context);
        let notes = Notes { hint: None, own_hint: Some(hint), problem: None };
        self.el(Tag::Div, "field pick");
        self.label(&id, &pick.label);
        self.open(Tag::Input);
        self.attr(Attr::Id, &id);
        self.attr(Attr::Name, self.string(pick.name));
        self.word(Attr::Type, "text");
        self.word(Attr::Autocomplete, "off");
        self.attr(Attr::DataO, what);
        self.attr_number(Attr::Max, u64::from(pick.maximum));
        self.described(&id, &notes);
        if let Some(value) = pick.value {
            self.attr(Attr::Value, &clean(self.string(value)));
        }
        self.close();
        self.notes(&id, &notes);
        self.close();
    }

    fn upload(&mut self, upload: &UploadNode, context: Context<'a>) {
        let id = self.field_id(upload.name, context);
        self.el(Tag::Div, "field upload");
        self.label(&id, &upload.label);
        self.open(Tag::Input);
        self.attr(Attr::Id, &id);
        self.attr(Attr::Name, self.string(upload.name));
        self.word(Attr::Type, "file");
        self.flag_if(Attr::Multiple, upload.maximum > 1);
        self.close();
        let kilobytes = i64::try_from(upload.size_bytes / 1024).unwrap_or(i64::MAX);
        let size = self.lookup.own_number(OwnText::Kilobytes, kilobytes);
        self.text_el(Tag::P, "hint", &size);
        self.close();
    }
}
