//! A view as JSON: for programs that want to know what a page shows.

use super::lookup::PostState;
use super::{Lookup, OwnText, push_number, resolve};
use crate::check::{DEPTH_MAX, clean};
use crate::nodes::{Kind, Node, RichSource, Target, View, Words};

/// A view as nested JSON objects: `kind`, then what it says in the reader's language, then `children`.
/// Instants are strings of microseconds, since JSON numbers hold them badly.
#[must_use]
pub fn json<L: Lookup + ?Sized>(view: &View, lookup: &L) -> String {
    let mut json = Json { view, lookup, at: 0, out: String::with_capacity(view.nodes.len() * 120) };
    json.node(0);
    json.out
}

struct Json<'a, L: ?Sized> {
    view: &'a View,
    lookup: &'a L,
    at: usize,
    out: String,
}

impl<'a, L: Lookup + ?Sized> Json<'a, L> {
    fn node(&mut self, depth: usize) {
        let Some(node) = self.view.nodes.get(self.at) else {
            self.out.push_str("null");
            return;
        };
        self.at += 1;
        self.out.push_str("{\"kind\":");
        push_string(&mut self.out, kind_name(&node.kind));
        self.names(node);
        self.fields(&node.kind);
        if node.children > 0 && depth < DEPTH_MAX {
            self.out.push_str(",\"children\":[");
            for place in 0..node.children {
                if self.at >= self.view.nodes.len() {
                    break;
                }
                if place > 0 {
                    self.out.push(',');
                }
                self.node(depth + 1);
            }
            self.out.push(']');
        }
        self.out.push('}');
    }

    fn names(&mut self, node: &Node) {
        if let Some(key) = node.key {
            self.string("key", key);
        }
        if let Some(subject) = node.subject {
            self.string("subject", subject);
        }
    }

