//! The list below a field: whom `@` and two letters may mean, and what a field for people or tags may hold (WAI-ARIA
//! Authoring Practices, editable combobox with a listbox; the focus stays in the text).

use crate::dom::Dom;
use crate::pure::markdown;
use crate::{Page, Task};
use alloc::vec::Vec;

/// So long after the last letter the host is asked.
const SETTLE_MS: u32 = 150;

/// The list that is open.
#[derive(Clone, Copy)]
pub(crate) struct List {
    /// The field it belongs to.
    field: Dom,
    /// Where in the text stands what it is about.
    at: u32,
    /// The option that Enter takes; none in a field that takes free words.
    chosen: Option<usize>,
}

impl Page {
    pub(super) fn look_for_people(&mut self, view: Dom, field: Dom) {
        // Older timers and answers are for what stood there before.
        self.forget(|task| matches!(task, Task::Ask(..) | Task::People(..)));
        if self.wanted(field, |_, _, _| ()).is_some() {
            let field = self.dom.kept(field);
            self.later(Task::Ask(view, field), SETTLE_MS);
        } else {
            self.close_list(view);
        }
    }

    /// Who is looked for: where the text about them begins, and the letters.
    fn wanted<T>(&self, field: Dom, found: impl FnOnce(&Self, u32, &str) -> T) -> Option<T> {
        let value = self.dom.field(field, "value")?;
        if self.dom.matches(field, "[role=combobox]") {
            let name = value.trim_ascii();
            return (!name.is_empty()).then(|| found(self, 0, name));
        }
        let (at, name) = markdown::mention(&value, self.dom.count(field, "selectionEnd"))?;
        Some(found(self, at, name))
    }

    pub(crate) fn ask_people(&mut self, view: Dom, field: Dom) {
        let ticket = self.ticket(Task::People(view, field));
        let _ = self.wanted(field, |page, _, name| page.dom.ask_people(ticket, view, name));
    }

    /// Shows who may be meant.
    pub(crate) fn show_people(&mut self, view: Dom, field: Dom, answer: Dom) {
        self.close_list(view);
        let Some(at) = self.wanted(field, |_, at, _| at) else { return };
        let count = self.dom.draw_people(field, answer);
        self.open_list(view, field, at, count, true);
    }

    /// The list has been drawn with so many options.
    pub(super) fn open_list(&mut self, view: Dom, field: Dom, at: u32, count: u32, first: bool) {
        if count == 0 {
            return;
        }
        let field = self.dom.kept(field);
        if let Some(panel) = self.panel(view) {
            panel.list = Some(List { field, at, chosen: first.then_some(0) });
        }
        self.mark_option(view);
        self.say_number(view, "hits", count, 0);
    }

    fn options(&self, view: Dom) -> Vec<Dom> {
        self.dom.each(self.dom.inner(view, "box"), ".people>li").collect()
    }

    fn mark_option(&mut self, view: Dom) {
        let Some(List { field, chosen: Some(chosen), .. }) = self.panel(view).and_then(|panel| panel.list)
        else {
            return;
        };
        if let Some(option) = self.options(view).get(chosen) {
            self.dom.set_all(self.dom.inner(view, "box"), ".people>li", "aria-selected", Some("false"));
            self.dom.set_attr(*option, "aria-selected", "true");
            let id = self.dom.field(*option, "id").unwrap_or_default();
            self.dom.set_attr(field, "aria-activedescendant", &id);
            self.dom.show(*option);
        }
    }

    /// A key while the list is open; true where it was meant for the list.
    pub(crate) fn list_key(&mut self, view: Dom, key: &str) -> bool {
        let Some(List { field, chosen, .. }) = self.panel(view).and_then(|panel| panel.list) else {
            return false;
        };
        let options = self.options(view);
        let last = options.len().saturating_sub(1);
        let picks = self.dom.matches(field, "[role=combobox]");
        let next = match (key, chosen) {
            ("ArrowDown", Some(chosen)) if chosen < last => chosen + 1,
            ("ArrowDown", _) => 0,
            ("ArrowUp", Some(chosen)) if chosen > 0 => chosen - 1,
            ("ArrowUp", _) => last,
            ("Home", Some(_)) if picks => 0,
            ("End", Some(_)) if picks => last,
            ("Tab", _) if picks => {
                self.close_list(view);
                return false;
            }
            ("Enter" | "Tab", Some(chosen)) => {
                if let Some(option) = options.get(chosen) {
                    self.choose(view, *option);
                }
                return true;
            }
            ("Escape", _) => {
                self.close_list(view);
                return true;
            }
            _ => return false,
        };
        if let Some(panel) = self.panel(view)
            && let Some(list) = &mut panel.list
        {
            list.chosen = Some(next);
        }
        self.mark_option(view);
        true
    }

    /// Takes an option: into the text as a mention, or into what a field holds.
    pub(crate) fn choose(&mut self, view: Dom, option: Dom) {
        let Some(List { field, at, .. }) = self.panel(view).and_then(|panel| panel.list) else { return };
        let label = self.dom.name_chosen(field, option);
        if self.dom.matches(field, "[role=combobox]") {
            self.close_list(view);
            self.add_word(view, field, &label);
            return;
        }
        let mut text = alloc::string::String::from("@");
        text.push_str(&label);
        text.push(' ');
        let end = at + markdown::units(&text);
        let to = self.dom.count(field, "selectionEnd");
        self.close_list(view);
        self.dom.replace(field, &markdown::Edit { from: at, to, text, select: (end, end) });
        self.typed(view, field);
    }

    pub(crate) fn close_list(&mut self, view: Dom) {
        let Some(list) = self.panel(view).and_then(|panel| panel.list.take()) else { return };
        self.dom.draw_people(list.field, Dom::NONE);
    }
}
