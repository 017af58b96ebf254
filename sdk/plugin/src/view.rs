//! How a view is written: a [`ViewBuilder`] takes nodes in reading order, what has children takes them in a
//! closure.
//!
//! ```
//! use stoa_plugin::view::{ViewBuilder, label, literal, message};
//!
//! let mut v = ViewBuilder::new();
//! v.section(message("heading").number("count", 3)).with(|v| {
//!     v.text(literal("what somebody wrote"));
//!     v.button("like", label("like"));
//! });
//! assert_eq!(v.finish().nodes.len(), 4);
//! ```

pub use stoa_view::make::{MessageBuilder, Say, Start, To, ViewBuilder, label, literal, message};
pub use stoa_view::nodes::{
    Align, ChoiceStyle, Emphasis, FieldKind, Gap, IconName, Parameter, Shape, TimeStyle, ToggleKind, Tone,
    View,
};
