//! Draws structure and content.

use super::{Context, Html, Lookup, OwnText, Renderer, Sink};
use crate::check::clean;
use crate::nodes::{
    Align, AvatarStackNode, BadgeNode, CellNode, DialogNode, DisclosureNode, Emphasis, Gap, HeadingNode,
    IconNode, Instant, Kind, LinkNode, MeterNode, PersonNode, QuoteLinkNode, RichSource, SectionNode, Shape,
    StatNode, TimeStyle, Tone, View, Words,
};
use crate::ops::{Attr, Tag};
use crate::rich::{Part, Rich, Step};

/// The tag of a heading of this rank.
const fn heading_tag(rank: u8) -> Tag {
    match rank {
        0 | 1 => Tag::H1,
        2 => Tag::H2,
        3 => Tag::H3,
        4 => Tag::H4,
        5 => Tag::H5,
        _ => Tag::H6,
    }
}

/// The class of a gap; the usual one needs none.
pub(super) const fn gap_class(gap: Gap) -> &'static str {
    match gap {
        Gap::None => " gap-none",
        Gap::Small => " gap-small",
        Gap::Medium => "",
        Gap::Large => " gap-large",
    }
}

/// The class of how a row's children are placed; the usual one needs none.
pub(super) const fn align_class(align: Align) -> &'static str {
    match align {
        Align::Start => "",
        Align::Center => " align-center",
        Align::End => " align-end",
        Align::Between => " align-between",
    }
}

/// The classes of a text.
pub(super) const fn text_class(emphasis: Emphasis) -> &'static str {
    match emphasis {
        Emphasis::Normal => "text",
        Emphasis::Strong => "text strong",
        Emphasis::Muted => "text muted",
        Emphasis::Small => "text small",
    }
}

/// The classes of a place-holder.
pub(super) const fn shape_class(shape: Shape) -> &'static str {
    match shape {
        Shape::Line => "skeleton shape-line",
        Shape::Post => "skeleton shape-post",
        Shape::Button => "skeleton shape-button",
    }
}

/// The class of a tone; nothing special needs none.
pub(super) const fn tone_class(tone: Tone) -> &'static str {
    match tone {
        Tone::Neutral => "",
        Tone::Accent => " tone-accent",
        Tone::Ok => " tone-ok",
        Tone::Warn => " tone-warn",
        Tone::Danger => " tone-danger",
    }
}

impl<'a, L: Lookup + ?Sized, S: Sink> Renderer<'a, L, S> {
    /// An element with a class and modifiers, each either empty or with a space before it.
    pub(super) fn el_with(&mut self, tag: Tag, class: &'static str, modifier: &str, other: &str) {
        if modifier.is_empty() && other.is_empty() {
            return self.el(tag, class);
        }
        self.open(tag);
        self.attr_of(Attr::Class, &[class, modifier, other]);
    }

    pub(super) fn section(&mut self, section: &SectionNode, children: u32, context: Context<'a>) {
        self.el(Tag::Section, "section");
        let mut context = context;
        if let Some(heading) = &section.heading {
            let rank = self.lookup.heading_offset().saturating_add(1).saturating_add(context.sections);
            self.labelled_heading(rank, heading);
            context.sections = context.sections.saturating_add(1);
        }
        self.children(children, context);
        self.close();
    }

    /// Names the element opened last by the heading that becomes its first child.
    fn labelled_heading(&mut self, rank: u8, words: &Words) {
        self.headings += 1;
        let number = self.headings;
        self.attr_id(Attr::AriaLabelledby, "h-", number);
        self.el(heading_tag(rank), "heading");
        self.attr_id(Attr::Id, "h-", number);
        self.say(words);
        self.close();
    }

    pub(super) fn grid(&mut self, min_column: Gap) {
        let column = match min_column {
            Gap::None | Gap::Small => " column-small",
            Gap::Medium => "",
            Gap::Large => " column-large",
        };
        let items = matches!(self.view.nodes.get(self.at).map(|node| &node.kind), Some(Kind::Item));
        self.el_with(if items { Tag::Ul } else { Tag::Div }, "grid", column, "");
        if items {
            self.word(Attr::Role, "list");
        }
    }

