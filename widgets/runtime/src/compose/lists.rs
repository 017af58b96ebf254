//! The list below a field: whom `@` and two letters may mean, and what a field for people or tags may hold (WAI-ARIA
//! Authoring Practices, editable combobox with a listbox; the focus stays in the text).

use crate::dom::{self, Answer, Field, View};
use crate::pure::markdown;
use crate::{Page, Task};
use alloc::string::String;
use alloc::vec::Vec;
use web_sys::Element;

/// So long after the last letter the host is asked.
const SETTLE_MS: u32 = 150;

/// The list that is open.
pub(crate) struct List {
    /// The field it belongs to.
    field: Field,
    /// Where in the text stands what it is about.
    at: u32,
    /// The option that Enter takes; none in a field that takes free words.
    chosen: Option<usize>,
}

fn is_line(field: &Field) -> bool {
    dom::fits(field, "[role=combobox]")
}

/// Who is looked for: where the text about them begins, and the letters.
fn wanted(field: &Field) -> Option<(u32, String)> {
    let value = field.value();
    if is_line(field) {
        let name = value.trim_ascii();
        return (!name.is_empty()).then(|| (0, name.into()));
    }
    let (at, name) = markdown::mention(&value, field.selection_end())?;
    Some((at, name.into()))
}

fn options(view: &View) -> Vec<Element> {
    dom::all(&view.container(), ".people>li")
}

impl Page {
    pub(super) fn look_for_people(&mut self, view: &View, field: &Field) {
        // Older timers and answers are for what stood there before.
        self.forget(|task| matches!(task, Task::Ask(..) | Task::People(..)));
        if wanted(field).is_some() {
            self.later(Task::Ask(view.clone(), field.clone()), SETTLE_MS);
        } else {
            self.close_list(view);
        }
    }

    pub(crate) fn ask_people(&mut self, view: &View, field: &Field) {
        if let Some((_, name)) = wanted(field) {
            let ticket = self.ticket(Task::People(view.clone(), field.clone()));
            dom::ask_people(ticket, view, &name);
        }
    }

    /// Shows who may be meant.
    pub(crate) fn show_people(&mut self, view: &View, field: &Field, answer: &Answer) {
        self.close_list(view);
        if let Some((at, _)) = wanted(field) {
            let count = dom::choose(field, Some(answer));
            self.open_list(view, field, at, count, true);
        }
    }

    /// The list has been drawn with so many options.
    pub(super) fn open_list(&mut self, view: &View, field: &Field, at: u32, count: u32, first: bool) {
        if count == 0 {
            return;
        }
        if let Some(panel) = self.panel(view) {
            panel.list = Some(List { field: field.clone(), at, chosen: first.then_some(0) });
        }
        self.mark_option(view);
        view.announce(&dom::numbers("hits", count, 0));
    }

    fn mark_option(&mut self, view: &View) {
        let list = self.panel(view).and_then(|panel| panel.list.as_ref());
        let Some(List { field, chosen: Some(chosen), .. }) = list else { return };
        let options = options(view);
        if let Some(option) = options.get(*chosen) {
            options.iter().for_each(|option| dom::set(option, "aria-selected", "false"));
            dom::set(option, "aria-selected", "true");
            dom::set(field, "aria-activedescendant", &option.id());
            dom::show(option);
        }
    }

    /// A key while the list is open; true where it was meant for the list.
    pub(crate) fn list_key(&mut self, view: &View, key: &str) -> bool {
        let Some(list) = self.panel(view).and_then(|panel| panel.list.as_mut()) else { return false };
        let options = options(view);
        let last = options.len().saturating_sub(1);
        let picks = is_line(&list.field);
        let next = match (key, list.chosen) {
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
                    self.choose(view, option);
                }
                return true;
            }
            ("Escape", _) => {
                self.close_list(view);
                return true;
            }
            _ => return false,
        };
        list.chosen = Some(next);
        self.mark_option(view);
        true
    }

    /// Takes an option: into the text as a mention, or into what a field holds.
    pub(crate) fn choose(&mut self, view: &View, option: &Element) {
        let list = self.panel(view).and_then(|panel| panel.list.as_ref());
        let Some((field, at)) = list.map(|list| (list.field.clone(), list.at)) else { return };
        let label = dom::named(&field, option);
        self.close_list(view);
        if is_line(&field) {
            Self::add_word(view, &field, &label);
            return;
        }
        let mut text = String::from("@");
        text.push_str(&label);
        text.push(' ');
        let end = at + markdown::units(&text);
        let to = field.selection_end();
        dom::replace(&field, &markdown::Edit { from: at, to, text, select: (end, end) });
        self.typed(view, &field);
    }

    pub(crate) fn close_list(&mut self, view: &View) {
        if let Some(list) = self.panel(view).and_then(|panel| panel.list.take()) {
            dom::choose(&list.field, None);
        }
    }
}
