//! Plugins that mean harm, and plugins that are damaged: each is contained with a typed error, and the next one
//! answers as if nothing had been.
#![expect(clippy::unwrap_used, reason = "what helpers of tests cannot do fails the test")]

mod acts;
mod compiled;
mod contained;
mod corpus;
mod loading;
mod support;
