//! Who somebody is, as the host learns it: tokens, keys that change, providers, proxies.

mod keys;
mod lti;
mod proxies;
mod session;
mod vectors;
