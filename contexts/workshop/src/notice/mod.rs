//! What customers are told about their units: five kinds, each time with its number and time (SHOP-19, 20, 24).

pub mod model;
pub mod service;
pub mod store;
