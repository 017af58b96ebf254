//! Who somebody is, as the host learns it: tokens, keys that change, providers, proxies.

mod keys;
mod session;
mod vectors;
