//! What a person does: shown at once, sent one after the other, repeated under the same key when there was no answer,
//! taken back when the host refuses. A text that somebody wrote is never lost on the way.

use crate::apply::Goal;
use crate::dom::{self, Answer, Field, View};
use crate::pure::{pace, text};
use crate::{Page, Task};
use alloc::string::String;
use alloc::vec;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlElement, HtmlFormElement};

/// How often an act is repeated that the host answers with a fault of its own; no answer at all does not count.
const FAULTS_MAX: u32 = 6;

/// What the runtime has said in a view.
pub(crate) const NOTICES: &str = ".notice[data-local],.problem[data-local]";

/// One thing done, on its way to the host.
pub(crate) struct Act {
    key: String,
    fields: String,
    pub(crate) hint: Hint,
    pub(crate) form: Element,
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
    /// The post as it was written, and the field it was written in.
    Post(Element, Field),
}

impl Hint {
    pub(crate) fn undo(&self) {
        match self {
            Self::Toggle(button) => flip(button),
            Self::Vote(group, before, _) => vote(group, *before),
            Self::None | Self::Post(..) => {}
        }
    }

    pub(crate) fn redo(&self) {
        match self {
            Self::Vote(group, _, now) => vote(group, *now),
            _ => self.undo(),
        }
    }
}

fn pressed(button: &Element) -> bool {
    dom::fits(button, ".is-on")
}

pub(crate) fn press(button: &Element, on: bool) {
    // In a menu a button that is on or off is an item with a check mark.
    let name = if dom::fits(button, "[role=menuitemcheckbox]") { "aria-checked" } else { "aria-pressed" };
    dom::set(button, name, if on { "true" } else { "false" });
    dom::set_class(button, "is-on", on);
}

/// What is wanted next goes along with the next press: the fourth word of the button's value.
fn want(button: &Element, wanted: &str) {
    let value = button.get_attribute("value").unwrap_or_default();
    let mut now = String::new();
    for (place, word) in value.split(' ').enumerate() {
        if place > 0 {
            now.push(' ');
        }
        now.push_str(if place == 3 { wanted } else { word });
    }
    dom::set(button, "value", &now);
}

/// Adds to the number shown; numbers written with separators are left to the host.
fn add(place: Option<Element>, change: i32) {
    let Some(place) = place else { return };
    let Some(shown) = place.text_content().and_then(|shown| text::number(&shown)) else { return };
    let now = shown + change;
    if let Some(node) = place.first_child() {
        node.set_node_value(Some(&text::signed(now)));
    }
    if dom::fits(&place, ".count") {
        place.unchecked_ref::<HtmlElement>().set_hidden(now == 0);
    }
    if let Some(reaction) = dom::around(&place, ".reaction") {
        let hidden = now == 0 && !pressed(&reaction);
        reaction.unchecked_ref::<HtmlElement>().set_hidden(hidden);
    }
}

fn flip(button: &Element) {
    let on = !pressed(button);
    press(button, on);
    want(button, if on { "off" } else { "on" });
    add(dom::find(button, ".count"), if on { 1 } else { -1 });
}

/// What is pressed in a group of votes: the first button is up, the second down.
fn voted(group: &Element) -> i32 {
    let mut now = 0;
    for (button, worth) in dom::all(group, "[data-o=vote]").iter().zip([1, -1]) {
        now += if pressed(button) { worth } else { 0 };
    }
    now
}

fn vote(group: &Element, now: i32) {
    let before = voted(group);
    for (button, worth) in dom::all(group, "[data-o=vote]").iter().zip([1, -1]) {
        press(button, now == worth);
        let next = match worth {
            worth if worth == now => "0",
            1 => "1",
            _ => "-1",
        };
        want(button, next);
    }
    add(dom::find(group, ".score"), now - before);
}

/// Where a message about `source` goes: after the row of buttons it stands in.
pub(crate) fn beside(source: &Element) -> Element {
    dom::around(source, ".row,form,.menu,.confirm,.vote,.reactions").unwrap_or_else(|| source.clone())
}

