//! Comments at the border: what people see and do, through the in-memory host.

mod deeds;
mod moderation;
mod support;
mod threads;
