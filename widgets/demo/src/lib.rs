//! The demo intranet: the site of an invented company, on an origin of its own, that embeds the widgets as any
//! intranet would and vouches for its staff with a signed token.
//!
//! Deliberately absent: everything social. The site knows nothing of comments but the seed file it ships.

pub mod content;
pub mod layout;
pub mod routes;
pub mod seed;
pub mod token;

pub use routes::{Settings, router};
