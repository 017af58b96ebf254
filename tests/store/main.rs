//! The store keeps its promises: each test is one of them.

mod cast;
mod changes;
mod durability;
mod import;
mod lists;
mod people;
mod speed;
mod visibility;
