//! Clicks, keys and forms: one listener of each kind for a widget, told apart by what lies under it.

use crate::apply::Goal;
use crate::dom::Dom;
use crate::{Page, Task};

/// What is pressed.
const PLACES: &str = "[data-act],[data-md],[data-confirm],[role=option],.chip>button,.add,[data-pick],.pick>label,a[href^='#stoa-'],\
                      [aria-disabled=true]";

/// Ctrl or Cmd is held.
pub(crate) const COMMAND: u32 = 1;
/// Shift or Alt is held, or it is not the main button of the mouse.
pub(crate) const OTHER: u32 = 2;

impl Page {
    /// Something happened inside a widget; `other` is the button of a form that is sent. True where the browser shall
    /// not do what it usually does.
    pub(crate) fn gesture(&mut self, view: Dom, event: Dom, target: Dom, other: Dom, held: u32) -> bool {
        match self.dom.field(event, "type").unwrap_or_default().as_str() {
            "click" => self.click(view, target, held),
            "submit" => {
                self.submit(view, target, other);
                true
            }
            "input" => {
                self.typed(view, target);
                false
            }
            "toggle" => {
                self.toggled(view, target);
                false
            }
            "cancel" => {
                self.dismiss(view, target);
                true
            }
            _ => {
                let key = self.dom.field(event, "key").unwrap_or_default();
                self.key(view, target, &key, held)
            }
        }
    }

    fn click(&mut self, view: Dom, target: Dom, held: u32) -> bool {
        let dom = &self.dom;
        let place = dom.around(target, PLACES);
        if !place.some() {
            return false;
        }
        if dom.matches(place, "[data-act]") {
            self.again(view, place);
        } else if dom.matches(place, "[data-md]") {
            self.toolbar(view, place);
        } else if dom.matches(place, "[data-confirm]") {
            dom.set_attr(dom.inner(place, "nextElementSibling"), "open", "");
        } else if dom.matches(place, ".people>*") {
            self.choose(view, place);
        } else if dom.matches(place, ".chip>button") {
            self.take_chip(view, place);
        } else if dom.matches(place, ".pick>label") {
            dom.focus(dom.first(dom.around(place, ".pick"), "[role=combobox]"));
        } else if dom.matches(place, ".add") {
            self.toggle_picker(place);
        } else if dom.matches(place, "[data-pick]") {
            self.pick_reaction(place);
        } else if held == 0 {
            self.follow(view, place);
        } else {
            // With a key held down the browser opens the page at this state in a tab or window of its own.
            return false;
        }
        true
    }

    /// A link inside the view: the same view with other parameters, or a copy of its address.
    pub(crate) fn follow(&mut self, view: Dom, link: Dom) {
        self.close_menus(Dom::NONE);
        let dom = &self.dom;
        if dom.matches(link, "[data-copy]") {
            let ticket = self.ticket(Task::Copied(view));
            self.dom.copy_link(ticket, view, link);
            return;
        }
        let Some(address) = dom.attr(link, "href") else { return };
        let p = address.split_once('?').map_or("", |(_, p)| p);
        let container = dom.inner(view, "box");
        let newer = dom.matches(link, "[data-n]");
        let goal = if newer || dom.around(link, ".more").some() {
            let posts = dom.each(container, ".post:not([data-local])");
            Goal::More(posts.take_while(|post| dom.precedes(*post, link)).count())
        } else {
            Goal::Link
        };
        dom.set_attr(container, "aria-busy", "true");
        let link = dom.kept(link);
        self.look(view, p, newer, goal, link);
    }

    /// A link was copied, or could not be: then it is shown, to be copied by hand.
    pub(crate) fn copied(&mut self, view: Dom, status: u16, answer: Dom) {
        if status == 0 {
            let address = self.dom.field(answer, "detail").unwrap_or_default();
            self.notice(Dom::NONE, view, &address, "");
        } else {
            let words = self.dom.text("copied");
            self.announce(view, &words);
            let container = self.dom.inner(view, "box");
            self.dom.append(container, self.dom.own("p", "toast", &words));
            self.later(Task::Toast(view), 3000);
        }
    }

    fn key(&mut self, view: Dom, target: Dom, key: &str, held: u32) -> bool {
        if self.list_key(view, key) || self.pick_key(view, target, key) {
            return true;
        }
        let dom = &self.dom;
        match key {
            "Enter" if held == COMMAND => {
                dom.run(dom.around(target, "form.form"), "requestSubmit");
                true
            }
            "b" | "i" if held == COMMAND => {
                let kind = if key == "b" { "[data-md=bold]" } else { "[data-md=italic]" };
                let button = dom.first(dom.around(target, ".composer"), kind);
                if button.some() {
                    self.toolbar(view, button);
                }
                button.some()
            }
            _ => self.pattern_key(view, target, key, held),
        }
    }

    /// Closes open menus, but for those that `inside` lies in.
    pub(crate) fn close_menus(&self, inside: Dom) {
        for panel in &self.panels {
            self.dom.shut(panel.view, inside);
        }
    }
}