impl Page {
    /// A form was sent, by this button where there was one.
    pub(crate) fn submit(&mut self, view: &View, form: &Element, button: Option<Element>) {
        let whole = dom::fits(form, ".form");
        let Some(panel) = self.panel(view) else { return };
        if whole && panel.acts.iter().any(|act| act.form == *form) {
            return; // double submit
        }
        if whole {
            // What follows a field would otherwise come after the answer, and show again what was there before.
            self.forget(|task| match task {
                Task::Suggest(known, _) | Task::View(known, Goal::Quiet, _) => known == view,
                _ => false,
            });
        }
        dom::remove_all(&view.container(), NOTICES);
        dom::set_all(form, "[aria-invalid]", "aria-invalid", None);
        self.close_menus(None);
        let fields = dom::pack(form, button.as_ref());
        let hint = Self::show(form, whole, button.as_ref());
        let source = button.filter(|_| !whole).unwrap_or_else(|| form.clone());
        if matches!(hint, Hint::None) {
            dom::set(&source, "aria-busy", "true");
        }
        let act = Act { key: dom::key(), fields, hint, form: form.clone(), source, tries: 0 };
        if let Some(panel) = self.panel(view) {
            panel.acts.push(act);
        }
        self.pump(view);
    }

    /// Shows what will be.
    fn show(form: &Element, whole: bool, button: Option<&Element>) -> Hint {
        let field = dom::find(form, ".composer textarea").filter(|_| whole);
        if let Some(field) = field {
            return Self::show_post(form, field.unchecked_into());
        }
        let Some(button) = button else { return Hint::None };
        if dom::fits(button, "[data-o=toggle]") {
            flip(button);
            return Hint::Toggle(button.clone());
        }
        let Some(group) = dom::around(button, ".vote") else { return Hint::None };
        let before = voted(&group);
        let worth = if dom::find(&group, "[data-o=vote]").as_ref() == Some(button) { 1 } else { -1 };
        let now = if before == worth { 0 } else { worth };
        vote(&group, now);
        Hint::Vote(group, before, now)
    }

    /// The post before the host has it. What changes a post that is there already is not drawn, nor what is more than a
    /// text: its fields are kept until the host has them.
    fn show_post(form: &Element, field: Field) -> Hint {
        let text = field.value();
        let more = dom::find(form, ".field,.choice").is_some();
        if more || text.trim_ascii().is_empty() || !field.default_value().is_empty() {
            return Hint::None;
        }
        let post = dom::post(form, &text);
        field.set_value("");
        Self::room_left(&field);
        if let Some(preview) = dom::find(form, ".preview:not([hidden])") {
            dom::set(&preview, "hidden", "");
            dom::set_all(form, "[data-md=preview]", "aria-pressed", Some("false"));
        }
        Hint::Post(post, field)
    }

    /// Sends the oldest act, one at a time: each starts from what the one before has left.
    pub(crate) fn pump(&mut self, view: &View) {
        let Some(panel) = self.panel(view) else { return };
        if panel.sending || panel.acts.is_empty() {
            return;
        }
        panel.sending = true;
        let ticket = self.ticket(Task::Act(view.clone()));
        let act = self.panels.iter().find(|panel| panel.view == *view).and_then(|panel| panel.acts.first());
        if let Some(act) = act {
            dom::act(ticket, view, &act.fields, &act.key);
        }
    }

    /// The host has answered the oldest act, or has not.
    pub(crate) fn acted(&mut self, view: &View, status: u16, answer: &Answer) {
        let Some(panel) = self.panel(view) else { return };
        panel.sending = false;
        let missed = panel.missed.take();
        let mut acts = core::mem::take(&mut panel.acts).into_iter();
        let Some(act) = acts.next() else { return };
        panel.acts.extend(acts);
        if status == 0 || (status >= 500 && act.tries < FAULTS_MAX) {
            self.lost(view, act);
            return;
        }
        act.hint.undo();
        dom::unset(&act.source, "aria-busy");
        if status < 300 {
            self.done(view, &act, answer);
        } else {
            self.refused(view, &act, answer);
        }
        if missed.is_some() && missed != view.rev() {
            self.refresh(view);
        }
        self.pump(view);
    }

