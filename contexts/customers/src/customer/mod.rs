//! Customer files.

pub mod model;
pub mod rules;
pub mod service;
pub mod store;
pub mod views;
