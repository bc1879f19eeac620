//! Lines of an order: parts, labour, travel, fees.

pub mod apply;
pub mod model;
pub mod rest;
pub mod rules;
pub mod service;
pub mod store;
pub mod supply;
