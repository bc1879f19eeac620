//! The service order: head, units, flow.

pub mod clocks;
pub mod create;
pub mod crew;
pub mod fast;
pub mod finish;
pub mod forms;
pub mod heard;
pub mod input;
pub mod job;
pub mod lists;
pub mod model;
pub mod out;
pub mod pages;
pub mod picture;
pub mod rest;
pub mod rules;
pub mod service;
pub mod stale;
pub mod store;
pub mod tabs;
pub mod views;
