//! Mentions: `@` and two letters bring a list of people (WAI-ARIA Authoring Practices, listbox with
//! `aria-activedescendant`; the focus stays in the text).

use crate::dom::Dom;
use crate::pure::markdown;
use crate::{Page, Task};
use alloc::vec::Vec;

/// So long after the last letter the host is asked.
const SETTLE_MS: u32 = 150;
impl Page {
    pub(super) fn look_for_mention(&mut self, view: Dom, field: Dom) {
        // Older timers and answers are for what stood there before.
        self.forget(|task| matches!(task, Task::Ask(..) | Task::People(..)));
        if self.mentioned(field, |_, _, _| ()).is_some() {
            let field = self.dom.kept(field);
            self.later(Task::Ask(view, field), SETTLE_MS);
        } else {
            self.close_people(view);
        }
    }

    /// The mention at the caret: where it begins, and the letters.
    fn mentioned<T>(&self, field: Dom, found: impl FnOnce(&Self, u32, &str) -> T) -> Option<T> {
        let value = self.dom.field(field, "value")?;
        let (at, name) = markdown::mention(&value, self.dom.count(field, "selectionEnd"))?;
        Some(found(self, at, name))
    }

    pub(crate) fn ask_people(&mut self, view: Dom, field: Dom) {
        let ticket = self.ticket(Task::People(view, field));
        let _ = self.mentioned(field, |page, _, name| page.dom.ask_people(ticket, view, name));
    }

    /// Shows who may be meant.
    pub(crate) fn show_people(&mut self, view: Dom, field: Dom, answer: Dom) {
        self.close_people(view);
        let Some(at) = self.mentioned(field, |_, at, _| at) else { return };
        let dom = self.dom;
        if !dom.draw_people(field, answer) {
            return;
        }
        let words = dom.text("people");
        if let Some(panel) = self.panel(view) {
            panel.mention = Some((field, at, 0));
        }
        self.mark_person(view);
        self.announce(view, &words);
    }

    fn options(&self, view: Dom) -> Vec<Dom> {
        self.dom.each(self.dom.inner(view, "box"), ".people>li").collect()
    }

    fn mark_person(&mut self, view: Dom) {
        let Some((field, _, chosen)) = self.panel(view).and_then(|panel| panel.mention) else { return };
        if let Some(option) = self.options(view).get(chosen) {
            self.dom.set_all(self.dom.inner(view, "box"), ".people>li", "aria-selected", Some("false"));
            self.dom.set_attr(*option, "aria-selected", "true");
            let id = self.dom.field(*option, "id").unwrap_or_default();
            self.dom.set_attr(field, "aria-activedescendant", &id);
        }
    }

    /// A key while the list is open; true where it was meant for the list.
    pub(crate) fn mention_key(&mut self, view: Dom, key: &str) -> bool {
        let Some((.., chosen)) = self.panel(view).and_then(|panel| panel.mention) else { return false };
        let options = self.options(view);
        let last = options.len().saturating_sub(1);
        let next = match key {
            "ArrowDown" if chosen < last => chosen + 1,
            "ArrowDown" => 0,
            "ArrowUp" if chosen > 0 => chosen - 1,
            "ArrowUp" => last,
            "Enter" | "Tab" => {
                if let Some(option) = options.get(chosen) {
                    self.choose_person(view, *option);
                }
                return true;
            }
            "Escape" => {
                self.close_people(view);
                return true;
            }
            _ => return false,
        };
        if let Some(panel) = self.panel(view)
            && let Some(mention) = &mut panel.mention
        {
            mention.2 = next;
        }
        self.mark_person(view);
        true
    }

    /// Puts the person into the text.
    pub(crate) fn choose_person(&mut self, view: Dom, option: Dom) {
        let Some((field, from, _)) = self.panel(view).and_then(|panel| panel.mention) else { return };
        let dom = &self.dom;
        let text = dom.attr(option, "data-key").unwrap_or_default();
        let end = from + markdown::units(&text);
        let to = dom.count(field, "selectionEnd");
        self.close_people(view);
        self.dom.replace(field, &markdown::Edit { from, to, text, select: (end, end) });
        self.typed(view, field);
    }

    fn close_people(&mut self, view: Dom) {
        let Some((field, ..)) = self.panel(view).and_then(|panel| panel.mention.take()) else { return };
        self.dom.draw_people(field, Dom::NONE);
    }
}
