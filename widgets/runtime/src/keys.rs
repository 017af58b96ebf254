//! Keyboard patterns of the WAI-ARIA Authoring Practices: menu button, tabs, toolbar, modal dialog, feed. Names of the
//! patterns are theirs; the roles are given in `js/roles.js`.

use crate::Page;
use crate::dom::{self, View, Way};
use crate::gestures::Held;
use crate::pure::text;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlDetailsElement};

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

fn open(details: &Element, open: bool) {
    details.unchecked_ref::<HtmlDetailsElement>().set_open(open);
}

impl Page {
    /// A key for a pattern; true where it was meant for one.
    pub(crate) fn pattern_key(&mut self, view: &View, target: &Element, key: &str, held: Held) -> bool {
        match held {
            Held::Other => return false,
            Held::Command => {
                return matches!(key, "Home" | "End") && Self::leave_feed(view, target, key == "End");
            }
            Held::Nothing => {}
        }
        if key == "Escape" {
            return self.escape(view, target);
        }
        if let Some(menu) = dom::around(target, "details.menu") {
            return self.menu_key(view, &menu, target, key);
        }
        if dom::fits(target, "a.menu") && matches!(key, " " | "ArrowDown" | "ArrowUp") {
            self.press(view, target);
            return true;
        }
        let tabs = dom::around(target, "[role=tablist]");
        let what = if tabs.is_some() { "[role=tab]" } else { "button" };
        let Some(bar) = tabs.clone().or_else(|| dom::around(target, "[role=toolbar]")) else {
            let way = if key == "PageDown" { Way::On } else { Way::Back };
            return matches!(key, "PageDown" | "PageUp") && Self::next_post(target, way);
        };
        if tabs.is_some() && key == " " {
            self.press(view, target);
            return true;
        }
        let (before, after) =
            if dom::is_rtl(target) { ("ArrowRight", "ArrowLeft") } else { ("ArrowLeft", "ArrowRight") };
        let Some(way) = way(key, before, after) else { return false };
        dom::step(&bar, what, Some(target), way, true);
        true
    }

    /// Does what a click does. A click made here would reach nobody before this call is over, and a link would lead
    /// the page away.
    fn press(&mut self, view: &View, target: &Element) {
        if dom::fits(target, "a[href^='#stoa-']") {
            self.follow(view, target);
        } else {
            dom::click(target);
        }
    }

    fn menu_key(&mut self, view: &View, menu: &Element, target: &Element, key: &str) -> bool {
        let Some(button) = dom::find(menu, "summary") else { return false };
        let pop = dom::find(menu, "[role=menu]");
        if *target == button {
            if !matches!(key, "ArrowDown" | "ArrowUp") {
                return false;
            }
            // Opening moves the focus to the first item.
            open(menu, true);
            if let (Some(pop), "ArrowUp") = (pop, key) {
                dom::step(&pop, ITEMS, None, Way::Last, true);
            }
            return true;
        }
        // An open question is a group with buttons, not a menu.
        let Some(pop) = pop else { return false };
        if let Some(way) = way(key, "ArrowUp", "ArrowDown") {
            dom::step(&pop, ITEMS, Some(target), way, true);
            return true;
        }
        match key {
            // The browser then goes on from the button.
            "Tab" => {
                open(menu, false);
                dom::focus(&button);
                false
            }
            " " => {
                self.press(view, target);
                true
            }
            _ => key.chars().count() == 1 && dom::seek(&pop, ITEMS, target, key),
        }
    }

    /// Closes the innermost thing that is open around the target; the focus goes back to what opened it.
    fn escape(&mut self, view: &View, target: &Element) -> bool {
        if let Some(details) = dom::around(target, "details.menu[open],details.confirm[open]") {
            open(&details, false);
            let stand_in = details.previous_element_sibling().filter(|one| dom::fits(one, "[data-confirm]"));
            if let Some(place) = stand_in.or_else(|| dom::find(&details, "summary")) {
                dom::focus(&place);
            }
            return true;
        }
        if let Some(picker) = dom::around(target, ".picker") {
            Self::close_picker(&picker);
            return true;
        }
        let dialog = dom::around(target, "dialog");
        dialog.inspect(|dialog| self.dismiss(view, dialog)).is_some()
    }

    /// Leaves a dialog as its last link does.
    pub(crate) fn dismiss(&mut self, view: &View, dialog: &Element) {
        if let Some(link) = dom::find(dialog, ":scope>a.button:last-child") {
            self.follow(view, &link);
        }
    }

    /// Something was opened or closed: an open menu has the focus on its first item, an open question on its button.
    pub(crate) fn toggled(&mut self, view: &View, details: &Element) {
        dom::roles(view);
        if !dom::fits(details, "[open]") {
            return;
        }
        let focused = dom::holds_focus(details);
        let menu = dom::fits(details, ".menu");
        if focused && menu && view.focused().is_some_and(|place| dom::fits(&place, ".menu>summary")) {
            if let Some(pop) = dom::find(details, "[role=menu]") {
                dom::step(&pop, ITEMS, None, Way::First, true);
            }
        } else if dom::fits(details, ".confirm")
            && (focused || dom::fits(details, ".menu .confirm"))
            && let Some(button) = dom::find(details, "button")
        {
            dom::focus(&button);
        }
    }

    /// From post to post, from wherever in one; texts keep their keys.
    fn next_post(target: &Element, way: Way) -> bool {
        let post = dom::around(target, ".post").filter(|_| !dom::fits(target, "textarea,select"));
        let Some(post) = post else { return false };
        if let Some(feed) = dom::around(&post, ".feed") {
            dom::step(&feed, ".post:not([data-local])", Some(&post), way, false);
        }
        true
    }

    /// To what comes after the feed, or before it.
    fn leave_feed(view: &View, target: &Element, on: bool) -> bool {
        let feed = dom::around(target, ".feed").filter(|_| !dom::fits(target, "textarea,input"));
        feed.inspect(|feed| dom::leave(&view.container(), STOPS, feed, on)).is_some()
    }

    /// The button beside reactions opens the picker, or closes it.
    pub(crate) fn toggle_picker(button: &Element) {
        let Some(picker) = dom::near(button, ".reactions", ".picker") else { return };
        if dom::fits(&picker, "[hidden]") {
            dom::unset(&picker, "hidden");
            dom::set(button, "aria-expanded", "true");
            dom::step(&picker, "button", None, Way::First, false);
        } else {
            Self::close_picker(&picker);
        }
    }

    fn close_picker(picker: &Element) {
        dom::set(picker, "hidden", "");
        if let Some(button) = dom::near(picker, ".reactions", ".add") {
            dom::set(&button, "aria-expanded", "false");
            dom::focus(&button);
        }
    }

    /// A reaction was picked: the same as a press on the one in the view.
    pub(crate) fn pick_reaction(copy: &Element) {
        let Some(group) = dom::around(copy, ".reactions") else { return };
        let place = copy.get_attribute("data-pick").and_then(|place| text::number(&place));
        if let Some(picker) = dom::find(&group, ".picker") {
            Self::close_picker(&picker);
        }
        let all = dom::all(&group, ".reaction:not([data-local])");
        if let Some(reaction) = place.and_then(|place| all.get(usize::try_from(place).ok()?)) {
            dom::click(reaction);
        }
    }
}
