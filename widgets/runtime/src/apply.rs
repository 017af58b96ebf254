//! Edit scripts on the DOM: a cursor walks past what the runtime itself has added (`data-local`) and changes
//! exactly what is named, so that focus, caret and scroll position stay.

use crate::acts::NOTICES;
use crate::dom::{Bridge, Dom};
use crate::{Page, Task};
use alloc::vec;
use alloc::vec::Vec;
use stoa_view::ops::{Malformed, Op, Reader};

/// How often the texts of times are looked at.
pub(crate) const CLOCK_MS: u32 = 30_000;

const FIRST: u32 = 0;
const NEXT: u32 = 1;
const PREVIOUS: u32 = 2;
const LAST: u32 = 3;

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

struct Cursor<'a> {
    dom: &'a Bridge,
    /// The elements entered, each with the child before which the cursor stands.
    path: Vec<(Dom, Dom)>,
    /// The elements of the subtree being built.
    made: Vec<Dom>,
}

impl Cursor<'_> {
    fn top(&mut self) -> Result<&mut (Dom, Dom), Malformed> {
        self.path.last_mut().ok_or(Malformed)
    }

    /// The child at the cursor, which steps over it.
    fn pass(&mut self) -> Result<Dom, Malformed> {
        let dom = self.dom;
        let top = self.top()?;
        let node = top.1;
        if !node.some() {
            return Err(Malformed);
        }
        top.1 = dom.way(node, NEXT);
        Ok(node)
    }

    fn put(&mut self, node: Dom) -> Result<(), Malformed> {
        let dom = self.dom;
        if let Some(parent) = self.made.last() {
            dom.append(*parent, node);
        } else {
            let (parent, next) = *self.top()?;
            dom.place(parent, node, next);
        }
        Ok(())
    }

    /// The element that attributes go to.
    fn element(&mut self) -> Result<Dom, Malformed> {
        match self.made.last() {
            Some(element) => Ok(*element),
            None => self.top().map(|top| top.0),
        }
    }

    fn step(&mut self, op: &Op<'_>) -> Result<(), Malformed> {
        let dom = self.dom;
        match *op {
            Op::Up => drop(self.path.pop()),
            Op::Enter => {
                let node = self.pass()?;
                self.path.push((node, dom.way(node, FIRST)));
            }
            Op::Skip(count) => {
                for _ in 0..count {
                    self.pass()?;
                }
            }
            Op::Remove(count) => {
                for _ in 0..count {
                    let node = self.pass()?;
                    dom.remove(node);
                }
            }
            Op::Open(tag) => self.made.push(dom.element(tag.name(), tag.is_svg())),
            Op::Close => {
                let node = self.made.pop().ok_or(Malformed)?;
                self.put(node)?;
            }
            Op::Put(text) => self.put(dom.text_node(text))?,
            Op::Attr(attr, value) => dom.set_attr(self.element()?, attr.name(), value),
            Op::Unattr(attr) => dom.drop_attr(self.element()?, attr.name()),
            Op::Text(value) => dom.set_field(self.pass()?, "data", Some(value)),
            Op::Move(distance) => {
                let (parent, next) = *self.top()?;
                let mut node = next;
                for _ in 0..distance {
                    node = dom.way(node, NEXT);
                }
                dom.bring(parent, node, next);
            }
            Op::Back(count) => {
                let top = self.top()?;
                for _ in 0..count {
                    top.1 = if top.1.some() { dom.way(top.1, PREVIOUS) } else { dom.way(top.0, LAST) };
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
pub(crate) fn patch(dom: &Bridge, container: Dom, script: &[u8]) -> Result<(), Malformed> {
    let mut cursor = Cursor { dom, path: vec![(container, dom.way(container, FIRST))], made: Vec::new() };
    let mut reader = Reader::new(script);
    while let Some(op) = reader.next_op()? {
        cursor.step(&op)?;
    }
    Ok(())
}

/// Empties `container` and builds what the script says.
pub(crate) fn build(dom: &Bridge, container: Dom, script: &[u8]) -> Result<(), Malformed> {
    dom.set_field(container, "textContent", None);
    patch(dom, container, script)
}

impl Page {
    /// Asks for the view with the parameters `p`.
    pub(crate) fn look(&mut self, view: Dom, p: &str, renew: bool, goal: Goal, link: Dom) {
        let ticket = self.ticket(Task::View(view, goal, link));
        self.dom.ask_view(ticket, view, p, renew);
    }

    /// Asks for what has changed since.
    pub(crate) fn refresh(&mut self, view: Dom) {
        let p = self.dom.field(view, "p").unwrap_or_default();
        self.look(view, &p, false, Goal::Quiet, Dom::NONE);
    }

    /// Brings the widget to the state of `answer`. Where that starts from another state than the one shown, the
    /// difference is asked for. Neither the focus nor a text that somebody types gets lost; what stood in a form that
    /// is gone is shown, unless the form was to go.
    pub(crate) fn take(&mut self, view: Dom, answer: Dom, rescues: bool) {
        self.dom.hold_on(view);
        self.change(view, answer);
        self.dom.let_go(view, rescues);
    }

    fn change(&mut self, view: Dom, answer: Dom) {
        let dom = &self.dom;
        let moved = dom.is(answer, "p") && !dom.equal(answer, "p", view, "p");
        if !dom.is(answer, "rev") || !dom.equal(answer, "rev", view, "rev") {
            let Some(script) = dom.script(answer) else { return };
            let based = dom.is(answer, "base");
            if based && !dom.equal(answer, "base", view, "rev") {
                self.refresh(view);
                return;
            }
            let container = dom.inner(view, "box");
            let acts = self.panels.iter().filter(|panel| panel.view == view).flat_map(|panel| &panel.acts);
            acts.clone().for_each(|act| act.hint.undo(dom));
            let done = if based { patch(dom, container, &script) } else { build(dom, container, &script) };
            acts.for_each(|act| act.hint.redo(dom));
            if done.is_err() {
                // Only a script against a known state can fail for a reason that a whole view would mend.
                dom.set_field(view, "rev", None);
                if based {
                    self.refresh(view);
                }
                return;
            }
        }
        dom.take_over(view, "rev,p,since", answer);
        self.enhance(view);
        if moved {
            self.reconnect();
        }
    }

    /// A view that was asked for.
    pub(crate) fn viewed(&mut self, view: Dom, status: u16, answer: Dom, goal: Goal, link: Dom) {
        let container = self.dom.inner(view, "box");
        self.dom.drop_attr(container, "aria-busy");
        if status != 200 {
            if !matches!(goal, Goal::Quiet) {
                let text = self.dom.field(answer, "detail").unwrap_or_else(|| self.dom.text("offline"));
                self.notice(self.beside(link), view, &text, "");
            }
            return;
        }
        if matches!(goal, Goal::Quiet) {
            self.take(view, answer, true);
            return;
        }
        self.dom.remove_all(container, NOTICES);
        // A form or menu that was not there before is what the link was about.
        self.dom.set_all(container, "form.form,.menu", "data-old", Some(""));
        self.take(view, answer, false);
        let dom = &self.dom;
        let target = match goal {
            Goal::More(before) => {
                dom.each(container, ".post:not([data-local])").nth(before).unwrap_or(Dom::NONE)
            }
            _ => dom.first(
                container,
                ".menu:not([data-old])>summary,\
                 form.form:not([data-old]) :is(textarea,select,input:not([type=hidden]))",
            ),
        };
        dom.focus(target);
    }

    /// Keeps relative times right: one timer for all.
    pub(crate) fn clock(&mut self) {
        for panel in &self.panels {
            self.dom.tick(panel.view);
        }
        self.later(Task::Clock, CLOCK_MS);
    }
}
