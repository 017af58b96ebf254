//! A view as lines of text.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use fluent_bundle::FluentArgs;
use stoa_view::check::CheckError;
use stoa_view::nodes::{
    ArgumentValue, ButtonNode, FormNode, Kind, MenuNode, Message, Node, PostNode, RichSource, StartValue,
    Target, ToggleNode, View, VoteNode, Words,
};

use super::texts::{Texts, clock, name_of};
use super::world::World;
use crate::{State, Verb};

/// Verbs with what they are done to.
type Offers = Vec<(Option<String>, String)>;

/// What a person sees.
#[derive(Clone, Debug)]
pub struct Shown {
    view: View,
    outline: String,
    offers: Offers,
}

impl Shown {
    pub(crate) fn new(
        view: View,
        verbs: &[Verb],
        read: &BTreeSet<String>,
        world: &World,
        texts: &Texts,
    ) -> Self {
        if let Err(error) = stoa_view::check::check(&view) {
            refuse(&sentence(&view, &error));
        }
        let (outline, offers) = draw(&view, read, world, texts);
        for (_, verb) in stoa_view::check::verbs(&view) {
            if verbs.iter().all(|known| known.name() != verb) {
                refuse(&format!("it offers the verb `{verb}`, which is not in `VERBS`"));
            }
        }
        Self { view, outline, offers }
    }

    /// The view as an indented outline, a line for each node; rows and menus on one line.
    #[must_use]
    pub fn outline(&self) -> &str {
        &self.outline
    }

    /// The lines of the outline that start with one of these words, indented less by what all of them share.
    #[must_use]
    pub fn lines(&self, words: &[&str]) -> String {
        let fits = |line: &&str| words.iter().any(|word| line.trim_start().split(' ').next() == Some(word));
        let found: Vec<&str> = self.outline.lines().filter(fits).collect();
        let margin = found.iter().map(|line| line.len() - line.trim_start().len()).min().unwrap_or(0);
        found.iter().map(|line| &line[margin..]).collect::<Vec<_>>().join("\n")
    }

    /// The texts of the posts, in the order they are shown.
    #[must_use]
    pub fn bodies(&self) -> Vec<String> {
        let bodies = self.outline.lines().filter_map(|line| line.trim_start().strip_prefix("rich "));
        bodies.map(|body| body.trim_matches('"').to_owned()).collect()
    }

    /// The verbs that are offered for an entry, or for none, in the order of the view.
    #[must_use]
    pub fn verbs(&self, subject: Option<&str>) -> Vec<&str> {
        let fits = |offer: &&(Option<String>, String)| offer.0.as_deref() == subject;
        self.offers.iter().filter(fits).map(|(_, verb)| verb.as_str()).collect()
    }

    /// The view itself.
    #[must_use]
    pub fn view(&self) -> &View {
        &self.view
    }
}

#[expect(clippy::panic, reason = "this is how a test is told; never part of a component")]
fn refuse(why: &str) -> ! {
    panic!("a host refuses this view: {why}")
}

/// What is wrong, with the kind and key of the node that it is about and of the one around it.
fn sentence(view: &View, error: &CheckError) -> String {
    let about_a_node = !matches!(
        error.code(),
        "string-too-long" | "message-no-string" | "too-many-arguments" | "bad-navigation"
    );
    let node = |at: usize| Some(named(view, view.nodes.get(at)?));
    match error.index().filter(|_| about_a_node).and_then(|at| Some((at, node(at)?))) {
        Some((at, named)) => match parent_of(view, at).and_then(node) {
            Some(parent) => format!("{error} (node {at} is a {named} in a {parent})"),
            None => format!("{error} (node {at} is a {named})"),
        },
        None => error.to_string(),
    }
}

fn named(view: &View, node: &Node) -> String {
    let key = node.key.and_then(|key| view.strings.get(key as usize));
    key.map_or_else(|| kind_name(&node.kind), |key| format!("{} with the key `{key}`", kind_name(&node.kind)))
}

/// The word of the vocabulary: `choice-option`.
fn kind_name(kind: &Kind) -> String {
    let debug = format!("{kind:?}");
    let mut name = String::new();
    for letter in debug.chars().take_while(|letter| letter.is_alphanumeric()) {
        if letter.is_uppercase() && !name.is_empty() {
            name.push('-');
        }
        name.extend(letter.to_lowercase());
    }
    name
}