    /// Links to all panels, then the one shown: it works without script, and the address tells which.
    pub(super) fn tabs(&mut self, children: u32, context: Context<'a>) {
        self.el(Tag::Div, "tabs");
        self.open(Tag::Nav);
        let first = self.at;
        let mut shown = first;
        for _ in 0..children {
            let Some(node) = self.view.nodes.get(self.at) else { break };
            if let Kind::Tab(tab) = &node.kind {
                self.open(Tag::A);
                self.here(tab.navigation, context);
                if tab.selected {
                    shown = self.at;
                    self.word(Attr::AriaCurrent, "true");
                }
                self.say(&tab.title);
                self.close();
            }
            self.skip(1);
        }
        self.close();
        let end = std::mem::replace(&mut self.at, shown);
        if children > 0 {
            self.node(context);
        }
        self.at = end;
        self.close();
    }

    pub(super) fn dialog(&mut self, dialog: &DialogNode, children: u32, context: Context<'a>) {
        self.el(Tag::Dialog, "dialog");
        self.sink.flag(Attr::Open);
        let rank = self.lookup.heading_offset().saturating_add(1).saturating_add(context.sections);
        self.labelled_heading(rank, &dialog.title);
        self.children(children, context);
        self.el(Tag::A, "button");
        self.here(dialog.dismiss, context);
        let close = self.own(OwnText::Close);
        self.text(&close);
        self.close();
        self.close();
    }

    pub(super) fn table(&mut self, caption: &Words, children: u32, context: Context<'a>) {
        self.el(Tag::Div, "scroll");
        self.word(Attr::Role, "region");
        self.word(Attr::Tabindex, "0");
        self.say_attr(Attr::AriaLabel, caption);
        self.el(Tag::Table, "table");
        self.open(Tag::Caption);
        self.say(caption);
        self.close();
        self.open(Tag::Tbody);
        for row in 0..children.min(4000) {
            self.children(1, Context { first_row: row == 0, ..context });
        }
        self.close();
        self.close();
        self.close();
    }

    /// One in which something can be done is no message: it would be read out again with every change in it.
    pub(super) fn notice(&mut self, tone: Tone, words: &Words, children: u32) {
        self.el_with(Tag::Div, "notice", tone_class(tone), "");
        let quiet = if children > 0 { "note" } else { "status" };
        self.word(Attr::Role, if tone == Tone::Danger { "alert" } else { quiet });
        self.open(Tag::P);
        self.say(words);
        self.close();
    }

    pub(super) fn avatars(&mut self, stack: &AvatarStackNode, children: u32) {
        self.el(Tag::Ul, "avatars");
        self.word(Attr::Role, "list");
        self.say_attr(Attr::AriaLabel, &stack.label);
        for _ in 0..children {
            let Some(node) = self.view.nodes.get(self.at) else { break };
            if let Kind::Person(person) = &node.kind {
                let name = self.name(self.string(person.person));
                self.open(Tag::Li);
                self.attr(Attr::Title, &name);
                let shown = self.lookup.person(self.string(person.person));
                self.avatar(shown);
                self.text_el(Tag::Span, "sr", &name);
                self.close();
            }
            self.skip(1);
        }
        if stack.more > 0 {
            let text = self.lookup.own_number(OwnText::MorePeople, i64::from(stack.more));
            self.text_el(Tag::Li, "more-people", &text);
        }
        self.close();
    }

    pub(super) fn disclosure(&mut self, disclosure: &DisclosureNode) {
        self.el(Tag::Details, "disclosure");
        self.flag_if(Attr::Open, disclosure.open);
        self.open(Tag::Summary);
        self.say(&disclosure.summary);
        self.close();
    }

    pub(super) fn cell(&mut self, cell: &CellNode, context: Context<'a>) {
        self.open(if cell.header { Tag::Th } else { Tag::Td });
        if cell.header {
            self.attr(Attr::Scope, if context.first_row { "col" } else { "row" });
        }
    }

    pub(super) fn heading(&mut self, heading: &HeadingNode) {
        let rank = self.lookup.heading_offset().saturating_add(heading.rank);
        self.say_el(heading_tag(rank), "heading", &heading.words);
    }

