//! Depots, vans, outlets' stores (PARTS-09, 10, 14).

pub mod model;
pub mod rules;
pub mod service;
pub mod store;
