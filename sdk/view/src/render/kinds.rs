//! What each kind of node is drawn with.

use super::content::{align_class, gap_class, shape_class, text_class, tone_class};
use super::input::Picks;
use super::{Context, Lookup, Renderer, Sink};
use crate::nodes::Kind;
use crate::ops::{Attr, Tag};

impl<'a, L: Lookup + ?Sized, S: Sink> Renderer<'a, L, S> {
    #[expect(
        clippy::too_many_lines,
        reason = "a table of all kinds: whole, so that a new one cannot be forgotten"
    )]
    pub(super) fn kind(&mut self, kind: &'a Kind, children: u32, context: Context<'a>) {
        match kind {
            Kind::Section(section) => self.section(section, children, context),
            Kind::Stack(stack) => {
                self.el_with(Tag::Div, "stack", gap_class(stack.gap), "");
                self.hold(children, context);
            }
            Kind::Row(row) => {
                self.el_with(Tag::Div, "row", gap_class(row.gap), align_class(row.align));
                self.hold(children, context);
            }
            Kind::Grid(grid) => {
                self.grid(grid.min_column);
                self.hold(children, context);
            }
            Kind::Listing(list) => {
                self.el(if list.ordered { Tag::Ol } else { Tag::Ul }, "list");
                self.word(Attr::Role, "list");
                self.hold(children, context);
            }
            Kind::Item => {
                self.el(Tag::Li, "item");
                self.hold(children, context);
            }
            Kind::Divider => {
                self.open(Tag::Hr);
                self.end(children);
            }
            Kind::Disclosure(disclosure) => {
                self.disclosure(disclosure);
                self.hold(children, context);
            }
            Kind::Tabs => self.tabs(children, context),
            Kind::Tab(tab) => {
                self.el(Tag::Section, "tab");
                self.say_attr(Attr::AriaLabel, &tab.title);
                self.hold(children, context);
            }
            Kind::Dialog(dialog) => self.dialog(dialog, children, context),
            Kind::Card(card) => {
                self.el_with(Tag::Div, "card", tone_class(card.tone), "");
                self.hold(children, context);
            }
            Kind::Text(text) => {
                self.el(Tag::P, text_class(text.emphasis));
                self.say(&text.words);
                self.end(children);
            }
            Kind::Heading(heading) => {
                self.heading(heading);
                self.skip(children);
            }
            Kind::Rich(source) => {
                self.rich_source(source);
                self.skip(children);
            }
            Kind::Time(time) => {
                self.time(time.at, time.style);
                self.skip(children);
            }
            Kind::Number(number) => {
                self.number(number.value, number.label.as_ref());
                self.skip(children);
            }
            Kind::Person(person) => {
                self.person(person);
                self.skip(children);
            }
            Kind::AvatarStack(stack) => self.avatars(stack, children),
            Kind::Badge(badge) => {
                self.badge(badge);
                self.skip(children);
            }
            Kind::Icon(icon) => {
                self.icon_node(icon);
                self.skip(children);
            }
            Kind::Link(link) => {
                self.link(link, context);
                self.skip(children);
            }
            Kind::QuoteLink(quote) => {
                self.quote_link(quote, context);
                self.skip(children);
            }
            Kind::Code(code) => {
                let language = code.language.map(|language| self.string(language));
                self.code_block(self.string(code.text), language);
                self.skip(children);
            }
            Kind::Table(table) => self.table(&table.caption, children, context),
            Kind::TableRow => {
                self.open(Tag::Tr);
                self.hold(children, context);
            }
            Kind::Cell(cell) => {
                self.cell(cell, context);
                self.hold(children, context);
            }
            Kind::Meter(meter) => {
                self.meter(meter);
                self.skip(children);
            }
            Kind::Stat(stat) => {
                self.stat(stat);
                self.skip(children);
            }
            Kind::Notice(notice) => {
                self.notice(notice.tone, &notice.words, children);
                self.hold(children, context);
            }
            Kind::Empty(empty) => {
                self.el(Tag::Div, "empty");
                self.open(Tag::P);
                self.say(&empty.words);
                self.close();
                self.hold(children, context);
            }
            Kind::Skeleton(skeleton) => {
                self.el(Tag::Div, shape_class(skeleton.shape));
                self.word(Attr::AriaHidden, "true");
                self.end(children);
            }
            Kind::Feed(feed) => {
                self.feed(feed);
                self.hold(children, context);
            }
            Kind::Post(post) => self.post(post, children, context),
            Kind::Replies(replies) => self.replies(replies, children, context),
            Kind::Toggle(toggle) => {
                self.toggle(toggle, context);
                self.skip(children);
            }
            Kind::Reactions(reactions) => self.reactions(reactions, children, context),
            Kind::Vote(vote) => {
                self.vote(vote, context);
                self.skip(children);
            }
            Kind::Button(button) => {
                self.button(button, context);
                self.skip(children);
            }
            Kind::Menu(menu) => self.menu(menu, children, context),
            Kind::More(more) => {
                self.more(more, context);
                self.skip(children);
            }
            Kind::Share(share) => {
                self.share(share, context);
                self.skip(children);
            }
            Kind::Form(form) => self.form(form, children, context),
            Kind::Field(field) => {
                self.field(field, context);
                self.skip(children);
            }
            Kind::Composer(composer) => {
                self.composer(composer, context);
                self.skip(children);
            }
            Kind::Choice(choice) => self.choice(choice, children, context),
            Kind::PickPeople(pick) => self.pick(pick, Picks::People, children, context),
            Kind::PickTags(pick) => self.pick(pick, Picks::Tags, children, context),
            Kind::Hidden(hidden) => {
                let (name, value) = (self.string(hidden.name), self.string(hidden.value));
                self.hidden_input(name, value);
                self.skip(children);
            }
            Kind::Extension(_) => {
                self.el(Tag::Div, "extension");
                self.hold(children, context);
            }
            // Drawn by what holds them; alone they are nothing.
            Kind::Reaction(_) | Kind::ChoiceOption(_) => self.skip(children),
        }
    }

    /// The children of the element opened last, and its end.
    fn hold(&mut self, children: u32, context: Context<'a>) {
        self.children(children, context);
        self.close();
    }

    /// The end of an element that shows no children.
    fn end(&mut self, children: u32) {
        self.close();
        self.skip(children);
    }
}
