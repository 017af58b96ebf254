//! What a person does: shown at once, sent one after the other, repeated under the same key when there was no answer,
//! taken back when the host refuses. A text that somebody wrote is never lost on the way.

use crate::dom::{Bridge, Dom};
use crate::pure::pace;
use crate::{Page, Task};
use alloc::string::String;

/// How often an act is repeated that the host answers with a fault of its own; no answer at all does not count.
const FAULTS_MAX: u32 = 6;

/// What the runtime has said in a view.
pub(crate) const NOTICES: &str = ".notice[data-local],.problem[data-local]";

/// One thing done, on its way to the host.
pub(crate) struct Act {
    key: String,
    fields: String,
    pub(crate) hint: Hint,
    pub(crate) form: Dom,
    /// The button, or the form.
    source: Dom,
    tries: u32,
}

/// What is shown before the host has answered.
#[derive(Clone, Copy)]
pub(crate) enum Hint {
    None,
    /// A button is on or off.
    Toggle(Dom),
    /// The group, the vote before, the vote now.
    Vote(Dom, i32, i32),
    /// The post as it was written, and the field it was written in.
    Post(Dom, Dom),
}

impl Hint {
    pub(crate) fn undo(self, dom: &Bridge) {
        match self {
            Self::Toggle(button) => flip(dom, button),
            Self::Vote(group, before, _) => vote(dom, group, before),
            Self::None | Self::Post(..) => {}
        }
    }

    pub(crate) fn redo(self, dom: &Bridge) {
        match self {
            Self::Vote(group, _, now) => vote(dom, group, now),
            _ => self.undo(dom),
        }
    }
}

fn pressed(dom: &Bridge, button: Dom) -> bool {
    dom.matches(button, ".is-on")
}

pub(crate) fn press(dom: &Bridge, button: Dom, on: bool) {
    // In a menu a button that is on or off is an item with a check mark.
    let name = if dom.matches(button, "[role=menuitemcheckbox]") { "aria-checked" } else { "aria-pressed" };
    dom.set_attr(button, name, if on { "true" } else { "false" });
    dom.set_class(button, "is-on", on);
}

/// What is wanted next goes along with the next press: the fourth word of the button's value.
fn want(dom: &Bridge, button: Dom, wanted: &str) {
    let value = dom.attr(button, "value").unwrap_or_default();
    let mut now = String::new();
    for (place, word) in value.split(' ').enumerate() {
        if place > 0 {
            now.push(' ');
        }
        now.push_str(if place == 3 { wanted } else { word });
    }
    dom.set_attr(button, "value", &now);
}

fn flip(dom: &Bridge, button: Dom) {
    let on = !pressed(dom, button);
    press(dom, button, on);
    want(dom, button, if on { "off" } else { "on" });
    dom.add_to(dom.first(button, ".count"), if on { 1 } else { -1 });
}

/// What is pressed in a group of votes: the first button is up, the second down.
fn voted(dom: &Bridge, group: Dom) -> i32 {
    let mut now = 0;
    for (button, worth) in dom.each(group, "[data-o=vote]").zip([1, -1]) {
        now += if pressed(dom, button) { worth } else { 0 };
    }
    now
}

fn vote(dom: &Bridge, group: Dom, now: i32) {
    let before = voted(dom, group);
    for (button, worth) in dom.each(group, "[data-o=vote]").zip([1, -1]) {
        press(dom, button, now == worth);
        want(
            dom,
            button,
            if now == worth {
                "0"
            } else if worth > 0 {
                "1"
            } else {
                "-1"
            },
        );
    }
    dom.add_to(dom.first(group, ".score"), now - before);
}

impl Page {
    /// A message after `place`, or at the top of the view; with a button "Try again" for the act `key`.
    pub(crate) fn notice(&self, place: Dom, view: Dom, words: &str, key: &str) {
        self.dom.draw_notice(place, view, words, key);
    }

