//! The host: serves widgets, runs plugins in a sandbox and keeps the social store.
//!
//! `base < store < identity < services < runtime < dispatch < http < cli`: each imports only from those before it.
//! `tests/structure` reads the imports and fails otherwise.

// Configuration, clock, ids and keys: the only module that reads the environment, the time and randomness.
pub mod base;
// The command line.
pub mod cli;
// The story of one request to a plugin.
pub mod dispatch;
// HTTP: routes, problems, assets, plain pages. The only module that knows status codes.
pub mod http;
// Who somebody is and what they may do now.
pub mod identity;
// Plugins: loaded, granted, called in a fresh sandbox. The only module that knows wasmtime.
pub mod runtime;
// What the host does once for every plugin: moderation, Markdown, texts, live updates, limits.
pub mod services;
// The social store: entries, marks, pages, people, outbox. The only module with SQL.
pub mod store;
