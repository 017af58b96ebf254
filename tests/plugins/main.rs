//! Plugins that mean harm, and plugins that are damaged: each is contained with a typed error, and the next one
//! answers as if nothing had been.

mod acts;
mod compiled;
mod contained;
mod loading;
mod measured;
mod support;
