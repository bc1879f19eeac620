//! Spare-parts planning: from demand histories to stock levels.
#![warn(missing_docs)]

pub mod allocate;
pub mod curve;
pub mod classify;
pub mod dist;
pub mod echelon;
pub mod evaluate;
pub mod features;
pub mod fit;
pub mod gbdt;
pub mod local;
pub mod levels;
pub mod lots;
pub mod models;
pub mod panel;
pub mod par;
pub mod protect;
pub mod reason;
pub mod special;

pub use panel::{Panel, PlanError};
pub use par::Control;
