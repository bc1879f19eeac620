//! The catalogue (PARTS-01, 02, 03, 08).

pub mod model;
pub mod rules;
pub mod service;
pub mod store;
