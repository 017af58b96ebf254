//! The store keeps its promises: each test is one of them.
#![expect(clippy::unwrap_used, clippy::panic, reason = "what helpers of tests cannot do fails the test")]

mod cast;
mod changes;
mod durability;
mod import;
mod lists;
mod people;
mod speed;
mod visibility;
