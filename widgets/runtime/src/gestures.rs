//! Clicks, keys and forms: one listener of each kind for a widget, told apart by what lies under it.

use crate::apply::{Goal, all, around, first, focus};
use crate::bridge::Answer;
use crate::{Page, Task, acts};
use js_sys::Array;
use wasm_bindgen::JsCast;
use web_sys::{
    Element, Event, HtmlDetailsElement, HtmlElement, HtmlFormElement, HtmlTextAreaElement, KeyboardEvent, MouseEvent,
    Node, SubmitEvent,
};

/// What opens and must close again.
const MENUS: &str = "details.menu[open],details.confirm[open]";

impl Page {
    /// Something happened inside a widget.
    pub(crate) fn gesture(&mut self, id: u32, event: &Event) {
        let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
        match event.type_().as_str() {
            "click" => self.click(id, event, &target),
            "submit" => {
                event.prevent_default();
                let button = event.dyn_ref::<SubmitEvent>().and_then(SubmitEvent::submitter);
                if let Some(form) = target.dyn_ref::<HtmlFormElement>() {
                    self.submit(id, form, button.as_ref());
                }
            }
            "input" => {
                if let Some(field) = target.dyn_ref::<HtmlTextAreaElement>() {
                    self.typed(id, field);
                }
            }
            "keydown" => {
                if let Some(key) = event.dyn_ref::<KeyboardEvent>() {
                    self.key(id, key, &target);
                }
            }
            _ => {}
        }
    }

    /// A gesture from before the runtime was there.
    pub(crate) fn replay(&mut self, id: u32, target: Element, submitter: Option<HtmlElement>) {
        match target.dyn_into::<HtmlFormElement>() {
            Ok(form) => self.submit(id, &form, submitter.as_ref()),
            Err(link) => self.follow(id, &link),
        }
    }

    fn click(&mut self, id: u32, event: &Event, target: &Element) {
        if let Some(button) = around(target, "[data-act]") {
            self.again(id, &button);
        } else if let Some(button) = around(target, "[data-md]") {
            self.toolbar(id, &button);
        } else if let Some(option) = around(target, "[role=option]") {
            self.choose_person(id, &option);
        } else if let Some(link) = around(target, "a[data-p],a[data-copy]") {
            // With a key held down the browser opens the plain page in a tab or window of its own.
            let held = event.dyn_ref::<MouseEvent>().is_some_and(|mouse| {
                mouse.ctrl_key() || mouse.meta_key() || mouse.shift_key() || mouse.button() != 0
            });
            if !held {
                event.prevent_default();
                self.follow(id, &link);
            }
        } else if around(target, "[aria-disabled=true]").is_some() {
            event.prevent_default();
        }
    }

    /// A link inside the view: the same view with other parameters, or a copy of its address.
    fn follow(&mut self, id: u32, link: &Element) {
        let Some(view) = self.view(id) else { return };
        self.close_menus(None);
        if link.has_attribute("data-copy") {
            let href = link.get_attribute("href").unwrap_or_default();
            let query = href.split_once('?').map_or("", |(_, query)| query);
            let mut address = [view.url().as_str(), "#stoa-", &view.plugin()].concat();
            let mut mark = '?';
            for pair in query.split('&').filter(|pair| !pair.starts_with("page=") && !pair.is_empty()) {
                address.push(mark);
                address.push_str(pair);
                mark = '&';
            }
            let ticket = self.ticket(Task::Copied(id));
            self.bridge.copy(ticket, &address);
            return;
        }
        let Some(p) = link.get_attribute("data-p") else { return };
        let goal = if around(link, ".more").is_some() || link.has_attribute("data-n") {
            let container: Element = view.container().into();
            let before = all(&container, ".post:not([data-local])")
                .iter()
                .take_while(|post| post.compare_document_position(link) & Node::DOCUMENT_POSITION_FOLLOWING != 0)
                .count();
            Goal::More(u32::try_from(before).unwrap_or(0))
        } else {
            Goal::Link
        };
        let _ = view.container().set_attribute("aria-busy", "true");
        self.look(id, &p, link.has_attribute("data-n"), goal);
    }

