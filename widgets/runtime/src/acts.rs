//! What a person does: shown at once, sent one after the other, repeated under the same key when there was no answer,
//! taken back when the host refuses. A text that somebody wrote is never lost on the way.

use crate::apply::{all, around, by_id, first, focus, local, set};
use crate::bridge::Answer;
use crate::pure::pace;
use crate::{Page, Task};
use js_sys::Object;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlFormElement, HtmlTextAreaElement};

/// How often an act is repeated that the host answers with a fault of its own; no answer at all does not count.
const FAULTS_MAX: u32 = 6;

/// One thing done, on its way to the host.
pub(crate) struct Act {
    key: String,
    fields: Object,
    /// The request, written when it is first sent.
    body: String,
    pub(crate) hint: Hint,
    form: HtmlFormElement,
    /// The button, or the form.
    source: Element,
    tries: u32,
}

/// What is shown before the host has answered.
pub(crate) enum Hint {
    None,
    /// A button is on or off.
    Toggle(Element),
    /// The group, the vote before, the vote now.
    Vote(Element, i32, i32),
    /// The post as it was written.
    Post { local: Element, text: String, field: HtmlTextAreaElement },
}

impl Act {
    /// Whether it comes from this form.
    pub(crate) fn is_for(&self, form: &HtmlFormElement) -> bool {
        self.form == *form
    }
}

impl Hint {
    pub(crate) fn undo(&self) {
        match self {
            Self::Toggle(button) => flip(button),
            Self::Vote(group, before, _) => vote(group, *before),
            Self::None | Self::Post { .. } => {}
        }
    }

    pub(crate) fn redo(&self) {
        match self {
            Self::Toggle(button) => flip(button),
            Self::Vote(group, _, now) => vote(group, *now),
            Self::None | Self::Post { .. } => {}
        }
    }
}

/// A number as text.
pub(crate) fn digits(number: u32) -> String {
    let mut text = String::new();
    let mut rest = number;
    loop {
        text.insert(0, char::from_digit(rest % 10, 10).unwrap_or('0'));
        rest /= 10;
        if rest == 0 {
            return text;
        }
    }
}

fn pressed(button: &Element) -> bool {
    button.get_attribute("aria-pressed").as_deref() == Some("true")
}

fn press(button: &Element, on: bool) {
    set(button, "aria-pressed", if on { "true" } else { "false" });
    let _ = button.class_list().toggle_with_force("is-on", on);
}

/// Adds to the number shown in `place`; numbers written with separators are left to the host.
fn add(place: Option<Element>, change: i32) {
    let Some(text) = place.and_then(|place| place.first_child()) else { return };
    if let Some(number) = text.node_value().and_then(|text| text.parse::<i32>().ok()) {
        let number = number.saturating_add(change);
        let sign = if number < 0 { "-" } else { "" };
        text.set_node_value(Some(&[sign, &digits(number.unsigned_abs())].concat()));
    }
}

fn flip(button: &Element) {
    let on = !pressed(button);
    press(button, on);
    add(first(button, ".count"), if on { 1 } else { -1 });
}

/// The buttons of a group: up first, then down.
fn voters(group: &Element) -> Vec<Element> {
    all(group, "[data-o=vote]")
}

fn voted(group: &Element) -> i32 {
    let buttons = voters(group);
    i32::from(buttons.first().is_some_and(pressed)) - i32::from(buttons.get(1).is_some_and(pressed))
}

fn vote(group: &Element, now: i32) {
    let before = voted(group);
    for (button, worth) in voters(group).iter().zip([1, -1]) {
        press(button, now == worth);
    }
    add(first(group, ".score"), now - before);
}

/// A message beside what it is about, with a button for each `(data-act, words)`.
pub(crate) fn notice(place: &Element, text: &str, action: Option<(&str, &str, &str)>) -> Option<Element> {
    let notice = local(place, "div", "notice tone-danger", "")?;
    set(&notice, "role", "alert");
    let words = local(place, "p", "", text)?;
    let _ = notice.append_child(&words);
    if let Some((act, key, words)) = action {
        let button = act_button(place, act, key, words)?;
        let _ = notice.append_child(&button);
    }
    if place.is_instance_of::<HtmlFormElement>() || place.parent_element().is_none() {
        let _ = place.append_child(&notice);
    } else if place.get_attribute("title").as_deref() == Some("") {
        // The widget's own container: the message stands above the view.
        let _ = place.insert_before(&notice, place.first_child().as_ref());
    } else {
        let _ = place.after_with_node_1(&notice);
    }
    Some(notice)
}

fn act_button(near: &Element, act: &str, key: &str, words: &str) -> Option<Element> {
    let button = local(near, "button", "button", words)?;
    set(&button, "type", "button");
    set(&button, "data-act", act);
    set(&button, "data-key", key);
    Some(button)
}