/// The node around this one.
fn parent_of(view: &View, at: usize) -> Option<usize> {
    let mut open: Vec<(usize, u32)> = Vec::new();
    for (place, node) in view.nodes.iter().enumerate().take(at + 1) {
        while open.last().is_some_and(|(_, left)| *left == 0) {
            open.pop();
        }
        if place == at {
            break;
        }
        if let Some((_, left)) = open.last_mut() {
            *left -= 1;
        }
        open.push((place, node.children));
    }
    open.last().map(|(parent, _)| *parent)
}

/// The outline of a view and what it offers.
fn draw(view: &View, read: &BTreeSet<String>, world: &World, texts: &Texts) -> (String, Offers) {
    let mut pen = Outliner { view, read, world, texts, at: 0, out: String::new(), offers: Vec::new() };
    // The root only holds the others together: its children stand at the margin.
    let root = pen.next();
    for _ in 0..root.children {
        pen.node(0, root.subject);
    }
    (pen.out, pen.offers)
}

struct Outliner<'a> {
    view: &'a View,
    read: &'a BTreeSet<String>,
    world: &'a World,
    texts: &'a Texts,
    at: usize,
    out: String,
    offers: Offers,
}

impl<'a> Outliner<'a> {
    fn next(&mut self) -> &'a Node {
        let node = self.view.nodes.get(self.at).expect("the counts of children fit the number of nodes");
        self.at += 1;
        node
    }

    fn node(&mut self, depth: usize, subject: Option<u32>) {
        let node = self.next();
        let subject = self.subject(node, subject);
        self.offer(node, subject);
        let line = self.line(node);
        let _ = write!(self.out, "{:indent$}{line}", "", indent = depth * 2);
        if matches!(node.kind, Kind::Row(_) | Kind::Menu(_)) && self.are_leaves(node.children) {
            for place in 0..node.children {
                let child = self.next();
                let subject = self.subject(child, subject);
                self.offer(child, subject);
                let line = self.line(child);
                self.out.push_str(if place == 0 { ": " } else { " | " });
                self.out.push_str(&line);
            }
            self.out.push('\n');
            return;
        }
        self.out.push('\n');
        if let Kind::Post(PostNode { body: Some(body), .. }) = node.kind {
            let line = self.rich(body);
            let _ = writeln!(self.out, "{:indent$}{line}", "", indent = depth * 2 + 2);
        }
        for _ in 0..node.children {
            self.node(depth + 1, subject);
        }
    }

    fn rich(&self, source: RichSource) -> String {
        match source {
            RichSource::Entry(id) => format!("rich {}", self.body(id)),
            RichSource::Markdown(text) => format!("rich \"{}\"", self.text(text)),
        }
    }

    fn are_leaves(&self, children: u32) -> bool {
        let next = self.view.nodes.iter().skip(self.at).take(children as usize);
        next.clone().count() == children as usize && next.into_iter().all(|node| node.children == 0)
    }

    /// A post's verbs are done to its entry.
    fn subject(&self, node: &Node, above: Option<u32>) -> Option<u32> {
        match node.kind {
            Kind::Post(post) => Some(post.entry),
            _ => node.subject.or(above),
        }
    }

    fn offer(&mut self, node: &Node, subject: Option<u32>) {
        let verb = match node.kind {
            Kind::Button(ButtonNode { verb, disabled: None, .. })
            | Kind::Toggle(ToggleNode { verb, disabled: None, .. })
            | Kind::Vote(VoteNode { verb, disabled: None, .. }) => Some(verb),
            Kind::Form(form) => Some(form.verb),
            Kind::Reactions(reactions) => Some(reactions.verb),
            _ => None,
        };
        if let Some(verb) = verb {
            let subject = subject.map(|index| self.text(index).to_owned());
            self.offers.push((subject, self.text(verb).to_owned()));
        }
    }

    fn text(&self, index: u32) -> &'a str {
        self.view.strings.get(index as usize).expect("an index of a text is in the pool")
    }

    fn words(&self, words: Words) -> String {
        match words {
            Words::Literal(index) => format!("\"{}\"", self.text(index)),
            Words::Label(index) => format!("\"{}\"", self.texts.say(self.text(index), &FluentArgs::new())),
            Words::Message(index) => {
                let message = self.view.messages.get(index as usize);
                format!("\"{}\"", self.message(message.expect("an index of a message is in the pool")))
            }
        }
    }

    fn message(&self, message: &Message) -> String {
        let mut arguments = FluentArgs::new();
        for argument in &message.arguments {
            let name = self.text(argument.name);
            match argument.value {
                ArgumentValue::Text(text) => arguments.set(name, self.text(text)),
                ArgumentValue::Number(number) => arguments.set(name, number),
                ArgumentValue::Person(id) => arguments.set(name, self.name(id)),
                ArgumentValue::Time(at) => arguments.set(name, clock(at)),
            }
        }
        self.texts.say(self.text(message.id), &arguments)
    }

    fn name(&self, id: u32) -> String {
        name_of(self.world, self.text(id))
    }

    fn body(&self, id: u32) -> String {
        let id = self.text(id);
        match self.world.row(id).filter(|_| self.read.contains(id)) {
            Some(row) => format!("\"{}\"", row.body()),
            None => refuse(&format!("it shows the text of the entry `{id}`, which this call has not read")),
        }
    }

    fn parameters(&self, navigation: u32) -> String {
        let changes = self.view.navigations.get(navigation as usize);
        let changes = changes.expect("an index of a navigation is in the pool");
        let pairs: Vec<String> =
            changes.iter().map(|c| format!("{}={}", self.text(c.name), self.text(c.value))).collect();
        format!("?{}", pairs.join("&"))
    }

    fn target(&self, target: Target) -> String {
        match target {
            Target::Navigation(index) => self.parameters(index),
            Target::Outside(url) => self.text(url).to_owned(),
        }
    }

    fn start(&self, value: StartValue) -> String {
        match value {
            StartValue::None => String::new(),
            StartValue::Literal(text) => format!(" = \"{}\"", self.text(text)),
            StartValue::Entry(id) => format!(" = {}", self.body(id)),
        }
    }

    #[expect(clippy::too_many_lines, reason = "one arm for each kind of node")]
    fn line(&self, node: &Node) -> String {
        match node.kind {
            Kind::Section(node) => {
                node.heading.map_or_else(|| "section".into(), |h| self.named("section", h))
            }
            Kind::Disclosure(node) => self.named(&that_is("disclosure", "open", node.open), node.summary),
            Kind::Tab(node) => self.named(&that_is("tab", "selected", node.selected), node.title),
            Kind::Dialog(node) => self.named("dialog", node.title),
            Kind::Card(node) => tone("card", node.tone),
            Kind::Text(node) => self.named("text", node.words),
            Kind::Heading(node) => self.named("heading", node.words),
            Kind::Rich(source) => self.rich(source),
            Kind::Time(node) => format!("time {}", clock(node.at)),
            Kind::Number(node) => format!("number {}", node.value),
            Kind::Person(node) => format!("person {}", self.name(node.person)),
            Kind::Badge(node) => self.named(&tone("badge", node.tone), node.words),
            Kind::Icon(node) => format!("icon {:?}", node.name).to_lowercase(),
            Kind::Link(node) => {
                let link = that_is(&self.named("link", node.words), "current", node.current);
                format!("{link} -> {}", self.target(node.target))
            }
            Kind::QuoteLink(node) => {
                format!("{} -> {}", self.named("quote-link", node.title), self.target(node.target))
            }
            Kind::Meter(node) => format!("meter {}/{} {}", node.value, node.maximum, self.words(node.words)),
            Kind::Stat(node) => format!("{} {}", self.named("stat", node.label), node.value),
            Kind::Notice(node) => self.named(&tone("notice", node.tone), node.words),
            Kind::Empty(node) => self.named("empty", node.words),
            Kind::Feed(node) => {
                let total = node.total.map_or_else(String::new, |total| format!(" of {total}"));
                self.named("feed", node.label) + &total
            }
            Kind::Post(post) => self.post(&post),
            Kind::Replies(node) => format!("replies {}", node.count),
            Kind::Toggle(toggle) => self.toggle(&toggle),
            Kind::Vote(vote) => self.vote(&vote),
            Kind::Button(button) => self.button(&button),
            Kind::Menu(node) => self.menu(&node),
            Kind::More(node) => {
                let more = self.named(&that_is("more", "newer", node.newer), node.words);
                format!("{more} -> {}", self.parameters(node.navigation))
            }
            Kind::Share(node) => {
                format!("{} -> {}", self.named("share", node.words), self.parameters(node.navigation))
            }
            Kind::Form(node) => self.form(&node),
            Kind::Field(field) => self.field("field", field.name, field.label, field.value),
            Kind::Composer(node) => self.field("composer", node.name, node.label, node.value),
            Kind::Choice(node) => format!("choice {} {}", self.text(node.name), self.words(node.label)),
            Kind::ChoiceOption(node) => {
                let option = format!("option {} {}", self.text(node.value), self.words(node.words));
                that_is(&option, "selected", node.selected)
            }
            Kind::Hidden(node) => format!("hidden {}={}", self.text(node.name), self.text(node.value)),
            // These are named; what they hold stands below them.
            Kind::Stack(_)
            | Kind::Row(_)
            | Kind::Grid(_)
            | Kind::Listing(_)
            | Kind::Item
            | Kind::Divider
            | Kind::Tabs
            | Kind::AvatarStack(_)
            | Kind::Code(_)
            | Kind::Table(_)
            | Kind::TableRow
            | Kind::Cell(_)
            | Kind::Skeleton(_)
            | Kind::Reactions(_)
            | Kind::Reaction(_)
            | Kind::PickPeople(_)
            | Kind::PickTags(_)
            | Kind::Extension(_) => kind_name(&node.kind),
        }
    }

    fn named(&self, name: &str, words: Words) -> String {
        format!("{name} {}", self.words(words))
    }

    fn menu(&self, menu: &MenuNode) -> String {
        let closed = menu.closed.map_or_else(String::new, |to| format!(" -> {}", self.parameters(to)));
        self.named(&that_is("menu", "open", menu.open), menu.label) + &closed
    }

    fn form(&self, form: &FormNode) -> String {
        let cancel = form.cancel.map_or_else(String::new, |to| format!(", cancel {}", self.parameters(to)));
        format!("form [{}] {}{cancel}", self.text(form.verb), self.words(form.submit))
    }

    fn post(&self, post: &PostNode) -> String {
        let author = post.author.map_or_else(|| "nobody".to_owned(), |id| self.name(id));
        let mut line = format!("post {} by {author}, {}", self.text(post.entry), clock(post.at));
        let state = self.state(post);
        let said = [
            (state != "visible", state),
            (post.edited_at.is_some(), "edited"),
            (post.pinned, "pinned"),
            (post.highlighted, "highlighted"),
        ];
        for (_, word) in said.iter().filter(|(holds, _)| *holds) {
            let _ = write!(line, ", {word}");
        }
        if let Some(person) = post.in_reply_to {
            let _ = write!(line, ", to {}", self.name(person));
        }
        line
    }

    /// As the host draws it: what waits looks removed to those who may not read it.
    fn state(&self, post: &PostNode) -> &'static str {
        let row = self.world.row(self.text(post.entry));
        match row.map_or(State::Visible, |row| row.state) {
            State::Held | State::Rejected if post.author.is_none() => "removed",
            State::Visible => "visible",
            State::Held => "held",
            State::Rejected => "rejected",
            State::Deleted => "deleted",
            State::Removed => "removed",
        }
    }

    fn toggle(&self, toggle: &ToggleNode) -> String {
        let on = if toggle.on { " (on)" } else { "" };
        let count = toggle.count.map_or_else(String::new, |count| format!(" {count}"));
        let disabled = self.disabled(toggle.disabled);
        format!("toggle [{}] {}{on}{count}{disabled}", self.text(toggle.verb), self.words(toggle.words))
    }

    fn vote(&self, vote: &VoteNode) -> String {
        let down = if vote.down { ", up and down" } else { "" };
        let (score, mine) = (vote.score, vote.mine);
        format!("vote [{}] {score}, mine {mine}{down}{}", self.text(vote.verb), self.disabled(vote.disabled))
    }

    fn button(&self, button: &ButtonNode) -> String {
        let confirm = button.confirm.map_or_else(String::new, |words| format!(", {}", self.words(words)));
        let disabled = self.disabled(button.disabled);
        let value = button.value.map_or_else(String::new, |value| format!(" {}", self.text(value)));
        format!("[{}{value}] {}{confirm}{disabled}", self.text(button.verb), self.words(button.words))
    }

    fn field(&self, kind: &str, name: u32, label: Words, value: StartValue) -> String {
        format!("{kind} {} {}{}", self.text(name), self.words(label), self.start(value))
    }

    fn disabled(&self, reason: Option<Words>) -> String {
        reason.map_or_else(String::new, |words| format!(" (disabled: {})", self.words(words)))
    }
}

fn tone(name: &str, tone: crate::view::Tone) -> String {
    match tone {
        crate::view::Tone::Neutral => name.to_owned(),
        other => format!("{name} ({})", format!("{other:?}").to_lowercase()),
    }
}

/// `name (word)` where that holds.
fn that_is(name: &str, word: &str, holds: bool) -> String {
    if holds { format!("{name} ({word})") } else { name.to_owned() }
}
