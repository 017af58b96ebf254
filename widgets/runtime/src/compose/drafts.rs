//! What was typed and not sent: kept in this browser, on the page's own origin, for seven days.
//!
//! Only for people who are signed in, and only where the element does not say `drafts="off"`.

use crate::Page;
use crate::dom::{self, Field, View};
use alloc::string::String;
use wasm_bindgen::JsCast as _;
use web_sys::Element;

/// So long after the first letter a draft is kept, in milliseconds.
pub(super) const SETTLE_MS: u32 = 1000;

/// The name that a form's draft is kept under; none where none is to be kept.
fn slot(view: &View, form: &Element) -> Option<String> {
    let kept = !dom::fits(&view.host(), "[drafts=off]") && !dom::who("id").is_empty();
    form.get_attribute("data-d").filter(|_| kept)
}

fn field_of(form: &Element) -> Option<Field> {
    dom::find(form, "textarea").map(wasm_bindgen::JsCast::unchecked_into)
}

impl Page {
    /// Keeps what stands in the form now.
    pub(crate) fn keep_draft(&mut self, view: &View, form: &Element) {
        // A text that is on its way stays until the host has it.
        if self.panel(view).is_some_and(|panel| panel.acts.iter().any(|act| act.form == *form)) {
            return;
        }
        let (Some(slot), Some(field)) = (slot(view, form), field_of(form)) else { return };
        let text = if field.is_changed() { field.value() } else { String::new() };
        dom::save(view, &slot, &text, Some(&field));
    }

    /// Puts a draft back into an untouched form.
    pub(super) fn restore(view: &View, form: &Element) {
        let (Some(slot), Some(field)) = (slot(view, form), field_of(form)) else { return };
        if !field.is_changed()
            && let Some(text) = dom::load(view, &slot, &field)
        {
            field.set_value(&text);
            Self::room_left(&field);
            Self::remember_seen(field.unchecked_ref());
            view.announce(&dom::text("restored"));
        }
    }

    /// The host has the text.
    pub(crate) fn drop_draft(&self, view: &View, form: &Element) {
        if let Some(slot) = slot(view, form) {
            dom::save(view, &slot, "", None);
        }
    }
}
