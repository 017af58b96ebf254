//! The host over HTTP, as pages and people meet it.

mod acting;
mod borders;
mod living;
mod moderating;
mod plain;
mod reading;
mod session;