    fn done(&mut self, view: &View, act: &Act, answer: &Answer) {
        self.drop_draft(view, &act.form);
        dom::unset(&act.form, "data-seen");
        if let Hint::Post(local, _) = &act.hint {
            local.remove();
        } else if matches!(act.hint, Hint::None)
            && let Some(form) = act.form.dyn_ref::<HtmlFormElement>()
        {
            form.reset();
        }
        dom::remove_all(&act.form, "input[data-local][name]");
        self.take(view, answer, true);
        if let Some(text) = answer.announce() {
            view.announce(&text);
        }
        if let Some(place) = answer.focus().and_then(|id| view.root().get_element_by_id(&id)) {
            dom::focus(&place);
        }
        dom::emit(view, "posted", "");
    }

    /// No answer. Posts wait for the connection; everything else is taken back and can be done again.
    fn lost(&mut self, view: &View, mut act: Act) {
        act.tries += 1;
        let tries = act.tries;
        let posting = matches!(act.hint, Hint::Post(..));
        let text = dom::text(if posting { "offline" } else { "unsaved" });
        if let Hint::Post(local, _) = &act.hint {
            Self::say_when(local, Some(&text));
            dom::retry(local, &act.key);
            if let Some(panel) = self.panel(view) {
                let later = core::mem::replace(&mut panel.acts, vec![act]);
                panel.acts.extend(later);
            }
            let wait = pace::wait_ms(tries, js_sys::Math::random());
            self.later(Task::Pump(view.clone()), wait);
        } else {
            act.hint.undo();
            dom::unset(&act.source, "aria-busy");
            dom::notice(Some(&beside(&act.source)), view, &text, &act.key);
            if let Some(panel) = self.panel(view) {
                panel.failed.push(act);
            }
            self.pump(view);
        }
        if tries == 1 {
            view.announce(&text);
        }
    }

    fn say_when(post: &Element, words: Option<&str>) {
        if let Some(place) = dom::find(post, ".when") {
            place.set_text_content(words);
        }
    }

    /// The button "Try again": the same request under the same key.
    pub(crate) fn again(&mut self, view: &View, button: &Element) {
        let key = button.get_attribute("data-act").unwrap_or_default();
        if let Some(notice) = dom::around(button, ".notice") {
            notice.remove();
        }
        if let Some(panel) = self.panel(view) {
            // Those with another key stay where they are.
            let failed = core::mem::take(&mut panel.failed);
            for act in failed {
                if act.key == key {
                    act.hint.redo();
                    panel.acts.push(act);
                } else {
                    panel.failed.push(act);
                }
            }
        }
        self.pump(view);
    }

    /// The host says no: its view is shown, its message, and the text is back in its field.
    fn refused(&mut self, view: &View, act: &Act, answer: &Answer) {
        if let Some(current) = answer.view() {
            // From now on the person writes on what is shown now.
            dom::unset(&act.form, "data-seen");
            self.take(view, &current, true);
        }
        let message = answer.detail().or_else(|| answer.title()).unwrap_or_else(|| dom::text("unsaved"));
        let mut place = beside(&act.source);
        if let Hint::Post(local, field) = &act.hint {
            if field.is_connected() && field.value().is_empty() {
                let text = dom::find(local, ".plain").and_then(|text| text.text_content());
                local.remove();
                field.set_value(&text.unwrap_or_default());
                dom::focus(field);
            } else {
                // Something else is being written there already, or the field is gone: the text stays to be copied.
                dom::set_class(local, "is-sending", false);
                Self::say_when(local, None);
                place = local.clone();
            }
        }
        if !dom::problems(&act.form, Some(&place), view, answer) {
            dom::notice(Some(&place), view, &message, "");
        }
        dom::emit(view, "error", &message);
    }
}
