//! What people see: the questions of a page or hub, or one of them with its answers, with what this person may do now.

mod forms;
mod list;
mod thread;

use stoa_plugin::Context;
use stoa_plugin::view::{Tone, View, ViewBuilder, label};

use crate::model::{MENU, OPEN, Page, Shown, Task, Viewer};
use crate::rules;

/// Changes of parameters: what a link sets, and what it takes away.
type Changes<'a> = Vec<(&'a str, &'a str)>;

/// Draws the view.
pub(crate) fn draw(context: &Context, page: &Page) -> View {
    let elsewhere = match &page.shown {
        Shown::Thread(thread) => thread.page.as_ref(),
        Shown::List(_) => None,
    };
    let pen = Pen { context, page, viewer: Viewer::at(context, elsewhere) };
    let mut v = ViewBuilder::new();
    match &page.shown {
        Shown::List(list) => pen.list(&mut v, list),
        Shown::Thread(thread) => pen.thread(&mut v, thread),
    }
    v.finish()
}

/// What drawing needs everywhere.
struct Pen<'a> {
    context: &'a Context,
    page: &'a Page,
    viewer: Viewer<'a>,
}

impl<'a> Pen<'a> {
    /// Sets one parameter and takes those of `without` away that are set now; a menu closes with every step.
    fn go(&self, set: (&'a str, &'a str), without: &[&'static str]) -> Changes<'a> {
        let mut changes = vec![set];
        if !self.context.parameters().is_empty() {
            let without = without.iter().copied().chain([MENU]);
            let away = without.filter(|name| *name != set.0 && self.context.parameter(name).is_some());
            changes.extend(away.map(|name| (name, "")));
        }
        // Where a notice led here, `focus` alone holds the question open.
        if let Shown::Thread(thread) = &self.page.shown
            && changes.contains(&("focus", ""))
            && set.0 != OPEN
            && self.context.parameter(OPEN).is_none()
        {
            changes.push((OPEN, &thread.question.id));
        }
        changes
    }

    /// A question alone.
    fn to_question(&self, id: &'a str) -> Changes<'a> {
        self.go(
            ("q", id),
            &[
                "focus", "after", "ask", "like", "comments", "answer", "comment", "edit", "close", "history",
                "suggest",
            ],
        )
    }

    /// The same view with a task opened, or with none.
    fn task(&self, task: Task, id: &'a str) -> Changes<'a> {
        self.go((task.parameter(), id), &Task::ALL.map(Task::parameter))
    }

    fn sign_in(&self, v: &mut ViewBuilder) {
        if self.viewer.person.is_none() && !self.viewer.closed {
            v.notice(Tone::Neutral, label("sign-in-to-write")).key("sign-in");
        }
    }

    /// What is special about the page now.
    fn page_closed(&self, v: &mut ViewBuilder) {
        if self.viewer.closed {
            v.notice(Tone::Neutral, label("page-closed")).key("closed");
        }
    }

    fn signed_in(&self) -> bool {
        rules::check_signed_in(&self.viewer).is_ok()
    }
}