    #[expect(
        clippy::too_many_lines,
        reason = "a table of all kinds: whole, so that a new one cannot be forgotten"
    )]
    fn fields(&mut self, kind: &Kind) {
        match kind {
            Kind::Section(section) => self.maybe_words("text", section.heading.as_ref()),
            Kind::Disclosure(disclosure) => self.words("text", &disclosure.summary),
            Kind::Tab(tab) => {
                self.words("text", &tab.title);
                self.boolean("selected", tab.selected);
                self.navigation(tab.navigation);
            }
            Kind::Dialog(dialog) => self.words("text", &dialog.title),
            Kind::Text(text) => self.words("text", &text.words),
            Kind::Heading(heading) => self.words("text", &heading.words),
            Kind::Rich(source) => self.rich(*source),
            Kind::Time(time) => self.instant("at", time.at),
            Kind::Number(number) => {
                self.number("value", number.value);
                self.maybe_words("text", number.label.as_ref());
            }
            Kind::Person(person) => self.person("person", person.person),
            Kind::AvatarStack(stack) => {
                self.words("text", &stack.label);
                self.number("more", stack.more.into());
            }
            Kind::Badge(badge) => self.words("text", &badge.words),
            Kind::Icon(icon) => self.maybe_words("text", icon.label.as_ref()),
            Kind::Link(link) => {
                self.words("text", &link.words);
                self.target(link.target);
                self.boolean("current", link.current);
            }
            Kind::QuoteLink(quote) => {
                self.words("text", &quote.title);
                self.maybe_words("excerpt", quote.excerpt.as_ref());
                self.target(quote.target);
            }
            Kind::Code(code) => self.string("text", code.text),
            Kind::Table(table) => self.words("text", &table.caption),
            Kind::Cell(cell) => self.boolean("header", cell.header),
            Kind::Meter(meter) => {
                self.words("text", &meter.words);
                self.number("value", meter.value.into());
                self.number("maximum", meter.maximum.into());
            }
            Kind::Stat(stat) => {
                self.words("text", &stat.label);
                self.number("value", stat.value);
            }
            Kind::Notice(notice) => self.words("text", &notice.words),
            Kind::Empty(empty) => self.words("text", &empty.words),
            Kind::Feed(feed) => {
                self.words("text", &feed.label);
                if let Some(total) = feed.total {
                    self.number("total", total.into());
                }
            }
            Kind::Post(post) => {
                self.string("entry", post.entry);
                if let Some(author) = post.author {
                    self.person("author", author);
                }
                self.instant("at", post.at);
                if let Some(edited_at) = post.edited_at {
                    self.instant("edited_at", edited_at);
                }
                self.name("state");
                let facts = self.lookup.post(self.pooled(post.entry));
                push_string(&mut self.out, state_name(facts.state));
                self.boolean("pinned", post.pinned);
                self.navigation(post.permalink);
                if let Some(body) = post.body {
                    self.rich(body);
                }
            }
            Kind::Replies(replies) => self.number("count", replies.count.into()),
            Kind::Toggle(toggle) => {
                self.words("text", &toggle.words);
                self.string("verb", toggle.verb);
                self.boolean("on", toggle.on);
                if let Some(count) = toggle.count {
                    self.number("count", count.into());
                }
                self.maybe_words("disabled", toggle.disabled.as_ref());
            }
            Kind::Reactions(reactions) => {
                self.words("text", &reactions.label);
                self.string("verb", reactions.verb);
            }
            Kind::Reaction(reaction) => {
                self.words("text", &reaction.words);
                self.string("value", reaction.value);
                self.number("count", reaction.count.into());
                self.boolean("mine", reaction.mine);
            }
            Kind::Vote(vote) => {
                self.number("score", vote.score.into());
                self.number("mine", vote.mine.into());
                self.string("verb", vote.verb);
                self.boolean("down", vote.down);
                self.maybe_words("disabled", vote.disabled.as_ref());
            }
            Kind::Button(button) => {
                self.words("text", &button.words);
                self.string("verb", button.verb);
                if let Some(value) = button.value {
                    self.string("value", value);
                }
                self.maybe_words("confirm", button.confirm.as_ref());
                self.maybe_words("disabled", button.disabled.as_ref());
            }
            Kind::Form(form) => {
                self.words("text", &form.submit);
                self.string("verb", form.verb);
            }
            Kind::Field(field) => {
                self.words("text", &field.label);
                self.string("name", field.name);
                self.boolean("required", field.required);
                self.maybe_words("problem", field.problem.as_ref());
            }
            Kind::Composer(composer) => {
                self.words("text", &composer.label);
                self.string("name", composer.name);
                self.number("maximum", composer.maximum.into());
                self.maybe_words("problem", composer.problem.as_ref());
            }
            Kind::Choice(choice) => {
                self.words("text", &choice.label);
                self.string("name", choice.name);
                self.maybe_words("problem", choice.problem.as_ref());
            }
            Kind::ChoiceOption(option) => {
                self.words("text", &option.words);
                self.string("value", option.value);
                self.boolean("selected", option.selected);
            }
            Kind::PickPeople(pick) | Kind::PickTags(pick) => {
                self.words("text", &pick.label);
                self.string("name", pick.name);
                self.number("maximum", pick.maximum.into());
                self.maybe_words("problem", pick.problem.as_ref());
            }
            Kind::Hidden(hidden) => {
                self.string("name", hidden.name);
                self.string("value", hidden.value);
            }
            Kind::Extension(extension) => self.string("name", extension.name),
            Kind::Menu(menu) => {
                self.words("text", &menu.label);
                if let Some(closed) = menu.closed {
                    self.navigation(closed);
                }
            }
            Kind::More(more) => {
                self.words("text", &more.words);
                self.navigation(more.navigation);
                self.boolean("newer", more.newer);
            }
            Kind::Share(share) => {
                self.words("text", &share.words);
                self.navigation(share.navigation);
            }
            // What these are is all that they say.
            Kind::Stack(_)
            | Kind::Row(_)
            | Kind::Grid(_)
            | Kind::Listing(_)
            | Kind::Item
            | Kind::Divider
            | Kind::Tabs
            | Kind::Card(_)
            | Kind::TableRow
            | Kind::Skeleton(_) => {}
        }
    }

    fn name(&mut self, name: &str) {
        self.out.push_str(",\"");
        self.out.push_str(name);
        self.out.push_str("\":");
    }

    fn text(&mut self, name: &str, text: &str) {
        self.name(name);
        push_string(&mut self.out, text);
    }

    fn string(&mut self, name: &str, index: u32) {
        let text = self.pooled(index);
        self.text(name, text);
    }

    fn pooled(&self, index: u32) -> &'a str {
        self.view.strings.get(index as usize).map_or("", String::as_str)
    }

    fn words(&mut self, name: &str, words: &Words) {
        let text = resolve(self.view, self.lookup, words);
        self.text(name, &text);
    }

    fn maybe_words(&mut self, name: &str, words: Option<&Words>) {
        if let Some(words) = words {
            self.words(name, words);
        }
    }

    fn boolean(&mut self, name: &str, value: bool) {
        self.name(name);
        self.out.push_str(if value { "true" } else { "false" });
    }

    fn number(&mut self, name: &str, value: i64) {
        self.name(name);
        if value < 0 {
            self.out.push('-');
        }
        push_number(&mut self.out, value.unsigned_abs(), 1);
    }

    fn instant(&mut self, name: &str, at: u64) {
        self.name(name);
        self.out.push('"');
        push_number(&mut self.out, at, 1);
        self.out.push('"');
    }

    fn person(&mut self, name: &str, id: u32) {
        let id = self.pooled(id);
        let shown = match self.lookup.person(id) {
            Some(person) => clean(person.name),
            None => self.lookup.own(OwnText::FormerMember),
        };
        self.name(name);
        self.out.push_str("{\"id\":");
        push_string(&mut self.out, id);
        self.text("name", &shown);
        self.out.push('}');
    }

    fn navigation(&mut self, index: u32) {
        let changes = self.view.navigations.get(index as usize).map_or(&[][..], Vec::as_slice);
        let changes: Vec<_> =
            changes.iter().map(|change| (self.pooled(change.name), self.pooled(change.value))).collect();
        let mut parameters = String::new();
        self.lookup.parameters(&changes, &mut parameters);
        self.text("p", &parameters);
    }

    fn target(&mut self, target: Target) {
        match target {
            Target::Navigation(index) => self.navigation(index),
            Target::Outside(url) => self.string("href", url),
        }
    }

    fn rich(&mut self, source: RichSource) {
        let text = match source {
            RichSource::Entry(entry) => self.lookup.source(self.pooled(entry)).unwrap_or_default(),
            RichSource::Markdown(text) => self.pooled(text),
        };
        let text = clean(text);
        self.text("markdown", &text);
    }
}

