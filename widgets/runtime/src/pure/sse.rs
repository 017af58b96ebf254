//! The framing of the live stream (HTML, section 9.2.6 "Interpreting an event stream"), as far as the host uses it:
//! `event`, `data` on one or more lines, comments; `id` and `retry` are left unread, since the request itself says
//! what this browser has.

use alloc::string::String;
use alloc::vec::Vec;

/// One event.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Event {
    /// Its name; "" where none was given.
    pub(crate) name: String,
    /// Its data, lines joined by a newline.
    pub(crate) data: String,
}

/// Puts chunks together again.
#[derive(Debug, Default)]
pub(crate) struct Stream {
    line: String,
    event: Event,
}

impl Stream {
    /// Takes the next chunk, gives the events that it completes.
    pub(crate) fn push(&mut self, chunk: &str) -> Vec<Event> {
        let mut events = Vec::new();
        let mut parts = chunk.split('\n');
        self.line.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let line = core::mem::replace(&mut self.line, String::from(part));
            events.extend(self.end(line.strip_suffix('\r').unwrap_or(&line)));
        }
        events
    }

    fn end(&mut self, line: &str) -> Option<Event> {
        if line.is_empty() {
            let event = core::mem::take(&mut self.event);
            return (event != Event::default()).then_some(event);
        }
        if let Some(name) = line.strip_prefix("event:") {
            self.event.name.push_str(name.trim_ascii());
        } else if let Some(data) = line.strip_prefix("data:") {
            if !self.event.data.is_empty() {
                self.event.data.push('\n');
            }
            self.event.data.push_str(data.strip_prefix(' ').unwrap_or(data));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{Event, Stream};
    use alloc::vec::Vec;

    fn check(chunks: &[&str], expected: &[(&str, &str)]) {
        let mut stream = Stream::default();
        let mut seen = Vec::new();
        for chunk in chunks {
            seen.extend(stream.push(chunk));
        }
        let expected: Vec<_> = expected
            .iter()
            .map(|(name, data)| Event { name: (*name).into(), data: (*data).into() })
            .collect();
        assert_eq!(seen, expected, "{chunks:?}");
    }

    #[test]
    fn events_come_whole_however_they_are_cut() {
        check(&["id: 1.2\nevent: patch\ndata: {\"id\":\"1\"}\n\n"], &[("patch", "{\"id\":\"1\"}")]);
        check(&["event: pa", "tch\r\nda", "ta: x\r\n", "\r\n"], &[("patch", "x")]);
        check(&["event:a\ndata:1\n\nevent:b\ndata:2\n\n"], &[("a", "1"), ("b", "2")]);
        check(&["data: one\ndata: two\n\n"], &[("", "one\ntwo")]);
    }

    #[test]
    fn heartbeats_and_unfinished_events_are_nothing() {
        check(&[": beat\n\n", ":\n\n", "retry: 3000\n\n"], &[]);
        check(&["event: patch\ndata: x\n"], &[]);
    }
}
