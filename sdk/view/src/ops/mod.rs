//! Small binary edit scripts that bring a browser's DOM from one view to the next.
//!
//! The tables and the codec are shared with the browser runtime, so they stay tiny: no `format!`, no maps.

#[cfg(feature = "render")]
mod apply;
mod codec;
#[cfg(feature = "render")]
mod diff;
mod table;

#[cfg(feature = "render")]
pub use apply::apply;
pub use codec::{DEPTH_MAX, Malformed, Op, Reader, Writer};
#[cfg(feature = "render")]
pub use diff::{build, diff};
pub use table::{Attr, SVG_NAMESPACE, Tag, attributes, elements};
