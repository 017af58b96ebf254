//! The view vocabulary: what plugins build, what the host checks and renders, what the browser patches.
//!
//! Absent on purpose: input and output, clocks, any way from a plugin's text to markup.

pub mod make;
pub mod nodes;
pub mod ops;
