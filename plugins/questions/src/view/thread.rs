//! One question with its answers.

use stoa_plugin::view::{Gap, IconName, ToggleKind, Tone, ViewBuilder, label, literal, message};
use stoa_plugin::{Entry, State};

use super::{Changes, Pen};
use crate::model::{ANSWER, ANSWER_ORDERS, COMMENT, MENU, QUESTION, Task, Thread, order_name};
use crate::rules;

/// Whether there is a text to show and something to do about it.
fn living(entry: &Entry) -> bool {
    !matches!(entry.state, State::Deleted | State::Removed)
}

impl<'a> Pen<'a> {
    pub(super) fn thread(&self, v: &mut ViewBuilder, thread: &'a Thread) {
        let question = &thread.question;
        let back = self.go(
            ("q", ""),
            &["focus", "by", "after", "comments", "answer", "comment", "edit", "close", "history", "suggest"],
        );
        v.link_here(&back, label("all-questions")).key("back");
        let title = question.text("title");
        let section = match title {
            Some(title) => v.section(literal(title)),
            None => v.section(label("removed-question")),
        };
        section.key("question").with(|v| {
            self.page_closed(v);
            self.standing(v, thread);
            self.came_from(v, thread);
            v.feed(label("question")).key("asked").with(|v| self.post(v, thread, question));
            if rules::reminds(question, &thread.answers, &self.viewer) {
                v.notice(Tone::Neutral, label("remind-accept")).key("remind");
            }
            self.experts(v, thread);
            self.answers(v, thread);
        });
    }

    /// The comment that the question was.
    fn came_from(&self, v: &mut ViewBuilder, thread: &'a Thread) {
        let Some(comment) = &thread.from else { return };
        let mut to = self.go(("q", &comment.root), &["after", "comments"]);
        to.push(("focus", &comment.id));
        v.link_here(&to, label("from-comment")).key("from");
    }

    /// Who may know the answer, and why; whoever was asked.
    fn experts(&self, v: &mut ViewBuilder, thread: &'a Thread) {
        let question = &thread.question;
        if rules::check_invite(question, &self.viewer).is_err() {
            return;
        }
        if !thread.experts.is_empty() {
            v.card().key("experts").subject(&question.id).with(|v| {
                v.text(label("who-may-know")).strong();
                for expert in &thread.experts {
                    v.row(Gap::Small).key(&expert.person).subject(&question.id).with(|v| {
                        v.person(&expert.person);
                        let why =
                            message("knows-by").number("count", expert.accepted).text("tag", &expert.tag);
                        v.text(why).small();
                        v.button("invite", message("invite").person("name", &expert.person))
                            .value(&expert.person);
                    });
                }
            });
        }
        for person in &thread.invited {
            v.text(message("invited").person("name", person)).small();
        }
    }

    /// How the question stands, and where it leads when it is closed.
    fn standing(&self, v: &mut ViewBuilder, thread: &'a Thread) {
        let question = &thread.question;
        if !living(question) {
            return;
        }
        v.row(Gap::Small).key("standing").with(|v| {
            self.status(v, question);
            if let Some(page) = thread.page.as_ref().filter(|page| !page.title.is_empty()) {
                v.text(message("on-page").text("page", &page.title)).small();
            }
            self.tags(v, question);
        });
        let Some(reason) = question.text("closed") else { return };
        let notice = match &thread.original {
            Some(_) => v.notice(Tone::Neutral, label("closed-duplicate")),
            None => v.notice(Tone::Neutral, label(&format!("closed-{reason}-now"))),
        };
        notice.key("why").with(|v| {
            if let Some(original) = &thread.original {
                let title = original.text("title").unwrap_or_default();
                v.link_here(&self.to_question(&original.id), literal(title));
            }
        });
    }

