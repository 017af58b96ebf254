//! What is read: who sees what, in which order, at which cost.

mod lists;
mod speed;
mod visibility;
