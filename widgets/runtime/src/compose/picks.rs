//! Fields for people and for tags: a line to write in, and what was chosen before it, each with a button that takes it
//! out. What is sent stands in the view's own field: the labels, separated by commas.

use crate::Page;
use crate::dom::{Dom, Way};
use alloc::string::String;
use alloc::vec::Vec;

impl Page {
    /// The view's own field of a line or chip.
    fn pick_of(&self, part: Dom) -> Dom {
        self.dom.first(self.dom.around(part, ".pick"), ":scope>input[data-o]")
    }

    /// The line of a field.
    fn line_of(&self, part: Dom) -> Dom {
        self.dom.first(self.dom.around(part, ".pick"), "[role=combobox]")
    }

    fn words(&self, field: Dom) -> Vec<String> {
        let value = self.dom.field(field, "value").unwrap_or_default();
        value.split(',').map(str::trim_ascii).filter(|word| !word.is_empty()).map(String::from).collect()
    }

    /// Somebody typed in the line.
    pub(super) fn pick_typed(&mut self, view: Dom, line: Dom) {
        let field = self.pick_of(line);
        if self.dom.matches(field, "[data-o=people]") {
            self.look_for_people(view, line);
        } else if self.dom.is(line, "value") {
            self.suggest(view, line);
        } else {
            self.close_list(view);
        }
    }

    fn suggest(&mut self, view: Dom, line: Dom) {
        self.close_list(view);
        let count = self.dom.suggest_tags(line);
        let free = self.dom.matches(self.pick_of(line), "[data-free]");
        self.open_list(view, line, 0, count, !free);
    }

    /// A word was chosen or written.
    pub(super) fn add_word(&mut self, view: Dom, line: Dom, label: &str) {
        let field = self.pick_of(line);
        let mut words = self.words(field);
        let most = self.dom.count(field, "max") as usize;
        self.dom.set_field(line, "value", Some(""));
        if !words.iter().any(|word| word == label) && words.len() < most {
            words.push(String::from(label));
            self.hold_words(view, field, &words, "added", label);
        }
    }

    fn hold_words(&mut self, view: Dom, field: Dom, words: &[String], what: &str, label: &str) {
        self.dom.set_field(field, "value", Some(&words.join(", ")));
        self.dom.draw_pick(field);
        let mut said = self.dom.text(what).replace("%s", label);
        said.push(' ');
        let number = |page: &Self, name| page.dom.count(field, name);
        said.push_str(&self.dom.number_text("chosen", len(words), number(self, "max")));
        self.announce(view, &said);
    }

    /// Takes out what the button of a chip stands for; the focus goes to the next one, or to the line.
    pub(crate) fn take_chip(&mut self, view: Dom, button: Dom) {
        let field = self.pick_of(button);
        let line = self.line_of(button);
        let pick = self.dom.around(button, ".pick");
        let place = self.dom.each(pick, ".chip>button").position(|chip| chip == button).unwrap_or(0);
        self.take_word(view, field, place);
        let next = self.dom.each(pick, ".chip>button").nth(place).unwrap_or(line);
        self.dom.focus(next);
    }

    fn take_word(&mut self, view: Dom, field: Dom, place: usize) {
        let mut words = self.words(field);
        if place < words.len() {
            let word = words.remove(place);
            self.hold_words(view, field, &words, "removed", &word);
        }
    }

    /// A key in a line or on a chip, while no list is open; true where it was meant for the field.
    pub(crate) fn pick_key(&mut self, view: Dom, target: Dom, key: &str) -> bool {
        if self.dom.matches(target, ".chip>button") {
            return self.chip_key(view, target, key);
        }
        if !self.dom.matches(target, ".pick [role=combobox]") {
            return false;
        }
        let field = self.pick_of(target);
        let value = self.dom.field(target, "value").unwrap_or_default();
        let text = value.trim_ascii();
        let tags = self.dom.matches(field, "[data-o=tags]");
        match key {
            "Enter" | "," if tags && !text.is_empty() => {
                let free = self.dom.matches(field, "[data-free]");
                let label = String::from(text);
                self.close_list(view);
                if free {
                    self.add_word(view, target, &label);
                }
                true
            }
            // Half a name sends no form.
            "Enter" => !text.is_empty(),
            "ArrowDown" if tags => {
                self.suggest(view, target);
                true
            }
            "Escape" if !text.is_empty() => {
                self.dom.set_field(target, "value", Some(""));
                true
            }
            "Backspace" if value.is_empty() => {
                let last = self.words(field).len();
                self.take_word(view, field, last.wrapping_sub(1));
                true
            }
            "ArrowLeft" | "ArrowRight" if value.is_empty() => {
                let back = (key == "ArrowLeft") != self.dom.is_rtl(target);
                if back {
                    let chips = self.dom.around(target, ".picked");
                    self.dom.step(chips, ".chip>button", Dom::NONE, Way::Last, false);
                }
                back
            }
            _ => false,
        }
    }

    fn chip_key(&mut self, view: Dom, button: Dom, key: &str) -> bool {
        let dom = &self.dom;
        let picked = dom.around(button, ".picked");
        let chips = ".chip>button";
        let way = match key {
            "Delete" | "Backspace" => {
                self.take_chip(view, button);
                return true;
            }
            "Home" => Way::First,
            "End" => Way::Last,
            "ArrowLeft" | "ArrowRight" if (key == "ArrowLeft") != dom.is_rtl(button) => Way::Back,
            "ArrowLeft" | "ArrowRight" => Way::On,
            _ => return false,
        };
        if matches!(way, Way::On) && dom.each(picked, chips).last() == Some(button) {
            dom.focus(self.line_of(button));
        } else {
            dom.step(picked, chips, button, way, false);
        }
        true
    }

    /// Says a text with a number in it, or two.
    pub(super) fn say_number(&mut self, view: Dom, name: &str, count: u32, of: u32) {
        let words = self.dom.number_text(name, count, of);
        self.announce(view, &words);
    }
}

fn len(words: &[String]) -> u32 {
    u32::try_from(words.len()).unwrap_or(u32::MAX)
}
