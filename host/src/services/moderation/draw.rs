//! Moderation in a view: the state of each entry, and what can be done about it. The host draws both into the view that a
//! plugin made, so that no plugin can leave them out and none has to write them. Pure: a view and facts go in.

use std::ops::Range;

use stoa_rules::State;
use stoa_view::nodes::{
    Align, ButtonNode, Change, ChoiceNode, ChoiceOptionNode, ChoiceStyle, DisclosureNode, Emphasis,
    FieldKind, FieldNode, FormNode, Gap, Kind, LinkNode, MenuNode, Node, NoticeNode, RichSource, RowNode,
    StartValue, Target, TextNode, Tone, View, Words,
};

use super::facts::{Facts, HostVerb, REASON_FIELD, REPORT_REASONS, Viewer};
use crate::services::texts::{self, Value};

/// Reasons of the host's own rules, which have a text each; others are a moderator's own words.
const HELD_BY_RULE: [&str; 6] = ["links", "new-author", "history", "repeat", "pre", "reported"];
/// The parameters by which the state of a view says what of the host's is open.
pub const HOST_PARAMETERS: [&str; 5] =
    ["host-menu", "host-report", "host-remove", "host-stale", stoa_view::render::PERSON];
/// The longest reason, in characters.
const REASON_CHARS_MAX: u32 = 500;

/// Draw moderation into a view. `facts` gives what is known of an entry by its id; `parameters` is the state of the view,
/// in which the host's own parameters say which menu or form is open.
pub fn draw<'f>(
    view: &mut View,
    viewer: Viewer,
    facts: &dyn Fn(&str) -> Option<Facts<'f>>,
    parameters: &[(String, String)],
    texts: texts::Scope<'_>,
) {
    let source = std::mem::take(&mut view.nodes);
    let mut painter = Painter { view, viewer, facts, parameters, texts, source, at: 0 };
    while painter.at < painter.source.len() {
        painter.copy(None);
    }
}

struct Painter<'a, 'f> {
    view: &'a mut View,
    viewer: Viewer,
    facts: &'a dyn Fn(&str) -> Option<Facts<'f>>,
    parameters: &'a [(String, String)],
    texts: texts::Scope<'a>,
    /// The nodes as the plugin gave them, in pre-order.
    source: Vec<Node>,
    /// The next of them.
    at: usize,
}

/// The post that nodes stand in.
struct Post<'f> {
    entry: u32,
    id: String,
    facts: Facts<'f>,
}

