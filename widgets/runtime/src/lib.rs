//! The browser runtime, one for all widgets of a page.
//!
//! The loader (`widgets/loader/embed.js`) has put the first HTML into the shadow roots; from here on clicks, forms
//! and the live stream are handled by this crate, which applies small edit scripts of the host to the DOM. It never
//! parses HTML and decides nothing that the host does not decide again.
//!
//! Events, answers and timers come in through the functions below, one at a time (`js/turns.js` queues what our own
//! DOM calls set off), so one state without closures is enough. Absent on purpose, for the sake of bytes: the standard
//! library, an async executor, formatting, serde, closures.

#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;

mod acts;
mod apply;
mod compose;
mod dom;
mod gestures;
mod keys;
mod live;
mod pure;

use crate::acts::Act;
use crate::dom::{Answer, Field, View};
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::RefCell;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{Element, Event, HtmlElement};

#[cfg(target_arch = "wasm32")]
#[global_allocator]
#[expect(unsafe_code, reason = "nothing but the browser's one thread runs this module")]
static ALLOCATOR: lol_alloc::AssumeSingleThreaded<lol_alloc::FreeListAllocator> =
    unsafe { lol_alloc::AssumeSingleThreaded::new(lol_alloc::FreeListAllocator::new()) };

/// Nothing is told of a panic: `js/start.js` sees the trap and goes on in swap mode.
#[cfg(target_arch = "wasm32")]
#[panic_handler]
fn panicked(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

/// One widget.
struct Panel {
    /// The name that the live stream has for it.
    id: String,
    view: View,
    /// What the person did and the host has not confirmed, oldest first.
    acts: Vec<Act>,
    /// Whether the first of them is on its way.
    sending: bool,
    /// What could not be sent; kept for the button "Try again".
    failed: Vec<Act>,
    /// The revision that the live stream brought while an act was on its way.
    missed: Option<String>,
    /// The list of people or tags that is open below a field.
    list: Option<compose::List>,
}

/// What an answer or a timer is for.
enum Task {
    /// It has been done.
    Done,
    /// The first act of this widget.
    Act(View),
    /// Send the first act of this widget again.
    Pump(View),
    /// A view was asked for; with what becomes of the focus, and the link.
    View(View, apply::Goal, Option<Element>),
    /// A preview for this composer.
    Preview(View, Element),
    /// Keep what is typed in this form.
    Draft(View, Element),
    /// Ask who is meant in this field.
    Ask(View, Field),
    /// Who may be meant in this field.
    People(View, Field),
    /// Ask for the view that follows what is typed in this field.
    Suggest(View, Field),
    /// A link was copied.
    Copied(View),
    /// Take away a short word.
    Toast(View),
    /// Open the live stream.
    Connect,
    /// The live stream ended.
    Ended,
    /// Nobody has looked at the page for a while.
    Hidden,
    /// Time passes.
    Clock,
}

/// The state of the page.
#[derive(Default)]
struct Page {
    panels: Vec<Panel>,
    tasks: Vec<(u32, Task)>,
    last: u32,
    live: live::Live,
}

impl Page {
    /// Remembers what an answer will be for.
    fn ticket(&mut self, task: Task) -> u32 {
        self.last += 1;
        self.tasks.retain(|(_, task)| !matches!(task, Task::Done));
        self.tasks.push((self.last, task));
        self.last
    }

    /// Does `task` in `ms` milliseconds; gives its ticket.
    fn later(&mut self, task: Task, ms: u32) -> u32 {
        let ticket = self.ticket(task);
        dom::later(ticket, ms);
        ticket
    }

    /// Whether such a timer or request is still to come.
    fn waits_for(&self, fits: impl Fn(&Task) -> bool) -> bool {
        self.tasks.iter().any(|(_, task)| fits(task))
    }

    /// Lets such timers and answers come to nothing.
    fn forget(&mut self, fits: impl Fn(&Task) -> bool) {
        self.tasks.retain(|(_, task)| !fits(task));
    }

    fn panel(&mut self, view: &View) -> Option<&mut Panel> {
        self.panels.iter_mut().find(|panel| panel.view == *view)
    }

    fn attach(&mut self, view: View) {
        if let Some(script) = view.ops() {
            let _ = apply::build(&view.container(), &script);
        }
        self.last += 1;
        let id = pure::text::digits(self.last);
        view.set_id(&id);
        self.enhance(&view);
        self.panels.push(Panel {
            id,
            view,
            acts: Vec::new(),
            sending: false,
            failed: Vec::new(),
            missed: None,
            list: None,
        });
        self.reconnect();
    }

    fn answered(&mut self, ticket: u32, status: u16, answer: &Answer) {
        let Some(slot) = self.tasks.iter_mut().find(|(known, _)| *known == ticket) else { return };
        match core::mem::replace(&mut slot.1, Task::Done) {
            Task::Done => {}
            Task::Act(view) => self.acted(&view, status, answer),
            Task::Pump(view) => self.pump(&view),
            Task::View(view, goal, link) => self.viewed(&view, status, answer, goal, link.as_ref()),
            Task::Preview(view, composer) => Self::previewed(&view, answer, &composer),
            Task::Draft(view, form) => self.keep_draft(&view, &form),
            Task::Ask(view, field) => self.ask_people(&view, &field),
            Task::People(view, field) => self.show_people(&view, &field, answer),
            Task::Suggest(view, field) => self.follow_field(&view, &field),
            Task::Copied(view) => self.copied(&view, status, answer),
            Task::Toast(view) => dom::remove_all(&view.container(), ".toast"),
            Task::Connect => self.connect(ticket),
            Task::Ended => self.ended(ticket, status),
            Task::Hidden => self.rest(ticket),
            Task::Clock => self.clock(),
        }
    }
}

/// The one state. A browser's page has one thread, and `js/start.js` lets one call in at a time.
struct Slot(RefCell<Option<Page>>);

#[expect(unsafe_code, reason = "nothing but the browser's one thread runs this module")]
// SAFETY: there is no second thread; a second call while one runs finds the cell borrowed and is refused.
unsafe impl Sync for Slot {}

static PAGE: Slot = Slot(RefCell::new(None));

fn with(work: impl FnOnce(&mut Page)) {
    if let Ok(mut page) = PAGE.0.try_borrow_mut()
        && let Some(page) = page.as_mut()
    {
        work(page);
    }
}

/// Makes the state. Called once, before all others.
#[wasm_bindgen]
pub fn start() {
    let mut page = Page::default();
    page.later(Task::Clock, apply::CLOCK_MS);
    if let Ok(mut slot) = PAGE.0.try_borrow_mut() {
        *slot = Some(page);
    }
}

/// A widget appeared.
#[wasm_bindgen]
pub fn attach(view: View) {
    with(|page| page.attach(view));
}

/// A widget is gone.
#[wasm_bindgen]
pub fn detach(view: &View) {
    with(|page| {
        page.panels.retain(|panel| panel.view != *view);
        page.reconnect();
    });
}

/// Something happened inside a widget: a click, a key, typing, a form sent by the button `submitter`. Event and target
/// are told apart, for an event that had to wait has lost its target.
#[wasm_bindgen]
pub fn event(view: &View, event: &Event, target: &Element, submitter: Option<HtmlElement>) {
    with(|page| {
        if page.gesture(view, event, target, submitter.map(Into::into)) {
            event.prevent_default();
        }
    });
}

/// The pointer went down somewhere on the page, on `target` if that is inside a widget.
#[wasm_bindgen]
pub fn outside(target: &Element) {
    with(|page| page.close_menus(Some(target)));
}

/// The page came into sight or went out of it.
#[wasm_bindgen]
pub fn visible(now: bool) {
    with(|page| page.seen(now));
}

/// The answer to a request, or a timer; `status` is 0 where there was no answer.
#[wasm_bindgen]
pub fn answer(ticket: u32, status: u16, answer: &Answer) {
    with(|page| page.answered(ticket, status, answer));
}

/// A piece of the live stream.
#[wasm_bindgen]
pub fn chunk(ticket: u32, part: &str) {
    with(|page| page.streamed(ticket, part));
}
