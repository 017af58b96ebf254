//! `stoa:plugin/settings`: what the admin has set.

use super::super::super::super::call::CallState;
use super::super::bindings::stoa::plugin::settings;
use super::super::values;

impl settings::Host for CallState {
    fn get(&mut self, name: String) -> wasmtime::Result<Option<settings::Value>> {
        Ok(self.call.settings.get(&name).map(values::setting))
    }
}
