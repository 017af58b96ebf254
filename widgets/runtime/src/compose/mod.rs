//! Writing: toolbar, preview, counter, drafts, mentions.

mod drafts;
mod lists;
mod picks;

use crate::acts::press;
use crate::dom::{self, Answer, Field, View};
use crate::pure::markdown;
use crate::{Page, Task, apply};
pub(crate) use lists::List;
use wasm_bindgen::JsCast as _;
use web_sys::Element;

/// So long after the last letter the view follows a field that proposes, in milliseconds.
const SUGGEST_MS: u32 = 300;

impl Page {
    /// Asks for the view in which a parameter is what stands in the field.
    pub(crate) fn follow_field(&mut self, view: &View, field: &Field) {
        let p = dom::suggested(view, field);
        self.look(view, &p, false, apply::Goal::Quiet, None);
    }

    /// Takes care of composers and forms that have just come: toolbars are shown, drafts come back.
    pub(crate) fn enhance(&mut self, view: &View) {
        let container = view.container();
        dom::set_all(&container, ".tools[hidden] button:not(:first-child)", "tabindex", Some("-1"));
        dom::set_all(&container, ".tools[hidden],.keys[hidden]", "hidden", None);
        dom::roles(view);
        dom::tick(view);
        for form in dom::all(&container, "form[data-d]:not([data-up])") {
            dom::set(&form, "data-up", "");
            Self::restore(view, &form);
        }
    }

    /// Somebody typed.
    pub(crate) fn typed(&mut self, view: &View, field: &Field) {
        Self::room_left(field);
        Self::remember_seen(field);
        let form = dom::around(field, "form[data-d]");
        if let Some(form) = form
            && !self.waits_for(|task| matches!(task, Task::Draft(_, known) if *known == form))
        {
            // One timer a form: whatever is typed until it ends is kept with it.
            self.later(Task::Draft(view.clone(), form), drafts::SETTLE_MS);
        }
        if dom::fits(field, "[data-suggest]") {
            self.forget(|task| matches!(task, Task::Suggest(_, known) if known == field));
            self.later(Task::Suggest(view.clone(), field.clone()), SUGGEST_MS);
        }
        if dom::fits(field, "[role=combobox]") {
            self.pick_typed(view, field);
        } else if dom::fits(field, "[data-m]") {
            self.look_for_people(view, field);
        }
    }

    /// Keeps the token that belongs to what the person saw when they began to write: a live patch renews the one in
    /// the form, and a change of somebody else would be overwritten unseen.
    fn remember_seen(field: &Field) {
        let Some(form) = dom::around(field, "form:has([name=s]):not([data-seen])") else { return };
        if let Some(token) = dom::find(&form, "[name=t]") {
            dom::set(&form, "data-seen", &token.unchecked_ref::<Field>().value());
        }
    }

    /// From nine tenths of the room on, says how much is left.
    pub(crate) fn room_left(field: &Field) {
        let Some(place) = dom::near(field, ".composer", ".counter") else { return };
        let room = field.max_length();
        let left = room.saturating_sub(field.text_length());
        if left <= room / 10 {
            dom::unset(&place, "hidden");
            place.set_text_content(Some(&dom::numbers("left", left, 0)));
        } else {
            dom::set(&place, "hidden", "");
        }
    }

    /// A button of the toolbar.
    pub(crate) fn toolbar(&mut self, view: &View, button: &Element) {
        let Some(composer) = dom::around(button, ".composer") else { return };
        let Some(field) = dom::find(&composer, "textarea") else { return };
        let field = field.unchecked_into::<Field>();
        let kind = button.get_attribute("data-md").unwrap_or_default();
        if kind == "preview" {
            let on = !dom::fits(button, "[aria-pressed=true]");
            press(button, on);
            dom::set_all(&composer, ".preview", "hidden", Some(""));
            if on {
                let ticket = self.ticket(Task::Preview(view.clone(), composer));
                dom::preview(ticket, &field);
            }
            return;
        }
        let (from, to) = (field.selection_start(), field.selection_end());
        if let Some(edit) = markdown::edit(&kind, &field.value(), from, to) {
            dom::replace(&field, &edit);
            self.typed(view, &field);
        }
    }

    /// The preview has come.
    pub(crate) fn previewed(view: &View, answer: &Answer, composer: &Element) {
        let Some(place) = dom::find(composer, ".preview") else { return };
        // The view knows nothing of what is in here.
        let Some(inside) = dom::create_local("div", "", "") else { return };
        let done = answer.ops().is_some_and(|script| apply::patch(&inside, &script).is_ok());
        if !done {
            let words = answer.detail().unwrap_or_else(|| dom::text("offline"));
            inside.set_text_content(Some(&words));
        }
        place.replace_children_with_node_1(&inside);
        dom::unset(&place, "hidden");
        view.announce(&inside.text_content().unwrap_or_default());
    }
}