    fn answers(&self, v: &mut ViewBuilder, thread: &'a Thread) {
        let question = &thread.question;
        let count = question.number("answers").unwrap_or(0);
        let words =
            if count == 0 { message("no-answers") } else { message("answer-count").number("count", count) };
        v.section(words).key("answers").with(|v| {
            if count > 1 {
                v.row(Gap::Small).key("orders").with(|v| {
                    for order in ANSWER_ORDERS {
                        let to = self.go(("by", order_name(order)), &["after", "focus"]);
                        v.link_here(&to, label(&format!("sort-{}", order_name(order))))
                            .current(order == thread.order);
                    }
                });
            }
            if thread.newer > 0 {
                let words = message("new-answers").number("count", thread.newer);
                v.more(&self.go(("after", ""), &[]), words).newer().key("newer");
            }
            if thread.continued {
                v.link_here(&self.go(("after", ""), &[]), label("back-to-first")).key("first");
            }
            if !thread.answers.is_empty() {
                v.feed(label("answers")).total(u32::try_from(count).ok()).key("feed").with(|v| {
                    thread.answers.iter().for_each(|answer| self.post(v, thread, answer));
                });
            }
            if let Some(next) = &thread.next {
                v.more(&self.go(("after", next), &["focus"]), label("more-answers")).key("more");
            }
            self.own_answer(v, thread);
        });
    }

    /// The form for an answer, or why there is none.
    fn own_answer(&self, v: &mut ViewBuilder, thread: &'a Thread) {
        let question = &thread.question;
        match &thread.own {
            Some(own) if question.text("closed").is_none() => {
                v.row(Gap::Small).key("own").with(|v| {
                    v.text(label("you-answered")).small();
                    v.link_here(&self.task(Task::Edit, own), label("edit-answer"));
                });
            }
            _ if rules::check_answer(question, &self.viewer, thread.own.is_some()).is_ok() => {
                if self.page.is_open(Task::Answer, &question.id) {
                    return self.answer_form(v, question);
                }
                let to = self.task(Task::Answer, &question.id);
                if thread.answers.is_empty() {
                    let words = if self.context.wrote(question) { "be-first-own" } else { "be-first" };
                    v.empty(label(words)).key("be-first").with(|v| {
                        v.link_here(&to, label("write-answer"));
                    });
                } else {
                    v.link_here(&to, label("write-answer")).key("write");
                }
            }
            _ => self.sign_in(v),
        }
    }

