//! What a call of `act` records: changes, and the conditions under which they are committed.

mod change;
mod check;
mod class;
mod condition;

pub use change::{Change, NewEntry, Target};
pub use class::{Class, ClassProblem, check_class};
pub use condition::{Argument, Condition, Message, Otherwise, Requirement};

#[cfg(test)]
mod tests;