    pub(super) fn badge(&mut self, badge: &BadgeNode) {
        self.el_with(Tag::Span, "badge", tone_class(badge.tone), "");
        if let Some(icon) = badge.icon {
            self.icon(icon);
        }
        self.say_inline(&badge.words);
        self.close();
    }

    pub(super) fn icon_node(&mut self, icon: &IconNode) {
        let Some(label) = &icon.label else { return self.icon(icon.name) };
        self.el(Tag::Svg, "icon");
        self.word(Attr::ViewBox, "0 0 24 24");
        self.word(Attr::Role, "img");
        self.say_attr(Attr::AriaLabel, label);
        self.path(super::own::icon(icon.name));
    }

    pub(super) fn link(&mut self, link: &LinkNode, context: Context<'a>) {
        self.open_link(&link.target, "link", context);
        if link.current {
            self.word(Attr::AriaCurrent, "true");
        }
        self.say(&link.words);
        self.close();
    }

    pub(super) fn quote_link(&mut self, quote: &QuoteLinkNode, context: Context<'a>) {
        self.el(Tag::Figure, "quote-link");
        if let Some(excerpt) = &quote.excerpt {
            self.open(Tag::Blockquote);
            self.say(excerpt);
            self.close();
        }
        self.open(Tag::Cite);
        self.open_link(&quote.target, "link", context);
        self.say(&quote.title);
        self.close();
        self.close();
        self.close();
    }

    pub(super) fn meter(&mut self, meter: &MeterNode) {
        self.el(Tag::Label, "meter");
        self.say_inline(&meter.words);
        self.open(Tag::Meter);
        self.attr_number(Attr::Max, u64::from(meter.maximum.max(1)));
        self.attr_number(Attr::Value, u64::from(meter.value.min(meter.maximum)));
        self.close();
        self.close();
    }

    pub(super) fn stat(&mut self, stat: &StatNode) {
        self.el(Tag::Dl, "stat");
        self.open(Tag::Dt);
        self.say(&stat.label);
        self.close();
        let value = self.digits(stat.value);
        self.open(Tag::Dd);
        self.text(&value);
        self.close();
        if let Some(trend) = stat.trend {
            let number = self.digits(trend);
            self.el(Tag::Dd, if trend < 0 { "trend is-down" } else { "trend" });
            self.scratch.clear();
            self.scratch.push_str(if trend > 0 { "+" } else { "" });
            self.scratch.push_str(&number);
            self.sink.text(&self.scratch);
            self.close();
        }
        self.close();
    }

    pub(super) fn rich_source(&mut self, source: &RichSource) {
        match *source {
            RichSource::Entry(entry) => {
                if let Some(rich) = self.lookup.body(self.string(entry)) {
                    self.rich(rich);
                }
            }
            RichSource::Markdown(text) => {
                let rich = self.lookup.markdown(self.string(text));
                self.rich(&rich);
            }
        }
    }

    pub(super) fn rich(&mut self, rich: &Rich) {
        self.el(Tag::Div, "rich");
        self.word(Attr::Dir, "auto");
        let lookup = self.lookup;
        let draw = || {
            let mut html = Html::default();
            Renderer::new(&View::default(), lookup, &mut html).steps(rich);
            html.finish()
        };
        let drawn = if self.sink.takes_html() { rich.drawn(draw) } else { None };
        match drawn {
            Some(html) => self.sink.html(html),
            None => self.steps(rich),
        }
        self.close();
    }

    fn steps(&mut self, rich: &Rich) {
        for step in rich.steps() {
            match step {
                Step::Open(part) => self.open_part(part),
                Step::Close => self.close(),
                Step::Text(text) => self.text(text),
                Step::Code(text) => {
                    self.open(Tag::Code);
                    self.text(text);
                    self.close();
                }
                Step::CodeBlock(text, language) => self.code_block(text, language),
                Step::Mention(person, name) => self.mention(person, name),
                Step::Break => {
                    self.open(Tag::Br);
                    self.close();
                }
            }
        }
    }

