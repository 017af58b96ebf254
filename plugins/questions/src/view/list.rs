//! The questions of a page or hub.

use stoa_plugin::Entry;
use stoa_plugin::State;
use stoa_plugin::view::{
    Align, Gap, IconName, MessageBuilder, ToggleKind, Tone, ViewBuilder, label, literal, message,
};

use super::Pen;
use crate::model::{List, ORDERS, Show, Status, order_name};
use crate::reputation::Reputation;
use crate::rules;

impl<'a> Pen<'a> {
    pub(super) fn list(&self, v: &mut ViewBuilder, list: &'a List) {
        // Without a number it says "Questions".
        let heading = message("heading").number("count", list.found.total.unwrap_or(0));
        v.section(heading).with(|v| {
            self.page_closed(v);
            if list.lost {
                v.notice(Tone::Warn, label("question-lost")).key("lost");
            }
            self.sign_in(v);
            if rules::check_ask(&self.viewer).is_ok() {
                self.ask(v);
            }
            // The first question needs no filters.
            let narrowed = list.show != Show::All || list.tag.is_some() || list.continued;
            if list.found.entries.is_empty() && !narrowed && list.found.newer == 0 {
                return self.empty(v);
            }
            self.bar(v, list);
            self.questions(v, list);
            self.impact(v);
        });
    }

    /// What the person's answers have come to, for that person alone.
    fn impact(&self, v: &mut ViewBuilder) {
        let Some(impact) = self.page.impact else { return };
        let words = match self.page.options.reputation {
            Reputation::Full => message("impact-full").number("upvoted", impact.upvoted),
            Reputation::Light | Reputation::Off => message("impact"),
        };
        let words = words.number("accepted", impact.accepted).number("score", impact.score);
        v.text(words).small().key("impact");
    }

    fn empty(&self, v: &mut ViewBuilder) {
        let words = match (self.page.place.is_hub(), rules::check_ask(&self.viewer).is_ok()) {
            (true, true) => "empty-hub-write",
            (true, false) => "empty-hub",
            (false, true) => "empty-write",
            (false, false) => "empty-read",
        };
        v.empty(message(words).text("page", &self.context.page().title)).key("empty");
    }

    /// Which questions, in which order, and whether the person follows the page.
    fn bar(&self, v: &mut ViewBuilder, list: &'a List) {
        v.row(Gap::Small).align(Align::Between).key("bar").with(|v| {
            v.row(Gap::Small).with(|v| {
                for show in Show::ALL {
                    if show.is_personal() && !self.signed_in() {
                        continue;
                    }
                    let words = format!("show-{}", show.name());
                    v.link_here(&self.go(("show", show.name()), &["after"]), label(&words))
                        .current(show == list.show);
                }
            });
            v.row(Gap::Small).with(|v| {
                for order in ORDERS {
                    let words = format!("sort-{}", order_name(order));
                    v.link_here(&self.go(("sort", order_name(order)), &["after"]), label(&words))
                        .current(order == list.order);
                }
                if self.signed_in() && !self.page.place.is_hub() {
                    v.toggle(ToggleKind::Follow, "follow", label("follow-page")).on(list.follows);
                }
            });
        });
        if let Some(tag) = &list.tag {
            v.row(Gap::Small).key("tag").with(|v| {
                v.text(message("only-tag").text("tag", tag));
                v.link_here(&self.go(("tag", ""), &["after"]), label("all-tags"));
            });
        }
    }