/// Where a message about `source` goes: after the row of buttons it stands in.
fn beside(source: &Element) -> Element {
    around(source, ".row,.actions,.toolbar,form,.menu,.confirm").unwrap_or_else(|| source.clone())
}

/// The field that a post is written in.
fn text_field(form: &Element) -> Option<HtmlTextAreaElement> {
    first(form, ".composer textarea")?.dyn_into().ok()
}

impl Page {
    /// A form was sent, by this button where there was one.
    pub(crate) fn submit(&mut self, id: u32, form: &HtmlFormElement, button: Option<&HtmlElement>) {
        let Some(panel) = self.panel(id) else { return };
        let whole = form.class_list().contains("form");
        if whole && panel.acts.iter().any(|act| act.form == *form) {
            return; // double submit
        }
        let view = panel.view.clone();
        for message in all(&view.container(), ".notice[data-local],.problem[data-local]") {
            message.remove();
        }
        for field in all(form, "[aria-invalid]") {
            let _ = field.remove_attribute("aria-invalid");
        }
        let fields = self.bridge.fields(form, button);
        let source: Element = button.map_or_else(|| form.clone().into(), |button| button.clone().into());
        let hint = self.show(form, whole, &source);
        self.close_menus(None);
        let act = Act {
            key: self.bridge.key(),
            fields,
            body: String::new(),
            hint,
            form: form.clone(),
            source: if whole { form.clone().into() } else { source },
            tries: 0,
        };
        if let Some(panel) = self.panel(id) {
            panel.acts.push(act);
        }
        self.pump(id);
    }

    /// Shows what will be.
    fn show(&self, form: &HtmlFormElement, whole: bool, source: &Element) -> Hint {
        match source.get_attribute("data-o").as_deref() {
            Some("toggle") => {
                flip(source);
                return Hint::Toggle(source.clone());
            }
            Some("vote") => {
                if let Some(group) = around(source, ".vote") {
                    let before = voted(&group);
                    let worth = if voters(&group).first() == Some(source) { 1 } else { -1 };
                    let now = if before == worth { 0 } else { worth };
                    vote(&group, now);
                    return Hint::Vote(group, before, now);
                }
            }
            _ => {}
        }
        if whole
            && let Some(field) = text_field(form)
            && field.default_value().unwrap_or_default().is_empty()
            && !field.value().trim().is_empty()
            && let Some(local) = self.draw(form, &field.value())
        {
            let text = field.value();
            field.set_value("");
            Self::count(&field, "");
            if let Some(preview) = first(form, ".preview") {
                preview.set_text_content(None);
                set(&preview, "hidden", "");
            }
            return Hint::Post { local, text, field };
        }
        set(source, "aria-busy", "true");
        Hint::None
    }

    /// The post before the host has it.
    fn draw(&self, form: &HtmlFormElement, text: &str) -> Option<Element> {
        let post = local(form, "article", "post is-sending", "")?;
        let head = local(form, "header", "", "")?;
        let state = local(form, "span", "when", &self.bridge.text("sending"))?;
        let author = local(form, "b", "author", &self.bridge.name())?;
        let words = local(form, "p", "plain", text)?;
        let _ = head.append_child(&author);
        let _ = head.append_child(&state);
        let _ = post.append_child(&head);
        let _ = post.append_child(&words);
        form.after_with_node_1(&post).ok()?;
        Some(post)
    }

    /// Sends the oldest act, one at a time: each starts from what the one before has left.
    pub(crate) fn pump(&mut self, id: u32) {
        let bridge = self.bridge.clone();
        let Some(panel) = self.panel(id) else { return };
        let view = panel.view.clone();
        if panel.sending {
            return;
        }
        let Some(act) = panel.acts.first_mut() else { return };
        if act.body.is_empty() {
            act.body = bridge.pack(&view, &act.fields);
        }
        let (body, key) = (act.body.clone(), act.key.clone());
        panel.sending = true;
        let ticket = self.ticket(Task::Act(id));
        bridge.act(ticket, &view, &body, &key);
    }

    /// The host has answered the oldest act, or has not.
    pub(crate) fn acted(&mut self, id: u32, status: u16, answer: &Answer) {
        let Some(panel) = self.panel(id) else { return };
        panel.sending = false;
        if panel.acts.is_empty() {
            return;
        }
        let act = panel.acts.remove(0);
        let running = status == 409 && answer.code().as_deref() == Some("in-progress");
        if status == 0 || running || (status >= 500 && act.tries < FAULTS_MAX) {
            self.lost(id, act);
            return;
        }
        act.hint.undo();
        let _ = act.source.remove_attribute("aria-busy");
        if status < 300 {
            self.done(id, &act, answer);
        } else {
            self.refused(id, act, answer);
        }
        if let Some(panel) = self.panel(id)
            && let Some(missed) = panel.missed.take()
        {
            let view = panel.view.clone();
            if view.rev().as_ref() != Some(&missed) {
                self.look(id, &view.p(), false, crate::apply::Goal::Quiet);
            }
        }
        self.pump(id);
    }