    /// A link was copied, or could not be: then it is shown, to be copied by hand.
    pub(crate) fn copied(&mut self, id: u32, status: u16, answer: &Answer) {
        let words = self.bridge.text("copied");
        match self.view(id) {
            Some(view) if status == 0 => {
                let container: Element = view.container().into();
                acts::notice(&container, &answer.detail().unwrap_or_default(), None);
            }
            _ => self.announce(id, &words),
        }
        self.toast(id, if status == 0 { "" } else { &words });
    }

    /// A word for those who see; it goes with the next one or by itself.
    fn toast(&self, id: u32, words: &str) {
        let Some(view) = self.view(id) else { return };
        let container: Element = view.container().into();
        if let Some(old) = first(&container, ".toast") {
            old.remove();
        }
        if !words.is_empty()
            && let Some(toast) = crate::apply::local(&container, "p", "toast", words)
        {
            crate::apply::set(&toast, "aria-hidden", "true");
            let _ = container.append_child(&toast);
        }
    }

    fn key(&mut self, id: u32, event: &KeyboardEvent, target: &Element) {
        let key = event.key();
        if self.mention_key(id, &key) {
            event.prevent_default();
            return;
        }
        let held = event.ctrl_key() || event.meta_key();
        match key.as_str() {
            "Escape" => {
                if let Some(details) = around(target, MENUS) {
                    details.unchecked_ref::<HtmlDetailsElement>().set_open(false);
                    if let Some(summary) = first(&details, "summary") {
                        focus(&summary);
                    }
                    event.stop_propagation();
                }
            }
            "Enter" if held => {
                if let Some(form) = around(target, "form.form") {
                    let _ = form.unchecked_ref::<HtmlFormElement>().request_submit();
                }
            }
            "b" | "i" if held && !event.shift_key() && !event.alt_key() => {
                let kind = if key == "b" { "[data-md=bold]" } else { "[data-md=italic]" };
                if target.is_instance_of::<HtmlTextAreaElement>()
                    && let Some(button) = around(target, ".composer").and_then(|composer| first(&composer, kind))
                {
                    event.prevent_default();
                    self.toolbar(id, &button);
                }
            }
            "ArrowLeft" | "ArrowRight" | "Home" | "End" => {
                if let Some(bar) = around(target, "[role=toolbar]") {
                    event.prevent_default();
                    rove(&bar, target, &key);
                }
            }
            "PageDown" | "PageUp" => {
                if target.class_list().contains("post")
                    && let Some(feed) = around(target, ".feed")
                {
                    let posts = all(&feed, ".post");
                    let at = posts.iter().position(|post| post == target).unwrap_or(0);
                    let next = if key == "PageUp" { at.wrapping_sub(1) } else { at + 1 };
                    if let Some(post) = posts.get(next) {
                        event.prevent_default();
                        focus(post);
                    }
                }
            }
            _ => {}
        }
    }

    /// Closes open menus, but for those that `path` leads through.
    pub(crate) fn close_menus(&self, path: Option<&Array>) {
        for panel in &self.panels {
            for details in all(&panel.view.container(), MENUS) {
                if path.is_none_or(|path| !path.includes(&details, 0)) {
                    details.unchecked_ref::<HtmlDetailsElement>().set_open(false);
                }
            }
        }
    }
}

/// Arrow keys in a toolbar (WAI-ARIA Authoring Practices, toolbar): one button is in the tab order.
fn rove(bar: &Element, from: &Element, key: &str) {
    let buttons = all(bar, "button");
    let at = buttons.iter().position(|button| button == from).unwrap_or(0);
    let reversed = bar.closest("[dir=rtl]").ok().flatten().is_some();
    let last = buttons.len().saturating_sub(1);
    let next = match (key, reversed) {
        ("Home", _) => 0,
        ("End", _) => last,
        ("ArrowRight", false) | ("ArrowLeft", true) => {
            if at == last {
                0
            } else {
                at + 1
            }
        }
        _ => at.checked_sub(1).unwrap_or(last),
    };
    for (number, button) in buttons.iter().enumerate() {
        crate::apply::set(button, "tabindex", if number == next { "0" } else { "-1" });
    }
    if let Some(button) = buttons.get(next) {
        focus(button);
    }
}
