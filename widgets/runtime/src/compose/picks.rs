//! Fields for people and for tags: a line to write in, and what was chosen before it, each with a button that takes it
//! out. What is sent stands in the view's own field: the labels, separated by commas.

use crate::Page;
use crate::dom::{self, Field, View, Way};
use crate::pure::text;
use alloc::string::String;
use alloc::vec::Vec;
use web_sys::Element;

const CHIPS: &str = ".chip>button";

/// The view's own field of a line or chip.
fn pick_of(part: &Element) -> Option<Field> {
    dom::field_near(part, ".pick", ":scope>input[data-o]")
}

/// The line of a field.
fn line_of(part: &Element) -> Option<Element> {
    dom::near(part, ".pick", "[role=combobox]")
}

fn words(field: &Field) -> Vec<String> {
    field.value().split(',').map(str::trim_ascii).filter(|word| !word.is_empty()).map(String::from).collect()
}

fn hold_words(view: &View, field: &Field, words: &[String], what: &str, label: &str) {
    let mut value = String::new();
    for word in words {
        if !value.is_empty() {
            value.push_str(", ");
        }
        value.push_str(word);
    }
    field.set_value(&value);
    dom::draw_pick(field);
    let mut said = text::fill(&dom::text(what), 's', label);
    said.push(' ');
    let count = u32::try_from(words.len()).unwrap_or(u32::MAX);
    said.push_str(&dom::numbers("chosen", count, most(field)));
    view.announce(&said);
}

/// How many words a field takes.
fn most(field: &Field) -> u32 {
    text::number(&field.max()).and_then(|most| most.try_into().ok()).unwrap_or(0)
}

fn take_word(view: &View, field: &Field, place: usize) {
    let mut words = words(field).into_iter();
    let mut left: Vec<String> = words.by_ref().take(place).collect();
    if let Some(word) = words.next() {
        left.extend(words);
        hold_words(view, field, &left, "removed", &word);
    }
}

impl Page {
    /// Somebody typed in the line.
    pub(super) fn pick_typed(&mut self, view: &View, line: &Field) {
        if pick_of(line).is_some_and(|field| dom::fits(&field, "[data-o=people]")) {
            self.look_for_people(view, line);
        } else if line.value().is_empty() {
            self.close_list(view);
        } else {
            self.suggest(view, line);
        }
    }

    fn suggest(&mut self, view: &View, line: &Field) {
        self.close_list(view);
        let count = dom::suggest(line);
        let free = pick_of(line).is_some_and(|field| dom::fits(&field, "[data-free]"));
        self.open_list(view, line, 0, count, !free);
    }

    /// A word was chosen or written.
    pub(super) fn add_word(view: &View, line: &Field, label: &str) {
        let Some(field) = pick_of(line) else { return };
        let mut words = words(&field);
        line.set_value("");
        if !words.iter().any(|word| word == label) && words.len() < most(&field) as usize {
            words.push(String::from(label));
            hold_words(view, &field, &words, "added", label);
        }
    }

    /// Takes out what the button of a chip stands for; the focus goes to the next one, or to the line.
    pub(crate) fn take_chip(&mut self, view: &View, button: &Element) {
        let (Some(field), Some(pick)) = (pick_of(button), dom::around(button, ".pick")) else { return };
        let place = dom::all(&pick, CHIPS).iter().position(|chip| chip == button).unwrap_or(0);
        take_word(view, &field, place);
        if let Some(next) = dom::all(&pick, CHIPS).into_iter().nth(place).or_else(|| line_of(&pick)) {
            dom::focus(&next);
        }
    }

    /// A key in a line or on a chip, while no list is open; true where it was meant for the field.
    pub(crate) fn pick_key(&mut self, view: &View, target: &Element, key: &str) -> bool {
        if dom::fits(target, CHIPS) {
            return self.chip_key(view, target, key);
        }
        if !dom::fits(target, ".pick [role=combobox]") {
            return false;
        }
        let line = wasm_bindgen::JsCast::unchecked_ref::<Field>(target);
        let Some(field) = pick_of(target) else { return false };
        let value = line.value();
        let text = value.trim_ascii();
        let tags = dom::fits(&field, "[data-o=tags]");
        match key {
            "Enter" | "," if tags && !text.is_empty() => {
                let free = dom::fits(&field, "[data-free]");
                self.close_list(view);
                if free {
                    Self::add_word(view, line, text);
                }
                true
            }
            // Half a name sends no form.
            "Enter" => !text.is_empty(),
            "ArrowDown" if tags => {
                self.suggest(view, line);
                true
            }
            "Escape" if !text.is_empty() => {
                line.set_value("");
                true
            }
            "Backspace" if value.is_empty() => {
                let last = words(&field).len();
                take_word(view, &field, last.wrapping_sub(1));
                true
            }
            "ArrowLeft" | "ArrowRight" if value.is_empty() => {
                let back = (key == "ArrowLeft") != dom::is_rtl(target);
                if let Some(chips) = dom::around(target, ".picked").filter(|_| back) {
                    dom::step(&chips, CHIPS, None, Way::Last, false);
                }
                back
            }
            _ => false,
        }
    }

    fn chip_key(&mut self, view: &View, button: &Element, key: &str) -> bool {
        let Some(picked) = dom::around(button, ".picked") else { return false };
        let way = match key {
            "Delete" | "Backspace" => {
                self.take_chip(view, button);
                return true;
            }
            "Home" => Way::First,
            "End" => Way::Last,
            "ArrowLeft" | "ArrowRight" if (key == "ArrowLeft") != dom::is_rtl(button) => Way::Back,
            "ArrowLeft" | "ArrowRight" => Way::On,
            _ => return false,
        };
        let last = way == Way::On && dom::all(&picked, CHIPS).last() == Some(button);
        match line_of(button).filter(|_| last) {
            Some(line) => dom::focus(&line),
            None => dom::step(&picked, CHIPS, Some(button), way, false),
        }
        true
    }
}
