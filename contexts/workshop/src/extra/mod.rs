//! Extra repair items found during work (增项, SHOP-17): the customer hears price and time and must agree first.

pub mod model;
pub mod service;
pub mod store;
