//! Edit scripts on the DOM: a cursor walks, skips what the runtime itself has added (`data-local`) and changes
//! exactly what is named, so that focus, caret and scroll position stay.

use crate::bridge::{Answer, Ids, Mover, View};
use crate::{CLOCK_MS, Page, Task, acts, pure::pace};
use stoa_view::ops::{Attr, Malformed, Op, Reader, SVG_NAMESPACE, Tag};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, HtmlElement, HtmlTextAreaElement, Node};

/// What becomes of the focus when a view that was asked for arrives.
pub(crate) enum Goal {
    /// Nothing: nobody did anything.
    Quiet,
    /// A link was followed.
    Link,
    /// More was asked for; so many posts stood before the link.
    More(u32),
}

/// All elements below `root` that fit.
pub(crate) fn all(root: &Element, selector: &str) -> Vec<Element> {
    let mut found = Vec::new();
    if let Ok(list) = root.query_selector_all(selector) {
        for at in 0..list.length() {
            found.extend(list.item(at).and_then(|node| node.dyn_into().ok()));
        }
    }
    found
}

/// The first element below `root` that fits.
pub(crate) fn first(root: &Element, selector: &str) -> Option<Element> {
    root.query_selector(selector).ok().flatten()
}

/// The nearest element around `inner` (or itself) that fits.
pub(crate) fn around(inner: &Element, selector: &str) -> Option<Element> {
    inner.closest(selector).ok().flatten()
}

/// A new element of the runtime's own.
pub(crate) fn local(near: &Node, tag: &str, class: &str, text: &str) -> Option<Element> {
    let element = near.owner_document()?.create_element(tag).ok()?;
    element.set_class_name(class);
    element.set_text_content(Some(text));
    set(&element, "data-local", "");
    Some(element)
}

/// Sets an attribute; the names are ours, so it cannot fail.
pub(crate) fn set(element: &Element, name: &str, value: &str) {
    let _ = element.set_attribute(name, value);
}

pub(crate) fn focus(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let _ = element.focus();
    }
}

/// The element of the view with this id.
pub(crate) fn by_id(view: &View, id: &str) -> Option<Element> {
    view.root().unchecked_ref::<Ids>().get(id)
}

/// Whether the runtime itself has added it.
fn is_local(node: &Node) -> bool {
    node.dyn_ref::<Element>().is_some_and(|element| element.has_attribute("data-local"))
}

/// `node`, or the first after it that belongs to the view.
fn own(mut node: Option<Node>) -> Option<Node> {
    while let Some(next) = &node
        && is_local(next)
    {
        node = next.next_sibling();
    }
    node
}

struct Cursor {
    document: Document,
    /// The elements entered, each with the child before which the cursor stands.
    path: Vec<(Node, Option<Node>)>,
    /// The elements of the subtree being built.
    made: Vec<Element>,
    /// The last form inserted.
    form: Option<Element>,
}

impl Cursor {
    fn next(&self) -> Result<Node, Malformed> {
        self.path.last().and_then(|(_, next)| next.clone()).ok_or(Malformed)
    }

    fn stand(&mut self, next: Option<Node>) {
        if let Some(top) = self.path.last_mut() {
            top.1 = own(next);
        }
    }

    fn place(&mut self, node: &Node) -> Result<(), Malformed> {
        if let Some(parent) = self.made.last() {
            return parent.append_child(node).map(drop).map_err(|_| Malformed);
        }
        let (parent, next) = self.path.last().ok_or(Malformed)?;
        parent.insert_before(node, next.as_ref()).map(drop).map_err(|_| Malformed)
    }

    fn open(&mut self, tag: Tag) -> Result<(), Malformed> {
        let element = if tag.is_svg() {
            self.document.create_element_ns(Some(SVG_NAMESPACE), tag.name())
        } else {
            self.document.create_element(tag.name())
        };
        self.made.push(element.map_err(|_| Malformed)?);
        Ok(())
    }

    fn close(&mut self) -> Result<(), Malformed> {
        let element = self.made.pop().ok_or(Malformed)?;
        self.place(&element)?;
        if element.class_list().contains("form") {
            self.form = Some(element);
        }
        Ok(())
    }

    /// The element that attributes go to.
    fn element(&self) -> Result<Element, Malformed> {
        match self.made.last() {
            Some(element) => Ok(element.clone()),
            None => self.path.last().and_then(|(node, _)| node.dyn_ref().cloned()).ok_or(Malformed),
        }
    }

