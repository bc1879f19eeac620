//! What is recorded on units.

pub mod model;
pub mod rules;
pub mod service;
pub mod store;
