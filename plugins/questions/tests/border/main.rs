//! The plugin through the in-memory host, with the manifest as it is shipped. The rules are those of `semantics`, section
//! "Q&A".

mod answers;
mod asking;
mod closing;
mod everything;
mod learning;
mod lists;
mod reputation;
mod support;
