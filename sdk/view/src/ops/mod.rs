//! Small binary edit scripts that bring a browser's DOM from one view to the next.
//!
//! The tables and the codec are shared with the browser runtime, so they stay tiny: no `format!`, no maps.

mod codec;
mod table;

pub use codec::{DEPTH_MAX, Malformed, Op, Reader, Writer};
pub use table::{Attr, SVG_NAMESPACE, Tag, attributes, elements};