    /// The question, an answer or a comment.
    fn post(&self, v: &mut ViewBuilder, thread: &'a Thread, entry: &'a Entry) {
        let (root, id) = (thread.question.id.as_str(), entry.id.as_str());
        let living = living(entry);
        let edits =
            living && self.page.is_open(Task::Edit, id) && rules::check_edit(entry, &self.viewer).is_ok();
        let has_body = entry.kind != QUESTION || thread.has_body;
        let to: Changes<'a> = if id == root {
            self.to_question(id)
        } else {
            let mut to = self.go(
                ("q", root),
                &["after", "comments", "answer", "comment", "edit", "close", "history", "suggest"],
            );
            to.push(("focus", id));
            to
        };
        let post = v
            .post(id, entry.created_at, &to)
            .key(id)
            .author(entry.author.as_deref())
            .edited_at(entry.edited_at)
            .highlighted(thread.focus.as_deref() == Some(id));
        let post = if living && !edits && has_body { post.body() } else { post };
        post.with(|v| {
            if entry.kind == ANSWER && living {
                self.honours(v, thread, entry);
            }
            if edits {
                self.edit_form(v, entry, has_body);
            }
            if living && entry.state != State::Rejected {
                self.actions(v, thread, entry);
                self.open_task(v, thread, entry);
            }
            if let Some(suggested) = thread.suggestions.get(id) {
                self.suggested(v, entry, suggested);
            }
            if let Some(question) = entry.text("became") {
                v.link_here(&self.to_question(question), label("became-question")).key("became");
            }
            self.comments(v, thread, entry);
        });
    }

    /// That an answer is the accepted one, and who says that it is right.
    fn honours(&self, v: &mut ViewBuilder, thread: &Thread, answer: &Entry) {
        let accepted = thread.question.text("accepted") == Some(answer.id.as_str());
        let verified = answer.text("verified_by").zip(answer.time("verified_at"));
        if !accepted && verified.is_none() {
            return;
        }
        // In a stack, for a row right below a post holds what can be done with it.
        v.stack(Gap::None).key("honours").with(|v| {
            v.row(Gap::Small).with(|v| {
                if accepted {
                    v.badge(label("accepted")).tone(Tone::Ok).icon(IconName::Check);
                }
                let Some((person, at)) = verified else { return };
                let due = answer.time("review_due").unwrap_or(at);
                if answer.edited_at.is_some_and(|edited| edited > at) {
                    v.text(message("verified-before-edit").person("name", person)).small();
                } else if due <= self.viewer.now {
                    v.text(message("review-due").person("name", person).time("time", due)).small();
                } else {
                    v.text(message("verified-until").person("name", person).time("time", due)).small();
                }
            });
        });
        if let Some(due) = answer.time("review_due").filter(|due| *due > self.viewer.now) {
            v.fresh_until(due);
        }
    }

    fn actions(&self, v: &mut ViewBuilder, thread: &'a Thread, entry: &'a Entry) {
        let visible = entry.state == State::Visible;
        let votes = visible && self.shows_votes(entry);
        if !votes && !self.signed_in() {
            return;
        }
        v.row(Gap::Small).with(|v| {
            if votes {
                self.vote(v, entry);
            }
            if entry.kind == QUESTION && visible {
                self.question_actions(v, entry);
            }
            if entry.kind == ANSWER && rules::check_accept(&thread.question, entry, &self.viewer).is_ok() {
                if entry.flag("accepted") {
                    v.button("unaccept", label("unaccept"));
                } else {
                    v.button("accept", label("accept"));
                }
            }
            if entry.kind != COMMENT && rules::check_comment(entry, &self.viewer).is_ok() {
                let open = self.page.is_open(Task::Comment, &entry.id);
                v.link_here(&self.task(Task::Comment, &entry.id), label("comment")).current(open);
            }
            if self.page.menu.as_deref() == Some(entry.id.as_str()) {
                v.menu(label("more-actions")).open(true).with(|v| self.menu(v, thread, entry));
            } else if self.signed_in() {
                v.closed_menu(&self.go((MENU, &entry.id), &[]), label("more-actions"));
            }
        });
    }

    fn question_actions(&self, v: &mut ViewBuilder, question: &Entry) {
        let too = question.count("me-too", "1");
        if rules::check_me_too(question, &self.viewer).is_ok() {
            v.toggle(ToggleKind::Plain, "me-too", label("me-too"))
                .on(question.mine("me-too").is_some())
                .count(too);
        } else if too > 0 {
            v.text(message("have-this-too").number("count", too)).small();
        }
        if rules::check_follow(question, &self.viewer).is_ok() {
            v.toggle(ToggleKind::Follow, "follow", label("follow")).on(question.mine("follow").is_some());
        }
    }

    /// Who cannot vote sees the result, where there is one.
    fn shows_votes(&self, entry: &Entry) -> bool {
        rules::check_vote(entry, &self.viewer).is_ok()
            || entry.count("vote", "1") + entry.count("vote", "-1") > 0
    }

    fn vote(&self, v: &mut ViewBuilder, entry: &Entry) {
        let refused = rules::check_vote(entry, &self.viewer).err();
        let reason = refused.map(|_| if self.signed_in() { "own-post" } else { "sign-in-first" });
        if self.page.options.downvotes && entry.kind != COMMENT {
            let score = i32::try_from(rules::score(entry)).unwrap_or(i32::MAX);
            let mine = entry.mine("vote").map_or(0, |value| if value == "1" { 1 } else { -1 });
            let vote = v.vote("vote", score, mine).down(true);
            if let Some(reason) = reason {
                vote.disabled(label(reason));
            }
            return;
        }
        let on = entry.mine("vote") == Some("1");
        let up = entry.count("vote", "1");
        let toggle = v.toggle(ToggleKind::Like, "vote", label("helpful")).on(on).count(up);
        if let Some(reason) = reason {
            toggle.disabled(label(reason));
        }
    }

    fn menu(&self, v: &mut ViewBuilder, thread: &'a Thread, entry: &'a Entry) {
        let (viewer, id) = (&self.viewer, entry.id.as_str());
        if rules::check_edit(entry, viewer).is_ok() {
            v.link_here(&self.task(Task::Edit, id), label("edit"));
        }
        let deletes = match entry.kind.as_str() {
            // Whether the one answer there is has helped somebody is asked when it is done.
            QUESTION => rules::check_delete_question(entry, only(thread), viewer),
            ANSWER => rules::check_delete_answer(entry, viewer),
            _ => rules::check_delete_comment(entry, viewer),
        };
        if deletes.is_ok() {
            v.button("delete", label("delete")).tone(Tone::Danger).confirm(label("delete-sure"));
        }
        if entry.kind == QUESTION {
            if rules::check_close(entry, viewer).is_ok() {
                v.link_here(&self.task(Task::Close, id), label("close"));
            } else if rules::check_reopen(entry, viewer).is_ok() {
                v.button("reopen", label("reopen"));
            }
        }
        if rules::check_verify(entry, viewer).is_ok() {
            v.button("verify", label("verify"));
            if entry.text("verified_by").is_some() {
                v.button("unverify", label("unverify"));
            }
        }
        if rules::check_suggest(entry, viewer).is_ok() {
            v.link_here(&self.task(Task::Suggest, id), label("suggest"));
        }
        if rules::check_promote(entry, viewer).is_ok() {
            v.button("promote", label("promote"));
        }
        let mut to = self.go(("q", &thread.question.id), &["after", "comments", "by", "show", "sort", "tag"]);
        if entry.kind != QUESTION {
            to.push(("focus", id));
        }
        v.share(&to, label("copy-link"));
        if rules::check_history(entry, viewer).is_ok() {
            v.link_here(&self.task(Task::History, id), label("history"));
        }
    }

    /// The form or list that was opened below this entry.
    fn open_task(&self, v: &mut ViewBuilder, thread: &'a Thread, entry: &'a Entry) {
        let viewer = &self.viewer;
        let Some((task, _)) = self.page.task.as_ref().filter(|(_, id)| *id == entry.id) else { return };
        match task {
            Task::Comment if rules::check_comment(entry, viewer).is_ok() => self.comment_form(v, entry),
            Task::Suggest if rules::check_suggest(entry, viewer).is_ok() => self.suggest_form(v, entry),
            Task::Close if rules::check_close(entry, viewer).is_ok() => self.close_form(v),
            Task::History if rules::check_history(entry, viewer).is_ok() => self.history(v, thread),
            _ => {}
        }
    }

    /// The comments below a question or answer.
    fn comments(&self, v: &mut ViewBuilder, thread: &'a Thread, entry: &'a Entry) {
        let Some(comments) = thread.comments.get(entry.id.as_str()) else { return };
        if !comments.entries.is_empty() {
            let count = u32::try_from(comments.entries.len()).unwrap_or(u32::MAX);
            v.replies(count.saturating_add(comments.hidden), 1).key("comments").with(|v| {
                comments.entries.iter().for_each(|comment| self.post(v, thread, comment));
            });
        }
        if comments.hidden > 0 {
            let words = message("more-comments").number("count", comments.hidden);
            v.more(&self.go(("comments", &entry.id), &[]), words).key("more-comments");
        }
    }
}

/// The answer of a question that has one.
fn only(thread: &Thread) -> Option<&Entry> {
    thread.answers.first().filter(|_| thread.question.number("answers") == Some(1))
}
