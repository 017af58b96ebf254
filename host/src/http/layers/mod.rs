//! What every request passes through on its way to a handler: the connection with its limits, an id and a log line, security headers, and which
//! pages may ask.

pub(super) mod clients;
pub(super) mod cors;
pub(super) mod headers;
pub(super) mod observe;
pub(super) mod server;
