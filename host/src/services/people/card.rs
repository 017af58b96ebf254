//! Draws a card into a view that a plugin made: a dialog, so that keyboard, focus and closing are those of every dialog.

use stoa_view::nodes::{
    Align, BadgeNode, Change, DialogNode, Emphasis, Gap, Kind, ListNode, Node, PersonNode, RowNode,
    StackNode, TextNode, Tone, View, Words,
};

use super::badges::earned;
use crate::services::texts::{self, Value};
use crate::store::{Contributions, Person};

/// What a card says.
#[derive(Clone, Debug)]
pub struct Card<'a> {
    /// Whose it is.
    pub person: &'a Person,
    /// What they have contributed; none where that is not shown.
    pub contributions: Option<&'a Contributions>,
    /// Whether badges are shown.
    pub badges: bool,
}

/// Draw a card at the end of a view; `closing` names the parameters that closing it takes away.
pub fn draw(view: &mut View, card: &Card<'_>, closing: &[&str], texts: texts::Scope<'_>) {
    let mut pen = Pen { view, texts };
    pen.open_root();
    let changes: Vec<Change> =
        closing.iter().map(|name| Change { name: pen.string(name), value: pen.string("") }).collect();
    pen.view.navigations.push(changes);
    let dismiss = u32::try_from(pen.view.navigations.len() - 1).unwrap_or(u32::MAX);
    let title = pen.literal(&card.person.name);
    let dialog = pen.push(Kind::Dialog(DialogNode { title, dismiss }));
    let stack = pen.push(Kind::Stack(StackNode { gap: Gap::Small }));
    let mut children = 0;
    let person = pen.string(card.person.id.as_str());
    pen.push(Kind::Person(PersonNode { person }));
    children += 1;
    let place: Vec<&str> =
        [&*card.person.title, &*card.person.team].into_iter().filter(|word| !word.is_empty()).collect();
    if !place.is_empty() {
        children += pen.small(&place.join(" · "));
    }
    match card.contributions {
        Some(of) => children += pen.contributions(of, card.badges),
        None => children += pen.small(&pen.texts.label("card-not-shared")),
    }
    pen.parent(stack, children);
    pen.parent(dialog, 1);
}

struct Pen<'v, 't> {
    view: &'v mut View,
    texts: texts::Scope<'t>,
}

impl Pen<'_, '_> {
    /// Makes room for one more child at the end of what stands at the top.
    fn open_root(&mut self) {
        let takes = |node: &Node| matches!(node.kind, Kind::Section(_) | Kind::Stack(_));
        if !self.view.nodes.first().is_some_and(takes) {
            let children = u32::from(!self.view.nodes.is_empty());
            let kind = Kind::Stack(StackNode { gap: Gap::Small });
            self.view.nodes.insert(0, Node { kind, children, key: None, subject: None });
        }
        if let Some(root) = self.view.nodes.first_mut() {
            root.children += 1;
        }
    }

    fn contributions(&mut self, of: &Contributions, badges: bool) -> u32 {
        let mut children = 0;
        let counts = [("card-chosen", of.chosen), ("card-named", of.named), ("card-helpful", of.helpful)];
        for (id, count) in counts.into_iter().filter(|(_, count)| *count > 0) {
            let says = self.texts.message(id, &[("count", Value::Number(i64::from(count)))]);
            children += self.text(&says, Emphasis::Normal);
        }
        if !of.tags.is_empty() {
            children += self.text(&self.texts.label("card-knows"), Emphasis::Strong);
            let row = self.push(Kind::Row(RowNode { gap: Gap::Small, align: Align::Start }));
            for (tag, count) in &of.tags {
                self.badge(&format!("{tag} {count}"));
            }
            self.parent(row, u32::try_from(of.tags.len()).unwrap_or(u32::MAX));
            children += 1;
        }
        let earned = if badges { earned(of) } else { Vec::new() };
        if !earned.is_empty() {
            children += self.text(&self.texts.label("card-badges"), Emphasis::Strong);
            let list = self.push(Kind::Listing(ListNode { ordered: false }));
            for badge in &earned {
                let count = [("count", Value::Number(i64::from(badge.at_least)))];
                let (name, why) = (format!("badge-{}", badge.id), format!("badge-{}-why", badge.id));
                let item = self.push(Kind::Item);
                let row = self.push(Kind::Row(RowNode { gap: Gap::Small, align: Align::Start }));
                self.badge(&self.texts.label(&name));
                self.small(&self.texts.message(&why, &count));
                self.parent(row, 2);
                self.parent(item, 1);
            }
            self.parent(list, u32::try_from(earned.len()).unwrap_or(u32::MAX));
            children += 1;
        }
        if children == 0 {
            children += self.small(&self.texts.label("card-nothing-yet"));
        }
        children
    }

