//! The renderer: a checked view -> DOM events.
//!
//! It writes to a [`Sink`]: [`Html`] makes text, [`crate::tree::Tree`] a tree to be compared; tests hold that a page and
//! a patched page are equal. It gives only nesting that an HTML parser keeps as it is. All that
//! people wrote goes through [`crate::check::clean`] and stands in its own writing direction.
//!
//! Absent on purpose: raw HTML, style, script, and any name of an element or attribute outside the tables.

mod content;
mod html;
mod input;
mod json;
mod kinds;
mod lookup;
mod own;
mod social;

use std::borrow::Cow;

use crate::check::{DEPTH_MAX, clean, printable};
use crate::nodes::{ArgumentValue, IconName, NavigationIndex, Target, View, Words};
use crate::ops::{Attr, Tag};
use crate::rich::Rich;
pub use html::Html;
pub use json::json;
pub use lookup::{Argument, Lookup, PERSON, Person, PostFacts, PostState, Role};
pub use own::OwnText;

/// Takes DOM events in document order.
pub trait Sink {
    /// An element begins; its attributes follow, then its children.
    fn open(&mut self, tag: Tag);
    /// An attribute of the element opened last.
    fn attr(&mut self, name: Attr, value: &str);
    /// An attribute whose value is a word of the renderer: not empty, nothing in it that HTML would take for its own.
    fn word(&mut self, name: Attr, value: &'static str) {
        self.attr(name, value);
    }
    /// An attribute without a value of the element opened last.
    fn flag(&mut self, name: Attr);
    /// A name of the element opened last that stays with the thing; only the differ sees it.
    fn key(&mut self, key: &str);
    /// Text; never empty.
    fn text(&mut self, text: &str);
    /// Whether it takes finished HTML.
    fn takes_html(&self) -> bool {
        false
    }
    /// Finished HTML of this renderer: whole elements, in one piece or several.
    fn html(&mut self, _html: &str) {}
    /// The element opened last ends.
    fn close(&mut self);
}

/// Draws a view. Meant for views that passed [`crate::check::check`]; another one is drawn as far as it makes
/// sense, without panicking.
pub fn render<L: Lookup + ?Sized, S: Sink>(view: &View, lookup: &L, sink: &mut S) {
    let mut renderer = Renderer::new(view, lookup, sink);
    renderer.el(Tag::Div, "view");
    renderer.attr(Attr::Lang, lookup.lang());
    if !lookup.dir().is_empty() {
        renderer.attr(Attr::Dir, lookup.dir());
    }
    renderer.node(Context::default());
    renderer.act_form();
    renderer.close();
}

/// A view as HTML.
#[must_use]
pub fn html<L: Lookup + ?Sized>(view: &View, lookup: &L) -> String {
    let mut html = Html::with_capacity(view.nodes.len() * 320 + 4096);
    render(view, lookup, &mut html);
    html.finish()
}

/// Draws a rich text alone, as `<div class="rich">`: the preview of a composer.
pub fn render_rich<L: Lookup + ?Sized, S: Sink>(rich: &Rich, lookup: &L, sink: &mut S) {
    Renderer::new(&View::default(), lookup, sink).rich(rich);
}

/// What a node inherits.
#[derive(Clone, Copy, Debug, Default)]
struct Context<'a> {
    /// What verbs are done to.
    subject: Option<&'a str>,
    /// The verb of the form around.
    form: Option<&'a str>,
    /// How many sections are around.
    sections: u8,
    /// Whether this is the first row of a table.
    first_row: bool,
}