    fn open_part(&mut self, part: Part<'_>) {
        match part {
            Part::Paragraph => self.open(Tag::P),
            Part::Heading => self.el(Tag::P, "heading"),
            Part::Quote => self.open(Tag::Blockquote),
            Part::List(None) => self.open(Tag::Ul),
            Part::List(Some(start)) => {
                self.open(Tag::Ol);
                if start != 1 {
                    self.attr_number(Attr::Start, u64::from(start));
                }
            }
            Part::Item => self.open(Tag::Li),
            Part::Strong => self.open(Tag::Strong),
            Part::Emphasis => self.open(Tag::Em),
            Part::Strike => self.open(Tag::S),
            Part::Link(url) => {
                self.open(Tag::A);
                self.attr(Attr::Href, url);
                self.word(Attr::Rel, "nofollow ugc noopener");
            }
        }
    }

    fn mention(&mut self, person: &str, name: &str) {
        let lookup = self.lookup;
        let known = lookup.person(person);
        self.el(Tag::Span, "mention");
        self.word(Attr::Dir, "auto");
        self.scratch.clear();
        self.scratch.push('@');
        let name = clean(known.map_or(name, |known| known.name));
        self.scratch.push_str(name.strip_prefix('@').unwrap_or(&name));
        self.sink.text(&self.scratch);
        self.close();
    }

    pub(super) fn code_block(&mut self, text: &str, language: Option<&str>) {
        self.el(Tag::Pre, "code");
        self.word(Attr::Tabindex, "0");
        self.word(Attr::Role, "region");
        match language {
            Some(language) => self.attr(Attr::AriaLabel, &clean(language)),
            None => self.own_attr(Attr::AriaLabel, OwnText::Code),
        }
        self.open(Tag::Code);
        self.text(&clean(text));
        self.close();
        self.close();
    }

    pub(super) fn time(&mut self, at: Instant, style: TimeStyle) {
        self.open(Tag::Time);
        self.scratch.clear();
        push_instant(&mut self.scratch, at);
        self.sink.attr(Attr::Datetime, &self.scratch);
        self.flag_if(Attr::DataR, style == TimeStyle::Relative);
        self.scratch.clear();
        self.lookup.time(at, &mut self.scratch);
        self.sink.text(&self.scratch);
        self.close();
    }

    /// A number in the reader's digits.
    fn digits(&self, number: i64) -> String {
        let mut text = String::new();
        self.lookup.number(number, &mut text);
        text
    }

    pub(super) fn number(&mut self, value: i64, label: Option<&Words>) {
        let text = self.digits(value);
        self.el(Tag::Span, "number");
        if let Some(label) = label {
            self.open(Tag::Span);
            self.word(Attr::AriaHidden, "true");
            self.text(&text);
            self.close();
            self.say_el(Tag::Span, "sr", label);
        } else {
            self.text(&text);
        }
        self.close();
    }

    pub(super) fn person(&mut self, person: &PersonNode) {
        let id = self.string(person.person);
        self.el(Tag::Span, "person");
        let shown = self.lookup.person(id);
        self.avatar(shown);
        self.person_name(shown, "name");
        self.close();
    }
}

/// Appends an instant as RFC 3339, to the second. The calendar is that of Howard Hinnant's `civil_from_days`
/// (<https://howardhinnant.github.io/date_algorithms.html>).
pub(super) fn push_instant(out: &mut String, at: Instant) {
    let seconds = at / 1_000_000;
    let days = seconds / 86_400 + 719_468;
    let era = days / 146_097;
    let day_of_era = days % 146_097;
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    let mut text = *b"0000-00-00T00:00:00Z";
    let parts = [
        (1, year / 100 % 100),
        (3, year % 100),
        (6, month),
        (9, day),
        (12, seconds / 3600 % 24),
        (15, seconds / 60 % 60),
        (18, seconds % 60),
    ];
    for (place, number) in parts {
        let digit = |number: u64| b'0' + u8::try_from(number % 10).unwrap_or(0);
        if let Some([tens, ones]) = text.get_mut(place - 1..=place) {
            (*tens, *ones) = (digit(number / 10), digit(number));
        }
    }
    // Years after 9999 lie outside of what a browser reads.
    out.push_str(std::str::from_utf8(&text).unwrap_or_default());
}
