//! The porch of the executable: parse, hand to `cli`.
fn main() {}