/// Appends a JSON string (RFC 8259, section 7).
fn push_string(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            // Not needed in JSON, but then the text is harmless inside a page, too.
            '<' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' | '\u{7f}' => push_escape(out, c),
            _ => out.push(c),
        }
    }
    out.push('"');
}

fn push_escape(out: &mut String, c: char) {
    out.push_str("\\u");
    for shift in [12, 8, 4, 0] {
        out.push(char::from_digit(u32::from(c) >> shift & 15, 16).unwrap_or('0'));
    }
}

/// The name of a kind, as the contract writes it.
const fn kind_name(kind: &Kind) -> &'static str {
    match kind {
        Kind::Section(_) => "section",
        Kind::Stack(_) => "stack",
        Kind::Row(_) => "row",
        Kind::Grid(_) => "grid",
        Kind::Listing(_) => "listing",
        Kind::Item => "item",
        Kind::Divider => "divider",
        Kind::Disclosure(_) => "disclosure",
        Kind::Tabs => "tabs",
        Kind::Tab(_) => "tab",
        Kind::Dialog(_) => "dialog",
        Kind::Card(_) => "card",
        Kind::Text(_) => "text",
        Kind::Heading(_) => "heading",
        Kind::Rich(_) => "rich",
        Kind::Time(_) => "time",
        Kind::Number(_) => "number",
        Kind::Person(_) => "person",
        Kind::AvatarStack(_) => "avatar-stack",
        Kind::Badge(_) => "badge",
        Kind::Icon(_) => "icon",
        Kind::Link(_) => "link",
        Kind::QuoteLink(_) => "quote-link",
        Kind::Code(_) => "code",
        Kind::Table(_) => "table",
        Kind::TableRow => "table-row",
        Kind::Cell(_) => "cell",
        Kind::Meter(_) => "meter",
        Kind::Stat(_) => "stat",
        Kind::Notice(_) => "notice",
        Kind::Empty(_) => "empty",
        Kind::Skeleton(_) => "skeleton",
        Kind::Feed(_) => "feed",
        Kind::Post(_) => "post",
        Kind::Replies(_) => "replies",
        Kind::Toggle(_) => "toggle",
        Kind::Reactions(_) => "reactions",
        Kind::Reaction(_) => "reaction",
        Kind::Vote(_) => "vote",
        Kind::Button(_) => "button",
        Kind::Menu(_) => "menu",
        Kind::More(_) => "more",
        Kind::Share(_) => "share",
        Kind::Form(_) => "form",
        Kind::Field(_) => "field",
        Kind::Composer(_) => "composer",
        Kind::Choice(_) => "choice",
        Kind::ChoiceOption(_) => "choice-option",
        Kind::Extension(_) => "extension",
        Kind::PickPeople(_) => "pick-people",
        Kind::PickTags(_) => "pick-tags",
        Kind::Hidden(_) => "hidden",
    }
}

const fn state_name(state: PostState) -> &'static str {
    match state {
        PostState::Visible => "visible",
        PostState::Held => "held",
        PostState::Rejected => "rejected",
        PostState::Deleted => "deleted",
        PostState::Removed => "removed",
    }
}
