//! The map of what is looked up for every post of every view.

pub use foldhash::fast::RandomState;

/// As the standard map, with a hash that is quicker for ids. Seeded for each process, but for maps that a
/// stranger cannot fill: for those there is the standard one.
pub type Map<K, V> = std::collections::HashMap<K, V, RandomState>;

/// As [`Map`], a set.
pub type Set<T> = std::collections::HashSet<T, RandomState>;
