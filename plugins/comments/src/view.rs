//! What people see: the page's threads with what this person may do now, and nothing else.

use stoa_plugin::view::{
    Align, Gap, MessageBuilder, Start, ToggleKind, Tone, View, ViewBuilder, label, literal, message,
};
use stoa_plugin::{Context, Entry, Order, State};

use crate::model::{self, DEPTH_MAX, Focus, MENU, Page, Task, Thread, Viewer};
use crate::rules;

/// Changes of parameters: what a link sets, and what it takes away.
type Changes<'a> = Vec<(&'a str, &'a str)>;

/// Draws the page.
pub(crate) fn draw(context: &Context, page: &Page) -> View {
    let painter = Painter { context, page, viewer: Viewer::of(context) };
    let mut v = ViewBuilder::new();
    v.section(painter.heading()).with(|v| {
        painter.bar(v);
        painter.notices(v);
        if page.focus == Focus::None && !page.continued {
            painter.composer_on_top(v);
        }
        painter.list(v);
    });
    v.finish()
}

/// What drawing needs everywhere.
struct Painter<'a> {
    context: &'a Context,
    page: &'a Page,
    viewer: Viewer<'a>,
}

impl<'a> Painter<'a> {
    /// Sets one parameter and takes those of `without` away that are set now; a menu closes with every step.
    fn go(&self, set: (&'a str, &'a str), without: impl IntoIterator<Item = &'static str>) -> Changes<'a> {
        let mut changes = vec![set];
        if !self.context.parameters().is_empty() {
            let without = without.into_iter().chain([MENU]);
            let away = without.filter(|name| *name != set.0 && self.context.parameter(name).is_some());
            changes.extend(away.map(|name| (name, "")));
        }
        changes
    }

    /// The comment alone, with its thread.
    fn permalink(&self, id: &'a str) -> Changes<'a> {
        let tasks = Task::ALL.map(Task::parameter);
        self.go(("focus", id), ["after", "limit", "open"].into_iter().chain(tasks))
    }

    /// The same view with a task opened, or with none.
    fn task(&self, task: Task, id: &'a str) -> Changes<'a> {
        self.go((task.parameter(), id), Task::ALL.map(Task::parameter))
    }

    fn heading(&self) -> MessageBuilder<'static> {
        // Without a number it says "Comments".
        message("heading").number("count", self.page.total.unwrap_or(0))
    }

    /// How the comments are sorted, whether the person follows the page, what moderators do with it.
    fn bar(&self, v: &mut ViewBuilder) {
        let sorts = self.page.focus == Focus::None && self.page.total.is_none_or(|total| total > 1);
        let signed_in = rules::check_signed_in(&self.viewer).is_ok();
        if !sorts && !signed_in {
            return;
        }
        v.row(Gap::Small).align(Align::Between).key("bar").with(|v| {
            if sorts {
                self.orders(v);
            }
            if rules::check_moderate(&self.viewer).is_ok() {
                v.row(Gap::Small).with(|v| self.page_actions(v));
            } else if signed_in {
                self.follow(v);
            }
        });
    }

    fn follow(&self, v: &mut ViewBuilder) {
        v.toggle(ToggleKind::Follow, "follow", label("follow")).on(self.page.follows);
    }

    fn page_actions(&self, v: &mut ViewBuilder) {
        self.follow(v);
        v.menu(label("moderate-page")).with(|v| {
            if self.viewer.closed {
                v.button("open", label("open-page"));
            } else {
                v.button("close", label("close-page")).confirm(label("close-page-sure"));
            }
        });
    }

    fn orders(&self, v: &mut ViewBuilder) {
        let controversial = self.page.options.downvotes.then_some(Order::Controversial);
        v.row(Gap::Small).with(|v| {
            for order in [Order::Newest, Order::Oldest, Order::Top].into_iter().chain(controversial) {
                let name = model::order_name(order);
                let words = format!("sort-{name}");
                v.link_here(&self.go(("sort", name), ["after"]), label(&words))
                    .current(order == self.page.order);
            }
        });
    }

    /// What is special now: closed, not signed in, one comment alone.
    fn notices(&self, v: &mut ViewBuilder) {
        if self.viewer.closed {
            v.notice(Tone::Neutral, label("page-closed")).key("closed");
        }
        match &self.page.focus {
            Focus::None => {}
            Focus::Lost => v.notice(Tone::Warn, label("comment-lost")).key("lost").with(|v| {
                v.link_here(&self.go(("focus", ""), ["after"]), label("show-all"));
            }),
            Focus::On(_) => {
                v.link_here(&self.go(("focus", ""), ["after"]), label("show-all")).key("all");
            }
        }
    }

    fn composer_on_top(&self, v: &mut ViewBuilder) {
        if rules::check_write(&self.viewer).is_ok() {
            v.form("create", label("post")).draft("create").key("compose").with(|v| {
                v.composer("body", label("your-comment"), self.page.options.length_max)
                    .placeholder(label("your-comment-prompt"))
                    .mentions(self.page.options.mentions_max > 0);
            });
        } else if self.viewer.person.is_none() && !self.viewer.closed {
            v.notice(Tone::Neutral, label("sign-in-to-write")).key("sign-in");
        }
    }

    fn list(&self, v: &mut ViewBuilder) {
        let page = self.page;
        if page.newer > 0 {
            let words = message("new-comments").number("count", page.newer);
            v.more(&self.go(("after", ""), []), words).newer().key("newer");
        }
        if page.continued {
            v.link_here(&self.go(("after", ""), []), label("back-to-first")).key("first");
        }
        if page.threads.is_empty() && page.newer == 0 && !page.continued {
            let writes = rules::check_write(&self.viewer).is_ok();
            let words = if writes { "empty-write" } else { "empty-read" };
            v.empty(message(words).text("page", &self.context.page().title)).key("empty");
            return;
        }
        v.feed(label("feed")).total(page.total).key("feed").with(|v| {
            for thread in &page.threads {
                self.post(v, thread, 0);
            }
        });
        self.more(v);
    }

    /// More of the list: first more in one view, then the next view.
    fn more(&self, v: &mut ViewBuilder) {
        let page = self.page;
        let Some(next) = &page.next else { return };
        let step = page.options.roots_per_page;
        if matches!(page.focus, Focus::On(_)) {
            v.more(&self.go(("after", next), []), label("more-replies-here")).key("more");
        } else if page.limit + step <= page.limit_max {
            let limit = (page.limit + step).to_string();
            v.more(&[("limit", &limit)], message("more-comments").number("count", step)).key("more");
        } else {
            v.more(&self.go(("after", next), ["limit"]), label("next-comments")).key("more");
        }
    }

    fn post(&self, v: &mut ViewBuilder, thread: &'a Thread, depth: u32) {
        let entry = &thread.entry;
        let living = !matches!(entry.state, State::Deleted | State::Removed);
        let may_edit = living && rules::check_edit(entry, &self.viewer, &self.page.options).is_ok();
        let edits = may_edit && self.page.is_open(Task::Edit, &entry.id);
        let post = v
            .post(&entry.id, entry.created_at, &self.permalink(&entry.id))
            .key(&entry.id)
            .author(entry.author.as_deref())
            .edited_at(entry.edited_at)
            .in_reply_to(entry.parent_author.as_deref().filter(|_| thread.moved))
            .pinned(entry.pinned)
            .highlighted(matches!(&self.page.focus, Focus::On(id) if *id == entry.id));
        let post = if living && !edits { post.body() } else { post };
        post.with(|v| {
            if edits {
                self.edit(v, entry);
            }
            if living {
                self.living(v, entry, may_edit);
            }
            self.answers(v, thread, depth);
        });
    }

    fn living(&self, v: &mut ViewBuilder, entry: &'a Entry, may_edit: bool) {
        if may_edit && !self.viewer.moderates() {
            v.fresh_until(rules::edit_ends(entry, &self.page.options));
        }
        self.actions(v, entry, may_edit);
        self.open_task(v, entry);
    }

    fn actions(&self, v: &mut ViewBuilder, entry: &'a Entry, may_edit: bool) {
        if entry.state == State::Rejected {
            return;
        }
        let votes = entry.state == State::Visible && self.shows_votes(entry);
        let reacts = self.page.options.reactions && rules::check_vote(entry, &self.viewer).is_ok();
        if self.page.options.reactions && entry.state == State::Visible && !reacts {
            Self::reacted(v, entry);
        }
        let signed_in = self.viewer.person.is_some();
        // Who only reads finds the permanent link on the date.
        if !votes && !signed_in {
            return;
        }
        v.row(Gap::Small).with(|v| {
            if votes {
                self.vote(v, entry);
            }
            if reacts {
                Self::reactions(v, entry);
            }
            if rules::check_reply(entry, &self.viewer).is_ok() {
                let open = self.page.is_open(Task::Reply, &entry.id);
                v.link_here(&self.task(Task::Reply, &entry.id), label("reply")).current(open);
            }
            if self.page.menu.as_deref() == Some(entry.id.as_str()) {
                v.menu(label("more-actions")).open(true).with(|v| self.menu(v, entry, may_edit));
            } else if signed_in {
                v.closed_menu(&self.go((MENU, &entry.id), []), label("more-actions"));
            }
        });
    }

    /// Who cannot vote sees the result, where there is one.
    fn shows_votes(&self, entry: &Entry) -> bool {
        rules::check_vote(entry, &self.viewer).is_ok()
            || entry.count("vote", "1") + entry.count("vote", "-1") > 0
    }

    fn vote(&self, v: &mut ViewBuilder, entry: &Entry) {
        let (up, down) = (entry.count("vote", "1"), entry.count("vote", "-1"));
        let refused = rules::check_vote(entry, &self.viewer).err();
        let reason =
            refused.map(|_| if self.viewer.person.is_some() { "own-comment" } else { "sign-in-first" });
        if self.page.options.downvotes {
            let score = i64::from(up) - i64::from(down);
            let score = i32::try_from(score).unwrap_or(i32::MAX);
            let mine = entry.mine("vote").map_or(0, |value| if value == "1" { 1 } else { -1 });
            let vote = v.vote("vote", score, mine).down(true);
            if let Some(reason) = reason {
                vote.disabled(label(reason));
            }
        } else {
            let on = entry.mine("vote") == Some("1");
            let toggle = v.toggle(ToggleKind::Like, "vote", label("helpful")).on(on).count(up);
            if let Some(reason) = reason {
                toggle.disabled(label(reason));
            }
        }
    }

    fn reactions(v: &mut ViewBuilder, entry: &Entry) {
        v.reactions("react", label("reactions")).key("reactions").with(|v| {
            for (emoji, name) in rules::REACTIONS {
                let mine = entry.mine("reaction") == Some(emoji);
                v.reaction(emoji, label(name), entry.count("reaction", emoji), mine);
            }
        });
    }

    /// Who cannot react sees what there is.
    fn reacted(v: &mut ViewBuilder, entry: &Entry) {
        let counts = rules::REACTIONS.iter().map(|(emoji, _)| (emoji, entry.count("reaction", emoji)));
        let counts: Vec<String> = counts
            .filter(|(_, count)| *count > 0)
            .map(|(emoji, count)| [emoji, " ", &count.to_string()].concat())
            .collect();
        if !counts.is_empty() {
            v.text(literal(&counts.join("   "))).small().key("reacted");
        }
    }

    fn menu(&self, v: &mut ViewBuilder, entry: &'a Entry, may_edit: bool) {
        let (viewer, id) = (&self.viewer, entry.id.as_str());
        if may_edit {
            v.link_here(&self.task(Task::Edit, id), label("edit"));
        } else if rules::check_update(entry, viewer, &self.page.options).is_ok() {
            v.link_here(&self.task(Task::Update, id), label("add-update"));
        }
        if rules::check_delete(entry, viewer).is_ok() {
            v.button("delete", label("delete")).tone(Tone::Danger).confirm(label("delete-sure"));
        }
        v.share(&self.permalink(id), label("copy-link"));
        if rules::check_history(entry, viewer).is_ok() {
            v.link_here(&self.task(Task::History, id), label("history"));
        }
        if rules::check_pin(entry, viewer).is_ok() {
            let (verb, words) = if entry.pinned { ("unpin", "unpin") } else { ("pin", "pin") };
            v.button(verb, label(words));
        }
    }

    /// The form or list that was opened below this comment.
    fn open_task(&self, v: &mut ViewBuilder, entry: &'a Entry) {
        let (viewer, options) = (&self.viewer, &self.page.options);
        let Some((task, _)) = self.page.task.as_ref().filter(|(_, id)| *id == entry.id) else { return };
        match task {
            Task::Reply if rules::check_reply(entry, viewer).is_ok() => self.reply(v, entry),
            Task::Update if rules::check_update(entry, viewer, options).is_ok() => self.update(v, entry),
            Task::History if rules::check_history(entry, viewer).is_ok() => self.history(v),
            _ => {}
        }
    }

    fn reply(&self, v: &mut ViewBuilder, entry: &'a Entry) {
        let draft = format!("reply-{}", entry.id);
        let words = match &entry.author {
            Some(author) => message("your-reply-to").person("name", author),
            None => message("your-reply"),
        };
        v.form("reply", label("post-reply")).cancel(&[("reply", "")]).draft(&draft).key("reply").with(|v| {
            v.composer("body", words, self.page.options.length_max)
                .mentions(self.page.options.mentions_max > 0);
        });
    }

    fn edit(&self, v: &mut ViewBuilder, entry: &'a Entry) {
        let draft = format!("edit-{}", entry.id);
        v.form("edit", label("save")).cancel(&[("edit", "")]).draft(&draft).key("edit").with(|v| {
            v.composer("body", label("your-comment"), self.page.options.length_max)
                .value(Start::Entry(&entry.id))
                .mentions(self.page.options.mentions_max > 0);
        });
    }

    fn update(&self, v: &mut ViewBuilder, entry: &'a Entry) {
        let draft = format!("update-{}", entry.id);
        let form = v.form("update-note", label("post-update")).cancel(&[("update", "")]);
        form.draft(&draft).key("update").with(|v| {
            v.composer("body", label("your-update"), self.page.options.length_max)
                .placeholder(label("your-update-prompt"));
        });
    }

    fn history(&self, v: &mut ViewBuilder) {
        v.card().key("history").with(|v| {
            v.text(label("history-heading")).strong();
            for revision in &self.page.revisions {
                v.text(message("history-until").time("time", revision.replaced_at)).small();
                v.markdown(&revision.body);
            }
            v.link_here(&[("history", "")], label("history-close"));
        });
    }

    fn answers(&self, v: &mut ViewBuilder, thread: &'a Thread, depth: u32) {
        let entry = &thread.entry;
        if !thread.answers.is_empty() {
            let shown_depth = u8::try_from((depth + 1).min(DEPTH_MAX)).unwrap_or(1);
            v.replies(entry.replies, shown_depth).key("replies").with(|v| {
                for answer in &thread.answers {
                    self.post(v, answer, depth + 1);
                }
            });
        }
        if depth == 0 && !matches!(self.page.focus, Focus::On(_)) {
            self.more_answers(v, thread);
        }
    }

    fn more_answers(&self, v: &mut ViewBuilder, thread: &'a Thread) {
        let id = thread.entry.id.as_str();
        let hidden = thread.entry.replies.saturating_sub(thread.answers_here());
        let is_open = self.page.open.iter().any(|open| open == id);
        if hidden > 0 {
            let words = message("more-replies").number("count", hidden);
            if is_open {
                v.more(&self.permalink(id), words).key("more");
            } else {
                v.more(&[("open", &model::opened(&self.page.open, id))], words).key("more");
            }
        }
        if is_open && thread.answers_here() > self.page.options.replies_shown {
            v.link_here(&[("open", &model::closed(&self.page.open, id))], label("fewer-replies"))
                .key("fewer");
        }
    }
}
