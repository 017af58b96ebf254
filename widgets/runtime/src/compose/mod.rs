//! Writing: toolbar, preview, counter, drafts, mentions.

mod drafts;
mod mentions;

use crate::apply::{all, around, first, focus, local, set};
use crate::bridge::{Answer, Typist};
use crate::pure::markdown;
use crate::{Page, Task, acts, apply};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlFormElement, HtmlTextAreaElement};

/// Marks what the runtime has already taken care of.
const DONE: &str = "data-up";

impl Page {
    /// Takes care of composers and forms that have just come: toolbars are shown, drafts come back.
    pub(crate) fn enhance(&mut self, id: u32) {
        let Some(view) = self.view(id) else { return };
        let container: Element = view.container().into();
        for tools in all(&container, ".tools[hidden]") {
            let _ = tools.remove_attribute("hidden");
            for button in all(&tools, "button").iter().skip(1) {
                set(button, "tabindex", "-1");
            }
        }
        for form in all(&container, "form[data-d]:not([data-up])") {
            set(&form, DONE, "");
            self.restore(id, form.unchecked_ref());
        }
    }

    /// Somebody typed.
    pub(crate) fn typed(&mut self, id: u32, field: &HtmlTextAreaElement) {
        Self::count(field, &self.bridge.text("left"));
        if field.has_attribute("data-m") {
            self.look_for_mention(id, field);
        }
        if let Some(form) = around(field, "form[data-d]") {
            self.draft_soon(id, form.unchecked_ref());
        }
    }

    /// From nine tenths of the room on, says how much is left. `words` has `%n` in the place of the number.
    pub(crate) fn count(field: &HtmlTextAreaElement, words: &str) {
        let Some(place) = around(field, ".composer").and_then(|composer| first(&composer, ".counter")) else { return };
        let room = u32::try_from(field.max_length()).unwrap_or(u32::MAX);
        let left = room.saturating_sub(field.text_length());
        if left <= room / 10 && !words.is_empty() {
            let _ = place.remove_attribute("hidden");
            place.set_text_content(Some(&words.replacen("%n", &acts::digits(left), 1)));
        } else {
            set(&place, "hidden", "");
        }
    }

    /// A button of the toolbar.
    pub(crate) fn toolbar(&mut self, id: u32, button: &Element) {
        let Some(composer) = around(button, ".composer") else { return };
        let Some(field) = first(&composer, "textarea").and_then(|field| field.dyn_into::<HtmlTextAreaElement>().ok())
        else {
            return;
        };
        let kind = button.get_attribute("data-md").unwrap_or_default();
        if kind == "preview" {
            self.preview(id, &composer, button, &field);
            return;
        }
        let (from, to) = selection(&field);
        if let Some(edit) = markdown::edit(&kind, &field.value(), from, to) {
            replace(&field, &edit);
            self.typed(id, &field);
        }
    }

    fn preview(&mut self, id: u32, composer: &Element, button: &Element, field: &HtmlTextAreaElement) {
        let Some(place) = first(composer, ".preview") else { return };
        place.set_text_content(None);
        let on = button.get_attribute("aria-pressed").as_deref() != Some("true");
        set(button, "aria-pressed", if on { "true" } else { "false" });
        if on {
            let ticket = self.ticket(Task::Preview(id, composer.clone()));
            self.bridge.preview(ticket, &field.value());
        } else {
            set(&place, "hidden", "");
        }
    }

    /// The preview has come.
    pub(crate) fn previewed(&mut self, id: u32, status: u16, answer: &Answer, composer: &Element) {
        let Some(place) = first(composer, ".preview") else { return };
        // The view knows nothing of what is in here.
        let Some(inside) = local(&place, "div", "", "") else { return };
        match answer.ops() {
            Some(script) if status == 200 => drop(apply::patch(&inside, &script)),
            _ => inside.set_text_content(Some(&answer.detail().unwrap_or_else(|| self.bridge.text("offline")))),
        }
        place.set_text_content(None);
        let _ = place.append_child(&inside);
        let _ = place.remove_attribute("hidden");
        self.announce(id, &inside.text_content().unwrap_or_default());
    }

    fn draft_soon(&mut self, id: u32, form: &HtmlFormElement) {
        // One timer a form: whatever is typed until it ends is kept with it.
        let waits = self.waits_for(|task| matches!(task, Task::Draft(_, known) if known == form));
        if !waits {
            self.later(Task::Draft(id, form.clone()), drafts::SETTLE_MS);
        }
    }
}

/// What is selected, in UTF-16 code units.
fn selection(field: &HtmlTextAreaElement) -> (u32, u32) {
    let from = field.selection_start().ok().flatten().unwrap_or(0);
    (from, field.selection_end().ok().flatten().unwrap_or(from))
}

/// Does an edit so that the browser's undo knows it.
fn replace(field: &HtmlTextAreaElement, edit: &markdown::Edit) {
    focus(field);
    let _ = field.set_selection_range(edit.from, edit.to);
    let typed = field
        .owner_document()
        .is_some_and(|document| document.unchecked_ref::<Typist>().exec_command("insertText", false, &edit.text));
    if !typed {
        let _ = field.set_range_text_with_start_and_end(&edit.text, edit.from, edit.to);
    }
    let _ = field.set_selection_range(edit.select.0, edit.select.1);
}
