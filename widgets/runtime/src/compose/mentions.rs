//! Mentions: `@` and two letters bring a list of people (WAI-ARIA Authoring Practices, listbox with
//! `aria-activedescendant`; the focus stays in the text).

use crate::dom::Dom;
use crate::pure::{markdown, text};
use crate::{Page, Task};
use alloc::vec::Vec;

/// So long after the last letter the host is asked.
const SETTLE_MS: u32 = 150;
/// The id of the list; there is one at a time.
const LIST: &str = "stoa-people";
/// What the field says of the list while it is open.
const STATES: [(&str, &str); 3] =
    [("aria-controls", LIST), ("aria-haspopup", "listbox"), ("aria-autocomplete", "list")];

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
        let dom = &self.dom;
        let list = dom.own("ul", "people", "");
        dom.set_attr(list, "id", LIST);
        dom.set_attr(list, "role", "listbox");
        dom.set_attr(list, "aria-label", &dom.text("people"));
        let mut count = 0;
        for person in dom.inners(answer, "people") {
            let option = dom.own("li", "", &dom.field(person, "name").unwrap_or_default());
            dom.set_attr(option, "id", &[LIST, &text::signed(count)].concat());
            dom.set_attr(option, "role", "option");
            dom.set_attr(option, "data-key", &dom.field(person, "id").unwrap_or_default());
            if let Some(title) = dom.field(person, "title") {
                dom.append(option, dom.own("small", "", &title));
            }
            dom.append(list, option);
            count += 1;
        }
        if count == 0 {
            return;
        }
        dom.beside(field, list);
        for (name, value) in STATES {
            dom.set_attr(field, name, value);
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
        let options = self.options(view);
        let Some((field, _, chosen)) = self.panel(view).and_then(|panel| panel.mention) else { return };
        for (number, option) in options.into_iter().enumerate() {
            let on = number == chosen;
            self.dom.set_attr(option, "aria-selected", if on { "true" } else { "false" });
            if on {
                let id = self.dom.field(option, "id").unwrap_or_default();
                self.dom.set_attr(field, "aria-activedescendant", &id);
            }
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
        let name = dom.field(dom.inner(option, "firstChild"), "data").unwrap_or_default();
        let key = dom.attr(option, "data-key").unwrap_or_default();
        let text = ["@[", &name, "](", &key, ") "].concat();
        let end = from + markdown::units(&text);
        let to = dom.count(field, "selectionEnd");
        self.close_people(view);
        self.dom.replace(field, &markdown::Edit { from, to, text, select: (end, end) });
        self.typed(view, field);
    }

    fn close_people(&mut self, view: Dom) {
        let Some((field, ..)) = self.panel(view).and_then(|panel| panel.mention.take()) else { return };
        let dom = &self.dom;
        for (name, _) in STATES {
            dom.drop_attr(field, name);
        }
        dom.drop_attr(field, "aria-activedescendant");
        dom.remove(dom.first(dom.inner(view, "box"), ".people"));
    }
}
