//! Keyboard patterns of the WAI-ARIA Authoring Practices: menu button, tabs, toolbar, modal dialog, feed. Names of the
//! patterns are theirs; the roles are given in `js/roles.js`.

use crate::Page;
use crate::dom::{Dom, Way};
use crate::gestures::{COMMAND, OTHER};
use alloc::string::String;

/// What can be chosen in a menu.
const ITEMS: &str = "[role^=menuitem]";
/// What can have the focus.
const STOPS: &str = "a[href],button,summary,input,select,textarea,[tabindex='0']";

/// Where a key leads in a list that lies this way.
fn way(key: &str, back: &str, on: &str) -> Option<Way> {
    match key {
        "Home" => Some(Way::First),
        "End" => Some(Way::Last),
        key if key == back => Some(Way::Back),
        key if key == on => Some(Way::On),
        _ => None,
    }
}

impl Page {
    /// A key for a pattern; true where it was meant for one.
    pub(crate) fn pattern_key(&mut self, view: Dom, target: Dom, key: &str, held: u32) -> bool {
        if held & OTHER != 0 {
            return false;
        }
        if held == COMMAND {
            return matches!(key, "Home" | "End") && self.leave_feed(view, target, key == "End");
        }
        if key == "Escape" {
            return self.escape(view, target);
        }
        let dom = &self.dom;
        let menu = dom.around(target, "details.menu");
        if menu.some() {
            return self.menu_key(view, menu, target, key);
        }
        if dom.matches(target, "a.menu") && matches!(key, " " | "ArrowDown" | "ArrowUp") {
            self.press(view, target);
            return true;
        }
        let (before, after) =
            if dom.is_rtl(target) { ("ArrowRight", "ArrowLeft") } else { ("ArrowLeft", "ArrowRight") };
        let tabs = dom.around(target, "[role=tablist]");
        let bar = dom.around(target, "[role=toolbar]");
        if tabs.some() || bar.some() {
            if tabs.some() && key == " " {
                self.press(view, target);
                return true;
            }
            let Some(way) = way(key, before, after) else { return false };
            let (inside, what) = if tabs.some() { (tabs, "[role=tab]") } else { (bar, "button") };
            dom.step(inside, what, target, way, true);
            return true;
        }
        if matches!(key, "PageDown" | "PageUp") {
            return self.next_post(target, if key == "PageDown" { Way::On } else { Way::Back });
        }
        false
    }

    /// Does what a click does. A click made here would reach nobody before this call is over, and a link would lead
    /// the page away.
    fn press(&mut self, view: Dom, target: Dom) {
        if self.dom.matches(target, "a[href^='#stoa-']") {
            self.follow(view, target);
        } else {
            self.dom.run(target, "click");
        }
    }

    fn menu_key(&mut self, view: Dom, menu: Dom, target: Dom, key: &str) -> bool {
        let dom = &self.dom;
        let pop = dom.first(menu, "[role=menu]");
        let button = dom.first(menu, "summary");
        if target == button {
            if !matches!(key, "ArrowDown" | "ArrowUp") {
                return false;
            }
            // Opening moves the focus to the first item.
            dom.set_attr(menu, "open", "");
            if key == "ArrowUp" {
                dom.step(pop, ITEMS, Dom::NONE, Way::Last, true);
            }
            return true;
        }
        // An open question is a group with buttons, not a menu.
        if !pop.some() {
            return false;
        }
        if let Some(way) = way(key, "ArrowUp", "ArrowDown") {
            dom.step(pop, ITEMS, target, way, true);
            return true;
        }
        match key {
            // The browser then goes on from the button.
            "Tab" => {
                dom.drop_attr(menu, "open");
                dom.focus(button);
                false
            }
            " " => {
                self.press(view, target);
                true
            }
            _ => key.chars().count() == 1 && dom.seek(pop, ITEMS, target, key),
        }
    }

