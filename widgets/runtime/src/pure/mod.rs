//! What can be decided without a browser: pure functions over values, tested on the host.

pub(crate) mod markdown;
pub(crate) mod pace;
pub(crate) mod sse;
