//! Who somebody is, as the host learns it: tokens, keys that change, providers, proxies.

mod console;
mod keys;
mod provider;
mod proxies;
mod scim;
mod session;
mod vectors;