struct Renderer<'a, L: ?Sized, S> {
    view: &'a View,
    lookup: &'a L,
    sink: &'a mut S,
    at: usize,
    depth: usize,
    key: Option<&'a str>,
    scratch: String,
    /// The changes of the link that is being drawn.
    changes: Vec<(&'a str, &'a str)>,
    headings: u32,
    /// How many replies were told lately, with the words for it: a page says the same few again and again.
    replies: Vec<(u32, Cow<'a, str>)>,
    /// Whether anything can be done outside of forms.
    acts: bool,
    /// Whether a composer stands in the form that is being drawn.
    composes: bool,
    /// The names of the fields so far in the form that is being drawn.
    fields: Vec<&'a str>,
    /// The renderer's own texts as far as they were asked for and are the host's to lend.
    owns: [Option<&'a str>; OwnText::ALL.len()],
    /// The labels asked for lately, by their index.
    labels: [(u32, &'a str); LABELS_KEPT],
}

/// Posts ask for the same few labels again and again. A power of two.
const LABELS_KEPT: usize = 32;
/// The index of no label.
const NO_LABEL: u32 = u32::MAX;

impl<'a, L: Lookup + ?Sized, S: Sink> Renderer<'a, L, S> {
    fn new(view: &'a View, lookup: &'a L, sink: &'a mut S) -> Self {
        let scratch = String::with_capacity(128);
        Self {
            view,
            lookup,
            sink,
            at: 0,
            depth: 0,
            key: None,
            scratch,
            changes: Vec::new(),
            headings: 0,
            replies: Vec::new(),
            acts: false,
            composes: false,
            fields: Vec::new(),
            owns: [None; OwnText::ALL.len()],
            labels: [(NO_LABEL, ""); LABELS_KEPT],
        }
    }

    /// Draws the node at `self.at` with all below it.
    fn node(&mut self, context: Context<'a>) {
        let Some(node) = self.view.nodes.get(self.at) else { return };
        self.at += 1;
        if self.depth >= DEPTH_MAX {
            self.skip(node.children);
            return;
        }
        self.depth += 1;
        self.key = node.key.map(|key| self.string(key));
        let subject = node.subject.map(|subject| self.string(subject)).or(context.subject);
        let context = Context { subject, ..context };
        self.kind(&node.kind, node.children, context);
        self.depth -= 1;
    }

    fn children(&mut self, count: u32, context: Context<'a>) {
        for _ in 0..count {
            if self.at >= self.view.nodes.len() {
                return;
            }
            self.node(context);
        }
    }

    /// Passes `count` nodes with all below them.
    fn skip(&mut self, count: u32) {
        let mut left = u64::from(count);
        while left > 0 {
            let Some(node) = self.view.nodes.get(self.at) else { return };
            self.at += 1;
            left = left - 1 + u64::from(node.children);
        }
    }

    fn open(&mut self, tag: Tag) {
        self.sink.open(tag);
        if let Some(key) = self.key.take() {
            self.sink.key(key);
        }
    }

    /// An element with a class.
    fn el(&mut self, tag: Tag, class: &'static str) {
        self.open(tag);
        self.sink.word(Attr::Class, class);
    }

    fn word(&mut self, name: Attr, value: &'static str) {
        self.sink.word(name, value);
    }

    fn attr(&mut self, name: Attr, value: &str) {
        self.sink.attr(name, value);
    }

    /// An attribute whose value is put together.
    fn attr_of(&mut self, name: Attr, parts: &[&str]) {
        self.scratch.clear();
        for part in parts {
            self.scratch.push_str(part);
        }
        self.sink.attr(name, &self.scratch);
    }

    fn attr_number(&mut self, name: Attr, number: u64) {
        self.scratch.clear();
        push_number(&mut self.scratch, number, 1);
        self.sink.attr(name, &self.scratch);
    }

    /// An id made of a prefix and a number.
    fn attr_id(&mut self, name: Attr, prefix: &str, number: u32) {
        self.scratch.clear();
        self.scratch.push_str(prefix);
        push_number(&mut self.scratch, u64::from(number), 1);
        self.sink.attr(name, &self.scratch);
    }

    fn flag_if(&mut self, name: Attr, on: bool) {
        if on {
            self.sink.flag(name);
        }
    }

    fn text(&mut self, text: &str) {
        if !text.is_empty() {
            self.sink.text(text);
        }
    }

    fn close(&mut self) {
        self.sink.close();
    }

    /// An element with a class and a text.
    fn text_el(&mut self, tag: Tag, class: &'static str, text: &str) {
        self.el(tag, class);
        self.text(text);
        self.close();
    }

    fn own_el(&mut self, tag: Tag, class: &'static str, text: OwnText) {
        let text = self.own(text);
        self.text_el(tag, class, &text);
    }

    /// An element with a class and words; somebody's own words in their own direction.
    fn say_el(&mut self, tag: Tag, class: &'static str, words: &Words) {
        self.el(tag, class);
        self.say(words);
        self.close();
    }

    /// Words as all there is in the element opened last, which is not closed.
    fn say(&mut self, words: &Words) {
        let text = self.resolve(words);
        if matches!(words, Words::Literal(_)) {
            self.word(Attr::Dir, "auto");
        }
        self.text(&text);
    }

    /// Words beside others.
    fn say_inline(&mut self, words: &Words) {
        let text = self.resolve(words);
        if matches!(words, Words::Literal(_)) {
            self.isolated(&text);
        } else {
            self.text(&text);
        }
    }

    fn isolated(&mut self, text: &str) {
        self.open(Tag::Bdi);
        self.text(text);
        self.close();
    }

    fn say_attr(&mut self, name: Attr, words: &Words) {
        let text = self.resolve(words);
        self.attr(name, &text);
    }

    fn own_attr(&mut self, name: Attr, text: OwnText) {
        let text = self.own(text);
        self.attr(name, &text);
    }

    fn string(&self, index: u32) -> &'a str {
        self.view.strings.get(index as usize).map_or("", String::as_str)
    }

    fn resolve(&mut self, words: &Words) -> Cow<'a, str> {
        let Words::Label(index) = *words else { return resolve(self.view, self.lookup, words) };
        let place = index as usize % LABELS_KEPT;
        if let Some((kept, text)) = self.labels.get(place)
            && *kept == index
        {
            return Cow::Borrowed(*text);
        }
        let text = resolve(self.view, self.lookup, words);
        if let (Cow::Borrowed(text), Some(kept)) = (&text, self.labels.get_mut(place)) {
            *kept = (index, *text);
        }
        text
    }

    /// One of the renderer's own texts.
    fn own(&mut self, text: OwnText) -> Cow<'a, str> {
        let place = text as usize;
        if let Some(kept) = self.owns.get(place).copied().flatten() {
            return Cow::Borrowed(kept);
        }
        let text = self.lookup.own(text);
        if let (Cow::Borrowed(text), Some(kept)) = (&text, self.owns.get_mut(place)) {
            *kept = Some(*text);
        }
        text
    }

    fn svg(&mut self, path: &'static str) {
        if self.sink.takes_html() {
            // Two of these stand at each post, and are always the same.
            self.sink.html("<svg class=\"icon\" viewBox=\"0 0 24 24\" aria-hidden=\"true\"><path d=\"");
            self.sink.html(path);
            self.sink.html("\"/></svg>");
            return;
        }
        self.el(Tag::Svg, "icon");
        self.word(Attr::ViewBox, "0 0 24 24");
        self.word(Attr::AriaHidden, "true");
        self.path(path);
    }

    /// The lines of a picture, and its end.
    fn path(&mut self, path: &'static str) {
        self.open(Tag::Path);
        self.word(Attr::D, path);
        self.close();
        self.close();
    }

    fn icon(&mut self, name: IconName) {
        self.svg(own::icon(name));
    }

    /// The address of a link that stays in the view.
    fn here(&mut self, navigation: NavigationIndex, context: Context<'a>) {
        let changes = self.view.navigations.get(navigation as usize).map_or(&[][..], Vec::as_slice);
        self.changes.clear();
        for change in changes {
            let (name, value) = (self.string(change.name), self.string(change.value));
            self.changes.push((name, value));
        }
        self.scratch.clear();
        self.lookup.address(&self.changes, context.subject, &mut self.scratch);
        self.sink.attr(Attr::Href, &self.scratch);
    }

    /// Opens a link, or a `span` where the address is not one that may be followed.
    fn open_link(&mut self, target: &Target, class: &'static str, context: Context<'a>) {
        match *target {
            Target::Navigation(navigation) => {
                self.el(Tag::A, class);
                self.here(navigation, context);
            }
            Target::Outside(url) if crate::check::is_safe_url(self.string(url)) => {
                self.el(Tag::A, class);
                self.attr(Attr::Href, self.string(url));
                if self.lookup.is_elsewhere(self.string(url)) {
                    self.word(Attr::Rel, "nofollow noopener");
                    self.own_attr(Attr::Title, OwnText::Elsewhere);
                }
            }
            Target::Outside(_) => self.el(Tag::Span, class),
        }
    }

    /// The attributes of a button that does a verb through the view's small form: the verb, the token for it, what
    /// it is done to (may be empty) and the parts of a value where there is one, with a space between.
    fn act(&mut self, context: Context<'a>, verb: &str, value: &[&str]) {
        self.acts = true;
        self.word(Attr::Form, "act");
        self.word(Attr::Name, "do");
        self.scratch.clear();
        self.scratch.push_str(verb);
        self.scratch.push(' ');
        self.lookup.token(context.subject, verb, &mut self.scratch);
        self.scratch.push(' ');
        self.scratch.push_str(context.subject.unwrap_or_default());
        for part in value {
            self.scratch.push(' ');
            self.scratch.push_str(&printable(Cow::Borrowed(part)));
        }
        self.sink.attr(Attr::Value, &self.scratch);
    }

    /// The small form of all buttons outside of forms; nothing where there are none.
    fn act_form(&mut self) {
        if self.acts {
            self.el(Tag::Form, "act");
            self.word(Attr::Id, "act");
            self.form_head();
            self.close();
        }
    }

    /// How and where a form is sent.
    fn form_head(&mut self) {
        self.word(Attr::Method, "post");
        if !self.lookup.act_url().is_empty() {
            self.attr(Attr::Action, self.lookup.act_url());
        }
    }

    fn hidden_input(&mut self, name: &str, value: &str) {
        self.open(Tag::Input);
        self.word(Attr::Type, "hidden");
        self.attr(Attr::Name, name);
        self.form_value(value);
        self.close();
    }

    /// A value that goes back to the plugin: as it is, but for control characters, which a parser would change.
    fn form_value(&mut self, value: &str) {
        let value = printable(Cow::Borrowed(value));
        self.attr(Attr::Value, &value);
    }
}

