//! Edit scripts on the DOM: a cursor walks past what the runtime itself has added (`data-local`) and changes
//! exactly what is named, so that focus, caret and scroll position stay.

use crate::acts::NOTICES;
use crate::dom::{self, Answer, View};
use crate::{Page, Task};
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use stoa_view::ops::{Malformed, Op, Reader};
use wasm_bindgen::JsCast as _;
use web_sys::{Document, Element, Node};

/// How often the texts of times are looked at.
pub(crate) const CLOCK_MS: u32 = 30_000;

/// What becomes of the focus when a view that was asked for arrives.
#[derive(Clone, Copy)]
pub(crate) enum Goal {
    /// Nothing: nobody did anything.
    Quiet,
    /// A link was followed.
    Link,
    /// More was asked for; so many posts stood before the link.
    More(usize),
}

struct Cursor {
    document: Document,
    /// The elements entered, each with the child before which the cursor stands.
    path: Vec<(Node, Option<Node>)>,
    /// The elements of the subtree being built.
    made: Vec<Element>,
}

impl Cursor {
    fn top(&mut self) -> Result<&mut (Node, Option<Node>), Malformed> {
        self.path.last_mut().ok_or(Malformed)
    }

    /// The child at the cursor, which steps over it.
    fn pass(&mut self) -> Result<Node, Malformed> {
        let top = self.top()?;
        let node = top.1.take().ok_or(Malformed)?;
        top.1 = dom::next(&node);
        Ok(node)
    }

    fn put(&mut self, node: &Node) -> Result<(), Malformed> {
        let put = match self.made.last() {
            Some(parent) => parent.append_child(node),
            None => {
                let (parent, next) = self.top()?;
                parent.insert_before(node, next.as_ref())
            }
        };
        put.map(drop).map_err(|_| Malformed)
    }

    /// The element that attributes go to.
    fn element(&mut self) -> Result<&Element, Malformed> {
        match self.made.last() {
            Some(element) => Ok(element),
            None => self.path.last().map(|top| top.0.unchecked_ref()).ok_or(Malformed),
        }
    }

    fn step(&mut self, op: &Op<'_>) -> Result<(), Malformed> {
        match *op {
            Op::Up => drop(self.path.pop()),
            Op::Enter => {
                let node = self.pass()?;
                let first = dom::first_child(&node);
                self.path.push((node, first));
            }
            Op::Skip(count) => {
                for _ in 0..count {
                    self.pass()?;
                }
            }
            Op::Remove(count) => {
                for _ in 0..count {
                    self.pass()?.unchecked_ref::<Element>().remove();
                }
            }
            Op::Open(tag) => {
                let element = dom::create(&self.document, tag.name(), tag.is_svg()).ok_or(Malformed)?;
                self.made.push(element);
            }
            Op::Close => {
                let element = self.made.pop().ok_or(Malformed)?;
                self.put(&element)?;
            }
            Op::Put(text) => self.put(&self.document.create_text_node(text))?,
            Op::Attr(attr, value) => dom::set(self.element()?, attr.name(), value),
            Op::Unattr(attr) => dom::unset(self.element()?, attr.name()),
            Op::Text(value) => self.pass()?.set_node_value(Some(value)),
            Op::Move(distance) => {
                let (parent, next) = self.top()?;
                let mut node = next.clone();
                for _ in 0..distance {
                    node = node.and_then(|node| dom::next(&node));
                }
                dom::shift(parent, &node.ok_or(Malformed)?, next.as_ref());
            }
            Op::Back(count) => {
                let (parent, next) = self.top()?;
                for _ in 0..count {
                    *next = next.as_ref().map_or_else(|| dom::last_child(parent), dom::previous);
                }
            }
        }
        Ok(())
    }
}

/// Changes what is in `container` as the script says.
///
/// # Errors
/// [`Malformed`]: the script does not fit what is there; part of it may be done.
pub(crate) fn patch(container: &Element, script: &[u8]) -> Result<(), Malformed> {
    let first = dom::first_child(container);
    let document = container.owner_document().ok_or(Malformed)?;
    let mut cursor = Cursor { document, path: vec![(container.clone().into(), first)], made: Vec::new() };
    let mut reader = Reader::new(script);
    while let Some(op) = reader.next_op()? {
        cursor.step(&op)?;
    }
    Ok(())
}

/// Empties `container` and builds what the script says.
pub(crate) fn build(container: &Element, script: &[u8]) -> Result<(), Malformed> {
    container.set_text_content(None);
    patch(container, script)
}

impl Page {
    /// Asks for the view with the parameters `p`.
    pub(crate) fn look(&mut self, view: &View, p: &str, renew: bool, goal: Goal, link: Option<Element>) {
        let ticket = self.ticket(Task::View(view.clone(), goal, link));
        dom::look(ticket, view, p, renew);
    }

    /// Asks for what has changed since.
    pub(crate) fn refresh(&mut self, view: &View) {
        let p = view.p().unwrap_or_default();
        self.look(view, &p, false, Goal::Quiet, None);
    }

    /// Brings the widget to the state of `answer`. Where that starts from another state than the one shown, the
    /// difference is asked for. Neither the focus nor a text that somebody types gets lost; what stood in a form that
    /// is gone is shown, unless the form was to go.
    pub(crate) fn take(&mut self, view: &View, answer: &Answer, rescues: bool) {
        let held = Held::new(view);
        self.change(view, answer);
        held.release(view, rescues);
    }

