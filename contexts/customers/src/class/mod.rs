//! Customer classes.

pub mod model;
pub mod store;
