//! The engineer's phone on both engines.

mod flow;
mod own;
mod reports;
mod world;
