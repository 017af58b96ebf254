//! What can be decided without a browser: pure functions over values, tested on the developer's machine.

pub(crate) mod markdown;
pub(crate) mod pace;
pub(crate) mod sse;
pub(crate) mod text;
