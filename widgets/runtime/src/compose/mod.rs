//! Writing: toolbar, preview, counter, drafts, mentions.

mod drafts;
mod lists;
mod picks;

use crate::acts::press;
use crate::dom::Dom;
use crate::pure::markdown;
use crate::{Page, Task, apply};
pub(crate) use lists::List;

/// So long after the last letter the view follows a field that proposes, in milliseconds.
const SUGGEST_MS: u32 = 300;

impl Page {
    /// Asks for the view in which a parameter is what stands in the field.
    pub(crate) fn follow_field(&mut self, view: Dom, field: Dom) {
        let p = self.dom.suggested(view, field);
        self.look(view, &p, false, apply::Goal::Quiet, Dom::NONE);
    }

    /// Takes care of composers and forms that have just come: toolbars are shown, drafts come back.
    pub(crate) fn enhance(&mut self, view: Dom) {
        let dom = &self.dom;
        let container = dom.inner(view, "box");
        dom.set_all(container, ".tools[hidden] button:not(:first-child)", "tabindex", Some("-1"));
        dom.set_all(container, ".tools[hidden]", "hidden", None);
        dom.set_all(container, ".keys[hidden]", "hidden", None);
        dom.give_roles(view);
        dom.tick(view);
        for form in dom.each(container, "form[data-d]:not([data-up])") {
            self.dom.set_attr(form, "data-up", "");
            self.restore(view, form);
        }
    }

    /// Somebody typed.
    pub(crate) fn typed(&mut self, view: Dom, field: Dom) {
        let dom = &self.dom;
        self.room_left(field);
        self.remember_seen(field);
        let form = dom.around(field, "form[data-d]");
        let lists = dom.matches(field, "[data-m]");
        let picks = dom.matches(field, "[role=combobox]");
        let suggests = dom.matches(field, "[data-suggest]");
        if form.some() && !self.waits_for(|task| matches!(task, Task::Draft(_, known) if *known == form)) {
            // One timer a form: whatever is typed until it ends is kept with it.
            let form = self.dom.kept(form);
            self.later(Task::Draft(view, form), drafts::SETTLE_MS);
        }
        if suggests {
            self.forget(|task| matches!(task, Task::Suggest(_, known) if *known == field));
            let field = self.dom.kept(field);
            self.later(Task::Suggest(view, field), SUGGEST_MS);
        }
        if picks {
            self.pick_typed(view, field);
        } else if lists {
            self.look_for_people(view, field);
        }
    }

    /// Keeps the token that belongs to what the person saw when they began to write: a live patch renews the one in
    /// the form, and a change of somebody else would be overwritten unseen.
    pub(super) fn remember_seen(&self, field: Dom) {
        let dom = &self.dom;
        let form = dom.around(field, "form:has([name=s]):not([data-seen])");
        if let Some(token) = dom.field(dom.first(form, "[name=t]"), "value") {
            dom.set_attr(form, "data-seen", &token);
        }
    }

    /// From nine tenths of the room on, says how much is left.
    pub(crate) fn room_left(&self, field: Dom) {
        let dom = &self.dom;
        let place = dom.first(dom.around(field, ".composer"), ".counter");
        let room = dom.count(field, "maxLength");
        let left = room.saturating_sub(dom.count(field, "textLength"));
        if left <= room / 10 {
            dom.drop_attr(place, "hidden");
            dom.write_left(place, left);
        } else {
            dom.set_attr(place, "hidden", "");
        }
    }

    /// A button of the toolbar.
    pub(crate) fn toolbar(&mut self, view: Dom, button: Dom) {
        let dom = &self.dom;
        let composer = dom.around(button, ".composer");
        let field = dom.first(composer, "textarea");
        let kind = dom.attr(button, "data-md").unwrap_or_default();
        let value = dom.field(field, "value").unwrap_or_default();
        if kind == "preview" {
            let on = !dom.matches(button, "[aria-pressed=true]");
            press(dom, button, on);
            dom.set_attr(dom.first(composer, ".preview"), "hidden", "");
            if on {
                let composer = dom.kept(composer);
                let ticket = self.ticket(Task::Preview(view, composer));
                self.dom.preview(ticket, field);
            }
            return;
        }
        let (from, to) = (dom.count(field, "selectionStart"), dom.count(field, "selectionEnd"));
        if let Some(edit) = markdown::edit(&kind, &value, from, to) {
            dom.replace(field, &edit);
            self.typed(view, field);
        }
    }

    /// The preview has come.
    pub(crate) fn previewed(&mut self, view: Dom, answer: Dom, composer: Dom) {
        let dom = &self.dom;
        let place = dom.first(composer, ".preview");
        // The view knows nothing of what is in here.
        let inside = dom.own("div", "", "");
        let done = dom.script(answer).is_some_and(|script| apply::patch(dom, inside, &script).is_ok());
        if !done {
            let words = dom.field(answer, "detail").unwrap_or_else(|| dom.text("offline"));
            dom.set_field(inside, "textContent", Some(&words));
        }
        dom.set_field(place, "textContent", None);
        dom.append(place, inside);
        dom.drop_attr(place, "hidden");
        let words = dom.field(inside, "textContent").unwrap_or_default();
        self.announce(view, &words);
    }
}