    fn done(&mut self, id: u32, act: &Act, answer: &Answer) {
        let Some(view) = self.view(id) else { return };
        self.drop_draft(id, &act.form);
        if let Hint::Post { local, .. } = &act.hint {
            local.remove();
        } else if act.form.class_list().contains("form") {
            act.form.reset();
        }
        self.take_focused(id, answer);
        if let Some(text) = answer.announce() {
            self.announce(id, &text);
        }
        if let Some(element) = answer.focus().and_then(|focus| by_id(&view, &focus)) {
            focus(&element);
        }
        self.emit(&view, "posted", &view.plugin());
    }

    /// No answer. Posts wait for the connection; everything else is taken back and can be done again.
    fn lost(&mut self, id: u32, mut act: Act) {
        act.tries += 1;
        let tries = act.tries;
        let again = self.bridge.text("retry");
        let text = self.bridge.text(if matches!(act.hint, Hint::Post { .. }) { "offline" } else { "unsaved" });
        if let Hint::Post { local, .. } = &act.hint {
            if let Some(state) = first(local, ".when") {
                state.set_text_content(Some(&text));
            }
            if first(local, "[data-act]").is_none()
                && let Some(button) = act_button(local, "retry", &act.key, &again)
            {
                let _ = local.append_child(&button);
            }
            let Some(panel) = self.panel(id) else { return };
            panel.acts.insert(0, act);
            self.later(Task::Pump(id), pace::wait_ms(tries, js_sys::Math::random()));
        } else {
            act.hint.undo();
            let _ = act.source.remove_attribute("aria-busy");
            notice(&beside(&act.source), &text, Some(("retry", &act.key, &again)));
            let Some(panel) = self.panel(id) else { return };
            panel.failed.push(act);
            self.pump(id);
        }
        if tries == 1 {
            self.announce(id, &text);
        }
    }

    /// The button "Try again": the same request under the same key.
    pub(crate) fn again(&mut self, id: u32, button: &Element) {
        let key = button.get_attribute("data-key").unwrap_or_default();
        let Some(panel) = self.panel(id) else { return };
        if let Some(at) = panel.failed.iter().position(|act| act.key == key) {
            let act = panel.failed.remove(at);
            act.hint.redo();
            panel.acts.push(act);
            if let Some(notice) = around(button, ".notice") {
                notice.remove();
            }
        }
        self.pump(id);
    }

    /// The host says no: its view is shown, its message, and the text is back in its field.
    fn refused(&mut self, id: u32, act: Act, answer: &Answer) {
        let Some(view) = self.view(id) else { return };
        if let Some(current) = answer.view() {
            self.take_focused(id, &current);
        }
        let message = answer
            .detail()
            .or_else(|| answer.title())
            .unwrap_or_else(|| self.bridge.text("unsaved"));
        let mut place = beside(&act.source);
        if let Hint::Post { local, text, field } = act.hint {
            if field.is_connected() && field.value().is_empty() {
                local.remove();
                field.set_value(&text);
                Self::count(&field, &self.bridge.text("left"));
                focus(&field);
            } else {
                // Something else is being written there already, or the field is gone: the text stays to be copied.
                let _ = local.class_list().replace("is-sending", "is-refused");
                place = local;
            }
        }
        if !mark_fields(&act.form, answer) {
            let place = if place.is_connected() { place } else { view.container().into() };
            notice(&place, &message, None);
        }
        self.emit(&view, "error", &message);
    }
}

/// Puts each complaint beside its field; false where none could be placed.
fn mark_fields(form: &HtmlFormElement, answer: &Answer) -> bool {
    let mut first_wrong = None;
    for complaint in answer.fields().into_iter().flat_map(|list| list.to_vec()) {
        let complaint = complaint.unchecked_into::<Answer>();
        let name = complaint.name().unwrap_or_default();
        for field in all(form, "textarea,input,select") {
            if field.get_attribute("name").as_ref() != Some(&name) {
                continue;
            }
            let text = complaint.msg().unwrap_or_default();
            let Some(message) = local(&field, "p", "problem", &text) else { continue };
            let label = [&field.id(), "-problem"].concat();
            message.set_id(&label);
            set(&field, "aria-invalid", "true");
            set(&field, "aria-errormessage", &label);
            let _ = field.after_with_node_1(&message);
            first_wrong.get_or_insert(field);
        }
    }
    if let Some(field) = &first_wrong {
        focus(field);
    }
    first_wrong.is_some()
}