    fn bring(&mut self, distance: u32) -> Result<(), Malformed> {
        let next = self.next()?;
        let mut node = next.clone();
        for _ in 0..distance {
            node = own(node.next_sibling()).ok_or(Malformed)?;
        }
        let (parent, _) = self.path.last().ok_or(Malformed)?;
        if parent.unchecked_ref::<Mover>().move_before(&node, Some(&next)).is_err() {
            parent.insert_before(&node, Some(&next)).map_err(|_| Malformed)?;
        }
        Ok(())
    }

    fn back(&mut self) -> Result<(), Malformed> {
        let top = self.path.last_mut().ok_or(Malformed)?;
        loop {
            let before = match &top.1 {
                Some(next) => next.previous_sibling(),
                None => top.0.last_child(),
            };
            let node = before.ok_or(Malformed)?;
            let ours = is_local(&node);
            top.1 = Some(node);
            if !ours {
                return Ok(());
            }
        }
    }

    fn step(&mut self, op: &Op<'_>) -> Result<(), Malformed> {
        match *op {
            Op::Up => {
                let (left, _) = self.path.pop().ok_or(Malformed)?;
                self.stand(left.next_sibling());
            }
            Op::Enter => {
                let node = self.next()?;
                let child = own(node.first_child());
                self.path.push((node, child));
            }
            Op::Skip(count) => {
                for _ in 0..count {
                    let next = self.next()?.next_sibling();
                    self.stand(next);
                }
            }
            Op::Remove(count) => {
                for _ in 0..count {
                    let node = self.next()?;
                    self.stand(node.next_sibling());
                    node.unchecked_into::<Element>().remove();
                }
            }
            Op::Open(tag) => self.open(tag)?,
            Op::Close => self.close()?,
            Op::Put(text) => {
                let node = self.document.create_text_node(text);
                self.place(&node)?;
            }
            Op::Attr(attr, value) => set(&self.element()?, attr.name(), value),
            Op::Unattr(attr) => drop(self.element()?.remove_attribute(attr.name())),
            Op::Text(value) => {
                let node = self.next()?;
                node.set_node_value(Some(value));
                self.stand(node.next_sibling());
            }
            Op::Move(distance) => self.bring(distance)?,
            Op::Back(count) => {
                for _ in 0..count {
                    self.back()?;
                }
            }
        }
        Ok(())
    }
}

/// Changes what is in `container` as the script says; gives the last form it brought.
///
/// # Errors
/// [`Malformed`]: the script does not fit what is there; part of it may be done.
pub(crate) fn patch(container: &Node, script: &[u8]) -> Result<Option<Element>, Malformed> {
    let document = container.owner_document().ok_or(Malformed)?;
    let start = (container.clone(), own(container.first_child()));
    let mut cursor = Cursor { document, path: vec![start], made: Vec::new(), form: None };
    let mut reader = Reader::new(script);
    while let Some(op) = reader.next_op()? {
        cursor.step(&op)?;
    }
    Ok(cursor.form)
}

/// Empties `container` and builds what the script says. What was typed stays, where its field comes back.
fn build(container: &Element, script: &[u8]) -> Result<Option<Element>, Malformed> {
    let typed: Vec<(String, String)> = all(container, "textarea")
        .into_iter()
        .filter_map(|field| field.dyn_into::<HtmlTextAreaElement>().ok())
        .filter(|field| field.value() != field.default_value().unwrap_or_default())
        .map(|field| (field.id(), field.value()))
        .collect();
    container.set_text_content(None);
    let form = patch(container, script)?;
    for field in all(container, "textarea") {
        if let Some((_, text)) = typed.iter().find(|(id, _)| *id == field.id()) {
            field.unchecked_into::<HtmlTextAreaElement>().set_value(text);
        }
    }
    Ok(form)
}

impl Page {
    /// A widget appeared.
    pub(crate) fn attach(&mut self, id: u32, view: View) {
        view.set_id(&acts::digits(id));
        if let Some(script) = view.ops() {
            let _ = build(&view.container(), &script);
        }
        self.panels.push(crate::Panel {
            id,
            view,
            acts: Vec::new(),
            sending: false,
            failed: Vec::new(),
            missed: None,
            mention: None,
        });
        self.enhance(id);
        self.reconnect();
    }

    /// Asks for the view with the parameters `p`.
    pub(crate) fn look(&mut self, id: u32, p: &str, renew: bool, goal: Goal) {
        if let Some(view) = self.view(id) {
            let ticket = self.ticket(Task::View(id, goal));
            self.bridge.look(ticket, &view, p, renew);
        }
    }