/// Words as the reader sees them.
fn resolve<'a, L: Lookup + ?Sized>(view: &'a View, lookup: &'a L, words: &Words) -> Cow<'a, str> {
    let string = |index: u32| view.strings.get(index as usize).map_or("", String::as_str);
    let index = match *words {
        Words::Literal(index) => return clean(string(index)),
        Words::Label(index) => return printable(lookup.label(string(index))),
        Words::Message(index) => index,
    };
    let Some(message) = view.messages.get(index as usize) else { return Cow::Borrowed("") };
    let person = |id| match lookup.person(string(id)) {
        Some(person) => clean(person.name),
        None => lookup.own(OwnText::FormerMember),
    };
    let mut arguments = Vec::with_capacity(message.arguments.len());
    for argument in &message.arguments {
        let value = match argument.value {
            ArgumentValue::Text(text) => Argument::Text(clean(string(text))),
            ArgumentValue::Number(number) => Argument::Number(number),
            ArgumentValue::Person(id) => Argument::Person(person(id)),
            ArgumentValue::Time(at) => Argument::Time(at),
        };
        arguments.push((string(argument.name), value));
    }
    printable(lookup.message(string(message.id), &arguments))
}

/// Appends a number with at least `width` digits, quicker than the formatting of the library.
pub fn push_number(out: &mut String, number: u64, width: usize) {
    let mut digits = [b'0'; 20];
    let mut rest = number;
    let mut start = digits.len();
    for (place, digit) in digits.iter_mut().enumerate().rev() {
        *digit = b'0' + u8::try_from(rest % 10).unwrap_or(0);
        rest /= 10;
        start = place;
        if rest == 0 {
            break;
        }
    }
    let start = start.min(digits.len() - width);
    out.push_str(digits.get(start..).and_then(|digits| std::str::from_utf8(digits).ok()).unwrap_or_default());
}
