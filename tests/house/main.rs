//! House test.
