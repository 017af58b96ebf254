//! The view vocabulary: what plugins build, what the host checks and renders, what the browser patches.
//!
//! Absent on purpose: input and output, clocks, any way from a plugin's text to markup.

#[cfg(feature = "render")]
pub mod check;
pub mod make;
pub mod nodes;
pub mod ops;
#[cfg(feature = "render")]
pub mod render;
#[cfg(feature = "render")]
pub mod rich;
#[cfg(feature = "render")]
pub mod tree;
