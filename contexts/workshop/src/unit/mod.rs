//! Units in the house: receiving slip, bench, pick-up (SHOP-02…04, 10…18, 25, 26, 44; WO-38).

pub mod clocks;
mod forms;
pub mod handover;
pub mod lists;
pub mod model;
pub mod pages;
pub mod prints;
pub mod rest;
pub mod rules;
pub mod service;
pub mod store;
pub mod views;
