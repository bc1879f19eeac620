//! Warranty policies and their decision.

pub mod model;
pub mod rules;
pub mod store;
