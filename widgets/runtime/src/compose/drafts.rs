//! What was typed and not sent: kept in this browser, on the page's own origin, for seven days.
//!
//! Only for people who are signed in, and only where the element does not say `drafts="off"`.

use crate::Page;
use crate::dom::Dom;
use alloc::string::String;

/// So long after the first letter a draft is kept, in milliseconds.
pub(super) const SETTLE_MS: u32 = 1000;

impl Page {
    /// The name that a form's draft is kept under; none where none is to be kept.
    fn draft_slot(&self, view: Dom, form: Dom) -> Option<String> {
        if self.dom.matches(self.dom.inner(view, "host"), "[drafts=off]") || self.dom.who("id").is_empty() {
            return None;
        }
        self.dom.attr(form, "data-d")
    }

    /// Keeps what stands in the form now.
    pub(crate) fn keep_draft(&mut self, view: Dom, form: Dom) {
        let Some(slot) = self.draft_slot(view, form) else { return };
        // A text that is on its way stays until the host has it.
        if self.panel(view).is_some_and(|panel| panel.acts.iter().any(|act| act.form == form)) {
            return;
        }
        let field = self.dom.first(form, "textarea");
        let value = self.dom.field(field, "value").unwrap_or_default();
        let same = self.dom.equal(field, "value", field, "defaultValue");
        self.dom.save_draft(view, &slot, if same { "" } else { &value }, field);
    }

    /// Puts a draft back into an untouched form.
    pub(super) fn restore(&mut self, view: Dom, form: Dom) {
        let Some(slot) = self.draft_slot(view, form) else { return };
        let dom = &self.dom;
        let field = dom.first(form, "textarea");
        if dom.equal(field, "value", field, "defaultValue")
            && let Some(text) = dom.load_draft(view, &slot, field)
        {
            dom.set_field(field, "value", Some(&text));
            self.room_left(field);
            self.remember_seen(field);
            let words = dom.text("restored");
            self.announce(view, &words);
        }
    }

    /// The host has the text.
    pub(crate) fn drop_draft(&self, view: Dom, form: Dom) {
        if let Some(slot) = self.draft_slot(view, form) {
            self.dom.save_draft(view, &slot, "", Dom::NONE);
        }
    }
}
