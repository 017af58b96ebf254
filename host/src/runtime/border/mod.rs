//! The border in code: what `bindgen!` makes of `wit/`, the values on both sides of it, and the functions that a
//! plugin can call.

pub(super) mod bindings;
mod imports;
mod lists;
mod recording;
pub(super) mod values;
pub(super) mod views;

pub(super) use imports::linker;
