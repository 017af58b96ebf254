//! What border tests share: a real host on a port of its own, named people who use it, and a clock that stands
//! still until a test moves it.
#![expect(clippy::panic, reason = "what helpers of tests cannot do fails the test")]

mod actor;
mod app;
mod hostile;
mod html;

pub use actor::{Actor, Answer, View};
pub use app::{INTRANET, SCIM, SCIM_OTHER, TestApp, built, grants};
pub use hostile::{hostile, root, sample, with_manifest};
pub use html::{attribute, post_id, token_for};
