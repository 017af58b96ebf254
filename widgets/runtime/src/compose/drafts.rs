//! What was typed and not sent: kept in this browser, on the page's own origin, for seven days.
//!
//! Only for people who are signed in, and only where the element does not say `drafts="off"`.

use crate::Page;
use crate::acts::digits;
use crate::apply::first;
use crate::bridge::View;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlFormElement, HtmlTextAreaElement};

/// So long after the first letter a draft is kept, in milliseconds.
pub(super) const SETTLE_MS: u32 = 1000;

fn field(form: &Element) -> Option<HtmlTextAreaElement> {
    first(form, "textarea")?.dyn_into().ok()
}

impl Page {
    fn draft_slot(&self, view: &View, form: &HtmlFormElement) -> Option<String> {
        let name = form.get_attribute("data-d")?;
        let off = view.host().get_attribute("drafts").as_deref() == Some("off");
        (!off && !self.bridge.who().is_empty()).then(|| self.bridge.slot(view, &name))
    }

    /// Keeps what stands in the form now.
    pub(crate) fn keep_draft(&mut self, id: u32, form: &HtmlFormElement) {
        let Some(view) = self.view(id) else { return };
        let (Some(slot), Some(field)) = (self.draft_slot(&view, form), field(form)) else { return };
        let value = field.value();
        let waits = self.panel(id).is_some_and(|panel| panel.acts.iter().any(|act| act.is_for(form)));
        if value.trim().is_empty() || value == field.default_value().unwrap_or_default() {
            // A text that is on its way stays until the host has it.
            if !waits {
                self.bridge.save(&slot, "");
            }
        } else {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "seconds, good until 2106")]
            let seconds = (js_sys::Date::now() / 1000.0) as u32;
            self.bridge.save(&slot, &[&digits(seconds), "000\n", &value].concat());
        }
    }

    /// Puts a draft back into an empty form.
    pub(super) fn restore(&mut self, id: u32, form: &HtmlFormElement) {
        let Some(view) = self.view(id) else { return };
        let (Some(slot), Some(field)) = (self.draft_slot(&view, form), field(form)) else { return };
        if field.value() == field.default_value().unwrap_or_default()
            && let Some(kept) = self.bridge.load(&slot)
            && let Some((_, text)) = kept.split_once('\n')
        {
            field.set_value(text);
            Self::count(&field, &self.bridge.text("left"));
            self.say(id, "restored");
        }
    }

    /// The host has the text.
    pub(crate) fn drop_draft(&self, id: u32, form: &HtmlFormElement) {
        if let Some(view) = self.view(id)
            && let Some(slot) = self.draft_slot(&view, form)
        {
            self.bridge.save(&slot, "");
        }
    }
}
