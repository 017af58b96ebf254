//! The browser runtime, one for all widgets of a page.
//!
//! The loader (`widgets/loader/embed.js`) has put the first HTML into the shadow roots; from here on clicks, forms
//! and the live stream are handled by this crate, which applies small edit scripts of the host to the DOM. It never
//! parses HTML and decides nothing that the host does not decide again.
//!
//! Events, answers and timers come in through the functions below, one at a time (`js/start.js` queues what our own
//! DOM calls set off), so one state without closures is enough. Absent on purpose: an async executor, `format!`,
//! serde, closures handed to the browser; each would cost more bytes than all of the rest.

mod acts;
mod apply;
mod bridge;
mod compose;
mod gestures;
mod live;
mod pure;

use crate::acts::Act;
use crate::bridge::{Answer, Bridge, View};
use js_sys::Array;
use std::cell::RefCell;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{Element, Event, HtmlElement, HtmlFormElement, HtmlTextAreaElement};

#[cfg(target_arch = "wasm32")]
#[global_allocator]
#[expect(unsafe_code, reason = "nothing but the browser's one thread runs this module")]
static ALLOCATOR: lol_alloc::AssumeSingleThreaded<lol_alloc::FreeListAllocator> =
    unsafe { lol_alloc::AssumeSingleThreaded::new(lol_alloc::FreeListAllocator::new()) };

/// How often the texts of times are looked at.
const CLOCK_MS: u32 = 30_000;
/// How long a draft is kept.
const DRAFT_DAYS: f64 = 7.0;

/// One widget.
pub(crate) struct Panel {
    pub(crate) id: u32,
    pub(crate) view: View,
    /// What the person did and the host has not confirmed, oldest first.
    pub(crate) acts: Vec<Act>,
    /// Whether the first of them is on its way.
    pub(crate) sending: bool,
    /// What could not be sent; kept for the button "Try again".
    pub(crate) failed: Vec<Act>,
    /// The revision that the live stream brought while an act was on its way.
    pub(crate) missed: Option<String>,
    /// The field whose mention list is open, where its `@` stands, and the chosen option.
    pub(crate) mention: Option<(HtmlTextAreaElement, u32, u32)>,
}

/// What an answer or a timer is for.
pub(crate) enum Task {
    /// The first act of this panel.
    Act(u32),
    /// Send the first act of this panel again.
    Pump(u32),
    /// A view was asked for; with what becomes of the focus.
    View(u32, apply::Goal),
    /// A preview for this element.
    Preview(u32, Element),
    /// Keep what is typed in this form.
    Draft(u32, HtmlFormElement),
    /// Ask who is meant in this field.
    Ask(u32, HtmlTextAreaElement),
    /// Who may be meant, for the `@` at this place.
    People(u32, HtmlTextAreaElement, u32),
    /// A link was copied.
    Copied(u32),
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
pub(crate) struct Page {
    pub(crate) bridge: Bridge,
    pub(crate) panels: Vec<Panel>,
    pub(crate) tasks: Vec<(u32, Task)>,
    ticket: u32,
    pub(crate) live: live::Live,
}

impl Page {
    /// Remembers what an answer will be for.
    pub(crate) fn ticket(&mut self, task: Task) -> u32 {
        self.ticket += 1;
        self.tasks.push((self.ticket, task));
        self.ticket
    }

    /// Does `task` in `ms` milliseconds; gives its ticket.
    pub(crate) fn later(&mut self, task: Task, ms: u32) -> u32 {
        let ticket = self.ticket(task);
        self.bridge.later(ticket, ms);
        ticket
    }

    pub(crate) fn panel(&mut self, id: u32) -> Option<&mut Panel> {
        self.panels.iter_mut().find(|panel| panel.id == id)
    }

    pub(crate) fn view(&self, id: u32) -> Option<View> {
        self.panels.iter().find(|panel| panel.id == id).map(|panel| panel.view.clone())
    }

    /// Says something to those who listen.
    pub(crate) fn announce(&self, id: u32, text: &str) {
        if let Some(view) = self.view(id) {
            view.live().set_text_content(Some(text));
        }
    }

    /// Says one of the interface's texts.
    pub(crate) fn say(&self, id: u32, name: &str) {
        self.announce(id, &self.bridge.text(name));
    }

    fn answered(&mut self, ticket: u32, status: u16, answer: &Answer) {
        let Some(at) = self.tasks.iter().position(|(known, _)| *known == ticket) else { return };
        match self.tasks.swap_remove(at).1 {
            Task::Act(id) => self.acted(id, status, answer),
            Task::Pump(id) => self.pump(id),
            Task::View(id, goal) => self.viewed(id, status, answer, goal),
            Task::Preview(id, composer) => self.previewed(id, status, answer, &composer),
            Task::Draft(id, form) => self.keep_draft(id, &form),
            Task::Ask(id, area) => self.ask_people(id, &area),
            Task::People(id, area, from) => self.show_people(id, &area, from, answer),
            Task::Copied(id) => self.copied(id, status, answer),
            Task::Connect => self.connect(ticket),
            Task::Ended => self.ended(ticket, status),
            Task::Hidden => self.rest(ticket),
            Task::Clock => self.clock(),
        }
    }
}

thread_local! {
    static PAGE: RefCell<Option<Page>> = const { RefCell::new(None) };
}

fn with(work: impl FnOnce(&mut Page)) {
    PAGE.with(|page| {
        if let Ok(mut page) = page.try_borrow_mut()
            && let Some(page) = page.as_mut()
        {
            work(page);
        }
    });
}

/// Gives the runtime its way out to the browser. Called once.
#[wasm_bindgen]
pub fn start(bridge: Bridge) {
    bridge.sweep(js_sys::Date::now() - DRAFT_DAYS * 86_400_000.0);
    let mut page =
        Page { bridge, panels: Vec::new(), tasks: Vec::new(), ticket: 0, live: live::Live::default() };
    page.later(Task::Clock, CLOCK_MS);
    PAGE.with(|slot| slot.replace(Some(page)));
}

/// A widget appeared; `id` is its number from now on.
#[wasm_bindgen]
pub fn attach(id: u32, view: View) {
    with(|page| page.attach(id, view));
}

/// A widget is gone.
#[wasm_bindgen]
pub fn detach(id: u32) {
    with(|page| {
        page.panels.retain(|panel| panel.id != id);
        page.reconnect();
    });
}

/// Something happened inside a widget.
#[wasm_bindgen]
pub fn event(id: u32, event: &Event) {
    with(|page| page.gesture(id, event));
}

/// A gesture from before the runtime was there: a link clicked or a form sent.
#[wasm_bindgen]
pub fn replay(id: u32, target: Element, submitter: Option<HtmlElement>) {
    with(|page| page.replay(id, target, submitter));
}

/// The mouse went down somewhere on the page; `path` is what lies under it.
#[wasm_bindgen]
pub fn outside(path: &Array) {
    with(|page| page.close_menus(Some(path)));
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
pub fn chunk(ticket: u32, text: &str) {
    with(|page| page.streamed(ticket, text));
}
