//! The service order: head, units, flow.

pub mod clocks;
pub mod create;
pub mod finish;
pub mod input;
pub mod job;
pub mod model;
pub mod out;
pub mod picture;
pub mod rest;
pub mod rules;
pub mod service;
pub mod store;
