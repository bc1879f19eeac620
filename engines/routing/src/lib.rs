//! Plans service engineers' days: who visits whom, when, with which breaks and parts, and why.
//!
//! Pure: no I/O, no clock but the one handed in ([`solve::Clock`]), no random numbers but its own
//! ([`rng::Rng`]). The same input, seed and number of iterations give the same plan, for any number of threads.
//!
//! ```
//! use std::sync::atomic::AtomicBool;
//! use routing::{input::parse, model::Model, solve::{Budget, Clock, Outside, solve}};
//!
//! struct Still;
//! impl Clock for Still {
//!     fn seconds(&self) -> f64 { 0.0 }
//! }
//!
//! let problem = parse(r#"{
//!     "places": [{"id": "home", "x": 0, "y": 0}, {"id": "customer", "x": 3, "y": 4}],
//!     "travel": {"kind": "euclidean", "scale": 60},
//!     "engineers": [{"id": "e1", "start": "home", "end": "home", "shifts": [{"from": 28800, "to": 61200}]}],
//!     "jobs": [{"id": "j1", "place": "customer", "duration": 1800}]
//! }"#).unwrap();
//! let budget = Budget { seconds: None, iterations: Some(100), ..Budget::default() };
//! let outside = Outside { clock: &Still, cancel: &AtomicBool::new(false), progress: &|_| {} };
//! let answer = solve(&Model::new(&problem), &budget, &outside);
//! assert_eq!(answer.travel_seconds, 600);
//! ```
//!
//! Reading order: [`input`] → [`model`] → [`route`] → [`search`] → [`ruin`], [`recreate`], [`anneal`] →
//! [`parts`], [`solve`]. Method and figures: `docs/routing.md`.

pub mod anneal;
pub mod answer;
pub mod check;
pub mod core;
pub mod counterfactual;
pub mod explain;
pub mod figures;
pub mod generate;
mod geometry;
pub mod input;
pub mod insert;
pub mod local;
pub mod model;
pub mod parts;
pub mod plan;
pub mod reasons;
pub mod recreate;
pub mod repair;
pub mod rng;
pub mod route;
pub mod ruin;
pub mod schedule;
pub mod search;
pub mod solomon;
pub mod solve;
mod special;
pub mod stream;
pub mod table;
mod tails;
pub mod travel;
mod validate;
pub mod walk;
pub mod windows;
pub mod words;