    fn questions(&self, v: &mut ViewBuilder, list: &'a List) {
        if list.found.newer > 0 {
            let words = message("new-questions").number("count", list.found.newer);
            v.more(&self.go(("after", ""), &[]), words).newer().key("newer");
        }
        if list.continued {
            v.link_here(&self.go(("after", ""), &[]), label("back-to-first")).key("first");
        }
        // What its author has taken back is no question any more; moderators can bring back what one of them removed.
        let moderates = self.context.moderates();
        let shown = |entry: &&Entry| match entry.state {
            State::Deleted => false,
            State::Removed => moderates,
            State::Visible | State::Held | State::Rejected => true,
        };
        let entries: Vec<&Entry> = list.found.entries.iter().filter(shown).collect();
        if entries.is_empty() && list.found.newer == 0 {
            v.empty(label(&format!("none-{}", list.show.name()))).key("none").with(|v| {
                v.link_here(&self.go(("show", ""), &["after", "tag"]), label("show-everything"));
            });
        } else if !entries.is_empty() {
            v.listing().key("questions").with(|v| {
                for entry in entries {
                    v.item().key(&entry.id).with(|v| self.line(v, list, entry));
                }
            });
        }
        if let Some(next) = &list.found.next {
            v.more(&self.go(("after", next), &[]), label("more-questions")).key("more");
        }
    }

    /// One question: what it is about, how it stands, who asked when and where.
    fn line(&self, v: &mut ViewBuilder, list: &'a List, question: &'a Entry) {
        v.stack(Gap::None).with(|v| {
            v.row(Gap::Small).with(|v| {
                self.status(v, question);
                let title = question.text("title");
                let to = self.to_question(&question.id);
                match title {
                    Some(title) => v.link_here(&to, literal(title)),
                    None => v.link_here(&to, label("removed-question")),
                };
            });
            v.row(Gap::Small).with(|v| self.about(v, list, question));
        });
    }

    /// How far a question has got, who asked it when and where, and what it is about.
    fn about(&self, v: &mut ViewBuilder, list: &'a List, question: &'a Entry) {
        let mut facts: Vec<MessageBuilder<'a>> = self.answered(list, question).into_iter().collect();
        let too = question.count("me-too", "1");
        if too > 0 {
            facts.push(message("have-this-too").number("count", too));
        }
        if let Some(author) = &question.author {
            facts.push(message("asked-by").person("name", author));
        }
        for fact in facts {
            v.text(fact).small();
            v.text(literal("·")).small();
        }
        v.time(question.created_at);
        if let Some(title) = list.titles.get(question.page.as_str()) {
            v.text(message("on-page").text("page", title)).small();
        }
        self.tags(v, question);
    }

    /// How many have answered, and whose answer it was; nothing about a closed question that nobody has answered.
    fn answered(&self, list: &'a List, question: &Entry) -> Option<MessageBuilder<'a>> {
        let solver = question.text("accepted").and_then(|id| list.solvers.get(id));
        let answers = question.number("answers").unwrap_or(0);
        match solver {
            Some(solver) => Some(message("answered-by").person("name", solver)),
            None if answers > 0 => Some(message("answer-count").number("count", answers)),
            None if Status::of(question) == Status::Closed => None,
            None => Some(message("nobody-yet")),
        }
    }

    pub(super) fn tags(&self, v: &mut ViewBuilder, question: &'a Entry) {
        for tag in question.texts("tags") {
            let to = self.go(("tag", tag), &["after", "q", "focus", "show", "comments"]);
            v.link_here(&to, message("tag").text("tag", tag));
        }
    }

    /// What has become of a question, in a word.
    pub(super) fn status(&self, v: &mut ViewBuilder, question: &Entry) {
        match question.state {
            State::Held => {
                v.badge(label("status-held")).tone(Tone::Warn).icon(IconName::Waiting);
                return;
            }
            State::Rejected => {
                v.badge(label("status-rejected")).tone(Tone::Danger);
                return;
            }
            State::Visible | State::Deleted | State::Removed => {}
        }
        let duplicate = question.text("closed") == Some("duplicate");
        match Status::of(question) {
            Status::Solved => v.badge(label("status-solved")).tone(Tone::Ok).icon(IconName::Check),
            Status::Closed if duplicate => v.badge(label("status-duplicate")).icon(IconName::Link),
            Status::Closed => v.badge(label("status-closed")).icon(IconName::Lock),
            Status::Answered => v.badge(label("status-answered")),
            Status::Open => v.badge(label("status-open")).tone(Tone::Accent),
        };
    }
}