    fn push(&mut self, kind: Kind) -> usize {
        self.view.nodes.push(Node { kind, children: 0, key: None, subject: None });
        self.view.nodes.len() - 1
    }

    fn parent(&mut self, place: usize, children: u32) {
        if let Some(node) = self.view.nodes.get_mut(place) {
            node.children = children;
        }
    }

    fn string(&mut self, text: &str) -> u32 {
        self.view.strings.push(text.to_owned());
        u32::try_from(self.view.strings.len() - 1).unwrap_or(u32::MAX)
    }

    fn literal(&mut self, text: &str) -> Words {
        Words::Literal(self.string(text))
    }

    fn text(&mut self, text: &str, emphasis: Emphasis) -> u32 {
        let words = self.literal(text);
        self.push(Kind::Text(TextNode { words, emphasis }));
        1
    }

    fn small(&mut self, text: &str) -> u32 {
        self.text(text, Emphasis::Small)
    }

    fn badge(&mut self, text: &str) {
        let words = self.literal(text);
        self.push(Kind::Badge(BadgeNode { words, tone: Tone::Neutral, icon: None }));
    }
}

#[cfg(test)]
mod tests {
    use stoa_view::check::check;
    use stoa_view::make::{ViewBuilder, label};
    use stoa_view::nodes::{Kind, Words};

    use super::{Card, draw};
    use crate::services::texts::Texts;
    use crate::store::{Contributions, Person};

    fn said(contributions: Option<&Contributions>, badges: bool) -> String {
        let person = Person {
            id: "01900000-0000-7000-8000-0000000000a1".into(),
            name: "Petra Jansen".to_owned(),
            title: "Travel".to_owned(),
            team: "Finance".to_owned(),
            roles: Vec::new(),
            active: true,
        };
        let mut v = ViewBuilder::new();
        v.section(label("x")).with(|v| {
            v.text(label("y")).small();
        });
        let mut view = v.finish();
        let texts = Texts::load().unwrap();
        let card = Card { person: &person, contributions, badges };
        draw(&mut view, &card, &["host-person"], texts.of_host("en"));
        check(&view).unwrap();
        let text = |words| match words {
            Words::Literal(index) => view.strings[usize::try_from(index).unwrap()].clone(),
            _ => String::new(),
        };
        let words = view.nodes.iter().filter_map(|node| match node.kind {
            Kind::Text(node) => Some(text(node.words)),
            Kind::Badge(node) => Some(text(node.words)),
            _ => None,
        });
        let said = words.filter(|words| !words.is_empty()).collect::<Vec<_>>().join("; ");
        said.replace(['\u{2068}', '\u{2069}'], "")
    }

    #[test]
    fn a_card_says_what_the_person_shares() {
        let of = Contributions {
            written: 20,
            chosen: 2,
            helpful: 0,
            named: 1,
            tags: vec![("travel".to_owned(), 2)],
            shares: None,
        };
        assert_eq!(said(None, true), "Travel · Finance; Does not show what they have contributed.");
        assert_eq!(
            said(Some(&of), false),
            "Travel · Finance; 2 accepted answers; Thanked once; Knows about; travel 2"
        );
        assert!(said(Some(&of), true).ends_with(
            "Badges; Voice; has written something here; Solver; has given an answer that was accepted"
        ));
    }
}
