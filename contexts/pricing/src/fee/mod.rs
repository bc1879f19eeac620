//! Fee rules and what they charge.

pub mod model;
pub mod rules;
pub mod store;
