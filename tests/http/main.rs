//! The host over HTTP, as pages and people meet it.
#![expect(clippy::unwrap_used, reason = "what helpers of tests cannot do fails the test")]

mod acting;
mod borders;
mod failing;
mod living;
mod moderating;
mod plain;
mod reading;
mod signing_in;