impl<'f> Painter<'_, 'f> {
    /// Copy the next node with everything below it.
    fn copy(&mut self, post: Option<&Post<'f>>) {
        let Some(node) = self.source.get(self.at).copied() else { return };
        self.at += 1;
        match node.kind {
            Kind::Post(_) => self.copy_post(node),
            Kind::Menu(menu) if menu.closed.is_none() => {
                let place = self.push(node);
                self.copy_children(node.children, post);
                if let Some(post) = post {
                    let added = self.menu_items(post);
                    self.add_children(place, added);
                }
            }
            _ => {
                self.push(node);
                self.copy_children(node.children, post);
            }
        }
    }

    fn copy_children(&mut self, count: u32, post: Option<&Post<'f>>) {
        for _ in 0..count {
            self.copy(post);
        }
    }

    fn copy_post(&mut self, node: Node) {
        let Kind::Post(shown) = node.kind else { return };
        let id = self.view.strings.get(index(shown.entry)).cloned().unwrap_or_default();
        let Some(facts) = (self.facts)(&id) else {
            self.push(node);
            return self.copy_children(node.children, None);
        };
        let post = Post { entry: shown.entry, id, facts };
        let has_menu = self.has_menu(self.at, node.children);
        let place = self.push(node);
        let mut added = self.above(&post);
        let mut is_open = true;
        for _ in 0..node.children {
            // What the host adds comes before the replies, which can be long.
            if is_open && self.source.get(self.at).is_some_and(|next| matches!(next.kind, Kind::Replies(_))) {
                added += self.below(&post, has_menu);
                is_open = false;
            }
            self.copy(Some(&post));
        }
        if is_open {
            added += self.below(&post, has_menu);
        }
        self.add_children(place, added);
    }

    /// Whether there is a menu among the children, not counting what stands in posts below.
    fn has_menu(&self, from: usize, children: u32) -> bool {
        let mut at = from;
        (0..children).any(|_| {
            let own = self.subtree(at);
            at = own.end;
            self.is_menu_within(own)
        })
    }

    fn is_menu_within(&self, range: Range<usize>) -> bool {
        let mut at = range.start;
        while at < range.end {
            match self.source[at].kind {
                Kind::Menu(_) => return true,
                Kind::Post(_) | Kind::Replies(_) => at = self.subtree(at).end,
                _ => at += 1,
            }
        }
        false
    }

    /// A node with everything below it.
    fn subtree(&self, from: usize) -> Range<usize> {
        let mut open = 1_usize;
        let mut at = from;
        while open > 0 && at < self.source.len() {
            open = open - 1 + index(self.source[at].children);
            at += 1;
        }
        from..at
    }

    /// What somebody has to know first: that the text has changed since they began to edit it, and what moderation says.
    fn above(&mut self, post: &Post<'f>) -> u32 {
        let changed = if self.is_open("host-stale", post) { self.changed(post) } else { 0 };
        changed + self.note(post)
    }

    /// The text as it is now, beside what the person has written on an earlier version.
    fn changed(&mut self, post: &Post<'f>) -> u32 {
        let words = self.literal(&self.label("moderation-changed"));
        let place = self.push_keyed(Kind::Notice(NoticeNode { tone: Tone::Warn, words }), post, "host-stale");
        self.push_new(Kind::Rich(RichSource::Entry(post.entry)), post);
        self.add_children(place, 1);
        1
    }

    /// What moderation says about the entry, to moderators and in part to its author; how many nodes were added.
    fn note(&mut self, post: &Post<'f>) -> u32 {
        let facts = post.facts.clone();
        let moderates = self.viewer.moderates;
        match facts.state {
            State::Held if moderates => self.moderation_note(self.why("held", facts.reason), |painter| {
                painter.button(post, HostVerb::Approve, "approve", Tone::Ok)
                    + painter.reason_disclosure(post, HostVerb::Reject, "reject")
            }),
            State::Held if facts.own => self.muted("moderation-held-yours"),
            // The post says itself that it was removed.
            State::Removed if facts.reason.is_empty() => self.restore_row(post),
            State::Rejected | State::Removed if moderates || facts.own => {
                let word = if facts.state == State::Rejected { "rejected" } else { "removed" };
                self.moderation_note(self.why(word, facts.reason), |painter| painter.restore(post))
            }
            State::Visible if moderates && facts.report_count > 0 => {
                self.moderation_note(self.reported(&facts), |painter| {
                    let kept = painter.button(post, HostVerb::Approve, "keep", Tone::Ok);
                    if facts.allow(painter.viewer, HostVerb::Remove) {
                        kept + painter.reason_disclosure(post, HostVerb::Remove, "remove")
                    } else {
                        kept
                    }
                })
            }
            State::Visible | State::Held | State::Rejected | State::Removed | State::Deleted => 0,
        }
    }

    /// The button that brings an entry back, for those who may.
    fn restore(&mut self, post: &Post<'f>) -> u32 {
        if post.facts.allow(self.viewer, HostVerb::Restore) {
            self.button(post, HostVerb::Restore, "restore", Tone::Neutral)
        } else {
            0
        }
    }

    /// The same where there is nothing to be said beside it.
    fn restore_row(&mut self, post: &Post<'f>) -> u32 {
        if !post.facts.allow(self.viewer, HostVerb::Restore) {
            return 0;
        }
        let place = self.push_new(Kind::Row(RowNode { gap: Gap::Small, align: Align::Start }), post);
        let added = self.restore(post);
        self.add_children(place, added);
        1
    }

    /// Why an entry is in its state: the host's rules give a word for which there is a text.
    fn why(&self, word: &str, reason: &str) -> String {
        if reason.is_empty() {
            return self.label(&format!("moderation-{word}"));
        }
        if word == "held" && HELD_BY_RULE.contains(&reason) {
            return self.label(&format!("moderation-held-{reason}"));
        }
        let reason = Value::Text(reason.to_owned().into());
        self.texts.message(&format!("moderation-{word}-because"), &[("reason", reason)])
    }

    /// How many people report it, who, and why.
    fn reported(&self, facts: &Facts<'_>) -> String {
        let count = Value::Number(i64::from(facts.report_count));
        let mut text = self.texts.message("moderation-reported", &[("count", count)]);
        for report in facts.reports {
            let reason = self.label(&format!("moderation-reason-{}", report.reason));
            let arguments =
                [("name", Value::Text(report.name.as_str().into())), ("reason", Value::Text(reason.into()))];
            text.push(' ');
            text.push_str(&self.texts.message("moderation-report-by", &arguments));
        }
        text
    }

    /// The form that is open below the entry, and a menu where the plugin has none.
    fn below(&mut self, post: &Post<'f>, has_menu: bool) -> u32 {
        let mut added = 0;
        if self.is_open("host-report", post) && post.facts.allow(self.viewer, HostVerb::Report) {
            added += self.report_form(post);
        }
        if self.is_open("host-remove", post) && post.facts.allow(self.viewer, HostVerb::Remove) {
            added += self.reason_form(post, HostVerb::Remove, "remove", Some("host-remove"));
        }
        if !has_menu && self.offers_menu(post) {
            added += self.menu(post);
        }
        added
    }

    fn offers_menu(&self, post: &Post<'f>) -> bool {
        [HostVerb::Report, HostVerb::Remove].into_iter().any(|verb| self.in_menu(post, verb))
    }

    /// Whether a verb stands in the menu. Removing stands beside reports where there are any.
    fn in_menu(&self, post: &Post<'f>, verb: HostVerb) -> bool {
        let beside = verb == HostVerb::Remove && post.facts.report_count > 0;
        !beside && post.facts.allow(self.viewer, verb)
    }

    fn menu(&mut self, post: &Post<'f>) -> u32 {
        let label = self.literal(&self.label("moderation-menu"));
        let open = self.is_open("host-menu", post);
        let closed = (!open).then(|| self.navigation("host-menu", &post.id));
        let place = self.push_new(Kind::Menu(MenuNode { label, closed, open }), post);
        if open {
            let added = self.menu_items(post);
            self.add_children(place, added);
        }
        1
    }

    fn menu_items(&mut self, post: &Post<'f>) -> u32 {
        let items =
            [(HostVerb::Report, "host-report", "report"), (HostVerb::Remove, "host-remove", "remove")];
        let mut added = 0;
        for (verb, parameter, word) in items {
            if self.in_menu(post, verb) {
                let target = Target::Navigation(self.navigation(parameter, &post.id));
                let words = self.literal(&self.label(&format!("moderation-{word}")));
                self.push_new(Kind::Link(LinkNode { target, words, current: false }), post);
                added += 1;
            }
        }
        added
    }

    fn report_form(&mut self, post: &Post<'f>) -> u32 {
        let submit = self.literal(&self.label("moderation-report-send"));
        let cancel = Some(self.navigation("host-report", ""));
        let verb = self.string(HostVerb::Report.name());
        let place =
            self.push_keyed(Kind::Form(FormNode { verb, submit, cancel, draft: None }), post, "host-report");
        let name = self.string(REASON_FIELD);
        let label = self.literal(&self.label("moderation-report-why"));
        let choice = ChoiceNode { name, label, style: ChoiceStyle::Radio, required: true, problem: None };
        let choices = self.push_new(Kind::Choice(choice), post);
        for reason in REPORT_REASONS {
            let words = self.literal(&self.label(&format!("moderation-reason-{reason}")));
            let value = self.string(reason);
            self.push_new(Kind::ChoiceOption(ChoiceOptionNode { value, words, selected: false }), post);
            self.add_children(choices, 1);
        }
        self.add_children(place, 1);
        1
    }

    /// A form for a decision that takes a reason, folded away.
    fn reason_disclosure(&mut self, post: &Post<'f>, verb: HostVerb, word: &str) -> u32 {
        let summary = self.literal(&self.label(&format!("moderation-{word}")));
        let place = self.push_new(Kind::Disclosure(DisclosureNode { summary, open: false }), post);
        let added = self.reason_form(post, verb, word, None);
        self.add_children(place, added);
        1
    }

    /// A form with the reason that the author reads.
    fn reason_form(&mut self, post: &Post<'f>, verb: HostVerb, word: &str, parameter: Option<&str>) -> u32 {
        let submit = self.literal(&self.label(&format!("moderation-{word}")));
        let cancel = parameter.map(|name| self.navigation(name, ""));
        let name = self.string(verb.name());
        let place = self.push_keyed(
            Kind::Form(FormNode { verb: name, submit, cancel, draft: None }),
            post,
            verb.name(),
        );
        let field = FieldNode {
            name: self.string(REASON_FIELD),
            label: self.literal(&self.label("moderation-reason-for-author")),
            kind: FieldKind::Line,
            value: StartValue::None,
            maximum: Some(REASON_CHARS_MAX),
            required: true,
            suggest: None,
            hint: None,
            problem: None,
        };
        self.push_new(Kind::Field(field), post);
        self.add_children(place, 1);
        1
    }

    fn button(&mut self, post: &Post<'f>, verb: HostVerb, word: &str, tone: Tone) -> u32 {
        let words = self.literal(&self.label(&format!("moderation-{word}")));
        let verb = self.string(verb.name());
        let button = ButtonNode { words, verb, value: None, tone, confirm: None, disabled: None };
        self.push_new(Kind::Button(button), post);
        1
    }

    fn moderation_note(&mut self, text: String, children: impl FnOnce(&mut Self) -> u32) -> u32 {
        let words = self.literal(&text);
        let place = self.push(Node {
            kind: Kind::Notice(NoticeNode { tone: Tone::Warn, words }),
            children: 0,
            key: None,
            subject: None,
        });
        let added = children(self);
        self.add_children(place, added);
        1
    }

    fn muted(&mut self, id: &str) -> u32 {
        let words = self.literal(&self.label(id));
        let kind = Kind::Text(TextNode { words, emphasis: Emphasis::Muted });
        self.push(Node { kind, children: 0, key: None, subject: None });
        1
    }

    /// Whether the state of the view opens something for this entry.
    fn is_open(&self, parameter: &str, post: &Post<'f>) -> bool {
        self.parameters.iter().any(|(name, value)| name == parameter && *value == post.id)
    }

    fn label(&self, id: &str) -> String {
        self.texts.label(id).into_owned()
    }

    fn push(&mut self, node: Node) -> usize {
        self.view.nodes.push(node);
        self.view.nodes.len() - 1
    }

    fn push_new(&mut self, kind: Kind, post: &Post<'f>) -> usize {
        self.push(Node { kind, children: 0, key: None, subject: Some(post.entry) })
    }

    fn push_keyed(&mut self, kind: Kind, post: &Post<'f>, key: &str) -> usize {
        let key = Some(self.string(key));
        self.push(Node { kind, children: 0, key, subject: Some(post.entry) })
    }

    fn add_children(&mut self, place: usize, count: u32) {
        if let Some(node) = self.view.nodes.get_mut(place) {
            node.children += count;
        }
    }

    fn string(&mut self, text: &str) -> u32 {
        self.view.strings.push(text.to_owned());
        u32::try_from(self.view.strings.len() - 1).unwrap_or(u32::MAX)
    }

    fn literal(&mut self, text: &str) -> Words {
        Words::Literal(self.string(text))
    }

    /// The same view with one parameter changed, and the host's others closed.
    fn navigation(&mut self, name: &str, value: &str) -> u32 {
        let mut changes = Vec::new();
        for (own, value) in HOST_PARAMETERS.map(|own| (own, if own == name { value } else { "" })) {
            changes.push(Change { name: self.string(own), value: self.string(value) });
        }
        self.view.navigations.push(changes);
        u32::try_from(self.view.navigations.len() - 1).unwrap_or(u32::MAX)
    }
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use stoa_rules::State;
    use stoa_view::check::{check, verbs};
    use stoa_view::make::{ViewBuilder, label};
    use stoa_view::nodes::{Gap, Kind, View};

    use super::super::facts::{Facts, Report, Viewer};
    use super::draw;
    use crate::services::texts::Texts;

    const VISITOR: Viewer = Viewer { signed_in: false, moderates: false };
    const MEMBER: Viewer = Viewer { signed_in: true, moderates: false };
    const MODERATOR: Viewer = Viewer { signed_in: true, moderates: true };

    fn facts(state: State) -> Facts<'static> {
        Facts { state, reason: "", report_count: 0, reports: &[], own: false, reported: false }
    }

    /// A feed with the entry `e1` and a reply `e2` to it; with a menu of the plugin in the first.
    fn page(with_menu: bool) -> View {
        let mut v = ViewBuilder::new();
        v.feed(label("feed")).with(|v| {
            v.post("e1", 0, &[]).author("anna").with(|v| {
                v.row(Gap::Small).with(|v| {
                    v.button("like", label("like"));
                    if with_menu {
                        v.menu(label("more")).open(true).with(|v| {
                            v.button("pin", label("pin"));
                        });
                    }
                });
                v.replies(1, 1).with(|v| {
                    v.post("e2", 0, &[]).author("ben");
                });
            });
        });
        v.finish()
    }

    /// Draws for one viewer, with facts for the first entry alone.
    fn drawn(mut view: View, viewer: Viewer, facts: &Facts<'_>, open: &str) -> View {
        let texts = Texts::load().unwrap();
        let parameters = [(open.to_owned(), "e1".to_owned())];
        let of = |id: &str| (id == "e1").then(|| facts.clone());
        draw(&mut view, viewer, &of, &parameters, texts.of_host("en"));
        check(&view).unwrap();
        view
    }

    /// What the host offers, and which menus and forms can be opened.
    fn offers(view: &View) -> String {
        let verbs = verbs(view).map(|(_, verb)| verb).filter(|verb| verb.starts_with("host-"));
        let links = view.nodes.iter().filter_map(|node| match node.kind {
            Kind::Menu(menu) => menu.closed,
            Kind::Link(link) => match link.target {
                stoa_view::nodes::Target::Navigation(to) => Some(to),
                _ => None,
            },
            _ => None,
        });
        let text = |index: u32| view.strings[usize::try_from(index).unwrap()].as_str();
        let opens = links.flat_map(|to| &view.navigations[usize::try_from(to).unwrap()]);
        let opens = opens.filter(|change| text(change.value) == "e1").map(|change| text(change.name));
        let verbs: Vec<&str> = verbs.collect();
        let opens: Vec<&str> = opens.collect();
        format!("{} | {}", verbs.join(" "), opens.join(" "))
    }

    #[test]
    fn everybody_is_offered_what_they_may_do_and_nothing_else() {
        use State::{Deleted, Held, Rejected, Removed, Visible};
        let own = |state| Facts { own: true, ..facts(state) };
        let reported = Facts { report_count: 2, ..facts(Visible) };
        for (viewer, entry, expected) in [
            (VISITOR, facts(Visible), " | "),
            (MEMBER, facts(Visible), " | host-menu"),
            (MEMBER, own(Visible), " | "),
            (MEMBER, Facts { reported: true, ..facts(Visible) }, " | "),
            (MEMBER, own(Held), " | "),
            (MEMBER, own(Rejected), " | "),
            (MODERATOR, facts(Visible), " | host-menu"),
            (MODERATOR, own(Visible), " | "),
            (MODERATOR, facts(Held), "host-approve host-reject | "),
            (MODERATOR, facts(Rejected), "host-restore | "),
            (MODERATOR, facts(Removed), "host-restore | "),
            (MODERATOR, facts(Deleted), " | "),
            (MODERATOR, reported, "host-approve host-remove | host-menu"),
        ] {
            assert_eq!(offers(&drawn(page(false), viewer, &entry, "")), expected, "{viewer:?} {entry:?}");
        }
    }

    #[test]
    fn a_menu_of_the_plugin_gets_the_hosts_items_at_its_end() {
        let view = drawn(page(true), MODERATOR, &facts(State::Visible), "");
        assert_eq!(offers(&view), " | host-report host-remove");
        let menus: Vec<u32> = view
            .nodes
            .iter()
            .filter(|node| matches!(node.kind, Kind::Menu(_)))
            .map(|node| node.children)
            .collect();
        assert_eq!(menus, [3]);
        assert_eq!(offers(&drawn(page(true), VISITOR, &facts(State::Visible), "")), " | ");
    }

    #[test]
    fn what_was_opened_stands_in_the_post_and_before_its_replies() {
        let report = drawn(page(true), MEMBER, &facts(State::Visible), "host-report");
        assert_eq!(offers(&report), "host-report | host-report");
        let place =
            |view: &View, fits: fn(&Kind) -> bool| view.nodes.iter().position(|node| fits(&node.kind));
        let form = place(&report, |kind| matches!(kind, Kind::Form(_))).unwrap();
        assert!(form < place(&report, |kind| matches!(kind, Kind::Replies(_))).unwrap());
        let remove = drawn(page(false), MODERATOR, &facts(State::Visible), "host-remove");
        assert_eq!(offers(&remove), "host-remove | host-menu");
        let menu = drawn(page(false), MEMBER, &facts(State::Visible), "host-menu");
        assert_eq!(offers(&menu), " | host-report");
        // Nobody gets a form for what they may not do, whatever the address says.
        assert_eq!(
            offers(&drawn(page(false), MEMBER, &facts(State::Visible), "host-remove")),
            " | host-menu"
        );
        assert_eq!(offers(&drawn(page(false), VISITOR, &facts(State::Visible), "host-report")), " | ");
    }

    #[test]
    fn moderators_read_who_reports_and_why_and_the_author_reads_the_reason() {
        let text = |view: &View| {
            let note = view.nodes.iter().find_map(|node| match node.kind {
                Kind::Notice(note) => Some(note.words),
                _ => None,
            });
            match note {
                Some(stoa_view::nodes::Words::Literal(index)) => {
                    view.strings[usize::try_from(index).unwrap()].clone()
                }
                _ => String::new(),
            }
        };
        let plain = |text: String| text.replace(['\u{2068}', '\u{2069}'], "");
        let reports = [Report { name: "Ben".to_owned(), reason: "spam".to_owned() }];
        let reported = Facts { report_count: 1, reports: &reports, ..facts(State::Visible) };
        let note = plain(text(&drawn(page(false), MODERATOR, &reported, "")));
        assert_eq!(note, "There is 1 report about this. Ben: It is advertising or spam.");
        let rejected = Facts { own: true, reason: "Names a customer.", ..facts(State::Rejected) };
        let note = plain(text(&drawn(page(false), MEMBER, &rejected, "")));
        assert_eq!(note, "A moderator decided not to publish this: Names a customer.");
        let held = Facts { reason: "new-author", ..facts(State::Held) };
        let note = text(&drawn(page(false), MODERATOR, &held, ""));
        assert_eq!(note, "Waiting for your decision: one of the first entries of a guest.");
    }
}
