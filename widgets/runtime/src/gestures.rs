//! Clicks, keys and forms: one listener of each kind for a widget, told apart by what lies under it.

use crate::apply::Goal;
use crate::dom::{self, Answer, View};
use crate::{Page, Task};
use wasm_bindgen::JsCast as _;
use web_sys::{Element, Event, HtmlDetailsElement, HtmlFormElement, KeyboardEvent, MouseEvent};

/// What is pressed.
const PLACES: &str = "[data-act],[data-md],[data-confirm],[role=option],.chip>button,.add,[data-pick],.pick>label,a[href^='#stoa-'],\
                      [aria-disabled=true]";

/// What is held down beside a key or the mouse's button.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Held {
    Nothing,
    /// Ctrl or Cmd alone.
    Command,
    /// Shift or Alt too, or it is not the main button of the mouse.
    Other,
}

impl Held {
    fn of(event: &Event) -> Self {
        // What an event of another kind lacks reads as not held.
        let keys = event.unchecked_ref::<KeyboardEvent>();
        if keys.shift_key() || keys.alt_key() || event.unchecked_ref::<MouseEvent>().button() != 0 {
            Self::Other
        } else if keys.ctrl_key() || keys.meta_key() {
            Self::Command
        } else {
            Self::Nothing
        }
    }
}

impl Page {
    /// Something happened inside a widget. True where the browser shall not do what it usually does.
    pub(crate) fn gesture(
        &mut self,
        view: &View,
        event: &Event,
        target: &Element,
        submitter: Option<Element>,
    ) -> bool {
        match event.type_().as_str() {
            "click" => return self.click(view, target, Held::of(event)),
            "submit" => self.submit(view, target, submitter),
            "input" => {
                self.typed(view, target.unchecked_ref());
                return false;
            }
            "toggle" => {
                self.toggled(view, target);
                return false;
            }
            "cancel" => self.dismiss(view, target),
            _ => {
                let key = event.unchecked_ref::<KeyboardEvent>().key();
                return self.key(view, target, &key, Held::of(event));
            }
        }
        true
    }

    fn click(&mut self, view: &View, target: &Element, held: Held) -> bool {
        let Some(place) = dom::around(target, PLACES) else { return false };
        let is = |selector| dom::fits(&place, selector);
        if is("[data-act]") {
            self.again(view, &place);
        } else if is("[data-md]") {
            self.toolbar(view, &place);
        } else if is("[data-confirm]") {
            if let Some(question) = place.next_element_sibling() {
                question.unchecked_ref::<HtmlDetailsElement>().set_open(true);
            }
        } else if is(".people>*") {
            self.choose(view, &place);
        } else if is(".chip>button") {
            self.take_chip(view, &place);
        } else if is(".pick>label") {
            if let Some(line) = dom::near(&place, ".pick", "[role=combobox]") {
                dom::focus(&line);
            }
        } else if is(".add") {
            Self::toggle_picker(&place);
        } else if is("[data-pick]") {
            Self::pick_reaction(&place);
        } else if held == Held::Nothing {
            self.follow(view, &place);
        } else {
            // With a key held down the browser opens the page at this state in a tab or window of its own.
            return false;
        }
        true
    }

    /// A link inside the view: the same view with other parameters, or a copy of its address.
    pub(crate) fn follow(&mut self, view: &View, link: &Element) {
        self.close_menus(None);
        if dom::fits(link, "[data-copy]") {
            let ticket = self.ticket(Task::Copied(view.clone()));
            dom::copy_link(ticket, view, link);
            return;
        }
        let Some(address) = link.get_attribute("href") else { return };
        let p = address.split_once('?').map_or("", |(_, p)| p);
        let container = view.container();
        let newer = dom::fits(link, "[data-n]");
        let goal = if newer || dom::around(link, ".more").is_some() {
            let posts = dom::all(&container, ".post:not([data-local])");
            Goal::More(posts.iter().take_while(|post| dom::precedes(post, link)).count())
        } else {
            Goal::Link
        };
        dom::set(&container, "aria-busy", "true");
        self.look(view, p, newer, goal, Some(link.clone()));
    }

    /// A link was copied, or could not be: then it is shown, to be copied by hand.
    pub(crate) fn copied(&mut self, view: &View, status: u16, answer: &Answer) {
        if status == 0 {
            dom::notice(None, view, &answer.detail().unwrap_or_default(), "");
            return;
        }
        let words = dom::text("copied");
        view.announce(&words);
        if let Some(toast) = dom::create_local("p", "toast", &words) {
            let _ = view.container().append_child(&toast);
        }
        self.later(Task::Toast(view.clone()), 3000);
    }

    fn key(&mut self, view: &View, target: &Element, key: &str, held: Held) -> bool {
        if self.list_key(view, key) || self.pick_key(view, target, key) {
            return true;
        }
        match key {
            "Enter" if held == Held::Command => {
                if let Some(form) = dom::around(target, "form.form") {
                    let _ = form.unchecked_ref::<HtmlFormElement>().request_submit();
                }
                true
            }
            "b" | "i" if held == Held::Command => {
                let kind = if key == "b" { "[data-md=bold]" } else { "[data-md=italic]" };
                let button = dom::near(target, ".composer", kind);
                button.inspect(|button| self.toolbar(view, button)).is_some()
            }
            _ => self.pattern_key(view, target, key, held),
        }
    }

    /// Closes open menus, but for those that `inside` lies in.
    pub(crate) fn close_menus(&self, inside: Option<&Element>) {
        for panel in &self.panels {
            let container = panel.view.container();
            for details in dom::all(&container, "details:is(.menu,.confirm)[open]") {
                if inside.is_some_and(|inside| details.contains(Some(inside))) {
                    continue;
                }
                if dom::holds_focus(&details)
                    && let Some(button) = dom::find(&details, "summary")
                {
                    dom::focus(&button);
                }
                details.unchecked_ref::<HtmlDetailsElement>().set_open(false);
            }
            for picker in dom::all(&container, ".picker:not([hidden])") {
                let around = picker.parent_element();
                if !around.is_some_and(|around| inside.is_some_and(|inside| around.contains(Some(inside)))) {
                    dom::set(&picker, "hidden", "");
                }
            }
        }
    }
}
