//! Further people and places of a customer.

pub mod model;
pub mod store;
