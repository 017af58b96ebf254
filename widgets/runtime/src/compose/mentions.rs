//! Mentions: `@` and two letters bring a list of people (WAI-ARIA Authoring Practices, listbox with
//! `aria-activedescendant`; the focus stays in the text).

use super::{replace, selection};
use crate::apply::{all, around, first, local, set};
use crate::bridge::Answer;
use crate::pure::markdown;
use crate::{Page, Task};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlTextAreaElement};

/// So long after the last letter the host is asked.
const SETTLE_MS: u32 = 150;
/// The id of the list; there is one at a time.
const LIST: &str = "stoa-people";

impl Page {
    /// Whether the newest timer or request of a kind is still to come.
    pub(super) fn waits_for(&self, fits: impl Fn(&Task) -> bool) -> bool {
        self.tasks.iter().any(|(_, task)| fits(task))
    }

    pub(super) fn look_for_mention(&mut self, id: u32, field: &HtmlTextAreaElement) {
        let (caret, _) = selection(field);
        let value = field.value();
        // Older timers and answers are for what stood there before.
        self.tasks.retain(|(_, task)| !matches!(task, Task::Ask(..) | Task::People(..)));
        if markdown::mention(&value, caret).is_some() {
            self.later(Task::Ask(id, field.clone()), SETTLE_MS);
        } else {
            self.close_people(id);
        }
    }

    pub(crate) fn ask_people(&mut self, id: u32, field: &HtmlTextAreaElement) {
        let (caret, _) = selection(field);
        let value = field.value();
        if let Some((at, name)) = markdown::mention(&value, caret)
            && let Some(view) = self.view(id)
        {
            let ticket = self.ticket(Task::People(id, field.clone(), at));
            self.bridge.people(ticket, &view, name);
        }
    }

    /// Shows who may be meant.
    pub(crate) fn show_people(&mut self, id: u32, field: &HtmlTextAreaElement, at: u32, answer: &Answer) {
        self.close_people(id);
        let people = answer.people().map(|people| people.to_vec()).unwrap_or_default();
        let Some(list) = local(field, "ul", "people", "") else { return };
        list.set_id(LIST);
        set(&list, "role", "listbox");
        set(&list, "aria-label", &self.bridge.text("people"));
        for (number, person) in people.iter().enumerate() {
            let person = person.unchecked_ref::<Answer>();
            let Some(option) = local(field, "li", "", &person.name().unwrap_or_default()) else { continue };
            option.set_id(&[LIST, "-", &crate::acts::digits(u32::try_from(number).unwrap_or(0))].concat());
            set(&option, "role", "option");
            set(&option, "data-key", &person.id().unwrap_or_default());
            if let Some(title) = person.title().and_then(|title| local(field, "small", "", &title)) {
                let _ = option.append_child(&title);
            }
            let _ = list.append_child(&option);
        }
        if people.is_empty() || field.after_with_node_1(&list).is_err() {
            return;
        }
        set(field, "aria-controls", LIST);
        set(field, "aria-haspopup", "listbox");
        set(field, "aria-autocomplete", "list");
        if let Some(panel) = self.panel(id) {
            panel.mention = Some((field.clone(), at, 0));
        }
        self.mark_person(id);
        self.say(id, "people");
    }

    fn options(&mut self, id: u32) -> Vec<Element> {
        let Some(panel) = self.panel(id) else { return Vec::new() };
        all(&panel.view.container(), "#stoa-people>li")
    }

    fn mark_person(&mut self, id: u32) {
        let options = self.options(id);
        let Some((field, _, chosen)) = self.panel(id).and_then(|panel| panel.mention.as_ref()) else { return };
        for (number, option) in options.iter().enumerate() {
            let on = number == *chosen as usize;
            set(option, "aria-selected", if on { "true" } else { "false" });
            if on {
                set(field, "aria-activedescendant", &option.id());
                option.scroll_into_view_with_bool(false);
            }
        }
    }

    /// A key while the list is open; true where it was meant for the list.
    pub(crate) fn mention_key(&mut self, id: u32, key: &str) -> bool {
        let options = self.options(id);
        let count = u32::try_from(options.len()).unwrap_or(0);
        let Some((_, _, chosen)) = self.panel(id).and_then(|panel| panel.mention.as_mut()) else { return false };
        if count == 0 {
            return false;
        }
        match key {
            "ArrowDown" => *chosen = (*chosen + 1) % count,
            "ArrowUp" => *chosen = (*chosen + count - 1) % count,
            "Enter" | "Tab" => {
                if let Some(option) = options.get(*chosen as usize) {
                    self.choose_person(id, option);
                }
                return true;
            }
            "Escape" => {
                self.close_people(id);
                return true;
            }
            _ => return false,
        }
        self.mark_person(id);
        true
    }

    /// Puts the person into the text.
    pub(crate) fn choose_person(&mut self, id: u32, option: &Element) {
        let Some((field, at, _)) = self.panel(id).and_then(|panel| panel.mention.clone()) else { return };
        let name = option.first_child().and_then(|text| text.node_value()).unwrap_or_default();
        let key = option.get_attribute("data-key").unwrap_or_default();
        let text = ["@[", &name, "](", &key, ") "].concat();
        let end = at + markdown::units(&text);
        let (caret, _) = selection(&field);
        self.close_people(id);
        replace(&field, &markdown::Edit { from: at, to: caret, text, select: (end, end) });
        self.typed(id, &field);
    }

    fn close_people(&mut self, id: u32) {
        let Some(panel) = self.panel(id) else { return };
        if let Some((field, ..)) = panel.mention.take() {
            for name in ["aria-controls", "aria-activedescendant", "aria-haspopup", "aria-autocomplete"] {
                let _ = field.remove_attribute(name);
            }
            if let Some(list) = around(&field, ".composer").and_then(|composer| first(&composer, ".people")) {
                list.remove();
            }
        }
    }
}