    /// A form was sent, by this button where there was one.
    pub(crate) fn submit(&mut self, view: Dom, form: Dom, button: Dom) {
        let whole = self.dom.matches(form, ".form");
        let Some(panel) = self.panel(view) else { return };
        if whole && panel.acts.iter().any(|act| act.form == form) {
            return; // double submit
        }
        let dom = &self.dom;
        dom.remove_all(dom.inner(view, "box"), NOTICES);
        dom.set_all(form, "[aria-invalid]", "aria-invalid", None);
        self.close_menus(Dom::NONE);
        let dom = &self.dom;
        let source = if whole { form } else { button.or(form) };
        let act = Act {
            key: dom.key(),
            fields: dom.filled(form, button),
            hint: self.show(form, whole, button),
            form: dom.kept(form),
            source: dom.kept(source),
            tries: 0,
        };
        if matches!(act.hint, Hint::None) {
            dom.set_attr(source, "aria-busy", "true");
        }
        if let Some(panel) = self.panel(view) {
            panel.acts.push(act);
        }
        self.pump(view);
    }

    /// Shows what will be.
    fn show(&self, form: Dom, whole: bool, button: Dom) -> Hint {
        let dom = &self.dom;
        let field = dom.first(form, ".composer textarea");
        if whole && field.some() {
            return self.show_post(form, field);
        }
        if dom.matches(button, "[data-o=toggle]") {
            flip(dom, button);
            return Hint::Toggle(dom.kept(button));
        }
        let group = dom.kept(dom.around(button, ".vote"));
        if !group.some() {
            return Hint::None;
        }
        let before = voted(dom, group);
        let worth = if dom.first(group, "[data-o=vote]") == button { 1 } else { -1 };
        let now = if before == worth { 0 } else { worth };
        vote(dom, group, now);
        Hint::Vote(group, before, now)
    }

    /// The post before the host has it. What changes a post that is there already is not drawn, nor what is more than a
    /// text: its fields are kept until the host has them.
    fn show_post(&self, form: Dom, field: Dom) -> Hint {
        let dom = &self.dom;
        let text = dom.field(field, "value").unwrap_or_default();
        let more = dom.first(form, ".field,.choice").some();
        if more || text.trim_ascii().is_empty() || dom.is(field, "defaultValue") {
            return Hint::None;
        }
        let post = dom.kept(dom.draw_post(form, &text));
        dom.set_field(field, "value", Some(""));
        self.room_left(field);
        let preview = dom.first(form, ".preview:not([hidden])");
        if preview.some() {
            dom.set_attr(preview, "hidden", "");
            dom.set_attr(dom.first(form, "[data-md=preview]"), "aria-pressed", "false");
        }
        Hint::Post(post, dom.kept(field))
    }

    /// Sends the oldest act, one at a time: each starts from what the one before has left.
    pub(crate) fn pump(&mut self, view: Dom) {
        let Some(panel) = self.panel(view) else { return };
        if panel.sending || panel.acts.is_empty() {
            return;
        }
        panel.sending = true;
        let ticket = self.ticket(Task::Act(view));
        let act = self.panels.iter().find(|panel| panel.view == view).and_then(|panel| panel.acts.first());
        if let Some(act) = act {
            self.dom.send(ticket, view, &act.fields, &act.key);
        }
    }

    /// The host has answered the oldest act, or has not.
    pub(crate) fn acted(&mut self, view: Dom, status: u16, answer: Dom) {
        let Some(panel) = self.panel(view) else { return };
        panel.sending = false;
        let missed = panel.missed.take();
        panel.acts.reverse();
        let act = panel.acts.pop();
        panel.acts.reverse();
        let Some(act) = act else { return };
        if status == 0 || (status >= 500 && act.tries < FAULTS_MAX) {
            self.lost(view, act);
            return;
        }
        act.hint.undo(&self.dom);
        self.dom.drop_attr(act.source, "aria-busy");
        if status < 300 {
            self.done(view, &act, answer);
        } else {
            self.refused(view, &act, answer);
        }
        if missed.is_some() && missed != self.dom.field(view, "rev") {
            self.refresh(view);
        }
        self.pump(view);
    }

