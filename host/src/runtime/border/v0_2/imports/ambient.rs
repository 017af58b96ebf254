//! `stoa:plugin/clock`, `random` and `log`: the plugin's surroundings. They are the call's own: a frozen clock, a
//! seeded generator and a log with a limit, so that a call can be replayed.

use super::super::super::super::call::CallState;
use super::super::bindings::stoa::plugin::{clock, log, random};
use super::super::values;

/// The longest line of the log in bytes; the rest is cut.
const LINE_BYTES_MAX: usize = 2_000;

impl clock::Host for CallState {
    fn now(&mut self) -> wasmtime::Result<u64> {
        Ok(values::instant(self.call.now))
    }
}

impl random::Host for CallState {
    fn next(&mut self) -> wasmtime::Result<u64> {
        Ok(self.random())
    }
}

impl log::Host for CallState {
    fn write(&mut self, level: log::Level, message: String) -> wasmtime::Result<()> {
        if self.log_lines.charge(1).is_err() {
            return Ok(());
        }
        let line = printable(&message);
        let (site, plugin) = (self.call.site.as_str(), self.plugin.as_str());
        match level {
            log::Level::Debug => tracing::debug!(target: "stoa::plugin", site, plugin, "{line}"),
            log::Level::Info => tracing::info!(target: "stoa::plugin", site, plugin, "{line}"),
            log::Level::Warn => tracing::warn!(target: "stoa::plugin", site, plugin, "{line}"),
            log::Level::Error => tracing::error!(target: "stoa::plugin", site, plugin, "{line}"),
        }
        Ok(())
    }
}

/// A line as a log can show it: cut, and with control and direction characters written out, so that a plugin can
/// neither forge lines nor command a terminal.
pub(crate) fn printable(message: &str) -> String {
    let mut line = String::with_capacity(message.len().min(LINE_BYTES_MAX));
    for c in message.chars() {
        if line.len() + c.len_utf8() > LINE_BYTES_MAX {
            line.push('…');
            break;
        }
        if c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        {
            line.extend(c.escape_unicode());
        } else {
            line.push(c);
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::{LINE_BYTES_MAX, printable};

    #[test]
    fn a_line_cannot_forge_another_nor_command_a_terminal() {
        let check = |line: &str, expected: &str| assert_eq!(printable(line), expected);
        check("all is well", "all is well");
        check("a\nERROR b", "a\\u{a}ERROR b");
        check("\u{1b}[2Jx", "\\u{1b}[2Jx");
        check("\u{202e}gnp", "\\u{202e}gnp");
        check("Grüße 🙂", "Grüße 🙂");
    }

    #[test]
    fn a_long_line_is_cut_at_a_character() {
        let line = printable(&"ü".repeat(5_000));
        assert!(line.len() <= LINE_BYTES_MAX + '…'.len_utf8() && line.ends_with('…'));
    }
}
