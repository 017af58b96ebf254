//! The demo site, tested from outside: its content, its tokens, its pages.

mod content;
mod pages;
mod token;
