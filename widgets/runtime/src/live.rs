//! The live stream: one for all widgets of the page, resumed from what each of them shows.

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
        self.connect_in(SETTLE_MS);
    }

    fn connect_in(&mut self, ms: u32) {
        self.live.turn = self.later(Task::Connect, ms);
    }

    pub(crate) fn connect(&mut self, ticket: u32) {
        if ticket != self.live.turn || self.live.resting {
            return;
        }
        if self.panels.is_empty() {
            self.bridge.quiet();
            return;
        }
        let views: Array = self.panels.iter().map(|panel| panel.view.clone()).collect();
        self.live.stream = sse::Stream::default();
        self.live.turn = self.ticket(Task::Ended);
        self.bridge.live(self.live.turn, &views);
    }

    /// A piece of the stream.
    pub(crate) fn streamed(&mut self, ticket: u32, text: &str) {
        if ticket != self.live.turn {
            return;
        }
        self.live.tries = 0;
        let mut rest = text;
        while let Some(event) = self.live.stream.next(rest) {
            rest = "";
            let Ok(answer) = self.bridge.parse(&event.data) else { continue };
            let Some(id) = answer.id().and_then(|id| id.parse().ok()) else { continue };
            let Some(panel) = self.panel(id) else { continue };
            let view = panel.view.clone();
            if panel.sending {
                // The answer on its way starts from what is shown now.
                panel.missed = answer.rev();
            } else if event.name == "patch" {
                self.take(id, &answer);
            } else if event.name == "resync" {
                self.look(id, &view.p(), false, crate::apply::Goal::Quiet);
            }
        }
    }

    /// The stream has ended.
    pub(crate) fn ended(&mut self, ticket: u32, status: u16) {
        if ticket != self.live.turn || self.live.resting {
            return;
        }
        // 204 stands for a renewed bearer. What the host refuses for good is not asked again.
        if status == 204 {
            self.connect_in(SETTLE_MS);
        } else if status == 0 || status == 200 || status == 429 || status >= 500 {
            let wait = pace::wait_ms(self.live.tries, js_sys::Math::random());
            self.live.tries += 1;
            self.connect_in(wait);
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
            self.bridge.quiet();
        }
    }
}
