//! Kudos at the border: what people see and do, through the in-memory host. Rules are numbered as in the semantics:
//! section 3 is about kudos.

mod feeds;
mod giving;
mod joining;
mod points;
mod random;
mod support;
mod wishes;