    /// Brings the widget to the state of `answer`. Where that starts from another state than the one shown, the
    /// difference is asked for. Gives the last form that came with it.
    pub(crate) fn take(&mut self, id: u32, answer: &Answer) -> Option<Element> {
        let panel = self.panel(id)?;
        let view = panel.view.clone();
        let shown = view.rev();
        let moved = answer.p().is_some_and(|p| p != view.p());
        let mut form = None;
        if answer.rev().is_none() || answer.rev() != shown || moved {
            let script = answer.ops()?;
            let base = answer.base();
            if base.is_some() && base != shown {
                self.look(id, &view.p(), false, Goal::Quiet);
                return None;
            }
            for act in panel.acts.iter().rev() {
                act.hint.undo();
            }
            let container = view.container();
            let done = if base.is_some() { patch(&container, &script) } else { build(&container, &script) };
            for act in &panel.acts {
                act.hint.redo();
            }
            let Ok(last) = done else {
                // Only a script against a known state can fail for a reason that a whole view would mend.
                view.set_rev(None);
                if base.is_some() {
                    self.look(id, &view.p(), false, Goal::Quiet);
                }
                return None;
            };
            form = last;
            view.set_rev(answer.rev().as_deref());
        }
        if let Some(p) = answer.p() {
            view.set_p(&p);
        }
        if let Some(since) = answer.since() {
            view.set_since(&since);
        }
        self.enhance(id);
        if moved {
            self.reconnect();
        }
        form
    }

    /// Like [`take`](Self::take), for something the person did: the focus does not get lost.
    pub(crate) fn take_focused(&mut self, id: u32, answer: &Answer) -> Option<Element> {
        let view = self.view(id)?;
        let mut place = view.root().active_element();
        let had = place.is_some();
        let mut ids = Vec::new();
        while let Some(element) = place {
            if !element.id().is_empty() {
                ids.push(element.id());
            }
            place = element.parent_element();
        }
        let form = self.take(id, answer);
        if had && view.root().active_element().is_none() {
            match ids.iter().find_map(|id| by_id(&view, id)) {
                Some(element) => focus(&element),
                None => {
                    let container = view.container();
                    set(&container, "tabindex", "-1");
                    focus(&container);
                }
            }
        }
        form
    }

    /// A view that was asked for.
    pub(crate) fn viewed(&mut self, id: u32, status: u16, answer: &Answer, goal: Goal) {
        let Some(view) = self.view(id) else { return };
        view.container().remove_attribute("aria-busy").unwrap_or_default();
        if status != 200 {
            if !matches!(goal, Goal::Quiet) {
                let text = answer.detail().unwrap_or_else(|| self.bridge.text("offline"));
                acts::notice(&view.container(), &text, None);
            }
            return;
        }
        match goal {
            Goal::Quiet => drop(self.take(id, answer)),
            Goal::Link => {
                if let Some(form) = self.take_focused(id, answer)
                    && let Some(field) = first(&form, "textarea,input:not([type=hidden]),select")
                {
                    focus(&field);
                }
            }
            Goal::More(before) => {
                self.take_focused(id, answer);
                if let Some(post) = all(&view.container(), ".post:not([data-local])").get(before as usize) {
                    focus(post);
                }
            }
        }
    }

    /// Keeps relative times right: one timer for all.
    pub(crate) fn clock(&mut self) {
        let now = js_sys::Date::now();
        for panel in &self.panels {
            for time in all(&panel.view.container(), "time[data-r]") {
                let at = js_sys::Date::parse(&time.get_attribute(Attr::Datetime.name()).unwrap_or_default());
                #[expect(clippy::cast_possible_truncation, reason = "saturates, which is long ago")]
                let seconds = ((now - at) / 1000.0) as i32;
                if let Some((count, unit)) = pace::ago(seconds)
                    && let Some(text) = time.first_child()
                {
                    let words =
                        if unit.is_empty() { self.bridge.text("now") } else { self.bridge.relative(count, unit) };
                    if !words.is_empty() && text.node_value().as_ref() != Some(&words) {
                        text.set_node_value(Some(&words));
                    }
                }
            }
        }
        self.later(Task::Clock, CLOCK_MS);
    }

    /// Tells the page around that something was done.
    pub(crate) fn emit(&self, view: &View, name: &str, detail: &str) {
        self.bridge.emit(view, name, &JsValue::from_str(detail));
    }
}