    fn change(&mut self, view: &View, answer: &Answer) {
        let shown = view.rev();
        let next = answer.rev();
        let p = answer.p();
        let moved = p.is_some() && p != view.p();
        if next.is_none() || next != shown {
            let Some(script) = answer.ops() else { return };
            let base = answer.base();
            let based = base.is_some();
            if based && base != shown {
                self.refresh(view);
                return;
            }
            let container = view.container();
            let acts =
                || self.panels.iter().filter(|panel| panel.view == *view).flat_map(|panel| &panel.acts);
            acts().for_each(|act| act.hint.undo());
            let done = if based { patch(&container, &script) } else { build(&container, &script) };
            acts().for_each(|act| act.hint.redo());
            if done.is_err() {
                // Only a script against a known state can fail for a reason that a whole view would mend.
                view.set_rev(None);
                if based {
                    self.refresh(view);
                }
                return;
            }
        }
        if let Some(rev) = next {
            view.set_rev(Some(&rev));
        }
        if let Some(p) = p {
            view.set_p(&p);
        }
        if let Some(since) = answer.since() {
            view.set_since(&since);
        }
        self.enhance(view);
        if moved {
            self.reconnect();
        }
    }

    /// A view that was asked for.
    pub(crate) fn viewed(
        &mut self,
        view: &View,
        status: u16,
        answer: &Answer,
        goal: Goal,
        link: Option<&Element>,
    ) {
        let container = view.container();
        dom::unset(&container, "aria-busy");
        if status != 200 {
            if !matches!(goal, Goal::Quiet) {
                let text = answer.detail().unwrap_or_else(|| dom::text("offline"));
                dom::notice(link.map(crate::acts::beside).as_ref(), view, &text, "");
            }
            return;
        }
        if matches!(goal, Goal::Quiet) {
            self.take(view, answer, true);
            return;
        }
        let base = answer.base();
        if base.is_some()
            && base != view.rev()
            && let Some(link) = link
        {
            // Something else has changed the view since; the difference no longer fits.
            self.follow(view, link);
            return;
        }
        dom::remove_all(&container, NOTICES);
        // A form or menu that was not there before is what the link was about.
        dom::set_all(&container, "form.form,.menu", "data-old", Some(""));
        self.take(view, answer, false);
        let target = match goal {
            Goal::More(before) => dom::all(&container, ".post:not([data-local])").into_iter().nth(before),
            _ => dom::find(
                &container,
                ".menu:not([data-old])>summary,\
                 form.form:not([data-old]) :is(textarea,select,input:not([type=hidden]))",
            ),
        };
        if let Some(target) = target {
            dom::focus(&target);
        }
    }

    /// Keeps relative times right: one timer for all.
    pub(crate) fn clock(&mut self) {
        for panel in &self.panels {
            dom::tick(&panel.view);
        }
        self.later(Task::Clock, CLOCK_MS);
    }
}

/// A text that somebody types while the view changes.
struct Typed {
    id: String,
    value: String,
    /// The id of the post that its form belongs to.
    post: Option<String>,
    people: js_sys::Array,
    /// What the form is to be sent with; see [`Page::remember_seen`].
    seen: Option<String>,
}

/// Where the focus is, and what must not get lost when a view changes.
struct Held {
    /// The ids of what has the focus and of what is around it.
    path: Vec<String>,
    focused: bool,
    typed: Vec<Typed>,
    /// Posts on their way.
    sending: Vec<Element>,
    dialogs: js_sys::Array,
}

impl Held {
    fn new(view: &View) -> Self {
        let container = view.container();
        let mut path = Vec::new();
        let focused = view.focused();
        let mut place = focused.clone();
        while let Some(element) = place {
            path.push(element.id());
            place = element.parent_element();
        }
        path.retain(|id| !id.is_empty());
        let mut typed = Vec::new();
        for field in dom::all(&container, "textarea") {
            let field = field.unchecked_into::<dom::Field>();
            if field.is_changed() {
                typed.push(Typed {
                    id: field.id(),
                    value: field.value(),
                    post: dom::around(&field, ".post").map(|post| post.id()),
                    people: dom::people(&field),
                    seen: field.form().and_then(|form| form.get_attribute("data-seen")),
                });
            }
        }
        let sending = dom::all(&container, ".is-sending");
        Self { path, focused: focused.is_some(), typed, sending, dialogs: dom::modals(view) }
    }

    fn release(self, view: &View, rescues: bool) {
        let root = view.root();
        let by_id = |id: &String| root.get_element_by_id(id);
        for typed in &self.typed {
            let Some(field) = by_id(&typed.id) else {
                // Only where the view was built anew.
                if rescues {
                    dom::rescue(typed.post.as_ref().and_then(by_id).as_ref(), view, &typed.value);
                }
                continue;
            };
            let field = field.unchecked_into::<dom::Field>();
            if !field.is_changed() {
                field.set_value(&typed.value);
                if let (Some(form), Some(seen)) = (field.form(), &typed.seen) {
                    dom::set(&form, "data-seen", seen);
                }
            }
            dom::accompanied(&field, &typed.people);
        }
        dom::returned(&self.dialogs);
        // A text on its way must not go with what it answers.
        for post in self.sending.iter().filter(|post| !post.is_connected()) {
            let _ = view.container().prepend_with_node_1(post);
        }
        if self.focused
            && view.focused().is_none()
            && let Some(place) = self.path.iter().find_map(by_id)
        {
            dom::focus(&place);
        }
    }
}
