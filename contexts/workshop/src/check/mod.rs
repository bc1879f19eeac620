//! Inspection: versioned check lists, three stages with who signed when, rework (QC-01…07).

pub mod lists;
pub mod model;
pub mod pages;
pub mod points;
pub mod rules;
pub mod service;
pub mod setup;
pub mod store;
mod views;
