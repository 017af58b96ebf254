//! The view vocabulary: what plugins build, what the host checks and renders, what the browser patches.
//!
//! Absent on purpose: input and output, clocks, any way from a plugin's text to markup.

#![cfg_attr(not(feature = "author"), no_std)]

extern crate alloc;

#[cfg(feature = "render")]
pub mod check;
#[cfg(feature = "author")]
pub mod make;
#[cfg(feature = "render")]
pub mod names;
#[cfg(feature = "author")]
pub mod nodes;
pub mod ops;
#[cfg(feature = "render")]
pub mod render;
#[cfg(feature = "render")]
pub mod rich;
#[cfg(feature = "render")]
pub mod tree;
