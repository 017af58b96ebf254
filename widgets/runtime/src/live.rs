//! The live stream: one for all widgets of the page, resumed from what each of them shows.

use crate::dom;
use crate::pure::{pace, sse};
use crate::{Page, Task};
use js_sys::Array;

/// So long after the last change of what is shown the stream is opened again.
const SETTLE_MS: u32 = 300;
/// A page that nobody sees for so long needs no news.
const HIDDEN_MS: u32 = 300_000;

/// The state of the stream.
#[derive(Default)]
pub(crate) struct Live {
    stream: sse::Stream,
    /// The ticket of the newest stream, or of the timer that will open one; older ones are stale.
    turn: u32,
    /// The ticket of the timer that ends the stream of a hidden page.
    hiding: u32,
    resting: bool,
    tries: u32,
}

impl Page {
    /// Opens the stream anew, soon: widgets have come or gone, or show something else.
    pub(crate) fn reconnect(&mut self) {
        self.live.turn = self.later(Task::Connect, SETTLE_MS);
    }

    pub(crate) fn connect(&mut self, ticket: u32) {
        if ticket != self.live.turn || self.live.resting {
            return;
        }
        let views = self.panels.iter().map(|panel| &panel.view).collect::<Array>();
        self.live.stream = sse::Stream::default();
        self.live.turn = self.ticket(Task::Ended);
        dom::live(self.live.turn, &views);
    }

    /// A piece of the stream.
    pub(crate) fn streamed(&mut self, ticket: u32, chunk: &str) {
        if ticket != self.live.turn {
            return;
        }
        self.live.tries = 0;
        for event in self.live.stream.push(chunk) {
            let Some(answer) = dom::parse(&event.data) else { continue };
            let (id, rev) = (answer.id(), answer.rev());
            let panel = self.panels.iter_mut().find(|panel| id.as_ref() == Some(&panel.id));
            let Some(panel) = panel else { continue };
            let view = panel.view.clone();
            if panel.sending {
                // The answer on its way starts from what is shown now.
                panel.missed = rev;
            } else if event.name == "patch" {
                self.take(&view, &answer, true);
            } else if event.name == "resync" {
                self.refresh(&view);
            }
        }
    }

    /// The stream has ended.
    pub(crate) fn ended(&mut self, ticket: u32, status: u16) {
        if ticket != self.live.turn || self.live.resting {
            return;
        }
        // 204 stands for a renewed bearer. What the host refuses for good is not asked again.
        if matches!(status, 0 | 200 | 204 | 429 | 500..) {
            let wait = pace::wait_ms(self.live.tries, js_sys::Math::random());
            self.live.tries += 1;
            self.live.turn = self.later(Task::Connect, wait);
        }
    }

    /// The page came into sight or went out of it.
    pub(crate) fn seen(&mut self, now: bool) {
        if !now {
            self.live.hiding = self.later(Task::Hidden, HIDDEN_MS);
            return;
        }
        self.live.hiding = 0;
        if self.live.resting {
            self.live.resting = false;
            self.reconnect();
        }
    }

    /// Nobody has looked for a while.
    pub(crate) fn rest(&mut self, ticket: u32) {
        if ticket == self.live.hiding {
            self.live.resting = true;
            dom::live(0, &Array::new());
        }
    }
}
