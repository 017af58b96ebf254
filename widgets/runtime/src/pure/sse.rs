//! The framing of the live stream (HTML, section 9.2.6 "Interpreting an event stream"), as far as the host uses it:
//! `event`, `data` on one or more lines, comments; `id` and `retry` are left unread, since the request itself says
//! what this browser has.

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
    rest: String,
    event: Event,
}

impl Stream {
    /// Takes the next chunk, gives the next whole event. Call again with "" until it gives none.
    pub(crate) fn next(&mut self, chunk: &str) -> Option<Event> {
        self.rest.push_str(chunk);
        while let Some(end) = self.rest.find('\n') {
            let tail = self.rest.split_off(end + 1);
            let line = core::mem::replace(&mut self.rest, tail);
            let line = line.trim_end_matches(['\n', '\r']);
            if line.is_empty() {
                let event = core::mem::take(&mut self.event);
                if event != Event::default() {
                    return Some(event);
                }
            }
            let (field, value) = line.split_once(':').unwrap_or((line, ""));
            let value = value.strip_prefix(' ').unwrap_or(value);
            if field == "event" {
                self.event.name.push_str(value);
            } else if field == "data" {
                if !self.event.data.is_empty() {
                    self.event.data.push('\n');
                }
                self.event.data.push_str(value);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{Event, Stream};

    fn check(chunks: &[&str], expected: &[(&str, &str)]) {
        let mut stream = Stream::default();
        let mut seen = Vec::new();
        for chunk in chunks {
            let mut part = *chunk;
            while let Some(event) = stream.next(part) {
                seen.push(event);
                part = "";
            }
        }
        let expected: Vec<_> =
            expected.iter().map(|(name, data)| Event { name: (*name).into(), data: (*data).into() }).collect();
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