    fn done(&mut self, view: Dom, act: &Act, answer: Dom) {
        self.drop_draft(view, act.form);
        self.dom.drop_attr(act.form, "data-seen");
        if let Hint::Post(local, _) = act.hint {
            self.dom.remove(local);
        } else if matches!(act.hint, Hint::None) {
            self.dom.run(act.form, "reset");
        }
        self.dom.remove_all(act.form, "input[data-local][name]");
        self.take(view, answer, true);
        if let Some(text) = self.dom.field(answer, "announce") {
            self.announce(view, &text);
        }
        if let Some(id) = self.dom.field(answer, "focus") {
            self.dom.focus(self.dom.by_id(view, &id));
        }
        self.dom.tell(view, "posted", "");
    }

    /// No answer. Posts wait for the connection; everything else is taken back and can be done again.
    fn lost(&mut self, view: Dom, mut act: Act) {
        act.tries += 1;
        let tries = act.tries;
        let posting = matches!(act.hint, Hint::Post(..));
        let dom = &self.dom;
        let text = dom.text(if posting { "offline" } else { "unsaved" });
        if let Hint::Post(local, _) = act.hint {
            dom.set_field(dom.first(local, ".when"), "textContent", Some(&text));
            dom.draw_retry(local, &act.key);
            if let Some(panel) = self.panel(view) {
                panel.acts.reverse();
                panel.acts.push(act);
                panel.acts.reverse();
            }
            let wait = pace::wait_ms(tries, self.dom.random());
            self.later(Task::Pump(view), wait);
        } else {
            act.hint.undo(dom);
            dom.drop_attr(act.source, "aria-busy");
            self.notice(self.beside(act.source), view, &text, &act.key);
            if let Some(panel) = self.panel(view) {
                panel.failed.push(act);
            }
            self.pump(view);
        }
        if tries == 1 {
            self.announce(view, &text);
        }
    }

    /// Where a message about `source` goes: after the row of buttons it stands in.
    pub(crate) fn beside(&self, source: Dom) -> Dom {
        self.dom.around(source, ".row,form,.menu,.confirm,.vote,.reactions").or(source)
    }

    /// The button "Try again": the same request under the same key.
    pub(crate) fn again(&mut self, view: Dom, button: Dom) {
        let key = self.dom.attr(button, "data-act").unwrap_or_default();
        self.dom.remove(self.dom.around(button, ".notice"));
        let dom = self.dom;
        if let Some(panel) = self.panel(view) {
            // Those with another key stay where they are.
            let failed = core::mem::take(&mut panel.failed);
            for act in failed {
                if act.key == key {
                    act.hint.redo(&dom);
                    panel.acts.push(act);
                } else {
                    panel.failed.push(act);
                }
            }
        }
        self.pump(view);
    }

    /// The host says no: its view is shown, its message, and the text is back in its field.
    fn refused(&mut self, view: Dom, act: &Act, answer: Dom) {
        let current = self.dom.inner(answer, "view");
        if current.some() {
            // From now on the person writes on what is shown now.
            self.dom.drop_attr(act.form, "data-seen");
            self.take(view, current, true);
        }
        let dom = &self.dom;
        let message = dom
            .field(answer, "detail")
            .or_else(|| dom.field(answer, "title"))
            .unwrap_or_else(|| dom.text("unsaved"));
        let mut place = self.beside(act.source);
        if let Hint::Post(local, field) = act.hint {
            if dom.is(field, "isConnected") && !dom.is(field, "value") {
                let text = dom.field(dom.first(local, ".plain"), "textContent");
                dom.remove(local);
                dom.set_field(field, "value", text.as_deref());
                dom.focus(field);
            } else {
                // Something else is being written there already, or the field is gone: the text stays to be copied.
                dom.set_class(local, "is-sending", false);
                dom.set_field(dom.first(local, ".when"), "textContent", None);
                place = local;
            }
        }
        if !dom.draw_problems(act.form, place, view, answer) {
            self.notice(place, view, &message, "");
        }
        self.dom.tell(view, "error", &message);
    }
}
