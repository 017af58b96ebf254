//! The admin's console: who may open it, what they change, and what they see. Every change is written with a line of the
//! audit, and a running host follows it at once.

mod access;
mod facts;
mod saved;

pub use access::{LINK_TIME, Opened, Operator, Role, SESSION_TIME, new_link};
pub use facts::{GrantAsked, PluginFacts, PluginOnSite, SiteFacts};
pub(in crate::dispatch::app) use saved::take_over;
pub use saved::{Managed, ManagedSite, SaveError, overlay};
