//! Who somebody is and what they may do now. Sites vouch for their people with a signed token; this module turns
//! it into a short session, says what the person may do, and signs what a view offers them.
//!
//! Deliberately absent: passwords, cookies (only the plain pages of `http` have one), e-mail.

mod actor;
pub mod embed;
mod error;
pub mod names;
pub mod permit;
pub mod proxy;
pub mod sessions;
pub mod tokens;

pub use actor::{Actor, ProviderSession, VouchedPage};
pub use embed::Issuers;
pub use error::IdentityError;
pub use sessions::{Grounds, Lease, Session, Sessions};