    /// Closes the innermost thing that is open around the target; the focus goes back to what opened it.
    fn escape(&mut self, view: Dom, target: Dom) -> bool {
        let dom = &self.dom;
        let details = dom.around(target, "details.menu[open],details.confirm[open]");
        if details.some() {
            dom.drop_attr(details, "open");
            let stand_in = dom.inner(details, "previousElementSibling");
            let asked = dom.matches(stand_in, "[data-confirm]");
            dom.focus(if asked { stand_in } else { dom.first(details, "summary") });
            return true;
        }
        let picker = dom.around(target, ".picker");
        if picker.some() {
            self.close_picker(picker);
            return true;
        }
        let dialog = dom.around(target, "dialog");
        let found = dialog.some();
        if found {
            self.dismiss(view, dialog);
        }
        found
    }

    /// Leaves a dialog as its last link does.
    pub(crate) fn dismiss(&mut self, view: Dom, dialog: Dom) {
        self.follow(view, self.dom.first(dialog, ":scope>a.button:last-child"));
    }

    /// Something was opened or closed: an open menu has the focus on its first item, an open question on its button.
    pub(crate) fn toggled(&mut self, view: Dom, details: Dom) {
        let dom = &self.dom;
        dom.give_roles(view);
        if !dom.matches(details, "[open]") {
            return;
        }
        let focused = dom.holds_focus(details);
        if focused && dom.matches(details, ".menu") && dom.matches(dom.focused(view), ".menu>summary") {
            dom.step(dom.first(details, "[role=menu]"), ITEMS, Dom::NONE, Way::First, true);
        } else if dom.matches(details, ".confirm") && (focused || dom.matches(details, ".menu .confirm")) {
            dom.focus(dom.first(details, "button"));
        }
    }

    /// From post to post, from wherever in one; texts keep their keys.
    fn next_post(&self, target: Dom, way: Way) -> bool {
        let dom = &self.dom;
        let post = dom.around(target, ".post");
        if !post.some() || dom.matches(target, "textarea,select") {
            return false;
        }
        dom.step(dom.around(post, ".feed"), ".post:not([data-local])", post, way, false);
        true
    }

    /// To what comes after the feed, or before it.
    fn leave_feed(&self, view: Dom, target: Dom, on: bool) -> bool {
        let dom = &self.dom;
        let feed = dom.around(target, ".feed");
        if !feed.some() || dom.matches(target, "textarea,input") {
            return false;
        }
        dom.leave(dom.inner(view, "box"), STOPS, feed, on);
        true
    }

    /// The button beside reactions opens the picker, or closes it.
    pub(crate) fn toggle_picker(&self, button: Dom) {
        let dom = &self.dom;
        let picker = dom.first(dom.around(button, ".reactions"), ".picker");
        if dom.matches(picker, "[hidden]") {
            dom.drop_attr(picker, "hidden");
            dom.set_attr(button, "aria-expanded", "true");
            dom.step(picker, "button", Dom::NONE, Way::First, false);
        } else {
            self.close_picker(picker);
        }
    }

    fn close_picker(&self, picker: Dom) {
        let dom = &self.dom;
        let button = dom.first(dom.around(picker, ".reactions"), ".add");
        dom.set_attr(picker, "hidden", "");
        dom.set_attr(button, "aria-expanded", "false");
        dom.focus(button);
    }

    /// A reaction was picked: the same as a press on the one in the view.
    pub(crate) fn pick_reaction(&self, copy: Dom) {
        let dom = &self.dom;
        let place = dom.attr(copy, "data-pick").and_then(|place: String| place.parse().ok()).unwrap_or(0);
        let group = dom.around(copy, ".reactions");
        self.close_picker(dom.first(group, ".picker"));
        let reaction = dom.each(group, ".reaction:not([data-local])").nth(place).unwrap_or(Dom::NONE);
        dom.run(reaction, "click");
    }
}
