//! The store keeps its promises: each test is one of them.
#![expect(clippy::unwrap_used, clippy::panic, reason = "what helpers of tests cannot do fails the test")]

mod cast;
mod changes;
mod declared;
mod durability;
mod import;
mod notices;
mod people;
mod reads;
