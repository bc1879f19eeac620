//! Plans service engineers' days. (Text follows.)

pub mod anneal;
pub mod answer;
pub mod check;
pub mod core;
pub mod counterfactual;
pub mod figures;
pub mod generate;
mod geometry;
pub mod input;
pub mod insert;
pub mod model;
pub mod parts;
pub mod plan;
pub mod reasons;
pub mod recreate;
pub mod rng;
pub mod route;
pub mod ruin;
pub mod schedule;
pub mod search;
pub mod solomon;
pub mod solve;
mod special;
pub mod travel;
mod validate;
pub mod walk;
pub mod words;
